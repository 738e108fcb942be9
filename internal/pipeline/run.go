// Package pipeline takes news from an outlet's address to an annotated article
// in the store, one file a stage: follow asks an outlet's sources for pages,
// fetch brings a page and archives it, read makes an article of the archived
// bytes, annotate marks what the article says.
//
// What is to be done is in the store, as units of [work]. Two crews take it:
// one waits for servers, the other keeps the processor busy. Whatever a stage
// learns of a page is an outcome that is kept with the page; errors are of the
// program's own ground, the disk and the store, and are logged.
//
//	p := &pipeline.Pipeline{Store: s, Archive: a, Client: c, ...}
//	err := p.Run(ctx)   // until ctx ends
//	err := p.Drain(ctx) // until nothing is due
package pipeline

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"dateline"
	"dateline/annotate"
	"dateline/fetch"
	"dateline/internal/archive"
	"dateline/internal/store"
	"dateline/internal/work"
	"dateline/search"
)

// Pipeline is all that the stages need. Its fields are set before use and left
// alone; all but Options are required. It may be used from many goroutines.
type Pipeline struct {
	Store     store.Store
	Archive   *archive.Archive
	Client    *fetch.Client
	Pace      fetch.Pace
	Annotator *annotate.Runner
	Analyzer  *search.Analyzer
	Log       *slog.Logger
	Now       func() time.Time
	Options   Options

	// Tell, where set, is called with all that is news, from many goroutines.
	// It should not take long.
	Tell func(News)

	crews atomic.Pointer[[]*crew] // while it runs
	large largest                 // documents of sources
	round atomic.Pointer[time.Time]

	one   sync.Once
	heavy chan struct{} // taken while a heavy page is read

	unkept  atomic.Bool  // what was last to be archived was not
	keeping atomic.Int64 // twice as long as keeping a host took the last time, in ns
}

// News is what has happened: an article was annotated after it came in or
// changed, a page is to be had no more or again, or a source fails or is well
// again.
type News struct {
	Page, Version int64  // Version is 0 where it is the page that something has become of
	Before        int64  // the version before it; 0 for the first
	Feed          bool   // the version is the feed's own text: the page was refused
	Source        int64  // where it is of a source; Page is 0 then
	Outcome       string // of the page: "gone", "back", "moved to ...", "refused: ..."; why the source fails, empty where it is well
}

// Options are settings; the zero value of each is its default.
type Options struct {
	// Fetchers is how many requests are under way at once, and four times as
	// many with those that their servers draw out. Default 64: a request waits
	// for its server nearly all of its time.
	Fetchers int
	// Readers is how many pages are read and annotated at once. Default the
	// number of cores.
	Readers int
	// Interval is how long after a visit a source is visited again, at first;
	// it moves between MinInterval and MaxInterval with how often something
	// new is there. Defaults 15 min, 5 min, 6 h.
	Interval, MinInterval, MaxInterval time.Duration
	// Revisits are the times after it was found at which a page is looked at
	// again. Default 1 h, 6 h, 24 h, 7 days: of the pages that change within a
	// week four in five do on the first day.
	Revisits []time.Duration
	// Budget is how many requests a day one host gets. Default 10,000.
	Budget int
	// LowWater is how many bytes must be free on the disk; below it nothing is
	// fetched. Default 1 GB.
	LowWater int64
	// MaxFeed and MaxSitemap bound sources, in bytes. Defaults 20 and 50 MiB.
	MaxFeed, MaxSitemap int64
	// Grace is how long what is under way may take to end when the program is
	// to stop. Default 7 s.
	Grace time.Duration
}

func (o Options) withDefaults() Options {
	def := func(v *time.Duration, d time.Duration) {
		if *v == 0 {
			*v = d
		}
	}
	if o.Fetchers == 0 {
		o.Fetchers = 64
	}
	if o.Readers == 0 {
		o.Readers = runtime.GOMAXPROCS(0)
	}
	def(&o.Interval, 15*time.Minute)
	def(&o.MinInterval, 5*time.Minute)
	def(&o.MaxInterval, 6*time.Hour)
	def(&o.Grace, 7*time.Second)
	if o.Revisits == nil {
		o.Revisits = []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour}
	}
	if o.Budget == 0 {
		o.Budget = 10_000
	}
	if o.LowWater == 0 {
		o.LowWater = 1 << 30
	}
	if o.MaxFeed == 0 {
		o.MaxFeed = 20 << 20
	}
	if o.MaxSitemap == 0 {
		o.MaxSitemap = 50 << 20
	}
	return o
}

// lease is how long a unit may be out before it is taken for lost. No exchange
// takes longer than two minutes, and no page long to read.
const lease = 15 * time.Minute

// soon is how far ahead Drain looks: what comes later than that, as what a
// failing server makes wait, is left for another day.
const soon = 2 * time.Minute

// Run does what is due until ctx ends, then lets what is under way end, or
// gives it back, within Options.Grace and a little.
func (p *Pipeline) Run(ctx context.Context) error { return p.run(ctx, work.Stages, false) }

// Running tells whether Run or Drain is under way.
func (p *Pipeline) Running() bool { return p.crews.Load() != nil }

// Drain does what is due in the stages, and in those that come of it, until
// nothing is left that is due within two minutes. Without stages it does all.
// No source is asked twice, however soon it is due again.
func (p *Pipeline) Drain(ctx context.Context, stages ...work.Stage) error {
	if len(stages) == 0 {
		stages = work.Stages
	}
	return p.run(ctx, stages, true)
}

func (p *Pipeline) run(ctx context.Context, stages []work.Stage, drain bool) error {
	o := p.Options.withDefaults()
	if err := p.Store.Free(ctx); err != nil {
		return err
	}
	if err := p.resumeErase(ctx); err != nil {
		return err
	}
	if drain {
		began := p.Now().Truncate(time.Millisecond) // as the store keeps times
		p.round.Store(&began)
		defer p.round.Store(nil)
	}
	var crews []*crew
	net := crew{p: p, size: o.Fetchers, ahead: 0, net: true}
	cpu := crew{p: p, size: o.Readers, ahead: 16}
	for _, s := range stages {
		switch s {
		case work.Follow, work.Fetch:
			net.stages = append(net.stages, s)
		default:
			cpu.stages = append(cpu.stages, s)
		}
	}
	for _, c := range []*crew{&net, &cpu} {
		if len(c.stages) > 0 {
			c.signal = make(chan struct{}, 1)
			crews = append(crews, c)
		}
	}
	p.crews.Store(&crews)
	defer p.crews.Store(nil)

	taking, quit := context.WithCancel(ctx)
	defer quit()
	// What is under way may outlive ctx for a while.
	doing, abandon := context.WithCancel(context.WithoutCancel(ctx))
	defer abandon()
	idle := make(chan struct{}, 1)
	var wg sync.WaitGroup
	for _, c := range crews {
		c.idle = idle
		wg.Go(func() { c.run(taking, doing) })
	}
	ended := make(chan struct{})
	go func() { wg.Wait(); close(ended) }()
	for {
		select {
		case <-idle:
			if !drain {
				continue
			}
			done, err := p.drained(ctx, crews, stages)
			if err != nil && ctx.Err() == nil {
				quit()
				abandon()
				<-ended
				return err
			}
			if done {
				quit()
				<-ended
				return nil
			}
		case <-taking.Done():
			timer := time.NewTimer(o.Grace)
			defer timer.Stop()
			select {
			case <-ended:
			case <-timer.C:
				abandon()
				<-ended
			}
			return ctx.Err()
		}
	}
}

// drained tells whether nothing is under way, or yet to be given back, and
// nothing due.
func (p *Pipeline) drained(ctx context.Context, crews []*crew, stages []work.Stage) (bool, error) {
	for _, c := range crews {
		if c.out.Load() > 0 || c.owes() {
			return false, nil
		}
	}
	for _, c := range crews {
		if ailing, _, ill := c.state(); ailing >= 3 {
			return false, fmt.Errorf("what is done cannot be kept: %w", ill)
		}
	}
	if slices.Contains(stages, work.Fetch) {
		if full, free, err := p.full(); err == nil && full {
			return false, fmt.Errorf("the disk is nearly full, with %d MB free for %s, so nothing is fetched; make room: %w", free>>20, p.Archive.Folder(), dateline.ErrLater)
		}
	}
	wake, err := p.Store.Wake(ctx, stages)
	if err != nil {
		return false, err
	}
	if !wake.IsZero() && wake.Before(p.Now().Add(soon)) {
		counts, err := p.Store.Backlog(ctx)
		if err != nil {
			return false, err
		}
		for _, s := range stages {
			if counts[s].Due > 0 {
				return false, nil
			}
		}
	}
	// What began between the first look and the store's answer counts too.
	for _, c := range crews {
		if c.out.Load() > 0 {
			return false, nil
		}
	}
	return true, nil
}

// nudge tells the crews that there may be something to do.
func (p *Pipeline) nudge() {
	if crews := p.crews.Load(); crews != nil {
		for _, c := range *crews {
			poke(c.signal)
		}
	}
}

func poke(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// stage does a unit. A panic is an error of that unit.
func (p *Pipeline) stage(ctx context.Context, it work.Item) (err error) {
	defer func() {
		if x := recover(); x != nil {
			buf := make([]byte, 4096)
			p.Log.Error("fault of the program", "stage", it.Stage, "key", it.Key, "panic", x, "stack", string(buf[:runtime.Stack(buf, false)]))
			err = fmt.Errorf("%s %d: %w: %v", it.Stage, it.Key, errFault, x)
		}
	}()
	switch it.Stage {
	case work.Follow:
		return p.follow(ctx, it)
	case work.Fetch:
		return p.fetch(ctx, it)
	case work.Read:
		return p.read(ctx, it)
	case work.Annotate:
		return p.annotate(ctx, it)
	}
	return fmt.Errorf("stage %q: %w", it.Stage, dateline.ErrUnsupported)
}

// fail ends a try: the unit comes again later, or is dead after so many tries.
func (p *Pipeline) fail(ctx context.Context, it work.Item, reason string, most int, h *store.Host) error {
	var again time.Time
	if it.Tries < most {
		again = p.Now().Add(work.Backoff(it.Tries))
		if h != nil && h.Next.After(again) {
			again = h.Next
		}
	}
	return p.Store.Fail(ctx, it, reason, again, h)
}

// full tells whether the disk is so full that nothing more is fetched, and what
// is free.
func (p *Pipeline) full() (full bool, free int64, err error) {
	free, err = p.Archive.Free()
	return err == nil && free < p.Options.withDefaults().LowWater, free, err
}
