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
	"errors"
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

// A crew does units of some stages, so many at once.
type crew struct {
	p      *Pipeline
	stages []work.Stage
	size   int  // units at once
	ahead  int  // units taken in advance
	net    bool // asks servers
	signal chan struct{}
	idle   chan<- struct{}
	out    atomic.Int64 // units taken and not ended
	queue  []work.Item
	owed   []work.Item // to be given back once the store takes it
	owing  sync.Mutex
	full   bool // the disk, when it was last looked at

	// Of the program's own ground, the disk and the store; under owing.
	ailing int       // how often in a row what was done could not be kept
	ill    error     // why, the last time
	rest   time.Time // nothing is taken before
}

// ails has nothing taken for a while, as what was done could not be kept. Who
// asks servers waits longer each time: what they answer is asked for again.
func (c *crew) ails(err error) {
	c.owing.Lock()
	defer c.owing.Unlock()
	c.ill = err
	now := c.p.Now()
	if now.Before(c.rest) {
		return // it was under way with others that found the same
	}
	c.ailing++
	wait := pause
	if c.net {
		if wait <<= min(c.ailing-1, 6); c.ailing == 2 {
			c.p.Log.Warn("what is fetched cannot be kept: one page is tried now and then, until it can", "err", err)
		}
	}
	c.rest = now.Add(wait)
}

// well notes that what was done was kept.
func (c *crew) well() {
	c.owing.Lock()
	defer c.owing.Unlock()
	if c.ailing == 0 || c.net && c.p.unkept.Load() {
		return // it may be that nothing was to be kept in the archive
	}
	if c.net && c.ailing > 1 {
		c.p.Log.Warn("what is fetched can be kept again: fetching goes on")
	}
	c.ailing, c.ill = 0, nil
}

// state is how the crew's own ground does: how often in a row it failed, and
// for how long nothing is taken.
func (c *crew) state() (ailing int, rest time.Duration, ill error) {
	c.owing.Lock()
	defer c.owing.Unlock()
	return c.ailing, c.rest.Sub(c.p.Now()), c.ill
}

// run takes and does units until taking ends; then it waits for those under
// way, which get doing.
func (c *crew) run(taking, doing context.Context) {
	slots := make(chan struct{}, c.size)
	most := make(chan struct{}, c.most())
	var wg sync.WaitGroup
	for taking.Err() == nil {
		select {
		case most <- struct{}{}:
		case <-taking.Done():
			continue
		}
		select {
		case slots <- struct{}{}:
		case <-taking.Done():
			continue
		}
		it, ok := c.next(taking, c.size-len(slots)+1)
		if !ok {
			<-slots
			<-most
			continue
		}
		alone := !c.net && it.Tries > work.Doubted
		if alone {
			wg.Wait()
			c.giveUp()
			c.settle(taking)
			if err := c.p.Store.Begin(taking, it); err != nil {
				c.owe(it)
				c.out.Add(-1)
				<-slots
				<-most
				continue
			}
		}
		wg.Go(func() {
			free := sync.OnceFunc(func() { <-slots })
			if c.net {
				defer time.AfterFunc(patience, free).Stop()
			}
			defer func() {
				free()
				<-most
				c.out.Add(-1)
				c.p.nudge()
				poke(c.idle)
			}()
			c.do(doing, it)
		})
		// While nothing can be kept one is tried, and the others wait for it.
		if ailing, _, _ := c.state(); alone || c.net && ailing > 0 {
			wg.Wait()
		}
	}
	wg.Wait()
	settle, cancel := context.WithTimeout(context.WithoutCancel(doing), 3*time.Second)
	defer cancel()
	c.giveUp()
	c.settle(settle)
}

// giveUp owes what was taken and not begun.
func (c *crew) giveUp() {
	c.owe(c.queue...)
	c.out.Add(-int64(len(c.queue)))
	c.queue = nil
}

// patience is how long a request holds a place among those under way at once.
// One that takes longer is waited for beside them, up to slow times as many:
// servers that never end an answer would else hold all places, and no other
// host would be asked.
const (
	patience = 250 * time.Millisecond
	slow     = 4
)

// most is how many units are under way at once with those that take long.
func (c *crew) most() int {
	if c.net {
		return slow * c.size
	}
	return c.size
}

// next is a unit that is due, waiting for one if need be. free is how many can
// be done at once.
func (c *crew) next(ctx context.Context, free int) (work.Item, bool) {
	if _, rest, _ := c.state(); rest > 0 {
		c.giveUp()
	}
	for len(c.queue) == 0 {
		c.settle(ctx)
		wait := c.refill(ctx, free)
		if len(c.queue) > 0 {
			break
		}
		poke(c.idle)
		var due <-chan time.Time
		if wait > 0 {
			timer := time.NewTimer(wait)
			defer timer.Stop()
			due = timer.C
		}
		select {
		case <-due:
		case <-c.signal:
		case <-ctx.Done():
			return work.Item{}, false
		}
	}
	it := c.queue[0]
	c.queue = c.queue[1:]
	return it, true
}

// pause is how long a crew leaves the store and the disk alone when they fail,
// and how long it believes that there is nothing to do without asking again.
const pause = 5 * time.Second

// refill takes units, and says how long to wait where there are none.
func (c *crew) refill(ctx context.Context, free int) time.Duration {
	if c.net {
		full, free, err := c.p.full()
		if full != c.full {
			c.full = full
			if full {
				c.p.Log.Warn("the disk is nearly full: nothing is fetched until there is room", "folder", c.p.Archive.Folder(), "free", free, "wanted", c.p.Options.withDefaults().LowWater)
			} else {
				c.p.Log.Warn("there is room on the disk again: fetching goes on")
			}
		}
		if full || err != nil {
			return pause
		}
	}
	ailing, rest, _ := c.state()
	if rest > 0 {
		return rest
	}
	n := free + c.ahead
	if c.net && ailing > 0 {
		n = 1
	}
	now := c.p.Now()
	c.out.Add(1) // nothing is idle while this is under way
	items, err := c.p.Store.Take(ctx, c.stages, n, now, now.Add(lease))
	c.out.Add(int64(len(items)) - 1)
	c.queue = append(c.queue, items...)
	if len(items) > 0 {
		return 0
	}
	var wake time.Time
	if err == nil {
		wake, err = c.p.Store.Wake(ctx, c.stages)
	}
	if err != nil {
		if ctx.Err() == nil {
			c.p.Log.Error("take work", "err", err)
		}
		return pause
	}
	// Other processes, such as dateline add, may bring work too.
	wait := pause
	if !wake.IsZero() {
		wait = min(max(wake.Sub(c.p.Now()), 5*time.Millisecond), pause)
	}
	return wait
}

// do does a unit, whatever it may bring.
func (c *crew) do(ctx context.Context, it work.Item) {
	err := c.p.stage(ctx, it)
	switch {
	case err == nil:
		c.well()
	case errors.Is(err, context.Canceled):
		c.owe(it)
	case errors.Is(err, dateline.ErrLater):
		c.p.Log.Warn(string(it.Stage), "put off", err)
		c.owe(it)
		c.ails(err)
	case own(err):
		// The disk or the store fails, not the unit: it waits with all others.
		c.p.Log.Error(string(it.Stage), "key", it.Key, "err", err)
		c.owe(it)
		c.ails(err)
	default:
		c.p.Log.Error(string(it.Stage), "key", it.Key, "try", it.Tries, "err", err)
		settle, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		if err := c.p.fail(settle, it, err.Error(), work.MaxTries, nil); err != nil {
			c.owe(it)
		}
	}
}

// own tells whether an error is of the program's own ground: neither what was
// asked for is at fault, nor the program.
func own(err error) bool {
	for _, e := range []error{dateline.ErrInvalid, dateline.ErrTooLarge, dateline.ErrUnsupported, dateline.ErrCorrupt, dateline.ErrNotFound, dateline.ErrGone, errFault} {
		if errors.Is(err, e) {
			return false
		}
	}
	return true
}

// errFault is a panic.
var errFault = errors.New("fault of the program")

// owe remembers units to be given back.
func (c *crew) owe(items ...work.Item) {
	c.owing.Lock()
	defer c.owing.Unlock()
	c.owed = append(c.owed, items...)
}

func (c *crew) owes() bool {
	c.owing.Lock()
	defer c.owing.Unlock()
	return len(c.owed) > 0
}

// settle gives back what is owed. What the store does not take now it is asked
// to take again; after a restart all is free anyway.
func (c *crew) settle(ctx context.Context) {
	c.owing.Lock()
	defer c.owing.Unlock()
	if len(c.owed) == 0 {
		return
	}
	if err := c.p.Store.GiveBack(ctx, c.owed); err == nil {
		c.owed = nil
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
