package main

import (
	"bytes"
	"strings"
	"testing"

	"dateline/annotate/names"
)

// TestLearn learns from our own sentences alone, of which every fifth is kept
// back: what is learnt finds most names of those, and learning again gives the
// same bytes.
func TestLearn(t *testing.T) {
	own, err := ownTexts(1)
	if err != nil {
		t.Fatal(err)
	}
	var train, test []text
	for i, x := range own {
		if i%5 == 0 {
			test = append(test, x)
		} else {
			train = append(train, x)
		}
	}
	if len(test) < 50 {
		t.Fatalf("only %d sentences are kept back", len(test))
	}
	o := options{epochs: 4, l2: 0.001, rate: 0.1, most: 98000, times: 1, seen: 1, drop: 0.3}
	list := examples(names.New(), train)
	model := learn(list, o).encode(o.most)
	if !bytes.Equal(model, learn(list, o).encode(o.most)) {
		t.Error("learning twice gives two models")
	}
	a, err := names.With(model)
	if err != nil {
		t.Fatal(err)
	}
	all := measure(a, test, false)[0]
	if all.gold < 100 || all.right*10 < all.gold*7 || all.right*10 < all.found*7 {
		t.Errorf("%d of %d names right, %d marked", all.right, all.gold, all.found)
	}
	t.Log(all)
}

// spans are the names of a text as it has them.
func spans(t text) string {
	var list []string
	for _, s := range t.Spans {
		list = append(list, s.Type+" "+t.Text[s.Start:s.End])
	}
	return strings.Join(list, ", ")
}

// TestMore cuts and swaps a text of our own: spans stay on their names.
func TestMore(t *testing.T) {
	made := text{Lang: "id", Text: "Menurut Ény Sagara, rapat KPU di Wanasari itu batal.", Spans: []span{
		{8, 19, "Ény Sagara", "PER"}, {27, 30, "KPU", "ORG"}, {34, 42, "Wanasari", "LOC"}}}
	if got := spans(made); got != "PER Ény Sagara, ORG KPU, LOC Wanasari" {
		t.Fatal(got)
	}
	at := strings.Index(made.Text, "rapat")
	cut := made.from(at)
	if got := spans(cut); cut.Text != "Rapat KPU di Wanasari itu batal." || got != "ORG KPU, LOC Wanasari" {
		t.Errorf("%q, %s", cut.Text, got)
	}
	for _, x := range cuts(names.New(), []text{made}) {
		if x.Spans[0][0] != 0 || len(x.labels) != len(x.Spans) {
			t.Errorf("a run at %v with %d labels", x.Spans, len(x.labels))
		}
	}
	other := text{Lang: "id", Text: "Budi Wirya pulang.", Spans: []span{{0, 10, "Budi Wirya", "PER"}}}
	swapped := swaps([]text{made, other})
	if len(swapped) != 2 || len(swapped[0].Spans) != 3 {
		t.Fatalf("%+v", swapped)
	}
	for i, s := range swapped[0].Spans {
		if swapped[0].Text[s.Start:s.End] != s.Text || s.Type != made.Spans[i].Type {
			t.Errorf("%q is %q, %s", swapped[0].Text[s.Start:s.End], s.Text, s.Type)
		}
	}
	if !strings.Contains(swapped[0].Text, ", rapat ") || !strings.HasSuffix(swapped[0].Text, " itu batal.") {
		t.Errorf("%q", swapped[0].Text)
	}
}
