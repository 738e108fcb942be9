package pipeline_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline"
	"dateline/feed"
	"dateline/fetch"
	"dateline/internal/loopback"
)

// TestInnerAddresses leads the program to an inner address in every way an
// outlet, a list or a name server can, and has a listener there that must not
// be connected to.
func TestInnerAddresses(t *testing.T) {
	outer, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := outer.Addr().(*net.TCPAddr).AddrPort()
	// The same port, so that a name can lead to either.
	inner, err := net.Listen("tcp", fmt.Sprintf("127.66.6.6:%d", at.Port()))
	if err != nil {
		t.Skipf("only one address of loopback is to be had here: %v", err)
	}
	can := loopback.NewCanary(t, inner)
	port := at.Port()
	literals := []string{
		fmt.Sprintf("http://127.66.6.6:%d", port), fmt.Sprintf("http://[::ffff:127.66.6.6]:%d", port),
		fmt.Sprintf("http://2135033350:%d", port), fmt.Sprintf("http://0x7f420606:%d", port), fmt.Sprintf("http://0177.66.6.6:%d", port),
		"http://10.0.0.1", "http://169.254.169.254", "http://[fd00::1]",
	}
	var mu sync.Mutex
	seen := map[string]bool{}
	var entries []string
	own := func(name string) string { return fmt.Sprintf("http://%s:%d", name, port) }
	srv := &httptest.Server{Listener: outer, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, _, _ := net.SplitHostPort(r.Host)
		mu.Lock()
		seen[name+r.URL.Path] = true
		mu.Unlock()
		switch {
		case r.URL.Path == "/robots.txt" && name == "robots.test":
			http.Redirect(w, r, literals[0]+"/robots.txt", http.StatusFound)
		case r.URL.Path == "/feed.xml":
			w.Header().Set("Content-Type", "application/rss+xml")
			fmt.Fprint(w, `<rss version="2.0"><channel><title>News</title>`)
			for n, e := range entries {
				fmt.Fprintf(w, "<item><title>Story %d</title><link>%s</link></item>", n, strings.ReplaceAll(e, "&", "&amp;"))
			}
			fmt.Fprint(w, "</channel></rss>")
		case r.URL.Path == "/sitemap.xml":
			w.Header().Set("Content-Type", "application/xml")
			fmt.Fprintf(w, `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>%s/map.xml</loc></sitemap><sitemap><loc>%s/map.xml</loc></sitemap></sitemapindex>`, literals[0], own("inner.test"))
		case strings.HasPrefix(r.URL.Path, "/to/"):
			http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	})}}
	srv.Start()
	defer srv.Close()

	p := keep(t, t.TempDir(), nil, time.Millisecond)
	p.Client.Guard = fetch.Guard{Allow: []netip.AddrPort{at}}
	p.Client.Resolver = loopback.Names(t, map[string][]string{
		"outlet.test": {"127.0.0.1"}, "robots.test": {"127.0.0.1"}, "inner.test": {"127.66.6.6"}, "both.test": {"127.0.0.1 127.66.6.6"},
		"rebind.test": {"127.0.0.1", "127.66.6.6"}, "turn.test": {"127.0.0.1", "127.0.0.1", "127.66.6.6"},
	})
	for n, l := range literals {
		entries = append(entries, l+"/story", fmt.Sprintf("%s/to/%d?to=%s", own("outlet.test"), n, url.QueryEscape(l+"/x")))
	}
	entries = append(entries, own("inner.test")+"/story", own("robots.test")+"/story", own("rebind.test")+"/story", own("turn.test")+"/story",
		own("outlet.test")+"/to/name?to="+url.QueryEscape(own("inner.test")+"/x"), own("outlet.test")+"/to/file?to="+url.QueryEscape("file:///etc/passwd"))

	add := func(o dateline.Outlet) {
		t.Helper()
		k, err := dateline.PageKey(o.Home)
		if err != nil {
			return
		}
		o.ID = dateline.OutletID(k)
		if err := p.Store.PutOutlet(t.Context(), o, fetch.Domain); err != nil {
			t.Fatal(err)
		}
	}
	add(dateline.Outlet{Home: own("outlet.test") + "/", Sources: []dateline.Source{
		{URL: own("outlet.test") + "/feed.xml", Kind: dateline.SourceFeed}, {URL: own("outlet.test") + "/sitemap.xml", Kind: dateline.SourceSitemap},
		{URL: literals[0] + "/feed.xml", Kind: dateline.SourceFeed}, {URL: own("inner.test") + "/sitemap.xml", Kind: dateline.SourceSitemap},
	}})
	var opml, list, archive strings.Builder
	opml.WriteString(`<opml version="2.0"><body>`)
	for n, l := range literals {
		fmt.Fprintf(&opml, `<outline type="rss" text="%d" xmlUrl="%s/opml.xml" htmlUrl="%s/"/>`, n, l, l)
		fmt.Fprintf(&list, "{\"url\": %q}\n%s/line\n", l+"/json", l)
		page := "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Hello"
		fmt.Fprintf(&archive, "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-00000000000%d>\r\nWARC-Date: 2026-01-02T03:04:05Z\r\nWARC-Target-URI: %s/kept\r\nContent-Type: application/http;msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", n, l, len(page), page)
	}
	// A feed is not believed about pages of other sites; a list of addresses is.
	for _, name := range []string{"inner.test", "robots.test", "rebind.test", "turn.test"} {
		fmt.Fprintln(&list, own(name)+"/story")
	}
	opml.WriteString(`</body></opml>`)
	outlets, err := feed.ReadOPML(strings.NewReader(opml.String()))
	if err != nil || len(outlets) == 0 {
		t.Fatal(outlets, err)
	}
	for _, o := range outlets {
		add(o)
	}
	none := func(string) string { return "" }
	if sum, err := p.ImportAddresses(t.Context(), strings.NewReader(list.String()), none, func(err error) { t.Log(err) }); err != nil || sum.Pages == 0 {
		t.Errorf("addresses: %+v, %v", sum, err)
	}
	if sum, err := p.ImportWARC(t.Context(), strings.NewReader(archive.String()), none, func(err error) { t.Log(err) }, func(int64) {}); err != nil || sum.Pages == 0 {
		t.Errorf("archive: %+v, %v", sum, err)
	}
	for _, home := range append([]string{own("inner.test"), own("both.test"), own("turn.test")}, literals...) {
		if d, err := p.Discover(t.Context(), home+"/", time.Time{}, func(string) {}); err == nil && len(d.Outlet.Sources) > 0 && !strings.Contains(home, "both") {
			t.Errorf("%s: discovered %+v", home, d.Outlet)
		}
	}
	if err := p.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	can.Untouched(t, "an outlet, a list or a name")
	for _, path := range []string{"outlet.test/feed.xml", "outlet.test/sitemap.xml", "outlet.test/to/0", "outlet.test/to/name", "robots.test/robots.txt", "rebind.test/robots.txt"} {
		if !seen[path] {
			t.Errorf("%s was not asked for, so the test shows nothing of it", path)
		}
	}
}
