package places

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"dateline"
	"dateline/annotate"
	"dateline/lang"
)

func TestTables(t *testing.T) {
	a := New()
	for _, tag := range lang.Builtin().Tags() {
		if err := a.Check(lang.Builtin().Pack(tag)); err != nil {
			t.Error(err)
		}
	}
	if err := a.Check(nil); err != nil {
		t.Error(err)
	}
}

// testPacks is packs of one language, "xx", with this table of places.
func testPacks(t *testing.T, table string) *lang.Packs {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "xx"), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"pack.tsv": "tag\txx\n", placesFile: table} {
		if err := os.WriteFile(filepath.Join(dir, "xx", name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	packs, err := lang.LoadPacks(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return packs
}

// TestBadTable states that lines that are wrong are named by file and line, and
// that the others work.
func TestBadTable(t *testing.T) {
	packs := testPacks(t, strings.Join([]string{
		"# a comment",
		"befor\tcity\ttown of",
		"before\ttown\ttown of",
		"before\tcity",
		"abbr\tNo Such Place Anywhere\tNSPA",
		"capitals\t-\tverbs",
		"before\tcity\tblort",
	}, "\n"))
	err := New().Check(packs.Pack("xx"))
	var lines []int
	for _, e := range strings.Split(err.Error(), "\n") {
		var p *lang.Problem
		if !errors.As(err, &p) {
			t.Fatalf("%v is no problem of a line", err)
		}
		for i := 1; i < 9; i++ {
			if strings.HasPrefix(e, "xx/places.tsv:"+string(rune('0'+i))+":") {
				lines = append(lines, i)
			}
		}
	}
	if len(lines) != 5 || lines[0] != 2 || lines[4] != 6 {
		t.Errorf("problems are in lines %v:\n%v", lines, err)
	}
	marks, _, err := annotate.New(packs, New()).Annotate(annotate.Input{Text: "he lives in blort Quenbyville now.", Language: "xx"})
	if err != nil || len(marks) != 1 || marks[0].Value.(*dateline.Place).Kind != "city" {
		t.Errorf("marks are %v, %v", marks, err)
	}
}

// TestAdjectives states that a country's name right behind a noun is no place
// where the table turns that on, but behind the words it names, and those that
// begin or end so.
func TestAdjectives(t *testing.T) {
	packs := testPacks(t, strings.Join([]string{
		"apart\t-\tgo | me- | -nya",
		"adjective\t-\tmedia",
		"in\t-\tto",
		"and\t-\tdan",
	}, "\n"))
	r := annotate.New(packs, New())
	for text, want := range map[string]string{
		"there a tentara Iran dan Iraq came.":     "",
		"there a media Iran came.":                "",
		"there they go Iran now.":                 "Iran",
		"there they menyerang Iran dan Iraq now.": "Iran Iraq",
		"there akhirnya Iran came.":               "Iran",
		"there they came to Iran now.":            "Iran",
		"there they came, Iran and all.":          "Iran",
	} {
		marks, _, err := r.Annotate(annotate.Input{Text: text, Language: "xx"})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range marks {
			got = append(got, text[m.Start:m.End])
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: marks are %q, want %q", text, s, want)
		}
	}
}

// TestSameAs states that later mentions of a place refer to the first, whatever
// it is called there, and that two places of a kind do not.
func TestSameAs(t *testing.T) {
	text := "The ship left Italy for Egypt. In Egypt it was sold. Buyers from Italy came to Cairo."
	tag, _ := lang.Detect(text)
	marks := run(text, tag)
	var got []string
	for _, m := range marks {
		s := text[m.Start:m.End]
		if to := m.Value.(*dateline.Place).SameAs; to != nil {
			s += "=" + text[to.Start:to.End]
			if to.Start >= m.Start {
				t.Errorf("%s refers to a later mention", s)
			}
		}
		got = append(got, s)
	}
	if s := strings.Join(got, " "); s != "Italy Egypt Egypt=Egypt Italy=Italy Cairo" {
		t.Error(s)
	}
}

// TestConcurrent runs one annotator from many goroutines; the race detector
// watches.
func TestConcurrent(t *testing.T) {
	r := annotate.New(lang.Builtin(), New())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				if marks, _, err := r.Annotate(annotate.Input{Text: article}); err != nil || len(marks) < 20 {
					t.Errorf("%d marks, %v", len(marks), err)
				}
			}
		})
	}
	wg.Wait()
}
