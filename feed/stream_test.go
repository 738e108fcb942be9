package feed

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/net/html/charset"

	"dateline"
)

// long is a feed of several megabytes whose constructs of all sorts lie across
// the ends of what is in hand, with the titles it has.
func long() (text string, titles []string) {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title>`)
	for i := range 15_000 {
		title := fmt.Sprintf("Nomor %d & é", i)
		titles = append(titles, title)
		fill := strings.Repeat("x", i%97)
		fmt.Fprintf(&b, `<!-- %s <item> --><item a="%s>%d"><title><![CDATA[%s]]></title><link>https://outlet.example/%d/%s</link>`, fill, fill, i, title, i, fill)
		fmt.Fprintf(&b, `<description>&lt;p&gt;%s &amp;amp; more&lt;/p&gt;</description><?pi %s?><media:group><media:title>%d</media:title></media:group></item>`, fill, fill, i)
	}
	b.WriteString(`</channel></rss>`)
	return b.String(), titles
}

// TestReadLong: where a document is parted in reading makes no difference.
func TestReadLong(t *testing.T) {
	text, want := long()
	latin, err := charset.Lookup("windows-1252")
	if latin == nil {
		t.Fatal(err)
	}
	coded, cerr := latin.NewEncoder().String(strings.Replace(text, `"1.0"`, `"1.0" encoding="windows-1252"`, 1))
	wide, _ := charset.Lookup("utf-16le")
	wider, werr := wide.NewEncoder().String("\ufeff" + text[:3<<20])
	if cerr != nil || werr != nil {
		t.Fatal(cerr, werr)
	}
	ascii := strings.Replace(coded, "<channel>", "<channel><!--"+strings.Repeat("a", 2<<20)+"-->", 1)
	for _, c := range []struct {
		name, body string
		least      int
	}{
		{"plain", text, len(want)},
		{"gzip", gzipped(text), len(want)},
		{"gzip twice", gzipped(gzipped(text)), len(want)},
		{"windows-1252", coded, len(want)},
		{"windows-1252, ASCII at first", ascii, len(want)},
		{"UTF-16", wider, 5000},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			doc, err := Read(iotest.HalfReader(strings.NewReader(c.body)), "", "https://outlet.example/feed", now, func(e dateline.Entry) bool {
				if i := len(got); e.Summary != strings.Repeat("x", i%97)+" & more" && e.Summary != "& more" {
					t.Fatalf("entry %d: %q", i, e.Summary)
				}
				got = append(got, e.Title)
				return true
			})
			if err != nil || len(doc.Entries) != 0 {
				t.Fatal(doc, err)
			}
			if len(got) < c.least || !slices.Equal(got, want[:len(got)]) {
				t.Errorf("%d entries, %v", len(got), doc.Warnings)
			}
		})
	}
}

// TestReadBroken: what breaks off or ends the reading gives what was before.
func TestReadBroken(t *testing.T) {
	text, _ := long()
	packed := gzipped(text)
	bad := bytes.Replace([]byte(text), []byte("é"), []byte("\xe9"), -1)
	for _, c := range []struct {
		name     string
		body     []byte
		stop     int
		least    int
		warnings string
	}{
		{"gzip cut", []byte(packed[:len(packed)/2]), 0, 5000, WarnTruncated},
		{"cut", []byte(text[:len(text)/2]), 0, 7000, WarnTruncated},
		{"stopped", []byte(text), 10, 10, ""},
		{"UTF-8 at first", append([]byte(text[:2<<20]), bad[2<<20:]...), 0, 14_000, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := 0
			doc, err := Read(bytes.NewReader(c.body), "", "https://outlet.example/feed", now, func(e dateline.Entry) bool {
				checkText(t, "title", e.Title)
				n++
				return n != c.stop
			})
			if err != nil {
				t.Fatal(err)
			}
			if n < c.least || c.stop > 0 && n != c.stop || !strings.Contains(strings.Join(doc.Warnings, " "), c.warnings) {
				t.Errorf("%d entries, %v", n, doc.Warnings)
			}
		})
	}
}

// TestReadMemory: a sitemap as long as they may be, with long addresses, is
// never in memory as a whole, nor are its entries.
func TestReadMemory(t *testing.T) {
	var b strings.Builder
	b.WriteString("<urlset>")
	for i := range MaxSitemapEntries {
		fmt.Fprintf(&b, "<url><loc>https://outlet.example/%d/%s</loc></url>", i, strings.Repeat("a", 930))
	}
	body := gzipped(b.String() + "</urlset>")
	b.Reset()
	n := 0
	took, peak := watch(t, func() {
		if _, err := Read(strings.NewReader(body), "", "https://outlet.example/sitemap.xml", now, func(dateline.Entry) bool { n++; return true }); err != nil {
			t.Error(err)
		}
	})
	t.Logf("%d KB, %v, %d MB", len(body)>>10, took, peak>>20)
	if n != MaxSitemapEntries || peak > 32<<20 {
		t.Errorf("%d entries in %d MB", n, peak>>20)
	}
}

// TestLongAddress: an address that no page has is left out.
func TestLongAddress(t *testing.T) {
	text := "<rss><channel><item><link>https://outlet.example/" + strings.Repeat("a", 2048) + "</link></item><item><link>https://outlet.example/b</link></item></channel></rss>"
	doc, err := Parse([]byte(text), "", "", now)
	if err != nil || len(doc.Entries) != 1 || !slices.Equal(doc.Warnings, []string{WarnAddress}) {
		t.Errorf("%+v, %v", doc, err)
	}
}
