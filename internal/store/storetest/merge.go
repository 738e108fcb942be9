package storetest

import (
	"fmt"
	"time"

	"dateline/internal/store"
	"dateline/internal/work"
)

func merge(e *env) {
	older := e.publish(e.page(each(1)), "Air naik.")
	e.pass(time.Minute)
	// Found in a feed, not asked for yet.
	newer := e.page("https://dua.example/2")
	e.pass(time.Hour)
	k := e.fetch(older.Page, "<p>x")
	r := text(k, "read/1", "Flood in Lembah", "Air naik lagi.")
	r.Keys = []string{"dua.example/2"}
	saved, err := e.s.SaveReading(e.ctx, e.unit(work.Read, k.N), r)
	e.ok(err)
	if saved.Page.N != older.Page.N {
		e.Errorf("saved %+v", saved)
	}
	// Nobody has looked there: it is a page until the text tells.
	if q, err := e.s.PageOf(e.ctx, newer.ID); err != nil || q.N != newer.N {
		e.Errorf("a page not seen was taken: %+v, %v", q, err)
	}
	if s := e.publish(newer, "Air naik lagi."); s.Page.N != older.Page.N || s.New {
		e.Errorf("saved %+v", s)
	}
	for _, by := range []string{newer.ID, "dua.example/2"} {
		if q, err := e.s.PageOf(e.ctx, by); err != nil || q.N != older.Page.N {
			e.Errorf("by %s: %+v, %v", by, q, err)
		}
	}
	e.pass(2 * time.Hour)
	if it := e.one(work.Fetch); it.Key != older.Page.N {
		e.Errorf("took %v", it)
	}
	if t, err := e.s.Totals(e.ctx); err != nil || t.Pages != 1 || t.Versions != 2 {
		e.Errorf("%+v, %v", t, err)
	}
}

func mergeSame(e *env) {
	older := e.page(each(1))
	e.pass(time.Second)
	newer := e.page("https://dua.example/2")
	// The newer one was seen with the text and with another before.
	e.publish(newer, "Draft.")
	e.pass(time.Hour)
	same := e.publish(newer, "Air naik.")
	out := e.unit(work.Read, e.fetch(older, "<p>y").N) // keeps the older one waiting
	e.pass(2 * time.Hour)
	late := e.unit(work.Fetch, newer.N)
	k, err := e.s.Capture(e.ctx, out.Key)
	e.ok(err)
	r := text(k, "read/1", "Flood in Lembah", "Air naik.")
	r.Keys = []string{"dua.example/2"}
	saved, err := e.s.SaveReading(e.ctx, out, r)
	e.ok(err)
	if saved.Page.N != older.N || saved.Page.Version != same.Version {
		e.Errorf("saved %+v, want the text of version %d", saved, same.Version)
	}
	if vs := e.versions(older.N); len(vs) != 2 || vs[1].Captures != 2 {
		e.Errorf("versions: %+v", vs)
	}
	// Who was asking for the other page is not late.
	k = e.kept(newer.URL, "<p>z")
	e.ok(e.s.SaveFetch(e.ctx, late, store.Fetched{Page: newer.N, At: e.time, Captures: []store.Kept{k}, Read: true, Status: 200, Outcome: "ok"}))
	list, err := e.s.Captures(e.ctx, older.N)
	e.ok(err)
	if len(list) != 4 || list[3].URL != newer.URL {
		e.Errorf("captures: %+v", list)
	}
}

// claims: a page gets no key by saying that it has it, and takes none away;
// which of two is read first makes no difference.
func claims(e *env) {
	main := "https://kabar.example/live/storm"
	read := func(p store.Page, body string, keys ...string) store.Saved {
		e.Helper()
		_, err := e.s.Import(e.ctx, p.N, e.kept(p.URL, body))
		e.ok(err)
		it := e.one(work.Read)
		k, err := e.s.Capture(e.ctx, it.Key)
		e.ok(err)
		r := text(k, "read/1", "Storm", body)
		r.Keys = keys
		saved, err := e.s.SaveReading(e.ctx, it, r)
		e.ok(err)
		e.pass(time.Second)
		return saved
	}
	post := e.page(main + "/7")
	read(post, "Seven rescued.", "kabar.example/live/storm")
	if q, err := e.s.PageOf(e.ctx, "kabar.example/live/storm"); err != nil || q.N != post.N {
		e.Errorf("by a key that it claims: %+v, %v", q, err)
	}
	if known, err := e.s.Known(e.ctx, 0, []string{"kabar.example/live/storm"}); len(known) != 0 || err != nil {
		e.Errorf("what is claimed is known: %v, %v", known, err)
	}
	e.pass(time.Minute)
	live := e.page(main)
	if live.N == post.N {
		e.Fatal("the page has gone to the one that claimed its key")
	}
	read(live, "Storm, all of it.")
	if q, err := e.s.PageOf(e.ctx, "kabar.example/live/storm"); err != nil || q.N != live.N {
		e.Errorf("by the key it has: %+v, %v", q, err)
	}
	// Twins are one when they show the same: whichever comes first, and also
	// where the page they claim to be is never found.
	for i, first := range []string{"/a", "/b"} {
		e.pass(time.Hour)
		body := fmt.Sprint("Twins ", i)
		a, b := e.page(main+first+"/print"), e.page(main+first)
		if i == 0 {
			read(b, body)
		}
		s := read(a, body, "kabar.example/live/storm"+first)
		if i == 1 {
			s = read(b, body)
		}
		if s.New || s.Page.N != a.N || e.current(b.N).N != a.N {
			e.Errorf("twins that claim %s: %+v", first, s)
		}
	}
	c, d := e.page(main+"/c/1"), e.page(main+"/c/2")
	read(c, "Triplets.", "kabar.example/live/storm/c")
	if s := read(d, "Triplets.", "kabar.example/live/storm/c"); s.Page.N != c.N {
		e.Errorf("two that claim one key: %+v", s)
	}
	// One text at different times is not the same.
	f, g := e.page(main+"/f"), e.page(main+"/g")
	read(f, "Then.")
	e.pass(2 * time.Hour)
	read(f, "Now.")
	if s := read(g, "Then.", "kabar.example/live/storm/f"); s.Page.N != g.N {
		e.Errorf("merged with what it no longer shows: %+v", s)
	}
	e.pass(2 * time.Hour)
	if s := read(g, "Now."); s.Page.N != f.N || s.New {
		e.Errorf("shows the same now: %+v", s)
	}
}

func noMerge(e *env) {
	one := e.publish(e.page(each(1)), "Air naik.")
	two := e.page(each(2))
	k := e.fetch(two, "<p>x")
	r := text(k, "read/1", "Other", "Lain sama sekali.")
	r.Keys = []string{"kabar.example/1"}
	saved, err := e.s.SaveReading(e.ctx, e.unit(work.Read, k.N), r)
	e.ok(err)
	if saved.Page.N != two.N || !saved.New {
		e.Errorf("saved %+v", saved)
	}
	if p, err := e.s.PageOf(e.ctx, "kabar.example/1"); err != nil || p.N != one.Page.N {
		e.Errorf("the key has gone to %+v, %v", p, err)
	}
}
