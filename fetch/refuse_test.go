package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"dateline"
	"dateline/internal/loopback"
)

// tricks are addresses that lead to a canary's port on this machine, or to
// something that is not http, however they are written.
func tricks(port string) []string {
	var list []string
	for _, host := range []string{
		"127.0.0.1", "127.0.0.2", "127.1", "127.0.0.1.", "2130706433", "0x7f.1", "0x7f000001", "0x7F.0.0.0x1",
		"017700000001", "0177.0.0.1", "0.0.0.0", "0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
		"[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1%25lo]", "localhost", "LOCALHOST",
		"localhost.", "１２７.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "%31%32%37.0.0.1", "example.org@127.0.0.1",
		"inner.test", "half.test",
	} {
		h := host + ":" + port
		list = append(list, "http://"+h+"/", "https://"+h+"/")
	}
	for _, scheme := range []string{"file", "gopher", "ftp", "dict", "ws", "unix", "jar:http"} {
		list = append(list, scheme+"://127.0.0.1:"+port+"/_x")
	}
	return append(list, "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "view-source:http://127.0.0.1:"+port,
		"http://127.0.0.1:"+port+"\\@example.org/", "http://127.0.0.1:"+port+"/\r\nHost: example.org")
}

var innerAnswers = map[string][]string{
	"inner.test": {"127.0.0.1"},
	"half.test":  {"10.0.0.1 127.0.0.1"},
}

func TestTricks(t *testing.T) {
	can, port := newCanary(t)
	var location string
	s, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Location"] = []string{location}
		w.WriteHeader(http.StatusFound)
	})
	c.Resolver = loopback.Names(t, innerAnswers)
	for _, trick := range tricks(port) {
		location = trick
		for _, asked := range []string{trick, s.URL} {
			ex, err := c.Get(context.Background(), asked)
			refused := errors.Is(err, dateline.ErrRefused) || errors.Is(err, dateline.ErrInvalid) ||
				// Not every machine's hosts file has the name with a full stop.
				strings.Contains(trick, "localhost.") && errors.Is(err, dateline.ErrNotFound)
			if !refused || ex != nil {
				t.Errorf("%q, asking %s: got %v, %v", trick, asked, ex, err)
			}
		}
		can.Untouched(t, trick)
	}
}

// The name is public when it is looked at and inner when it is connected to:
// once between a program's own look-up and the fetch, once between two hops.
func TestRebinding(t *testing.T) {
	can, port := newCanary(t)
	c := &Client{Resolver: loopback.Names(t, map[string][]string{"rebind.test": {"8.8.8.8", "127.0.0.1"}})}
	first, err := c.Resolver.LookupNetIP(context.Background(), "ip4", "rebind.test")
	if err != nil || len(first) != 1 || c.Guard.Check(netip.AddrPortFrom(first[0], 80)) != nil {
		t.Fatalf("the first answer is %v, %v, want one that is admitted", first, err)
	}
	_, err = c.Get(context.Background(), "http://rebind.test:"+port+"/")
	if want := "get http://rebind.test:" + port + "/: address 127.0.0.1 is loopback: refused"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	can.Untouched(t, "second answer")

	s, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://rebind.test:"+port+"/", http.StatusFound)
	})
	host := addrPort(s.Listener).Addr().String()
	c.Resolver = loopback.Names(t, map[string][]string{"rebind.test": {host, "127.0.0.1"}})
	_, err = c.Get(context.Background(), fmt.Sprintf("http://rebind.test:%d/", addrPort(s.Listener).Port()))
	if _, ok := errors.AsType[*AddressError](err); !ok || !strings.Contains(err.Error(), "redirect to http://rebind.test:") {
		t.Errorf("got %v, want an AddressError at the redirect", err)
	}
	can.Untouched(t, "second hop")
}

func TestAllowPrivate(t *testing.T) {
	s, c := serve(t, func(w http.ResponseWriter, r *http.Request) {})
	c.Guard = Guard{}
	_, err := c.Get(context.Background(), s.URL)
	if e, ok := errors.AsType[*AddressError](err); !ok || !e.Private {
		t.Errorf("got %v, want an AddressError that AllowPrivate would lift", err)
	}
	c.Guard.AllowPrivate = true
	if _, err := c.Get(context.Background(), s.URL); err != nil {
		t.Error(err)
	}
}

func TestNoProxyFromEnvironment(t *testing.T) {
	can, _ := newCanary(t)
	for _, v := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"} {
		t.Setenv(v, "http://"+can.Addr)
	}
	s, c := serve(t, func(w http.ResponseWriter, r *http.Request) {})
	c.Resolver = loopback.Names(t, map[string][]string{"site.test": {"127.0.0.1"}})
	if _, err := c.Get(context.Background(), strings.Replace(s.URL, "127.0.0.1", "site.test", 1)); err != nil {
		t.Error(err)
	}
	can.Untouched(t, "proxy of the environment")
}

func TestProxy(t *testing.T) {
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.RequestURI)
		switch {
		case r.Method == http.MethodConnect:
			w.WriteHeader(http.StatusForbidden)
		case r.URL.Path == "/inner":
			http.Redirect(w, r, "http://10.0.0.1/", http.StatusFound)
		}
	}))
	defer proxy.Close()
	u, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := &Client{Proxy: u, Resolver: loopback.Names(t, nil), Limits: Limits{Total: 10 * time.Second}}
	if ex, err := c.Get(context.Background(), "http://site.test/a"); err != nil || ex.Status != 200 {
		t.Errorf("through the proxy: got %v, %v", ex, err)
	}
	if got := strings.Join(asked, ","); got != "GET http://site.test/a" {
		t.Errorf("the proxy was asked for %s", got)
	}
	if _, err := c.Get(context.Background(), "http://site.test/inner"); !errors.Is(err, dateline.ErrRefused) {
		t.Errorf("redirect to an inner address: %v", err)
	}
	_, err = c.Get(context.Background(), "https://site.test/")
	if !errors.Is(err, dateline.ErrRefused) || !strings.Contains(err.Error(), "proxy answered 403 Forbidden") {
		t.Errorf("proxy that declines: %v", err)
	}
	asked = nil
	for _, address := range append(tricks("80"), "http://metadata.internal/", "http://printer.local/", "http://a.localhost/") {
		if strings.Contains(address, ".test") {
			continue // What a name leads to is for the proxy to know.
		}
		if _, err := c.Get(context.Background(), address); !errors.Is(err, dateline.ErrRefused) && !errors.Is(err, dateline.ErrInvalid) {
			t.Errorf("%s: %v", address, err)
		}
	}
	if len(asked) > 0 {
		t.Errorf("the proxy was asked for %q", asked)
	}
}
