package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"dateline"
	"dateline/internal/store"
)

func TestOutlets(t *testing.T) {
	srv, r := site(t)
	list, err := r.Store.ListOutlets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, order := range []string{"", "?order=trouble"} {
		status, page := get(t, srv.URL+"/outlets"+order)
		if status != 200 || len(page) > 60<<10 {
			t.Fatalf("%s: %d, %d bytes", order, status, len(page))
		}
		for _, o := range list {
			if !strings.Contains(page, `href="/outlet/`+o.ID+`"`) {
				t.Errorf("%s: %s is missing", order, o.Name)
			}
		}
	}
	for _, o := range list {
		status, page := get(t, srv.URL+"/outlet/"+o.ID)
		if status != 200 || len(page) > 60<<10 {
			t.Fatalf("%s: %d, %d bytes", o.Name, status, len(page))
		}
		for _, s := range o.States {
			if s.Of == 0 && !strings.Contains(page, s.URL) {
				t.Errorf("%s: %s is missing", o.Name, s.URL)
			}
		}
	}
	for _, path := range []string{"/outlet/nobody", "/outlets/errands/x"} {
		if status, _ := get(t, srv.URL+path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	for _, path := range []string{"/outlets?cursor=x", "/outlet/" + list[0].ID + "?cursor=-1"} {
		if status, _ := get(t, srv.URL+path); status != http.StatusBadRequest {
			t.Errorf("%s: %d", path, status)
		}
	}
}

// TestOutletHostile has an outlet with everything it controls hostile.
func TestOutletHostile(t *testing.T) {
	s := newStage(t)
	payloads := []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `</title><svg onload=alert(1)>`, "{{.}}", "\u202eevil", `javascript:alert(1)`}
	for i, p := range payloads {
		o := dateline.Outlet{ID: dateline.OutletID(p), Name: p, Home: "https://evil.example/" + url.PathEscape(p), Language: "xx-" + p,
			Sources: []dateline.Source{{URL: "https://evil.example/feed?" + p, Kind: dateline.SourceFeed, Title: p}}}
		if i == len(payloads)-1 {
			o.Home = p
		}
		if err := s.Store.PutOutlet(t.Context(), o, func(string) string { return "evil.example" }); err != nil {
			t.Fatal(err)
		}
		address := "https://evil.example/page?" + p
		if _, err := s.Store.AddPage(t.Context(), store.Found{Entry: dateline.Entry{URL: address, Title: p}, Key: p, Lane: "evil.example"}, o.ID); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/outlet/" + o.ID, "/outlet/" + o.ID + "?only=trouble", "/outlets?find=" + url.QueryEscape(p), "/outlets?order=" + url.QueryEscape(p)} {
			status, page := get(t, s.pages.URL+path)
			if status != 200 {
				t.Errorf("%s: %d", path, status)
			}
			for _, bad := range []string{"<script>alert", "<img src=x", "<svg onload", "' onmouseover='", `href="javascript:`, `src="javascript:`} {
				if strings.Contains(page, bad) {
					t.Errorf("%s has %s", path, bad)
				}
			}
		}
	}
}

// worded is a server that has its texts alone.
func worded(t *testing.T) *Server {
	t.Helper()
	texts, err := loadTexts()
	if err != nil {
		t.Fatal(err)
	}
	return &Server{texts: texts}
}

func TestReason(t *testing.T) {
	s := worded(t)
	for _, c := range []struct{ language, kept, want string }{
		{"en", "the server answered 503", "the server answered 503"},
		{"id", "the server answered 503", "peladen menjawab 503"},
		{"id", "refused: robots.txt forbids this address", "ditolak: robots.txt-nya melarang alamat ini"},
		{"id", "robots.txt cannot be had: the server answered 500", "robots.txt-nya tidak dapat diambil, jadi tidak ada yang boleh diminta: peladen menjawab 500"},
		{"en", "moved to https://new.example/feed: add that address", "it has moved to https://new.example/feed: add that address"},
		{"en", "moved to https://new.example/", "moved to https://new.example/"},
		{"en", "article", "article"},
		{"id", "gone", "hilang"},
		{"en", "connection closed without a response: corrupt", "the connection was closed without an answer"},
		{"id", "get https://a.example/: no such host: not found", "https://a.example/: tidak ada peladen bernama itu"},
		{"id", "address 10.0.0.1 is private: refused", "alamatnya, 10.0.0.1, bukan bagian web umum (private)"},
		{"id", "get https://a.example/: no answer from the name server within 10s", "https://a.example/: peladen nama tidak menjawab dalam 10s"},
		{"id", "https://a.example/: its robots.txt cannot be had (get https://a.example/robots.txt: certificate: x509: certificate is valid for b.example, not a.example: refused), so nothing may be asked for: not now",
			"https://a.example/: robots.txt-nya tidak dapat diambil (https://a.example/robots.txt: sertifikatnya tidak dapat dipercaya: sertifikat itu untuk b.example, bukan untuk a.example), jadi tidak ada yang boleh diminta"},
		{"id", "get https://a.example/x: body broke off after 12 of 90 bytes: unexpected EOF: corrupt", "https://a.example/x: jawabannya terputus setelah 12 dari 90 bita: berakhir terlalu cepat"},
		{"id", "read feed https://a.example/rss: a web page, not a feed: unsupported", "https://a.example/rss: ini halaman web, bukan umpan"},
		{"en", "something else entirely", "something else entirely"},
		{"en", "", ""},
	} {
		c0 := &call{s: s, set: settings{Language: c.language}}
		if got := c0.Reason(c.kept); got != c.want {
			t.Errorf("%s: %q is said %q, want %q", c.language, c.kept, got, c.want)
		}
	}
}

func TestBytes(t *testing.T) {
	s := worded(t)
	c := &call{s: s, set: settings{Language: "en"}}
	for n, want := range map[int64]string{0: "0 kB", 1: "1 kB", 999_999: "1,000 kB", 1_500_000: "1.5 MB", 55_000_000: "55 MB", 2_500_000_000: "2.5 GB", 3e13: "30 TB"} {
		if got := c.Bytes(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
