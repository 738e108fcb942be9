package fetch

import (
	"cmp"
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"time"
)

// conn is a connection to a server, or through a proxy to one.
type conn struct {
	net.Conn               // what the request is written to
	raw           net.Conn // what carries it; closing it ends all reads
	give          func()   // gives the place back, nil through a proxy
	ip            netip.Addr
	protocol      string // "http/1.1" or "h2"
	absolute      bool   // the proxy is to be told the whole address
	authorization string // for the proxy, "" for none
}

func (c *conn) close() {
	c.raw.Close()
	if c.give != nil {
		c.give()
	}
}

// dial connects to the host of u: by way of the guard, or of the proxy.
func (x *exchanger) dial(ctx context.Context, cancel context.CancelCauseFunc, u *url.URL) (c *conn, err error) {
	if x.client.Proxy != nil {
		c, err = x.dialProxy(ctx, cancel, u)
	} else {
		c, err = x.dialHost(ctx, u.Hostname(), port(u))
	}
	if err != nil {
		return nil, err
	}
	c.protocol = "http/1.1"
	if u.Scheme == "https" {
		t, err := x.secure(ctx, cancel, c.Conn, u.Hostname(), "h2", "http/1.1")
		if err != nil {
			c.close()
			return nil, err
		}
		c.Conn = t
		if p := t.ConnectionState().NegotiatedProtocol; p == "h2" {
			c.protocol = p
		}
	}
	return c, nil
}

// port is the port that u asks for. parseURL has seen that it is a number.
func port(u *url.URL) uint16 {
	if n, err := strconv.ParseUint(u.Port(), 10, 16); err == nil {
		return uint16(n)
	}
	if u.Scheme == "https" {
		return 443
	}
	return 80
}

// dialHost finds the addresses of host and connects to the first that lets it,
// in their order. They are tried one after the other, so that at any time it is
// known which address a connection is for.
func (x *exchanger) dialHost(ctx context.Context, host string, port uint16) (*conn, error) {
	began := time.Now()
	addrs, err := x.lookUp(ctx, host)
	if err != nil {
		return nil, err
	}
	left := x.lim.Connect - time.Since(began)
	var first error
	for i, a := range addrs {
		give, err := x.client.slots.take(ctx, a, cmp.Or(x.client.MaxPerAddress, 4))
		if err != nil {
			return nil, err
		}
		began := time.Now()
		// A dead address leaves the others their share of the time.
		d := net.Dialer{Timeout: max(left/time.Duration(len(addrs)-i), time.Millisecond), ControlContext: x.client.Guard.Control}
		raw, err := d.DialContext(ctx, "tcp", netip.AddrPortFrom(a, port).String())
		if err == nil {
			return &conn{Conn: raw, raw: raw, give: give, ip: a}, nil
		}
		give()
		left -= time.Since(began)
		first = cmp.Or(first, err)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, first
}

// lookUp returns the addresses of host, each once.
func (x *exchanger) lookUp(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a.Unmap()}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, x.lim.Connect)
	defer cancel()
	r := cmp.Or(x.client.Resolver, net.DefaultResolver)
	list, err := r.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	// More than a few are not worth the wait.
	list = list[:min(len(list), 8)]
	for i := range list {
		list[i] = list[i].Unmap()
	}
	if len(list) == 0 {
		return nil, &net.DNSError{Err: "no addresses", Name: host, IsNotFound: true}
	}
	return list, nil
}

// secure puts TLS on a connection.
func (x *exchanger) secure(ctx context.Context, cancel context.CancelCauseFunc, c net.Conn, host string, protocols ...string) (*tls.Conn, error) {
	defer within(cancel, x.lim.Connect, "no TLS handshake").Stop()
	t := tls.Client(c, &tls.Config{RootCAs: x.client.RootCAs, ServerName: host, NextProtos: protocols})
	if err := t.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	return t, nil
}
