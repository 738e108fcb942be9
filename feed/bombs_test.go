package feed

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"dateline"
	"dateline/internal/cputime"
)

// The hostile files that all parts of the program are tried with, where the
// folder that DATELINE_BOMBS names has them. The cases of TestBombs are of the
// same classes and need nothing.
func TestSharedBombs(t *testing.T) {
	dir := os.Getenv("DATELINE_BOMBS")
	if dir == "" {
		t.Skip("DATELINE_BOMBS names no folder of hostile files")
	}
	for _, c := range []struct{ file, want string }{
		{"billion_laughs.rss", "feed 1 entries"},
		{"quadratic_blowup.rss", "feed 0 entries"},
		{"xxe_file.rss", "feed 1 entries"},
		{"xxe_http.rss", "feed 1 entries"},
		{"rss_1m_items.rss.gz", "feed 20000 entries entries-cut"},
		{"sitemap_2m_urls.xml.gz", "sitemap 50000 entries entries-cut"},
		{"sitemap_index_self.xml", "sitemap 0 entries"},
		{"xml_attrs_200k.rss.gz", "feed 0 entries"},
		{"xml_deep_1m.rss.gz", "feed 0 entries too-deep truncated"},
		{"json_deep_1m.json.gz", "error unsupported"},
		{"gzip_1g.gz", "error invalid"},
		{"gzip_twice_1g.gz", "error invalid"},
		{"html_many_p_1m.html.gz", "error unsupported"},
	} {
		t.Run(c.file, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(dir, c.file))
			if err != nil {
				t.Skip(err)
			}
			got, took, peak := try(t, data, "https://outlet.example/x")
			t.Logf("%s; %v, %d MB", got, took, peak>>20)
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Pages made to exhaust a reader of HTML.
func TestIndexBombs(t *testing.T) {
	cases := map[string]string{
		"depth":      strings.Repeat("<div>", 1<<18),
		"headings":   strings.Repeat("<h1>", 1<<17) + strings.Repeat("x ", 1<<17) + strings.Repeat("</h1>", 1<<17),
		"links":      strings.Repeat(`<a href="/a">`, 1<<17),
		"end tags":   strings.Repeat("<b>", 1000) + strings.Repeat("</i>", 1<<18),
		"items":      strings.Repeat("<li><p><td><dd>", 1<<16),
		"attributes": "<a" + strings.Repeat(` a="b"`, 1<<18) + ">",
		"unclosed":   strings.Repeat("<a<a", 1<<18),
		"comments":   strings.Repeat("<!--", 1<<18),
		"JSON-LD":    `<script type="application/ld+json">` + strings.Repeat(`[`, 1<<18) + "</script>",
		"path":       `<a href="/` + strings.Repeat("a/", 2000) + `">x</a>`,
	}
	var b strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&b, `<p class="c%d"><a href="/n/%d">A headline of the day that is long enough</a></p>`, i, i)
	}
	cases["addresses"] = b.String()
	if dir := os.Getenv("DATELINE_BOMBS"); dir != "" {
		files, _ := filepath.Glob(filepath.Join(dir, "html_*.gz"))
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			r, err := gzip.NewReader(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			text, _ := io.ReadAll(io.LimitReader(r, maxPageBytes))
			cases[filepath.Base(f)] = string(text)
		}
	}
	for name, page := range cases {
		t.Run(name, func(t *testing.T) {
			var found int
			took, peak := watch(t, func() { found = len(Find([]byte(page), "", "https://outlet.example/").Sources) })
			took2, peak2 := watch(t, func() { Index([]byte(page), "", "https://outlet.example/") })
			t.Logf("%d sources; %v, %d MB; %v, %d MB", found, took, peak>>20, took2, peak2>>20)
		})
	}
}

func TestBombs(t *testing.T) {
	many := func(head, one, tail string, n int) string { return head + strings.Repeat(one, n) + tail }
	var items, urls strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&items, "<item><title>Number %d of the day</title><link>https://outlet.example/news/%d</link></item>", i, i)
		fmt.Fprintf(&urls, "<url><loc>https://outlet.example/news/%d</loc></url>", i)
	}
	for _, c := range []struct{ name, body, want string }{
		{"entities", "<!DOCTYPE r [" + many("", `<!ENTITY a "&b;&b;&b;&b;">`, "", 20) + "]><rss><channel><item><title>&a;</title><link>https://outlet.example/</link></item></channel></rss>", "feed 1 entries"},
		{"items", "<rss><channel>" + items.String() + "</channel></rss>", "feed 20000 entries entries-cut"},
		{"addresses, gzip", gzipped("<urlset>" + urls.String() + "</urlset>"), "sitemap 50000 entries entries-cut"},
		{"zeros, gzip", gzipped(strings.Repeat("\x00", 64<<20)), "error"},
		{"spaces in a feed, gzip", gzipped("<rss>" + strings.Repeat(" ", 64<<20)), "feed 0 entries truncated"},
		{"depth", many("<rss>", "<a>", "", 1<<20), "feed 0 entries too-deep truncated"},
		{"depth in an entry", many("<rss><item><title>x</title><link>https://outlet.example/</link>", "<a>", "", 1<<20), "feed 1 entries too-deep truncated"},
		{"depth in a title", many("<rss><item><title>", "<title>", "", 1<<20), "feed 0 entries truncated"},
		{"attributes", many("<rss", ` a="b"`, "></rss>", 1<<20), "feed 0 entries"},
		{"names of elements", many("<rss><channel>", "<a1/><b2/><c3/>", "</channel></rss>", 1<<19), "feed 0 entries"},
		{"quotes that are not closed", many("<rss>", `<a "`, "", 1<<20), "feed 0 entries too-deep truncated"},
		{"signs", many("<rss>", `<`, "", 1<<22), "feed 0 entries truncated"},
		{"comments", many("<rss>", `<!--`, "", 1<<20), "feed 0 entries truncated"},
		{"sections", many("<rss><item><title>", `<![CDATA[`, "", 1<<20), "feed 0 entries truncated"},
		{"references", many("<rss><item><title>", `&amp`, "", 1<<20), "feed 0 entries truncated"},
		{"JSON items", many(`{"items":[`, `{},`, `{}]}`, 1<<20), "feed 0 entries bad-address"},
		{"JSON text", `{"items":[{"title":"` + strings.Repeat("x", 1<<24), "feed 0 entries truncated"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, took, peak := try(t, []byte(c.body), "https://outlet.example/x")
			t.Logf("%s; %v, %d MB", got, took, peak>>20)
			if !strings.HasPrefix(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// try parses and watches time and memory.
func try(t *testing.T, body []byte, address string) (got string, took time.Duration, peak uint64) {
	t.Helper()
	var doc *Document
	var err error
	took, peak = watch(t, func() { doc, err = Parse(body, "", address, now) })
	if err != nil {
		return "error " + lastWord(err.Error()), took, peak
	}
	got = fmt.Sprintf("%s %d entries", doc.Kind, len(doc.Entries))
	for _, w := range doc.Warnings {
		got += " " + w
	}
	if doc.Kind == dateline.SourceSitemap && len(doc.Sitemaps) > MaxSitemapEntries {
		t.Errorf("%d sitemaps", len(doc.Sitemaps))
	}
	return got, took, peak
}

// watch holds f to the limits of time and memory for one document. Both are
// such that others on the machine do not add to them: the processor's time, and
// what is live when the collector comes, which is here often.
func watch(t *testing.T, f func()) (took time.Duration, peak uint64) {
	t.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(20))
	debug.FreeOSMemory()
	live := func() uint64 {
		sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	base := live()
	done, sampled := make(chan struct{}), make(chan uint64)
	go func() {
		top := uint64(0)
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			top = max(top, live())
			select {
			case <-done:
				sampled <- top
				return
			case <-tick.C:
			}
		}
	}()
	start := cputime.Used()
	f()
	took = cputime.Used() - start
	close(done)
	peak = max(<-sampled, base) - base
	if peak > 150<<20 {
		t.Errorf("%d MB of memory", peak>>20)
	}
	if took > 5*time.Second {
		t.Errorf("took %v of the processor", took)
	}
	return took, peak
}

func lastWord(s string) string { return s[strings.LastIndexByte(s, ' ')+1:] }

func gzipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, s)
	w.Close()
	return b.String()
}
