package export

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dateline"
)

func TestGate(t *testing.T) {
	var g Gate
	var leave []func()
	for range 4 {
		l, err := g.Enter(http.Header{}, false)
		if err != nil {
			t.Fatal(err)
		}
		leave = append(leave, l)
	}
	h := http.Header{}
	if _, err := g.Enter(h, false); !errors.Is(err, dateline.ErrLater) || h.Get("Retry-After") == "" {
		t.Errorf("a fifth: %v %v", err, h)
	}
	leave[0]()
	if _, err := g.Enter(http.Header{}, false); err != nil {
		t.Errorf("after one has left: %v", err)
	}
	for _, l := range leave[1:] {
		l()
	}
	for range 2 { // beside the one that has come since
		if _, err := g.Enter(http.Header{}, true); err != nil {
			t.Errorf("a stranger: %v", err)
		}
	}
	if _, err := g.Enter(http.Header{}, true); !errors.Is(err, dateline.ErrLater) {
		t.Errorf("a third stranger: %v", err)
	}
	if _, err := g.Enter(http.Header{}, false); err != nil {
		t.Errorf("a reader beside strangers: %v", err)
	}
}

func TestSend(t *testing.T) {
	text := strings.Repeat("0123456789", 20_000) // more than a piece
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b := Send(w, "csv", r.URL.Query().Get("table"))
		io.WriteString(b, "x,")
		b.Write([]byte(text))
		b.Flush()
	}))
	defer srv.Close()
	for table, name := range map[string]string{"": "articles.csv", "quotes": "quotes.csv"} {
		resp, err := http.Get(srv.URL + "?table=" + table)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || string(got) != "x,"+text {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		if d := resp.Header.Get("Content-Disposition"); d != "attachment; filename="+name {
			t.Error(d)
		}
		if m := resp.Header.Get("Content-Type"); m != MediaTypes["csv"] {
			t.Error(m)
		}
	}
}
