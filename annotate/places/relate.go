package places

import (
	"strings"

	"dateline/gazetteer"
)

// relate links mentions that tell of each other: "Paris, Texas" and "Kerman di
// Iran" name what the first lies in.
func (f *finder) relate() {
	f.plurals()
	f.local()
	for i := 0; i+1 < len(f.mentions); i++ {
		a, b := i, i+1
		m, o := &f.mentions[a], &f.mentions[b]
		if m.part != o.part {
			continue
		}
		p := &f.parts[m.part]
		gap := o.first - m.last
		if gap < 0 || gap > 4 || o.first > m.last && p.tok[o.first].sentence {
			continue
		}
		kind := f.between(p, m.last, o.first)
		if kind == joinNone || kind == joinNext && f.names[o.name].known < 2 {
			continue
		}
		if kind == joinPossessive {
			a, b = b, a // "Iran's Kerman"
			m, o = o, m
		}
		key := [2]int32{m.name, o.name}
		l, ok := f.pairs[key]
		if !ok {
			l = -1
			if f.contains(m.name, o.name) {
				l = int32(len(f.links))
				f.links = append(f.links, link{inner: m.name, outer: o.name})
			}
			f.pairs[key] = l
		}
		if l >= 0 {
			m.within = b
			f.mentions[b].outer = true
			f.links[l].stated = f.links[l].stated || kind == joinComma || kind == joinWithin
		}
	}
}

// local takes names that are little known for places that no list knows, where
// the article has such ones with the word in their names: in an article on the
// "Lembah Suri" Suri is no town of another country.
func (f *finder) local() {
	var words map[string]bool
	for i := range f.mentions {
		m := &f.mentions[i]
		if p := &f.parts[m.part]; m.generic && (m.unknown && m.last-m.first > 1 || m.hint == "city" && m.last-m.first == 1 && f.names[m.name].fancied()) {
			for j := m.first; j < m.last; j++ {
				if p.tok[j].starts&(roleBeforePart|roleAfterPart|roleBefore|roleAfter) == 0 && p.tok[j].capital {
					if words == nil {
						words = map[string]bool{}
					}
					words[p.Tokens[j].Fold] = true
				}
			}
		}
	}
	if words == nil {
		return
	}
	for i := range f.mentions {
		m := &f.mentions[i]
		if m.last-m.first != 1 || m.unknown || !words[f.parts[m.part].Tokens[m.first].Fold] {
			continue
		}
		if n := &f.names[m.name]; len(n.cands) > 0 && (n.little() || n.fancied()) && !n.at(f.t.home) {
			*n = name{form: n.form, best: -1, known: unknown, score: n.score, full: true}
		}
	}
}

// little tells whether a name is that of no place that is well known by it.
func (n *name) little() bool {
	for i := range n.cands {
		c := &n.cands[i]
		if c.rank == gazetteer.Official || known(c.Place, c.rank) >= 1.3 && c.Kind != gazetteer.Country {
			return false
		}
	}
	return true
}

// fancied tells whether a name is that of no city and no region, but for those
// that some call so.
func (n *name) fancied() bool {
	for i := range n.cands {
		if c := &n.cands[i]; c.Kind == gazetteer.Area || c.rank < gazetteer.Alternate && (c.Kind != gazetteer.Country || c.rank <= gazetteer.Tagged) {
			return false
		}
	}
	return len(n.cands) > 0
}

// plurals lets the names of a list take the generic word behind it: "Harper
// and Kingman counties" are Harper County and Kingman County.
func (f *finder) plurals() {
	for i := 1; i < len(f.mentions); i++ {
		m := &f.mentions[i]
		p := &f.parts[m.part]
		if p.tok[m.last].starts&rolePlural == 0 {
			continue
		}
		word := p.tok[m.last].after
		for j := i; j >= 0 && j > i-20; j-- {
			o := &f.mentions[j]
			if o.part != m.part || j < i && !f.listed(p, o.last, f.mentions[j+1].first) {
				break
			}
			if form := p.Slice(o.first, o.last); !strings.HasSuffix(form, word) {
				form += " " + word
				f.entries = f.g.AppendLookup(f.entries[:0], form)
				if len(f.entries) > 0 {
					o.name = f.nameOf(form, false)
					o.generic = true
				}
			}
		}
	}
}

// listed tells whether the tokens [i, j) are what parts the names of a list.
func (f *finder) listed(p *part, i, j int) bool {
	if i >= j || j-i > 2 {
		return false
	}
	for ; i < j; i++ {
		if p.tok[i].starts&roleAnd == 0 {
			return false
		}
	}
	return true
}

type join uint8

const (
	joinNone join = iota
	joinComma
	joinWithin
	joinNext
	joinPossessive
)

// between tells how what stands in tokens [i, j) joins two names.
func (f *finder) between(p *part, i, j int) join {
	if i == j {
		return joinNext
	}
	comma, within := false, false
	for ; i < j; i++ {
		t, k := &p.Tokens[i], &p.tok[i]
		switch {
		case t.Fold == "," || t.Fold == "(":
			comma = true
		case k.starts&roleWithin != 0:
			within = true
		case k.starts&rolePossessive != 0 && i+1 == j:
			return joinPossessive
		case k.starts&(roleDirection|roleBefore|roleAfter|roleIn) != 0 || k.ends&roleBefore != 0:
			// "Springfield, in southern Ohio"
		default:
			return joinNone
		}
	}
	if comma {
		return joinComma
	}
	if within {
		return joinWithin
	}
	return joinNone
}
