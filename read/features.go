package read

import (
	"bytes"
	"math"
	"math/bits"
	"strings"

	"golang.org/x/net/html/atom"
)

// The block classifier sees each block as a row of small numbers: what the
// text is like, what its elements are called, how the text around it is, and
// how much of the page's prose stands where it stands. The rows know nothing
// of any language, outlet or host.

// features is the number of features at the first look; look2 more are added
// at the second, when the first look's probabilities of the neighbours are
// known.
const (
	features1 = 200
	look2     = 38
	features  = features1 + look2
)

// logTable[n] is 16*log2(1+n), the scale on which counts are seen.
var logTable = func() (t [4096]uint8) {
	for n := range t {
		t[n] = uint8(min(255, math.Round(16*math.Log2(1+float64(n)))))
	}
	return t
}()

func lg(n int32) uint8 {
	if n < 0 {
		return 0
	}
	if int(n) < len(logTable) {
		return logTable[n]
	}
	return uint8(min(255, 16*bits.Len32(uint32(n))))
}

func frac(a, b int32) uint8 {
	if b <= 0 || a <= 0 {
		return 0
	}
	return uint8(min(255, int64(a)*255/int64(b)))
}

func bit(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// describe fills the first look's features of every block.
func (p *page) describe(st *layoutStats) {
	clear(p.sigs)
	clear(p.alike)
	for i := range p.elems {
		p.alike[p.elems[i].sig]++
	}
	for i := range p.blocks {
		b := &p.blocks[i]
		b.copies = p.copies[b.hash]
		s := p.sigs[p.elems[b.elem].sig]
		s.words += b.stats.words
		s.linkWords += b.linkWords()
		s.blocks++
		if b.prose() {
			s.para += b.stats.words
		}
		p.sigs[p.elems[b.elem].sig] = s
	}
	var wordsBefore int32
	lastPara := int32(-1000)
	p.lastRelated, p.lastComments, p.lastDated, p.dated = -1000, -1000, -1000, 0
	for i := range p.blocks {
		b := &p.blocks[i]
		p.row(st, int32(i), wordsBefore, lastPara)
		wordsBefore += b.stats.words
		if b.prose() {
			lastPara = int32(i)
		}
	}
	next := int32(len(p.blocks) + 1000)
	for i := len(p.blocks) - 1; i >= 0; i-- {
		b := &p.blocks[i]
		b.feat[fNextPara] = lg(next - int32(i))
		if b.prose() {
			next = int32(i)
		}
	}
}

// fNextPara is the feature that needs the walk backwards.
const fNextPara = 0

func (p *page) row(st *layoutStats, i, wordsBefore, lastPara int32) {
	b := &p.blocks[i]
	e := &p.elems[b.elem]
	t := &b.stats
	f := b.feat[:features1]
	n := 1
	put := func(v uint8) {
		f[n] = v
		n++
	}
	text := p.buf[b.start:b.end]
	size := b.end - b.start

	// The text itself.
	put(lg(t.words))
	put(frac(b.linkBytes, size))
	put(lg(b.links[1] - b.links[0]))
	put(lg(t.stops))
	put(bit(t.endsStop))
	put(bit(t.endsColon))
	put(frac(t.commas*4, t.words))
	put(frac(t.upper, t.words))
	put(frac(t.allUpper, t.words))
	put(frac(t.digits, t.runes))
	put(frac(t.symbols*4, t.words))
	put(lg(t.quotes))
	put(frac(t.letters*20, t.words*255))
	put(bit(t.lowStart))
	put(bit(t.hasYear))
	put(bit(t.hasClock))
	put(bit(b.emphasis))
	put(bit(b.imgBefore))
	put(bit(b.brBefore))
	put(min(b.copies, 10))
	put(bit(t.wide > 0))
	put(bit(b.prose()))
	put(frac(t.stops*10, t.words))
	first := byte(0)
	if len(text) > 0 {
		first = text[0]
	}
	put(bit(first == '-' || first == '*' || first == '|' || first == '>' || first == '#' || first == '/' || first == '+'))
	put(bit(first == '(' || first == '['))
	put(bit(bytes.IndexByte(text, '@') >= 0 || bytes.Contains(text, []byte("http"))))
	put(bit(bytes.Contains(text, []byte("©")) || bytes.Contains(text, []byte("(c)"))))
	put(bit(bytes.IndexByte(text, '|') >= 0))

	// Phrases that languages use for a page's furniture.
	for k := range phraseFeatures {
		put(b.phrase.feature(k))
	}

	if i > 0 {
		prev := &p.blocks[i-1].phrase
		put(bit(prev.found) + bit(prev.is(alone)))
	} else {
		n++
	}
	put(lg(i - p.lastRelated))
	put(lg(i - p.lastComments))
	if b.phrase.begins(readAlso | popular) {
		p.lastRelated = i
	}
	if b.phrase.begins(comments) {
		p.lastComments = i
	}

	// Its element and the ancestors'.
	a := e.node.DataAtom
	put(bit(a == atom.P))
	put(bit(a == atom.Div || a == atom.Section || a == atom.Article || a == 0))
	put(bit(a == atom.Li))
	put(bit(a == atom.Td || a == atom.Th))
	put(bit(a == atom.H1))
	put(bit(a == atom.H2))
	put(bit(a == atom.H3))
	put(bit(a == atom.H4 || a == atom.H5 || a == atom.H6))
	put(bit(a == atom.Blockquote))
	put(bit(a == atom.Figcaption || a == atom.Caption))
	put(bit(a == atom.Dd || a == atom.Dt))
	put(bit(a == atom.Label || a == atom.Legend))
	for k := inside(1); k <= inCustom; k <<= 1 {
		put(bit(e.tags&k != 0))
	}
	put(lg(e.depth))
	var parentOwn, upper classes
	if e.parent >= 0 {
		up := &p.elems[e.parent]
		parentOwn = up.own
		if up.parent >= 0 {
			upper = p.elems[up.parent].acc
			parentOwn |= p.elems[up.parent].own
		}
	}
	own := e.own | b.inline
	for k := range classGroups { // how near the group's words stand
		switch {
		case own>>k&1 != 0:
			put(3)
		case parentOwn>>k&1 != 0:
			put(2)
		default:
			put(uint8(upper >> k & 1))
		}
	}

	// The container and the core.
	c := p.container(i)
	ce := &p.elems[c]
	put(lg(ce.words))
	put(frac(ce.linkWords, ce.words))
	put(frac(ce.paraWords, ce.words))
	put(frac(ce.paraWords, st.paraWords))
	put(lg(ce.last - ce.first))
	if ce.parent >= 0 {
		ge := &p.elems[ce.parent]
		put(lg(ge.words))
		put(frac(ge.linkWords, ge.words))
		put(frac(ge.paraWords, ge.words))
		put(frac(ge.paraWords, st.paraWords))
	} else {
		n += 4
	}
	put(frac(int32(ce.score*16), int32(p.bestScore(st)*16)))
	put(bit(c == st.best))
	put(bit(st.best >= 0 && p.within(b.elem, st.best)))
	put(bit(st.core >= 0 && p.within(b.elem, st.core)))
	if st.core >= 0 {
		co := &p.elems[st.core]
		put(frac(co.paraWords, st.paraWords))
		put(frac(co.linkWords, co.words))
		put(lg(max(0, i-st.coreFirst)))
		put(lg(max(0, st.coreLast-i)))
		put(lg(max(0, st.coreFirst-i)))
		put(lg(max(0, i-st.coreLast)))
		put(lg(max(0, st.firstPara-i)))
		put(lg(max(0, i-st.firstPara)))
		put(lg(max(0, st.lastPara-i)))
		put(lg(max(0, i-st.lastPara)))
		put(uint8(max(0, min(40, e.depth-co.depth+10))))
		// The child of the core that holds the block.
		k := b.elem
		for k >= 0 && p.elems[k].parent != st.core && p.elems[k].depth > co.depth {
			k = p.elems[k].parent
		}
		if k >= 0 && p.elems[k].parent == st.core {
			ke := &p.elems[k]
			put(lg(ke.words))
			put(frac(ke.linkWords, ke.words))
			put(frac(ke.paraWords, co.paraWords))
			put(lg(ke.last - ke.first))
		} else {
			n += 4
		}
	} else {
		n += 15
	}

	// Others that stand in elements of the same name.
	s := p.sigs[e.sig]
	put(lg(s.blocks))
	put(lg(s.words))
	put(frac(s.para, st.paraWords))
	put(frac(s.para, s.words))
	put(frac(s.linkWords, s.words))
	put(lg(s.words / max(1, s.blocks)))

	// Where it stands.
	put(frac(i, int32(len(p.blocks))))
	put(frac(wordsBefore, st.words))
	put(lg(i - lastPara))
	put(lg(i))
	put(lg(int32(len(p.blocks)) - i))
	if st.title >= 0 {
		put(lg(max(0, i-st.title)))
		put(lg(max(0, st.title-i)))
		put(bit(i == st.title))
	} else {
		put(255)
		n += 2
	}
	put(bit(st.title >= 0 && b.hash == p.blocks[st.title].hash))
	put(p.likeDescription(text))
	hits, share := p.about.in(text, t.words)
	put(hits)
	put(share)
	hits, share = p.summary.in(text, t.words)
	put(hits)
	put(share)
	put(lg(i - p.lastDated))
	put(lg(p.dated))
	if t.words <= 12 && (t.hasClock || t.hasYear) {
		p.lastDated = i
		p.dated++
	}
	put(p.inArticleBody(text))
	put(bit(p.articleBody != ""))

	// The item it is part of, where it is one of a list of alike: a comment, a
	// teaser, an entry.
	item := p.item(b.elem)
	ie := &p.elems[item]
	put(lg(p.alike[ie.sig]))
	put(lg(ie.words))
	put(lg(ie.last - ie.first + 1))
	dated := false
	for j := ie.first; j <= ie.last && j < ie.first+itemBlocks; j++ {
		o := &p.blocks[j].stats
		dated = dated || j != i && o.words <= 12 && (o.hasClock || o.hasYear)
	}
	put(bit(dated))
	put(frac(t.short, t.words))

	// The neighbours.
	for _, d := range [...]int32{-2, -1, 1, 2} {
		j := i + d
		if j < 0 || j >= int32(len(p.blocks)) {
			n += 6
			continue
		}
		o := &p.blocks[j]
		put(lg(o.stats.words))
		put(frac(o.linkBytes, o.end-o.start))
		put(bit(o.elem == b.elem) | bit(p.elems[o.elem].parent == e.parent)<<1)
		put(bit(p.elems[o.elem].sig == e.sig))
		put(bit(p.elems[o.elem].tags&inHeading != 0))
		put(bit(o.prose()) | bit(o.stats.endsStop)<<1)
	}

	// The page.
	put(lg(st.words))
	put(lg(st.paras))
	put(frac(st.linkWords, st.words))
	put(frac(st.paraWords, st.words))
	put(lg(int32(len(p.blocks))))
	p.rowLen = n
}

// likeDescription tells how a block agrees with the page's own description: 2
// when it begins with it, 1 when they share their beginning.
func (p *page) likeDescription(text []byte) uint8 {
	d := p.description
	if len(d) < 24 || len(text) < 24 {
		return 0
	}
	if bytes.HasPrefix(text, d[:min(len(d), 80)]) || bytes.HasPrefix(d, text[:min(len(text), 80)]) {
		if len(text) < len(d)+40 {
			return 3
		}
		return 2
	}
	if bytes.Equal(text[:24], d[:24]) {
		return 1
	}
	return 0
}

// maxSearched bounds the bytes of articleBody that are looked through for the
// blocks of one page. A long report of 100 KB with 2,500 blocks reaches it.
const maxSearched = 256 << 20

// inArticleBody tells whether the text stands in the page's JSON-LD articleBody.
func (p *page) inArticleBody(text []byte) uint8 {
	if p.articleBody == "" || len(text) < 20 {
		return 0
	}
	if p.searched += len(p.articleBody); p.searched > maxSearched {
		return 1
	}
	k := text[:min(len(text), 40)]
	for len(k) > 16 && k[len(k)-1] >= 0x80 {
		k = k[:len(k)-1]
	}
	if strings.Contains(p.articleBody, string(k)) {
		return 2
	}
	if len(text) > 80 && strings.Contains(p.articleBody, string(text[40:70])) {
		return 2
	}
	return 1
}
