// Package fetch brings the bytes of a page: one careful HTTP request, and what
// came back kept byte for byte.
//
// Its words: an exchange is a request with its response, after redirects; the
// guard decides which addresses may be connected to; limits bound what a
// server can cost.
//
//	c := &fetch.Client{Version: "1.0", Contact: "https://example.org/about"}
//	ex, err := c.Get(ctx, "https://outlet.example/story")
//
// It keeps no cookies, sends no Referer, asks no proxy but the one it is
// given, and takes nothing from the environment. It does not undo the content
// coding of a body and does not judge what a page says; it knows neither
// robots.txt nor pace.
package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dateline"
)

// Client fetches pages. Its zero value is ready for use. It may be used from
// many goroutines so long as its fields are left alone.
type Client struct {
	// Version and Contact make the User-Agent, "Dateline/VERSION (+CONTACT)".
	// Contact is an address where an outlet finds whoever runs the program, a
	// URL or an e-mail address. Default "dev", and no contact.
	Version, Contact string

	// Guard says which addresses may be connected to. Default: public ones.
	Guard Guard

	// Proxy, where set, is what every request goes through: http, https or
	// socks5. Default none, whatever the environment says. The guard does not
	// apply to the proxy's own address, and of the hosts asked for it can only
	// judge literal addresses and names of inner networks: names are resolved
	// by the proxy, which is trusted to guard its own network.
	Proxy *url.URL

	// Resolver looks names up. Default [net.DefaultResolver].
	Resolver *net.Resolver

	// RootCAs are the certificate authorities to trust. Default the system's.
	RootCAs *x509.CertPool

	// Now is the clock that Exchange.Fetched is read from. Default [time.Now].
	// The limits run on real time.
	Now func() time.Time

	// Limits bound each Get. Default those of the fields of [Limits].
	Limits Limits
}

// Exchange is a page as it was served. The caller owns it.
type Exchange struct {
	URL       string      // what was asked for, as [Client.Get] sent it
	FinalURL  string      // what answered; URL if nothing was redirected
	Redirects []Redirect  // how URL led to FinalURL, in order
	Status    int         // of the response, 200 for one
	Proto     string      // "HTTP/1.1", "HTTP/2.0"
	Header    http.Header // of the response; names in canonical case
	Body      []byte      // as served, its Content-Encoding still on
	Truncated bool        // Body is not all that the server had to send
	Fetched   time.Time   // when FinalURL was asked for, UTC
}

// Redirect is a response that led to another address.
type Redirect struct {
	URL      string // what answered so
	Status   int
	Header   http.Header
	Location string // where it led, absolute
}

// Get asks for a page with GET, follows redirects, and returns the last
// response whatever its status: 404 is not an error.
//
// The address must be absolute. It is sent without user information and
// fragment, with the host in lower case and ASCII. A body longer than the
// limit is cut and marked Truncated.
//
// Errors name the address and wrap one of these, or what the network said:
//   - [dateline.ErrRefused]: an address the guard refuses (then also an
//     [*AddressError]), a scheme other than http and https, one redirect too
//     many, a certificate that does not hold, a proxy that declines;
//   - [dateline.ErrInvalid]: not an address;
//   - [dateline.ErrNotFound]: no such host;
//   - [dateline.ErrTooLarge]: headers beyond the limit;
//   - [dateline.ErrCorrupt]: the response is not HTTP, or its body broke off;
//   - [context.DeadlineExceeded]: a time limit passed, the context's own or
//     one of [Limits]; [context.Canceled] where the caller cancelled.
//
// The Exchange is nil if there is an error, except when the body broke off or
// time ran out while it was read: then it holds what had arrived, and is
// marked Truncated.
func (c *Client) Get(ctx context.Context, address string) (*Exchange, error) {
	u, err := parseURL(nil, address)
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", show(address), err)
	}
	lim := c.Limits.withDefaults()
	limited, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	total := time.AfterFunc(lim.Total, func() { cancel(&limitError{"no end", lim.Total}) })
	defer total.Stop()

	t := c.transport(lim)
	defer t.CloseIdleConnections()
	x := &exchanger{client: c, lim: lim, transport: t, cancel: cancel}
	ex, err := x.follow(limited, u)
	if err != nil {
		return ex, fmt.Errorf("get %s: %w", show(u.String()), err)
	}
	return ex, nil
}

// transport returns the transport of one Get. Each request has a connection of
// its own: a kept one on which a server says too much makes net/http write to
// the program's standard error.
func (c *Client) transport(lim Limits) *http.Transport {
	t := &http.Transport{
		DialContext:            c.dialer(lim).DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: c.RootCAs},
		TLSHandshakeTimeout:    lim.Connect,
		ResponseHeaderTimeout:  lim.Headers,
		MaxResponseHeaderBytes: lim.HeaderBytes,
		DisableCompression:     true,
		DisableKeepAlives:      true,
		ForceAttemptHTTP2:      true,
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, res *http.Response) error {
			if res.StatusCode != http.StatusOK {
				return fmt.Errorf("proxy answered %s: %w", show(res.Status), dateline.ErrRefused)
			}
			return nil
		},
	}
	if c.Proxy != nil {
		t.Proxy = http.ProxyURL(c.Proxy)
	}
	return t
}

// userAgent is what the client calls itself.
func (c *Client) userAgent() (string, error) {
	ua := "Dateline/dev"
	if c.Version != "" {
		ua = "Dateline/" + c.Version
	}
	if c.Contact != "" {
		ua += " (+" + c.Contact + ")"
	}
	if strings.ContainsFunc(ua, func(r rune) bool { return r < ' ' || r >= 0x7f }) {
		return "", fmt.Errorf("user agent %q: %w", ua, dateline.ErrInvalid)
	}
	return ua, nil
}

// checkProxied applies what the guard can know of a host it does not resolve.
func (c *Client) checkProxied(u *url.URL) error {
	port := uint16(80)
	if u.Scheme == "https" {
		port = 443
	}
	if n, err := strconv.ParseUint(u.Port(), 10, 16); err == nil {
		port = uint16(n)
	}
	return c.Guard.checkHost(u.Hostname(), port)
}
