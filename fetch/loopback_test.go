package fetch

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"dateline/internal/loopback"
)

// serve starts a server on loopback and a client that admits it and nothing
// else, with limits short enough for tests. Names are asked of no server.
func serve(t *testing.T, h http.HandlerFunc) (*httptest.Server, *Client) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c := &Client{
		Guard:    Guard{Allow: []netip.AddrPort{addrPort(s.Listener)}},
		Resolver: loopback.Names(t, nil),
		Limits:   Limits{Connect: 5 * time.Second, Headers: 5 * time.Second, Idle: 5 * time.Second, Total: 10 * time.Second},
	}
	return s, c
}

// serveRaw is serve for a server that does as it likes with the connection.
func serveRaw(t *testing.T, h func(net.Conn)) (string, *Client) {
	t.Helper()
	s, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		h(conn)
	})
	return s.URL, c
}

func addrPort(l net.Listener) netip.AddrPort {
	return l.Addr().(*net.TCPAddr).AddrPort()
}

func newCanary(t *testing.T) (c *loopback.Canary, port string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c = loopback.NewCanary(t, l)
	_, port, _ = net.SplitHostPort(c.Addr)
	return c, port
}
