package read

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// extent is where the article stands among the page's blocks: its headline and
// the first and last block of its body, -1 where they are not known, and the
// last block of its head.
type extent struct{ title, first, last, head int32 }

// extent finds the article's place. A block that the classifier took for body
// far from all others does not stretch it.
func (p *page) extent() extent {
	if p.place == nil {
		x := p.findExtent()
		p.place = &x
	}
	return *p.place
}

func (p *page) findExtent() extent {
	x := extent{p.title, -1, -1, -1}
	const gap = 60 // blocks between two parts of a body
	words, best := int32(0), int32(0)
	start, end := int32(-1), int32(-1)
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.prob < 0.5 || int32(i) == x.title || b.stats.words < 9 && !b.prose() {
			continue
		}
		if start < 0 || int32(i)-end > gap {
			start, words = int32(i), 0
		}
		end = int32(i)
		words += b.stats.words
		if words > best {
			best, x.first, x.last = words, start, end
		}
	}
	if x.first < 0 || x.title >= 0 && x.last < x.title {
		// Without a body, the sentences behind the headline are its place.
		x.first, x.last = -1, -1
		for i := max(x.title, 0); i < int32(len(p.blocks)) && i < x.title+80; i++ {
			if p.blocks[i].prose() && i != x.title {
				if x.first < 0 {
					x.first = i
				}
				x.last = i
			}
		}
	}
	x.head = p.headEnd(x)
	return x
}

// headEnd returns the last block of the article's head. Between the first
// paragraph, which may be a standfirst, and the second there may be a byline.
func (p *page) headEnd(x extent) int32 {
	to := x.first
	if to < 0 || to < x.title {
		return x.title + 8
	}
	const most = 12
	end := to + headAfter
	for i := to + 1; i <= to+most && i < int32(len(p.blocks)); i++ {
		if b := &p.blocks[i]; b.stats.words > 25 || b.prose() && b.prob >= 0.5 {
			break
		}
		end = max(end, i)
	}
	return end
}

// zone says where something stands in relation to the article.
type zone uint8

const (
	zoneFar   zone = iota
	zoneInner      // between the first and the last block of the body
	zoneFoot       // right behind the body
	zoneHead       // at the headline or before the first paragraph
)

// Blocks before the headline, after the first of the body, and after its last
// that still belong to the article's head and foot.
const (
	headBefore = 8
	headAfter  = 2
	footAfter  = 10
)

func (x extent) zone(at int32) zone {
	from := x.title
	if from < 0 {
		from = x.first
	}
	switch {
	case from < 0:
		return zoneFar
	case at >= from-headBefore && at <= x.head:
		return zoneHead
	case at > x.last && at <= x.last+footAfter:
		return zoneFoot
	case at > x.head && at <= x.last:
		return zoneInner
	}
	return zoneFar
}

// aside tells whether a node stands in what is not the article's own: readers'
// comments, lists of other articles, navigation.
func (p *page) aside(n *html.Node) bool { return p.asideOf(n) != notAside }

// asides are the kinds of what is not the article's own.
type asides uint8

const (
	notAside asides = iota
	setApart        // a list, a form, a picture
	another         // a reader's comment, another article
)

func (p *page) asideOf(n *html.Node) asides {
	for i := 0; n != nil && i < 40; i++ {
		if n.Type == html.ElementNode {
			switch c := p.classOf(n); {
			case c&clComment != 0 && c&(clByline|clDate|clBody) == 0:
				return another
			case c&(clRelated|clList) != 0 && c&(clContent|clArticle|clBody|clByline|clDate|clHeadline|clWrap|clHeadFoot) == 0 && i > 0:
				if c&clRelated != 0 {
					return another
				}
				if linked(n) { // or it is the line of the page's own date
					return setApart
				}
			}
			if k := kindOf(n); k&(inNav|inAside|inForm|inFigure|inCaption) != 0 && i > 0 || strings.HasSuffix(attr(n, "itemtype"), "ImageObject") {
				return setApart
			}
		}
		n = n.Parent
	}
	return notAside
}

// linked tells whether an element holds links, as lists of articles do.
func linked(n *html.Node) bool {
	const most = 60 // nodes
	k := 0
	for d := range n.Descendants() {
		if d.DataAtom == atom.A {
			return true
		}
		if k++; k > most {
			break
		}
	}
	return k > most
}
