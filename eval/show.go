package main

import (
	"fmt"

	"dateline/read"
)

// show prints a page's blocks with what the classifier thought of them and
// what the gold says, those first where the two differ: the way to see why a
// page scores as it does.
func show(dir, name, id string) error {
	cp, err := load(dir, name)
	if err != nil {
		return err
	}
	models, err := foldModels()
	if err != nil {
		return err
	}
	for _, g := range cp.gold {
		if g.ID != id {
			continue
		}
		opt := &read.Options{Model: models[g.fold]}
		var texts []string
		var rows []sample
		var probs []float32
		opt.Trial = &read.Trial{Observe: func(obs []read.Observation) {
			for _, o := range obs {
				texts = append(texts, string(o.Text))
				rows = append(rows, sample{row: *o.Row})
				probs = append(probs, o.Prob)
			}
		}}
		if _, err := read.Page(read.Source{Name: id, URL: g.URL, Body: g.page}, opt); err != nil {
			return err
		}
		label(g, texts, rows)
		for i, t := range texts {
			mark := " "
			if rows[i].weight > 0 && (probs[i] >= 0.5) != (rows[i].label >= 0.5) {
				mark = "-"
				if probs[i] >= 0.5 {
					mark = "+"
				}
			}
			if r := []rune(t); len(r) > 110 {
				t = string(r[:110])
			}
			fmt.Printf("%4d %s %.2f gold %.1f w %.2f  %s\n", i, mark, probs[i], rows[i].label, rows[i].weight, t)
		}
	}
	return nil
}
