package main

import (
	"bytes"
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
