package read

import (
	"golang.org/x/net/html/atom"

	"dateline/lang"
)

// What the classifier doubts and what stands around it makes part of the body.

// siblings are elements of one make that stand side by side.
type siblings struct {
	parent int32
	sig    uint32
}

// keepSiblings keeps the paragraphs that the classifier doubts and that go on
// with the body: in one element with paragraphs that surely are, or close to
// them in one next to it, or in an item of a make with others.
func (p *page) keepSiblings() {
	const sure, least, doubt, enough, close, levels, several, item = 0.7, 0.1, 0.25, 2, 3, 2, 3, 6
	known := map[siblings]int{}
	makes := map[uint32]int{} // of paragraphs in items of one make, as entries of a live blog
	for i := range p.blocks {
		if b := &p.blocks[i]; b.role == kept && b.prob >= sure && b.prose() {
			e := &p.elems[b.elem]
			known[siblings{e.parent, e.sig}]++
			makes[e.sig]++
		}
	}
	last := -1 // the block before that is kept
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.role == kept {
			last = i
		}
		e := &p.elems[b.elem]
		if b.role != dropped || b.prob < least || !b.prose() || b.phrase.found || b.copies > 1 || int32(i) == p.title || e.tags&inHidden != 0 {
			continue
		}
		if known[siblings{e.parent, e.sig}] >= enough || b.prob >= doubt && makes[e.sig] >= several && last >= 0 && i-last <= item ||
			b.prob >= doubt && last >= 0 && i-last <= close && e.up <= levels && e.node.DataAtom == p.elems[p.blocks[last].elem].node.DataAtom &&
				e.tags&(inNav|inAside|inFooter|inForm|inLi) == 0 && e.acc&(clRelated|clComment|clAd|clSide|clNav|clModal|clNewsletter) == 0 {
			b.role = kept
			last = i
		}
	}
}

// keepLead keeps the summary between headline and text whose element says that
// it is one.
func (p *page) keepLead() {
	const least, most, near = 6, 80, 10 // words, blocks behind the headline
	if p.title < 0 {
		return
	}
	for i := int(p.title) + 1; i < min(len(p.blocks), int(p.title)+near); i++ {
		b := &p.blocks[i]
		e := &p.elems[b.elem]
		if b.role == kept {
			return
		}
		if (e.own|b.inline)&clLead != 0 && b.stats.words >= least && b.stats.words <= most && b.linkBytes == 0 && !b.phrase.found && b.copies == 1 &&
			e.tags&(inNav|inAside|inFooter|inForm|inFigure|inHidden|inLi) == 0 && e.acc&(clCaption|clRelated|clComment|clAd|clNewsletter|clModal) == 0 && p.shortLead(b.elem) {
			b.role = kept
		}
	}
}

// keepHeadings keeps the headings between paragraphs of the body: what stands
// over one it goes on with, in the same element.
func (p *page) keepHeadings() {
	const least = 0.1
	before := int32(-1) // the element around the body block before
	for i := range p.blocks {
		b := &p.blocks[i]
		e := &p.elems[b.elem]
		if b.role == kept {
			before = e.parent
			continue
		}
		if b.prob < least || b.phrase.found || b.linkBytes*2 > b.end-b.start || b.copies > 1 || int32(i) == p.title || p.headingLevel(i) < 2 || before != e.parent || i+1 == len(p.blocks) {
			continue
		}
		if next := &p.blocks[i+1]; next.role == kept && next.prose() && p.elems[next.elem].parent == e.parent {
			b.role = kept
		}
	}
}

// keepLists keeps the items of a list most of which are body, and those of one
// that a paragraph of the body ends with a colon before, with another behind.
func (p *page) keepLists(first, last int) {
	for i := range p.elems {
		e := &p.elems[i]
		if e.node.DataAtom != atom.Ul && e.node.DataAtom != atom.Ol || int(e.first) < first || int(e.last) > last || e.linkWords*2 > e.words || e.tags&(inNav|inAside) != 0 {
			continue
		}
		in, all := int32(0), int32(0)
		for k := e.first; k <= e.last; k++ {
			b := &p.blocks[k]
			all += b.stats.words
			if b.role == kept {
				in += b.stats.words
			}
		}
		if in == all || in*5 < all*3 && !(e.linkWords == 0 && p.announced(e) && p.between(e)) {
			continue
		}
		for k := e.first; k <= e.last; k++ {
			if b := &p.blocks[k]; b.role == dropped && !b.phrase.is(alone) && p.elems[b.elem].tags&(inForm|inHidden) == 0 {
				b.role = kept
			}
		}
	}
}

// keepQuotes keeps the quotations and verbatim texts that follow a paragraph of
// the body, whole, with the line that says whose they are.
func (p *page) keepQuotes() {
	for i := range p.elems {
		e := &p.elems[i]
		if e.node.DataAtom != atom.Blockquote && e.node.DataAtom != atom.Pre || e.words == 0 || e.linkWords > 0 || !p.follows(e) ||
			e.tags&(inNav|inAside|inForm|inHidden|inDialog|inFigure) != 0 || e.acc&(clComment|clRelated|clShare|clNewsletter|clAd|clModal|clMedia|clCaption) != 0 {
			continue
		}
		for k := e.first; k <= e.last; k++ {
			if b := &p.blocks[k]; b.role == dropped && !b.phrase.is(alone) && !b.phrase.begins(furniture) {
				b.role = kept
			}
		}
	}
}

// nearBody is how many blocks may stand between an element and the paragraph of
// the body that it follows.
const nearBody = 3

// between tells whether paragraphs of the body stand before and behind an
// element under the same parent.
func (p *page) between(e *elem) bool { return p.follows(e) && p.besideBody(e, e.last+1, 1) }

// follows tells whether a paragraph of the body stands before an element under
// the same parent.
func (p *page) follows(e *elem) bool { return p.besideBody(e, e.first-1, -1) }

func (p *page) besideBody(e *elem, k, step int32) bool {
	for n := 0; k >= 0 && k < int32(len(p.blocks)) && n < nearBody; k, n = k+step, n+1 {
		if b := &p.blocks[k]; b.role == kept && b.prose() && p.elems[b.elem].parent == e.parent {
			return true
		}
	}
	return false
}

// announced tells whether the block before an element ends with a colon.
func (p *page) announced(e *elem) bool {
	if e.first == 0 {
		return false
	}
	b := &p.blocks[e.first-1]
	return b.role == kept && (b.stats.endsColon || p.buf[b.end-1] == ';')
}

// keepSentences keeps the plain sentences of a page of a few blocks none of
// which looks like an article: better a line of text than none.
func (p *page) keepSentences() {
	const few = 10
	if len(p.blocks) > few {
		return
	}
	for i := range p.blocks {
		b := &p.blocks[i]
		e := &p.elems[b.elem]
		if e.node.DataAtom == atom.P && b.stats.endsStop && b.stats.words > 2 && b.linkBytes == 0 && !b.phrase.found &&
			e.tags&(inNav|inAside|inFooter|inForm|inHidden|inDialog) == 0 && e.acc&(clComment|clModal|clForm) == 0 {
			b.role = kept
		}
	}
}

// headsCorrections tells whether a heading that has a phrase of corrections is
// nothing but that; a longer one is the note itself.
func headsCorrections(m lang.PhraseMatch) bool { return m.Start == 0 && m.Mode == lang.Whole }

// keepCorrections keeps the notes of correction that stand in the body, over it
// or right under it, which look like furniture, and returns the last block
// kept. A heading may say what they are.
func (p *page) keepCorrections(first, last int) int {
	const beside = 4 // blocks looked at before and behind the body
	under := -1      // the block behind a heading of corrections
	for i := max(first-beside, 0); i <= min(last+beside, len(p.blocks)-1); i++ {
		b := &p.blocks[i]
		e := &p.elems[b.elem]
		if int32(i) == p.title || e.acc&(clComment|clModal) != 0 || e.tags&(inNav|inFooter|inForm|inHidden) != 0 || b.linkBytes*2 > b.end-b.start {
			continue
		}
		m, ok := lang.Phrases().MatchOf(beginning(str(p.blockText(i)), 200), correction)
		switch {
		case ok && headsCorrections(m) && p.headingLevel(i) > 0:
			under = i + 1
		case b.role != dropped || b.stats.words < 6:
		case ok && m.Start == 0:
			b.role = kept
			last = max(last, i)
		case i == under && b.prose():
			p.blocks[i-1].role, b.role = kept, kept
			last = max(last, i)
		}
	}
	return last
}
