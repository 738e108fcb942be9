package places

import (
	"dateline"
	"dateline/lang"
)

const (
	markedIn     = 0.5 // behind a preposition that persons do not have
	markedStrong = 1.5
	markedPlain  = 4.0
)

// marked weighs the mark of the names annotator that a mention stands in. A
// part of a longer name is no place. A mark on just this name may be a mistake,
// if much speaks for a place.
func (f *finder) marked(i int, m *mention) {
	p := &f.parts[m.part]
	var block dateline.AnnotationKind
	longer := false
	for j := m.first; j < m.last; j++ {
		k := &p.tok[j]
		if k.block == "" {
			continue
		}
		from := int(k.from)
		if p.tok[m.first].ends&roleBefore != 0 && from == m.first-1 {
			from = m.first // "Desa Sukamaju"
		}
		if f.pair(i, from, int(k.to)) {
			continue
		}
		if block == "" || from < m.first || int(k.to) > m.last {
			block = k.block
			longer = longer || from < m.first || int(k.to) > m.last
		}
	}
	n := &f.names[m.name]
	switch {
	case block == "":
	case longer && block == dateline.KindOrganization:
		m.inside, m.score = m.inside+10, m.score-10
	case longer:
		m.score -= 10
	case p.tok[m.first].ends&roleIn != 0:
		m.score -= markedIn
	case p.tok[m.last].starts&roleFollow != 0 || m.strong || m.generic || m.within >= 0 || m.outer || n.known > 3 || m.last-m.first > 1 && n.known >= 0 ||
		i > 0 && f.mentions[i-1].part == m.part && f.mentions[i-1].score > 1 && f.listed(p, f.mentions[i-1].last, m.first):
		m.score -= markedStrong
	default:
		m.score -= markedPlain
	}
}

// pair tells whether the tokens [from, to) are two places with a hyphen or a
// word of lists between, of which the mention i is one: "Moskow-Teheran" is no
// name.
func (f *finder) pair(i, from, to int) bool {
	whole := func(a, b int) bool {
		if a < 0 || b >= len(f.mentions) {
			return false
		}
		m, o := &f.mentions[a], &f.mentions[b]
		start := from
		if m.part == o.part && m.first == from+1 && f.parts[m.part].tok[from].sentence {
			start++ // "Hubungan Moskow-Teheran"
		}
		if m.part != o.part || m.first != start || o.last != to || o.first != m.last+1 {
			return false
		}
		p := &f.parts[m.part]
		return p.hyphen(m.last) && f.names[m.name].known > 1 && f.names[o.name].known > 1 ||
			p.tok[m.last].starts&roleAnd != 0 && f.names[m.name].known >= 0 && f.names[o.name].known >= 0
	}
	return whole(i-1, i) || whole(i, i+1)
}

// notePersons collects the last words of what look like persons' names: runs of
// two or three capitals that no place and no organization is in.
func (f *finder) notePersons() {
	for i := range f.parts {
		p := &f.parts[i]
		for j := 0; j < len(p.Tokens); j++ {
			if k := &p.tok[j]; k.block == dateline.KindPerson && (k.to > k.from+1 || k.starts&rolePlace == 0) {
				f.persons[p.Tokens[j].Fold] = struct{}{}
				continue
			}
			if p.headline || int(p.tok[j].run) != j || p.tok[j].run < 0 {
				continue
			}
			end := int(p.tok[j].runEnd)
			words, bad := 0, false
			from := j
			for k := j; k < end; k++ {
				if p.tok[k].starts&roleTitle != 0 && words == 0 {
					from = k + 1
					continue
				}
				if p.tok[k].starts&(roleOrg|roleStreet|roleAfterPart|roleAfter|roleBeforePart|roleBefore|roleDirection|roleAbbr|roleNot|roleAdjective) != 0 || p.tok[k].block != "" || p.Tokens[k].Kind != lang.Word || p.Tokens[k].Case == lang.Upper && len(p.Tokens[k].Fold) > 1 {
					bad = true
					break
				}
				words++
			}
			titled := p.tok[from].ends&roleTitle != 0
			if bad || words < 2 && !titled || words > 4 {
				continue
			}
			// A place that fills the run from its beginning, or ends with it, is
			// no person.
			if p.tok[end-1].guess == dateline.KindPlace || f.wide(p.tok[end].placed) || f.wellKnown(p.tok[from].place) {
				continue
			}
			f.persons[p.Tokens[end-1].Fold] = struct{}{}
			j = end - 1
		}
	}
}

// wide tells whether a mention, counted from 1, has more than one word or is
// well known.
func (f *finder) wide(i int32) bool {
	return i > 0 && (f.mentions[i-1].last-f.mentions[i-1].first > 1 || f.wellKnown(i))
}

// wellKnown tells whether a mention, counted from 1, is a place that everybody
// knows.
func (f *finder) wellKnown(i int32) bool {
	return i > 0 && f.names[f.mentions[i-1].name].known >= 2
}
