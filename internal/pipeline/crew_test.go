package pipeline_test

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/archive"
	"dateline/internal/demo"
	"dateline/internal/pipeline"
	"dateline/internal/store"
	"dateline/internal/store/sqlite"
	"dateline/internal/work"
)

// TestTarpits follows 20 outlets alone, and beside 200 hosts that take a
// request and never end the answer. It takes real time, as that is what such
// hosts take.
func TestTarpits(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for servers for half a minute")
	}
	pages := 10
	o := demo.Options{Seed: 4, Outlets: 20, Pages: pages}
	took := func(t *testing.T, tarpits int) time.Duration {
		o := o
		o.Hostile = tarpits
		farm, err := demo.Start(o)
		if err != nil {
			t.Fatal(err)
		}
		defer farm.Close()
		p := keep(t, t.TempDir(), farm, 600*time.Millisecond)
		p.Client.Limits = fetch.Limits{}
		p.Options.Grace = time.Millisecond
		ctx, cancel := context.WithCancel(t.Context())
		var left atomic.Int64
		left.Store(int64(o.Outlets * pages))
		var end time.Time
		p.Tell = func(pipeline.News) {
			if left.Add(-1) == 0 {
				end = time.Now()
				cancel()
			}
		}
		list := farm.Outlets()
		rnd := rand.New(rand.NewPCG(1, 2))
		rnd.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		for _, o := range list {
			source := "feed.xml"
			if o.Shows == "only does harm" {
				source = []string{"silent/feed", "drip/feed"}[rnd.IntN(2)]
			}
			follow(t, p, o, dateline.Source{URL: o.Home + source, Kind: dateline.SourceFeed})
		}
		begin := time.Now()
		p.Run(ctx)
		if end.IsZero() {
			t.Fatalf("%d pages did not come", left.Load())
		}
		return end.Sub(begin)
	}
	alone := took(t, 0)
	beside := took(t, 200)
	t.Logf("alone %v, beside 200 tarpits %v", alone, beside)
	if beside > alone*6/5 {
		t.Errorf("%.2f times as long as alone", beside.Seconds()/alone.Seconds())
	}
}

// TestPoison has one page end the program whenever it is read. The others are
// read, and in the end that one is left alone, with its bytes kept.
func TestPoison(t *testing.T) {
	farm, err := demo.Start(demo.Options{Seed: 8, Outlets: 3, Pages: 20})
	if err != nil {
		t.Fatal(err)
	}
	defer farm.Close()
	dir := t.TempDir()
	t.Run("begin", func(t *testing.T) { followFeeds(t, keep(t, dir, farm, time.Millisecond), farm) })
	poison := farm.Expect().Stored[7]
	ends := 0
	// What ended the program waits from the next start on, so there are starts
	// that do nothing. After two of those it is over.
	for starts, quiet := 0, 0; quiet < 2; starts++ {
		cmd := child(t, "TestPoisonChild", childOrder{Dir: dir, Farm: farm.Outlets(), Poison: poison.Marker,
			Ahead: time.Duration(starts) * 70 * time.Minute})
		out, err := cmd.CombinedOutput()
		if err == nil {
			quiet++
			continue
		}
		quiet = 0
		if cmd.ProcessState.ExitCode() != poisoned {
			t.Fatalf("%v: %s", err, out)
		}
		if ends++; ends > 20 {
			t.Fatal("the page ends the program again and again")
		}
	}
	t.Logf("the page ended the program %d times", ends)
	p := keep(t, dir, farm, time.Millisecond)
	for _, w := range farm.Expect().Stored {
		page, err := p.Store.PageOf(t.Context(), w.Key)
		if err != nil {
			t.Errorf("%s: %v", w.Address, err)
			continue
		}
		switch bad := w == poison; {
		case bad && (page.Version != 0 || !strings.HasPrefix(page.Outcome, "quarantined")):
			t.Errorf("%s: %s", w.Address, page.Outcome)
		case !bad && page.Version == 0:
			t.Errorf("%s has no article: %s", w.Address, page.Outcome)
		}
	}
	sound(t, p)
	settled(t, p, farm)
}

// poisoned is how a program ends that a page ends.
const poisoned = 42

// TestPoisonChild follows outlets, of which a page ends the program.
func TestPoisonChild(t *testing.T) {
	order := ordered(t)
	p := keepWith(t, order.Dir, order.Farm, time.Millisecond, archive.Options{}, sqlite.Options{Now: order.now})
	p.Now = order.now
	p.Store = &poisonous{p.Store, order.Poison}
	p.Options.Revisits = []time.Duration{}
	if err := p.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// poisonous is a store at which the program ends when it has read a page.
type poisonous struct {
	store.Store
	marker string
}

func (s *poisonous) SaveReading(ctx context.Context, it work.Item, r store.Reading) (store.Saved, error) {
	if r.Article != nil && strings.HasPrefix(r.Article.Title, s.marker) {
		os.Exit(poisoned)
	}
	return s.Store.SaveReading(ctx, it, r)
}

// TestSlowCommit: when a request reaches its server the time before which nobody
// may ask again is on the disk, and a whole pause away, however long it took to
// put it there.
func TestSlowCommit(t *testing.T) {
	const delay = 5 * time.Second
	for _, takes := range []time.Duration{0, 300 * time.Millisecond, 3 * time.Second, 9 * time.Second} {
		t.Run(takes.String(), func(t *testing.T) {
			s := newSite(t, "127.0.0.1")
			sl := &slow{takes: takes}
			look := func(path, body string) {
				s.answer(path, func(w http.ResponseWriter) {
					if left := sl.next().Sub(s.clock()); left < delay {
						t.Errorf("%s: were the program killed now, the host could be asked again in %v", path, left)
					}
					io.WriteString(w, body)
				})
			}
			look("/robots.txt", "")
			look("/a", "<title>A</title><p>A story of the flood.")
			look("/b", "<title>B</title><p>A story of the flood.")
			s.answer("/c", func(w http.ResponseWriter) {
				w.Header().Set("Location", s.base+"/b")
				w.WriteHeader(301)
			})
			inSites(t, func(t *testing.T, b *bubble) {
				p := keepSites(t, b.look, nil, s)
				p.Pace.Jitter = .01
				sl.Store, p.Store = p.Store, sl
				for _, path := range []string{"/a", "/b", "/c"} {
					addPage(t, p, s.base+path)
				}
				runFor(t, p, 10*time.Minute)
				if n := s.times("/a") + s.times("/b") + s.times("/c"); n != 4 {
					t.Errorf("asked %d times", n)
				}
				if n := sl.puts; n > 12 {
					t.Errorf("a host was kept %d times for 5 requests", n)
				}
			}, s)
		})
	}
}

// slow is a store in which it takes some time to keep a host.
type slow struct {
	store.Store
	takes time.Duration
	mu    sync.Mutex
	until time.Time // on the disk
	puts  int
}

func (s *slow) PutHost(ctx context.Context, h store.Host) error {
	time.Sleep(s.takes)
	if err := s.Store.PutHost(ctx, h); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.puts++
	s.until = h.Next.Truncate(time.Millisecond)
	return nil
}

func (s *slow) next() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.until
}
