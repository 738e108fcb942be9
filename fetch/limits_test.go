package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline"
	"dateline/internal/loopback"
)

var quiet = log.New(io.Discard, "", 0)

const short = 50 * time.Millisecond

func TestDefaults(t *testing.T) {
	want := Limits{10 * time.Second, 30 * time.Second, 20 * time.Second, 500, 30 * time.Second, 120 * time.Second, 65536, 10485760, 10}
	if got := (Limits{}).withDefaults(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestHeaderLimit(t *testing.T) {
	send := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for i := range n {
				w.Header().Set(fmt.Sprintf("X-%d", i), strings.Repeat("x", 1000))
			}
		}
	}
	for _, c := range []struct {
		kilobytes int
		want      error
	}{{60, nil}, {70, dateline.ErrTooLarge}, {10000, dateline.ErrTooLarge}} {
		s1, c1 := serve(t, send(c.kilobytes))
		if _, err := c1.Get(context.Background(), s1.URL); !errors.Is(err, c.want) {
			t.Errorf("HTTP/1, %d kB: %v, want %v", c.kilobytes, err, c.want)
		}
		s2, c2 := tlsServer(t, send(c.kilobytes))
		_, err := c2.Get(context.Background(), s2.URL)
		// Far beyond the limit HTTP/2 drops the connection without saying why.
		if !errors.Is(err, c.want) && !(c.kilobytes > 1000 && errors.Is(err, dateline.ErrCorrupt)) {
			t.Errorf("HTTP/2, %d kB: %v, want %v", c.kilobytes, err, c.want)
		}
	}
}

func TestBodyLimit(t *testing.T) {
	h := func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/endless":
			for {
				if _, err := io.WriteString(w, strings.Repeat("x", 1000)); err != nil {
					return
				}
			}
		case "/exact":
			io.WriteString(w, strings.Repeat("x", 100000))
		case "/over":
			io.WriteString(w, strings.Repeat("x", 100001))
		}
	}
	s1, c1 := serve(t, h)
	testBodyLimit(t, s1.URL, c1)
	s2, c2 := tlsServer(t, h)
	testBodyLimit(t, s2.URL, c2)
}

func testBodyLimit(t *testing.T, url string, c *Client) {
	t.Helper()
	c.Limits.BodyBytes = 100000
	for path, cut := range map[string]bool{"/endless": true, "/exact": false, "/over": true} {
		ex, err := c.Get(context.Background(), url+path)
		if err != nil || len(ex.Body) != 100000 || ex.Truncated != cut {
			t.Errorf("%s: %v, or not the limit, or not Truncated %v", path, err, cut)
		}
	}
	c.Limits.BodyBytes = 0
	ex, err := c.Get(context.Background(), url+"/endless")
	if err != nil || len(ex.Body) != 10<<20 || !ex.Truncated {
		t.Errorf("default limit: %v", err)
	}
}

// serveDrip sends head, then drop after each interval until the client
// goes away.
func serveDrip(t *testing.T, head, drop string, every time.Duration) (string, *Client) {
	return serveRaw(t, func(conn net.Conn) {
		io.WriteString(conn, head)
		for {
			time.Sleep(every)
			if _, err := io.WriteString(conn, drop); err != nil {
				return
			}
		}
	})
}

func TestTimeLimits(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
	for _, c := range []struct {
		name, head, drop string
		every            time.Duration
		set              func(*Limits)
		want             string
		body             bool
	}{
		{"silent", "", "", time.Second, func(l *Limits) { l.Headers = short }, "no response headers within 50ms", false},
		{"headers drip", "HTTP/1.1 200 OK\r\nX: ", "x", short / 10, func(l *Limits) { l.Headers = short }, "no response headers within 50ms", false},
		{"1xx drip", "", "HTTP/1.1 103 Early Hints\r\n\r\n", short / 5, func(l *Limits) { l.Headers = short }, "", false},
		{"body stops", head + "some", "", time.Second, func(l *Limits) { l.Idle = short }, "no more of the body within 50ms", true},
		{"body drips", head + "some", "x", short / 10, func(l *Limits) { l.Idle, l.Total = 20*short, 2*short }, "no end within 100ms", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			url, client := serveDrip(t, c.head, c.drop, c.every)
			c.set(&client.Limits)
			began := time.Now()
			ex, err := client.Get(context.Background(), url)
			if took := time.Since(began); took > 4*time.Second {
				t.Errorf("took %v", took)
			}
			if err == nil || c.want != "" && (!errors.Is(err, context.DeadlineExceeded) || !strings.HasSuffix(err.Error(), c.want)) {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if c.body && (ex == nil || !ex.Truncated || !strings.HasPrefix(string(ex.Body), "some")) || !c.body && ex != nil {
				t.Errorf("exchange %+v", ex)
			}
		})
	}
}

func TestConnectLimit(t *testing.T) {
	c := &Client{Resolver: loopback.Names(t, map[string][]string{"slow.test": {"silence"}}), Limits: Limits{Connect: short}}
	_, err := c.Get(context.Background(), "http://slow.test/")
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "within 50ms") {
		t.Errorf("silent name server: %v", err)
	}

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() // Nobody accepts, so the connection is made and no more.
	c.Guard.Allow = []netip.AddrPort{addrPort(l)}
	_, err = c.Get(context.Background(), "https://"+l.Addr().String()+"/")
	if !errors.Is(err, context.DeadlineExceeded) || !strings.HasSuffix(err.Error(), "no TLS handshake within 50ms") {
		t.Errorf("silent TLS server: %v", err)
	}
}

func TestCancel(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
	for _, head := range []string{"", head} {
		url, c := serveDrip(t, head, "", time.Second)
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(short, cancel)
		if _, err := c.Get(ctx, url); !errors.Is(err, context.Canceled) {
			t.Errorf("after %q: %v", head, err)
		}
	}
}

func TestBrokenResponses(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	for _, c := range []struct {
		name, response string
		body           string
		want           string // the end of the error, or "" for none
	}{
		{"length too long", ok + "Content-Length: 9\r\n\r\nabc", "abc", "body broke off after 3 of 9 bytes: unexpected EOF: corrupt"},
		{"length too short", ok + "Content-Length: 2\r\n\r\nabc", "ab", ""},
		{"length huge", ok + "Content-Length: 10737418240\r\n\r\nabc", "abc", "unexpected EOF: corrupt"},
		{"two lengths", ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc", "", "/: message cannot contain multiple Content-Length headers; got [\"2\" \"3\"]: corrupt"},
		{"length negative", ok + "Content-Length: -1\r\n\r\nabc", "", ": corrupt"},
		{"length beyond 64 bits", ok + "Content-Length: 18446744073709551616\r\n\r\nabc", "", ": corrupt"},
		{"no length", ok + "\r\nabc", "abc", ""},
		{"chunks cut", ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5\r\nx", "abcx", "body broke off after 4 bytes: unexpected EOF: corrupt"},
		{"chunks malformed", ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "", ": corrupt"},
		{"nothing", "", "", "/: connection closed without a response: corrupt"},
		{"not HTTP", "\x1b[2J\r\n\r\n", "", `/: malformed HTTP response "\x1b[2J": corrupt`},
		{"1xx flood", strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 100000) + ok + "\r\nabc", "", ": "},
	} {
		t.Run(c.name, func(t *testing.T) {
			url, client := serveRaw(t, func(conn net.Conn) {
				io.WriteString(conn, c.response)
				conn.(*net.TCPConn).CloseWrite()
				io.Copy(io.Discard, conn)
			})
			ex, err := client.Get(context.Background(), url)
			got := ""
			if ex != nil {
				got = string(ex.Body)
			}
			if got != c.body || ex != nil && ex.Truncated != (err != nil) {
				t.Errorf("exchange %+v, want body %q", ex, c.body)
			}
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if err != nil && strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' }) {
				t.Errorf("control characters in %q", err)
			}
		})
	}
}

// A body may take longer than the idle limit so long as it keeps coming.
func TestSlowBody(t *testing.T) {
	s, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for range 12 {
			io.WriteString(w, "x")
			w.(http.Flusher).Flush()
			time.Sleep(short / 2)
		}
	})
	c.Limits.Idle = 4 * short
	if ex, err := c.Get(context.Background(), s.URL); err != nil || len(ex.Body) != 12 || ex.Truncated {
		t.Errorf("got %+v, %v", ex, err)
	}
}

// TestReady: what a request waits for is called when its connection stands and
// before anything is sent, for each request of an exchange; where it fails
// nothing is.
func TestReady(t *testing.T) {
	var mu sync.Mutex
	var order []string
	say := func(s string) {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, s)
	}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		say(r.URL.Path)
		if r.URL.Path == "/a" {
			http.Redirect(w, r, "/b", http.StatusFound)
		}
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			say("connected")
		}
	}
	srv.Start()
	defer srv.Close()
	c := &Client{Guard: Guard{Allow: []netip.AddrPort{netip.MustParseAddrPort(srv.Listener.Addr().String())}}}
	connected := func() error {
		for {
			mu.Lock()
			n := len(order)
			is := n > 0 && order[n-1] == "connected"
			mu.Unlock()
			if is {
				break
			}
			runtime.Gosched()
		}
		say("ready")
		return nil
	}
	if _, err := c.Do(t.Context(), Request{URL: srv.URL + "/a", Ready: connected}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(order, " "); got != "connected ready /a connected ready /b" {
		t.Error(got)
	}
	order = nil
	broken := errors.New("the disk has a fault")
	if ex, err := c.Do(t.Context(), Request{URL: srv.URL + "/a", Ready: func() error { return broken }}); ex != nil || !errors.Is(err, broken) {
		t.Errorf("%v, %v", ex, err)
	}
	if got := strings.Join(order, " "); strings.Contains(got, "/a") {
		t.Error(got)
	}
}
