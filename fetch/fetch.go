// Package fetch brings the bytes of a page: one careful HTTP exchange, kept byte
// for byte, and the rules of politeness that say when to ask, and whether.
//
// Its words: an exchange is a request with its response, after redirects; a
// hop is one request of it with its response; the guard decides which
// addresses may be connected to; limits bound what a server can cost; pace
// says when a host may be asked again.
//
//	c := &fetch.Client{Version: "1.0", Contact: "https://example.org/about"}
//	ex, err := c.Get(ctx, "https://outlet.example/story")
//	text, cut, err := fetch.Decode(ex.Body, ex.Header, 10<<20)
//
// HTTP/1.1 is spoken here, over net/http's readers, so that what came over the
// wire can be kept; HTTP/2 is left to net/http, with its defences against
// floods of frames. Each request has a connection of its own.
//
// It keeps no cookies, sends no Referer, asks no proxy but the one it is
// given, and takes nothing from the environment. It does not judge what a page
// says, does not ask for robots.txt by itself and keeps nothing: [Robots] and
// [Host] are values for the caller to store.
package fetch

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
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

	// MaxPerAddress is how many connections may be open to one IP address at
	// once, over all hosts: many outlets may share a server. Default 4. One
	// more waits, which counts against Limits.Total only.
	MaxPerAddress int

	// Limits bound each call. Default those of the fields of [Limits].
	Limits Limits

	slots slots
}

// Request is what to ask for.
type Request struct {
	URL string // absolute, http or https

	// ETag and LastModified are validators of a copy that is there already, as
	// the response headers of these names gave them. The answer may then be
	// 304 without a body. They are sent to URL only, never after a redirect:
	// use the Exchange's FinalURL with them. One that could not stand in a
	// header is left out, which asks for the whole page.
	ETag, LastModified string

	// Accept is the header of that name. Default: pages.
	Accept string

	// MaxBody is where the body is cut, in bytes. Default [Limits.BodyBytes].
	MaxBody int64

	// Follow, where set, is asked before a redirect is followed, with its
	// status and the absolute address it leads to: for robots.txt and the pace
	// of another host. Where it says no, the redirect is the answer.
	Follow func(status int, address string) bool

	// Pour, where set, is given the body of a 2xx answer while it comes, so that
	// it need not be in memory as a whole: as it is served, up to MaxBody, its
	// content coding still on; see [Decoder]. The Exchange then has no Body, and
	// the hop's Response is its head. An error of the body's own is that of Do,
	// with an Exchange; else Pour's is. What Pour does not read is not waited for,
	// and the time that it takes itself does not count.
	Pour func(h *Hop, body io.Reader) error

	// Ready, where set, is called before each request of the exchange goes out,
	// when its connection stands: for what has to be kept first, reckoned from
	// that moment. Its error ends the exchange, and nothing is sent.
	Ready func() error
}

// Exchange is a page as it was served. The caller owns it. Body and Header are
// those of the last hop, whose Response holds the same bytes where it can.
type Exchange struct {
	URL       string      // what was asked for, as [Client.Do] sent it
	FinalURL  string      // what answered; URL if nothing was redirected
	Hops      []Hop       // every request with its response, in order; the last is the answer
	Status    int         // of the response, 200 for one
	Proto     string      // "HTTP/1.1", "HTTP/2.0"
	Header    http.Header // of the response; names in canonical case
	Body      []byte      // as served, its Content-Encoding still on
	Truncated bool        // Body is not all that the server had to send
	Fetched   time.Time   // when FinalURL was asked for, UTC
}

// Hop is one request and its response.
type Hop struct {
	URL      string
	Status   int
	Header   http.Header
	Location string     // where it led, absolute; "" if it was no redirect
	IP       netip.Addr // what was connected to; the zero Addr through a proxy
	Protocol string     // "http/1.1" or "h2"

	// Request is the head of the request as it was sent. Response is the
	// response from its status line on, byte for byte as it came over the
	// wire, chunked coding and trailers included; informational responses
	// before it are left out. HTTP/2 has no such form: there both are written
	// as HTTP/1.1 would have them, from the fields.
	Request, Response []byte

	Fetched   time.Time // when it was asked, UTC
	Took      time.Duration
	Truncated string // "", or why Response is cut, as WARC-Truncated has it: "length", "time" or "disconnect"
}

// Get is [Client.Do] with nothing but an address.
func (c *Client) Get(ctx context.Context, address string) (*Exchange, error) {
	return c.Do(ctx, Request{URL: address})
}

// Do asks for a page with GET, follows redirects, and returns the last
// response whatever its status: 404 is not an error, nor is 304.
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
func (c *Client) Do(ctx context.Context, r Request) (*Exchange, error) {
	u, err := parseURL(nil, r.URL)
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", show(r.URL), err)
	}
	lim := c.Limits.withDefaults()
	if r.MaxBody > 0 {
		lim.BodyBytes = r.MaxBody
	}
	limited, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	total := within(cancel, lim.Total, "no end")
	defer total.Stop()
	x := &exchanger{client: c, lim: lim, ask: r, total: total, began: time.Now()}
	ex, err := x.follow(limited, u)
	if err != nil {
		return ex, fmt.Errorf("get %s: %w", show(u.String()), err)
	}
	return ex, nil
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
