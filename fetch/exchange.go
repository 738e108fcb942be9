package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dateline"
)

// maxRedirectBody is how much is kept of the body of a redirect, which is a
// line or two for browsers that cannot follow it, and of what comes in place of
// a body that was to be handed on.
const maxRedirectBody = 64 << 10

// exchanger carries what one Do needs along its redirects.
type exchanger struct {
	client *Client
	lim    Limits
	ask    Request
	total  *time.Timer // that ends all of it
	began  time.Time   // what it counts from
}

// follow asks for u and for what it leads to. Each hop passes through parseURL
// and the guard again.
func (x *exchanger) follow(ctx context.Context, u *url.URL) (*Exchange, error) {
	ex := &Exchange{URL: u.String()}
	for {
		h, body, err := x.hop(ctx, u, len(ex.Hops) == 0)
		if h != nil && h.Location != "" {
			// What a redirect has for a body is not worth failing for.
			if ctx.Err() != nil {
				return nil, x.at(ex, context.Cause(ctx))
			}
			err = nil
		}
		if h == nil {
			return nil, x.at(ex, err)
		}
		var next *url.URL
		if h.Location != "" {
			if len(ex.Hops) >= x.lim.Redirects {
				return nil, x.at(ex, fmt.Errorf("more than %d redirects: %w", x.lim.Redirects, dateline.ErrRefused))
			}
			raw := h.Location
			if next, err = parseURL(u, raw); err != nil {
				return nil, fmt.Errorf("redirect to %s: %w", show(raw), err)
			}
			h.Location = next.String()
		}
		at := x.at(ex, err)
		ex.Hops = append(ex.Hops, *h)
		if next == nil || x.ask.Follow != nil && !x.ask.Follow(h.Status, h.Location) {
			ex.FinalURL, ex.Status, ex.Header, ex.Fetched = h.URL, h.Status, h.Header, h.Fetched
			ex.Body, ex.Truncated = body, h.Truncated != ""
			ex.Proto = "HTTP/1.1"
			if h.Protocol == "h2" {
				ex.Proto = "HTTP/2.0"
			}
			return ex, at
		}
		u = next
	}
}

// at adds to an error which redirect it happened at.
func (x *exchanger) at(ex *Exchange, err error) error {
	if n := len(ex.Hops); n > 0 && err != nil {
		return &ledTo{show(ex.Hops[n-1].Location), err}
	}
	return err
}

func redirects(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// hop makes one request on a connection of its own. Where the response's
// headers came it returns a Hop, with an error if the body did not follow.
// Location is as the server gave it.
func (x *exchanger) hop(ctx context.Context, u *url.URL, first bool) (*Hop, []byte, error) {
	fields, err := x.fields(first)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	began := time.Now()
	h := &Hop{URL: u.String(), Fetched: began.UTC()}
	if x.client.Now != nil {
		h.Fetched = x.client.Now().UTC()
	}
	c, err := x.dial(ctx, cancel, u)
	if err != nil {
		return nil, nil, explain(ctx, err, x.lim)
	}
	defer c.close()
	// A read has no context: what ends one is the end of its connection.
	defer context.AfterFunc(ctx, func() { c.raw.Close() })()
	h.IP, h.Protocol = c.ip, c.protocol
	if x.ask.Ready != nil {
		if err := x.ask.Ready(); err != nil {
			return nil, nil, err
		}
	}
	ask := x.http1
	if c.protocol == "h2" {
		ask = x.http2
	}
	body, err := ask(ctx, cancel, c, u, fields, h)
	h.Took = time.Since(began)
	if h.Status == 0 {
		return nil, nil, err
	}
	if err != nil {
		h.Truncated = "disconnect"
		if errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
			h.Truncated = "time"
		}
	}
	return h, body, err
}

// fields are the request's own header fields, in the order they are sent.
func (x *exchanger) fields(first bool) ([][2]string, error) {
	ua, err := x.client.userAgent()
	if err != nil {
		return nil, err
	}
	accept := "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"
	if x.ask.Accept != "" {
		accept = x.ask.Accept
	}
	if !sendable(accept) {
		return nil, fmt.Errorf("accept %q: %w", accept, dateline.ErrInvalid)
	}
	list := [][2]string{{"User-Agent", ua}, {"Accept", accept}, {"Accept-Encoding", "gzip, br, zstd"}}
	if first && x.ask.ETag != "" && sendable(x.ask.ETag) {
		list = append(list, [2]string{"If-None-Match", x.ask.ETag})
	}
	if first && x.ask.LastModified != "" && sendable(x.ask.LastModified) {
		list = append(list, [2]string{"If-Modified-Since", x.ask.LastModified})
	}
	return list, nil
}

// sendable tells whether s may stand in a header. A validator of more than a
// kilobyte is no validator.
func sendable(s string) bool {
	return len(s) <= 1024 && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f })
}

// within ends what cancel ends when d has passed, saying what had not come;
// to stop the timer calls that off.
func within(cancel context.CancelCauseFunc, d time.Duration, what string) *time.Timer {
	return time.AfterFunc(d, func() { cancel(&limitError{what, d}) })
}

// pours tells whether the body of an answer goes where the request says.
func (x *exchanger) pours(h *Hop) bool {
	return x.ask.Pour != nil && h.Status/100 == 2
}

// pour hands on a body. What went wrong with it comes before what its taker says.
func (x *exchanger) pour(h *Hop, p *pour) error {
	// Between reads the clock stands still.
	x.total.Stop()
	stood := time.Now()
	p.waits = func(on bool) {
		if on {
			x.began = x.began.Add(time.Since(stood))
			x.total.Reset(x.lim.Total - time.Since(x.began))
		} else {
			x.total.Stop()
			stood = time.Now()
		}
	}
	err := x.ask.Pour(h, p)
	if p.cut {
		h.Truncated = "length"
	}
	if failed := p.failed(); failed != nil {
		return failed
	}
	return err
}

// answered fills in h from the head of a response and says how much of its
// body to keep.
func (x *exchanger) answered(h *Hop, res *http.Response) int {
	h.Status, h.Header = res.StatusCode, res.Header
	if redirects(res.StatusCode) {
		h.Location = res.Header.Get("Location")
	}
	if h.Location != "" || x.ask.Pour != nil && !x.pours(h) {
		return int(min(x.lim.BodyBytes, maxRedirectBody))
	}
	return int(x.lim.BodyBytes)
}

// brokeOff says that a body ended early, after n bytes of the length that the
// server had declared, or -1 if it had declared none.
func brokeOff(ctx context.Context, err error, n int, length int64) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	if length >= 0 {
		return fmt.Errorf("body broke off after %d of %d bytes: %w: %w", n, length, trim(err), dateline.ErrCorrupt)
	}
	return fmt.Errorf("body broke off after %d bytes: %w: %w", n, trim(err), dateline.ErrCorrupt)
}
