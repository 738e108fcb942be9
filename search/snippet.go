package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// Snippet is a passage of a text that shows why it was found.
type Snippet struct {
	Range         // bytes of the text
	Words []Range // the query's words in it: bytes of the text too, as of [Matcher.Highlight]
}

// passage is about how many code points a snippet has.
const passage = 200

// farthest is how many bytes a grapheme may have to be kept whole.
const farthest = 256

// Snippets gives the best passages of a text, of a language, in its order: that
// with most of the query's words, and another if it has words which the first
// has not. Where none is found it is the beginning of the text; nil where that
// is empty. Passages begin and end between words and within a paragraph where
// they can, and never inside a grapheme (of reasonable size). The time it takes
// is linear in the text.
func (m *Matcher) Snippets(text, language string) []Snippet {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	matches := m.find(nil, text, language, false, false)
	if len(matches) == 0 {
		return []Snippet{{Range: around(text, Range{})}}
	}
	at := countRunes(text, matches)
	have := make([]bool, len(m.patterns))
	first := m.densest(matches, at, have, Range{})
	out := []Snippet{cutOut(text, matches, first)}
	for _, f := range matches {
		if f.Start >= out[0].Start && f.End <= out[0].End {
			have[f.pattern] = true
		}
	}
	if second := m.densest(matches, at, have, out[0].Range); second.End > 0 {
		s := cutOut(text, matches, second)
		switch {
		case s.End <= out[0].Start:
			out = []Snippet{s, out[0]}
		case s.Start >= out[0].End:
			out = append(out, s)
		}
	}
	return out
}

// countRunes tells how many code points are before each match.
func countRunes(text string, matches []match) []int {
	at := make([]int, len(matches))
	from, n := 0, 0
	for i, f := range matches {
		n += utf8.RuneCountInString(text[from:f.Start])
		from, at[i] = f.Start, n
	}
	return at
}

// densest gives the run of matches, within a passage's length and apart from
// what is taken, that has most patterns which are not to be had already, then
// most matches; the first of those. It is empty where none has any.
func (m *Matcher) densest(matches []match, at []int, have []bool, taken Range) Range {
	counts := make([]int, len(m.patterns))
	kinds, best, bestKinds, bestMany := 0, Range{}, 0, 0
	from := 0
	drop := func(to int) {
		for ; from < to; from++ {
			if p := matches[from].pattern; !have[p] {
				if counts[p]--; counts[p] == 0 {
					kinds--
				}
			}
		}
	}
	for i, f := range matches {
		if taken.End > 0 && f.Start < taken.End && f.End > taken.Start {
			drop(i + 1)
			continue
		}
		if !have[f.pattern] {
			if counts[f.pattern]++; counts[f.pattern] == 1 {
				kinds++
			}
		}
		to := from
		for at[i]-at[to] > passage*3/4 {
			to++
		}
		drop(to)
		if many := i - from; kinds > bestKinds || kinds == bestKinds && kinds > 0 && many > bestMany {
			best, bestKinds, bestMany = Range{matches[from].Start, f.End}, kinds, many
		}
	}
	return best
}

// cutOut makes the snippet around some matches.
func cutOut(text string, matches []match, core Range) Snippet {
	s := Snippet{Range: around(text, core)}
	for _, f := range matches {
		f.Start, f.End = max(f.Start, s.Start), min(f.End, s.End)
		if f.Start >= f.End {
			continue
		}
		if n := len(s.Words); n > 0 && f.Start <= s.Words[n-1].End {
			s.Words[n-1].End = max(s.Words[n-1].End, f.End)
		} else {
			s.Words = append(s.Words, f.Range)
		}
	}
	return s
}

// around gives a passage with the core in it: from the beginning of a sentence
// or a word before it to the end of one behind it.
func around(text string, core Range) Range {
	start := before(text, core.Start, passage/3)
	length := 0
	for i := start; i < core.Start; length++ {
		_, n := utf8.DecodeRuneInString(text[i:])
		i += n
	}
	end := behind(text, start, core.Start, core.End, passage-length)
	for start < end {
		r, n := utf8.DecodeRuneInString(text[start:])
		if !unicode.IsSpace(r) {
			break
		}
		start += n
	}
	return Range{start, end}
}

// before goes back from a place, up to so many code points.
func before(text string, from, budget int) int {
	i := from
	word, sentence := -1, -1
	for range budget {
		if i == 0 || text[i-1] == '\n' {
			return i
		}
		r, n := utf8.DecodeLastRuneInString(text[:i])
		if unicode.IsSpace(r) {
			word = i
			if last, _ := utf8.DecodeLastRuneInString(strings.TrimRightFunc(text[max(0, i-n-8):i-n], unicode.IsSpace)); endsSentence(last) {
				sentence = i
			}
		} else if endsSentence(r) && r >= utf8.RuneSelf && i < from {
			sentence = i
		}
		i -= n
	}
	switch {
	case sentence >= 0:
		return boundary(text, sentence, true)
	case word >= 0:
		return boundary(text, word, true)
	}
	return boundary(text, i, true)
}

func endsSentence(r rune) bool { return unicode.Is(unicode.Sentence_Terminal, r) }

// behind goes on from a core, so that there are up to so many code points from
// its start on, but at least to the core's end if that is near.
func behind(text string, first, start, end, budget int) int {
	i, word := start, -1
	for n := 0; n < budget; n++ {
		if i == len(text) || i >= end && text[i] == '\n' {
			return i
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if i >= end && i > first && unicode.IsSpace(r) {
			word = i
		}
		i += size
	}
	if i == len(text) || text[i] == '\n' {
		return i
	}
	if word > 0 {
		i = word
	}
	return boundary(text, i, false)
}

// boundary is the grapheme boundary at or next to a place: before it with
// back, else behind it. What has more bytes than a grapheme may is broken where
// the code point begins.
func boundary(text string, at int, back bool) int {
	// Lines and signs of ASCII but spaces begin graphemes for sure, and only
	// such a stretch of text is looked at.
	from := at
	for from > 0 && at-from < 4*farthest && text[from-1] != '\n' {
		from--
	}
	for from < at && !utf8.RuneStart(text[from]) {
		from++
	}
	i := from
	for g := graphemes.FromString(text[from:]); i < at && g.Next(); {
		start, end := i, from+g.End()
		i = end
		if end <= at {
			continue
		}
		if back && at-start <= farthest {
			return start
		}
		if !back && end-at <= farthest {
			return end
		}
		return at
	}
	return at
}
