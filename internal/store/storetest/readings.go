package storetest

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
)

func reading(e *env) {
	p := e.page(each(1))
	k := e.fetch(p, "<p>x")
	it := e.one(work.Read)
	r := text(k, "read/1", "Flood in Lembah", "Air naik.\n\nSungai ‘meluap’.")
	r.Article.Authors, r.Article.Warnings = []string{"A. Penulis"}, []string{"paywall"}
	r.Keys = []string{"kabar.example/canonical"}
	saved, err := e.s.SaveReading(e.ctx, it, r)
	e.ok(err)
	if !saved.New || saved.Before != 0 || saved.Version == 0 || saved.Page.Version != saved.Version || saved.Page.Outcome != "article" {
		e.Errorf("saved %+v", saved)
	}
	texts, err := e.s.Texts(e.ctx, []int64{saved.Version, 99})
	e.ok(err)
	if a := texts[saved.Version]; len(texts) != 1 || a == nil || a.Text == "" || len(a.Annotations) != 0 {
		e.Errorf("texts are %+v", texts)
	}
	a, err := e.s.Article(e.ctx, saved.Version)
	e.ok(err)
	want := *r.Article
	want.ID, want.Version, want.Capture = p.ID, 1, &k.Capture
	if d := cmp.Diff(record(e, &want), record(e, a)); d != "" {
		e.Error(d)
	}
	if it := e.one(work.Annotate); it.Key != saved.Version {
		e.Errorf("took %+v", it)
	}
	if q, err := e.s.PageOf(e.ctx, "kabar.example/canonical"); err != nil || q.N != p.N {
		e.Errorf("by the address it proves: %+v, %v", q, err)
	}
	if got, err := e.s.Capture(e.ctx, k.N); err != nil || got.Version != saved.Version {
		e.Errorf("capture: %+v, %v", got, err)
	}
	// What is no article is an outcome.
	q := e.page(each(2))
	k = e.fetch(q, "<form>")
	saved, err = e.s.SaveReading(e.ctx, e.one(work.Read), store.Reading{Page: q.N, Capture: k.N, Reader: "read/1", Outcome: "notice"})
	e.ok(err)
	if saved.Version != 0 || saved.New || saved.Page.Outcome != "notice" || saved.Page.Version != 0 {
		e.Errorf("saved %+v", saved)
	}
}

// record is an article as the record has it.
func record(e *env, a *dateline.Article) string {
	e.Helper()
	data, err := json.MarshalIndent(a, "", " ")
	e.ok(err)
	return string(data)
}

func readingAgain(e *env) {
	p := e.page(each(1))
	k := e.fetch(p, "<p>x")
	it := e.one(work.Read)
	r := text(k, "read/1", "T", "Air naik.")
	first, err := e.s.SaveReading(e.ctx, it, r)
	e.ok(err)
	e.ok(e.s.Finish(e.ctx, e.one(work.Annotate)))
	second, err := e.s.SaveReading(e.ctx, it, r)
	e.ok(err)
	want := first
	want.New, want.Before = false, first.Version
	if d := cmp.Diff(want, second); d != "" {
		e.Error(d)
	}
	if items := e.take(work.Annotate); len(items) != 0 {
		e.Errorf("to be annotated again: %v", items)
	}
}

func comeBack(e *env) {
	p := e.page(each(1))
	bodies := []string{"A", "B", "A", "A"}
	var got []int64
	for i, b := range bodies {
		saved := e.publish(p, b)
		got = append(got, saved.Version)
		if saved.New != (i < 2) {
			e.Errorf("reading %d: %+v", i, saved)
		}
		if cur := e.current(p.N).Version; cur != saved.Version {
			e.Errorf("reading %d: current is %d, want %d", i, cur, saved.Version)
		}
		e.pass(time.Hour)
	}
	if got[0] != got[2] || got[0] != got[3] || got[0] == got[1] {
		e.Errorf("versions %v of texts %v", got, bodies)
	}
	vs := e.versions(p.N)
	if len(vs) != 2 || vs[0].N != got[0] || vs[0].Number != 1 || vs[0].Captures != 3 || vs[1].Number != 2 || vs[1].Captures != 1 {
		e.Fatalf("versions: %+v", vs)
	}
	if !vs[0].First.Equal(start) || !vs[0].Last.Equal(start.Add(3*time.Hour)) || vs[0].Reader != "read/1" || vs[0].Title != "Flood in Lembah" {
		e.Errorf("version: %+v", vs[0])
	}
	if hits := e.list(store.Options{}); len(hits) != 1 || hits[0].Version != got[0] || hits[0].Number != 1 {
		e.Errorf("listed: %+v", hits)
	}
}

func lateImport(e *env) {
	p := e.page(each(1))
	now := e.publish(p, "Now")
	before := e.current(p.N)
	k := e.kept(p.URL, "<p>Then")
	k.Fetched = e.time.Add(-48 * time.Hour)
	ok, err := e.s.Import(e.ctx, p.N, k)
	e.ok(err)
	if !ok {
		e.Fatal("an older capture is not taken")
	}
	it := e.one(work.Read)
	kept, err := e.s.Capture(e.ctx, it.Key)
	e.ok(err)
	saved, err := e.s.SaveReading(e.ctx, it, text(kept, "read/1", "Flood", "Then"))
	e.ok(err)
	if !saved.New || saved.Page.Version != now.Version {
		e.Errorf("saved %+v, and the current version was %d", saved, now.Version)
	}
	if d := cmp.Diff(before, e.current(p.N)); d != "" {
		e.Error(d)
	}
	vs := e.versions(p.N)
	if len(vs) != 2 || vs[0].N != saved.Version || vs[1].N != now.Version || vs[1].Number != 2 {
		e.Errorf("versions: %+v", vs)
	}
	if a, err := e.s.Article(e.ctx, now.Version); err != nil || a.Version != 2 {
		e.Errorf("article: %+v, %v", a, err)
	}
	// The same text, seen earlier still: the time of its version moves.
	k = e.kept(p.URL, "<p>Now")
	k.Fetched = e.time.Add(-72 * time.Hour)
	_, err = e.s.Import(e.ctx, p.N, k)
	e.ok(err)
	it = e.one(work.Read)
	kept, err = e.s.Capture(e.ctx, it.Key)
	e.ok(err)
	_, err = e.s.SaveReading(e.ctx, it, text(kept, "read/1", "Flood in Lembah", "Now"))
	e.ok(err)
	if hits := e.list(store.Options{}); len(hits) != 1 || hits[0].Version != now.Version || hits[0].Number != 1 || !hits[0].Time.Equal(k.Fetched) {
		e.Errorf("listed: %+v", hits)
	}
}

// dated imports a capture of a page and reads it as a text without a date of
// its own.
func (e *env) dated(p store.Page, at time.Time, body string) store.Saved {
	e.Helper()
	k := e.kept(p.URL, "<p>"+body)
	k.Fetched = at
	ok, err := e.s.Import(e.ctx, p.N, k)
	e.ok(err)
	if !ok {
		e.Fatalf("a capture of %v is not taken", at)
	}
	it := e.one(work.Read)
	k, err = e.s.Capture(e.ctx, it.Key)
	e.ok(err)
	r := text(k, "read/1", "Flood", body)
	r.Article.Published = ""
	saved, err := e.s.SaveReading(e.ctx, it, r)
	e.ok(err)
	return saved
}

// isCurrent tells whether a version is the current one for all who ask, with
// this number and of this time.
func (e *env) isCurrent(saved store.Saved, number int, at time.Time) {
	e.Helper()
	if q := e.current(saved.Page.N); q.Version != saved.Version {
		e.Errorf("current is %d, want %d", q.Version, saved.Version)
	}
	if hits := e.list(store.Options{}); len(hits) != 1 || hits[0].Version != saved.Version || hits[0].Number != number || !hits[0].Time.Equal(at) {
		e.Errorf("listed: %+v, want version %d as number %d of %v", hits, saved.Version, number, at)
	}
	vs := e.versions(saved.Page.N)
	if len(vs) < number || vs[number-1].N != saved.Version {
		e.Errorf("versions: %+v, want %d as number %d", vs, saved.Version, number)
	}
	if a, err := e.s.Article(e.ctx, saved.Version); err != nil || a.Version != number {
		e.Errorf("article: %+v, %v, want number %d", a, err, number)
	}
}

// datedAhead has others' archives say what is to come: no more than now.
func datedAhead(e *env) {
	p := e.page(each(1))
	year := e.time.AddDate(1, 0, 0)
	ahead := e.dated(p, year, "Ahead")
	e.isCurrent(ahead, 1, e.time)
	e.pass(time.Minute)
	second := e.dated(p, year.Add(-time.Hour), "Ahead too")
	e.isCurrent(second, 2, e.time)
	e.pass(time.Minute)
	published := time.Date(2031, 5, 4, 7, 0, 0, 0, time.UTC)
	now := e.publish(p, "Now")
	e.isCurrent(now, 3, published)
	e.pass(time.Hour)
	// What is older than all stays so, and what the archive says is kept.
	e.dated(p, start.Add(-time.Hour), "Before")
	e.isCurrent(now, 4, published)
	list, err := e.s.Captures(e.ctx, p.N)
	e.ok(err)
	if len(list) != 4 || list[0].Version == ahead.Version || !list[1].Fetched.Equal(year) {
		e.Errorf("captures: %+v", list)
	}
	// The bytes of now come again after the archive's.
	e.dated(p, year.Add(time.Hour), "Ahead at last")
	e.pass(time.Hour)
	k := e.kept(p.URL, "<p>Now")
	e.ok(e.s.SaveFetch(e.ctx, e.unit(work.Fetch, p.N), store.Fetched{Page: p.N, At: e.time, Captures: []store.Kept{k}, Status: 200, Outcome: "unchanged"}))
	e.isCurrent(now, 4, published)
}

// clockAhead has visits of a clock that was ahead for a while.
func clockAhead(e *env) {
	p := e.page(each(1))
	first := e.publish(p, "First")
	visit := func(body string) store.Saved {
		e.Helper()
		k := e.kept(p.URL, "<p>"+body)
		e.ok(e.s.SaveFetch(e.ctx, work.Item{}, store.Fetched{Page: p.N, At: e.time, Captures: []store.Kept{k}, Read: true, Status: 200, Outcome: "ok"}))
		list, err := e.s.Captures(e.ctx, p.N)
		e.ok(err)
		return e.read(list[len(list)-1], body)
	}
	e.pass(48 * time.Hour)
	visit("Ahead")
	e.pass(time.Hour)
	ahead := visit("Further ahead")
	published := time.Date(2031, 5, 4, 7, 0, 0, 0, time.UTC)
	e.isCurrent(ahead, 3, published)
	e.pass(-48 * time.Hour)
	e.isCurrent(visit("Now"), 4, published)
	e.pass(time.Minute)
	again := visit("Ahead")
	e.isCurrent(again, 2, published)
	e.pass(72 * time.Hour)
	back := visit("First")
	if back.Version != first.Version {
		e.Errorf("the first text is version %d, was %d", back.Version, first.Version)
	}
	e.isCurrent(back, 1, published)
}

func sameBytes(e *env) {
	p := e.page(each(1))
	a := e.publish(p, "A")
	e.pass(time.Hour)
	b := e.publish(p, "B")
	e.pass(time.Hour)
	it := e.unit(work.Fetch, p.N)
	k := e.kept(p.URL, "<p>A")
	e.ok(e.s.SaveFetch(e.ctx, it, store.Fetched{Page: p.N, At: e.time, Captures: []store.Kept{k}, Status: 200, Outcome: "unchanged", Next: e.time.Add(time.Hour)}))
	if q := e.current(p.N); q.Version != a.Version || a.Version == b.Version {
		e.Errorf("current is %d, want %d, whose bytes came again", q.Version, a.Version)
	}
}

func marks(e *env) {
	p := e.page(each(1))
	saved := e.publish(p, "‘Banjir’ menewaskan 41 orang di Lembah.")
	it := e.one(work.Annotate)
	list := []dateline.Mark{
		{Kind: "place", In: "title", Start: 9, End: 15, Sentence: [2]int{0, 15}, By: "places/1", Value: json.RawMessage(`{"name":"Lembah","kind":"area"}`)},
		{Kind: "figure", Start: 20, End: 28, Sentence: [2]int{0, 39}, By: "figures/1", Value: json.RawMessage(`{"what":"killed","min":41,"max":41,"modifier":"exact","of":"orang","place":2}`)},
		{Kind: "place", Start: 32, End: 38, Sentence: [2]int{0, 39}, By: "places/1", Value: json.RawMessage(`{"name":"Lembah","kind":"area","same_as":0}`)},
		{Kind: "figure", Start: 20, End: 22, Sentence: [2]int{0, 39}, By: "figures/1", Value: json.RawMessage(`{"what":"injured","min":300,"modifier":"at-least","modal":true}`)},
	}
	for range 2 {
		e.ok(e.s.SaveMarks(e.ctx, it, saved.Version, "standard/1", list))
		a, err := e.s.Article(e.ctx, saved.Version)
		e.ok(err)
		got, err := dateline.Annotations{Title: a.Title, Text: a.Text, List: a.Annotations}.Marks()
		e.ok(err)
		for i := range got {
			got[i].Text = ""
		}
		if d := cmp.Diff(list, got); d != "" {
			e.Error(d)
		}
	}
	if items := e.take(work.Annotate); len(items) != 0 {
		e.Errorf("took %v", items)
	}
	if vs := e.versions(p.N); vs[0].Annotator != "standard/1" {
		e.Errorf("versions: %+v", vs)
	}
	if hits := e.list(store.Options{}); len(hits) != 1 || cmp.Diff([]string{"killed 41"}, hits[0].Figures) != "" {
		e.Errorf("listed: %+v", hits)
	}
	if t, err := e.s.Totals(e.ctx); err != nil || t.Marks != 4 {
		e.Errorf("%+v, %v", t, err)
	}
	// Newer ones take their place.
	e.ok(e.s.SaveMarks(e.ctx, work.Item{}, saved.Version, "standard/2", list[:1]))
	if a, err := e.s.Article(e.ctx, saved.Version); err != nil || len(a.Annotations) != 1 {
		e.Errorf("%+v, %v", a, err)
	}
	// Marks that do not fit the text are damage, and no fault of who asks.
	list[0].End = 1 << 20
	e.ok(e.s.SaveMarks(e.ctx, work.Item{}, saved.Version, "standard/3", list[:1]))
	_, err := e.s.Article(e.ctx, saved.Version)
	e.is(err, dateline.ErrCorrupt)
	if errors.Is(err, dateline.ErrInvalid) {
		e.Errorf("what is damaged is called wrong: %v", err)
	}
}

func redo(e *env) {
	p := e.page(each(1))
	first := e.publish(p, "A")
	e.ok(e.s.SaveMarks(e.ctx, e.one(work.Annotate), first.Version, "standard/1", nil))
	for range 2 {
		n, err := e.s.Redo(e.ctx, work.Annotate, "standard/1", e.time)
		e.ok(err)
		if n != 0 {
			e.Errorf("%d versions are to be annotated again by the same code", n)
		}
	}
	if n, err := e.s.Redo(e.ctx, work.Annotate, "standard/2", e.time); n != 1 || err != nil {
		e.Errorf("to be annotated again: %d, %v", n, err)
	}
	if n, err := e.s.Redo(e.ctx, work.Annotate, "standard/2", e.time); n != 0 || err != nil {
		e.Errorf("asked twice: %d, %v", n, err)
	}
	it := e.one(work.Annotate)
	if it.Key != first.Version || it.Version != "standard/2" || it.Priority != work.Backlog {
		e.Errorf("took %+v", it)
	}
	e.ok(e.s.SaveMarks(e.ctx, it, first.Version, "standard/2", nil))

	e.pass(time.Hour)
	e.publish(p, "A") // a second capture of the text
	if n, err := e.s.Redo(e.ctx, work.Read, "read/1", e.time); n != 0 || err != nil {
		e.Errorf("to be read again: %d, %v", n, err)
	}
	if n, err := e.s.Redo(e.ctx, work.Read, "read/2", e.time); n != 2 || err != nil {
		e.Errorf("to be read again: %d, %v", n, err)
	}
	// The newer code reads another text of both, and the old version goes.
	for _, it := range e.take(work.Read) {
		k, err := e.s.Capture(e.ctx, it.Key)
		e.ok(err)
		_, err = e.s.SaveReading(e.ctx, it, text(k, "read/2", "Better", "A, whole."))
		e.ok(err)
	}
	vs := e.versions(p.N)
	if len(vs) != 1 || vs[0].N == first.Version || vs[0].Captures != 2 || vs[0].Reader != "read/2" {
		e.Errorf("versions: %+v", vs)
	}
	_, err := e.s.Article(e.ctx, first.Version)
	e.is(err, dateline.ErrNotFound)
	// The same text with another record: the record is the newer one's.
	n, err := e.s.Redo(e.ctx, work.Read, "read/3", e.time)
	e.ok(err)
	if n != 2 {
		e.Errorf("to be read again: %d", n)
	}
	for _, it := range e.take(work.Read) {
		k, err := e.s.Capture(e.ctx, it.Key)
		e.ok(err)
		r := text(k, "read/3", "Better", "A, whole.")
		r.Article.Section = "Daerah"
		saved, err := e.s.SaveReading(e.ctx, it, r)
		e.ok(err)
		if saved.New || saved.Version != vs[0].N {
			e.Errorf("saved %+v", saved)
		}
	}
	if a, err := e.s.Article(e.ctx, vs[0].N); err != nil || a.Section != "Daerah" {
		e.Errorf("%+v, %v", a, err)
	}
	// A newer code that finds no article, or cannot read the page, takes
	// nothing away; what it could not read is to be read again by the same.
	_, err = e.s.Redo(e.ctx, work.Read, "read/4", e.time)
	e.ok(err)
	for i, it := range e.take(work.Read) {
		_, err := e.s.SaveReading(e.ctx, it, store.Reading{Page: p.N, Capture: it.Key, Reader: "read/4", Unread: i == 0, Outcome: "index"})
		e.ok(err)
	}
	if q := e.current(p.N); q.Version != vs[0].N || q.Outcome != "index" {
		e.Errorf("page: %+v", q)
	}
	if got := e.versions(p.N); len(got) != 1 || got[0].Captures != 2 || got[0].Reader != "read/3" {
		e.Errorf("versions: %+v", got)
	}
	if n, err := e.s.Redo(e.ctx, work.Read, "read/4", e.time); n != 1 || err != nil {
		e.Errorf("what could not be read is to be read again: %d, %v", n, err)
	}
	if n, err := e.s.Redo(e.ctx, work.Read, "read/5", e.time); n != 2 || err != nil {
		e.Errorf("what was no article is to be read again too: %d, %v", n, err)
	}
}

// redoTold: a version that came of reading again says so to who annotates it,
// and one that could not be annotated is to be again.
func redoTold(e *env) {
	p := e.page(each(1))
	first := e.publish(p, "A")
	it := e.one(work.Annotate)
	if it.Version != "" {
		e.Errorf("took %+v", it)
	}
	if n, err := e.s.Redo(e.ctx, work.Annotate, "standard/1", e.time); n != 0 || err != nil {
		e.Errorf("%d are to be annotated again that are being annotated, %v", n, err)
	}
	e.ok(e.s.SaveMarks(e.ctx, it, first.Version, "", nil))
	if n, err := e.s.Redo(e.ctx, work.Annotate, "standard/1", e.time); n != 1 || err != nil {
		e.Errorf("to be annotated again: %d, %v", n, err)
	}
	e.ok(e.s.SaveMarks(e.ctx, e.one(work.Annotate), first.Version, "standard/1", nil))
	if n, err := e.s.Redo(e.ctx, work.Annotate, "standard/1", e.time); n != 0 || err != nil {
		e.Errorf("to be annotated again: %d, %v", n, err)
	}
	_, err := e.s.Redo(e.ctx, work.Read, "read/2", e.time)
	e.ok(err)
	it = e.one(work.Read)
	k, err := e.s.Capture(e.ctx, it.Key)
	e.ok(err)
	_, err = e.s.SaveReading(e.ctx, it, text(k, "read/2", "Better", "A, whole."))
	e.ok(err)
	if it := e.one(work.Annotate); it.Version != "read/2" {
		e.Errorf("took %+v", it)
	}
}

// redoUnchanged: an answer that nothing has changed goes with what had not
// changed when that is read otherwise; and what a server reserves is kept.
func redoUnchanged(e *env) {
	e.outlet("kabar.example")
	p := e.page("https://kabar.example/1")
	first := e.publish(p, "A")
	e.pass(time.Hour)
	k := e.kept(p.URL, "")
	k.Status, k.Version, k.Rights = 304, first.Version, "noarchive"
	e.ok(e.s.SaveFetch(e.ctx, e.unit(work.Fetch, p.N), store.Fetched{Page: p.N, At: e.time, Captures: []store.Kept{k}, Status: 304, Outcome: "unchanged"}))
	if vs := e.versions(p.N); len(vs) != 1 || vs[0].Captures != 2 || !vs[0].Last.Equal(k.Fetched) {
		e.Errorf("versions: %+v", vs)
	}
	captures, err := e.s.Captures(e.ctx, p.N)
	e.ok(err)
	if last := captures[len(captures)-1]; last.Rights != "noarchive" {
		e.Errorf("capture: %+v", last)
	}
	if n, err := e.s.Redo(e.ctx, work.Read, "read/2", e.time); n != 1 || err != nil {
		e.Errorf("to be read again: %d, %v", n, err)
	}
	it := e.one(work.Read)
	old, err := e.s.Capture(e.ctx, it.Key)
	e.ok(err)
	saved, err := e.s.SaveReading(e.ctx, it, text(old, "read/2", "Better", "A, whole."))
	e.ok(err)
	if vs := e.versions(p.N); len(vs) != 1 || vs[0].N != saved.Version || vs[0].Captures != 2 {
		e.Errorf("versions: %+v", vs)
	}
}
