package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"dateline"
	"dateline/internal/loopback"

	"github.com/google/go-cmp/cmp"
)

func TestGet(t *testing.T) {
	when := time.Date(2024, 5, 1, 12, 0, 0, 0, time.FixedZone("", 3600))
	var got http.Header
	var uri string
	s, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got, uri = r.Header, r.RequestURI
		w.Header().Set("Date", "x")
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, "gone\r\n")
	})
	c.Version, c.Contact, c.Now = "1.2", "mailto:desk@example.org", func() time.Time { return when }
	ex, err := c.Get(context.Background(), strings.Replace(s.URL, "//", "//me:secret@", 1)+"/a?b=c d#e")
	if err != nil {
		t.Fatal(err)
	}
	want := &Exchange{
		URL: s.URL + "/a?b=c%20d", FinalURL: s.URL + "/a?b=c%20d",
		Status: 404, Proto: "HTTP/1.1", Body: []byte("gone\r\n"), Fetched: when.UTC(),
		Header: http.Header{"Date": {"x"}, "Content-Type": {"text/plain"}, "Content-Length": {"6"}},
	}
	if len(ex.Hops) != 1 {
		t.Fatalf("%d hops, want 1", len(ex.Hops))
	}
	ex.Hops = nil
	if d := cmp.Diff(want, ex); d != "" {
		t.Errorf("exchange (-want +got):\n%s", d)
	}
	wantHeader := http.Header{
		"User-Agent":      {"Dateline/1.2 (+mailto:desk@example.org)"},
		"Accept":          {"text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"},
		"Accept-Encoding": {"gzip, br, zstd"},
		"Connection":      {"close"},
	}
	if d := cmp.Diff(wantHeader, got); d != "" || uri != "/a?b=c%20d" {
		t.Errorf("request for %s (-want +got):\n%s", uri, d)
	}
}

func TestUserAgent(t *testing.T) {
	if ua, err := new(Client).userAgent(); ua != "Dateline/dev" || err != nil {
		t.Errorf("got %q, %v", ua, err)
	}
	s, c := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("was asked") })
	c.Contact = "a\r\nX: y"
	if _, err := c.Get(context.Background(), s.URL); !errors.Is(err, dateline.ErrInvalid) {
		t.Errorf("contact with a line break: %v", err)
	}
}

func TestRedirects(t *testing.T) {
	s, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if len(r.Cookies()) > 0 || r.Referer() != "" || r.Header.Get("Authorization") != "" {
			t.Errorf("%s: request has %v", r.URL, r.Header)
		}
		http.SetCookie(w, &http.Cookie{Name: "id", Value: "1"})
		n := 0
		fmt.Sscanf(r.URL.Path, "/%d", &n)
		switch {
		case r.URL.Path == "/no-location":
			w.WriteHeader(http.StatusFound)
		case r.URL.Path == "/300":
			w.Header().Set("Location", "/0")
			w.WriteHeader(http.StatusMultipleChoices)
		case r.URL.Path == "/loop":
			w.Header().Set("Location", "loop?"+r.URL.RawQuery+"x")
			w.WriteHeader(http.StatusMovedPermanently)
		case r.URL.Path == "/nowhere":
			w.Header().Set("Location", "http://[")
			w.WriteHeader(http.StatusSeeOther)
		case n > 0:
			w.Header().Set("Location", fmt.Sprintf("//u:p@%s/%d#part", r.Host, n-1))
			w.WriteHeader([]int{301, 302, 303, 307, 308}[n%5])
		}
		io.WriteString(w, r.URL.Path)
	})
	ex, err := c.Get(context.Background(), s.URL+"/10")
	if err != nil {
		t.Fatal(err)
	}
	if ex.URL != s.URL+"/10" || ex.FinalURL != s.URL+"/0" || ex.Status != 200 || string(ex.Body) != "/0" || len(ex.Hops) != 11 {
		t.Errorf("got %+v", ex)
	}
	r := ex.Hops[8]
	if r.URL != s.URL+"/2" || r.Location != s.URL+"/1" || r.Status != 303 || r.Header.Get("Location") == "" {
		t.Errorf("ninth redirect: %+v", r)
	}
	for path, want := range map[string]string{
		"/11":      "more than 10 redirects: refused",
		"/loop":    "more than 10 redirects: refused",
		"/nowhere": "redirect to http://[: missing ']' in host: invalid",
	} {
		ex, err := c.Get(context.Background(), s.URL+path)
		if ex != nil || err == nil || !strings.HasPrefix(err.Error(), "get "+s.URL+path+": ") || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: got %v, %v, want %s", path, ex, err, want)
		}
	}
	for path, want := range map[string]int{"/no-location": 302, "/300": 300} {
		ex, err := c.Get(context.Background(), s.URL+path)
		if err != nil || ex.Status != want || string(ex.Body) != path {
			t.Errorf("%s: got %v, %v", path, ex, err)
		}
	}
	c.Limits.Redirects = -1
	if _, err := c.Get(context.Background(), s.URL+"/1"); !errors.Is(err, dateline.ErrRefused) {
		t.Errorf("redirects forbidden: %v", err)
	}
}

func TestBodyAsServed(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	io.WriteString(z, "<p>text")
	z.Close()
	s, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(packed.Bytes())
	})
	ex, err := c.Get(context.Background(), s.URL)
	if err != nil || !bytes.Equal(ex.Body, packed.Bytes()) || ex.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("got %+v, %v", ex, err)
	}
}

// tlsServer serves over TLS, with HTTP/2 if both sides want it.
func tlsServer(t *testing.T, h http.HandlerFunc) (*httptest.Server, *Client) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.EnableHTTP2 = true
	s.Config.ErrorLog = quiet
	s.StartTLS()
	t.Cleanup(s.Close)
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return s, &Client{
		Guard:   Guard{Allow: []netip.AddrPort{addrPort(s.Listener)}},
		RootCAs: pool, Resolver: loopback.Names(t, map[string][]string{"other.test": {"127.0.0.1"}}),
		Limits: Limits{Total: 10 * time.Second},
	}
}

func TestTLS(t *testing.T) {
	s, c := tlsServer(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) })
	ex, err := c.Get(context.Background(), s.URL)
	if err != nil || ex.Proto != "HTTP/2.0" || string(ex.Body) != "HTTP/2.0" {
		t.Errorf("got %+v, %v", ex, err)
	}
	_, err = c.Get(context.Background(), strings.Replace(s.URL, "127.0.0.1", "other.test", 1))
	if !errors.Is(err, dateline.ErrRefused) || !strings.Contains(err.Error(), "certificate: x509: ") {
		t.Errorf("another name: %v", err)
	}
	c.RootCAs = x509.NewCertPool()
	_, err = c.Get(context.Background(), s.URL)
	if !errors.Is(err, dateline.ErrRefused) || !strings.HasSuffix(err.Error(), "certificate: x509: certificate signed by unknown authority: refused") {
		t.Errorf("unknown authority: %v", err)
	}
	plain, c := serve(t, func(http.ResponseWriter, *http.Request) {})
	plain.Config.ErrorLog = quiet
	if _, err := c.Get(context.Background(), strings.Replace(plain.URL, "http:", "https:", 1)); !errors.Is(err, dateline.ErrCorrupt) {
		t.Errorf("no TLS at all: %v", err)
	}
}

func TestUnreachable(t *testing.T) {
	s, c := serve(t, func(http.ResponseWriter, *http.Request) {})
	s.Close()
	if _, err := c.Get(context.Background(), s.URL); err == nil || !strings.HasSuffix(err.Error(), "connection refused") || errors.Is(err, dateline.ErrRefused) {
		t.Errorf("nobody listens: %v", err)
	}
	_, err := c.Get(context.Background(), "http://nowhere.test/")
	if !errors.Is(err, dateline.ErrNotFound) || err.Error() != "get http://nowhere.test/: no such host: not found" {
		t.Errorf("no such host: %v", err)
	}
}

// TestPour hands a body on while it comes, of both protocols, with the limits
// of any other.
func TestPour(t *testing.T) {
	const size = 300_000
	text := strings.Repeat("x", size)
	handler := func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/length":
			w.Header().Set("Content-Length", strconv.Itoa(size))
		case "/breaks":
			w.Header().Set("Content-Length", strconv.Itoa(2*size))
		case "/moved":
			http.Redirect(w, r, "/chunked", http.StatusFound)
			return
		case "/missing":
			w.WriteHeader(http.StatusNotFound)
		}
		io.WriteString(w, text[:size/2])
		w.(http.Flusher).Flush()
		io.WriteString(w, text[size/2:])
	}
	plain, c1 := serve(t, handler)
	secure, c2 := tlsServer(t, handler)
	for _, x := range []struct {
		path      string
		most      int64
		read      int // of the body; 0 for all
		poured    int // -1 for none
		truncated bool
		err       error
	}{
		{"/chunked", 1 << 20, 0, size, false, nil},
		{"/length", 1 << 20, 0, size, false, nil},
		{"/moved", 1 << 20, 0, size, false, nil},
		{"/chunked", 1000, 0, 1000, true, nil},
		{"/length", 1000, 0, 1000, true, nil},
		{"/chunked", 1 << 20, 7, 7, false, nil},
		{"/breaks", 1 << 20, 0, size, true, dateline.ErrCorrupt},
		{"/missing", 1 << 20, 0, -1, true, nil},
	} {
		for _, s := range []struct {
			base string
			c    *Client
		}{{plain.URL, c1}, {secure.URL, c2}} {
			got := -1
			ex, err := s.c.Do(t.Context(), Request{URL: s.base + x.path, MaxBody: x.most, Pour: func(h *Hop, body io.Reader) error {
				if h.Status != 200 || h.Header.Get("Content-Type") == "" {
					t.Errorf("%+v", h)
				}
				if x.read > 0 {
					body = io.LimitReader(body, int64(x.read))
				}
				b, _ := io.ReadAll(body)
				got = len(b)
				if string(b) != text[:len(b)] {
					t.Error("not what was served")
				}
				return nil
			}})
			what := fmt.Sprintf("%s%s of at most %d", s.base, x.path, x.most)
			if got != x.poured || !errors.Is(err, x.err) || ex == nil || ex.Truncated != x.truncated {
				t.Errorf("%s: poured %d, %v, %+v", what, got, err, ex)
				continue
			}
			last := ex.Hops[len(ex.Hops)-1]
			switch {
			case x.poured < 0:
				if len(ex.Body) == 0 || len(ex.Body) > maxRedirectBody {
					t.Errorf("%s: %d bytes", what, len(ex.Body))
				}
			case ex.Body != nil || len(last.Response) > 1000 || !strings.HasSuffix(string(last.Response), "\r\n\r\n"):
				t.Errorf("%s: %d bytes of body, response %.1000q", what, len(ex.Body), last.Response)
			}
		}
	}
	// The time that the taker takes is not the server's.
	c1.Limits = Limits{Total: 300 * time.Millisecond, Idle: 300 * time.Millisecond}
	n := 0
	ex, err := c1.Do(t.Context(), Request{URL: plain.URL + "/chunked", Pour: func(_ *Hop, body io.Reader) error {
		for range 3 {
			time.Sleep(150 * time.Millisecond)
			m, _ := io.ReadFull(body, make([]byte, size/3))
			n += m
		}
		_, err := io.Copy(io.Discard, body)
		return err
	}})
	if err != nil || n != size || ex.Truncated {
		t.Errorf("%d bytes, %v", n, err)
	}
	broken := errors.New("the taker has enough")
	if _, err := c1.Do(t.Context(), Request{URL: plain.URL + "/length", Pour: func(*Hop, io.Reader) error { return broken }}); !errors.Is(err, broken) {
		t.Error(err)
	}
}
