package web

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/web/webtest"
	"dateline/internal/work"
)

// keep keeps an article as if it had been fetched from its address, and gives
// the page.
func keep(t testing.TB, r *webtest.Record, outlet string, a *dateline.Article, marks []dateline.Mark) store.Page {
	t.Helper()
	ctx, now := t.Context(), r.Now
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	key, err := dateline.PageKey(a.URL)
	must(err)
	p, err := r.Store.AddPage(ctx, store.Found{Entry: dateline.Entry{URL: a.URL, Title: a.Title}, Key: key, Lane: "kept.example", Priority: work.News}, outlet)
	must(err)
	captures, err := r.Store.Captures(ctx, p.N)
	must(err)
	at := now.Add(time.Duration(len(captures)) * time.Minute)
	k := store.Kept{Capture: dateline.Capture{URL: a.URL, Status: 200, Digest: fmt.Sprintf("sha256:%064d", len(captures)), Fetched: at, WARC: "dateline-00000001.warc.gz", Offset: int64(1e9 + p.N*1000 + int64(len(captures)))}}
	must(r.Store.SaveFetch(ctx, work.Item{}, store.Fetched{Page: p.N, At: at, Captures: []store.Kept{k}, Read: true, Status: 200, Outcome: "ok", Host: &store.Host{Name: "kept.example"}}))
	captures, err = r.Store.Captures(ctx, p.N)
	must(err)
	number := captures[len(captures)-1].N
	take := func(stage work.Stage, key int64) work.Item {
		t.Helper()
		items, err := r.Store.Take(ctx, []work.Stage{stage}, 1000, at.Add(time.Hour), at.Add(2*time.Hour))
		must(err)
		for _, it := range items {
			if it.Key == key {
				return it
			}
		}
		t.Fatalf("no unit of %s for %d", stage, key)
		return work.Item{}
	}
	saved, err := r.Store.SaveReading(ctx, take(work.Read, number), store.Reading{Page: p.N, Capture: number, Article: a, Digest: store.TextDigest(a), Reader: "read/1", Outcome: "article"})
	must(err)
	must(r.Store.SaveMarks(ctx, take(work.Annotate, saved.Version), saved.Version, "standard/1", marks))
	p, err = r.Store.Page(ctx, p.N)
	must(err)
	return p
}

// mark makes a mark of the code points from start to end of a text.
func mark(kind dateline.AnnotationKind, text string, start, end int, sentence [2]int, value any) dateline.Mark {
	v, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return dateline.Mark{Kind: kind, Start: start, End: end, Text: string([]rune(text)[start:end]), Sentence: sentence, By: "test/1", Value: v}
}
