// Package loopback has what tests of the network share: a name server that
// answers as a test has it, and a place that nobody is to connect to. Both are
// on this machine, and end with the test.
package loopback

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// Names returns a resolver that asks a name server on loopback. The server
// answers the nth question for a name's IPv4 addresses with the nth of its
// answers, then with the last again; a name without answers does not exist. An
// answer is a list of addresses separated by spaces; "silence" is none at all.
func Names(t testing.TB, answers map[string][]string) *net.Resolver {
	t.Helper()
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pc.Close() })
	go func() {
		asked, buf := map[string]int{}, make([]byte, 1500)
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
			name := strings.TrimSuffix(q.Name.String(), ".")
			if list := answers[name]; len(list) == 0 {
				m.RCode = dnsmessage.RCodeNameError
			} else {
				answer := list[min(asked[name], len(list)-1)]
				if answer == "silence" {
					continue
				}
				if q.Type == dnsmessage.TypeA {
					asked[name]++
					for a := range strings.FieldsSeq(answer) {
						m.Answers = append(m.Answers, dnsmessage.Resource{
							Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, Type: dnsmessage.TypeA},
							Body:   &dnsmessage.AResource{A: netip.MustParseAddr(a).As4()},
						})
					}
				}
			}
			if b, err := m.Pack(); err == nil {
				pc.WriteTo(b, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", pc.LocalAddr().String())
	}}
}

// Canary is a listener that must not be connected to.
type Canary struct {
	Addr string
	seen chan string // the remote address of each connection, in order
}

// NewCanary notes who connects to l, which it closes at the test's end.
func NewCanary(t testing.TB, l net.Listener) *Canary {
	t.Cleanup(func() { l.Close() })
	c := &Canary{l.Addr().String(), make(chan string, 1000)}
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

// Untouched fails the test if anyone has connected; what says what was done. It
// connects itself, as connections are accepted in order: any earlier one would
// come first.
func (c *Canary) Untouched(t testing.TB, what string) {
	t.Helper()
	own, err := net.Dial("tcp", c.Addr)
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
