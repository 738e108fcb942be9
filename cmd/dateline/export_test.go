package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/parquet-go/parquet-go"

	"dateline"
	"dateline/internal/store"
)

// flood is an article with every kind of mark that a table has columns for.
func flood(i int) *dateline.Article {
	const title, text = "=41 dead in Suri", "At least 41 people died in Suri, said Rano Wirya, head of the village. “We look for 12 people,” he said."
	at := func(in, s string) (int, int) {
		i := strings.Index(in, s)
		if i < 0 {
			panic("no " + s)
		}
		return i, i + len(s)
	}
	mark := func(s string, sentence [2]int, v dateline.Value, kind dateline.AnnotationKind) *dateline.Annotation {
		m := &dateline.Annotation{Kind: kind, Sentence: sentence, By: "test/1", Value: v}
		m.Start, m.End = at(text, s)
		return m
	}
	one := func(f float64) *float64 { return &f }
	second, _ := at(text, "“")
	s1, s2 := [2]int{0, second - 1}, [2]int{second, len(text)}
	place := mark("Suri", s1, &dateline.Place{Name: "Suri", Kind: "city", Country: "ID", Located: true, Lat: -6.5, Lon: 106.75, Geonames: 1214500}, dateline.KindPlace)
	rano := mark("Rano Wirya", s1, &dateline.Person{Name: "Rano Wirya", Role: "head of the village"}, dateline.KindPerson)
	he := mark("he said", s2, &dateline.Person{Name: "Rano Wirya", SameAs: rano}, dateline.KindPerson)
	he.End -= len(" said")
	q := &dateline.Quotation{Type: "direct", Speaker: &dateline.Speaker{Start: he.Start, End: he.End, Annotation: he}}
	quote := mark("“We look for 12 people,” he said", s2, q, dateline.KindQuote)
	q.Content[0], q.Content[1] = at(text, "We look for 12 people,")
	q.Verb[0], q.Verb[1] = he.End+1, he.End+5
	killed := mark("41 people", s1, &dateline.Figure{What: "killed", Min: one(41), Modifier: "at-least", Of: "people", Place: place, Speaker: rano}, dateline.KindFigure)
	missing := mark("12 people", s2, &dateline.Figure{What: "missing", Min: one(12), Max: one(12), Modifier: "exact", Of: "people", Speaker: quote, Modal: true}, dateline.KindFigure)
	head := &dateline.Annotation{Kind: dateline.KindFigure, In: dateline.InTitle, Start: 1, End: 3, Sentence: [2]int{0, len(title)}, By: "test/1", Value: &dateline.Figure{What: "killed", Min: one(41), Max: one(41), Modifier: "exact", Vague: true}}
	a := &dateline.Article{
		ID: fmt.Sprintf("page%d", i), Version: 2, Outlet: "senja", URL: "https://senja.example/suri", Title: title, Text: text, Language: "en", Kind: dateline.KindArticle,
		Published: "2025-03-11", Authors: []string{"-Ina Rahayu", "@desk"}, Dateline: &dateline.Dateline{Text: "SURI", Place: "SURI"},
		Capture:     &dateline.Capture{Digest: "sha256:00", Fetched: time.Date(2025, 3, 11, 8, 0, 0, 5e6, time.UTC)},
		Annotations: []*dateline.Annotation{head, killed, place, rano, quote, missing, he},
	}
	dateline.SortAnnotations(a.Annotations)
	return a
}

var senja = []store.OutletState{{Outlet: dateline.Outlet{ID: "senja", Name: "Kabar Senja"}}}

// TestCSV reopens tables as a program that reads CSV does.
func TestCSV(t *testing.T) {
	ctx := context.Background()
	var articles, figures, quotes bytes.Buffer
	tables := newTables(senja)
	tables.reviews = []store.Review{
		{Kind: dateline.KindFigure, Start: 9, End: 18, Verdict: store.Confirmed, By: "Old"},
		{Kind: dateline.KindFigure, Start: 9, End: 18, Verdict: store.Corrected, Value: []byte(`{"what":"injured","max":-4.5}`), Reason: "=SUM(A1) says the sentence", By: "@nadia", At: time.Date(2025, 3, 12, 9, 0, 0, 0, time.UTC)},
		{Kind: dateline.KindFigure, In: dateline.InTitle, Start: 1, End: 3, Verdict: store.Rejected, Reason: "no", By: "nadia"},
		{Kind: dateline.KindFigure, In: dateline.InTitle, Start: 1, End: 3, Verdict: store.Withdrawn, By: "nadia"},
	}
	for _, s := range []sink{
		newTable(tables.articles, newCSV[articleRow](&articles, cellText)),
		newTable(tables.figures, newCSV[figureRow](&figures, cellText)),
		newTable(tables.quotes, newCSV[quoteRow](&quotes, cellText)),
	} {
		if err := errors.Join(s.add(ctx, flood(0)), s.close()); err != nil {
			t.Fatal(err)
		}
	}
	got := ""
	for _, b := range []*bytes.Buffer{&articles, &figures, &quotes} {
		r := csv.NewReader(b)
		head, err := r.Read()
		if err != nil {
			t.Fatal(err)
		}
		for {
			row, err := r.Read()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			for i, cell := range row {
				if cell != "" {
					got += head[i] + "=" + cell + "\n"
				}
			}
			got += "\n"
		}
	}
	want, err := os.ReadFile(filepath.Join("testdata", "export.golden"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

// FuzzCells reads back cells: none is taken for a formula, and all words are
// there, but that a reader gives any end of a line as one.
func FuzzCells(f *testing.F) {
	for _, s := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", `=HYPERLINK("https://a.example","b")`, "", "a,b", "a\r\nb", `"`, "'", " =", "١"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var b bytes.Buffer
		w := newCSV[quoteRow](&b, cellText)
		if _, err := w.Write([]quoteRow{{Content: s, Verb: "said"}}); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != 2 || len(rows[1]) != len(rows[0]) || rows[1][14] != "said" {
			t.Fatalf("%q parts the row: %q", s, rows)
		}
		got := rows[1][9]
		if got != "" && strings.ContainsRune("=+-@\t\r\n", rune(got[0])) {
			t.Errorf("%q became %q, which is taken for a formula", s, got)
		}
		words := func(s string) string { return strings.NewReplacer("\r", "", "\n", "").Replace(s) }
		if got := words(strings.TrimPrefix(got, "'")); got != words(strings.TrimPrefix(s, "'")) {
			t.Errorf("%q became %q", s, got)
		}
	})
}

// TestParquet reads the tables back: the same rows, in more than one group.
func TestParquet(t *testing.T) {
	tables := newTables(senja)
	readBack(t, tables.articles)
	readBack(t, tables.figures)
	readBack(t, tables.quotes)
}

func readBack[T any](t *testing.T, rows func([]T, *dateline.Article) []T) {
	t.Helper()
	ctx := context.Background()
	var b bytes.Buffer
	s := newTable(rows, newParquet[T](&b))
	var want []T
	for i := range rowGroup + 100 {
		a := flood(i)
		if i == 7 {
			*a = dateline.Article{ID: "bare", Annotations: a.Annotations, Title: a.Title, Text: a.Text}
		}
		want = rows(want, a)
		if err := s.add(ctx, a); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	file, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(file.RowGroups()); n < 2 {
		t.Errorf("%d row groups", n)
	}
	got, err := parquet.Read[T](bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%.2000s", diff)
	}
}

func TestWriteWhole(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "out.csv")
	write := func(text string, err error) func(io.Writer) error {
		return func(w io.Writer) error {
			if _, err := os.Stat(name); text == "first" && err == nil {
				t.Error("the file is there before it is whole")
			}
			io.WriteString(w, text)
			return err
		}
	}
	if err := writeWhole(name, write("first", nil)); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	if err := writeWhole(name, write("second", broken)); !errors.Is(err, broken) {
		t.Errorf("err = %v", err)
	}
	if b, err := os.ReadFile(name); err != nil || string(b) != "first" {
		t.Errorf("%q, %v: what was there is gone", b, err)
	}
	if list, _ := os.ReadDir(dir); len(list) != 1 {
		t.Errorf("%d files are left", len(list))
	}
	if err := writeWhole(dir, write("", nil)); !errors.Is(err, errUsage) {
		t.Errorf("into a folder: %v", err)
	}
}

func BenchmarkTables(b *testing.B) {
	ctx := context.Background()
	tables, a := newTables(senja), flood(0)
	for name, s := range map[string]sink{
		"csv":     newTable(tables.figures, newCSV[figureRow](io.Discard, cellText)),
		"parquet": newTable(tables.figures, newParquet[figureRow](io.Discard)),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := s.add(ctx, a); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
