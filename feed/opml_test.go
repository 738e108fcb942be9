package feed

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline"
)

func outlet(name, home, language string, sources ...dateline.Source) dateline.Outlet {
	key, _ := dateline.PageKey(home)
	return dateline.Outlet{ID: dateline.OutletID(key), Name: name, Home: home, Language: language, Sources: sources}
}

func TestReadOPML(t *testing.T) {
	const list = `<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<opml version="1.0"><head><title>News</title></head><body>
<outline text="Coast">
  <outline text="Harbour &amp; Echo" type="rss" xmlUrl="https://outlet.example/feed/" htmlUrl="https://outlet.example/" language="en_us"/>
  <outline text="Sport" type="rss" xmlURL="https://outlet.example/sport/feed/" htmlUrl="https://outlet.example"/>
  <outline text="Again" xmlUrl="https://outlet.example/feed/" htmlUrl="https://www.outlet.example/"/>
  <outline text="Deeper"><outline title='Caf` + "\xe9" + ` &x;' xmlUrl='http://feeds.other.example/all?a=1&b=2'></outline></outline>
</outline>
<outline text="No address" type="rss"/>
<outline text="Script" xmlUrl="javascript:alert(1)" htmlUrl="file:///etc/passwd"/>
<outline text="A link" type="link" url="https://third.example/news"/>
</body></opml>`
	want := []dateline.Outlet{
		outlet("Harbour & Echo", "https://outlet.example/", "en-US",
			dateline.Source{URL: "https://outlet.example/feed/", Kind: dateline.SourceFeed},
			dateline.Source{URL: "https://outlet.example/sport/feed/", Kind: dateline.SourceFeed, Title: "Sport"}),
		outlet("Café &x;", "http://feeds.other.example/", "", dateline.Source{URL: "http://feeds.other.example/all?a=1&b=2", Kind: dateline.SourceFeed}),
		outlet("A link", "https://third.example/", "", dateline.Source{URL: "https://third.example/news", Kind: dateline.SourceIndex}),
	}
	got, err := ReadOPML(strings.NewReader(list))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOPMLRoundTrip(t *testing.T) {
	want := []dateline.Outlet{
		outlet(`Kabar "Satu" & <Dua>`, "https://satu.example/", "id",
			dateline.Source{URL: "https://satu.example/feed?a=1&b=2", Kind: dateline.SourceFeed},
			dateline.Source{URL: "https://satu.example/en/feed", Kind: dateline.SourceFeed, Title: "In English", Language: "en"},
			dateline.Source{URL: "https://satu.example/sitemap.xml", Kind: dateline.SourceSitemap},
			dateline.Source{URL: "https://satu.example/berita", Kind: dateline.SourceIndex, Title: "Berita"}),
		outlet("خبر", "http://tiga.example/", ""),
	}
	var b bytes.Buffer
	if err := WriteOPML(&b, want); err != nil {
		t.Fatal(err)
	}
	got, err := ReadOPML(&b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOPMLLimits(t *testing.T) {
	var b strings.Builder
	b.WriteString("<opml><body>")
	for i := range 100_000 {
		fmt.Fprintf(&b, `<outline text="Outlet %d" xmlUrl="https://o%d.example/feed"/>`, i, i)
	}
	got, err := ReadOPML(strings.NewReader(b.String() + "</body></opml>"))
	if err != nil || len(got) != 100_000 {
		t.Errorf("got %d outlets, %v", len(got), err)
	}
	for _, c := range []struct {
		name, list string
		want       error
	}{
		{"empty", "", dateline.ErrInvalid},
		{"web page", "<html><body>x</body></html>", dateline.ErrInvalid},
		{"too many", "<opml>" + strings.Repeat("<outline/>", maxOutlines+1), dateline.ErrTooLarge},
		{"too deep", "<opml>" + strings.Repeat("<outline>", maxDepth+1), dateline.ErrTooLarge},
		{"too long", "<opml>" + strings.Repeat(" ", maxOPML), dateline.ErrTooLarge},
	} {
		if _, err := ReadOPML(strings.NewReader(c.list)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}
