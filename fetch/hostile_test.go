package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dateline"
	"dateline/internal/loopback"
)

// What a server can do to hold or fill a worker. Each ends within the limits,
// the connection is closed and its place given back.
func TestHostileServers(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	endless := func(s string) func(net.Conn) {
		block := []byte(strings.Repeat(s, 1+4096/len(s)))
		return func(conn net.Conn) {
			for {
				if _, err := conn.Write(block); err != nil {
					return
				}
			}
		}
	}
	drip := func(s string) func(net.Conn) {
		return func(conn net.Conn) {
			for tick := time.NewTicker(short / 10); ; <-tick.C {
				if _, err := io.WriteString(conn, s); err != nil {
					tick.Stop()
					return
				}
			}
		}
	}
	say := func(head string, then func(net.Conn)) func(net.Conn) {
		return func(conn net.Conn) {
			io.WriteString(conn, head)
			if then != nil {
				then(conn)
			}
		}
	}
	hold := func(conn net.Conn) { io.Copy(io.Discard, conn) }
	for _, c := range []struct {
		name   string
		serve  func(net.Conn)
		limits Limits
		err    error  // wrapped, nil for none
		says   string // in the error
		body   int    // its length, -1 for any
	}{
		{"slow headers", drip("X"), Limits{Headers: 3 * short}, context.DeadlineExceeded, "no response headers", 0},
		{"slow header lines", say(ok, drip("X: y\r\n")), Limits{Headers: 3 * short}, context.DeadlineExceeded, "no response headers", 0},
		{"tarpit", say(ok+"\r\n", drip("x")), Limits{MinRate: 10000, RateWindow: 3 * short}, context.DeadlineExceeded, "fewer than 10000 bytes a second", -1},
		{"tarpit in chunks", say(ok+"Transfer-Encoding: chunked\r\n\r\n", drip("1\r\nx\r\n")), Limits{MinRate: 10000, RateWindow: 3 * short}, context.DeadlineExceeded, "fewer than", -1},
		{"tarpit of chunk extensions", say(ok+"Transfer-Encoding: chunked\r\n\r\n1", drip(";x")), Limits{Idle: 3 * short}, context.DeadlineExceeded, "no more of the body", 0},
		{"silence in a body of 10 GiB", say(ok+"Content-Length: 10737418240\r\n\r\nx", hold), Limits{Idle: short}, context.DeadlineExceeded, "no more of the body", 1},
		{"endless body", say(ok+"\r\n", endless("random text ")), Limits{BodyBytes: 1 << 20}, nil, "", 1 << 20},
		{"endless chunks", say(ok+"Transfer-Encoding: chunked\r\n\r\n", endless("40\r\n"+strings.Repeat("x", 64)+"\r\n")), Limits{BodyBytes: 1 << 20}, nil, "", 1 << 20},
		{"endless chunks of a byte", say(ok+"Transfer-Encoding: chunked\r\n\r\n", endless("1\r\nx\r\n")), Limits{BodyBytes: 1 << 20}, nil, "", -1},
		{"endless chunk extension", say(ok+"Transfer-Encoding: chunked\r\n\r\n1;", endless("x")), Limits{BodyBytes: 1 << 20}, dateline.ErrCorrupt, "", 0},
		{"endless trailers", say(ok+"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", endless("X: y\r\n")), Limits{BodyBytes: 1 << 20}, dateline.ErrCorrupt, "", 1},
		{"endless header line", say(ok+"X: ", endless("x")), Limits{}, dateline.ErrTooLarge, "headers over 65536 bytes", 0},
		{"endless headers", say(ok, endless("X: y\r\n")), Limits{}, dateline.ErrTooLarge, "headers over", 0},
		{"endless early hints", endless("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"), Limits{}, dateline.ErrTooLarge, "headers over", 0},
		{"10,000 headers", say(ok+strings.Repeat("A:b\r\n", 10000)+"\r\nx", nil), Limits{}, nil, "", 1},
		{"a location of 1 MiB", say("HTTP/1.1 302 X\r\nLocation: /"+strings.Repeat("x", 1<<20)+"\r\n\r\n", nil), Limits{}, dateline.ErrTooLarge, "headers over", 0},
		{"a location of 60 kB", say("HTTP/1.1 302 X\r\nLocation: /"+strings.Repeat("x", 60000)+"\r\n\r\n", nil), Limits{}, dateline.ErrInvalid, "address of 600", 0},
		{"another protocol", say("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", hold), Limits{}, dateline.ErrCorrupt, "another protocol", 0},
		{"a redirect without an end", say("HTTP/1.1 302 X\r\nLocation: http://[::1]/\r\n\r\n", endless("x")), Limits{}, dateline.ErrRefused, "loopback", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			ended := make(chan struct{})
			url, client := serveRaw(t, func(conn net.Conn) {
				defer close(ended)
				c.serve(conn)
			})
			client.Limits = c.limits
			if client.Limits.Idle == 0 {
				client.Limits.Idle = 5 * time.Second
			}
			client.Limits.Total = 10 * time.Second
			began := time.Now()
			ex, err := client.Get(t.Context(), url)
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
			if !errors.Is(err, c.err) || err != nil && (c.err == nil || !strings.Contains(err.Error(), c.says) || len(err.Error()) > 600) {
				t.Errorf("got %v, want %v %s", err, c.err, c.says)
			}
			n := 0
			if ex != nil {
				n = len(ex.Body)
			}
			if c.body >= 0 && n != c.body {
				t.Errorf("%d bytes of body, want %d", n, c.body)
			}
			<-ended // The server sees the end of the connection.
			if len(client.slots.held) > 0 {
				t.Error("a place was not given back")
			}
		})
	}
}

func TestRedirectLoop(t *testing.T) {
	var asked atomic.Int32
	s, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.Redirect(w, r, map[string]string{"/a": "/b", "/b": "/a"}[r.URL.Path], http.StatusFound)
	})
	if ex, err := c.Get(t.Context(), s.URL+"/a"); ex != nil || !errors.Is(err, dateline.ErrRefused) || asked.Load() != 11 {
		t.Errorf("got %v, %v after %d requests", ex, err, asked.Load())
	}
}

// One address may serve many hosts: it has four connections at most, however
// many of them are asked at once.
func TestPlacesPerAddress(t *testing.T) {
	var mu sync.Mutex
	now, most := 0, 0
	full := make(chan struct{})
	s, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		now++
		if most = max(most, now); now == 4 && most == 4 {
			select {
			case <-full:
			default:
				close(full)
			}
		}
		mu.Unlock()
		<-full // Nobody is answered before four are here.
		mu.Lock()
		now--
		mu.Unlock()
	})
	answers := map[string][]string{}
	for i := range 20 {
		answers[fmt.Sprintf("outlet%d.test", i)] = []string{"127.0.0.1"}
	}
	c.Resolver = loopback.Names(t, answers)
	var wg sync.WaitGroup
	for name := range answers {
		wg.Go(func() {
			if _, err := c.Get(t.Context(), strings.Replace(s.URL, "127.0.0.1", name, 1)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if most != 4 || len(c.slots.held) > 0 {
		t.Errorf("%d connections at once, want 4; %d places held", most, len(c.slots.held))
	}
}

// Waiting for a place is no failure to connect, but does not last for ever.
func TestWaitForPlace(t *testing.T) {
	here, leave := make(chan struct{}), make(chan struct{})
	s, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		here <- struct{}{}
		<-leave
	})
	c.MaxPerAddress = 1
	first := make(chan error)
	go func() {
		_, err := c.Get(context.Background(), s.URL)
		first <- err
	}()
	<-here
	ctx, cancel := context.WithTimeout(t.Context(), short)
	defer cancel()
	if _, err := c.Get(ctx, s.URL); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("second: %v", err)
	}
	close(leave)
	if err := <-first; err != nil {
		t.Errorf("first: %v", err)
	}
	if len(c.slots.held) > 0 {
		t.Error("a place was not given back")
	}
}

// A name with a dead address, an inner one and a good one leads to the good
// one, and the inner one is not touched.
func TestManyAddresses(t *testing.T) {
	s, c := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "ok") })
	here := addrPort(s.Listener)
	inner, err := net.Listen("tcp", netip.AddrPortFrom(netip.MustParseAddr("127.0.0.3"), here.Port()).String())
	if err != nil {
		t.Skipf("the port is taken on 127.0.0.3: %v", err)
	}
	can := loopback.NewCanary(t, inner)
	c.Guard.Allow = append(c.Guard.Allow, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.2"), here.Port()))
	c.Resolver = loopback.Names(t, map[string][]string{"site.test": {"127.0.0.2 127.0.0.3 127.0.0.1"}})
	ex, err := c.Get(t.Context(), fmt.Sprintf("http://site.test:%d/", here.Port()))
	if err != nil || string(ex.Body) != "ok" || ex.Hops[0].IP != here.Addr() {
		t.Errorf("got %+v, %v", ex, err)
	}
	can.Untouched(t, "second address")
}

// A large body is handed over, a small one copied, and neither is touched by
// the fetch that uses the same buffers next.
func TestBuffersNotShared(t *testing.T) {
	s, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		n := 100
		if r.URL.Query().Has("large") {
			n = 2 << 20
		}
		for range n / 100 {
			w.Write(bytes.Repeat([]byte(r.URL.Path[1:]), 100))
			if r.URL.Query().Has("chunks") {
				w.(http.Flusher).Flush()
			}
		}
	})
	var all []*Exchange
	for _, path := range []string{"/a?chunks", "/b", "/c?large", "/d?large&chunks", "/e?chunks", "/f", "/g"} {
		ex, err := c.Get(t.Context(), s.URL+path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, ex)
	}
	for i, ex := range all {
		want := byte('a' + i)
		if n := bytes.Count(ex.Body, []byte{want}); n != len(ex.Body) || n == 0 {
			t.Errorf("body %d has %d of %d bytes right", i, n, len(ex.Body))
		}
		if !bytes.Contains(ex.Hops[0].Response, bytes.Repeat([]byte{want}, 100)) {
			t.Errorf("response %d is another's", i)
		}
	}
}

// Over HTTP/2 a body is held to the same limits, and the stream is ended.
func TestHostileHTTP2(t *testing.T) {
	ended := make(chan struct{}, 2)
	s, c := tlsServer(t, func(w http.ResponseWriter, r *http.Request) {
		defer func() { ended <- struct{}{} }()
		io.WriteString(w, "some")
		w.(http.Flusher).Flush()
		if r.URL.Path == "/silent" {
			<-r.Context().Done()
			return
		}
		tick := time.NewTicker(short / 10)
		defer tick.Stop()
		for r.Context().Err() == nil {
			<-tick.C
			io.WriteString(w, "x")
			w.(http.Flusher).Flush()
		}
	})
	for _, x := range []struct {
		path, says string
		limits     Limits
	}{
		{"/silent", "no more of the body within 50ms", Limits{Idle: short}},
		{"/drip", "fewer than 10000 bytes a second of the body over 150ms", Limits{MinRate: 10000, RateWindow: 3 * short}},
	} {
		c.Limits = x.limits
		ex, err := c.Get(t.Context(), s.URL+x.path)
		if !errors.Is(err, context.DeadlineExceeded) || !strings.HasSuffix(err.Error(), x.says) {
			t.Errorf("%s: %v", x.path, err)
		}
		if ex == nil || !strings.HasPrefix(string(ex.Body), "some") || ex.Hops[0].Truncated != "time" || ex.Hops[0].Protocol != "h2" {
			t.Errorf("%s: %+v", x.path, ex)
		}
		<-ended
	}
}
