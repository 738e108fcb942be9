package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"dateline"
	"dateline/internal/store"
)

// payloads are what a page of an outlet may have in any of its fields.
var payloads = []string{
	`"><script>alert(1)</script>`,
	`'><img src=x onerror=alert(1)>`,
	`</textarea><script>alert(1)</script>`,
	`</title><svg onload=alert(1)>`,
	`javascript:alert(1)`,
	`jAvAsCrIpT:alert(1)`,
	`data:text/html,<script>alert(1)</script>`,
	`--><iframe src=javascript:alert(1)></iframe>`,
	`{{.Settings}}<style>*{display:none}</style>`,
	`" onmouseover="alert(1)" style="x:y`,
	"\u202e<a href='javascript:alert(1)'>x</a>\u2066",
	`<form action=https://evil.example><button>`,
	`<base href=https://evil.example/><meta http-equiv=refresh content=0>`,
}

// hostileArticle is an article with a payload in every field.
func hostileArticle(n int, x string) *dateline.Article {
	text := "First " + x + " sentence. Second one " + x + ".\n\n" + x
	return &dateline.Article{
		URL: fmt.Sprintf("https://kept.example/%d?%s", n, url.QueryEscape(x)), Canonical: x, Site: dateline.Site{Name: x, Domain: x}, Kind: dateline.KindArticle,
		Language: "en", Title: "Title " + x, Kicker: x, Subtitle: x, Authors: []string{x, x}, Published: x, Modified: x,
		Dates:  []dateline.DateEvidence{{Value: x, From: x, Chosen: true}, {Value: x, From: x, Refused: x}},
		Access: dateline.Access(x), Corrections: []string{x}, Dateline: &dateline.Dateline{Text: x, Place: x, Agency: x, Date: x},
		Section: x, Tags: []string{x}, Image: &dateline.Image{URL: x, Caption: x, Credit: x},
		Blocks: []dateline.Block{
			{Kind: dateline.Paragraph, Text: text[:strings.Index(text, "\n\n")], Links: []dateline.BlockLink{{Start: 0, End: 5, Href: x}}},
			{Kind: dateline.BlockKind(x), Text: x, Start: strings.Index(text, "\n\n") + 2},
			{Kind: dateline.Caption, Text: x, Start: -1},
		},
		Text: text, Related: []dateline.Link{{Title: x, URL: x}}, Comments: []dateline.Comment{{Author: x, Published: x, Text: x}}, Warnings: []string{x, "more-pages: " + x},
	}
}

// unscripted reports what a page has that it did not write itself.
func unscripted(t *testing.T, address, body string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	eachElement(doc, func(n *html.Node) {
		switch n.Data {
		case "script":
			if src := attributeOf(n, "src"); !strings.HasPrefix(src, "/static/") || n.FirstChild != nil {
				t.Errorf("%s: script %q", address, src)
			}
		case "link":
			if !slices.Contains([]string{"stylesheet", "icon", "alternate"}, attributeOf(n, "rel")) {
				t.Errorf("%s: link %v", address, n.Attr)
			}
		case "style", "iframe", "object", "embed", "img", "base", "foreignobject":
			t.Errorf("%s: an element %s", address, n.Data)
		case "meta":
			if attributeOf(n, "http-equiv") != "" {
				t.Errorf("%s: meta %v", address, n.Attr)
			}
		case "form":
			if to := attributeOf(n, "action"); to != "" && !strings.HasPrefix(to, "/") {
				t.Errorf("%s: a form to %q", address, to)
			}
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" {
				t.Errorf("%s: <%s %s=%q>", address, n.Data, a.Key, a.Val)
			}
			if a.Key == "href" || a.Key == "action" || a.Key == "formaction" || a.Key == "src" || strings.HasPrefix(a.Key, "data-hx-get") {
				u, err := url.Parse(a.Val)
				if err != nil || !slices.Contains([]string{"", "http", "https"}, u.Scheme) {
					t.Errorf("%s: <%s %s=%q>", address, n.Data, a.Key, a.Val)
				}
			}
		}
	})
}

// TestHostileArticles shows articles whose every field wants to be a script.
func TestHostileArticles(t *testing.T) {
	srv, r := site(t)
	var pages []string
	for i, x := range payloads {
		outlet := fmt.Sprintf("hostile%d", i)
		if err := r.Store.PutOutlet(t.Context(), dateline.Outlet{ID: outlet, Name: x, Home: "https://kept.example/"}, func(string) string { return "kept.example" }); err != nil {
			t.Fatal(err)
		}
		a := hostileArticle(i, x)
		at := len([]rune("First "))
		n := len([]rune(x))
		sentence := [2]int{0, at + n}
		names := map[string]any{"name": x, "kind": "city", "country": x, "role": x, "organization": x, "acronym": x}
		var marks []dateline.Mark
		for _, k := range []dateline.AnnotationKind{dateline.KindDate, dateline.KindFigure, dateline.KindOrganization, dateline.KindPerson, dateline.KindPlace, dateline.KindQuote} {
			var v any = names
			switch k {
			case dateline.KindDate:
				v = map[string]any{"type": x, "value": x, "relative_to": x, "mod": x}
			case dateline.KindFigure:
				v = map[string]any{"what": x, "min": 4, "modifier": x, "unit": x, "of": x, "speaker": 3, "place": 4}
			case dateline.KindQuote:
				v = map[string]any{"type": x, "content": [2]int{at, at + n}, "speaker": map[string]any{"start": at, "end": at + n, "text": x}, "verb": map[string]any{"start": at, "end": at + n, "text": x}}
			}
			m := mark(k, a.Text, at, at+n, sentence, v)
			m.By = x
			marks = append(marks, m)
		}
		p := keep(t, r, outlet, a, marks)
		if i < 3 { // and another version
			a.Text, a.Title = a.Text+" "+x, a.Title+" "+x
			a.Blocks = nil
			keep(t, r, outlet, a, nil)
		}
		pages = append(pages, "/article/"+p.ID, "/article/"+p.ID+"?version=1&s=0-15", "/article/"+p.ID+"/versions", "/?q="+url.QueryEscape(x), "/?q="+url.QueryEscape("title:"+strings.Trim(x, `"`)),
			"/?cursor="+url.QueryEscape(x), "/new?since=0&q="+url.QueryEscape(x), "/article/"+url.PathEscape(x), "/?order="+url.QueryEscape(x))
		_, err := r.Store.PutReview(t.Context(), store.Review{Version: p.Version, Kind: dateline.KindFigure, Start: at, End: at + n, Text: x, Verdict: store.Rejected, Reason: x, By: x})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Store.PutReading(t.Context(), store.ReadingState{Page: p.N, Note: x}); err != nil {
			t.Fatal(err)
		}
	}
	pages = append(pages, "/")
	perPayload := (len(pages) - 1) / len(payloads)
	for i, path := range pages {
		status, body := get(t, srv.URL+path)
		if status >= 500 {
			t.Errorf("%s: status %d", path, status)
		}
		unscripted(t, path, body)
		if i := i / perPayload; i < len(payloads) && strings.HasPrefix(path, "/article/") && status == 200 && !strings.Contains(html.UnescapeString(body), payloads[i]) {
			t.Errorf("%s: %q is not shown", path, payloads[i])
		}
	}
}

// TestArticleLinks follows every link of some pages to this server.
func TestArticleLinks(t *testing.T) {
	srv, r := site(t)
	seen := map[string]bool{}
	follow := []string{"/"}
	n := 0
	for h, err := range r.Store.List(t.Context(), store.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; h.Number > 1 && len(follow) < 4 {
			follow = append(follow, "/article/"+h.Page.ID, "/article/"+h.Page.ID+"/versions")
		}
	}
	for _, page := range follow {
		base, _ := url.Parse(srv.URL + page)
		_, body := get(t, base.String())
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		eachElement(doc, func(n *html.Node) { ids[attributeOf(n, "id")] = true })
		eachElement(doc, func(n *html.Node) {
			href := attributeOf(n, "href")
			u, err := base.Parse(href)
			if n.Data != "a" || err != nil || u.Host != base.Host {
				return
			}
			if strings.HasPrefix(href, "#") && !ids[href[1:]] {
				t.Errorf("%s: nothing is at %s", page, href)
			}
			u.Fragment = ""
			if seen[u.String()] || len(seen) > 150 || strings.HasPrefix(u.Path, "/api/") {
				return
			}
			seen[u.String()] = true
			resp, err := http.Get(u.String())
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != 200 {
				t.Errorf("%s: %s: status %d", page, href, resp.StatusCode)
			}
		})
	}
}
