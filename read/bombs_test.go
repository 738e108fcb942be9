package read

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline"
	"dateline/internal/cputime"
)

// What one page may cost: a second of CPU for each megabyte, at most five, and
// 200 MB over what was there before.
const (
	mostCPU    = 5 * time.Second
	mostMemory = 200 << 20
)

// budget is the CPU time a page of so many decoded bytes may take. A page
// under a megabyte has a second.
func budget(size int) time.Duration {
	return min(mostCPU, time.Second*time.Duration(max(1<<20, min(size, MaxPage)))/(1<<20))
}

// readBomb reads a page that wants to hurt and fails when it does.
func readBomb(t *testing.T, src Source, limit time.Duration) *dateline.Article {
	t.Helper()
	a, used, held := measureBomb(t, src, 50)
	if held > mostMemory {
		// Garbage that was not collected yet is not held.
		_, _, held = measureBomb(t, src, 10)
	}
	t.Logf("%s: %v, %d MB", src.Name, used.Round(time.Millisecond), held>>20)
	if used > limit && !raceEnabled {
		t.Errorf("took %v of CPU, want at most %v", used, limit)
	}
	if held > mostMemory && !raceEnabled {
		t.Errorf("held %d MB, want at most %d", held>>20, mostMemory>>20)
	}
	return a
}

// measureBomb reads a page and returns the CPU time it took and the bytes that
// it held at once over what was there before. The heap is sampled; garbage is
// collected when it is so many percent of what is held, so that the heap's size
// tells that and not how lazy the collector is.
func measureBomb(t *testing.T, src Source, garbage int) (a *dateline.Article, used time.Duration, held int64) {
	t.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(garbage))
	runtime.GC()
	runtime.GC() // empties the pools too
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	base := m.HeapAlloc
	stop, peak := make(chan bool), make(chan uint64)
	go func() {
		var m runtime.MemStats
		most := uint64(0)
		for {
			select {
			case <-stop:
				peak <- most
				return
			case <-time.After(10 * time.Millisecond):
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
	}()
	start := cputime.Used()
	a, _ = checkPage(t, src)
	used = cputime.Used() - start
	stop <- true
	return a, used, int64(<-peak) - int64(base)
}

func nested(open string, n int) string { return strings.Repeat(open, n) }

// deepArticle is an article within so many nested divs.
func deepArticle(depth int) string {
	return "<!DOCTYPE html><html lang=en><head><title>Ferry to Norrick resumes after storm - The Quayside Post</title></head><body>" +
		strings.Repeat("<div>", depth) + "<h1>Ferry to Norrick resumes after storm</h1>" +
		"<p>The ferry to the island of Norrick sailed again on Tuesday, four days after a storm tore away part of the landing stage, the harbour office said.</p>" +
		"<p>Some 340 islanders had been cut off from the mainland, and a helicopter brought bread and medicine twice, according to the parish council.</p>" +
		"<p>\"We counted the tins in the cupboard on Saturday and decided that we would be fine until Wednesday,\" said Ada Pell, who keeps the only shop.</p>" +
		"<p>The stage will be rebuilt in concrete before the winter, at a cost of about two million, the office added.</p>" +
		strings.Repeat("</div>", depth) + "</body></html>"
}

func TestBombs(t *testing.T) {
	long := strings.Repeat("word and another, ", 20)
	body := func(s string) string { return "<!DOCTYPE html><html><head><title>x</title></head><body>" + s }
	bombs := []struct{ name, page string }{
		{"paragraphs", body(nested("<p>x", 1_000_000))},
		{"paragraphs of prose", body(nested("<p>One sentence stands here, and it is long enough to count. ", 100_000))},
		{"attributes", body("<p " + func() string {
			var b strings.Builder
			for i := range 200_000 {
				fmt.Fprintf(&b, "a%d=1 ", i)
			}
			return b.String()
		}() + ">x</p>")},
		{"nested b p", body(nested("<b><p>", 100_000))},
		{"nested b p text", body(nested("<b><p>x", 100_000))},
		{"nested spans", body(nested("<span class=a>x", 200_000))},
		{"comment without end", body("<!--" + nested("-", 5_000_000))},
		{"deep divs", body(nested("<div>", 200_000))},
		{"deep divs with text", body(nested("<div>x", 200_000))},
		{"paragraphs in deep divs", body(nested("<div>", 480) + nested("<p>x", 500_000))},
		{"long title", "<title>" + nested("x", 5_000_000) + "</title><p>text"},
		{"long title of words", "<title>" + nested("word - | ", 500_000) + "</title><h1>word</h1><p>text"},
		{"long heading", body("<h1>" + nested("word ", 1_000_000) + "</h1><p>text")},
		{"many headings", body(nested("<h1>word of the day</h1>", 100_000))},
		{"links", body(nested("<p><a href=/a/b>four words of link</a>", 50_000))},
		{"links in one paragraph", body("<p>" + nested("<a href=/a/b>words</a>, ", 50_000))},
		{"unclosed links", body(nested("<a href=x>", 50_000))},
		{"read also", body("<p>" + long + nested("<p>Read also: <a href=/a>Another story of the town</a>", 50_000) + "<p>" + long)},
		{"linked data scripts", body(nested(`<script type="application/ld+json">{"@type":"NewsArticle","headline":"x"}</script>`, 100_000))},
		{"linked data things", body(`<script type="application/ld+json">[` + nested(`{"@type":"Person","@id":"a","author":{"@id":"b"}},`, 50_000) + `]</script><p>text`)},
		{"linked data authors", body(`<script type="application/ld+json">{"@type":"NewsArticle","author":[` + nested(`{"@id":"#p","name":"Ada Pell"},`, 100_000) + `]}</script><p>text`)},
		{"linked data depth", body(`<script type="application/ld+json">` + nested(`{"a":[`, 500_000) + `</script><p>text`)},
		{"linked data comment marks", body(`<script type="application/ld+json">` + nested(`-->`, 1_000_000) + `</script><p>text`)},
		{"linked data quotes", body(`<script type="application/ld+json">{"a":` + nested(`" `, 2_000_000) + `</script><p>text`)},
		{"article body searched", body(`<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"` + nested("One sentence stands here, ", 150_000) + `"}</script>` +
			nested("<p>One sentence stands there, and is looked for in vain among the others. ", 50_000))},
		{"page state", body(`<script type="application/json">{"a":[` + nested(`"<p>One sentence stands here, and it is long enough to count as prose. It has two.</p>",`, 50_000) + `]}</script>`)},
		{"page state scripts", body(nested(`<script type="application/json">{"a":"`+nested("<p>One sentence stands here. ", 2_000)+`"}</script>`, 100))},
		{"one word", body("<p>" + nested("x", 8_000_000))},
		{"one character a line", nested("x\n", 2_000_000)},
		{"plain lines", nested("A line of plain text stands here and is not the last.\n", 100_000)},
		{"plain read also", nested("Read also: another line of plain text\n", 100_000)},
		{"plain spaces", "x" + nested(" ", 8_000_000) + "y"},
		{"unclosed angles", body(nested("<", 5_000_000))},
		{"entities", body("<p>" + nested("&amp;", 1_000_000))},
		{"line breaks", body("<p>x" + nested("<br>", 1_000_000))},
		{"lines and breaks", body("<div>" + nested("x<br><br>", 500_000))},
		{"cells", body("<table>" + nested("<tr><td>1<td>2<td>3", 150_000))},
		{"one row", body("<table><tr>" + nested("<td>1", 400_000))},
		{"lists", body(nested("<ul><li>x", 100_000))},
		{"comments with classes", body("<div class=comments>" + func() string {
			var b strings.Builder
			for i := range 50_000 {
				fmt.Fprintf(&b, "<div class='comment c%d'>Well said, I thought so too.</div>", i)
			}
			return b.String()
		}())},
		{"times", body(nested("<div class=live-entry><time>12:30</time><p>Something has happened here again, and we tell you of it.</div>", 50_000))},
		{"bylines", body(nested("<p class=byline>By Ada Pell and Tom Orr</p>", 100_000))},
		{"dates", body(nested("<p>Published on 3 January 2024, 10:30</p>", 100_000))},
		{"page numbers", body(func() string {
			var b strings.Builder
			for i := range 100_000 {
				fmt.Fprintf(&b, "<a href=/a/%d>%d</a> ", i, i%100)
			}
			return b.String()
		}())},
		{"metas", "<head>" + nested("<meta name=author content='Ada Pell'>", 100_000) + "</head><p>text"},
		{"long meta", "<head><meta name=author content='" + nested("Ada Pell, ", 400_000) + "'><meta name=keywords content='" + nested("a,b;", 400_000) + "'></head><p>text"},
		{"long class", body("<div class='" + nested("comment ", 500_000) + "'><p>text")},
		{"many classes", body(func() string {
			var b strings.Builder
			for i := range 200_000 {
				fmt.Fprintf(&b, "<p class=c%d>x", i)
			}
			return b.String()
		}())},
		{"zero bytes", body("<p>x" + nested("\x00", 1_000_000))},
		{"broken bytes", body("<p>" + nested("\xc3\x28 ", 1_000_000))},
		{"marks", body("<p>" + nested("\u0301", 2_000_000))},
		{"open formatting", body(func() string {
			var b strings.Builder
			for i := range 400 {
				fmt.Fprintf(&b, "<b id=%d>", i)
			}
			return b.String()
		}() + nested("</p><p>x", 20_000))},
		{"open formatting in divs", body("<div>" + nested("<b><b><b><i><i><i><u><u><u><em><em><em><strong><strong><strong>", 2) + nested("</div><div>x", 100_000))},
		{"attributes of roots", func() string {
			var b strings.Builder
			for i := range 200_000 {
				fmt.Fprintf(&b, "<html a%d=1>", i)
			}
			return b.String()
		}() + "<p>text"},
		{"headings within og:title", "<head><meta property=og:title content='" + nested("a", 4_000_000) + "'></head><body>" + nested("<h1>"+nested("a", 20)+"b</h1>", 50_000)},
		{"breadcrumb against og:title", "<head><title>" + nested("a", 500) + "</title><meta property=og:title content='" + nested("a&amp;", 300_000) + "'></head><body>" +
			`<script type="application/ld+json">{"@type":"BreadcrumbList","itemListElement":[` + nested(`{"name":"aaaaaaaaaaaaaaaaaaaaaa"},`, 14_000) + `]}</script>`},
		{"breadcrumb against headings", body(nested("<h1>a b</h1>", 49_000) + `<script type="application/ld+json">{"@type":"BreadcrumbList","itemListElement":[` + nested(`{"name":""},`, 200_000) + `]}</script>`)},
		{"authors referred to", body(`<script type="application/ld+json">[{"@type":"NewsArticle","author":[` + nested(`{"@id":"a"},`, 100_000) + `]},` + nested(`{"@type":"Person","@id":"a"},`, 2_000) + `]</script><p>text`)},
		{"one long comment", body("<p>" + long + "<div class=comments><div class=comment><b class=author>Ada</b>" + nested("<p>Well said, and said again.", 45_000))},
		{"deep comments", body("<p>" + long + nested("<div class=comment><i></i><div class=x></div>", 400) + nested("<p>Well said, I thought so.", 30_000))},
		{"attributes of a span with many texts", body("<p><span " + func() string {
			var b strings.Builder
			for i := range 20_000 {
				fmt.Fprintf(&b, "a%d=1 ", i)
			}
			return b.String()
		}() + ">" + nested("x<i></i>", 20_000))},
		{"long base", "<base href='https://outlet.example/" + nested("a", 2_000_000) + "/'><body>" + nested("<p>"+long+"<a href=b>words of link</a> and <a href=c>more of them</a>.", 400)},
		{"linked data numbers", body(nested(`<script type="application/ld+json">{"@type":"NewsArticle","a":[`+nested("1,", 900_000)+`1]}</script>`, 5))},
		{"a word of Latin bytes", nested("\xe9", MaxPage)},
		{"a long word behind a Latin byte", body("<p>caf\xe9" + nested("x", 5_000_000))},
		{"angle brackets behind a Latin byte", body("<p>caf\xe9 " + nested("<", 200_000))},
		{"one inline element with many texts", body("<p>text <x-a>" + nested("<span>a</span>", 60_000) + "</x-a> more")},
		{"nested times", body("<p>" + long + nested("<time>", 400) + nested("<u></u>", 115_000))},
		{"nested bylines", body("<h1>Ferry runs aground off Port Hale</h1>" + nested("<div itemprop=author>", 390) + nested("<u></u>", 115_000) + "<p>" + long)},
		{"dashes in authors", body(`<script type="application/ld+json">{"@type":"NewsArticle","author":"` + nested("Ada - ", 400_000) + `"}</script><p>text`)},
		{"scripts that hide their end", body(nested("<script><!-- </script>", 100_000))},
		{"a row of many blocks", body("<h1>Ferry runs aground off Port Hale</h1><p>" + long + "<table><tr>" + nested("<td>Norrick boats</td><td><h4>340</h4></td>", 20_000) + "</table>")},
		{"nested rows", strings.Repeat("<body>", 30) + "<h1>Ferry runs aground off Port Hale</h1><p>" + long + "<table>" + nested("<tr><td>one<td>two", 20_000)},
		{"headings of one article", "<head><meta property=og:title content='Ferry runs aground off Port Hale'></head><body><article><h1>Ferry runs aground off Port Hale</h1><p>" + long + "</article><article>" + nested("<h1>Something else</h1>", 45_000)},
		{"tags of formatting without an end", body(nested("<b x", 200_000))},
		{"datelines", body("<p>" + nested("PARIS, ", 500_000) + "</p>")},
		{"phrases", body(nested("<p>Read more about Read more about Read more about</p>", 80_000))},
	}
	for _, b := range bombs {
		t.Run(b.name, func(t *testing.T) {
			src := Source{Name: b.name, URL: "https://outlet.example/a/1", Body: []byte(b.page), ContentType: "text/html; charset=utf-8"}
			if !strings.Contains(b.page, "<") {
				src.ContentType = "text/plain"
			}
			readBomb(t, src, budget(len(b.page)))
		})
	}
}

// TestDepth reads the same article from within more and more elements.
func TestDepth(t *testing.T) {
	for _, depth := range []int{0, 1, 100, 480, 500, 512, 600, 5000, 100_000} {
		a, _ := checkPage(t, Source{Body: []byte(deepArticle(depth)), ContentType: "text/html"})
		if a.Title != "Ferry to Norrick resumes after storm" {
			t.Errorf("%d deep: title %q", depth, a.Title)
		}
		if !strings.HasPrefix(a.Text, "The ferry to the island of Norrick") || !strings.HasSuffix(a.Text, "the office added.") || len(a.Blocks) != 4 {
			t.Errorf("%d deep: %d blocks:\n%s", depth, len(a.Blocks), a.Text)
		}
	}
}

// TestSharedBombs reads the pages among the bombs that the project shares with
// its referees, made anew by their generator.
func TestSharedBombs(t *testing.T) {
	const generator = "../../shared/trust/gen_bombs.py"
	if testing.Short() {
		t.Skip("the shared bombs take half a minute to make; run without -short")
	}
	if _, err := os.Stat(generator); err != nil {
		t.Skipf("the generator of the shared bombs is not here: %v", err)
	}
	for _, tool := range []string{"python3", "node", "zstd"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the generator of the shared bombs needs %s: %v", tool, err)
		}
	}
	dir := t.TempDir()
	if out, err := exec.Command("python3", generator, dir).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", generator, err, out)
	}
	list, err := os.ReadFile(filepath.Join(dir, "manifest.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for s := bufio.NewScanner(bytes.NewReader(list)); s.Scan(); {
		var bomb struct {
			File   string
			Coding string `json:"content_encoding"`
			Type   string `json:"content_type"`
		}
		if err := json.Unmarshal(s.Bytes(), &bomb); err != nil {
			t.Fatal(err)
		}
		stem, _, _ := strings.Cut(bomb.File, "_")
		if !slices.Contains([]string{"html", "gzip", "zlib", "deflate", "brotli", "zstd", "json", "jsonld", "not"}, stem) {
			continue
		}
		n++
		t.Run(bomb.File, func(t *testing.T) {
			b, err := os.ReadFile(filepath.Join(dir, bomb.File))
			if err != nil {
				t.Fatal(err)
			}
			a := readBomb(t, Source{Name: bomb.File, Body: b, ContentType: bomb.Type, Coding: bomb.Coding}, mostCPU)
			text, warning := "", ""
			switch bomb.File {
			case "html_deep_div_600.html.gz":
				text = "Article text sentence."
			case "not_gzip.gz":
				text = "plain although header says gzip"
			case "gzip_trunc.gz":
				text, warning = "hello", warnTruncated
			case "gzip_badcrc.gz":
				warning = warnTruncated
			}
			if text+warning == "" {
				return
			}
			if a == nil {
				t.Fatal("no article")
			}
			if text != "" && !strings.Contains(a.Text, text) {
				t.Errorf("text %q, want it to have %q", beginning(a.Text, 100), text)
			}
			if warning != "" && !slices.Contains(a.Warnings, warning) {
				t.Errorf("warnings %q, want %q", a.Warnings, warning)
			}
		})
	}
	if n < 30 {
		t.Errorf("%d bombs, want 30 or more", n)
	}
}
