package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dateline/internal/archive"
	"dateline/internal/demo"
	"dateline/internal/store"
	"dateline/internal/store/sqlite"
)

// TestFaults has the disk fail at each of its operations in turn, once or from
// then on, and looks whether the record is whole when it is opened again.
func TestFaults(t *testing.T) {
	b, farm := newBubble(t, demo.Options{Seed: 3, Outlets: 1, Pages: 2, Faults: demo.Faults{Moved: .3}})
	all := 0
	t.Run("none", func(t *testing.T) {
		f := newFaultRun(b, farm, t.TempDir(), 1<<62, false)
		synctest.Test(t, f.run)
		if all = f.n; all < 40 {
			t.Fatalf("only %d operations", all)
		}
	})
	// All of them take minutes, so each run of the tests looks at some.
	step := 6
	switch {
	case soaking() > 0:
		step = 1
	case testing.Short():
		step = 20
	}
	for _, lasting := range []bool{false, true} {
		for n := 1 + rand.IntN(step); n <= all; n += step {
			t.Run(fmt.Sprintf("%d lasting %v", n, lasting), func(t *testing.T) {
				f := newFaultRun(b, farm, t.TempDir(), n, lasting)
				synctest.Test(t, f.run)
				if f.n < n {
					return // what shared a commit there did not here
				}
				if strings.Contains(f.log.String(), "panic") {
					t.Errorf("a fault of the program at %s: %s", f.at, &f.log)
				}
				synctest.Test(t, f.again)
			})
		}
	}
	t.Logf("%d operations", all)
}

var errDisk = errors.New("the disk has a fault")

// faultRun is a record whose disk fails at the nth operation.
type faultRun struct {
	b       *bubble
	farm    *demo.Farm
	dir     string
	lasting bool
	failing int
	log     strings.Builder

	mu   sync.Mutex
	n    int
	at   string
	kept []string // acknowledged
}

func newFaultRun(b *bubble, farm *demo.Farm, dir string, n int, lasting bool) *faultRun {
	return &faultRun{b: b, farm: farm, dir: dir, failing: n, lasting: lasting}
}

func (f *faultRun) fault(op string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n++
	if f.n == f.failing || f.lasting && f.n > f.failing {
		if f.at == "" {
			f.at = op
		}
		return fmt.Errorf("%s: %w", op, errDisk)
	}
	return nil
}

// telling has what is acknowledged written down.
func (f *faultRun) telling(s store.Store) store.Store {
	return &telling{Store: s, say: func(format string, args ...any) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.kept = append(f.kept, fmt.Sprintf(format, args...))
	}}
}

// run works on the record as long as everything takes if nothing fails.
func (f *faultRun) run(t *testing.T) {
	p, closing, err := open(t, f.dir, f.farm.Outlets(), time.Second, archive.Options{Fault: f.fault}, sqlite.Options{Fault: f.fault})
	if err != nil {
		f.log.WriteString(err.Error())
		return
	}
	p.Now = f.b.look
	p.Options.Revisits = []time.Duration{}
	p.Log = slog.New(slog.NewTextHandler(&f.log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	p.Store = f.telling(p.Store)
	if err = addFeeds(t.Context(), p, f.farm); err == nil {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err = p.Run(ctx); errors.Is(err, context.DeadlineExceeded) {
			err = nil
		}
	}
	fmt.Fprintln(&f.log, errors.Join(err, closing()))
}

// again opens the record on a disk that is well, and does what is left.
func (f *faultRun) again(t *testing.T) {
	p := keep(t, f.dir, f.farm, time.Second)
	p.Now = f.b.look
	p.Options.Revisits = []time.Duration{}
	// Where nothing was said of a fault, as of an index of the archive, which
	// can be made again, nothing must be left to do.
	if strings.Contains(f.log.String(), errDisk.Error()) {
		followFeeds(t, p, f.farm)
		runFor(t, p, 10*time.Minute)
	}
	check(t, p, f.farm)
	sound(t, p)
	settled(t, p, f.farm)
	known := captures(t, p)
	for _, s := range f.kept {
		if c, ok := strings.CutPrefix(s, "kept "); ok && !known[c] {
			t.Errorf("the capture at %s was acknowledged and is not known", c)
		}
	}
}
