package lang

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// How phrases are compared.
//
// Both the phrase and the block are read through the same folding, one rune at
// a time, so that nothing need be copied: letters lose case and accents
// ("À LIRE" is "a lire"), the Arabic-script letters that outlets choose
// between become one (ي ى ی, ك ک, أ إ آ ا, ة ه ہ) and lose vowel signs and
// tatweel, Hebrew loses its points, digits become ASCII, dashes, quotes and
// full-width forms their plain selves, runs of white space and the zero-width
// non-joiner one space, and white space before a mark such as ":" nothing.

const foldSize = 0x2100 // the table covers the alphabets; the rest is computed

const (
	classWord     = 1 << iota // letter, digit or mark: no phrase ends before it or begins after it
	classUnspaced             // of a script written without spaces: a phrase may begin and end anywhere
)

// foldTable maps a rune to what it is compared as; 0 means it is passed over.
type foldTable struct {
	to    [foldSize]uint16
	class [foldSize]uint8
}

var phraseFold = sync.OnceValue(newFoldTable)

func newFoldTable() *foldTable {
	t := new(foldTable)
	for i := range t.to {
		r := rune(i)
		to := unicode.ToLower(r)
		switch {
		case unicode.IsSpace(r):
			to = ' '
		case r < ' ':
			to = 0 // So that the placeholders' runes occur in no block.
		case r >= 0x300 && r <= 0x36f, // combining accents; what is a letter to Unicode, as tatweel is, stands here too
			r >= 0x591 && r <= 0x5c7 && r != 0x5be, // Hebrew points
			r >= 0x64b && r <= 0x65f, r == 0x670, r >= 0x6d6 && r <= 0x6ed, r == 0x640,
			r == 0x93c, r == 0x9bc, // nukta
			r == 0xad, r == 0x200b, r >= 0x200d && r <= 0x200f,
			r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f:
			to = 0
		case r >= 0xc0 && unicode.IsLetter(r):
			if d := norm.NFD.PropertiesString(string(to)).Decomposition(); len(d) > 0 {
				to, _ = utf8.DecodeRune(d)
			}
		case r >= 0x2010 && r <= 0x2015 || r == 0x2212:
			to = '-'
		}
		if unicode.IsDigit(r) {
			for zero := r - 9; zero <= r; zero++ {
				if unicode.IsDigit(zero) {
					to = '0' + (r-zero)%10
					break
				}
			}
		}
		t.to[i] = uint16(to)
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			t.class[i] = classWord
		}
		if unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) && !unicode.IsMark(r) {
			t.class[i] |= classUnspaced
		}
	}
	for _, p := range []string{
		"ıi", "İi", "łl", "Łl", "øo", "Øo", "đd", "Đd", "ςσ",
		"يی", "ىی", "ئی", "كک", "ةه", "ہه", "ۂه", "ۃه", "ھه", "ەه", "ٱا",
		"`'", "´'", "‘'", "’'", "‚'", "‛'", "′'", "ʼ'", "׳'",
		"“\"", "”\"", "„\"", "‟\"", "″\"", "״\"", "،,", "؛;", "؟?", "։:", "٪%", "۔.",
	} {
		from, n := utf8.DecodeRuneInString(p)
		to, _ := utf8.DecodeRuneInString(p[n:])
		t.to[from] = uint16(to)
	}
	t.to[0x200c] = ' '
	t.class[0x200c] = 0
	return t
}

// rune folds one rune; 0 means it is passed over.
func (t *foldTable) rune(r rune) rune {
	switch {
	case r < foldSize:
		return rune(t.to[r])
	case r == 0x3000:
		return ' '
	case r == '。':
		return '.'
	case r == '、':
		return ','
	case r >= 0xff01 && r <= 0xff5e:
		return rune(t.to[r-0xff01+'!'])
	case r == 0xfeff, r >= 0xfe00 && r <= 0xfe0f:
		return 0
	}
	return r
}

// classOf says how r bounds words.
func (t *foldTable) classOf(r rune) uint8 {
	switch {
	case r < foldSize:
		return t.class[r]
	case r >= 0xac00 && r <= 0xd7a3: // Hangul syllables
		return classWord
	case r >= 0x3041 && r <= 0x30ff, r >= 0x3400 && r <= 0x9fff, r >= 0xf900 && r <= 0xfaff, r >= 0x20000 && r <= 0x3ffff:
		return classWord | classUnspaced
	case r >= 0x2c00 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
		return classWord
	}
	return 0
}

// next returns the folded rune at s[i:] and where the one after it begins; 0
// at the end. White space is given as one space, and not at all before a mark
// that closes.
func (t *foldTable) next(s string, i int) (rune, int) {
	for i < len(s) {
		var r rune
		var n int
		if c := s[i]; c < utf8.RuneSelf {
			r, n = rune(t.to[c]), 1
		} else {
			r, n = utf8.DecodeRuneInString(s[i:])
			r = t.rune(r)
		}
		i += n
		switch r {
		case 0:
			continue
		case ' ':
			for i < len(s) {
				r, n = utf8.DecodeRuneInString(s[i:])
				r = t.rune(r)
				if r != ' ' && r != 0 {
					break
				}
				i += n
			}
			if i >= len(s) {
				return 0, i
			}
			switch r {
			case ':', '!', '?', ',', ';', '.', ')':
				return r, i + n
			}
			return ' ', i
		}
		return r, i
	}
	return 0, i
}

// appendFold appends s as next gives it, without white space at its ends, for
// tables made while loading.
func (t *foldTable) appendFold(out []byte, s string) []byte {
	from := len(out)
	for i := 0; i < len(s); {
		var r rune
		r, i = t.next(s, i)
		if r == 0 || r == ' ' && len(out) == from {
			continue
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// Fold gives text as words are compared: lower case, without accents, with
// the letters and signs that outlets choose between made one; see the head of
// this file.
func Fold(s string) string { return string(AppendFold(nil, s)) }

// AppendFold appends what [Fold] gives to dst.
func AppendFold(dst []byte, s string) []byte { return phraseFold().appendFold(dst, s) }
