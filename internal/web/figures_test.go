package web

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// look asks for a page and gives its status and text.
func look(t testing.TB, address string) (int, string) {
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

func TestFiguresPage(t *testing.T) {
	srv, _ := site(t)
	for _, c := range []struct {
		query  string
		status int
		want   string
	}{
		{"", 200, "<mark>"},
		{"?what=killed&order=greatest", 200, "killed"},
		{"?q=figure:killed%3E=3", 200, "<mark>"},
		{"?q=figure:killed%3E=3000000", 200, "No figure fits"},
		{"?order=sideways", 400, "sideways"},
		{"?cursor=t1", 400, "cursor"},
	} {
		status, body := look(t, srv.URL+"/figures"+c.query)
		if status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%q: status %d, want %d with %q", c.query, status, c.status, c.want)
		}
		if len(body) > 60<<10 {
			t.Errorf("%q: %d bytes", c.query, len(body))
		}
		t.Log(c.query, len(body))
	}
}
