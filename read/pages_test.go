package read

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const pagesDir = "../testdata/pages"

// bundled are the bundled pages as their manifest lists them.
func bundled(t *testing.T) map[string]Source {
	t.Helper()
	list, err := os.ReadFile(filepath.Join(pagesDir, "manifest.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]Source{}
	for line := range bytes.Lines(list) {
		var row struct{ Path, URL, Date string }
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(pagesDir, row.Path))
		if err != nil {
			t.Fatal(err)
		}
		pages[row.Path] = Source{Name: row.Path, URL: row.URL, Fetched: row.Date, Body: b}
	}
	return pages
}

// TestPages holds the bundled pages against facts.tsv. A cell that is empty is
// not asserted; cells with several values part them by " | ". The text begins
// with the cell "first" and ends with "last".
func TestPages(t *testing.T) {
	pages := bundled(t)
	facts, err := os.ReadFile(filepath.Join(pagesDir, "facts.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSuffix(string(facts), "\n"), "\n")
	columns := strings.Split(rows[0], "\t")
	told := map[string]bool{}
	for _, row := range rows[1:] {
		cells := strings.Split(row, "\t")
		if len(cells) != len(columns) {
			t.Errorf("facts.tsv: %d cells, want %d: %s", len(cells), len(columns), row)
			continue
		}
		fact := map[string]string{}
		for i, c := range columns {
			fact[c] = cells[i]
		}
		file := fact["file"]
		told[file] = true
		t.Run(file, func(t *testing.T) {
			src, ok := pages[file]
			if !ok {
				t.Fatal("not in manifest.jsonl")
			}
			a, _ := checkPage(t, src)
			if a == nil {
				t.Fatal("no article")
			}
			for _, c := range [][3]string{
				{"kind", string(a.Kind), fact["kind"]}, {"language", a.Language, fact["language"]}, {"title", a.Title, fact["title"]},
				{"authors", strings.Join(a.Authors, " | "), fact["authors"]}, {"published", a.Published, fact["published"]},
			} {
				if c[2] != "" && c[1] != c[2] {
					t.Errorf("%s %q, want %q", c[0], c[1], c[2])
				}
			}
			if !strings.HasPrefix(a.Text, fact["first"]) {
				t.Errorf("the text begins with %q, want %q", beginning(a.Text, 200), fact["first"])
			}
			if !strings.HasSuffix(a.Text, fact["last"]) {
				t.Errorf("the text ends with %q, want %q", ending(a.Text, 200), fact["last"])
			}
			for s := range strings.SplitSeq(fact["not_in_body"], " | ") {
				if s != "" && strings.Contains(a.Text, s) {
					t.Errorf("the text has %q", s)
				}
			}
			for s := range strings.SplitSeq(fact["warnings"], " | ") {
				if s != "" && !slices.ContainsFunc(a.Warnings, func(w string) bool { return w == s || strings.HasPrefix(w, s+":") }) {
					t.Errorf("warnings %q, want %s", a.Warnings, s)
				}
			}
		})
	}
	for file := range pages {
		if !told[file] {
			t.Errorf("facts.tsv says nothing of %s", file)
		}
	}
}

// ending is at most the last n bytes of s, cut between characters.
func ending(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[len(s)-n:], "")
}

// TestDeterminism reads the bundled pages by several readers at once, each in
// another order: every page gives the record it gives alone.
func TestDeterminism(t *testing.T) {
	pages := bundled(t)
	var names []string
	alone := map[string][]byte{}
	for name, src := range pages {
		names = append(names, name)
		_, alone[name] = checkPage(t, src)
	}
	slices.Sort(names)
	var wg sync.WaitGroup
	for reader := range 3 {
		wg.Go(func() {
			for round := range 2 {
				for i := range names {
					name := names[(i*(2*reader+1)+round*7)%len(names)]
					a, err := Page(pages[name], nil)
					if err != nil {
						t.Errorf("%s: %v", name, err)
						continue
					}
					j, err := a.MarshalJSON()
					if err != nil {
						t.Error(err)
					}
					if !bytes.Equal(j, alone[name]) {
						t.Errorf("%s: reader %d got another record:\n%s\n%s", name, reader, alone[name], j)
					}
				}
			}
		})
	}
	wg.Wait()
}
