package web

import (
	"database/sql"
	"html"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"dateline/internal/store"
)

// TestDamaged damages an article in the record: it alone is missing, and is
// named, while lists, tables and the file of figures go on.
func TestDamaged(t *testing.T) {
	srv, r := site(t)
	var hit store.Hit
	for st, err := range r.Store.Statements(t.Context(), nil, r.Analyzer, store.StatementOptions{Kind: "figure", What: "killed"}) {
		if err != nil {
			t.Fatal(err)
		}
		hit = st.Hit
		break
	}
	get := func(path string) (*http.Response, string) {
		t.Helper()
		resp, err := http.Get(srv.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		return resp, string(b)
	}
	_, before := get("/figures.csv")
	db, err := sql.Open("sqlite", filepath.Join(r.Dir, "dateline.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("UPDATE record SET data = x'00ff00ff' WHERE version = ?", hit.Version); err != nil {
		t.Fatal(err)
	}
	resp, after := get("/figures.csv")
	if told := resp.Trailer.Get("Dateline-Damaged"); told != "1 "+hit.Page.ID {
		t.Errorf("the file of figures tells %q", told)
	}
	if strings.Count(after, hit.Page.ID) != 0 || strings.Count(after, "\n") != strings.Count(before, "\n")-strings.Count(before, "\r\n"+hit.Page.ID) {
		t.Errorf("%d lines before, %d after", strings.Count(before, "\n"), strings.Count(after, "\n"))
	}
	for _, path := range []string{"/", "/?q=" + hit.Page.Outlet, "/places", "/outlets", "/settings/health"} {
		if resp, body := get(path); resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %s\n%s", path, resp.Status, body)
		}
	}
	missing := 0
	for next := "/figures?what=killed"; next != ""; {
		resp, body := get(next)
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s\n%s", next, resp.Status, body)
		}
		missing += strings.Count(body, "its words are missing")
		next = ""
		if _, after, ok := strings.Cut(body, `rel="next" href="`); ok {
			next, _, _ = strings.Cut(after, `"`)
			next = html.UnescapeString(next)
		}
	}
	if missing == 0 {
		t.Error("the figures of the article do not say that its words are missing")
	}
	if resp, body := get("/article/" + hit.Page.ID); resp.StatusCode != http.StatusInternalServerError || !strings.Contains(body, "damaged") {
		t.Errorf("the article: %s\n%s", resp.Status, body)
	}
}
