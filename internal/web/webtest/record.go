// Package webtest makes a record to look at in tests: what the invented
// newsroom of package demo published in an hour, with its edits, moves and
// removals.
package webtest

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"dateline/annotate/standard"
	"dateline/fetch"
	"dateline/internal/archive"
	"dateline/internal/demo"
	"dateline/internal/pipeline"
	"dateline/internal/store/sqlite"
	"dateline/lang"
	"dateline/search"
)

// Record is a record on disk that belongs to one test.
type Record struct {
	Dir      string
	Store    *sqlite.Store
	Archive  *archive.Reader
	Analyzer *search.Analyzer
	Packs    *lang.Packs
	Now      time.Time // when the newsroom's hour is over
}

// Begin is when the newsroom begins to publish.
var Begin = time.Date(2026, 3, 10, 6, 0, 0, 0, time.UTC)

// New makes a record and opens it. It takes about a second.
func New(t testing.TB) *Record {
	t.Helper()
	r := &Record{Dir: t.TempDir(), Packs: lang.Builtin()}
	r.Analyzer = search.NewAnalyzer(r.Packs)
	if err := r.follow(t.Context()); err != nil {
		t.Fatal(err)
	}
	var err error
	if r.Store, err = sqlite.Open(t.Context(), filepath.Join(r.Dir, "dateline.db"), sqlite.Options{Now: func() time.Time { return r.Now }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Store.Close() })
	if r.Archive, err = archive.OpenRead(filepath.Join(r.Dir, "archive")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Archive.Close() })
	return r
}

// follow follows the newsroom for an hour of its own.
func (r *Record) follow(ctx context.Context) error {
	// The clock goes as it does, and jumps between the rounds.
	var jumped atomic.Int64
	start := time.Now()
	now := func() time.Time { return Begin.Add(time.Since(start) + time.Duration(jumped.Load())) }
	defer func() { r.Now = now() }()
	farm, err := demo.Start(demo.Options{Now: now})
	if err != nil {
		return err
	}
	defer farm.Close()
	a, err := archive.Open(filepath.Join(r.Dir, "archive"), archive.Options{Software: "Dateline/test"})
	if err != nil {
		return err
	}
	defer a.Close()
	s, err := sqlite.Open(ctx, filepath.Join(r.Dir, "dateline.db"), sqlite.Options{Now: now})
	if err != nil {
		return err
	}
	defer s.Close()
	var guard fetch.Guard
	for _, o := range farm.Outlets() {
		guard.Allow = append(guard.Allow, o.Listener)
	}
	p := &pipeline.Pipeline{
		Store: s, Archive: a, Annotator: standard.New(r.Packs), Analyzer: r.Analyzer, Log: slog.New(slog.DiscardHandler), Now: now,
		Client: &fetch.Client{Version: "test", Contact: "desk@newsroom.example", Guard: guard},
		Pace:   fetch.Pace{Delay: time.Millisecond, MaxBackoff: time.Millisecond},
		Options: pipeline.Options{LowWater: 1, Interval: time.Minute, MinInterval: time.Minute, MaxInterval: time.Minute,
			Revisits: []time.Duration{3 * time.Minute, 10 * time.Minute, 30 * time.Minute}},
	}
	for _, o := range farm.Outlets() {
		d, err := p.Discover(ctx, o.Home, time.Time{}, func(string) {})
		if err == nil {
			err = s.PutOutlet(ctx, d.Outlet, fetch.Domain)
		}
		if err != nil {
			return fmt.Errorf("add %s: %w", o.Name, err)
		}
	}
	for range 20 {
		if err := p.Drain(ctx); err != nil {
			return err
		}
		jumped.Add(int64(3 * time.Minute))
	}
	return nil
}
