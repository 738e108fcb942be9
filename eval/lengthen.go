package main

import (
	"bytes"
	"hash/fnv"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// lending says which pages may lend each other paragraphs.
type lending struct {
	lang string
	fold int
}

// paragraphs are the gold's paragraphs by who may borrow them.
func paragraphs(gold []*Gold) map[lending][]string {
	out := map[lending][]string{}
	for _, g := range gold {
		for line := range strings.Lines(g.Body) {
			if n := len(tokens(line)); n >= 15 && n < 300 {
				l := lending{g.Lang, g.fold}
				out[l] = append(out[l], strings.TrimSpace(line))
			}
		}
	}
	return out
}

// Words that a lengthened page has more than before.
const (
	leastMore = 1_000
	mostMore  = 25_000
)

// lengthen returns one page of three with paragraphs of others between those of
// its body; nil for the rest, and where the body is not in elements of
// paragraphs.
func lengthen(g *Gold, more []string) *Gold {
	h := fnv.New64a()
	io.WriteString(h, g.ID)
	rng := rand.New(rand.NewPCG(h.Sum64(), 2))
	if g.Body == "" || rng.IntN(3) > 0 || !utf8.Valid(g.page) {
		return nil
	}
	doc, err := html.Parse(bytes.NewReader(g.page))
	if err != nil {
		return nil
	}
	body := shingles(tokens(g.Body))
	own := map[string]bool{}
	var at []*html.Node
	for n := range doc.Descendants() {
		if n.DataAtom != atom.P || n.Parent == nil {
			continue
		}
		w := tokens(textOf(n))
		if len(w) < 12 {
			continue
		}
		hits := 0
		for i := 0; i+shingle <= len(w); i++ {
			hits += min(1, body[strings.Join(w[i:i+shingle], "\x00")])
		}
		if hits*5 >= (len(w)-shingle+1)*4 {
			at = append(at, n)
			own[strings.TrimSpace(textOf(n))] = true
		}
	}
	if len(at) < 2 || len(more) < 40 {
		return nil
	}
	words := int(leastMore * math.Pow(mostMore/leastMore, rng.Float64()))
	joined := [...]int{1, 1, 2, 4}[rng.IntN(4)] // long texts often have long paragraphs
	added := map[*html.Node][]string{}
	var lent, next []string
	for _, k := range rng.Perm(len(more)) {
		if words <= 0 {
			break
		}
		if own[more[k]] {
			continue
		}
		words -= len(tokens(more[k]))
		if next = append(next, more[k]); len(next) < joined {
			continue
		}
		n := at[rng.IntN(len(at))]
		added[n] = append(added[n], strings.Join(next, " "))
		lent = append(lent, added[n][len(added[n])-1])
		next = next[:0]
	}
	for _, n := range at {
		for _, text := range added[n] {
			p := &html.Node{Type: html.ElementNode, Data: n.Data, DataAtom: n.DataAtom, Attr: n.Attr}
			p.AppendChild(&html.Node{Type: html.TextNode, Data: text})
			n.Parent.InsertBefore(p, n.NextSibling)
		}
	}
	var page bytes.Buffer
	if err := html.Render(&page, doc); err != nil {
		return nil
	}
	long := *g
	long.page = page.Bytes()
	long.Body += "\n" + strings.Join(lent, "\n")
	return &long
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
