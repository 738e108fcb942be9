package names

import (
	"slices"
	"unicode/utf8"

	"dateline"
)

// meant takes away what letters in brackets tell to be no name: the letters,
// everywhere, where the words in front that they are made of are no
// organization ("perselisihan hasil pemilu (PHP)"), and those words where the
// letters are known to be no name ("Bahan Bakar Minyak (BBM)").
func (a *article) meant() {
	if len(a.mentions) == 0 {
		return
	}
	none := map[string]bool{}
	var drop []*mention
	n, at := len(a.mentions), 0
	for _, s := range a.sights {
		tokens := s.p.Tokens
		for open := 2; open+2 < len(tokens); open++ {
			if s.words[open].shape != shapeOpen || s.words[open+2].shape != shapeClose || s.words[open+1].shape < shapeUpper2 || s.words[open+1].shape > shapeUpper {
				continue
			}
			for at < n && a.mentions[at].s == s && a.mentions[at].last < open {
				at++
			}
			var before *mention // What ends at the bracket, or reaches it.
			if at < n && a.mentions[at].s == s && a.mentions[at].first < open {
				before = a.mentions[at]
			}
			s.lookUp(open + 1)
			if w := &s.words[open+1]; w.class&isNoName != 0 && w.class&isKnown == 0 {
				if before != nil && before.kind != dateline.KindPlace && s.spells(open+1, before.first, open) {
					drop = append(drop, before)
				}
				continue
			} else if w.class&(isKnown|isHead) != 0 {
				continue
			}
			first := s.spelling(open+1, s.p.Sentences[max(s.p.SentenceAt(tokens[open].Start), 0)].First, open)
			if first < 0 || s.words[first].class&(isGiven|isTitle) != 0 || s.tellsOf(first, open) || before != nil && before.kind != dateline.KindPlace {
				continue
			}
			if k := at - 1; k >= 0 && a.mentions[k].s == s && a.mentions[k].last > first {
				continue // Some of the words are of a name.
			}
			none[tokens[open+1].Fold] = true
		}
		for at < n && a.mentions[at].s == s {
			at++
		}
	}
	if len(none) == 0 && len(drop) == 0 {
		return
	}
	a.mentions = slices.DeleteFunc(a.mentions, func(m *mention) bool {
		return m.kind == dateline.KindOrganization && m.last == m.first+1 && none[m.s.p.Tokens[m.first].Fold] || slices.Contains(drop, m)
	})
}

// tellsOf tells whether the words of tokens [first, last) are of an
// organization by the one that says what it is: the first one, or any where an
// owner may stand in front of it, "Iraqi News Agency".
func (s *sight) tellsOf(first, last int) bool {
	if !s.t.ownerFirst {
		last = first + 1
	}
	for i := first; i < last; i++ {
		if s.words[i].class&(isHead|isKnown|isFirm|isTail) != 0 {
			return true
		}
	}
	return false
}

// spells tells whether the letters of token i are the first ones of words in
// tokens [from, to), of the first among them.
func (s *sight) spells(i, from, to int) bool { return s.spelling(i, from, to) == from }

// spelling is where the words before token to begin whose first letters are
// those of token i, in capitals or not; -1 where there are none. Short words
// may be passed over.
func (s *sight) spelling(i, low, to int) int {
	letters := s.p.Tokens[i].Fold
	k := to - 1
	for n := len(letters); n > 0; k-- {
		want, size := utf8.DecodeLastRuneInString(letters[:n])
		if k < low || s.words[k].shape < shapeLower || s.words[k].shape > shapeMixed {
			return -1
		}
		s.lookUp(k)
		switch first, _ := utf8.DecodeRuneInString(s.p.Tokens[k].Fold); {
		case first == want:
			n -= size
		case s.words[k].class&(isOf|isJoiner|isDet|isParticle|isBefore) != 0 && n < len(letters):
		default:
			return -1
		}
	}
	return k + 1
}
