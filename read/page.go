package read

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// elem is an element that has text below it, with what was counted there.
type elem struct {
	node   *html.Node
	parent int32 // index, -1 at the root
	depth  int32
	own    classes // of its class, id, role and itemprop
	acc    classes // its own and all ancestors'
	tags   inside  // its own and all ancestors' kinds
	sig    uint32  // hash of its and its parent's tag and class

	first, last int32 // blocks below
	blocks      int32 // blocks directly in it
	words       int32 // words below
	linkWords   int32 // of them in links
	paraWords   int32 // words below in blocks that look like sentences
	score       float32
	up          uint8 // levels to the nearest element that holds the body; see near
	share       uint8 // of the body that stands in elements of this make
	grid        bool  // a table of rows and columns
}

// inside is a set of kinds of ancestors.
type inside uint32

const (
	inArticle inside = 1 << iota
	inMain
	inAside
	inNav
	inHeader
	inFooter
	inForm
	inFigure
	inTable
	inList
	inQuote
	inSection
	inCaption
	inPre
	inHeading
	inP
	inLi
	inCell
	inDl
	inDetails
	inHidden
	inDialog
	inAddress
	inCustom
)

func kindOf(n *html.Node) inside {
	switch n.DataAtom {
	case atom.Article:
		return inArticle
	case atom.Main:
		return inMain
	case atom.Aside:
		return inAside
	case atom.Nav, atom.Menu:
		return inNav
	case atom.Header, atom.Hgroup:
		return inHeader
	case atom.Footer:
		return inFooter
	case atom.Form, atom.Fieldset, atom.Label, atom.Legend:
		return inForm
	case atom.Figure:
		return inFigure
	case atom.Table:
		return inTable
	case atom.Ul, atom.Ol, atom.Dir:
		return inList
	case atom.Blockquote:
		return inQuote
	case atom.Section:
		return inSection
	case atom.Figcaption, atom.Caption:
		return inCaption
	case atom.Pre, atom.Listing, atom.Xmp, atom.Plaintext:
		return inPre
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return inHeading
	case atom.P:
		return inP
	case atom.Li:
		return inLi
	case atom.Td, atom.Th:
		return inCell
	case atom.Dl, atom.Dt, atom.Dd:
		return inDl
	case atom.Details, atom.Summary:
		return inDetails
	case atom.Dialog:
		return inDialog
	case atom.Address:
		return inAddress
	case 0:
		return inCustom
	}
	return 0
}

// textBlock is a run of text between two block boundaries: a paragraph, a
// heading, a cell, or text that stands bare in a div.
type textBlock struct {
	elem       int32 // the nearest element that is no inline one
	start, end int32 // in page.buf
	links      [2]int32
	brs        [2]int32 // the line breaks in it
	inline     classes  // of the inline elements all of its text is in
	emphasis   bool     // all of it bold or italic
	imgBefore  bool     // a picture stands between the block before and this
	brBefore   bool     // parted from the block before by line breaks only

	linkBytes int32
	stats     textStats
	hash      uint64
	copies    uint8 // how often the same text stands in the page
	phrase    phrase

	feat      Row
	first     float32 // probability of being body at the first look
	prob      float32 // and at the second
	run       int32   // the stretch of body it is part of, -1
	role      role
	entryTime bool // the time of a live blog's entry: a heading
}

type span struct {
	start, end int32
	href       string
}

// page is a parsed page, laid out for reading: its elements that hold text,
// its blocks of text in order, and what its head says.
type page struct {
	buf    []byte // the text of all blocks, folded
	elems  []elem
	blocks []textBlock
	links  []span

	brs []int32 // places of single line breaks in buf

	head head

	h1       []int32 // blocks in an h1
	times    []timed
	marked   []marked
	noted    *html.Node // the element last looked at for its names
	ldjson   []string
	things   []thing
	blind    bool     // see Options
	source   []byte   // the page in UTF-8
	states   []string // the scripts that hold the page's state; see data
	looked   bool     // states are known
	nodes    int
	imgs     int
	videos   int
	password bool
	full     bool // there was more text than maxBlocks
	forms    int
	url      *url.URL // the page's address, where it is known
	base     *url.URL // what its links are relative to
	og       string   // see ogTitle
	ogKnown  bool
	ids      map[string]int32 // things by their @id; see refer
	names    []siteName       // of its site; see findNames
	section  []string         // the keys of its sections' names

	// while walking
	frames   []frame
	cur      textBlock
	open     bool
	anchor   int // depth of nested links
	href     string
	linkAt   int32
	bold     int
	pre      int // depth of preformatted elements
	allBold  bool
	img      bool
	gap      bool // an element that stands apart has begun or ended
	seam     bool // an element follows another
	br       int
	brFlush  bool
	inlineOf *html.Node             // the element that inlineClasses looked at last
	inlineIs classes                // and what it found
	classes  *[classSlots]classSlot // answers of classesOf

	// while looking at blocks
	copies                    map[uint64]uint8
	sigs                      map[uint32]sigStat
	alike                     map[uint32]int32 // elements of the same make
	sigProbs                  map[uint32][2]float32
	runSigs                   map[uint32]float32 // words of the main stretch by make
	runs                      []stretch
	look                      []int32 // the blocks that the classifier is to look at
	articleBody               string
	searched                  int // bytes of articleBody looked through
	description               []byte
	title                     int32   // the block with the headline, -1
	place                     *extent // where the article stands, once asked for
	rowLen                    int
	lastRelated, lastComments int32
	lastDated, dated          int32
	about, summary            wordSet // of the headline, of the description
}

// timed is a time element and the block that follows or holds it.
type timed struct {
	node *html.Node
	at   int32
}

// frame is an open element while walking; its elem is made when the first
// text below it is found.
type frame struct {
	node  *html.Node
	index int32
}

// maxBlocks is how many blocks of text a page may have; what follows is cut.
// The longest pages of live reporting have a tenth of it.
const maxBlocks = 50_000

// inlineDepth is how deep chains of inline elements are looked at for classes.
const inlineDepth = 4

func (p *page) reset() {
	clear(p.elems)
	clear(p.blocks)
	clear(p.links)
	clear(p.times)
	clear(p.marked)
	clear(p.things)
	clear(p.frames)
	*p = page{buf: p.buf[:0], elems: p.elems[:0], blocks: p.blocks[:0], links: p.links[:0], brs: p.brs[:0], h1: p.h1[:0],
		times: p.times[:0], marked: p.marked[:0], things: p.things[:0], frames: p.frames[:0],
		classes: p.classes, copies: p.copies, look: p.look[:0], runs: p.runs[:0], sigs: p.sigs, alike: p.alike, sigProbs: p.sigProbs, runSigs: p.runSigs, head: head{metas: p.head.metas[:0]}, names: p.names[:0], section: p.section[:0]}
	if p.classes == nil {
		p.classes = new([classSlots]classSlot)
		p.copies = make(map[uint64]uint8)
		p.sigs = make(map[uint32]sigStat)
		p.alike = make(map[uint32]int32)
		p.sigProbs = make(map[uint32][2]float32)
		p.runSigs = make(map[uint32]float32)
	}
}

func (p *page) classOf(n *html.Node) classes {
	var c classes
	if p.blind {
		return 0
	}
	for i := range n.Attr {
		a := &n.Attr[i]
		switch a.Key {
		case "class", "id", "itemprop", "role", "data-testid", "data-component":
			if a.Val == "" {
				continue
			}
			c |= p.classWord(a.Val)
		}
	}
	return c
}

// classWord is classesOf with its answers kept: pages, and pages of one outlet,
// use the same few names over and over. An answer stands in a place that the
// name's length and a few of its letters give, until another takes the place.
func (p *page) classWord(attr string) classes {
	n := len(attr)
	if n == 0 {
		return 0
	}
	at := uint32(n)*31 + uint32(attr[0])*7 + uint32(attr[n/3])*131 + uint32(attr[n/2])*17 + uint32(attr[n-1])*1031
	slot := &p.classes[at%classSlots]
	if slot.attr != attr {
		if n > maxClassLength {
			return classesOf(attr)
		}
		*slot = classSlot{attr, classesOf(attr)}
	}
	return slot.bits
}

// What is kept of class attributes between pages, so that memory stays flat.
const (
	classSlots     = 1024
	maxClassLength = 400
)

type classSlot struct {
	attr string
	bits classes
}

// walk lays out the text below n.
func (p *page) walk(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			p.text(c)
		case html.ElementNode:
			p.nodes++
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
			p.head.lang = attr(n, "lang")
		}
		p.head.amp = hasAttr(n, "amp") || hasAttr(n, "⚡")
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
		p.imgs++
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
		p.imgs++
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
const apartInline = clByline | clDate | clCaption | clKicker | clLead | clLegal

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
		} else if s != "" && (p.gap && startsWord(s) || p.seam && newWord(p.buf, s)) {
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
		e := elem{node: n, parent: parent, own: p.classOf(n), tags: kindOf(n), first: int32(len(p.blocks)), depth: int32(i)}
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

// newWord tells whether a text that begins with a capital follows a small
// letter, as within words hardly ever happens.
func newWord(b []byte, s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRune(b)
	return unicode.IsUpper(r) && unicode.IsLower(last)
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

func (p *page) blockText(i int) []byte {
	b := &p.blocks[i]
	return p.buf[b.start:b.end]
}

// without takes blocks out of a page that is laid out and not yet measured.
func (p *page) without(out func(block int) bool) {
	at := make([]int32, len(p.blocks)+1) // where a block goes, or the next that stays
	kept := p.blocks[:0]
	for i := range p.blocks {
		at[i] = int32(len(kept))
		if !out(i) {
			kept = append(kept, p.blocks[i])
		}
	}
	at[len(p.blocks)] = int32(len(kept))
	h1 := p.h1[:0]
	for _, i := range p.h1 {
		if at[i+1] > at[i] {
			h1 = append(h1, at[i])
		}
	}
	p.blocks, p.h1 = kept, h1
	for i := range p.elems {
		p.elems[i].first = at[p.elems[i].first]
	}
	for i := range p.times {
		p.times[i].at = at[p.times[i].at]
	}
	for i := range p.marked {
		p.marked[i].at = at[p.marked[i].at]
	}
}
