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

// pour reads a body to its end and counts it. Where keep is false the bytes
// are elsewhere already and only the count matters.
type pour struct {
	lim    Limits
	limit  int // bytes
	keep   bool
	buf    []byte // what was kept, after what was in it before
	n      int    // bytes of the body, at most limit
	cut    bool   // there was more
	length int64  // as declared, or -1
}

// from reads r. No error means that the body was read whole, or up to the
// limit. cancel is what ends a body that stops coming.
func (p *pour) from(ctx context.Context, cancel context.CancelCauseFunc, r io.Reader, scratch []byte) error {
	idle := time.AfterFunc(p.lim.Idle, func() { cancel(&limitError{"no more of the body", p.lim.Idle}) })
	defer idle.Stop()
	window, before := time.Now(), 0
	for {
		// One byte beyond the limit tells a body that fits from one that is cut.
		room := p.limit + 1 - p.n
		into := scratch[:min(len(scratch), room)]
		if p.keep {
			p.buf = slices.Grow(p.buf, min(4096, room))
			free := p.buf[len(p.buf):cap(p.buf)]
			into = free[:min(len(free), room)]
		}
		n, err := r.Read(into)
		idle.Reset(p.lim.Idle)
		p.n += n
		if p.keep {
			p.buf = p.buf[:len(p.buf)+n]
		}
		if p.n > p.limit {
			if p.keep {
				p.buf = p.buf[:len(p.buf)-(p.n-p.limit)]
			}
			p.n, p.cut = p.limit, true
			return nil
		}
		switch {
		case err == io.EOF:
			return nil
		case errors.Is(err, errWire):
			p.cut = true
			return nil
		case err != nil:
			return brokeOff(ctx, err, p.n, p.length)
		}
		if now := time.Now(); now.Sub(window) >= p.lim.RateWindow {
			if float64(p.n-before) < float64(p.lim.MinRate)*now.Sub(window).Seconds() {
				return &slowError{p.lim.MinRate, p.lim.RateWindow}
			}
			window, before = now, p.n
		}
	}
}
