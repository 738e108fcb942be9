package fetch

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The cases that come with the reference implementation of the RFC, but for
// those that test what is particular to it.
func TestRobotsShared(t *testing.T) {
	const file = "../../shared/trust/robots_google/cases.jsonl"
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("%s is not there: only the package's own cases were run", file)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var c struct {
			Test       string
			Robots     string
			RobotsB64  string `json:"robots_b64"`
			Agent, URL string
			Allowed    bool
			GoogleOnly bool `json:"google_only"`
		}
		if err := json.Unmarshal(sc.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		if c.GoogleOnly {
			continue
		}
		n++
		body, err := base64.StdEncoding.DecodeString(c.RobotsB64)
		if err != nil {
			t.Fatal(err)
		}
		if got := ParseRobots(body).Allowed(c.Agent, c.URL); got != c.Allowed {
			t.Errorf("%s: %q, agent %s, %s: got %v, want %v", c.Test, c.Robots, c.Agent, c.URL, got, c.Allowed)
		}
	}
	if n != 72 {
		t.Errorf("%d cases, want 72", n)
	}
}

func TestRobotsAllowed(t *testing.T) {
	const (
		usual = "User-agent: *\nDisallow: /admin/\nAllow: /admin/open\n\nUser-agent: Dateline\nDisallow: /drafts\nDisallow: /*?print=\nDisallow: /*.pdf$\n"
		long  = "User-agent: *\nAllow: /news\nDisallow: /news/old\nAllow: /news/old/1999$\n"
	)
	star := func(rules string) string { return "User-agent: *\n" + rules + "\n" }
	for _, c := range []struct {
		robots, agent, path string
		want                bool
	}{
		// Nothing to obey.
		{"", "Dateline", "/", true},
		{"Disallow: /\n", "Dateline", "/", true},
		{"User-agent: *\n", "Dateline", "/", true},
		{star("Disallow:"), "Dateline", "/a", true},
		{star("Disallow: # all"), "Dateline", "/a", true},
		{"<!DOCTYPE html><p>User-agent: *<p>Disallow: /", "Dateline", "/", true},
		{star("Disallow: private"), "Dateline", "/private", true},
		{star("Noindex: /"), "Dateline", "/", true},
		// The robots.txt itself.
		{star("Disallow: /"), "Dateline", "/robots.txt", true},
		{star("Disallow: /"), "Dateline", "/robots.txt?x", false},
		{star("Disallow: /"), "Dateline", "/robots.txt.gz", false},
		// Which group.
		{usual, "Dateline", "/admin/", true},
		{usual, "Dateline", "/drafts/1", false},
		{usual, "dateline", "/drafts/1", false},
		{usual, "DATELINE/1.0 (+https://desk.example/)", "/drafts/1", false},
		{usual, "Datelines", "/drafts/1", true},
		{usual, "Datelines", "/admin/x", false},
		{usual, "Date", "/drafts", true},
		{usual, "", "/admin/x", false},
		{"User-agent: dateline-news\nDisallow: /\n", "Dateline", "/", true},
		{"User-agent: Dateline/2.0 beta\nDisallow: /\n", "Dateline", "/", false},
		{"User-agent: a\nUser-agent: Dateline\nDisallow: /x\n", "Dateline", "/x", false},
		{"User-agent: a\nUser-agent: Dateline\nDisallow: /x\n", "a", "/x", false},
		{"User-agent: a\nUser-agent: Dateline\nDisallow: /x\n", "b", "/x", true},
		{"User-agent: Dateline\nDisallow: /x\nUser-agent: b\nDisallow: /y\nUser-agent: dateline\nDisallow: /z\n", "Dateline", "/x", false},
		{"User-agent: Dateline\nDisallow: /x\nUser-agent: b\nDisallow: /y\nUser-agent: dateline\nDisallow: /z\n", "Dateline", "/y", true},
		{"User-agent: Dateline\nDisallow: /x\nUser-agent: b\nDisallow: /y\nUser-agent: dateline\nDisallow: /z\n", "Dateline", "/z", false},
		{"User-agent: *\nDisallow: /x\nUser-agent: *\nDisallow: /y\n", "Dateline", "/x", false},
		{"User-agent: *\nDisallow: /x\nUser-agent: *\nDisallow: /y\n", "Dateline", "/y", false},
		{"User-agent: *\nDisallow: /\nUser-agent: Dateline\nDisallow:\n", "Dateline", "/x", true},
		{"User-agent: *\nDisallow: /\nUser-agent: Dateline\n", "Dateline", "/x", true},
		{"User-agent: Dateline\nSitemap: https://o.example/s\nUser-agent: b\nDisallow: /\n", "Dateline", "/", false},
		{"User-agent: Dateline\nCrawl-delay: 9\nUser-agent: b\nDisallow: /\n", "Dateline", "/", false},
		{"User-agent: Dateline\n\n\nDisallow: /\n", "Dateline", "/", false},
		{"User-agent: *\nUser-agent: b\nDisallow: /\n", "Dateline", "/", false},
		// How lines are written.
		{"\ufeffUser-agent: *\nDisallow: /\n", "Dateline", "/", false},
		{"user-agent: *\rdisallow: /\r", "Dateline", "/", false},
		{"user-agent: *\r\ndisallow: /\r\n", "Dateline", "/", false},
		{"user-agent: *\n\rdisallow: /", "Dateline", "/", false},
		{"  USER-AGENT :\t*  # all\n\tDisallow\t:   /x   # y\n", "Dateline", "/x", false},
		{"user-agent *\ndisallow /x\n", "Dateline", "/x", false},
		{"user-agent: *\ndissallow: /x\n", "Dateline", "/x", false},
		{"useragent: *\ndisallow: /x\n", "Dateline", "/x", false},
		{star("disallow: /a b"), "Dateline", "/a%20b", false},
		{star("Disallow: /x\x00y"), "Dateline", "/x%00y", false},
		{star("Disallow: /a#b"), "Dateline", "/a", false},
		// Paths.
		{star("Disallow: /fish"), "Dateline", "/fish.html", false},
		{star("Disallow: /fish"), "Dateline", "/Fish", true},
		{star("Disallow: /fish/"), "Dateline", "/fish", true},
		{star("Disallow: /fish"), "Dateline", "/catfish", true},
		{star("Disallow: /"), "Dateline", "https://o.example", false},
		{star("Disallow: /?"), "Dateline", "https://o.example?q", false},
		{star("Disallow: /a"), "Dateline", "https://o.example:8443/a?q#f", false},
		{star("Disallow: /a?q"), "Dateline", "/a?q=http://b.example/", false},
		// The longest decides, and allow a tie.
		{long, "Dateline", "/news/new", true},
		{long, "Dateline", "/news/old/1998", false},
		{long, "Dateline", "/news/old/1999", true},
		{long, "Dateline", "/news/old/1999/1", false},
		{star("Disallow: /a\nAllow: /a"), "Dateline", "/a", true},
		{star("Allow: /a\nDisallow: /a"), "Dateline", "/a", true},
		{star("Disallow: /*\nAllow: /"), "Dateline", "/a", false},
		{star("Allow: /p\nDisallow: /"), "Dateline", "/page", true},
		{star("Allow: /folder\nDisallow: /folder"), "Dateline", "/folder/page", true},
		{star("Allow: /page\nDisallow: /*.htm"), "Dateline", "/page.htm", false},
		{star("Allow: /$\nDisallow: /"), "Dateline", "/", true},
		{star("Allow: /$\nDisallow: /"), "Dateline", "/page.htm", false},
		// Stars and ends.
		{usual, "Dateline", "/a.pdf", false},
		{usual, "Dateline", "/a.pdf?x", true},
		{usual, "Dateline", "/a.pdf/b.pdf", false},
		{usual, "Dateline", "/a?print=1", false},
		{star("Disallow: /a*/c$"), "Dateline", "/ab/c", false},
		{star("Disallow: /a*/c$"), "Dateline", "/a/c/c", false},
		{star("Disallow: /a*/c$"), "Dateline", "/a/cd", true},
		{star("Disallow: *"), "Dateline", "/x", false},
		{star("Disallow: *.gif"), "Dateline", "/x.gif", false},
		{star("Disallow: /**x***"), "Dateline", "/yx", false},
		{star("Disallow: /*ab*ab$"), "Dateline", "/abab", false},
		{star("Disallow: /*ab*ab$"), "Dateline", "/ab", true},
		{star("Disallow: /a$b"), "Dateline", "/a$b", false},
		{star("Disallow: /a$b"), "Dateline", "/a", true},
		{star("Disallow: /a%24"), "Dateline", "/a$", false},
		{star("Disallow: /a%2Ab"), "Dateline", "/a*b", false},
		{star("Disallow: /a%2Ab"), "Dateline", "/axb", true},
		// Escapes.
		{star("Disallow: /ü"), "Dateline", "/%c3%bc", false},
		{star("Disallow: /%c3%bc"), "Dateline", "/%C3%BC", false},
		{star("Disallow: /baz"), "Dateline", "/%62a%7A", false},
		{star("Disallow: /a%2fb"), "Dateline", "/a%2Fb", false},
		{star("Disallow: /a%2fb"), "Dateline", "/a/b", true},
		{star("Disallow: /a/b"), "Dateline", "/a%2Fb", true},
		{star("Disallow: /100%"), "Dateline", "/100%", false},
		{star("Disallow: /%zz"), "Dateline", "/%zz", false},
		{star("Disallow: /\xff"), "Dateline", "/%FF", false},
	} {
		r := ParseRobots([]byte(c.robots))
		if got := r.Allowed(c.agent, c.path); got != c.want {
			t.Errorf("%q, agent %q, %s: got %v, want %v", c.robots, c.agent, c.path, got, c.want)
		}
		if got := r.For(c.agent).Allowed("other", c.path); got != c.want {
			t.Errorf("%q kept for agent %q, %s: got %v, want %v", c.robots, c.agent, c.path, got, c.want)
		}
	}
}

func TestRobotsLimits(t *testing.T) {
	fill := strings.Repeat("# filling this line\n", MaxRobots/20)
	cut := ParseRobots([]byte("User-agent: *\nDisallow: /in\n" + fill + "Disallow: /out\n"))
	if cut.Allowed("Dateline", "/in") || !cut.Allowed("Dateline", "/out") {
		t.Error("the first 500 KiB were not read, or more was")
	}
	// A line that the limit cuts would forbid more than it says.
	head := "User-agent: *\nDisallow: /in\n#"
	line := "Disallow: /news/private"
	head += strings.Repeat("x", MaxRobots-len(head)-len("\nDisallow: /")) + "\n"
	if r := ParseRobots([]byte(head + line)); r.Allowed("Dateline", "/in") || !r.Allowed("Dateline", "/news") {
		t.Error("a line that was cut counts")
	}
	if r := ParseRobots([]byte(strings.Repeat("x", MaxRobots+1))); !r.Allowed("Dateline", "/") {
		t.Error("one endless line forbids")
	}
}

func TestRobotsOther(t *testing.T) {
	r := ParseRobots([]byte(`Sitemap: https://o.example/a.xml
User-agent: *
Crawl-delay: 2.5
Content-Signal: search=yes, AI-train=no
Content-Usage: /paid train-ai=n
Disallow: /x

User-agent: Dateline
Crawl-delay: soon
Crawl-delay: 1e300
Disallow: /y
sitemap: https://o.example/b.xml # news
`))
	if d := cmp.Diff([]string{"https://o.example/a.xml", "https://o.example/b.xml"}, r.Sitemaps()); d != "" {
		t.Error(d)
	}
	if got := r.CrawlDelay("other"); got != 2500*time.Millisecond {
		t.Errorf("crawl delay %v", got)
	}
	if got := r.CrawlDelay("Dateline"); got != 14*24*time.Hour {
		t.Errorf("crawl delay of ours %v", got)
	}
	if d := cmp.Diff([]string{"content-signal=search=yes, ai-train=no", "content-usage=/paid train-ai=n"}, r.Rights("other")); d != "" {
		t.Error(d)
	}
	r.Expires = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	text, err := r.For("other").MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	want := `# expires 2024-05-01T12:00:00Z
user-agent: *
disallow: /x
crawl-delay: 2.5
content-signal: search=yes, ai-train=no
content-usage: /paid train-ai=n
sitemap: https://o.example/a.xml
sitemap: https://o.example/b.xml
`
	if d := cmp.Diff(want, string(text)); d != "" {
		t.Error(d)
	}
	var bad Robots
	for _, line := range []string{"# expires never\n", "# missing since never\n"} {
		if err := bad.UnmarshalText([]byte(line)); err == nil {
			t.Errorf("a bad date is read: %q", line)
		}
	}
	// That it cannot be had is kept with the rules that were known.
	r.Missing, r.Why, r.Kept = time.Date(2024, 5, 2, 1, 2, 3, 0, time.UTC), "the server\nanswered 503", "a.warc 7"
	if text, err = r.For("other").MarshalText(); err != nil {
		t.Fatal(err)
	}
	var back Robots
	if err := back.UnmarshalText(text); err != nil || !back.Missing.Equal(r.Missing) || back.Why != "the server answered 503" || back.Kept != "a.warc 7" || !back.Expires.Equal(r.Expires) || back.Allowed("Dateline", "/x") {
		t.Errorf("%+v, %v, from %s", back, err, text)
	}
}

func TestRobotsOf(t *testing.T) {
	body := []byte("User-agent: *\nDisallow: /x\n")
	now := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		status  int
		err     error
		page, x bool // whether /page and /x are allowed
		hours   int
	}{
		{200, nil, true, false, 24},
		{206, nil, true, false, 24},
		{302, nil, true, true, 24},
		{400, nil, true, true, 24},
		{401, nil, false, false, 1},
		{403, nil, false, false, 1},
		{404, nil, true, true, 24},
		{410, nil, true, true, 24},
		{451, nil, true, true, 24},
		{429, nil, false, false, 1},
		{500, nil, false, false, 1},
		{503, nil, false, false, 1},
		{999, nil, false, false, 1},
		{0, io.ErrUnexpectedEOF, false, false, 1},
		{200, io.ErrUnexpectedEOF, false, false, 1},
	} {
		r := RobotsOf(c.status, body, c.err)
		if r.Allowed("Dateline", "/page") != c.page || r.Allowed("Dateline", "/x") != c.x || r.Until(now).Sub(now) != time.Duration(c.hours)*time.Hour {
			t.Errorf("%d, %v: page %v, x %v, until %v", c.status, c.err, !c.page, !c.x, r.Until(now))
		}
	}
}

func TestClientRobots(t *testing.T) {
	s, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		hops := map[string]string{"/robots.txt": "/1", "/1": "/2", "/2": "/3", "/3": "/4", "/4": "/5", "/5": "/6"}
		if to := hops[r.URL.Path]; to != "" {
			http.Redirect(w, r, to, http.StatusMovedPermanently)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(gzipped("User-agent: *\nDisallow: /x\n"))
	})
	r, ex, err := c.Robots(t.Context(), s.URL+"/page?q", nil)
	if err != nil || ex.URL != s.URL+"/robots.txt" || len(ex.Hops) != 7 {
		t.Fatalf("got %+v, %v", ex, err)
	}
	if r.Allowed("Dateline", s.URL+"/x") || !r.Allowed("Dateline", s.URL+"/y") || r.Expires.IsZero() {
		t.Errorf("got %+v", r)
	}
	s.Close()
	if r, _, err := c.Robots(t.Context(), s.URL, nil); err == nil || r.Allowed("Dateline", "/") {
		t.Errorf("unreachable: %v", err)
	}
}

// Patterns and files that were made to take long. A megabyte of path and
// pattern together is far more than a server may send; it takes milliseconds
// where every place were tried for every star it would take years.
func TestRobotsHostile(t *testing.T) {
	stars := "User-agent: *\nDisallow: /" + strings.Repeat("*a", 2000) + "b\n"
	path := "/" + strings.Repeat("a", 1<<20)
	began := time.Now()
	if !ParseRobots([]byte(stars)).Allowed("Dateline", path) {
		t.Error("matches")
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestRobotsSharedHostile(t *testing.T) {
	for name, coding := range map[string]string{"robots_wildcards.txt": "", "robots_20m.txt.gz": "gzip"} {
		b := bomb(t, name)
		began := time.Now()
		plain, _, err := Decode(b, coded(coding), MaxRobots)
		if err != nil {
			t.Fatal(err)
		}
		ParseRobots(plain).Allowed("Dateline", "/"+strings.Repeat("a", 4096))
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s: took %v", name, took)
		}
	}
}

// FuzzRobots: reading does not panic; what is kept of a file for an agent
// comes back the same, and answers as the file does; an address's escapes in
// lower or upper case make no difference.
func FuzzRobots(f *testing.F) {
	for _, s := range []string{"User-agent: *\nDisallow: /a*b$\nAllow: /%61\nCrawl-delay: 1.5", "\ufeffuser-agent a\rdisallow /ü\r\nsitemap: x\ncontent-usage: train=n", "user-agent: dateline\nuser-agent:*\ndisallow:\n#"} {
		f.Add(s, "/a%2fb")
	}
	f.Fuzz(func(t *testing.T, file, path string) {
		r := ParseRobots([]byte(file))
		kept := r.For("Dateline")
		for _, one := range []*Robots{r, kept} {
			text, err := one.MarshalText()
			if err != nil {
				t.Fatal(err)
			}
			var again Robots
			if err := again.UnmarshalText(text); err != nil {
				t.Fatal(err)
			}
			second, _ := again.MarshalText()
			if string(second) != string(text) {
				t.Errorf("%q was kept as %q and came back as %q", file, text, second)
			}
			if one.Allowed("Dateline", path) != again.Allowed("Dateline", path) {
				t.Errorf("%q answers otherwise once kept, for %q", file, path)
			}
		}
		if r.Allowed("Dateline", path) != kept.Allowed("Dateline", path) {
			t.Errorf("%q answers otherwise when cut down, for %q", file, path)
		}
		if u, err := url.Parse(path); err == nil && !strings.Contains(path, "://") && strings.HasPrefix(path, "/") && !strings.ContainsAny(path, "?#") {
			up := u.EscapedPath()
			if r.Allowed("Dateline", up) != r.Allowed("Dateline", strings.ReplaceAll(up, "%C3", "%c3")) {
				t.Errorf("%q: case of escapes matters in %q", file, up)
			}
		}
	})
}

func BenchmarkAllowed(b *testing.B) {
	var s strings.Builder
	s.WriteString("User-agent: *\n")
	for i := range 200 {
		s.WriteString("Disallow: /section/" + strings.Repeat("x", i%20) + "/*.print$\n")
	}
	r := ParseRobots([]byte(s.String()))
	b.ReportAllocs()
	for b.Loop() {
		r.Allowed("Dateline", "https://outlet.example/section/2024/05/01/a-story-with-a-title.html")
	}
}
