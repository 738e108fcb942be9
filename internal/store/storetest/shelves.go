package storetest

import (
	"fmt"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
)

func readingStates(e *env) {
	ani := e.user("ani", "reader").N
	var pages []int64
	var v int64
	for i := range 5 {
		p := e.page(each(i))
		pages = append(pages, p.N)
		if i == 0 {
			v = e.publish(p, "x").Version
		}
	}
	put := func(r store.ReadingState) store.ReadingState {
		e.Helper()
		e.pass(time.Second)
		e.ok(e.s.PutReading(e.ctx, r))
		return r
	}
	read := put(store.ReadingState{User: ani, Page: pages[0], Version: v, Read: start})
	starred := put(store.ReadingState{User: ani, Page: pages[1], Starred: e.time})
	noted := put(store.ReadingState{User: ani, Page: pages[2], Note: "ask them"})
	local := put(store.ReadingState{Page: pages[0], Starred: start})
	states := func(user int64, want map[int64]store.ReadingState) {
		e.Helper()
		got, err := e.s.ReadingStates(e.ctx, user, append(pages, 99))
		e.ok(err)
		e.same(want, got)
	}
	states(ani, map[int64]store.ReadingState{pages[0]: read, pages[1]: starred, pages[2]: noted})
	states(0, map[int64]store.ReadingState{pages[0]: local})
	states(99, map[int64]store.ReadingState{})
	list := func(user, cursor int64, limit int, want ...store.ReadingState) {
		e.Helper()
		got, err := e.s.Starred(e.ctx, user, cursor, limit)
		e.ok(err)
		e.same(want, got)
	}
	list(ani, 0, 0, noted, starred)
	list(0, 0, 10, local)
	// In pages, while what was the end of one loses its star.
	last := put(store.ReadingState{User: ani, Page: pages[3], Starred: e.time.Add(time.Second)})
	list(ani, 0, 2, last, noted)
	noted.Note = ""
	put(noted)
	list(ani, pages[2], 2, starred)
	list(ani, pages[1], 2)
	noted.Note = "again"
	put(noted)
	list(ani, 0, 0, noted, last, starred)
	noted.Note = "changed" // that puts nothing by anew
	last.Starred = e.time.Add(time.Hour)
	put(last)
	put(noted)
	list(ani, 0, 0, last, noted, starred)
	_, err := e.s.Starred(e.ctx, ani, 99, 2)
	e.is(err, dateline.ErrNotFound)

	e.is(e.s.PutReading(e.ctx, store.ReadingState{Page: 99}), dateline.ErrNotFound)
	e.is(e.s.PutReading(e.ctx, store.ReadingState{Page: pages[1], Version: 99}), dateline.ErrNotFound)
	e.is(e.s.PutReading(e.ctx, store.ReadingState{Page: pages[1], Version: v}), dateline.ErrInvalid)
	e.is(e.s.PutReading(e.ctx, store.ReadingState{User: 99, Page: pages[1]}), dateline.ErrNotFound)
	e.ok(e.s.DropUser(e.ctx, ani))
	states(ani, map[int64]store.ReadingState{})
	states(0, map[int64]store.ReadingState{pages[0]: local})
}

// deskMerge: what people keep of two pages is of the one they become.
func deskMerge(e *env) {
	ani, budi, citra := e.user("ani", "editor").N, e.user("budi", "reader").N, e.user("citra", "reader").N
	older := e.page(each(1))
	e.pass(time.Second)
	newer := e.page("https://dua.example/2")
	draft := e.publish(newer, "Draft.").Version
	e.pass(time.Hour)
	same := e.publish(newer, "Air naik.").Version
	const t0, t1 = time.Minute, time.Hour
	for _, r := range []store.ReadingState{
		{User: ani, Page: older.N, Starred: start.Add(t1), Note: "one"},
		{User: ani, Page: newer.N, Version: draft, Read: start.Add(t0), Starred: start.Add(t0), Note: "two"},
		{User: budi, Page: newer.N, Version: same, Read: start.Add(t1)},
		{User: citra, Page: older.N, Note: "three"},
		{User: citra, Page: newer.N, Starred: start.Add(t0), Note: "three"},
	} {
		e.ok(e.s.PutReading(e.ctx, r))
	}
	c, err := e.s.PutCollection(e.ctx, store.Collection{Name: "Flood"})
	e.ok(err)
	e.ok(e.s.PutItem(e.ctx, c.ID, store.Item{Version: draft}))
	e.ok(e.s.PutItem(e.ctx, c.ID, store.Item{Version: same}))
	was := e.review(same, "Air naik.", "Air", store.Confirmed)
	k := e.fetch(older, "<p>y")
	r := text(k, "read/1", "Flood in Lembah", "Air naik.")
	r.Keys = []string{"dua.example/2"}
	saved, err := e.s.SaveReading(e.ctx, e.unit(work.Read, k.N), r)
	e.ok(err)
	if saved.Page.N != older.N {
		e.Fatalf("saved %+v", saved)
	}
	was.Version = saved.Version
	e.reviews(saved.Version, was)
	items, err := e.s.Items(e.ctx, c.ID)
	e.ok(err)
	if len(items) != 2 || items[0].Version != draft || items[1].Version != saved.Version || items[0].Hit.Page.N != older.N {
		e.Errorf("items: %+v", items)
	}
	for user, want := range map[int64]store.ReadingState{
		ani:   {User: ani, Page: older.N, Version: draft, Read: start.Add(t0), Starred: start.Add(t0), Note: "one\ntwo"},
		budi:  {User: budi, Page: older.N, Version: saved.Version, Read: start.Add(t1)},
		citra: {User: citra, Page: older.N, Starred: start.Add(t0), Note: "three"},
	} {
		got, err := e.s.ReadingStates(e.ctx, user, []int64{older.N, newer.N})
		e.ok(err)
		e.same(map[int64]store.ReadingState{older.N: want}, got)
	}
	// Whoever has the old number means the same page.
	e.ok(e.s.PutReading(e.ctx, store.ReadingState{User: budi, Page: newer.N, Note: "late"}))
	got, err := e.s.Starred(e.ctx, budi, 0, 0)
	e.ok(err)
	e.same([]store.ReadingState{{User: budi, Page: older.N, Note: "late"}}, got)
}

// deskMergeSame: versions with one text become one, and what is of both is of
// that.
func deskMergeSame(e *env) {
	older, newer := e.page(each(1)), e.page("https://dua.example/2")
	mine, theirs := e.publish(older, "Air naik.").Version, e.publish(newer, "Air naik.").Version
	if mine == theirs {
		e.Fatal("they are one already")
	}
	c, err := e.s.PutCollection(e.ctx, store.Collection{Name: "Flood"})
	e.ok(err)
	for _, v := range []int64{mine, theirs} {
		e.ok(e.s.PutItem(e.ctx, c.ID, store.Item{Version: v, Note: fmt.Sprint(v)}))
	}
	a, b := e.review(mine, "Air naik.", "Air", store.Confirmed), e.review(theirs, "Air naik.", "naik", store.Rejected)
	e.ok(e.s.PutReading(e.ctx, store.ReadingState{Page: newer.N, Version: theirs, Read: start}))
	e.pass(2 * time.Hour)
	k := e.fetch(newer, "<p>y")
	r := text(k, "read/1", "Flood in Lembah", "Air naik.")
	r.Keys = []string{"kabar.example/1"}
	_, err = e.s.SaveReading(e.ctx, e.unit(work.Read, k.N), r)
	e.ok(err)
	b.Version = mine
	e.reviews(mine, a, b)
	items, err := e.s.Items(e.ctx, c.ID)
	e.ok(err)
	if len(items) != 1 || items[0].Version != mine || items[0].Note != fmt.Sprint(mine) {
		e.Errorf("items: %+v", items)
	}
	states, err := e.s.ReadingStates(e.ctx, 0, []int64{older.N})
	e.ok(err)
	if states[older.N].Version != mine {
		e.Errorf("states: %+v", states)
	}
}

// deskErase: with a page goes what people added to it.
func deskErase(e *env) {
	p, stays := e.publish(e.page(each(1)), "Air naik."), e.publish(e.page(each(2)), "Lain.")
	c, err := e.s.PutCollection(e.ctx, store.Collection{Name: "Flood"})
	e.ok(err)
	for _, s := range []store.Saved{p, stays} {
		e.ok(e.s.PutItem(e.ctx, c.ID, store.Item{Version: s.Version, Note: "x"}))
		e.ok(e.s.PutReading(e.ctx, store.ReadingState{Page: s.Page.N, Version: s.Version, Read: start, Starred: start, Note: "x"}))
	}
	e.review(p.Version, "Air naik.", "Air", store.Confirmed)
	other := e.review(stays.Version, "Lain.", "Lain", store.Confirmed)
	edition, err := e.s.PutEdition(e.ctx, c.ID, store.Edition{Data: []byte(`[{"digest":"sha256:00"}]`)})
	e.ok(err)
	_, err = e.s.Erase(e.ctx, []int64{p.Page.N}, "", e.time)
	e.ok(err)
	e.reviews(p.Version)
	e.reviews(stays.Version, other)
	items, err := e.s.Items(e.ctx, c.ID)
	e.ok(err)
	if len(items) != 1 || items[0].Version != stays.Version {
		e.Errorf("items: %+v", items)
	}
	list, err := e.s.Starred(e.ctx, 0, 0, 0)
	e.ok(err)
	if len(list) != 1 || list[0].Page != stays.Page.N {
		e.Errorf("starred: %+v", list)
	}
	_, err = e.s.Starred(e.ctx, 0, p.Page.N, 0)
	e.is(err, dateline.ErrNotFound)
	got, err := e.s.Edition(e.ctx, c.ID, 1)
	e.ok(err)
	e.same(edition, got)
}

func collections(e *env) {
	put := func(c store.Collection) store.Collection {
		e.Helper()
		got, err := e.s.PutCollection(e.ctx, c)
		e.ok(err)
		return got
	}
	c := put(store.Collection{Name: "flood", Note: "n", Query: "banjir", By: "ani"})
	if len(c.ID) != 16 {
		e.Errorf("id %q", c.ID)
	}
	e.same(store.Collection{ID: c.ID, Name: "flood", Note: "n", Query: "banjir", By: "ani", Created: start, Changed: start}, c)
	e.pass(time.Minute)
	elections := put(store.Collection{Name: "Élections"})
	change := c
	change.Name, change.Note, change.Query, change.Public, change.By, change.Created = "Flood", "", "", true, "budi", e.time
	c = put(change)
	e.same(store.Collection{ID: c.ID, Name: "Flood", Public: true, By: "ani", Created: start, Changed: e.time}, c)
	list, err := e.s.ListCollections(e.ctx)
	e.ok(err)
	e.same([]store.Collection{elections, c}, list)

	p := e.page(each(1))
	first := e.publish(p, "A").Version
	e.pass(time.Hour)
	second := e.publish(p, "B").Version
	for i, v := range []int64{second, first, second} {
		e.pass(time.Minute)
		e.ok(e.s.PutItem(e.ctx, c.ID, store.Item{Version: v, Note: fmt.Sprint(i), By: "ani"}))
	}
	items := func(want ...string) []store.Item {
		e.Helper()
		list, err := e.s.Items(e.ctx, c.ID)
		e.ok(err)
		var got []string
		for _, i := range list {
			got = append(got, fmt.Sprintf("%d %s %s %d", i.Version, i.Note, i.By, i.Hit.Number))
			if i.Hit.Version != i.Version || i.Hit.Page.N != p.N || i.Hit.Title != "Flood in Lembah" || i.Hit.Time.IsZero() {
				e.Errorf("hit: %+v", i.Hit)
			}
		}
		e.same(want, got)
		return list
	}
	both := items(fmt.Sprintf("%d 2 ani 2", second), fmt.Sprintf("%d 1 ani 1", first))
	if !both[0].Added.Equal(e.time.Add(-2*time.Minute)) || !both[1].Added.Equal(e.time.Add(-time.Minute)) {
		e.Errorf("added: %v, %v", both[0].Added, both[1].Added)
	}
	now, err := e.s.Collection(e.ctx, c.ID)
	e.ok(err)
	c.Items, c.Changed = 2, e.time
	e.same(c, now)
	e.ok(e.s.DropItem(e.ctx, c.ID, second))
	e.is(e.s.DropItem(e.ctx, c.ID, second), dateline.ErrNotFound)
	items(fmt.Sprintf("%d 1 ani 1", first))

	_, err = e.s.PutCollection(e.ctx, store.Collection{Name: " "})
	e.is(err, dateline.ErrInvalid)
	_, err = e.s.PutCollection(e.ctx, store.Collection{ID: "none", Name: "x"})
	e.is(err, dateline.ErrNotFound)
	e.is(e.s.PutItem(e.ctx, c.ID, store.Item{Version: 99}), dateline.ErrNotFound)
	e.is(e.s.PutItem(e.ctx, "none", store.Item{Version: first}), dateline.ErrNotFound)
	e.is(e.s.DropItem(e.ctx, "none", first), dateline.ErrNotFound)
	_, err = e.s.Items(e.ctx, "none")
	e.is(err, dateline.ErrNotFound)
	_, err = e.s.Collection(e.ctx, "none")
	e.is(err, dateline.ErrNotFound)
	e.is(e.s.DropCollection(e.ctx, "none"), dateline.ErrNotFound)
	e.ok(e.s.DropCollection(e.ctx, c.ID))
	_, err = e.s.Collection(e.ctx, c.ID)
	e.is(err, dateline.ErrNotFound)
}

func editions(e *env) {
	c, err := e.s.PutCollection(e.ctx, store.Collection{Name: "Flood"})
	e.ok(err)
	other, err := e.s.PutCollection(e.ctx, store.Collection{Name: "Storm"})
	e.ok(err)
	first, err := e.s.PutEdition(e.ctx, c.ID, store.Edition{By: "ani", Data: []byte("one"), Digest: digest("one"), Number: 7})
	e.ok(err)
	e.same(store.Edition{Number: 1, At: start, By: "ani", Digest: digest("one"), Data: []byte("one")}, first)
	second, err := e.s.PutEdition(e.ctx, c.ID, store.Edition{At: start.Add(time.Hour), Data: []byte{}})
	e.ok(err)
	if second.Number != 2 || second.Digest != digest("") {
		e.Errorf("%+v", second)
	}
	if o, err := e.s.PutEdition(e.ctx, other.ID, store.Edition{Data: []byte("x")}); err != nil || o.Number != 1 {
		e.Errorf("%+v, %v", o, err)
	}
	got, err := e.s.Edition(e.ctx, c.ID, 1)
	e.ok(err)
	e.same(first, got)
	list, err := e.s.Editions(e.ctx, c.ID)
	e.ok(err)
	first.Data, second.Data = nil, nil
	e.same([]store.Edition{first, second}, list)

	_, err = e.s.PutEdition(e.ctx, c.ID, store.Edition{Data: []byte("two"), Digest: digest("one")})
	e.is(err, dateline.ErrInvalid)
	_, err = e.s.PutEdition(e.ctx, "none", store.Edition{})
	e.is(err, dateline.ErrNotFound)
	_, err = e.s.Edition(e.ctx, c.ID, 3)
	e.is(err, dateline.ErrNotFound)
	_, err = e.s.Edition(e.ctx, "none", 1)
	e.is(err, dateline.ErrNotFound)
	_, err = e.s.Editions(e.ctx, "none")
	e.is(err, dateline.ErrNotFound)
	e.is(e.s.DropCollection(e.ctx, c.ID), dateline.ErrRefused)
	if _, err := e.s.Edition(e.ctx, c.ID, 1); err != nil {
		e.Error(err)
	}
}
