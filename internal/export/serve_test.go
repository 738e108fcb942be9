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

// TestGate lets four in, and two of one name; strangers have none and are one.
func TestGate(t *testing.T) {
	var g Gate
	leave := map[string][]func(){}
	for _, tt := range []struct {
		do, name, refused string // refused is what is said
	}{
		{"enter", "ana", ""}, {"enter", "ana", ""}, {"enter", "ana", "2 exports of yours are under way"},
		{"enter", "", ""}, {"enter", "", ""}, {"enter", "", "4 exports are under way"}, {"enter", "budi", "4 exports are under way"},
		{"leave", "", ""}, {"enter", "ana", "2 exports of yours are under way"}, {"enter", "budi", ""}, {"enter", "", "4 exports are under way"},
		{"leave", "ana", ""}, {"leave", "budi", ""}, {"enter", "", ""}, {"enter", "", "3 exports are under way"}, {"enter", "budi", ""},
	} {
		if tt.do == "leave" {
			leave[tt.name][0]()
			leave[tt.name] = leave[tt.name][1:]
			continue
		}
		h := http.Header{}
		l, err := g.Enter(h, tt.name)
		switch {
		case tt.refused == "" && err != nil:
			t.Fatalf("%q is kept out: %v", tt.name, err)
		case tt.refused == "":
			leave[tt.name] = append(leave[tt.name], l)
		case !errors.Is(err, dateline.ErrLater) || h.Get("Retry-After") == "" || !strings.HasPrefix(err.Error(), tt.refused+":"):
			t.Errorf("%q: %v, want %q; %v", tt.name, err, tt.refused, h)
		}
	}
	for _, all := range leave {
		for _, l := range all {
			l()
		}
	}
	if g.inside != 0 || len(g.of) != 0 {
		t.Errorf("when all have left there are %d inside, %v", g.inside, g.of)
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
