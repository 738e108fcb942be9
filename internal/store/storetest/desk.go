package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
	"dateline/lang"
	"dateline/search"
)

// review is a review of words in a version's text.
func (e *env) review(version int64, text, words string, v store.Verdict) store.Review {
	e.Helper()
	i := strings.Index(text, words)
	start := len([]rune(text[:i]))
	r := store.Review{Version: version, Kind: dateline.KindFigure, Start: start, End: start + len([]rune(words)), Text: words,
		Was: json.RawMessage(`{"min":41}`), Verdict: v, Reason: "as the agency says", By: "ani"}
	if v == store.Corrected {
		r.Value = json.RawMessage(`{"min":14}`)
	}
	r, err := e.s.PutReview(e.ctx, r)
	e.ok(err)
	return r
}

func (e *env) reviews(version int64, want ...store.Review) {
	e.Helper()
	got, err := e.s.ReviewsOf(e.ctx, version)
	e.ok(err)
	e.same(want, got)
}

func reviews(e *env) {
	const body = "Banjir: 41 tewas."
	v := e.publish(e.page(each(1)), body).Version
	first := e.review(v, body, "41", store.Corrected)
	e.same(store.Review{N: first.N, Version: v, Kind: "figure", Start: 8, End: 10, Text: "41", Was: json.RawMessage(`{"min":41}`), Verdict: store.Corrected,
		Value: json.RawMessage(`{"min":14}`), Reason: "as the agency says", By: "ani", At: start}, first)
	e.pass(time.Minute)
	second := e.review(v, body, "41", store.Withdrawn)
	e.reviews(v, first, second)
	e.reviews(v + 1)
	good := first
	good.N = 0
	for what, spoil := range map[string]func(r *store.Review){
		"no verdict":    func(r *store.Review) { r.Verdict = "" },
		"other":         func(r *store.Review) { r.Verdict = "doubted" },
		"no value":      func(r *store.Review) { r.Value = nil },
		"no words":      func(r *store.Review) { r.End = r.Start },
		"before all":    func(r *store.Review) { r.Start = -1 },
		"value no JSON": func(r *store.Review) { r.Value = json.RawMessage(`{"min":`) },
		"was no JSON":   func(r *store.Review) { r.Was = json.RawMessage(`x`) },
	} {
		bad := good
		spoil(&bad)
		if _, err := e.s.PutReview(e.ctx, bad); !errors.Is(err, dateline.ErrInvalid) {
			e.Errorf("%s: error is %v", what, err)
		}
	}
	good.Version = v + 99
	_, err := e.s.PutReview(e.ctx, good)
	e.is(err, dateline.ErrNotFound)
	// Marking again leaves them.
	e.ok(e.s.SaveMarks(e.ctx, e.unit(work.Annotate, v), v, "standard/1", nil))
	e.reviews(v, first, second)
	// A later text of the page is another's.
	e.pass(time.Hour)
	later := e.publish(e.current(1), "Banjir: 43 tewas.")
	e.reviews(v, first, second)
	e.reviews(later.Version)
}

// again has other code read the page's captures, and gives the version that
// the last of them shows then.
func (e *env) again(reader string, texts ...string) int64 {
	e.Helper()
	_, err := e.s.Redo(e.ctx, work.Read, reader, e.time)
	e.ok(err)
	items := e.take(work.Read)
	slices.SortFunc(items, func(a, b work.Item) int { return int(a.Key - b.Key) })
	if len(items) != len(texts) {
		e.Fatalf("%d captures are read again, want %d", len(items), len(texts))
	}
	var v int64
	for i, it := range items {
		k, err := e.s.Capture(e.ctx, it.Key)
		e.ok(err)
		saved, err := e.s.SaveReading(e.ctx, it, text(k, reader, "Flood in Lembah", texts[i]))
		e.ok(err)
		v = saved.Version
	}
	return v
}

// succession: what people added goes with the words when they are read
// otherwise.
func succession(e *env) {
	const body = "Iklan 41 persen.\n\nDi Lembah, 41 orang tewas; 41 orang hilang. “Air naik.”"
	p := e.page(each(1))
	v := e.publish(p, body).Version
	e.pass(time.Hour)
	later := e.publish(p, "Lain.").Version
	dead := e.review(v, body, "41 orang tewas", store.Confirmed)
	dead.Text, dead.End = "41", dead.Start+2 // words that stand there three times
	dead, err := e.s.PutReview(e.ctx, dead)
	e.ok(err)
	advert := e.review(v, body, "Iklan", store.Rejected)
	title, err := e.s.PutReview(e.ctx, store.Review{Version: v, In: dateline.InTitle, Start: 9, End: 15, Text: "Lembah", Kind: dateline.KindPlace, Verdict: store.Confirmed})
	e.ok(err)
	said := e.review(v, body, "Air naik", store.Confirmed)
	stays := e.review(later, "Lain.", "Lain", store.Confirmed)
	c, err := e.s.PutCollection(e.ctx, store.Collection{Name: "Flood"})
	e.ok(err)
	e.ok(e.s.PutItem(e.ctx, c.ID, store.Item{Version: v, Note: "first"}))
	e.ok(e.s.PutReading(e.ctx, store.ReadingState{Page: p.N, Version: v, Read: e.time}))

	// The advertisement is not read any more; there is a number before it.
	const better = "Edisi 41\n\nDi Lembah, 41 orang tewas; 41 orang hilang. “Air naik.”"
	if again := e.again("read/2", better, "Lain."); again != later {
		e.Errorf("version %d became %d", later, again)
	}
	vs := e.versions(p.N)
	if len(vs) != 2 || vs[0].N == v {
		e.Fatalf("versions: %+v", vs)
	}
	now := vs[0].N
	e.reviews(v)
	e.reviews(later, stays)
	at := func(r store.Review, words string) store.Review {
		r.Version, r.Start, r.End = now, 0, 0
		if i := strings.Index(better, words); i >= 0 {
			r.Start = len([]rune(better[:i]))
			r.End = r.Start + len([]rune(r.Text))
		}
		return r
	}
	title.Version = now
	first := at(dead, "41 orang tewas")
	first.N, first.Text, first.End = dead.N-1, "41 orang tewas", first.Start+14
	e.reviews(now, first, at(dead, "41 orang tewas"), at(advert, "Iklan"), title, at(said, "Air naik"))
	items, err := e.s.Items(e.ctx, c.ID)
	e.ok(err)
	if len(items) != 1 || items[0].Version != now || items[0].Note != "first" {
		e.Errorf("items: %+v", items)
	}
	states, err := e.s.ReadingStates(e.ctx, 0, []int64{p.N})
	e.ok(err)
	if states[p.N].Version != now {
		e.Errorf("states: %+v", states)
	}
}

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
