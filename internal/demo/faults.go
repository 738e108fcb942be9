package demo

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Faults say how much goes wrong at generated outlets. Every number is a share
// from 0 to 1; which pages and outlets it is follows from the seed.
type Faults struct {
	// Pages is the share of pages that fail up to three times and are then
	// served well: connections reset or cut off, damaged gzip, lengths that
	// contradict each other, 500, 503 and 429.
	Pages float64

	// Lost is the share of pages that no one may or can have: forbidden by
	// robots.txt, gone, not found, redirected in a circle.
	Lost float64

	// Moved is the share of pages that redirects lead to, by 301, 302, 308 or
	// a chain of five.
	Moved float64

	// Broken is the share of pages whose connections are reset every time.
	Broken float64

	// Edited is the share of pages whose text changes, once, between half a
	// minute and ten minutes of the schedule after the start.
	Edited float64

	// Storms is the share of outlets that answer three requests in a row,
	// somewhere among their first thirty, with 429 or 503 and a Retry-After,
	// and Feeds of those whose feed fails the first three times.
	Storms, Feeds float64

	// Slow is the share of pages that come in pieces with pauses.
	Slow float64

	// RetryAfter is what storms ask to wait, rounded up to whole seconds.
	// Default 1 s.
	RetryAfter time.Duration

	// Pause is how long slow pages pause between pieces, in real time.
	// Default 20 ms.
	Pause time.Duration
}

// fault is what is planned for a page.
type fault struct {
	kind  string // "", "broken", or as in the tables below
	tries int    // how often a recoverable fault shows
	slow  bool
	edit  time.Duration // of the schedule; 0: never
}

// How pages fail that are served in the end, are lost, or have moved.
var (
	recoverable = []string{"reset-before", "reset-head", "reset-body", "cut-body", "cut-chunks", "two-lengths", "bad-gzip", "500", "503", "429"}
	lost        = []string{"robots", "404", "410", "loop"}
	moved       = []string{"301", "302", "308", "chain"}
)

// fault is the plan for a page.
func (s *seeded) fault(page int) fault {
	f, h := s.o.Faults, s.hash(page, "fault")
	var out fault
	pick := func(kinds []string) string { return kinds[mix(h)%uint64(len(kinds))] }
	switch c := chance(h); {
	case c < f.Pages:
		out.kind, out.tries = pick(recoverable), 1+int(mix(h)>>20%3)
	case c < f.Pages+f.Lost:
		out.kind = pick(lost)
		return out
	case c < f.Pages+f.Lost+f.Moved:
		out.kind = pick(moved)
	case c < f.Pages+f.Lost+f.Moved+f.Broken:
		out.kind = "broken"
		return out
	}
	out.slow = chance(s.hash(page, "slow")) < f.Slow
	if e := s.hash(page, "edit"); chance(e) < f.Edited {
		out.edit = 30*time.Second + time.Duration(mix(e)%570)*time.Second
	}
	return out
}

// page answers for page n, asked for in a folder.
func (s *seeded) page(now time.Time, r request, n int, folder string, amp bool) *answer {
	plan := s.fault(n)
	if folder == "private" {
		if plan.kind != "robots" {
			return nil
		}
		return page("text/html; charset=utf-8", s.draw(r, n, 0, s.path(n), false), s.published(n))
	}
	away := folder == "archive"
	canonical := s.path(n)
	switch plan.kind {
	case "301", "302", "308", "chain":
		canonical = s.moved(n)
	}
	if step, ok := hop(folder); ok && plan.kind == "chain" {
		to := "/hop" + strconv.Itoa(step+1) + "/"
		if step == 4 {
			to = "/archive/"
		}
		return redirect(http.StatusFound, r.base+to+s.moved(n)[len("/archive/"):])
	}
	switch plan.kind {
	case "robots", "404":
		return nil
	case "410":
		return status(http.StatusGone)
	case "broken":
		return &answer{header: http.Header{"Content-Type": {"text/html"}}, ending: ResetHead}
	case "loop":
		// Two addresses that lead to each other.
		if away {
			return redirect(http.StatusFound, r.base+s.path(n))
		}
		return redirect(http.StatusFound, r.base+s.moved(n))
	case "301", "302", "308":
		if !away {
			code, _ := strconv.Atoi(plan.kind)
			return redirect(code, r.base+s.moved(n))
		}
	case "chain":
		if !away {
			return redirect(http.StatusMovedPermanently, r.base+"/hop1/"+s.moved(n)[len("/archive/"):])
		}
	}
	if folder != "news" && (folder != "archive" || !slices.Contains(moved, plan.kind)) {
		return nil
	}
	edition, modified := 0, s.published(n)
	if at := s.clock.at(plan.edit); plan.edit > 0 && !at.After(now) {
		edition, modified = 1, at
	}
	a := page("text/html; charset=utf-8", s.draw(r, n, edition, canonical, amp), modified)
	if plan.slow {
		a.ending, a.pause = Slow, s.o.Faults.Pause
		if a.pause == 0 {
			a.pause = 20 * time.Millisecond
		}
	}
	if r.try >= plan.tries || amp {
		return a
	}
	switch plan.kind {
	case "500":
		return status(http.StatusInternalServerError)
	case "503", "429":
		code, _ := strconv.Atoi(plan.kind)
		return s.later(now, code, r.try%2 == 1)
	}
	a.ending, a.modified = Ending(plan.kind), time.Time{}
	return a
}

// hop is the step of a chain of redirects that a folder stands for.
func hop(folder string) (int, bool) {
	if len(folder) != 4 || folder[:3] != "hop" || folder[3] < '1' || folder[3] > '4' {
		return 0, false
	}
	return int(folder[3] - '0'), true
}

// later asks to come back, in seconds or by a date.
func (s *seeded) later(now time.Time, code int, date bool) *answer {
	a := status(code)
	wait := s.o.Faults.RetryAfter
	if wait == 0 {
		wait = time.Second
	}
	if date {
		// Dates have whole seconds: one up, so that the wait is not shorter.
		a.header.Set("Retry-After", now.Add(wait+time.Second-1).Truncate(time.Second).UTC().Format(http.TimeFormat))
	} else {
		a.header.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	}
	return a
}

// storm answers the nth request of an outlet while its storm lasts.
func (s *seeded) storm(now time.Time, nth int) *answer {
	h := s.hash(-1, "storm")
	if chance(h) >= s.o.Faults.Storms {
		return nil
	}
	first := int(mix(h) % 28)
	if nth < first || nth >= first+3 {
		return nil
	}
	code := http.StatusTooManyRequests
	if mix(h)>>32%2 == 0 {
		code = http.StatusServiceUnavailable
	}
	return s.later(now, code, (nth-first)%2 == 1)
}

// brokenFeed answers for a feed that fails, is a page, is half of itself, and
// recovers.
func (s *seeded) brokenFeed(r request) *answer {
	if r.try > 2 || chance(s.hash(-1, "feed")) >= s.o.Faults.Feeds {
		return nil
	}
	switch r.try {
	case 0:
		return status(http.StatusInternalServerError)
	case 1:
		a := s.front(r)
		a.modified = time.Time{}
		return a
	}
	c, items := s.items(r, "")
	body := rss(c, items, "utf-8")
	return page("application/rss+xml; charset=utf-8", body[:len(body)/2], time.Time{})
}
