package dates

import (
	"dateline"
	"dateline/annotate"
	"dateline/lang"
)

// tokenEntry is a meaning of the words that begin at a token.
type tokenEntry struct {
	entry
	n uint8 // tokens it takes
}

// scan is the search of one part.
type scan struct {
	*tables
	text    string
	title   bool // it is a headline
	tokens  []lang.Token
	entries []tokenEntry
	at      []int32 // of a token: where its entries begin
	matches []match
}

// match is what a pattern matched.
type match struct {
	rule        *rule
	start, end  int // tokens, what is marked
	steps       [maxElements]entry
	n           int
	first, last int    // tokens, with what stands around the mark
	next        *match // the one behind it
	tensed      bool   // tenseIs is known
	weekday     int    // of a day right before it, which may be the same
	since       bool   // it stands behind a word for "since"
	tenseIs     tense
	weakTense   bool // it was told by a word far away
	value       value
}

// has tells whether the word at token i is of a class.
func (s *scan) has(i int, c class) bool {
	if i+1 < len(s.at) { // Done already.
		for _, e := range s.of(i) {
			if e.class == c {
				return true
			}
		}
		return false
	}
	found := false
	s.lex.All(s.tokens, i, func(values []entry, n int) bool {
		for _, v := range values {
			found = found || n == 1 && v.class == c
		}
		return !found
	})
	return found
}

// of returns the entries of token i.
func (s *scan) of(i int) []tokenEntry { return s.entries[s.at[i]:s.at[i+1]] }

// read looks all tokens up.
func (s *scan) read(p *annotate.Part) {
	s.text, s.tokens, s.title = p.Text, p.Tokens, p.In == dateline.InTitle
	s.at = append(s.at[:0], 0)
	s.entries = s.entries[:0]
	number := 0 // where the last number in words ended
	for i := range s.tokens {
		tok := &s.tokens[i]
		if tok.Kind == lang.Number {
			s.numberEntries(i)
			if v, n := s.pack.NumberAt(s.text, s.tokens, i); n > 0 && v.Value < 1e6 {
				s.entries = append(s.entries, tokenEntry{entry{class: classN, value: int32(v.Value*100 + 0.5)}, uint8(min(n, 255))})
			}
			s.lookUp(i)
			s.at = append(s.at, int32(len(s.entries)))
			continue
		}
		s.lookUp(i)
		if tok.Kind == lang.Word && i >= number {
			if v, n := s.pack.NumberAt(s.text, s.tokens, i); n > 0 && v.Value < 1e6 {
				number = i + n
				if year, m := s.wordYear(i, v, n); year > 0 {
					number = i + m
					s.entries = append(s.entries, tokenEntry{entry{class: classYear, value: int32(year)}, uint8(m)})
				}
				s.entries = append(s.entries, tokenEntry{entry{class: classN, value: int32(v.Value*100 + 0.5)}, uint8(min(n, 255))})
			}
		}
		s.at = append(s.at, int32(len(s.entries)))
	}
}

// lookUp adds what the tables say of the words at token i.
func (s *scan) lookUp(i int) {
	lower := s.tokens[i].Case == lang.Lower
	s.lex.All(s.tokens, i, func(values []entry, n int) bool {
		for _, v := range values {
			if v.flags&capital != 0 && lower || !s.uses[v.class] && v.class >= firstOwn {
				continue
			}
			s.entries = append(s.entries, tokenEntry{v, uint8(n)})
		}
		return true
	})
}

// find matches the patterns, the longest at each token, from left to right.
func (s *scan) find() {
	s.matches = s.matches[:0]
	var m match
	for i := 0; i < len(s.tokens); {
		m = s.longest(i)
		for m.rule != nil && m.start > i {
			// What begins where the mark does may be longer.
			n := s.longest(m.start)
			if n.rule == nil || n.end <= m.end {
				break
			}
			i, m = m.start, n
		}
		if m.rule == nil {
			i++
			continue
		}
		if m.rule.op == opRef && m.end-m.start > 1 {
			// "in the past" is none in "in the past year".
			if n := s.within(&m); n.rule != nil {
				m = n
			}
		}
		if m.rule.op != opNone {
			s.matches = append(s.matches, m)
		}
		i = max(m.end, i+1)
	}
}

// within is a match that begins in another and ends behind it.
func (s *scan) within(m *match) match {
	for i := m.start + 1; i < m.end; i++ {
		if n := s.longest(i); n.rule != nil && n.end > m.end && n.start < m.end && n.rule.op != opRef && n.rule.op != opNone {
			return n
		}
	}
	return match{}
}

// longest is the longest match that begins at a token.
func (s *scan) longest(i int) match {
	m := match{first: i}
	w := walk{scan: s, best: &m}
	w.step(0, i)
	return m
}

// walk is a walk down the tree of patterns.
type walk struct {
	*scan
	best  *match
	steps [maxElements]entry
	ends  [maxElements + 1]int32 // where each step ends
	n     int
	weak  bool
}

func (w *walk) step(node int32, i int) {
	if i >= len(w.tokens) || w.n >= maxElements || w.n > 0 && w.tokens[i].Paragraph {
		return
	}
	w.ends[w.n] = int32(i)
	for _, x := range w.of(i) {
		for k, edges := 0, w.trie.of(node, x.class); k < len(edges); k++ {
			e := &edges[k]
			if e.class != x.class {
				if node == 0 {
					break
				}
				continue
			}
			if !e.takes(x.entry) {
				continue
			}
			w.steps[w.n] = x.entry
			w.n++
			w.ends[w.n] = int32(i + int(x.n))
			wasWeak := w.weak
			w.weak = w.weak || x.flags&weak != 0
			if t := &w.trie.nodes[e.next]; t.rule > 0 {
				w.ending(t)
			}
			w.step(e.next, i+int(x.n))
			w.weak = wasWeak
			w.n--
			w.ends[w.n] = int32(i)
		}
	}
}

// ending takes the match if it is better than the best so far.
func (w *walk) ending(t *trieNode) {
	r := &w.rules[t.rule-1]
	last := int(w.ends[w.n])
	if r.firm && w.weak {
		return
	}
	b := w.best
	if b.rule != nil && (b.last > last || b.last == last && r.order >= b.rule.order) {
		return
	}
	b.rule, b.last = r, last
	b.start, b.end = int(w.ends[t.from]), int(w.ends[t.to])
	b.steps, b.n = w.steps, w.n
}

// get returns the value of the k-th step of a class.
func (m *match) get(c class, k int) (entry, bool) {
	for _, e := range m.steps[:m.n] {
		if e.class == c {
			if k == 0 {
				return e, true
			}
			k--
		}
	}
	return entry{}, false
}

func (m *match) hasClass(c class) bool {
	_, ok := m.get(c, 0)
	return ok
}
