package main

import (
	"math"
	"math/rand/v2"
	"sync"

	"dateline/read"
)

// sample is one block the model learns from.
type sample struct {
	row    read.Row
	label  float32
	weight float32 // 0: not learnt from
}

// boosting settings; see docs/decisions for how they were chosen.
const (
	treeCount   = 300
	rate        = 0.08
	lambda      = 4.0  // shrinks the leaves towards 0
	minGain     = 0.05 // of a level
	rowShare    = 0.7  // of the rows, a tree, at most
	columnShare = 0.5
)

// boost learns a sum of oblivious trees by Newton boosting on the log loss.
// It is deterministic in its seed.
func boost(rows []*sample, features int, seed uint64) read.Trees {
	rng := rand.New(rand.NewPCG(seed, 1))
	n := len(rows)
	columns := make([][]uint8, features)
	for f := range columns {
		columns[f] = make([]uint8, n)
		for i, s := range rows {
			columns[f][i] = s.row[f]
		}
	}
	var pos, all float64
	for _, s := range rows {
		pos += float64(s.weight * s.label)
		all += float64(s.weight)
	}
	var t read.Trees
	t.Bias = float32(math.Log(pos / (all - pos)))
	sum := make([]float32, n)
	for i := range sum {
		sum[i] = t.Bias
	}
	for range treeCount {
		// The rows of this tree, with their gradients.
		var at []int32
		var grad, hess []float32
		for i, s := range rows {
			if s.weight == 0 {
				continue
			}
			// Rows that are already right are looked at more rarely, and
			// count for more when they are (Ke et al., LightGBM, NIPS 2017).
			p := float32(1 / (1 + math.Exp(-float64(sum[i]))))
			g := s.label - p
			keep := min(rowShare, 2*max(g, -g)+0.06)
			if rng.Float32() > keep {
				continue
			}
			w := s.weight / keep
			at = append(at, int32(i))
			grad = append(grad, w*g)
			hess = append(hess, w*max(p*(1-p), 1e-4))
		}
		var use []int
		for f := range features {
			if rng.Float32() < columnShare {
				use = append(use, f)
			}
		}
		tree := grow(columns, use, at, grad, hess)
		t.Trees = append(t.Trees, tree)
		var one read.Trees
		one.Trees = []read.Tree{tree}
		for i, s := range rows {
			sum[i] += one.Sum(&s.row)
		}
	}
	return t
}

// grow makes one tree: at each level the question that gains most over all
// leaves at once.
func grow(columns [][]uint8, use []int, at []int32, grad, hess []float32) read.Tree {
	var tree read.Tree
	leaf := make([]uint8, len(at))
	depth := len(tree.Feature)
	type cut struct {
		gain  float64
		f     int
		above uint8
	}
	for d := range depth {
		cuts := make([]cut, len(use))
		var wg sync.WaitGroup
		const workers = 2
		for w := range workers {
			wg.Go(func() {
				hist := make([][2]float32, 256<<d)
				for u := w; u < len(use); u += workers {
					f := use[u]
					clear(hist)
					col := columns[f]
					top := uint8(0)
					for k, i := range at {
						v := col[i]
						top = max(top, v)
						h := &hist[int(leaf[k])<<8|int(v)]
						h[0] += grad[k]
						h[1] += hess[k]
					}
					best := cut{f: f, gain: -1}
					var left, total [64][2]float64
					for l := range 1 << d {
						for v := range int(top) + 1 {
							total[l][0] += float64(hist[l<<8|v][0])
							total[l][1] += float64(hist[l<<8|v][1])
						}
					}
					for v := range int(top) {
						gain := 0.0
						for l := range 1 << d {
							left[l][0] += float64(hist[l<<8|v][0])
							left[l][1] += float64(hist[l<<8|v][1])
							g, h := left[l][0], left[l][1]
							G, H := total[l][0], total[l][1]
							gain += g*g/(h+lambda) + (G-g)*(G-g)/(H-h+lambda) - G*G/(H+lambda)
						}
						if gain > best.gain {
							best.gain, best.above = gain, uint8(v)
						}
					}
					cuts[u] = best
				}
			})
		}
		wg.Wait()
		best := cut{gain: minGain}
		for _, c := range cuts {
			if c.gain > best.gain {
				best = c
			}
		}
		if best.gain <= minGain {
			tree.Feature[d], tree.Above[d] = 0, 255 // a question no block answers with yes
			continue
		}
		tree.Feature[d], tree.Above[d] = uint8(best.f), best.above
		col := columns[best.f]
		for k, i := range at {
			if col[i] > best.above {
				leaf[k] |= 1 << d
			}
		}
	}
	var g, h [64]float64
	for k := range at {
		g[leaf[k]] += float64(grad[k])
		h[leaf[k]] += float64(hess[k])
	}
	for l := range tree.Leaf {
		v := rate * g[l] / (h[l] + lambda)
		tree.Leaf[l] = int16(math.Round(max(-7.9, min(7.9, v)) * 4096))
	}
	return tree
}
