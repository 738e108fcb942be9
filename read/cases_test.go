package read

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"dateline"
	"dateline/internal/golden"
)

// TestCases reads the pages of testdata/cases. A case has the section
// page.html or page.txt, and source: the fields of Source beside the bytes,
// one a line, and "take: all" where every block is to be body. The section want is what dump makes of the article.
func TestCases(t *testing.T) {
	golden.Run(t, "testdata/cases", "want", func(t *testing.T, c *golden.Case) string {
		src := Source{Name: c.Name, ContentType: "text/html; charset=utf-8"}
		opt := new(Options)
		fields, _ := c.File("source")
		for line := range strings.Lines(fields) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			switch key {
			case "url":
				src.URL = value
			case "content-type":
				src.ContentType = value
			case "fetched":
				src.Fetched = value
			case "take":
				opt.Model = takeAll
			case "status":
				n, err := strconv.Atoi(value)
				if err != nil {
					t.Fatal(err)
				}
				src.Status = n
			default:
				t.Fatalf("source has no field %q", key)
			}
		}
		page, ok := c.File("page.html")
		if !ok {
			page, ok = c.File("page.txt")
		}
		if !ok {
			t.Fatal("no page")
		}
		src.Body = []byte(page)
		a, err := Page(src, opt)
		if err != nil {
			t.Fatal(err)
		}
		if s := broken(a); s != "" {
			t.Error(s)
		}
		return dump(a)
	})
}

// takeAll is a model that takes every block for body, for cases about what
// becomes of blocks that are.
var takeAll = &Model{First: Trees{Bias: 5}, Second: Trees{Bias: 5}}

// dump writes an article for people: first what is known of it, then its
// blocks, each with its links, then what stood beside them.
func dump(a *dateline.Article) string {
	var b strings.Builder
	line := func(key string, values ...string) {
		if s := strings.Join(values, " | "); s != "" {
			fmt.Fprintf(&b, "%s: %s\n", key, s)
		}
	}
	line("kind", string(a.Kind))
	line("language", a.Language)
	line("kicker", a.Kicker)
	line("title", a.Title)
	line("subtitle", a.Subtitle)
	line("authors", a.Authors...)
	line("published", a.Published)
	line("modified", a.Modified)
	line("access", string(a.Access))
	line("site", a.Site.Name)
	line("section", a.Section)
	line("tags", a.Tags...)
	if i := a.Image; i != nil {
		line("image", i.URL, i.Caption, i.Credit)
	}
	line("warnings", a.Warnings...)
	if d := a.Dateline; d != nil {
		line("dateline", d.Text, "place "+d.Place, "agency "+d.Agency, "date "+d.Date)
	}
	for i := range a.Blocks {
		k := &a.Blocks[i]
		fmt.Fprintf(&b, "\n%s", k.Kind)
		if k.Level > 0 {
			fmt.Fprintf(&b, " %d", k.Level)
		}
		fmt.Fprintf(&b, ": %s\n", strings.ReplaceAll(strings.ReplaceAll(k.Text, "\t", " ⇥ "), "\n", "\n\t"))
		for _, l := range k.Links {
			fmt.Fprintf(&b, "\t[%s] %s\n", k.Text[l.Start:l.End], l.Href)
		}
	}
	if len(a.Related)+len(a.Comments)+len(a.Corrections) > 0 {
		b.WriteByte('\n')
	}
	for _, r := range a.Related {
		line("related", r.Title, r.URL)
	}
	for _, c := range a.Comments {
		line("comment", c.Author, c.Published, c.Text)
	}
	line("corrections", a.Corrections...)
	return b.String()
}
