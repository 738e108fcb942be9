package read

import (
	"net/url"
	"strings"

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

// boxOf is classOf of an element that holds text. A framework's root, which
// holds the whole page, is no box of anything: __next says nothing.
func (p *page) boxOf(n *html.Node) classes {
	if strings.HasPrefix(attr(n, "id"), "__") {
		return 0
	}
	return p.classOf(n)
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
