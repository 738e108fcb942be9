package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"dateline"
	"dateline/feed"
	"dateline/internal/store"
)

// TestHostileEverywhere has outlets and users write payloads wherever they may,
// a language's tag and a feed's address included, and looks at all pages and
// feeds that show something of it.
func TestHostileEverywhere(t *testing.T) {
	srv, r := site(t)
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	paths := []string{"/", "/figures", "/figures.csv", "/places", "/outlets", "/outlets?order=trouble", "/outlets.opml", "/collections", "/searches", "/starred", "/settings/health", "/new?since=0"}
	for i, x := range payloads {
		outlet := fmt.Sprintf("hostile%d", i)
		must(r.Store.PutOutlet(ctx, dateline.Outlet{ID: outlet, Name: x, Home: "https://kept.example/" + url.PathEscape(x), Language: x,
			Sources: []dateline.Source{{URL: fmt.Sprintf("https://kept.example/%d?%s", i, x), Kind: dateline.SourceKind(x), Title: x}}}, func(string) string { return "kept.example" }))
		a := hostileArticle(i, x)
		a.Language = x
		at, n := len([]rune("First ")), len([]rune(x))
		var marks []dateline.Mark
		for kind, value := range map[dateline.AnnotationKind]any{
			dateline.KindPerson: map[string]any{"name": x, "role": x}, dateline.KindOrganization: map[string]any{"name": x}, dateline.KindPlace: map[string]any{"name": x, "kind": x, "country": x, "lat": 1.5, "lon": 2.5},
			dateline.KindFigure: map[string]any{"what": "killed", "min": 4, "unit": x, "of": x},
		} {
			marks = append(marks, mark(kind, a.Text, at, at+n, [2]int{0, at + n}, value))
		}
		p := keep(t, r, outlet, a, marks)
		_, err := r.Store.PutReview(ctx, store.Review{Version: p.Version, Kind: dateline.KindFigure, Start: at, End: at + n, Text: x, Verdict: store.Rejected, Reason: x, By: x})
		must(err)
		must(r.Store.PutReading(ctx, store.ReadingState{Page: p.N, Starred: r.Now, Note: x}))
		k, err := r.Store.PutCollection(ctx, store.Collection{Name: x, Note: x, Query: x, By: x, Public: true})
		must(err)
		must(r.Store.PutItem(ctx, k.ID, store.Item{Version: p.Version, Note: x, By: x}))
		// A query that is one, so that the feed has the article.
		s, err := r.Store.PutSearch(ctx, store.SavedSearch{Name: x, Query: "outlet:" + outlet, Mail: x, Webhook: x, Secret: x, Error: x, Failures: i * 3})
		must(err)
		e := url.PathEscape(x)
		paths = append(paths, "/article/"+p.ID, "/outlet/"+outlet, "/outlet/"+outlet+"?only="+url.QueryEscape(x), "/person/"+e, "/organization/"+e, "/place/"+e, "/collections/"+k.ID, "/help/query?"+url.QueryEscape(x),
			"/figures?q="+url.QueryEscape(x), "/figures?what="+url.QueryEscape(x)+"&order="+url.QueryEscape(x), "/places?q="+url.QueryEscape(x)+"&at="+url.QueryEscape(x), "/searches?q="+url.QueryEscape(x)+"&asked="+url.QueryEscape(x),
			"/outlets?find="+url.QueryEscape(x), "/login?to="+url.QueryEscape(x), "/confirm?t="+url.QueryEscape(x), "/outlets/add?address="+url.QueryEscape(x), "/"+e,
			"/feeds/"+s.ID+".atom", "/feeds/"+s.ID+".rss", "/feeds/"+s.ID+".json", "/feed/atom?q="+url.QueryEscape("outlet:"+outlet))
	}
	entries := 0
	for _, path := range paths {
		resp, body := visit(t, srv.URL+path)
		if resp.StatusCode >= 500 && resp.StatusCode != http.StatusNotImplemented { // nothing is followed here
			t.Errorf("%s: %s", path, resp.Status)
		}
		switch kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";"); kind {
		case "text/html":
			unscripted(t, path, body)
		case "application/atom+xml", "application/rss+xml", "application/feed+json":
			doc, err := feed.Parse([]byte(body), kind, srv.URL+path, time.Now())
			if err != nil {
				t.Errorf("%s: %v in %s", path, err, body)
				continue
			}
			for _, e := range doc.Entries {
				entries++
				if !strings.HasPrefix(e.URL, srv.URL) && !strings.Contains(e.URL, "/article/") {
					t.Errorf("%s: an entry leads to %q", path, e.URL)
				}
			}
			if strings.Contains(body, "<script") || strings.Contains(body, "<img") || strings.Contains(body, "<svg") {
				t.Errorf("%s: markup in the feed: %s", path, body)
			}
		case "", "text/plain", "text/csv", "text/x-opml", "application/xml":
			if strings.Contains(body, "<script") && kind != "text/csv" {
				t.Errorf("%s: %s", path, body)
			}
		default:
			t.Errorf("%s: %s", path, kind)
		}
	}
	if entries < 4*len(payloads) {
		t.Errorf("%d entries of feeds", entries)
	}
}
