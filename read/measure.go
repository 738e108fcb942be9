package read

import "golang.org/x/net/html/atom"

// layoutStats is what is known of the page as a whole before a block is looked at.
type layoutStats struct {
	words, linkWords, paraWords int32
	paras                       int32
	core                        int32 // the smallest element with most of the page's prose
	coreFirst, coreLast         int32
	best                        int32 // the element with the highest score
	title                       int32 // the block with the headline, -1
	firstPara, lastPara         int32 // of the core
}

type sigStat struct{ words, blocks, para, linkWords int32 }

// prose tells whether a block looks like sentences.
func (b *textBlock) prose() bool {
	t := &b.stats
	// A script without spaces may have no stops either, as Thai has.
	return t.words >= 9 && b.linkBytes*2 < b.end-b.start &&
		(t.stops > 0 || t.words > 25 && t.commas > 0 || t.endsColon || t.words > 40 && t.wide*2 > t.letters)
}

// linkWords estimates the words in links from the share of the bytes.
func (b *textBlock) linkWords() int32 {
	if b.end == b.start {
		return 0
	}
	return int32(int64(b.stats.words) * int64(b.linkBytes) / int64(b.end-b.start))
}

// measure counts bottom-up what stands below each element.
func (p *page) measure() layoutStats {
	st := layoutStats{core: -1, best: -1, title: -1, firstPara: -1, lastPara: -1}
	clear(p.copies)
	p.closeLinks()
	for i := range p.blocks {
		b := &p.blocks[i]
		if n := p.copies[b.hash]; n < 255 {
			p.copies[b.hash] = n + 1
		}
		e := &p.elems[b.elem]
		lw := b.linkWords()
		e.blocks++
		e.words += b.stats.words
		e.linkWords += lw
		st.words += b.stats.words
		st.linkWords += lw
		if b.prose() {
			e.paraWords += b.stats.words
			st.paraWords += b.stats.words
			st.paras++
			s := float32(min(b.stats.words-lw, 120))
			c := p.container(int32(i))
			p.elems[c].score += s
			if up := p.elems[c].parent; up >= 0 {
				p.elems[up].score += s / 2
				if up = p.elems[up].parent; up >= 0 {
					p.elems[up].score += s / 4
				}
			}
		}
		e.last = int32(i)
	}
	for i := len(p.elems) - 1; i >= 0; i-- {
		e := &p.elems[i]
		if e.parent < 0 {
			continue
		}
		up := &p.elems[e.parent]
		up.words += e.words
		up.linkWords += e.linkWords
		up.paraWords += e.paraWords
		up.last = max(up.last, e.last)
	}
	var bestScore float32
	for i := range p.elems {
		e := &p.elems[i]
		if s := e.score * (1 - float32(e.linkWords)/float32(e.words+1)); s > bestScore {
			bestScore, st.best = s, int32(i)
		}
	}
	st.core = p.coreOf(0.66)
	if st.core >= 0 {
		st.coreFirst, st.coreLast = p.elems[st.core].first, p.elems[st.core].last
		for i := st.coreFirst; i <= st.coreLast; i++ {
			if p.blocks[i].prose() {
				if st.firstPara < 0 {
					st.firstPara = i
				}
				st.lastPara = i
			}
		}
	}
	return st
}

// coreOf returns the smallest element in a chain from the root in which each
// has at least the share of its parent's prose.
func (p *page) coreOf(share float64) int32 {
	at := int32(-1)
	for i := 0; i < len(p.elems); i++ {
		e := &p.elems[i]
		if e.parent != at {
			continue
		}
		switch e.node.DataAtom {
		case atom.P, atom.H1, atom.H2, atom.H3, atom.Li:
			continue
		}
		if at < 0 || e.paraWords > 0 && float64(e.paraWords) >= share*float64(p.elems[at].paraWords) {
			at = int32(i)
		}
	}
	return at
}

// itemBlocks is the most blocks of an item of a list.
const itemBlocks = 10

// item returns the greatest element around e that holds few blocks.
func (p *page) item(e int32) int32 {
	for up := p.elems[e].parent; up >= 0 && p.elems[up].last-p.elems[up].first < itemBlocks; up = p.elems[up].parent {
		e = up
	}
	return e
}

// container returns the element a block stands in among others: its own
// element when that holds more text than the block, else the parent.
func (p *page) container(i int32) int32 {
	e := p.blocks[i].elem
	if p.elems[e].parent < 0 || p.elems[e].blocks > 1 {
		return e
	}
	if p.elems[e].words > p.blocks[i].stats.words {
		return e
	}
	return p.elems[e].parent
}

func (p *page) within(e, of int32) bool {
	if of < 0 || e < of {
		return false
	}
	return p.elems[e].first >= p.elems[of].first && p.elems[e].last <= p.elems[of].last && p.elems[e].depth >= p.elems[of].depth
}

func (p *page) bestScore(st *layoutStats) float32 {
	if st.best < 0 {
		return 0
	}
	return p.elems[st.best].score
}
