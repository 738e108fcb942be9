package read

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"dateline/lang"
)

// The dates a page shows: in time elements, in elements of class "date", in
// the text at the headline and behind the body.

// zoneWeight is what a shown date is worth by where it stands.
func zoneWeight(z zone) int {
	switch z {
	case zoneHead:
		return 72
	case zoneFoot:
		return 48
	case zoneInner:
		return 18
	}
	return 12
}

// times reads the time elements.
func (c *stamps) times() {
	p := c.p
	far := 0
	for i := range p.times {
		t := &p.times[i]
		z := c.x.zone(t.at)
		if z == zoneFar || z == zoneInner {
			if far++; far > 6 {
				continue
			}
		}
		weight := zoneWeight(z)
		if z == zoneHead && t.at < c.x.title-2 {
			weight -= 20
		}
		kind := p.asideOf(t.node)
		aside := z != zoneHead && kind == another
		if aside {
			c.asides = append(c.asides, t.at)
		}
		if kind != notAside && !aside {
			weight = min(weight, 10)
		}
		said := c.saidOf(t.node)
		switch {
		case said == lang.Published:
			weight += 8
		case hasAttr(t.node, "pubdate"):
			weight += 6
		}
		value := attr(t.node, "datetime")
		if value == "" {
			value = attr(t.node, "content")
		}
		s := stamp{from: "time", source: "time", weight: weight, modified: said == lang.Updated, said: said, head: z == zoneHead && weight > 50, aside: aside}
		if value != "" && c.written(value, s) {
			continue
		}
		s.weight -= 4
		c.shown(nodeText(t.node), s)
	}
}

// dateProp is what a property of microdata or RDFa says of its date.
type dateProp struct {
	bonus    int
	modified bool
}

var dateProps = map[string]dateProp{
	"datePublished": {12, false}, "datepublished": {12, false}, "dateCreated": {6, false}, "uploadDate": {6, false}, "dc:date": {6, false},
	"created": {6, false}, "issued": {6, false}, "dateModified": {10, true}, "datemodified": {10, true}, "modified": {10, true},
}

// lastProp finds the property in a list of several, or behind a prefix.
func lastProp(names string) (dateProp, bool) {
	if strings.IndexByte(names, ' ') < 0 && strings.IndexByte(names, ':') < 0 && strings.IndexByte(names, '/') < 0 {
		return dateProp{}, false
	}
	for f := range strings.FieldsSeq(names) {
		if prop, ok := dateProps[lastPart(f)]; ok {
			return prop, true
		}
	}
	return dateProp{}, false
}

// marked reads the elements whose itemprop, property or class is that of a date.
func (c *stamps) marked() {
	p := c.p
	far := 0
	for i := range p.marked {
		m := &p.marked[i]
		from, source, modified, bonus := "text", "element", false, -8
		switch {
		case m.name == "":
			if m.elemBits&clDate == 0 || m.elemBits&(clComment|clRelated|clList|clShare) != 0 && m.elemBits&clByline == 0 {
				continue
			}
		default:
			prop, ok := dateProps[m.name]
			if !ok {
				if prop, ok = lastProp(m.name); !ok {
					continue
				}
			}
			from, source, modified, bonus = "microdata", "microdata", prop.modified, prop.bonus
		}
		z := c.x.zone(m.at)
		if z == zoneFar || z == zoneInner {
			if m.name == "" {
				continue
			}
			if far++; far > 6 {
				continue
			}
		}
		weight := zoneWeight(z) + bonus
		if z == zoneHead && m.at < c.x.title-2 && m.name == "" {
			weight -= 20
		}
		kind := p.asideOf(m.node)
		aside := z != zoneHead && kind == another
		if kind != notAside && !aside {
			weight = min(weight, 10)
		}
		t := stamp{from: from, source: source, weight: weight, modified: modified, head: z == zoneHead && weight > 50, aside: aside}
		value := ""
		for _, k := range [...]string{"content", "datetime", "title", "data-date", "data-time", "data-timestamp", "data-datetime", "data-published"} {
			if value = attr(m.node, k); value != "" && c.written(value, t) {
				break
			}
			value = ""
		}
		if value != "" || m.node.DataAtom == atom.Meta || m.node.DataAtom == atom.Link {
			continue
		}
		if s, ok := shortText(m.node); ok {
			t.said = c.saidOf(m.node)
			t.modified = t.modified || t.said == lang.Updated
			c.shown(s, t)
		}
	}
}

// maxShown is how much text, and how many elements, an element may hold whose
// date is looked for.
const maxShown = 220

// shortText returns an element's text if it is short.
func shortText(n *html.Node) (string, bool) {
	size, elements := 0, 0
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for k := n.FirstChild; k != nil && size <= maxShown && elements <= maxShown; k = k.NextSibling {
			switch {
			case k.Type == html.TextNode:
				size += len(strings.TrimSpace(k.Data))
			case k.Type == html.ElementNode && !skipped(k.DataAtom):
				elements++
				walk(k)
			}
		}
	}
	if walk(n); size > maxShown || elements > maxShown || size < 6 {
		return "", false
	}
	return nodeText(n), true
}

// maxTexts bounds the candidates from bare text.
const maxTexts = 12

// texts reads the dates in the blocks at the headline and behind the body.
func (c *stamps) texts() {
	p, had := c.p, len(c.list)
	for i := range p.blocks {
		z := c.x.zone(int32(i))
		if z != zoneHead && z != zoneFoot {
			continue
		}
		b := &p.blocks[i]
		e := &p.elems[b.elem]
		if b.stats.digits+b.stats.wide < 3 || int32(i) == c.x.title || e.acc&clComment != 0 || e.tags&inNav != 0 {
			continue
		}
		weight := zoneWeight(z) - 14
		if z == zoneFoot {
			weight -= 6
		}
		if int32(i) < c.x.title-2 {
			weight -= 16
		}
		if e.acc&(clRelated|clCaption|clAd) != 0 || e.tags&inAside != 0 {
			weight -= 20
		}
		text := p.blockText(i)
		if len(text) > maxShown {
			// A longer text may begin with its date, as after a place.
			if z != zoneHead {
				continue
			}
			text, weight = text[:wordEnd(text, 50)], weight-30
		} else if b.stats.words > 16 {
			weight -= 14
		}
		t := stamp{from: "text", source: "text", weight: weight, head: z == zoneHead && weight > 50, aside: slices.Contains(c.asides, int32(i))}
		c.block(int32(i), string(text), t)
		if len(c.list)-had > maxTexts {
			return
		}
	}
}

// farther looks where there is nothing at the article: for dates in the
// page's embedded state, and for short texts anywhere that say that their date
// is that of publication.
func (c *stamps) farther() {
	p := c.p
	for _, s := range p.state() {
		for _, key := range stateKeys {
			i := strings.Index(s, key)
			if i < 0 {
				continue
			}
			v := strings.TrimLeft(s[i+len(key):], "\\\": ")
			if j := strings.IndexAny(v, "\"\\,}"); j > 0 && j < 40 {
				c.written(v[:j], stamp{from: "state", source: "state", weight: 30})
			}
		}
	}
	for i := range p.blocks {
		b := &p.blocks[i]
		if !b.stats.hasYear || b.stats.words > 16 || b.end-b.start > maxShown {
			continue
		}
		e := &p.elems[b.elem]
		if z := c.x.zone(int32(i)); (z == zoneHead || z == zoneFoot) && e.tags&inNav == 0 || e.acc&clComment != 0 {
			continue
		}
		had := len(c.list)
		c.block(int32(i), string(p.blockText(i)), stamp{from: "text", source: "text", weight: 6, aside: e.acc&clRelated != 0 || slices.Contains(c.asides, int32(i))})
		for k := had; k < len(c.list); k++ {
			if s := &c.list[k]; s.said == lang.Published && b.copies < 2 {
				s.weight = leastWeight + 4
			} else if s.modified {
				s.weight = 12
			}
		}
	}
}

// stateKeys are the members of a page's embedded state that give the date of publication.
var stateKeys = [...]string{`datePublished"`, `datePublished\"`, `publishedDate"`, `publishDate"`, `publishedAt"`, `published_at"`, `publicationDate"`, `firstPublished"`}

// wordEnd returns the last place at or before n where a word ends.
func wordEnd(b []byte, n int) int {
	for n > 0 && b[n] != ' ' {
		n--
	}
	return n
}

// block takes in the dates of a block of text. Those in a sentence are what it
// tells, but for the dateline's.
func (c *stamps) block(i int32, s string, t stamp) {
	const sentence, mostLine = 7, 16 // words
	b := &c.p.blocks[i]
	e := &c.p.elems[b.elem]
	line := i < c.x.first && b.stats.words <= mostLine || (e.own|b.inline)&(clByline|clDate) != 0 || b.phrase.begins(lineOfDate) || authorWords().prefix(s, wordBy) > 0
	if !line && b.stats.endsStop && (b.prose() || b.stats.words >= sentence) {
		at := c.datelineEnd(s, i)
		c.shown(s[:at], t)
		s, t.told = s[at:], true
	}
	if p := c.p; i > c.x.last && !b.phrase.begins(lineOfDate) && p.behindComments(i) {
		t.aside = true
	}
	c.shown(s, t)
}

// lineOfDate are the categories of lines that say when and by whom.
var lineOfDate = lang.CategoriesOf(lang.Published, lang.Updated, lang.Byline)

// behindComments tells whether a block stands right under a heading of readers'
// comments.
func (p *page) behindComments(i int32) bool {
	const most = 12 // blocks
	for k := i - 1; k >= 0 && k > i-most; k-- {
		if b := &p.blocks[k]; b.phrase.begins(commentHeading) && b.linkBytes == 0 {
			scope := p.headed(k)
			return scope >= 0 && p.within(p.blocks[i].elem, scope)
		}
	}
	return false
}

// toldWeight is that of a date which a sentence tells something of: evidence,
// but never the page's.
const toldWeight = 5

// datelineEnd is where the date ends with which a paragraph begins, alone or
// behind a place, before a dash or a colon; 0 where there is none.
//
//	Norrick (17 Jan. 2012) - The council met
func (c *stamps) datelineEnd(s string, block int32) int {
	const most = 60 // bytes
	if block > c.x.first+1 {
		return 0
	}
	if m, ok := lang.Phrases().MatchOf(beginning(s, most), correction); ok && m.Start == 0 {
		return 0
	}
	for _, m := range lang.AppendDates(c.buf[:0], beginning(s, most), c.tags...) {
		rest := strings.TrimLeft(s[m.End:], " )].,")
		if r, _ := utf8.DecodeRuneInString(rest); strings.ContainsRune("-–—−:|•·", r) {
			return m.End
		}
	}
	return 0
}

// shown takes in the dates of a text, with what stands before each; t says all
// else about them.
func (c *stamps) shown(s string, t stamp) {
	floor := 0
	for i, m := range lang.AppendDates(c.buf[:0], s, c.tags...) {
		if i >= 4 {
			break
		}
		one := t
		one.date, one.swapped = m.Date, other(m)
		one.weight -= 2 * i
		switch said(s, floor, m.Start, m.End) {
		case lang.Published:
			one.weight += 8
			one.modified, one.said = false, lang.Published
		case lang.Updated:
			one.modified, one.said = true, lang.Updated
		case lang.Copyright:
			one.weight, one.head = 1, false
		}
		if m.Date.Day == 0 {
			one.weight -= 36
		}
		if one.told && one.said != lang.Published && !one.modified {
			one.weight = min(one.weight, toldWeight)
		}
		c.add(one)
		floor = m.End
	}
}

// dateWords are the categories of phrases that say what a date is.
const dateWords = lang.CategorySet(1<<lang.Published | 1<<lang.Updated | 1<<lang.Copyright)

// noWords is what said returns where nothing is said.
const noWords = lang.Nav

// said tells what the words before a date, from floor on, say that it is.
func said(s string, floor, start, end int) lang.Category {
	phrases := lang.Phrases()
	from := max(floor, start-48)
	for i := from; i < start; i++ {
		if i > from && s[i-1] != ' ' && s[i-1] != '(' && s[i-1] != '|' {
			continue
		}
		if m, ok := phrases.MatchOf(s[i:end], dateWords); ok && m.Mode != lang.Anywhere && m.Start < start-i {
			return m.Category
		}
	}
	return noWords
}

// saidOf tells what the markup of an element and the words before it say that
// its date is.
func (c *stamps) saidOf(n *html.Node) lang.Category {
	up := n
	for range 2 {
		for i := range up.Attr {
			switch a := &up.Attr[i]; a.Key {
			case "itemprop", "class", "id", "property", "data-testid":
				if len(a.Val) > 200 {
					continue
				}
				switch v := strings.ToLower(a.Val); {
				case strings.Contains(v, "modif"), strings.Contains(v, "update"), strings.Contains(v, "edited"), strings.Contains(v, "revis"):
					return lang.Updated
				case strings.Contains(v, "publi"), strings.Contains(v, "created"), strings.Contains(v, "pubdate"):
					return lang.Published
				}
			}
		}
		if prev := up.PrevSibling; prev != nil && prev.Type == html.TextNode && strings.TrimSpace(prev.Data) != "" {
			return words(prev.Data)
		} else if prev != nil && prev.Type == html.ElementNode && level(prev) == inline && prev.DataAtom != atom.Time {
			if s, ok := shortText(prev); ok {
				return words(s)
			}
		}
		if up = up.Parent; up == nil || up.Type != html.ElementNode {
			break
		}
	}
	return noWords
}

// words tells what a text that ends before a date says that the date is.
func words(s string) lang.Category {
	s = strings.TrimRight(foldSpace(s), " :")
	from := max(0, len(s)-40)
	for i := from; i < len(s); i++ {
		if i > from && s[i-1] != ' ' && s[i-1] != '(' && s[i-1] != '|' {
			continue
		}
		if m, ok := lang.Phrases().MatchOf(s[i:], dateWords); ok && m.Mode == lang.Whole {
			return m.Category
		}
	}
	return noWords
}
