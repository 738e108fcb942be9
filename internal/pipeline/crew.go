package pipeline

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"dateline"
	"dateline/internal/work"
)

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
