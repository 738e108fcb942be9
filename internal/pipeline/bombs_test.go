package pipeline_test

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime/metrics"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/archive"
	"dateline/internal/demo"
	"dateline/internal/loopback"
	"dateline/internal/pipeline"
	"dateline/internal/store/sqlite"
	"dateline/internal/work"
)

// bombs is the folder of hostile files, which is made by the generator that all
// parts of the program share. It takes half a minute, so it is not run here.
func bombs(t *testing.T) string {
	t.Helper()
	dir := cmp.Or(os.Getenv("DATELINE_BOMBS"), filepath.Join(os.TempDir(), "bombs"))
	if _, err := os.Stat(filepath.Join(dir, "manifest.jsonl")); err != nil {
		t.Skipf("no hostile files: run the generator, gen_bombs.py DIR, and set DATELINE_BOMBS to the folder")
	}
	return dir
}

// TestBombs has an outlet serve hostile files as pages and as feeds. The others
// are followed as if it were not there, and memory stays in bounds.
func TestBombs(t *testing.T) {
	dir := bombs(t)
	out, err := child(t, "TestBombsChild", childOrder{Dir: dir}).CombinedOutput()
	_, said, _ := strings.Cut(string(out), "RUN   TestBombsChild\n")
	if err != nil {
		t.Errorf("%v: %s", err, said)
	}
	for line := range strings.Lines(said) {
		if _, figure, ok := strings.Cut(line, "FIGURE "); ok {
			t.Log(strings.TrimSpace(figure))
		}
	}
}

// ends are what becomes of hostile pages, and of feeds with "?feed" behind, by
// what their outcome begins with. What is not named has to have any outcome.
var ends = map[string]string{
	"/bomb/gzip_1g.gz":                      "no text: truncated",
	"/bomb/gzip_twice_1g.gz":                `not a page: content codings "gzip, gzip"`,
	"/bomb/zlib_1g.z":                       "no text: truncated",
	"/bomb/gzip_many_members.gz":            "no text: empty",
	"/bomb/gzip_members_64x16m.gz":          "no text: truncated",
	"/bomb/gzip_trunc.gz":                   "article",
	"/bomb/gzip_badcrc.gz":                  "article",
	"/bomb/gzip_trailing.gz":                "article",
	"/bomb/not_gzip.gz":                     "article",
	"/bomb/deflate_raw.bin":                 "article",
	"/bomb/brotli_1g.br":                    "no text: truncated",
	"/bomb/zstd_1g.zst":                     "no text: truncated",
	"/bomb/zstd_window_2g.zst":              "not a page: compressed page: window size exceeded",
	"/bomb/html_deep_div_600.html.gz":       "article",
	"/bomb/wacz_slip.wacz":                  "not a page: this is a file of type application/zip",
	"/bomb/billion_laughs.rss?feed":         "1 entries",
	"/bomb/quadratic_blowup.rss?feed":       "0 entries",
	"/bomb/xxe_file.rss?feed":               "1 entries",
	"/bomb/xxe_http.rss?feed":               "1 entries",
	"/bomb/xml_deep_1m.rss.gz?feed":         "0 entries",
	"/bomb/rss_1m_items.rss.gz?feed":        "20000 entries",
	"/bomb/sitemap_2m_urls.xml.gz?feed":     "50000 entries",
	"/bomb/sitemap_index_self.xml?feed":     "1 entries",
	"/bomb/json_deep_1m.json.gz?feed":       "read feed ",
	"/bomb/gzip_twice_1g.gz?feed":           "content codings gzip, gzip",
	"/bomb/zstd_window_2g.zst?feed":         "content coding zstd: window size exceeded",
	"/bomb/html_deep_div_200k.html.gz?feed": "read feed ",
}

// TestBombsChild is a program of its own, so that its memory is.
func TestBombsChild(t *testing.T) {
	order := ordered(t)
	asTheCommand()
	b, farm := newBubble(t, demo.Options{Seed: 9, Outlets: 6, Pages: 12, Hostile: 1, Bombs: order.Dir})
	dir := t.TempDir()
	none := loopback.Names(t, nil)
	live := watchLive(t)
	synctest.Test(t, func(t *testing.T) {
		// One reader, as the caches of more fill with any large record.
		p := keepWith(t, dir, farm.Outlets(), 0, archive.Options{}, sqlite.Options{Readers: 1})
		p.Now = b.look
		p.Client.Resolver = none
		p.Options.Revisits = []time.Duration{}
		p.Options.MinInterval = 6 * time.Hour
		list := farm.Outlets()
		good, hostile := list[:len(list)-1], list[len(list)-1]
		for _, o := range good[:3] {
			follow(t, p, o, dateline.Source{URL: o.Home + "feed.xml", Kind: dateline.SourceFeed})
		}
		runFor(t, p, 10*time.Minute)
		before, liveBefore := peak(t), live()
		var sources []dateline.Source
		addresses := []string{hostile.Home + "endless/story", hostile.Home + "redirect/0", hostile.Home + "maze"}
		for _, f := range files(t, order.Dir) {
			addresses = append(addresses, hostile.Home+"bomb/"+f)
			kind := dateline.SourceFeed
			if strings.Contains(f, "sitemap") {
				kind = dateline.SourceSitemap
			}
			sources = append(sources, dateline.Source{URL: hostile.Home + "bomb/" + f + "?feed", Kind: kind})
		}
		follow(t, p, hostile, sources...)
		if sum, err := p.ImportAddresses(t.Context(), strings.NewReader(strings.Join(addresses, "\n")), func(string) string { return "" }, func(err error) { t.Error(err) }); err != nil || sum.Pages != len(addresses) {
			t.Fatalf("%+v, %v", sum, err)
		}
		for _, o := range good[3:] {
			follow(t, p, o, dateline.Source{URL: o.Home + "feed.xml", Kind: dateline.SourceFeed})
		}
		runFor(t, p, 3*time.Hour) // for five tries, with the waits between them
		// What is resident is more the later the collector comes, as on a machine
		// that is busy, so what is live is judged.
		after, liveAfter := peak(t), live()
		t.Logf("FIGURE peak of resident memory %d MB, %d MB before the hostile files; of live memory %d and %d MB", after>>20, before>>20, liveAfter>>20, liveBefore>>20)
		if liveAfter-liveBefore > 200<<20 {
			t.Errorf("live memory grew by %d MB", (liveAfter-liveBefore)>>20)
		}
		stored(t, p, farm.Expect())
		// Redirects for the moment lead on without end, and are not followed so.
		led := 0
		for _, h := range farm.Log() {
			if strings.HasPrefix(h.Path, "/redirect/") {
				led++
			}
		}
		if led > 15 {
			t.Errorf("%d redirects were followed one after the other", led)
		}
		got := endings(t, p, addresses)
		for path, outcome := range got {
			if want, ok := ends[path]; outcome == "" || ok && !strings.HasPrefix(outcome, want) {
				t.Errorf("%s: %s, want %s", path, outcome, want)
			}
		}
		for path := range ends {
			if _, ok := got[path]; !ok {
				t.Errorf("%s is not among the hostile files", path)
			}
		}
		t.Logf("FIGURE %d pages and feeds ended as they should", len(got))
	})
}

// TestHeavyPages reads pages made to take much memory, of several sites at once:
// they take no more than one does.
func TestHeavyPages(t *testing.T) {
	out, err := child(t, "TestHeavyPagesChild", childOrder{}).CombinedOutput()
	_, said, _ := strings.Cut(string(out), "RUN   TestHeavyPagesChild\n")
	if err != nil {
		t.Errorf("%v: %s", err, said)
	}
	for line := range strings.Lines(said) {
		if _, figure, ok := strings.Cut(line, "FIGURE "); ok {
			t.Log(strings.TrimSpace(figure))
		}
	}
}

// TestHeavyPagesChild is a program of its own, so that its memory is.
func TestHeavyPagesChild(t *testing.T) {
	ordered(t)
	asTheCommand()
	live := watchLive(t)
	p := keep(t, t.TempDir(), nil, 0)
	p.Options.Readers = 4
	var body, file bytes.Buffer
	z := gzip.NewWriter(&body)
	io.WriteString(z, "<!doctype html><title>Many</title><body>"+strings.Repeat("<p>x", 2_000_000))
	z.Close()
	for i := range 8 {
		block := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", body.Len(), body.Bytes())
		fmt.Fprintf(&file, "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-%012d>\r\nWARC-Date: 2026-11-01T00:00:00Z\r\n"+
			"WARC-Target-URI: https://outlet%d.example/many\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", i, i, len(block), block)
	}
	nobody := func(string) string { return "" }
	sum, err := p.ImportWARC(t.Context(), &file, nobody, func(err error) { t.Error(err) }, func(int64) {})
	if err != nil || sum.Pages != 8 {
		t.Fatalf("%+v, %v", sum, err)
	}
	before := live()
	if err := p.Drain(t.Context(), work.Read); err != nil {
		t.Fatal(err)
	}
	after := live()
	t.Logf("FIGURE live memory grew from %d to %d MB", before>>20, after>>20)
	if after-before > 200<<20 {
		t.Errorf("live memory grew by %d MB", (after-before)>>20)
	}
}

// follow adds an outlet.
func follow(t *testing.T, p *pipeline.Pipeline, o demo.Info, sources ...dateline.Source) {
	t.Helper()
	k, err := dateline.PageKey(o.Home)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Store.PutOutlet(t.Context(), dateline.Outlet{ID: dateline.OutletID(k), Name: o.Name, Home: o.Home, Sources: sources}, fetch.Domain); err != nil {
		t.Fatal(err)
	}
}

// endings are what became of pages and sources, by path and query.
func endings(t *testing.T, p *pipeline.Pipeline, addresses []string) map[string]string {
	t.Helper()
	got := map[string]string{}
	place := func(address string) string {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return u.RequestURI()
	}
	for _, a := range addresses {
		k, _ := dateline.PageKey(a)
		page, err := p.Store.PageOf(t.Context(), k)
		if err != nil {
			t.Fatal(err)
		}
		got[place(a)] = page.Outcome
	}
	dead, err := p.Store.Dead(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dead {
		if slices.Contains(addresses, d.Subject) {
			got[place(d.Subject)] = string(d.Stage) + " given up: " + d.Reason
		}
	}
	states, err := p.Store.ListOutlets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range states {
		for _, s := range o.States {
			if strings.HasSuffix(s.URL, "?feed") {
				got[place(s.URL)] = cmp.Or(s.Error, fmt.Sprintf("%d entries", s.Entries))
			}
		}
	}
	return got
}

// files are those that a manifest of hostile files names.
func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "manifest.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		var f struct{ File string }
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err)
		}
		if f.File != "" {
			names = append(names, f.File)
		}
	}
	return names
}

// watchLive gives the most memory that was live, by the collector's count, since
// it was last asked for. It is to be called outside of a bubble.
func watchLive(t *testing.T) func() int64 {
	var most atomic.Int64
	stop := make(chan bool)
	t.Cleanup(func() { close(stop) })
	go func() {
		sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			metrics.Read(sample)
			if n := int64(sample[0].Value.Uint64()); n > most.Load() {
				most.Store(n)
			}
			select {
			case <-tick.C:
			case <-stop:
				return
			}
		}
	}()
	return func() int64 { return most.Swap(0) }
}

// peak is the most memory that was resident since it was last asked for.
func peak(t *testing.T) int64 {
	t.Helper()
	n := status(t, "VmHWM")
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		t.Logf("the peak of memory cannot be begun anew: %v", err)
	}
	return n
}
