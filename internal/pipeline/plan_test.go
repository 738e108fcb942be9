package pipeline_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dateline/internal/demo"
	"dateline/internal/pipeline"
	"dateline/internal/work"
)

// bubble is a record in a time of its own, in which hours pass as soon as
// nothing is left to do but wait. The farm stands outside, on real sockets,
// and sees the time that the record last looked at: while an answer is under
// way no time passes within.
type bubble struct {
	now   atomic.Int64
	ahead time.Duration // of the time within, by leaps
}

// newBubble makes one with its farm. Time begins where synctest has it begin.
func newBubble(t *testing.T, o demo.Options) (*bubble, *demo.Farm) {
	t.Helper()
	b := &bubble{}
	b.now.Store(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano())
	o.Now = b.outside
	farm, err := demo.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { farm.Close() })
	return b, farm
}

// look is the clock within.
func (b *bubble) look() time.Time {
	now := time.Now().Add(b.ahead)
	b.now.Store(now.UnixNano())
	return now
}

// outside is that time as it is seen from outside.
func (b *bubble) outside() time.Time { return time.Unix(0, b.now.Load()).UTC() }

// runFor has the pipeline run for so long.
func runFor(t *testing.T, p *pipeline.Pipeline, d time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	if err := p.Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
}

// leap has the pipeline run for so long, in leaps from one time at which
// something is due to the next: days in which it looks every few seconds
// whether there is anything to do take long.
func (b *bubble) leap(t *testing.T, p *pipeline.Pipeline, d time.Duration) {
	t.Helper()
	for end := b.look().Add(d); ; {
		runFor(t, p, 8*time.Second)
		wake, err := p.Store.Wake(t.Context(), work.Stages)
		if err != nil {
			t.Fatal(err)
		}
		now := b.look()
		if !now.Before(end) {
			return
		}
		if wake.IsZero() || wake.After(end) {
			wake = end
		}
		b.ahead += max(wake.Sub(now), 0)
	}
}

// TestFaultPlan follows outlets at which everything goes wrong that can, with
// the pace and the waits of real life, for three hours: what can be had
// is there in all its texts, and by the servers' own log no rule of politeness
// was broken.
func TestFaultPlan(t *testing.T) {
	o := demo.Options{Seed: 5, Outlets: 20, Pages: 12, Faults: demo.Faults{
		Pages: .3, Lost: .1, Moved: .15, Edited: .2, Storms: .4, Feeds: .4, Slow: .05, RetryAfter: 90 * time.Second, Pause: time.Millisecond,
	}}
	if testing.Short() {
		o.Outlets = 10
	}
	b, farm := newBubble(t, o)
	synctest.Test(t, func(t *testing.T) {
		p := keep(t, t.TempDir(), farm, 0)
		p.Now = b.look
		followFeeds(t, p, farm)
		runFor(t, p, 3*time.Hour)
		check(t, p, farm)
		sound(t, p)
	})
	hits := farm.Log()
	// A request is seen by a server after it was decided upon, at the same
	// time within; nothing has to be tolerated.
	for _, line := range demo.Judge(hits, demo.Rules{Delay: 5 * time.Second, Contact: "(+desk@newsroom.example)"}) {
		// After a failure a source is asked for whole on purpose.
		if !strings.Contains(line, "/feed.xml") || !strings.Contains(line, "without the") {
			t.Error(line)
		}
	}
	t.Logf("%d requests", len(hits))
}
