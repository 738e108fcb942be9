package read

import (
	"unicode"
	"unicode/utf8"
)

// tokenize writes the sorted hashes of a text's words, in lower case, and
// returns a hash of them in their order and their number. Of scripts without
// spaces every character is a word.
func tokenize(s string, out *[maxTokens]uint32) (key uint64, n int) {
	const seed, prime = 2166136261, 16777619
	h := uint32(seed)
	in := false
	put := func() {
		if in {
			key = (key ^ uint64(h)) * 1099511628211
			if n < maxTokens {
				out[n] = h
				n++
			}
		}
		h, in = seed, false
	}
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c >= 'A' && c <= 'Z':
				h = (h ^ uint32(c|0x20)) * prime
				in = true
			case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
				h = (h ^ uint32(c)) * prime
				in = true
			case c == '\'':
			default:
				put()
			}
			continue
		}
		r, k := utf8.DecodeRuneInString(s[i:])
		i += k
		switch {
		case r == '’' || r == 0xAD || r == 0x200b:
		case unspaced(r):
			put()
			h = (h ^ uint32(r)) * prime
			in = true
			put()
		case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r):
			h = (h ^ uint32(unicode.ToLower(r))) * prime
			in = true
		default:
			put()
		}
	}
	put()
	for i := 1; i < n; i++ {
		for j := i; j > 0 && out[j] < out[j-1]; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return key, n
}

// common returns how many words two candidates share.
func (c *candidate) common(d *candidate) int {
	i, j, n := 0, 0, 0
	for i < c.n && j < d.n {
		switch x, y := c.tokens[i], d.tokens[j]; {
		case x == y:
			n++
			i++
			j++
		case x < y:
			i++
		default:
			j++
		}
	}
	return n
}

// betterText returns which of two texts with the same words is to be the
// headline: the first, which the page shows, unless it runs together what the
// other parts by a space or a sign, or is all in capitals.
func betterText(shown, other string, from source) string {
	if shown == other {
		return shown
	}
	var cuts [maxCuts]cut
	if len(other) > len(shown) && (hash([]byte(shown)) == hash([]byte(other)) || from&(fromLD|fromOG) != 0 && separators(other, &cuts) > separators(shown, &cuts)) {
		return other
	}
	a, b := count([]byte(shown)), count([]byte(other))
	if a.allUpper*2 > a.words && b.allUpper*2 <= b.words {
		return other
	}
	return shown
}
