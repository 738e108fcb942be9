package demo

import (
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dateline"

	"github.com/google/go-cmp/cmp"
)

// everything is a plan in which all kinds of faults are frequent.
var everything = Faults{Pages: 0.4, Lost: 0.15, Moved: 0.15, Broken: 0.05, Edited: 0.3, Storms: 0.5, Feeds: 0.5, Slow: 0.1, Pause: time.Millisecond}

// The plan and the pages follow from the seed alone, whatever was asked for
// before.
func TestSeedDecides(t *testing.T) {
	plan := func(seed uint64, backwards bool) []string {
		s := newSeeded(Options{Seed: seed, Pages: 60, Faults: everything}, 3, clock{begin, 1}, tongues())
		out := make([]string, 60)
		for k := range out {
			n := k
			if backwards {
				n = 59 - k
			}
			a := s.page(begin.Add(time.Hour), request{base: "http://127.0.0.1:1", path: s.path(n)}, n, "news", false)
			text := "none"
			if a != nil {
				text = fmt.Sprint(a.status, a.ending, hash(0, string(a.body)))
			}
			out[n] = fmt.Sprintf("%+v %s %s", s.fault(n), s.path(n), text)
		}
		return out
	}
	if diff := cmp.Diff(plan(7, false), plan(7, true)); diff != "" {
		t.Errorf("the order matters (-forwards +backwards):\n%s", diff)
	}
	if cmp.Equal(plan(7, false), plan(8, false)) {
		t.Error("two seeds, one plan")
	}
}

// The order in which outlets are asked, and the number of them, changes
// nothing for one.
func TestMarkersAreUnique(t *testing.T) {
	f := start(t, Options{Outlets: 30, Pages: 40, Faults: everything})
	e := f.Expect()
	if got := len(e.Stored) + len(e.Never); got != 30*40 {
		t.Errorf("%d pages, want 1200", got)
	}
	seen, keys, kinds := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, p := range append(e.Stored, e.Never...) {
		if seen[p.Marker] || keys[p.Key] {
			t.Errorf("%s or %s is there twice", p.Marker, p.Key)
		}
		seen[p.Marker], keys[p.Key], kinds[p.Why] = true, true, true
	}
	for _, list := range [][]string{recoverable, lost, moved} {
		for _, kind := range list {
			if !kinds[kind] {
				t.Errorf("no page of 1200 has the fault %s", kind)
			}
		}
	}
}

// fetch asks for a page as a patient client does: again after failures, and
// on after redirects. It returns the last answer, and where it came from.
func fetch(t *testing.T, address string) (got, string) {
	var g got
	for range 40 {
		g = get(t, address)
		switch {
		case g.err != nil, g.status >= 500, g.status == http.StatusTooManyRequests:
		case g.status >= 300 && g.status < 400:
			address = g.header.Get("Location")
		default:
			return g, address
		}
	}
	return g, address
}

// What is expected is what a patient client gets, page for page.
func TestExpect(t *testing.T) {
	var h hands
	f := start(t, h.options(Options{Seed: 11, Outlets: 5, Pages: 40, Faults: everything}))
	for second, version := range []string{0: "", 1: "v2"} {
		h.set(time.Duration(second) * time.Hour)
		e := f.Expect()
		for _, p := range e.Stored {
			g, at := fetch(t, p.Address+"?utm_source=feed")
			if g.status != 200 || !strings.Contains(g.body, p.Marker) {
				t.Errorf("%s (%s): %d, %v", p.Address, p.Why, g.status, g.err)
				continue
			}
			_, canonical, _ := strings.Cut(g.body, `rel="canonical" href="`)
			canonical, _, _ = strings.Cut(canonical, `"`)
			if key, err := dateline.PageKey(canonical); err != nil || key != p.Key {
				t.Errorf("%s (%s) is known by %s, want %s", at, p.Why, canonical, p.Key)
			}
			edited := strings.Contains(g.body, p.Marker+"v2")
			if want := version != "" && p.Versions == 2; edited != want {
				t.Errorf("%s: edited %t, want %t", p.Address, edited, want)
			}
		}
		for _, p := range e.Never {
			g, _ := fetch(t, p.Address)
			if p.Why == "broken" && g.err == nil || p.Why != "robots" && g.status == 200 || p.Why == "robots" && g.status != 200 {
				t.Errorf("%s (%s): %d", p.Address, p.Why, g.status)
			}
		}
	}
	for _, hit := range f.Log() {
		if hit.Forbidden != strings.HasPrefix(hit.Path, "/private/") {
			t.Errorf("%s: forbidden %t", hit.Path, hit.Forbidden)
		}
	}
}

// Each ending is what a raw client takes it for.
func TestEndings(t *testing.T) {
	f := start(t, Options{Outlets: 40, Pages: 40, Faults: Faults{Pages: 1}})
	done := map[string]bool{}
	for _, p := range f.Expect().Stored {
		if done[p.Why] {
			continue
		}
		done[p.Why] = true
		g := get(t, p.Address)
		want := map[string]string{"500": "500", "503": "503", "429": "429"}[p.Why]
		got := ""
		if g.err == nil {
			got = strconv.Itoa(g.status)
		}
		if got != want {
			t.Errorf("%s: status %q, error %v", p.Why, got, g.err)
		}
		if (p.Why == "503" || p.Why == "429") && g.header.Get("Retry-After") != "1" {
			t.Errorf("%s: Retry-After %q", p.Why, g.header.Get("Retry-After"))
		}
		if last, _ := fetch(t, p.Address); last.status != 200 || last.err != nil || !strings.Contains(last.body, p.Marker) {
			t.Errorf("%s does not recover: %d, %v", p.Why, last.status, last.err)
		}
	}
	if len(done) != len(recoverable) {
		t.Errorf("saw %d kinds of %d", len(done), len(recoverable))
	}
	log := f.Log()
	if n := len(log); n == 0 || log[0].End.IsZero() || log[0].Start.After(log[0].End) {
		t.Errorf("the first hit of %d: %+v", n, log[:min(n, 1)])
	}
}

func TestStormsAndFeeds(t *testing.T) {
	var h hands
	f := start(t, h.options(Options{Outlets: 1, Pages: 5, Faults: Faults{Storms: 1, Feeds: 1, RetryAfter: 90 * time.Second}}))
	home := f.Outlets()[0].Home
	var waits []string
	for range 40 {
		if g := get(t, home); g.status != 200 {
			waits = append(waits, g.header.Get("Retry-After"))
		}
	}
	if diff := cmp.Diff([]string{"90", begin.Add(90 * time.Second).Format(http.TimeFormat), "90"}, waits); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
	var feeds []string
	for range 4 {
		g := get(t, home+"feed.xml")
		feeds = append(feeds, fmt.Sprint(g.status, " ", strings.Contains(g.body, "<rss"), " ", strings.Contains(g.body, "</rss>")))
	}
	if diff := cmp.Diff([]string{"500 false false", "200 false false", "200 true false", "200 true true"}, feeds); diff != "" {
		t.Errorf("feeds (-want +got):\n%s", diff)
	}
	if g := get(t, home+"robots.txt"); g.status != 200 || !strings.Contains(g.body, "Disallow: /private/") {
		t.Errorf("robots.txt: %d %q", g.status, g.body)
	}
}

// A feed and a sitemap lead to every page.
func TestLists(t *testing.T) {
	f := start(t, Options{Outlets: 2, Pages: 30})
	for n, o := range f.Outlets() {
		feed, sitemap := get(t, o.Home+"feed.xml"), get(t, o.Home+"sitemap.xml")
		for _, p := range f.Expect().Stored {
			if p.Outlet != n {
				continue
			}
			if !strings.Contains(feed.body, "<link>"+p.Address+"?utm_source") || !strings.Contains(sitemap.body, "<loc>"+p.Address+"</loc>") {
				t.Errorf("%s is not listed", p.Address)
			}
			if g := get(t, p.Address+"/amp"); g.status != 200 || !strings.Contains(g.body, p.Marker) {
				t.Errorf("%s/amp: %d", p.Address, g.status)
			}
		}
	}
}

func TestHostile(t *testing.T) {
	f := start(t, Options{Hostile: 1})
	all := f.Outlets()
	home := all[len(all)-1].Home
	if g := get(t, home); g.status != 200 || !strings.Contains(g.body, "/drip/story") {
		t.Fatalf("front page: %d", g.status)
	}
	if g := get(t, home+"redirect/7"); g.status != 302 || g.header.Get("Location") != home+"redirect/8" {
		t.Errorf("redirect: %d to %s", g.status, g.header.Get("Location"))
	}
	if g := get(t, home+"calendar/2031/02/28"); g.status != 200 || !strings.Contains(g.body, "/calendar/2031/03/01") {
		t.Errorf("calendar: %d", g.status)
	}
	if g := get(t, home+"maze/news/old"); g.status != 200 || !strings.Contains(g.body, "/maze/news/old/old/news") {
		t.Errorf("maze: %d", g.status)
	}
	impatient := *client
	impatient.Timeout = 100 * time.Millisecond
	for _, path := range []string{"drip/story", "silent/story", "endless/story"} {
		resp, err := impatient.Get(home + path)
		if err == nil {
			_, err = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
		var timeout interface{ Timeout() bool }
		if !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// Generated sentences go into HTML as they are.
func TestSentences(t *testing.T) {
	all := tongues()
	if len(all) < 5 {
		t.Errorf("%d languages", len(all))
	}
	for _, tongue := range all {
		if len(tongue.sentences) < 5 || len(tongue.towns) < 2 || len(tongue.names) < 2 {
			t.Errorf("%s: too little", tongue.tag)
		}
		for _, s := range slices.Concat(tongue.sentences, tongue.towns, tongue.names) {
			if html.EscapeString(s) != s {
				t.Errorf("%s: %q has to be escaped", tongue.tag, s)
			}
		}
	}
}

// A farm's own log is judged: asking for robots.txt and then for pages with a
// name and a contact is well, asking for what is forbidden is not.
func TestJudgeLive(t *testing.T) {
	f := start(t, Options{Outlets: 1, Pages: 60, Faults: Faults{Lost: 0.5}})
	home := f.Outlets()[0].Home
	agent := []string{"User-Agent", "Dateline/dev (+mailto:a@reader.example)"}
	get(t, home+"robots.txt", agent...)
	first := get(t, home, agent...)
	get(t, home, append(agent, "If-None-Match", first.header.Get("ETag"))...)
	if got := Judge(f.Log(), Rules{}); len(got) != 0 {
		t.Errorf("breaches: %q", got)
	}
	for _, p := range f.Expect().Never {
		if p.Why == "robots" {
			get(t, p.Address, agent...)
			break
		}
	}
	if got := Judge(f.Log(), Rules{}); len(got) != 1 || !strings.Contains(got[0], "forbids") {
		t.Errorf("breaches: %q", got)
	}
}

func TestBombs(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"manifest.jsonl": `{"file": "a.gz", "content_encoding": "gzip", "content_type": "text/html"}` + "\n" + `{"recipe": "not a file"}` + "\n",
		"a.gz":           "no gzip at all",
		"secret":         "is in no manifest",
	} {
		if err := os.WriteFile(dir+"/"+name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f := start(t, Options{Outlets: 1, Hostile: 1, Bombs: dir})
	home := f.Outlets()[1].Home
	if g := get(t, home+"bomb/a.gz", "Accept-Encoding", "gzip"); g.status != 200 || g.body != "no gzip at all" || g.header.Get("Content-Encoding") != "gzip" {
		t.Errorf("bomb: %d %q %v", g.status, g.body, g.header)
	}
	if g := get(t, home+"bomb/secret"); g.status != 404 {
		t.Errorf("a file that no manifest names: %d", g.status)
	}
	if g := get(t, home); !strings.Contains(g.body, "/bomb/a.gz") {
		t.Error("the front page does not lead to the bomb")
	}
}

// BenchmarkPage makes one generated page.
func BenchmarkPage(b *testing.B) {
	s := newSeeded(Options{Pages: 3000}, 0, clock{begin, 1}, tongues())
	var size int64
	for n := 0; b.Loop(); n++ {
		body := s.draw(request{base: "http://127.0.0.1:1"}, n%3000, 0, s.path(n%3000), false)
		size += int64(len(body))
	}
	b.SetBytes(size / int64(b.N))
	b.ReportAllocs()
}

// BenchmarkSitemap lists 3,000 pages.
func BenchmarkSitemap(b *testing.B) {
	s := newSeeded(Options{Pages: 3000}, 0, clock{begin, 1}, tongues())
	for b.Loop() {
		s.answer(begin, request{base: "http://127.0.0.1:1", path: "/sitemap.xml"})
	}
	b.ReportAllocs()
}

// BenchmarkStart opens and closes 500 outlets.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		f, err := Start(Options{Outlets: 500, Pages: 40})
		if err != nil {
			b.Fatal(err)
		}
		f.Close()
	}
}
