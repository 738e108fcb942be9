package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/lang"
)

// Term is what one position of a text is found by. Neither Text nor Stem has
// white space, or any sign of ASCII: only a to z, digits, and what is beyond.
type Term struct {
	Text string // folded
	// Stem is the stem with its language in front, "id·kebijakan", also where
	// it is the word itself; empty where the language's pack has no endings,
	// and for numbers, words of under the least letters, and foreign scripts.
	Stem       string
	Start, End int // bytes of the text
}

// Analyzer makes terms with the endings of language packs. It is safe for
// concurrent use.
type Analyzer struct {
	packs   *lang.Packs
	stemmed []*lang.Pack // those that say how words are stripped
	class   *runeTable
}

// NewAnalyzer returns an analyzer of the packs.
func NewAnalyzer(packs *lang.Packs) *Analyzer {
	a := &Analyzer{packs: packs, class: runeClasses()}
	for _, tag := range packs.Tags() {
		if p := packs.Pack(tag); p.HasStems() {
			a.stemmed = append(a.stemmed, p)
		}
	}
	return a
}

// AppendTerms appends the terms of text to dst, in the order of the text. A
// term's index among those appended is its position: words that stand in a row
// have positions in a row. The language is the article's; of one that has no
// pack, or none, there are no stems. Stop words are terms like all others.
func (a *Analyzer) AppendTerms(dst []Term, text, language string) []Term {
	s := scanner{class: a.class, text: text}
	if language != "" {
		s.pack = a.packs.Pack(language)
	}
	if !s.pack.HasStems() {
		s.pack = nil
	}
	n := len(text)/6 + 4
	s.out = slices.Grow(dst, n)
	s.cuts = make([]cut, 0, n)
	size := len(text) + 16
	if s.pack != nil {
		size *= 3 // The stems, with their language, and some room.
	}
	s.arena = make([]byte, 0, size)
	s.scan()
	return s.out
}

// Joined writes terms as an index of words takes them: the texts in order, and
// each stem once, with spaces between. A stem needs no place, for nobody asks
// for stems in a row.
func Joined(terms []Term) (texts, stems string) {
	var t, s strings.Builder
	seen := make(map[string]bool, len(terms)/2)
	for _, term := range terms {
		t.WriteString(term.Text)
		t.WriteByte(' ')
		if term.Stem != "" && !seen[term.Stem] {
			seen[term.Stem] = true
			s.WriteString(term.Stem)
			s.WriteByte(' ')
		}
	}
	return strings.TrimSuffix(t.String(), " "), strings.TrimSuffix(s.String(), " ")
}

// Forms is what a word or phrase of a query is looked up by.
type Forms struct {
	// Terms stand in a row among the texts of terms. It is empty for what has
	// no letter and no digit, which finds nothing.
	Terms []string
	// Prefix says that the last of Terms is only the beginning of one.
	Prefix bool
	// Stems are to be had as well: a position with one of them is found too.
	Stems []string
}

// Forms returns what a word of a query is looked up by. Languages are those
// that the store has articles in; none are all. A word with an apostrophe or a
// zero-width non-joiner, "Ankara'da", is several terms and has the stems of
// what it is without.
func (a *Analyzer) Forms(word string, languages ...string) Forms {
	f := a.Exactly(word)
	if len(f.Terms) == 0 || f.Prefix || len(f.Terms) > 1 && strings.ContainsFunc(strings.TrimSpace(word), parts) {
		return f
	}
	var buf []byte
	whole := []byte(strings.Join(f.Terms, ""))
	for _, p := range a.stemmed {
		if len(languages) > 0 && !slices.ContainsFunc(languages, func(l string) bool { return a.packs.Pack(l) == p }) {
			continue
		}
		if buf = appendStem(buf[:0], p, whole); len(buf) > 0 {
			f.Stems = append(f.Stems, string(buf))
		}
	}
	return f
}

// parts tells whether r parts a word so that nothing whole is left.
func parts(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune("'’‘ʼ＇\u200c\u200d\u200b\u00ad", r)
}

// Exactly returns what a phrase, or a word as it stands, is looked up by: its
// terms in a row, without stems. A single character of a script without spaces
// is the beginning of the terms it stands in.
func (a *Analyzer) Exactly(text string) Forms {
	terms := a.AppendTerms(nil, text, "")
	var f Forms
	for i, t := range terms {
		if i > 0 && i == len(terms)-1 && t.Start < terms[i-1].End && t.Start > terms[i-1].Start {
			break // The last character alone: the text may go on behind it.
		}
		f.Terms = append(f.Terms, t.Text)
		r, n := utf8.DecodeRuneInString(t.Text)
		f.Prefix = i == len(terms)-1 && a.class.of(r)&classUnspaced != 0 && n == len(strings.TrimRightFunc(t.Text, unicode.IsMark))
	}
	return f
}
