package pipeline_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
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
