package main

import (
	"fmt"
	"path/filepath"

	"dateline"
	"dateline/annotate"
	"dateline/annotate/names"
	"dateline/annotate/places"
	"dateline/lang"
)

// tally counts names of a kind.
type tally struct{ right, found, gold int }

func (t tally) String() string {
	p, r := float64(t.right)/float64(max(t.found, 1)), float64(t.right)/float64(max(t.gold, 1))
	f := 0.0
	if p+r > 0 {
		f = 2 * p * r / (p + r)
	}
	return fmt.Sprintf("P %.1f R %.1f F1 %.1f (%d)", 100*p, 100*r, 100*f, t.gold)
}

var kindOf = map[dateline.AnnotationKind]uint8{dateline.KindPerson: 1, dateline.KindOrganization: 3, dateline.KindPlace: 5}

type tallies [4]tally // all, person, organization, place

// measure annotates texts and counts what agrees with the gold data.
func measure(a *names.Annotator, texts []text, verbose bool) tallies {
	var out tallies
	r := annotate.New(lang.Builtin(), a, places.New())
	for _, t := range texts {
		type found struct {
			start, end int
			kind       uint8
		}
		got := map[found]bool{}
		marks, _, err := r.Annotate(annotate.Input{Text: t.Text, Language: t.Lang})
		if err != nil {
			fmt.Println(t.ID, err)
		}
		for _, m := range marks {
			if k := kindOf[m.Kind]; k != 0 {
				got[found{m.Start, m.End, k}] = true
			}
		}
		line := ""
		for _, s := range t.Spans {
			k := kinds[s.Type]
			if k == 0 {
				continue
			}
			f := found{s.Start, s.End, k}
			out[0].gold++
			out[k/2+1].gold++
			if got[f] {
				out[0].right++
				out[k/2+1].right++
			} else {
				line += fmt.Sprintf(" -%s[%s]", s.Type, t.Text[s.Start:s.End])
			}
		}
		gold := map[found]bool{}
		for _, s := range t.Spans {
			gold[found{s.Start, s.End, kinds[s.Type]}] = true
		}
		for g := range got {
			out[0].found++
			out[g.kind/2+1].found++
			if !gold[g] {
				line += fmt.Sprintf(" +%s[%s]", [...]string{"PER", "ORG", "LOC"}[g.kind/2], t.Text[g.start:g.end])
			}
		}
		if verbose && line != "" {
			fmt.Printf("%s: %s\n   %s\n", t.ID, t.Text, line)
		}
	}
	return out
}

func (t tallies) print(name string) {
	fmt.Printf("%s: %s\n  person %s\n  organization %s\n  place %s\n", name, t[0], t[1], t[2], t[3])
}

func score(gold string, o options) error {
	for _, f := range []string{"idner-news-2k-dev", "conll-en-dev"} {
		if o.only != "" && o.only != f {
			continue
		}
		texts, err := read(filepath.Join(gold, f+".jsonl"))
		if err != nil {
			return err
		}
		measure(names.New(), texts, o.verbose).print(f)
	}
	return nil
}

const parts = 5

// cross learns from four fifths of each corpus and measures on the rest.
func cross(gold string, o options) error {
	var corpora [][]text
	for _, f := range learntFrom {
		texts, err := read(filepath.Join(gold, f))
		if err != nil {
			return err
		}
		corpora = append(corpora, texts)
	}
	own, err := ownTexts(fills)
	if err != nil {
		return err
	}
	sums := make([]tallies, len(corpora))
	for k := range parts {
		var train []text
		test := make([][]text, len(corpora))
		for c, texts := range corpora {
			for i, t := range texts {
				if i%parts == k {
					test[c] = append(test[c], t)
				} else {
					train = append(train, t)
				}
			}
		}
		models := map[string]*names.Annotator{}
		for _, tag := range ownModels {
			if models[tag], err = names.With(learnFor(tag, train, own, o)); err != nil {
				return err
			}
		}
		for c := range corpora {
			a := models[corpora[c][0].Lang]
			if a == nil {
				a = models[""]
			}
			for i, x := range measure(a, test[c], o.verbose) {
				sums[c][i].right += x.right
				sums[c][i].found += x.found
				sums[c][i].gold += x.gold
			}
		}
	}
	for c := range corpora {
		sums[c].print(learntFrom[c])
	}
	return nil
}
