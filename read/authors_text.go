package read

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/lang"
)

// texts reads the bylines that only their wording or their place tells: blocks
// at the headline and behind the body.
func (c *bylines) texts() {
	p := c.p
	for i := range p.blocks {
		z := c.x.zone(int32(i))
		if z != zoneHead && z != zoneFoot && int32(i) != c.x.last-1 {
			continue
		}
		b := &p.blocks[i]
		e := &p.elems[b.elem]
		if b.end-b.start > 250 || b.end-b.start < 3 || int32(i) == c.x.title || e.acc&(clComment|clCaption) != 0 || e.tags&(inNav|inForm|inFigure|inCaption) != 0 {
			continue
		}
		c.text(int32(i), z)
	}
}

// text reads one block.
func (c *bylines) text(i int32, z zone) {
	p := c.p
	b := &p.blocks[i]
	s := p.linedText(int(i))
	w := 45
	if z != zoneHead {
		w = 28
	}
	if name, ok := c.w.labelledName(s); ok {
		c.add("text", w, c.w.splitNames(nil, c.undated(name), asLabel))
		return
	}
	if n := c.w.prefix(s, wordBy); n > 0 && n < len(s) {
		one := strings.IndexByte(strings.TrimSpace(s[n:]), ' ') < 0 // the word for "by" may be a forename of another language
		if !c.properName(s[n:]) || one && c.oneOfMany(i) {
			return
		}
		names := c.w.splitNames(nil, c.undated(s), asLabel)
		if len(names) > 0 && (b.stats.words < 20 || strings.IndexByte(names[0], ' ') > 0) {
			c.add("text", w, names)
		}
		return
	}
	if names := c.linkNames(b); len(names) > 0 {
		if n := len(c.list); n > 0 && c.list[n-1].from == "link" && i-c.lastLink <= 2 {
			c.extend(names)
		} else {
			c.add("link", w, names)
		}
		c.lastLink = i
		return
	}
	if c.w.prefix(s, wordOther) > 0 || z == zoneFoot && b.linkBytes*10 >= (b.end-b.start)*9 {
		return
	}
	if names := c.infix(s, b); len(names) > 0 {
		c.add("infix", w-5, names)
		return
	}
	switch {
	case z == zoneHead && i > c.x.title:
		c.bare(i, s)
	case i >= c.x.last-1 && i <= c.x.last+2 && (i > c.x.last || b.prob < 0.5):
		c.signature(b, s)
	}
}

// linedText is a block's text with its line breaks.
func (p *page) linedText(i int) string {
	b := &p.blocks[i]
	s := []byte(string(p.blockText(i)))
	for _, at := range p.brs[b.brs[0]:b.brs[1]] {
		if k := at - b.start - 1; k >= 0 && int(k) < len(s) && s[k] == ' ' {
			s[k] = '\n'
		}
	}
	return string(s)
}

// signature takes a block for the writer's name that is set off behind the
// last paragraph, in italics, in brackets or at the margin.
func (c *bylines) signature(b *textBlock, s string) {
	if b.end-b.start > 80 || b.copies > 1 || b.stats.digits > 0 || c.p.elems[b.elem].tags&inHeading != 0 {
		return
	}
	mode := asProse
	switch r, _ := utf8.DecodeRuneInString(s); {
	case strings.ContainsRune("(（【[〔", r):
		mode = asLabel
	case !b.emphasis && attr(c.p.elems[b.elem].node, "align") != "right":
		return
	}
	s = strings.Trim(s, "()（）【】[]〔〕")
	if r, _ := utf8.DecodeRuneInString(s); !unicode.IsUpper(r) && !unspaced(r) {
		return
	}
	c.add("signature", 16, c.w.splitNames(nil, s, mode))
}

// undated takes the dates out of a text, and leaves a mark where they stood.
func (c *bylines) undated(s string) string {
	if !strings.ContainsAny(s, "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९") {
		return s
	}
	found := lang.FindDates(s, c.p.head.lang)
	for i := len(found) - 1; i >= 0; i-- {
		s = s[:found[i].Start] + " | " + s[found[i].End:]
	}
	return s
}

// properName tells whether a text begins with a capital, or with a letter of a
// script that has none.
func (c *bylines) properName(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, nameMarks))
	return r != utf8.RuneError && !('a' <= r && r <= 'z')
}

// linkNames returns what stands in the links of a block that lead to authors.
func (c *bylines) linkNames(b *textBlock) (names []string) {
	for _, l := range c.p.links[b.links[0]:b.links[1]] {
		if l.end-l.start <= maxName && authorLink(l.href) {
			names = c.w.splitNames(names, string(c.p.buf[l.start:l.end]), asLabel)
		}
	}
	return names
}

// authorLink tells whether an address is that of a person's page.
func authorLink(href string) bool {
	if i := strings.Index(href, "//"); i >= 0 {
		href = href[i+2:]
	}
	i := strings.IndexByte(href, '/')
	if i < 0 {
		return false
	}
	j := strings.LastIndexByte(strings.TrimRight(href, "/"), '/')
	return j > i && classesOf(href[i:j])&clByline != 0
}

// infix finds the name behind a date or a kind of text: "3 May 2024 by Ana Roth".
func (c *bylines) infix(s string, b *textBlock) []string {
	if b.stats.words > 30 || b.stats.endsStop {
		return nil
	}
	dated := b.stats.hasYear || b.stats.hasClock
	words := 0
	for i := 0; i < len(s) && words < 16; words++ {
		j := strings.IndexByte(s[i:], ' ')
		if j < 0 {
			break
		}
		i += j + 1
		n := c.w.prefix(s[i:], wordInfix)
		if n == 0 || !c.properName(s[i+n:]) || !dated && words > 3 {
			continue
		}
		mode := asProse
		if dated {
			mode = asLabel
		}
		if names := c.w.splitNames(nil, c.undated(s[i+n:]), mode); len(names) > 0 {
			return names
		}
	}
	return nil
}

// office tells whether a text has a word for one.
func (c *bylines) office(s string) bool {
	for word := range strings.FieldsSeq(s) {
		if c.w.of(strings.Trim(word, ",.·|"))&wordRole != 0 {
			return true
		}
	}
	return false
}

// oneOfMany tells whether a block behind the first paragraph is one of several
// of one make that say other names each, as in a list of the dead: three, or two
// with text between. Before it such a row is of those who wrote.
func (c *bylines) oneOfMany(i int32) bool {
	const before, behind = 2, 12 // blocks
	p := c.p
	if c.x.first < 0 || i < c.x.first {
		return false
	}
	e := &p.elems[p.blocks[i].elem]
	n, last, between := 0, i, false
	for k := max(i-before, 0); k < min(i+behind, int32(len(p.blocks))); k++ {
		b := &p.blocks[k]
		o := &p.elems[b.elem]
		if o.sig != e.sig || o.parent != e.parent && e.tags&inLi == 0 || b.end-b.start > maxBare || b.stats.endsStop || k != i && b.hash == p.blocks[i].hash {
			continue
		}
		if k != i && len(c.w.splitNames(nil, c.undated(string(p.blockText(int(k)))), asProse)) == 0 {
			continue
		}
		n++
		between = between || n > 1 && k > last+1
		last = k
	}
	return n >= 3 || n == 2 && between
}

// counted tells whether a number stands with the names of a line: an age, or
// the text is none of names. The time of day, and what a sign sets apart, may.
func counted(s string) bool {
	if i := strings.IndexAny(s, "|·•\n"); i > 0 {
		s = s[:i]
	}
	for word := range strings.FieldsSeq(s) {
		if strings.IndexFunc(word, unicode.IsDigit) >= 0 && strings.IndexByte(strings.TrimRight(word, ":"), ':') < 0 {
			return true
		}
	}
	return false
}

// maxBare bounds a byline of nothing but names, in bytes.
const maxBare = 120

// bare takes a block for a byline that is nothing but names, with a date
// perhaps, right under the headline.
func (c *bylines) bare(i int32, s string) {
	p := c.p
	b := &p.blocks[i]
	e := &p.elems[b.elem]
	if b.end-b.start > maxBare || i > c.x.title+6 || c.x.title < 0 || e.tags&inHeading != 0 || b.stats.endsStop || b.copies > 3 {
		return
	}
	if (e.own|b.inline)&(clTags|clKicker|clShare|clNewsletter) != 0 && !b.stats.hasYear || e.tags&inCell != 0 && i > c.x.first && c.x.first >= 0 {
		return
	}
	text := c.undated(s)
	names := c.w.splitNames(nil, text, asProse)
	if len(names) == 0 && text != s && c.office(s) {
		// Words for the dates may stand before; a word alone may be another.
		names = slices.DeleteFunc(c.w.splitNames(nil, text, asLabel), func(n string) bool {
			r, _ := utf8.DecodeRuneInString(n)
			return unicode.IsUpper(r) && strings.IndexByte(n, ' ') < 0
		})
	}
	if len(names) == 0 || c.oneOfMany(i) {
		return
	}
	weight := 9
	switch {
	case text != s:
		weight += 12
	case counted(text):
		return
	}
	if c.office(s) {
		weight += 16
	}
	for _, j := range [...]int32{i - 1, i + 1} {
		if j > c.x.title && j < int32(len(p.blocks)) {
			if t := &p.blocks[j]; (t.stats.hasYear || t.stats.hasClock) && t.stats.words < 15 {
				weight += 8
			}
		}
	}
	if r, _ := utf8.DecodeRuneInString(names[0]); weight < 15 && !unicode.IsUpper(r) && !(r >= 0xAC00 && r < 0xD7B0 && names[0] != s) {
		return // of Hangul a name stands before its office
	}
	c.add("bare", weight, names)
}
