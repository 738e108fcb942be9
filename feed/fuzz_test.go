package feed

import (
	"bytes"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"dateline"
	"dateline/lang"
)

// seeds adds a section of all cases of a folder.
func seeds(f *testing.F, dir, section string) {
	paths, err := filepath.Glob(filepath.Join("testdata", dir, "*.txtar"))
	if err != nil || len(paths) == 0 {
		f.Fatalf("no seeds in %s: %v", dir, err)
	}
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range txtar.Parse(data).Files {
			if file.Name == section {
				f.Add(file.Data)
			}
		}
	}
}

// check holds a document to what its contract says of any bytes.
func check(t *testing.T, d *Document) {
	t.Helper()
	if len(d.Entries) > MaxSitemapEntries || len(d.Sitemaps) > MaxSitemapEntries {
		t.Errorf("%d entries, %d sitemaps", len(d.Entries), len(d.Sitemaps))
	}
	checkText(t, "title", d.Title)
	for _, a := range []string{d.Home, d.Next} {
		if a != "" {
			checkAddress(t, a)
		}
	}
	seen := map[string]bool{}
	for _, e := range d.Entries {
		checkAddress(t, e.URL)
		if seen[e.URL] {
			t.Errorf("%q comes twice", e.URL)
		}
		seen[e.URL] = true
		for _, s := range append(append([]string{e.Title, e.Summary, e.Credit, e.Language}, e.Authors...), e.Tags...) {
			checkText(t, "text", s)
		}
		if !utf8.ValidString(e.Content) {
			t.Errorf("content %q is not UTF-8", e.Content)
		}
		for _, s := range []string{e.Published, e.Modified} {
			if s == "" {
				continue
			}
			if d, ok := lang.ParseDate(s); !ok || d.Time(nil).After(now.AddDate(0, 0, 3)) {
				t.Errorf("date %q", s)
			}
		}
	}
	for _, m := range d.Sitemaps {
		checkAddress(t, m.URL)
	}
}

func checkAddress(t *testing.T, a string) {
	t.Helper()
	u, err := url.Parse(a)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Fragment != "" || u.User != nil || !utf8.ValidString(a) {
		t.Errorf("address %q: %v", a, err)
	}
}

func checkText(t *testing.T, what, s string) {
	t.Helper()
	if !utf8.ValidString(s) || strings.TrimSpace(s) != s || strings.ContainsFunc(s, unicode.IsControl) {
		t.Errorf("%s %q", what, s)
	}
}

func FuzzParse(f *testing.F) {
	seeds(f, "parse", "document")
	f.Add([]byte(gzipped("<rss><item><link>https://outlet.example/</link></item></rss>")))
	f.Fuzz(func(t *testing.T, body []byte) {
		doc, err := Parse(body, "", "https://outlet.example/feed", now)
		if err != nil {
			return
		}
		if doc.Kind == "" {
			t.Error("no kind")
		}
		check(t, doc)
	})
}

func FuzzIndex(f *testing.F) {
	seeds(f, "index", "page")
	seeds(f, "find", "page")
	f.Fuzz(func(t *testing.T, body []byte) {
		doc := Index(body, "", "https://outlet.example/")
		check(t, doc)
		for _, e := range doc.Entries {
			if u, _ := url.Parse(e.URL); siteOf(u) != "outlet.example" && !bytes.Contains(body, []byte("<base")) {
				t.Errorf("%q is of another site", e.URL)
			}
		}
		for _, s := range Find(body, "", "https://outlet.example/").Sources {
			checkAddress(t, s.URL)
			checkText(t, "title", s.Title)
		}
	})
}

// What was read once comes back when it is written.
func FuzzOPML(f *testing.F) {
	f.Add([]byte(`<opml><outline text="a" xmlUrl="https://outlet.example/feed" htmlUrl="https://outlet.example/"/><outline type="link" url="http://b.example/x"/></opml>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		first, err := ReadOPML(bytes.NewReader(body))
		if err != nil {
			return
		}
		for _, o := range first {
			checkText(t, "name", o.Name)
			checkAddress(t, o.Home)
			for _, s := range o.Sources {
				checkAddress(t, s.URL)
			}
		}
		var b bytes.Buffer
		if err := WriteOPML(&b, first); err != nil {
			t.Fatal(err)
		}
		again, err := ReadOPML(&b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(homes(first), homes(again)); diff != "" {
			t.Errorf("(-first +again):\n%s", diff)
		}
	})
}

func homes(all []dateline.Outlet) []string {
	var out []string
	for _, o := range all {
		line := o.ID + " " + o.Home
		for _, s := range o.Sources {
			line += " " + s.URL
		}
		out = append(out, line)
	}
	return out
}
