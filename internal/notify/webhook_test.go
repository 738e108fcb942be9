package notify

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/loopback"
)

// TestWebhookKept: an address often has a secret in it, so no error, which is
// logged, has the address.
func TestWebhookKept(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close() // nobody is there
	for _, g := range []fetch.Guard{{}, {AllowPrivate: true}} {
		err := NewWebhooks(g, "test", time.Now).Post(t.Context(), "http://"+l.Addr().String()+"/hook/s3cret?key=s3cret", "secret", Message{})
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Error(err)
		}
	}
}

// TestRebinding posts to names that lead inside: at once, beside an address that
// may be asked, by a redirect, and the second time they are looked up.
func TestRebinding(t *testing.T) {
	var inside atomic.Int32
	canary := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inside.Add(1) }))
	defer canary.Close()
	port := netip.MustParseAddrPort(canary.Listener.Addr().String()).Port()
	// One that may be asked, on the port of the one that may not.
	l, err := net.Listen("tcp", netip.AddrPortFrom(netip.MustParseAddr("127.0.0.2"), port).String())
	if err != nil {
		t.Skipf("this machine has no 127.0.0.2: %v", err)
	}
	outside := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/redirect" {
			http.Redirect(w, r, canary.URL, http.StatusPermanentRedirect)
		}
	})}
	go outside.Serve(l)
	defer outside.Close()
	w := NewWebhooks(fetch.Guard{Allow: []netip.AddrPort{netip.MustParseAddrPort(l.Addr().String())}}, "test", time.Now)
	w.dialer.Resolver = loopback.Names(t, map[string][]string{
		"inner.test":  {"127.0.0.1"},
		"rebind.test": {"127.0.0.2", "127.0.0.1"},
		"both.test":   {"127.0.0.1 127.0.0.2"},
		"outer.test":  {"127.0.0.2"},
	})
	for _, x := range []struct {
		address string
		taken   bool
	}{
		{"inner.test", false}, {"rebind.test", true}, {"rebind.test", false}, {"both.test", true}, {"outer.test", true}, {"outer.test/redirect", false},
	} {
		host, path, _ := strings.Cut(x.address, "/")
		err := w.Post(t.Context(), "http://"+net.JoinHostPort(host, strconv.Itoa(int(port)))+"/"+path, "secret", Message{})
		if (err == nil) != x.taken {
			t.Errorf("%s: %v", x.address, err)
		}
		if host != "outer.test" && err != nil && !errors.Is(err, dateline.ErrRefused) {
			t.Errorf("%s: %v", x.address, err)
		}
	}
	if n := inside.Load(); n != 0 {
		t.Errorf("the canary was asked %d times", n)
	}
}
