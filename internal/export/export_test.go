package export

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
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

// item is the flood as it is read of a record.
func item(i int, reviews ...store.Review) *Item {
	return &Item{Article: flood(i), OutletName: "Kabar Senja", Reviews: reviews}
}

// begin begins an export that has to go well.
func begin(t testing.TB, w io.Writer, format, table string) Writer {
	t.Helper()
	e, err := New(w, Options{Format: format, Table: table})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestCSV reopens tables as a program that reads CSV does.
func TestCSV(t *testing.T) {
	it := item(0, []store.Review{
		{Kind: dateline.KindFigure, Start: 9, End: 18, Verdict: store.Confirmed, By: "Old"},
		{Kind: dateline.KindFigure, Start: 9, End: 18, Verdict: store.Corrected, Value: []byte(`{"what":"injured","max":-4.5}`), Reason: "=SUM(A1) says the sentence", By: "@nadia", At: time.Date(2025, 3, 12, 9, 0, 0, 0, time.UTC)},
		{Kind: dateline.KindFigure, In: dateline.InTitle, Start: 1, End: 3, Verdict: store.Rejected, Reason: "no", By: "nadia"},
		{Kind: dateline.KindFigure, In: dateline.InTitle, Start: 1, End: 3, Verdict: store.Withdrawn, By: "nadia"},
	}...)
	got := ""
	for _, table := range []string{"articles", "figures", "quotes"} {
		var b bytes.Buffer
		e := begin(t, &b, "csv", table)
		if err := errors.Join(e.Add(t.Context(), it), e.Close()); err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(&b)
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
	want, err := os.ReadFile(filepath.Join("testdata", "tables.golden"))
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
		w := NewCSV[QuoteRow](&b, nil)
		if _, err := w.Write([]QuoteRow{{Content: s, Verb: "said"}}); err != nil {
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
	readBack(t, "articles", articles)
	readBack(t, "figures", Figures)
	readBack(t, "quotes", quotes)
}

func readBack[T any](t *testing.T, table string, rows func([]T, *Item) []T) {
	t.Helper()
	var b bytes.Buffer
	e := begin(t, &b, "parquet", table)
	var want []T
	for i := range rowGroup + 100 {
		it := item(i)
		if a := it.Article; i == 7 {
			it = &Item{Article: &dateline.Article{ID: "bare", Annotations: a.Annotations, Title: a.Title, Text: a.Text}}
		}
		want = rows(want, it)
		if err := e.Add(t.Context(), it); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
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

// TestLines reads records back.
func TestLines(t *testing.T) {
	var b bytes.Buffer
	e, err := New(&b, Options{Format: "jsonl", JSON: bytes.ToUpper})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(e.Add(t.Context(), item(1)), e.Add(t.Context(), item(2)), e.Close()); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); strings.Count(text, "\n") != 2 || !strings.Contains(text, `"TITLE":"=41 DEAD IN SURI"`) {
		t.Errorf("%.300s", text)
	}
}

func TestUnknown(t *testing.T) {
	for _, o := range []Options{{}, {Format: "xls"}, {Format: "csv", Table: "people"}} {
		if _, err := New(io.Discard, o); !errors.Is(err, dateline.ErrInvalid) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestWords makes cells of words that a spreadsheet would take for a formula,
// and of some that it would not.
func TestWords(t *testing.T) {
	c := NewCSV[QuoteRow](io.Discard, nil)
	for _, k := range []struct{ in, want string }{
		{"=1+1", "'=1+1"}, {"+1", "'+1"}, {"-1", "'-1"}, {"@SUM(A1)", "'@SUM(A1)"}, {"\t=1", "'\t=1"}, {"\r=1", "'\r=1"}, {"\n=1", "'\n=1"}, {"1-1", "1-1"}, {"", ""}, {"a", "a"},
	} {
		if got := c.cell(k.in); got != k.want {
			t.Errorf("%q becomes %q", k.in, got)
		}
	}
	minus := -3.5
	if got := c.cell(&minus); got != "-3.5" { // numbers stay numbers
		t.Error(got)
	}
}

// TestWider adds a column after those of a table.
func TestWider(t *testing.T) {
	type cited struct {
		FigureRow
		Cite string `parquet:"cite"`
	}
	var b bytes.Buffer
	w := NewCSV[cited](&b, strings.ToUpper)
	w.Write([]cited{{FigureRow{Article: "a", Figure: "b"}, "=c"}})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	narrow := NewCSV[FigureRow](io.Discard, nil).cells
	if diff := cmp.Diff(append(slices.Clone(narrow), "cite"), rows[0]); diff != "" {
		t.Error(diff)
	}
	if got := rows[1]; got[0] != "A" || got[slices.Index(narrow, "figure")] != "B" || got[len(got)-1] != "'=C" {
		t.Errorf("%q", got)
	}
}

func BenchmarkTables(b *testing.B) {
	it := item(0)
	for _, format := range []string{"csv", "parquet"} {
		e := begin(b, io.Discard, format, "figures")
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := e.Add(b.Context(), it); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
