package web

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"dateline/internal/access"
	"dateline/internal/web/webtest"
)

// site serves a record of an hour to whoever asks.
func site(t testing.TB) (*httptest.Server, *webtest.Record) {
	t.Helper()
	r := webtest.New(t)
	now := func() time.Time { return r.Now }
	s, err := New(Options{
		Store: r.Store, Archive: r.Archive, Analyzer: r.Analyzer, Packs: r.Packs, Now: now, Log: slog.New(slog.DiscardHandler), Version: "test",
		Guard: &access.Guard{Users: r.Store, Open: true, Now: now},
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(srv.Close)
	return srv, r
}

// get asks for a page and gives its status and text.
func get(t testing.TB, address string) (int, string) {
	t.Helper()
	resp, body := visit(t, address)
	return resp.StatusCode, body
}

// visit asks for a page and follows no redirect.
func visit(t testing.TB, address string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest("GET", address, nil)
	return ask(t, req, err)
}

// send posts a form.
func send(t testing.TB, address string, kv ...string) (*http.Response, string) {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(kv); i += 2 {
		form.Add(kv[i], kv[i+1])
	}
	req, err := http.NewRequest("POST", address, strings.NewReader(form.Encode()))
	if err == nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return ask(t, req, err)
}

// ask makes a request, follows no redirect, and gives the answer with its body.
func ask(t testing.TB, req *http.Request, err error) (*http.Response, string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return resp, read(t, resp)
}

// read reads an answer's body to its end.
func read(t testing.TB, resp *http.Response) string {
	t.Helper()
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
