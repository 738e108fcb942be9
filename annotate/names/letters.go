package names

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxSteps bounds the work on one acronym.
const maxSteps = 300

// short tells whether what stands between brackets, tokens [first, last), is
// made of letters of the name in tokens [from, to): of the beginnings of its
// words ("Komnas HAM" of "Komisi Nasional Hak Asasi Manusia"), or of them and
// letters behind them ("Abert"). It begins as the name does.
func (s *sight) short(first, last, from, to int) bool {
	var letters []rune
	for i := first; i < last; i++ {
		for _, r := range s.p.Tokens[i].Fold {
			if unicode.IsLetter(r) {
				letters = append(letters, r)
			}
		}
	}
	if n := len(letters); n < 2 || n > 16 {
		return false
	}
	var words []string
	for i := from; i < to; i++ {
		if sh := s.words[i].shape; sh >= shapeLower && sh <= shapeMixed {
			words = append(words, s.p.Tokens[i].Fold)
		}
	}
	if len(words) < 2 || !strings.HasPrefix(words[0], string(letters[0])) {
		return false
	}
	steps := 0
	var match func(n, w, at, begun int) bool
	match = func(n, w, at, begun int) bool {
		if n == len(letters) {
			return begun >= 2
		}
		if steps++; steps > maxSteps {
			return false
		}
		for v := w + 1; v < len(words) && v <= w+3; v++ {
			if r, size := utf8.DecodeRuneInString(words[v]); r == letters[n] && match(n+1, v, size, begun+1) {
				return true
			}
			if len(words[v]) > 5 {
				break // Only short words are passed over.
			}
		}
		if k := strings.IndexRune(words[w][at:], letters[n]); k >= 0 {
			return match(n+1, w, at+k+utf8.RuneLen(letters[n]), begun)
		}
		return false
	}
	_, size := utf8.DecodeRuneInString(words[0])
	return match(1, 0, size, 1)
}

// expanded finds the name in front of letters in brackets where each letter
// begins one of its words, in capitals or not: "Всемирная организация
// здравоохранения (ВОЗ)". It is -1 where there is none, or nothing tells
// that it is an organization's.
func (s *sight) expanded(letters string, low, last int) int {
	i := last - 1
	organization := false
	for n := len(letters); n > 0; {
		want, size := utf8.DecodeLastRuneInString(letters[:n])
		if !unicode.IsUpper(want) {
			return -1
		}
		for i >= low && s.words[i].shape == shapeLower {
			s.lookUp(i)
			first, _ := utf8.DecodeRuneInString(s.p.Tokens[i].Fold)
			if s.words[i].class&(isOf|isJoiner|isDet|isParticle) == 0 || first == unicode.ToLower(want) {
				break
			}
			i--
		}
		if i < low || s.words[i].shape >= shapeNumber || s.words[i].shape == shapeOther {
			return -1
		}
		s.lookUp(i)
		if first, _ := utf8.DecodeRuneInString(s.p.Tokens[i].Fold); first != unicode.ToLower(want) {
			return -1
		}
		organization = organization || s.words[i].class&(isHead|isKnown|isTail|isFirm) != 0
		i--
		n -= size
	}
	if !organization || s.words[i+1].shape == shapeLower {
		return -1
	}
	return i + 1
}
