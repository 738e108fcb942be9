package storetest

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
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
