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
		if p.blocks[i].role == caption {
			first = i
			break
		}
	}
	if first < 0 || a.Image != nil && a.Image.Caption != "" {
		return
	}
	picture := p.pictureOf(p.elems[p.blocks[first].elem].node)
	if picture == nil {
		return
	}
	u := p.resolveURL(strings.TrimSpace(attr(picture, "src")))
	switch {
	case a.Image == nil && u != nil && (u.Scheme == "http" || u.Scheme == "https"):
		a.Image = &dateline.Image{URL: u.String()}
	case a.Image == nil || !samePicture(u, a.Image.URL):
		return
	}
	// A credit may stand in a block of its own behind the caption.
	text, credit, ok := cutCredit(string(p.blockText(first)), creditSigns)
	if m, whole := lang.Phrases().MatchOf(text, photoCredit); !ok && whole && m.Start == 0 {
		text, credit = "", text
	}
	if next := first + 1; credit == "" && next < len(p.blocks) && p.blocks[next].role == caption && p.pictureOf(p.elems[p.blocks[next].elem].node) == picture {
		credit = string(p.blockText(next))
	}
	a.Image.Caption = text
	if a.Image.Credit == "" {
		a.Image.Credit = credit
	}
}

// pictureOf returns the picture that stands in the figure of a caption, or
// beside it.
func (p *page) pictureOf(n *html.Node) *html.Node {
	const levels = 3
	for range levels {
		if n == nil {
			return nil
		}
		seen := 0
		for d := range n.Descendants() {
			if d.DataAtom == atom.Img {
				return d
			}
			if seen++; seen > maxShown {
				break
			}
		}
		if n.DataAtom == atom.Figure {
			return nil
		}
		n = n.Parent
	}
	return nil
}

// samePicture tells whether an address is that of an image or of the same file
// in another size.
func samePicture(u *url.URL, image string) bool {
	v, err := url.Parse(image)
	if u == nil || err != nil {
		return false
	}
	a, b := path.Base(u.Path), path.Base(v.Path)
	return len(a) > 3 && a == b
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
