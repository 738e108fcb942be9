package notify_test

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"dateline/feed"
	"dateline/fetch"
	"dateline/internal/notify"
	"dateline/internal/store"
	"dateline/internal/web/webtest"
)

// desk is a record with a notifier whose clock is set.
type desk struct {
	*webtest.Record
	n   *notify.Notifier
	now time.Time
}

func newDesk(t *testing.T, allow ...net.Addr) *desk {
	d := &desk{Record: webtest.New(t)}
	d.now = d.Now
	var guard fetch.Guard
	for _, a := range allow {
		guard.Allow = append(guard.Allow, netip.MustParseAddrPort(a.String()))
	}
	now := func() time.Time { return d.now }
	d.n = &notify.Notifier{
		Store: d.Store, Analyzer: d.Analyzer, Webhooks: notify.NewWebhooks(guard, "test", now), Now: now,
		Link: func(path string) string { return "https://record.example" + path }, Log: slog.New(slog.DiscardHandler),
	}
	return d
}

// save keeps a search that has heard of nothing yet.
func (d *desk) save(t *testing.T, s store.SavedSearch) store.SavedSearch {
	t.Helper()
	s, err := d.Store.PutSearch(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (d *desk) round(t *testing.T) {
	t.Helper()
	if err := d.n.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// post is a message as a webhook got it.
type post struct {
	notify.Message
	id string
}

// TestWebhook posts what is new once, signed, again when it was not taken, and
// the same under the same id.
func TestWebhook(t *testing.T) {
	var fail atomic.Bool
	var mu sync.Mutex
	var posts []post
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var seconds int64
		fmt.Sscan(r.Header.Get("Dateline-Time"), &seconds)
		if got, want := r.Header.Get("Dateline-Signature"), notify.Sign("secret", time.Unix(seconds, 0), body); got != want {
			t.Errorf("signature %s, want %s", got, want)
		}
		p := post{id: r.Header.Get("Dateline-Id")}
		if err := json.Unmarshal(body, &p.Message); err != nil {
			t.Error(err)
		}
		mu.Lock()
		posts = append(posts, p)
		mu.Unlock()
		if fail.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer srv.Close()
	d := newDesk(t, srv.Listener.Addr())
	s := d.save(t, store.SavedSearch{Name: "killed", Query: "figure:killed>=1", Webhook: srv.URL, Secret: "secret"})

	fail.Store(true)
	d.round(t)
	d.round(t) // too early to try again
	if len(posts) != 1 {
		t.Fatalf("%d posts after a failure, want 1", len(posts))
	}
	if s, _ := d.Store.SavedSearch(t.Context(), s.ID); s.Failures != 1 || !strings.Contains(s.Error, "503") || !s.Retry.After(d.now) {
		t.Errorf("the search has %+v", s)
	}
	fail.Store(false)
	d.now = d.now.Add(2 * time.Minute)
	d.round(t)
	d.round(t) // nothing is new
	if len(posts) != 2 || posts[0].id != posts[1].id || len(posts[1].Items) == 0 {
		t.Fatalf("got %d posts: %+v", len(posts), posts)
	}
	for _, it := range posts[1].Items {
		if len(it.Figures) == 0 || it.Title == "" || it.Outlet == "" || !strings.HasPrefix(it.Link, "https://record.example/article/"+it.ID) {
			t.Errorf("item %+v", it)
		}
	}
	if s, _ := d.Store.SavedSearch(t.Context(), s.ID); s.Failures != 0 || s.Error != "" || s.Sent == 0 {
		t.Errorf("the search has %+v", s)
	}
}

// TestDigest waits with what is new until the time has come.
func TestDigest(t *testing.T) {
	n := 0
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { n++ }))
	defer srv.Close()
	d := newDesk(t, srv.Listener.Addr())
	d.save(t, store.SavedSearch{Name: "all", Webhook: srv.URL, Every: 24 * time.Hour, SentAt: d.now.Add(-23 * time.Hour)})
	d.round(t)
	if n != 0 {
		t.Fatal("a digest was sent before its time")
	}
	d.now = d.now.Add(time.Hour)
	d.round(t)
	if n != 1 {
		t.Fatalf("%d digests", n)
	}
}

// TestGivenUp has a webhook that never takes what it is sent: it is tried less
// and less often, then no more, until somebody wants it to be.
func TestGivenUp(t *testing.T) {
	var fail atomic.Bool
	n := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n++; fail.Load() {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	defer srv.Close()
	d := newDesk(t, srv.Listener.Addr())
	s := d.save(t, store.SavedSearch{Name: "all", Webhook: srv.URL})
	fail.Store(true)
	for begun := d.now; d.now.Before(begun.Add(10 * 24 * time.Hour)); {
		d.round(t)
		d.now = d.now.Add(time.Hour)
	}
	s, _ = d.Store.SavedSearch(t.Context(), s.ID)
	if n != 20 || !notify.GivenUp(s) || s.Error == "" {
		t.Fatalf("%d posts in ten days, %+v", n, s)
	}
	fail.Store(false)
	d.round(t)
	if n != 20 {
		t.Error("it is tried though it was given up")
	}
	if err := d.n.Again(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	d.round(t)
	if s, _ = d.Store.SavedSearch(t.Context(), s.ID); n != 21 || notify.GivenUp(s) || s.Error != "" || s.Sent == 0 {
		t.Errorf("tried again: %d posts, %+v", n, s)
	}
}

// TestTwoWays has a webhook fail while the mail is taken: the mail comes once.
func TestTwoWays(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	defer srv.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var mails atomic.Int32
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if smtp(c) != "" {
				mails.Add(1)
			}
			c.Close()
		}
	}()
	d := newDesk(t, srv.Listener.Addr())
	d.n.Mail = &notify.Mail{Host: "127.0.0.1", Port: int(netip.MustParseAddrPort(l.Addr().String()).Port()), From: "record@newsroom.example", Plain: true}
	s := d.save(t, store.SavedSearch{Name: "all", Webhook: srv.URL, Mail: "desk@newsroom.example"})
	for range 5 {
		d.round(t)
		d.now = d.now.Add(12 * time.Hour)
	}
	if s, _ = d.Store.SavedSearch(t.Context(), s.ID); s.Failures != 5 || mails.Load() != 1 {
		t.Errorf("%d failures, %d mails", s.Failures, mails.Load())
	}
}

// TestPatience has one user's webhooks never answer: another's news do not wait
// for them.
func TestPatience(t *testing.T) {
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-release }))
	defer slow.Close()
	taken := make(chan struct{}, 1)
	quick := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { taken <- struct{}{} }))
	defer quick.Close()
	d := newDesk(t, slow.Listener.Addr(), quick.Listener.Addr())
	var users [2]int64
	for i, name := range []string{"ada", "bo"} {
		var err error
		if users[i], err = d.Store.PutUser(t.Context(), store.User{Name: name, Role: "admin"}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 5 {
		d.save(t, store.SavedSearch{Name: fmt.Sprint("a", i), User: users[0], Webhook: slow.URL})
	}
	d.save(t, store.SavedSearch{Name: "b", User: users[1], Webhook: quick.URL})
	done := make(chan error, 1)
	go func() { done <- d.n.Round(t.Context()) }()
	select {
	case <-taken:
	case <-time.After(5 * time.Second):
		t.Error("one user's news wait for another's webhooks")
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestInner has webhooks name addresses of this machine: none is connected to.
func TestInner(t *testing.T) {
	var asked atomic.Int64
	canary := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer canary.Close()
	_, port, _ := net.SplitHostPort(canary.Listener.Addr().String())
	open := httptest.NewServer(http.RedirectHandler(canary.URL, http.StatusTemporaryRedirect))
	defer open.Close()
	d := newDesk(t, open.Listener.Addr())
	for _, address := range []string{canary.URL, "http://localhost:" + port, "http://[::ffff:127.0.0.1]:" + port, "http://0.0.0.0:" + port, open.URL, "file:///etc/passwd", "http://user:pw@outlet.example/", "gopher://outlet.example"} {
		if err := d.n.Webhooks.Post(t.Context(), address, "", notify.Message{}); err == nil {
			t.Errorf("%s: no error", address)
		}
	}
	if asked.Load() != 0 {
		t.Errorf("the canary was asked %d times", asked.Load())
	}
}

// TestMail sends a mail to a server of its own.
func TestMail(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	got := make(chan string, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		got <- smtp(c)
	}()
	d := newDesk(t)
	port := netip.MustParseAddrPort(l.Addr().String()).Port()
	d.n.Mail = &notify.Mail{Host: "127.0.0.1", Port: int(port), From: "record@newsroom.example", Plain: true}
	d.save(t, store.SavedSearch{Name: "floods\r\nBcc: all@newsroom.example", Query: "figure:killed>=1", Mail: "desk@newsroom.example"})
	d.round(t)
	text := <-got
	head, body, _ := strings.Cut(text, "\r\n\r\n")
	if strings.Contains(head, "\r\nBcc") || !strings.Contains(head, "To: <desk@newsroom.example>") || !strings.Contains(head, "floods Bcc") {
		t.Errorf("head:\n%s", head)
	}
	if !strings.Contains(body, "https://record.example/article/") || !strings.Contains(body, "killed") {
		t.Errorf("body:\n%s", body)
	}
}

// smtp takes one mail and gives its text.
func smtp(c net.Conn) string {
	r := bufio.NewReader(c)
	say := func(s string) { io.WriteString(c, s+"\r\n") }
	say("220 mail.example ESMTP")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return ""
		}
		switch verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(line)), " "); verb {
		case "EHLO", "HELO":
			say("250 mail.example")
		case "DATA":
			say("354 go on")
			var text strings.Builder
			for {
				line, err := r.ReadString('\n')
				if err != nil || line == ".\r\n" {
					break
				}
				text.WriteString(line)
			}
			say("250 taken")
			return text.String()
		default:
			say("250 ok")
		}
	}
}

// payloads are what outlets and users may write.
var payloads = []string{
	"<script>alert(1)</script>", "]]><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "&lt;script&gt;alert(1)&lt;/script&gt;",
	"a\r\nBcc: all@newsroom.example", "a\nContent-Type: text/html\n\n<b>x</b>", "\r\n.\r\nMAIL FROM:<x@evil.example>\r\n", "=?utf-8?q?=0D=0ABcc:_x?=", "a\u2028Bcc: x\u2029b\u0085c", "--boundary\r\nContent-Type: text/html\r\n\r\n<b>",
	"\x00\x07\x1b[31m\x7f", "\u202egnp.exe", "\xff\xfe", strings.Repeat("x", 5000), "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
}

// TestHostileMessages sends messages whose every field wants to be something
// else: mails stay plain text with the headers they have, webhooks JSON, and feeds
// are read back as they were meant.
func TestHostileMessages(t *testing.T) {
	mails := make(chan string, 1)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mails <- smtp(c)
			c.Close()
		}
	}()
	bodies := make(chan []byte, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		bodies <- b
	}))
	defer srv.Close()
	m := &notify.Mail{Host: "127.0.0.1", Port: int(netip.MustParseAddrPort(l.Addr().String()).Port()), From: "record@newsroom.example", Plain: true}
	hooks := notify.NewWebhooks(fetch.Guard{Allow: []netip.AddrPort{netip.MustParseAddrPort(srv.Listener.Addr().String())}}, "test", time.Now)
	at := time.Unix(1e9, 0)
	var plain []string
	for _, x := range append([]string{"plain"}, payloads...) {
		it := notify.Item{ID: "abc", Number: 2, Title: x, Language: x, Outlet: x, URL: x, Link: "https://record.example/article/abc", Time: at, Figures: []string{x}}
		msg := notify.Message{ID: "id", Search: x, Query: x, Link: "https://record.example/searches", At: at, Items: []notify.Item{it}}
		if err := m.Send(t.Context(), "desk@newsroom.example", msg); err != nil {
			t.Fatal(err)
		}
		text := <-mails
		got, err := mail.ReadMessage(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%.40q: %v in %s", x, err, text)
		}
		names := slices.Sorted(maps.Keys(got.Header))
		if plain == nil {
			plain = names
		}
		if kind := got.Header.Get("Content-Type"); !slices.Equal(names, plain) || !strings.HasPrefix(kind, "text/plain") || len(got.Header["To"]) != 1 || got.Header.Get("To") != "<desk@newsroom.example>" {
			t.Errorf("%.40q: a mail with the headers %v", x, got.Header)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
		body, err2 := io.ReadAll(quotedprintable.NewReader(got.Body))
		if err != nil || err2 != nil || strings.ContainsFunc(subject+strings.NewReplacer("\r\n", "").Replace(string(body)), func(r rune) bool { return unicode.IsControl(r) || r == '\u202e' }) {
			t.Errorf("%.40q: a mail %q, %q, %v", x, subject, body, cmp.Or(err, err2))
		}
		if n := strings.Count(string(body), "https://record.example/article/abc\r\n"); n != 1 {
			t.Errorf("%.40q: %d links in %q", x, n, body)
		}
		if err := hooks.Post(t.Context(), srv.URL, "secret", msg); err != nil {
			t.Fatal(err)
		}
		var back notify.Message
		if b := <-bodies; !json.Valid(b) || json.Unmarshal(b, &back) != nil || bytes.Contains(b, []byte("<script")) || back.Items[0].Title != strings.ToValidUTF8(x, "\ufffd\ufffd") && utf8.ValidString(x) {
			t.Errorf("%.40q: a post %s", x, b)
		}
		f := notify.Feed{ID: "urn:dateline:search", Title: x, Link: "https://record.example/", Self: "https://record.example/feeds/x", Updated: at, Items: msg.Items}
		for name, write := range map[string]func(io.Writer) error{"atom": f.Atom, "rss": f.RSS, "json": f.JSON} {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			doc, err := feed.Parse(b.Bytes(), "", "https://record.example/feeds/x", time.Unix(2e9, 0))
			if err != nil || len(doc.Entries) != 1 || doc.Entries[0].URL != it.Link || bytes.Contains(b.Bytes(), []byte("<script")) || bytes.Contains(b.Bytes(), []byte("<!DOCTYPE x")) {
				t.Errorf("%.40q as %s: %v, %+v in %s", x, name, err, doc, &b)
			}
		}
	}
}

// TestFeeds reads each form of a feed of hostile articles back.
func TestFeeds(t *testing.T) {
	evil := "<script>alert(1)</script> ]]> & \x00\x0b \ufffe \u202e \"'"
	f := notify.Feed{ID: "urn:dateline:search", Title: evil, Link: "https://record.example/?q=x&y=z", Self: "https://record.example/feeds/x", Updated: time.Unix(1e9, 0),
		Items: []notify.Item{{ID: "abc", Number: 2, Title: evil, Outlet: evil, URL: "https://outlet.example/a?b&c", Link: "https://record.example/article/abc", Time: time.Unix(1e9, 0), Figures: []string{"killed 4"}}, {ID: "d", URL: "https://outlet.example/d", Link: "https://record.example/article/d"}}}
	for name, write := range map[string]func(io.Writer) error{"atom": f.Atom, "rss": f.RSS, "json": f.JSON} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(b.Bytes(), []byte("<script")) {
				t.Errorf("a script in the feed:\n%s", &b)
			}
			doc, err := feed.Parse(b.Bytes(), "", "https://record.example/feeds/x", time.Unix(2e9, 0))
			if err != nil {
				t.Fatalf("%v in\n%s", err, &b)
			}
			if len(doc.Entries) != 2 || doc.Entries[0].URL != "https://record.example/article/abc" {
				t.Fatalf("entries %+v", doc.Entries)
			}
		})
	}
}
