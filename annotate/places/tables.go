package places

import (
	"errors"
	"slices"
	"strings"

	"dateline/gazetteer"
	"dateline/lang"
)

// placesFile is the pack's table of words around the names of places. It is
// described in lang/packs/README.md.
const placesFile = "places.tsv"

// role is what a word of the table tells.
type role uint32

const (
	roleBefore     role = 1 << iota // a generic word in front of a name: "kota"
	roleBeforePart                  // one that belongs to the name: "Lake"
	roleAfter                       // behind it: "province"
	roleAfterPart                   // one that belongs to it: "County"
	roleIn                          // a preposition that places have: "in"
	roleOf                          // one that others have as well: "from"
	roleFollow                      // a word right behind a place: "police"
	roleTitle                       // what stands before a person's name
	roleOffice                      // what stands before a person's name or a place's
	roleOrg                         // a word in the names of organizations
	roleOrgOf                       // one that ends before a place's name: "University of"
	roleSaid                        // what persons do
	roleNot                         // a word or name that is no place
	roleWeak                        // one that rarely is
	roleAbbr                        // a short form of a place's name
	rolePostal                      // one that stands behind a place and a comma alone
	roleDirection                   // "southern"
	roleWithin                      // between a place and what it lies in
	roleStreet                      // a word in the names of streets and buildings
	rolePeople                      // a people: no place, but a sign of its country
	roleAnd                         // between places of a list
	rolePlural                      // a generic word behind several names: "counties"
	rolePossessive                  // what makes the name before it an owner: "'s"
	roleLocative                    // what tells that something is at the place before it
	roleNear                        // a preposition that points have rather than regions: "near"
	roleUnknown                     // a preposition behind which a name that no list knows is a place's
	roleApart                       // a word behind which a country's name is no adjective
	roleAdjective                   // one behind which it is, though it looks like one of those
	roleNumber                      // what stands between a road's name and the number of a house
)

var roles = map[string]role{
	"before": roleBefore, "before-part": roleBeforePart, "after": roleAfter, "after-part": roleAfterPart,
	"in": roleIn, "of": roleOf, "follow": roleFollow, "title": roleTitle, "office": roleOffice, "org": roleOrg, "org-of": roleOrgOf, "said": roleSaid,
	"not": roleNot, "weak": roleWeak, "abbr": roleAbbr, "postal": rolePostal, "direction": roleDirection,
	"within": roleWithin, "street": roleStreet, "and": roleAnd, "plural": rolePlural, "people": rolePeople,
	"possessive": rolePossessive, "locative": roleLocative, "near": roleIn | roleNear,
	"unknown": roleUnknown, "apart": roleApart, "adjective": roleAdjective, "number": roleNumber,
}

// kinds are the kinds of place that a generic word may tell.
var kinds = []string{"country", "region", "city", "area"}

// cue is what a phrase of the table tells.
type cue struct {
	role role
	kind string // of before, after ...
	name string // what an abbreviation is short for
	form string // an abbreviation as written
}

// affix is what is written together with a name: on the left what stands in
// the text, on the right what stands in the name.
type affix struct {
	text, name, raw string
	clitic          bool // it is no part of the name, and stays outside its mark
}

// tables is what the annotator takes from a pack.
type tables struct {
	cues     *lang.Lexicon[cue]
	home     []string // countries that news in the language is mostly about
	attached []affix
	endings  []affix
	nouns    bool // all nouns have capitals
	starters map[string]bool

	// Where a country's name right behind a noun is an adjective: what words
	// begin and end with that are none.
	adjectives           bool
	apartBegin, apartEnd []string
}

func load(p *lang.Pack) (*tables, error) {
	t := &tables{cues: lang.NewLexicon[cue](p), starters: map[string]bool{}}
	if p == nil {
		return t, nil
	}
	rows, err := p.Rows(placesFile)
	bad := []error{err}
	for _, r := range rows {
		if err := t.row(r); err != nil {
			bad = append(bad, err)
		}
	}
	stop, err := p.Rows("stop.txt")
	bad = append(bad, err)
	for _, r := range stop {
		for w := range strings.FieldsSeq(r.Field(0)) {
			t.starters[lang.Fold(w)] = true
		}
	}
	return t, errors.Join(bad...)
}

func (t *tables) row(r lang.Row) error {
	what, arg, forms := r.Field(0), r.Field(1), r.Forms(2)
	if len(forms) == 0 {
		return r.Errorf("want three columns: what, argument or \"-\", phrases parted by \" | \"")
	}
	switch what {
	case "home":
		t.home = append(t.home, forms...)
		return nil
	case "capitals":
		if forms[0] != "nouns" {
			return r.Errorf("capitals %q: want nouns", forms[0])
		}
		t.nouns = true
		return nil
	case "attached", "ending", "clitic":
		list := &t.attached
		if what != "attached" {
			list = &t.endings
		}
		name := gazetteer.Fold(arg)
		for _, f := range forms {
			if f == "-" {
				f = ""
			}
			*list = append(*list, affix{gazetteer.Fold(f), name, strings.TrimPrefix(arg, "-"), what == "clitic"})
		}
		slices.SortStableFunc(*list, func(a, b affix) int { return len(b.text) - len(a.text) })
		return nil
	}
	c := cue{role: roles[what]}
	switch c.role {
	case 0:
		return r.Errorf("unknown group %q", what)
	case roleBefore, roleBeforePart, roleAfter, roleAfterPart:
		if !slices.Contains(kinds, arg) {
			return r.Errorf("kind %q: want one of %s", arg, strings.Join(kinds, ", "))
		}
		c.kind = arg
	case rolePlural:
		c.name = arg
	case rolePeople:
		if _, ok := gazetteer.Builtin().Country(arg); !ok {
			return r.Errorf("no country has the code %q", arg)
		}
		c.role |= roleNot
		c.name = arg
	case roleApart:
		t.adjectives = true
		forms = slices.DeleteFunc(forms, t.affixed)
	case roleAbbr, rolePostal:
		if c.name = arg; len(gazetteer.Builtin().Lookup(arg)) == 0 {
			return r.Errorf("the gazetteer has no place %q", arg)
		}
	}
	for _, f := range forms {
		c.form = f
		t.cues.Add(f, c)
	}
	return nil
}

// affixed takes a form with a hyphen at an end for what words begin or end
// with.
func (t *tables) affixed(form string) bool {
	if s, ok := strings.CutSuffix(form, "-"); ok {
		t.apartBegin = append(t.apartBegin, lang.Fold(s))
		return true
	}
	if s, ok := strings.CutPrefix(form, "-"); ok {
		t.apartEnd = append(t.apartEnd, lang.Fold(s))
		return true
	}
	return false
}

// hinted tells whether a place is of a kind as generic words and marks have
// it: counties are regions there.
func hinted(k gazetteer.Kind, kind string) bool { return kindOf(k) == kind }

// kindOf is a place's kind as marks have it.
func kindOf(k gazetteer.Kind) string {
	switch k {
	case gazetteer.Country:
		return "country"
	case gazetteer.Region, gazetteer.County:
		return "region"
	case gazetteer.Area:
		return "area"
	}
	return "city"
}
