package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/store"
	"dateline/internal/store/sqlite"
	"dateline/internal/work"
	"dateline/lang"
	"dateline/search"
)

// The load that the pages are to bear: so many requests a second while so many
// articles a second come in.
const (
	requests = 200
	incoming = 20
)

// BenchmarkLoad asks for pages of a record of 100,000 articles at a steady
// rate, whatever the answers take, while others are stored. Each time it is
// asked for is a second. DATELINE_BENCH is a folder in which the benchmarks of
// the store have left such a record.
func BenchmarkLoad(b *testing.B) {
	dir := os.Getenv("DATELINE_BENCH")
	if dir == "" {
		b.Skip("DATELINE_BENCH is to name the folder in which `go test ./internal/store/sqlite -run - -bench Find` left its record")
	}
	s, err := sqlite.Open(b.Context(), filepath.Join(dir, "many.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	packs := lang.Builtin()
	web, err := New(Options{Store: s, Analyzer: search.NewAnalyzer(packs), Packs: packs, Now: time.Now, Log: slog.New(slog.DiscardHandler), Version: "test",
		Guard: &access.Guard{Users: s, Open: true, Now: time.Now}})
	if err != nil {
		b.Fatal(err)
	}
	srv := httptest.NewServer(web.Handler())
	defer srv.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 500}}
	pages := []string{"/", "/?q=tenth", "/", "/?q=rare", "/?q=figure:killed%3E990", "/figures", "/?q=person:%22Rano+Wirya%22", "/", "/outlets", "/figures?what=killed&order=greatest"}
	for i := range 40 {
		p, err := comeIn(b.Context(), s, i)
		if err != nil {
			b.Fatal(err)
		}
		if pages = append(pages, "/article/"+p.ID); i%4 == 0 {
			pages = append(pages, "/")
		}
	}
	type took struct {
		page   string
		status int
		time   time.Duration
	}
	var mu sync.Mutex
	var all []took
	var wg sync.WaitGroup
	ask := func(page string) {
		start := time.Now()
		status := 0
		if resp, err := client.Get(srv.URL + page); err == nil {
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			status = resp.StatusCode
		}
		mu.Lock()
		all = append(all, took{page, status, time.Since(start)})
		mu.Unlock()
	}
	ctx, cancel := context.WithTimeout(b.Context(), time.Duration(b.N)*time.Second)
	defer cancel()
	wg.Go(func() {
		tick := time.NewTicker(time.Second / incoming)
		defer tick.Stop()
		for i := 0; ctx.Err() == nil; i++ {
			<-tick.C
			if _, err := comeIn(b.Context(), s, i); err != nil {
				b.Error(err)
				return
			}
		}
	})
	tick := time.NewTicker(time.Second / requests)
	defer tick.Stop()
	b.ResetTimer()
	for i := range requests * b.N {
		<-tick.C
		wg.Go(func() { ask(pages[i%len(pages)]) })
	}
	cancel()
	wg.Wait()
	b.StopTimer()
	byRoute, bad := map[string][]time.Duration{}, map[int]int{}
	for _, t := range all {
		if t.status != http.StatusOK {
			bad[t.status]++
		}
		route, class := t.page, "page"
		if strings.HasPrefix(route, "/article/") {
			route = "/article/"
		}
		if strings.Contains(route, "?q=") {
			class = "search"
		}
		for _, of := range []string{route, class} {
			byRoute[of] = append(byRoute[of], t.time)
		}
	}
	b.ReportMetric(float64(len(bad)), "kinds-of-failure")
	for _, route := range slices.Sorted(maps.Keys(byRoute)) {
		took := byRoute[route]
		slices.Sort(took)
		part := func(hundredths int) float64 { return float64(took[(len(took)-1)*hundredths/100].Microseconds()) / 1000 }
		if !strings.HasPrefix(route, "/") {
			b.ReportMetric(part(50), route+"-p50-ms")
			b.ReportMetric(part(99), route+"-p99-ms")
		}
		b.Logf("%-40s %6d times, ms: half %7.1f, 90%% %7.1f, 99%% %7.1f, all %7.1f", route, len(took), part(50), part(90), part(99), part(100))
	}
	if len(bad) > 0 {
		b.Logf("not 200: %v", bad)
	}
}

// comeIn stores an article as the pipeline does.
func comeIn(ctx context.Context, s *sqlite.Store, i int) (store.Page, error) {
	at := time.Now()
	address := fmt.Sprintf("https://h%d.example/load/%d/%d", i%50, at.UnixNano(), i)
	key, err := dateline.PageKey(address)
	if err != nil {
		return store.Page{}, err
	}
	p, err := s.AddPage(ctx, store.Found{Entry: dateline.Entry{URL: address}, Key: key}, "")
	if err != nil {
		return p, err
	}
	kept := store.Kept{Page: p.N, Capture: dateline.Capture{URL: address, Status: 200, Digest: fmt.Sprintf("sha256:%064x", at.UnixNano()), Fetched: at, WARC: "load.warc.gz", Offset: at.UnixNano()}}
	if _, err := s.Import(ctx, p.N, kept); err != nil {
		return p, err
	}
	items, err := s.Take(ctx, []work.Stage{work.Read}, 1, at.Add(time.Hour), at.Add(2*time.Hour))
	if err != nil || len(items) == 0 {
		return p, err
	}
	c, err := s.Capture(ctx, items[0].Key)
	if err != nil {
		return p, err
	}
	a := &dateline.Article{URL: address, Kind: "article", Language: "xx", Title: fmt.Sprint("load tenth ", i), Text: fmt.Sprint("load rare ", i)}
	saved, err := s.SaveReading(ctx, items[0], store.Reading{Page: p.N, Capture: c.N, Article: a, Digest: store.TextDigest(a), Reader: "x/1",
		Terms: store.Terms{Title: []string{"load", "tenth"}, Text: []string{"load", "rare"}}})
	if err != nil || !saved.New {
		return p, err
	}
	if items, err = s.Take(ctx, []work.Stage{work.Annotate}, 1, at.Add(time.Hour), at.Add(2*time.Hour)); err != nil || len(items) == 0 {
		return p, err
	}
	return p, s.SaveMarks(ctx, items[0], items[0].Key, "x/1", []dateline.Mark{{Kind: dateline.KindFigure, Start: 0, End: 4, Sentence: [2]int{0, 8}, By: "x/1", Value: json.RawMessage(`{"what":"killed","min":4,"max":4}`)}})
}
