package main

import (
	"database/sql"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"dateline/fetch"
	"dateline/internal/access"
	"dateline/internal/api"
	"dateline/internal/store"
	"dateline/internal/web"
)

// audited is a record with articles, as it is served, with all its routes.
type audited struct {
	*newsdesk
	db     *sql.Conn
	routes []api.Route
	fill   *strings.Replacer // of what stands for ids in routes
}

func newAudited(t *testing.T) *audited {
	t.Helper()
	ctx := t.Context()
	a := &audited{newsdesk: newNewsdesk(t, "desk@newsroom.example")}
	d, err := a.r.pipeline.Discover(ctx, a.farm.Outlets()[0].Home, time.Time{}, func(string) {})
	if err == nil {
		err = a.r.store.PutOutlet(ctx, d.Outlet, fetch.Domain)
	}
	if err == nil {
		err = a.r.pipeline.Drain(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
	article := ""
	for h, err := range a.r.store.List(ctx, store.Options{Limit: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		article = h.Page.ID
	}
	s, err := a.r.store.PutSearch(ctx, store.SavedSearch{Name: "x", Query: "has:figure"})
	if err != nil {
		t.Fatal(err)
	}
	a.fill = strings.NewReplacer("/outlet/{id}", "/outlet/"+d.Outlet.ID, "/outlets/{id}", "/outlets/"+d.Outlet.ID, "/article/{id}", "/article/"+article, "/articles/{id}", "/articles/"+article, "/searches/{id}", "/searches/"+s.ID,
		"{name}", s.ID+".atom", "{form}", "atom", "{id}", "x", "{n}", "1", "{capture}", "1", "{version}", "1", "{number}", "1", "{kind}", "person", "{stream...}", "", "{$}", "")
	pages, err := web.New(web.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range pages.Routes() {
		a.routes = append(a.routes, api.Route{Method: r.Method, Path: r.Path, Page: r.Page, Need: r.Need})
	}
	a.routes = append(a.routes, api.New(api.Options{Guard: &access.Guard{}, Log: slog.New(slog.DiscardHandler), Now: time.Now}).Routes()...)
	db, err := sql.Open("sqlite", filepath.Join(a.r.dir, databaseName))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if a.db, err = db.Conn(ctx); err != nil {
		t.Fatal(err)
	}
	return a
}

// changes is a number that is another when anybody has changed the record.
func (a *audited) changes() (n int64) {
	a.t.Helper()
	if err := a.db.QueryRowContext(a.t.Context(), "PRAGMA data_version").Scan(&n); err != nil {
		a.t.Fatal(err)
	}
	return n
}

func (a *audited) send(method, path string, set ...string) (*http.Response, string) {
	a.t.Helper()
	req, err := http.NewRequest(method, a.pages.URL+path, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	for i := 0; i < len(set); i += 2 {
		req.Header.Set(set[i], set[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		a.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		a.t.Fatalf("%s %s: %v", method, path, err)
	}
	return resp, string(b)
}

var inlined = regexp.MustCompile(`(?i)<script(?: [^>]*)?>[^<]|<style|\son[a-z]+\s*=\s*["']|\sstyle\s*=|javascript:`)

// TestAnswers asks for everything that is there: each answer says what it is,
// what may run in it and who may read it, and asking has changed nothing.
func TestAnswers(t *testing.T) {
	a := newAudited(t)
	before := a.changes()
	n := 0
	paths := []string{"/nowhere", "/static/none", "/static/icon.svg", "/static/world.svg", "/api", "/api/", "/api/nothing", "/metrics", "/?q=%28", "/?cursor=x"}
	for _, r := range a.routes {
		if r.Method == http.MethodGet {
			paths = append(paths, a.fill.Replace(r.Path))
		}
	}
	for _, path := range paths {
		for _, method := range []string{"GET", "HEAD"} {
			resp, body := a.send(method, path)
			n++
			if resp.StatusCode >= 500 && resp.StatusCode != http.StatusNotImplemented {
				t.Errorf("%s %s: %s %.300s", method, path, resp.Status, body)
			}
			h := resp.Header
			kind := h.Get("Content-Type")
			if h.Get("X-Content-Type-Options") != "nosniff" || kind == "" && len(body) > 0 {
				t.Errorf("%s %s: %q, %v", method, path, kind, h)
			}
			for _, open := range []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Strict-Transport-Security"} {
				if h.Get(open) != "" {
					t.Errorf("%s %s: %s: %s", method, path, open, h.Get(open))
				}
			}
			// What browsers could run something in.
			if path == "/metrics" {
				continue
			}
			csp := h.Get("Content-Security-Policy")
			for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"} {
				if !strings.Contains("; "+csp+";", "; "+want+";") {
					t.Errorf("%s %s: the policy lacks %s: %s", method, path, want, csp)
				}
			}
			if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") || strings.Contains(csp, "data:") {
				t.Errorf("%s %s: policy %s", method, path, csp)
			}
			if h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cross-Origin-Opener-Policy") != "same-origin" || h.Get("Cross-Origin-Resource-Policy") != "same-origin" {
				t.Errorf("%s %s: %v", method, path, h)
			}
			if x := inlined.FindString(body); x != "" && strings.HasPrefix(kind, "text/html") {
				t.Errorf("%s %s: %q stands in the page", method, path, x)
			}
		}
	}
	if after := a.changes(); after != before {
		t.Error("asking has changed the record")
	}
	// What the test goes by tells a change, and a script.
	if resp, _ := a.send("POST", a.fill.Replace("/searches/{id}/seen"), "Sec-Fetch-Site", "same-origin"); resp.StatusCode != http.StatusSeeOther || a.changes() == before {
		t.Errorf("a change is not noticed: %s", resp.Status)
	}
	for _, x := range []string{`<script>alert(1)</script>`, `<script type="module">x`, `<b onclick="x">`, `<p style="x">`, `<a href="javascript:x">`} {
		if !inlined.MatchString(x) {
			t.Errorf("%s is not noticed", x)
		}
	}
	t.Logf("%d answers", n)
}

// TestOtherSites has every route that changes something asked by a page of
// another site, of whoever is let in without a login: nothing is changed.
func TestOtherSites(t *testing.T) {
	a := newAudited(t)
	before := a.changes()
	n := 0
	for _, r := range a.routes {
		if r.Method == http.MethodGet {
			continue
		}
		n++
		for _, set := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
			if resp, body := a.send(r.Method, a.fill.Replace(r.Path), append(set, "Content-Type", "text/plain")...); resp.StatusCode != http.StatusForbidden {
				t.Errorf("%s %s with %v: %s %.200s", r.Method, r.Path, set, resp.Status, body)
			}
		}
	}
	for _, path := range []string{"/api/mcp", "/api/greader.php/reader/api/0/edit-tag", "/api/greader.php/accounts/ClientLogin"} {
		if resp, _ := a.send("POST", path, "Origin", "https://evil.example"); resp.StatusCode != http.StatusForbidden {
			t.Errorf("POST %s: %s", path, resp.Status)
		}
	}
	if a.changes() != before || n < 30 {
		t.Errorf("%d routes; the record was changed: %v", n, a.changes() != before)
	}
}

// TestTraversal asks for files of the machine by every way that takes a name.
func TestTraversal(t *testing.T) {
	a := newAudited(t)
	up := []string{"../../../../../../etc/passwd", "..%2f..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/%2e%2e/etc/passwd", "..%5c..%5c..%5cetc%5cpasswd", "....//....//etc/passwd", "/etc/passwd", "%2fetc%2fpasswd",
		"..%252f..%252fetc%252fpasswd", "..%c0%af..%c0%afetc/passwd", "etc/passwd%00.css", "file:///etc/passwd", "..;/..;/etc/passwd", "%00", "dateline.db", "../dateline.db", "config.toml"}
	kept := httptest.NewServer(a.front.servers[1].Handler)
	defer kept.Close()
	for _, name := range up {
		for _, at := range []string{"/", "/static/", "/article/", "/kept/", "/outlet/", "/person/", "/place/", "/feeds/", "/feed/", "/collections/", "/outlets/errands/", "/api/", "/api/v1/captures/", "/api/v1/articles/", "/api/v1/names/person/", "/api/greader.php/"} {
			for _, origin := range []string{a.pages.URL, kept.URL} {
				u, err := url.Parse(origin)
				if err != nil {
					t.Fatal(err)
				}
				u.Opaque = "//" + u.Host + at + name // as it stands
				resp, err := http.DefaultTransport.RoundTrip(&http.Request{Method: "GET", URL: u, Header: http.Header{}})
				if err != nil {
					t.Fatal(err)
				}
				b, _ := io.ReadAll(resp.Body)
				resp.Body.Close()
				if resp.StatusCode >= 500 || strings.Contains(string(b), "root:") || strings.Contains(string(b), "SQLite format") {
					t.Errorf("%s%s: %s", at, name, resp.Status)
				}
				if l := resp.Header.Get("Location"); l != "" && (!strings.HasPrefix(l, "/") || strings.HasPrefix(l, "//")) {
					t.Errorf("%s%s leads to %s", at, name, l)
				}
			}
		}
	}
}

// TestHostileQueries asks pages for what is no query, or one that costs much:
// each is answered in its time.
func TestHostileQueries(t *testing.T) {
	a := newAudited(t)
	for _, q := range []string{
		"", "\x00", "\xff\xfe", "%", "'; DROP TABLE page; --", `"`, `""`, `"a" OR "b`, "(((((", strings.Repeat("(", 10_000), strings.Repeat("-", 10_000), strings.Repeat("a ", 5000), strings.Repeat("a*", 500), "a* b* c*", "*", "**", "the* and* for* was*",
		"NEAR(a b)", "a NEAR/2 b", "^a", "{a b} : c", "col:a", "a AND NOT b", "OR OR OR", "NOT", "- -", "figure:killed>=99999999999999999999999", "figure:killed>=-1", "figure:>1", "after:9999999-99-99", "before:0000-00-00", "lang:", "outlet:%", `title:"`,
		strings.Repeat("x", 60_000), strings.Repeat("\u0301", 5000), strings.Repeat("\u202e", 500), "\U0001F600\U0001F600", strings.Repeat("outlet:a OR ", 40) + "outlet:a", "scope:sentence " + strings.Repeat("b ", 31), "<script>alert(1)</script>",
	} {
		for _, path := range []string{"/", "/figures", "/figures.csv", "/places", "/new?since=0", "/feed/atom", "/feed/json", "/api/v1/search", "/api/v1/figures"} {
			sep := "?q="
			if strings.Contains(path, "?") {
				sep = "&q="
			}
			begun := time.Now()
			resp, body := a.send("GET", path+sep+url.QueryEscape(q))
			if took := time.Since(begun); resp.StatusCode >= 500 || took > 5*time.Second || strings.Contains(body, "<script>alert") {
				t.Errorf("%s of %.40q: %s after %v: %.200s", path, q, resp.Status, took, body)
			}
		}
	}
}
