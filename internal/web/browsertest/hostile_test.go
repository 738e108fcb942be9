package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"dateline"
	"dateline/internal/archive"
	"dateline/internal/store"
	"dateline/internal/work"
)

// payloads are what an outlet may write in any field. Where one is run it sets
// canary, opens a dialog or asks another host.
var payloads = []string{
	`"><script>canary=1;alert(1)</script>`,
	`'"--></style></script></textarea></title><img src=x onerror="canary=1;alert(1)">`,
	`</title><svg onload="canary=1"><animate onbegin=alert(1) attributeName=x>`,
	`<svg><use href="//canary.example/x.svg#x"/><image href="//canary.example/y"/></svg>`,
	`javascript:canary=1,alert(1)//`,
	"java\tscript:alert(1)",
	`data:text/html,<script>alert(1)</script>`,
	`<iframe srcdoc="<script>parent.canary=1</script>"></iframe><object data="//canary.example/">`,
	`" autofocus onfocus="canary=1" onpointerover="canary=1" style="background:url(//canary.example/s)" x="`,
	`<link rel=stylesheet href=//canary.example/c.css><base href=//canary.example/><meta http-equiv=refresh content="0;url=//canary.example/m">`,
	`<div hx-get="//canary.example/h" hx-trigger="load" data-hx-get="//canary.example/d" data-hx-trigger="load" hx-on::load="canary=1">x</div>`,
	`<form action=//canary.example/><input name=x><button autofocus>Continue`,
	`{{.Settings}}${canary=1}<%= 1 %>`,
	`</script><script>canary=1</script>`,
}

const hostileAddress = "https://hostile.example/"

// hostileArticle is an article with a payload in every field, and marks whose
// values are payloads.
func hostileArticle(n int, x string) (*dateline.Article, []dateline.Mark) {
	text := "Before " + x + " after.\n\n" + x
	at := len([]rune("Before "))
	end := at + len([]rune(x))
	a := &dateline.Article{
		URL: fmt.Sprintf("%s%d?%s", hostileAddress, n, url.QueryEscape(x)), Canonical: x, Site: dateline.Site{Name: x, Domain: x}, Kind: dateline.KindArticle,
		Language: "en", Title: x + " title", Kicker: x, Subtitle: x, Authors: []string{x, x}, Published: x, Modified: x,
		Dates: []dateline.DateEvidence{{Value: x, From: x, Chosen: true}, {Value: x, From: x, Refused: x}}, Access: dateline.Access(x), Corrections: []string{x},
		Dateline: &dateline.Dateline{Text: x, Place: x, Agency: x, Date: x}, Section: x, Tags: []string{x}, Image: &dateline.Image{URL: x, Caption: x, Credit: x},
		Blocks: []dateline.Block{
			{Kind: dateline.Paragraph, Text: text[:strings.Index(text, "\n\n")], Links: []dateline.BlockLink{{Start: 0, End: 6, Href: x}}},
			{Kind: dateline.BlockKind(x), Text: x, Start: strings.Index(text, "\n\n") + 2}, {Kind: dateline.Caption, Text: x, Start: -1},
		},
		Text: text, Related: []dateline.Link{{Title: x, URL: x}}, Comments: []dateline.Comment{{Author: x, Published: x, Text: x}}, Warnings: []string{x},
	}
	words := map[string]any{"start": at, "end": end, "text": x}
	var marks []dateline.Mark
	for _, m := range []struct {
		kind  dateline.AnnotationKind
		value map[string]any
	}{
		{dateline.KindPerson, map[string]any{"name": x, "role": x, "organization": x}},
		{dateline.KindOrganization, map[string]any{"name": x, "acronym": x}},
		{dateline.KindPlace, map[string]any{"name": x, "kind": "city", "country": x}},
		{dateline.KindDate, map[string]any{"type": x, "value": x, "relative_to": x, "mod": x}},
		{dateline.KindFigure, map[string]any{"what": "killed", "min": 4, "max": 9, "modifier": x, "unit": x, "of": x, "speaker": 0, "place": 2}},
		{dateline.KindQuote, map[string]any{"type": x, "content": [2]int{at, end}, "speaker": words, "verb": words}},
	} {
		v, err := json.Marshal(m.value)
		if err != nil {
			panic(err)
		}
		marks = append(marks, dateline.Mark{Kind: m.kind, Start: at, End: end, Text: x, Sentence: [2]int{0, end}, By: x, Value: v})
	}
	return a, marks
}

// publish archives a page as a server sent it, and keeps an article read from
// it. It returns the number of the capture.
func (s *site) publish(t *testing.T, outlet string, a *dateline.Article, marks []dateline.Mark, payload string) (store.Page, int64) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	key, err := dateline.PageKey(a.URL)
	must(err)
	page, err := s.Store.AddPage(ctx, store.Found{Entry: dateline.Entry{URL: a.URL, Title: a.Title}, Key: key, Lane: "hostile.example", Priority: work.News}, outlet)
	must(err)
	w, err := archive.Open(filepath.Join(s.Dir, "archive"), archive.Options{Software: "Dateline/test"})
	must(err)
	defer w.Close()
	response := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nRefresh: 0;url=//canary.example/\r\nLink: <//canary.example/l.css>; rel=stylesheet\r\nContent-Length: %d\r\n\r\n%s", len(payload), payload)
	captures, err := w.Write(ctx, archive.Exchange{URL: a.URL, Fetched: s.Now, Response: []byte(response)})
	must(err)
	must(s.Store.SaveFetch(ctx, work.Item{}, store.Fetched{Page: page.N, At: s.Now, Captures: []store.Kept{{Capture: captures[0]}}, Read: true, Status: 200, Outcome: "ok", Host: &store.Host{Name: "hostile.example"}}))
	kept, err := s.Store.Captures(ctx, page.N)
	must(err)
	number := kept[len(kept)-1].N
	saved, err := s.Store.SaveReading(ctx, s.unit(t, work.Read, number), store.Reading{Page: page.N, Capture: number, Article: a, Digest: store.TextDigest(a), Reader: "read/1", Outcome: "article",
		Terms: store.Terms{Title: []string{"hostile"}, Text: []string{"hostile"}}})
	must(err)
	must(s.Store.SaveMarks(ctx, s.unit(t, work.Annotate, saved.Version), saved.Version, "standard/1", marks))
	page, err = s.Store.Page(ctx, page.N)
	must(err)
	return page, number
}

// unit takes the unit of a stage with that key.
func (s *site) unit(t *testing.T, stage work.Stage, key int64) work.Item {
	t.Helper()
	items, err := s.Store.Take(t.Context(), []work.Stage{stage}, 1000, s.Now.Add(time.Hour), s.Now.Add(2*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range items {
		if it.Key == key {
			return it
		}
	}
	t.Fatalf("no unit of %s for %d", stage, key)
	return work.Item{}
}

// TestHostile shows what wants to be run, and moves over it, and sees that
// nothing is.
func TestHostile(t *testing.T) {
	s := newSite(t)
	paths := []string{"/", "/figures", "/places", "/outlets", "/collections", "/searches", "/starred", "/settings/health"}
	var clicked []string
	for i, x := range payloads {
		id := fmt.Sprintf("hostile%d", i)
		o := dateline.Outlet{ID: id, Name: x, Home: hostileAddress + "#" + url.PathEscape(x), Language: "en", Sources: []dateline.Source{{URL: fmt.Sprintf("%sfeed%d", hostileAddress, i), Kind: dateline.SourceFeed, Title: x}}}
		if err := s.Store.PutOutlet(t.Context(), o, func(string) string { return "hostile.example" }); err != nil {
			t.Fatal(err)
		}
		a, marks := hostileArticle(i, x)
		p, capture := s.publish(t, id, a, marks, "<!doctype html><title>"+x+"</title>"+x+"<script>top.canary=1;canary=1;alert(1);top.location='//canary.example/'</script><a href='"+x+"'>"+x+"</a>")
		if i < 2 {
			a.Text, a.Blocks = a.Text+" "+x, nil
			s.publish(t, id, a, marks, x)
			paths = append(paths, "/article/"+p.ID+"/versions")
		}
		at := len([]rune("Before "))
		if _, err := s.Store.PutReview(t.Context(), store.Review{Version: p.Version, Kind: dateline.KindFigure, Start: at, End: at + len([]rune(x)), Text: x, Verdict: store.Rejected, Reason: x, By: x}); err != nil {
			t.Fatal(err)
		}
		if err := s.Store.PutReading(t.Context(), store.ReadingState{Page: p.N, Starred: s.Now, Note: x}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Store.PutCollection(t.Context(), store.Collection{Name: x, Note: x, Query: "hostile", By: x}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Store.PutSearch(t.Context(), store.SavedSearch{Name: x, Query: x, Error: x}); err != nil {
			t.Fatal(err)
		}
		q := url.QueryEscape(x)
		clicked = append(clicked, "/article/"+p.ID)
		paths = append(paths, fmt.Sprintf("/kept/%d", capture), "/?q="+q, "/figures?q="+q, "/outlet/"+id, "/person/"+url.PathEscape(x), "/nowhere/"+url.PathEscape(x))
	}
	b := newBrowser(t, s)
	w := b.newTab(t)
	w.as(t, look{1440, "light", "en"})
	calm := func(path string) {
		t.Helper()
		for _, c := range w.complained() {
			if !strings.Contains(c, "responded with a status of 4") {
				t.Errorf("%s: %s", path, c)
			}
		}
		if eval[bool](t, w, `"canary" in window`) {
			t.Errorf("%s: a script of the outlet is run", path)
		}
		if here := eval[string](t, w, `location.origin`); here != s.pages.URL {
			t.Errorf("%s: the browser is at %s", path, here)
		}
	}
	for _, path := range paths {
		w.open(t, path)
		calm(path)
	}
	for _, path := range clicked {
		w.open(t, path)
		if !eval[bool](t, w, `!!document.querySelector(".text .m")`) {
			t.Errorf("%s has no marks", path)
			continue
		}
		w.point(t, ".text .m")
		w.until(t, path+": a mark shows its value", `document.querySelector(".mark-card")`)
		calm(path + " with a mark shown")
		// Links of the outlet lead nowhere but to pages of the web.
		for _, href := range eval[[]string](t, w, `[...document.querySelectorAll("a[href]")].map((a) => a.protocol + " " + a.getAttribute("href"))`) {
			if !strings.HasPrefix(href, "http: ") && !strings.HasPrefix(href, "https: ") {
				t.Errorf("%s: a link to %q", path, href)
			}
		}
	}
	ctx, cancel := context.WithTimeout(b.ctx, 10*time.Second)
	defer cancel()
	all, err := chromedp.Targets(ctx)
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(i *target.Info) bool { return i.Type != "page" })
	if len(all) > 2 { // the first, which is empty, and the tab
		t.Errorf("%d pages are open", len(all))
	}
	if n := s.shown.Load(); n < int64(len(payloads)) {
		t.Errorf("%d kept pages were shown, want %d", n, len(payloads))
	}
	b.askedNobody(t)
	t.Logf("%d pages", len(paths)+len(clicked))
}
