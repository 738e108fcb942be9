package lang

import (
	"unicode"
	"unicode/utf8"
)

// What may follow a phrase, by the form it is written for.

// dated reports whether all that follows i could be a date or time: a few
// words, one of them a number, and no full stop.
func (m *phraseMatcher) dated(i int) bool {
	fold, b := m.set.fold, m.block
	if len(b)-i > maxDate {
		return false
	}
	digits, letters, words, inWord := 0, 0, 0, false
	for i < len(b) {
		r, size := utf8.DecodeRuneInString(b[i:])
		i += size
		switch f := fold.rune(r); {
		case f >= '0' && f <= '9':
			digits++
			inWord = false
		case fold.classOf(r) != 0:
			if !inWord {
				words++
			}
			letters++
			inWord = true
		case f == 0 || f == '\'':
		default:
			inWord = false
			if (f == '.' || f == '!' || f == '?') && i == len(b) && letters > 12 {
				return false
			}
		}
	}
	return digits > 0 && words <= 7
}

// onlyMarks reports whether nothing follows i but white space, marks, icons
// and a number.
func (m *phraseMatcher) onlyMarks(i int) bool {
	fold := m.set.fold
	if len(m.block)-i > maxRest {
		return false
	}
	digits := 0
	for i < len(m.block) {
		r, size := utf8.DecodeRuneInString(m.block[i:])
		i += size
		if fold.classOf(r) == 0 {
			continue
		}
		f := fold.rune(r)
		if f >= '0' && f <= '9' {
			if digits++; digits > 7 {
				return false
			}
		} else if f != 0 {
			return false
		}
	}
	return true
}

// names reports whether all that follows i looks like the names of people or
// desks: a few words with capitals, joined by the packs' joiners or by marks;
// in scripts without capitals, a few words that end in no full stop.
func (m *phraseMatcher) names(i int) bool {
	b := m.block
	if len(b)-i > maxRest {
		return false
	}
	words, capitals := 0, 0
	for i < len(b) {
		r, size := utf8.DecodeRuneInString(b[i:])
		if m.set.fold.classOf(r) == 0 {
			if (r == '.' || r == '?' || r == '!' || r == '。' || r == '؟' || r == '।' || r == '۔') && m.skip(i, true) == len(b) && !m.initial(i) {
				return false
			}
			i += size
			continue
		}
		start := i
		for i < len(b) {
			c, size := utf8.DecodeRuneInString(b[i:])
			if m.set.fold.classOf(c) == 0 && c != '\'' && c != '’' && c != '-' && c != '@' {
				break
			}
			i += size
		}
		words++
		switch {
		case unicode.IsUpper(r), unicode.IsDigit(r):
			capitals++
		case unicode.IsLower(r):
			if _, ok := m.set.joiners[b[start:i]]; !ok {
				return false
			}
		case m.set.fold.classOf(r)&classUnspaced != 0:
			if utf8.RuneCountInString(b[start:i]) > 12 {
				return false
			}
			capitals++
		default:
			if words > 6 {
				return false
			}
			capitals++
		}
		if words > 12 {
			return false
		}
	}
	return capitals > 0 && capitals*2 >= words
}

// initial reports whether the word that ends before the full stop at i is so
// short that it is an initial or "Jr".
func (m *phraseMatcher) initial(i int) bool {
	return i >= 3 && (m.block[i-2] == ' ' || m.block[i-3] == ' ' || m.block[i-2] == '.')
}
