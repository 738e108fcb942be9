package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"dateline"
)

// exchanger carries what one Get needs along its redirects.
type exchanger struct {
	client    *Client
	lim       Limits
	transport *http.Transport
	cancel    context.CancelCauseFunc
}

// follow asks for u and for what it leads to. Each hop passes through parseURL
// and the guard again.
func (x *exchanger) follow(ctx context.Context, u *url.URL) (*Exchange, error) {
	ex := &Exchange{URL: u.String()}
	for {
		now := time.Now
		if x.client.Now != nil {
			now = x.client.Now
		}
		ex.Fetched = now().UTC()
		res, err := x.ask(ctx, u)
		if err != nil {
			return nil, x.hop(ex, err)
		}
		location := res.Header.Get("Location")
		if !redirects(res.StatusCode) || location == "" {
			ex.FinalURL = u.String()
			ex.Status, ex.Proto, ex.Header = res.StatusCode, res.Proto, res.Header
			err := x.body(ctx, res, ex)
			if err != nil {
				return ex, x.hop(ex, err)
			}
			return ex, nil
		}
		res.Body.Close()
		if len(ex.Redirects) >= x.lim.Redirects {
			return nil, x.hop(ex, fmt.Errorf("more than %d redirects: %w", x.lim.Redirects, dateline.ErrRefused))
		}
		next, err := parseURL(u, location)
		if err != nil {
			return nil, fmt.Errorf("redirect to %s: %w", show(location), err)
		}
		ex.Redirects = append(ex.Redirects, Redirect{
			URL: u.String(), Status: res.StatusCode, Header: res.Header, Location: next.String(),
		})
		u = next
	}
}

// hop adds to an error which redirect it happened at.
func (x *exchanger) hop(ex *Exchange, err error) error {
	if n := len(ex.Redirects); n > 0 {
		return fmt.Errorf("redirect to %s: %w", show(ex.Redirects[n-1].Location), err)
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

// ask makes one request and returns once the headers are there. It uses the
// transport and not an http.Client, which would add a Referer, cookies and
// rules of its own about redirects.
func (x *exchanger) ask(ctx context.Context, u *url.URL) (*http.Response, error) {
	ua, err := x.client.userAgent()
	if err != nil {
		return nil, err
	}
	if x.client.Proxy != nil {
		if err := x.client.checkProxied(u); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, dateline.ErrInvalid)
	}
	req.Header = http.Header{
		"User-Agent":      {ua},
		"Accept":          {"text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"},
		"Accept-Encoding": {"gzip, br, zstd"},
	}
	res, err := x.transport.RoundTrip(req)
	if err != nil {
		return nil, explain(ctx, err, x.lim)
	}
	return res, nil
}

// body reads the body of res into ex up to the limit.
func (x *exchanger) body(ctx context.Context, res *http.Response, ex *Exchange) error {
	defer res.Body.Close()
	idle := time.AfterFunc(x.lim.Idle, func() { x.cancel(&limitError{"no more of the body", x.lim.Idle}) })
	defer idle.Stop()
	limit := int(x.lim.BodyBytes)
	var buf []byte
	for {
		// One byte beyond the limit tells a body that fits from one that is cut.
		buf = slices.Grow(buf, 4096)
		n, err := res.Body.Read(buf[len(buf):min(cap(buf), limit+1)])
		idle.Reset(x.lim.Idle)
		buf = buf[:len(buf)+n]
		if len(buf) > limit {
			ex.Body, ex.Truncated = buf[:limit:limit], true
			return nil
		}
		if err == io.EOF {
			ex.Body = buf
			return nil
		}
		if err != nil {
			ex.Body, ex.Truncated = buf, true
			return brokeOff(ctx, err, len(buf), res.ContentLength)
		}
	}
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
