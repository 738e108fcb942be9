package sqlite

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dateline"
	"dateline/internal/store"
	"dateline/lang"
	"dateline/search"
)

// nameAmong is how many articles of a name, or with places, are looked at: the
// newest.
const nameAmong = 5000

// nameEach is how many values each list of a name has at most.
const nameEach = 50

// Name implements [store.Finder].
func (s *Store) Name(ctx context.Context, kind dateline.AnnotationKind, name string) (store.Name, error) {
	folded := strings.Join(strings.Fields(lang.Fold(name)), " ")
	letter := letters[kind]
	if letter == "" || folded == "" {
		return store.Name{}, fmt.Errorf("read name %.80q: %w: a %s has none", name, dateline.ErrInvalid, kind)
	}
	v, err := remember(ctx, s, question{what: "name", query: letter + folded}, func(ctx context.Context) (v store.Name, n int, err error) {
		err = s.read(ctx, func(t *tx) error {
			word := quote(nameWord(letter, folded))
			all, more := t.newest(nil, nil, word, nameAmong)
			if len(all) == 0 && t.err == nil {
				return dateline.ErrNotFound
			}
			v = describe(kind, letter[0], folded, all, t.outletNames())
			if v.Articles = len(all); more {
				t.row("SELECT count(*) FROM version WHERE current = 1 AND n IN (SELECT rowid FROM named WHERE named MATCH ?)", list{word}, &v.Articles)
			}
			return nil
		})
		return v, v.Articles, err
	})
	if err != nil {
		return store.Name{}, fmt.Errorf("read name %.80q: %w", name, err)
	}
	return v, nil
}

// describe sums up what articles say of a name.
func describe(kind dateline.AnnotationKind, letter byte, folded string, all []brief, outlets map[int64]store.Tally) store.Name {
	forms, roles, organizations, with, places, here := counter{}, counter{}, counter{}, counter{}, counter{}, counter{}
	byDay := days{}
	var by outletCounter
	same := map[string]bool{} // whether a form is the name
	for i := range all {
		b := &all[i]
		by.add(b)
		byDay.add(b.time)
		eachName(b.names, func(l byte, fields string) {
			if l == 'o' && letter != 'o' {
				return
			}
			name, more, _ := strings.Cut(fields, "\t")
			if l == letter {
				is, known := same[name]
				if !known {
					is = strings.Join(strings.Fields(lang.Fold(name)), " ") == folded
					same[name] = is
				}
				if is {
					forms[name]++
					role, organization, _ := strings.Cut(more, "\t")
					switch {
					case l == 'l':
						here[fields]++
					case l == 'p' && role != "":
						roles[role]++
					}
					if l == 'p' && organization != "" {
						organizations[organization]++
					}
					return
				}
			}
			switch l {
			case 'p':
				with[name]++
			case 'l':
				places[name]++
			}
		})
	}
	v := store.Name{
		Kind: kind, Forms: forms.top(nameEach), Roles: roles.folded().top(nameEach), Organizations: organizations.folded().top(nameEach),
		Days: byDay.list(), With: with.folded().top(nameEach), Places: places.folded().top(nameEach), Outlets: by.top(outlets, nameEach),
	}
	if len(v.Forms) > 0 {
		v.Name = v.Forms[0].Value
	} else {
		v.Name = folded
	}
	if known := placesOf(here); len(known) > 0 {
		v.Place = &known[0]
	}
	return v
}

// Places implements [store.Finder].
func (s *Store) Places(ctx context.Context, q *search.Query, a *search.Analyzer, limit int) ([]store.NamedPlace, error) {
	all, err := remember(ctx, s, question{what: "places", query: queryText(q), analyzer: a}, func(ctx context.Context) (out []store.NamedPlace, n int, err error) {
		err = s.read(ctx, func(t *tx) error {
			all, _ := s.newest(t, q, a, nameAmong)
			n = len(all)
			places := counter{}
			for i := range all {
				eachName(all[i].names, func(letter byte, fields string) {
					if letter == 'l' {
						places[fields]++
					}
				})
			}
			out = placesOf(places)
			return nil
		})
		return out, n, err
	})
	if err != nil {
		return nil, fmt.Errorf("count places: %w", err)
	}
	if limit > 0 && limit < len(all) {
		all = all[:limit]
	}
	return slices.Clone(all), nil
}

// placesOf puts together places that articles name in different ways, those
// in most articles first.
func placesOf(fields counter) []store.NamedPlace {
	type entry struct {
		store.NamedPlace
		most int
	}
	var list []entry
	at := make(map[string]int, len(fields))
	for f, n := range fields {
		p := parsePlace(f)
		k := strconv.FormatInt(p.Geonames, 36)
		if p.Geonames == 0 {
			k = p.Country + "\t" + p.Kind + "\t" + lang.Fold(p.Name)
		}
		i, ok := at[k]
		if !ok {
			i = len(list)
			at[k] = i
			list = append(list, entry{NamedPlace: p})
		}
		e := &list[i]
		total := e.Articles + n
		if n > e.most || n == e.most && p.Name < e.Name {
			e.NamedPlace, e.most = p, n
		}
		e.Articles = total
	}
	slices.SortFunc(list, func(a, b entry) int {
		return cmp.Or(cmp.Compare(b.Articles, a.Articles), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Country, b.Country), cmp.Compare(a.Geonames, b.Geonames))
	})
	out := make([]store.NamedPlace, len(list))
	for i := range list {
		out[i] = list[i].NamedPlace
	}
	return out
}

// parsePlace reads the fields that are kept of a place.
func parsePlace(fields string) store.NamedPlace {
	var f [6]string
	for i := range f {
		f[i], fields, _ = strings.Cut(fields, "\t")
	}
	p := store.NamedPlace{Name: f[0], Kind: f[1], Country: f[2]}
	p.Geonames, _ = strconv.ParseInt(f[3], 10, 64)
	lat, err1 := strconv.ParseFloat(f[4], 64)
	lon, err2 := strconv.ParseFloat(f[5], 64)
	if err1 == nil && err2 == nil {
		p.Known, p.Lat, p.Lon = true, lat, lon
	}
	return p
}
