package search

import (
	"slices"
	"strings"

	"dateline/lang"
)

// Range is a part of a text, in bytes.
type Range struct{ Start, End int }

// Matcher finds the words of a query in texts, as the index finds them: in
// all their forms, by stems of the text's language, in scripts without spaces
// too. Names that a query asks for are found as they stand. What a query
// excludes is not looked for. It is safe for concurrent use.
type Matcher struct {
	analyzer *Analyzer
	root     Node
	patterns []pattern
	first    map[string][]int // patterns by their first term
	begin    []int            // patterns whose first term is the beginning of one
	stems    map[string][]int // patterns by stems
	leaf     map[Node]int     // the pattern of a Word or Phrase
}

// pattern is what a word, phrase or name is looked up by.
type pattern struct {
	Forms
	title    bool // only the headline counts
	excluded bool // it stands in a Not
	star     bool // a beginning was asked for, and the whole word is meant
}

// match is where a pattern was found.
type match struct {
	pattern int
	Range
}

// NewMatcher returns a matcher for a query, of which nil finds nothing.
func NewMatcher(q *Query, a *Analyzer) *Matcher {
	m := &Matcher{analyzer: a, first: map[string][]int{}, stems: map[string][]int{}, leaf: map[Node]int{}}
	if q != nil && q.Root != nil {
		m.root = q.Root
		m.add(q.Root, false)
	}
	return m
}

func (m *Matcher) add(n Node, excluded bool) {
	p := pattern{excluded: excluded}
	switch n := n.(type) {
	case And:
		for _, c := range n {
			m.add(c, excluded)
		}
		return
	case Or:
		for _, c := range n {
			m.add(c, excluded)
		}
		return
	case Not:
		m.add(n.Node, !excluded)
		return
	case Word:
		p.title = n.Field == FieldTitle
		if n.Prefix {
			p.Forms = m.analyzer.Exactly(n.Text)
			p.Prefix, p.star = true, true
		} else {
			p.Forms = m.analyzer.Forms(n.Text)
		}
	case Phrase:
		p.title = n.Field == FieldTitle
		p.Forms = m.analyzer.Exactly(n.Text)
	case Is:
		if n.Field != FieldPerson && n.Field != FieldOrg && n.Field != FieldPlace {
			return
		}
		p.Forms = m.analyzer.Exactly(n.Value)
	default:
		return
	}
	if len(p.Terms) == 0 {
		return
	}
	i := len(m.patterns)
	m.patterns = append(m.patterns, p)
	m.leaf[n] = i
	if p.Prefix && len(p.Terms) == 1 {
		m.begin = append(m.begin, i)
	} else {
		m.first[p.Terms[0]] = append(m.first[p.Terms[0]], i)
	}
	for _, s := range p.Stems {
		m.stems[s] = append(m.stems[s], i)
	}
}

// find appends where patterns are found, in the order of the text. It looks at
// each term once, and for each pattern that begins there at as many more as that
// has.
func (m *Matcher) find(dst []match, text, language string, title, all bool) []match {
	if len(m.patterns) == 0 || text == "" {
		return dst
	}
	terms := m.analyzer.AppendTerms(nil, text, language)
	try := func(p, i int) {
		if w := &m.patterns[p]; (all || !w.excluded) && (title || !w.title) {
			if end := w.at(terms[i:]); end > 0 {
				dst = append(dst, match{p, Range{terms[i].Start, end}})
			}
		}
	}
	for i := range terms {
		t := &terms[i]
		for _, p := range m.first[t.Text] {
			try(p, i)
		}
		for _, p := range m.begin {
			try(p, i)
		}
		if t.Stem == "" {
			continue
		}
		for _, p := range m.stems[t.Stem] {
			if w := &m.patterns[p]; (all || !w.excluded) && (title || !w.title) {
				dst = append(dst, match{p, Range{t.Start, t.End}})
			}
		}
	}
	return dst
}

// at tells where the pattern ends if it stands at the first of the terms, 0 if
// it does not.
func (w *pattern) at(terms []Term) int {
	if len(terms) < len(w.Terms) {
		return 0
	}
	last := len(w.Terms) - 1
	for i, t := range w.Terms[:last] {
		if terms[i].Text != t {
			return 0
		}
	}
	got, want := &terms[last], w.Terms[last]
	switch {
	case got.Text == want:
		return got.End
	case !w.Prefix || !strings.HasPrefix(got.Text, want):
		return 0
	case w.star:
		return got.End
	}
	// A character of a script without spaces, which a term begins with.
	return got.Start + len(want)
}

// Highlight gives where a text, of a language, has words of the query: in
// order, apart from each other, on boundaries of code points. It takes time
// linear in the text.
func (m *Matcher) Highlight(text, language string) []Range {
	return merged(m.find(nil, text, language, false, false))
}

// HighlightTitle is Highlight for a headline: words that are asked for there
// alone are found too.
func (m *Matcher) HighlightTitle(title, language string) []Range {
	return merged(m.find(nil, title, language, true, false))
}

// merged puts together matches that overlap or touch. Their starts are in
// order.
func merged(matches []match) []Range {
	if len(matches) == 0 {
		return nil
	}
	out := make([]Range, 0, len(matches))
	for _, m := range matches {
		if n := len(out); n > 0 && m.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, m.End)
		} else {
			out = append(out, m.Range)
		}
	}
	return out
}

// Sentences gives the sentences of a text that hold all that the matcher's
// query asks for. What is asked of marks, and of the article as a whole, other
// says: of the sentence with those bytes. title says that the text is a
// headline.
func (m *Matcher) Sentences(text, language string, title bool, other func(n Node, start, end int) bool) []Range {
	matches := m.find(nil, text, language, title, true)
	pack := m.analyzer.packs.Pack(language)
	var out []Range
	has := make([]bool, len(m.patterns))
	for _, s := range pack.Sentences(text, pack.Tokens(text)) {
		clear(has)
		for len(matches) > 0 && matches[0].Start < s.End {
			if f := matches[0]; f.Start >= s.Start && f.End <= s.End {
				has[f.pattern] = true
			}
			matches = matches[1:]
		}
		if m.root == nil || m.holds(m.root, has, s, other) {
			out = append(out, Range{s.Start, s.End})
		}
	}
	return out
}

func (m *Matcher) holds(n Node, has []bool, s lang.Sentence, other func(Node, int, int) bool) bool {
	holds := func(n Node) bool { return m.holds(n, has, s, other) }
	switch n := n.(type) {
	case And:
		return !slices.ContainsFunc(n, func(c Node) bool { return !holds(c) })
	case Or:
		return slices.ContainsFunc(n, holds)
	case Not:
		return !holds(n.Node)
	case Word, Phrase:
		i, ok := m.leaf[n]
		return ok && has[i]
	}
	return other(n, s.Start, s.End)
}
