package read

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// marked reads the elements that markup or their class says hold the author.
func (c *bylines) marked() {
	p := c.p
	var inFoot int
	var last, prev *html.Node
	for i := range p.marked {
		m := &p.marked[i]
		z := c.x.zone(m.at)
		if z != zoneHead && z != zoneFoot {
			continue
		}
		weight := 0
		switch {
		case m.name == "":
			if m.elemBits&clByline == 0 || m.elemBits&(clComment|clShare|clMedia|clCaption) != 0 {
				continue
			}
			weight = 40
		case hasToken(m.name, "author"):
			weight = 50
		case hasToken(m.name, "creator"):
			weight = 40
		default:
			continue
		}
		if last != nil && below(m.node, last) {
			continue // part of one that has been read
		}
		if z == zoneFoot {
			weight -= 15
			if inFoot++; inFoot > 4 {
				continue
			}
		}
		if p.aside(m.node) {
			continue
		}
		if m.at > c.x.title && z == zoneHead {
			weight += 4
		}
		names, whole := c.element(m.node)
		if len(names) == 0 {
			continue
		}
		if whole {
			last = m.node
		}
		from := "element"
		if m.name != "" {
			from = "markup"
		}
		if z == zoneFoot {
			from += " foot"
		}
		if beside(prev, m.node) && len(c.list) > 0 && c.list[len(c.list)-1].from == from {
			c.extend(names)
		} else {
			c.add(from, weight, names)
		}
		prev = m.node
	}
}

// beside tells whether two elements of the same name stand in one list, as
// those of several authors do.
func beside(a, b *html.Node) bool {
	if a == nil || a.DataAtom != b.DataAtom || attr(a, "class") != attr(b, "class") {
		return false
	}
	for i := 0; i < 3; i++ {
		if a, b = a.Parent, b.Parent; a == b {
			return true
		} else if a == nil || b == nil {
			return false
		}
	}
	return false
}

// extend adds names to the last candidate.
func (c *bylines) extend(names []string) {
	b := &c.list[len(c.list)-1]
	for _, n := range names {
		if k := nameKey(n); k != "" && !slices.Contains(b.keys, k) && len(b.keys) < maxAuthors {
			b.names, b.keys = append(b.names, n), append(b.keys, k)
		}
	}
}

// hasToken tells whether a space-separated list has a word, ASCII case aside.
func hasToken(list, word string) bool {
	if len(list) < len(word) {
		return false
	}
	if len(list) == len(word) {
		return strings.EqualFold(list, word)
	}
	for f := range strings.FieldsSeq(list) {
		if strings.EqualFold(f, word) || strings.EqualFold(lastPart(f), word) {
			return true
		}
	}
	return false
}

// below tells whether n stands in of.
func below(n, of *html.Node) bool {
	for i := 0; n != nil && i < 12; i++ {
		if n == of {
			return true
		}
		n = n.Parent
	}
	return false
}

// segment is a stretch of a byline's text without element borders in it.
type segment struct {
	text string
	link bool
	name bool // markup says it is a name
}

// maxElement is how much text and how many elements an element may hold that is
// still a byline.
const maxElement = 300

// element reads the names in an element. whole says that all of it has been
// taken in, so that the elements in it need no look of their own.
func (c *bylines) element(n *html.Node) (names []string, whole bool) {
	if n.DataAtom == atom.Meta {
		s := cleanText(attr(n, "content"))
		if strings.Contains(s, "://") || len(s) > maxElement {
			return nil, true
		}
		return c.split(nil, s), true
	}
	if n.DataAtom == atom.Link {
		return nil, true
	}
	var segs [24]segment
	s, size := c.segments(segs[:0], n, false, false)
	if size > maxElement || len(s) == 0 {
		return nil, false
	}
	return c.names(s), true
}

func (c *bylines) segments(dst []segment, n *html.Node, link, name bool) ([]segment, int) {
	size := 0
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		switch k.Type {
		case html.TextNode:
			s := foldSpace(k.Data)
			size += len(s)
			if s != "" && len(dst) < cap(dst) {
				dst = append(dst, segment{s, link, name})
			}
		case html.ElementNode:
			if skipped(k.DataAtom) || k.DataAtom == atom.Time || k.DataAtom == atom.Img || hiddenNode(k) {
				continue
			}
			l, nm := link || k.DataAtom == atom.A, name
			if prop := attr(k, "itemprop"); hasToken(prop, "name") {
				nm = true
			} else if hasToken(attr(k, "rel"), "author") {
				nm = true
			} else if cl := c.p.classOf(k); cl&clDate != 0 && cl&clByline == 0 {
				continue
			}
			var sub int
			dst, sub = c.segments(dst, k, l, nm)
			size += sub + 1
		}
		if size > maxElement {
			break
		}
	}
	return dst, size
}

// names reads the names out of a byline's segments: those that markup says are
// names, else links that look like names, else whatever does.
func (c *bylines) names(segs []segment) []string {
	var names []string
	for _, s := range segs {
		if s.name {
			names = c.w.splitNames(names, s.text, asLabel)
		}
	}
	if len(names) > 0 {
		return names
	}
	afterBy := false
	for _, s := range segs {
		if g := c.w.of(strings.TrimRight(s.text, ": ")); g&wordOther != 0 && g&wordBy == 0 {
			if len(names) > 0 {
				break
			}
			return nil
		}
		if c.w.prefix(s.text, wordBy) == len(s.text) {
			afterBy = true
			continue
		}
		mode := asProse
		if afterBy || len(segs) == 1 || c.w.prefix(s.text, wordBy) > 0 {
			mode = asLabel
		}
		n := len(names)
		names = c.w.splitNames(names, c.undated(s.text), mode)
		if len(names) > n {
			afterBy = false
		}
	}
	return names
}
