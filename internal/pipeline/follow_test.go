package pipeline_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/archive"
	"dateline/internal/demo"
	"dateline/internal/pipeline"
	"dateline/internal/store"
	"dateline/internal/store/sqlite"
	"dateline/internal/work"
)

// site is an outlet on loopback that answers what a test wants it to.
type site struct {
	base string // its address, without a slash
	at   netip.AddrPort

	mu      sync.Mutex
	answers map[string]func(w http.ResponseWriter)
	asked   map[string]int
	log     []demo.Hit
	clock   func() time.Time // of the log
	close   func()
	open    func() // after close
}

// newSite starts one at an address of its own, which is a domain of its own.
func newSite(t *testing.T, ip string) *site {
	t.Helper()
	s := &site{answers: map[string]func(http.ResponseWriter){}, asked: map[string]int{}, clock: time.Now}
	l, err := net.Listen("tcp", ip+":0")
	if err != nil {
		t.Fatal(err)
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked[r.URL.Path]++
		now := s.clock()
		s.log = append(s.log, demo.Hit{Start: now, End: now, Host: r.Host, Path: r.URL.Path, Agent: r.UserAgent(),
			IfNoneMatch: r.Header.Get("If-None-Match"), IfModifiedSince: r.Header.Get("If-Modified-Since")})
		if f := s.answers[r.URL.Path]; f != nil {
			f(w)
			return
		}
		http.NotFound(w, r)
	})
	start := func() {
		srv := httptest.NewUnstartedServer(handler)
		srv.Listener.Close()
		srv.Listener = l
		srv.Start()
		t.Cleanup(srv.Close)
		s.base, s.close = srv.URL, srv.Close
	}
	start()
	s.at = l.Addr().(*net.TCPAddr).AddrPort()
	// It is served from outside the time that a test may be in.
	again, there := make(chan bool), make(chan error)
	t.Cleanup(func() { close(again) })
	go func() {
		for range again {
			if l, err = net.Listen("tcp", s.at.String()); err == nil {
				start()
			}
			there <- err
		}
	}()
	s.open = func() {
		again <- true
		if err := <-there; err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func (s *site) answer(path string, f func(w http.ResponseWriter)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[path] = f
}

// serve has an address answer with what it says, "BASE" in it being the site's.
func (s *site) serve(path, body string) {
	body = strings.ReplaceAll(body, "BASE", s.base)
	s.answer(path, func(w http.ResponseWriter) { io.WriteString(w, body) })
}

func (s *site) story(path string) {
	s.serve(path, "<!doctype html><html lang=en><title>A story</title><article><h1>A story</h1><p>"+strings.Repeat("The council of the valley met on Monday to speak of the flood. ", 9)+"</article></html>")
}

func (s *site) times(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

// keepSites opens a record for sites, without revisits, and adds the first of
// them as an outlet with its sources.
func keepSites(t *testing.T, now func() time.Time, sources []dateline.Source, sites ...*site) *pipeline.Pipeline {
	t.Helper()
	var outlets []demo.Info
	for _, s := range sites {
		outlets = append(outlets, demo.Info{Listener: s.at, Home: s.base + "/", Name: "The Valley"})
	}
	p := keepWith(t, t.TempDir(), outlets, 0, archive.Options{}, sqlite.Options{Now: now})
	p.Now, p.Client.Now = now, now
	p.Options.Revisits = []time.Duration{}
	for i := range sources {
		sources[i].URL = sites[0].base + sources[i].URL
	}
	follow(t, p, outlets[0], sources...)
	return p
}

// stateOf is that of a source by its path.
func (s *site) stateOf(t *testing.T, p *pipeline.Pipeline, path string) store.SourceState {
	t.Helper()
	list, err := p.Store.ListOutlets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range list {
		for _, v := range o.States {
			if v.URL == s.base+path {
				return v
			}
		}
	}
	t.Fatalf("no source %s", path)
	return store.SourceState{}
}

func feedOf(items ...string) string {
	return "<rss><channel><title>The Valley</title>" + strings.Join(items, "") + "</channel></rss>"
}

func itemOf(path string, more string) string {
	return "<item><link>BASE" + path + "</link>" + more + "</item>"
}

func mapOf(kind string, paths ...string) string {
	root, one := "urlset", "url"
	if kind == "index" {
		root, one = "sitemapindex", "sitemap"
	}
	var b strings.Builder
	for _, p := range paths {
		fmt.Fprintf(&b, "<%s><loc>BASE%s</loc></%[1]s>", one, p)
	}
	return "<" + root + ">" + b.String() + "</" + root + ">"
}

var oneFeed = dateline.Source{URL: "/feed.xml", Kind: dateline.SourceFeed}

// inBubble runs a test in a time of its own.
func inBubble(t *testing.T, f func(t *testing.T, now func() time.Time)) {
	b := &bubble{}
	synctest.Test(t, func(t *testing.T) { f(t, b.look) })
}

// TestForeignEntries: what a feed lists of other sites is not asked for and not
// kept in its outlet's name, but counted.
func TestForeignEntries(t *testing.T) {
	own, other := newSite(t, "127.0.0.1"), newSite(t, "127.0.0.2")
	own.story("/a")
	other.story("/b")
	own.serve("/feed.xml", feedOf(itemOf("/a", ""), strings.ReplaceAll(itemOf("/b", ""), "BASE", other.base)))
	inBubble(t, func(t *testing.T, now func() time.Time) {
		p := keepSites(t, now, []dateline.Source{oneFeed}, own, other)
		runFor(t, p, time.Hour)
		if n := other.times("/b") + other.times("/robots.txt"); n != 0 || own.times("/a") != 1 {
			t.Errorf("the other site was asked %d times, its own story %d times", n, own.times("/a"))
		}
		if _, err := p.Store.PageOf(t.Context(), keyOf(t, other.base+"/b")); err == nil {
			t.Error("the other site's page is kept")
		}
		if v := own.stateOf(t, p, "/feed.xml"); v.Foreign != 1 || v.Entries != 2 {
			t.Errorf("%+v", v)
		}
	})
}

func keyOf(t *testing.T, address string) string {
	t.Helper()
	k, err := dateline.PageKey(address)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestSitemapMemory follows a sitemap as large as they may be, small on the
// wire, with addresses that are long.
func TestSitemapMemory(t *testing.T) {
	const entries, most = 50_000, 40 << 20
	s := newSite(t, "127.0.0.1")
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, "<urlset>")
	for i := range entries {
		fmt.Fprintf(z, "<url><loc>%s/%d/%s</loc><lastmod>2026-11-28</lastmod></url>", s.base, i, strings.Repeat("a", 930))
	}
	io.WriteString(z, "</urlset>")
	z.Close()
	s.answer("/map.xml", func(w http.ResponseWriter) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(b.Bytes())
	})
	p := keepSites(t, time.Now, []dateline.Source{{URL: "/map.xml", Kind: dateline.SourceSitemap}}, s)
	p.Pace = fetch.Pace{Delay: time.Millisecond}
	began := time.Now()
	peak := heap(func() {
		if err := p.Drain(t.Context(), work.Follow); err != nil {
			t.Fatal(err)
		}
	})
	t.Logf("%d KB, %v, %d MB", b.Len()>>10, time.Since(began), peak>>20)
	if v := s.stateOf(t, p, "/map.xml"); v.Entries != entries || v.Error != "" || peak > most {
		t.Errorf("%d entries, %s, %d MB", v.Entries, v.Error, peak>>20)
	}
	if c, err := p.Store.Backlog(t.Context()); err != nil || c[work.Fetch].Due != entries {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestSitemapChunked follows a sitemap of 48 MB of which nobody says beforehand
// how long it is: its memory is that of the entries at hand.
func TestSitemapChunked(t *testing.T) {
	const entries, most = 50_000, 40 << 20
	s := newSite(t, "127.0.0.1")
	tail := strings.Repeat("a", 880)
	s.answer("/map.xml", func(w http.ResponseWriter) {
		io.WriteString(w, "<urlset>")
		for i := range entries {
			fmt.Fprintf(w, "<url><loc>%s/%d/%s</loc><lastmod>2026-11-28</lastmod></url>", s.base, i, tail)
			if i%1000 == 0 {
				w.(http.Flusher).Flush()
			}
		}
		io.WriteString(w, "</urlset>")
	})
	p := keepSites(t, time.Now, []dateline.Source{{URL: "/map.xml", Kind: dateline.SourceSitemap}}, s)
	p.Pace = fetch.Pace{Delay: time.Millisecond}
	peak := heap(func() {
		if err := p.Drain(t.Context(), work.Follow); err != nil {
			t.Fatal(err)
		}
	})
	t.Logf("%d MB", peak>>20)
	if v := s.stateOf(t, p, "/map.xml"); v.Entries != entries || v.Error != "" || peak > most || s.times("/map.xml") != 1 {
		t.Errorf("%d entries, %s, %d MB, asked %d times", v.Entries, v.Error, peak>>20, s.times("/map.xml"))
	}
	if c, err := p.Store.Backlog(t.Context()); err != nil || c[work.Fetch].Due != entries {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestSitemapBreaksOff: what came of a sitemap before its connection broke is
// taken, the visit has failed, and the next brings the rest.
func TestSitemapBreaksOff(t *testing.T) {
	const whole = 3000
	s := newSite(t, "127.0.0.1")
	var paths []string
	for i := range whole {
		paths = append(paths, fmt.Sprint("/", i))
	}
	text := strings.ReplaceAll(mapOf("", paths...), "BASE", s.base)
	s.answer("/map.xml", func(w http.ResponseWriter) {
		w.Header().Set("Content-Length", fmt.Sprint(len(text)))
		io.WriteString(w, text[:len(text)/2])
	})
	inBubble(t, func(t *testing.T, now func() time.Time) {
		p := keepSites(t, now, []dateline.Source{{URL: "/map.xml", Kind: dateline.SourceSitemap}}, s)
		runFor(t, p, 15*time.Second)
		if totals, err := p.Store.Totals(t.Context()); err != nil || totals.Pages < 1000 || totals.Pages >= whole {
			t.Errorf("%+v, %v", totals, err)
		}
		if v := s.stateOf(t, p, "/map.xml"); !strings.Contains(v.Error, "broke off") || v.Failures != 1 {
			t.Errorf("%d failures: %s", v.Failures, v.Error)
		}
		s.serve("/map.xml", text)
		runFor(t, p, 15*time.Minute)
		if v := s.stateOf(t, p, "/map.xml"); v.Error != "" || v.Entries != whole {
			t.Errorf("%d entries, %s", v.Entries, v.Error)
		}
		if totals, err := p.Store.Totals(t.Context()); err != nil || totals.Pages != whole {
			t.Errorf("%+v, %v", totals, err)
		}
	})
}

// TestSourceBombs has hostile files for sources: each ends, within bounds.
func TestSourceBombs(t *testing.T) {
	dir := bombs(t)
	codings := map[string]string{".gz": "gzip", ".br": "br", ".zst": "zstd", ".z": "deflate"}
	for _, f := range files(t, dir) {
		for _, kind := range []dateline.SourceKind{dateline.SourceFeed, dateline.SourceSitemap} {
			s := newSite(t, "127.0.0.1")
			body, err := os.ReadFile(filepath.Join(dir, f))
			if err != nil {
				t.Fatal(err)
			}
			s.answer("/source", func(w http.ResponseWriter) {
				if c := codings[filepath.Ext(f)]; c != "" {
					w.Header().Set("Content-Encoding", c)
				}
				w.Write(body)
			})
			p := keepSites(t, time.Now, []dateline.Source{{URL: "/source", Kind: kind}}, s)
			p.Pace = fetch.Pace{Delay: time.Millisecond}
			began := time.Now()
			peak := heap(func() {
				if err := p.Drain(t.Context(), work.Follow); err != nil {
					t.Fatal(err)
				}
			})
			v := s.stateOf(t, p, "/source")
			if peak > 32<<20 || time.Since(began) > 5*time.Second {
				t.Logf("%s as %s: %d entries, %s; %v, %d MB", f, kind, v.Entries, v.Error, time.Since(began), peak>>20)
			}
			if peak > 100<<20 || v.Checked.IsZero() {
				t.Errorf("%s as %s: checked %v, %d MB", f, kind, v.Checked, peak>>20)
			}
		}
	}
}

// heap is the most memory that f took.
func heap(f func()) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(50))
	debug.FreeOSMemory()
	use := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	base, done, top := use(), make(chan struct{}), make(chan uint64)
	go func() {
		most := uint64(0)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			most = max(most, use())
			select {
			case <-tick.C:
			case <-done:
				top <- most
				return
			}
		}
	}()
	f()
	close(done)
	return max(<-top, base) - base
}

// TestLargeDocument: of what is longer on the wire than is worked on at any
// time all is taken, when there is room.
func TestLargeDocument(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	var items []string
	for i := range 9_000 {
		items = append(items, itemOf(fmt.Sprintf("/%d", i), "<title>"+strings.Repeat("a", 500)+"</title>"))
	}
	s.serve("/feed.xml", feedOf(items...))
	inBubble(t, func(t *testing.T, now func() time.Time) {
		p := keepSites(t, now, []dateline.Source{oneFeed}, s)
		runFor(t, p, 5*time.Minute)
		if v := s.stateOf(t, p, "/feed.xml"); v.Entries != len(items) || v.Error != "" || s.times("/feed.xml") != 2 {
			t.Errorf("%d entries, %s, asked %d times", v.Entries, v.Error, s.times("/feed.xml"))
		}
	})
}

// TestChildren: an index is followed by its newest sitemaps, and what it names
// later is news, though it says no dates.
func TestChildren(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	name := func(i int) string { return fmt.Sprintf("/map-%d.xml", i) }
	var all []string
	for i := range 40 {
		all = append(all, name(i))
		s.serve(name(i), mapOf("", fmt.Sprintf("/story-%d", i)))
		s.story(fmt.Sprintf("/story-%d", i))
	}
	s.serve("/index.xml", mapOf("index", all...))
	inBubble(t, func(t *testing.T, now func() time.Time) {
		p := keepSites(t, now, []dateline.Source{{URL: "/index.xml", Kind: dateline.SourceSitemap}}, s)
		p.Options.Interval, p.Options.MinInterval = 3*time.Hour, 3*time.Hour
		children := func() int {
			list, err := p.Store.ListOutlets(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return len(list[0].Sources) - 1
		}
		runFor(t, p, 26*time.Hour)
		if n := children(); n != 24 || s.times(name(39)) == 0 || s.times(name(0)) == 0 || s.times(name(15)) != 0 {
			t.Errorf("%d children; the newest was asked %d times, the oldest %d, one between %d", n, s.times(name(39)), s.times(name(0)), s.times(name(15)))
		}
		if n := s.times("/story-39"); n != 0 {
			t.Errorf("what was there before was asked for %d times", n)
		}
		s.serve(name(40), mapOf("", "/story-40"))
		s.story("/story-40")
		s.serve("/index.xml", mapOf("index", append(all, name(40))...))
		runFor(t, p, 12*time.Hour)
		if n := children(); n != 24 || s.times(name(40)) == 0 || s.times("/story-40") != 1 {
			t.Errorf("%d children; the new one was asked %d times, its story %d", n, s.times(name(40)), s.times("/story-40"))
		}
	})
}

// TestNestedIndexes: of indexes of indexes without end two levels are followed.
func TestNestedIndexes(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	for i := range 6 {
		s.serve(fmt.Sprintf("/index-%d.xml", i), mapOf("index", fmt.Sprintf("/index-%d.xml", i+1)))
	}
	inBubble(t, func(t *testing.T, now func() time.Time) {
		p := keepSites(t, now, []dateline.Source{{URL: "/index-0.xml", Kind: dateline.SourceSitemap}}, s)
		runFor(t, p, 2*time.Hour)
		if s.times("/index-2.xml") == 0 || s.times("/index-3.xml") != 0 {
			t.Errorf("level 2 was asked %d times, level 3 %d times", s.times("/index-2.xml"), s.times("/index-3.xml"))
		}
	})
}

// TestBriefing: what looks like a day of a calendar is a page where a feed lists
// it; a path in circles is none.
func TestBriefing(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	s.story("/briefing/2026/11/29")
	s.serve("/feed.xml", feedOf(itemOf("/briefing/2026/11/29", ""), itemOf("/a/b/a/b/a/b", "")))
	inBubble(t, func(t *testing.T, now func() time.Time) {
		p := keepSites(t, now, []dateline.Source{oneFeed}, s)
		runFor(t, p, time.Hour)
		if s.times("/briefing/2026/11/29") != 1 || s.times("/a/b/a/b/a/b") != 0 {
			t.Errorf("asked %d and %d times", s.times("/briefing/2026/11/29"), s.times("/a/b/a/b/a/b"))
		}
	})
}

// TestArchivedSources: feeds are archived where they have something new, as
// they have text; lists are not.
func TestArchivedSources(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	s.serve("/feed.xml", feedOf(itemOf("/a", "")))
	s.serve("/map.xml", mapOf("", "/b"))
	inBubble(t, func(t *testing.T, now func() time.Time) {
		p := keepSites(t, now, []dateline.Source{oneFeed, {URL: "/map.xml", Kind: dateline.SourceSitemap}}, s)
		runFor(t, p, time.Hour)
		kept := map[string]int{}
		for k, err := range p.Store.EachCapture(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			kept[strings.TrimPrefix(k.URL, s.base)]++
		}
		if s.times("/feed.xml") < 2 || kept["/feed.xml"] != 1 || kept["/map.xml"] != 0 {
			t.Errorf("%v", kept)
		}
	})
}

// TestListedTwice: a page that is listed twice under two titles comes to rest.
func TestListedTwice(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	s.story("/a")
	s.serve("/feed.xml", feedOf(itemOf("/a?utm_source=top", "<title>Top: flood</title>"), itemOf("/a", "<title>Flood in the valley</title>")))
	inBubble(t, func(t *testing.T, now func() time.Time) {
		p := keepSites(t, now, []dateline.Source{oneFeed}, s)
		runFor(t, p, 4*time.Hour)
		if n := s.times("/a"); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

// TestRestlessFeed: a feed that gives the time at which it was made as that of
// its entries' change does not have its pages fetched for that; a new title does.
func TestRestlessFeed(t *testing.T) {
	for _, same := range []bool{true, false} {
		t.Run(fmt.Sprint("one time for all ", same), func(t *testing.T) {
			s := newSite(t, "127.0.0.1")
			made, title := 0, "Number 7"
			s.answer("/feed.xml", func(w http.ResponseWriter) {
				made++
				var items []string
				for i := range 12 {
					name := fmt.Sprint("Number ", i)
					if i == 7 {
						name = title
					}
					at := made * 60
					if !same {
						at += i
					}
					when := time.Date(2000, 1, 1, 0, 0, at, 0, time.UTC).Format(time.RFC3339)
					items = append(items, fmt.Sprintf("<entry><title>%s</title><link href='%s/%d'/><updated>%s</updated></entry>", name, s.base, i, when))
				}
				io.WriteString(w, "<feed xmlns='http://www.w3.org/2005/Atom'>"+strings.Join(items, "")+"</feed>")
			})
			for i := range 12 {
				s.story(fmt.Sprint("/", i))
			}
			inBubble(t, func(t *testing.T, now func() time.Time) {
				p := keepSites(t, now, []dateline.Source{oneFeed}, s)
				runFor(t, p, 4*time.Hour)
				for i := range 12 {
					if n := s.times(fmt.Sprint("/", i)); n != 1 {
						t.Errorf("%d was asked for %d times at %d visits", i, n, s.times("/feed.xml"))
					}
				}
				s.mu.Lock()
				title = "Number 7 and more"
				s.mu.Unlock()
				runFor(t, p, 4*time.Hour)
				if n, m := s.times("/7"), s.times("/8"); n != 2 || m != 1 {
					t.Errorf("after the title changed it was asked for %d times, another %d", n, m)
				}
			})
		})
	}
}

// TestMovedSource: a source that went to another site says where.
func TestMovedSource(t *testing.T) {
	for status, want := range map[int]string{
		301: "moved to http://127.0.0.2/feed: add that address",
		308: "moved to http://127.0.0.2/feed: add that address",
		302: "it leads to another site for now, http://127.0.0.2/feed",
	} {
		s := newSite(t, "127.0.0.1")
		s.answer("/feed.xml", func(w http.ResponseWriter) {
			w.Header().Set("Location", "http://127.0.0.2/feed")
			w.WriteHeader(status)
		})
		inBubble(t, func(t *testing.T, now func() time.Time) {
			p := keepSites(t, now, []dateline.Source{oneFeed}, s)
			runFor(t, p, time.Minute)
			if v := s.stateOf(t, p, "/feed.xml"); v.Error != want {
				t.Errorf("%d: %s", status, v.Error)
			}
		})
	}
}

// TestInterval: a source with news is asked often, one without seldom, within
// bounds, and none more often than its publisher wants.
func TestInterval(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	visits := 0
	news := func(more string) func(w http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			visits++
			io.WriteString(w, strings.ReplaceAll(feedOf(more, itemOf(fmt.Sprint("/", visits), "")), "BASE", s.base))
		}
	}
	s.answer("/feed.xml", news(""))
	s.answer("/slow.xml", news("<ttl>60</ttl>"))
	s.serve("/quiet.xml", feedOf(itemOf("/q", "")))
	inBubble(t, func(t *testing.T, now func() time.Time) {
		p := keepSites(t, now, []dateline.Source{oneFeed, {URL: "/slow.xml", Kind: dateline.SourceFeed}, {URL: "/quiet.xml", Kind: dateline.SourceFeed}}, s)
		runFor(t, p, 12*time.Hour)
		for path, bounds := range map[string][2]int{"/feed.xml": {12 * 11, 12*12 + 1}, "/slow.xml": {11, 13}, "/quiet.xml": {6, 12}} {
			if n := s.times(path); n < bounds[0] || n > bounds[1] {
				t.Errorf("%s was asked for %d times, want %v", path, n, bounds)
			}
			if v := s.stateOf(t, p, path); v.Every < 5*time.Minute || v.Every > 6*time.Hour {
				t.Errorf("%s: every %v", path, v.Every)
			}
		}
	})
}
