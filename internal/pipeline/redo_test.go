package pipeline_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dateline"
	"dateline/annotate"
	"dateline/internal/archive"
	"dateline/internal/demo"
	"dateline/internal/pipeline"
	"dateline/internal/store/sqlite"
	"dateline/internal/work"
	"dateline/lang"
)

// TestRedoDamaged reads a page again whose record is damaged: what was read of
// it when it was whole stays, and so it does when it is erased.
func TestRedoDamaged(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	s.story("/a")
	s.serve("/feed.xml", feedOf(itemOf("/a", "")))
	b := &bubble{}
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		o := demo.Info{Listener: s.at, Home: s.base + "/", Name: "The Valley"}
		p := keepWith(t, dir, []demo.Info{o}, 0, archive.Options{}, sqlite.Options{Now: b.look})
		p.Now, p.Client.Now = b.look, b.look
		p.Options.Revisits = []time.Duration{}
		follow(t, p, o, dateline.Source{URL: s.base + "/feed.xml", Kind: dateline.SourceFeed})
		runFor(t, p, 10*time.Minute)
		before, err := p.Store.Totals(t.Context())
		if err != nil || before.Articles != 1 {
			t.Fatalf("%+v, %v", before, err)
		}
		page := pageAt(t, p, s.base+"/a")
		k, err := p.Store.Capture(t.Context(), page.Capture)
		if err != nil {
			t.Fatal(err)
		}
		flip(t, filepath.Join(dir, "archive", k.WARC), k.Offset+200)
		for range 2 { // what could not be read is read again by the next redo
			if n, err := p.Store.Redo(t.Context(), work.Read, "read/next", b.look()); n != 1 || err != nil {
				t.Errorf("to be read again: %d, %v", n, err)
			}
			runFor(t, p, time.Minute)
			after, err := p.Store.Totals(t.Context())
			if err != nil || after != before {
				t.Errorf("before %+v, after %+v, %v", before, after, err)
			}
		}
	})
}

// faulty makes a mark that is none, as long as it is broken.
type faulty struct{ broken bool }

func (faulty) Name() string { return "faulty/1" }
func (faulty) Kinds() []dateline.AnnotationKind {
	return []dateline.AnnotationKind{dateline.KindPerson}
}
func (faulty) Check(*lang.Pack) error { return nil }
func (f *faulty) Annotate(d *annotate.Document) {
	if f.broken {
		d.Add(d.Parts[0], dateline.KindPerson, 5, 1, nil)
	}
}

// TestAnnotateFails: a version whose annotating failed is annotated by redo, and
// is news all the same, once.
func TestAnnotateFails(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	s.story("/a")
	s.serve("/feed.xml", feedOf(itemOf("/a", "")))
	inBubble(t, func(t *testing.T, now func() time.Time) {
		p := keepSites(t, now, []dateline.Source{oneFeed}, s)
		f := &faulty{broken: true}
		p.Annotator = annotate.New(lang.Builtin(), f)
		told := 0
		p.Tell = func(pipeline.News) { told++ }
		runFor(t, p, 10*time.Minute)
		page := pageAt(t, p, s.base+"/a")
		by := func() string {
			t.Helper()
			list, err := p.Store.Versions(t.Context(), page.N)
			if err != nil || len(list) != 1 {
				t.Fatalf("%+v, %v", list, err)
			}
			return list[0].Annotator
		}
		if by() != "" || told != 1 {
			t.Errorf("annotated by %q, told %d times", by(), told)
		}
		f.broken = false
		for _, want := range []int{1, 0} {
			if n, err := p.Store.Redo(t.Context(), work.Annotate, p.Annotator.Version(), now()); n != want || err != nil {
				t.Errorf("to be annotated again: %d, want %d, %v", n, want, err)
			}
			runFor(t, p, time.Minute)
		}
		if by() != "faulty/1" || told != 1 {
			t.Errorf("annotated by %q, told %d times", by(), told)
		}
	})
}

// TestFeedTextFirst: the page's own first text is no change of what the feed
// said while it was refused.
func TestFeedTextFirst(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	refused := true
	s.story("/a")
	story := s.answers["/a"]
	s.answer("/a", func(w http.ResponseWriter) {
		if refused {
			w.WriteHeader(403)
			return
		}
		story(w)
	})
	s.serve("/feed.xml", feedOf(itemOf("/a", "<title>A story</title><description>In short, the council met.</description>")))
	inBubble(t, func(t *testing.T, now func() time.Time) {
		p := keepSites(t, now, []dateline.Source{oneFeed}, s)
		p.Options.Revisits = []time.Duration{time.Hour}
		var told []pipeline.News
		p.Tell = func(n pipeline.News) { told = append(told, n) }
		runFor(t, p, 10*time.Minute)
		s.mu.Lock()
		refused = false
		s.mu.Unlock()
		runFor(t, p, 2*time.Hour)
		page := pageAt(t, p, s.base+"/a")
		list, err := p.Store.Versions(t.Context(), page.N)
		if err != nil || len(list) != 2 || !list[0].Feed || list[1].Feed {
			t.Errorf("%+v, %v", list, err)
		}
		if len(told) != 2 || told[1].Before != 0 {
			t.Errorf("told %+v", told)
		}
		events, err := p.Store.Events(t.Context(), page.N)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if e.What == "changed" {
				t.Errorf("events: %+v", events)
			}
		}
	})
}

// TestImportAsks: addresses that are imported are fetched, known or not.
func TestImportAsks(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	s.story("/a")
	s.serve("/feed.xml", feedOf(itemOf("/a", "")))
	inBubble(t, func(t *testing.T, now func() time.Time) {
		p := keepSites(t, now, []dateline.Source{oneFeed}, s)
		runFor(t, p, 10*time.Minute)
		for range 2 {
			sum, err := p.ImportAddresses(t.Context(), strings.NewReader(s.base+"/a\n"), func(string) string { return "" }, func(err error) { t.Error(err) })
			if err != nil || sum.Pages+sum.Known != 1 {
				t.Errorf("%+v, %v", sum, err)
			}
		}
		runFor(t, p, time.Minute)
		if n := s.times("/a"); n != 2 {
			t.Errorf("asked %d times, want 2", n)
		}
	})
}

// flip turns a byte of a file round.
func flip(t *testing.T, name string, at int64) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := make([]byte, 1)
	if _, err := f.ReadAt(b, at); err != nil {
		t.Fatal(err)
	}
	b[0] ^= 0xff
	if _, err := f.WriteAt(b, at); err != nil {
		t.Fatal(err)
	}
}
