package pipeline_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dateline/fetch"
	"dateline/internal/archive"
	"dateline/internal/demo"
	"dateline/internal/store"
	"dateline/internal/store/sqlite"
	"dateline/internal/work"
)

// TestPatience: a page that the network does not bring is asked for 20 times,
// ever more seldom, and is then a dead letter.
func TestPatience(t *testing.T) {
	const most = 20
	t.Run("reset", func(t *testing.T) {
		s := newSite(t, "127.0.0.1")
		s.serve("/robots.txt", "")
		s.reset("/a")
		inSites(t, func(t *testing.T, b *bubble) {
			p := keepSites(t, b.look, nil, s)
			addPage(t, p, s.base+"/a")
			b.leap(t, p, 5*day)
			at := s.askedAt("/a")
			if len(at) != most {
				t.Errorf("asked for %d times", len(at))
			}
			for i := 1; i < len(at); i++ {
				if gap := at[i].Sub(at[i-1]); gap < work.Backoff(i) {
					t.Errorf("try %d came %v after the one before", i+1, gap)
				}
			}
			given(t, p.Store, s.base+"/a", most, "reset")
		}, s)
	})
	// Where nothing takes a connection that is the host's state, however long.
	t.Run("refused", func(t *testing.T) {
		s := newSite(t, "127.0.0.1")
		s.serve("/robots.txt", "")
		for _, path := range []string{"/a", "/b", "/c"} {
			s.story(path)
		}
		inSites(t, func(t *testing.T, b *bubble) {
			p := keepSites(t, b.look, nil, s)
			addPage(t, p, s.base+"/a")
			b.leap(t, p, time.Minute)
			s.close()
			addPage(t, p, s.base+"/b")
			addPage(t, p, s.base+"/c")
			b.leap(t, p, 5*day)
			if since, why := missing(t, p, s); b.look().Sub(since) < 4*day || !strings.Contains(why, "refused") {
				t.Errorf("missing since %v: %s", since, why)
			}
			s.open()
			b.leap(t, p, 3*time.Hour)
			for _, path := range []string{"/b", "/c"} {
				if page := pageOf(t, p, s.base+path); page.Version == 0 || s.times(path) != 1 {
					t.Errorf("%s: asked for %d times, %s", path, s.times(path), page.Outcome)
				}
			}
			noneDead(t, p)
		}, s)
	})
	// A page that leads where nobody is is not kept for ever.
	t.Run("leads to nobody", func(t *testing.T) {
		s, other := newSite(t, "127.0.0.1"), newSite(t, "127.0.0.1")
		s.serve("/robots.txt", "")
		other.serve("/robots.txt", "")
		s.redirect("/a", 301, other.base+"/a")
		inSites(t, func(t *testing.T, b *bubble) {
			p := keepSites(t, b.look, nil, s, other)
			addPage(t, p, other.base+"/b") // so that robots.txt there is known
			b.leap(t, p, time.Minute)
			other.close()
			addPage(t, p, s.base+"/a")
			b.leap(t, p, 5*day)
			given(t, p.Store, s.base+"/a", most, "redirect to")
			if n := s.times("/a"); n != most {
				t.Errorf("asked for %d times", n)
			}
			if n := s.times("/robots.txt"); n > 7 {
				t.Errorf("robots.txt where nothing is wrong is asked for %d times in five days", n)
			}
		}, s, other)
	})
	t.Run("well again", func(t *testing.T) {
		s := newSite(t, "127.0.0.1")
		s.serve("/robots.txt", "")
		s.reset("/a")
		inSites(t, func(t *testing.T, b *bubble) {
			p := keepSites(t, b.look, nil, s)
			addPage(t, p, s.base+"/a")
			b.leap(t, p, 10*time.Hour)
			s.story("/a")
			b.leap(t, p, 3*time.Hour)
			if page := pageOf(t, p, s.base+"/a"); page.Version == 0 {
				t.Error(page.Outcome)
			}
			noneDead(t, p)
		}, s)
	})
}

// TestHopeless: what can never be asked for is given up at once.
func TestHopeless(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	s.serve("/robots.txt", "")
	s.story("/a")
	t.Run("robots.txt at an inner address", func(t *testing.T) {
		inSites(t, func(t *testing.T, b *bubble) {
			p := keepSites(t, b.look, nil, s)
			addPage(t, p, "http://10.0.0.1/a")
			b.leap(t, p, 3*day)
			given(t, p.Store, "http://10.0.0.1/a", 1, "address 10.0.0.1 is private")
		}, s)
	})
	t.Run("page at an inner address", func(t *testing.T) {
		// robots.txt is known from when the address was admitted.
		inSites(t, func(t *testing.T, b *bubble) {
			p := keepSites(t, b.look, nil, s)
			addPage(t, p, s.base+"/a")
			b.leap(t, p, time.Minute)
			p.Client.Guard = fetch.Guard{Allow: []netip.AddrPort{netip.MustParseAddrPort("127.0.0.9:1")}}
			addPage(t, p, s.base+"/b")
			b.leap(t, p, 12*time.Hour)
			given(t, p.Store, s.base+"/b", 1, "address 127.0.0.1 is loopback")
			if n := s.times("/b"); n != 0 {
				t.Errorf("asked for %d times", n)
			}
		}, s)
	})
	t.Run("invalid", func(t *testing.T) {
		inSites(t, func(t *testing.T, b *bubble) {
			p := keepSites(t, b.look, nil, s)
			addPage(t, p, s.base+"/a")
			b.leap(t, p, time.Minute)
			p.Client.Contact = "desk\n@newsroom.example" // no header can have it
			addPage(t, p, s.base+"/c")
			b.leap(t, p, 12*time.Hour)
			given(t, p.Store, s.base+"/c", 1, "user agent")
		}, s)
	})
}

// given fails the test where a page was not given up after so many tries, for
// that reason.
func given(t *testing.T, s store.Store, address string, tries int, reason string) {
	t.Helper()
	dead, err := s.Dead(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(dead) != 1 || dead[0].Subject != address || dead[0].Tries != tries || !strings.Contains(dead[0].Reason, reason) {
		t.Errorf("given up: %+v, want %s after %d tries: %s", dead, address, tries, reason)
	}
}

// TestOwnErrors has the disk fail for five minutes in the middle of everything:
// that costs no unit a try.
func TestOwnErrors(t *testing.T) {
	b, farm := newBubble(t, demo.Options{Seed: 6, Outlets: 6, Pages: 8})
	for name, where := range map[string][2]bool{"archive": {true, false}, "store": {false, true}, "both": {true, true}} {
		t.Run(name, func(t *testing.T) {
			var failing atomic.Bool
			var failed atomic.Int64
			fault := func(may bool) func(string) error {
				return func(op string) error {
					if !may || !failing.Load() {
						return nil
					}
					failed.Add(1)
					return fmt.Errorf("%s: %w", op, errDisk)
				}
			}
			synctest.Test(t, func(t *testing.T) {
				p := keepWith(t, t.TempDir(), farm.Outlets(), time.Second, archive.Options{Fault: fault(where[0])}, sqlite.Options{Fault: fault(where[1]), Now: b.look})
				p.Now = b.look
				p.Options.Revisits = []time.Duration{}
				c := &counting{Store: p.Store, most: map[work.Stage]int{}}
				p.Store = c
				followFeeds(t, p, farm)
				time.AfterFunc(4*time.Second, func() { failing.Store(true) })
				time.AfterFunc(5*time.Minute, func() { failing.Store(false) })
				runFor(t, p, 25*time.Minute)
				if failed.Load() == 0 {
					t.Error("nothing has failed")
				}
				for stage, n := range c.most {
					if n > 1 {
						t.Errorf("a unit of %s was in its try %d", stage, n)
					}
				}
				// What a fault left half written is cut off at the next start.
				check(t, p, farm)
				settled(t, p, farm)
				t.Logf("%d faults", failed.Load())
			})
		})
	}
}

// counting is a store that remembers the tries of what was taken.
type counting struct {
	store.Store
	mu   sync.Mutex
	most map[work.Stage]int
}

func (c *counting) Take(ctx context.Context, stages []work.Stage, n int, now, until time.Time) ([]work.Item, error) {
	items, err := c.Store.Take(ctx, stages, n, now, until)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, it := range items {
		c.most[it.Stage] = max(c.most[it.Stage], it.Tries)
	}
	return items, err
}

// TestValidators: validators go to the address that gave them, and nowhere else.
func TestValidators(t *testing.T) {
	const tag = `"1"`
	s := newSite(t, "127.0.0.1")
	tagged := func(path string) {
		s.answer(path, func(w http.ResponseWriter) {
			w.Header().Set("ETag", tag)
			w.Header().Set("Last-Modified", "Sat, 01 Jan 2000 00:00:00 GMT")
			fmt.Fprintf(w, "<!doctype html><html lang=en><title>Story %[1]s</title><article><h1>Story %[1]s</h1><p>%s</article>", path, strings.Repeat("The council of the valley met on Monday to speak of the flood. ", 9))
		})
	}
	s.serve("/robots.txt", "")
	tagged("/own")
	tagged("/end")
	tagged("/turned")
	tagged("/elsewhere")
	s.redirect("/leads", 301, s.base+"/end")
	inSites(t, func(t *testing.T, b *bubble) {
		p := keepSites(t, b.look, nil, s)
		p.Options.Revisits = []time.Duration{time.Hour, 6 * time.Hour, day}
		for _, path := range []string{"/own", "/leads", "/turned"} {
			addPage(t, p, s.base+path)
		}
		b.leap(t, p, 30*time.Minute)
		s.redirect("/turned", 301, s.base+"/elsewhere")
		b.leap(t, p, 30*time.Hour)
	}, s)
	sent := map[string]string{} // by path, one letter a request
	for _, h := range s.hits() {
		switch {
		case h.IfNoneMatch == tag && h.IfModifiedSince != "":
			sent[h.Path] += "v"
		case h.IfNoneMatch == "" && h.IfModifiedSince == "":
			sent[h.Path] += "-"
		default:
			sent[h.Path] += "?"
		}
	}
	// What /turned gave is sent once more, as it may still be so.
	for path, want := range map[string]string{"/own": "-vvv", "/leads": "----", "/end": "----", "/turned": "-v--", "/elsewhere": "---"} {
		if sent[path] != want {
			t.Errorf("%s was asked for with validators %q, want %q", path, sent[path], want)
		}
	}
}
