package greader

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/store"
	"dateline/internal/web/webtest"
)

// app is a reading app, and the server that it asks.
type app struct {
	*webtest.Record
	guard *access.Guard
	srv   *httptest.Server
	auth  string
	added string // the address of the outlet that was last followed
}

const base = "/news/api/greader.php"

func newApp(t testing.TB) *app {
	t.Helper()
	a := &app{Record: webtest.New(t)}
	now := func() time.Time { return a.Now }
	a.guard = &access.Guard{Users: a.Store, Open: true, Now: now}
	r := New(Options{
		Store: a.Store, Guard: a.guard, Analyzer: a.Analyzer, Packs: a.Packs, Now: now, Log: slog.New(slog.DiscardHandler), Base: base,
		Link: func(path string) string { return "https://record.example/news" + path },
		Follow: func(_ context.Context, address string) (dateline.Outlet, error) {
			a.added = address
			return dateline.Outlet{ID: "o", Name: "The Outlet"}, nil
		},
	})
	a.srv = httptest.NewServer(r.Login(a.guard.Handler(r.Handler())))
	t.Cleanup(a.srv.Close)
	return a
}

// user adds a user, and gives a token.
func (a *app) user(t testing.TB, name string, role access.Role, scopes ...access.Scope) string {
	t.Helper()
	u, err := a.guard.AddUser(t.Context(), name, role, "a ferry at the quay")
	if err != nil {
		t.Fatal(err)
	}
	text, _, err := a.guard.AddToken(t.Context(), u.N, "app", scopes, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// do asks as an app does: with a form where there is one, else with GET.
func (a *app) do(t testing.TB, path string, form url.Values) (int, string) {
	t.Helper()
	method, body := "GET", ""
	if form != nil {
		method, body = "POST", form.Encode()
	}
	r, err := http.NewRequestWithContext(t.Context(), method, a.srv.URL+base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if a.auth != "" {
		r.Header.Set("Authorization", "GoogleLogin auth="+a.auth)
	}
	resp, err := a.srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func (a *app) get(t testing.TB, path string, into any) {
	t.Helper()
	code, body := a.do(t, path, nil)
	if code != 200 {
		t.Fatalf("%s: %d %s", path, code, body)
	}
	if err := json.Unmarshal([]byte(body), into); err != nil {
		t.Fatalf("%s: %v in %.300s", path, err, body)
	}
}

type refs struct {
	Refs []itemRef `json:"itemRefs"`
	Next string    `json:"continuation"`
}

// every goes through a stream, and gives its items' ids.
func (a *app) every(t testing.TB, query string) (all []string) {
	t.Helper()
	next := ""
	for range 1000 {
		var page refs
		a.get(t, "/reader/api/0/stream/items/ids?output=json&"+query+"&c="+url.QueryEscape(next), &page)
		for _, r := range page.Refs {
			all = append(all, r.ID)
		}
		if next = page.Next; next == "" {
			return all
		}
	}
	t.Fatal("the stream has no end")
	return nil
}

const (
	readingList = "s=user/-/state/com.google/reading-list"
	exceptRead  = "&xt=user/-/state/com.google/read"
)

// TestApp goes through what an app does in its life: it logs in, takes the
// outlets and what is unread, reads, stars, and marks the rest as read.
func TestApp(t *testing.T) {
	a := newApp(t)
	a.user(t, "ada", access.Admin, access.Manage)
	token := a.user(t, "bo", access.Reader, access.Look, access.Desk)
	other := a.user(t, "cy", access.Reader, access.Look, access.Desk)
	code, body := a.do(t, "/accounts/ClientLogin", url.Values{"Email": {"bo"}, "Passwd": {token}})
	fields := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(body), "\n") {
		k, v, _ := strings.Cut(line, "=")
		fields[k] = v
	}
	if code != 200 || fields["SID"] == "" || fields["LSID"] == "" || fields["Auth"] == "" {
		t.Fatalf("login: %d %s", code, body)
	}
	a.auth = fields["Auth"]
	if code, body := a.do(t, "/reader/api/0/token", nil); code != 200 || body == "" || strings.ContainsAny(body, " \n") {
		t.Errorf("token: %d %q", code, body)
	}
	var user map[string]string
	if a.get(t, "/reader/api/0/user-info?output=json", &user); user["userName"] != "bo" || user["userId"] == "" {
		t.Errorf("user: %v", user)
	}

	var subs struct{ Subscriptions []subscription }
	a.get(t, "/reader/api/0/subscription/list?output=json", &subs)
	total, err := a.Store.Totals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(subs.Subscriptions) != total.Outlets {
		t.Errorf("%d of %d outlets", len(subs.Subscriptions), total.Outlets)
	}
	unread := a.every(t, readingList+exceptRead+"&n=7")
	if len(unread) != total.Articles || len(distinct(unread)) != len(unread) {
		t.Errorf("%d, %d distinct, of %d articles", len(unread), len(distinct(unread)), total.Articles)
	}
	if oldest := a.every(t, readingList+"&r=o&n=1000"); len(oldest) != len(unread) || oldest[0] != unread[len(unread)-1] {
		t.Errorf("oldest first: %v, newest first %v", oldest, unread)
	}
	ofFeeds := 0
	for _, s := range subs.Subscriptions {
		if s.Title == "" || s.URL == "" || len(s.Categories) != 1 {
			t.Errorf("%+v", s)
		}
		ofFeeds += len(a.every(t, "s="+url.QueryEscape(s.ID)))
	}
	if ofFeeds != total.Articles {
		t.Errorf("the feeds have %d of %d articles", ofFeeds, total.Articles)
	}

	// The articles, asked for in each form of an id.
	n := must(parseItem(unread[0]))
	form := url.Values{"output": {"json"}, "T": {"token"}, "i": {unread[0], itemID(must(parseItem(unread[1]))), fmt.Sprintf("%016x", must(parseItem(unread[2]))), "999999999"}}
	code, body = a.do(t, "/reader/api/0/stream/items/contents", form)
	var got struct{ Items []content }
	if err := json.Unmarshal([]byte(body), &got); err != nil || code != 200 || len(got.Items) != 3 {
		t.Fatalf("contents: %d %v %.300s", code, err, body)
	}
	for i, c := range got.Items {
		if c.ID != itemID(must(parseItem(unread[i]))) || c.Title == "" || c.Summary.Content == "" || c.Canonical[0].HREF == "" || c.Published == 0 || !strings.HasPrefix(c.Origin.ID, "feed/") || c.Origin.Title == "" {
			t.Errorf("%+v", c)
		}
		if !strings.Contains(c.Summary.Content, "https://record.example/news/article/") {
			t.Errorf("it does not lead to the record: %s", c.Summary.Content)
		}
	}

	// Read, starred, and back.
	edit := func(do, state string, ids ...string) {
		t.Helper()
		if code, body := a.do(t, "/reader/api/0/edit-tag", url.Values{"i": ids, do: {"user/-/state/com.google/" + state}, "T": {"token"}}); code != 200 || body != "OK" {
			t.Errorf("%s %s: %d %s", do, state, code, body)
		}
	}
	edit("a", "read", unread[0], itemID(must(parseItem(unread[1]))))
	edit("a", "starred", unread[0], unread[3])
	st, err := a.Store.ReadingStates(t.Context(), 2, []int64{n})
	if page, _ := a.Store.Page(t.Context(), n); err != nil || st[n].Version != page.Version || st[n].Read.IsZero() || st[n].Starred.IsZero() {
		t.Errorf("%+v, %v", st, err)
	}
	if left := a.every(t, readingList+exceptRead); len(left) != len(unread)-2 || left[0] != unread[2] {
		t.Errorf("after two were read %d are left", len(left))
	}
	if is := a.every(t, "s=user/-/state/com.google/read"); len(is) != 2 {
		t.Errorf("%d are read", len(is))
	}
	if is := a.every(t, "s=user/-/state/com.google/starred&n=1"); len(is) != 2 {
		t.Errorf("%d are starred", len(is))
	}
	if is := a.every(t, readingList+"&it=user/-/state/com.google/starred"); len(is) != 2 {
		t.Errorf("%d of the list are starred", len(is))
	}
	var stream struct{ Items []content }
	a.get(t, "/reader/api/0/stream/contents/user/-/state/com.google/starred?output=json&n=5", &stream)
	if c := fmt.Sprint(stream.Items[0].Categories, stream.Items[1].Categories); strings.Count(c, "com.google/starred") != 2 || strings.Count(c, "com.google/read ") != 1 {
		t.Errorf("states: %s", c)
	}
	edit("r", "starred", unread[3])
	edit("r", "read", unread[0])
	edit("a", "kept-unread", unread[1])
	if is := a.every(t, "s=user/-/state/com.google/read"); len(is) != 0 {
		t.Errorf("%d are still read", len(is))
	}

	// A note that was written on the page stays.
	if err := a.Store.PutReading(t.Context(), store.ReadingState{User: 2, Page: n, Note: "ask again"}); err != nil {
		t.Fatal(err)
	}
	edit("a", "read", unread[0])
	if st, _ = a.Store.ReadingStates(t.Context(), 2, []int64{n}); st[n].Note != "ask again" || st[n].Version == 0 {
		t.Errorf("%+v", st)
	}

	// A saved search is a label.
	if _, err := a.Store.PutSearch(t.Context(), store.SavedSearch{User: 2, Name: "Banjir & flood", Query: "flood OR banjir"}); err != nil {
		t.Fatal(err)
	}
	var tags struct{ Tags []category }
	if a.get(t, "/reader/api/0/tag/list?output=json", &tags); !strings.Contains(fmt.Sprint(tags), "user/-/label/Banjir & flood") {
		t.Errorf("%v", tags)
	}
	label := "user/2/label/Banjir & flood"
	if is := a.every(t, "s="+url.QueryEscape(label)); len(is) == 0 || len(is) == len(unread) {
		t.Errorf("the label has %d", len(is))
	}
	a.get(t, "/reader/api/0/stream/contents/"+(&url.URL{Path: label}).EscapedPath()+"?n=2", &stream)
	if len(stream.Items) != 2 || !strings.Contains(fmt.Sprint(stream.Items[0].Categories), "user/-/label/Banjir & flood") {
		t.Errorf("%+v", stream)
	}

	// Counts, and all of a feed and then of the list as read.
	counts := func() map[string]int {
		var got struct{ Unreadcounts []count }
		a.get(t, "/reader/api/0/unread-count?output=json", &got)
		m := map[string]int{}
		for _, c := range got.Unreadcounts {
			m[c.ID] = c.Count
		}
		return m
	}
	if m := counts(); m["user/-/state/com.google/reading-list"] != len(unread)-1 {
		t.Errorf("%v", m)
	}
	feed := subs.Subscriptions[0].ID
	mark := func(s, ts string) {
		t.Helper()
		if code, body := a.do(t, "/reader/api/0/mark-all-as-read", url.Values{"s": {s}, "ts": {ts}}); code != 200 || body != "OK" {
			t.Errorf("mark %s: %d %s", s, code, body)
		}
	}
	was := counts()
	mark(feed, micros(webtest.Begin.Add(-time.Hour)))
	if m := counts(); m[feed] != was[feed] {
		t.Errorf("what came later is marked: %d, %d before", m[feed], was[feed])
	}
	mark(feed, micros(a.Now.Add(time.Hour)))
	if m := counts(); m[feed] != 0 || m["user/-/state/com.google/reading-list"] == 0 {
		t.Errorf("after one: %v", m)
	}
	mark("user/-/state/com.google/reading-list", fmt.Sprint(a.Now.Add(time.Hour).Unix()))
	if m := counts(); len(m) != 0 {
		t.Errorf("after all: %v", m)
	}
	a.auth = other
	if m := counts(); m["user/-/state/com.google/reading-list"] != len(unread) {
		t.Errorf("another user's: %v", m)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func distinct(ids []string) map[string]bool {
	m := map[string]bool{}
	for _, id := range ids {
		m[id] = true
	}
	return m
}

// TestScopes: what a token is not made for is not given, and not written.
func TestScopes(t *testing.T) {
	a := newApp(t)
	// Without users no login is needed, and any password does.
	code, body := a.do(t, "/accounts/ClientLogin", url.Values{"Email": {"x"}, "Passwd": {"anything"}})
	if a.auth = "local"; code != 200 || !strings.Contains(body, "Auth=local\n") {
		t.Errorf("open: %d %s", code, body)
	}
	if code, _ := a.do(t, "/reader/api/0/user-info", nil); code != 200 {
		t.Errorf("open: %d", code)
	}
	admin := a.user(t, "ada", access.Admin, access.Look, access.Follow)
	for _, c := range []struct {
		name, auth string
		code       int
	}{{"the password of before", "local", 401}, {"none", "", 401}, {"made up", "dl_" + strings.Repeat("A", 43), 401}, {"password", "a ferry at the quay", 401}, {"a token", admin, 200}} {
		code, body := a.do(t, "/accounts/ClientLogin", url.Values{"Email": {"ada"}, "Passwd": {c.auth}})
		if code != c.code || code != 200 && strings.Contains(body, "Auth=") {
			t.Errorf("login with %s: %d %s", c.name, code, body)
		}
		if a.auth = c.auth; c.auth != "" {
			if code, body := a.do(t, "/reader/api/0/tag/list", nil); code != c.code {
				t.Errorf("%s: %d %s", c.name, code, body)
			}
		}
	}
	// The password is not looked for in addresses, which are written to logs.
	a.auth = ""
	if code, _ := a.do(t, "/accounts/ClientLogin?Passwd="+admin, url.Values{}); code != 401 {
		t.Errorf("a token in an address: %d", code)
	}
	a.auth = admin
	ids := a.every(t, readingList+exceptRead)
	for path, want := range map[string]int{"edit-tag": 403, "mark-all-as-read": 403, "subscription/quickadd": 200} {
		form := url.Values{"i": {ids[0]}, "a": {"user/-/state/com.google/read"}, "s": {"user/-/state/com.google/reading-list"}, "quickadd": {"feed/https://outlet.example/feed"}}
		if code, body := a.do(t, "/reader/api/0/"+path, form); code != want {
			t.Errorf("%s: %d %s", path, code, body)
		}
	}
	if a.added != "https://outlet.example/feed" {
		t.Errorf("added %q", a.added)
	}
	a.auth = a.user(t, "bo", access.Reader, access.Look, access.Desk, access.Follow)
	if code, _ := a.do(t, "/reader/api/0/subscription/quickadd", url.Values{"quickadd": {"https://outlet.example/"}}); code != 403 {
		t.Errorf("a reader follows an outlet: %d", code)
	}
}

// over is an answer whose first piece takes all the time that finding it may.
type over struct {
	*httptest.ResponseRecorder
	end context.CancelFunc
}

func (w over) Write(b []byte) (int, error) {
	w.end()
	return w.ResponseRecorder.Write(b)
}

// TestSlow has an app on a slow line: it gets all it asked for.
func TestSlow(t *testing.T) {
	a := newApp(t)
	r := New(Options{Store: a.Store, Guard: a.guard, Packs: a.Packs, Now: time.Now, Log: slog.New(slog.DiscardHandler), Base: base, Link: func(path string) string { return path }})
	ctx, end := context.WithCancel(t.Context())
	w := over{httptest.NewRecorder(), end}
	c := &call{Reader: r, w: w, r: httptest.NewRequest("GET", base, nil), ctx: ctx}
	p, err := a.Store.Page(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	items := slices.Repeat([]item{{page: p}}, 3*atOnce)
	if err := c.send(tag(all), "", items, ""); err != nil {
		t.Fatal(err)
	}
	var got struct{ Items []json.RawMessage }
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Items) != len(items) {
		t.Errorf("%d items of %d, %v", len(got.Items), len(items), err)
	}
}

// TestHostile: what is no request of an app's is told so, and is never the
// program's mistake.
func TestHostile(t *testing.T) {
	a := newApp(t)
	many := url.Values{"a": {"user/-/state/com.google/read"}}
	for i := range 1001 {
		many.Add("i", fmt.Sprint(i+1))
	}
	for _, c := range []struct {
		path string
		form url.Values
		code int
	}{
		{"tag/list?output=xml", nil, 400},
		{"subscription/list?output=atom", nil, 400},
		{"stream/contents/feed/none", nil, 404},
		{"stream/contents/feed/" + strings.Repeat("x", 5000), nil, 404},
		{"stream/contents/user/-/label/none", nil, 404},
		{"stream/contents/user/-/state/com.google/like", nil, 404},
		{"stream/contents/user/1", nil, 200},
		{"stream/contents/%00%ff", nil, 404},
		{"stream/contents?n=0", nil, 400},
		{"stream/contents?n=-1", nil, 400},
		{"stream/contents?n=99999999999999999999", nil, 400},
		{"stream/contents?n=100000", nil, 200},
		{"stream/contents?n=%zz", nil, 400},
		{"stream/contents", nil, 200},
		{"stream/items/ids?" + readingList + "&c=nonsense", nil, 400},
		{"stream/items/ids?" + readingList + "&c=zzzzzzzzzzzzz.zzzzzzzzzzzzz", nil, 400},
		{"stream/items/ids?" + readingList + "&c=%00", nil, 400},
		{"stream/items/ids?" + readingList + "&ot=x", nil, 400},
		{"stream/items/ids?" + readingList + "&ot=-5", nil, 400},
		{"stream/items/ids?" + readingList + "&nt=9999999999999999", nil, 400},
		{"stream/items/ids?" + readingList + "&xt=feed/x", nil, 400},
		{"stream/items/ids?s=user/-/state/com.google/starred&c=-1", nil, 400},
		{"stream/items/ids?s=user/-/state/com.google/starred&c=77777", nil, 404},
		{"stream/items/contents?i=x", nil, 400},
		{"stream/items/contents?i=tag:google.com,2005:reader/item/zz", nil, 400},
		{"stream/items/contents?i=-1", nil, 400},
		{"stream/items/contents?i=0", nil, 400},
		{"stream/items/contents?i=9223372036854775807", nil, 200},
		{"stream/items/contents?i=ffffffffffffffff", nil, 400},
		{"stream/items/contents?i=%F0%9D%9F%98", nil, 400},
		{"stream/items/contents", nil, 200},
		{"stream/items/contents", many, 413},
		{"edit-tag", many, 413},
		{"edit-tag", url.Values{"i": {"1"}, "a": {"user/-/label/x"}}, 400},
		{"edit-tag", url.Values{"i": {"1"}, "a": {"nonsense"}}, 404},
		{"edit-tag", url.Values{"i": {"77777"}, "a": {"user/-/state/com.google/read"}}, 200},
		{"edit-tag", url.Values{"i": {"1' OR 1"}, "a": {"user/-/state/com.google/read"}}, 400},
		{"edit-tag", url.Values{"x": {strings.Repeat("x", maxForm)}}, 413},
		{"mark-all-as-read", url.Values{"s": {"feed/none"}}, 404},
		{"mark-all-as-read", url.Values{"s": {"feed/none"}, "ts": {"x"}}, 400},
		{"mark-all-as-read", url.Values{"s": {"user/-/label/none"}, "ts": {"-1"}}, 400},
		{"subscription/quickadd", url.Values{}, 400},
		{"subscription/quickadd", url.Values{"quickadd": {strings.Repeat("x", 5000)}}, 400},
		{"subscription/edit", url.Values{}, 404},
		{"", nil, 404},
		{"../../../../metrics", nil, 404},
	} {
		code, body := a.do(t, "/reader/api/0/"+c.path, c.form)
		if code != c.code {
			t.Errorf("%.100s: %d %.200s, want %d", c.path, code, body, c.code)
		}
		if code >= 400 && len(strings.TrimSpace(body)) < 10 {
			t.Errorf("%.100s: nothing is told: %q", c.path, body)
		}
	}
	if code, _ := a.do(t, "/accounts/ClientLogin", url.Values{"Passwd": {strings.Repeat("x", maxLogin)}}); code != 400 {
		t.Errorf("a large login: %d", code)
	}
}

// TestHTML: what an outlet writes stays text.
func TestHTML(t *testing.T) {
	c := &call{Reader: &Reader{Options: Options{Link: func(p string) string { return "https://record.example" + p }}}}
	const evil = `<script>alert(1)</script>"' onload=x &amp;`
	var article dateline.Article
	for _, k := range []dateline.BlockKind{dateline.Standfirst, dateline.Heading, dateline.ListItem, dateline.ListItem, dateline.TableRow, dateline.Quote, dateline.Preformatted, dateline.Caption} {
		article.Blocks = append(article.Blocks, dateline.Block{Kind: k, Level: 9, Text: evil + "\tx", Links: []dateline.BlockLink{
			{Start: 0, End: 3, Href: "javascript:alert(1)"}, {Start: 2, End: 8, Href: `https://outlet.example/"><b>`}, {Start: 4, End: 9, Href: "https://outlet.example/"}, {Start: 20, End: 10_000, Href: "https://outlet.example/"},
		}})
	}
	got := c.html(&article, &store.Page{ID: "x", Capture: 7})
	doc, err := html.Parse(strings.NewReader(got))
	if err != nil {
		t.Fatal(err)
	}
	elements := map[string]int{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		elements[n.Data]++
		for _, at := range n.Attr {
			if at.Key != "href" || !strings.HasPrefix(at.Val, "https://") {
				t.Errorf("attribute %s=%q", at.Key, at.Val)
			}
		}
	}
	for name, n := range map[string]int{"script": 0, "b": 0, "li": 2, "ul": 1, "td": 2, "h6": 1, "blockquote": 1, "pre": 1, "p": 2, "a": 6 + 2} {
		if elements[name] != n {
			t.Errorf("%d elements %s, want %d: %s", elements[name], name, n, got)
		}
	}
}

// FuzzIDs: what is taken for an id is written as one, and taken for the same.
func FuzzIDs(f *testing.F) {
	for _, s := range []string{"1", "tag:google.com,2005:reader/item/000000000000000a", "000000000000000a", "feed/x", "user/-/label/a/b", "user//state/com.google/read", "+1", "0x10", "1_000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if n, err := parseItem(s); err == nil {
			if again, err := parseItem(itemID(n)); err != nil || again != n {
				t.Errorf("%q is %d, and %d again, %v", s, n, again, err)
			}
		}
		x, err := parseStream(s)
		if n := len(x.state) + len(x.outlet) + len(x.label); err == nil && (n == 0 || n > len(s)+len(all)) {
			t.Errorf("%q is %+v", s, x)
		}
	})
}

// FuzzRequests finds no request that is the program's mistake.
func FuzzRequests(f *testing.F) {
	a := newApp(f)
	routes := []string{"stream/contents/", "stream/items/ids?", "stream/items/contents?", "tag/list?", "unread-count?", "edit-tag", "mark-all-as-read", "subscription/quickadd"}
	for i := range routes {
		f.Add(i, "feed/x", "s=user/-/state/com.google/reading-list&n=3&c=x&ot=1&xt=user/-/state/com.google/read&i=1&a=user/-/state/com.google/starred&ts=1")
		f.Add(i, "user/-/label/%00", "s=feed/&n=0&i=\xff&output=json&r=o&it=user/-/state/com.google/starred&ts=99999999999999999999")
	}
	h := a.srv.Config.Handler
	f.Fuzz(func(t *testing.T, route int, stream, query string) {
		path := routes[uint(route)%uint(len(routes))]
		method, body := "GET", ""
		switch {
		case strings.HasSuffix(path, "/"):
			path += (&url.URL{Path: stream}).EscapedPath() + "?" + query
		case strings.HasSuffix(path, "?"):
			path += query
		default:
			method, body = "POST", query
		}
		r, err := http.NewRequest(method, "http://127.0.0.1"+base+"/reader/api/0/"+path, strings.NewReader(body))
		if err != nil {
			return
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code >= 500 {
			t.Errorf("%s %s %q: %d %s", method, path, body, w.Code, w.Body)
		}
		if w.Code == 200 && strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s: %s", path, w.Body)
		}
	})
}
