package pipeline_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/archive"
	"dateline/internal/store/sqlite"
)

// quietFeeds is a server of feeds that have nothing new after the first visit.
// It counts full answers and those that nothing has changed.
type quietFeeds struct {
	full, unchanged, other atomic.Int64
	entries                int
}

func (q *quietFeeds) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/robots.txt":
		fmt.Fprint(w, "User-agent: *\nAllow: /\n")
	case r.URL.Path != "/feed.xml":
		q.other.Add(1)
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<title>Story %[1]s</title><article><h1>Story %[1]s</h1><p>The ferry between the two islands sails again, after a week in which nobody could cross.</p></article>", r.URL.Path)
	case r.Header.Get("If-None-Match") == `"1"`:
		q.unchanged.Add(1)
		w.WriteHeader(http.StatusNotModified)
	default:
		q.full.Add(1)
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Content-Type", "application/rss+xml")
		var b strings.Builder
		b.WriteString(`<rss version="2.0"><channel><title>News</title>`)
		for n := range q.entries {
			fmt.Fprintf(&b, "<item><title>Story %d</title><link>http://%s/%d</link></item>", n, r.Host, n)
		}
		b.WriteString("</channel></rss>")
		fmt.Fprint(w, b.String())
	}
}

// listenOwn serves on so many addresses of loopback.
func listenOwn(t *testing.T, h http.Handler, n int) (all []netip.AddrPort) {
	t.Helper()
	for i := range n {
		l, err := net.Listen("tcp", fmt.Sprintf("127.40.%d.%d:0", i/250, 1+i%250))
		if err != nil {
			t.Skipf("only one address of loopback is to be had here: %v", err)
		}
		s := &httptest.Server{Listener: l, Config: &http.Server{Handler: h}}
		s.Start()
		t.Cleanup(s.Close)
		all = append(all, l.Addr().(*net.TCPAddr).AddrPort())
	}
	return all
}

// TestKnownFeed visits a feed of 100 known entries: it costs one conditional
// request and one write, of its state.
func TestKnownFeed(t *testing.T) {
	q := &quietFeeds{entries: 100}
	at := listenOwn(t, q, 1)
	synctest.Test(t, func(t *testing.T) {
		var disk atomic.Int64
		dir := t.TempDir()
		p := keepWith(t, dir, nil, 0, archive.Options{Fault: func(string) error { disk.Add(1); return nil }}, sqlite.Options{})
		p.Client.Guard = fetch.Guard{Allow: at}
		p.Options.Revisits = []time.Duration{}
		p.Options.Interval, p.Options.MinInterval, p.Options.MaxInterval = 30*time.Minute, 30*time.Minute, 30*time.Minute
		src := dateline.Source{URL: "http://" + at[0].String() + "/feed.xml", Kind: dateline.SourceFeed}
		if err := p.Store.PutOutlet(t.Context(), dateline.Outlet{ID: "quiet", Home: "http://" + at[0].String() + "/", Sources: []dateline.Source{src}}, fetch.Domain); err != nil {
			t.Fatal(err)
		}
		runFor(t, p, 29*time.Minute)
		if q.full.Load() != 1 || q.other.Load() != 100 {
			t.Fatalf("%d feeds, %d pages before", q.full.Load(), q.other.Load())
		}
		disk.Store(0)
		log := logSize(t, dir)
		runFor(t, p, 20*time.Minute)
		if q.full.Load() != 1 || q.other.Load() != 100 || q.unchanged.Load() != 1 {
			t.Errorf("%d whole feeds, %d conditional requests, %d pages", q.full.Load(), q.unchanged.Load(), q.other.Load())
		}
		if n := disk.Load(); n != 0 {
			t.Errorf("%d changes of the archive", n)
		}
		// The unit is taken, and ends with the state of source and host: two
		// commits of a few pages of 4 KiB.
		grown := logSize(t, dir) - log
		t.Logf("the database's log grew by %d bytes", grown)
		if grown > 20<<12 {
			t.Errorf("the database's log grew by %d bytes", grown)
		}
	})
}

// TestQuiet follows 1,000 feeds, each asked every ten minutes, without news.
func TestQuiet(t *testing.T) {
	feeds, hours := 1000, 1
	if testing.Short() {
		feeds, hours = 100, 1
	}
	q := &quietFeeds{entries: 0}
	at := listenOwn(t, q, feeds)
	synctest.Test(t, func(t *testing.T) {
		p := keep(t, t.TempDir(), nil, 0)
		p.Client.Guard = fetch.Guard{Allow: at}
		p.Options.Interval, p.Options.MinInterval, p.Options.MaxInterval = 10*time.Minute, 10*time.Minute, 10*time.Minute
		for n, a := range at {
			home := "http://" + a.String() + "/"
			if err := p.Store.PutOutlet(t.Context(), dateline.Outlet{ID: fmt.Sprint("quiet", n), Home: home, Sources: []dateline.Source{{URL: home + "feed.xml", Kind: dateline.SourceFeed}}}, fetch.Domain); err != nil {
				t.Fatal(err)
			}
		}
		runFor(t, p, 9*time.Minute)
		before, asked := cpu(t), q.unchanged.Load()
		runFor(t, p, time.Duration(hours)*time.Hour)
		took, n := cpu(t)-before, q.unchanged.Load()-asked
		share := took.Seconds() / (time.Duration(hours) * time.Hour).Seconds()
		t.Logf("%d requests in %d hours: %v of a processor with the servers' own, %v each, %.2f%% of a core", n, hours, took.Round(time.Millisecond), (took / time.Duration(max(n, 1))).Round(time.Microsecond), 100*share)
		if want := int64(feeds * hours * 5); n < want {
			t.Errorf("only %d requests, want %d", n, want)
		}
		if share > .02 {
			t.Errorf("%.2f%% of a core", 100*share)
		}
	})
}

// logSize is how much of the database's write-ahead log is in use: it is begun
// anew now and then, but not by the few writes of a test.
func logSize(t *testing.T, dir string) int64 {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, "dateline.db-wal"))
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
