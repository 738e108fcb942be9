package search

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"dateline/lang"
)

// What a rune is to a scanner.
const (
	classLetter   = 1 << iota // letters and their marks
	classDigit                // decimal digits
	classMark                 // goes with the rune before it
	classNothing              // is passed over inside words: tatweel, soft hyphen
	classUnspaced             // of a script written without spaces
)

const classSize = 0x3400

// runeTable has the classes of the runes below the ideographs.
type runeTable [classSize]uint8

var runeClasses = sync.OnceValue(func() *runeTable {
	t := new(runeTable)
	for i := range t {
		t[i] = classify(rune(i))
	}
	return t
})

func (t *runeTable) of(r rune) uint8 {
	switch {
	case r < classSize:
		return t[r]
	case r <= 0x9fff:
		return classLetter | classUnspaced
	case r >= 0xac00 && r <= 0xd7a3:
		return classLetter
	}
	return classify(r)
}

func classify(r rune) (c uint8) {
	switch {
	case unicode.IsMark(r):
		return classMark
	case unicode.IsDigit(r):
		return classDigit
	case r == 0xad, r == 0x200b, r == 0x200d, r == 0x2060, r == 0xfeff, r == tatweel:
		return classNothing
	case !unicode.IsLetter(r), r >= 0x2b9 && r <= 0x2c1: // the latter are apostrophes
		return 0
	}
	if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) || r == 'ー' || r == '々' {
		return classLetter | classUnspaced
	}
	return classLetter
}

// scanner parts one text into terms.
type scanner struct {
	class *runeTable
	text  string
	pack  *lang.Pack // nil for no stems
	out   []Term
	arena []byte // folded words, stems behind them
	cuts  []cut
}

// cut is where the strings of a term lie in the arena: its text up to stem,
// its stem up to end. Terms of unspaced scripts have none: their texts are cut
// from the text itself.
type cut struct{ term, text, stem, end int }

func (s *scanner) scan() {
	for i := 0; i < len(s.text); {
		r, n := rune(s.text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s.text[i:])
		}
		switch c := s.class.of(r); {
		case c&classUnspaced != 0:
			i = s.unspaced(i)
		case c&(classLetter|classDigit) != 0:
			end, dots := s.initials(i)
			if !dots {
				end = s.wordEnd(i, c&(classLetter|classDigit))
			}
			s.word(i, end, c&classLetter != 0)
			i = end
		default:
			i += n // A mark without its letter is no word.
		}
	}
	all := string(s.arena)
	for _, c := range s.cuts {
		s.out[c.term].Text, s.out[c.term].Stem = all[c.text:c.stem], all[c.stem:c.end]
	}
}

// initials tells whether single letters with full stops between them begin at
// start, "U.S" or "e.g", and where the last one ends. More than maxInitials are
// none, lest a long chain be looked at from each of its letters.
func (s *scanner) initials(start int) (end int, ok bool) {
	for i, n := start, 0; n < maxInitials; n++ {
		r, size := utf8.DecodeRuneInString(s.text[i:])
		if s.class.of(r)&(classLetter|classUnspaced) != classLetter {
			return end, false
		}
		i += size
		end = i
		next, size := utf8.DecodeRuneInString(s.text[i:])
		switch {
		case size > 0 && s.class.of(next) != 0:
			return end, false
		case next != '.' || i+1 == len(s.text):
			return end, ok
		}
		if after, _ := utf8.DecodeRuneInString(s.text[i+1:]); s.class.of(after) == 0 {
			return end, ok
		}
		i++
		ok = true
	}
	return end, false
}

const maxInitials = 8

// wordEnd returns where the letters, or the digits, from start on end.
func (s *scanner) wordEnd(start int, kind uint8) int {
	end := start
	for i := start; i < len(s.text); {
		r, n := rune(s.text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s.text[i:])
		}
		c := s.class.of(r)
		if c&classUnspaced != 0 || c&(kind|classMark|classNothing) == 0 {
			break
		}
		i += n
		if c&classNothing == 0 {
			end = i
		}
	}
	return end
}

// word adds a word, or a number.
func (s *scanner) word(start, end int, letters bool) {
	from := len(s.arena)
	s.arena = appendFold(s.arena, cutWord(s.text[start:end]))
	if len(s.arena) == from {
		return
	}
	stem := len(s.arena)
	if s.pack != nil && letters {
		s.arena = appendStem(s.arena, s.pack, s.arena[from:])
	}
	s.cuts = append(s.cuts, cut{len(s.out), from, stem, len(s.arena)})
	s.out = append(s.out, Term{Start: start, End: end})
}

// maxWord is the bytes of a word that count. German has words of 80, and what
// is longer is none.
const maxWord = 128

func cutWord(s string) string {
	if len(s) <= maxWord {
		return s
	}
	n := maxWord
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// unspaced adds each two characters of those from start on, and the last one,
// and returns where they end.
func (s *scanner) unspaced(start int) int {
	before, at := -1, start
	for {
		r, n := utf8.DecodeRuneInString(s.text[at:])
		if n == 0 || s.class.of(r)&classUnspaced == 0 {
			if before >= 0 {
				s.piece(before, at)
			}
			return at
		}
		end := at + n
		for end < len(s.text) {
			r, n := utf8.DecodeRuneInString(s.text[end:])
			if s.class.of(r)&(classMark|classNothing) == 0 {
				break
			}
			end += n
			if end-at > 32 {
				break // No character has so many marks; the rest stand alone.
			}
		}
		if before >= 0 {
			s.piece(before, end)
		}
		before, at = at, end
	}
}

func (s *scanner) piece(start, end int) {
	s.out = append(s.out, Term{Text: s.text[start:end], Start: start, End: end})
}

// appendFold folds a word: what [lang.Fold] does, without what stands between
// letters and is none, and with letters that are two ("ß") as two.
func appendFold(dst []byte, word string) []byte {
	from := len(dst)
	dst = lang.AppendFold(dst, word)
	to := from
	for i := from; i < len(dst); {
		if c := dst[i]; c < utf8.RuneSelf {
			if c != '.' { // of initials
				dst[to] = c
				to++
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(dst[i:])
		two := "" // as long as the letter in UTF-8
		switch r {
		case 'ß':
			two = "ss"
		case 'æ':
			two = "ae"
		case 'œ':
			two = "oe"
		case tatweel:
			i += n
			continue
		}
		if two != "" {
			to += copy(dst[to:], two)
		} else {
			to += copy(dst[to:], dst[i:i+n])
		}
		i += n
	}
	return dst[:to]
}

const tatweel = 0x640 // draws Arabic words out

// stemMark parts a stem from its language.
const stemMark = '·'

// appendStem appends the stem of a folded word with its language in front, or
// nothing.
func appendStem(dst []byte, p *lang.Pack, word []byte) []byte {
	if utf8.RuneCount(word) < 2 {
		return dst
	}
	from := len(dst)
	for _, c := range []byte(p.Tag) {
		if c != '-' {
			dst = append(dst, c|0x20)
		}
	}
	dst = utf8.AppendRune(dst, stemMark)
	bare := len(dst)
	dst = p.AppendStem(dst, string(word))
	if len(dst) == bare {
		dst = dst[:from]
	}
	return dst
}
