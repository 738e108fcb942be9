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
	v, err := remember(ctx, s, question{what: "name", query: letter + folded}, func(ctx context.Context, m *making) (v store.Name, err error) {
		err = s.read(ctx, func(t *tx) error {
			place := ""
			if kind == dateline.KindPlace {
				place = folded
			}
			named := func(c *compiler) {
				c.t = t
				c.named(quote(nameWord(letter, folded)), place)
			}
			all, more := t.newest(nil, nil, named, nameAmong)
			if len(all) == 0 && t.err == nil {
				return dateline.ErrNotFound
			}
			var places []int64
			if place != "" {
				places = t.called(place)
			}
			v = describe(kind, letter[0], folded, places, all, t.outletNames())
			if v.Articles = len(all); more {
				var c compiler
				named(&c)
				t.made("SELECT count(*) FROM version v WHERE v.current = 1 AND "+c.sql.String(), c.args, func(scan func(...any)) bool { scan(&v.Articles); return true })
			}
			return nil
		})
		m.over = v.Articles
		return v, err
	})
	if err != nil {
		return store.Name{}, fmt.Errorf("read name %.80q: %w", name, err)
	}
	return v, nil
}

// describe sums up what articles say of a name, and of the places that are
// called by it.
func describe(kind dateline.AnnotationKind, letter byte, folded string, called []int64, all []brief, outlets map[int64]store.Tally) store.Name {
	forms, roles, organizations, with := counter{}, counter{}, counter{}, counter{}
	var places, here placeCounter
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
				if is || l == 'l' && slices.Contains(called, numberOf(fields)) {
					forms[name]++
					role, organization, _ := strings.Cut(more, "\t")
					switch {
					case l == 'l':
						here.add(b.n, fields)
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
				places.add(b.n, fields)
			}
		})
	}
	v := store.Name{
		Kind: kind, Forms: forms.top(nameEach), Roles: roles.folded().top(nameEach), Organizations: organizations.folded().top(nameEach),
		Days: byDay.list(), With: with.folded().top(nameEach), Places: topPlaces(places.list(), nameEach), Outlets: by.top(outlets, nameEach),
	}
	if len(v.Forms) > 0 {
		v.Name = v.Forms[0].Value
	} else {
		v.Name = folded
	}
	if known := here.list(); len(known) > 0 {
		v.Place = &known[0]
	}
	return v
}

// topPlaces are the places in most articles, by the names that queries find
// them by.
func topPlaces(places []store.NamedPlace, n int) []store.Tally {
	out := make([]store.Tally, len(places))
	for i, p := range places {
		out[i] = store.Tally{Value: p.Name, N: p.Articles}
	}
	return alike(out, n)
}

// Places implements [store.Finder].
func (s *Store) Places(ctx context.Context, q *search.Query, a *search.Analyzer, limit int) ([]store.NamedPlace, error) {
	all, err := remember(ctx, s, question{what: "places", query: queryText(q), analyzer: a}, func(ctx context.Context, m *making) (out []store.NamedPlace, err error) {
		err = s.read(ctx, func(t *tx) error {
			all, _ := s.newest(t, q, a, nameAmong)
			m.over = len(all)
			var places placeCounter
			for i := range all {
				eachName(all[i].names, func(letter byte, fields string) {
					if letter == 'l' {
						places.add(all[i].n, fields)
					}
				})
			}
			out = places.list()
			return nil
		})
		return out, err
	})
	if err != nil {
		return nil, fmt.Errorf("count places: %w", err)
	}
	if limit > 0 && limit < len(all) {
		all = all[:limit]
	}
	return slices.Clone(all), nil
}

// placeCounter counts places in articles. What articles name in different ways
// and is one place is counted once in each, by the name that most have.
type placeCounter struct {
	places []countedPlace
	at     map[string]int // by what tells places apart
	forms  map[string]*placeForm
}

type countedPlace struct {
	store.NamedPlace
	form *placeForm // that most articles have
	last int64      // article that was counted
}

// placeForm is a place as an article has it.
type placeForm struct{ place, n int }

// add counts a place of an article by its fields; those of one article come
// together.
func (c *placeCounter) add(article int64, fields string) {
	if c.forms == nil {
		c.forms, c.at = map[string]*placeForm{}, map[string]int{}
	}
	f := c.forms[fields]
	if f == nil {
		p := parsePlace(fields)
		n := placeNumber(&p)
		k := strconv.FormatInt(n, 36)
		if n == 0 {
			k = p.Country + "\t" + p.Kind + "\t" + lang.Fold(p.Name)
		}
		i, ok := c.at[k]
		if !ok {
			i = len(c.places)
			c.at[k] = i
			c.places = append(c.places, countedPlace{NamedPlace: p})
		}
		f = &placeForm{place: i}
		c.forms[fields] = f
	}
	f.n++
	p := &c.places[f.place]
	if p.last != article {
		p.Articles++
		p.last = article
	}
	if f != p.form && (p.form == nil || f.n > p.form.n || f.n == p.form.n && nameOf(fields) < p.Name) {
		n := p.Articles
		p.NamedPlace, p.form = parsePlace(fields), f
		p.Articles = n
	}
}

// list gives the places, those in most articles first.
func (c *placeCounter) list() []store.NamedPlace {
	slices.SortFunc(c.places, func(a, b countedPlace) int {
		return cmp.Or(cmp.Compare(b.Articles, a.Articles), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Country, b.Country), cmp.Compare(a.Geonames, b.Geonames))
	})
	out := make([]store.NamedPlace, len(c.places))
	for i := range c.places {
		out[i] = c.places[i].NamedPlace
	}
	return out
}

// numberOf is that of a place by its fields.
func numberOf(fields string) int64 {
	p := parsePlace(fields)
	return placeNumber(&p)
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
