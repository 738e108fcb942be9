package read

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// head is what a page says of itself outside its text.
type head struct {
	title     string // of <title>
	lang      string // of <html lang>
	base      string
	canonical string
	prev      string // addresses of the pages before and behind
	next      string
	refresh   bool
	metas     []meta
}

// meta is a named value of a meta element: its name, property or itemprop in
// lower case, and its content.
type meta struct{ name, content string }

// maxMetas bounds what a hostile head can hold.
const maxMetas = 500

// meta returns the first value that stands under one of the names, in the
// order of the names.
func (h *head) meta(names ...string) string {
	for _, name := range names {
		for i := range h.metas {
			if h.metas[i].name == name && h.metas[i].content != "" {
				return h.metas[i].content
			}
		}
	}
	return ""
}

// all calls f with each value that stands under one of the names, in the
// page's order.
func (h *head) all(f func(m meta), names ...string) {
	for i := range h.metas {
		for _, name := range names {
			if h.metas[i].name == name && h.metas[i].content != "" {
				f(h.metas[i])
			}
		}
	}
}

func (p *page) walkHead(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			switch c.DataAtom {
			case atom.Meta, atom.Link, atom.Base:
				p.headElement(c)
			case atom.Title:
				if p.head.title == "" {
					p.head.title = nodeText(c)
				}
			case atom.Script:
				p.script(c)
			default:
				p.walkHead(c)
			}
		}
	}
}

func (p *page) headElement(n *html.Node) {
	switch n.DataAtom {
	case atom.Base:
		if p.head.base == "" {
			p.head.base = attr(n, "href")
		}
	case atom.Link:
		rel, href := attr(n, "rel"), strings.TrimSpace(attr(n, "href"))
		if href == "" {
			return
		}
		switch strings.ToLower(strings.TrimSpace(rel)) {
		case "canonical":
			if p.head.canonical == "" {
				p.head.canonical = href
			}
		case "next":
			p.head.next = href
		case "prev":
			p.head.prev = href
		}
		if prop := attr(n, "itemprop"); prop != "" {
			p.addMeta(prop, href)
		}
	case atom.Meta:
		var name, content string
		ok := false
		for i := range n.Attr {
			switch a := &n.Attr[i]; a.Key {
			case "name", "property", "itemprop":
				if name == "" {
					name = a.Val
				}
			case "content", "value":
				content, ok = a.Val, true
			case "http-equiv":
				if strings.EqualFold(a.Val, "refresh") {
					p.head.refresh = true
				}
				if name == "" {
					name = a.Val
				}
			}
		}
		if ok && strings.HasSuffix(name, "ld+json") && len(p.ldjson) < 64 {
			p.ldjson = append(p.ldjson, content) // what was meant for a script
		} else if ok && name != "" {
			p.addMeta(name, content)
			// One element may name two properties.
			if prop := attr(n, "property"); prop != "" && prop != name {
				p.addMeta(prop, content)
			}
		}
	}
}

func (p *page) addMeta(name, content string) {
	content = strings.TrimSpace(content)
	if content == "" || len(p.head.metas) >= maxMetas {
		return
	}
	p.head.metas = append(p.head.metas, meta{strings.ToLower(strings.TrimSpace(name)), content})
}

// script keeps the scripts of linked data.
func (p *page) script(n *html.Node) {
	if c := n.FirstChild; c != nil && len(p.ldjson) < 64 && linkedDataType([]byte(attr(n, "type"))) {
		p.ldjson = append(p.ldjson, c.Data)
	}
}

// note remembers elements that name an author, a date or a headline.
func (p *page) note(n *html.Node) {
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "itemprop", "rel", "property":
			if a.Val == "" || len(p.marked) >= 400 {
				continue
			}
			if a.Key == "rel" && !strings.Contains(a.Val, "author") && !strings.Contains(a.Val, "tag") {
				continue // what most links say says nothing
			}
			switch n.DataAtom {
			case atom.Link, atom.Meta:
				if a.Key != "itemprop" {
					continue
				}
			}
			switch a.Val {
			case "url", "name", "image", "item", "position", "height", "width", "contentUrl", "logo":
				continue
			}
			p.marked = append(p.marked, marked{node: n, name: a.Val, at: int32(len(p.blocks)), elemBits: 0})
		case "class", "id":
			// Bylines and dates that only a name tells.
			if p.noted == n {
				continue
			}
			p.noted = n
			if c := p.classOf(n); c&(clByline|clDate) != 0 && len(p.marked) < 400 {
				p.marked = append(p.marked, marked{node: n, at: int32(len(p.blocks)), elemBits: c})
			}
		}
	}
}

// marked is an element that markup or its class says holds metadata.
type marked struct {
	node     *html.Node
	name     string  // of itemprop, rel or property; empty where only a class says it
	elemBits classes // where only a class says it
	at       int32   // the block that follows or holds it
}
