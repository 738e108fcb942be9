package read

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"math"
	"sync"

	"dateline"
)

// Model is the block classifier: two looks, each a sum of oblivious decision
// trees over the block's features (a tree asks the same question of every
// block at each of its levels, so its leaf is the number its answers spell;
// Prokhorenkova et al., CatBoost, NeurIPS 2018). The second look also sees the
// first's probabilities of the blocks around. `go run ./eval train` makes it.
type Model struct {
	First, Second Trees
}

// Trees is a sum of oblivious trees.
type Trees struct {
	Bias  float32
	Trees []Tree
}

// treeDepth is the number of questions of a tree.
const treeDepth = 6

// Tree asks at level d whether feature Feature[d] is above Above[d].
type Tree struct {
	Feature [treeDepth]uint8
	Above   [treeDepth]uint8
	Leaf    [1 << treeDepth]int16 // in units of 1/leafUnit of log-odds
}

const leafUnit = 4096

// After soonTrees a block that is far from being body is given up: most of a
// page is its furniture, and the trees behind would only make it surer.
const (
	soonTrees = 24
	soonUnder = -4 * leafUnit
)

// Row is a block as the classifier sees it. It is as long as a byte can count,
// whatever the number of features, so that no look into it can miss.
type Row [256]uint8

// Sum returns the log-odds of a row.
func (t *Trees) Sum(row *Row) float32 {
	var sum [1]int32
	t.sums([]*Row{row}, sum[:])
	return float32(sum[0]) / leafUnit
}

// batch is how many rows are summed together: they and a tree stay in the
// nearest cache while each tree is read once for all of them.
const batch = 32

// sums adds up the trees for each of at most batch rows.
func (t *Trees) sums(rows []*Row, sums []int32) {
	for i := range rows {
		sums[i] = int32(t.Bias * leafUnit)
	}
	var live [batch]uint8
	n := len(rows)
	for i := range n {
		live[i] = uint8(i)
	}
	for k := range t.Trees {
		if k == soonTrees {
			m := 0
			for _, i := range live[:n] {
				if sums[i] >= soonUnder {
					live[m] = i
					m++
				}
			}
			n = m
		}
		x := &t.Trees[k]
		f, a := &x.Feature, &x.Above
		for _, i := range live[:n] {
			r := rows[i]
			leaf := above(r[f[0]], a[0]) | above(r[f[1]], a[1])<<1 | above(r[f[2]], a[2])<<2 |
				above(r[f[3]], a[3])<<3 | above(r[f[4]], a[4])<<4 | above(r[f[5]], a[5])<<5
			sums[i] += int32(x.Leaf[leaf&(1<<treeDepth-1)])
		}
	}
}

// above is 1 where v is greater than limit, without a branch.
func above(v, limit uint8) uint32 { return uint32(int32(limit)-int32(v)) >> 31 }

// FeatureCount is the length of a block's row of features; those of the
// second look come after the first's.
const FeatureCount = features

// FirstFeatures is how many of them the first look may use.
const FirstFeatures = features1

func logistic(x float32) float32 { return float32(1 / (1 + math.Exp(-float64(x)))) }

// classify gives every block its probability of belonging to the body.
func (m *Model) classify(p *page) {
	p.look = p.look[:0]
	for i := range p.blocks {
		p.look = append(p.look, int32(i))
	}
	m.First.each(p, func(b *textBlock, prob float32) { b.first, b.prob = prob, prob })
	p.second()
	// What is far from the body, among others that are, needs no second look.
	p.look = p.look[:0]
	for i := range p.blocks {
		if b := &p.blocks[i]; b.first > farFrom || b.feat[fNearBefore] > near || b.feat[fNearAfter] > near {
			p.look = append(p.look, int32(i))
		}
	}
	m.Second.each(p, func(b *textBlock, prob float32) { b.prob = prob })
}

// A block below farFrom with no neighbour above near, in 255ths, keeps its
// first probability.
const (
	farFrom = 0.01
	near    = 12
)

// each calls f with the probability of every block in p.look.
func (t *Trees) each(p *page, f func(b *textBlock, prob float32)) {
	var rows [batch]*Row
	var sums [batch]int32
	for from := 0; from < len(p.look); from += batch {
		part := p.look[from:min(from+batch, len(p.look))]
		for i, at := range part {
			rows[i] = &p.blocks[at].feat
		}
		t.sums(rows[:len(part)], sums[:len(part)])
		for i, at := range part {
			f(&p.blocks[at], logistic(float32(sums[i])/leafUnit))
		}
	}
}

//go:embed model.bin
var modelBytes []byte

var builtin = sync.OnceValue(func() *Model {
	m := new(Model)
	if err := m.UnmarshalBinary(modelBytes); err != nil {
		panic(err) // the embedded file is checked by a test
	}
	return m
})

// MarshalBinary writes the model: for each look the bias, the number of trees,
// and the trees, all little-endian.
func (m *Model) MarshalBinary() ([]byte, error) {
	var b []byte
	for _, t := range []*Trees{&m.First, &m.Second} {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(t.Bias))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(t.Trees)))
		for i := range t.Trees {
			x := &t.Trees[i]
			b = append(b, x.Feature[:]...)
			b = append(b, x.Above[:]...)
			for _, v := range x.Leaf {
				b = binary.LittleEndian.AppendUint16(b, uint16(v))
			}
		}
	}
	return b, nil
}

// UnmarshalBinary reads what MarshalBinary wrote.
func (m *Model) UnmarshalBinary(b []byte) error {
	const treeSize = 2*treeDepth + 2<<treeDepth
	for _, t := range []*Trees{&m.First, &m.Second} {
		if len(b) < 8 {
			return fmt.Errorf("block model: %d bytes left: %w", len(b), dateline.ErrCorrupt)
		}
		t.Bias = math.Float32frombits(binary.LittleEndian.Uint32(b))
		n := int(binary.LittleEndian.Uint32(b[4:]))
		b = b[8:]
		if n > len(b)/treeSize {
			return fmt.Errorf("block model: %d trees in %d bytes: %w", n, len(b), dateline.ErrCorrupt)
		}
		t.Trees = make([]Tree, n)
		for i := range t.Trees {
			x := &t.Trees[i]
			copy(x.Feature[:], b)
			copy(x.Above[:], b[treeDepth:])
			for k := range x.Leaf {
				x.Leaf[k] = int16(binary.LittleEndian.Uint16(b[2*treeDepth+2*k:]))
			}
			for _, f := range x.Feature {
				if int(f) >= FeatureCount {
					return fmt.Errorf("block model: feature %d: %w", f, dateline.ErrCorrupt)
				}
			}
			b = b[treeSize:]
		}
	}
	return nil
}
