package web

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var articleLink = regexp.MustCompile(`class="headline" href="/article/([0-9a-z]+)"`)
var nextLink = regexp.MustCompile(`rel="next" href="([^"]+)"`)

// TestTodayPages goes through all pages, which give each article once.
func TestTodayPages(t *testing.T) {
	srv, _ := site(t)
	for _, first := range []string{"/", "/?q=flood&order=best", "/?q=-lang%3Aar"} {
		seen := map[string]bool{}
		at, pages := first, 0
		for at != "" && pages < 20 {
			pages++
			status, body := get(t, srv.URL+at)
			if status != 200 || len(body) > 60_000 {
				t.Fatalf("%s: status %d, %d bytes", at, status, len(body))
			}
			if m := missing.FindStringIndex(body); m != nil {
				t.Errorf("%s: %q", at, body[max(0, m[0]-80):min(len(body), m[1]+40)])
			}
			for _, m := range articleLink.FindAllStringSubmatch(body, -1) {
				if seen[m[1]] {
					t.Errorf("%s: article %s again", at, m[1])
				}
				seen[m[1]] = true
			}
			at = ""
			if m := nextLink.FindStringSubmatch(body); m != nil {
				at = strings.ReplaceAll(m[1], "&amp;", "&")
			}
		}
		t.Logf("%s: %d articles on %d pages", first, len(seen), pages)
		if len(seen) == 0 || first == "/" && len(seen) != 74 {
			t.Errorf("%s: %d articles", first, len(seen))
		}
	}
}

func TestTodayAnswers(t *testing.T) {
	srv, _ := site(t)
	for _, c := range []struct {
		path   string
		status int
		want   string
	}{
		{"/?q=" + url.QueryEscape("after:yesterweek <b>"), 400, "after:yesterweek"},
		{"/?q=nosuchwordatall", 200, "Nothing fits"},
		{"/?q=outlet:kabat+lang:english", 200, "No outlet is called \u2068kabat\u2069"},
		{"/figures?q=place:gunungan", 200, "No article names a place"},
		{"/places?q=-person:gunungan", 200, "No article names a person"},
		{"/?cursor=%00nonsense", 400, ""},
		{"/?q=" + strings.Repeat("a", 5000), 400, "too long"},
		{"/?q=%ff", 400, "UTF-8"},
		{"/new?since=0", 200, "new articles"},
		{"/new?since=999999", 200, ""},
		{"/new?since=x", 400, ""},
	} {
		status, body := get(t, srv.URL+c.path)
		if status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%.60s: status %d, want %d and %q", c.path, status, c.status, c.want)
		}
	}
}

// TestTodaySize asks long queries, which every way to narrow them repeats.
func TestTodaySize(t *testing.T) {
	srv, _ := site(t)
	for _, n := range []int{1, 8, 12, 20, 30} {
		for _, word := range []string{"the", "-كلمةطويلةجداهنا", "-title:\"نصف كلمة وكلمة\""} {
			q := "(" + strings.TrimSpace(strings.Repeat("the OR di OR la OR в OR في OR ", 1)+"a") + ") " + strings.TrimSpace(strings.Repeat(word+" ", n))
			status, body := get(t, srv.URL+"/?q="+url.QueryEscape(q))
			if status != 200 && !strings.Contains(body, "mistake") || len(body) > 60_000 {
				t.Errorf("%d times %s: status %d, %d bytes", n, word, status, len(body))
			}
		}
	}
}

// TestOutletFilters write outlets' names where they are unique, and know an
// outlet however it is asked for.
func TestOutletFilters(t *testing.T) {
	names := map[string]string{"a1": "Northgate Ledger", "a2": "The Post", "a3": "the POST", "a4": `The "Quoted"`, "a5": "Kabar", "a6": ""}
	for id, want := range map[string]string{
		"a1": `outlet:"Northgate Ledger"`, "a2": "outlet:a2", "a3": "outlet:a3", "a4": "outlet:a4", "a5": "outlet:Kabar", "a6": "outlet:a6", "a7": "outlet:a7",
	} {
		if got := nodeText(outletNode(names, id)); got != want {
			t.Errorf("%s is asked for by %s, want %s", id, got, want)
		}
	}
	srv, r := site(t)
	list, err := r.Store.ListOutlets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	by := `outlet:"` + list[0].Name + `"`
	if _, body := get(t, srv.URL+"/"); !strings.Contains(html.UnescapeString(body), `href="/?q=`+url.QueryEscape(by)+`"`) {
		t.Errorf("no filter of %s", by)
	}
	for _, q := range []string{by, strings.ToLower(by), "outlet:" + list[0].ID} {
		_, body := get(t, srv.URL+"/?q="+url.QueryEscape(q))
		if !strings.Contains(body, `<a href="/" aria-current="true"><bdi>`+list[0].Name) {
			t.Errorf("%s: its filter is not set", q)
		}
	}
	if _, body := get(t, srv.URL+"/outlet/"+list[0].ID); !strings.Contains(body, url.PathEscape(list[0].Name)) {
		t.Errorf("the outlet's page does not lead to %s", by)
	}
}

// TestGlanceInWords holds that a figure at a glance keeps what makes it rough, in
// the interface's language.
func TestGlanceInWords(t *testing.T) {
	for _, tt := range []struct{ language, figure, want string }{
		{"en", "killed 41", "41 killed"},
		{"en", "killed at least 41", "at least 41 killed"},
		{"en", "displaced about 1900", "about 1,900 displaced"},
		{"id", "displaced nearly 1900", "hampir 1.900 mengungsi"},
		{"en", "missing 24–99", "24–99 missing"},
	} {
		c := &call{s: worded(t), set: settings{Language: tt.language}}
		if got := c.glance(tt.figure); got != tt.want {
			t.Errorf("%s in %s is %q, want %q", tt.figure, tt.language, got, tt.want)
		}
	}
}
