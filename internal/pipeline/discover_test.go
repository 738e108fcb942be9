package pipeline_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"dateline"
)

// serveOn serves on a loopback address of its own, as another domain would.
func serveOn(t *testing.T, address string, h http.Handler) (*httptest.Server, netip.AddrPort) {
	t.Helper()
	l, err := net.Listen("tcp", address+":0")
	if err != nil {
		t.Skipf("no second loopback address: %v", err)
	}
	s := httptest.NewUnstartedServer(h)
	s.Listener.Close()
	s.Listener = l
	s.Start()
	t.Cleanup(s.Close)
	return s, netip.MustParseAddrPort(l.Addr().String())
}

// TestDiscoverFeedService: the home of a feed that stands on a service is where
// its pages are, and pages elsewhere are not counted as what would be followed.
func TestDiscoverFeedService(t *testing.T) {
	outlet, at := serveOn(t, "127.0.3.1", http.NotFoundHandler())
	rss := fmt.Sprintf(`<rss version="2.0"><channel><title>Tarn Valley News</title><link>%[1]s/news</link>
<item><title>Bridge closed after flood</title><link>%[1]s/news/bridge</link></item>
<item><title>School roof mended</title><link>%[1]s/news/roof</link></item>
<item><title>From elsewhere</title><link>http://elsewhere.example/x</link></item></channel></rss>`, outlet.URL)
	mux := http.NewServeMux()
	mux.HandleFunc("/tarn.xml", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, rss) })
	service, there := serveOn(t, "127.0.3.2", mux)

	p := keep(t, t.TempDir(), nil, time.Millisecond)
	p.Client.Guard.Allow = []netip.AddrPort{at, there}
	d, err := p.Discover(t.Context(), service.URL+"/tarn.xml", time.Time{}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	if d.Outlet.Home != outlet.URL+"/news" || d.Outlet.Name != "Tarn Valley News" || d.Listed != 2 {
		t.Errorf("home %s, name %s, %d listed", d.Outlet.Home, d.Outlet.Name, d.Listed)
	}
}

// TestDiscoverArticle: the address of an article leads to the outlet whose
// article it is, by what its page and the front page of its site name.
func TestDiscoverArticle(t *testing.T) {
	const head = `<!doctype html><html lang="en"><head><title>Bridge closed after flood | Tarn Valley News</title>%s</head><body>
<article><h1>Bridge closed after flood</h1>%s</article></body></html>`
	text := strings.Repeat("<p>The county closed the bridge over the Tarn on Monday, after the flood had taken two of its piers and 41 people were brought to safety by boat.</p>", 5)
	feedOf := func(title, path string) string {
		return `<rss version="2.0"><channel><title>` + title + `</title><item><title>One</title><link>` + path + `</link></item></channel></rss>`
	}
	front := `<html lang="en"><head><title>Tarn Valley News</title><meta property="og:site_name" content="Tarn Valley News">%s</head><body><h1>News</h1></body></html>`
	link := func(path string) string {
		return `<link rel="alternate" type="application/rss+xml" href="` + path + `">`
	}
	for _, x := range []struct {
		name, page, home string // what each has in its head; home may be "none"
		feeds            []string
		want             []string // followed
	}{
		{"the front page names a feed", "", link("/all.xml"), []string{"/all.xml"}, []string{"/all.xml"}},
		{"the article names one", link("/valley.xml"), "", []string{"/valley.xml"}, []string{"/valley.xml"}},
		{"both do", link("/valley.xml"), link("/all.xml"), []string{"/all.xml", "/valley.xml"}, []string{"/all.xml", "/valley.xml"}},
		{"there is no front page", link("/valley.xml"), "none", []string{"/valley.xml"}, []string{"/valley.xml"}},
		{"a usual address", "", "none", []string{"/rss.xml"}, []string{"/rss.xml"}},
		{"nothing", "", "", nil, nil},
	} {
		t.Run(x.name, func(t *testing.T) {
			mux := http.NewServeMux()
			mux.HandleFunc("/2025/03/bridge-closed-after-flood", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, head, x.page, text) })
			if x.home != "none" {
				mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, front, x.home) })
			}
			for _, path := range x.feeds {
				mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, feedOf("Feed "+path, "/story"+path)) })
			}
			outlet, at := serveOn(t, "127.0.3.3", mux)
			p := keep(t, t.TempDir(), nil, time.Millisecond)
			p.Client.Guard.Allow = []netip.AddrPort{at}
			d, err := p.Discover(t.Context(), outlet.URL+"/2025/03/bridge-closed-after-flood", time.Time{}, func(string) {})
			if (len(x.want) == 0) != errors.Is(err, dateline.ErrNotFound) || err != nil && len(x.want) > 0 || d == nil {
				t.Fatalf("%v", err)
			}
			if d.Article != "Bridge closed after flood" || d.Page != outlet.URL+"/2025/03/bridge-closed-after-flood" {
				t.Errorf("article %q at %s", d.Article, d.Page)
			}
			if d.Outlet.Home != outlet.URL+"/" || d.Outlet.Name != "Tarn Valley News" {
				t.Errorf("home %s, name %q", d.Outlet.Home, d.Outlet.Name)
			}
			var got []string
			for _, s := range d.Outlet.Sources {
				got = append(got, strings.TrimPrefix(s.URL, outlet.URL))
			}
			if strings.Join(got, " ") != strings.Join(x.want, " ") {
				t.Errorf("follows %v, want %v; tried %+v", got, x.want, d.Tried)
			}
		})
	}
}
