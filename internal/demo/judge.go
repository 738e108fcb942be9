package demo

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Rules are what [Judge] holds a client to.
type Rules struct {
	// Delay is the least time from the start of one request to the start of
	// the next to the same host. Default none.
	Delay time.Duration

	// Tolerance is how much earlier than that, than a wait that was asked for
	// or than the end of the request before a request may be seen: what a
	// connection takes more or less, and how long it takes a server to learn
	// that a client has hung up. Default none.
	Tolerance time.Duration

	// RobotsFor is how long robots.txt may be relied on. Default 24 h.
	RobotsFor time.Duration

	// MaxBackoff is where the doubling of waits after failures ends. Default
	// 1 h. Backoff is not judged where Delay is none.
	MaxBackoff time.Duration

	// MaxRetryAfter is the longest wait that must be kept. Default 24 h.
	MaxRetryAfter time.Duration

	// Contact is what the User-Agent must hold. Default: "(+", which any
	// contact follows.
	Contact string
}

// Judge reads a server's log and lists what its client did that is not
// polite, nothing where all is well. A breach is a line that names host, path
// and time.
//
// A request that goes where the answer before it from the same host redirected
// to is part of the same exchange: neither pace nor a validator is asked of it.
func Judge(hits []Hit, rules Rules) []string {
	set := func(d *time.Duration, value time.Duration) {
		if *d == 0 {
			*d = value
		}
	}
	set(&rules.RobotsFor, 24*time.Hour)
	set(&rules.MaxBackoff, time.Hour)
	set(&rules.MaxRetryAfter, 24*time.Hour)
	if rules.Contact == "" {
		rules.Contact = "(+"
	}
	hosts := map[string]*watch{}
	var order []string
	for _, h := range hits {
		w := hosts[h.Host]
		if w == nil {
			w = &watch{rules: rules, given: map[string]Hit{}}
			hosts[h.Host], order = w, append(order, h.Host)
		}
		w.hits = append(w.hits, h)
	}
	var out []string
	for _, host := range order {
		w := hosts[host]
		slices.SortStableFunc(w.hits, func(a, b Hit) int { return a.Start.Compare(b.Start) })
		for n, h := range w.hits {
			w.see(n, h)
		}
		out = append(out, w.breaches...)
	}
	return out
}

// watch is what is known of one host while its hits are read.
type watch struct {
	rules    Rules
	hits     []Hit
	robots   time.Time // when robots.txt was last answered; zero: never
	failures int       // in a row
	until    time.Time // no request before, as the host asked
	given    map[string]Hit
	breaches []string
}

func (w *watch) say(h Hit, format string, args ...any) {
	w.breaches = append(w.breaches, fmt.Sprintf("%s%s at %s: ", h.Host, h.Path, h.Start.Format("15:04:05.000"))+fmt.Sprintf(format, args...))
}

func (w *watch) see(n int, h Hit) {
	if !strings.Contains(h.Agent, w.rules.Contact) {
		w.say(h, "user agent %q has no contact", h.Agent)
	}
	robots := h.Path == "/robots.txt"
	switch {
	case robots:
	case w.robots.IsZero():
		w.say(h, "robots.txt was not asked for before")
	case h.Start.Sub(w.robots) > w.rules.RobotsFor+w.rules.Tolerance:
		w.say(h, "robots.txt is %v old", h.Start.Sub(w.robots))
	}
	if h.Forbidden {
		w.say(h, "robots.txt forbids it")
	}
	if n > 0 {
		w.pace(w.hits[n-1], h)
	}
	if known, ok := w.given[h.Path]; ok && !robots && (n == 0 || !w.hits[n-1].leadsTo(h)) {
		switch {
		case known.ETag != "" && h.IfNoneMatch != known.ETag && h.IfModifiedSince != known.Modified:
			w.say(h, "asked again without the validator %s", known.ETag)
		case known.ETag == "" && known.Modified != "" && h.IfModifiedSince != known.Modified:
			w.say(h, "asked again without the time %s", known.Modified)
		}
	}
	w.learn(h, robots)
}

// pace judges the time between a host's request and the one before it.
func (w *watch) pace(before, h Hit) {
	if before.End.IsZero() || h.Start.Before(before.End.Add(-w.rules.Tolerance)) {
		w.say(h, "%s was still under way", before.Path)
	}
	if before.leadsTo(h) {
		return
	}
	gap := h.Start.Sub(before.Start)
	if gap < w.rules.Delay-w.rules.Tolerance {
		w.say(h, "%v after %s, not %v", gap, before.Path, w.rules.Delay)
	}
	if wait := w.backoff(); w.failures > 0 && gap < wait-w.rules.Tolerance {
		w.say(h, "%v after failure %d in a row, not %v", gap, w.failures, wait)
	}
	if h.Start.Before(w.until.Add(-w.rules.Tolerance)) {
		w.say(h, "%v before the end of Retry-After", w.until.Sub(h.Start))
	}
}

// leadsTo tells whether the answer to h redirected to what next asks for.
func (h Hit) leadsTo(next Hit) bool { return h.Location == "http://"+next.Host+next.Path }

// backoff is the least wait after failures in a row: the delay, doubled with
// each.
func (w *watch) backoff() time.Duration {
	wait := w.rules.Delay
	for range w.failures {
		if wait *= 2; wait >= w.rules.MaxBackoff {
			return w.rules.MaxBackoff
		}
	}
	return wait
}

// learn takes from a hit what the next is judged by.
func (w *watch) learn(h Hit, robots bool) {
	failed := false
	switch {
	case h.Ending != Whole && h.Ending != Slow, h.Status == 0:
		// Damaged content came over a sound connection.
		failed = h.Ending != BadGzip
	case h.Status == http.StatusTooManyRequests, h.Status == http.StatusServiceUnavailable:
		failed = true
	case robots && h.Status < 500: // what fails forbids all
		w.robots = h.Start
	}
	if failed {
		w.failures++
	} else {
		w.failures = 0
	}
	if h.RetryAfter != "" {
		until := h.Start
		if seconds, err := strconv.Atoi(h.RetryAfter); err == nil {
			until = h.Start.Add(time.Duration(seconds) * time.Second)
		} else if at, err := http.ParseTime(h.RetryAfter); err == nil {
			until = at
		}
		if most := h.Start.Add(w.rules.MaxRetryAfter); until.After(most) {
			until = most
		}
		if until.After(w.until) {
			w.until = until
		}
	}
	if h.Status == http.StatusOK && (h.Ending == Whole || h.Ending == Slow) && (h.ETag != "" || h.Modified != "") {
		w.given[h.Path] = h
	}
}
