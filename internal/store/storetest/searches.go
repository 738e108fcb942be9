package storetest

import (
	"fmt"
	"math"
	"slices"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
	"dateline/lang"
	"dateline/search"
)

// inherited: what was put by before there were users is the first
// administrator's, and nobody else's.
func inherited(e *env) {
	p := e.page(each(1))
	s, err := e.s.PutSearch(e.ctx, store.SavedSearch{Name: "Flood", Query: "banjir"})
	e.ok(err)
	e.ok(e.s.PutReading(e.ctx, store.ReadingState{Page: p.N, Starred: e.time, Note: "late"}))
	has := func(user int64, want int) {
		e.Helper()
		list, err := e.s.ListSearches(e.ctx, user)
		e.ok(err)
		states, err := e.s.ReadingStates(e.ctx, user, []int64{p.N})
		e.ok(err)
		if len(list) != want || len(states) != want {
			e.Errorf("user %d has searches %v and states %v, want %d of each", user, list, states, want)
		}
	}
	ani := e.user("ani", "editor")
	has(0, 1)
	ani.Role = "admin"
	_, err = e.s.PutUser(e.ctx, ani)
	e.ok(err)
	has(0, 0)
	has(ani.N, 1)
	has(e.user("budi", "admin").N, 0)
	e.ok(e.s.DropSearch(e.ctx, s.ID))
}

func savedSearches(e *env) {
	ani := e.user("ani", "reader").N
	put := func(v store.SavedSearch) store.SavedSearch {
		e.Helper()
		got, err := e.s.PutSearch(e.ctx, v)
		e.ok(err)
		return got
	}
	v := put(store.SavedSearch{User: ani, Name: "Flood", Query: "banjir", Seen: 5, Sent: 5, Mail: "ani@kabar.example", Every: time.Hour})
	if len(v.ID) != 16 {
		e.Errorf("id %q", v.ID)
	}
	e.same(store.SavedSearch{ID: v.ID, User: ani, Name: "Flood", Query: "banjir", Created: start, Seen: 5, Sent: 5, Mail: "ani@kabar.example", Every: time.Hour}, v)
	local := put(store.SavedSearch{Name: "élections", Webhook: "https://kabar.example/hook", Secret: "s"})
	if local.ID == v.ID {
		e.Error("two have one id")
	}
	list := func(user int64, want ...store.SavedSearch) {
		e.Helper()
		got, err := e.s.ListSearches(e.ctx, user)
		e.ok(err)
		e.same(want, got)
	}
	list(ani, v)
	list(0, local)
	list(-1, local, v)
	list(99)
	// Two who have read it at one time do not undo what the other keeps.
	sender, reader := v, v
	e.pass(time.Hour)
	sender.Sent, sender.SentAt, sender.Failures, sender.Error, sender.Retry, sender.Name = 8, e.time, 2, "no such host", e.time.Add(time.Hour), "not kept"
	reader.Name, reader.Seen, reader.Created = "Floods", 9, e.time
	put(reader)
	e.ok(e.s.SearchSent(e.ctx, sender))
	v.Name, v.Seen, v.Sent, v.SentAt, v.Failures, v.Error, v.Retry = "Floods", 9, 8, e.time, 2, "no such host", e.time.Add(time.Hour)
	list(ani, v)
	reader.Seen, reader.Query = 7, "flood"
	v.Query = "flood"
	e.same(v, put(reader)) // neither seen nor sent goes back
	// Another address is tried at once, and begins where it is told to.
	reader.Mail, reader.Sent = "budi@kabar.example", 12
	v.Mail, v.Sent, v.Failures, v.Error, v.Retry = reader.Mail, 12, 0, "", time.Time{}
	e.same(v, put(reader))
	got, err := e.s.SavedSearch(e.ctx, v.ID)
	e.ok(err)
	e.same(v, got)

	for _, bad := range []store.SavedSearch{{ID: "none"}, {User: 99}} {
		_, err := e.s.PutSearch(e.ctx, bad)
		e.is(err, dateline.ErrNotFound)
	}
	_, err = e.s.PutSearch(e.ctx, store.SavedSearch{Every: -1})
	e.is(err, dateline.ErrInvalid)
	many, last := e.user("many", "reader").N, store.SavedSearch{}
	for range store.MostSearches {
		last = put(store.SavedSearch{User: many})
	}
	_, err = e.s.PutSearch(e.ctx, store.SavedSearch{User: many})
	e.is(err, dateline.ErrInvalid)
	e.ok(e.s.DropSearch(e.ctx, last.ID))
	put(store.SavedSearch{User: many})
	e.ok(e.s.DropUser(e.ctx, many))
	e.is(e.s.SearchSent(e.ctx, store.SavedSearch{ID: "none"}), dateline.ErrNotFound)
	_, err = e.s.SavedSearch(e.ctx, "none")
	e.is(err, dateline.ErrNotFound)
	e.ok(e.s.DropSearch(e.ctx, local.ID))
	e.is(e.s.DropSearch(e.ctx, local.ID), dateline.ErrNotFound)
	e.ok(e.s.DropUser(e.ctx, func() int64 { e.user("citra", "admin"); return ani }()))
	list(-1)
}

// above: what is new since a version, in a list and in a search.
func above(e *env) {
	a := search.NewAnalyzer(lang.Builtin())
	q, err := search.Parse("title:flood")
	e.ok(err)
	found := func(o store.Options) (out []int64) {
		e.Helper()
		for _, h := range e.list(o) {
			out = append(out, h.Version)
		}
		var searched []int64
		for h, err := range e.s.Search(e.ctx, q, a, o) {
			e.ok(err)
			searched = append(searched, h.Version)
		}
		e.same(out, searched)
		return out
	}
	var v []int64
	for i := range 4 {
		v = append(v, e.publish(e.page(each(i)), fmt.Sprint(i)).Version)
		e.pass(time.Minute)
	}
	e.same([]int64{v[3], v[2]}, found(store.Options{Above: v[1]}))
	e.same([]int64{v[2], v[3]}, found(store.Options{Above: v[1], Oldest: true}))
	e.same([]int64{v[3]}, found(store.Options{Above: v[1], Limit: 1}))
	cursor := e.list(store.Options{Limit: 1})[0].Cursor
	e.same([]int64{v[2]}, found(store.Options{Above: v[1], Cursor: cursor}))
	e.same([]int64(nil), found(store.Options{Above: v[3]}))
	e.same([]int64(nil), found(store.Options{Above: math.MaxInt64}))
	// A new text of a page is new, and stands for the one before.
	e.pass(time.Hour)
	changed := e.publish(e.current(1), "0, changed").Version
	e.same([]int64{changed, v[3], v[2]}, found(store.Options{Above: v[1]}))
	e.same([]int64{changed}, found(store.Options{Above: v[3]}))
	// What other code makes of the same captures is as new as they were.
	e.again("read/2", "0, better", "1", "2", "3, better", "0, changed, better")
	e.same([]int64(nil), found(store.Options{Above: changed}))
	if got := found(store.Options{Above: v[2]}); len(got) != 2 || slices.Contains(got, changed) || slices.Contains(got, v[3]) {
		e.Errorf("found %v", got)
	}
	e.again("read/3", "0, best", "1", "2", "3, best", "0, changed, best")
	e.same([]int64(nil), found(store.Options{Above: changed}))
	if got := found(store.Options{Above: v[2]}); len(got) != 2 {
		e.Errorf("found %v", got)
	}
}

// lastVersion waits for what is not annotated yet, but for what was given up
// and what is only read again.
func lastVersion(e *env) {
	is := func(want int64) {
		e.Helper()
		got, err := e.s.LastVersion(e.ctx)
		e.ok(err)
		if got != want {
			e.Errorf("the last version is %d, want %d", got, want)
		}
	}
	is(0)
	p := e.page(each(0))
	first := e.publish(p, "a").Version
	is(first - 1)
	second := e.publish(e.page(each(1)), "b").Version
	third := e.publish(e.page(each(2)), "c").Version
	annotated := func(v int64) {
		e.Helper()
		e.ok(e.s.SaveMarks(e.ctx, e.unit(work.Annotate, v), v, "standard/1", nil))
	}
	annotated(second)
	is(first - 1)
	e.ok(e.s.Fail(e.ctx, e.unit(work.Annotate, first), "it ended the program", time.Time{}, nil))
	is(third - 1)
	annotated(third)
	is(third)
	again := e.again("read/2", "a, better", "b", "c")
	if again != third {
		e.Errorf("version %d became %d", third, again)
	}
	is(e.current(p.N).Version)
	// What is gone does not come again under its number.
	_, err := e.s.Erase(e.ctx, []int64{p.N}, "", e.time)
	e.ok(err)
	is(third)
	if v := e.publish(e.page(each(3)), "d").Version; v <= third+1 {
		e.Errorf("version %d has the number of one that is gone", v)
	}
}
