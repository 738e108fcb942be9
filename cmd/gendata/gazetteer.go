package main

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"dateline/gazetteer"
)

// The gazetteer's names come, the strongest first, from the tables in the
// package's folder, CLDR (countries and parts of the world), names that
// GeoNames has with a language, GeoNames' own names, and GeoNames' other names,
// whose language is not known. The last are half of all and mostly noise for
// small places, so only larger places and seats keep them.

// From how many inhabitants a place keeps its alternate names.
const alternatesFrom = 10000

// gazPlace is a place that is being put together.
type gazPlace struct {
	ref      string // how the tables name it: GeoNames number, country, country.admin1, key of an area
	geonames int
	name     string
	kind     gazetteer.Kind
	country  string
	admin1   string
	admin2   string
	at       point
	placed   bool // at is known
	pop      int
	radius   int
	capital  bool
	seat     bool
	part     bool // of a city

	alternates []string
	names      map[string]gazetteer.Rank // folded
}

// gazLanguage is the names of places in one language.
type gazLanguage struct {
	lang  string
	names map[string]string // by ref
}

type gazBuilder struct {
	places []*gazPlace
	byRef  map[string]*gazPlace

	hasCities   map[string]bool              // by country
	numeric     map[string]string            // ISO 3166-1 number: code
	territories map[string]map[string]string // locale, code: name
	tagged      []gazLanguage                // English first
	affixes     gazAffixes
}

func (g *gazBuilder) add(p *gazPlace) {
	p.names = make(map[string]gazetteer.Rank)
	g.places = append(g.places, p)
	if g.byRef[p.ref] == nil {
		g.byRef[p.ref] = p
	}
}

// name says that the place has a name; the strongest rank counts.
func (g *gazBuilder) name(p *gazPlace, name string, rank gazetteer.Rank) {
	forms := []string{name}
	// In the Persian alphabet the mark that parts a word's halves without a
	// space, which is folded to one, is as often left out.
	if strings.ContainsRune(name, '\u200c') {
		forms = append(forms, strings.ReplaceAll(name, "\u200c", ""))
	}
	for _, n := range forms {
		f := gazetteer.Fold(n)
		if f == "" || len(f) > 100 {
			continue
		}
		// Two Latin letters, and three of a country, are more often a word:
		// "Mỹ", "Of". Those that are not stand in names.tsv.
		short := ascii(f) && (len(f) <= 2 || len(f) == 3 && p.kind == gazetteer.Country)
		if short || g.affixes.not[f] {
			rank = gazetteer.Weak
		}
		if old, ok := p.names[f]; !ok || rank < old {
			p.names[f] = rank
		}
	}
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// gazTables are the files written by hand, in the order of their digest.
var gazTables = []string{"affixes.tsv", "counties.tsv", "names.tsv", "regions.tsv"}

func makeGazetteer(in input) ([]byte, error) {
	g := &gazBuilder{byRef: make(map[string]*gazPlace), hasCities: make(map[string]bool), numeric: make(map[string]string)}
	tables := make(map[string]string)
	digest := sha256.New()
	for _, name := range gazTables {
		text, err := os.ReadFile(filepath.Join(in.root, "gazetteer", name))
		if err != nil {
			return nil, err
		}
		tables[name] = string(text)
		digest.Write(text)
	}
	if err := g.affixes.read(tables["affixes.tsv"]); err != nil {
		return nil, err
	}
	for _, step := range []func() error{
		func() error { return g.readCities(in) },
		func() error { return g.readTagged(in) },
		func() error { return g.readCountries(in) },
		func() error { g.readRegions(); return nil },
		func() error { return g.readAreas(tables["regions.tsv"]) },
		func() error { return g.readOutlines(in) },
		func() error { return g.readCounties(tables["counties.tsv"]) },
		func() error { return g.nameTerritories(in) },
		func() error { g.nameTagged(); g.nameAlternates(); return nil },
		func() error { return g.readNames(tables["names.tsv"]) },
		g.finish,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return packGazetteer(g.places, digest.Sum(nil))
}

// tableLines calls do for the columns of each line of a hand-written table.
func tableLines(file, text string, do func(f []string) error) error {
	for i, line := range strings.Split(text, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := do(strings.Split(line, "\t")); err != nil {
			return fmt.Errorf("%s:%d: %w", file, i+1, err)
		}
	}
	return nil
}

// readAreas reads regions.tsv, whose head describes it.
func (g *gazBuilder) readAreas(text string) error {
	return tableLines("regions.tsv", text, func(f []string) error {
		if len(f) != 6 {
			return fmt.Errorf("%d columns, want key, latitude, longitude, radius, country, names", len(f))
		}
		at, err := parsePoint(f[1], f[2])
		if err != nil {
			return err
		}
		radius, err := strconv.Atoi(f[3])
		if err != nil {
			return err
		}
		if g.byRef[f[0]] != nil {
			return fmt.Errorf("%s is there already", f[0])
		}
		p := &gazPlace{ref: f[0], kind: gazetteer.Area}
		switch of := g.byRef[f[4]]; {
		case f[4] == "-":
			g.add(p)
		case of == nil:
			return fmt.Errorf("no country or region is %s", f[4])
		case of.kind == gazetteer.Region:
			p = of
			p.name = ""
			g.byRef[f[0]] = p
		default:
			p.country = f[4]
			g.add(p)
		}
		p.at, p.placed, p.radius = at, true, radius
		for n := range strings.SplitSeq(f[5], "|") {
			lang, n, ok := strings.Cut(n, ":")
			if !ok || n == "" {
				return fmt.Errorf("want lang:name, not %q", n)
			}
			if lang == "en" && p.name == "" {
				p.name = n
			}
			g.name(p, n, gazetteer.Official)
		}
		if p.name == "" {
			return fmt.Errorf("%s has no English name", f[0])
		}
		return nil
	})
}

func parsePoint(lat, lon string) (point, error) {
	var p point
	var err error
	if p.lat, err = strconv.ParseFloat(lat, 64); err == nil {
		p.lon, err = strconv.ParseFloat(lon, 64)
	}
	if err == nil && (p.lat < -90 || p.lat > 90 || p.lon < -180 || p.lon >= 180) {
		err = fmt.Errorf("%s %s is not on the globe", lat, lon)
	}
	return p, err
}

// readCounties reads counties.tsv, whose head describes it.
func (g *gazBuilder) readCounties(text string) error {
	parts := make(map[[3]string][]*gazPlace)
	taken := make(map[string]bool)
	for _, p := range g.places {
		for n := range p.names {
			taken[n] = true
		}
		if p.kind == gazetteer.City {
			key := [3]string{p.country, p.admin1, p.admin2}
			parts[key] = append(parts[key], p)
		}
	}
	return tableLines("counties.tsv", text, func(f []string) error {
		if len(f) != 3 {
			return fmt.Errorf("%d columns, want region, codes, names", len(f))
		}
		country, admin1, _ := strings.Cut(f[0], ".")
		p := &gazPlace{ref: f[0] + "/" + f[1], kind: gazetteer.County, country: country, admin1: admin1, placed: true}
		var err error
		if lat, lon, ok := strings.Cut(f[1], " "); ok && strings.Contains(lat, ".") {
			p.at, err = parsePoint(lat, lon)
		} else {
			err = p.join(f[1], parts)
		}
		if err != nil {
			return err
		}
		g.add(p)
		for n := range strings.SplitSeq(f[2], "|") {
			rank := gazetteer.Primary
			if rest, ok := strings.CutPrefix(n, "~"); ok {
				n, rank = rest, gazetteer.Weak
			} else if rest, ok := strings.CutPrefix(n, "?"); ok {
				n, rank = rest, gazetteer.Alternate
				if taken[gazetteer.Fold(n)] {
					rank = gazetteer.Weak
				}
			}
			p.name = cmp.Or(p.name, n)
			g.name(p, n, rank)
		}
		return nil
	})
}

// join makes a county of the places that have its codes.
func (p *gazPlace) join(codes string, parts map[[3]string][]*gazPlace) error {
	var m mean
	for code := range strings.FieldsSeq(codes) {
		list := parts[[3]string{p.country, p.admin1, code}]
		if list == nil {
			return fmt.Errorf("no place has the code %s in %s.%s", code, p.country, p.admin1)
		}
		for _, part := range list {
			m.add(part.at, 1)
			if !part.part {
				p.pop += part.pop
			}
		}
	}
	p.at = m.point()
	return nil
}

// readNames reads names.tsv, whose head describes it.
func (g *gazBuilder) readNames(text string) error {
	return tableLines("names.tsv", text, func(f []string) error {
		if len(f) != 3 {
			return fmt.Errorf("%d columns, want what, place, names", len(f))
		}
		p := g.byRef[f[1]]
		if p == nil {
			return fmt.Errorf("no place is %s", f[1])
		}
		ranks := map[string]gazetteer.Rank{
			"name": gazetteer.Official, "alternate": gazetteer.Alternate,
			"initials": gazetteer.Initials, "weak": gazetteer.Weak,
		}
		switch f[0] {
		case "title":
			p.name = f[2]
			g.name(p, f[2], gazetteer.Official)
			return nil
		case "at":
			lat, lon, _ := strings.Cut(f[2], " ")
			at, err := parsePoint(lat, lon)
			p.at, p.placed = at, true
			return err
		}
		for n := range strings.SplitSeq(f[2], "|") {
			key := gazetteer.Fold(n)
			rank, ok := ranks[f[0]]
			switch {
			case key == "":
				return fmt.Errorf("%q is no name", n)
			case ok:
				p.names[key] = rank
			case f[0] != "drop":
				return fmt.Errorf("unknown line %q", f[0])
			default:
				if _, has := p.names[key]; !has {
					return fmt.Errorf("%s is not called %q, so it cannot be dropped", f[1], n)
				}
				delete(p.names, key)
			}
		}
		return nil
	})
}

// gazAffixes is affixes.tsv.
type gazAffixes struct {
	pre, post []string // folded, with the space that parts them
	forms     []gazForm
	not       map[string]bool     // folded: what is no name by itself
	counties  map[string][]string // state: what its counties are called
	states    map[string]string   // what the outlines call a territory: its code
}

func (a *gazAffixes) read(text string) error {
	a.not, a.counties, a.states = make(map[string]bool), make(map[string][]string), make(map[string]string)
	return tableLines("affixes.tsv", text, func(f []string) error {
		if len(f) != 3 {
			return fmt.Errorf("%d columns, want what, where, words", len(f))
		}
		for w := range strings.SplitSeq(f[2], "|") {
			key := gazetteer.Fold(w)
			r, _ := utf8.DecodeRuneInString(key)
			switch {
			case f[0] == "pre":
				a.pre = append(a.pre, key+" ")
			case f[0] == "post" && gazetteer.Unspaced(r):
				a.post = append(a.post, key)
			case f[0] == "post":
				a.post = append(a.post, " "+key)
			case f[0] == "not":
				a.not[key] = true
			case f[0] == "form" && strings.Contains(w, "{}"):
				where := strings.Fields(f[1])
				a.forms = append(a.forms, gazForm{where[0], where[1:], w})
			case f[0] == "territory":
				a.states[w] = f[1]
			case f[0] == "counties":
				a.counties[f[1]] = append(a.counties[f[1]], w)
			default:
				return fmt.Errorf("unknown line %q", f[0])
			}
		}
		return nil
	})
}

// gazForm is a way to call regions of some countries in a language.
type gazForm struct {
	lang      string
	countries []string // none for all
	pattern   string   // with {} for the name
}

// bare returns the folded name of a region without the word for what it is.
func (a *gazAffixes) bare(name string) string {
	short := ""
	for _, w := range a.pre {
		if rest, ok := strings.CutPrefix(name, w); ok && (short == "" || len(rest) < len(short)) {
			short = rest
		}
	}
	for _, w := range a.post {
		if rest, ok := strings.CutSuffix(name, w); ok && (short == "" || len(rest) < len(short)) {
			short = rest
		}
	}
	if a.not[short] || utf8.RuneCountInString(short) < 2 {
		return ""
	}
	return short
}

// nameTagged gives places and regions the names that have a language.
func (g *gazBuilder) nameTagged() {
	for _, t := range g.tagged {
		lang := t.names
		for _, ref := range slices.Sorted(maps.Keys(lang)) {
			p := g.byRef[ref]
			if p == nil || p.kind == gazetteer.Country || shortCapitals(lang[ref]) {
				continue
			}
			g.name(p, lang[ref], gazetteer.Tagged)
			if p.kind == gazetteer.Region {
				bare := g.affixes.bare(gazetteer.Fold(lang[ref]))
				if bare != "" {
					g.name(p, bare, gazetteer.Alternate)
				}
				for _, form := range g.affixes.forms {
					if form.lang == t.lang && (len(form.countries) == 0 || slices.Contains(form.countries, p.country)) {
						g.name(p, strings.ReplaceAll(form.pattern, "{}", cmp.Or(bare, lang[ref])), gazetteer.Alternate)
					}
				}
			}
		}
	}
}

// nameAlternates gives the larger places and all seats their other names, but
// no country's or area's.
func (g *gazBuilder) nameAlternates() {
	taken := make(map[string]string) // folded: country, or "-" for an area
	for _, p := range g.places {
		if p.kind == gazetteer.Country || p.kind == gazetteer.Area {
			for n, rank := range p.names {
				if rank == gazetteer.Official {
					taken[n] = cmp.Or(p.country, "-")
				}
			}
		}
	}
	for _, p := range g.places {
		if p.pop < alternatesFrom && !p.seat {
			continue
		}
		for _, n := range p.alternates {
			if of, ok := taken[gazetteer.Fold(n)]; noise(n) || ok && of != p.country {
				continue
			}
			g.name(p, n, gazetteer.Alternate)
		}
	}
}

// finish sees that all places lie somewhere and puts them in order.
func (g *gazBuilder) finish() error {
	lost := make(map[string]*mean)
	for _, p := range g.places {
		if !p.placed {
			lost[p.ref] = new(mean)
		}
	}
	for _, p := range g.places {
		if m := lost[p.country]; m != nil && p.kind == gazetteer.City {
			m.add(p.at, 1)
		}
	}
	var kept []*gazPlace
	for _, p := range g.places {
		if m := lost[p.ref]; m != nil {
			switch {
			case p.kind == gazetteer.Country && *m != mean{}:
				p.at = m.point()
			case p.kind == gazetteer.Region:
				continue // No place of it is known, so neither is where it lies.
			default:
				return fmt.Errorf("nothing says where %s (%s) is; add it to names.tsv", p.ref, p.name)
			}
		}
		if id, err := strconv.Atoi(p.ref); err == nil && p.kind == gazetteer.City && id != p.geonames {
			return fmt.Errorf("%s has the number of another place", p.name)
		}
		kept = append(kept, p)
	}
	slices.SortStableFunc(kept, func(a, b *gazPlace) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(b.pop, a.pop), cmp.Compare(a.ref, b.ref))
	})
	g.places = kept
	return nil
}
