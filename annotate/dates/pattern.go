package dates

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dateline/lang"
)

// Patterns.
//
// A pattern is what stands in the first column of dates.tsv: words, classes in
// braces, optional parts in brackets, alternatives in parentheses:
//
//	[the] {day} [of] {month} [[,] {year}]
//
// It is written out into all sequences it stands for, and those of all patterns
// are put into one tree, so that matching at a token is a walk down the tree
// along the meanings of the tokens. No pattern repeats anything, so a walk has
// no more steps than the longest pattern, and the whole takes time linear in
// the text.
//
// "<" is where the mark begins, ">" where it ends: what is outside them must be
// there and is not marked.

// element is a step of a sequence.
type element struct {
	class  class
	values []int32 // any of these; empty for all
	mark   byte    // '<', '>'; no step then
}

const (
	maxSequences = 4000 // of a pattern
	maxElements  = 16   // of a sequence
)

var errPattern = errors.New("brackets do not match")

// parsePattern writes a pattern out into its sequences.
func (t *tables) parsePattern(s string) ([][]element, error) {
	toks := strings.Fields(spaced.Replace(s))
	i := 0
	out, err := t.alternatives(toks, &i, "")
	if err == nil && i < len(toks) {
		err = errPattern
	}
	return out, err
}

var spaced = strings.NewReplacer("[", " [ ", "]", " ] ", "(", " ( ", ")", " ) ", "|", " | ",
	"<", " < ", ">", " > ", "{", " {", "}", "} ", `\(`, ` \( `, `\)`, ` \) `, `\[`, ` \[ `, `\]`, ` \] `)

// alternatives parses up to the closing bracket.
func (t *tables) alternatives(toks []string, i *int, closing string) ([][]element, error) {
	var all [][]element
	cur := [][]element{nil}
	for *i < len(toks) {
		tok := toks[*i]
		*i++
		var part [][]element
		var err error
		switch tok {
		case closing:
			if closing == "" {
				return nil, errPattern
			}
			return append(all, cur...), nil
		case "|":
			all = append(all, cur...)
			cur = [][]element{nil}
			continue
		case "[":
			part, err = t.alternatives(toks, i, "]")
			part = append([][]element{nil}, part...)
		case "(":
			part, err = t.alternatives(toks, i, ")")
		case "]", ")":
			return nil, errPattern
		case "<", ">":
			part = [][]element{{{mark: tok[0]}}}
		default:
			var seq []element
			seq, err = t.step(tok)
			part = [][]element{seq}
		}
		if err != nil {
			return nil, err
		}
		if len(cur)*len(part) > maxSequences {
			return nil, fmt.Errorf("it stands for more than %d sequences", maxSequences)
		}
		next := make([][]element, 0, len(cur)*len(part))
		for _, a := range cur {
			for _, b := range part {
				next = append(next, slices.Concat(a, b))
			}
		}
		cur = next
	}
	if closing != "" {
		return nil, errPattern
	}
	return append(all, cur...), nil
}

// step parses a word or a class.
func (t *tables) step(tok string) ([]element, error) {
	name, ok := strings.CutPrefix(tok, "{")
	if !ok {
		var seq []element
		tok = strings.TrimPrefix(tok, `\`)
		for _, w := range t.pack.Tokens(tok) {
			seq = append(seq, element{class: t.literal(tok[w.Start:w.End])})
		}
		return seq, nil
	}
	name, ok = strings.CutSuffix(name, "}")
	if !ok {
		return nil, fmt.Errorf("%s: a class ends in }", tok)
	}
	name, values, _ := strings.Cut(name, ":")
	c, ok := t.classes[name]
	if !ok {
		return nil, fmt.Errorf("unknown class {%s}; no line of %s has it", name, relativeFile)
	}
	t.uses[c] = true
	e := element{class: c}
	if values != "" {
		for v := range strings.SplitSeq(values, ",") {
			n, err := t.value(c, v)
			if err != nil {
				return nil, err
			}
			e.values = append(e.values, n)
		}
	}
	return []element{e}, nil
}

// value reads a value of a class as relative.tsv has it.
func (t *tables) value(c class, v string) (int32, error) {
	list := []string(nil)
	switch c {
	case classUnit, classPlural:
		if u, ok := units[v]; ok {
			return u, nil
		}
		return 0, fmt.Errorf("unknown unit %q", v)
	case classPart:
		list = parts
	case classSeason:
		list = seasons
	case classN:
		if v == "X" {
			return unknown, nil
		}
	}
	if i := slices.Index(list, v); i >= 0 {
		return int32(i), nil
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		return 0, fmt.Errorf("unknown value %q", v)
	}
	if c == classN {
		n *= 100
	}
	return int32(n), nil
}

// rule reads a line of dates.tsv.
func (t *tables) rule(r lang.Row) error {
	m, err := parseMeaning(r.Field(1))
	if err != nil {
		return r.Errorf("meaning %q: %v", r.Field(1), err)
	}
	seqs, err := t.parsePattern(r.Field(0))
	if err != nil {
		return r.Errorf("pattern %q: %v", r.Field(0), err)
	}
	m.order = int32(len(t.rules))
	t.rules = append(t.rules, m)
	for _, seq := range seqs {
		from, to, n := 0, -1, 0
		node := int32(0)
		for _, e := range seq {
			switch e.mark {
			case '<':
				from = n
			case '>':
				to = n
			default:
				node = t.trie.child(node, e)
				n++
			}
		}
		if to < 0 {
			to = n
		}
		if n == 0 || n > maxElements || from >= to {
			return r.Errorf("pattern %q: it marks nothing, or has more than %d parts", r.Field(0), maxElements)
		}
		t.trie.nodes[node].end(int32(len(t.rules)-1), from, to)
	}
	return nil
}

// trie is the sequences of all patterns.
type trie struct {
	nodes []trieNode
	root  []int32 // of a class: where its edges begin in the root's, -1 for none
}

type trieNode struct {
	edges    []trieEdge
	rule     int32 // plus 1; 0 where no sequence ends
	from, to uint8 // what is marked, in steps
}

type trieEdge struct {
	class  class
	values []int32
	next   int32
}

func (n *trieNode) end(rule int32, from, to int) {
	if n.rule == 0 { // The first rule has it.
		n.rule, n.from, n.to = rule+1, uint8(from), uint8(to)
	}
}

func (t *trie) child(node int32, e element) int32 {
	if len(t.nodes) == 0 {
		t.nodes = make([]trieNode, 1)
	}
	for _, x := range t.nodes[node].edges {
		if x.class == e.class && slices.Equal(x.values, e.values) {
			return x.next
		}
	}
	next := int32(len(t.nodes))
	t.nodes = append(t.nodes, trieNode{})
	t.nodes[node].edges = append(t.nodes[node].edges, trieEdge{e.class, e.values, next})
	return next
}

// finish sorts the root's edges, so that those of a class are found at once.
func (t *trie) finish() {
	if len(t.nodes) == 0 {
		t.nodes = make([]trieNode, 1)
	}
	root := t.nodes[0].edges
	slices.SortStableFunc(root, func(a, b trieEdge) int { return int(a.class) - int(b.class) })
	for i, e := range root {
		for int(e.class) >= len(t.root) {
			t.root = append(t.root, -1)
		}
		if t.root[e.class] < 0 {
			t.root[e.class] = int32(i)
		}
	}
}

// of returns the edges of a node that a class may take.
func (t *trie) of(node int32, c class) []trieEdge {
	edges := t.nodes[node].edges
	if node != 0 {
		return edges
	}
	if int(c) >= len(t.root) || t.root[c] < 0 {
		return nil
	}
	return edges[t.root[c]:]
}

func (e *trieEdge) takes(x entry) bool {
	return e.class == x.class && (len(e.values) == 0 || slices.Contains(e.values, x.value))
}
