package pipeline_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/demo"
	"dateline/internal/pipeline"
	"dateline/internal/store"
	"dateline/internal/work"
	"dateline/warc"
)

const day = 24 * time.Hour

// code has an address answer with nothing but a status.
func (s *site) code(path string, status int) {
	s.answer(path, func(w http.ResponseWriter) { w.WriteHeader(status) })
}

// reset has a connection end where an address is asked for.
func (s *site) reset(path string) {
	s.answer(path, func(w http.ResponseWriter) {
		if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
			c.(*net.TCPConn).SetLinger(0)
			c.Close()
		}
	})
}

// redirect has an address lead to another.
func (s *site) redirect(path string, status int, to string) {
	s.answer(path, func(w http.ResponseWriter) {
		w.Header().Set("Location", to)
		w.WriteHeader(status)
	})
}

// askedAt is when an address was asked for.
func (s *site) askedAt(path string) (out []time.Time) {
	for _, h := range s.hits() {
		if h.Path == path {
			out = append(out, h.Start)
		}
	}
	return out
}

func (s *site) hits() []demo.Hit {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]demo.Hit(nil), s.log...)
}

// addPage has a page fetched, as one of a list of addresses.
func addPage(t *testing.T, p *pipeline.Pipeline, address string) store.Page {
	t.Helper()
	page, err := p.Store.AddPage(t.Context(), store.Found{Entry: dateline.Entry{URL: address}, Key: keyOf(t, address), Lane: fetch.Domain(address), Priority: work.News, Due: p.Now()}, "")
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func pageOf(t *testing.T, p *pipeline.Pipeline, address string) store.Page {
	t.Helper()
	page, err := p.Store.PageOf(t.Context(), keyOf(t, address))
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return page
}

// noneDead fails the test for everything that was given up.
func noneDead(t *testing.T, p *pipeline.Pipeline) {
	t.Helper()
	dead, err := p.Store.Dead(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dead {
		t.Errorf("%s of %s was given up after %d tries: %s", d.Stage, d.Subject, d.Tries, d.Reason)
	}
}

// inSites runs a test in a time of its own, which the sites' logs have too.
func inSites(t *testing.T, f func(t *testing.T, b *bubble), sites ...*site) {
	b := &bubble{}
	for _, s := range sites {
		s.clock = b.outside
	}
	synctest.Test(t, func(t *testing.T) { f(t, b) })
}

// TestForbiddenForAWhile: a page that robots.txt forbids is looked for again
// 1, 3, 10 and 20 days after it was found, and not asked for before robots.txt
// allows it.
func TestForbiddenForAWhile(t *testing.T) {
	forbid := func(s *site) {
		s.serve("/robots.txt", "User-agent: *\nDisallow: /a\n")
	}
	for _, x := range []struct {
		name    string
		forbid  func(*site)
		allowed time.Duration // after it was found
		comes   time.Duration // 0 for never
	}{
		{"rule for hours", forbid, 5 * time.Hour, day},
		{"rule for days", forbid, 4 * day, 10 * day},
		{"rule for weeks", forbid, 15 * day, 20 * day},
		{"rule for a month", forbid, 30 * day, 0},
		{"401", func(s *site) { s.code("/robots.txt", 401) }, 2 * day, 3 * day},
		{"403", func(s *site) { s.code("/robots.txt", 403) }, 12 * day, 20 * day},
	} {
		t.Run(x.name, func(t *testing.T) {
			s := newSite(t, "127.0.0.1")
			s.story("/a")
			x.forbid(s)
			inSites(t, func(t *testing.T, b *bubble) {
				p := keepSites(t, b.look, nil, s)
				found := b.look()
				addPage(t, p, s.base+"/a")
				b.leap(t, p, x.allowed)
				if n := s.times("/a"); n != 0 {
					t.Fatalf("asked for %d times while it was forbidden", n)
				}
				if page := pageOf(t, p, s.base+"/a"); !strings.HasPrefix(page.Outcome, "refused: robots.txt") {
					t.Errorf("meanwhile: %q", page.Outcome)
				}
				s.serve("/robots.txt", "User-agent: *\nAllow: /\n")
				b.leap(t, p, 40*day-x.allowed)
				at := s.askedAt("/a")
				switch page := pageOf(t, p, s.base+"/a"); {
				case x.comes == 0:
					if len(at) != 0 || page.Version != 0 {
						t.Errorf("asked for at %v", at)
					}
				case len(at) != 1 || page.Version == 0:
					t.Errorf("asked for at %v: %s", at, page.Outcome)
				default:
					// What robots.txt said may be a day old.
					if late := at[0].Sub(found) - x.comes; late < 0 || late > time.Hour {
						t.Errorf("asked for after %v, not %v", at[0].Sub(found), x.comes)
					}
				}
				noneDead(t, p)
			}, s)
		})
	}
}

// TestForbiddenInFeed: of a page that robots.txt forbids the feed's text stands
// until it is allowed.
func TestForbiddenInFeed(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	s.story("/a")
	s.serve("/robots.txt", "User-agent: *\nDisallow: /a\n")
	s.serve("/feed.xml", feedOf(itemOf("/a", "<title>A story</title><description>"+strings.Repeat("The feed tells of the flood. ", 9)+"</description>")))
	inSites(t, func(t *testing.T, b *bubble) {
		p := keepSites(t, b.look, []dateline.Source{oneFeed}, s)
		text := func() string {
			page := pageOf(t, p, s.base+"/a")
			a, err := p.Store.Article(t.Context(), page.Version)
			if err != nil {
				t.Fatalf("%s: %v", page.Outcome, err)
			}
			return a.Text
		}
		b.leap(t, p, 2*day)
		if n := s.times("/a"); n != 0 || !strings.Contains(text(), "The feed tells") {
			t.Errorf("asked for %d times; %.80s", n, text())
		}
		s.serve("/robots.txt", "")
		b.leap(t, p, 2*day)
		if n := s.times("/a"); n != 1 || !strings.Contains(text(), "The council of the valley") {
			t.Errorf("asked for %d times; %.80s", n, text())
		}
	}, s)
}

// TestRedirectToUnknown: where a redirect leads to an authority whose robots.txt
// is not known, that is asked for first, in a turn of its own.
func TestRedirectToUnknown(t *testing.T) {
	for _, x := range []struct {
		name   string
		status int
		robots func(*site)
		want   []string // requests, of the one and of the other
		stored bool
	}{
		{"allowed", 301, func(s *site) { s.serve("/robots.txt", "") },
			[]string{"one/robots.txt", "one/a", "other/robots.txt", "one/a", "other/b"}, true},
		{"for the moment", 302, func(s *site) { s.serve("/robots.txt", "") },
			[]string{"one/robots.txt", "one/a", "other/robots.txt", "other/b"}, true},
		{"forbidden", 301, func(s *site) { s.serve("/robots.txt", "User-agent: Dateline\nDisallow: /b") },
			[]string{"one/robots.txt", "one/a", "other/robots.txt", "one/a"}, false},
		{"forbidden for the moment", 302, func(s *site) { s.serve("/robots.txt", "User-agent: Dateline\nDisallow: /b") },
			[]string{"one/robots.txt", "one/a", "other/robots.txt"}, false},
		{"closed", 308, func(s *site) { s.code("/robots.txt", 403) },
			[]string{"one/robots.txt", "one/a", "other/robots.txt", "one/a"}, false},
	} {
		t.Run(x.name, func(t *testing.T) {
			// One domain, as they are one IP address.
			one, other := newSite(t, "127.0.0.1"), newSite(t, "127.0.0.1")
			other.story("/b")
			x.robots(other)
			one.redirect("/a", x.status, other.base+"/b")
			inSites(t, func(t *testing.T, b *bubble) {
				p := keepSites(t, b.look, nil, one, other)
				addPage(t, p, one.base+"/a")
				b.leap(t, p, 20*time.Hour)
				names := map[string]string{strings.TrimPrefix(one.base, "http://"): "one", strings.TrimPrefix(other.base, "http://"): "other"}
				hits := append(one.hits(), other.hits()...)
				sortHits(hits)
				var got []string
				for i, h := range hits {
					got = append(got, names[h.Host]+h.Path)
					// What an allowed redirect leads to is of the same exchange.
					follows := h.Path == "/b" && x.status == 301
					if i > 0 && !follows && h.Start.Sub(hits[i-1].Start) < 5*time.Second {
						t.Errorf("%s %v after %s", got[i], h.Start.Sub(hits[i-1].Start), got[i-1])
					}
				}
				if strings.Join(got, " ") != strings.Join(x.want, " ") {
					t.Errorf("asked for %v, want %v", got, x.want)
				}
				h, err := p.Store.Host(t.Context(), "127.0.0.1")
				if err != nil || h.Count != len(hits) {
					t.Errorf("%d requests are counted of %d, %v", h.Count, len(hits), err)
				}
				totals, err := p.Store.Totals(t.Context())
				if err != nil || totals.Articles > 0 != x.stored {
					t.Errorf("%+v, %v", totals, err)
				}
				noneDead(t, p)
			}, one, other)
		})
	}
}

// TestRobotsFails: while a robots.txt cannot be had nothing else is asked for,
// and it less and less often, however long that is. When it can be had again,
// all pages come.
func TestRobotsFails(t *testing.T) {
	for _, x := range []struct {
		name   string
		outage time.Duration
		why    string
		fail   func(*site)
	}{
		{"500", 11 * time.Hour, "the server answered 500", func(s *site) { s.code("/robots.txt", 500) }},
		{"503", 9 * day, "the server answered 503", func(s *site) { s.code("/robots.txt", 503) }},
		{"unreachable", 11 * time.Hour, "reset", func(s *site) { s.reset("/robots.txt") }},
		{"broken", 3 * day, "broke off", func(s *site) {
			s.answer("/robots.txt", func(w http.ResponseWriter) {
				w.Header().Set("Content-Length", "1000")
				io.WriteString(w, "User-agent: *\nAllow: /\n")
			})
		}},
	} {
		t.Run(x.name, func(t *testing.T) {
			const pages = 12
			outage := x.outage
			s := newSite(t, "127.0.0.1")
			x.fail(s)
			s.serve("/feed.xml", feedOf(itemOf("/listed", "")))
			s.story("/listed")
			inSites(t, func(t *testing.T, b *bubble) {
				p := keepSites(t, b.look, []dateline.Source{oneFeed}, s)
				for i := range pages {
					path := fmt.Sprint("/", i)
					s.story(path)
					addPage(t, p, s.base+path)
				}
				began := b.look()
				b.leap(t, p, outage)
				since, why := missing(t, p, s)
				if since.Before(began) || since.Sub(began) > time.Minute || !strings.Contains(why, x.why) {
					t.Errorf("it began at %v; known is %v: %s", began, since, why)
				}
				before := s.hits()
				wait := 5 * time.Second
				for i, h := range before {
					if h.Path != "/robots.txt" {
						t.Errorf("%s was asked for meanwhile", h.Path)
					}
					if i > 0 {
						wait = min(2*wait, time.Hour)
						if gap := h.Start.Sub(before[i-1].Start); gap < wait {
							t.Errorf("asked for %v after failure %d, not %v", gap, i, wait)
						}
					}
				}
				// 10 s, 20 s and so on until an hour, which is 80 minutes, then hourly.
				hours := int(outage / time.Hour)
				if n := len(before); n < hours*5/6 || n > hours+10 {
					t.Errorf("robots.txt was asked for %d times", n)
				}
				s.serve("/robots.txt", "User-agent: *\nAllow: /\n")
				b.leap(t, p, 8*time.Hour)
				for _, path := range []string{"/0", "/1", "/11", "/listed"} {
					if page := pageOf(t, p, s.base+path); page.Version == 0 || s.times(path) != 1 {
						t.Errorf("%s: asked for %d times, %s", path, s.times(path), page.Outcome)
					}
				}
				if totals, err := p.Store.Totals(t.Context()); err != nil || totals.Articles != pages+1 {
					t.Errorf("%d articles of %d, %v", totals.Articles, pages+1, err)
				}
				if since, why := missing(t, p, s); !since.IsZero() || why != "" {
					t.Errorf("known is still %v: %s", since, why)
				}
				noneDead(t, p)
			}, s)
		})
	}
}

// TestRobotsBeside: a site whose robots.txt cannot be had holds up no other of
// its domain, however many of its pages wait.
func TestRobotsBeside(t *testing.T) {
	const pages = 30
	ill, well := newSite(t, "127.0.0.1"), newSite(t, "127.0.0.1")
	ill.code("/robots.txt", 500)
	well.serve("/robots.txt", "")
	inSites(t, func(t *testing.T, b *bubble) {
		p := keepSites(t, b.look, nil, ill, well)
		for i := range pages {
			path := fmt.Sprint("/", i)
			ill.story(path)
			addPage(t, p, ill.base+path)
		}
		b.leap(t, p, time.Minute)
		for i := range pages {
			path := fmt.Sprint("/", i)
			well.story(path)
			addPage(t, p, well.base+path)
		}
		b.leap(t, p, time.Hour)
		for i := range pages {
			if page := pageOf(t, p, fmt.Sprint(well.base, "/", i)); page.Version == 0 {
				t.Errorf("%s has not come beside: %s", page.URL, page.Outcome)
			}
		}
		b.leap(t, p, 23*time.Hour)
		asked := ill.hits()
		if n := len(asked); n < 24 || n > 36 || ill.times("/robots.txt") != n {
			t.Errorf("of the other site %d requests, %d for its robots.txt", n, ill.times("/robots.txt"))
		}
		ill.serve("/robots.txt", "")
		b.leap(t, p, 2*time.Hour)
		for i := range pages {
			if page := pageOf(t, p, fmt.Sprint(ill.base, "/", i)); page.Version == 0 {
				t.Errorf("%s has not come in the end: %s", page.URL, page.Outcome)
			}
		}
		noneDead(t, p)
	}, ill, well)
}

// TestRobotsRound: a round asks three times for a robots.txt that cannot be had,
// and leaves what waits for it to the next.
func TestRobotsRound(t *testing.T) {
	for _, x := range []struct{ fails, asked int }{{2, 3}, {100, 3}} {
		s := newSite(t, "127.0.0.1")
		var asked atomic.Int64
		s.answer("/robots.txt", func(w http.ResponseWriter) {
			if asked.Add(1) <= int64(x.fails) {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		})
		s.story("/a")
		s.story("/b")
		inSites(t, func(t *testing.T, b *bubble) {
			p := keepSites(t, b.look, nil, s)
			addPage(t, p, s.base+"/a")
			addPage(t, p, s.base+"/b")
			if err := p.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			came := pageOf(t, p, s.base+"/a").Version != 0 && pageOf(t, p, s.base+"/b").Version != 0
			if n := int(asked.Load()); n != x.asked || came != (x.fails < x.asked) {
				t.Errorf("after %d failures it was asked for %d times, all pages have come: %v", x.fails, n, came)
			}
			noneDead(t, p)
		}, s)
	}
}

// missing is since when and why a site's robots.txt cannot be had, as is kept.
func missing(t *testing.T, p *pipeline.Pipeline, s *site) (time.Time, string) {
	t.Helper()
	h, err := p.Store.Host(t.Context(), fetch.Domain(s.base))
	if err != nil {
		t.Fatal(err)
	}
	var r fetch.Robots
	if err := r.UnmarshalText(h.Robots[s.base].Rules); err != nil {
		t.Fatal(err)
	}
	return r.Missing, r.Why
}

func sortHits(hits []demo.Hit) {
	slices.SortStableFunc(hits, func(a, b demo.Hit) int { return a.Start.Compare(b.Start) })
}

// TestRobotsKept: what a robots.txt said when is in the archive, whole where it
// changed and as a revisit where it did not, and is no page.
func TestRobotsKept(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	s.story("/a")
	first, second := "User-agent: *\nDisallow: /x\n", "User-agent: *\nDisallow: /y\n"
	s.serve("/robots.txt", first)
	inSites(t, func(t *testing.T, b *bubble) {
		p := keepSites(t, b.look, nil, s)
		p.Options.Revisits = []time.Duration{day + time.Hour, 2*day + 2*time.Hour, 3*day + 3*time.Hour, 4*day + 4*time.Hour}
		addPage(t, p, s.base+"/a")
		b.leap(t, p, 40*time.Hour) // asked for twice
		s.serve("/robots.txt", second)
		b.leap(t, p, day) // and once
		s.code("/robots.txt", 404)
		b.leap(t, p, day)
		s.code("/robots.txt", 503) // nothing that was said
		b.leap(t, p, day)
		var got []string
		for k, err := range p.Store.EachCapture(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(k.URL, "/robots.txt") {
				continue
			}
			answer, err := p.Archive.Read(t.Context(), k.WARC, k.Offset)
			if err != nil {
				t.Fatal(err)
			}
			if k.Page != 0 {
				t.Errorf("it is page %d", k.Page)
			}
			got = append(got, fmt.Sprintf("%d %q", k.Status, answer.Payload))
		}
		if want := []string{fmt.Sprintf("200 %q", first), fmt.Sprintf("200 %q", first), fmt.Sprintf("200 %q", second), `404 ""`}; strings.Join(got, ", ") != strings.Join(want, ", ") {
			t.Errorf("kept are %v, want %v", got, want)
		}
		if totals, err := p.Store.Totals(t.Context()); err != nil || totals.Pages != 1 || totals.Articles != 1 {
			t.Errorf("%+v, %v", totals, err)
		}
		sound(t, p)
		var types []string
		names, err := filepath.Glob(filepath.Join(p.Archive.Folder(), "*.cdxj"))
		if err != nil || len(names) != 1 {
			t.Fatalf("indexes: %v, %v", names, err)
		}
		index, err := os.ReadFile(names[0])
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(index) {
			l, err := warc.ParseLine(line)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(l.URL, "/robots.txt") {
				types = append(types, l.Mime)
			}
		}
		if got := strings.Join(types, " "); got != "text/plain warc/revisit text/plain " {
			t.Errorf("the index has %q", got)
		}
		noneDead(t, p)
	}, s)
}
