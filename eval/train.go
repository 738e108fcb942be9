package main

import (
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"dateline/read"
)

// Training: every block of the learnt corpora's pages is labelled by how much
// of it stands in the gold body (fundus, wcxb) or by the snippets that must
// and must not be there (trafilatura). First looks are learnt without each
// fold; their probabilities on the fold they have not seen are what second
// looks learn from. The model of fold k has seen no page of fold k's hosts;
// the built-in model has seen all.

// view is a way of reading a page for training. Pages that were never seen
// have unknown class names; news is often but a paragraph or two, and
// sometimes very long. So every page is also read without the names of its
// classes and the phrases of its language, as the short report it would be with
// one to three paragraphs, and some as the long one they would be with the
// paragraphs of others.
type view uint8

const (
	plainView view = iota
	blindView
	briefView
	longView
	views
)

// viewWeights are what a block counts for in each view.
var viewWeights = [views]float32{plainView: 1, blindView: 0.35, briefView: 0.06, longView: 0.15}

// blocksOf reads a page in one of the views and returns its blocks as samples,
// labelled by its gold; none where the view is none of this page.
func blocksOf(g *Gold, m *read.Model, v view, more []string) (texts []string, rows []sample) {
	observe := func(t *read.Trial) {
		texts, rows = nil, nil
		t.Observe = func(obs []read.Observation) {
			for _, o := range obs {
				texts = append(texts, string(o.Text))
				rows = append(rows, sample{row: *o.Row})
			}
		}
		_, err := read.Page(read.Source{Name: g.ID, URL: g.URL, Body: g.page}, &read.Options{Model: m, Trial: t})
		if err != nil {
			fmt.Fprintln(os.Stderr, g.ID, err)
		}
	}
	switch v {
	case plainView:
		observe(&read.Trial{})
	case blindView:
		observe(&read.Trial{Blind: true})
		label(g, texts, rows)
		h := fnv.New64a()
		io.WriteString(h, g.ID)
		rng := rand.New(rand.NewPCG(h.Sum64(), 1))
		out := make([]bool, len(rows))
		for i := range out {
			out[i] = rows[i].label == 0 && rows[i].weight > 0 && rng.IntN(4) == 0
		}
		observe(&read.Trial{Blind: true, Without: func(i int) bool { return out[i] }})
	case briefView:
		observe(&read.Trial{})
		if g.Body == "" {
			return nil, nil
		}
		label(g, texts, rows)
		h := fnv.New32a()
		io.WriteString(h, g.ID)
		left := 1 + int(h.Sum32()%3) // paragraphs that stay
		out := map[int]bool{}
		var body []string
		for i := range rows {
			if rows[i].label < 0.5 {
				continue
			}
			if words := len(tokens(texts[i])); left > 0 {
				body = append(body, texts[i])
				if words >= 15 {
					left--
				}
			} else {
				out[i] = true
			}
		}
		if len(out) == 0 {
			return nil, nil
		}
		brief := *g
		brief.Body = strings.Join(body, "\n")
		observe(&read.Trial{Without: func(i int) bool { return out[i] }})
		label(&brief, texts, rows)
		return texts, rows
	case longView:
		long := lengthen(g, more)
		if long == nil {
			return nil, nil
		}
		g = long
		observe(&read.Trial{})
	}
	label(g, texts, rows)
	return texts, rows
}

// label gives samples their labels and weights from a page's gold.
func label(g *Gold, texts []string, rows []sample) {
	if g.Body == "" {
		labelSnippets(g, texts, rows)
		return
	}
	t := tokens(g.Body)
	goldSh := shingles(t)
	lines := map[string]bool{}
	for _, l := range strings.Split(g.Body, "\n") {
		lines[strings.ToLower(strings.Join(tokens(l), " "))] = true
	}
	for i, text := range texts {
		w := tokens(text)
		var y float32
		if len(w) < shingle {
			if lines[strings.ToLower(strings.Join(w, " "))] {
				y = 1
			}
		} else {
			hit, n := 0, 0
			for j := 0; j+shingle <= len(w); j++ {
				n++
				if goldSh[strings.Join(w[j:j+shingle], "\x00")] > 0 {
					hit++
				}
			}
			y = float32(hit) / float32(n)
			if y > 0.8 {
				y = 1
			}
			if y < 0.2 {
				y = 0
			}
		}
		rows[i].label = y
		rows[i].weight = min(6, 100*(min(float32(len(w)), 150)+6)/(float32(len(t))+150))
	}
	// Of several copies of a text that the gold has once, the one among other
	// body blocks is meant.
	near := func(i int) (n float32) {
		for j := max(0, i-4); j <= min(len(rows)-1, i+4); j++ {
			if j != i {
				n += rows[j].label
			}
		}
		return n
	}
	copies := map[string][]int{}
	for i := range rows {
		if rows[i].label > 0.5 {
			copies[texts[i]] = append(copies[texts[i]], i)
		}
	}
	flat := " " + strings.Join(t, " ") + " "
	for text, at := range copies {
		if len(at) < 2 {
			continue
		}
		n := strings.Count(flat, " "+strings.Join(tokens(text), " ")+" ")
		for len(at) > max(1, n) {
			worst := 0
			for k := range at {
				if near(at[k]) <= near(at[worst]) {
					worst = k
				}
			}
			rows[at[worst]].label = 0
			at = append(at[:worst], at[worst+1:]...)
		}
	}
}

func labelSnippets(g *Gold, texts []string, rows []sample) {
	for i, text := range texts {
		f := fold(text)
		for _, s := range g.Without {
			if strings.Contains(f, fold(s)) {
				rows[i].label, rows[i].weight = 0, 1.5
			}
		}
		for _, s := range g.With {
			if strings.Contains(f, fold(s)) {
				rows[i].label, rows[i].weight = 1, 1.5
			}
		}
	}
}

// train learns the models and writes them.
func train(dir, builtin, foldDir string) error {
	type pageRows struct {
		g    *Gold
		view view
		rows []sample
	}
	var all []pageRows
	for _, c := range corpora {
		if !c.learnt {
			continue
		}
		cp, err := load(dir, c.name)
		if err != nil {
			return err
		}
		more := paragraphs(cp.gold)
		pages := make([]pageRows, int(views)*len(cp.gold))
		parallel(len(cp.gold), func(i int) {
			g := cp.gold[i]
			for v := range views {
				_, rows := blocksOf(g, &read.Model{}, v, more[lending{g.Lang, g.fold}])
				for k := range rows {
					rows[k].weight *= viewWeights[v]
					if c.name == "fundus" {
						rows[k].weight *= 2
					}
				}
				pages[i*int(views)+int(v)] = pageRows{g, v, rows}
			}
			g.page = nil
		})
		all = append(all, pages...)
	}
	pick := func(want func(fold int) bool) (out []*sample) {
		for i := range all {
			if want(all[i].g.fold) {
				for k := range all[i].rows {
					out = append(out, &all[i].rows[k])
				}
			}
		}
		return out
	}
	models := make([]read.Model, folds)
	for k := range folds {
		models[k].First = boost(pick(func(f int) bool { return f != k }), read.FirstFeatures, uint64(k))
		fmt.Fprintf(os.Stderr, "first look without fold %d\n", k)
	}
	// Read again so that the second look's features come from the code that
	// will fill them in use.
	for _, c := range corpora {
		if !c.learnt {
			continue
		}
		cp, err := load(dir, c.name)
		if err != nil {
			return err
		}
		byID := map[string]*Gold{}
		more := paragraphs(cp.gold)
		for _, g := range cp.gold {
			byID[g.ID] = g
		}
		parallel(len(all), func(i int) {
			g := byID[all[i].g.ID]
			if g == nil || g.URL != all[i].g.URL {
				return
			}
			m := &models[g.fold]
			texts, rows := blocksOf(g, m, all[i].view, more[lending{g.Lang, g.fold}])
			for k := range rows {
				if k >= len(all[i].rows) {
					break
				}
				old := &all[i].rows[k]
				old.row = rows[k].row
				if g.Body == "" && old.weight == 0 {
					w := 0.25 * (min(float32(len(tokens(texts[k]))), 150) + 6) / 6
					w *= viewWeights[all[i].view]
					switch x := m.First.Sum(&old.row); {
					case x > 2:
						old.label, old.weight = 1, min(1, w)
					case x < -2.5:
						old.label, old.weight = 0, min(1, w)
					}
				}
			}
		})
	}
	for k := range folds {
		models[k].Second = boost(pick(func(f int) bool { return f != k }), read.FeatureCount, uint64(100+k))
		fmt.Fprintf(os.Stderr, "second look without fold %d\n", k)
		if err := write(filepath.Join(foldDir, fmt.Sprintf("%d.bin", k)), &models[k]); err != nil {
			return err
		}
	}
	var m read.Model
	m.First = boost(pick(func(int) bool { return true }), read.FirstFeatures, 1000)
	m.Second = boost(pick(func(int) bool { return true }), read.FeatureCount, 1001)
	return write(builtin, &m)
}

func write(path string, m *read.Model) error {
	b, err := m.MarshalBinary()
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o644)
}
