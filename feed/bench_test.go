package feed

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

func BenchmarkFeed(b *testing.B) {
	var s strings.Builder
	s.WriteString(`<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title><link>https://outlet.example/</link>`)
	for i := range 100 {
		fmt.Fprintf(&s, `<item><title>Number %d of the day &amp; more</title><link>https://outlet.example/2026/11/28/item-%d</link><dc:creator>Ana Quill</dc:creator>`+
			`<description><![CDATA[<p>%s</p>]]></description><pubDate>Sat, 28 Nov 2026 10:%02d:00 +0700</pubDate><category>Politics</category></item>`,
			i, i, strings.Repeat("Some words of the summary. ", 20), i%60)
	}
	s.WriteString(`</channel></rss>`)
	run(b, s.String())
}

func BenchmarkSitemap(b *testing.B) {
	var s strings.Builder
	s.WriteString(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for i := range MaxSitemapEntries {
		fmt.Fprintf(&s, "<url><loc>https://outlet.example/news/2026/number-%d</loc><lastmod>2026-11-28T10:00:00+07:00</lastmod></url>\n", i)
	}
	s.WriteString(`</urlset>`)
	run(b, s.String())
}

func run(b *testing.B, text string) {
	body := []byte(text)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(body, "", "https://outlet.example/", now); err != nil {
			b.Fatal(err)
		}
	}
}

// A front page of the usual size: that of a case, twenty times over.
func BenchmarkIndex(b *testing.B) {
	data, err := os.ReadFile("testdata/index/id_blog.txtar")
	if err != nil {
		b.Fatal(err)
	}
	var s strings.Builder
	for i := range 20 {
		for _, f := range txtar.Parse(data).Files {
			if f.Name == "page" {
				s.WriteString(strings.ReplaceAll(string(f.Data), "/2026/", fmt.Sprintf("/20%02d/", i+5)))
			}
		}
	}
	page := []byte(s.String())
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		if d := Index(page, "", "https://outlet.example/"); len(d.Entries) < 200 {
			b.Fatalf("%d entries", len(d.Entries))
		}
	}
}
