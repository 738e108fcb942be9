package names

import (
	"unicode/utf8"

	"dateline"
)

// closed finds organizations that end in a word in lower case, with adjectives
// before it of which the first has a capital, where words have case endings:
// "Московский городской суд". They take the place of what the model found.
func (a *article) closed() {
	if len(a.t.endings) == 0 {
		return
	}
	var found []*mention
	for _, s := range a.sights {
		for i := 2; i < len(s.words); i++ {
			if s.words[i].shape != shapeLower {
				continue
			}
			if s.lookUp(i); s.words[i].class&isClosing == 0 || !s.adjective(i-1, shapeLower, i-1) {
				continue
			}
			k := i - 2
			for k > 0 && k > i-4 && s.adjective(k, shapeLower, i-1) {
				k--
			}
			if s.adjective(k, shapeCapital, i-1) && s.words[k].class&(isTitle|isDemonym|isNoName) == 0 {
				m := &mention{s: s, entity: entity{k, i + 1, dateline.KindOrganization, .8}}
				m.key, m.words = s.key(k, i+1)
				found = append(found, m)
			}
		}
	}
	if len(found) == 0 {
		return
	}
	type token struct {
		s *sight
		i int
	}
	taken := make(map[token]bool, 4*len(found))
	for _, f := range found {
		for i := f.first; i < f.last; i++ {
			taken[token{f.s, i}] = true
		}
	}
	kept := make([]*mention, 0, len(a.mentions)+len(found))
mentions:
	for _, m := range a.mentions {
		for i := m.first; i < m.last; i++ {
			if taken[token{m.s, i}] {
				continue mentions
			}
		}
		kept = append(kept, m)
	}
	n := len(kept)
	a.mentions = append(kept, found...)
	a.order(n)
}

// adjective tells whether token i is a word of the shape and ends in the
// letter that token like does, and nothing parts it from the next.
func (s *sight) adjective(i int, shape uint8, like int) bool {
	if s.words[i].shape != shape || s.p.Tokens[i+1].Paragraph {
		return false
	}
	f, g := s.p.Tokens[i].Fold, s.p.Tokens[like].Fold
	x, _ := utf8.DecodeLastRuneInString(f)
	y, _ := utf8.DecodeLastRuneInString(g)
	s.lookUp(i)
	return x == y && utf8.RuneCountInString(f) > 4 && s.words[i].class&(isSay|isBefore|isStop) == 0
}
