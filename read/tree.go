package read

import (
	"bytes"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxDepth is the nesting beyond which x/net/html refuses a page; deeper ones
// are read through the tokenizer with their nesting flattened at this depth.
const maxDepth = 500

// parse makes a tree of a page in UTF-8. It never fails: what the parser
// refuses is read again through the tokenizer.
func parse(b []byte) *html.Node {
	doc, _ := parseCut(b)
	return doc
}

// sifted are the bytes of pages that were sifted; their trees keep nothing of
// them.
var sifted = sync.Pool{New: func() any { return new([]byte) }}

// maxSifted is how long a buffer may be that is used again.
const maxSifted = 2 << 20

// parseCut is parse, and tells whether the page had more tags than are read.
func parseCut(b []byte) (doc *html.Node, cut bool) {
	buf := sifted.Get().(*[]byte)
	defer func() {
		if cap(*buf) <= maxSifted {
			sifted.Put(buf)
		}
	}()
	*buf = sift((*buf)[:0], b)
	b, cut, flat := tame(*buf)
	if flat {
		return flatParse(b), cut
	}
	doc, err := html.Parse(bytes.NewReader(b))
	if err != nil {
		return flatParse(b), cut
	}
	return doc, cut
}

// flatParse makes a tree from the bare tokens, which costs no more than linear
// time and nests no deeper than maxDepth: elements below hang side by side.
// It knows void elements and that a paragraph ends where the next begins, and
// nothing else of the parsing rules.
func flatParse(b []byte) *html.Node {
	doc := &html.Node{Type: html.DocumentNode}
	z := html.NewTokenizer(bytes.NewReader(b))
	open := []*html.Node{doc}
	for {
		switch z.Next() {
		case html.ErrorToken:
			return doc
		case html.TextToken:
			if s := string(z.Text()); strings.TrimSpace(s) != "" {
				open[len(open)-1].AppendChild(&html.Node{Type: html.TextNode, Data: s})
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.DataAtom == atom.P && open[len(open)-1].DataAtom == atom.P {
				open = open[:len(open)-1]
			}
			n := &html.Node{Type: html.ElementNode, Data: t.Data, DataAtom: t.DataAtom, Attr: t.Attr}
			open[len(open)-1].AppendChild(n)
			// Room is left below the boxes for what stands in them, so that a
			// paragraph is one however deep.
			limit := maxDepth
			switch t.DataAtom {
			case atom.Div, atom.Span, atom.Section, atom.Article, atom.Center, atom.Font, 0:
				limit -= 20
			}
			if len(open) < limit && t.Type == html.StartTagToken && !void(t.DataAtom) {
				open = append(open, n)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			for i := len(open) - 1; i > 0 && i > len(open)-8; i-- {
				if open[i].DataAtom == a {
					open = open[:i]
					break
				}
			}
		}
	}
}

func void(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input,
		atom.Link, atom.Meta, atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}

// attr returns an attribute's value, empty if there is none.
func attr(n *html.Node, name string) string {
	for i := range n.Attr {
		if n.Attr[i].Key == name {
			return n.Attr[i].Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	for i := range n.Attr {
		if n.Attr[i].Key == name {
			return true
		}
	}
	return false
}

// nodeText returns the folded text below a node, for the few places where a whole
// element's text is wanted (titles, times, bylines).
func nodeText(n *html.Node) string {
	const most = 4096 // bytes, and elements
	var b []byte
	elements := 0
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil && len(b) < most && elements < most; c = c.NextSibling {
			switch c.Type {
			case html.TextNode:
				b = appendFolded(b, c.Data)
			case html.ElementNode:
				if elements++; skipped(c.DataAtom) {
					continue
				}
				if level(c) != inline || c.DataAtom == atom.Br || c.PrevSibling != nil && c.PrevSibling.Type == html.ElementNode {
					b = appendFolded(b, " ")
				}
				walk(c)
				if level(c) != inline {
					b = appendFolded(b, " ")
				}
			}
		}
	}
	walk(n)
	return string(bytes.TrimSpace(b))
}

// leadingSpace is how many bytes of white space s begins with, and of signs
// that are not seen.
func leadingSpace(s string) int {
	i := 0
	for i < len(s) {
		switch c := s[i]; {
		case c <= ' ':
			i++
		case c == 0xC2 && i+1 < len(s) && (s[i+1] == 0xA0 || s[i+1] == 0x85):
			i += 2
		case c == 0xE2 && i+2 < len(s) && s[i+1] == 0x80 && (spaceE280(s[i+2]) || s[i+2] == 0x8B),
			c == 0xE3 && strings.HasPrefix(s[i:], "\u3000"), c == 0xEF && strings.HasPrefix(s[i:], "\ufeff"):
			i += 3
		default:
			return i
		}
	}
	return i
}

// appendFolded appends s to b with its white space folded to single spaces,
// none of them at the beginning of b and none after another.
func appendFolded(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c <= ' ' {
			if len(b) > 0 && b[len(b)-1] != ' ' {
				b = append(b, ' ')
			}
			i++
			continue
		}
		if c == 0xC2 && i+1 < len(s) && (s[i+1] == 0xA0 || s[i+1] == 0x85) { // no-break space, next line
			if len(b) > 0 && b[len(b)-1] != ' ' {
				b = append(b, ' ')
			}
			i += 2
			continue
		}
		if c == 0xE2 && i+2 < len(s) && s[i+1] == 0x80 && spaceE280(s[i+2]) { // U+2000..200A, 2028, 2029, 202F
			if len(b) > 0 && b[len(b)-1] != ' ' {
				b = append(b, ' ')
			}
			i += 3
			continue
		}
		if c == 0xE3 && strings.HasPrefix(s[i:], "\u3000") {
			if len(b) > 0 && b[len(b)-1] != ' ' {
				b = append(b, ' ')
			}
			i += 3
			continue
		}
		j := i + 1
		for j < len(s) && s[j] > ' ' && s[j] != 0xC2 && s[j] != 0xE2 && s[j] != 0xE3 {
			j++
		}
		b = append(b, s[i:j]...)
		i = j
	}
	return b
}

func spaceE280(c byte) bool {
	return c >= 0x80 && c <= 0x8A || c == 0xA8 || c == 0xA9 || c == 0xAF
}

// layout says how an element stands in the flow of text.
type layout uint8

const (
	inline layout = iota
	block         // begins and ends a block of text
	skip          // its content is not text
)

// level returns how an element stands in the flow. Elements with a hyphen in
// their name are a page's own: they stand for structure, but for those within
// a sentence.
func level(n *html.Node) layout {
	switch n.DataAtom {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Caption, atom.Center, atom.Dd, atom.Details,
		atom.Dialog, atom.Dir, atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer,
		atom.Form, atom.Frameset, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hgroup, atom.Hr,
		atom.Html, atom.Label, atom.Legend, atom.Li, atom.Main, atom.Menu, atom.Nav, atom.Ol, atom.Optgroup, atom.P, atom.Pre, atom.Plaintext, atom.Xmp, atom.Listing,
		atom.Section, atom.Summary, atom.Table, atom.Tbody, atom.Td, atom.Tfoot, atom.Th, atom.Thead, atom.Tr, atom.Ul:
		return block
	}
	if skipped(n.DataAtom) {
		return skip
	}
	if n.DataAtom == 0 && strings.IndexByte(n.Data, '-') > 0 && !inSentence(n) {
		return block
	}
	return inline
}

// inSentence tells whether an element stands beside text and holds nothing but
// text and inline elements.
func inSentence(n *html.Node) bool {
	beside := func(s *html.Node) bool {
		return s != nil && s.Type == html.TextNode && strings.TrimSpace(s.Data) != ""
	}
	if !beside(n.PrevSibling) && !beside(n.NextSibling) {
		return false
	}
	const most = 64 // of a sentence; who holds more is structure
	for c, k := n.FirstChild, 0; c != nil; c, k = c.NextSibling, k+1 {
		if k == most || c.Type == html.ElementNode && (c.DataAtom == 0 || level(c) == block) {
			return false
		}
	}
	return true
}

// skipped tells whether an element's content is never text of the page.
func skipped(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Iframe, atom.Object, atom.Select,
		atom.Textarea, atom.Button, atom.Canvas, atom.Datalist, atom.Audio, atom.Video, atom.Noframes, atom.Noembed,
		atom.Head, atom.Title, atom.Map, atom.Input, atom.Rp, atom.Rt, atom.Rtc:
		return true
	}
	return false
}
