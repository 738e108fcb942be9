package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"dateline"
	"dateline/diff"
	"dateline/internal/store"
)

// missing finds what no page should have: addresses that were refused, fields
// that are not there, texts that are missing.
var missing = regexp.MustCompile(`ZgotmplZ|<no value>|\b(article|event|warning|refused|versions|today|what|change|field)\.[a-z]`)

// codes finds parts of days and seasons as the record has them, which pages say
// in words.
var codes = regexp.MustCompile(`\d{4}(-\d\d-\d\dT(MO|MI|AF|EV|NI|DT)|-(SP|SU|FA|WI|Q[1-4]))\b`)

// TestArticles looks at every article of the record in every version.
func TestArticles(t *testing.T) {
	srv, r := site(t)
	n := 0
	for h, err := range r.Store.List(t.Context(), store.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		for _, path := range []string{"", "/versions"} {
			status, body := get(t, srv.URL+"/article/"+h.Page.ID+path)
			if status != 200 {
				t.Errorf("%s%s: status %d", h.Page.ID, path, status)
			}
			if len(body) > 60_000 {
				t.Errorf("%s%s: %d bytes", h.Page.ID, path, len(body))
			}
			if m := missing.FindStringIndex(body); m != nil {
				t.Errorf("%s%s: %q", h.Page.ID, path, body[max(0, m[0]-80):min(len(body), m[1]+40)])
			}
			if m := codes.FindStringIndex(body); m != nil {
				t.Errorf("%s%s: %q is no day as people say it", h.Page.ID, path, body[max(0, m[0]-80):min(len(body), m[1]+40)])
			}
		}
	}
	if n < 50 {
		t.Errorf("%d articles", n)
	}
}

// TestLongArticle has more marks than a page has room for.
func TestLongArticle(t *testing.T) {
	srv, r := site(t)
	for _, size := range []int{300, 1000} {
		var text strings.Builder
		a := &dateline.Article{URL: fmt.Sprintf("https://kept.example/long%d", size), Kind: dateline.KindArticle, Language: "en", Title: "A long night"}
		var marks []dateline.Mark
		type at struct{ start, end, sentence int }
		var places []at
		for i := range size {
			start := text.Len()
			fmt.Fprintf(&text, "In Place%d they saw it. ", i)
			places = append(places, at{start + 3, start + 3 + len(fmt.Sprintf("Place%d", i)), text.Len() - 1})
		}
		a.Text = strings.TrimSpace(text.String())
		a.Blocks = []dateline.Block{{Kind: dateline.Paragraph, Text: a.Text}}
		for i, p := range places {
			marks = append(marks, mark(dateline.KindPlace, a.Text, p.start, p.end, [2]int{p.start - 3, p.sentence}, map[string]any{"name": fmt.Sprintf("Place%d", i), "kind": "city"}))
		}
		page := keep(t, r, "", a, marks)
		status, body := get(t, srv.URL+"/article/"+page.ID)
		if status != 200 || len(body) > 60_000 {
			t.Errorf("%d marks: status %d, %d bytes", size, status, len(body))
		}
		shown := strings.Count(body, `<a class="m place"`)
		left := fmt.Sprintf("%d more marks are left out", size-shown)
		if shown == 0 || shown < size && !strings.Contains(body, left) {
			t.Errorf("%d marks: %d are shown, and it does not say %q", size, shown, left)
		}
		t.Logf("%d marks: %d shown, %d bytes", size, shown, len(body))
		if _, body := get(t, srv.URL+"/article/"+page.ID+"?marks=all"); strings.Count(body, `<a class="m place"`) != size {
			t.Errorf("%d marks: not all are shown when they are asked for", size)
		}
	}
}

// TestArticleState keeps what a reader does with an article.
func TestArticleState(t *testing.T) {
	srv, r := site(t)
	var page store.Page
	for h, err := range r.Store.List(t.Context(), store.Options{Limit: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		page = h.Page
	}
	stop := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	post := func(want int, quiet bool, form url.Values) store.ReadingState {
		t.Helper()
		req, _ := http.NewRequest("POST", srv.URL+"/article/"+page.ID+"/state", strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if quiet {
			req.Header.Set("Dateline-Quiet", "1")
		}
		resp, err := stop.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%v: status %d, want %d", form, resp.StatusCode, want)
		}
		if to := resp.Header.Get("Location"); strings.Contains(to, "evil") && !strings.HasPrefix(to, "/") {
			t.Errorf("%v: sent to %q", form, to)
		}
		m, err := r.Store.ReadingStates(t.Context(), 0, []int64{page.N})
		if err != nil {
			t.Fatal(err)
		}
		return m[page.N]
	}
	if s := post(303, false, url.Values{"do": {"read"}, "back": {"//evil.example/"}}); s.Version != page.Version || s.Read.IsZero() {
		t.Errorf("read: %+v", s)
	}
	if s := post(204, true, url.Values{"do": {"star"}}); s.Starred.IsZero() || s.Version == 0 {
		t.Errorf("star: %+v", s)
	}
	if s := post(303, false, url.Values{"do": {"note"}, "note": {" look again "}}); s.Note != "look again" {
		t.Errorf("note: %+v", s)
	}
	if s := post(204, true, url.Values{"do": {"unstar"}}); !s.Starred.IsZero() || s.Note == "" {
		t.Errorf("unstar: %+v", s)
	}
	if s := post(204, true, url.Values{"do": {"unread"}}); s.Version != 0 {
		t.Errorf("unread: %+v", s)
	}
	for _, form := range []url.Values{{}, {"do": {"burn"}}, {"do": {"note"}, "note": {strings.Repeat("x", maxNote+1)}}, {"do": {"note"}, "note": {"\xff"}}} {
		post(400, false, form)
	}
}

// TestArticleWARC downloads what an article was read from.
func TestArticleWARC(t *testing.T) {
	srv, r := site(t)
	for h, err := range r.Store.List(t.Context(), store.Options{Limit: 3}) {
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.Get(srv.URL + "/article/" + h.Page.ID + "/warc")
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if n := bytes.Count(b, []byte("WARC-Type: response\r\n")); resp.StatusCode != 200 || n != 1 || !bytes.Contains(b, []byte(h.Page.URL)) || resp.Header.Get("Content-Type") != "application/warc" {
			t.Errorf("%s: status %d, %d responses, %v", h.Page.ID, resp.StatusCode, n, resp.Header)
		}
	}
}

// TestVersionsTold says what changed in both languages of the interface.
func TestVersionsTold(t *testing.T) {
	srv, r := site(t)
	said := map[string]string{}
	for h, err := range r.Store.List(t.Context(), store.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		for n := 2; n <= h.Number; n++ {
			for _, l := range []string{"en", "id"} {
				req, _ := http.NewRequest("GET", fmt.Sprintf("%s/article/%s/versions?a=%d&b=%d", srv.URL, h.Page.ID, n-1, n), nil)
				req.Header.Set("Accept-Language", l)
				resp, err := http.DefaultClient.Do(req)
				if err != nil {
					t.Fatal(err)
				}
				b, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				if err != nil || missing.Match(b) {
					t.Errorf("%s %d: %v, %q", h.Page.ID, n, err, missing.Find(b))
				}
				said[l] += string(b)
			}
		}
	}
	for l, list := range map[string][]string{
		"en": {"killed: 41 to 52", "removed: ", "headline changed", "sentences: 1 added, 1 removed, 1 changed"},
		"id": {"tewas: 41 menjadi 52", "dihapus: ", "judul diubah", "kalimat: 1 ditambahkan, 1 dihapus, 1 diubah"},
	} {
		for _, want := range list {
			if !strings.Contains(said[l], "<li dir=\"auto\">"+want) {
				t.Errorf("%s: nothing says %q", l, want)
			}
		}
	}
	for l, want := range map[string]string{"en": "a quotation of Neneng Sulastri", "id": "kutipan Neneng Sulastri"} {
		if !regexp.MustCompile(map[string]string{"en": "removed", "id": "dihapus"}[l] + ": [^<]*\u2068" + want + "\u2069").MatchString(said[l]) {
			t.Errorf("%s: nothing says that %s is gone", l, want)
		}
	}
}

// TestTold puts what came and what went in a line each.
func TestTold(t *testing.T) {
	c := &call{s: worded(t), set: settings{Language: "en", zone: time.UTC}}
	c.s.Now = func() time.Time { return time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC) }
	person := func(name string) *dateline.Annotation {
		return &dateline.Annotation{Kind: dateline.KindPerson, Value: &dateline.Person{Name: name}}
	}
	d := &diff.Changes{
		Marks:     []diff.MarkChange{{New: person("Rano")}, {New: person("شكري")}, {New: person("Rano")}, {Old: person("Vane")}},
		Sentences: diff.Sentences{Added: 2, Moved: 1},
		Fields:    []diff.FieldChange{{Name: "modified", New: []string{"2026-03-10T11:01:00"}}},
	}
	got := strings.NewReplacer("\u2068", "<", "\u2069", ">").Replace(strings.Join(c.told(d, &dateline.Article{}, &dateline.Article{}), "\n"))
	want := "added: <person Rano>, <person شكري>\nremoved: <person Vane>\nsentences: 2 added, 1 moved\n" +
		"time of the last change added: <2026-03-10 11:01 (zone not stated)>"
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	d = &diff.Changes{}
	for i := range 30 {
		d.Marks = append(d.Marks, diff.MarkChange{Old: person(fmt.Sprint("P", i))})
	}
	if got := c.told(d, &dateline.Article{}, &dateline.Article{}); len(got) != 1 || !strings.HasSuffix(got[0], ", and 10 more") {
		t.Errorf("%q", got)
	}
}
