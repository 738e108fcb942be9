package names

import (
	"strings"

	"dateline"
	"dateline/gazetteer"
)

// maxHolder is how many words the name of someone behind his office and its
// country may have.
const maxHolder = 3

// abroad finds persons behind an office and the country it belongs to, where
// names have case endings: "Президент Сербии Горан Невич".
func (a *article) abroad() {
	if len(a.t.endings) == 0 || a.t.ownerFirst {
		return
	}
	n := len(a.mentions)
	for _, s := range a.sights {
		for i := 1; i+2 < len(s.words); i++ {
			if w := &s.words[i]; w.shape != shapeCapital || w.class&(isGiven|isSurname|isHead|isKnown) != 0 || s.p.Tokens[i].Paragraph || !s.held(i-1) || !s.countryForm(i) {
				continue
			}
			j := i + 1
			for j < len(s.words) && j <= i+maxHolder && s.words[j].shape == shapeCapital && !s.p.Tokens[j].Paragraph {
				j++
			}
			if j-i < 3 || !s.plainName(i+1, j) {
				continue
			}
			m := &mention{s: s, entity: entity{i + 1, j, dateline.KindPerson, .8}}
			m.key, m.words = s.key(m.first, m.last)
			a.mentions = append(a.mentions, m)
			i = j
		}
	}
	if len(a.mentions) == n {
		return
	}
	found := a.mentions[n:]
	kept := make([]*mention, 0, len(a.mentions))
	k := 0
	order := make(map[*sight]int, len(a.sights))
	for i, s := range a.sights {
		order[s] = i
	}
	for _, m := range a.mentions[:n] {
		for k < len(found) && (order[found[k].s] < order[m.s] || found[k].s == m.s && found[k].last <= m.first) {
			k++
		}
		if k < len(found) && found[k].s == m.s && m.last > found[k].first && m.first < found[k].last {
			continue // What is found here takes its place.
		}
		kept = append(kept, m)
	}
	n = len(kept)
	a.mentions = append(kept, found...)
	a.order(n)
}

// held tells whether token i ends an office, or is letters or a word in lower
// case that one leads: "глава МВД", "спикер парламента".
func (s *sight) held(i int) bool {
	s.lookUp(i)
	if s.words[i].class&isTitle != 0 {
		return true
	}
	if i == 0 || s.words[i].shape != shapeUpper && s.words[i].shape != shapeUpper2 && s.words[i].shape != shapeLower {
		return false
	}
	s.lookUp(i - 1)
	return s.words[i-1].class&isTitle != 0
}

// countryForm tells whether token i is a country's name, with whatever case
// ending.
func (s *sight) countryForm(i int) bool {
	if s.words[i].gaz >= 8 {
		return true
	}
	fold := s.p.Tokens[i].Fold
	for _, e := range s.t.endings {
		stem, ok := strings.CutSuffix(fold, e)
		if !ok || len(stem) < 4 {
			continue
		}
		for _, other := range s.t.endings {
			s.fold = gazetteer.AppendFold(s.fold[:0], stem+other)
			c, ok := places().Start().Step(string(s.fold), false)
			if !ok || !c.Names() {
				continue
			}
			if s.buf = c.Append(s.buf[:0]); gazCode(s.buf) >= 10 {
				return true
			}
		}
	}
	return false
}
