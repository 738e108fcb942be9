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
	"strings"
	"testing"
	"time"

	"dateline"

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
		RootCAs: pool, Resolver: names(t, map[string][]string{"other.test": {"127.0.0.1"}}),
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
