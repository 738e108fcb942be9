package demo

import (
	"strings"
	"testing"
	"time"
)

// line is a hit of a log made by hand: seconds after the start, and how long
// it took.
func line(second, took float64, path string, change func(*Hit)) Hit {
	at := func(s float64) time.Time { return begin.Add(time.Duration(s * float64(time.Second))) }
	h := Hit{Start: at(second), End: at(second + took), Host: "127.1.0.1:80", Path: path, Agent: "Dateline/1 (+mailto:a@reader.example)", Status: 200}
	if change != nil {
		change(&h)
	}
	return h
}

func TestJudge(t *testing.T) {
	rules := Rules{Delay: 5 * time.Second, Tolerance: 100 * time.Millisecond}
	robots := line(0, 1, "/robots.txt", nil)
	tagged := func(h *Hit) { h.ETag, h.Modified = `"a"`, "Thu, 12 Mar 2026 08:00:00 GMT" }
	later := func(after string) func(*Hit) { return func(h *Hit) { h.Status, h.RetryAfter = 503, after } }
	for _, c := range []struct {
		name string
		hits []Hit
		want []string // in each breach, in order
	}{
		{"good", []Hit{
			robots, line(5, 1, "/", tagged), line(10, 1, "/a", nil),
			line(15, 1, "/old", func(h *Hit) { h.Status, h.Location = 301, "http://127.1.0.1:80/new" }), line(16.1, 1, "/new", nil),
			line(21, 1, "/b", later("20")), line(41, 1, "/b", later("Thu, 12 Mar 2026 09:31:30 GMT")), line(90, 1, "/b", nil),
			line(95, 1, "/", func(h *Hit) { h.Status, h.IfNoneMatch = 304, `"a"` }), line(100, 1, "/", func(h *Hit) { h.Status, h.IfModifiedSince = 304, "Thu, 12 Mar 2026 08:00:00 GMT" }),
		}, nil},
		{"other hosts are no matter", []Hit{robots, line(0, 1, "/robots.txt", func(h *Hit) { h.Host = "127.1.0.2:80" })}, nil},
		{"no contact", []Hit{line(0, 1, "/robots.txt", func(h *Hit) { h.Agent = "curl" })}, []string{"no contact"}},
		{"no robots", []Hit{line(0, 1, "/", nil)}, []string{"robots.txt was not asked"}},
		{"robots failed", []Hit{line(0, 1, "/robots.txt", later("1")), line(30, 1, "/", nil)}, []string{"robots.txt was not asked"}},
		{"robots broke", []Hit{line(0, 1, "/robots.txt", func(h *Hit) { h.Status = 500 }), line(30, 1, "/", nil)}, []string{"robots.txt was not asked"}},
		{"no robots.txt", []Hit{line(0, 1, "/robots.txt", func(h *Hit) { h.Status = 404 }), line(30, 1, "/", nil)}, nil},
		{"old robots", []Hit{robots, line(86500, 1, "/", nil)}, []string{"24h1m40s old"}},
		{"forbidden", []Hit{robots, line(5, 1, "/private/1", func(h *Hit) { h.Forbidden = true })}, []string{"forbids"}},
		{"two at once", []Hit{line(0, 8, "/robots.txt", nil), line(6, 1, "/", nil)}, []string{"under way"}},
		{"never ended", []Hit{line(0, 1, "/robots.txt", func(h *Hit) { h.End = time.Time{} }), line(6, 1, "/", nil)}, []string{"under way"}},
		{"too soon", []Hit{robots, line(4, 1, "/", nil)}, []string{"4s after /robots.txt, not 5s"}},
		{"tolerance", []Hit{robots, line(4.95, 1, "/", nil)}, nil},
		{"a redirect elsewhere is no excuse", []Hit{robots, line(5, 1, "/old", func(h *Hit) { h.Location = "http://127.1.0.1:80/new" }), line(6, 1, "/other", nil)}, []string{"1s after /old"}},
		{"retry after in seconds", []Hit{robots, line(5, 1, "/a", later("60")), line(40, 1, "/a", nil)}, []string{"25s before the end of Retry-After"}},
		{"retry after by date", []Hit{robots, line(5, 1, "/a", later("Thu, 12 Mar 2026 09:31:00 GMT")), line(40, 1, "/a", nil)}, []string{"20s before"}},
		{"retry after forever", []Hit{robots, line(5, 1, "/a", later("99999999")), line(86410, 1, "/robots.txt", nil)}, nil},
		{"no backoff", []Hit{robots, line(5, 1, "/a", later("")), line(12, 1, "/a", nil)}, []string{"after failure 1 in a row, not 10s"}},
		{"backoff doubles", []Hit{robots, line(5, 1, "/a", later("")), line(15, 1, "/a", func(h *Hit) { h.Status, h.Ending = 0, ResetBefore }), line(30, 1, "/a", nil)}, []string{"after failure 2 in a row, not 20s"}},
		{"damaged gzip is no failure of the host", []Hit{robots, line(5, 1, "/a", func(h *Hit) { h.Ending = BadGzip }), line(10, 1, "/a", nil)}, nil},
		{"no validator", []Hit{robots, line(5, 1, "/", tagged), line(10, 1, "/", nil)}, []string{`without the validator "a"`}},
		{"no validator where a redirect leads", []Hit{robots, line(5, 1, "/new", tagged), line(10, 1, "/old", func(h *Hit) { h.Status, h.Location = 302, "http://127.1.0.1:80/new" }), line(11, 1, "/new", nil)}, nil},
		{"no time", []Hit{robots, line(5, 1, "/", func(h *Hit) { h.Modified = "Thu, 12 Mar 2026 08:00:00 GMT" }), line(10, 1, "/", nil)}, []string{"without the time"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Judge(c.hits, rules)
			for n, want := range c.want {
				if n >= len(got) || !strings.Contains(got[n], want) {
					t.Errorf("breach %d: want %q in %q", n, want, got)
				}
			}
			if len(got) != len(c.want) {
				t.Errorf("got %d breaches %q, want %d", len(got), got, len(c.want))
			}
		})
	}
}
