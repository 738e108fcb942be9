package main

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"dateline"
	"dateline/read"
)

func TestMeasures(t *testing.T) {
	g := &Gold{
		Title: "A ‘quiet’ day – at last", Authors: []string{"Ann Lee", "Bo Ek"}, Date: "2024-05-01T23:30:00+02:00",
		Body: "one two three four five six", With: []string{"two  three"}, Without: []string{"seven"}, Lang: "en",
	}
	a := &dateline.Article{
		Title: "A 'quiet' day - at last", Authors: []string{"ann lee"}, Published: "2024-05-01T21:30:00Z",
		Text: "one two three four five seven", Language: "en",
	}
	var sum tally
	sum.page(g, a)
	want := map[string]float64{
		"body-precision": 2.0 / 3, "body-recall": 2.0 / 3, "body-f1": 2.0 / 3,
		"snippets-f1": 2.0 / 3, "title": 1, "authors": 2.0 / 3, "date": 1, "language": 1,
	}
	for _, m := range sum.measures() {
		if math.Abs(m.value-want[m.name]) > 1e-9 {
			t.Errorf("%s = %.4f, want %.4f", m.name, m.value, want[m.name])
		}
		delete(want, m.name)
	}
	for name := range want {
		t.Errorf("no measure %s", name)
	}
}

func TestShortTextsHaveOneShingle(t *testing.T) {
	if got := shingles(tokens("Two words")); len(got) != 1 {
		t.Errorf("%d shingles of two words, want 1", len(got))
	}
	if got := shingles(nil); len(got) != 0 {
		t.Errorf("%d shingles of nothing", len(got))
	}
}

// TestLabel checks what the trainer takes for body.
func TestLabel(t *testing.T) {
	g := &Gold{Body: "Where it was\n\nThe ferry sails again after a week in which nobody could cross the strait.\n\nA second sentence of the article stands here for company."}
	texts := []string{
		"Where it was",
		"The ferry sails again after a week in which nobody could cross the strait.",
		"Most read",
		"A second sentence of the article stands here for company.",
		"Subscribe to our newsletter and never miss a story about the sea again.",
	}
	rows := make([]sample, len(texts))
	label(g, texts, rows)
	for i, want := range []float32{1, 1, 0, 1, 0} {
		if rows[i].label != want || rows[i].weight <= 0 {
			t.Errorf("%q: label %v weight %v, want label %v", texts[i], rows[i].label, rows[i].weight, want)
		}
	}
}

// TestBoostLearns checks that the trainer finds a rule of two features, and
// that it gives the same trees again.
func TestBoostLearns(t *testing.T) {
	var rows []*sample
	for i := range 2000 {
		s := &sample{weight: 1}
		s.row[3], s.row[7] = uint8(i%17), uint8(i%23)
		if s.row[3] > 8 && s.row[7] < 12 {
			s.label = 1
		}
		rows = append(rows, s)
	}
	m := boost(rows, 10, 1)
	wrong := 0
	for _, s := range rows {
		if (m.Sum(&s.row) > 0) != (s.label > 0.5) {
			wrong++
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d rows are wrong", wrong, len(rows))
	}
	again := read.Model{First: boost(rows, 10, 1)}
	a, _ := (&read.Model{First: m}).MarshalBinary()
	b, _ := again.MarshalBinary()
	if string(a) != string(b) {
		t.Error("the same rows and seed gave other trees")
	}
}

func TestFoldsKeepHostsTogether(t *testing.T) {
	a := foldOf(&Gold{URL: "https://www.news.example.com/a"})
	b := foldOf(&Gold{URL: "http://m.news.example.com/b?c"})
	if a != b {
		t.Errorf("pages of one domain are in folds %d and %d", a, b)
	}
}

func TestFloorsAreComplete(t *testing.T) {
	floors := table(floorsTSV)
	for key := range table(peersTSV) {
		if _, ok := floors[key]; !ok {
			t.Errorf("floors.tsv has no line for %s %s; run go run ./eval -floors", key[0], key[1])
		}
	}
}

// TestAgreesWithReferee holds our measures to those of the shared referee.
func TestAgreesWithReferee(t *testing.T) {
	const shared = "../../shared/eval"
	referee, err := filepath.Abs(filepath.Join(shared, "score"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(referee); err != nil {
		t.Skip("the shared gold and its referee are not beside the checkout")
	}
	if testing.Short() {
		t.Skip("builds the referee and reads a corpus: not with -short")
	}
	bin := filepath.Join(t.TempDir(), "score")
	build := exec.Command("go", "build", "-o", bin, ".")
	build.Dir = referee
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the referee: %v\n%s", err, out)
	}
	for _, name := range []string{"fundus", "cleanportaleval"} {
		cp, err := load(filepath.Join(shared, "read"), name)
		if err != nil {
			t.Fatal(err)
		}
		arts := make([]*dateline.Article, len(cp.gold))
		parallel(len(cp.gold), func(i int) {
			g := cp.gold[i]
			a, err := read.Page(read.Source{Name: g.ID, URL: g.URL, Body: g.page}, nil)
			if err != nil {
				a = &dateline.Article{Source: g.ID}
			}
			arts[i] = a
		})
		var sum tally
		for i, g := range cp.gold {
			sum.page(g, arts[i])
		}
		records := filepath.Join(t.TempDir(), "records.jsonl")
		if err := writeRecords(records, arts); err != nil {
			t.Fatal(err)
		}
		gold, err := filepath.Abs(filepath.Join(shared, "read", name, "gold.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(bin, "-gold", gold, "-pred", records, "-json").Output()
		if err != nil {
			t.Fatalf("run the referee: %v", err)
		}
		var theirs map[string]float64
		if err := json.NewDecoder(strings.NewReader(string(out))).Decode(&theirs); err != nil {
			t.Fatal(err)
		}
		names := map[string]string{"body-f1": "F1", "body-precision": "P", "body-recall": "R", "snippets-f1": "SnipF1",
			"title": "TitleAcc", "authors": "AuthF1", "date": "DateAcc", "language": "LangAcc"}
		for _, m := range sum.measures() {
			if want := theirs[names[m.name]]; math.Abs(m.value-want) > 0.0005 {
				t.Errorf("%s %s: %.4f, the referee says %.4f", name, m.name, m.value, want)
			}
		}
	}
}
