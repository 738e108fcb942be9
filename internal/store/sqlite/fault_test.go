package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
)

var errDisk = errors.New("the disk does not answer")

// faulty opens a store whose steps fail where fail says so.
func faulty(t *testing.T, fail func(step string) error) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "dateline.db"), Options{Fault: fail})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		bad, err := s.Check(context.Background())
		if err != nil || len(bad) > 0 {
			t.Errorf("check: %v, %v", bad, err)
		}
		s.Close()
	})
	return s
}

// TestFaults lets each step of each write of a page's way fail once: the error
// is told, nothing is half done, and the same call made again is good.
func TestFaults(t *testing.T) {
	for _, step := range []string{"begin", "operation", "commit", "committed"} {
		t.Run(step, func(t *testing.T) {
			fails := false
			s := faulty(t, func(at string) error {
				if at == step && fails {
					fails = false
					return errDisk
				}
				return nil
			})
			// twice calls f with a fault and again without.
			twice := func(what string, f func() error) {
				t.Helper()
				before := count(t, s)
				fails = true
				if err := f(); !errors.Is(err, errDisk) {
					t.Errorf("%s: error is %v", what, err)
				}
				if after := count(t, s); step != "committed" && after != before {
					t.Errorf("%s: failed and left something: %s, then %s", what, before, after)
				}
				if err := f(); err != nil {
					t.Errorf("%s again: %v", what, err)
				}
			}
			ctx := t.Context()
			m := newMaker()
			v := m.page()
			now := v.found.Due
			var p store.Page
			twice("add page", func() (err error) { p, err = s.AddPage(ctx, v.found, ""); return err })
			var items []work.Item
			if step == "committed" {
				// The units are out, though nobody knows: their lease ends.
				fails = true
				if _, err := s.Take(ctx, work.Stages, 1, now, now.Add(time.Minute)); !errors.Is(err, errDisk) {
					t.Error(err)
				}
				now = now.Add(time.Minute)
			}
			take := func() (err error) {
				items, err = s.Take(ctx, work.Stages, 1, now, now.Add(time.Minute))
				if err == nil && len(items) != 1 {
					err = fmt.Errorf("took %v", items)
				}
				return err
			}
			if step == "committed" {
				if err := take(); err != nil {
					t.Fatal(err)
				}
			} else {
				twice("take", take)
			}
			f := store.Fetched{Page: p.N, At: now, Captures: []store.Kept{v.kept}, Read: true, Status: 200, Outcome: "ok", Host: &store.Host{Name: p.Lane, Count: 1}}
			twice("save fetch", func() error { return s.SaveFetch(ctx, items[0], f) })
			if p, _ = s.Page(ctx, p.N); p.Visits != 1 {
				t.Errorf("page: %+v", p)
			}
			if err := take(); err != nil {
				t.Fatal(err)
			}
			r := v.reading
			r.Capture = p.Capture
			var saved store.Saved
			twice("save reading", func() (err error) { saved, err = s.SaveReading(ctx, items[0], r); return err })
			if err := take(); err != nil {
				t.Fatal(err)
			}
			twice("save marks", func() error { return s.SaveMarks(ctx, items[0], saved.Version, "standard/1", v.marks) })
			if got := count(t, s); got != "1 pages, 1 captures, 1 versions, 60 marks, 0 units" {
				t.Error(got)
			}
			if step == "committed" {
				return // the page is gone the first time
			}
			twice("erase", func() error { _, err := s.Erase(ctx, []int64{p.N}, "", now); return err })
			twice("erase done", func() error { return s.EraseDone(ctx, []int64{r.Capture}) })
			if got := count(t, s); got != "0 pages, 0 captures, 0 versions, 0 marks, 0 units" {
				t.Error(got)
			}
		})
	}
}

func count(t *testing.T, s *Store) (out string) {
	t.Helper()
	err := s.read(t.Context(), func(t *tx) error {
		var n [5]int
		t.row(`SELECT (SELECT count(*) FROM page), (SELECT count(*) FROM capture), (SELECT count(*) FROM version), (SELECT count(*) FROM mark), (SELECT count(*) FROM work)`,
			nil, &n[0], &n[1], &n[2], &n[3], &n[4])
		out = fmt.Sprintf("%d pages, %d captures, %d versions, %d marks, %d units", n[0], n[1], n[2], n[3], n[4])
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// held lets operations gather behind one that is held, so that they share a
// commit.
func held(t *testing.T, s *Store, gather []func() error) []error {
	t.Helper()
	started, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := s.write(context.Background(), func(*tx) error {
			close(started)
			<-release
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
	<-started
	errs := make([]error, len(gather))
	for i, f := range gather {
		wg.Go(func() { errs[i] = f() })
	}
	for len(s.ops) < len(gather) {
		runtime.Gosched() // until all wait; there is nothing to listen to
	}
	close(release)
	wg.Wait()
	return errs
}

// TestGroup has operations share a commit: one that fails is undone alone.
func TestGroup(t *testing.T) {
	commits := 0
	s := faulty(t, func(step string) error {
		if step == "commit" {
			commits++
		}
		return nil
	})
	var gather []func() error
	for i := range 20 {
		gather = append(gather, func() error {
			return s.write(context.Background(), func(t *tx) error {
				t.host(fmt.Sprintf("h%d.example", i))
				if i%4 == 0 {
					return dateline.ErrInvalid
				}
				return nil
			})
		})
	}
	for i, err := range held(t, s, gather) {
		if (i%4 == 0) != errors.Is(err, dateline.ErrInvalid) {
			t.Errorf("operation %d: %v", i, err)
		}
	}
	if commits != 2 {
		t.Errorf("%d commits, want 2", commits)
	}
	n := 0
	if err := s.read(t.Context(), func(t *tx) error { t.row("SELECT count(*) FROM host", nil, &n); return nil }); err != nil || n != 15 {
		t.Errorf("%d hosts, want 15, %v", n, err)
	}
}

// TestGroupFails has a shared commit fail: all are told, and the next is good.
func TestGroupFails(t *testing.T) {
	for _, step := range []string{"begin", "commit"} {
		n := 0
		s := faulty(t, func(at string) error {
			if at == step {
				if n++; n == 2 {
					return errDisk
				}
			}
			return nil
		})
		var gather []func() error
		for i := range 5 {
			gather = append(gather, func() error {
				return s.PutHost(context.Background(), store.Host{Name: fmt.Sprintf("h%d.example", i)})
			})
		}
		for i, err := range held(t, s, gather) {
			if !errors.Is(err, errDisk) {
				t.Errorf("%s: operation %d: %v", step, i, err)
			}
		}
		for _, f := range gather {
			if err := f(); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestFull fills the file up to a limit, as a full disk does.
func TestFull(t *testing.T) {
	s := faulty(t, nil)
	if err := s.writer.run(t.Context(), "PRAGMA max_page_count = 200"); err != nil {
		t.Fatal(err)
	}
	m := newMaker()
	n := 0
	for ; ; n++ {
		v := m.page()
		if err := put(s, &v); err != nil {
			if !errors.Is(err, dateline.ErrLater) {
				t.Fatalf("page %d: %v, want one that says to try later", n, err)
			}
			break
		}
	}
	if n < 5 {
		t.Fatalf("full after %d pages", n)
	}
	// Reading goes on, and so does writing once there is room.
	if tot, err := s.Totals(t.Context()); err != nil || tot.Articles < n {
		t.Errorf("%+v, %v", tot, err)
	}
	if err := s.writer.run(t.Context(), "PRAGMA max_page_count = 1000000"); err != nil {
		t.Fatal(err)
	}
	v := m.page()
	if err := put(s, &v); err != nil {
		t.Error(err)
	}
}

// TestClosed has writes and reads after the end told so.
func TestClosed(t *testing.T) {
	s := openBench(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.PutHost(context.Background(), store.Host{Name: "x"}); !errors.Is(err, errClosed) {
		t.Error(err)
	}
	if _, err := s.Totals(context.Background()); !errors.Is(err, errClosed) {
		t.Error(err)
	}
}
