package fetch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline"
)

var noon = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

func status(n int, retryAfter string) *Exchange {
	ex := &Exchange{Status: n, Header: http.Header{}}
	if retryAfter != "" {
		ex.Header.Set("Retry-After", retryAfter)
	}
	return ex
}

func TestPace(t *testing.T) {
	broke := fmt.Errorf("get: %w", &net.OpError{Op: "read", Err: errors.New("connection reset by peer")})
	for _, c := range []struct {
		name    string
		host    Host
		ex      *Exchange
		err     error
		rnd     float64
		wait    time.Duration
		backoff time.Duration
		fails   int
	}{
		{"first", Host{}, status(200, ""), nil, 0, 5 * time.Second, 0, 0},
		{"jitter", Host{}, status(200, ""), nil, 1, 6 * time.Second, 0, 0},
		{"crawl delay", Host{CrawlDelay: 30 * time.Second}, status(200, ""), nil, 0, 30 * time.Second, 0, 0},
		{"crawl delay below ours", Host{CrawlDelay: time.Second}, status(200, ""), nil, 0, 5 * time.Second, 0, 0},
		{"crawl delay without end", Host{CrawlDelay: time.Hour}, status(200, ""), nil, 0, 2 * time.Minute, 0, 0},
		{"not found is well", Host{Backoff: time.Minute, Failures: 3}, status(404, ""), nil, 0, 5 * time.Second, 0, 0},
		{"429", Host{}, status(429, ""), nil, 0, 10 * time.Second, 10 * time.Second, 1},
		{"429 with a crawl delay", Host{CrawlDelay: time.Minute}, status(429, ""), nil, 0, 2 * time.Minute, 2 * time.Minute, 1},
		{"503 again", Host{Backoff: 10 * time.Second, Failures: 1}, status(503, ""), nil, 0, 20 * time.Second, 20 * time.Second, 2},
		{"up to an hour", Host{Backoff: 50 * time.Minute, Failures: 9}, status(503, ""), nil, 0, time.Hour, time.Hour, 10},
		{"reset", Host{}, nil, broke, 0, 10 * time.Second, 10 * time.Second, 1},
		{"no such host", Host{}, nil, dateline.ErrNotFound, 0, 10 * time.Second, 10 * time.Second, 1},
		{"timeout", Host{}, nil, &limitError{"no end", 1}, 0, 10 * time.Second, 10 * time.Second, 1},
		{"500 says nothing", Host{Backoff: time.Minute, Failures: 3}, status(500, ""), nil, 0, time.Minute, time.Minute, 3},
		{"refused says nothing", Host{}, nil, dateline.ErrRefused, 0, 5 * time.Second, 0, 0},
		{"cancelled", Host{Backoff: time.Minute, Failures: 3}, nil, context.Canceled, 0, time.Minute, time.Minute, 3},
		{"retry after", Host{}, status(429, "7200"), nil, 0, 2 * time.Hour, 10 * time.Second, 1},
		{"retry after a date", Host{}, status(503, "Wed, 01 May 2024 13:00:00 GMT"), nil, 0, time.Hour, 10 * time.Second, 1},
		{"retry after on 403", Host{}, status(403, "60"), nil, 0, time.Minute, 0, 0},
		{"retry after on 200", Host{}, status(200, "60"), nil, 0, 5 * time.Second, 0, 0},
		{"retry at once", Host{}, status(429, "0"), nil, 0, 10 * time.Second, 10 * time.Second, 1},
		{"retry in the past", Host{}, status(429, "Wed, 01 May 2019 13:00:00 GMT"), nil, 0, 10 * time.Second, 10 * time.Second, 1},
		{"retry never", Host{}, status(429, "99999999999999999999999"), nil, 0, 24 * time.Hour, 10 * time.Second, 1},
		{"retry nonsense", Host{}, status(429, "-1 soon"), nil, 0, 10 * time.Second, 10 * time.Second, 1},
	} {
		h := c.host
		Pace{}.Begin(&h, noon.Add(-time.Minute), c.rnd)
		Pace{}.End(&h, noon, c.ex, c.err, c.rnd)
		want := Host{Next: noon.Add(c.wait), Backoff: c.backoff, Failures: c.fails, CrawlDelay: c.host.CrawlDelay}
		if d := cmp.Diff(want, h); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}

func TestPaceBegin(t *testing.T) {
	h := Host{Backoff: time.Hour}
	Pace{}.Begin(&h, noon, 0.5)
	if want := noon.Add(66 * time.Minute); !h.Next.Equal(want) {
		t.Errorf("next %v, want %v", h.Next, want)
	}
	Pace{Delay: time.Second, Jitter: -1}.Begin(&h, noon, 1)
	if want := noon.Add(66 * time.Minute); !h.Next.Equal(want) {
		t.Errorf("moved back to %v", h.Next)
	}
	text, err := json.Marshal(h)
	var again Host
	if err != nil || json.Unmarshal(text, &again) != nil || !cmp.Equal(h, again) {
		t.Errorf("%s came back as %+v, %v", text, again, err)
	}
}

func TestDomain(t *testing.T) {
	for in, want := range map[string]string{
		"https://www.outlet.example/a": "outlet.example",
		"http://OUTLET.example.:8080/": "outlet.example",
		"http://news.outlet.co.uk/":    "outlet.co.uk",
		"http://co.uk/":                "co.uk",
		"http://news.bücher.example/":  "xn--bcher-kva.example",
		"http://desk/":                 "desk",
		"http://127.0.0.2:8080/":       "127.0.0.2",
		"http://[::ffff:127.0.0.2]/":   "127.0.0.2",
		"http://[2001:db8::1]/":        "2001:db8::1",
		"ftp://outlet.example/":        "",
		"outlet.example":               "",
	} {
		if got := Domain(in); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

// FuzzPace: whatever headers say, the wait is between the least and the most.
func FuzzPace(f *testing.F) {
	for _, s := range []string{"60", "-1", "1e9", "99999999999999999999", "Wed, 01 May 2024 13:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		f.Add(s, 429, int64(time.Second))
	}
	f.Fuzz(func(t *testing.T, after string, code int, crawl int64) {
		h := Host{CrawlDelay: time.Duration(crawl)}
		Pace{}.End(&h, noon, status(code, after), nil, 1)
		if wait := h.Next.Sub(noon); wait < 5*time.Second || wait > 24*time.Hour || h.Backoff > time.Hour {
			t.Errorf("%q with %d: wait %v, backoff %v", after, code, wait, h.Backoff)
		}
	})
}
