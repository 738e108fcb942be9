package places

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
	"dateline/gazetteer"
	"dateline/lang"
)

// mark writes down the mentions that are places.
func (f *finder) mark() {
	type sense struct {
		id   uint32
		name int32
	}
	first := map[sense]*dateline.Annotation{}
	for i := range f.mentions {
		m := &f.mentions[i]
		if m.score < accept || m.inside >= 5 || !cuts(f.parts[m.part].Text, m.start) || !cuts(f.parts[m.part].Text, m.end) {
			continue
		}
		n := &f.names[m.name]
		c := n.pick(m.hint, f.town(m))
		if c != nil && f.unlikely(c, n, m.hint) {
			if !m.strong {
				continue // A word that is somewhere a town's name.
			}
			c = nil
		} else if c != nil && f.stray(c, n, m.hint) {
			c = nil
		}
		v := &dateline.Place{Name: f.written(m, n), Kind: "city"}
		if m.hint != "" {
			v.Kind = m.hint
		}
		s := sense{name: m.name + 1}
		if c != nil {
			v.Kind, v.Country, v.Geonames = kindOf(c.Kind), c.Country, c.Geonames
			v.Located, v.Lat, v.Lon = true, c.Lat, c.Lon
			s = sense{id: c.ID}
		}
		v.SameAs = first[s]
		a := f.d.Add(f.parts[m.part].Part, dateline.KindPlace, m.start, m.end, v)
		if v.SameAs == nil {
			first[s] = a
		}
	}
}

// cuts tells whether an offset lies between code points, which it may not do
// beside bytes that are no UTF-8.
func cuts(s string, i int) bool { return i == len(s) || utf8.RuneStart(s[i]) }

// farFetched is the prior of a town of some 20,000.
const farFetched = 4.8

// unlikely tells whether a name that is a place's can hardly be this place's:
// a small town, or a place that only some call so, abroad, which nothing else
// in the article speaks for.
func (f *finder) unlikely(c *candidate, n *name, hint string) bool {
	switch c.Kind {
	case gazetteer.City:
		if c.prior >= farFetched || c.Capital {
			return false
		}
	case gazetteer.Country:
		if hint != "city" || c.rank <= gazetteer.Tagged {
			return false // "the capital of Georgia"
		}
	default:
		return false
	}
	return c.Country != "" && c.Country != f.d.Country && !slices.Contains(f.t.home, c.Country) && c.score < c.prior+0.4
}

// town tells whether a mention is a town's rather than its region's of the same
// name: something is near it, or its country is stated.
func (f *finder) town(m *mention) bool {
	p := &f.parts[m.part]
	return p.tok[m.first].ends&roleNear != 0 || m.within >= 0 && f.names[f.mentions[m.within].name].country
}

// pick is the place a mention of the name means: of the kind that a generic
// word tells, where the name has one that is not far-fetched. A town is meant
// rather than its region of the same name, which is as likely, where the text
// speaks for towns.
func (n *name) pick(hint string, town bool) *candidate {
	if n.best < 0 {
		return nil
	}
	b := &n.cands[n.best]
	if town && hint == "" && b.Kind == gazetteer.Region {
		for j := range n.cands {
			if c := &n.cands[j]; c.Kind == gazetteer.City && c.Country == b.Country && c.Admin1 == b.Admin1 && b.score-c.score < 1.5 {
				return c
			}
		}
	}
	if hint == "" && b.Kind == gazetteer.County && b.rank == gazetteer.Weak {
		for j := range n.cands {
			if c := &n.cands[j]; c.Kind == gazetteer.City && c.Country == b.Country && c.Admin1 == b.Admin1 {
				return c // Only at the generic word it is the province.
			}
		}
	}
	if hint == "" || hinted(b.Kind, hint) {
		return b
	}
	var h *candidate
	for j := range n.cands {
		if c := &n.cands[j]; hinted(c.Kind, hint) && (h == nil || c.score > h.score) && b.score-c.score < 6 {
			h = c
		}
	}
	if h != nil {
		return h
	}
	return b
}

// written is a mention's name as its mark has it: in its plain form, and not
// all in capitals where the name is no initials.
func (f *finder) written(m *mention, n *name) string {
	p := &f.parts[m.part]
	form := n.form
	if m.short && !n.full {
		return p.Text[m.start:m.end]
	}
	if m.generic && !m.short && m.start == p.Tokens[m.first].Start && len(form) > m.end-m.start {
		form = p.Text[m.start:m.end] // "Harper" of "Harper and Kingman counties"
	}
	if p.Tokens[m.first].Case != lang.Upper || len(form) < 4 || m.short {
		return form
	}
	out := []rune(strings.ToLower(form))
	for i, r := range out {
		if i == 0 || !unicode.IsLetter(out[i-1]) && out[i-1] != '\'' && out[i-1] != '’' {
			out[i] = unicode.ToUpper(r)
		}
	}
	return string(out)
}
