package storetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/internal/store"
	"dateline/internal/work"
)

var laned = []work.Stage{work.Follow, work.Fetch}

func takeInOrder(e *env) {
	// One lane with all priorities, the later ones due first.
	add := func(n int, p work.Priority, due time.Duration) int64 {
		f := e.found(each(n))
		f.Priority, f.Due = p, e.time.Add(due)
		page, err := e.s.AddPage(e.ctx, f, "")
		e.ok(err)
		return page.N
	}
	backlog := add(1, work.Backlog, -4*time.Hour)
	again := add(2, work.Again, -3*time.Hour)
	news2 := add(3, work.News, -1*time.Hour)
	news1 := add(4, work.News, -2*time.Hour)
	add(5, work.News, time.Hour)
	var got []int64
	for range 5 {
		items := e.take(work.Fetch)
		for _, it := range items {
			got = append(got, it.Key)
			if it.Lane != "kabar.example" || it.Tries != 1 || it.Stage != work.Fetch {
				e.Errorf("took %+v", it)
			}
			e.ok(e.s.Finish(e.ctx, it))
		}
	}
	if d := cmp.Diff([]int64{news1, news2, again, backlog}, got); d != "" {
		e.Error(d)
	}
	if c := e.count(work.Fetch); c != (store.Count{Later: 1}) {
		e.Errorf("backlog: %+v", c)
	}
}

func (e *env) count(stage work.Stage) store.Count {
	e.Helper()
	m, err := e.s.Backlog(e.ctx)
	e.ok(err)
	return m[stage]
}

func takeLane(e *env) {
	for n := range 6 {
		e.page(fmt.Sprintf("https://%s.example/%d", []string{"satu", "dua"}[n%2], n))
	}
	items := e.take(work.Fetch)
	if len(items) != 2 || items[0].Lane == items[1].Lane {
		e.Fatalf("took %v, want one of each lane", items)
	}
	if more := e.take(work.Fetch); len(more) != 0 {
		e.Errorf("both lanes have a unit out, and gave %v", more)
	}
	// A lane is as ready as its host.
	e.ok(e.s.PutHost(e.ctx, store.Host{Name: items[0].Lane, Next: e.time.Add(5 * time.Second)}))
	for _, it := range items {
		e.ok(e.s.Finish(e.ctx, it))
	}
	more := e.take(work.Fetch)
	if len(more) != 1 || more[0].Lane != items[1].Lane {
		e.Errorf("took %v, want one of %s alone", more, items[1].Lane)
	}
	e.pass(5 * time.Second)
	if more := e.take(work.Fetch); len(more) != 1 || more[0].Lane != items[0].Lane {
		e.Errorf("took %v, want one of %s", more, items[0].Lane)
	}
	if two, err := e.s.Take(e.ctx, laned, 0, e.time, e.time.Add(time.Minute)); err != nil || len(two) != 0 {
		e.Errorf("asked for nothing, took %v, %v", two, err)
	}
}

func takeTogether(e *env) {
	const lanes, each = 40, 5
	for n := range lanes * each {
		e.page(fmt.Sprintf("https://h%d.example/%d", n%lanes, n))
	}
	var mu sync.Mutex
	out, seen := map[string]bool{}, map[int64]bool{}
	var wg sync.WaitGroup
	now, until := e.time, e.time.Add(time.Hour)
	for range 16 {
		wg.Go(func() {
			for {
				items, err := e.s.Take(e.ctx, laned, 3, now, until)
				if err != nil {
					e.Error(err)
					return
				}
				mu.Lock()
				for _, it := range items {
					if seen[it.ID] {
						e.Errorf("unit %d was given twice", it.ID)
					}
					if out[it.Lane] {
						e.Errorf("lane %s has two units out", it.Lane)
					}
					seen[it.ID], out[it.Lane] = true, true
				}
				all := len(seen) == lanes*each
				mu.Unlock()
				for _, it := range items {
					mu.Lock()
					delete(out, it.Lane)
					mu.Unlock()
					if err := e.s.Finish(e.ctx, it); err != nil {
						e.Error(err)
						return
					}
				}
				if all || e.Failed() {
					return
				}
			}
		})
	}
	wg.Wait()
	if c := e.count(work.Fetch); c != (store.Count{}) {
		e.Errorf("left: %+v", c)
	}
}

func leases(e *env) {
	p := e.page(each(1))
	first := e.one(work.Fetch)
	if c := e.count(work.Fetch); c != (store.Count{Taken: 1}) {
		e.Errorf("backlog: %+v", c)
	}
	e.pass(30 * time.Second)
	if items := e.take(work.Fetch); len(items) != 0 {
		e.Errorf("took %v before the lease was over", items)
	}
	e.pass(30 * time.Second)
	second := e.one(work.Fetch)
	if second.Tries != 2 || second.ID != first.ID {
		e.Errorf("took %+v", second)
	}
	// Who is too late does not end the other's unit.
	e.ok(e.s.Finish(e.ctx, first))
	e.ok(e.s.Fail(e.ctx, first, "late", e.time, nil))
	e.ok(e.s.GiveBack(e.ctx, []work.Item{first}))
	e.ok(e.s.SaveFetch(e.ctx, first, store.Fetched{Page: p.N, At: e.time, Status: 500, Outcome: "late", Next: e.time}))
	if c := e.count(work.Fetch); c != (store.Count{Taken: 1}) {
		e.Errorf("backlog: %+v", c)
	}
	if p := e.current(p.N); p.Visits != 0 {
		e.Errorf("the late visit counts: %+v", p)
	}
	// What is given back was not tried.
	second.Due = e.time.Add(time.Second)
	e.ok(e.s.GiveBack(e.ctx, []work.Item{second}))
	if wake, err := e.s.Wake(e.ctx, []work.Stage{work.Fetch}); err != nil || !wake.Equal(second.Due) {
		e.Errorf("it is due at %v, %v, not at %v", wake, err, second.Due)
	}
	e.pass(time.Second)
	third := e.one(work.Fetch)
	if third.Tries != 2 {
		e.Errorf("took %+v", third)
	}
	// A new start frees all.
	e.ok(e.s.Free(e.ctx))
	if it := e.one(work.Fetch); it.Tries != 2 {
		e.Errorf("took %+v", it)
	}
}

// starts: what was under way at the ends of the program is doubted, and held
// to be the cause only where it was begun alone.
func starts(e *env) {
	p := e.page(each(1))
	e.fetch(p, "<p>A")
	tries := func() work.Item {
		e.Helper()
		e.ok(e.s.Free(e.ctx))
		return e.one(work.Read)
	}
	it := e.one(work.Read)
	for range 2 * work.Doubted {
		it = tries()
	}
	if it.Tries != work.Doubted+1 {
		e.Errorf("took %+v after many starts", it)
	}
	for n := range 3 {
		e.ok(e.s.Begin(e.ctx, it))
		e.ok(e.s.Free(e.ctx))
		if items := e.take(work.Read); len(items) != 0 {
			e.Errorf("took %v as soon as it ended the program", items)
		}
		e.time = e.time.Add(work.Backoff(n + 1))
		it = e.one(work.Read)
	}
	if it.Tries != work.Doubted+4 {
		e.Errorf("took %+v, begun alone three times", it)
	}
	if it = tries(); it.Tries != work.Doubted+4 {
		e.Errorf("took %+v: it was not begun this time", it)
	}
}

// outAndGone: a lane is busy until who asks its host comes back, whatever
// became of what was asked for; and what the host said then is kept.
func outAndGone(e *env) {
	src := e.outlet("kabar.example")
	next := func() *store.Host { return &store.Host{Name: "kabar.example", Next: e.time.Add(time.Minute)} }
	busy := func(what string) {
		e.Helper()
		if items := e.take(laned...); len(items) != 0 {
			e.Errorf("%s: the lane gave %v while a unit of it was out", what, items)
		}
	}
	ready := func(what string) {
		e.Helper()
		if h, err := e.s.Host(e.ctx, "kabar.example"); err != nil || !h.Next.Equal(e.time.Add(time.Minute)) {
			e.Errorf("%s: host: %+v, %v", what, h, err)
		}
		if items := e.take(laned...); len(items) != 0 {
			e.Errorf("%s: took %v before the host is ready", what, items)
		}
		e.pass(time.Minute)
	}
	e.page(each(0)) // what else the lane has
	it := e.unit(work.Follow, src.N)
	e.ok(e.s.DropSource(e.ctx, src.Outlet, src.URL))
	busy("a source that was dropped")
	src.Next = e.time.Add(time.Hour)
	_, err := e.s.SaveVisit(e.ctx, it, store.Visit{Source: src, Entries: []store.Found{e.found(each(50))}, Host: next()})
	e.ok(err)
	ready("a source that was dropped")

	for what, end := range map[string]func(store.Page, work.Item){
		"fetched": func(p store.Page, it work.Item) {
			k := e.kept(p.URL, "late "+p.URL)
			e.ok(e.s.SaveFetch(e.ctx, it, store.Fetched{Page: p.N, At: e.time, Captures: []store.Kept{k}, Read: true, Status: 200, Outcome: "ok", Next: e.time.Add(time.Hour), Host: next()}))
			left, err := e.s.Erasing(e.ctx)
			e.ok(err)
			if !slices.ContainsFunc(left, func(l store.Kept) bool { return l.Capture == k.Capture }) {
				e.Errorf("to be erased: %+v", left)
			}
		},
		"failed":   func(_ store.Page, it work.Item) { e.ok(e.s.Fail(e.ctx, it, "x", e.time.Add(time.Hour), next())) },
		"given up": func(_ store.Page, it work.Item) { e.ok(e.s.Fail(e.ctx, it, "x", time.Time{}, next())) },
		"given back": func(_ store.Page, it work.Item) {
			e.ok(e.s.PutHost(e.ctx, *next()))
			e.ok(e.s.GiveBack(e.ctx, []work.Item{it}))
		},
	} {
		f := e.found("https://kabar.example/" + what)
		f.Due = e.time.Add(-time.Hour)
		p, err := e.s.AddPage(e.ctx, f, "")
		e.ok(err)
		it := e.one(work.Fetch)
		if it.Key != p.N {
			e.Fatalf("took %+v", it)
		}
		_, err = e.s.Erase(e.ctx, []int64{p.N}, "", e.time)
		e.ok(err)
		busy(what)
		end(p, it)
		ready(what)
		if c := e.count(work.Fetch); c != (store.Count{Due: 1}) {
			e.Errorf("%s: left: %+v", what, c)
		}
	}
}

// clockBack: what waits for the time of a clock that was ahead comes now.
func clockBack(e *env) {
	now := e.time
	src := e.outlet("kabar.example")
	e.page(each(1))
	late := e.found("https://aneka.example/1")
	late.Due = now.Add(10 * 24 * time.Hour)
	p, err := e.s.AddPage(e.ctx, late, "")
	e.ok(err)
	e.pass(4 * 365 * 24 * time.Hour)
	src.Checked, src.Next = e.time, e.time.Add(time.Hour)
	host := store.Host{Name: "kabar.example", Next: e.time.Add(time.Minute), Pace: json.RawMessage(`{"next":2035}`),
		Robots: map[string]store.Robots{"https://kabar.example": {Rules: []byte("x"), Until: e.time.Add(24 * time.Hour)}}}
	_, err = e.s.SaveVisit(e.ctx, e.unit(work.Follow, src.N), store.Visit{Source: src, Host: &host})
	e.ok(err)
	e.pass(time.Minute)
	for _, it := range e.take(work.Fetch) {
		if it.Key == p.N {
			e.ok(e.s.GiveBack(e.ctx, []work.Item{it}))
			continue
		}
		k := e.kept(each(1), "x")
		e.ok(e.s.SaveFetch(e.ctx, it, store.Fetched{Page: it.Key, At: e.time, Captures: []store.Kept{k}, Read: true, Status: 200, Outcome: "ok", Next: e.time.Add(time.Hour), Host: &host}))
	}
	e.time = now.Add(time.Hour)
	e.ok(e.s.Free(e.ctx))
	h, err := e.s.Host(e.ctx, host.Name)
	e.ok(err)
	if !h.Next.Equal(e.time) || len(h.Pace) != 0 || !h.Robots["https://kabar.example"].Until.Equal(e.time) {
		e.Errorf("host: %+v", h)
	}
	if s, err := e.s.Source(e.ctx, src.N); err != nil || !s.Next.Equal(e.time) {
		e.Errorf("source: %+v, %v", s, err)
	}
	for _, stage := range []work.Stage{work.Follow, work.Fetch, work.Read} {
		e.ok(e.s.Finish(e.ctx, e.one(stage)))
	}
	// What waits in good order goes on to.
	if c := e.count(work.Fetch); c != (store.Count{Later: 1}) {
		e.Errorf("left: %+v", c)
	}
}

func failing(e *env) {
	e.page(each(1))
	host := store.Host{Name: "kabar.example", Next: e.time.Add(time.Second), Pace: json.RawMessage(`{"delay":2}`)}
	for n := 1; n <= work.MaxTries; n++ {
		it := e.one(work.Fetch)
		if it.Tries != n {
			e.Fatalf("took %+v, want try %d", it, n)
		}
		var again time.Time
		if n < work.MaxTries {
			again = e.time.Add(work.Backoff(n))
		}
		e.ok(e.s.Fail(e.ctx, it, fmt.Sprintf("answer %d", n), again, &host))
		e.pass(work.Backoff(n) - time.Second)
		if items := e.take(work.Fetch); len(items) != 0 {
			e.Fatalf("came again too early: %v", items)
		}
		e.pass(time.Second)
	}
	if h, err := e.s.Host(e.ctx, "kabar.example"); err != nil || !h.Next.Equal(host.Next) || string(h.Pace) != string(host.Pace) {
		e.Errorf("host: %+v, %v", h, err)
	}
	if items := e.take(work.Fetch); len(items) != 0 {
		e.Fatalf("a dead unit was taken: %v", items)
	}
	dead, err := e.s.Dead(e.ctx, 10)
	e.ok(err)
	if len(dead) != 1 || dead[0].Reason != "answer 5" || dead[0].Subject != each(1) || dead[0].At.IsZero() || dead[0].Stage != work.Fetch {
		e.Fatalf("dead letters: %+v", dead)
	}
	if n, err := e.s.Retry(e.ctx, dead[0].ID+1, e.time); n != 0 || err != nil {
		e.Errorf("retried %d, %v", n, err)
	}
	if n, err := e.s.Retry(e.ctx, dead[0].ID, e.time); n != 1 || err != nil {
		e.Errorf("retried %d, %v", n, err)
	}
	if it := e.one(work.Fetch); it.Tries != 1 {
		e.Errorf("took %+v", it)
	}
	if n, err := e.s.Retry(e.ctx, 0, e.time); n != 0 || err != nil {
		e.Errorf("retried %d, %v", n, err)
	}
}

func wake(e *env) {
	at := func(stages ...work.Stage) time.Time {
		e.Helper()
		when, err := e.s.Wake(e.ctx, stages)
		e.ok(err)
		return when
	}
	if when := at(work.Stages...); !when.IsZero() {
		e.Errorf("nothing is to be done, and the next is due %v", when)
	}
	f := e.found(each(1))
	f.Due = e.time.Add(time.Hour)
	p, err := e.s.AddPage(e.ctx, f, "")
	e.ok(err)
	if when := at(laned...); !when.Equal(f.Due) {
		e.Errorf("due %v, want %v", when, f.Due)
	}
	next := e.time.Add(2 * time.Hour)
	e.ok(e.s.PutHost(e.ctx, store.Host{Name: f.Lane, Next: next}))
	if when := at(laned...); !when.Equal(next) {
		e.Errorf("due %v, want %v, when the host is ready", when, next)
	}
	if when := at(work.Read, work.Annotate); !when.IsZero() {
		e.Errorf("nothing is to be read, and the next is due %v", when)
	}
	e.pass(2 * time.Hour)
	it := e.one(work.Fetch)
	if when := at(laned...); !when.Equal(e.time.Add(time.Minute)) {
		e.Errorf("due %v, want the end of the lease", when)
	}
	k := e.kept(p.URL, "x")
	e.ok(e.s.SaveFetch(e.ctx, it, store.Fetched{Page: p.N, At: e.time, Captures: []store.Kept{k}, Read: true, Status: 200, Outcome: "ok"}))
	if when := at(work.Read); when.IsZero() || when.After(e.time) {
		e.Errorf("due %v, want by now", when)
	}
	if when := at(laned...); !when.IsZero() {
		e.Errorf("due %v, want never", when)
	}
}

func hosts(e *env) {
	h, err := e.s.Host(e.ctx, "kabar.example")
	e.ok(err)
	if d := cmp.Diff(store.Host{Name: "kabar.example"}, h); d != "" {
		e.Error(d)
	}
	h.Next, h.Pace, h.Day, h.Count = e.time.Add(5*time.Second), json.RawMessage(`{"n":1}`), "2031-05-04", 7
	h.Robots = map[string]store.Robots{
		"https://kabar.example":   {Rules: []byte("User-agent: *\nDisallow: /x"), Until: e.time.Add(time.Hour)},
		"https://m.kabar.example": {Rules: nil, Until: e.time.Add(2 * time.Hour)},
	}
	for range 2 {
		e.ok(e.s.PutHost(e.ctx, h))
		got, err := e.s.Host(e.ctx, h.Name)
		e.ok(err)
		if d := cmp.Diff(fmt.Sprint(h), fmt.Sprint(got)); d != "" {
			e.Error(d)
		}
	}
	delete(h.Robots, "https://m.kabar.example")
	h.Robots["https://kabar.example"] = store.Robots{Rules: []byte("User-agent: *\nAllow: /"), Until: e.time.Add(3 * time.Hour)}
	e.ok(e.s.PutHost(e.ctx, h))
	got, err := e.s.Host(e.ctx, h.Name)
	e.ok(err)
	if d := cmp.Diff(h, got); d != "" {
		e.Error(d)
	}
}
