package web

import (
	"io"
	"net/http"
	"regexp"
	"testing"

	"dateline/internal/store"
)

// missing finds what no page should have: addresses that were refused, fields
// that are not there, texts that are missing.
var missing = regexp.MustCompile(`ZgotmplZ|<no value>|\b(article|event|warning|refused|versions|today|what)\.[a-z]`)

// get fetches a page.
func get(t testing.TB, address string) (int, string) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// TestArticles looks at every article of the record in every version.
func TestArticles(t *testing.T) {
	srv, r := site(t)
	n := 0
	for h, err := range r.Store.List(t.Context(), store.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		for _, path := range []string{"", "/versions"} {
			status, body := get(t, srv.URL+"/article/"+h.Page.ID+path)
			if status != 200 {
				t.Errorf("%s%s: status %d", h.Page.ID, path, status)
			}
			if len(body) > 60_000 {
				t.Errorf("%s%s: %d bytes", h.Page.ID, path, len(body))
			}
			if m := missing.FindStringIndex(body); m != nil {
				t.Errorf("%s%s: %q", h.Page.ID, path, body[max(0, m[0]-80):min(len(body), m[1]+40)])
			}
		}
	}
	if n < 50 {
		t.Errorf("%d articles", n)
	}
}
