package api

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	_ "modernc.org/sqlite" // to damage a record

	"dateline"
	"dateline/internal/access"
	"dateline/internal/store"
	"dateline/internal/web"
	"dateline/internal/web/webtest"
)

// served is a record of an hour, served to whoever asks.
type served struct {
	*webtest.Record
	api  *API
	http http.Handler
	hit  store.Hit
}

// origin is one by which this machine may be asked.
const origin = "http://127.0.0.1"

func serve(t testing.TB) *served {
	t.Helper()
	r := webtest.New(t)
	now := func() time.Time { return r.Now }
	s := &served{Record: r}
	s.api = New(Options{Store: r.Store, Archive: r.Archive, Analyzer: r.Analyzer, Packs: r.Packs, Now: now, Log: slog.New(slog.DiscardHandler), Base: "/news",
		Public: "https://record.example", Version: "test", Guard: &access.Guard{Users: r.Store, Open: true, Now: now}})
	pages, err := web.New(web.Options{Store: r.Store, Archive: r.Archive, Analyzer: r.Analyzer, Packs: r.Packs, Now: now, Log: slog.New(slog.DiscardHandler), Base: "/news",
		Public: "https://record.example", Version: "test", Guard: s.api.o.Guard, API: s.api.Handler()})
	if err != nil {
		t.Fatal(err)
	}
	s.http = s.api.Front(pages.Handler())
	for h, err := range r.Store.List(t.Context(), store.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if list, _ := r.Store.Versions(t.Context(), h.Page.N); len(list) > 1 && len(h.Figures) > 0 {
			s.hit = h
		}
	}
	if s.hit.Version == 0 {
		t.Fatal("no article with a figure has two versions")
	}
	return s
}

func (s *served) ask(method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, origin+"/news/api"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.http.ServeHTTP(w, r)
	return w
}

// TestPaging goes through a list and finds each article once.
func TestPaging(t *testing.T) {
	s := serve(t)
	all, err := s.Store.Totals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen, cursor := map[string]bool{}, ""
	for range all.Articles {
		w := s.ask("GET", "/v1/articles?limit=10&cursor="+url.QueryEscape(cursor), "")
		var list Hits
		if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || w.Code != 200 {
			t.Fatal(w.Code, err)
		}
		for _, h := range list.Items {
			if seen[h.ID] {
				t.Errorf("%s comes twice", h.ID)
			}
			seen[h.ID] = true
		}
		if cursor = list.Next; cursor == "" {
			break
		}
	}
	if len(seen) != all.Articles {
		t.Errorf("%d of %d articles", len(seen), all.Articles)
	}
}

func TestRoles(t *testing.T) {
	s := serve(t)
	who := func(id access.Identity, r Route) int {
		path := strings.NewReplacer("{$}", "", "{id}", "x", "{n}", "1", "{version}", "1", "{number}", "1", "{kind}", "person", "{name}", "x", "{stream...}", "").Replace(r.Path)
		req := httptest.NewRequest(r.Method, origin+"/news"+path, nil)
		w := httptest.NewRecorder()
		s.api.Handler().ServeHTTP(w, req.WithContext(access.With(req.Context(), id)))
		return w.Code
	}
	if len(s.api.Routes()) < 30 {
		t.Errorf("%d routes", len(s.api.Routes()))
	}
	for _, r := range s.api.Routes() {
		for _, role := range append([]access.Role{access.Anyone}, access.Roles...) {
			for _, scopes := range [][]access.Scope{nil, {}, {access.Look}, {access.Desk}, {access.Follow}, {access.Manage}} {
				id := access.Identity{Role: role, Scopes: scopes}
				may := id.May(r.Need) == nil
				code := who(id, r)
				if refused := code == http.StatusForbidden || code == http.StatusUnauthorized; refused == may {
					t.Errorf("%s %s as %q with %v: %d, though it needs %+v", r.Method, r.Path, role, scopes, code, r.Need)
				}
			}
		}
		if r.Need.Role == access.Anyone && strings.Contains(r.Path, "/v1/") {
			t.Errorf("%s is for anyone", r.Path)
		}
	}
}

func TestWebAnnotations(t *testing.T) {
	a := New(Options{Public: "https://record.example", Guard: &access.Guard{}, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	const text = "𐍈🌊 Lembah Suri 🌊𝒳 is far."
	runes := []rune(text)
	article := &dateline.Article{Title: "🌊 Suri", Text: text, URL: "https://outlet.example/1"}
	start := strings.Index(text, "Lembah")
	article.Annotations = []*dateline.Annotation{
		{Kind: dateline.KindPlace, In: dateline.InTitle, Start: len("🌊 "), End: len("🌊 Suri"), Sentence: [2]int{0, len("🌊 Suri")}, By: "places/1", Value: &dateline.Place{Name: "Suri", Kind: "area"}},
		{Kind: dateline.KindPlace, Start: start, End: start + len("Lembah Suri"), Sentence: [2]int{0, len(text)}, By: "places/1", Value: &dateline.Place{Name: "Lembah Suri", Kind: "area"}},
	}
	marks, err := dateline.Annotations{Title: article.Title, Text: article.Text, List: article.Annotations}.Marks()
	if err != nil {
		t.Fatal(err)
	}
	p := a.webPage(article, store.Page{ID: "x"}, store.Version{Number: 2}, marks)
	if got := *p.Items[0].Target.Selector[1].Start; got != 2 || !strings.HasSuffix(p.Items[0].Target.Source, "#title") {
		t.Errorf("the headline's begins at %d of %s", got, p.Items[0].Target.Source)
	}
	quote, at := p.Items[1].Target.Selector[0], p.Items[1].Target.Selector[1]
	if *at.Start != 3 || *at.End != 14 || string(runes[*at.Start:*at.End]) != "Lembah Suri" {
		t.Errorf("it stands at %d to %d", *at.Start, *at.End)
	}
	if quote.Exact != "Lembah Suri" || quote.Prefix+quote.Exact+quote.Suffix != text {
		t.Errorf("%+v", quote)
	}
	if want := "https://record.example/article/x?version=2#text"; p.Items[1].Target.Source != want {
		t.Errorf("source %s, want %s", p.Items[1].Target.Source, want)
	}
}

func TestExports(t *testing.T) {
	s := serve(t)
	all, err := s.Store.Totals(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	w := s.ask("GET", "/v1/exports", "")
	n := 0
	for dec := json.NewDecoder(w.Body); ; n++ {
		var a dateline.Article
		if err := dec.Decode(&a); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if n != all.Articles {
		t.Errorf("%d of %d articles", n, all.Articles)
	}
	for _, table := range []string{"", "&table=articles", "&table=figures", "&table=quotes"} {
		w := s.ask("GET", "/v1/exports?format=csv"+table, "")
		rows, err := csv.NewReader(w.Body).ReadAll()
		if err != nil || len(rows) < all.Articles+1 {
			t.Fatalf("%s: %d rows, %v", table, len(rows), err)
		}
		p := s.ask("GET", "/v1/exports?format=parquet"+table, "").Body.Bytes()
		file, err := parquet.OpenFile(bytes.NewReader(p), int64(len(p)))
		if err != nil {
			t.Fatal(table, err)
		}
		if n := int(file.NumRows()); n != len(rows)-1 {
			t.Errorf("%s: %d rows in Parquet, %d in CSV", table, n, len(rows)-1)
		}
		for i, column := range file.Root().Columns() {
			if column.Name() != rows[0][i] {
				t.Errorf("%s: column %d is %s in Parquet, %s in CSV", table, i, column.Name(), rows[0][i])
			}
		}
	}
	// What is not known, and what does not go together.
	for query, want := range map[string]string{
		"format=xls":              "jsonl, csv, parquet, warc",
		"format=csv&table=people": "articles, figures, quotes",
		"table=figures":           "csv and parquet",
	} {
		if w := s.ask("GET", "/v1/exports?"+query, ""); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s", query, w.Code, w.Body)
		}
	}
}

// TestExportsDamaged: an article that is damaged is left out, and named in a
// trailer behind the file, by a server as it is.
func TestExportsDamaged(t *testing.T) {
	s := serve(t)
	srv := httptest.NewServer(s.http)
	defer srv.Close()
	ask := func(format string) (int, string) {
		t.Helper()
		resp, err := http.Get(srv.URL + "/news/api/v1/exports?format=" + format)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != 200 {
			t.Fatalf("%s: %d %v %s", format, resp.StatusCode, err, b)
		}
		return bytes.Count(b, []byte("\n")), resp.Trailer.Get("Dateline-Damaged")
	}
	whole, told := ask("jsonl")
	if told != "" {
		t.Errorf("of nothing: %q", told)
	}
	db, err := sql.Open("sqlite", filepath.Join(s.Dir, "dateline.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("UPDATE record SET data = x'00ff00ff' WHERE version = ?", s.hit.Version); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"jsonl", "csv", "parquet", "warc"} {
		lines, told := ask(format)
		if told != "1 "+s.hit.Page.ID || format == "jsonl" && lines != whole-1 {
			t.Errorf("%s: %d lines of %d, %q", format, lines, whole, told)
		}
	}
}

// slow reads nothing until it is let.
type slow struct {
	*httptest.ResponseRecorder
	begun, let chan struct{}
}

func (s *slow) Write(b []byte) (int, error) {
	s.begun <- struct{}{}
	<-s.let
	return s.ResponseRecorder.Write(b)
}

// TestExportsAtOnce has two slow readings of one user keep a third out.
func TestExportsAtOnce(t *testing.T) {
	s := serve(t)
	begun, let := make(chan struct{}, 1000), make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			s.http.ServeHTTP(&slow{httptest.NewRecorder(), begun, let}, httptest.NewRequest("GET", origin+"/news/api/v1/exports", nil))
		})
	}
	for range 2 {
		<-begun
	}
	w := s.ask("GET", "/v1/exports?format=csv", "")
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "2 exports of yours are under way") {
		t.Errorf("a third: %d %v %s", w.Code, w.Header(), w.Body)
	}
	close(let)
	wg.Wait()
	if w := s.ask("GET", "/v1/exports?format=csv", ""); w.Code != 200 {
		t.Errorf("after them: %d %s", w.Code, w.Body)
	}
}

func TestMetrics(t *testing.T) {
	s := serve(t)
	s.ask("GET", "/v1/articles?q=secretword", "")
	s.ask("GET", "/v1/nothing/secretpath", "")
	r := httptest.NewRequest("GET", origin+"/news/metrics", nil)
	w := httptest.NewRecorder()
	s.http.ServeHTTP(w, r)
	text := w.Body.String()
	for _, want := range []string{`dateline_http_request_duration_seconds_count{route="GET /api/v1/articles",status="200"} 1`, "dateline_articles ", `dateline_work{stage="fetch",state="due"}`, "go_goroutines ", "dateline_record_up 1"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not told", want)
		}
	}
	if strings.Contains(text, "secret") {
		t.Error("a string from outside is told")
	}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if line[0] != '#' && len(strings.Fields(line)) < 2 {
			t.Errorf("no sample: %s", line)
		}
	}
	req := httptest.NewRequest("GET", origin+"/news/metrics", nil)
	w = httptest.NewRecorder()
	s.api.o.Guard.Open = false
	s.http.ServeHTTP(w, req)
	if w.Code != http.StatusUnauthorized {
		t.Errorf("anyone is told: %d", w.Code)
	}
}

func TestDocuments(t *testing.T) {
	s := serve(t)
	for path, want := range map[string]string{"/": "Authorization: Bearer TOKEN", "/schemas": `id="schema-Record"`, "/openapi.json": `"openapi":"3.1.0"`, "/openapi.yaml": "openapi: ", "/document.css": "color-scheme"} {
		w := s.ask("GET", path, "")
		if w.Code != 200 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %.200s", path, w.Code, w.Body)
		}
		if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") && (strings.Contains(w.Body.String(), "<script") || strings.Contains(w.Body.String(), "style=")) {
			t.Error("the page has what its policy forbids")
		}
		if path == "/" && !strings.Contains(w.Body.String(), "/api/v1/articles</code>") {
			t.Error("the page does not have a path in whole")
		}
	}
	if w := s.ask("GET", "/v2", ""); w.Code != 404 || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// FuzzRequests finds no request that is the program's mistake.
func FuzzRequests(f *testing.F) {
	s := serve(f)
	for _, path := range []string{"/v1/articles", "/v1/search", "/v1/figures", "/v1/facets", "/v1/places"} {
		for _, q := range []string{"flood", "a OR (b", "figure:killed>=10 -\"x y\"", "\x00", "\xff\xfe", "title:*", strings.Repeat("(", 500), "person:\"\u202e\""} {
			f.Add(path, "x", q, "nonsense")
		}
	}
	for _, id := range []string{"..%2f", "https://outlet.example/", "\x00", "\xff", "'; DROP", "9999999999999999999999"} {
		f.Add("/v1/articles/", id, "", "")
		f.Add("/v1/captures/", id, "", "")
		f.Add("/v1/names/person/", id, "", "")
	}
	f.Fuzz(func(t *testing.T, path, id, q, cursor string) {
		if !strings.HasPrefix(path, "/v1/") {
			path = "/v1/articles"
		}
		if strings.HasSuffix(path, "/") {
			path += id
		}
		u := url.URL{Path: "/news/api" + path, RawQuery: url.Values{"q": {q}, "cursor": {cursor}}.Encode()}
		r, err := http.NewRequest("GET", u.String(), nil)
		if err != nil {
			return
		}
		r.Host = "127.0.0.1"
		w := httptest.NewRecorder()
		s.http.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%s: %d %s", u.String(), w.Code, w.Body)
		}
	})
}
