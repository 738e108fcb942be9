package feed

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline"
	"dateline/internal/golden"
)

var now = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// The cases are documents as outlets write them, well and badly. The comment's
// first line may give the document's address.
func TestParse(t *testing.T) {
	golden.Run(t, "testdata/parse", "want", func(t *testing.T, c *golden.Case) string {
		text, ok := c.File("document")
		if !ok {
			t.Fatal("no section document")
		}
		doc, err := Parse([]byte(text), "", addressOf(c, "https://outlet.example/feeds/all.xml"), now)
		if err != nil {
			return "error: " + err.Error() + "\n"
		}
		return dump(doc)
	})
}

// addressOf reads a case's address from a line of its comment.
func addressOf(c *golden.Case, otherwise string) string {
	for line := range strings.Lines(c.Comment) {
		if a, ok := strings.CutPrefix(line, "address: "); ok {
			return strings.TrimSpace(a)
		}
	}
	return otherwise
}

func dump(d *Document) string {
	var b strings.Builder
	line := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", key, value)
		}
	}
	line("kind", string(d.Kind))
	line("title", d.Title)
	line("home", d.Home)
	line("language", d.Language)
	line("next", d.Next)
	if d.Every != 0 {
		line("every", d.Every.String())
	}
	line("warnings", strings.Join(d.Warnings, " "))
	for _, m := range d.Sitemaps {
		line("sitemap", strings.TrimSpace(m.URL+" "+m.Modified))
	}
	for _, e := range d.Entries {
		line("\nentry", e.URL)
		line("  title", e.Title)
		line("  summary", e.Summary)
		line("  content", e.Content)
		line("  authors", strings.Join(e.Authors, " | "))
		line("  published", e.Published)
		line("  modified", e.Modified)
		line("  language", e.Language)
		line("  credit", e.Credit)
		line("  tags", strings.Join(e.Tags, " | "))
	}
	return b.String()
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       error
	}{
		{"empty", "", dateline.ErrInvalid},
		{"white space", " \r\n\t", dateline.ErrInvalid},
		{"byte order mark alone", "\xef\xbb\xbf", dateline.ErrInvalid},
		{"web page", "<!DOCTYPE html><title>x</title><p>x", dateline.ErrUnsupported},
		{"web page in XML", `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>`, dateline.ErrUnsupported},
		{"text", "nothing to see", dateline.ErrUnsupported},
		{"other XML", "<opml><body/></opml>", dateline.ErrUnsupported},
		{"other JSON", `{"a": 1}`, dateline.ErrUnsupported},
		{"list of JSON", `[1, 2]`, dateline.ErrUnsupported},
		{"no gzip", "\x1f\x8b\x08\x00nothing", dateline.ErrInvalid},
		{"JSON without end", strings.Repeat(`{"items":[`, 600), dateline.ErrTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, err := Parse([]byte(c.body), "application/rss+xml", "https://outlet.example/rss", now)
			if !errors.Is(err, c.want) {
				t.Errorf("got %v and %+v, want %v", err, doc, c.want)
			}
		})
	}
}

// Dates as feeds have been seen to spell them.
func TestDates(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Wed, 24 Jan 2024 09:30:00 +0700", "2024-01-24T09:30:00+07:00"},
		{"Mon, 24 Jan 2024 09:30:00 +0700", "2024-01-24T09:30:00+07:00"}, // it was a Wednesday
		{"Wed, 24 Jan 2024 09:30:00 GMT", "2024-01-24T09:30:00Z"},
		{"Wed, 24 Jan 2024 09:30:00 EST", "2024-01-24T09:30:00-05:00"},
		{"Wed, 24 January 2024 09:30 WIB", "2024-01-24T09:30:00+07:00"},
		{"Wed, 24 Jan 2024 09:30:00 MSK", "2024-01-24T09:30:00+03:00"},
		{"24 Jan 24 09:30 UT", "2024-01-24T09:30:00+00:00"},
		{"24 Jan 2024", "2024-01-24"},
		{"Jan 24, 2024", "2024-01-24"},
		{"2024-01-24T09:30:00Z", "2024-01-24T09:30:00Z"},
		{"2024-01-24T09:30:00+0700", "2024-01-24T09:30:00+07:00"},
		{"2024-01-24T09:30:00.000+07:00", "2024-01-24T09:30:00+07:00"},
		{"2024-01-24T09:30", "2024-01-24T09:30:00"},
		{"2024-01-24 09:30:00", "2024-01-24T09:30:00"},
		{"2024-01-24", "2024-01-24"},
		{"2024-01", "2024-01"},
		{"24/01/2024 09:30", "2024-01-24T09:30:00"},
		{"Mer, 24 Gen 2024 09:30:00 +0100", "2024-01-24T09:30:00+01:00"},
		{"ср, 24 янв 2024 09:30:00 +0300", "2024-01-24T09:30:00+03:00"},
		{"Thu, 01 Jan 1970 00:00:00 +0000", ""},
		{"0001-01-01T00:00:00Z", ""},
		{"tomorrow", ""},
		{"2026-11-30T12:00:00Z", "2026-11-30T12:00:00Z"}, // a day ahead
		{"2026-12-05T12:00:00Z", ""},
	} {
		in := input{doc: &Document{}, now: now}
		if got := in.date(c.in); got != c.want {
			t.Errorf("date(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// Characters in other bytes than declared.
func TestCharsets(t *testing.T) {
	const rss = `<rss><channel><item><title>%s</title><link>/a</link></item></channel></rss>`
	utf16 := func(s string, hi, lo int) string {
		var b strings.Builder
		for _, r := range s {
			two := [2]byte{}
			two[hi], two[lo] = byte(r>>8), byte(r)
			b.Write(two[:])
		}
		return b.String()
	}
	for _, c := range []struct{ name, body, contentType, want, warnings string }{
		{"declared by the header", strings.ReplaceAll(rss, "%s", "\xcf\xf0\xe8\xe2\xe5\xf2 \xe2\xf1\xe5\xec"), "text/xml; charset=windows-1251", "Привет всем", ""},
		{"declared by the document", `<?xml version="1.0" encoding="iso-8859-1"?>` + strings.ReplaceAll(rss, "%s", "caf\xe9"), "", "café", ""},
		{"UTF-8, declared another", `<?xml version="1.0" encoding="iso-8859-1"?>` + strings.ReplaceAll(rss, "%s", "café"), "", "café", ""},
		{"windows-1252, declared UTF-8", `<?xml version="1.0" encoding="utf-8"?>` + strings.ReplaceAll(rss, "%s", "\x93Le caf\xe9\x94 ferm\xe9 cet \xe9t\xe9"), "", "“Le café” fermé cet été", WarnCharset},
		{"windows-1251, not declared", strings.ReplaceAll(rss, "%s", "\xcc\xee\xf1\xf2 \xee\xf2\xea\xf0\xfb\xf2 \xef\xee\xf1\xeb\xe5 \xf0\xe5\xec\xee\xed\xf2\xe0"), "", "Мост открыт после ремонта", WarnCharset},
		{"a stray byte", strings.ReplaceAll(rss, "%s", "Füße und \xff Größe"), "", "Füße und \ufffd Größe", WarnCharset},
		{"byte order mark", "\xef\xbb\xbf" + strings.ReplaceAll(rss, "%s", "café"), "", "café", ""},
		{"UTF-16, little end first", "\xff\xfe" + utf16(strings.ReplaceAll(rss, "%s", "Привет"), 1, 0), "", "Привет", ""},
		{"UTF-16, big end first", "\xfe\xff" + utf16(strings.ReplaceAll(rss, "%s", "Привет"), 0, 1), "", "Привет", ""},
		{"UTF-16 without mark", utf16(`<?xml version="1.0" encoding="utf-16"?>`+strings.ReplaceAll(rss, "%s", "Привет"), 1, 0), "", "Привет", ""},
		{"control characters", strings.ReplaceAll(rss, "%s", "a\x00b\x08c\x1b[31md"), "", "a b c [31md", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, err := Parse([]byte(c.body), c.contentType, "https://outlet.example/", now)
			if err != nil || len(doc.Entries) != 1 {
				t.Fatalf("got %+v, %v", doc, err)
			}
			if diff := cmp.Diff(c.want, doc.Entries[0].Title); diff != "" {
				t.Errorf("title (-want +got):\n%s", diff)
			}
			if got := strings.Join(doc.Warnings, " "); got != c.warnings {
				t.Errorf("warnings %q, want %q", got, c.warnings)
			}
		})
	}
}
