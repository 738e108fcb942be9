package fetch

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline"
	"dateline/internal/loopback"
)

// serveBytes answers each request with the next of the responses and keeps the
// requests as they came.
func serveBytes(t *testing.T, responses ...string) (address string, asked *[]string, c *Client) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked = new([]string)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, response := range responses {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			*asked = append(*asked, readHead(conn))
			io.WriteString(conn, response)
			conn.(*net.TCPConn).CloseWrite()
			io.Copy(io.Discard, conn)
			conn.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return "http://" + l.Addr().String(), asked, &Client{Guard: Guard{Allow: []netip.AddrPort{addrPort(l)}}, Resolver: loopback.Names(t, nil)}
}

// readHead reads up to the empty line that ends a request.
func readHead(r io.Reader) string {
	var b bytes.Buffer
	for br := bufio.NewReader(r); ; {
		line, err := br.ReadString('\n')
		b.WriteString(line)
		if err != nil || line == "\r\n" {
			return b.String()
		}
	}
}

func TestBytesAsServed(t *testing.T) {
	for _, c := range []struct {
		name     string
		sent     string
		response string // what is kept, where it is not all of sent
		body     string
	}{
		{"odd case, order and space", "HTTP/1.1 200 oK  then\r\nx-B:  2 \r\nCONTENT-length: 3\r\nX-a:1\r\nserver:\r\n\r\nabc", "", "abc"},
		{"duplicate fields", "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX: y\r\nset-cookie: b=2\r\nContent-Length: 1\r\n\r\nz", "", "z"},
		{"folded lines", "HTTP/1.1 200 OK\r\nX-Long: one\r\n\ttwo\r\n   three\r\nContent-Length: 1\r\n\r\nz", "", "z"},
		{"bare line feeds", "HTTP/1.1 200 OK\nX: y\nContent-Length: 2\n\nab", "", "ab"},
		{"no reason", "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nab", "", "ab"},
		{"bytes beyond ASCII", "HTTP/1.1 200 OK\r\nX: \xe9\xff\r\n\r\n\x00\xff", "", "\x00\xff"},
		{"HTTP/1.0 to the end", "HTTP/1.0 200 OK\r\n\r\nall\r\nof it", "", "all\r\nof it"},
		{"empty", "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n", "", ""},
		{"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n02\r\nde\r\n0\r\n\r\n", "", "abcde"},
		{"chunk extensions and trailers", "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\nTrailer: X-Sum\r\n\r\n" +
			"3;name=\"v\";x\r\nabc\r\n00A\r\n0123456789\r\n0;last\r\nX-Sum: 1\r\nx-other:2\r\n\r\n", "", "abc0123456789"},
		{"a body that looks like a head", "HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "", "HTTP/1.1 200 OK\r\n\r\n"},
		{"informational first", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nz",
			"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nz", "z"},
		{"more than declared", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabcHTTP/1.1 500 X\r\n\r\n",
			"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", "ab"},
		{"more after the chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\nmore",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", "a"},
		{"large", "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + strings.Repeat("0123456789", 30000), "", strings.Repeat("0123456789", 30000)},
		{"large in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("5\r\n01234\r\n", 30000) + "0\r\n\r\n", "", strings.Repeat("01234", 30000)},
		{"304 with a length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\nETag: \"x\"\r\n\r\n", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			address, asked, client := serveBytes(t, c.sent)
			ex, err := client.Get(t.Context(), address+"/a?b")
			if err != nil {
				t.Fatal(err)
			}
			want := c.response
			if want == "" {
				want = c.sent
			}
			h := ex.Hops[0]
			if d := cmp.Diff(want, string(h.Response)); d != "" {
				t.Errorf("response (-want +got):\n%s", d)
			}
			if d := cmp.Diff(c.body, string(ex.Body)); d != "" || ex.Truncated || h.Truncated != "" {
				t.Errorf("body, or truncated %q (-want +got):\n%s", h.Truncated, d)
			}
			if d := cmp.Diff((*asked)[0], string(h.Request)); d != "" {
				t.Errorf("request (-sent +kept):\n%s", d)
			}
			if h.URL != address+"/a?b" || h.IP != netip.MustParseAddr("127.0.0.1") || h.Protocol != "http/1.1" || h.Fetched.IsZero() || h.Took <= 0 {
				t.Errorf("hop %+v", h)
			}
		})
	}
}

// The body is the response's own bytes where these are the body.
func TestBodyHeldOnce(t *testing.T) {
	address, _, c := serveBytes(t, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")
	ex, err := c.Get(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	r := ex.Hops[0].Response
	if &r[len(r)-3] != &ex.Body[0] {
		t.Error("the body is a copy")
	}
	_ = append(ex.Body, 'x') // must not write into what follows
}

func TestCut(t *testing.T) {
	long := strings.Repeat("x", 1000)
	for _, c := range []struct {
		name, sent string
		response   string
		body       string
		why        string
		err        error
	}{
		{"over the limit", "HTTP/1.1 200 OK\r\n\r\n" + long, "HTTP/1.1 200 OK\r\n\r\n" + long[:100], long[:100], "length", nil},
		{"breaks off", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "abc", "disconnect", dateline.ErrCorrupt},
		{"chunks break off", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", "abc", "disconnect", dateline.ErrCorrupt},
		{"chunks over the limit", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + long + "\r\n0\r\n\r\n",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + long[:101], long[:100], "length", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			address, _, client := serveBytes(t, c.sent)
			ex, err := client.Do(t.Context(), Request{URL: address, MaxBody: 100})
			if !errors.Is(err, c.err) || ex == nil {
				t.Fatalf("got %v, %v, want %v", ex, err, c.err)
			}
			h := ex.Hops[0]
			if d := cmp.Diff(c.response, string(h.Response)); d != "" {
				t.Errorf("response (-want +got):\n%s", d)
			}
			if string(ex.Body) != c.body || h.Truncated != c.why || !ex.Truncated {
				t.Errorf("body %q, truncated %q, want %q, %q", ex.Body, h.Truncated, c.body, c.why)
			}
		})
	}
}

func TestRedirectsKept(t *testing.T) {
	first := "HTTP/1.1 301 Moved\r\nlocation: /b#x\r\nContent-Length: 4\r\n\r\nmove"
	second := "HTTP/1.1 302 Found\r\nLocation: /c\r\nContent-Length: 900\r\n\r\nbreaks off"
	last := "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	address, asked, c := serveBytes(t, first, second, last)
	ex, err := c.Do(t.Context(), Request{URL: address + "/a", ETag: `W/"1"`, LastModified: "Wed, 01 May 2024 12:00:00 GMT"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, h := range ex.Hops {
		got = append(got, fmt.Sprintf("%s %d %q %q %s", strings.TrimPrefix(h.URL, address), h.Status, strings.TrimPrefix(h.Location, address), h.Truncated, h.Response))
		if string(h.Request) != (*asked)[i] {
			t.Errorf("request %q, kept as %q", (*asked)[i], h.Request)
		}
		if has := strings.Contains((*asked)[i], "If-"); has != (i == 0) {
			t.Errorf("hop %d was asked %q", i, (*asked)[i])
		}
	}
	want := []string{`/a 301 "/b" "" ` + first, `/b 302 "/c" "disconnect" ` + second, `/c 200 "" "" ` + last}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("hops (-want +got):\n%s", d)
	}
}

func TestFollow(t *testing.T) {
	address, _, c := serveBytes(t, "HTTP/1.1 301 Moved\r\nLocation: //other.example/x\r\nContent-Length: 4\r\n\r\nmove")
	var asked []string
	ex, err := c.Do(t.Context(), Request{URL: address, Follow: func(_ int, to string) bool { asked = append(asked, to); return false }})
	if err != nil || ex.Status != 301 || string(ex.Body) != "move" || ex.FinalURL != address+"/" || ex.Hops[0].Location != "http://other.example/x" {
		t.Errorf("got %+v, %v", ex, err)
	}
	if d := cmp.Diff([]string{"http://other.example/x"}, asked); d != "" {
		t.Errorf("asked (-want +got):\n%s", d)
	}
}

func TestConditional(t *testing.T) {
	s, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		http.ServeContent(w, r, "a.txt", noon, strings.NewReader("text"))
	})
	ex, err := c.Get(t.Context(), s.URL)
	if err != nil || ex.Status != 200 {
		t.Fatal(ex, err)
	}
	for _, r := range []Request{
		{ETag: ex.Header.Get("ETag")},
		{LastModified: ex.Header.Get("Last-Modified")},
		{ETag: ex.Header.Get("ETag"), LastModified: "Sat, 01 Jan 2000 00:00:00 GMT"},
	} {
		r.URL = s.URL
		if ex, err := c.Do(t.Context(), r); err != nil || ex.Status != 304 || len(ex.Body) > 0 {
			t.Errorf("%+v: got %+v, %v", r, ex, err)
		}
	}
	for _, r := range []Request{{ETag: `"v0"`}, {ETag: "\"v1\"\r\nX: y"}, {ETag: `"` + strings.Repeat("x", 2000) + `"`}} {
		r.URL = s.URL
		if ex, err := c.Do(t.Context(), r); err != nil || ex.Status != 200 {
			t.Errorf("%+v: got %+v, %v", r, ex, err)
		}
	}
	if _, err := c.Do(t.Context(), Request{URL: s.URL, Accept: "a\r\nb"}); !errors.Is(err, dateline.ErrInvalid) {
		t.Errorf("bad accept: %v", err)
	}
}

func TestHTTP2Kept(t *testing.T) {
	s, c := tlsServer(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header()["X-B"] = []string{"1", "2"}
		w.Header().Set("Date", "x")
		io.WriteString(w, "text")
	})
	ex, err := c.Do(t.Context(), Request{URL: s.URL + "/a?b", ETag: `"1"`})
	if err != nil {
		t.Fatal(err)
	}
	h := ex.Hops[0]
	host := s.Listener.Addr().String()
	if d := cmp.Diff("GET /a?b HTTP/1.1\r\nHost: "+host+"\r\nUser-Agent: Dateline/dev\r\n"+
		"Accept: text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8\r\nAccept-Encoding: gzip, br, zstd\r\nIf-None-Match: \"1\"\r\n\r\n", string(h.Request)); d != "" {
		t.Errorf("request (-want +got):\n%s", d)
	}
	if d := cmp.Diff("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Type: text/plain; charset=utf-8\r\nDate: x\r\nX-B: 1\r\nX-B: 2\r\n\r\ntext", string(h.Response)); d != "" {
		t.Errorf("response (-want +got):\n%s", d)
	}
	if h.Protocol != "h2" || h.IP != netip.MustParseAddr("127.0.0.1") || string(ex.Body) != "text" {
		t.Errorf("hop %+v", h)
	}
}

// HTTP/1.1 inside TLS is kept as sent too, through a proxy's tunnel as well.
func TestTLSKept(t *testing.T) {
	const response = "HTTP/1.1 200 fine\r\nx-odd:1\r\nTransfer-Encoding: chunked\r\n\r\n1;x\r\na\r\n0\r\n\r\n"
	s, c := tlsServer(t, nil)
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		io.WriteString(conn, response)
	})
	s.TLS.NextProtos = []string{"http/1.1"}
	for _, proxy := range []string{"", "http", "socks5"} {
		if proxy != "" {
			c.Proxy = newProxy(t, proxy, s.Listener.Addr().String())
			c.Guard.AllowPrivate = true
		}
		ex, err := c.Get(t.Context(), s.URL)
		if err != nil {
			t.Errorf("proxy %q: %v", proxy, err)
			continue
		}
		if h := ex.Hops[0]; string(h.Response) != response || h.Protocol != "http/1.1" || h.IP.IsValid() != (proxy == "") {
			t.Errorf("proxy %q: hop %+v with response %q", proxy, h, h.Response)
		}
	}
}

// benchServer answers every connection with the same bytes.
func benchServer(b *testing.B, secure bool) (*httptest.Server, *Client) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write(make([]byte, 50<<10))
	}))
	c := &Client{}
	if secure {
		s.EnableHTTP2 = true
		s.StartTLS()
		c.RootCAs = s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	} else {
		s.Start()
	}
	b.Cleanup(s.Close)
	c.Guard.Allow = []netip.AddrPort{addrPort(s.Listener)}
	return s, c
}

func BenchmarkGet(b *testing.B) {
	for name, secure := range map[string]bool{"http1": false, "h2": true} {
		b.Run(name, func(b *testing.B) {
			s, c := benchServer(b, secure)
			b.ReportAllocs()
			b.SetBytes(50 << 10)
			for b.Loop() {
				if _, err := c.Get(context.Background(), s.URL); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// FuzzResponse: whatever a server sends, nothing panics, what is kept is part
// of it in one piece, and the body is within the limit.
func FuzzResponse(f *testing.F) {
	for _, s := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
		"HTTP/1.1 103 X\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x\r\na\r\n0\r\nA: b\r\n\r\nmore",
		"HTTP/1.0 301 X\r\nLocation: http://[\r\n\r\n", "HTTP/1.1 200\nContent-Length: -1\n\n", "HTTP/1.1 304 X\r\nContent-Length: 9\r\n\r\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, sent []byte) {
		const limit = 100
		near, far := net.Pipe()
		defer near.Close()
		go func() {
			readHead(far)
			far.Write(sent)
			far.Close()
		}()
		x := &exchanger{client: &Client{}, lim: Limits{BodyBytes: limit, HeaderBytes: 1000}.withDefaults()}
		u, _ := parseURL(nil, "http://outlet.example/")
		ctx, cancel := context.WithCancelCause(context.Background())
		defer cancel(nil)
		var h Hop
		body, err := x.http1(ctx, cancel, &conn{Conn: near, raw: near}, u, nil, &h)
		if h.Status == 0 && err == nil || len(body) > limit {
			t.Errorf("%q: status %d, %v, body of %d bytes", sent, h.Status, err, len(body))
		}
		if !bytes.Contains(sent, h.Response) {
			t.Errorf("%q: kept %q", sent, h.Response)
		}
	})
}
