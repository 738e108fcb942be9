package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"context"
	"crypto/tls"

	"golang.org/x/net/html"

	"dateline/fetch"
	"dateline/internal/access"
	"dateline/internal/store"
	"dateline/internal/web"
)

// The names that others know the pages by, behind the proxy.
const (
	recordOrigin = "https://record.example"
	keptOrigin   = "https://kept.record.example"
	underPath    = "/news"
)

// proxied is a record behind a proxy that has it under a path, with a browser
// that logs in.
type proxied struct {
	*newsdesk
	client  *http.Client
	inner   []string            // addresses that nobody outside may be told
	outside map[string][]string // paths that were asked for and are not the record's
}

func newProxied(t *testing.T, strip bool) *proxied {
	t.Helper()
	p := &proxied{outside: map[string][]string{}}
	p.newsdesk = newNewsdesk(t, "desk@newsroom.example", "serve.base", underPath, "serve.public", recordOrigin, "serve.replay_public", keptOrigin, "serve.trusted_proxies", "127.0.0.1")
	kept := httptest.NewServer(p.front.servers[1].Handler)
	t.Cleanup(kept.Close)
	to := func(address string) *httputil.ReverseProxy {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		p.inner = append(p.inner, u.Host)
		return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(u)
			if strip {
				r.Out.URL.Path, r.Out.URL.RawPath = strings.TrimPrefix(r.Out.URL.Path, underPath), strings.TrimPrefix(r.Out.URL.RawPath, underPath)
			}
			r.SetXForwarded()
		}}
	}
	pages, frames := to(p.pages.URL), to(kept.URL)
	proxy := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Host == "kept.record.example":
			frames.ServeHTTP(w, r)
		case r.Host == "record.example" && (r.URL.Path == underPath || strings.HasPrefix(r.URL.Path, underPath+"/")):
			pages.ServeHTTP(w, r)
		default:
			http.Error(w, "another program", http.StatusTeapot)
		}
	}))
	t.Cleanup(proxy.Close)
	jar, _ := cookiejar.New(nil)
	p.client = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, proxy.Listener.Addr().String())
		}}}
	return p
}

func (p *proxied) ask(method, address string, form url.Values) (*http.Response, string) {
	p.t.Helper()
	req, err := http.NewRequest(method, address, strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	if method == "POST" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", recordOrigin)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	resp, err := p.client.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	p.check(address, resp, string(b))
	return resp, string(b)
}

// ownNames are addresses of the record's own names in any text.
var ownNames = regexp.MustCompile(`https?://(?:record|kept\.record)\.example[^\s"'<>\\)]*`)

// check reports what an answer says that does not lead through the proxy.
func (p *proxied) check(address string, resp *http.Response, body string) {
	p.t.Helper()
	if resp.StatusCode == http.StatusTeapot {
		p.t.Errorf("%s is another program's", address)
	}
	for _, k := range resp.Cookies() {
		if k.Path != underPath+"/" || !k.Secure {
			p.t.Errorf("%s: the cookie %s has the path %q, secure %v", address, k.Name, k.Path, k.Secure)
		}
	}
	for _, inner := range p.inner {
		if strings.Contains(body, inner) || strings.Contains(fmt.Sprint(resp.Header), inner) {
			p.t.Errorf("%s: names the inner address %s", address, inner)
		}
	}
	for _, a := range ownNames.FindAllString(body, -1) {
		p.inside(address, a)
	}
	if l := resp.Header.Get("Location"); l != "" {
		p.inside(address, p.absolute(address, l))
	}
	if csp := resp.Header.Get("Content-Security-Policy"); strings.HasPrefix(address, recordOrigin) && !strings.Contains(csp, "frame-src "+keptOrigin+";") && !strings.Contains(csp, "frame-src 'none'") && strings.Contains(csp, "frame-src") {
		p.t.Errorf("%s: policy %s", address, csp)
	}
}

func (p *proxied) absolute(page, link string) string {
	base, err := url.Parse(page)
	if err != nil {
		p.t.Fatal(err)
	}
	u, err := base.Parse(link)
	if err != nil {
		return link
	}
	u.Fragment = ""
	return u.String()
}

// inside reports an address of the record's host that is not under the path.
func (p *proxied) inside(page, address string) bool {
	p.t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Host != "record.example" && u.Host != "kept.record.example" {
		return false
	}
	// An origin alone says who may ask or frame.
	if u.Scheme != "https" || u.Host == "record.example" && u.Path != "" && u.Path != underPath && !strings.HasPrefix(u.Path, underPath+"/") {
		p.t.Errorf("%s: %s leads past the proxy's path", page, address)
		return false
	}
	return u.Host == "record.example"
}

// links are all addresses of a page's markup, by whether they are followed.
func (p *proxied) links(page, body string) (follow []string) {
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			switch a.Key {
			case "href", "src", "action", "formaction", "data-hx-get", "data-hx-post", "data-base", "data-src", "poster", "data-hx-push-url", "content":
			default:
				continue
			}
			if a.Key == "content" && !strings.HasPrefix(a.Val, "/") || a.Key == "data-hx-push-url" && (a.Val == "true" || a.Val == "false") {
				continue
			}
			at := p.absolute(page, a.Val)
			if n.Data == "iframe" {
				if !strings.HasPrefix(at, keptOrigin+"/") {
					p.t.Errorf("%s: a frame of %s", page, at)
				}
				follow = append(follow, at)
				continue
			}
			if p.inside(page, at) && (a.Key == "href" || a.Key == "src" || a.Key == "data-hx-get") {
				follow = append(follow, at)
			}
		}
	}
	return follow
}

// TestBehindProxy goes through all pages as a browser has them behind a proxy
// that has them under a path, which it keeps or takes off.
func TestBehindProxy(t *testing.T) {
	for _, strip := range []bool{false, true} {
		t.Run(fmt.Sprint("strip=", strip), func(t *testing.T) { throughProxy(t, strip) })
	}
}

func throughProxy(t *testing.T, strip bool) {
	p := newProxied(t, strip)
	o := p.farm.Outlets()[0]
	ctx := t.Context()
	d, err := p.r.pipeline.Discover(ctx, o.Home, time.Time{}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.r.store.PutOutlet(ctx, d.Outlet, fetch.Domain); err != nil {
		t.Fatal(err)
	}
	if err := p.r.pipeline.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	home := recordOrigin + underPath + "/"
	// Without users nobody is let in from elsewhere, whatever the proxy says.
	if resp, _ := p.ask("GET", home, nil); resp.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("without users: %s", resp.Status)
	}
	guard := &access.Guard{Users: p.r.store, Now: time.Now}
	if _, err := guard.AddUser(ctx, "ada", access.Admin, "a ferry at the quay"); err != nil {
		t.Fatal(err)
	}
	resp, _ := p.ask("GET", home+"figures?q=x", nil)
	if got := resp.Header.Get("Location"); got != underPath+"/login?to=%2Ffigures%3Fq%3Dx" {
		t.Errorf("to log in one goes to %q", got)
	}
	resp, _ = p.ask("POST", home+"login", url.Values{"user": {"ada"}, "password": {"a ferry at the quay"}, "to": {"/figures?q=x"}})
	if got := resp.Header.Get("Location"); got != underPath+"/figures?q=x" || len(resp.Cookies()) != 1 {
		t.Fatalf("after the login one is at %q, %s", got, resp.Status)
	}
	// What is to be there for pages without content.
	forms := []struct {
		path string
		form url.Values
	}{
		{"searches", url.Values{"query": {"has:figure"}, "name": {"figures"}, "webhook": {"https://hook.example/"}}},
		{"collections", url.Values{"name": {"Floods"}, "query": {"has:figure"}}},
		{"settings", url.Values{"language": {""}, "zone": {""}, "theme": {""}}},
		{"outlets/preview", url.Values{"address": {o.Home}, "since": {"all"}}},
		{"users", url.Values{"name": {"bo"}, "role": {"reader"}, "password": {"a ferry at the quay"}}},
		{"account/tokens", url.Values{"name": {"wire"}, "scope": {"look"}, "days": {"30"}}},
	}
	queue := []string{home, recordOrigin + underPath, home + "nowhere", home + "new?since=1", home + "figures", home + "figures.csv", home + "feed/atom", home + "feed/rss", home + "feed/json", home + "starred", home + "metrics",
		home + "healthz", home + "login", home + "confirm", home + "account", home + "users", home + "help/query", home + "settings/health", home + "outlets.opml", home + "api", home + "api/", home + "api/openapi.json", home + "api/nothing", home + "api/v1/nothing"}
	for _, f := range forms {
		resp, body := p.ask("POST", home+f.path, f.form)
		if resp.StatusCode != http.StatusSeeOther && resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %s %s", f.path, resp.Status, body)
		}
		if l := resp.Header.Get("Location"); l != "" {
			queue = append(queue, p.absolute(home, l))
		}
	}
	searches, err := p.r.store.ListSearches(ctx, -1)
	if err != nil || len(searches) != 1 {
		t.Fatal(searches, err)
	}
	queue = append(queue, home+"searches/"+searches[0].ID)
	for h, err := range p.r.store.List(ctx, store.Options{Limit: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		queue = append(queue, home+"article/"+h.Page.ID+"/versions")
	}
	pages, err := web.New(web.Options{})
	if err != nil {
		t.Fatal(err)
	}
	routes, times := http.NewServeMux(), map[string]int{}
	for _, r := range pages.Routes() {
		if r.Method == http.MethodGet {
			routes.HandleFunc(r.Pattern(underPath), func(http.ResponseWriter, *http.Request) {})
			times[r.Pattern(underPath)] = 0
		}
	}
	seen := map[string]bool{}
	asked, frames := 0, 0
	for ; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		u, err := url.Parse(at)
		if err != nil || seen[at] {
			continue
		}
		seen[at] = true
		_, route := routes.Handler(&http.Request{Method: http.MethodGet, URL: u, Host: "x"})
		if route != "" && times[route] >= 4 || asked > 400 {
			continue
		}
		times[route]++
		asked++
		resp, body := p.ask("GET", at, nil)
		if resp.StatusCode >= 500 {
			t.Errorf("%s: %s", at, resp.Status)
		}
		kind := resp.Header.Get("Content-Type")
		if l := resp.Header.Get("Location"); l != "" {
			queue = append(queue, p.absolute(at, l))
		}
		switch {
		case u.Host == "kept.record.example":
			frames++
			if !strings.Contains(resp.Header.Get("Content-Security-Policy"), "frame-ancestors "+recordOrigin) || resp.StatusCode != 200 {
				t.Errorf("a kept page: %s, %s", resp.Status, resp.Header.Get("Content-Security-Policy"))
			}
		case strings.HasPrefix(kind, "text/html"):
			queue = append(queue, p.links(at, body)...)
		case strings.HasPrefix(kind, "text/css"):
			if strings.Contains(strings.ReplaceAll(body, "url(data:", ""), "url(/") {
				t.Errorf("%s: a style asks for a path", at)
			}
		}
		switch strings.TrimPrefix(u.Path, underPath) {
		case "/api/openapi.json":
			var doc struct{ Servers []struct{ URL string } }
			if err := json.Unmarshal([]byte(body), &doc); err != nil || len(doc.Servers) != 1 || p.absolute(at, doc.Servers[0].URL) != recordOrigin+underPath+"/api" {
				t.Errorf("%s: servers %+v, %v", at, doc.Servers, err)
			}
		case "/feed/atom", "/feed/rss", "/feed/json":
			if !strings.Contains(body, home+"article/") {
				t.Errorf("%s has no address of an article: %.500s", at, body)
			}
		}
	}
	for _, r := range slices.Sorted(maps.Keys(times)) {
		if times[r] == 0 && !strings.Contains(r, "/editions/") && !strings.Contains(r, "/organization/") && !strings.Contains(r, "/person/") && !strings.Contains(r, "/place/") {
			t.Errorf("there was no page of %s", r)
		}
	}
	if frames == 0 {
		t.Error("no kept page was shown")
	}
	resp, _ = p.ask("POST", home+"logout", nil)
	if got := resp.Header.Get("Location"); got != underPath+"/login" {
		t.Errorf("after the logout one is at %q", got)
	}
	// Who is no proxy of ours is not believed: its users would be whom they say.
	for header, value := range map[string]string{"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"} {
		w, r := httptest.NewRecorder(), httptest.NewRequest("GET", underPath+"/outlets?q="+header, nil)
		r.RemoteAddr, r.Host = "198.51.100.9:1", "record.example"
		r.Header.Set(header, value)
		p.front.servers[0].Handler.ServeHTTP(w, r)
		if strings.Contains(fmt.Sprint(w.Header(), w.Body), "evil.example") {
			t.Errorf("%s is believed", header)
		}
	}
	t.Logf("%d pages, %d frames", asked, frames)
}
