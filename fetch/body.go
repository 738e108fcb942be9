package fetch

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"
)

// errWire says that a response was longer on the wire than it may be.
var errWire = errors.New("more on the wire than the limit")

// pour is a body as it comes: it reads as far as the limits let it, and counts.
// No error but [io.EOF] means that the body was read whole, or up to the limit.
type pour struct {
	lim    Limits
	limit  int // bytes
	keep   bool
	buf    []byte // what was kept, after what was in it before
	n      int    // bytes of the body, at most limit
	cut    bool   // there was more
	length int64  // as declared, or -1

	ctx    context.Context
	idle   *time.Timer   // ends a body that stops coming
	r      io.Reader     // the body
	spent  time.Duration // waiting for it, in this window
	before int           // bytes of the windows before
	end    error         // what reading ended with
	waits  func(on bool) // where set, is told when the server is waited for, and when not
}

// open has r read. cancel is what ends a body that stops coming.
func (p *pour) open(ctx context.Context, cancel context.CancelCauseFunc, r io.Reader) {
	p.ctx, p.r = ctx, r
	p.idle = within(cancel, p.lim.Idle, "no more of the body")
	p.idle.Stop() // but while it is waited for
}

// Read implements [io.Reader]. Only waiting for the server counts as time.
func (p *pour) Read(b []byte) (int, error) {
	if p.end != nil {
		return 0, p.end
	}
	// One byte beyond the limit tells a body that fits from one that is cut.
	b = b[:min(len(b), p.limit+1-p.n)]
	p.idle.Reset(p.lim.Idle)
	began := time.Now()
	if p.waits != nil {
		p.waits(true)
	}
	n, err := p.r.Read(b)
	p.idle.Stop()
	if p.waits != nil {
		p.waits(false)
	}
	p.spent += time.Since(began)
	if p.n += n; p.n > p.limit {
		n -= p.n - p.limit
		p.n, p.cut, err = p.limit, true, io.EOF
	}
	switch {
	case err == io.EOF:
		p.end = io.EOF
	case errors.Is(err, errWire):
		p.cut, p.end = true, io.EOF
	case err != nil:
		p.end = brokeOff(p.ctx, err, p.n, p.length)
	case p.spent >= p.lim.RateWindow:
		if float64(p.n-p.before) < float64(p.lim.MinRate)*p.spent.Seconds() {
			p.end = &slowError{p.lim.MinRate, p.lim.RateWindow}
		}
		p.spent, p.before = 0, p.n
	}
	return n, p.end
}

// failed is why the body was not read whole, nil where it was, or where nobody
// wanted more of it.
func (p *pour) failed() error {
	if p.end == io.EOF {
		return nil
	}
	return p.end
}

// all reads to the end. Where keep is false the bytes are elsewhere already and
// only the count matters.
func (p *pour) all(scratch []byte) error {
	for p.end == nil {
		into := scratch
		if p.keep {
			p.buf = slices.Grow(p.buf, min(4096, p.limit+1-p.n))
			into = p.buf[len(p.buf):cap(p.buf)]
		}
		n, _ := p.Read(into)
		if p.keep {
			p.buf = p.buf[:len(p.buf)+n]
		}
	}
	return p.failed()
}
