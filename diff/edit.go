package diff

import (
	"unicode/utf8"

	"dateline/lang"
)

// Op says what an edit does.
type Op uint8

// The edits.
const (
	Same Op = iota
	Removed
	Added
)

// Edit is a stretch of two texts in bytes, half-open: what is the same in
// both, what was removed of the old or what was added in the new. The range in
// the text it does not touch is empty. A list of edits is in order and covers
// both texts; no two of one kind follow each other, and what replaces stands
// behind what it replaces.
type Edit struct {
	Op       Op
	Old, New [2]int
}

// side is one of the two texts.
type side struct {
	text      string
	tokens    []lang.Token
	sentences []lang.Sentence
	ids       []int32 // of the tokens: equal for equal words
	match     []int32 // the other side's token, or -1
	starts    []start // what begins at a token
}

// start is what begins at a token; the better the higher.
type start uint8

const (
	inWords start = iota // no white space before it
	atWord               // white space, or none in scripts without
	atSentence
	atParagraph
)

// comparison is two texts and what they share.
type comparison struct {
	old, new side
	edits    []Edit // nil where they are equal
}

// compare finds the edits between two texts: over paragraphs first, in what
// is left over sentences, in what is left over words.
func compare(pack *lang.Pack, old, new string, budget *int) *comparison {
	c := &comparison{}
	if old == new {
		return c
	}
	c.old, c.new = makeSide(pack, old), makeSide(pack, new)
	c.old.number(&c.new)
	c.level([]func(*side, int, int) []int{paragraphs, sentences, tokens}, 0, len(c.old.tokens), 0, len(c.new.tokens), budget)
	slide(&c.new, &c.old)
	slide(&c.old, &c.new)
	c.absorb()
	c.write()
	return c
}

func makeSide(pack *lang.Pack, text string) side {
	s := side{text: text, tokens: pack.Tokens(text)}
	s.sentences = pack.Sentences(text, s.tokens)
	s.match = make([]int32, len(s.tokens))
	s.starts = make([]start, len(s.tokens)+1)
	for i, t := range s.tokens {
		s.match[i] = -1
		if t.Space {
			s.starts[i] = atWord
		}
	}
	for _, x := range s.sentences {
		s.starts[x.First] = atSentence
	}
	for i, t := range s.tokens {
		if t.Paragraph {
			s.starts[i] = atParagraph
		}
	}
	s.starts[len(s.tokens)] = atParagraph
	return s
}

// number gives equal words of both sides equal numbers.
func (s *side) number(other *side) {
	known := make(map[string]int32, len(s.tokens))
	for _, x := range []*side{s, other} {
		x.ids = make([]int32, len(x.tokens))
		for i, t := range x.tokens {
			word := x.text[t.Start:t.End]
			id, ok := known[word]
			if !ok {
				id = int32(len(known))
				known[word] = id
			}
			x.ids[i] = id
		}
	}
}

// slice is the text of tokens [first, last).
func (s *side) slice(first, last int) string {
	return s.text[s.tokens[first].Start:s.tokens[last-1].End]
}

// The levels of comparison. Each lists where the units of tokens [first, last)
// begin, and last.

func paragraphs(s *side, first, last int) []int { return s.units(first, last, atParagraph) }
func sentences(s *side, first, last int) []int  { return s.units(first, last, atSentence) }
func tokens(*side, int, int) []int              { return nil } // themselves

func (s *side) units(first, last int, least start) []int {
	var list []int
	for i := first; i < last; i++ {
		if i == first || s.starts[i] >= least {
			list = append(list, i)
		}
	}
	return append(list, last)
}

// level aligns tokens [o0, o1) of the old with [n0, n1) of the new by the
// units of the first level, and what is between those that are shared by the
// levels behind it.
func (c *comparison) level(levels []func(*side, int, int) []int, o0, o1, n0, n1 int, budget *int) {
	if o0 == o1 || n0 == n1 {
		return
	}
	a := aligner{budget: budget}
	if len(levels) == 1 {
		a.same = c.share
		a.region(c.old.ids[o0:o1], c.new.ids[n0:n1], o0, n0)
		return
	}
	ou, nu := levels[0](&c.old, o0, o1), levels[0](&c.new, n0, n1)
	known := make(map[string]int32, len(ou))
	ids := func(s *side, units []int) []int32 {
		list := make([]int32, len(units)-1)
		for i := range list {
			text := s.slice(units[i], units[i+1])
			id, ok := known[text]
			if !ok {
				id = int32(len(known))
				known[text] = id
			}
			list[i] = id
		}
		return list
	}
	a.same = func(i, j, n int) {
		c.level(levels[1:], o0, ou[i], n0, nu[j], budget)
		for ; n > 0; i, j, n = i+1, j+1, n-1 {
			c.share(ou[i], nu[j], ou[i+1]-ou[i])
		}
		o0, n0 = ou[i], nu[j]
	}
	a.region(ids(&c.old, ou), ids(&c.new, nu), 0, 0)
	c.level(levels[1:], o0, o1, n0, n1, budget)
}

// share notes that n tokens from i on are those from j on.
func (c *comparison) share(i, j, n int) {
	for ; n > 0; i, j, n = i+1, j+1, n-1 {
		c.old.match[i], c.new.match[j] = int32(j), int32(i)
	}
}

// farthest is how many tokens a change is moved at most.
const farthest = 100

// slide moves what s alone has to where it reads best. Of "A. B." and "A. C.
// B." the new can be ". C" or "C."; the second begins and ends a sentence.
func slide(s, other *side) {
	n := len(s.tokens)
	for from := 0; from < n; from++ {
		if s.match[from] >= 0 {
			continue
		}
		to := from
		for to < n && s.match[to] < 0 {
			to++
		}
		// Nothing may stand in its place on the other side.
		before, behind := int32(-1), int32(len(other.tokens))
		if from > 0 {
			before = s.match[from-1]
		}
		if to < n {
			behind = s.match[to]
		}
		if before+1 != behind {
			from = to
			continue
		}
		best, score := 0, s.score(from, to)
		for k := 1; k <= farthest && from-k >= 0 && s.match[from-k] == before-int32(k-1) && s.ids[from-k] == s.ids[to-k]; k++ {
			if x := s.score(from-k, to-k); x > score {
				best, score = -k, x
			}
			if before < int32(k) {
				break
			}
		}
		for k := 1; k <= farthest && to+k <= n && s.match[to+k-1] == behind+int32(k-1) && s.ids[from+k-1] == s.ids[to+k-1]; k++ {
			if x := s.score(from+k, to+k); x > score {
				best, score = k, x
			}
		}
		for ; best < 0; best++ {
			from, to = from-1, to-1
			s.move(other, from, to)
		}
		for ; best > 0; best-- {
			s.move(other, to, from)
			from, to = from+1, to+1
		}
		from = to
	}
}

// move gives the match of one token to another.
func (s *side) move(other *side, from, to int) {
	i := s.match[from]
	s.match[from], s.match[to] = -1, i
	other.match[i] = int32(to)
}

func (s *side) score(from, to int) int {
	return int(min(s.starts[from], s.starts[to]))*4 + int(s.starts[from])
}

// longest is how many tokens of chance likeness are absorbed at most.
const longest = 3

// absorb takes for changed what is alike by chance: a few words between two
// longer changes, which would only cut them to pieces.
func (c *comparison) absorb() {
	o, n := 0, 0       // where the change before the run began
	runO, runN := 0, 0 // where the run begins
	size := 0          // of the run
	flush := func(nextO, nextN, endO, endN int) {
		before, after := max(runO-o, runN-n), max(endO-nextO, endN-nextN)
		if size > 0 && size <= longest && before > size && after > size {
			for i := range size {
				c.old.match[runO+i], c.new.match[runN+i] = -1, -1
			}
		} else {
			o, n = nextO, nextN
		}
		runO, runN, size = endO, endN, 0
	}
	i, j := 0, 0
	for i < len(c.old.tokens) || j < len(c.new.tokens) {
		if i < len(c.old.tokens) && j < len(c.new.tokens) && c.old.match[i] == int32(j) {
			size++
			i, j = i+1, j+1
			continue
		}
		i0, j0 := i, j
		for i < len(c.old.tokens) && c.old.match[i] < 0 {
			i++
		}
		for j < len(c.new.tokens) && c.new.match[j] < 0 {
			j++
		}
		flush(i0, j0, i, j)
	}
}

// write makes the edits of what is shared.
func (c *comparison) write() {
	at := [2]int{} // how far both texts are covered
	add := func(op Op, o, n int) {
		if o == at[0] && n == at[1] {
			return
		}
		if k := len(c.edits) - 1; k >= 0 && c.edits[k].Op == op {
			c.edits[k].Old[1], c.edits[k].New[1] = o, n
		} else {
			c.edits = append(c.edits, Edit{op, [2]int{at[0], o}, [2]int{at[1], n}})
		}
		at = [2]int{o, n}
	}
	// between covers the texts up to a shared token, or their ends. White space
	// that both have around a change is not part of it.
	firstO, firstN := 0, 0 // the tokens behind the last shared one
	between := func(i, j int) {
		o, n := c.old.startOf(i), c.new.startOf(j)
		left, right := c.old.text[at[0]:o], c.new.text[at[1]:n]
		if left == right {
			add(Same, o, n)
			return
		}
		head := common(left[:c.old.startOf(min(firstO, i))-at[0]], right[:c.new.startOf(min(firstN, j))-at[1]])
		left, right = left[head:], right[head:]
		tailO, tailN := len(left), len(right)
		if i > firstO {
			tailO = o - c.old.tokens[i-1].End
		}
		if j > firstN {
			tailN = n - c.new.tokens[j-1].End
		}
		tail := commonEnd(left[len(left)-min(tailO, len(left)):], right[len(right)-min(tailN, len(right)):])
		add(Same, at[0]+head, at[1]+head)
		add(Removed, o-tail, at[1])
		add(Added, o-tail, n-tail)
		add(Same, o, n)
	}
	for i := range c.old.tokens {
		j := int(c.old.match[i])
		if j < 0 {
			continue
		}
		between(i, j)
		add(Same, c.old.tokens[i].End, c.new.tokens[j].End)
		firstO, firstN = i+1, j+1
	}
	between(len(c.old.tokens), len(c.new.tokens))
}

// startOf is where token i begins, or the text's end.
func (s *side) startOf(i int) int {
	if i < len(s.tokens) {
		return s.tokens[i].Start
	}
	return len(s.text)
}

// common is how many bytes a and b begin with in common, in whole characters.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) {
		_, k := utf8.DecodeRuneInString(a[n:])
		if len(b) < n+k || a[n:n+k] != b[n:n+k] {
			break
		}
		n += k
	}
	return n
}

// commonEnd is how many bytes they end with in common.
func commonEnd(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) {
		_, k := utf8.DecodeLastRuneInString(a[:len(a)-n])
		if len(b) < n+k || a[len(a)-n-k:len(a)-n] != b[len(b)-n-k:len(b)-n] {
			break
		}
		n += k
	}
	return n
}

// count counts the sentences that changed. One of which less than a third of
// the words is left is another one.
func (c *comparison) count() (n Sentences) {
	if c.edits == nil {
		return n
	}
	kept := func(s *side, x lang.Sentence) (kept, words int) {
		for i := x.First; i < x.Last; i++ {
			if s.tokens[i].Kind == lang.Sign {
				continue
			}
			words++
			if s.match[i] >= 0 {
				kept++
			}
		}
		return kept, words
	}
	gone := make(map[string]int)
	for _, x := range c.old.sentences {
		if k, words := kept(&c.old, x); 3*k < words {
			n.Removed++
			gone[c.old.text[x.Start:x.End]]++
		}
	}
	for _, x := range c.new.sentences {
		if k, words := kept(&c.new, x); 3*k < words {
			if text := c.new.text[x.Start:x.End]; gone[text] > 0 {
				gone[text]--
				n.Removed--
				n.Moved++
				continue
			}
			n.Added++
		} else if !c.whole(x) {
			n.Changed++
		}
	}
	return n
}

// whole tells whether the tokens of a sentence of the new text stand one
// behind the other in the old.
func (c *comparison) whole(x lang.Sentence) bool {
	for i := x.First; i < x.Last; i++ {
		if m := c.new.match[i]; m < 0 || i > x.First && m != c.new.match[i-1]+1 {
			return false
		}
	}
	return true
}
