package read

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"dateline"
	"dateline/lang"
)

// maxComments bounds what one page may bring.
const maxComments = 2000

// findComments reads the readers' comments: the blocks in elements that are
// named for comments and stand behind the body, one comment for each element
// of a kind that repeats there.
func (p *page) findComments(a *dateline.Article) {
	last := -1
	for i := range p.blocks {
		if p.blocks[i].role == kept {
			last = i
		}
	}
	// The element whose children are the comments: a comment's element is the
	// innermost one named so that holds prose and is not the only one.
	owner := make(map[int32]int) // element -> comment in a.Comments
	for i := last + 1; i < len(p.blocks); i++ {
		b := &p.blocks[i]
		e := &p.elems[b.elem]
		if e.acc&clComment == 0 || b.role != dropped || e.acc&clForm != 0 || e.tags&(inForm|inHidden) != 0 {
			continue
		}
		item := p.commentElem(b.elem)
		if item < 0 {
			continue
		}
		n, ok := owner[item]
		if !ok {
			if len(a.Comments) >= maxComments {
				return
			}
			n = len(a.Comments)
			owner[item] = n
			a.Comments = append(a.Comments, dateline.Comment{})
		}
		c := &a.Comments[n]
		own := e.own | b.inline
		if e.parent >= 0 {
			own |= p.elems[e.parent].own
		}
		text := string(p.blockText(i))
		switch {
		case b.phrase.is(alone):
		case own&clDate != 0 && b.stats.digits > 0 && b.stats.words < 14 || b.stats.words < 10 && b.stats.digits > 0 && c.Text == "" && dateOnly(text):
			if ds := lang.FindDates(text, a.Language); len(ds) > 0 && c.Published == "" {
				c.Published = ds[0].Date.String()
				if c.Author == "" {
					c.Author = beforeDate(text[:ds[0].Start])
				}
			}
		case own&(clByline|clHeadline) != 0 && b.stats.words < 8 && c.Author == "" && c.Text == "":
			c.Author = strings.TrimRight(text, " :")
		case own&(clShare|clNav) != 0 && b.stats.words < 6:
		default:
			if b.stats.words < 4 && c.Text == "" && c.Author == "" && b.stats.stops == 0 && b.emphasis {
				c.Author = text
				continue
			}
			if c.Text != "" {
				c.Text += "\n"
			}
			c.Text += text
		}
	}
	// What has no text was a form or a button, and what neither a person nor a
	// time is given for is the page's own word about comments.
	out := a.Comments[:0]
	for _, c := range a.Comments {
		if c.Text != "" && (c.Author != "" || c.Published != "") {
			out = append(out, c)
		}
	}
	a.Comments = out
	if len(out) == 0 {
		a.Comments = nil
	}
}

// commentElem returns the element of the comment that e belongs to: the
// nearest one named for comments that has a sibling of the same make, or else
// the nearest named one.
func (p *page) commentElem(e int32) int32 {
	near := int32(-1)
	for at := e; at >= 0; at = p.elems[at].parent {
		if p.elems[at].own&clComment == 0 {
			continue
		}
		if near < 0 {
			near = at
		}
		if kindOf(p.elems[at].node)&(inLi|inArticle) != 0 {
			return at
		}
		if hasTwin(p.elems[at].node) {
			return at
		}
	}
	return near
}

// beforeDate is the name that stands before a comment's date in the same line,
// without the small words that join them ("Ada on 4 May"); empty if none does.
func beforeDate(s string) string {
	words := strings.Fields(s)
	for len(words) > 0 {
		last := words[len(words)-1]
		if r, _ := utf8.DecodeRuneInString(last); unicode.IsUpper(r) || unicode.IsLetter(r) && !unicode.IsLower(r) || len(words) == 1 && unicode.IsLetter(r) {
			break
		}
		words = words[:len(words)-1]
	}
	if len(words) == 0 || len(words) > 4 {
		return ""
	}
	return strings.TrimRight(strings.Join(words, " "), " ,;:|·•–—-(")
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

func dateOnly(s string) bool {
	ds := lang.FindDates(s)
	return len(ds) > 0 && (ds[0].End-ds[0].Start)*2 > len(s)
}
