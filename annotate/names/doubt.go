package names

import (
	"dateline"
)

// listedName is the classes of words that names have and other words seldom.
const listedName = isGiven | isSurname | isKnown | isHead | isTail

// doubt takes away names that the rest of the article speaks against: words
// that stand in lower case elsewhere, and those of headings with a capital at
// every word that are named nowhere else.
func (a *article) doubt() {
	lower := map[string]bool{} // words of names, and whether they were seen in lower case
	proven := map[string]bool{}
	for _, m := range a.mentions {
		if m.kind == dateline.KindPlace {
			continue
		}
		if m.s.capsAt(m.first) == 0 && m.score >= .6 && !m.s.words[m.first].first {
			proven[m.key] = true
		}
		for i := m.first; i < m.last; i++ {
			if w := &m.s.words[i]; w.class&listedName == 0 {
				lower[m.s.p.Tokens[i].Fold] = false
			}
		}
	}
	if len(lower) == 0 {
		return
	}
	for _, s := range a.sights {
		for i := range s.words {
			if s.words[i].shape != shapeLower {
				continue
			}
			if _, ok := lower[s.p.Tokens[i].Fold]; ok {
				lower[s.p.Tokens[i].Fold] = true
			}
		}
	}
	kept := a.mentions[:0]
	for _, m := range a.mentions {
		if m.kind == dateline.KindPlace || !a.doubtful(m, lower, proven) {
			kept = append(kept, m)
		}
	}
	a.mentions = kept
}

func (a *article) doubtful(m *mention, lower, proven map[string]bool) bool {
	s := m.s
	seen, listed := true, false
	for i := m.first; i < m.last; i++ {
		w := &s.words[i]
		if w.shape < shapeLower || w.shape > shapeMixed || w.shape == shapeLower {
			continue
		}
		if w.class&listedName != 0 {
			listed = true
		} else if !lower[s.p.Tokens[i].Fold] {
			seen = false
		}
	}
	switch {
	case listed:
		return false
	case seen:
		return m.words > 1 || s.words[m.first].first || s.capsAt(m.first) != 0 || m.score < .9
	case s.capsAt(m.first) != 0:
		return !proven[m.key] && m.score < .95
	}
	return false
}

// capsAt tells how the sentence of token i is written: see run.
func (s *sight) capsAt(i int) uint8 {
	k := s.p.SentenceAt(s.p.Tokens[i].Start)
	if k < 0 || k >= len(s.caps) {
		return 0
	}
	return s.caps[k]
}
