package read

import (
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"dateline"
	"dateline/lang"
)

// leadImage takes the first picture of the article that has a caption: its
// words for the image that the page's data names, and the picture itself where
// the data names none.
func (p *page) leadImage(a *dateline.Article) {
	first := -1
	for i := range p.blocks {
		if e := &p.elems[p.blocks[i].elem]; p.blocks[i].role == caption && e.node.DataAtom != atom.Caption {
			first = i
			break
		}
	}
	if first < 0 || a.Image != nil && a.Image.Caption != "" {
		return
	}
	picture, own := p.pictureOf(p.elems[p.blocks[first].elem].node)
	if picture == nil {
		return
	}
	u := p.resolveURL(pictureAddress(picture))
	switch {
	case a.Image == nil && own && u != nil && (u.Scheme == "http" || u.Scheme == "https"):
		a.Image = &dateline.Image{URL: u.String()}
	case a.Image == nil || !samePicture(u, a.Image.URL):
		return
	}
	// A credit may stand in a block of its own behind the caption.
	text, credit, ok := cutCredit(string(p.blockText(first)), creditSigns)
	if m, whole := lang.Phrases().MatchOf(text, photoCredit); !ok && whole && m.Start == 0 {
		text, credit = "", text
	}
	if next := first + 1; credit == "" && next < len(p.blocks) && p.blocks[next].role == caption {
		if other, _ := p.pictureOf(p.elems[p.blocks[next].elem].node); other == picture {
			credit = string(p.blockText(next))
		}
	}
	a.Image.Caption = text
	if a.Image.Credit == "" {
		a.Image.Credit = credit
	}
}

// pictureAddress is where a picture lies: what a script is to load, before what
// stands in its place until then.
func pictureAddress(n *html.Node) string {
	for _, key := range [...]string{"data-src", "data-lazy-src", "data-original", "src"} {
		if s := strings.TrimSpace(attr(n, key)); s != "" {
			return s
		}
	}
	return ""
}

// pictureOf returns the picture that stands with a caption, and whether it is
// in a figure of their own.
func (p *page) pictureOf(n *html.Node) (picture *html.Node, own bool) {
	const levels, most = 3, 200 // up to the element of both, nodes in it
	for range levels {
		if n == nil {
			return nil, false
		}
		seen := 0
		for d := range n.Descendants() {
			if d.DataAtom == atom.Img {
				return d, n.DataAtom == atom.Figure || p.classOf(n)&(clMedia|clCaption) != 0
			}
			if seen++; seen > most {
				break
			}
		}
		if n.DataAtom == atom.Figure {
			return nil, false
		}
		n = n.Parent
	}
	return nil, false
}

// samePicture tells whether an address is that of an image or of the same file
// in another size.
func samePicture(u *url.URL, image string) bool {
	v, err := url.Parse(image)
	if u == nil || err != nil {
		return false
	}
	a, b := pictureName(u.Path), pictureName(v.Path)
	return len(a) > 2 && a == b
}

// pictureName is the name of a picture's file without its ending and its size:
// mole of /2024/mole-1024x683.jpg.
func pictureName(s string) string {
	s = path.Base(s)
	s = strings.TrimSuffix(s, path.Ext(s))
	if i := strings.LastIndexAny(s, "-_"); i > 0 && strings.Trim(s[i+1:], "0123456789x") == "" {
		s = s[:i]
	}
	return s
}

// The signs after which a credit may stand: in a text that may be a caption,
// and in one that is.
const (
	stops       = ".。।"
	creditSigns = stops + "/|-–—(（"
)

// cutCredit parts a caption from the credit with which it ends, after one of
// the signs.
//
//	The mole at low tide. Photo: Ada Pell
func cutCredit(s, signs string) (text, credit string, ok bool) {
	const most = 80 // bytes
	for at := len(s); at > 0; {
		if at = strings.LastIndexAny(s[:at], signs); at <= 0 || len(s)-at > most {
			return s, "", false
		}
		sign, n := utf8.DecodeRuneInString(s[at:])
		credit = strings.TrimLeft(s[at+n:], " ")
		if m, ok := lang.Phrases().MatchOf(credit, photoCredit); !ok || m.Start != 0 {
			continue
		}
		switch sign {
		case '.', '。', '।':
			at += n
		case '(', '（':
			credit = strings.TrimRight(credit, ")）.")
		}
		return strings.TrimSpace(s[:at]), credit, true
	}
	return s, "", false
}
