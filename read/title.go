package read

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"dateline"
)

// A page names its headline many times over: in an h1, in JSON-LD, in
// og:title, in <title>, and each of them may be another text. The headline is
// chosen by agreement. Every source puts up candidates, with the site's name
// cut off (see title_trim.go); equal ones are one candidate with several
// sources. A candidate's score is the worth of its own sources, what the other
// sources agree with it (the share of words in common), and how the page shows
// it: before the body, in a heading, in an element named for headlines, not as
// the site's name and not in a box of links. So in
//
//	<title>Ferry runs aground off Port Hale - The Hale Courier</title>
//	<h1>The Hale Courier</h1> ... <h2>Ferry runs aground off Port Hale</h2>
//
// the h1 loses, being the site's name, and the h2 wins though it is no h1.

// source is a set of the places a candidate for the headline was found in.
type source uint16

const (
	fromH1 source = 1 << iota
	fromMarked
	fromHeading
	fromLD
	fromLDName
	fromOG
	fromTwitter
	fromTitle
	fromMeta
	fromH1Part // an h1 without its kicker, or one of its lines
	sources    = 10
)

// candidate is a text that may be the headline.
type candidate struct {
	text   string
	block  int32 // that shows it, -1 if none
	from   source
	score  float32
	hash   uint64            // of the text, as blocks have it
	key    uint64            // of its words in their order
	tokens [maxTokens]uint32 // sorted hashes of its words
	n      int
	kicker string // what stood before it in its h1
	shown  bool
	split  bool // its kicker was cut off
	aside  bool // a line of an h1 that is a kicker, byline or date
}

const (
	maxTokens     = 40
	maxCandidates = 24
	maxTitle      = 600 // bytes
	maxH1         = 40  // that are looked at
)

// titles is the election of a headline.
type titles struct {
	p    *page
	list [maxCandidates]candidate
	raw  [maxCandidates]string // as the head has it
	n    int
	body int32 // the first block of the body
}

// findTitle chooses the headline, with its kicker and subtitle.
func (p *page) findTitle(a *dateline.Article) {
	t := &titles{p: p, body: p.firstBody()}
	t.fromHead()
	t.fromPage()
	t.fuller()
	best := t.choose()
	if best == nil {
		return
	}
	a.Title = best.text
	a.Kicker = best.kicker
	if best.block >= 0 {
		p.title = best.block // what is known now is surer than what findBody took it for
		if a.Kicker == "" {
			a.Kicker = t.kickerAbove(best.block, a.Title)
		}
		a.Subtitle = p.subtitleBelow(best.block, a.Title)
	}
}

// firstBody returns the first block that is likely of the body and holds more
// than a few words, or the number of blocks where there is none.
func (p *page) firstBody() int32 {
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.prob >= 0.5 && b.stats.words >= 6 && p.elems[b.elem].tags&inHeading == 0 {
			return int32(i)
		}
	}
	return int32(len(p.blocks))
}

// add puts up a text; it returns nil where there is no room or no text.
func (t *titles) add(s string, from source, block int32) *candidate {
	if s == "" || len(s) > maxTitle {
		return nil
	}
	var n candidate
	n.key, n.n = tokenize(s, &n.tokens)
	if n.n == 0 {
		return nil
	}
	for i := range t.n {
		if c := &t.list[i]; c.key == n.key {
			if block >= 0 && (c.block < 0 || from&fromH1 != 0 && c.from&fromH1 == 0) {
				c.block, c.text = block, betterText(s, c.text, c.from)
			} else {
				c.text = betterText(c.text, s, from)
			}
			c.hash = hash([]byte(c.text))
			c.from |= from
			return c
		}
	}
	if t.n == len(t.list) {
		return nil
	}
	c := &t.list[t.n]
	n.text, n.from, n.block, n.hash = s, from, block, hash([]byte(s))
	*c = n
	t.n++
	return c
}

// fromHead puts up what the head and the JSON-LD say.
func (t *titles) fromHead() {
	p := t.p
	if th := p.article(); th != nil {
		t.state(th.str("headline"), fromLD)
		t.state(th.str("name"), fromLDName)
	}
	for i := range p.things {
		if th := &p.things[i]; th.rank == 2 && strings.HasSuffix(th.typ, "Page") {
			t.state(th.str("headline"), fromLDName)
			t.state(th.str("name"), fromLDName)
			break
		}
	}
	t.state(cleanText(p.head.meta("og:title")), fromOG)
	t.state(cleanText(p.head.meta("twitter:title", "twitter:text:title")), fromTwitter)
	for i := range p.head.metas {
		switch m := &p.head.metas[i]; m.name {
		case "headline", "title", "parsely-title", "sailthru.title", "citation_title", "dc.title", "dcterms.title", "dc:title", "dcterms:title", "schema:headline",
			"mediator_title", "cxenseparse:title":
			t.state(cleanText(m.content), fromMeta)
		}
	}
	t.add(p.trimTitle(foldSpace(p.head.title)), fromTitle, -1)
}

// state puts up a text of the head without the names of site and section.
func (t *titles) state(s string, from source) {
	if s == "" {
		return
	}
	for i := range t.n {
		if t.raw[i] == s {
			t.list[i].from |= from
			return
		}
	}
	if c := t.add(t.p.trimSite(s), from, -1); c != nil && c == &t.list[t.n-1] {
		t.raw[t.n-1] = s
	}
}

// fromPage puts up the page's headings.
func (t *titles) fromPage() {
	p := t.p
	for k := 0; k < len(p.h1) && k < maxH1; {
		// Blocks of one h1 may be its lines, or its kicker and headline.
		i := p.h1[k]
		node := p.headingOf(i)
		last := k
		for last+1 < len(p.h1) && last-k < 4 && p.h1[last+1] == p.h1[last]+1 && node != nil && p.headingOf(p.h1[last+1]) == node {
			last++
		}
		switch next := t.afterPath(p.h1[last]); {
		case next >= 0:
			t.heading(next, p.elems[p.blocks[next].elem].node, fromH1)
		case last > k:
			t.lines(p.h1[k : last+1])
		default:
			t.heading(i, node, fromH1)
		}
		k = last + 1
	}
	for k := range p.marked {
		m := &p.marked[k]
		if (m.name == "headline" || strings.HasSuffix(m.name, ":headline")) && int(m.at) < len(p.blocks) && m.node.DataAtom != atom.Meta && m.node.DataAtom != atom.Link {
			t.heading(m.at, nil, fromMarked)
			break
		}
	}
	for i := range p.blocks {
		b := &p.blocks[i]
		e := &p.elems[b.elem]
		known := false
		for k := range t.n {
			if t.list[k].hash == b.hash {
				c := &t.list[k]
				c.shown = true
				if c.block < 0 || c.from&fromH1 == 0 && c.block < t.body && int32(i) <= t.body && p.titleness(int32(i)) > p.titleness(c.block) {
					c.block, c.text = int32(i), string(p.blockText(i))
				}
				known = true
			}
		}
		if known || int32(i) > t.body+2 {
			continue
		}
		if e.tags&inHeading != 0 || (e.own|b.inline)&clHeadline != 0 && b.stats.words > 2 {
			if int32(i) > t.body-30 && e.node.DataAtom != atom.H1 {
				t.add(string(p.blockText(i)), fromHeading, int32(i))
			}
		}
	}
}

// fuller lets a headline stand for an h1 that is its second half, where both
// JSON-LD and og:title have the whole: the outlet itself counts what stands
// before it ("After the storm: Ferry runs aground") to the headline.
func (t *titles) fuller() {
	const both = fromLD | fromOG
	for i := range t.n {
		c := &t.list[i]
		if c.from&fromH1 == 0 || len(c.text) < 12 {
			continue
		}
		for j := range t.n {
			d := &t.list[j]
			before, ok := strings.CutSuffix(d.text, c.text)
			if !ok || before == "" || d.from&both != both || c.from&both != 0 {
				continue
			}
			if strings.HasSuffix(strings.TrimRight(before, " "), ":") && wordCount(before) <= 6 {
				d.from |= fromH1
				d.block = c.block
				c.from = c.from&^fromH1 | fromH1Part
			}
		}
	}
}

// afterPath returns the heading that follows an h1 which is but the end of the
// path shown above an article (Home > Harbour > h1), -1 where the h1 is no such
// thing or no heading follows before the body.
func (t *titles) afterPath(i int32) int32 {
	p := t.p
	if i > t.body || !p.inPath(p.blocks[i].elem) {
		return -1
	}
	for j := i + 1; int(j) < len(p.blocks) && j <= i+20 && j <= t.body+1; j++ {
		e := &p.elems[p.blocks[j].elem]
		if e.tags&inHeading != 0 && e.tags&inNav == 0 && p.blocks[j].stats.words >= 3 {
			return j
		}
	}
	return -1
}

// inPath tells whether a heading stands in navigation.
func (p *page) inPath(e int32) bool {
	if p.elems[e].tags&inNav != 0 {
		return true
	}
	if p.elems[e].tags&inLi == 0 {
		return false
	}
	for k := 0; e >= 0 && k < 4; k++ {
		if p.elems[e].own&clNav != 0 {
			return true
		}
		e = p.elems[e].parent
	}
	return false
}

// titleness ranks the blocks that show the same text.
func (p *page) titleness(i int32) int {
	e := &p.elems[p.blocks[i].elem]
	n := 0
	if e.tags&inHeading != 0 {
		n += 2
	}
	if (e.own|p.blocks[i].inline)&clHeadline != 0 {
		n++
	}
	if e.tags&(inNav|inAside) == 0 {
		n++
	}
	return n
}

// headingOf returns the h1 a block stands in, nil if it stands in none.
func (p *page) headingOf(i int32) *html.Node {
	e := p.blocks[i].elem
	for k := 0; e >= 0 && k < 3; k++ {
		if p.elems[e].node.DataAtom == atom.H1 {
			return p.elems[e].node
		}
		e = p.elems[e].parent
	}
	return nil
}

// heading puts up a block and, where its markup sets a kicker apart, the rest
// of it.
func (t *titles) heading(i int32, node *html.Node, from source) {
	p := t.p
	s := string(p.blockText(int(i)))
	if node != nil {
		if k, rest := t.splitKicker(s, node); k != "" {
			if c := t.add(rest, from, i); c != nil {
				c.shown = true
				c.kicker = k
				c.split = true
				return
			}
		}
	}
	if c := t.add(p.trimShown(s), from, i); c != nil {
		c.shown = true
	}
}

// lines puts up the blocks of one h1: all of them together, and the last or
// longest of them where the one before it may be a kicker.
func (t *titles) lines(blocks []int32) {
	p := t.p
	// A short first line that others part from the rest by a sign is a kicker.
	if k, rest := string(p.blockText(int(blocks[0]))), string(p.blockText(int(blocks[1]))); len(blocks) == 2 && p.blocks[blocks[0]].stats.words <= 8 {
		b := &p.blocks[blocks[0]]
		if (p.elems[b.elem].own|b.inline)&clKicker != 0 && !t.stated(k+" "+rest) || t.apart(k, rest) {
			if c := t.add(rest, fromH1, blocks[1]); c != nil {
				c.shown = true
				c.kicker = strings.TrimRight(k, kickerSigns)
				c.split = true
				return
			}
		}
	}
	var all []byte
	for _, i := range blocks {
		if len(all) > 0 {
			all = append(all, ' ')
		}
		all = append(all, p.blockText(int(i))...)
	}
	if c := t.add(string(all), fromH1, blocks[0]); c != nil {
		c.shown = true
	}
	for k, i := range blocks {
		c := t.add(string(p.blockText(int(i))), fromH1Part, i)
		if c == nil {
			continue
		}
		c.shown = true
		b := &p.blocks[i]
		if k > 0 && p.blocks[blocks[k-1]].stats.words <= 8 {
			c.kicker = string(p.blockText(int(blocks[k-1])))
		}
		if (p.elems[b.elem].own|b.inline)&(clKicker|clByline|clDate) != 0 {
			c.aside = true
		}
		if (p.elems[b.elem].own|b.inline)&clHeadline != 0 {
			c.split = true
		}
	}
}
