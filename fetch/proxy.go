package fetch

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"

	"golang.org/x/net/proxy"

	"dateline"
)

// dialProxy connects to the proxy, and through it to the host of u unless the
// proxy is to ask for it itself.
func (x *exchanger) dialProxy(ctx context.Context, cancel context.CancelCauseFunc, u *url.URL) (*conn, error) {
	p := x.client.Proxy
	if err := x.client.Guard.checkHost(u.Hostname(), port(u)); err != nil {
		return nil, err
	}
	defer within(cancel, x.lim.Connect, "no connection through the proxy").Stop()
	target := net.JoinHostPort(u.Hostname(), strconv.Itoa(int(port(u))))
	// The proxy is the user's choice, so no guard is on it.
	d := &net.Dialer{Resolver: x.client.Resolver}
	at := func(usual string) string {
		if n := p.Port(); n != "" {
			usual = n
		}
		return net.JoinHostPort(p.Hostname(), usual)
	}
	switch p.Scheme {
	case "socks5", "socks5h":
		var auth *proxy.Auth
		if p.User != nil {
			secret, _ := p.User.Password()
			auth = &proxy.Auth{User: p.User.Username(), Password: secret}
		}
		s, err := proxy.SOCKS5("tcp", at("1080"), auth, d)
		if err != nil {
			return nil, err
		}
		raw, err := s.(proxy.ContextDialer).DialContext(ctx, "tcp", target)
		if err != nil {
			return nil, err
		}
		return &conn{Conn: raw, raw: raw}, nil
	case "http", "https":
	default:
		return nil, fmt.Errorf("proxy with scheme %s: %w", show(p.Scheme), dateline.ErrInvalid)
	}
	usual := "80"
	if p.Scheme == "https" {
		usual = "443"
	}
	raw, err := d.DialContext(ctx, "tcp", at(usual))
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: raw, raw: raw, absolute: u.Scheme == "http"}
	if p.User != nil {
		secret, _ := p.User.Password()
		c.authorization = "Basic " + base64.StdEncoding.EncodeToString([]byte(p.User.Username()+":"+secret))
	}
	if p.Scheme == "https" {
		if c.Conn, err = x.secure(ctx, cancel, raw, p.Hostname(), "http/1.1"); err != nil {
			raw.Close()
			return nil, err
		}
	}
	if !c.absolute {
		if err := x.tunnel(ctx, c, target); err != nil {
			raw.Close()
			return nil, err
		}
	}
	return c, nil
}

// tunnel asks a proxy for a connection to target.
func (x *exchanger) tunnel(ctx context.Context, c *conn, target string) error {
	defer context.AfterFunc(ctx, func() { c.raw.Close() })()
	ask := "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n"
	if c.authorization != "" {
		ask += "Proxy-Authorization: " + c.authorization + "\r\n"
	}
	if _, err := io.WriteString(c, ask+"\r\n"); err != nil {
		return err
	}
	r := bufio.NewReader(io.LimitReader(c, x.lim.HeaderBytes))
	res, err := http.ReadResponse(r, &http.Request{Method: http.MethodConnect})
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("proxy answered %s: %w", show(res.Status), dateline.ErrRefused)
	}
	if r.Buffered() > 0 {
		return fmt.Errorf("proxy spoke before it was spoken to: %w", dateline.ErrCorrupt)
	}
	return nil
}
