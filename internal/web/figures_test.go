package web

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"html"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/export"
	"dateline/internal/store"
	"dateline/internal/web/webtest"
	"dateline/search"
)

func TestFiguresPage(t *testing.T) {
	srv, _ := site(t)
	for _, c := range []struct {
		query  string
		status int
		want   string
	}{
		{"", 200, "<mark>"},
		{"?what=killed&order=greatest", 200, "killed"},
		{"?q=figure:killed%3E=3", 200, "<mark>"},
		{"?q=malam", 200, ", night</td>"},
		{"?q=figure:killed%3E=3000000", 200, "No figure fits"},
		{"?order=sideways", 400, "sideways"},
		{"?cursor=t1", 400, "cursor"},
	} {
		status, body := get(t, srv.URL+"/figures"+c.query)
		if status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%q: status %d, want %d with %q", c.query, status, c.status, c.want)
		}
		if len(body) > 60<<10 {
			t.Errorf("%q: %d bytes", c.query, len(body))
		}
		if code := codes.FindString(body); code != "" {
			t.Errorf("%q: %s is no day as people say it", c.query, code)
		}
	}
}

// clerk is a site with users, and requests in the name of each.
type clerk struct {
	*Server
	store store.Store
}

func newClerk(t testing.TB) (*clerk, *webtest.Record) {
	t.Helper()
	r := webtest.New(t)
	now := func() time.Time { return r.Now }
	s, err := New(Options{
		Store: r.Store, Archive: r.Archive, Analyzer: r.Analyzer, Packs: r.Packs, Now: now, Log: slog.New(slog.DiscardHandler), Version: "test",
		Guard: &access.Guard{Users: r.Store, Now: now},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &clerk{s, r.Store}, r
}

// as asks a route for a page in somebody's name, past what finds out who it is.
func (k *clerk) as(role access.Role, method, target, form string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, target, strings.NewReader(form))
	if form != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	id := access.Identity{Role: role, User: store.User{N: 7, Name: "Nadia " + string(role)}}
	w := httptest.NewRecorder()
	for _, r := range k.routes {
		if r.Method == method && r.Path == req.URL.Path {
			c := &call{s: k.Server, w: w, r: req, id: id, ctx: req.Context()}
			c.set = k.settingsOf(id, req)
			err := k.Guard.Allow(id, r.Need, r.Page)
			if err == nil {
				err = c.readForm()
			}
			if err == nil {
				err = r.Handle(c)
			}
			if err != nil {
				c.fail(err)
			}
			return w
		}
	}
	w.WriteHeader(http.StatusNotFound)
	return w
}

// someFigure is the newest figure of a kind.
func someFigure(t testing.TB, k *clerk, what string) store.Statement {
	t.Helper()
	for st, err := range k.store.Statements(t.Context(), nil, k.Analyzer, store.StatementOptions{Kind: dateline.KindFigure, What: what, Limit: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		return st
	}
	t.Fatalf("no figure of %s", what)
	return store.Statement{}
}

func TestReview(t *testing.T) {
	k, _ := newClerk(t)
	st := someFigure(t, k, "killed")
	at := url.Values{"version": {strconv.FormatInt(st.Hit.Version, 10)}, "in": {string(st.Mark.In)}, "start": {strconv.Itoa(st.Mark.Start)}, "end": {strconv.Itoa(st.Mark.End)}}
	form := func(kv ...string) string {
		v := url.Values{}
		for key := range at {
			v.Set(key, at.Get(key))
		}
		for i := 0; i+1 < len(kv); i += 2 {
			v.Set(kv[i], kv[i+1])
		}
		return v.Encode()
	}
	const reason = "=1+1 the sentence says \"12\" <b>"
	for _, c := range []struct {
		name   string
		role   access.Role
		form   string
		status int
	}{
		{"nobody", access.Anyone, form("verdict", "confirmed"), 403},
		{"a reader", access.Reader, form("verdict", "confirmed"), 403},
		{"no verdict", access.Editor, form(), 400},
		{"a wrong verdict", access.Editor, form("verdict", "maybe"), 400},
		{"no reason", access.Editor, form("verdict", "rejected"), 400},
		{"no bounds", access.Editor, form("verdict", "corrected", "what", "injured", "reason", "x"), 400},
		{"bounds the wrong way", access.Editor, form("verdict", "corrected", "what", "injured", "min", "5", "max", "4", "reason", "x"), 400},
		{"no number", access.Editor, form("verdict", "corrected", "what", "injured", "min", "NaN", "reason", "x"), 400},
		{"a wrong kind", access.Editor, form("verdict", "corrected", "what", "slain", "min", "5", "reason", "x"), 400},
		{"another place", access.Editor, form("verdict", "confirmed", "start", "999999", "end", "1000000"), 404},
		{"a long reason", access.Editor, form("verdict", "rejected", "reason", strings.Repeat("x", 2001)), 413},
		{"confirm", access.Editor, form("verdict", "confirmed"), 303},
		{"correct", access.Editor, form("verdict", "corrected", "what", "injured", "min", "12", "max", "12", "reason", reason, "back", "/figures?what=killed"), 303},
	} {
		w := k.as(c.role, "POST", "/figures/review", c.form)
		if w.Code != c.status {
			t.Errorf("%s: status %d, want %d: %.200s", c.name, w.Code, c.status, w.Body)
		}
		if c.name == "correct" && w.Header().Get("Location") != "/figures?what=killed" {
			t.Errorf("goes back to %q", w.Header().Get("Location"))
		}
	}
	// The program's mark is as it was, and the newest review counts.
	again := someFigure(t, k, "killed")
	if string(again.Mark.Value) != string(st.Mark.Value) || len(again.Reviews) != 2 {
		t.Fatalf("the mark is %s with %d reviews, was %s", again.Mark.Value, len(again.Reviews), st.Mark.Value)
	}
	page := k.as(access.Reader, "GET", "/figures?what=killed", "").Body.String()
	if !strings.Contains(page, "12 injured, an editor says") {
		t.Error("the table does not show the correction")
	}
	show := k.as(access.Reader, "GET", "/figures/review?"+at.Encode(), "").Body.String()
	if !strings.Contains(show, "&#34;12&#34; &lt;b&gt;") || !strings.Contains(show, "Nadia editor") || strings.Contains(show, "<form class=\"reviewing\"") {
		t.Errorf("what a reader sees of the reviews: %s", show)
	}
	if show = k.as(access.Editor, "GET", "/figures/review?"+at.Encode(), "").Body.String(); !strings.Contains(show, "<form class=\"reviewing\"") {
		t.Error("an editor has no form")
	}
	rows := readCSV(t, k.as(access.Reader, "GET", "/figures.csv?what=killed", "").Body.String())
	if r := rows[0]; r["verdict"] != "corrected" || r["corrected_what"] != "injured" || r["corrected_min"] != "12" || r["reason"] != "'"+reason || r["reviewed_by"] != "Nadia editor" || r["what"] != "killed" {
		t.Errorf("the file has %v", r)
	}
	k.as(access.Editor, "POST", "/figures/review", form("verdict", "withdrawn"))
	if r := readCSV(t, k.as(access.Reader, "GET", "/figures.csv?what=killed", "").Body.String())[0]; r["verdict"] != "" {
		t.Errorf("what is taken back is still %q", r["verdict"])
	}
}

// readCSV reads a file as rows by their columns.
func readCSV(t testing.TB, text string) []map[string]string {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = cells[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func TestFiguresCSV(t *testing.T) {
	k, _ := newClerk(t)
	n := 0
	for _, err := range k.store.Statements(t.Context(), nil, k.Analyzer, store.StatementOptions{Kind: dateline.KindFigure}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	rows := readCSV(t, k.as(access.Reader, "GET", "/figures.csv", "").Body.String())
	if len(rows) != n || n < 100 {
		t.Errorf("%d of %d figures are in the file", len(rows), n)
	}
	// It is the table of figures, with the address of the sentence.
	same := map[string]map[string]string{}
	var b bytes.Buffer
	table, err := export.New(&b, export.Options{Format: "csv", Table: "figures"})
	if err != nil {
		t.Fatal(err)
	}
	items := &export.Reader{Store: k.store, Table: "figures"}
	for item, err := range items.Items(t.Context(), k.store.List(t.Context(), store.Options{})) {
		if err == nil {
			err = table.Add(t.Context(), item)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := table.Close(); err != nil {
		t.Fatal(err)
	}
	at := func(r map[string]string) string { return r["article"] + " " + r["in"] + " " + r["start"] }
	for _, r := range readCSV(t, b.String()) {
		same[at(r)] = r
	}
	for _, r := range rows {
		if !strings.HasPrefix(r["cite"], "http://example.com/article/"+r["article"]+"?version="+r["version"]) {
			t.Errorf("cites %q", r["cite"])
		}
		delete(r, "cite")
		if want := same[at(r)]; !maps.Equal(want, r) {
			t.Fatalf("%v, the table has %v", r, want)
		}
	}
	// By number, an article's figures do not stand together.
	last := math.Inf(1)
	for _, r := range readCSV(t, k.as(access.Reader, "GET", "/figures.csv?what=killed&order=greatest", "").Body.String()) {
		low, _ := strconv.ParseFloat(cmp.Or(r["min"], r["max"]), 64)
		if low > last || r["what"] != "killed" {
			t.Errorf("%v %s after %v", low, r["what"], last)
		}
		last = low
	}
	// Four at once, here and in the API.
	for i := range 4 {
		leave, err := k.Exports.Enter(http.Header{}, "user"+strconv.Itoa(i))
		if err != nil {
			t.Fatal(err)
		}
		defer leave()
	}
	if w := k.as(access.Reader, "GET", "/figures.csv", ""); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("a fifth: %d %v", w.Code, w.Header())
	}
}

func TestFiguresPaging(t *testing.T) {
	k, _ := newClerk(t)
	// Of a search with bounds, those alone.
	for _, r := range readCSV(t, k.as(access.Reader, "GET", "/figures.csv?q=figure:injured%3E=100", "").Body.String()) {
		f, _ := strconv.ParseFloat(cmp.Or(r["max"], r["min"]), 64)
		if r["what"] != "injured" || f < 100 {
			t.Errorf("%s %s to %s does not fit", r["what"], r["min"], r["max"])
		}
	}
	// Paging gives the same as the file, each once.
	seen := map[string]int{}
	for next := "/figures?what=killed"; next != ""; {
		page := k.as(access.Reader, "GET", next, "").Body.String()
		for _, part := range strings.Split(page, `class="plain" href="`)[1:] {
			address, _, _ := strings.Cut(part, `"`)
			seen[address]++
		}
		_, rest, more := strings.Cut(page, `rel="next" href="`)
		next, _, _ = strings.Cut(rest, `"`)
		if next = html.UnescapeString(next); !more {
			next = ""
		}
	}
	total := 0
	for _, n := range seen {
		total += n
	}
	if want := len(readCSV(t, k.as(access.Reader, "GET", "/figures.csv?what=killed", "").Body.String())); total != want {
		t.Errorf("pages show %d figures, the file has %d", total, want)
	}
	if w := k.as(access.Reader, "GET", "/figures.csv?q=figure:%3E%3Ckilled", ""); w.Code != 400 {
		t.Errorf("a query that is none: status %d", w.Code)
	}
}

// TestHostileFigures makes pages of what outlets and editors may write.
func TestHostileFigures(t *testing.T) {
	k := bare(t)
	const bad = `"><script>alert(1)</script><img src=x onerror=alert(1)> ' javascript:alert(1) </title></svg> ` + "\u202e"
	forty := 40.0
	word := strings.Repeat("жертвы наводнения ", 60)
	line := func(i int) figureLine {
		st := store.Statement{Place: bad, Date: bad, Speaker: bad, Sentence: word + bad + word}
		n := len([]rune(word))
		st.Mark = dateline.Mark{Kind: dateline.KindFigure, Start: n, End: n + len([]rune(bad)), Sentence: [2]int{0, 5000}}
		st.Hit = store.Hit{Page: store.Page{ID: bad, Outlet: bad}, Title: bad, Language: bad, Time: time.Date(2026, 3, 1, i, 0, 0, 0, time.UTC)}
		review := &store.Review{Verdict: store.Corrected, Reason: bad, By: bad}
		return figureLine{Statement: st, Value: figureValue{What: "killed", Min: &forty, Of: bad, Unit: bad, Modal: true, Vague: true}, Outlet: bad, Newest: review, Corrects: figureValue{What: bad, Max: &forty}}
	}
	var all []figureLine
	for i := range 500 {
		all = append(all, line(i))
	}
	w := httptest.NewRecorder()
	c := &call{s: k.Server, w: w, r: httptest.NewRequest("GET", "/figures?q="+url.QueryEscape(bad), nil), set: settings{Language: "en", zone: time.UTC}}
	p := figuresPage{Text: bad, Notes: []search.Note{{Text: bad}}, Whats: figureWhats, Asked: bad, Rows: all[:figuresAtOnce], Next: bad, Chart: c.newChart("", all, true)}
	if err := c.page(200, "figures", view{Title: bad}, p); err != nil {
		t.Fatal(err)
	}
	unscripted(t, "figures", w.Body.String())
	// With sentences of any length, but no such query and no such names.
	for i := range all {
		l := &all[i]
		l.Place, l.Date, l.Speaker, l.Hit.Page.ID, l.Hit.Page.Outlet, l.Outlet, l.Value.Of, l.Value.Unit = "Лембах", "2026-03-01", "Данияр Ибраев", "5qfmjoop0gkfm86255k3mk1jfo", "mblf3pr7j3od3", "Ковыльный вестник", "человек", ""
		l.Hit.Language, l.Mark.End = "ru", l.Mark.Start+8
	}
	w = httptest.NewRecorder()
	c.w, c.r = w, httptest.NewRequest("GET", "/figures?what=killed", nil)
	p = figuresPage{Whats: figureWhats, Rows: all[:figuresAtOnce], Next: "t1", Chart: c.newChart("", all, true)}
	if err := c.page(200, "figures", view{Title: "x"}, p); err != nil {
		t.Fatal(err)
	}
	if n := w.Body.Len(); n > 60<<10 {
		t.Errorf("a page of long sentences has %d bytes", n)
	}
	w = httptest.NewRecorder()
	c.w = w
	n := namePage{Name: store.Name{Kind: dateline.KindPerson, Name: bad, Forms: []store.Tally{{Value: bad, N: 1}}, With: []store.Tally{{Value: bad, N: 1}}, Outlets: []store.Tally{{Value: bad, Label: bad, N: 1}}}, Shows: []string{"mentions"}, Show: "mentions"}
	first := nameLine{line(1).Statement, bad}
	n.Lines, n.First, n.Last = []nameLine{first}, &first, &first
	n.Map = c.newMap([]store.NamedPlace{{Name: bad, Kind: "city", Known: true, Articles: 1}}, 320, 200, false)
	if err := c.page(200, "name", view{Title: bad}, n); err != nil {
		t.Fatal(err)
	}
	unscripted(t, "name", w.Body.String())
}
