package web

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"dateline"
)

func TestPieces(t *testing.T) {
	text := "At least 40 died, the mayor of Suri said."
	at := func(s string) (int, int) {
		i := strings.Index(text, s)
		return i, i + len(s)
	}
	cover := func(s string, k dateline.AnnotationKind, row int) covering {
		a, b := at(s)
		return covering{a, b, k, row}
	}
	marks := []covering{
		cover(text[:len(text)-1], dateline.KindQuote, 1),
		cover("40 died", dateline.KindFigure, 2),
		cover("died, the mayor", dateline.KindPerson, 3), // overlaps what is before it
		cover("Suri", dateline.KindPlace, 4),
		cover("Suri", dateline.KindOrganization, 5),
	}
	a, b := at("the mayor")
	var got []string
	for _, p := range pieces(text, 0, marks, nil, [2]int{a, b}, []sentenceEnd{{len(text), "0-41"}}) {
		if p.Cite != "" {
			got = append(got, "¶"+p.Cite)
			continue
		}
		got = append(got, fmt.Sprintf("%s|%s|%d|%s|%v", p.Text, p.Class(), p.Row, p.Rows, p.Begin))
	}
	want := []string{
		"At least |m quote|1|1|true",
		"40 |m figure quote|2|2 1|true",
		"died|m figure person quote|2|2 3 1|false",
		", |m person quote|3|3 1|false",
		"the mayor|m person quote cited|3|3 1|false",
		" of |m quote|1|1|false",
		"Suri|m place organization quote|4|4 5 1|true",
		" said|m quote|1|1|false",
		".||0||false",
		"¶0-41",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// FuzzPieces: pieces together are the text, each is whole characters, and it is
// covered by what covers it.
func FuzzPieces(f *testing.F) {
	f.Add("𝒜 small 𐍈 town — 三人死亡。", uint64(1), 5)
	f.Add("", uint64(2), 3)
	f.Fuzz(func(t *testing.T, text string, seed uint64, n int) {
		if !utf8.ValidString(text) || len(text) > 2000 {
			return
		}
		r := rand.New(rand.NewPCG(seed, 1))
		starts := []int{}
		for i := range text {
			starts = append(starts, i)
		}
		starts = append(starts, len(text))
		base := r.IntN(50)
		var marks []covering
		for i := range min(max(n, 0), 40) {
			a, b := starts[r.IntN(len(starts))], starts[r.IntN(len(starts))]
			if a < b {
				marks = append(marks, covering{base + a, base + b, markKinds[r.IntN(len(markKinds))], i + 1})
			}
		}
		slices.SortStableFunc(marks, func(a, b covering) int { return a.start - b.start })
		cited := [2]int{base + starts[r.IntN(len(starts))], base + starts[r.IntN(len(starts))]}
		at := base
		for _, p := range pieces(text, base, marks, nil, cited, nil) {
			if p.Text != text[at-base:at-base+len(p.Text)] || !utf8.ValidString(p.Text) {
				t.Fatalf("at %d: %q", at, p.Text)
			}
			var rows []int
			for _, m := range marks {
				if m.start <= at && m.end >= at+len(p.Text) {
					rows = append(rows, m.row)
				} else if m.start < at+len(p.Text) && m.end > at {
					t.Fatalf("at %d: %q has an edge of %+v in it", at, p.Text, m)
				}
			}
			if have := strings.Fields(p.Rows); len(have) != len(rows) || (p.Row > 0) != (len(rows) > 0) {
				t.Fatalf("at %d: %q has rows %q, want %d", at, p.Text, p.Rows, rows)
			}
			if p.Cited != (at >= cited[0] && at < cited[1]) {
				t.Fatalf("at %d: %q is cited: %v", at, p.Text, p.Cited)
			}
			at += len(p.Text)
		}
		if at != base+len(text) {
			t.Fatalf("%d bytes of %d", at-base, len(text))
		}
	})
}

// astral is a text whose code points, UTF-16 units and bytes all differ.
const astral = "𝒯𝓇𝒾𝒶𝓁 🏛 began in Suri. 🇮🇩 Four 𝓌𝒾𝓉𝓃ℯ𝓈𝓈ℯ𝓈 spoke."

// TestArticleOffsets shows marks and cites sentences by code points.
func TestArticleOffsets(t *testing.T) {
	srv, r := site(t)
	runes := []rune(astral)
	point := func(s string) int { return utf8.RuneCountInString(astral[:strings.Index(astral, s)]) }
	end := point("🇮🇩") - 1
	a := &dateline.Article{URL: "https://kept.example/astral", Kind: dateline.KindArticle, Title: "𝒯𝓇𝒾𝒶𝓁 in Suri", Text: astral,
		Blocks: []dateline.Block{{Kind: dateline.Paragraph, Text: astral}}}
	p := keep(t, r, "", a, []dateline.Mark{
		mark(dateline.KindPlace, astral, point("Suri"), point("Suri")+4, [2]int{0, end}, map[string]any{"name": "Suri", "kind": "city"}),
		mark(dateline.KindFigure, astral, point("Four"), point("spoke")-1, [2]int{end + 1, len(runes)}, map[string]any{"what": "other", "min": 4, "max": 4, "modifier": "exact"}),
	})
	from, to := end+1, len(runes)
	status, body := get(t, fmt.Sprintf("%s/article/%s?version=1&s=%d-%d", srv.URL, p.ID, from, to))
	if status != 200 {
		t.Fatal(status)
	}
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if got := classText(doc, "place"); got != "Places 1"+"Suri" { // its switch, and the mark
		t.Errorf("places %q", got)
	}
	if got := classText(doc, "cited"); got != string(runes[from:to]) {
		t.Errorf("cited %q, want %q", got, string(runes[from:to]))
	}
	for _, want := range []string{fmt.Sprintf("&amp;s=%d-%d#cited", from, to), fmt.Sprintf("&amp;s=0-%d#cited", end)} {
		if !strings.Contains(body, want) {
			t.Errorf("no sentence %s", want)
		}
	}
	for _, c := range []struct {
		query string
		want  int
	}{
		{"version=0", 400}, {"version=x", 400}, {"version=", 400}, {"version=-1", 400}, {"version=2", 404}, {"version=99999999999999999999", 400},
		{"s=1", 400}, {"s=5-5", 400}, {"s=9-3", 400}, {"s=-1-3", 400}, {"s=a-b", 400}, {"s=", 400}, {fmt.Sprintf("s=0-%d", len(runes)+1), 400}, {fmt.Sprintf("s=0-%d", len(runes)), 200},
	} {
		if status, _ := get(t, srv.URL+"/article/"+p.ID+"?"+c.query); status != c.want {
			t.Errorf("%s: status %d, want %d", c.query, status, c.want)
		}
	}
	for path, want := range map[string]int{"/article/none": 404, "/article/none/versions": 404, "/article/none/warc": 404, "/article/" + p.ID + "/versions?a=1&b=9": 404, "/article/" + p.ID + "/versions?a=x": 400,
		"/article/" + p.ID + "/warc?capture=1": 404, "/article/" + p.ID + "/warc?capture=x": 400, "/article/" + p.ID + "/warc?capture=999999": 404} {
		if status, _ := get(t, srv.URL+path); status != want {
			t.Errorf("%s: status %d, want %d", path, status, want)
		}
	}
}

// classText is the text of all elements of a class.
func classText(n *html.Node, class string) string {
	var b strings.Builder
	eachElement(n, func(n *html.Node) {
		if slices.Contains(strings.Fields(attributeOf(n, "class")), class) {
			b.WriteString(strings.TrimSuffix(wordsIn(n), "\n"))
		}
	})
	return b.String()
}

func eachElement(n *html.Node, f func(*html.Node)) {
	if n.Type == html.ElementNode {
		f(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		eachElement(c, f)
	}
}

func attributeOf(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func wordsIn(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(wordsIn(c))
	}
	return b.String()
}
