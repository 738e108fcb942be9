package places

import (
	"dateline/gazetteer"
)

// What the names behind a name say of where it lies.
//
// A chain of places parted by commas or words such as "in" names one place
// within the next: "Kecamatan Talaga, Kabupaten Majalengka, Jawa Barat". No
// place is meant that lies outside what the names behind it fix, however well
// known it is: better no coordinates than wrong ones.

// littleKnown is the prior of a town of some 800,000: a comma alone, which
// also parts the names of a list, tells nothing of greater ones.
const littleKnown = 6.5

// bound drops the places of names that lie outside what holds them, and tells
// whether there were any.
func (f *finder) bound() bool {
	dropped := false
	for i := len(f.mentions) - 1; i >= 0; i-- {
		m := &f.mentions[i]
		m.holder = f.holderOf(i)
		if m.holder == nil {
			continue
		}
		n := &f.names[m.name]
		if c := n.pick(m.hint, false); c == nil || c.lies(m.holder) {
			continue
		}
		kept := n.cands[:0:0]
		for j := range n.cands {
			if c := &n.cands[j]; c.lies(m.holder) || !m.sure && c.prior >= littleKnown {
				kept = append(kept, *c)
			}
		}
		if len(kept) < len(n.cands) {
			n.cands, dropped = kept, true
			n.choose()
		}
	}
	return dropped
}

// lies tells whether a place may lie in another, or is it.
func (c *candidate) lies(o *candidate) bool {
	if c.Country != o.Country {
		return c.Country == "" || o.Country == ""
	}
	return o.Kind == gazetteer.Country || c.Kind == gazetteer.Country || o.Admin1 == "" || c.Admin1 == "" || c.Admin1 == o.Admin1
}

// holderOf is the country or region that mention i lies in, as the names
// behind it say; nil where they say nothing.
func (f *finder) holderOf(i int) *candidate {
	m := &f.mentions[i]
	if h := f.owner(i); h != nil {
		m.sure = true
		return h
	}
	if i+1 == len(f.mentions) || m.hint == "country" {
		return nil
	}
	o := &f.mentions[i+1]
	p := &f.parts[m.part]
	gap := o.first - m.last
	if m.part != o.part || gap < 1 || gap > 4 || p.tok[o.first].sentence {
		return nil
	}
	kind := f.between(p, m.last, o.first)
	if kind != joinComma && kind != joinWithin {
		return nil
	}
	h := o.holder
	if h == nil {
		if c := f.names[o.name].pick(o.hint, false); c != nil && c.Kind != gazetteer.Area {
			h = c
		}
	}
	if h == nil || h.Country == "" {
		return nil
	}
	greater := o.hint == "region" || o.hint == "country"
	m.sure = m.hint == "city" && (greater || o.sure || o.hint != "city" && h.Kind <= gazetteer.Region)
	if !m.sure && h.Kind > gazetteer.Region && o.holder == nil {
		return nil // "Talaga, Majalengka": who knows which lies in which.
	}
	return h
}

// owner is the place whose name stands before that of mention i and owns it,
// where a generic word calls it a town: "Van'ın Talaga ilçesinde".
func (f *finder) owner(i int) *candidate {
	m := &f.mentions[i]
	if i == 0 || m.hint != "city" {
		return nil
	}
	o := &f.mentions[i-1]
	p := &f.parts[m.part]
	gap := m.first - o.last
	if o.part != m.part || gap < 1 || gap > 4 {
		return nil
	}
	region := o.hint == "region" && gap == 1 && p.tok[o.last].starts&roleAfter != 0 // "Konya ilinin Suri ilçesi"
	if !region && f.between(p, o.last, m.first) != joinPossessive {
		return nil
	}
	if c := f.names[o.name].pick(o.hint, false); c != nil && c.Kind != gazetteer.Area && c.Country != "" {
		return c
	}
	return nil
}

// cued makes those places of a name likelier that are called so together with
// the generic word in front of it: "محافظة البحر الأحمر" is Egypt's, though
// another country has a greater region of the name.
func (f *finder) cued(m *mention) {
	n := &f.names[m.name]
	if n.cued || len(n.cands) < 2 || m.first == 0 {
		return
	}
	n.cued = true
	f.entries = f.g.AppendLookup(f.entries[:0], f.parts[m.part].Slice(m.first-1, m.last))
	for _, e := range f.entries {
		for j := range n.cands {
			if c := &n.cands[j]; c.ID == e.ID && e.Rank <= gazetteer.Primary {
				c.prior += cuedBonus
			}
		}
	}
}

const cuedBonus = 2.0

// stray tells whether a town is no good reading of a name that a generic word
// calls a region: it lies in a country where no other name of the article does.
func (f *finder) stray(c *candidate, n *name, hint string) bool {
	if hint != "region" || c.Kind != gazetteer.City || c.Country == f.d.Country {
		return false
	}
	for i := range f.names {
		if o := &f.names[i]; o != n && o.best >= 0 && o.score >= accept && o.cands[o.best].Country == c.Country {
			return false
		}
	}
	return true
}
