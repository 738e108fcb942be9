package feed

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dateline/internal/golden"
)

var marked = regexp.MustCompile(`<a [^>]*data-article[^>]*?href="?([^"> ]+)|<a [^>]*href="?([^"> ]+)"?[^>]*data-article`)

// The cases are front pages in which links to articles are marked with an
// attribute that nothing looks at but this test. What is expected lists what is
// found, what is missed and what is taken wrongly; over all cases there is a
// floor. The weights were set on those without a prefix. Those named held_ and
// later_ were written afterwards and tried unseen: precision 0.95 and recall
// 0.96 on held_, 1.00 and 0.88 on later_, before what they showed was mended.
func TestIndex(t *testing.T) {
	right, missed, wrong := 0, 0, 0
	golden.Run(t, "testdata/index", "want", func(t *testing.T, c *golden.Case) string {
		text, _ := c.File("page")
		address := addressOf(c, "https://outlet.example/")
		p := readPage([]byte(text), "", address)
		gold := map[string]bool{}
		for _, m := range marked.FindAllStringSubmatch(text, -1) {
			gold[resolve(p.base, m[1]+m[2])] = true
		}
		doc := Index([]byte(text), "", address)
		var b strings.Builder
		for _, e := range doc.Entries {
			mark := "wrong"
			if gold[e.URL] {
				mark = "right"
				right++
			} else {
				wrong++
			}
			delete(gold, e.URL)
			fmt.Fprintf(&b, "%s %s %s\n", mark, e.URL, e.Title)
		}
		var left []string
		for a := range gold {
			left = append(left, a)
			missed++
		}
		slices.Sort(left)
		for _, a := range left {
			fmt.Fprintf(&b, "missed %s\n", a)
		}
		if testing.Verbose() {
			for _, c := range judge(p) {
				t.Logf("%5.2f own %5.2f %s | %s | %s", c.score, c.own, c.u.RequestURI(), c.pattern, c.headline())
			}
		}
		return b.String()
	})
	precision, recall := float64(right)/float64(right+wrong), float64(right)/float64(right+missed)
	t.Logf("%d articles: precision %.3f, recall %.3f", right+missed, precision, recall)
	if precision < 0.97 || recall < 0.97 {
		t.Errorf("precision %.3f, recall %.3f; the floor is 0.97", precision, recall)
	}
}

// A page in another charset than it declares, and one longer than is read.
func TestIndexWarnings(t *testing.T) {
	const page = `<meta charset="utf-8"><h2><a href="/2026/11/28/le-caf-ferme-ses-portes">Le caf` + "\xe9" + ` ferm` + "\xe9" + ` rouvre cet ` + "\xe9" + `t` + "\xe9" + `</a></h2>`
	doc := Index([]byte(page+strings.Repeat(" ", maxPageBytes)), "", "https://outlet.example/")
	if len(doc.Entries) != 1 || doc.Entries[0].Title != "Le café fermé rouvre cet été" {
		t.Errorf("entries %v", doc.Entries)
	}
	if got := strings.Join(doc.Warnings, " "); got != WarnCharset+" "+WarnTruncated {
		t.Errorf("warnings %q", got)
	}
}
