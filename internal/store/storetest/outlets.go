package storetest

import (
	"fmt"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
)

func outlets(e *env) {
	o := dateline.Outlet{ID: dateline.OutletID("kabar.example"), Name: "Kabar", Home: "https://kabar.example/", Language: "id", Added: e.time, Since: e.time.Add(-time.Hour),
		Sources: []dateline.Source{{URL: "https://kabar.example/feed", Kind: dateline.SourceFeed, Title: "All"}, {URL: "https://kabar.example/map.xml", Kind: dateline.SourceSitemap, Language: "id"}}}
	e.ok(e.s.PutOutlet(e.ctx, o, lane))
	e.outlet("aneka.example")
	list, err := e.s.ListOutlets(e.ctx)
	e.ok(err)
	if len(list) != 2 || list[0].Name != "Kabar" {
		e.Fatalf("listed %+v", list)
	}
	if d := cmp.Diff(o, list[0].Outlet); d != "" {
		e.Error(d)
	}
	names, err := e.s.OutletNames(e.ctx)
	e.ok(err)
	if len(names) != 2 || names[o.ID] != "Kabar" || names[list[1].ID] != list[1].Name {
		e.Errorf("names are %v", names)
	}
	if d := cmp.Diff(e.time, list[0].Next); d != "" {
		e.Error("due at once: ", d)
	}
	one, err := e.s.Outlet(e.ctx, o.ID)
	e.ok(err)
	if d := cmp.Diff(list[0], one); d != "" {
		e.Error("alone it is otherwise: ", d)
	}
	_, err = e.s.Outlet(e.ctx, "nobody")
	e.is(err, dateline.ErrNotFound)
	s := list[0].States[1]
	got, err := e.s.Source(e.ctx, s.N)
	e.ok(err)
	if d := cmp.Diff(s, got); d != "" {
		e.Error(d)
	}
	if got.Outlet != o.ID || got.Source != o.Sources[1] || !got.Since.Equal(o.Since) {
		e.Errorf("source: %+v", got)
	}
	// Both sources of one lane, one at a time.
	items := e.take(work.Follow)
	if len(items) != 2 || items[0].Priority != work.Listing {
		e.Fatalf("took %v, want one of each outlet", items)
	}
	// What would wait is asked on request, what was given up too.
	for _, again := range []time.Time{e.time.Add(time.Hour), {}} {
		for _, it := range items {
			e.ok(e.s.Fail(e.ctx, it, "no answer", again, nil))
		}
		items = e.take(work.Follow) // the other source
		for _, it := range items {
			e.ok(e.s.Fail(e.ctx, it, "no answer", again, nil))
		}
		if items = e.take(work.Follow); len(items) != 0 {
			e.Fatalf("took %v, want none before the time", items)
		}
		e.ok(e.s.AskSources(e.ctx, o.ID, e.time))
		if items = e.take(work.Follow); len(items) != 1 {
			e.Fatalf("took %v of what was asked for, want one", items)
		}
	}
	e.is(e.s.AskSources(e.ctx, "nobody", e.time), dateline.ErrNotFound)
}

func outletAgain(e *env) {
	src := e.outlet("kabar.example")
	it := e.one(work.Follow)
	e.ok(e.s.Finish(e.ctx, it))
	// Nothing is added that is there.
	o := dateline.Outlet{ID: src.Outlet, Name: "New name", Home: "https://kabar.example/", Sources: []dateline.Source{src.Source}}
	e.ok(e.s.PutOutlet(e.ctx, o, lane))
	if items := e.take(work.Follow); len(items) != 0 {
		e.Errorf("a source that is there has new work: %v", items)
	}
	more := []dateline.Source{src.Source, {URL: "https://kabar.example/more", Kind: dateline.SourceFeed}}
	o.Sources = more
	e.ok(e.s.PutOutlet(e.ctx, o, lane))
	// What another outlet has is left out.
	other := e.outlet("aneka.example")
	e.ok(e.s.PutOutlet(e.ctx, dateline.Outlet{ID: other.Outlet, Name: "Zaman", Home: other.Home, Sources: more}, lane))
	list, err := e.s.ListOutlets(e.ctx)
	e.ok(err)
	if list[0].Name != "New name" || len(list[0].Sources) != 2 || len(list[1].Sources) != 1 {
		e.Errorf("listed %+v", list)
	}
	e.ok(e.s.DropSource(e.ctx, src.Outlet, more[1].URL))
	e.is(e.s.DropSource(e.ctx, src.Outlet, more[1].URL), dateline.ErrNotFound)
	if items := e.take(work.Follow); len(items) != 1 || items[0].Key != other.N {
		e.Errorf("took %v, want that of the other outlet", items)
	}
}

func pause(e *env) {
	src := e.outlet("kabar.example")
	other := e.outlet("kabar.example.example")
	f := e.found("https://kabar.example/1")
	p, err := e.s.AddPage(e.ctx, f, src.Outlet)
	e.ok(err)
	out := e.unit(work.Follow, src.N)
	e.ok(e.s.Pause(e.ctx, src.Outlet, true))
	// What is out ends, and then waits as well; so does what is added.
	e.ok(e.s.Fail(e.ctx, out, "no answer", e.time, nil))
	_, err = e.s.AddPage(e.ctx, e.found("https://kabar.example/2"), src.Outlet)
	e.ok(err)
	if items := e.take(laned...); len(items) != 1 || items[0].Key != other.N {
		e.Errorf("took %v, want that of the other outlet", items)
	}
	list, err := e.s.ListOutlets(e.ctx)
	e.ok(err)
	for _, o := range list {
		if o.Paused != (o.ID == src.Outlet) || o.States[0].Paused != o.Paused {
			e.Errorf("paused: %+v", o)
		}
	}
	e.pass(time.Hour)
	e.ok(e.s.Pause(e.ctx, src.Outlet, false))
	var got []int64
	for range 3 {
		for _, it := range e.take(laned...) {
			if it.Lane == p.Lane {
				got = append(got, it.Key)
				e.ok(e.s.Finish(e.ctx, it))
			}
		}
	}
	if len(got) != 3 {
		e.Errorf("took %v after the pause, want three", got)
	}
}

func visit(e *env) {
	src := e.outlet("kabar.example")
	it := e.one(work.Follow)
	src.Checked, src.Succeeded, src.Changed, src.Status, src.Entries, src.Every = e.time, e.time, e.time, 200, 3, 10*time.Minute
	src.ETag, src.LastModified, src.Next = `"1"`, "Sun", e.time.Add(10*time.Minute)
	doc := e.kept(src.URL, "<rss>")
	host := store.Host{Name: "kabar.example", Next: e.time.Add(5 * time.Second), Count: 1}
	v := store.Visit{Source: src, Entries: []store.Found{e.found(each(1)), e.found(each(2)), e.found(each(1))}, Capture: &doc, Host: &host}
	for i := range 2 {
		n, err := e.s.SaveVisit(e.ctx, it, v)
		e.ok(err)
		if want := 2 - 2*i; n != want {
			e.Errorf("call %d: %d pages are new, want %d", i, n, want)
		}
	}
	got, err := e.s.Source(e.ctx, src.N)
	e.ok(err)
	if d := cmp.Diff(src, got); d != "" {
		e.Error(d)
	}
	p, err := e.s.PageOf(e.ctx, "kabar.example/2")
	e.ok(err)
	if p.Source != src.N || p.Outlet != src.Outlet || p.Title != "On "+each(2) || p.Listed == 0 || !p.Found.Equal(e.time) || p.URL != each(2) || p.Lane != "kabar.example" {
		e.Errorf("page: %+v", p)
	}
	k, err := e.s.Capture(e.ctx, p.Listed)
	e.ok(err)
	if k.Page != 0 || k.Capture != doc.Capture {
		e.Errorf("capture: %+v", k)
	}
	if items := e.take(laned...); len(items) != 0 {
		e.Errorf("took %v before the host is ready", items)
	}
	e.pass(5 * time.Second)
	if it := e.one(work.Fetch); it.Key != p.N-1 {
		e.Errorf("took %v", it)
	}
	list, err := e.s.ListOutlets(e.ctx)
	e.ok(err)
	if o := list[0]; o.Pages != 2 || o.Waiting != 2 || o.Articles != 0 {
		e.Errorf("outlet: %+v", o)
	}
}

func visitAgain(e *env) {
	src := e.outlet("kabar.example")
	other := e.outlet("aneka.example")
	f := e.found(each(1))
	visit := func(src store.SourceState, entries ...store.Found) {
		e.Helper()
		src.Checked, src.Next = e.time, e.time.Add(10*time.Minute)
		_, err := e.s.SaveVisit(e.ctx, e.unit(work.Follow, src.N), store.Visit{Source: src, Entries: entries})
		e.ok(err)
	}
	visit(src, f)
	keys := []string{f.Key, "kabar.example/unknown"}
	for n := range 150 {
		keys = append(keys, fmt.Sprintf("aneka.example/%d", n))
	}
	known, err := e.s.Known(e.ctx, src.N, keys)
	e.ok(err)
	if d := cmp.Diff(map[string]string{f.Key: store.EntryMark(f.Entry)}, known); d != "" {
		e.Error(d)
	}
	// What another source makes of a page is not compared with this one's.
	known, err = e.s.Known(e.ctx, other.N, []string{f.Key})
	e.ok(err)
	if d := cmp.Diff(map[string]string{f.Key: ""}, known); d != "" {
		e.Error(d)
	}
	p, err := e.s.PageOf(e.ctx, f.Key)
	e.ok(err)
	e.publish(p, "Air naik.")
	// The same entry, and what another source makes of it, change nothing.
	e.pass(10 * time.Minute)
	visit(src, f)
	renamed := f
	renamed.Title, renamed.Due = "Rewritten", e.time
	visit(other, renamed)
	if items := e.take(work.Fetch); len(items) != 0 {
		e.Errorf("took %v though the entry is the same", items)
	}
	// Another title is news, though not at once; and where it was said in vain
	// it is believed less. Of two entries of a page the first counts.
	rename := func(title string) {
		e.Helper()
		renamed.Title, renamed.Due = title, e.time
		visit(src, renamed, f)
		if got := e.current(p.N); got.Title != title {
			e.Errorf("page: %+v", got)
		}
	}
	look := func(body string, wait time.Duration) {
		e.Helper()
		e.time = e.current(p.N).Visited.Add(wait - time.Minute)
		if items := e.take(work.Fetch); len(items) != 0 {
			e.Errorf("looked at again before %v: %v", wait, items)
		}
		e.pass(time.Minute)
		k := e.kept(p.URL, body)
		e.ok(e.s.SaveFetch(e.ctx, e.one(work.Fetch), store.Fetched{Page: p.N, At: e.time, Captures: []store.Kept{k}, Read: true, Status: 200, Outcome: "ok"}))
		list, err := e.s.Captures(e.ctx, p.N)
		e.ok(err)
		e.read(list[len(list)-1], body)
		e.pass(10 * time.Minute)
	}
	e.pass(10 * time.Minute)
	rename("Rewritten")
	e.pass(10 * time.Minute)
	rename("Again") // while the look is waited for
	look("Air naik.", time.Hour)
	rename("And again")
	look("Air naik.", 2*time.Hour)
	rename("And again 2")
	look("Air surut.", 4*time.Hour)
	for i, wait := range []time.Duration{1, 2, 4, 8, 16, 24, 24} {
		rename(fmt.Sprint("Nothing new ", i))
		look("Air surut.", wait*time.Hour)
	}
	// A page that was given up is looked at again for it.
	rename("Once more")
	e.pass(48 * time.Hour)
	e.ok(e.s.Fail(e.ctx, e.one(work.Fetch), "no answer", time.Time{}, nil))
	rename("Well again")
	if it := e.one(work.Fetch); it.Key != p.N || it.Tries != 1 || it.Priority != work.Again {
		e.Errorf("took %+v", it)
	}
}

// neverAsked: a page that nobody was to ask for is new to who wants it.
func neverAsked(e *env) {
	feed := e.outlet("kabar.example")
	e.ok(e.s.SetChildren(e.ctx, feed.N, []dateline.Source{{URL: "https://kabar.example/map.xml", Kind: dateline.SourceSitemap}}, lane))
	list, err := e.s.ListOutlets(e.ctx)
	e.ok(err)
	sitemap := list[0].States[1]
	for _, it := range e.take(work.Follow) {
		e.ok(e.s.Finish(e.ctx, it))
	}
	old, imported := e.found(each(1)), e.found(each(2))
	old.Due, imported.Due = time.Time{}, time.Time{}
	_, err = e.s.AddEntries(e.ctx, sitemap.N, []store.Found{old}, nil)
	e.ok(err)
	p, err := e.s.AddPage(e.ctx, imported, "")
	e.ok(err)
	_, err = e.s.Import(e.ctx, p.N, e.kept(p.URL, "<p>x"))
	e.ok(err)
	keys := []string{old.Key, imported.Key}
	known := func(source int64, want int) {
		e.Helper()
		if got, err := e.s.Known(e.ctx, source, keys); len(got) != want || err != nil {
			e.Errorf("known: %v, %v", got, err)
		}
	}
	known(sitemap.N, 2)
	known(feed.N, 0)
	old.Due, imported.Due = e.time, e.time
	doc := e.kept(feed.URL, "<rss>")
	for _, want := range []int{2, 0} {
		if n, err := e.s.AddEntries(e.ctx, feed.N, []store.Found{old, imported}, &doc); n != want || err != nil {
			e.Errorf("%d are new, want %d, %v", n, want, err)
		}
	}
	known(feed.N, 2)
	if q := e.current(p.N); q.Source != feed.N || q.Outlet != feed.Outlet || q.Listed == 0 {
		e.Errorf("page: %+v", q)
	}
	if c := e.count(work.Fetch); c.Due != 2 {
		e.Errorf("to be fetched: %+v", c)
	}
	// Who names an address has it fetched, known or not.
	if ok, err := e.s.Ask(e.ctx, p.N, e.time); ok || err != nil {
		e.Errorf("asked for what waits: %v, %v", ok, err)
	}
	q := e.publish(e.page("https://aneka.example/3"), "x").Page
	e.pass(time.Hour)
	e.ok(e.s.Fail(e.ctx, e.unit(work.Fetch, q.N), "no answer", time.Time{}, nil))
	for _, want := range []bool{true, false} {
		if ok, err := e.s.Ask(e.ctx, q.N, e.time); ok != want || err != nil {
			e.Errorf("asked: %v, %v", ok, err)
		}
	}
	if it := e.unit(work.Fetch, q.N); it.Tries != 1 {
		e.Errorf("took %+v", it)
	}
	_, err = e.s.Ask(e.ctx, 99, e.time)
	e.is(err, dateline.ErrNotFound)
}

// children: those of an index are what it says now, and no more.
func children(e *env) {
	parent := e.outlet("kabar.example")
	maps := func(from, to int) (list []dateline.Source) {
		for i := from; i < to; i++ {
			list = append(list, dateline.Source{URL: fmt.Sprintf("https://kabar.example/map-%d.xml", i), Kind: dateline.SourceSitemap})
		}
		return list
	}
	states := func() map[string]store.SourceState {
		e.Helper()
		list, err := e.s.ListOutlets(e.ctx)
		e.ok(err)
		out := map[string]store.SourceState{}
		for _, s := range list[0].States {
			out[s.URL] = s
		}
		return out
	}
	e.ok(e.s.SetChildren(e.ctx, parent.N, append(maps(0, 3), parent.Source), lane))
	before := states()
	child := before["https://kabar.example/map-1.xml"]
	if len(before) != 4 || child.Of != parent.N || child.Home != "https://kabar.example/" || before[parent.URL].Of != 0 {
		e.Fatalf("sources: %+v", before)
	}
	if c := e.count(work.Follow); c.Due != 4 {
		e.Errorf("units: %+v", c)
	}
	// A child may be an index as well; what goes takes its own with it.
	gone := before["https://kabar.example/map-0.xml"]
	e.ok(e.s.SetChildren(e.ctx, gone.N, maps(10, 12), lane))
	e.ok(e.s.SetChildren(e.ctx, parent.N, maps(1, 4), lane))
	after := states()
	if len(after) != 4 || after[child.URL].N != child.N || after["https://kabar.example/map-3.xml"].Of != parent.N {
		e.Errorf("sources: %+v", after)
	}
	if c := e.count(work.Follow); c.Due != 4 {
		e.Errorf("units: %+v", c)
	}
	// What went comes back when it is named again.
	e.ok(e.s.SetChildren(e.ctx, parent.N, maps(0, 1), lane))
	if after := states(); len(after) != 2 || after[gone.URL].N == gone.N {
		e.Errorf("sources: %+v", after)
	}
	// What a user adds stays whatever the index says.
	o := dateline.Outlet{ID: parent.Outlet, Name: "The kabar.example", Home: "https://kabar.example/", Sources: maps(0, 1)}
	e.ok(e.s.PutOutlet(e.ctx, o, lane))
	e.ok(e.s.SetChildren(e.ctx, parent.N, nil, lane))
	if after := states(); len(after) != 2 || after[gone.URL].Of != 0 {
		e.Errorf("sources: %+v", after)
	}
	e.is(e.s.SetChildren(e.ctx, 99, nil, lane), dateline.ErrNotFound)
}

// dropped: what a user does not want to follow does not come back by itself,
// and adding an outlet again changes nothing that was decided of it.
func dropped(e *env) {
	parent := e.outlet("kabar.example")
	child := dateline.Source{URL: "https://kabar.example/map.xml", Kind: dateline.SourceSitemap}
	has := func(want ...string) {
		e.Helper()
		list, err := e.s.ListOutlets(e.ctx)
		e.ok(err)
		var got []string
		for _, s := range list[0].Sources {
			got = append(got, s.URL)
		}
		if d := cmp.Diff(want, got); d != "" {
			e.Error(d)
		}
	}
	e.ok(e.s.SetChildren(e.ctx, parent.N, []dateline.Source{child}, lane))
	e.ok(e.s.DropSource(e.ctx, parent.Outlet, child.URL))
	e.ok(e.s.SetChildren(e.ctx, parent.N, []dateline.Source{child}, lane))
	has(parent.URL)
	o := dateline.Outlet{ID: parent.Outlet, Name: "The kabar.example", Home: "https://kabar.example/", Sources: []dateline.Source{parent.Source}}
	e.ok(e.s.Pause(e.ctx, o.ID, true))
	e.ok(e.s.PutOutlet(e.ctx, o, lane))
	has(parent.URL)
	if s, err := e.s.Source(e.ctx, parent.N); err != nil || !s.Paused {
		e.Errorf("the outlet goes on by being added: %+v, %v", s, err)
	}
	e.ok(e.s.DropSource(e.ctx, o.ID, parent.URL))
	o.Sources = append(o.Sources, child)
	e.ok(e.s.PutOutlet(e.ctx, o, lane))
	has(parent.URL, child.URL)
}

// entriesInParts: a long list is taken in parts, as if at once.
func entriesInParts(e *env) {
	src := e.outlet("kabar.example")
	it := e.one(work.Follow)
	doc := e.kept(src.URL, "<rss>")
	for call, want := range []int{2, 0} {
		if n, err := e.s.AddEntries(e.ctx, src.N, []store.Found{e.found(each(1)), e.found(each(2))}, &doc); n != want || err != nil {
			e.Errorf("call %d: %d are new, %v", call, n, err)
		}
	}
	src.Checked, src.Next, src.Foreign = e.time, e.time.Add(time.Hour), 40
	n, err := e.s.SaveVisit(e.ctx, it, store.Visit{Source: src, Entries: []store.Found{e.found(each(2)), e.found(each(3))}, Capture: &doc})
	if n != 1 || err != nil {
		e.Errorf("%d are new, %v", n, err)
	}
	var listed []int64
	for i := range 3 {
		p, err := e.s.PageOf(e.ctx, fmt.Sprintf("kabar.example/%d", i+1))
		e.ok(err)
		listed = append(listed, p.Listed)
		if p.Source != src.N || p.Outlet != src.Outlet {
			e.Errorf("page: %+v", p)
		}
	}
	if listed[0] == 0 || listed[0] != listed[1] || listed[0] != listed[2] {
		e.Errorf("found in documents %v", listed)
	}
	if got, err := e.s.Source(e.ctx, src.N); err != nil || got.Foreign != 40 {
		e.Errorf("source: %+v, %v", got, err)
	}
	_, err = e.s.AddEntries(e.ctx, 99, nil, nil)
	e.is(err, dateline.ErrNotFound)
}

// outletAfterPages adds an outlet of which pages are kept already, as of an
// archive: they are its own from then on, and erased with it.
func outletAfterPages(e *env) {
	before, other := e.page("https://kabar.example/1"), e.page("https://aneka.example/1")
	e.outlet("kabar.example")
	id := dateline.OutletID("kabar.example")
	if p := e.current(before.N); p.Outlet != id {
		e.Errorf("a page from before is of %q", p.Outlet)
	}
	if p := e.current(other.N); p.Outlet != "" {
		e.Errorf("a page of another site is of %q", p.Outlet)
	}
	e.outlet("aneka.example")
	if p := e.current(before.N); p.Outlet != id {
		e.Errorf("it went to %q", p.Outlet)
	}
}
