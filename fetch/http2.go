package fetch

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"dateline"
)

// http2 asks over a connection on which HTTP/2 was agreed. The transport that
// speaks it lives as long as the connection.
func (x *exchanger) http2(ctx context.Context, cancel context.CancelCauseFunc, c *conn, u *url.URL, fields [][2]string, h *Hop) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, dateline.ErrInvalid)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nHost: %s\r\n", u.RequestURI(), u.Host)
	for _, f := range fields {
		req.Header.Set(f[0], f[1])
		fmt.Fprintf(&b, "%s: %s\r\n", f[0], f[1])
	}
	b.WriteString("\r\n")
	h.Request = bytes.Clone(b.Bytes())

	t := &http.Transport{
		DialTLSContext:         func(context.Context, string, string) (net.Conn, error) { return c.Conn, nil },
		MaxResponseHeaderBytes: x.lim.HeaderBytes,
		DisableCompression:     true,
		DisableKeepAlives:      true,
		ForceAttemptHTTP2:      true,
	}
	defer t.CloseIdleConnections()
	stop := within(cancel, x.lim.Headers, "no response headers").Stop
	defer stop()
	res, err := t.RoundTrip(req)
	if err != nil {
		return nil, explain(ctx, err, x.lim)
	}
	defer res.Body.Close()
	stop()

	b.Reset()
	fmt.Fprintf(&b, "HTTP/1.1 %03d %s\r\n", res.StatusCode, http.StatusText(res.StatusCode))
	if err := res.Header.Write(&b); err != nil {
		return nil, err
	}
	b.WriteString("\r\n")
	head := b.Len()
	p := pour{lim: x.lim, limit: x.answered(h, res), keep: true, buf: b.Bytes(), length: res.ContentLength}
	p.open(ctx, cancel, res.Body)
	if x.pours(h) {
		h.Response = p.buf
		return nil, x.pour(h, &p)
	}
	err = p.all(nil)
	if p.cut {
		h.Truncated = "length"
	}
	h.Response = p.buf
	return p.buf[head:len(p.buf):len(p.buf)], err
}
