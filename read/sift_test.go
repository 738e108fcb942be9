package read

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func TestSift(t *testing.T) {
	for _, c := range []struct{ page, want string }{
		{`<p>text`, `<p>text`},
		{`<div data-x="1" class="body" onclick='f(">")'>x</div>`, `<div class="body" >x</div>`},
		{`<div class=a data-x/>x`, `<div class=a data-x/>x`},
		{`<div class="a"data-x=1>x`, `<div class="a">x`},
		{`<IMG SRC=x.jpg Class=y ALT="a > b">`, `<IMG SRC=x.jpg Class=y >`},
		{`<a href=/x title="read on">x</a><a title="4 May">y</a>`, `<a href=/x >x</a><a title="4 May">y</a>`},
		{`<p style="display: none">x<p style="color: red">y`, `<p style="display: none">x<p >y`},
		{`x <!-- "<p>" --> y`, `x  y`},
		{`a<!-- x -->b <<!-- x -->p> &am<!-- x -->p;`, `a<!---->b <<!---->p> &am<!---->p;`},
		{`a<!-- x --!>b`, `a<!---->b`},
		{`a<!-->b<!--->c<!-- d`, `a<!-->b<!--->c`},
		{`<script>f("</p>")</script>x<style>a>b{}</style>y`, `<script></script>x<style></style>y`},
		{`<script><!-- f("<script></script>") --></script><p>x`, `<script></script><p>x`},
		{`<script type="application/ld+json">{"a":"<p>"}</script>`, `<script type="application/ld+json">{"a":"<p>"}</script>`},
		{`<SCRIPT TYPE=Application/LD&#x2B;JSON>{}</SCRIPT>`, `<SCRIPT TYPE=Application/LD&#x2B;JSON>{}</SCRIPT>`},
		{`<script>f()`, `<script>`},
		{`<title>a <b data-x=1> c</title>`, `<title>a <b data-x=1> c</title>`},
		{`<noscript><p data-x=1>x</noscript>y`, `<noscript></noscript>y`},
		{`<plaintext><p data-x=1>`, `<plaintext><p data-x=1>`},
		{`<svg width=1><title>t</title><g><path d="M0"/></g></svg><p>x`, `<svg ></svg><p>x`},
		{`<svg/><p data-x=1>x`, `<svg/><p >x`},
		{`<svg><g><svg></svg></g></svg><p data-x=1>x`, `<svg></svg><p >x`},
		{`<svg><style>.a{}</style></svg><p data-x=1>x`, `<svg></svg><p >x`},
		{`<svg><style>a<b data-x=1></style></svg>`, `<svg><style>a<b data-x=1></style></svg>`},
		{`<svg><path><p data-x=1>out of the drawing`, `<svg><path><p data-x=1>out of the drawing`},
		{`<svg><foreignObject><p data-x=1>`, `<svg><foreignObject><p data-x=1>`},
		{`<svg></g></svg><p data-x=1>`, `<svg></g></svg><p data-x=1>`},
		{`<math><mi data-x=1>x</mi></math><p data-x=1>y`, `<math><mi data-x=1>x</mi></math><p >y`},
		{`<math><style>x</math><p data-x=1>y`, `<math><style>x</math><p data-x=1>y`},
		{`1 < 2 <3 </ x data-x=1> <? y data-x=1> <!z data-x=1>`, `1 < 2 <3 </ x data-x=1> <? y data-x=1> <!z data-x=1>`},
		{`<div data-x="1`, `<div data-x="1`},
		{`<`, `<`},
		{``, ``},
	} {
		if got := string(sift(nil, []byte(c.page))); got != c.want {
			t.Errorf("sift %q:\n got %q\nwant %q", c.page, got, c.want)
		}
		sameTree(t, []byte(c.page))
	}
	for name, page := range samples(t) {
		t.Run(name, func(t *testing.T) { sameTree(t, page) })
	}
}

// sameTree fails unless a sifted page parses to the tree of the whole page, as
// far as reading looks at it.
func sameTree(t *testing.T, page []byte) {
	t.Helper()
	out := sift(nil, page)
	if len(out) > len(page) {
		t.Errorf("sift %q grew to %q", page, out)
	}
	whole, err1 := html.Parse(bytes.NewReader(page))
	left, err2 := html.Parse(bytes.NewReader(out))
	if err1 != nil || err2 != nil {
		return // too deep; a drawing may have been the deepest part of it
	}
	if a, b := outline(whole), outline(left); a != b {
		i := 0
		for i < min(len(a), len(b)) && a[i] == b[i] {
			i++
		}
		from := max(0, i-100)
		t.Errorf("sift %.500q\ngave %.500q\n tree ...%.300s\n want ...%.300s", page, out, b[from:], a[from:])
	}
}

// outline is what reading may see of a tree.
func outline(n *html.Node) string {
	var b strings.Builder
	put := func(text string) {
		// Where white space goes in a table depends on the comments beside it.
		if text = strings.Join(strings.Fields(text), ""); text != "" {
			fmt.Fprintf(&b, "%q ", text)
		}
	}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		text := ""
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.TextNode {
				text += c.Data
				continue
			}
			if c.Type == html.CommentNode {
				continue
			}
			put(text)
			text = ""
			if c.Type != html.ElementNode {
				continue
			}
			b.WriteString("(" + c.Data)
			t := tag{name: []byte(c.Data)}
			for _, a := range c.Attr {
				if forReading(&t, []byte(a.Key), []byte(a.Val)) {
					fmt.Fprintf(&b, " %s=%q", a.Key, a.Val)
				}
			}
			b.WriteByte(' ')
			switch c.DataAtom {
			case atom.Style, atom.Noscript, atom.Iframe, atom.Noembed, atom.Noframes, atom.Textarea, atom.Svg, atom.Select, atom.Frameset:
			case atom.Script:
				if linkedDataType([]byte(attr(c, "type"))) {
					walk(c)
				}
			default:
				walk(c)
			}
			b.WriteByte(')')
		}
		put(text)
	}
	walk(n)
	return b.String()
}

func FuzzSift(f *testing.F) {
	for _, page := range samples(f) {
		f.Add(page)
	}
	for _, s := range []string{
		`<table data-x=1><tr><svg><path/></svg><td>x`, `<select><svg><title>x</title></svg><option data-x=1>y`, `<svg><title>x</title><desc/></svg>`, `<svg><a href=x>y</a></svg>`,
		`<script><!--<script></script>--></script>`, `<div a='"' b="'" c=d'e>`, `<p/data-x=1/class=y>`, `<b data-x=1><i data-y=2><p>x`, `<frameset><svg></svg>`, `<math><mtext><svg></math>`,
		`<a b==c =d e= f>`, "<pre><!-- x -->\n\ny", `<textarea><svg></textarea><svg>`, `<template><svg><g></template>`, "<p title=\x00 data-\x00=1>", `<svg><![CDATA[ <p> ]]></svg>`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		b = bytes.ToValidUTF8(b, []byte("\ufffd"))
		if len(b) > 1<<16 || formatCount(b) > 3 {
			// Elements of formatting that differ only in what is dropped are
			// the same, and the parser opens no more than three of the same.
			return
		}
		sameTree(t, b)
	})
}

// formatCount is the number of tags of formatting.
func formatCount(b []byte) (n int) {
	for i, c := range b {
		if c == '<' && formatName(b[i+1:]) > 0 {
			n++
		}
	}
	return n
}

// TestSiftPieces puts together pages from the pieces that make sifting hard.
func TestSiftPieces(t *testing.T) {
	pieces := strings.Fields(`<p> </p> <p/> <div <a </a> <td> <table> </table> <select> <option> </select> <template> </template> <pre> <svg> <svg </svg> <svg/> <g> </g> <path/> <path
		<title> </title> <desc> </desc> <style> </style> <script> </script> <script <!-- --> --!> <!--> <! <? </ < > / = == " ' "> '> /> class= data-x= href= type= style= id title=
		application/ld+json text/javascript display 1 x &amp &lt; ; </p <foreignObject> <math> </math> <mi> <textarea> </textarea> <noscript> </noscript> <iframe> </iframe> <xmp> </xmp>
		<plaintext> <image> <body <html <head> <br> <li> <form> <input <button> <![CDATA[ ]]>`)
	pieces = append(pieces, " ", " ", "\n", "\t", "\r")
	n := 20_000
	if testing.Short() {
		n = 2_000
	}
	r := rand.New(rand.NewPCG(1, 2))
	var b []byte
	for range n {
		b = b[:0]
		for range 1 + r.IntN(24) {
			b = append(b, pieces[r.IntN(len(pieces))]...)
		}
		if sameTree(t, b); t.Failed() {
			return
		}
	}
}
