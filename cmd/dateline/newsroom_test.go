package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/access"
	"dateline/internal/config"
	"dateline/internal/demo"
	"dateline/internal/store"
)

// newsdesk is a record with its pages, and invented outlets beside it.
type newsdesk struct {
	t     *testing.T
	r     *record
	farm  *demo.Farm
	front *front
	pages *httptest.Server
}

// newNewsdesk makes one, with further settings and their values. Who asks has
// to log in where there are users.
func newNewsdesk(t *testing.T, contact string, set ...string) *newsdesk {
	t.Helper()
	farm, err := demo.Start(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { farm.Close() })
	flags := map[string]string{"data.dir": t.TempDir(), "contact": contact, "fetch.delay": "1ms", "serve.listen": "127.0.0.1:0", "serve.replay": "127.0.0.1:0"}
	for i := 0; i < len(set); i += 2 {
		flags[set[i]] = set[i+1]
	}
	settings, err := config.Load(config.Sources{Flags: flags})
	if err != nil {
		t.Fatal(err)
	}
	var guard fetch.Guard
	for _, o := range farm.Outlets() {
		guard.Allow = append(guard.Allow, o.Listener)
	}
	r, err := ownRecord(t.Context(), settings, console{out: io.Discard, err: io.Discard}, guard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.close() })
	f, err := openFront(r, &access.Guard{Users: r.store, Open: true, Base: settings.Serve.Base, Secure: strings.HasPrefix(settings.Serve.Public, "https:"), Now: time.Now}, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.close() })
	pages := httptest.NewServer(f.servers[0].Handler)
	t.Cleanup(pages.Close)
	return &newsdesk{t, r, farm, f, pages}
}

// do makes a request and gives the page that it ends at.
func (d *newsdesk) do(req *http.Request, err error) (status int, path, page string) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
	res, err := d.pages.Client().Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return res.StatusCode, res.Request.URL.Path, string(b)
}

func (d *newsdesk) get(path string) (status int, page string) {
	d.t.Helper()
	status, _, page = d.do(http.NewRequest("GET", d.pages.URL+path, nil))
	return status, page
}

func (d *newsdesk) post(path string, kv ...string) (status int, to, page string) {
	d.t.Helper()
	v := url.Values{}
	for i := 0; i < len(kv); i += 2 {
		v.Add(kv[i], kv[i+1])
	}
	req, err := http.NewRequest("POST", d.pages.URL+path, strings.NewReader(v.Encode()))
	if err == nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return d.do(req, err)
}

// upload sends a list of outlets and waits for what becomes of it.
func (d *newsdesk) upload(list string) (status int, page string) {
	d.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	f, _ := w.CreateFormFile("list", "outlets.opml")
	io.WriteString(f, list)
	w.WriteField("since", "all")
	w.Close()
	req, err := http.NewRequest("POST", d.pages.URL+"/outlets/import", &b)
	if err == nil {
		req.Header.Set("Content-Type", w.FormDataContentType())
	}
	status, path, page := d.do(req, err)
	if status != 200 {
		return status, page
	}
	return status, d.await(path)
}

// await looks at an errand's page until it is done.
func (d *newsdesk) await(path string) string {
	d.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for limit := time.Now().Add(30 * time.Second); time.Now().Before(limit); <-tick.C {
		status, page := d.get(path)
		if status != 200 {
			d.t.Fatalf("%s: %d", path, status)
		}
		if !strings.Contains(page, "<progress") {
			return page
		}
	}
	d.t.Fatalf("%s does not end", path)
	return ""
}

func TestNewsroomFollows(t *testing.T) {
	d := newNewsdesk(t, "desk@newsroom.example")
	o := d.farm.Outlets()[0]
	_, path, _ := d.post("/outlets/preview", "address", o.Home, "since", "all")
	page := d.await(path)
	for _, want := range []string{o.Name, "feed.atom", "entries", "on disk", `name="source" value="0" checked`} {
		if !strings.Contains(page, want) {
			t.Errorf("the preview lacks %q", want)
		}
	}
	if list, _ := d.r.store.ListOutlets(t.Context()); len(list) != 0 {
		t.Error("a preview follows")
	}
	for _, bad := range []string{"7", "-1", "x", ""} {
		if status, _, _ := d.post(path+"/follow", "source", bad); status != 400 {
			t.Errorf("source %q: %d", bad, status)
		}
	}
	if status, _, _ := d.post(path + "/follow"); status != 400 {
		t.Errorf("no source: %d", status)
	}
	status, to, page := d.post(path+"/follow", "source", "0", "name", "The <b>Courier</b>")
	if status != 200 || !strings.HasPrefix(to, "/outlet/") || !strings.Contains(page, "The &lt;b&gt;Courier&lt;/b&gt;") {
		t.Fatalf("%d at %s", status, to)
	}
	if err := d.r.pipeline.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, page = d.get(to)
	if !strings.Contains(page, "robots.txt") || !strings.Contains(page, "/kept/") || !strings.Contains(page, "of 10,000 at most") {
		t.Error("the outlet's page lacks its host or its pages")
	}
	id := strings.TrimPrefix(to, "/outlet/")
	state := func() (paused bool, sources, articles int) {
		list, err := d.r.store.ListOutlets(t.Context())
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		return list[0].Paused, len(list[0].States), list[0].Articles
	}
	if d.post(to + "/pause"); true {
		if paused, _, _ := state(); !paused {
			t.Error("it is not paused")
		}
	}
	if _, page = d.get("/outlets"); !strings.Contains(page, "Paused") {
		t.Error("the list does not say that it is paused")
	}
	d.post(to + "/resume")
	before, _ := d.r.store.ListOutlets(t.Context())
	d.post(to + "/ask")
	after, _ := d.r.store.ListOutlets(t.Context())
	if before[0].States[0].Next.Before(time.Now()) || after[0].States[0].Next.After(time.Now()) {
		t.Errorf("asked for, it is due at %v, and was at %v", after[0].States[0].Next, before[0].States[0].Next)
	}
	// What is kept stays when it is followed no more, and it can be followed again.
	d.post(to + "/remove")
	if paused, sources, articles := state(); !paused || sources != 0 || articles == 0 {
		t.Errorf("removed: paused %v, %d sources, %d articles", paused, sources, articles)
	}
	d.post(path+"/follow", "source", "0")
	if paused, sources, _ := state(); paused || sources != 1 {
		t.Errorf("followed again: paused %v, %d sources", paused, sources)
	}
	// Erasing wants its name.
	for _, typed := range []string{"", "yes", "the courier", "*"} {
		if status, _, _ := d.post(to+"/erase", "confirm", typed); status != 400 {
			t.Errorf("erase with %q: %d", typed, status)
		}
	}
	status, path, _ = d.post(to+"/erase", "confirm", id)
	if status != 200 {
		t.Fatalf("erase: %d", status)
	}
	if page := d.await(path); !strings.Contains(page, "Erased, with") {
		t.Errorf("erased: %s", page)
	}
	if list, _ := d.r.store.ListOutlets(t.Context()); len(list) != 0 {
		t.Errorf("%d outlets are left", len(list))
	}
	if status, _ := d.get(to); status != 404 {
		t.Errorf("erased outlet: %d", status)
	}
}

func TestNewsroomTries(t *testing.T) {
	d := newNewsdesk(t, "desk@newsroom.example")
	_, path, _ := d.post("/outlets/try", "address", d.article())
	page := d.await(path)
	if !strings.Contains(page, `<article class="tried" lang="en"`) || !strings.Contains(page, "Marked in it:") {
		t.Errorf("no article is shown: %s", page)
	}
	if n, err := d.r.store.Totals(t.Context()); err != nil || n.Pages != 0 {
		t.Errorf("a trial keeps: %+v, %v", n, err)
	}
}

// article is the address of an article of the first outlet, by its feed.
func (d *newsdesk) article() string {
	d.t.Helper()
	res, err := http.Get(d.farm.Outlets()[0].Home + "feed.atom")
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	m := regexp.MustCompile(`<link href="([^"]*)"|<link[^>]*rel="alternate"[^>]*href="([^"]*)"`).FindAllSubmatch(b, -1)
	address := ""
	for _, x := range m {
		if a := string(x[1]) + string(x[2]); strings.Count(a, "/") > 4 {
			address = strings.ReplaceAll(a, "&amp;", "&")
		}
	}
	if address == "" {
		d.t.Fatalf("no article in %.500s", b)
	}
	return address
}

// TestNewsroomKeepsArticle gives an article's address where an outlet's is asked
// for: it is told, and the article can be kept without the outlet.
func TestNewsroomKeepsArticle(t *testing.T) {
	d := newNewsdesk(t, "desk@newsroom.example")
	_, path, _ := d.post("/outlets/preview", "address", d.farm.Outlets()[0].Home, "since", "all")
	if page := d.await(path); strings.Contains(page, "The address is that of an article") {
		t.Error("a home page is told to be an article")
	}
	if status, _, _ := d.post(path + "/page"); status != 400 {
		t.Errorf("a home page is kept as an article: %d", status)
	}
	_, path, _ = d.post("/outlets/preview", "address", d.article(), "since", "all")
	page := d.await(path)
	for _, want := range []string{"The address is that of an article", d.farm.Outlets()[0].Name, `action="` + path + `/page"`, `action="` + path + `/follow"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the preview lacks %q: %s", want, page)
		}
	}
	status, to, page := d.post(path + "/page")
	if status != 200 || !strings.HasPrefix(to, "/article/") || !strings.Contains(page, "No article has been read") {
		t.Fatalf("%d at %s: %s", status, to, page)
	}
	if err := d.r.pipeline.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, page := d.get(to); !strings.Contains(page, `<article class="read"`) {
		t.Errorf("it was not read: %s", page)
	}
	n, err := d.r.store.Totals(t.Context())
	if err != nil || n.Outlets != 0 || n.Pages != 1 {
		t.Errorf("%+v, %v", n, err)
	}
	// What was erased does not come back this way.
	p, err := d.r.store.PageOf(t.Context(), strings.TrimPrefix(to, "/article/"))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.r.pipeline.Erase(t.Context(), []int64{p.N}, ""); err != nil {
		t.Fatal(err)
	}
	if status, _, page := d.post(path + "/page"); status != 403 || !strings.Contains(page, "was erased, and does not come back") {
		t.Errorf("an erased page: %d %s", status, page)
	}
}

// TestNewsroomStaysOutside has every form that takes an address asked for those
// of inner networks.
func TestNewsroomStaysOutside(t *testing.T) {
	d := newNewsdesk(t, "desk@newsroom.example")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var hits atomic.Int32
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			hits.Add(1)
			c.Close()
		}
	}()
	port := l.Addr().(*net.TCPAddr).Port
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0"} {
		for _, form := range []string{"/outlets/preview", "/outlets/try"} {
			status, path, page := d.post(form, "address", fmt.Sprintf("http://%s:%d/", host, port), "since", "all")
			if status == 200 {
				page = d.await(path)
			}
			if !strings.Contains(page, `class="note bad"`) && status != 400 {
				t.Errorf("%s of %s: %d", form, host, status)
			}
		}
	}
	for _, address := range []string{"file:///etc/passwd", "gopher://127.0.0.1/", "javascript:alert(1)", "", "http://", strings.Repeat("a", 5000)} {
		status, path, page := d.post("/outlets/preview", "address", address)
		if status == 200 {
			page = d.await(path)
		}
		if !strings.Contains(page, `class="note bad"`) && status != 400 && status != 413 {
			t.Errorf("%.20q: %d", address, status)
		}
	}
	if n := hits.Load(); n > 0 {
		t.Errorf("%d connections to an inner address", n)
	}
}

// TestNewsroomTellsMute: where a robots.txt cannot be had, the list of outlets and
// the outlet's page say so, since when and why, and that in place of "well".
func TestNewsroomTellsMute(t *testing.T) {
	d := newNewsdesk(t, "desk@newsroom.example")
	ctx := t.Context()
	for _, host := range []string{"mute.example", "well.example"} {
		o := dateline.Outlet{ID: host[:4], Name: host, Home: "https://" + host + "/", Sources: []dateline.Source{{URL: "https://" + host + "/feed", Kind: dateline.SourceFeed}}}
		if err := d.r.store.PutOutlet(ctx, o, fetch.Domain); err != nil {
			t.Fatal(err)
		}
		robots := &fetch.Robots{}
		if host == "mute.example" {
			robots.Missing, robots.Why = time.Date(2026, 3, 10, 6, 5, 0, 0, time.UTC), "the server answered 503"
		}
		rules, err := robots.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		h := store.Host{Name: host, Robots: map[string]store.Robots{"https://" + host: {Rules: rules, Until: time.Now().Add(time.Hour)}}}
		if err := d.r.store.PutHost(ctx, h); err != nil {
			t.Fatal(err)
		}
	}
	said := map[string]string{
		"en": "Nothing is asked of https://mute.example since 2026-03-10 06:05 UTC, as its robots.txt cannot be had: the server answered 503.",
		"id": "Sejak 2026-03-10 06:05 UTC tidak ada yang diminta dari https://mute.example, karena robots.txt-nya tidak dapat diambil: peladen menjawab 503.",
	}
	for language, want := range said {
		for path, times := range map[string]int{"/outlets": 1, "/outlet/mute": 1, "/outlet/well": 0} {
			req, err := http.NewRequest("GET", d.pages.URL+path, nil)
			if err == nil {
				req.Header.Set("Accept-Language", language)
			}
			if _, _, page := d.do(req, err); strings.Count(page, want) != times {
				t.Errorf("%s in %s says it %d times, want %d: %s", path, language, strings.Count(page, want), times, page)
			}
		}
	}
}

// TestNewsroomSaysWhy asks addresses that cannot be had in the ways that are
// common, and has the page say so in its language.
func TestNewsroomSaysWhy(t *testing.T) {
	d := newNewsdesk(t, "desk@newsroom.example")
	client := d.r.pipeline.Client
	client.RootCAs = x509.NewCertPool()
	// signed is a certificate of one's own for an address, trusted or not.
	signed := func(ip string, end time.Time, trusted bool) *tls.Config {
		pair := makePair(t, ip, end)
		if trusted {
			client.RootCAs.AddCert(pair.Leaf)
		}
		return &tls.Config{Certificates: []tls.Certificate{pair}}
	}
	soon, past := time.Now().AddDate(0, 1, 0), time.Now().AddDate(0, -1, 0)
	for i, tt := range []struct {
		name, scheme, want string
		config             *tls.Config // nil for none
		serve              bool
	}{
		{"closed port", "http", "tidak menerima sambungan", nil, false},
		{"no TLS", "https", "tidak ada TLS di alamat ini", nil, true},
		{"unknown", "https", "tidak ditandatangani oleh pihak yang dipercaya", signed("127.0.7.3", soon, false), true},
		{"expired", "https", "sudah kedaluwarsa atau belum berlaku: sekarang ", signed("127.0.7.4", past, true), true},
		{"of another", "https", "sertifikat itu untuk 127.0.9.9, bukan untuk 127.0.7.5", signed("127.0.9.9", soon, true), true},
		{"old TLS", "https", "tidak ada kesepakatan TLS", &tls.Config{MaxVersion: tls.VersionTLS11, Certificates: signed("127.0.7.6", soon, true).Certificates}, true},
	} {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.7.%d:0", i+1))
		if err != nil {
			t.Fatal(err)
		}
		client.Guard.Allow = append(client.Guard.Allow, l.Addr().(*net.TCPAddr).AddrPort())
		at := tt.scheme + "://" + l.Addr().String() + "/"
		if tt.serve {
			if tt.config != nil {
				l = tls.NewListener(l, tt.config)
			}
			s := &httptest.Server{Listener: l, Config: &http.Server{ErrorLog: log.New(io.Discard, "", 0), Handler: http.NotFoundHandler()}}
			s.Start()
			t.Cleanup(s.Close)
		} else {
			l.Close()
		}
		for _, form := range []string{"/outlets/preview", "/outlets/try"} {
			_, path, _ := d.post(form, "address", at)
			d.await(path)
			req, err := http.NewRequest("GET", d.pages.URL+path, nil)
			if err == nil {
				req.Header.Set("Accept-Language", "id")
			}
			_, _, page := d.do(req, err)
			m := regexp.MustCompile(`<p class="note bad"([^>]*)>(.*)`).FindStringSubmatch(page)
			if m == nil || strings.Contains(m[1], `lang="en"`) || !strings.Contains(m[2], tt.want) {
				t.Errorf("%s, %s: %q, want %q", tt.name, form, m, tt.want)
			}
		}
	}
}

func TestNewsroomWithoutContact(t *testing.T) {
	d := newNewsdesk(t, "")
	if _, page := d.get("/outlets"); !strings.Contains(page, "Set contact") {
		t.Error("the outlets' page does not say what is missing")
	}
	_, path, _ := d.post("/outlets/preview", "address", d.farm.Outlets()[0].Home)
	if page := d.await(path); !strings.Contains(page, "who says who he is") {
		t.Error("an outlet is asked by nobody")
	}
}

func TestNewsroomLists(t *testing.T) {
	d := newNewsdesk(t, "desk@newsroom.example")
	list := `<opml version="2.0"><body>
<outline text="Kabar &lt;script&gt;" xmlUrl="https://kabar.example/feed" htmlUrl="https://kabar.example/"/>
<outline text="Warta" xmlUrl="https://warta.example/rss" htmlUrl="https://warta.example/"/>
<outline text="Bare" htmlUrl="https://bare.example/"/>
</body></opml>`
	count := func(page, what string) string {
		m := regexp.MustCompile(`<dt>` + what + `</dt><dd>([^<]*)</dd>`).FindStringSubmatch(page)
		if m == nil {
			return "nothing"
		}
		return m[1]
	}
	_, page := d.upload(list)
	if count(page, "Outlets added") != "2" || count(page, "Left out") != "1" || !strings.Contains(page, "Bare: ") {
		t.Errorf("taken in: %s", page)
	}
	if _, page = d.upload(list); count(page, "Followed already") != "2" || count(page, "Outlets added") != "0" {
		t.Errorf("again: %s", page)
	}
	status, out := d.get("/outlets.opml")
	if status != 200 || !strings.Contains(out, `text="Kabar &lt;script&gt;"`) || !strings.Contains(out, "https://warta.example/rss") {
		t.Errorf("%d: %s", status, out)
	}
	if _, page = d.get("/outlets"); strings.Contains(page, "<script>\"") || !strings.Contains(page, "Kabar &lt;script&gt;") {
		t.Error("a name is not shown as text")
	}
	// Hostile lists: nothing is loaded or expanded, and none takes long.
	for name, c := range map[string]struct {
		list   string
		status int
		has    string
	}{
		"xxe":     {`<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body><outline text="&x;" xmlUrl="https://xxe.example/f" htmlUrl="https://xxe.example/"/></body></opml>`, 200, "Outlets added"},
		"laughs":  {`<!DOCTYPE o [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><opml><body><outline text="&b;" xmlUrl="https://lol.example/f" htmlUrl="https://lol.example/"/></body></opml>`, 200, "Outlets added"},
		"empty":   {``, 200, `class="note bad"`},
		"no opml": {`<html><body>hello</body></html>`, 200, `class="note bad"`},
		"binary":  {"\x00\xff\xfe\x1f\x8b", 200, `class="note bad"`},
		"schemes": {`<opml><body><outline text="f" xmlUrl="file:///etc/passwd"/><outline text="j" xmlUrl="javascript:alert(1)"/></body></opml>`, 200, "Outlets added"},
		"deep":    {`<opml><body>` + strings.Repeat(`<outline text="x">`, 5000), 200, `class="note bad"`},
		"many":    {`<opml><body>` + strings.Repeat(`<outline text="x" xmlUrl="https://many.example/f"/>`, 200_001), 200, `class="note bad"`},
		"large":   {`<opml><!--` + strings.Repeat("x", 22<<20) + `--></opml>`, 413, ""},
	} {
		status, page := d.upload(c.list)
		if status != c.status || !strings.Contains(page, c.has) || strings.Contains(page, "root:") {
			t.Errorf("%s: %d %.2000s", name, status, page)
		}
	}
	if _, page = d.get("/outlets"); strings.Contains(page, "root:") || strings.Contains(page, "javascript:alert") || strings.Contains(page, "aaaaaaaaaa") {
		t.Error("an entity was expanded, or an address taken that is none")
	}
}

// TestNewsroomThousands takes a long list in while the pages stay up.
func TestNewsroomThousands(t *testing.T) {
	d := newNewsdesk(t, "desk@newsroom.example")
	const n = 2000
	var b strings.Builder
	b.WriteString("<opml><body>")
	for i := range n {
		fmt.Fprintf(&b, `<outline text="Outlet %d" xmlUrl="https://o%d.example/feed" htmlUrl="https://o%d.example/"/>`, i, i, i)
	}
	b.WriteString("</body></opml>")
	start := time.Now()
	if _, page := d.upload(b.String()); !strings.Contains(page, "<dd>2,000</dd>") {
		t.Errorf("taken in: %s", page)
	}
	t.Logf("%d outlets in %v", n, time.Since(start))
	start = time.Now()
	status, page := d.get("/outlets?order=trouble")
	t.Logf("their page in %v", time.Since(start))
	if status != 200 || len(page) > 60<<10 || strings.Count(page, "data-item") != 50 {
		t.Errorf("%d, %d bytes, %d outlets", status, len(page), strings.Count(page, "data-item"))
	}
	seen := map[string]bool{}
	path := "/outlets"
	for path != "" {
		_, page := d.get(path)
		for _, m := range regexp.MustCompile(`href="(/outlet/[a-z0-9]+)"`).FindAllStringSubmatch(page, -1) {
			seen[m[1]] = true
		}
		path = ""
		if m := regexp.MustCompile(`rel="next" href="([^"]*)"`).FindStringSubmatch(page); m != nil && len(seen) < 300 {
			path = strings.ReplaceAll(m[1], "&amp;", "&")
		}
	}
	if len(seen) != 300 {
		t.Errorf("six pages have %d outlets", len(seen))
	}
}

func TestNewsroomBesideAnother(t *testing.T) {
	d := newNewsdesk(t, "desk@newsroom.example")
	beside, err := openRecord(t.Context(), d.r.settings, console{out: io.Discard, err: io.Discard}, fetch.Guard{}, adding)
	if err != nil {
		t.Fatal(err)
	}
	defer beside.close()
	n := newNewsroom(beside)
	if s, err := n.State(context.Background()); err != nil || s.Why != "elsewhere" {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := n.Erase(t.Context(), nil, "x"); err == nil || !strings.Contains(err.Error(), "at work on") {
		t.Errorf("erase beside another program: %v", err)
	}
}
