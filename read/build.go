package read

import (
	"net/url"
	"strings"

	"golang.org/x/net/html/atom"

	"dateline"
)

// headingLevel is 1 to 6 for a block in a heading element, else 0.
func (p *page) headingLevel(i int) int {
	b := &p.blocks[i]
	for e, n := b.elem, 0; e >= 0 && n < 3; e, n = p.elems[e].parent, n+1 {
		switch p.elems[e].node.DataAtom {
		case atom.H1:
			return 1
		case atom.H2:
			return 2
		case atom.H3:
			return 3
		case atom.H4:
			return 4
		case atom.H5:
			return 5
		case atom.H6:
			return 6
		}
	}
	return 0
}

// build makes the article's blocks, related links and text.
func (p *page) build(a *dateline.Article, base *url.URL) {
	firstPara := -1
	written := map[int32]bool{}
	for i := range p.blocks {
		b := &p.blocks[i]
		switch b.role {
		case related:
			l := p.relatedLink(i, base)
			// A teaser's headline and its summary are one link.
			if n := len(a.Related); n == 0 || l.URL == "" || l.URL != a.Related[n-1].URL {
				a.Related = append(a.Related, l)
			}
			continue
		case caption:
			a.Blocks = append(a.Blocks, dateline.Block{Kind: dateline.Caption, Text: string(p.blockText(i)), Start: -1, Links: p.blockLinks(b, base)})
			continue
		case dropped:
			continue
		}
		e := &p.elems[b.elem]
		out := dateline.Block{Kind: dateline.Paragraph}
		switch lv := p.headingLevel(i); {
		case e.tags&inCell != 0 && p.gridRow(b.elem) >= 0:
			if tr := p.gridRow(b.elem); !written[tr] {
				written[tr] = true
				a.Blocks = append(a.Blocks, p.rowBlock(tr, base))
			}
			continue
		case b.entryTime:
			out.Kind, out.Level = dateline.Heading, 3
		case lv > 0:
			out.Kind, out.Level = dateline.Heading, lv
		case e.tags&inPre != 0:
			out.Kind = dateline.Preformatted
		case e.tags&inLi != 0 && p.inItem(b.elem):
			out.Kind, out.Level = dateline.ListItem, p.listDepth(b.elem)
		case e.tags&inQuote != 0:
			out.Kind = dateline.Quote
		}
		if lines := p.lines(b); lines != nil && out.Kind != dateline.Heading {
			if p.items(lines) {
				out.Kind, out.Level = dateline.ListItem, 1
			}
			for _, l := range lines {
				out.Text, out.Links = p.textIn(l[0], l[1]), p.linksIn(b, l[0], l[1], base)
				a.Blocks = append(a.Blocks, out)
			}
			continue
		}
		out.Text = string(p.blockText(i))
		out.Links = p.blockLinks(b, base)
		if firstPara < 0 && (out.Kind == dateline.Paragraph || out.Kind == dateline.Heading) {
			if p.isStandfirst(i) {
				out.Kind, out.Level = dateline.Standfirst, 0
			} else if out.Kind == dateline.Paragraph {
				firstPara = i
			}
		}
		a.Blocks = append(a.Blocks, out)
	}
}

// isStandfirst tells whether a block before the first paragraph is the
// article's summary: its element says so, or it is what the page's description
// says and is set apart from the paragraphs.
func (p *page) isStandfirst(i int) bool {
	b := &p.blocks[i]
	e := &p.elems[b.elem]
	if b.stats.words < 4 {
		return false
	}
	own := e.own | b.inline
	if e.parent >= 0 && p.elems[e.parent].blocks == 0 {
		own |= p.elems[e.parent].own
	}
	if own&clLead != 0 && own&clBody == 0 && p.shortLead(b.elem) {
		return true
	}
	next := -1
	for j := i + 1; j < len(p.blocks) && next < 0; j++ {
		if p.blocks[j].role == kept {
			next = j
		}
	}
	apart := next < 0 || p.elems[p.blocks[next].elem].sig != e.sig || b.emphasis && !p.blocks[next].emphasis
	return apart && (p.likeDescription(p.blockText(i)) >= 2 || b.emphasis && b.stats.words > 10 || p.headingLevel(i) > 0 && b.stats.words > 12)
}

// shortLead tells whether the element that is named for a summary is one: some
// programs name the whole text so.
func (p *page) shortLead(e int32) bool {
	const most, mostWords = 4, 150
	for n := 0; e >= 0 && n < 2; n++ {
		if l := &p.elems[e]; l.own&clLead != 0 {
			return l.last-l.first < most && l.words <= mostWords
		}
		e = p.elems[e].parent
	}
	return true
}

// inItem tells whether a block is an item of a list, or of one: not the text of
// an article, a section or a quotation that is.
func (p *page) inItem(e int32) bool {
	for ; e >= 0; e = p.elems[e].parent {
		switch kindOf(p.elems[e].node) {
		case inLi:
			return true
		case inArticle, inSection, inQuote, inList:
			return false
		}
	}
	return false
}

func (p *page) listDepth(e int32) (n int) {
	for ; e >= 0; e = p.elems[e].parent {
		if kindOf(p.elems[e].node) == inList {
			n++
		}
	}
	return n
}

// blockLinks are a block's links with absolute addresses.
func (p *page) blockLinks(b *textBlock, base *url.URL) []dateline.BlockLink {
	return p.linksIn(b, b.start, b.end, base)
}

// linksIn are the links in part of a block.
func (p *page) linksIn(b *textBlock, start, end int32, base *url.URL) []dateline.BlockLink {
	var out []dateline.BlockLink
	for _, l := range p.links[b.links[0]:b.links[1]] {
		from, to := max(l.start, start), min(l.end, end)
		for to > from && p.buf[to-1] == ' ' {
			to--
		}
		if from >= to {
			continue
		}
		if href := resolve(base, l.href); href != "" {
			out = append(out, dateline.BlockLink{Start: int(from - start), End: int(to - start), Href: href})
		}
	}
	return out
}

func (p *page) relatedLink(i int, base *url.URL) dateline.Link {
	b := &p.blocks[i]
	text := string(p.blockText(i))
	l := dateline.Link{Title: text}
	if b.phrase.begins(readAlso) {
		l.Title = strings.TrimLeft(text[b.phrase.match.End:], " :–—-»›|")
	}
	if links := p.links[b.links[0]:b.links[1]]; len(links) > 0 {
		l.URL = resolve(base, links[len(links)-1].href)
		if s := str(p.buf[links[len(links)-1].start:links[len(links)-1].end]); len(links) == 1 && len(s) > 8 && strings.HasSuffix(l.Title, s) {
			l.Title = string([]byte(s))
			if b.phrase.begins(readAlso) && strings.HasPrefix(l.Title, text[b.phrase.match.Start:b.phrase.match.End]) {
				l.Title = strings.TrimLeft(text[b.phrase.match.End:], " :–—-»›|")
			}
		}
	}
	return l
}
