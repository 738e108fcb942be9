package fetch

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"dateline"
)

// Pace says when a host may be asked again. It has no clock, no state and no
// goroutines: times and chance are arguments, what is known of a host is the
// caller's to keep, one [Host] for each [Domain]. A domain is asked one thing
// at a time: Begin and End take turns.
//
//	if now.Before(h.Next) { ... } // not yet
//	p.Begin(&h, now, rand.Float64()) // and h is stored, then the request is made
//	p.End(&h, now, ex, err, rand.Float64())
//
// The zero Pace is ready for use.
type Pace struct {
	// Delay is the pause between the requests to one domain, from the end of
	// one to the start of the next. Default 5 s.
	Delay time.Duration

	// Jitter is the share of a pause that chance adds to it at most, so that
	// many hosts are not asked in step. Default 0.2; below zero none.
	Jitter float64

	// MaxBackoff is where the doubling of pauses ends. Default 1 h.
	MaxBackoff time.Duration

	// MaxCrawlDelay bounds what a robots.txt may ask for. Default 120 s: four
	// times what the search engines that read the line accept, and still 720
	// pages a day, more than most outlets publish.
	MaxCrawlDelay time.Duration

	// MaxRetryAfter bounds what a Retry-After may ask for. Default 24 h, after
	// which a robots.txt is asked for again as well.
	MaxRetryAfter time.Duration
}

// Host is what is known of a domain, to be kept over restarts. The zero Host
// may be asked at once.
type Host struct {
	Next       time.Time     `json:"next"`                 // not to be asked before
	Backoff    time.Duration `json:"backoff,omitempty"`    // the pause after failures, in ns
	Failures   int           `json:"failures,omitempty"`   // in a row
	CrawlDelay time.Duration `json:"crawlDelay,omitempty"` // as its robots.txt has it, in ns
}

func (p Pace) withDefaults() Pace {
	return Pace{
		Delay:         cmp.Or(p.Delay, 5*time.Second),
		Jitter:        max(cmp.Or(p.Jitter, 0.2), 0),
		MaxBackoff:    cmp.Or(p.MaxBackoff, time.Hour),
		MaxCrawlDelay: cmp.Or(p.MaxCrawlDelay, 120*time.Second),
		MaxRetryAfter: cmp.Or(p.MaxRetryAfter, 24*time.Hour),
	}
}

// usual is the pause where all is well. p has its defaults.
func (p Pace) usual(h *Host) time.Duration {
	return max(p.Delay, min(h.CrawlDelay, p.MaxCrawlDelay))
}

// pause is the wait between two requests as things stand.
func (p Pace) pause(h *Host, rnd float64) time.Duration {
	d := max(p.usual(h), h.Backoff)
	return d + time.Duration(p.Jitter*min(max(rnd, 0), 1)*float64(d))
}

// Begin notes that a request starts at now; rnd is from 0 to 1. It moves Next,
// so that a program that ends before End has still kept its distance.
func (p Pace) Begin(h *Host, now time.Time, rnd float64) {
	h.Next = later(h.Next, now.Add(p.withDefaults().pause(h, rnd)))
}

// End notes that a request ended at now with what Client.Do returned; rnd is
// from 0 to 1.
//
// 429 and 503, and failures of the network up to the end of the response,
// double the pause, up to MaxBackoff. An answer below 500 sets it
// back. Everything else, such as 500 or a certificate that does not hold, says
// nothing of how busy a host is and leaves it. A Retry-After of a status from
// 400 on is waited for, in seconds or as a date; it never shortens a pause. What the
// caller cancelled leaves the host as it was.
func (p Pace) End(h *Host, now time.Time, ex *Exchange, err error, rnd float64) {
	p = p.withDefaults()
	switch pressed(ex, err) {
	case more:
		h.Failures++
		h.Backoff = min(2*max(h.Backoff, p.usual(h)), p.MaxBackoff)
	case less:
		h.Failures, h.Backoff = 0, 0
	}
	next := now.Add(p.pause(h, rnd))
	if ex != nil && ex.Status >= 400 {
		next = later(next, now.Add(min(retryAfter(ex.Header, now), p.MaxRetryAfter)))
	}
	h.Next = next
}

// What an answer says of how busy a host is.
const (
	same = iota
	more
	less
)

func pressed(ex *Exchange, err error) int {
	if err != nil {
		// These are settled before a connection, or say nothing of load.
		for _, other := range []error{context.Canceled, dateline.ErrRefused, dateline.ErrInvalid, dateline.ErrTooLarge} {
			if errors.Is(err, other) {
				return same
			}
		}
		return more
	}
	switch {
	case ex.Status == http.StatusTooManyRequests, ex.Status == http.StatusServiceUnavailable:
		return more
	case ex.Status < 500:
		return less
	}
	return same
}

// retryAfter is the wait that a response asks for, 0 for none.
func retryAfter(h http.Header, now time.Time) time.Duration {
	s := strings.TrimSpace(h.Get("Retry-After"))
	if s == "" {
		return 0
	}
	if n, err := strconv.ParseUint(s, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(n, 1<<30)) * time.Second
	}
	if t, err := http.ParseTime(s); err == nil {
		return max(t.Sub(now), 0)
	}
	return 0
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Domain is what pace is kept by: the registrable domain of an address's host,
// by the public suffix list, so that an outlet's many hosts count as one; an
// IP address is its own. It is "" for what [Client.Do] would not ask for.
func Domain(address string) string {
	u, err := parseURL(nil, address)
	if err != nil {
		return ""
	}
	host := strings.TrimSuffix(u.Hostname(), ".")
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap().String()
	}
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}
