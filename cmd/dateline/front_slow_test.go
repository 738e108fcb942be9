package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"dateline/internal/export"
)

// pipes is a listener of connections within the test, where time is the test's.
type pipes struct {
	made chan net.Conn
	shut chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.made:
		return c, nil
	case <-p.shut:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { close(p.shut); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

// dial is a client's end of a new connection.
func (p *pipes) dial() net.Conn {
	client, server := net.Pipe()
	p.made <- server
	return client
}

// took is how long something takes, in seconds.
func took(do func()) int {
	start := time.Now()
	do()
	return int(time.Since(start).Seconds())
}

// drip writes a byte a second until it cannot.
func drip(c net.Conn, s io.Reader) {
	b := []byte{0}
	for {
		if _, err := s.Read(b); err != nil {
			return
		}
		if _, err := c.Write(b); err != nil {
			return
		}
		time.Sleep(time.Second)
	}
}

// lazy is a connection that reads so many bytes in such a time, once it is said
// to.
type lazy struct {
	net.Conn
	bytes int
	every time.Duration
}

func (c *lazy) Read(b []byte) (int, error) {
	if c.bytes > 0 {
		time.Sleep(c.every)
		b = b[:min(len(b), c.bytes)]
	}
	return c.Conn.Read(b)
}

// zeros has no end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// TestSlowClients has clients take their time. Each is let go within its bounds,
// what is streamed goes on as long as it is read, and others are answered.
func TestSlowClients(t *testing.T) {
	pair := makePair(t, "record.example", time.Now().Add(time.Hour))
	for _, scheme := range []string{"http", "https"} {
		t.Run(scheme, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { slowClients(t, scheme, pair) })
		})
	}
}

func slowClients(t *testing.T, scheme string, pair tls.Certificate) {
	ended := make(chan error, 1) // what a handler ends with
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "ok") })
	mux.HandleFunc("POST /body", func(w http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		ended <- err
	})
	mux.HandleFunc("GET /stream", func(w http.ResponseWriter, r *http.Request) {
		chunk := make([]byte, 32<<10)
		for {
			if _, err := w.Write(chunk); err != nil || r.Context().Err() != nil {
				ended <- errors.Join(err, r.Context().Err())
				return
			}
		}
	})
	mux.HandleFunc("GET /minutes", func(w http.ResponseWriter, r *http.Request) {
		for range 60 {
			time.Sleep(5 * time.Second)
			if _, err := fmt.Fprintln(w, strings.Repeat("x", 20<<10)); err != nil || r.Context().Err() != nil {
				ended <- fmt.Errorf("broken off: %v, %v", err, r.Context().Err())
				return
			}
			w.(http.Flusher).Flush()
		}
		ended <- nil
	})
	mux.HandleFunc("GET /pauses", func(w http.ResponseWriter, r *http.Request) {
		file := export.Send(w, "csv", "figures")
		for range 5 {
			fmt.Fprintln(file, strings.Repeat("x", 40<<10))
			file.Flush()
			http.NewResponseController(w).Flush()
			time.Sleep(time.Minute) // in which it finds nothing to send
		}
		ended <- r.Context().Err()
	})
	s := limited(mux, slog.DiscardHandler)
	l := &pipes{make(chan net.Conn), make(chan struct{})}
	go func() {
		if scheme == "https" {
			s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}}
			s.ServeTLS(&patient{l}, "", "")
		} else {
			s.Serve(&patient{l})
		}
	}()
	defer s.Close()
	var line *lazy // of the last connection
	connect := func(protocols ...string) net.Conn {
		line = &lazy{Conn: l.dial()}
		var c net.Conn = line
		if scheme == "https" {
			tc := tls.Client(c, &tls.Config{InsecureSkipVerify: true, NextProtos: protocols})
			if err := tc.Handshake(); err != nil {
				t.Fatal(err)
			}
			return tc
		}
		return c
	}
	within := func(what string, got, least, most int) {
		t.Helper()
		if got < least || got > most {
			t.Errorf("%s: let go after %d s, want %d to %d", what, got, least, most)
		}
		c := connect()
		defer c.Close()
		fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: record.example\r\nConnection: close\r\n\r\n")
		if b, err := io.ReadAll(c); !bytes.HasSuffix(b, []byte("ok")) {
			t.Errorf("after %s another is answered %q, %v", what, b, err)
		}
	}
	within("says nothing", took(func() { io.Copy(io.Discard, l.dial()) }), 1, 11)
	within("a byte of the headers a second", took(func() {
		c := connect()
		go io.Copy(io.Discard, c)
		drip(c, io.MultiReader(strings.NewReader("GET / HTTP/1.1\r\nHost: record.example\r\nX: "), zeros{}))
	}), 1, 12)
	within("a byte of the body a second", took(func() {
		c := connect()
		go io.Copy(io.Discard, c)
		fmt.Fprint(c, "POST /body HTTP/1.1\r\nHost: record.example\r\nContent-Length: 100000\r\n\r\n")
		go drip(c, zeros{})
		if err := <-ended; err == nil {
			t.Error("a body of 100,000 bytes was read")
		}
	}), 1, 61)
	for _, slow := range []struct {
		bytes int
		every time.Duration
	}{{1, time.Second}, {1000, time.Second}, {64 << 10, 20 * time.Second}} {
		within(fmt.Sprint("takes ", slow.bytes, " bytes of the answer in ", slow.every), took(func() {
			c := connect()
			defer c.Close()
			fmt.Fprint(c, "GET /stream HTTP/1.1\r\nHost: record.example\r\n\r\n")
			line.bytes, line.every = slow.bytes, slow.every
			go io.Copy(io.Discard, c)
			if err := <-ended; err == nil {
				t.Error("a stream without end ended well")
			}
		}), 1, 150)
	}
	within("asks for nothing more", took(func() {
		c := connect()
		defer c.Close()
		fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: record.example\r\n\r\n")
		io.Copy(io.Discard, c)
	}), 60, 121)
	within("reads an answer of five minutes as it comes", took(func() {
		c := connect()
		defer c.Close()
		fmt.Fprint(c, "GET /minutes HTTP/1.1\r\nHost: record.example\r\n\r\n")
		go io.Copy(io.Discard, c)
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}), 300, 301)
	within("reads an answer with pauses", took(func() {
		c := connect()
		defer c.Close()
		fmt.Fprint(c, "GET /pauses HTTP/1.1\r\nHost: record.example\r\n\r\n")
		go io.Copy(io.Discard, c)
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}), 300, 301)
	// An answer a minute after the one before has its time from then on.
	c := connect()
	defer c.Close()
	r := bufio.NewReader(c)
	for range 3 {
		fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: record.example\r\n\r\n")
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
		time.Sleep(time.Minute)
	}
	if scheme == "https" {
		// By HTTP/2 a client says how much it takes, and this one takes nothing.
		within("takes nothing by HTTP/2", took(func() {
			c := connect("h2")
			defer c.Close()
			takeNothing(t, c, "/stream")
			if err := <-ended; err == nil {
				t.Error("a stream without end ended well")
			}
		}), 1, 60)
		for path, length := range map[string]int64{"/minutes": 60 * (20<<10 + 1), "/pauses": 5 * (40<<10 + 1)} {
			within("reads an answer of five minutes by HTTP/2, "+path, took(func() {
				tr := &http.Transport{Protocols: new(http.Protocols), TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
				tr.Protocols.SetHTTP2(true)
				tr.DialContext = func(context.Context, string, string) (net.Conn, error) { return l.dial(), nil }
				defer tr.CloseIdleConnections()
				resp, err := (&http.Client{Transport: tr}).Get("https://record.example" + path)
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				if n, err := io.Copy(io.Discard, resp.Body); err != nil || n != length || resp.ProtoMajor != 2 {
					t.Errorf("%d bytes by %s, %v", n, resp.Proto, err)
				}
				if err := <-ended; err != nil {
					t.Error(err)
				}
			}), 300, 301)
		}
	}
}

// takeNothing asks by HTTP/2 for an answer, none of whose bytes it lets come.
func takeNothing(t *testing.T, c net.Conn, path string) {
	t.Helper()
	var head bytes.Buffer
	e := hpack.NewEncoder(&head)
	for _, f := range [][2]string{{":method", "GET"}, {":scheme", "https"}, {":authority", "record.example"}, {":path", path}} {
		e.WriteField(hpack.HeaderField{Name: f[0], Value: f[1]})
	}
	f := http2.NewFramer(c, c)
	go func() {
		for {
			if _, err := f.ReadFrame(); err != nil {
				return
			}
		}
	}()
	io.WriteString(c, http2.ClientPreface)
	err := errors.Join(f.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 0}),
		f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: head.Bytes(), EndHeaders: true, EndStream: true}))
	if err != nil {
		t.Fatal(err)
	}
}

// TestShare has one address open more connections than its share: others still
// come in, and it comes in again when it has let go of some.
func TestShare(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	greedy, other := netip.MustParseAddr("127.0.0.2"), netip.MustParseAddr("127.0.0.3")
	from := func(a netip.Addr) (net.Conn, error) {
		d := net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(a, 0))}
		return d.Dial("tcp", inner.Addr().String())
	}
	if c, err := from(greedy); err != nil {
		inner.Close()
		t.Skipf("this machine has no 127.0.0.2: %v", err)
	} else {
		c.Close()
	}
	const most = 20
	s := limited(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "ok") }), slog.DiscardHandler)
	go s.Serve(&shared{Listener: inner, most: most, exempt: func(a netip.Addr) bool { return a == netip.MustParseAddr("127.0.0.1") }})
	defer s.Close()
	answered := func(c net.Conn, err error) bool {
		if err != nil {
			return false
		}
		fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: record.example\r\n\r\n")
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == 200
	}
	for _, a := range []netip.Addr{greedy, netip.MustParseAddr("127.0.0.1")} {
		var open []net.Conn
		n := 0
		for range 500 {
			c, err := from(a)
			if answered(c, err) {
				n++
			}
			if c != nil {
				open = append(open, c)
			}
		}
		if want := map[netip.Addr]int{greedy: most}[a]; want != 0 && n != want || want == 0 && n != 500 {
			t.Errorf("%d connections of %v are served", n, a)
		}
		c, err := from(other)
		if !answered(c, err) {
			t.Errorf("beside 500 of %v another is not answered", a)
		}
		open = append(open, c)
		for _, c := range open {
			c.Close()
		}
	}
	waitFor(t, 10*time.Second, "it comes in again", func() bool {
		c, err := from(greedy)
		if err == nil {
			defer c.Close()
		}
		return answered(c, err)
	})
}
