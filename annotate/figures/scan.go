package figures

import (
	"slices"
	"strings"

	"dateline"
	"dateline/annotate"
	"dateline/lang"
)

// scan is a part of the document while its figures are found.
type scan struct {
	d      *annotate.Document
	p      *annotate.Part
	t      *tables
	tokens []lang.Token

	words  [][]entry // what the phrase that begins at a token means
	length []uint8   // how many tokens it has; 0 inside one and where there is none
	state  []uint8   // what the earlier annotators marked, by token

	places, dates, names []*dateline.Annotation

	figs     []figure // of the sentence
	triggers []trigger
	earlier  []*figure // of the sentences before, that became marks
}

// What stands at a token.
const (
	inDate uint8 = 1 << iota
	inName
	inPlace
)

func newScan(d *annotate.Document, p *annotate.Part, t *tables) *scan {
	s := &scan{d: d, p: p, t: t, tokens: p.Tokens}
	n := len(p.Tokens)
	s.words = make([][]entry, n)
	s.length = make([]uint8, n)
	s.state = make([]uint8, n)
	s.dates = d.In(p, dateline.KindDate)
	s.places = d.In(p, dateline.KindPlace)
	s.names = d.In(p, dateline.KindPerson, dateline.KindOrganization)
	s.cover(s.dates, inDate)
	s.cover(s.places, inPlace)
	s.cover(s.names, inName)
	return s
}

func (s *scan) cover(marks []*dateline.Annotation, bit uint8) {
	for _, m := range marks {
		for i := s.p.TokenAt(m.Start); i < len(s.tokens) && s.tokens[i].Start < m.End; i++ {
			s.state[i] |= bit
		}
	}
}

// look looks up the words of a sentence.
func (s *scan) look(first, last int) {
	for i := first; i < last; {
		values, n := s.t.lex.Longest(s.tokens[:last], i)
		if n == 0 {
			i++
			continue
		}
		if exact := s.exact(values, i, n); len(exact) == 0 {
			i++
			continue
		} else {
			s.words[i], s.length[i] = exact, uint8(min(n, 255))
		}
		i += n
	}
}

// exact leaves out the meanings whose accents are not those of the text.
func (s *scan) exact(values []entry, i, n int) []entry {
	for k := range values {
		if e := &values[k]; e.exact == "" || strings.EqualFold(e.exact, s.p.Slice(i, i+n)) {
			continue
		}
		kept := slices.Clone(values[:k])
		for _, e := range values[k+1:] {
			if e.exact == "" || strings.EqualFold(e.exact, s.p.Slice(i, i+n)) {
				kept = append(kept, e)
			}
		}
		return kept
	}
	return values
}

// is returns what the phrase at token i means in a role; nil if it has it not.
func (s *scan) is(i int, r role) *entry {
	if i < 0 || i >= len(s.tokens) {
		return nil
	}
	for k := range s.words[i] {
		if s.words[i][k].role == r {
			return &s.words[i][k]
		}
	}
	return nil
}

// on is like is, of the meanings that stand on a side of the number.
func (s *scan) on(i int, r role, where side) *entry {
	if i < 0 || i >= len(s.tokens) {
		return nil
	}
	for k := range s.words[i] {
		if e := &s.words[i][k]; e.role == r && e.side&where != 0 {
			return e
		}
	}
	return nil
}

// endsBefore finds the phrase that ends right before token i and has the role:
// where it begins, or -1.
func (s *scan) endsBefore(i, first int, r role, where side) (int, *entry) {
	for j := i - 1; j >= first && j >= i-6; j-- {
		if n := int(s.length[j]); n > 0 {
			if j+n != i {
				return -1, nil
			}
			for k := range s.words[j] {
				if e := &s.words[j][k]; e.role == r && (where == 0 || e.side&where != 0) {
					return j, e
				}
			}
			return -1, nil
		}
	}
	return -1, nil
}

// known tells whether token i begins a phrase that is in the tables.
func (s *scan) known(i int) bool { return s.length[i] > 0 }

// sentence finds the figures of a sentence.
func (s *scan) sentence(sen lang.Sentence) {
	s.look(sen.First, sen.Last)
	s.figs, s.triggers = s.figs[:0], s.triggers[:0]
	s.numbers(sen)
	if len(s.figs) == 0 {
		return
	}
	s.findTriggers(sen)
	s.govern(sen)
	s.share(sen)
	s.emit(sen)
}
