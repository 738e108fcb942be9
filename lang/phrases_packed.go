package lang

import (
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"io"
	"path"
	"slices"
	"unicode/utf8"
)

// The phrases of the built-in packs are also kept as the finished tries, for
// folding and sorting 15,000 phrases takes longer than reading a page. The file
// begins with the SHA-256 of the phrases.tsv it was made from; where they are
// others now, the tries are built from them. Numbers are varints. Of a node
// are kept its label, the number of its children, its phrases and the length
// of its tail: children and tails lie in the order of the nodes.

// packedPhrases is phrases.bin, written by `go test ./lang -run Packed -update`.
//
//go:embed phrases.bin
var packedPhrases string

const phrasesFile = "phrases.tsv"

// phrasesSum is the SHA-256 of the tags of the built-in packs, which the tries
// name by their number, and of their phrases.
func phrasesSum(tags []string) [sha256.Size]byte {
	h := sha256.New()
	for _, tag := range tags {
		io.WriteString(h, tag)
		f, err := builtinFiles.Open(path.Join("packs", tag, phrasesFile))
		if err != nil {
			continue // a pack without phrases
		}
		io.Copy(h, f)
		f.Close()
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// unpackPhrases returns the packed phrases of packs, nil where they were made
// from others.
func unpackPhrases(ps *Packs, packed string) *PhraseSet {
	sum := phrasesSum(ps.tags)
	if len(packed) < len(sum) || packed[:len(sum)] != string(sum[:]) {
		return nil
	}
	s := &PhraseSet{fold: phraseFold(), joiners: ps.joiners(), tags: ps.tags}
	u := unpacker(packed[len(sum):])
	s.head.unpack(&u)
	s.inside.unpack(&u)
	return s
}

// pack returns the set in the form of phrases.bin, behind its sum.
func (s *PhraseSet) pack() []byte {
	sum := phrasesSum(s.tags)
	b := s.head.pack(sum[:])
	return s.inside.pack(b)
}

func (t *phraseTrie) pack(b []byte) []byte {
	put := func(n int) { b = binary.AppendUvarint(b, uint64(n)) }
	put(len(t.nodes))
	put(len(t.runes))
	put(len(t.ents))
	for i := range t.nodes {
		n := &t.nodes[i]
		ends := int(n.numEnts) << 1
		if n.tailEnds {
			ends |= 1
		}
		put(int(t.labels[i]))
		put(int(n.numKids))
		put(ends)
		put(int(n.ents))
		put(int(n.tailLen))
	}
	for _, r := range t.runes {
		b = utf8.AppendRune(b, r)
	}
	for _, e := range t.ents {
		open := 0
		if e.open {
			open = 1
		}
		put(int(e.category))
		put(int(e.form)<<1 | open)
		put(int(e.lang))
	}
	for _, w := range t.heads {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	return b
}

// unpacker is what is left of a packed text.
type unpacker string

func (u *unpacker) number() int {
	n, shift := 0, 0
	for i := range len(*u) {
		c := (*u)[i]
		n |= int(c&0x7f) << shift
		if shift += 7; c < 0x80 {
			*u = (*u)[i+1:]
			return n
		}
	}
	return n
}

func (t *phraseTrie) unpack(u *unpacker) {
	nodes, runes, ents := u.number(), u.number(), u.number()
	t.nodes, t.labels = make([]phraseNode, nodes), make([]rune, nodes)
	kids, tail := uint32(1), uint32(0)
	for i := range t.nodes {
		n := &t.nodes[i]
		t.labels[i] = rune(u.number())
		n.numKids = uint16(u.number())
		ends := u.number()
		n.numEnts, n.tailEnds = uint16(ends>>1), ends&1 != 0
		n.ents = uint32(u.number())
		n.tailLen = uint16(u.number())
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
		r, size := utf8.DecodeRuneInString(string(*u))
		t.runes[i] = r
		*u = (*u)[size:]
	}
	t.ents = make([]phraseEnt, ents)
	for i := range t.ents {
		category, form, lang := u.number(), u.number(), u.number()
		t.ents[i] = phraseEnt{category: Category(category), form: phraseForm(form >> 1), open: form&1 != 0, lang: uint16(lang)}
	}
	for i := range t.heads {
		for j := range 8 {
			t.heads[i] |= uint64((*u)[8*i+j]) << (8 * j)
		}
	}
	*u = (*u)[8*len(t.heads):]
	t.setRoot()
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
