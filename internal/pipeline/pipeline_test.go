package pipeline_test

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline"
	"dateline/annotate/standard"
	"dateline/fetch"
	"dateline/internal/archive"
	"dateline/internal/demo"
	"dateline/internal/pipeline"
	"dateline/internal/store"
	"dateline/internal/store/sqlite"
	"dateline/lang"
	"dateline/search"
)

// keep opens a record in a folder, for a farm's listeners.
func keep(t testing.TB, dir string, farm *demo.Farm, delay time.Duration) *pipeline.Pipeline {
	t.Helper()
	var outlets []demo.Info
	if farm != nil {
		outlets = farm.Outlets()
	}
	return keepWith(t, dir, outlets, delay, archive.Options{}, sqlite.Options{})
}

func keepWith(t testing.TB, dir string, outlets []demo.Info, delay time.Duration, ao archive.Options, so sqlite.Options) *pipeline.Pipeline {
	t.Helper()
	p, closing, err := open(t, dir, outlets, delay, ao, so)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closing() })
	return p
}

// open is what a command does to work on a record.
func open(t testing.TB, dir string, outlets []demo.Info, delay time.Duration, ao archive.Options, so sqlite.Options) (p *pipeline.Pipeline, closing func() error, err error) {
	a, err := archive.Open(filepath.Join(dir, "archive"), ao)
	if err != nil {
		return nil, nil, err
	}
	s, err := sqlite.Open(t.Context(), filepath.Join(dir, "dateline.db"), so)
	if err != nil {
		return nil, nil, errors.Join(err, a.Close())
	}
	var allow []netip.AddrPort
	for _, o := range outlets {
		allow = append(allow, o.Listener)
	}
	return &pipeline.Pipeline{
		Store: s, Archive: a, Annotator: standard.New(lang.Builtin()), Analyzer: search.NewAnalyzer(lang.Builtin()),
		Client: &fetch.Client{Version: "test", Contact: "desk@newsroom.example", Guard: fetch.Guard{Allow: allow}, Limits: fetch.Limits{Headers: 5 * time.Second, Idle: 5 * time.Second}},
		Pace:   fetch.Pace{Delay: delay, MaxBackoff: 4 * delay},
		Log:    slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})), Now: time.Now,
		Options: pipeline.Options{LowWater: 1},
	}, func() error { return errors.Join(s.Close(), a.Close()) }, nil
}

// followFeeds adds a farm's outlets with their feeds.
func followFeeds(t testing.TB, p *pipeline.Pipeline, farm *demo.Farm) {
	t.Helper()
	if err := addFeeds(t.Context(), p, farm); err != nil {
		t.Fatal(err)
	}
}

func addFeeds(ctx context.Context, p *pipeline.Pipeline, farm *demo.Farm) error {
	for _, o := range farm.Outlets() {
		k, err := dateline.PageKey(o.Home)
		if err != nil {
			return err
		}
		outlet := dateline.Outlet{ID: dateline.OutletID(k), Name: o.Name, Home: o.Home, Sources: []dateline.Source{{URL: o.Home + "feed.xml", Kind: dateline.SourceFeed}}}
		if err := p.Store.PutOutlet(ctx, outlet, fetch.Domain); err != nil {
			return err
		}
	}
	return nil
}

// TestEveryPageOnce follows outlets that misbehave by a plan: whatever can be
// had is there once, under its key, with its text; what cannot is not.
func TestEveryPageOnce(t *testing.T) {
	farm, err := demo.Start(demo.Options{Seed: 1, Outlets: 20, Pages: 15, Faults: demo.Faults{Lost: .1, Moved: .15, Slow: .05}})
	if err != nil {
		t.Fatal(err)
	}
	defer farm.Close()
	p := keep(t, t.TempDir(), farm, time.Millisecond)
	followFeeds(t, p, farm)
	if err := p.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	check(t, p, farm)
	for _, line := range demo.Judge(farm.Log(), demo.Rules{Delay: time.Millisecond, Contact: "(+desk@newsroom.example)"}) {
		t.Error(line)
	}
}

// check compares what is kept with what a farm's plan says.
func check(t *testing.T, p *pipeline.Pipeline, farm *demo.Farm) {
	t.Helper()
	want := farm.Expect()
	stored(t, p, want)
	totals, err := p.Store.Totals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if totals.Articles != len(want.Stored) {
		t.Errorf("%d articles, want %d", totals.Articles, len(want.Stored))
		wanted := map[string]bool{}
		for _, w := range want.Stored {
			wanted[w.Marker] = true
		}
		for h, err := range p.Store.List(t.Context(), store.Options{}) {
			if err != nil {
				t.Fatal(err)
			}
			// A title begins with its marker, or the first text has it.
			a, err := p.Store.Article(t.Context(), h.Version)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for m := range wanted {
				if strings.Contains(a.Title+" "+a.Text, m) {
					found = true
					delete(wanted, m)
				}
			}
			if !found {
				t.Logf("too much: %s %s", h.Page.URL, h.Title)
			}
		}
	}
}

// stored looks for what a farm's plan says among what is kept.
func stored(t *testing.T, p *pipeline.Pipeline, want demo.Expectation) {
	t.Helper()
	for _, w := range want.Stored {
		page, err := p.Store.PageOf(t.Context(), w.Key)
		if err != nil {
			t.Errorf("%s (%s): %v", w.Address, w.Why, err)
			continue
		}
		if page.Version == 0 {
			t.Errorf("%s (%s): no article: %s", w.Address, w.Why, page.Outcome)
			continue
		}
		a, err := p.Store.Article(t.Context(), page.Version)
		if err != nil {
			t.Errorf("%s: %v", w.Address, err)
			continue
		}
		if !strings.Contains(a.Text, w.Marker) {
			t.Errorf("%s: the text lacks %s: %.200s", w.Address, w.Marker, a.Text)
		}
		// What was edited before it was fetched has one version too.
		if list, err := p.Store.Versions(t.Context(), page.N); err != nil || len(list) < 1 || len(list) > w.Versions {
			t.Errorf("%s (%s): %d versions, want %d, %v", w.Address, w.Why, len(list), w.Versions, err)
		}
		if w.Versions > 1 && !strings.Contains(a.Text, w.Marker+"v2") {
			t.Errorf("%s (%s): not its last text", w.Address, w.Why)
		}
		if len(a.Annotations) == 0 {
			t.Errorf("%s: no annotations", w.Address)
		}
		body, err := p.Archive.Read(t.Context(), a.Capture.WARC, a.Capture.Offset)
		if err != nil {
			t.Errorf("%s: %v", w.Address, err)
			continue
		}
		if plain, _, err := fetch.Decode(body.Payload, body.Header, 1<<20); err != nil || !strings.Contains(string(plain), w.Marker) {
			t.Errorf("%s: the kept page lacks %s, %v", w.Address, w.Marker, err)
		}
	}
	for _, w := range want.Never {
		if page, err := p.Store.PageOf(t.Context(), w.Key); err == nil && page.Version != 0 {
			t.Errorf("%s (%s) has an article", w.Address, w.Why)
		}
	}
}
