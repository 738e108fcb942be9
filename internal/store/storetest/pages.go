package storetest

import (
	"fmt"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
)

func pages(e *env) {
	f := e.found("https://www.kabar.example/a?utm_source=x")
	p, err := e.s.AddPage(e.ctx, f, "")
	e.ok(err)
	again := e.found("http://kabar.example/a/")
	q, err := e.s.AddPage(e.ctx, again, "")
	e.ok(err)
	if d := cmp.Diff(p, q); d != "" {
		e.Error("the page there is: ", d)
	}
	if p.ID != dateline.PageID(f.Key) || p.URL != f.URL || p.Outlet != "" {
		e.Errorf("page: %+v", p)
	}
	for _, by := range []string{p.ID, f.Key} {
		got, err := e.s.PageOf(e.ctx, by)
		e.ok(err)
		if d := cmp.Diff(p, got); d != "" {
			e.Errorf("by %s: %s", by, d)
		}
	}
	silent := e.found("https://kabar.example/silent")
	silent.Due = time.Time{}
	_, err = e.s.AddPage(e.ctx, silent, "")
	e.ok(err)
	if it := e.one(work.Fetch); it.Key != p.N {
		e.Errorf("took %v", it)
	}
	_, err = e.s.AddPage(e.ctx, e.found(each(9)), "no-such-outlet")
	e.is(err, dateline.ErrNotFound)
}

func fetch(e *env) {
	p := e.page(each(1))
	it := e.one(work.Fetch)
	moved := e.kept("https://kabar.example/old", "")
	moved.Status = 301
	k := e.kept(each(1), "<p>x")
	k.Truncated = "length"
	f := store.Fetched{Page: p.N, At: e.time, Captures: []store.Kept{moved, k}, Read: true, Status: 200, Outcome: "ok", ETag: `"e"`, LastModified: "Mon",
		Next: e.time.Add(time.Hour), Host: &store.Host{Name: p.Lane, Next: e.time.Add(time.Second)}}
	e.ok(e.s.SaveFetch(e.ctx, it, f))
	got, err := e.s.Captures(e.ctx, p.N)
	e.ok(err)
	if len(got) != 2 || got[0].Capture != moved.Capture || got[1].Capture != k.Capture || got[1].Truncated != "length" || got[1].Page != p.N {
		e.Fatalf("captures: %+v", got)
	}
	q := e.current(p.N)
	want := p
	want.Visited, want.Visits, want.Status, want.Outcome, want.ETag, want.LastModified, want.Capture = e.time, 1, 200, "ok", `"e"`, "Mon", got[1].N
	if d := cmp.Diff(want, q); d != "" {
		e.Error(d)
	}
	if it := e.one(work.Read); it.Key != got[1].N || it.Lane != "" {
		e.Errorf("took %+v", it)
	}
	e.pass(time.Hour)
	it = e.one(work.Fetch)
	if it.Tries != 1 || it.Priority != work.Again {
		e.Errorf("took %+v", it)
	}
	// Gone, and not asked for again.
	k = e.kept(each(1), "gone")
	k.Status = 410
	e.ok(e.s.SaveFetch(e.ctx, it, store.Fetched{Page: p.N, At: e.time, Captures: []store.Kept{k}, Status: 410, Outcome: "gone", Gone: true}))
	if q := e.current(p.N); !q.Gone.Equal(e.time) || q.Visits != 2 || q.Capture != got[1].N || q.ETag != `"e"` {
		e.Errorf("page: %+v", q)
	}
	e.pass(1000 * time.Hour)
	if items := e.take(work.Fetch); len(items) != 0 {
		e.Errorf("took %v", items)
	}
}

func fetchAgain(e *env) {
	p := e.page(each(1))
	it := e.one(work.Fetch)
	f := store.Fetched{Page: p.N, At: e.time, Captures: []store.Kept{e.kept(p.URL, "x")}, Read: true, Status: 200, Outcome: "ok", Next: e.time.Add(time.Hour)}
	e.ok(e.s.SaveFetch(e.ctx, it, f))
	read := e.one(work.Read)
	e.ok(e.s.Finish(e.ctx, read))
	before := e.current(p.N)
	e.ok(e.s.SaveFetch(e.ctx, it, f))
	if d := cmp.Diff(before, e.current(p.N)); d != "" {
		e.Error(d)
	}
	if c := e.count(work.Read); c != (store.Count{}) {
		e.Errorf("to be read again: %+v", c)
	}
	if t, err := e.s.Totals(e.ctx); err != nil || t.Captures != 1 {
		e.Errorf("%+v, %v", t, err)
	}
}

func moved(e *env) {
	p := e.page(each(1))
	it := e.one(work.Fetch)
	e.ok(e.s.SaveFetch(e.ctx, it, store.Fetched{Page: p.N, At: e.time, Captures: []store.Kept{e.kept("https://kabar.example/new", "x")}, Read: true, Status: 200, Outcome: "ok", Moved: []string{"kabar.example/new"}}))
	got, err := e.s.PageOf(e.ctx, "kabar.example/new")
	e.ok(err)
	if got.N != p.N || got.ID != p.ID {
		e.Errorf("found %+v", got)
	}
	if q := e.page("https://kabar.example/new"); q.N != p.N {
		e.Errorf("the new address has another page: %+v", q)
	}
	// A page that nobody has seen is what leads to it; one that was seen is
	// not, unless its text says so.
	seen := e.publish(e.page(each(8)), "Delapan.").Page
	from := e.page("https://dua.example/7")
	e.pass(-time.Second)
	unseen := e.page(each(9))
	e.pass(time.Minute)
	k := e.kept(each(8), "y")
	e.ok(e.s.SaveFetch(e.ctx, e.unit(work.Fetch, from.N), store.Fetched{Page: from.N, At: e.time, Captures: []store.Kept{k}, Read: true, Status: 200, Outcome: "ok", ETag: "1",
		Moved: []string{"kabar.example/9", "kabar.example/8"}, Next: e.time.Add(time.Hour)}))
	if q := e.current(from.N); q.N != unseen.N || q.Visits != 1 {
		e.Errorf("page: %+v", q)
	}
	if q := e.current(seen.N); q.N != seen.N {
		e.Errorf("page: %+v", q)
	}
	list, err := e.s.Captures(e.ctx, unseen.N)
	e.ok(err)
	if s := e.read(list[0], "Delapan."); s.Page.N != unseen.N || s.Page.ETag != "" || s.New {
		e.Errorf("saved %+v", s)
	}
	e.pass(time.Hour)
	if c := e.count(work.Fetch); c != (store.Count{Due: 1}) {
		e.Errorf("to be fetched: %+v", c)
	}
	e.ok(e.s.Finish(e.ctx, e.unit(work.Fetch, unseen.N)))
	// A second page that is sent to the same place, such as a form to log in,
	// is a page still.
	q := e.page(each(2))
	it = e.unit(work.Fetch, q.N)
	e.ok(e.s.SaveFetch(e.ctx, it, store.Fetched{Page: q.N, At: e.time, Captures: []store.Kept{e.kept("https://kabar.example/new", "x")}, Status: 200, Outcome: "ok", Moved: []string{"kabar.example/new"}}))
	if e.current(q.N).N != q.N {
		e.Error("two pages became one for being sent to one place")
	}
}

func importing(e *env) {
	p := e.page(each(1))
	k := e.kept(p.URL, "x")
	hop := e.kept(p.URL, "")
	hop.Status = 301
	for i := range 2 {
		for _, c := range []store.Kept{hop, k} {
			ok, err := e.s.Import(e.ctx, p.N, c)
			e.ok(err)
			if ok != (i == 0) {
				e.Errorf("call %d: ok is %v", i, ok)
			}
			c.Offset += 7000 // the same, imported from a copy
			if ok, err := e.s.Import(e.ctx, p.N, c); ok || err != nil {
				e.Errorf("call %d: a copy: %v, %v", i, ok, err)
			}
		}
	}
	if c := e.count(work.Read); c.Due != 2 {
		e.Errorf("to be read: %+v", c)
	}
}

func captureOrder(e *env) {
	p := e.page(each(1))
	var want []int64
	for n := range 603 {
		k := e.kept(p.URL, fmt.Sprint(n))
		k.Fetched = e.time.Add(-time.Duration(n) * time.Second)
		k.WARC = fmt.Sprintf("%d.warc.gz", n%2)
		_, err := e.s.Import(e.ctx, p.N, k)
		e.ok(err)
	}
	var last store.Kept
	for k, err := range e.s.EachCapture(e.ctx) {
		e.ok(err)
		if k.WARC < last.WARC || k.WARC == last.WARC && k.Offset <= last.Offset {
			e.Fatalf("%s %d comes after %s %d", k.WARC, k.Offset, last.WARC, last.Offset)
		}
		last, want = k, append(want, k.N)
	}
	if len(want) != 603 {
		e.Errorf("%d captures, want 603", len(want))
	}
	list, err := e.s.Captures(e.ctx, p.N)
	e.ok(err)
	for i := 1; i < len(list); i++ {
		if list[i].Fetched.Before(list[i-1].Fetched) {
			e.Fatal("captures of a page are not oldest first")
		}
	}
}

func notFound(e *env) {
	for what, f := range map[string]func() error{
		"page":     func() error { _, err := e.s.Page(e.ctx, 99); return err },
		"page of":  func() error { _, err := e.s.PageOf(e.ctx, "kabar.example/none"); return err },
		"page id":  func() error { _, err := e.s.PageOf(e.ctx, dateline.PageID("kabar.example/none")); return err },
		"capture":  func() error { _, err := e.s.Capture(e.ctx, 99); return err },
		"source":   func() error { _, err := e.s.Source(e.ctx, 99); return err },
		"article":  func() error { _, err := e.s.Article(e.ctx, 99); return err },
		"versions": func() error { _, err := e.s.Versions(e.ctx, 99); return err },
		"events":   func() error { _, err := e.s.Events(e.ctx, 99); return err },
		"pause":    func() error { return e.s.Pause(e.ctx, "none", true) },
		"visit":    func() error { _, err := e.s.SaveVisit(e.ctx, work.Item{}, store.Visit{}); return err },
		"fetch":    func() error { return e.s.SaveFetch(e.ctx, work.Item{}, store.Fetched{Page: 99}) },
		"import":   func() error { _, err := e.s.Import(e.ctx, 99, e.kept("x", "x")); return err },
		"reading": func() error {
			_, err := e.s.SaveReading(e.ctx, work.Item{}, store.Reading{Capture: 99, Reader: "read/1"})
			return err
		},
		"marks":        func() error { return e.s.SaveMarks(e.ctx, work.Item{}, 99, "x/1", nil) },
		"erase":        func() error { _, err := e.s.Erase(e.ctx, []int64{99}, "", e.time); return err },
		"erase outlet": func() error { _, err := e.s.Erase(e.ctx, nil, "none", e.time); return err },
	} {
		if err := f(); err == nil {
			e.Errorf("%s: no error", what)
		} else {
			e.is(err, dateline.ErrNotFound)
		}
	}
}

func invalid(e *env) {
	p := e.page(each(1))
	k := e.kept(p.URL, "x")
	bad := k
	bad.Digest = "sha1:abc"
	_, err := e.s.Import(e.ctx, p.N, bad)
	e.is(err, dateline.ErrInvalid)
	bad = k
	bad.WARC = ""
	_, err = e.s.Import(e.ctx, p.N, bad)
	e.is(err, dateline.ErrInvalid)
	e.is(e.s.PutOutlet(e.ctx, dateline.Outlet{}, lane), dateline.ErrInvalid)
	e.is(e.s.PutHost(e.ctx, store.Host{}), dateline.ErrInvalid)
	_, err = e.s.AddPage(e.ctx, store.Found{}, "")
	e.is(err, dateline.ErrInvalid)
	_, err = e.s.Redo(e.ctx, work.Fetch, "x", e.time)
	e.is(err, dateline.ErrInvalid)
	for _, err := range e.s.List(e.ctx, store.Options{Cursor: "?"}) {
		e.is(err, dateline.ErrInvalid)
	}
	// None of an operation is kept when it fails.
	it := e.one(work.Fetch)
	f := store.Fetched{Page: p.N, At: e.time, Captures: []store.Kept{k, bad}, Status: 200, Outcome: "ok"}
	e.is(e.s.SaveFetch(e.ctx, it, f), dateline.ErrInvalid)
	if t, err := e.s.Totals(e.ctx); err != nil || t.Captures != 0 {
		e.Errorf("%+v, %v", t, err)
	}
	if c := e.count(work.Fetch); c.Taken != 1 {
		e.Errorf("%+v", c)
	}
}
