package lang

import (
	"fmt"
	"slices"
	"strings"
)

// datelineTable is what a pack's dateline.tsv says.
type datelineTable struct {
	forms     []string
	agencies  []string
	places    []string
	notPlaces []string
	regions   []string
	starters  []string
	before    []string
	endings   []string
	closers   []string
	reporters []string
	dateSigns string
}

// The mechanisms a pack may switch on beside the common chain with a dash.
var datelineForms = []string{
	"colon",     // CITY: Sentence
	"period",    // City. Sentence
	"stop-dash", // CITY.- Sentence, where no list has the city
	"name",      // City, Some Outlet - Sentence
	"run",       // City, Some Outlet Sentence
	"wire",      // agency+city+date+"telegraphs", with or without brackets, unspaced
	"equals",    // (city=agency) reporter = sentence
}

// readDatelineTable reads dateline.tsv: kind, value.
func readDatelineTable(p *Pack, name, text string) error {
	t := new(datelineTable)
	lists := map[string]*[]string{
		"agency": &t.agencies, "place": &t.places, "not": &t.notPlaces, "region": &t.regions, "starter": &t.starters, "before": &t.before,
		"agency-ending": &t.endings, "closer": &t.closers, "reporter": &t.reporters,
	}
	err := eachRow(name, text, 2, func(f []string) error {
		if list := lists[f[0]]; list != nil {
			for v := range strings.SplitSeq(f[1], "|") {
				if v = strings.TrimSpace(v); v == "" {
					return fmt.Errorf("an empty name between two bars")
				}
				*list = append(*list, v)
			}
			return nil
		}
		switch f[0] {
		case "form":
			if !slices.Contains(datelineForms, f[1]) {
				return fmt.Errorf("unknown form %q", f[1])
			}
			t.forms = append(t.forms, f[1])
		case "date-signs":
			t.dateSigns = f[1]
		default:
			return fmt.Errorf("unknown kind %q", f[0])
		}
		return nil
	})
	p.dateline = t
	return err
}

// datelineIndex merges the lists of all packs: an agency or a city is one in
// whatever language. Keys are squeezed.
type datelineIndex struct {
	agencies, places, notPlaces, regions map[string]bool

	wireAgencies []string // as written, for text without spaces
	byTag        map[string]*datelineRules
	none         *datelineRules
}

// datelineRules are those of one language.
type datelineRules struct {
	forms     []string
	starters  map[string]bool
	before    map[string]bool
	endings   []string
	closers   []string
	reporters []string
	dateSigns string
}

func (r *datelineRules) has(form string) bool { return slices.Contains(r.forms, form) }

func newDatelineIndex(ps *Packs) *datelineIndex {
	x := &datelineIndex{
		agencies: map[string]bool{}, places: map[string]bool{}, notPlaces: map[string]bool{}, regions: map[string]bool{},
		byTag: map[string]*datelineRules{}, none: new(datelineRules),
	}
	fold := phraseFold()
	fill := func(m map[string]bool, names []string) {
		for _, n := range names {
			m[squeeze(fold, n)] = true
		}
	}
	for _, tag := range ps.tags {
		t := ps.byTag[tag].dateline
		if t == nil {
			continue
		}
		fill(x.agencies, t.agencies)
		fill(x.places, t.places)
		fill(x.notPlaces, t.notPlaces)
		fill(x.regions, t.regions)
		r := &datelineRules{
			forms: t.forms, starters: map[string]bool{}, before: map[string]bool{}, endings: t.endings, closers: t.closers, reporters: t.reporters,
			dateSigns: t.dateSigns,
		}
		fill(r.starters, t.starters)
		fill(r.before, t.before)
		x.byTag[tag] = r
		if r.has("wire") || r.has("equals") {
			x.wireAgencies = append(x.wireAgencies, t.agencies...)
		}
	}
	// The longest first, so that a name is not taken for the shorter one it
	// begins with.
	slices.SortFunc(x.wireAgencies, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	x.wireAgencies = slices.Compact(x.wireAgencies)
	return x
}

// rules returns those of the pack for the tag or of its parents.
func (x *datelineIndex) rules(ps *Packs, tag string) *datelineRules {
	for p := ps.Pack(tag); p != nil; p = ps.byTag[p.Parent] {
		if r := x.byTag[p.Tag]; r != nil {
			return r
		}
	}
	return x.none
}
