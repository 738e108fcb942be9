package read

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"dateline"
	"dateline/lang"
)

// maxComments bounds what one page may bring, maxComment the bytes of one of
// them.
const (
	maxComments = 2000
	maxComment  = 32 << 10
)

// commenting gathers readers' comments. A comment is an element of a kind that
// repeats; where one element holds several, as lists of names and texts do, a
// name or date after a text begins the next.
type commenting struct {
	p     *page
	tags  []string
	times map[int32]*html.Node // time elements by the block that holds them
	items map[int32]int32      // elements to that of their comment
	item  int32                // of the comment at hand
	now   dateline.Comment
	text  []byte
	out   []dateline.Comment
	// after tells that names and dates stand behind the texts here.
	after bool
	over  uint32 // the make of the last line of a name and a date
}

// findComments reads the readers' comments: what stands behind the body in
// elements that are named for comments, or under a heading that is.
func (p *page) findComments(a *dateline.Article) {
	last := -1
	for i := range p.blocks {
		if p.blocks[i].role == kept {
			last = i
		}
	}
	c := &commenting{p: p, tags: []string{a.Language}, item: -1}
	scope := int32(-1) // the element that a heading of comments heads
	for i := last + 1; i < len(p.blocks) && len(c.out) < maxComments; i++ {
		b := &p.blocks[i]
		e := &p.elems[b.elem]
		if b.phrase.begins(commentHeading) && e.tags&(inNav|inFooter|inHidden) == 0 {
			scope = p.headed(int32(i))
			continue
		}
		named := e.acc&clComment != 0
		if b.role != dropped || b.stats.words < 6 && c.field(b) || e.tags&(inForm|inHidden) != 0 {
			continue
		}
		if !named && (scope < 0 || e.tags&(inFooter|inNav) != 0 || !p.within(b.elem, scope)) {
			continue
		}
		if c.times == nil {
			c.begin()
		}
		c.block(int32(i), named)
	}
	c.end()
	if len(c.out) > 0 {
		a.Comments = c.out
	}
}

var commentHeading = lang.CategoriesOf(lang.CommentHeading)

// headed returns the element whose text a heading stands over: the nearest one
// that holds more than the heading, -1 where that is most of the page.
func (p *page) headed(i int32) int32 {
	e := p.blocks[i].elem
	for range 3 {
		if e < 0 {
			return -1
		}
		if p.elems[e].last > i {
			if p.elems[e].first < i-1 {
				return -1
			}
			return e
		}
		e = p.elems[e].parent
	}
	return -1
}

// begin looks at the page's time elements.
func (c *commenting) begin() {
	c.times = make(map[int32]*html.Node, len(c.p.times))
	for _, t := range c.p.times {
		if _, ok := c.times[t.at]; !ok {
			c.times[t.at] = t.node
		}
	}
	c.items = make(map[int32]int32)
}

// block takes in one block.
func (c *commenting) block(i int32, named bool) {
	p := c.p
	b := &p.blocks[i]
	e := &p.elems[b.elem]
	if item := c.itemOf(b.elem); named && item != c.item {
		if c.item >= 0 || len(c.text) > 0 {
			c.end()
		}
		c.item = item
	}
	own := e.own | b.inline
	if e.parent >= 0 {
		own |= p.elems[e.parent].own
	}
	text := string(p.blockText(int(i)))
	short := b.stats.words < 14
	switch {
	case b.phrase.is(alone), own&(clShare|clNav) != 0 && b.stats.words < 6, len(c.text) > 0 && b.stats.words < 6 && b.linkBytes*4 > (b.end-b.start)*3:
	case short && b.stats.digits > 0 && (c.times[i] != nil || own&clDate != 0 && len(lang.FindDates(text, c.tags...)) > 0 || b.stats.words < 10 && dateOnly(text) || (c.now.Published == "" && len(c.text) == 0 || c.over == e.sig) && dated(text, c.tags)):
		c.over = e.sig
		c.mark(i, "", text)
	case b.stats.words < 8 && (b.stats.stops == 0 || b.stats.words < 5 && own&clByline != 0) && (own&(clByline|clHeadline) != 0 && len(c.text) == 0 || e.node.DataAtom == atom.Dt || own&clByline != 0 && own&(clBody|clContent) == 0):
		c.mark(i, text, "")
	case b.stats.words < 4 && len(c.text) == 0 && c.now.Author == "" && b.stats.stops == 0 && b.emphasis:
		c.mark(i, text, "")
	case len(c.text) < maxComment:
		if len(c.text) > 0 {
			c.text = append(c.text, '\n')
		}
		c.text = append(c.text, text[:min(len(text), maxComment)]...)
	}
}

// field tells whether a block labels a form's field. Makes of pages call parts of
// a comment fields too.
func (c *commenting) field(b *textBlock) bool {
	e := &c.p.elems[b.elem]
	own := e.own | b.inline
	if e.parent >= 0 {
		own |= c.p.elems[e.parent].own
	}
	return own&clForm != 0 && own&(clByline|clContent|clBody|clDate) == 0
}

// mark takes in a name, or a text with a date in it.
func (c *commenting) mark(i int32, name, date string) {
	if len(c.text) > 0 && !(c.after && c.now.Author == "" && c.now.Published == "") {
		if len(c.out) == 0 && c.now.Author == "" && c.now.Published == "" {
			c.after = true // the first text has its name behind it
		} else {
			c.end()
		}
	}
	if name != "" {
		if c.now.Author == "" {
			c.now.Author = commenter(name)
		}
		return
	}
	start := 0
	if n := c.times[i]; n != nil {
		if d, ok := lang.ParseDate(attr(n, "datetime")); ok {
			c.now.Published = d.String()
		}
	}
	if ds := lang.FindDates(date, c.tags...); len(ds) > 0 {
		start = ds[0].Start
		if c.now.Published == "" {
			c.now.Published = ds[0].Date.String()
		}
	}
	if c.now.Author == "" {
		c.now.Author = beforeDate(date[:start])
	}
	if c.after && len(c.text) > 0 {
		c.end()
	}
}

// end closes the comment at hand. What has no text was a form or a button, and
// what neither a person nor a time is given for is the page's own word about
// comments.
func (c *commenting) end() {
	if len(c.text) > 0 && (c.now.Author != "" || c.now.Published != "") {
		c.now.Text = strings.ToValidUTF8(string(c.text), "")
		c.out = append(c.out, c.now)
	}
	c.now, c.text = dateline.Comment{}, c.text[:0]
}

// itemOf returns the element of the comment that e belongs to: the nearest one
// named for comments that has a sibling of the same make, or else the nearest
// named one; -1 if there is none.
func (c *commenting) itemOf(e int32) int32 {
	if at, ok := c.items[e]; ok {
		return at
	}
	near, item := int32(-1), int32(-1)
	for at, k := e, 0; at >= 0 && item < 0 && k < 40; at, k = c.p.elems[at].parent, k+1 {
		if c.p.elems[at].own&clComment == 0 {
			continue
		}
		if near < 0 {
			near = at
		}
		if kindOf(c.p.elems[at].node)&(inLi|inArticle) != 0 || hasTwin(c.p.elems[at].node) {
			item = at
		}
	}
	if item < 0 {
		item = near
	}
	c.items[e] = item
	return item
}

// commenter is a commenter's name without the word that leads over to the text.
func commenter(s string) string {
	s = strings.TrimRight(s, " :")
	if i := strings.LastIndexByte(s, ' '); i > 0 && authorWords().of(s[i+1:])&wordSaid != 0 {
		s = strings.TrimRight(s[:i], " ,")
	}
	return s
}

// beforeDate is the name that stands before a comment's date in the same line,
// without the small words that join them ("Ada on 4 May"); empty if none does.
func beforeDate(s string) string {
	words := strings.Fields(s)
	for len(words) > 1 {
		last := words[len(words)-1]
		if r, _ := utf8.DecodeRuneInString(last); unicode.IsUpper(r) || unicode.IsLetter(r) && !unicode.IsLower(r) ||
			authorWords().of(last)&(wordBy|wordInfix|wordCut|wordSaid) == 0 && unicode.IsLetter(r) {
			break
		}
		words = words[:len(words)-1]
	}
	if len(words) == 0 || len(words) > 4 {
		return ""
	}
	return commenter(strings.TrimRight(strings.Join(words, " "), " ,;:|·•–—-("))
}

// hasTwin tells whether an element of the same name and class stands near a
// node, among its siblings.
func hasTwin(n *html.Node) bool {
	const near = 20 // siblings looked at to either side
	class := attr(n, "class")
	for s, i := n.NextSibling, 0; s != nil && i < near; s, i = s.NextSibling, i+1 {
		if s.DataAtom == n.DataAtom && attr(s, "class") == class {
			return true
		}
	}
	for s, i := n.PrevSibling, 0; s != nil && i < near; s, i = s.PrevSibling, i+1 {
		if s.DataAtom == n.DataAtom && attr(s, "class") == class {
			return true
		}
	}
	return false
}

// dateOnly tells whether a text is a date and little else.
func dateOnly(s string) bool {
	ds := lang.FindDates(s)
	return len(ds) > 0 && (ds[0].End-ds[0].Start)*2 > len(s)
}

// dated tells whether a text ends with a date and the time of day: the line
// over a comment that says who wrote it and when.
func dated(s string, tags []string) bool {
	ds := lang.FindDates(s, tags...)
	return len(ds) > 0 && ds[0].Date.HasTime && ds[0].Start > 0 && len(s)-ds[0].End < 12
}
