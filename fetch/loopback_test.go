package fetch

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// serve starts a server on loopback and a client that admits it and nothing
// else, with limits short enough for tests. Names are asked of no server.
func serve(t *testing.T, h http.HandlerFunc) (*httptest.Server, *Client) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c := &Client{
		Guard:    Guard{Allow: []netip.AddrPort{addrPort(s.Listener)}},
		Resolver: names(t, nil),
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

// canary is a listener on loopback that must not be connected to.
type canary struct {
	port string
	addr string
	seen chan string // the remote address of each connection, in order
}

func newCanary(t *testing.T) *canary {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return canaryOn(t, l)
}

func canaryOn(t *testing.T, l net.Listener) *canary {
	t.Helper()
	t.Cleanup(func() { l.Close() })
	c := &canary{addr: l.Addr().String(), seen: make(chan string, 1000)}
	_, c.port, _ = net.SplitHostPort(c.addr)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			c.seen <- conn.RemoteAddr().String()
			conn.Close()
		}
	}()
	return c
}

// untouched fails the test if anyone has connected. It connects itself, as
// connections are accepted in order: any earlier one would come first.
func (c *canary) untouched(t *testing.T, what string) {
	t.Helper()
	own, err := net.Dial("tcp", c.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	for first := range c.seen {
		if first == own.LocalAddr().String() {
			return
		}
		t.Errorf("%s: the canary was connected to", what)
	}
}

// names returns a resolver that asks a name server on loopback. The server
// answers the nth question for a name's IPv4 addresses with the nth of its
// answers, then with the last again; a name without answers does not exist. An
// answer is a list of addresses separated by spaces; "silence" is none at all.
func names(t *testing.T, answers map[string][]string) *net.Resolver {
	t.Helper()
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pc.Close() })
	var mu sync.Mutex
	asked := map[string]int{}
	answer := func(q dnsmessage.Question) (string, bool) {
		mu.Lock()
		defer mu.Unlock()
		name := strings.TrimSuffix(q.Name.String(), ".")
		list, ok := answers[name]
		if !ok {
			return "", false
		}
		i := min(asked[name], len(list)-1)
		if q.Type != dnsmessage.TypeA {
			if list[i] == "silence" {
				return "silence", true
			}
			return "", true
		}
		asked[name]++
		return list[i], true
	}
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := pc.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
			addrs, ok := answer(q)
			if addrs == "silence" {
				continue
			}
			if !ok {
				m.RCode = dnsmessage.RCodeNameError
			}
			for a := range strings.FieldsSeq(addrs) {
				m.Answers = append(m.Answers, dnsmessage.Resource{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, Type: dnsmessage.TypeA},
					Body:   &dnsmessage.AResource{A: netip.MustParseAddr(a).As4()},
				})
			}
			if b, err := m.Pack(); err == nil {
				pc.WriteTo(b, from)
			}
		}
	}()
	return &net.Resolver{
		PreferGo: true,
		Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "udp", pc.LocalAddr().String())
		},
	}
}
