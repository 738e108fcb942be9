package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/store"
)

// fits checks an answer against what the document says of the operation.
func (s *served) fits(t *testing.T, op *huma.Operation, w *httptest.ResponseRecorder) {
	t.Helper()
	said := op.Responses[fmt.Sprint(w.Code)]
	if said == nil {
		t.Errorf("%s: the status %d is not in the document: %.300s", op.OperationID, w.Code, w.Body)
		return
	}
	media, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
	m := said.Content[media]
	if m == nil {
		if len(said.Content) > 0 || w.Body.Len() > 0 {
			t.Errorf("%s: %q is not in the document for %d: %.300s", op.OperationID, media, w.Code, w.Body)
		}
		return
	}
	if !strings.Contains(media, "json") || media == "application/jsonl" {
		return
	}
	var v any
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Errorf("%s: %v", op.OperationID, err)
		return
	}
	var res huma.ValidateResult
	huma.Validate(s.api.huma.OpenAPI().Components.Schemas, m.Schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, v, &res)
	for i, err := range res.Errors {
		if i < 5 {
			t.Errorf("%s: %v", op.OperationID, err)
		}
	}
	if w.Code < 400 {
		return
	}
	var p huma.ErrorModel
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Detail == "" || p.Status != w.Code || media != "application/problem+json" {
		t.Errorf("%s: no problem is told: %s", op.OperationID, w.Body)
	}
	if w.Code == http.StatusServiceUnavailable && w.Header().Get("Retry-After") == "" {
		t.Errorf("%s: it is not said when to ask again", op.OperationID)
	}
	if w.Code == http.StatusUnauthorized && w.Header().Get("WWW-Authenticate") == "" {
		t.Errorf("%s: it is not said how to log in", op.OperationID)
	}
}

// operations are all of the document, by their ids.
func (s *served) operations() map[string]*huma.Operation {
	all := map[string]*huma.Operation{}
	for _, item := range s.api.huma.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Patch, item.Put, item.Delete} {
			if op != nil {
				all[op.OperationID] = op
			}
		}
	}
	return all
}

// sample is what a record has that operations can be asked for.
type sample struct {
	id, outlet, person, place, review, collection, search string
	capture                                               int64
}

func (s *served) sample(t *testing.T) (v sample) {
	t.Helper()
	for st, err := range s.Store.Statements(t.Context(), nil, s.Analyzer, store.StatementOptions{Limit: 300}) {
		if err != nil {
			t.Fatal(err)
		}
		switch st.Mark.Kind {
		case dateline.KindPerson:
			v.person = st.Mark.Text
		case dateline.KindPlace:
			v.place = st.Mark.Text
		}
	}
	v.capture, v.id, v.outlet = s.hit.Page.Capture, s.hit.Page.ID, s.hit.Page.Outlet
	var list List[Statement]
	s.made(t, "GET", "/v1/figures?limit=1", "", &list)
	if len(list.Items) != 1 || list.Next == "" || list.Items[0].Sentence == "" {
		t.Fatalf("figures: %+v", list)
	}
	v.review = fmt.Sprintf("/v1/figures/%d/%d/review", list.Items[0].N, list.Items[0].Index)
	var k Collection
	s.made(t, "POST", "/v1/collections", `{"name":"Floods","query":"flood OR banjir","note":"of the hour"}`, &k)
	if k.Items == 0 || k.Note == "" || k.By != "local" {
		t.Errorf("%+v", k)
	}
	var it Item
	s.made(t, "POST", "/v1/collections/"+k.ID+"/items", `{"article":"`+v.id+`","note":"twice"}`, &it)
	if it.N != s.hit.Version || it.Note != "twice" || it.Article.ID != v.id {
		t.Errorf("%+v", it)
	}
	var mine SavedSearch
	s.made(t, "POST", "/v1/searches", `{"name":"floods","query":"flood"}`, &mine)
	v.collection, v.search = k.ID, mine.ID
	return v
}

// made asks for something and reads it.
func (s *served) made(t *testing.T, method, path, body string, into any) {
	t.Helper()
	w := s.ask(method, path, body)
	if w.Code != 200 {
		t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
		t.Fatal(err)
	}
}

// request is one to an operation, and the status that it is to be answered with.
type request struct {
	op, path, body string
	code           int
	header         []string
}

// requests ask for every operation, and for what it says of what goes wrong.
func (v *sample) requests(s *served) []request {
	article, collection, search := "/v1/articles/"+v.id, "/v1/collections/"+v.collection, "/v1/searches/"+v.search
	return []request{
		{"listArticles", "/v1/articles", "", 200, nil},
		{"listArticles", "/v1/articles?q=lang:id+after:2026&limit=3&order=best", "", 200, nil},
		{"listArticles", "/v1/articles?q=after:nothing", "", 400, nil},
		{"listArticles", "/v1/articles?limit=0", "", 422, nil},
		{"listArticles", "/v1/articles?cursor=nonsense", "", 400, nil},
		{"search", "/v1/search?q=flood+OR+banjir", "", 200, nil},
		{"showArticle", article, "", 200, nil},
		{"showArticle", "/v1/articles/" + url.PathEscape(s.hit.Page.URL), "", 200, nil},
		{"showArticle", article + "?version=1", "", 200, nil},
		{"showArticle", article + "?version=99", "", 404, nil},
		{"listVersions", article + "/versions", "", 200, nil},
		{"compareVersions", article + "/versions/diff?from=1&to=2", "", 200, nil},
		{"compareVersions", article + "/versions/diff?to=1", "", 404, nil},
		{"listAnnotations", article + "/annotations", "", 200, nil},
		{"listAnnotations", article + "/annotations?format=w3c", "", 200, nil},
		{"listAnnotations", article + "/annotations", "", 200, []string{"Accept", "application/ld+json"}},
		{"listEvents", article + "/events", "", 200, nil},
		{"listCaptures", article + "/captures", "", 200, nil},
		{"showCapture", fmt.Sprintf("/v1/captures/%d", v.capture), "", 200, nil},
		{"downloadCapture", fmt.Sprintf("/v1/captures/%d/warc", v.capture), "", 200, nil},
		{"listFigures", "/v1/figures?what=killed&order=greatest", "", 200, nil},
		{"listFigures", "/v1/figures?kind=quote", "", 200, nil},
		{"reviewFigure", v.review, `{"verdict":"confirmed"}`, 200, nil},
		{"reviewFigure", v.review, `{"verdict":"rejected"}`, 400, nil},
		{"reviewFigure", v.review, `{"verdict":"corrected","value":{"what":"killed","min":7,"max":7,"modifier":"exact"},"reason":"counted twice"}`, 200, nil},
		{"reviewFigure", v.review, `{"verdict":"corrected","value":{"what":"killed","min":9,"max":7,"modifier":"exact"},"reason":"no"}`, 400, nil},
		{"listFigures", "/v1/figures", "", 200, nil},
		{"showName", "/v1/names/person/" + url.PathEscape(v.person), "", 200, nil},
		{"showName", "/v1/names/place/" + url.PathEscape(v.place), "", 200, nil},
		{"listPlaces", "/v1/places", "", 200, nil},
		{"countFacets", "/v1/facets?q=lang:id", "", 200, nil},
		{"listOutlets", "/v1/outlets", "", 200, nil},
		{"showOutlet", "/v1/outlets/" + v.outlet, "", 200, nil},
		{"pauseOutlet", "/v1/outlets/" + v.outlet, `{"paused":true}`, 200, nil},
		{"followOutlet", "/v1/outlets", `{"address":"https://outlet.example/"}`, 501, nil},
		{"eraseOutlet", "/v1/outlets/" + v.outlet, "", 501, nil},
		{"listCollections", "/v1/collections", "", 200, nil},
		{"createCollection", "/v1/collections", `{"name":"Quakes","public":true}`, 200, nil},
		{"createCollection", "/v1/collections", `{"name":"  "}`, 400, nil},
		{"createCollection", "/v1/collections", `{"name":"x","query":"after:nothing"}`, 400, nil},
		{"showCollection", collection, "", 200, nil},
		{"changeCollection", collection, `{"name":"Floods and quakes","public":true}`, 200, nil},
		{"changeCollection", collection, `{"name":" "}`, 400, nil},
		{"putItem", collection + "/items", `{"article":"` + v.id + `","version":1,"note":"the first"}`, 200, nil},
		{"putItem", collection + "/items", `{"article":"` + v.id + `","version":99}`, 404, nil},
		{"listItems", collection + "/items", "", 200, nil},
		{"dropItem", fmt.Sprintf("%s/items/%d", collection, s.hit.Version), "", 204, nil},
		{"dropItem", fmt.Sprintf("%s/items/%d", collection, s.hit.Version), "", 404, nil},
		{"publishEdition", collection + "/editions", "", 200, nil},
		{"listEditions", collection + "/editions", "", 200, nil},
		{"showEdition", collection + "/editions/1", "", 200, nil},
		{"dropCollection", collection, "", 403, nil}, // it has an edition
		{"listItems", collection + "/items?cursor=none", "", 400, nil},
		{"listOutlets", "/v1/outlets?limit=2&cursor=none", "", 400, nil},
		{"changeState", article + "/state", `{"read":true,"starred":true,"note":"ask again"}`, 200, nil},
		{"showState", article + "/state", "", 200, nil},
		{"listStarred", "/v1/starred", "", 200, nil},
		{"saveSearch", "/v1/searches", `{"name":"more","query":"banjir"}`, 200, nil},
		{"saveSearch", "/v1/searches", `{"name":"more","query":"outlt:x"}`, 400, nil},
		{"listSearches", "/v1/searches", "", 200, nil},
		{"showSearch", search, "", 200, nil},
		{"changeSearch", search, `{"name":"Floods"}`, 200, nil},
		{"changeSearch", search, `{"query":"after:nothing"}`, 400, nil},
		{"listNews", search + "/new?limit=2", "", 200, nil},
		{"markSeen", search + "/seen", "", 204, nil},
		{"dropSearch", search, "", 204, nil},
		{"export", "/v1/exports", "", 200, nil},
		{"export", "/v1/exports?format=csv", "", 200, nil},
		{"export", "/v1/exports?format=csv&table=figures", "", 200, nil},
		{"export", "/v1/exports?format=parquet&table=quotes", "", 200, nil},
		{"export", "/v1/exports?format=warc&q=limit", "", 200, nil},
		{"export", "/v1/exports?q=outlt:x", "", 400, nil},
		{"showHealth", "/v1/health", "", 200, nil},
		{"listDead", "/v1/dead", "", 200, nil},
	}
}

func TestOperations(t *testing.T) {
	s := serve(t)
	v := s.sample(t)
	all, called := s.operations(), map[string]bool{}
	for _, c := range v.requests(s) {
		op := all[c.op]
		if op == nil {
			t.Errorf("there is no operation %s", c.op)
			continue
		}
		called[c.op] = called[c.op] || c.code < 400 || c.code == 501
		w := s.ask(op.Method, c.path, c.body, c.header...)
		if w.Code != c.code {
			t.Errorf("%s %s: %d %.300s, want %d", op.Method, c.path, w.Code, w.Body, c.code)
		}
		s.fits(t, op, w)
	}
	// One without editions goes.
	var k Collection
	s.made(t, "POST", "/v1/collections", `{"name":"Gone"}`, &k)
	w := s.ask("DELETE", "/v1/collections/"+k.ID, "")
	s.fits(t, all["dropCollection"], w)
	if called["dropCollection"] = w.Code == 204; s.ask("GET", "/v1/collections/"+k.ID, "").Code != 404 {
		t.Error("it is still there")
	}
	for id := range all {
		if !called[id] {
			t.Errorf("%s is not called", id)
		}
	}
}

// beside are the routes that are no operations of the document.
var beside = []string{"/api/{$}", "/api/schemas", "/api/document.css", "/api/openapi.json", "/api/openapi.yaml", "/api/mcp"}

// TestRoutes: there is no route without an operation that says what it needs.
func TestRoutes(t *testing.T) {
	s := serve(t)
	byRoute := map[string]*huma.Operation{}
	for _, op := range s.operations() {
		byRoute[op.Method+" /api"+op.Path] = op
	}
	for _, r := range s.api.Routes() {
		if slices.Contains(beside, r.Path) || strings.HasPrefix(r.Path, readers+"/") {
			continue
		}
		op := byRoute[r.Method+" "+r.Path]
		if op == nil {
			t.Errorf("%s %s is no operation of the document", r.Method, r.Path)
			continue
		}
		delete(byRoute, r.Method+" "+r.Path)
		if op.Extensions["x-role"] != string(r.Need.Role) || op.Extensions["x-scope"] != string(r.Need.Scope) {
			t.Errorf("%s needs %+v, and says %v", op.OperationID, r.Need, op.Extensions)
		}
	}
	for route := range byRoute {
		t.Errorf("%s is no route", route)
	}
}

// TestFailures: what every operation answers to who may not, to what is not
// there, to what makes no sense, and when time is over, is in the document.
func TestFailures(t *testing.T) {
	s := serve(t)
	v := s.sample(t)
	// The first request that succeeds, or for which there is no newsroom.
	first := map[string]request{}
	for _, c := range v.requests(s) {
		if _, ok := first[c.op]; !ok && (c.code < 400 || c.code == 501 || c.op == "dropCollection") {
			first[c.op] = c
		}
	}
	do := func(op *huma.Operation, c request, ctx context.Context) *httptest.ResponseRecorder {
		r := httptest.NewRequest(op.Method, origin+"/news/api"+c.path, strings.NewReader(c.body)).WithContext(ctx)
		if c.body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		w := httptest.NewRecorder()
		s.api.Handler().ServeHTTP(w, r)
		s.fits(t, op, w)
		return w
	}
	as := func(role access.Role, scopes ...access.Scope) context.Context {
		return access.With(t.Context(), access.Identity{Role: role, Scopes: append([]access.Scope{}, scopes...)})
	}
	admin := access.With(t.Context(), access.Identity{Role: access.Admin, Local: true})
	late, cancel := context.WithDeadline(admin, time.Unix(0, 0))
	defer cancel()
	for id, op := range s.operations() {
		c, ok := first[id]
		if !ok {
			t.Errorf("%s is not asked for", id)
			continue
		}
		if w := do(op, c, t.Context()); w.Code != 401 {
			t.Errorf("%s as nobody: %d", id, w.Code)
		}
		for _, ctx := range []context.Context{as(access.Admin), as(access.Reader, "none")} {
			if w := do(op, c, ctx); w.Code != 403 {
				t.Errorf("%s without a scope: %d", id, w.Code)
			}
		}
		if w := do(op, c, late); w.Code != 503 && c.code != 501 {
			t.Errorf("%s when time is over: %d %s", id, w.Code, w.Body)
		}
		if strings.Contains(op.Path, "{") {
			missing := c
			missing.path = strings.NewReplacer("{id}", "none", "{n}", "999999", "{version}", "999999", "{number}", "999999", "{kind}", "person", "{name}", "none").Replace(op.Path)
			if w := do(op, missing, admin); w.Code != 404 {
				t.Errorf("%s of what is not there: %d %s", id, w.Code, w.Body)
			}
		}
		// A number that is none, or a field that there is not.
		for _, bad := range wrong(op, c) {
			if w := do(op, bad, admin); w.Code != 422 && w.Code != 400 {
				t.Errorf("%s %s %s: %d %s", id, bad.path, bad.body, w.Code, w.Body)
			}
		}
		if op.RequestBody == nil {
			continue
		}
		large := c
		large.body = `{"name":"` + strings.Repeat("x", 2<<20) + `"}`
		if w := do(op, large, admin); w.Code != 413 {
			t.Errorf("%s with 2 MB: %d", id, w.Code)
		}
		w := s.ask(op.Method, c.path, c.body, "Content-Type", "application/x-www-form-urlencoded")
		if s.fits(t, op, w); w.Code != 415 {
			t.Errorf("%s with a form: %d", id, w.Code)
		}
	}
}

// wrong are requests to an operation that do not fit its schema.
func wrong(op *huma.Operation, c request) (out []request) {
	for _, p := range op.Parameters {
		bad := c
		switch {
		case p.In == "query" && p.Schema.Type == huma.TypeInteger, p.In == "query" && len(p.Schema.Enum) > 0:
			path, _, _ := strings.Cut(c.path, "?")
			bad.path = path + "?" + p.Name + "=x"
		case p.In == "path" && p.Schema.Type == huma.TypeInteger:
			bad.path = strings.NewReplacer("{id}", "none", "{n}", "x", "{version}", "x", "{number}", "x").Replace(op.Path)
		default:
			continue
		}
		out = append(out, bad)
	}
	if op.RequestBody != nil {
		for _, body := range []string{`{"nonsense":1}`, `[]`, `{"name":`, `null`, "\xff", strings.Repeat("[", 100_000)} {
			bad := c
			bad.body = body
			out = append(out, bad)
		}
	}
	return out
}

// TestExamples: what the page shows of every operation works as it stands there,
// once what is in capitals is filled in.
func TestExamples(t *testing.T) {
	s := serve(t)
	v := s.sample(t)
	page := s.ask("GET", "/", "").Body.String()
	ids := map[string]string{"/v1/articles/": v.id, "/v1/collections/": v.collection, "/v1/searches/": v.search, "/v1/outlets/": v.outlet}
	var ops []*huma.Operation
	for _, op := range s.operations() {
		ops = append(ops, op)
	}
	// What is made comes before what is shown, and what is removed is last, the
	// parts before the whole.
	order := []string{"POST", "PATCH", "GET", "DELETE"}
	slices.SortFunc(ops, func(a, b *huma.Operation) int {
		return cmp.Or(slices.Index(order, a.Method)-slices.Index(order, b.Method), len(b.Path)-len(a.Path))
	})
	for _, op := range ops {
		e := s.api.exampleOf(op)
		path, body := e.path, strings.ReplaceAll(e.body, `"ID"`, `"`+v.id+`"`)
		for prefix, id := range ids {
			if rest, ok := strings.CutPrefix(path, prefix+"ID"); ok {
				path = prefix + id + rest
			}
		}
		if op.OperationID == "reviewFigure" {
			path = v.review
		}
		n := fmt.Sprint(v.capture)
		if strings.Contains(path, "/items/") {
			n = fmt.Sprint(s.hit.Version)
		}
		path = strings.NewReplacer("/NAME", "/"+url.PathEscape(v.person), "/N", "/"+n).Replace(path)
		if e.query != "" {
			path += "?q=" + url.QueryEscape(e.query)
		}
		want := 200
		switch op.OperationID {
		case "followOutlet", "eraseOutlet":
			want = 501 // nothing is followed
		case "dropCollection":
			want = 403 // an edition of it was published
		case "markSeen", "dropItem", "dropSearch":
			want = 204
		}
		w := s.ask(op.Method, path, body)
		if s.fits(t, op, w); w.Code != want {
			t.Errorf("%s %s %s: %d %s", op.Method, path, body, w.Code, w.Body)
		}
		if !strings.Contains(page, `<article id="`+op.OperationID+`">`) || !strings.Contains(page, html.EscapeString("'https://record.example/news/api"+e.path+"'")) {
			t.Errorf("the page does not show %s", op.OperationID)
		}
	}
	if n := strings.Count(page, "--data-urlencode"); n < 6 {
		t.Errorf("%d examples have a query", n)
	}
	for _, way := range []string{"Authorization: Bearer TOKEN", "-u 'ANY:TOKEN'"} {
		if !strings.Contains(page, way) {
			t.Errorf("it is not shown how to log in by %s", way)
		}
	}
}

// TestHostile: whatever is in an address, a cursor, a token or an origin, it is
// answered as the document says, and never the program's mistake.
func TestHostile(t *testing.T) {
	s := serve(t)
	all := s.operations()
	evil := []string{"..", "../../etc/passwd", "\x00", "\xff\xfe", "'; DROP TABLE page; --", "9223372036854775808", "-1", "1e9", "<script>alert(1)</script>", "%", "{id}", "\u202e", "𝟙", strings.Repeat("a", 4000), strings.Repeat("a", 20_000), "https://outlet.example/\n\r", "NaN"}
	for id, op := range all {
		for _, e := range evil {
			path := op.Path
			for _, name := range []string{"{id}", "{n}", "{version}", "{number}", "{kind}", "{name}"} {
				path = strings.ReplaceAll(path, name, url.PathEscape(e))
			}
			queries := []string{""}
			for _, p := range op.Parameters {
				if p.In == "query" {
					queries = append(queries, "?"+p.Name+"="+url.QueryEscape(e))
				}
			}
			if path == op.Path {
				queries = queries[1:]
			}
			for _, q := range queries {
				r, err := http.NewRequest(op.Method, origin+"/news/api"+path+q, nil)
				if err != nil {
					continue
				}
				w := httptest.NewRecorder()
				if s.http.ServeHTTP(w, r); w.Code >= 500 && w.Code != 501 {
					t.Errorf("%s %.80q: %d %s", id, path+q, w.Code, w.Body)
				}
				if w.Code >= 400 && w.Header().Get("Content-Type") == "application/problem+json" {
					s.fits(t, op, w)
				} else if w.Code >= 400 {
					t.Errorf("%s %.80q: %d is told as %s", id, path+q, w.Code, w.Header().Get("Content-Type"))
				}
			}
		}
	}
	op, path := all["listArticles"], "/v1/articles"
	for _, c := range []struct {
		header, value string
		code          int
	}{
		{"Authorization", "Bearer", 401},
		{"Authorization", "Bearer " + strings.Repeat("A", 20_000), 401},
		{"Authorization", "Bearer dl_" + strings.Repeat("A", 43), 401},
		{"Authorization", "Bearer dl_\x00", 401},
		{"Authorization", "Basic !!", 401},
		{"Authorization", "GoogleLogin auth=x", 401},
		{"Authorization", "\xff", 401},
		{"X-Forwarded-For", "192.0.2.1", 421},
		{"Cookie", "dateline=\x00; dateline=x", 200},
		{"Accept", "text/html;q=99,\xff", 200},
	} {
		w := s.ask("GET", path, "", c.header, c.value)
		if s.fits(t, op, w); w.Code != c.code {
			t.Errorf("%s: %.60q: %d %s, want %d", c.header, c.value, w.Code, w.Body, c.code)
		}
	}
	for _, host := range []string{"evil.example", "127.0.0.1.evil.example", "", "\x00", strings.Repeat("a", 5000)} {
		r := httptest.NewRequest("GET", origin+"/news/api"+path, nil)
		r.Host = host
		w := httptest.NewRecorder()
		s.http.ServeHTTP(w, r)
		if s.fits(t, op, w); w.Code != 421 {
			t.Errorf("host %.60q: %d", host, w.Code)
		}
	}
	op = all["createCollection"]
	for header, value := range map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"} {
		w := s.ask("POST", "/v1/collections", `{"name":"x"}`, header, value)
		if s.fits(t, op, w); w.Code != 403 {
			t.Errorf("%s: %s: %d %s", header, value, w.Code, w.Body)
		}
	}
}

// TestStates: what one keeps of an article is changed a part at a time, and is
// one's own.
func TestStates(t *testing.T) {
	s := serve(t)
	path := "/v1/articles/" + s.hit.Page.ID + "/state"
	for _, c := range []struct {
		body                string
		read, starred, note bool
	}{
		{`{"read":true}`, true, false, false},
		{`{"starred":true}`, true, true, false},
		{`{"note":" ask again "}`, true, true, true},
		{`{"read":false}`, false, true, true},
		{`{"starred":false,"note":""}`, false, false, false},
		{`{"note":"x"}`, false, false, true},
	} {
		var got, again State
		s.made(t, "PATCH", path, c.body, &got)
		s.made(t, "GET", path, "", &again)
		if (got.Read != nil) != c.read || (got.Starred != nil) != c.starred || (got.Note != "") != c.note || got.Article != s.hit.Page.ID || got.Note != again.Note {
			t.Errorf("%s: %+v, then %+v", c.body, got, again)
		}
	}
	// All that is put by comes in pages, once each.
	n := 0
	for h, err := range s.Store.List(t.Context(), store.Options{Limit: 7}) {
		if err != nil {
			t.Fatal(err)
		}
		var got State
		s.made(t, "PATCH", "/v1/articles/"+h.Page.ID+"/state", `{"starred":true}`, &got)
	}
	seen := map[string]bool{}
	for next := "0"; next != ""; {
		var list List[State]
		s.made(t, "GET", "/v1/starred?limit=3&cursor="+next, "", &list)
		for _, it := range list.Items {
			n++
			seen[it.Article] = true
		}
		next = list.Next
	}
	if n < 7 || n != len(seen) {
		t.Errorf("%d, %d of them different", n, len(seen))
	}
}

// TestWholeLists: lists that are read whole come in pages, too.
func TestWholeLists(t *testing.T) {
	s := serve(t)
	var k Collection
	s.made(t, "POST", "/v1/collections", `{"name":"All","query":"lang:id OR lang:en"}`, &k)
	total, err := s.Store.Totals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/v1/collections/" + k.ID + "/items": k.Items, "/v1/outlets": total.Outlets} {
		n, next := 0, ""
		for more := true; more; more = next != "" {
			var list List[json.RawMessage]
			s.made(t, "GET", path+"?limit=2&cursor="+url.QueryEscape(next), "", &list)
			n, next = n+len(list.Items), list.Next
		}
		if n != want || want < 3 {
			t.Errorf("%s: %d of %d", path, n, want)
		}
	}
}

// TestNews: what a search finds is new until it is marked as seen.
func TestNews(t *testing.T) {
	s := serve(t)
	var mine SavedSearch
	s.made(t, "POST", "/v1/searches", `{"name":"all","query":""}`, &mine)
	saved, err := s.Store.SavedSearch(t.Context(), mine.ID)
	if err != nil {
		t.Fatal(err)
	}
	news := func() (n int) {
		cursor := ""
		for {
			var list Hits
			s.made(t, "GET", "/v1/searches/"+mine.ID+"/new?limit=3&cursor="+cursor, "", &list)
			n += len(list.Items)
			if cursor = list.Next; cursor == "" {
				return n
			}
		}
	}
	if n := news(); n != 0 {
		t.Errorf("at once there are %d new", n)
	}
	// Of another user nothing is told.
	saved.ID, saved.Seen, saved.User = "", 1, 0
	if saved, err = s.Store.PutSearch(t.Context(), saved); err != nil {
		t.Fatal(err)
	}
	if mine.ID = saved.ID; news() < 10 {
		t.Errorf("%d are new", news())
	}
	if w := s.ask("POST", "/v1/searches/"+mine.ID+"/seen", ""); w.Code != 204 || news() != 0 {
		t.Errorf("%d; %d are new", w.Code, news())
	}
	if _, err := s.api.o.Guard.AddUser(t.Context(), "ada", access.Admin, "a ferry at the quay"); err != nil { // who has it then
		t.Fatal(err)
	}
	u, err := s.api.o.Guard.AddUser(t.Context(), "bo", access.Admin, "a ferry at the quay")
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := s.api.o.Guard.AddToken(t.Context(), u.N, "x", access.Scopes, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{{"GET", ""}, {"GET", "/new"}, {"POST", "/seen"}, {"DELETE", ""}} {
		if w := s.ask(c[0], "/v1/searches/"+mine.ID+c[1], "", "Authorization", "Bearer "+token); w.Code != 404 {
			t.Errorf("%s of another user's: %d", c, w.Code)
		}
	}
}
