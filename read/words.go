package read

import (
	"unicode"
	"unicode/utf8"
)

// wordSet is the words of a headline or a description, by which the text they
// are about is known. A word is seen by its first letters only, so that most
// inflected forms are the same; of scripts without spaces every two characters
// are a word. It is a bitmap: two words may fall together, seldom.
type wordSet struct {
	bits [8]uint64
	n    int
}

const (
	wordLetters = 5 // what is seen of a word
	wordLeast   = 4 // shorter words are mostly of no meaning
)

// set makes s the words of text.
func (s *wordSet) set(text string) {
	*s = wordSet{}
	eachWord(text, func(h uint32) {
		w, b := h>>6&7, h&63
		if s.bits[w]>>b&1 == 0 {
			s.bits[w] |= 1 << b
			s.n++
		}
	})
}

// in tells how many of the set's words stand in a text, and their share.
func (s *wordSet) in(text []byte, words int32) (hits, share uint8) {
	if s.n == 0 || words < 3 {
		return 0, 0
	}
	var seen [8]uint64
	n := int32(0)
	eachWord(str(text[:min(len(text), 1500)]), func(h uint32) {
		w, b := h>>6&7, h&63
		if s.bits[w]>>b&1 == 1 && seen[w]>>b&1 == 0 {
			seen[w] |= 1 << b
			n++
		}
	})
	return uint8(min(n, 20)), frac(n, int32(s.n))
}

// eachWord calls f with a hash of each word of a text.
func eachWord(text string, f func(h uint32)) {
	const offset, prime = 2166136261, 16777619
	h, n := uint32(offset), 0
	mix := func(h uint32) uint32 { return h ^ h>>15 ^ h>>9 }
	var last rune
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		i += size
		switch {
		case r < utf8.RuneSelf && ascii[r]&(bLetter|bDigit) != 0:
			if r >= 'A' && r <= 'Z' {
				r += 'a' - 'A'
			}
		case r < utf8.RuneSelf:
			if n >= wordLeast {
				f(mix(h))
			}
			h, n, last = offset, 0, 0
			continue
		case unspaced(r):
			if last != 0 {
				f(mix((uint32(last)*prime ^ uint32(r)) * prime))
			}
			h, n, last = offset, 0, r
			continue
		case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r):
			r = unicode.ToLower(r)
		default:
			if n >= wordLeast {
				f(mix(h))
			}
			h, n, last = offset, 0, 0
			continue
		}
		if n < wordLetters {
			h = (h ^ uint32(r)) * prime
		}
		n++
	}
	if n >= wordLeast {
		f(mix(h))
	}
}
