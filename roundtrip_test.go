package dateline_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline"
	"dateline/annotate"
	"dateline/annotate/standard"
	"dateline/lang"
	"dateline/read"
)

// articles are the bundled pages, read and annotated.
func articles(t testing.TB) map[string]*dateline.Article {
	t.Helper()
	names, err := filepath.Glob("testdata/pages/*.*")
	if err != nil {
		t.Fatal(err)
	}
	runner := standard.New(lang.Builtin())
	list := make(map[string]*dateline.Article)
	for _, name := range names {
		if ext := filepath.Ext(name); ext == ".tsv" || ext == ".jsonl" {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(name) == ".gz" {
			z, err := gzip.NewReader(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			if data, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
		a, err := read.Page(read.Source{Name: filepath.Base(name), Body: data}, nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if a.Annotations, _, err = runner.Annotate(annotate.InputOf(a, "2026-01-01")); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		list[filepath.Base(name)] = a
	}
	if len(list) < 20 {
		t.Fatalf("%d pages, want at least 20", len(list))
	}
	return list
}

// TestRecordReadBack reads the records of all bundled pages back, and finds
// the articles they were made of.
func TestRecordReadBack(t *testing.T) {
	marks, references := 0, 0
	for name, a := range articles(t) {
		data, err := a.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		var b dateline.Article
		if err := json.Unmarshal(data, &b); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		// What references point to is compared by what it says.
		again, err := b.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(data, again) {
			t.Errorf("%s: (-first +second)\n%s", name, cmp.Diff(string(data), string(again)))
		}
		for i, m := range a.Annotations {
			n := b.Annotations[i]
			if m.Start != n.Start || m.End != n.End || m.Sentence != n.Sentence || reflect.TypeOf(m.Value) != reflect.TypeOf(n.Value) {
				t.Errorf("%s: mark %d: %+v became %+v", name, i, m, n)
			}
			m.Value.References(func(*dateline.Annotation) { references++ })
			marks++
		}
		if diff := cmp.Diff(a.Blocks, b.Blocks); diff != "" {
			t.Errorf("%s: blocks (-first +second)\n%s", name, diff)
		}
	}
	if marks < 300 || references < 100 {
		t.Errorf("%d marks with %d references are too few to show anything", marks, references)
	}
}

// TestMarksReadBack takes the marks of all the packs' cases there and back: the
// annotators of no language make what is refused.
func TestMarksReadBack(t *testing.T) {
	runner := standard.New(lang.Builtin())
	folders, err := fs.Glob(lang.PackFiles(), "*/cases")
	if err != nil {
		t.Fatal(err)
	}
	all := 0
	for _, folder := range folders {
		cases, err := annotate.ReadCases(lang.PackFiles(), path.Dir(folder))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			list, _, err := runner.Annotate(c.Input)
			if err != nil {
				t.Fatal(err)
			}
			first, err := dateline.Annotations{Title: c.Input.Title, Text: c.Input.Text, List: list}.Marks()
			if err != nil {
				t.Fatal(err)
			}
			again, err := dateline.AnnotationsOf(c.Input.Title, c.Input.Text, first)
			if err != nil {
				t.Errorf("%s: %s: %v", c.File, c.Name, err)
				continue
			}
			second, err := dateline.Annotations{Title: c.Input.Title, Text: c.Input.Text, List: again}.Marks()
			if diff := cmp.Diff(first, second); diff != "" || err != nil {
				t.Errorf("%s: %s: %v (-first +second)\n%s", c.File, c.Name, err, diff)
			}
			all += len(list)
		}
	}
	if all < 2000 {
		t.Errorf("%d marks are too few to show anything", all)
	}
}

// TestRecordOrder keeps the record's fields in the order of its description.
func TestRecordOrder(t *testing.T) {
	doc, err := os.ReadFile("docs/formats/record.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(doc), "|---|---|")
	table, _, _ = strings.Cut(table, "**Blocks.**")
	var want []string
	for line := range strings.Lines(table) {
		if names, _, ok := strings.Cut(strings.TrimPrefix(line, "| "), " | "); ok {
			for _, m := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(names, -1) {
				want = append(want, m[1])
			}
		}
	}
	if n := len(want); n == 0 || want[n-1] != "error" {
		t.Fatalf("fields %q do not end in error", want)
	}
	want = want[:len(want)-1] // stands in place of all others

	a := dateline.Article{
		Source: "x.warc.gz#1", ID: "p1", Outlet: "o1", Version: 2,
		Capture: &dateline.Capture{URL: "https://a.example/1", Status: 200, Digest: "sha256:00", Fetched: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), WARC: "a.warc.gz", Offset: 7},
		URL:     "https://a.example/1", Canonical: "https://a.example/1", Site: dateline.Site{Name: "A"}, Kind: dateline.KindArticle,
		Language: "xx", Title: "T", Kicker: "K", Subtitle: "S", Authors: []string{"N"}, Published: "2026", Modified: "2026",
		Dates: []dateline.DateEvidence{{Value: "2026", From: "meta"}}, Access: dateline.AccessFree, Corrections: []string{"c"},
		Dateline: &dateline.Dateline{Text: "T"}, Section: "s", Tags: []string{"t"}, Image: &dateline.Image{URL: "https://a.example/i"},
		Blocks: []dateline.Block{{Kind: dateline.Paragraph, Text: "Text."}}, Text: "Text.", Related: []dateline.Link{{URL: "https://a.example/2"}},
		Comments:    []dateline.Comment{{Text: "c"}},
		Annotations: []*dateline.Annotation{{Kind: dateline.KindPerson, End: 4, Sentence: [2]int{0, 5}, By: "names/1", Value: &dateline.Person{Name: "Text"}}},
		Warnings:    []string{"w"},
	}
	data, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, keys(t, data)); diff != "" {
		t.Errorf("fields of record.md and of the record (-want +got):\n%s", diff)
	}
	var b dateline.Article
	if err := json.Unmarshal(data, &b); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}

// keys are the names of a JSON object, in their order.
func keys(t *testing.T, data []byte) []string {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	var list []string
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	for d.More() {
		k, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, k.(string))
		var v json.RawMessage
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

func TestRecordRefused(t *testing.T) {
	const person = `{"kind":"person","start":0,"end":2,"text":"Ñu","sentence":[0,3],"by":"names/1","value":{"name":"Ñu"}}`
	with := func(mark string) string { return `{"text":"Ñu.","annotations":[` + person + `,` + mark + `]}` }
	for _, c := range []struct{ name, record, want string }{
		{"good", with(person), ""},
		{"unknown fields", `{"text":"a","later":{"x":[1]},"annotations":[]}`, ""},
		{"a mark without its text", with(`{"kind":"place","start":2,"end":3,"sentence":[0,3],"value":{}}`), ""},
		{"not JSON", `{"text":`, "unexpected end"},
		{"a list", `[]`, "cannot unmarshal array"},
		{"an error", `{"source":"x.html","error":"no such file"}`, `it has no article of "x.html": no such file`},
		{"text behind the end", with(`{"kind":"person","start":2,"end":4,"sentence":[0,3],"value":{"name":""}}`), "mark: 2 to 4 is not inside the text"},
		{"end before start", with(`{"kind":"person","start":2,"end":1,"sentence":[0,3],"value":{"name":""}}`), "mark: 2 to 1 is no range"},
		{"negative", with(`{"kind":"person","start":-1,"end":1,"sentence":[0,3],"value":{"name":""}}`), "mark: -1 to 1 is no range"},
		{"another text", with(`{"kind":"person","start":0,"end":1,"text":"u","sentence":[0,3],"value":{"name":""}}`), `"Ñ" stands at 0, not "u"`},
		{"sentence", with(`{"kind":"person","start":0,"end":1,"sentence":[0,9],"value":{"name":""}}`), "sentence: 0 to 9"},
		{"field", with(`{"kind":"person","in":"kicker","start":0,"end":1,"sentence":[0,3],"value":{"name":""}}`), `there is no field "kicker"`},
		{"kind", with(`{"kind":"event","start":0,"end":2,"text":"Ñu","sentence":[0,3],"value":{}}`), `mark 1, event "Ñu": invalid: the kind is not known`},
		{"no value", with(`{"kind":"person","start":0,"end":1,"sentence":[0,3]}`), "value: unexpected end"},
		{"null", with(`{"kind":"person","start":0,"end":1,"sentence":[0,3],"value":null}`), "value: it is null"},
		{"itself", with(`{"kind":"person","start":0,"end":1,"sentence":[0,3],"value":{"same_as":1}}`), "same_as: there is no mark 1"},
		{"reference", with(`{"kind":"person","start":0,"end":1,"sentence":[0,3],"value":{"same_as":2}}`), "same_as: there is no mark 2"},
		{"reference to another kind", with(`{"kind":"place","start":0,"end":1,"sentence":[0,3],"value":{"same_as":0}}`), `same_as: mark 0 is of kind "person"`},
		{"content", with(`{"kind":"quote","start":0,"end":1,"sentence":[0,3],"value":{"content":[1,7]}}`), "content: 1 to 7"},
		{"speaker", with(`{"kind":"quote","start":0,"end":1,"sentence":[0,3],"value":{"content":[0,1],"speaker":{"start":0,"end":1,"annotation":-1}}}`), "speaker: there is no mark -1"},
		{"verb", with(`{"kind":"quote","start":0,"end":1,"sentence":[0,3],"value":{"content":[0,1],"verb":{"start":1,"end":2,"text":"v"}}}`), `verb: "u" stands at 1`},
		{"block", `{"text":"Ñu","blocks":[{"kind":"paragraph","text":"Ñu","start":3}]}`, "block 0: invalid: start 3 is not inside the text"},
		{"link", `{"text":"Ñu","blocks":[{"kind":"paragraph","text":"Ñu","start":0,"links":[{"start":1,"end":3,"href":"x"}]}]}`, "block 0: invalid: link: 1 to 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := dateline.Article{Source: "before"}
			err := a.UnmarshalJSON([]byte(c.record))
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !errors.Is(err, dateline.ErrInvalid)):
				t.Errorf("error %v, want one that wraps ErrInvalid and has %q", err, c.want)
			case c.want != "" && a.Source != "before":
				t.Error("the article was changed")
			}
		})
	}
}

// FuzzRecord: any bytes are refused or give an article whose record gives the
// same record again.
func FuzzRecord(f *testing.F) {
	for _, a := range articles(f) {
		data, err := a.MarshalJSON()
		if err != nil {
			f.Fatal(err)
		}
		if len(data) < 1<<14 {
			f.Add(data)
		}
	}
	f.Add([]byte(`{"text":"ab","capture":{"fetched":"2026-01-02T03:04:05.000+01:00"},"blocks":[{"start":2,"links":[{"start":0,"end":0}]},{"start":0}]}`))
	f.Add([]byte(`{"title":"ÿ","annotations":[{"kind":"figure","in":"title","end":1,"value":{"min":-0,"part_of":1}},{"kind":"figure","value":{}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b dateline.Article
		if a.UnmarshalJSON(data) != nil {
			return
		}
		first, err := a.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if err := b.UnmarshalJSON(first); err != nil {
			t.Fatalf("%v\n%s", err, first)
		}
		second, err := b.MarshalJSON()
		if err != nil || !bytes.Equal(first, second) {
			t.Fatalf("%v\n%s\n%s", err, first, second)
		}
	})
}

func BenchmarkRecord(b *testing.B) {
	a := articles(b)["kabar-senja-longsor.html"]
	data, err := a.MarshalJSON()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("write", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := a.MarshalJSON(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			var back dateline.Article
			if err := back.UnmarshalJSON(data); err != nil {
				b.Fatal(err)
			}
		}
	})
}
