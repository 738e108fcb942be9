package lang

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Lexicon finds phrases among tokens. Each phrase has values; a phrase may be
// there several times. It is compared as [Fold] says, so that capitals and
// accents make no difference; a caller to whom they do looks at the token.
//
// A phrase is split into tokens like a text. Where its last word ends in "*",
// any word that begins so matches. A word that no phrase has in its place is
// looked up without what the pack says is written together with it: endings
// ("-nya") and attached words before it ("و").
//
// A lexicon is filled first and safe for concurrent use afterwards.
type Lexicon[T any] struct {
	pack     *Pack
	words    map[string]int32 // from 1
	prefixes map[string]int32
	lengths  []int // of prefixes, in bytes, ascending
	edges    map[uint64]int32
	values   [][]T // of a node; node 0 is the root
}

// NewLexicon returns an empty lexicon for the pack's language; a nil pack is
// that of no language.
func NewLexicon[T any](p *Pack) *Lexicon[T] {
	return &Lexicon[T]{pack: p, words: map[string]int32{}, prefixes: map[string]int32{}, edges: map[uint64]int32{}, values: make([][]T, 1)}
}

// Add adds a phrase and its value. A phrase without a word or sign adds
// nothing.
func (l *Lexicon[T]) Add(phrase string, value T) {
	open := strings.HasSuffix(phrase, "*")
	tokens := l.pack.phrase(strings.TrimSuffix(phrase, "*"))
	if len(tokens) == 0 {
		return
	}
	node := int32(0)
	for i, t := range tokens {
		table := l.words
		if open && i == len(tokens)-1 {
			table = l.prefixes
		}
		id, ok := table[t.Fold]
		if !ok {
			id = int32(len(l.words) + len(l.prefixes) + 1)
			table[t.Fold] = id
			if n := len(t.Fold); open && i == len(tokens)-1 && !slices.Contains(l.lengths, n) {
				l.lengths = append(l.lengths, n)
				slices.Sort(l.lengths)
			}
		}
		key := uint64(node)<<32 | uint64(id)
		next, ok := l.edges[key]
		if !ok {
			next = int32(len(l.values))
			l.values = append(l.values, nil)
			l.edges[key] = next
		}
		node = next
	}
	l.values[node] = append(l.values[node], value)
}

// phrase splits a phrase into tokens as they are in a text. What is parted from
// a word at an apostrophe ("l'", "'s") is parted from it only beside one, so a
// word is put there and taken away again.
func (p *Pack) phrase(s string) []Token {
	const word = "xx"
	switch {
	case strings.HasSuffix(s, "'") || strings.HasSuffix(s, "’"):
		if tokens := p.Tokens(s + word); len(tokens) > 1 && tokens[len(tokens)-1].Fold == word {
			return tokens[:len(tokens)-1]
		}
	case strings.HasPrefix(s, "'") || strings.HasPrefix(s, "’"):
		if tokens := p.Tokens(word + s); len(tokens) > 1 && tokens[0].Fold == word {
			return tokens[1:]
		}
	}
	return p.Tokens(s)
}

// Len is the number of different phrases' words and beginnings.
func (l *Lexicon[T]) Len() int { return len(l.words) + len(l.prefixes) }

// Longest returns the values of the longest phrase that begins at token i,
// and how many tokens it takes; 0 where there is none.
func (l *Lexicon[T]) Longest(tokens []Token, i int) (values []T, n int) {
	l.walk(tokens, i, i, 0, func(v []T, m int) bool {
		if m > n {
			values, n = v, m
		}
		return true
	})
	return values, n
}

// All calls f with the values of each phrase that begins at token i and the
// tokens it takes, until f returns false. Lengths come in no order.
func (l *Lexicon[T]) All(tokens []Token, i int, f func(values []T, n int) bool) {
	l.walk(tokens, i, i, 0, f)
}

// Word returns the values of a single word.
func (l *Lexicon[T]) Word(t Token) []T {
	one := [1]Token{t}
	values, _ := l.Longest(one[:], 0)
	return values
}

func (l *Lexicon[T]) walk(tokens []Token, from, i int, node int32, f func([]T, int) bool) bool {
	if i >= len(tokens) || i > from && tokens[i].Paragraph {
		return true
	}
	step := func(id int32) bool {
		next, ok := l.edges[uint64(node)<<32|uint64(id)]
		if !ok {
			return true
		}
		if v := l.values[next]; len(v) > 0 && !f(v, i+1-from) {
			return false
		}
		return l.walk(tokens, from, i+1, next, f)
	}
	w := tokens[i].Fold
	id, found := l.words[w]
	if found {
		_, found = l.edges[uint64(node)<<32|uint64(id)]
	}
	if found && !step(id) {
		return false
	}
	for _, n := range l.lengths {
		if n > len(w) {
			break
		}
		if id, ok := l.prefixes[w[:n]]; ok && !step(id) {
			return false
		}
	}
	if found || l.pack == nil || tokens[i].Kind != Word {
		return true
	}
	return l.pack.bare(w, func(w string) bool {
		id, ok := l.words[w]
		return !ok || step(id)
	})
}

// Bare calls f with a folded word as it is and then without what the pack
// says is written together with it, before and behind, until f returns false.
// Of an attached word or an ending, at least two letters must be left.
func (p *Pack) Bare(word string, f func(string) bool) {
	if f(word) && p != nil {
		p.bare(word, f)
	}
}

func (p *Pack) bare(word string, f func(string) bool) bool {
	for _, e := range p.endings {
		if b, ok := strings.CutSuffix(word, e); ok && long(b) && !f(b) {
			return false
		}
	}
	for _, a := range p.attached {
		b, ok := strings.CutPrefix(word, a)
		if !ok || !long(b) {
			continue
		}
		if !f(b) {
			return false
		}
		for _, a := range p.attached {
			if c, ok := strings.CutPrefix(b, a); ok && long(c) && !f(c) {
				return false
			}
		}
		for _, e := range p.endings {
			if c, ok := strings.CutSuffix(b, e); ok && long(c) && !f(c) {
				return false
			}
		}
	}
	return true
}

// long tells whether a word has letters enough to be one.
func long(w string) bool { return utf8.RuneCountInString(w) >= 2 }
