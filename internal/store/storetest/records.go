package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
)

func events(e *env) {
	p := e.page(each(1))
	e.pass(time.Minute)
	answer := func(status int, payload string, read bool) {
		e.Helper()
		it := e.unit(work.Fetch, p.N)
		k := e.kept(p.URL, payload)
		k.Status = status
		if status == 304 {
			k.Digest = ""
		}
		e.ok(e.s.SaveFetch(e.ctx, it, store.Fetched{Page: p.N, At: e.time, Captures: []store.Kept{k}, Status: status, Outcome: "ok", Gone: status == 404, Read: read, Next: e.time.Add(time.Hour)}))
		if read {
			list, err := e.s.Captures(e.ctx, p.N)
			e.ok(err)
			e.read(list[len(list)-1], payload)
		}
		e.pass(time.Hour)
	}
	answer(200, "A", true)
	answer(304, "", false)
	answer(200, "A2", true)
	answer(301, "", false)
	answer(403, "no", false)
	answer(404, "gone", false)
	answer(404, "gone", false)
	answer(500, "oops", false)
	answer(200, "A2", false)
	list, err := e.s.Events(e.ctx, p.N)
	e.ok(err)
	var got []string
	for i, ev := range list {
		got = append(got, fmt.Sprintf("%s %d %d", ev.What, ev.Status, ev.Version))
		if i > 0 && (ev.At.Before(list[i-1].At) || ev.Capture == 0) {
			e.Errorf("event: %+v", ev)
		}
	}
	want := []string{"found 0 0", "kept 200 1", "unchanged 304 0", "changed 200 2", "moved 301 0", "refused 403 0", "gone 404 0", "back 200 2"}
	if d := cmp.Diff(want, got); d != "" {
		e.Error(d)
	}
	if q := e.current(p.N); !q.Gone.IsZero() {
		e.Errorf("page is back, and gone: %+v", q)
	}
}

// feedEvents: the first text of a page itself is no change of what the feed
// said of it.
func feedEvents(e *env) {
	p := e.page(each(1))
	k := e.kept("https://kabar.example/feed", "<rss>")
	k.Feed = true
	_, err := e.s.Import(e.ctx, p.N, k)
	e.ok(err)
	answer := func(body string) {
		list, err := e.s.Captures(e.ctx, p.N)
		e.ok(err)
		e.read(list[len(list)-1], body)
		e.pass(time.Hour)
	}
	answer("In short.")
	for _, body := range []string{"At length.", "At greater length."} {
		e.fetch(p, body)
		answer(body)
	}
	list, err := e.s.Events(e.ctx, p.N)
	e.ok(err)
	var got []string
	for _, ev := range list {
		got = append(got, fmt.Sprint(ev.What, " ", ev.Version))
	}
	if d := cmp.Diff([]string{"found 0", "kept 1", "kept 2", "changed 3"}, got); d != "" {
		e.Error(d)
	}
	if vs := e.versions(p.N); len(vs) != 3 || !vs[0].Feed || vs[1].Feed || vs[2].Feed {
		e.Errorf("versions: %+v", vs)
	}
}

// times: an article is not of a time after it was fetched with it, also where a
// later version states that time again.
func times(e *env) {
	p := e.page(each(1))
	for i, tt := range []struct {
		published string
		want      time.Time
	}{
		{"2031-05-04T15:30:00", start}, // a clock ahead, whose zone is not stated
		{"2031-05-04T15:30:00", start},
		{"2031-05-05T06:00:00Z", time.Date(2031, 5, 5, 6, 0, 0, 0, time.UTC)}, // published anew
		{"", start.Add(36 * time.Hour)},
	} {
		e.fetch(p, fmt.Sprint(i))
		list, err := e.s.Captures(e.ctx, p.N)
		e.ok(err)
		k := list[len(list)-1]
		r := text(k, "read/1", "Title", fmt.Sprint(i))
		r.Article.Published = tt.published
		_, err = e.s.SaveReading(e.ctx, e.unit(work.Read, k.N), r)
		e.ok(err)
		if all := e.list(store.Options{}); len(all) != 1 || !all[0].Time.Equal(tt.want) {
			e.Errorf("version %d, published %q: %+v, want %v", i+1, tt.published, all, tt.want)
		}
		e.pass(12 * time.Hour)
	}
}

func listing(e *env) {
	src := e.outlet("kabar.example")
	e.ok(e.s.Finish(e.ctx, e.one(work.Follow)))
	const n = 25
	var want []int64
	for i := range n {
		p, err := e.s.AddPage(e.ctx, e.found(each(i)), src.Outlet)
		e.ok(err)
		k := e.fetch(p, fmt.Sprint(i))
		r := text(k, "read/1", fmt.Sprintf("Title %d", i), fmt.Sprint(i))
		switch i % 5 {
		case 1:
			r.Article.Published = "2031-05-01" // several at one time
		case 2:
			r.Article.Published = "2099-01-01" // the future is not believed
		case 3:
			r.Article.Published = ""
		case 4:
			// Of a clock that is ahead of the store's: no zone is stated.
			r.Article.Published = fmt.Sprintf("2031-05-04T%d:30:00", 15+i%9)
		}
		saved, err := e.s.SaveReading(e.ctx, e.unit(work.Read, k.N), r)
		e.ok(err)
		want = append(want, saved.Version)
		e.pass(time.Minute)
	}
	all := e.list(store.Options{})
	if len(all) != n {
		e.Fatalf("%d hits, want %d", len(all), n)
	}
	for i := 1; i < n; i++ {
		a, b := all[i-1], all[i]
		if a.Time.Before(b.Time) || a.Time.Equal(b.Time) && a.Version < b.Version {
			e.Errorf("hit %d is newer than the one before: %v %v", i, a.Time, b.Time)
		}
	}
	for _, h := range all {
		i := slices.Index(want, h.Version)
		switch first := start.Add(time.Duration(i) * time.Minute); {
		case i < 0:
			e.Errorf("hit: %+v", h)
		case h.Time.After(first):
			e.Errorf("hit %d is of %v, after it was fetched", i, h.Time)
		case i%5 == 1 && !h.Time.Equal(time.Date(2031, 5, 1, 0, 0, 0, 0, time.UTC)),
			i%5 >= 2 && !h.Time.Equal(first),
			i%5 == 0 && !h.Time.Equal(time.Date(2031, 5, 4, 7, 0, 0, 0, time.UTC)):
			e.Errorf("hit %d has time %v", i, h.Time)
		}
		if h.Page.Outlet != src.Outlet || h.Title != fmt.Sprintf("Title %d", i) || h.Language != "xx" || h.Kind != "article" || h.Number != 1 {
			e.Errorf("hit: %+v", h)
		}
	}
	// In pages, both ways.
	for _, oldest := range []bool{false, true} {
		var got []int64
		o := store.Options{Limit: 4, Oldest: oldest}
		for {
			hits := e.list(o)
			if len(hits) == 0 {
				break
			}
			if len(hits) > 4 {
				e.Fatalf("%d hits, want at most 4", len(hits))
			}
			for _, h := range hits {
				got = append(got, h.Version)
			}
			o.Cursor = hits[len(hits)-1].Cursor
		}
		if oldest {
			slices.Reverse(got)
		}
		if !slices.EqualFunc(got, all, func(v int64, h store.Hit) bool { return v == h.Version }) {
			e.Errorf("in pages, oldest %v: %v", oldest, got)
		}
	}
	list, err := e.s.ListOutlets(e.ctx)
	e.ok(err)
	if o := list[0]; o.Articles != n || o.Waiting != 0 || !o.LastPage.Equal(e.time.Add(-time.Minute)) {
		e.Errorf("outlet: %+v", o)
	}
	e.outlet("aneka.example")
	one, err := e.s.Outlet(e.ctx, list[0].ID)
	e.ok(err)
	if d := cmp.Diff(list[0], one); d != "" {
		e.Error("alone it is otherwise: ", d)
	}
	// Who has seen enough may stop.
	for range e.s.List(e.ctx, store.Options{}) {
		break
	}
}

func listMoving(e *env) {
	for i := range 10 {
		e.publish(e.page(each(i)), fmt.Sprint(i))
		e.pass(time.Minute)
	}
	seen := map[int64]int{}
	cursor, n := "", 100
	for {
		hits := e.list(store.Options{Limit: 3, Cursor: cursor})
		if len(hits) == 0 {
			break
		}
		for _, h := range hits {
			seen[h.Version]++
		}
		cursor = hits[len(hits)-1].Cursor
		e.publish(e.page(each(n)), fmt.Sprint(n)) // newer than all
		n++
	}
	old := 0
	for v, times := range seen {
		if times != 1 {
			e.Errorf("version %d came %d times", v, times)
		}
		old++
	}
	if old < 10 {
		e.Errorf("%d hits, want the 10 that were there", old)
	}
}

func erasePage(e *env) {
	p := e.page(each(1))
	other := e.publish(e.page("https://dua.example/2"), "Tetap.")
	saved := e.publish(p, "Rahasia.")
	e.ok(e.s.SaveMarks(e.ctx, e.unit(work.Annotate, saved.Version), saved.Version, "standard/1", []dateline.Mark{{Kind: "person", End: 2, By: "names/1", Value: []byte(`{"name":"Rahasia"}`)}}))
	e.pass(time.Hour)
	k := e.fetch(p, "<p>again") // waits to be read
	late := e.unit(work.Read, k.N)
	captures, err := e.s.Captures(e.ctx, p.N)
	e.ok(err)
	got, err := e.s.Erase(e.ctx, []int64{p.N}, "", e.time)
	e.ok(err)
	if d := cmp.Diff(captures, got.Captures); d != "" || len(got.Stay) != 0 {
		e.Error(d)
	}
	_, err = e.s.Page(e.ctx, p.N)
	e.is(err, dateline.ErrNotFound)
	_, err = e.s.Article(e.ctx, saved.Version)
	e.is(err, dateline.ErrNotFound)
	// Late workers find nothing.
	_, err = e.s.SaveReading(e.ctx, late, text(k, "read/1", "T", "x"))
	e.is(err, dateline.ErrNotFound)
	e.is(e.s.SaveMarks(e.ctx, work.Item{}, saved.Version, "standard/1", nil), dateline.ErrNotFound)
	// It does not come back, under any of its addresses.
	_, err = e.s.AddPage(e.ctx, e.found("http://www.kabar.example/1/"), "")
	e.is(err, dateline.ErrRefused)
	known, err := e.s.Known(e.ctx, 0, []string{"kabar.example/1", "kabar.example/3"})
	e.ok(err)
	if d := cmp.Diff(map[string]string{"kabar.example/1": ""}, known); d != "" {
		e.Error(d)
	}
	src := e.outlet("kabar.example")
	src.Checked, src.Next = e.time, e.time.Add(time.Hour)
	if n, err := e.s.SaveVisit(e.ctx, e.unit(work.Follow, src.N), store.Visit{Source: src, Entries: []store.Found{e.found(each(1))}}); n != 0 || err != nil {
		e.Errorf("a visit brought back %d, %v", n, err)
	}
	// Nor by a page that is sent there for good, which is erased as well.
	twin := e.page(each(7))
	twice := e.kept("https://kabar.example/1", "<p>twin")
	e.ok(e.s.SaveFetch(e.ctx, e.unit(work.Fetch, twin.N), store.Fetched{Page: twin.N, At: e.time, Captures: []store.Kept{twice}, Read: true, Status: 200, Outcome: "ok", Moved: []string{"kabar.example/1"}}))
	_, err = e.s.AddPage(e.ctx, e.found(each(7)), "")
	e.is(err, dateline.ErrRefused)
	// A page that only says so has its own text.
	sloppy := e.page(each(6))
	r := text(e.fetch(sloppy, "<p>sloppy"), "read/1", "T", "Lain.")
	r.Keys = []string{"kabar.example/1"}
	again, err := e.s.SaveReading(e.ctx, e.unit(work.Read, r.Capture), r)
	e.ok(err)
	if !again.New || again.Page.N != sloppy.N {
		e.Errorf("saved %+v", again)
	}
	_, err = e.s.PageOf(e.ctx, "kabar.example/1")
	e.is(err, dateline.ErrNotFound)
	// Until the archive is done as well, it is to be erased there.
	left, err := e.s.Erasing(e.ctx)
	e.ok(err)
	if len(left) != 4 || left[0].URL != twin.URL || left[0].WARC != "" || left[1].Capture != captures[0].Capture || left[3].Capture != twice.Capture {
		e.Errorf("erasing: %+v", left)
	}
	e.ok(e.s.EraseDone(e.ctx, []int64{left[0].N, left[1].N, left[2].N, left[3].N}))
	if left, err := e.s.Erasing(e.ctx); len(left) != 0 || err != nil {
		e.Errorf("erasing: %+v, %v", left, err)
	}
	if hits := e.list(store.Options{}); len(hits) != 2 || hits[1].Version != other.Version {
		e.Errorf("listed: %+v", hits)
	}
}

// eraseDocuments: a document of a source goes with the page that has its text
// of it, unless another has too; and what the archive may have of a page that
// the store has no capture of is asked for by its address.
func eraseDocuments(e *env) {
	src := e.outlet("kabar.example")
	visit := func(doc *store.Kept, pages ...int) {
		e.Helper()
		var entries []store.Found
		for _, n := range pages {
			entries = append(entries, e.found(each(n)))
		}
		_, err := e.s.AddEntries(e.ctx, src.N, entries, doc)
		e.ok(err)
	}
	page := func(n int) store.Page {
		e.Helper()
		p, err := e.s.PageOf(e.ctx, fmt.Sprintf("kabar.example/%d", n))
		e.ok(err)
		return p
	}
	both, own, other := e.kept(src.URL, "<rss>1"), e.kept(src.URL, "<rss>2"), e.kept(src.URL, "<rss>3")
	visit(&both, 1, 2, 3)
	visit(&own, 4, 5)
	visit(&other, 6)
	told := func(n int, doc store.Kept) store.Saved {
		e.Helper()
		doc.Feed = true
		p := page(n)
		_, err := e.s.Import(e.ctx, p.N, doc)
		e.ok(err)
		it := e.one(work.Read)
		k, err := e.s.Capture(e.ctx, it.Key)
		e.ok(err)
		s, err := e.s.SaveReading(e.ctx, it, text(k, "read/1", "In short", fmt.Sprint("Of page ", n)))
		e.ok(err)
		return s
	}
	told(1, both)
	stays := told(2, both)
	told(4, own)
	places := func(list []store.Kept) (out []string) {
		for _, k := range list {
			out = append(out, fmt.Sprint(k.URL, " ", k.Offset))
		}
		return out
	}
	erase := func(n int, captures, stay []string) {
		e.Helper()
		got, err := e.s.Erase(e.ctx, []int64{page(n).N}, "", e.time)
		e.ok(err)
		if d := cmp.Diff(captures, places(got.Captures)); d != "" {
			e.Errorf("page %d: %s", n, d)
		}
		if d := cmp.Diff(stay, places(got.Stay)); d != "" {
			e.Errorf("page %d: stays: %s", n, d)
		}
	}
	erase(1, []string{each(1) + " 0"}, places([]store.Kept{both}))
	if k, err := e.s.Capture(e.ctx, e.versions(stays.Page.N)[0].Capture); err != nil || k.Offset != both.Offset {
		e.Errorf("the other's text: %+v, %v", k, err)
	}
	erase(4, []string{each(4) + " 0", src.URL + fmt.Sprint(" ", own.Offset)}, nil)
	if p := page(5); p.Listed != 0 {
		e.Errorf("page: %+v", p)
	}
	if p := page(3); p.Listed == 0 {
		e.Errorf("page: %+v", p)
	}
	unnamed, err := e.s.Unnamed(e.ctx, []dateline.Capture{both.Capture, own.Capture, other.Capture, {WARC: "b.warc.gz", Offset: 1}})
	e.ok(err)
	if d := cmp.Diff([]dateline.Capture{own.Capture, {WARC: "b.warc.gz", Offset: 1}}, unnamed); d != "" {
		e.Error(d)
	}
	// With the outlet all goes.
	got, err := e.s.Erase(e.ctx, nil, src.Outlet, e.time)
	e.ok(err)
	if len(got.Stay) != 0 || len(got.Captures) != 6 {
		e.Errorf("erased %+v", got)
	}
}

func eraseOutlet(e *env) {
	src := e.outlet("kabar.example")
	f := e.found(each(1))
	p, err := e.s.AddPage(e.ctx, f, src.Outlet)
	e.ok(err)
	e.ok(e.s.Finish(e.ctx, e.unit(work.Follow, src.N)))
	e.publish(p, "x")
	stays := e.publish(e.page("https://aneka.example/1"), "y")
	// Answers for robots.txt are kept once, are of no page, and go with the outlet.
	for _, site := range []string{"https://kabar.example", "https://aneka.example"} {
		h, err := e.s.Host(e.ctx, lane(site+"/"))
		e.ok(err)
		h.Robots = map[string]store.Robots{site: {Rules: []byte("user-agent: *"), Until: e.time}}
		h.Answers = []store.Kept{e.kept(site+"/robots.txt", "rules")}
		e.ok(e.s.PutHost(e.ctx, h))
		e.ok(e.s.PutHost(e.ctx, h))
	}
	robots := func() (list []string) {
		for k, err := range e.s.EachCapture(e.ctx) {
			e.ok(err)
			if strings.HasSuffix(k.URL, "/robots.txt") && k.Page == 0 {
				list = append(list, k.URL)
			}
		}
		return list
	}
	if d := cmp.Diff([]string{"https://kabar.example/robots.txt", "https://aneka.example/robots.txt"}, robots()); d != "" {
		e.Error(d)
	}
	got, err := e.s.Erase(e.ctx, nil, src.Outlet, e.time)
	e.ok(err)
	if len(got.Captures) != 2 {
		e.Errorf("erased %+v", got)
	}
	if d := cmp.Diff([]string{"https://aneka.example/robots.txt"}, robots()); d != "" {
		e.Error(d)
	}
	if list, err := e.s.ListOutlets(e.ctx); len(list) != 0 || err != nil {
		e.Errorf("listed %+v, %v", list, err)
	}
	e.is(e.s.PutOutlet(e.ctx, dateline.Outlet{ID: src.Outlet, Name: "Again", Sources: []dateline.Source{src.Source}}, lane), dateline.ErrRefused)
	_, err = e.s.AddPage(e.ctx, f, "")
	e.is(err, dateline.ErrRefused)
	_, err = e.s.AddPage(e.ctx, e.found(each(2)), src.Outlet)
	e.is(err, dateline.ErrRefused)
	// Its source does not come back by another outlet.
	other := e.outlet("aneka.example")
	e.ok(e.s.PutOutlet(e.ctx, dateline.Outlet{ID: other.Outlet, Name: "Aneka", Home: other.Home, Sources: []dateline.Source{src.Source}}, lane))
	if list, err := e.s.ListOutlets(e.ctx); err != nil || len(list[0].Sources) != 1 {
		e.Errorf("listed %+v, %v", list, err)
	}
	if hits := e.list(store.Options{}); len(hits) != 1 || hits[0].Version != stays.Version {
		e.Errorf("listed: %+v", hits)
	}
}

func ended(e *env) {
	p := e.publish(e.page(each(1)), "x")
	ctx, cancel := context.WithCancel(e.ctx)
	cancel()
	for what, f := range map[string]func() error{
		"take": func() error { _, err := e.s.Take(ctx, work.Stages, 1, e.time, e.time); return err },
		"page": func() error { _, err := e.s.Page(ctx, p.Page.N); return err },
		"list": func() error {
			for _, err := range e.s.List(ctx, store.Options{}) {
				return err
			}
			return nil
		},
	} {
		if err := f(); !errors.Is(err, context.Canceled) {
			e.Errorf("%s: error is %v", what, err)
		}
	}
	if _, err := e.s.Page(e.ctx, p.Page.N); err != nil {
		e.Errorf("afterwards: %v", err)
	}
}
