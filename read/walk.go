package read

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxBlocks is how many blocks of text a page may have; what follows is cut.
// The longest pages of live reporting have a tenth of it.
const maxBlocks = 50_000

// inlineDepth is how deep chains of inline elements are looked at for classes.
const inlineDepth = 4

// walk lays out the text below n.
func (p *page) walk(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			p.text(c)
		case html.ElementNode:
			p.element(c)
		case html.DocumentNode:
			p.walk(c)
		}
	}
}

func (p *page) element(n *html.Node) {
	switch n.DataAtom {
	case atom.Html:
		if p.head.lang == "" {
			p.head.lang = firstOf(attr(n, "lang"), attr(n, "xml:lang"))
		}
	case atom.Head:
		p.walkHead(n)
		return
	case atom.Title:
		if p.head.title == "" && n.Namespace == "" {
			p.head.title = nodeText(n)
		}
		return
	case atom.Meta, atom.Link, atom.Base:
		p.headElement(n)
		p.note(n)
		return
	case atom.Script:
		p.script(n)
		return
	case atom.Br:
		p.br++
		if p.open && p.br >= 2 && p.pre == 0 {
			p.flush()
			p.brFlush = true
		} else if p.open && p.pre > 0 {
			p.buf = append(p.buf, '\n')
		} else if p.open {
			p.buf = appendSpace(p.buf, p.cur.start)
			p.brs = append(p.brs, int32(len(p.buf)))
		}
		return
	case atom.Img, atom.Picture:
		p.img = true
		if n.DataAtom == atom.Img {
			return
		}
	case atom.Video, atom.Iframe, atom.Embed, atom.Object:
		p.videos++
		p.img = true
	case atom.Input:
		if strings.EqualFold(attr(n, "type"), "password") {
			p.password = true
		}
		return
	case atom.Time:
		if len(p.times) < 400 {
			p.times = append(p.times, timed{n, int32(len(p.blocks))})
		}
	case atom.Form:
		p.forms++
	}
	if n.DataAtom == 0 && n.Data == "amp-img" {
		p.img = true
	}
	p.note(n)
	switch level(n) {
	case skip:
		return
	case block:
		p.flush()
		p.br = 0
		p.frames = append(p.frames, frame{n, -1})
		bold, pre := p.bold, p.pre
		p.bold = 0
		if kindOf(n) == inPre {
			p.pre++
		}
		p.walk(n)
		p.flush()
		p.bold, p.pre = bold, pre
		p.frames = p.frames[:len(p.frames)-1]
		p.br = 0
		p.brFlush = false
		return
	}
	// Where one element follows the other with nothing between, words may too.
	if s := n.PrevSibling; s != nil && s.Type == html.ElementNode && !p.gap {
		p.seam = true
	}
	switch n.DataAtom {
	case atom.A:
		p.anchorIn(n)
		p.walk(n)
		p.anchorOut()
	case atom.B, atom.Strong, atom.I, atom.Em:
		p.bold++
		p.walk(n)
		p.bold--
	default:
		// What a style sheet sets apart is no part of the word beside it.
		apart := len(n.Attr) > 0 && p.classOf(n)&apartInline != 0
		p.gap = p.gap || apart
		p.walk(n)
		p.gap = p.gap || apart
	}
}

// apartInline are the groups of classes that stand beside a text, not in it.
const apartInline = clByline | clDate | clCaption | clKicker | clLegal

func (p *page) anchorIn(n *html.Node) {
	p.anchor++
	if p.anchor == 1 {
		p.href = attr(n, "href")
		p.linkAt = int32(len(p.buf))
	}
}

func (p *page) anchorOut() {
	p.endLink()
	p.anchor--
}

// endLink closes the link at hand, within the open block, at its present end.
func (p *page) endLink() {
	if p.anchor != 1 || !p.open {
		return
	}
	start, end := max(p.linkAt, p.cur.start), int32(len(p.buf))
	for start < end && p.buf[start] == ' ' {
		start++
	}
	for start < end && p.buf[end-1] == ' ' {
		end--
	}
	if start < end {
		p.cur.linkBytes += end - start
		p.links = append(p.links, span{start, end, p.href})
	}
	p.linkAt = int32(len(p.buf))
}

func (p *page) text(n *html.Node) {
	s := n.Data
	if !p.open {
		trimmed := s[leadingSpace(s):]
		if trimmed == "" {
			return
		}
		if len(p.blocks) >= maxBlocks {
			p.full = true
			return
		}
		if p.pre > 0 {
			// The first line keeps what it is indented by.
			lead := s[:len(s)-len(trimmed)]
			s = s[strings.LastIndexByte(lead, '\n')+1:]
		} else {
			s = trimmed
		}
		p.openBlock(n)
	}
	before := len(p.buf)
	if p.pre > 0 {
		p.buf = append(p.buf, s...)
	} else {
		if len(p.buf) == int(p.cur.start) {
			// The character before belongs to another block.
			s = s[leadingSpace(s):]
		} else if s != "" && (p.gap && startsWord(s) || p.seam && (newWord(p.buf, s) || labels(s))) && wordEnds(p.buf[p.cur.start:]) {
			p.buf = appendSpace(p.buf, p.cur.start)
		}
		p.buf = appendFolded(p.buf, s)
		p.gap, p.seam = false, false
	}
	if len(p.buf) > before && !(len(p.buf) == before+1 && p.buf[before] == ' ') {
		if p.bold == 0 {
			p.allBold = false
		}
		p.br = 0
		if p.cur.inline != 0 && n.Parent != nil {
			p.cur.inline &= p.inlineClasses(n.Parent)
		}
	}
}

func appendSpace(b []byte, start int32) []byte {
	if int32(len(b)) > start && b[len(b)-1] != ' ' {
		b = append(b, ' ')
	}
	return b
}

// inlineClasses returns the classes of the inline elements around a text.
func (p *page) inlineClasses(n *html.Node) classes {
	if n == p.inlineOf {
		return p.inlineIs
	}
	p.inlineOf = n
	var c classes
	for i := 0; n != nil && i < inlineDepth && level(n) == inline; i++ {
		c |= p.classOf(n)
		n = n.Parent
	}
	p.inlineIs = c
	return c
}

func (p *page) openBlock(n *html.Node) {
	p.open, p.gap, p.seam = true, false, false
	p.cur = textBlock{start: int32(len(p.buf)), elem: p.ensure(), imgBefore: p.img, brBefore: p.brFlush}
	p.cur.links[0] = int32(len(p.links))
	p.cur.brs[0] = int32(len(p.brs))
	if n.Parent != nil {
		p.cur.inline = p.inlineClasses(n.Parent)
	}
	p.allBold = true
	p.linkAt = p.cur.start
	p.img = false
	p.br = 0
}

// ensure makes the elems of the open elements and returns the innermost's index.
func (p *page) ensure() int32 {
	if len(p.frames) == 0 {
		// Text outside of every element, where the tokenizer made the tree.
		p.frames = append(p.frames, frame{&html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}, -1})
		defer func() { p.frames = p.frames[:0] }()
	}
	i := len(p.frames) - 1
	for i >= 0 && p.frames[i].index < 0 {
		i--
	}
	parent := int32(-1)
	if i >= 0 {
		parent = p.frames[i].index
	}
	for i++; i < len(p.frames); i++ {
		n := p.frames[i].node
		e := elem{node: n, parent: parent, own: p.boxOf(n), tags: kindOf(n), first: int32(len(p.blocks)), depth: int32(i)}
		e.acc = e.own
		if hiddenNode(n) {
			e.tags |= inHidden
		}
		switch attr(n, "role") {
		case "navigation", "menu", "menubar":
			e.tags |= inNav
		case "complementary":
			e.tags |= inAside
		case "dialog", "alertdialog":
			e.tags |= inDialog
		case "main":
			e.tags |= inMain
		case "article":
			e.tags |= inArticle
		case "contentinfo":
			e.tags |= inFooter
		case "banner":
			e.tags |= inHeader
		}
		e.sig = uint32(n.DataAtom) * 2654435761
		for _, k := range [...]string{"class", "itemprop"} {
			for _, b := range []byte(attr(n, k)) {
				e.sig = (e.sig ^ uint32(b)) * 16777619
			}
		}
		if parent >= 0 {
			up := &p.elems[parent]
			e.acc |= up.acc
			e.tags |= up.tags
			e.sig = e.sig*31 + up.sig&0xFFFF*2654435761
		}
		parent = int32(len(p.elems))
		p.frames[i].index = parent
		p.elems = append(p.elems, e)
	}
	return parent
}

// startsWord tells whether a text begins with a letter, a digit or an opening
// sign, so that it cannot stand right behind another word.
func startsWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r) || unicode.IsDigit(r) || strings.ContainsRune("(\"“„«‘", r)
}

// wordEnds tells whether a text ends with a word or a stop: an initial may be
// the first letter of a word set large, and a currency stands at its sum.
func wordEnds(b []byte) bool {
	last, n := utf8.DecodeLastRune(b)
	if !unicode.IsLetter(last) {
		return !unicode.Is(unicode.Sc, last)
	}
	before, _ := utf8.DecodeLastRune(b[:len(b)-n])
	return unicode.IsLetter(before) || unicode.IsMark(before) || unicode.Is(unicode.Han, last)
}

// newWord tells whether a text that begins with a capital follows a small
// letter, as within words hardly ever happens.
func newWord(b []byte, s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRune(b)
	return unicode.IsUpper(r) && unicode.IsLower(last)
}

// labels tells whether a text begins with a word of bylines in a script that is
// written without spaces, and its colon.
func labels(s string) bool {
	const most = 6 * 3 // bytes
	i := strings.Index(s[:min(len(s), most+3)], "：")
	if i <= 0 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s)
	return unspaced(r) && authorWords().of(s[:i])&(wordBy|wordOther) != 0
}

// hiddenNode tells whether an element says that it is not shown.
func hiddenNode(n *html.Node) bool {
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "hidden":
			return true
		case "style":
			if strings.Contains(a.Val, "display") || strings.Contains(a.Val, "visibility") {
				s := strings.ToLower(strings.ReplaceAll(a.Val, " ", ""))
				if strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden") {
					return true
				}
			}
		}
	}
	return false
}

// flush ends the block at hand.
func (p *page) flush() {
	if !p.open {
		return
	}
	p.endLink()
	p.open = false
	b := &p.cur
	end := int32(len(p.buf))
	for end > b.start && p.buf[end-1] <= ' ' {
		end--
	}
	p.buf = p.buf[:end]
	b.end = end
	if b.start == end {
		p.links = p.links[:b.links[0]]
		return
	}
	b.links[1] = int32(len(p.links))
	b.brs[1] = int32(len(p.brs))
	b.emphasis = p.allBold
	b.stats = count(p.buf[b.start:end])
	b.hash = hash(p.buf[b.start:end])
	if b.stats.letters+b.stats.digits+b.stats.wide == 0 {
		p.buf = p.buf[:b.start]
		p.links = p.links[:b.links[0]]
		return
	}
	if p.elems[b.elem].tags&inHeading != 0 && p.inH1(b.elem) {
		p.h1 = append(p.h1, int32(len(p.blocks)))
	}
	p.blocks = append(p.blocks, *b)
	p.brFlush = false
}

func (p *page) inH1(e int32) bool {
	for i := 0; e >= 0 && i < 3; i++ {
		if p.elems[e].node.DataAtom == atom.H1 {
			return true
		}
		e = p.elems[e].parent
	}
	return false
}
