package web

import (
	"bytes"
	stdcmp "cmp"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/archive"
	"dateline/internal/store"
	"dateline/internal/web/webtest"
)

// stage is a record with pages and their other origin.
type stage struct {
	*webtest.Record
	t      testing.TB
	server *Server
	pages  *httptest.Server
	replay *httptest.Server
	now    time.Time
}

func newStage(t testing.TB) *stage {
	s := &stage{Record: webtest.New(t), t: t}
	s.now = s.Now
	now := func() time.Time { return s.now }
	// The other origin's address has to be known before the pages are made.
	s.replay = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.server.Replay().ServeHTTP(w, r) }))
	t.Cleanup(s.replay.Close)
	var err error
	s.server, err = New(Options{
		Store: s.Store, Archive: s.Archive, Analyzer: s.Analyzer, Packs: s.Packs, Now: now, Log: slog.New(slog.DiscardHandler), Version: "test",
		Guard: &access.Guard{Users: s.Store, Open: true, Now: now}, Replay: s.replay.URL,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.pages = httptest.NewServer(s.server.Handler())
	t.Cleanup(s.pages.Close)
	return s
}

// keep archives answers, and gives the numbers of their captures.
func (s *stage) keep(responses ...[]byte) []int64 {
	s.t.Helper()
	ctx := s.t.Context()
	a, err := archive.Open(filepath.Join(s.Dir, "archive"), archive.Options{Software: "Dateline/test"})
	if err != nil {
		s.t.Fatal(err)
	}
	defer a.Close()
	var numbers []int64
	for i, r := range responses {
		address := fmt.Sprintf("https://evil.example/%d-%d", time.Now().UnixNano(), i)
		captures, err := a.Write(ctx, archive.Exchange{URL: address, Fetched: s.now, Response: r})
		if err != nil {
			s.t.Fatal(err)
		}
		key, _ := dateline.PageKey(address)
		p, err := s.Store.AddPage(ctx, store.Found{Entry: dateline.Entry{URL: address}, Key: key, Lane: "evil.example"}, "")
		if err != nil {
			s.t.Fatal(err)
		}
		if _, err := s.Store.Import(ctx, p.N, store.Kept{Capture: captures[0]}); err != nil {
			s.t.Fatal(err)
		}
		list, err := s.Store.Captures(ctx, p.N)
		if err != nil || len(list) != 1 {
			s.t.Fatal(list, err)
		}
		numbers = append(numbers, list[0].N)
	}
	return numbers
}

func response(body string, header ...string) []byte {
	return []byte("HTTP/1.1 200 OK\r\n" + strings.Join(header, "\r\n") + "\r\nContent-Length: " + fmt.Sprint(len(body)) + "\r\n\r\n" + body)
}

var frameSource = regexp.MustCompile(`<iframe class="kept" src="([^"]*)" sandbox `)

// frame is the address of the frame on a capture's page; empty where it has none.
func (s *stage) frame(capture int64) string {
	s.t.Helper()
	status, page := get(s.t, fmt.Sprintf("%s/kept/%d", s.pages.URL, capture))
	if status != 200 {
		s.t.Fatalf("kept page %d: %d", capture, status)
	}
	m := frameSource.FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return strings.ReplaceAll(m[1], "&amp;", "&")
}

// ask makes a request to the other origin; cookies are those of a browser that
// was at the pages, which share the host.
func (s *stage) ask(method, address string) (*http.Response, string) {
	s.t.Helper()
	req, err := http.NewRequest(method, address, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.AddCookie(&http.Cookie{Name: "session", Value: "secret"})
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return res, string(b)
}

// hostile are bodies that would do something where they could.
var hostile = []string{
	`<script>alert(1)</script>`,
	`<img src=x onerror=alert(1)>`,
	`<svg onload=alert(1)>`,
	`<meta http-equiv=refresh content="0;url=https://evil.example/">`,
	`<meta http-equiv=Content-Security-Policy content="default-src *">`,
	`<base href=https://evil.example/>`,
	`<iframe src="javascript:alert(1)"></iframe>`,
	`<form action=https://evil.example/><input name=a autofocus onfocus=alert(1)></form>`,
	`<link rel=stylesheet href=//evil.example/a.css>`,
	`<style>@import "//evil.example/a.css"; body{background:url(//evil.example/p)}</style>`,
	`<object data="data:text/html,<script>alert(1)</script>"></object>`,
	`<a href="javascript:alert(1)" target=_top ping=//evil.example/>x</a>`,
	`<a href="/" target=_top>x</a><script>top.location='//evil.example'</script>`,
	"\xef\xbb\xbf<script>alert(1)</script>",
	`+ADw-script+AD4-alert(1)+ADw-/script+AD4-`,
	`</title></textarea></style></iframe><script>parent.document.body.innerHTML=''</script>`,
	`<script src=/static/dateline.js></script>`,
	`<video src=//evil.example/v autoplay><source onerror=alert(1)></video>`,
	`<portal src=https://evil.example></portal><fencedframe></fencedframe>`,
	`<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>`,
}

func TestReplay(t *testing.T) {
	s := newStage(t)
	var answers [][]byte
	for _, body := range hostile {
		answers = append(answers, response(body, "Content-Type: text/html; charset=windows-1251", "Set-Cookie: a=b; Domain=127.0.0.1", "Refresh: 0; url=https://evil.example/",
			"Link: <https://evil.example/a.css>; rel=stylesheet", `Clear-Site-Data: "*"`, "Location: https://evil.example/", "Content-Security-Policy: default-src *",
			"Access-Control-Allow-Origin: *", "Service-Worker-Allowed: /", "Report-To: {}", "NEL: {}", "SourceMap: /x", "X-Frame-Options: ALLOWALL", "Strict-Transport-Security: max-age=1"))
	}
	want := map[string]string{
		"Content-Type":                 "text/html; charset=windows-1251",
		"Content-Security-Policy":      "sandbox; default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors " + s.pages.URL,
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "no-referrer",
		"Cross-Origin-Resource-Policy": "same-origin",
		"X-Dns-Prefetch-Control":       "off",
		"X-Robots-Tag":                 "noindex",
		"Cache-Control":                "no-store",
		"Accept-Ranges":                "bytes",
	}
	for i, n := range s.keep(answers...) {
		address := s.frame(n)
		res, body := s.ask("GET", address)
		if res.StatusCode != 200 || body != string(inert([]byte(hostile[i]))) || strings.Contains(body, "<link") || strings.Contains(body, "<iframe") {
			t.Errorf("%q: %d %q", hostile[i], res.StatusCode, body)
		}
		got := map[string]string{}
		for k, v := range res.Header {
			if k != "Date" && k != "Content-Length" {
				got[k] = strings.Join(v, "|")
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		if res, body := s.ask("HEAD", address); res.StatusCode != 200 || body != "" {
			t.Errorf("HEAD: %d %q", res.StatusCode, body)
		}
		// A page of the record shows nothing of it itself.
		if _, page := get(t, fmt.Sprintf("%s/kept/%d", s.pages.URL, n)); strings.Contains(page, "evil.example/a.css") || strings.Contains(page, hostile[i]) {
			t.Errorf("%q stands in the page itself", hostile[i])
		}
	}
}

func TestReplayRefuses(t *testing.T) {
	s := newStage(t)
	n := s.keep(response("<p>text", "Content-Type: text/html"), response("<p>other", "Content-Type: text/html"))
	good, other := s.frame(n[0]), s.frame(n[1])
	u, _ := url.Parse(good)
	ticket := u.Query().Get("ticket")
	says, sum, _ := strings.Cut(ticket, ".")
	at := func(path, ticket string) string { return s.replay.URL + path + "?ticket=" + url.QueryEscape(ticket) }
	number := fmt.Sprintf("/%d", n[0])
	for _, c := range []struct {
		name, method, address string
		status                int
	}{
		{"good", "GET", good, 200},
		{"none", "GET", s.replay.URL + number, 403},
		{"empty", "GET", at(number, ""), 403},
		{"of another", "GET", at(number, strings.TrimPrefix(other, s.replay.URL+fmt.Sprintf("/%d?ticket=", n[1]))), 403},
		{"cut", "GET", at(number, ticket[:len(ticket)-1]), 403},
		{"no sum", "GET", at(number, says+"."), 403},
		{"other words", "GET", at(number, "enp6enp6eg."+sum), 403},
		{"not base64", "GET", at(number, "%%%.%%%"), 403},
		{"long", "GET", at(number, strings.Repeat("a", 1<<15)), 403},
		{"post", "POST", good, 405},
		{"delete", "DELETE", good, 405},
		{"root", "GET", at("/", ticket), 404},
		{"word", "GET", at("/x", ticket), 404},
		{"zero", "GET", at("/0", ticket), 404},
		{"negative", "GET", at("/-1", ticket), 404},
		{"plus", "GET", at("/+1", ticket), 404},
		{"leading zero", "GET", at("/0"+number[1:], ticket), 404},
		{"large", "GET", at("/99999999999999999999", ticket), 404},
		{"hex", "GET", at("/0x1", ticket), 404},
		{"deeper", "GET", at(number+"/x", ticket), 404},
		{"up", "GET", at("/../../etc/passwd", ticket), 404},
		{"up, escaped", "GET", at("/%2e%2e%2f%2e%2e%2fetc%2fpasswd", ticket), 404},
		{"slashes", "GET", at("/"+number, ticket), 404},
		{"nul", "GET", at(number+"%00", ticket), 404},
		{"api", "GET", at("/api/articles", ticket), 404},
	} {
		res, body := s.ask(c.method, c.address)
		if res.StatusCode != c.status {
			t.Errorf("%s: %d, want %d", c.name, res.StatusCode, c.status)
		}
		if c.status != 200 && (strings.Contains(body, "<p>") || len(res.Header["Set-Cookie"]) > 0 || res.Header.Get("Location") != "") {
			t.Errorf("%s: %v %q", c.name, res.Header, body)
		}
		if !strings.HasPrefix(res.Header.Get("Content-Security-Policy"), "sandbox; default-src 'none'; ") {
			t.Errorf("%s: policy %q", c.name, res.Header.Get("Content-Security-Policy"))
		}
	}
	// A ticket of another run of the program.
	again, err := New(s.server.Options)
	if err != nil {
		t.Fatal(err)
	}
	if res, _ := s.ask("GET", at(number, again.ticket(n[0], store.User{}, s.pages.URL, s.now))); res.StatusCode != 403 {
		t.Errorf("of another run: %d", res.StatusCode)
	}
	// Nine minutes on it is good, ten minutes on it is over.
	s.now = s.now.Add(9 * time.Minute)
	if res, _ := s.ask("GET", good); res.StatusCode != 200 {
		t.Errorf("after 9 min: %d", res.StatusCode)
	}
	s.now = s.now.Add(time.Minute)
	if res, body := s.ask("GET", good); res.StatusCode != 403 || !strings.Contains(body, "Load the page around it again") {
		t.Errorf("after 10 min: %d %q", res.StatusCode, body)
	}
	req := httptest.NewRequest("GET", good, nil)
	req.Header.Set("Accept-Language", "id")
	w := httptest.NewRecorder()
	s.server.Replay().ServeHTTP(w, req)
	if w.Code != 403 || !strings.Contains(w.Body.String(), "Muat ulang halaman di sekelilingnya") {
		t.Errorf("after 10 min, in Indonesian: %d %q", w.Code, w.Body)
	}
	// An origin that would add to the policy is none.
	for _, origin := range []string{"https://a.example; script-src *", "https://a.example https://b.example *", "https://a.example  script-src", "javascript:x", "https://a.example/\r\nSet-Cookie: a=b", "*"} {
		res, _ := s.ask("GET", at(number, s.server.ticket(n[0], store.User{}, origin, s.now)))
		if res.StatusCode != 200 || !strings.HasSuffix(res.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") || res.Header["Set-Cookie"] != nil {
			t.Errorf("%q: %d %v", origin, res.StatusCode, res.Header)
		}
	}
}

func TestReplayErased(t *testing.T) {
	s := newStage(t)
	n := s.keep(response("<p>first", "Content-Type: text/html"), response("<p>second", "Content-Type: text/html"))
	first, second := s.frame(n[0]), s.frame(n[1])
	erase := func(capture int64, everywhere bool) {
		k, err := s.Store.Capture(t.Context(), capture)
		if err != nil {
			t.Fatal(err)
		}
		if everywhere {
			if _, err := s.Store.Erase(t.Context(), []int64{k.Page}, "", s.now); err != nil {
				t.Fatal(err)
			}
		}
		a, err := archive.Open(filepath.Join(s.Dir, "archive"), archive.Options{})
		if err == nil {
			err = errors.Join(a.Erase(t.Context(), k.WARC, k.Offset), a.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	erase(n[0], true)
	if res, body := s.ask("GET", first); res.StatusCode != 404 || strings.Contains(body, "first") {
		t.Errorf("erased: %d %q", res.StatusCode, body)
	}
	if status, _ := get(t, fmt.Sprintf("%s/kept/%d", s.pages.URL, n[0])); status != 404 {
		t.Errorf("page of what is erased: %d", status)
	}
	erase(n[1], false) // as between the store and the archive
	if res, body := s.ask("GET", second); res.StatusCode != 410 || strings.Contains(body, "second") {
		t.Errorf("erased in the archive: %d %q", res.StatusCode, body)
	}
	if s.frame(n[1]) != "" {
		t.Error("what is erased has a frame")
	}
}

// TestReplayUser: who is removed, or has another password, sees no kept page
// any more.
func TestReplayUser(t *testing.T) {
	s := newStage(t)
	n := s.keep(response("<p>text", "Content-Type: text/html"))[0]
	guard := s.server.Guard
	var users []store.User
	if _, err := guard.AddUser(t.Context(), "ada", access.Admin, "a ferry at the quay"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"bo", "cy"} {
		u, err := guard.AddUser(t.Context(), name, access.Reader, "a ferry at the quay")
		if err != nil {
			t.Fatal(err)
		}
		users = append(users, u)
	}
	shown := func(u store.User) int {
		res, _ := s.ask("GET", fmt.Sprintf("%s/%d?ticket=%s", s.replay.URL, n, s.server.ticket(n, u, s.pages.URL, s.now)))
		return res.StatusCode
	}
	for _, u := range users {
		if got := shown(u); got != 200 {
			t.Errorf("%s: %d", u.Name, got)
		}
	}
	if err := s.Store.DropUser(t.Context(), users[0].N); err != nil {
		t.Fatal(err)
	}
	if _, err := guard.SetPassword(t.Context(), users[1].N, "another ferry at the quay"); err != nil {
		t.Fatal(err)
	}
	for _, u := range users {
		if got := shown(u); got != 403 {
			t.Errorf("%s, after: %d", u.Name, got)
		}
	}
}

func packed(t *testing.T, body string, z func(w io.Writer) io.WriteCloser) string {
	var b bytes.Buffer
	w := z(&b)
	if _, err := io.WriteString(w, body); err != nil {
		t.Fatal(err)
	}
	w.Close()
	return b.String()
}

// Who reaches the pages by another name than localhost reaches the kept ones
// by that name too, and the policy of the pages lets them be framed.
func TestReplayFrames(t *testing.T) {
	for _, x := range []struct{ replay, host, want string }{
		{"http://localhost:8081", "localhost:8080", "http://localhost:8081"},
		{"http://localhost:8081", "192.0.2.7:8080", "http://192.0.2.7:8081"},
		{"https://localhost:8081", "desk.example", "https://desk.example:8081"},
		{"http://localhost:8081", "[2001:db8::7]:8080", "http://[2001:db8::7]:8081"},
		{"http://localhost:8081", "a;script-src:8080", "http://localhost:8081"},
		{"http://localhost:8081", "", "http://localhost:8081"},
		{"http://127.0.0.1:8081", "desk.example", "http://127.0.0.1:8081"},
		{"https://kept.example", "desk.example", "https://kept.example"},
		{"", "desk.example", ""},
	} {
		s := &Server{Options: Options{Replay: x.replay}}
		r := &http.Request{Host: x.host}
		if got := s.frames(r); got != x.want {
			t.Errorf("kept pages of %s for %s are at %s, want %s", x.replay, x.host, got, x.want)
		}
		if want := "frame-src " + stdcmp.Or(x.want, "'none'") + ";"; !strings.Contains(s.policy(r), want) {
			t.Errorf("policy for %s: %s, want %s", x.host, s.policy(r), want)
		}
	}
}

func TestReplayTypes(t *testing.T) {
	text := strings.Repeat("<p>text</p>", 100)
	gz := packed(t, text, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	br := packed(t, text, func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) })
	zs := packed(t, text, func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z })
	raw := packed(t, text, func(w io.Writer) io.WriteCloser { z, _ := flate.NewWriter(w, 6); return z })
	bomb := packed(t, strings.Repeat("\x00", 64<<20), func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	for _, c := range []struct {
		name, body   string
		header       []string
		kind, want   string
		status, size int
	}{
		{"html", text, []string{"Content-Type: text/html"}, "text/html", text, 200, 0},
		{"charset", text, []string{"Content-Type: TEXT/HTML;charset=\"Shift_JIS\""}, "text/html; charset=Shift_JIS", text, 200, 0},
		{"bad charset", text, []string{"Content-Type: text/html; charset=\"a b\""}, "text/html", text, 200, 0},
		{"xhtml", text, []string{"Content-Type: application/xhtml+xml"}, "text/html", text, 200, 0},
		{"plain", text, []string{"Content-Type: text/plain; charset=utf-8"}, "text/plain; charset=utf-8", text, 200, 0},
		{"feed", text, []string{"Content-Type: application/rss+xml"}, "text/plain", text, 200, 0},
		{"script", text, []string{"Content-Type: text/javascript"}, "text/plain", text, 200, 0},
		{"svg", text, []string{"Content-Type: image/svg+xml"}, download, text, 200, 0},
		{"pdf", "%PDF-1.4", []string{"Content-Type: application/pdf"}, download, "%PDF-1.4", 200, 0},
		{"unknown", "<html><p>x", nil, "text/html", "<html><p>x", 200, 0},
		{"two types", text, []string{"Content-Type: image/png", "Content-Type: text/html"}, download, text, 200, 0},
		{"gzip", gz, []string{"Content-Type: text/html", "Content-Encoding: gzip"}, "text/html", text, 200, 0},
		{"br", br, []string{"Content-Type: text/html", "Content-Encoding: br"}, "text/html", text, 200, 0},
		{"zstd", zs, []string{"Content-Type: text/html", "Content-Encoding: ZSTD"}, "text/html", text, 200, 0},
		{"deflate", raw, []string{"Content-Type: text/html", "Content-Encoding: deflate"}, "text/html", text, 200, 0},
		{"not gzip", text, []string{"Content-Type: text/html", "Content-Encoding: gzip"}, "text/html", text, 200, 0},
		{"gzip cut", gz[:len(gz)-4], []string{"Content-Type: text/html", "Content-Encoding: gzip"}, "text/html", text, 200, 0},
		{"bomb", bomb, []string{"Content-Type: text/html", "Content-Encoding: gzip"}, "text/html", "", 200, maxReplay},
		{"damaged", "no brotli at all", []string{"Content-Type: text/html", "Content-Encoding: br"}, "text/plain; charset=utf-8", "", 422, 0},
		{"two codings", gz, []string{"Content-Type: text/html", "Content-Encoding: gzip, gzip"}, "text/plain; charset=utf-8", "", 422, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := http.Header{}
			for _, line := range c.header {
				k, v, _ := strings.Cut(line, ": ")
				h.Add(k, v)
			}
			body, kind, err := plainPayload(&archive.Answer{Header: h, Payload: []byte(c.body)})
			if c.status != 200 {
				if !errors.Is(err, dateline.ErrUnsupported) && !errors.Is(err, dateline.ErrCorrupt) {
					t.Error(err)
				}
				return
			}
			if err != nil || kind != c.kind || c.size == 0 && string(body) != c.want || c.size > 0 && len(body) != c.size {
				t.Errorf("%q, %d bytes, %v", kind, len(body), err)
			}
		})
	}
}

func TestInert(t *testing.T) {
	wide := func(s string) string {
		var b strings.Builder
		for _, c := range []byte(s) {
			b.WriteByte(c)
			b.WriteByte(0)
		}
		return b.String()
	}
	for _, c := range []struct{ body, want string }{
		{"<p>text", "<p>text"},
		{"<link rel=preconnect href=x><LINK\nrel=a><link/><link>", "<bgsound rel=preconnect href=x><bgsound\nrel=a><bgsound/><bgsound>"},
		{"<linked> link <a href='<link'>", "<linked> link <a href='<link'>"},
		{"<iframe src=x><p></iframe><frameset><frame src=x></frameset>", "<noembed src=x><p></noembed><frameset><bgsound src=x></frameset>"},
		{"\xe4<link >\xe4", "\xe4<bgsound >\xe4"},
		{"\xff\xfe" + wide("a<Link rel=x>"), "\xff\xfe" + wide("a<bgsound rel=x>")},
		{"\xfe\xff\x00" + wide("a<link rel=x>"), "\xfe\xff\x00" + wide("a<bgsound rel=x>")},
	} {
		if got := string(inert([]byte(c.body))); got != c.want {
			t.Errorf("%q became %q, want %q", c.body, got, c.want)
		}
	}
}

func FuzzReplayType(f *testing.F) {
	for _, s := range []string{"text/html; charset=utf-8", "text/html\r\nSet-Cookie: a=b", "IMAGE/svg+xml", ";", "text/html; charset=\"\\\"\"", "a/b;charset=x;charset=y"} {
		f.Add(s, []byte("<p>"))
	}
	f.Fuzz(func(t *testing.T, served string, body []byte) {
		kind, shown := replayType(served, body)
		base, _, _ := strings.Cut(kind, ";")
		if shown != (kind != download) || base != "text/html" && base != "text/plain" && kind != download {
			t.Errorf("%q is shown as %q", served, kind)
		}
		if strings.ContainsAny(kind, "\r\n\",") {
			t.Errorf("%q stands in a header", kind)
		}
	})
}

func BenchmarkInert(b *testing.B) {
	page := []byte(strings.Repeat("<p>A paragraph of some length with a <a href='/x'>link</a> in it.</p>\n", 150_000/70))
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		inert(page)
	}
}
