package pipeline_test

import (
	"context"
	"math/rand/v2"
	"os"
	"strings"
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
