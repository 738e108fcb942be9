package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"dateline"
	"dateline/internal/store"

	"github.com/google/go-cmp/cmp"
)

// TestOutletWithIndex draws an outlet whose sitemap index names others: they are
// counted, and one that fails is shown.
func TestOutletWithIndex(t *testing.T) {
	now := time.Date(2026, 1, 24, 9, 30, 0, 0, time.UTC)
	source := func(n, of int64, kind dateline.SourceKind, url string) store.SourceState {
		return store.SourceState{N: n, Of: of, Source: dateline.Source{URL: url, Kind: kind}, Checked: now, Succeeded: now, Changed: now, Entries: 9}
	}
	o := store.OutletState{Outlet: dateline.Outlet{ID: "vale", Name: "The Vale Post", Home: "https://vale.example/"}, Pages: 30, Articles: 20, LastPage: now, States: []store.SourceState{
		source(1, 0, dateline.SourceFeed, "https://vale.example/feed"),
		source(2, 0, dateline.SourceSitemap, "https://vale.example/sitemap.xml"),
		source(3, 2, dateline.SourceSitemap, "https://vale.example/1.xml"),
		source(4, 2, dateline.SourceSitemap, "https://vale.example/2.xml"),
	}}
	o.States[3].Failures, o.States[3].Error = 2, "the server answered 500"
	c := recordCard{newCard(&bytes.Buffer{}, false)}
	got := c.outlet(o, "", now)
	want := `The Vale Post · vale
  https://vale.example/
  30 pages, 20 articles
  last page just now
  feed    https://vale.example/feed
          9 entries, asked just now, something new just now
  sitemap https://vale.example/sitemap.xml
          9 entries, asked just now, something new just now
          2 sitemaps of it followed, 1 failing
  sitemap https://vale.example/2.xml
          has failed 2 times, asked just now; last good just now: the server answered 500
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if list := own(o); len(list) != 2 || list[1].URL != "https://vale.example/sitemap.xml" {
		t.Errorf("its own sources: %v", list)
	}
	var line bytes.Buffer
	if err := printJSON(&line, outletRecord(o, "")); err != nil || !strings.Contains(line.String(), `"entries":9,"of":"https://vale.example/sitemap.xml"`) {
		t.Errorf("%v, %s", err, &line)
	}
}
