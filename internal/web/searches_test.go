package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestSearches(t *testing.T) {
	srv, r := site(t)
	if resp, body := visit(t, srv.URL+"/searches?q=figure:killed%3E1"); resp.StatusCode != 200 || !strings.Contains(body, "No search is saved yet") || !strings.Contains(body, `value="figure:killed&gt;1"`) {
		t.Errorf("the empty page is %d: %s", resp.StatusCode, body)
	}
	for _, kv := range [][]string{
		{"query", "after:soon"},
		{"query", "x", "mail", "nobody"},
		{"query", "x", "webhook", "ftp://outlet.example/"},
		{"query", "x", "name", strings.Repeat("x", 201)},
	} {
		if resp, body := send(t, srv.URL+"/searches", kv...); resp.StatusCode != 400 {
			t.Errorf("%q: %d %s", kv, resp.StatusCode, body)
		}
	}
	if resp, body := send(t, srv.URL+"/searches", "query", "has:figure", "name", "<b>x"); resp.StatusCode != 303 {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	list, err := r.Store.ListSearches(t.Context(), 0)
	if err != nil || len(list) != 1 || list[0].Seen == 0 || list[0].Seen != list[0].Sent {
		t.Fatalf("%v %+v", err, list)
	}
	s := list[0]
	if _, body := visit(t, srv.URL+"/searches"); !strings.Contains(body, "&lt;b&gt;x") || strings.Contains(body, "class=\"chip new\"") {
		t.Errorf("nothing is new in\n%s", body)
	}
	for _, form := range []string{"atom", "rss", "json"} {
		resp, body := visit(t, srv.URL+"/feeds/"+s.ID+"."+form)
		if resp.StatusCode != 200 || !strings.Contains(body, "/article/") {
			t.Errorf("%s: %d %s", form, resp.StatusCode, body)
		}
		if form == "json" && !json.Valid([]byte(body)) {
			t.Errorf("not JSON: %s", body)
		}
		req, err := http.NewRequest("GET", srv.URL+"/feeds/"+s.ID+"."+form, nil)
		req.Header.Set("If-None-Match", resp.Header.Get("ETag"))
		if resp, _ := ask(t, req, err); resp.StatusCode != http.StatusNotModified {
			t.Errorf("%s: %d for the same feed", form, resp.StatusCode)
		}
	}
	for _, name := range []string{"wrong.atom", s.ID, s.ID + ".exe"} {
		if resp, _ := visit(t, srv.URL+"/feeds/"+name); resp.StatusCode != 404 {
			t.Errorf("%s: %d", name, resp.StatusCode)
		}
	}
	if resp, _ := send(t, srv.URL+"/searches/"+s.ID+"/remove"); resp.StatusCode != 303 {
		t.Errorf("remove: %d", resp.StatusCode)
	}
	if resp, _ := visit(t, srv.URL+"/feeds/"+s.ID+".atom"); resp.StatusCode != 404 {
		t.Errorf("the feed of what was removed: %d", resp.StatusCode)
	}
}
