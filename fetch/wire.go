package fetch

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"dateline"
)

// wire keeps what is read through it, until it is told to pass it on.
type wire struct {
	r      io.Reader
	buf    []byte
	passed int
	pass   bool
	most   int // bytes; beyond them reading fails with errWire
}

func (w *wire) Read(p []byte) (int, error) {
	left := w.most - len(w.buf) - w.passed
	if left <= 0 {
		return 0, errWire
	}
	n, err := w.r.Read(p[:min(len(p), left)])
	if w.pass {
		w.passed += n
	} else {
		w.buf = append(w.buf, p[:n]...)
	}
	return n, err
}

// reader is what reading one response needs and gives back.
type reader struct {
	buffered   *bufio.Reader
	scratch    [16 << 10]byte
	wire, body []byte // grown by earlier responses, empty
}

// mostKept is the size up to which the caller gets a copy that fits and a
// reader keeps its buffer for the next response. A larger one is handed over:
// copying it would hold it twice.
const mostKept = 512 << 10

// hand returns part, which is of buf, for the caller to own, and what is left
// for the next response.
func hand(buf, part []byte) (owned, left []byte) {
	if len(part) > mostKept {
		return part[:len(part):len(part)], nil
	}
	if cap(buf) <= 2*mostKept {
		left = buf[:0]
	}
	return bytes.Clone(part), left
}

const ahead = 4096 // how far a reader reads before it is asked to

var readers = sync.Pool{New: func() any { return &reader{buffered: bufio.NewReaderSize(nil, ahead)} }}

// http1 asks over a connection that speaks HTTP/1.1.
func (x *exchanger) http1(ctx context.Context, cancel context.CancelCauseFunc, c *conn, u *url.URL, fields [][2]string, h *Hop) ([]byte, error) {
	var b strings.Builder
	target := u.RequestURI()
	if c.absolute {
		target = u.String()
	}
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nHost: %s\r\n", target, u.Host)
	for _, f := range fields {
		b.WriteString(f[0] + ": " + f[1] + "\r\n")
	}
	end := "Connection: close\r\n\r\n"
	h.Request = []byte(b.String() + end)
	sent := h.Request
	if c.absolute && c.authorization != "" {
		// What the user's proxy is told is no part of the record.
		sent = []byte(b.String() + "Proxy-Authorization: " + c.authorization + "\r\n" + end)
	}

	stop := within(cancel, x.lim.Headers, "no response headers").Stop
	defer stop()
	if _, err := c.Write(sent); err != nil {
		return nil, explain(ctx, err, x.lim)
	}
	rd := readers.Get().(*reader)
	defer readers.Put(rd)
	most := int(x.lim.HeaderBytes)
	w := &wire{r: c, most: most + ahead, buf: rd.wire}
	rd.buffered.Reset(w)
	defer rd.buffered.Reset(nil)
	read := func() int { return len(w.buf) - rd.buffered.Buffered() }

	var res *http.Response
	var start int
	for {
		start = read()
		var err error
		if res, err = http.ReadResponse(rd.buffered, nil); err != nil {
			if len(w.buf) == 0 && err == io.ErrUnexpectedEOF {
				err = io.EOF
			}
			return nil, explain(ctx, err, x.lim)
		}
		if read() > most {
			return nil, explain(ctx, errWire, x.lim)
		}
		if res.StatusCode == http.StatusSwitchingProtocols {
			return nil, fmt.Errorf("another protocol, unasked: %w", dateline.ErrCorrupt)
		}
		if res.StatusCode >= 200 {
			break
		}
	}
	stop()
	head := read()
	chunked := len(res.TransferEncoding) > 0
	p := pour{lim: x.lim, limit: x.answered(h, res), keep: chunked, buf: rd.body, length: res.ContentLength}
	w.most = head + p.limit + p.limit/4 + 2*ahead
	p.open(ctx, cancel, res.Body)
	if x.pours(h) {
		w.pass = true
		err := x.pour(h, &p)
		h.Response, rd.wire = hand(w.buf, w.buf[start:head])
		return nil, err
	}
	if n := res.ContentLength; n > 0 {
		// As declared, but for a megabyte at most: a length costs nothing to send.
		whole := head + int(min(n, int64(p.limit)+1, 1<<20))
		w.buf = slices.Grow(w.buf, max(whole-len(w.buf), 0))
	}
	err := p.all(rd.scratch[:])
	if p.cut {
		h.Truncated = "length"
	}
	if chunked {
		var body []byte
		h.Response, rd.wire = hand(w.buf, w.buf[start:read()])
		body, rd.body = hand(p.buf, p.buf)
		return body, err
	}
	// What a server sends beyond the length it declared is no part of this
	// response.
	h.Response, rd.wire = hand(w.buf, w.buf[start:head+p.n])
	return h.Response[head-start:], err
}
