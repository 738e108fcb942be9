package main

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"dateline/annotate/names"
)

const labels = names.Labels

// learner is a linear-chain conditional random field while it is learnt: by
// stochastic gradient steps whose size is each weight's own (AdaGrad), with an
// L2 prior.
type learner struct {
	ids   map[uint64]int32
	of    [][labels]float64
	grad  [][labels]float64 // sums of squared gradients
	trans [labels][labels]float64
	tgrad [labels][labels]float64
}

func may(a, b int) bool {
	if b > 0 && b%2 == 0 {
		return a == b || a == b-1
	}
	return true
}

// learn learns several times, in another order and leaving other features out,
// and takes the average, which depends less on chance.
func learn(list []example, o options) *learner {
	var sum *learner
	for n := range o.times {
		m := learnOnce(list, o, uint64(n))
		if sum == nil {
			sum = m
			continue
		}
		for i := range m.of {
			for j := range labels {
				sum.of[i][j] += m.of[i][j]
			}
		}
		for i := range labels {
			for j := range labels {
				sum.trans[i][j] += m.trans[i][j]
			}
		}
	}
	for i := range sum.of {
		for j := range labels {
			sum.of[i][j] /= float64(o.times)
		}
	}
	for i := range labels {
		for j := range labels {
			sum.trans[i][j] /= float64(o.times)
		}
	}
	return sum
}

func learnOnce(list []example, o options, seed uint64) *learner {
	m := &learner{ids: map[uint64]int32{}}
	count := map[uint64]int{}
	for _, e := range list {
		for _, fs := range e.Features {
			for _, h := range fs {
				count[h]++
			}
		}
	}
	sequences := make([][][]int32, len(list))
	for k, e := range list {
		sequences[k] = make([][]int32, len(e.Features))
		for i, fs := range e.Features {
			for _, h := range fs {
				if count[h] < o.seen {
					continue
				}
				id, ok := m.ids[h]
				if !ok {
					id = int32(len(m.of))
					m.ids[h] = id
					m.of = append(m.of, [labels]float64{})
				}
				sequences[k][i] = append(sequences[k][i], id)
			}
		}
	}
	m.grad = make([][labels]float64, len(m.of))
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	random := rand.New(rand.NewPCG(1, seed))
	total := make([][labels]float64, len(m.of)) // averaged over the last rounds
	var ttotal [labels][labels]float64
	rounds := 0
	for epoch := range o.epochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, k := range order {
			seq := sequences[k]
			if o.drop > 0 {
				seq = thin(seq, o.drop, random)
			}
			m.step(seq, list[k].labels, o)
		}
		if epoch >= o.epochs/2 {
			rounds++
			for i := range m.of {
				for j := range labels {
					total[i][j] += m.of[i][j]
				}
			}
			for i := range labels {
				for j := range labels {
					ttotal[i][j] += m.trans[i][j]
				}
			}
		}
	}
	for i := range total {
		for j := range labels {
			m.of[i][j] = total[i][j] / float64(rounds)
		}
	}
	for i := range labels {
		for j := range labels {
			m.trans[i][j] = ttotal[i][j] / float64(rounds)
		}
	}
	return m
}

// thin leaves a share of the features out, so that none is relied on alone.
func thin(seq [][]int32, share float64, random *rand.Rand) [][]int32 {
	out := make([][]int32, len(seq))
	for i, fs := range seq {
		for _, f := range fs {
			if random.Float64() >= share {
				out[i] = append(out[i], f)
			}
		}
	}
	return out
}

// step moves the weights towards one example.
func (m *learner) step(seq [][]int32, gold []uint8, o options) {
	n := len(seq)
	score := make([][labels]float64, n)
	for i, fs := range seq {
		for _, f := range fs {
			for j, w := range m.of[f] {
				score[i][j] += w
			}
		}
	}
	alpha := make([][labels]float64, n)
	beta := make([][labels]float64, n)
	var back [labels]float64
	logsum := func(x []float64) float64 {
		top := slices.Max(x)
		if math.IsInf(top, -1) {
			return top
		}
		s := 0.0
		for _, v := range x {
			s += math.Exp(v - top)
		}
		return top + math.Log(s)
	}
	for i := range n {
		for b := range labels {
			for a := range labels {
				back[a] = math.Inf(-1)
				if i == 0 {
					if a == 0 && may(0, b) {
						back[a] = m.trans[0][b]
					}
				} else if may(a, b) {
					back[a] = alpha[i-1][a] + m.trans[a][b]
				}
			}
			alpha[i][b] = logsum(back[:]) + score[i][b]
		}
	}
	for a := range labels {
		beta[n-1][a] = m.trans[a][0]
	}
	for i := n - 2; i >= 0; i-- {
		for a := range labels {
			for b := range labels {
				back[b] = math.Inf(-1)
				if may(a, b) {
					back[b] = m.trans[a][b] + score[i+1][b] + beta[i+1][b]
				}
			}
			beta[i][a] = logsum(back[:])
		}
	}
	for a := range labels {
		back[a] = alpha[n-1][a] + m.trans[a][0]
	}
	z := logsum(back[:])
	var tg [labels][labels]float64
	for i := range n {
		var g [labels]float64
		for b := range labels {
			g[b] = -math.Exp(alpha[i][b] + beta[i][b] - z)
		}
		g[gold[i]]++
		if i == 0 {
			tg[0][gold[0]]++
			for b := range labels {
				if may(0, b) {
					tg[0][b] -= math.Exp(m.trans[0][b] + score[0][b] + beta[0][b] - z)
				}
			}
		} else {
			tg[gold[i-1]][gold[i]]++
			for a := range labels {
				for b := range labels {
					if may(a, b) {
						tg[a][b] -= math.Exp(alpha[i-1][a] + m.trans[a][b] + score[i][b] + beta[i][b] - z)
					}
				}
			}
		}
		for _, f := range seq[i] {
			w, s := &m.of[f], &m.grad[f]
			for j := range labels {
				d := g[j] - o.l2*w[j]
				s[j] += d * d
				if s[j] > 0 {
					w[j] += o.rate * d / (1e-2 + math.Sqrt(s[j]))
				}
			}
		}
	}
	tg[gold[n-1]][0]++
	for a := range labels {
		tg[a][0] -= math.Exp(alpha[n-1][a] + m.trans[a][0] - z)
	}
	for a := range labels {
		for b := range labels {
			d := tg[a][b] - o.l2*m.trans[a][b]
			m.tgrad[a][b] += d * d
			if m.tgrad[a][b] > 0 {
				m.trans[a][b] += o.rate * d / (1e-2 + math.Sqrt(m.tgrad[a][b]))
			}
		}
	}
}

// encode makes the model of the most features that weigh most.
func (m *learner) encode(most int) []byte {
	type heavy struct {
		names.Weight
		top float64
	}
	list := make([]heavy, 0, len(m.ids))
	for h, id := range m.ids {
		w := heavy{names.Weight{Feature: h, Of: m.of[id]}, 0}
		for _, x := range w.Of {
			w.top = max(w.top, math.Abs(x))
		}
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b heavy) int {
		return cmp.Or(cmp.Compare(b.top, a.top), cmp.Compare(a.Feature, b.Feature))
	})
	list = list[:min(most, len(list))]
	slices.SortFunc(list, func(a, b heavy) int { return cmp.Compare(a.Feature, b.Feature) })
	weights := make([]names.Weight, len(list))
	for i, w := range list {
		weights[i] = w.Weight
	}
	return names.EncodeModel(weights, m.trans)
}
