package lang

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// The phrases of all languages lie in a trie over folded runes, so that the
// usual block, which is no phrase, is left after two or three runes. A node's
// children lie side by side and are sorted; a node with one phrase below it
// keeps the rest of that phrase as a tail. With "read also", "read more" and
// "related" the trie is
//
//	"r" - "e" - "a" - "d" - " " - "a" tail "lso"
//	           |                   "m" tail "ore"
//	            - "l" tail "ated"

// The placeholders' runes in a key; they sort before all text.
const (
	anyNumber = '\x01' // {n}
	anyText   = '\x02' // {}
)

const (
	maxAnyText = 60   // runes that {} stands for
	maxRest    = 120  // bytes that may follow a phrase that is open at its end
	maxDate    = 90   // bytes of a date with its weekday, time and zone
	maxInside  = 4096 // bytes of a block searched for phrases that stand anywhere
)

// phraseKey folds a phrase's text, its placeholders as runes of their own, and
// reports whether it is open at its end. The scratch buffer may be used again.
func phraseKey(fold *foldTable, form phraseForm, text string, scratch []byte) (key string, open bool, buf []byte, err error) {
	k := scratch[:0]
	for rest := text; rest != ""; {
		lit, tail, found := strings.Cut(rest, "{")
		from := len(k)
		k = fold.appendFold(k, lit)
		if piece := k[from:]; strings.HasPrefix(lit, " ") && from > 0 && (len(piece) == 0 || piece[0] != ':') {
			// Folding trims the piece, but a space at a placeholder is a space.
			k = slices.Insert(k, from, ' ')
		}
		if !found {
			break
		}
		if strings.HasSuffix(lit, " ") && strings.TrimSpace(lit) != "" {
			k = append(k, ' ')
		}
		hole, after, ok := strings.Cut(tail, "}")
		switch {
		case ok && hole == "":
			k = append(k, anyText)
		case ok && hole == "n":
			k = append(k, anyNumber)
		default:
			return "", false, k, fmt.Errorf("phrase %q: a placeholder is {} or {n}", text)
		}
		rest = after
	}
	// A prefix keeps its last mark: it is what tells it from a sentence. Names
	// and dates keep a colon, which is then asked for.
	cut := ".!?*…: "
	switch form {
	case formPrefix:
		cut = "* "
	case formName, formDate:
		cut = ".!?*… "
	}
	b := bytes.TrimRight(k, cut)
	if form == formAnywhere {
		// It is looked for where words begin.
		b = bytes.TrimLeftFunc(b, func(r rune) bool { return r > anyText && fold.classOf(r) == 0 })
	}
	if len(b) > 0 && b[len(b)-1] == anyText {
		open = true
		b = bytes.TrimRight(b, string(anyText)+" ")
	}
	switch {
	case len(b) == 0:
		return "", false, k, fmt.Errorf("phrase %q has no text", text)
	case b[0] == anyText:
		return "", false, k, fmt.Errorf("phrase %q begins with {}", text)
	case form == formAnywhere && (b[0] == anyNumber || utf8.RuneCount(b) < 5):
		return "", false, k, fmt.Errorf("phrase %q is too weak to be looked for anywhere", text)
	}
	return string(b), open, k, nil
}

type phraseNode struct {
	kids     uint32 // first child
	tail     uint32 // in runes
	ents     uint32 // first phrase that ends here, or after the tail
	numKids  uint16
	tailLen  uint16
	numEnts  uint16
	tailEnds bool // the phrases end after the tail, not here
}

type phraseTrie struct {
	nodes  []phraseNode
	labels []rune // of the node of the same index
	runes  []rune // tails
	ents   []phraseEnt

	root  [foldSize]uint32 // the root's children by rune, 0 for none
	heads headSet
}

// headSet has the hashes of the first letters of the keys' first words, with
// some false ones.
type headSet [64]uint64

const headLetters = 4

func headHash(h uint32, r rune) uint32 { return h*37 + uint32(r&31) + 1 }

func (s *headSet) has(h uint32) bool { return s[h>>6&63]&(1<<(h&63)) != 0 }

func (s *headSet) add(key string) {
	h := uint32(0)
	for i, r := range key {
		if i == headLetters || (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			break
		}
		h = headHash(h, r)
	}
	s[h>>6&63] |= 1 << (h & 63)
}

// build makes the trie, breadth first so that children lie side by side. The
// phrases come in the order of their packs' tags.
func (t *phraseTrie) build(ps []phrase) {
	// Sorting looks at eight bytes of the key first: most keys differ there.
	type item struct {
		head uint64
		at   int32
	}
	items := make([]item, len(ps))
	for i := range ps {
		var head uint64
		for j := range 8 {
			head <<= 8
			if j < len(ps[i].key) {
				head |= uint64(ps[i].key[j])
			}
		}
		items[i] = item{head, int32(i)}
	}
	slices.SortFunc(items, func(a, b item) int {
		if a.head != b.head {
			return cmp.Compare(a.head, b.head)
		}
		p, q := &ps[a.at], &ps[b.at]
		if c := strings.Compare(p.key, q.key); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(p.form, q.form), cmp.Compare(p.category, q.category), cmp.Compare(a.at, b.at))
	})
	t.ents = make([]phraseEnt, len(ps))
	keys := make([]string, len(ps))
	for i, it := range items {
		t.ents[i], keys[i] = ps[it.at].phraseEnt, ps[it.at].key
		t.heads.add(keys[i])
	}

	type todo struct{ lo, hi, depth int32 }
	t.nodes = append(make([]phraseNode, 0, 4*len(ps)), phraseNode{})
	t.labels = append(make([]rune, 0, 4*len(ps)), 0)
	queue := append(make([]todo, 0, 4*len(ps)), todo{0, int32(len(ps)), 0})
	for at := 0; at < len(queue); at++ {
		q := queue[at]
		lo, hi, depth := int(q.lo), int(q.hi), int(q.depth)
		first := lo
		for lo < hi && len(keys[lo]) == depth {
			lo++
		}
		t.nodes[at].ents, t.nodes[at].numEnts = uint32(first), uint16(lo-first)
		if lo == hi {
			continue
		}
		// A tail where all that is left is one key without placeholders.
		rest := keys[lo][depth:]
		if lo == first && keys[hi-1] == keys[lo] && !strings.ContainsAny(rest, string(anyNumber)+string(anyText)) {
			n := &t.nodes[at]
			n.tail = uint32(len(t.runes))
			for _, r := range rest {
				t.runes = append(t.runes, r)
			}
			n.tailLen = uint16(len(t.runes) - int(n.tail))
			n.numEnts, n.tailEnds = uint16(hi-lo), true
			continue
		}
		t.nodes[at].kids = uint32(len(t.nodes))
		for lo < hi {
			r, size := utf8.DecodeRuneInString(keys[lo][depth:])
			next := lo + 1
			for next < hi && strings.HasPrefix(keys[next][depth:], keys[lo][depth:depth+size]) {
				next++
			}
			t.nodes = append(t.nodes, phraseNode{})
			t.labels = append(t.labels, r)
			t.nodes[at].numKids++
			queue = append(queue, todo{int32(lo), int32(next), q.depth + int32(size)})
			lo = next
		}
	}
	t.setRoot()
}

// child returns the child of n labelled r, 0 for none.
func (t *phraseTrie) child(n *phraseNode, r rune) uint32 {
	lo, hi := n.kids, n.kids+uint32(n.numKids)
	for hi-lo > 4 {
		mid := (lo + hi) / 2
		if t.labels[mid] <= r {
			lo = mid
		} else {
			hi = mid
		}
	}
	for ; lo < hi; lo++ {
		if t.labels[lo] == r {
			return lo
		}
	}
	return 0
}

// first returns the root's child labelled r, 0 for none.
func (t *phraseTrie) first(r rune) uint32 {
	if r < foldSize {
		return t.root[r]
	}
	return t.child(&t.nodes[0], r)
}
