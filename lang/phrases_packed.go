package lang

import (
	_ "embed"
	"encoding/binary"
	"slices"
	"unicode/utf8"
)

// The phrases of the built-in packs lie in the program as finished tries, for
// folding and sorting 15,000 phrases takes longer than reading a page. Numbers
// are varints. Of a node are kept its label, the number of its children, its
// phrases and the length of its tail: children and tails lie in the order of
// the nodes. What packs them is in the test that says when they are not of the
// packs' files any more.

// packedPhrases is written by `make phrases`.
//
//go:embed phrases.bin
var packedPhrases []byte

const phrasesFile = "phrases.tsv"

// unpackPhrases returns the phrases of the built-in packs.
func unpackPhrases(ps *Packs, packed []byte) *PhraseSet {
	s := &PhraseSet{fold: phraseFold(), joiners: ps.joiners(), tags: ps.tags}
	s.inside.unpack(s.head.unpack(packed))
	return s
}

// unpack fills the trie and returns what of b is left.
func (t *phraseTrie) unpack(b []byte) []byte {
	number := func() int {
		n, size := binary.Uvarint(b)
		b = b[size:]
		return int(n)
	}
	nodes, runes, ents := number(), number(), number()
	t.nodes, t.labels = make([]phraseNode, nodes), make([]rune, nodes)
	kids, tail := uint32(1), uint32(0)
	for i := range t.nodes {
		n := &t.nodes[i]
		t.labels[i] = rune(number())
		n.numKids = uint16(number())
		ends := number()
		n.numEnts, n.tailEnds = uint16(ends>>1), ends&1 != 0
		n.ents = uint32(number())
		n.tailLen = uint16(number())
		if n.numKids > 0 {
			n.kids = kids
			kids += uint32(n.numKids)
		}
		if n.tailEnds {
			n.tail = tail
			tail += uint32(n.tailLen)
		}
	}
	t.runes = make([]rune, runes)
	for i := range t.runes {
		r, size := utf8.DecodeRune(b)
		t.runes[i] = r
		b = b[size:]
	}
	t.ents = make([]phraseEnt, ents)
	for i := range t.ents {
		category, form, lang := number(), number(), number()
		t.ents[i] = phraseEnt{category: Category(category), form: phraseForm(form >> 1), open: form&1 != 0, lang: uint16(lang)}
	}
	for i := range t.heads {
		t.heads[i] = binary.LittleEndian.Uint64(b)
		b = b[8:]
	}
	t.setRoot()
	return b
}

// setRoot lists the root's children by rune.
func (t *phraseTrie) setRoot() {
	root := &t.nodes[0]
	for k := root.kids; k < root.kids+uint32(root.numKids); k++ {
		if r := t.labels[k]; r < foldSize {
			t.root[r] = k
		}
	}
}

// readersBut are the readers of a pack's files but for one.
func readersBut(name string) []packReader {
	return slices.DeleteFunc(slices.Clone(packReaders), func(f packReader) bool { return f.name == name })
}
