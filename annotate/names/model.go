package names

import (
	"embed"
	"encoding/binary"
	"errors"
	"io/fs"
	"math"
	"sync"
)

// The model is a linear-chain conditional random field over the tokens of a
// run of capitalised words. A token's score for a label is the sum of the
// weights of its features, each a 64-bit hash; the weights lie in a hash table
// that is used as it lies in the file:
//
//	"DLN1", slots (a power of two) uint32, unit float32,
//	labels×labels transitions float32,
//	slots × (check uint16, labels × int8)
//
// A feature's slot is found by its low bits and the next slots behind it; the
// check is its high bits, 0 in an empty slot. Weights are multiples of unit.

// Labels of tokens: outside, and for each kind its first and later tokens.
const (
	outside = iota
	firstPerson
	innerPerson
	firstOrganization
	innerOrganization
	firstPlace
	innerPlace

	// Labels is how many labels a token may have.
	Labels
)

// models are the built-in ones: any.bin for every language, and those of
// languages that have their own, by the packs' tags.
//
//go:embed models/*.bin
var models embed.FS

// anyModel is the name of the one for every language.
const anyModel = "any"

const (
	modelMagic = "DLN1"
	slotSize   = 2 + Labels
	headSize   = 4 + 4 + 4 + 4*Labels*Labels
)

type model struct {
	slots string
	mask  uint64
	unit  float32
	trans [Labels][Labels]float32
	etran [Labels][Labels]float64 // exp of trans
}

// builtin are the built-in models that are in use.
var builtin struct {
	sync.Mutex
	of map[string]*model
}

// builtinModel is the language's own model, or the one of every language.
func builtinModel(tag string) *model {
	if _, err := fs.Stat(models, modelFile(tag)); err != nil {
		tag = anyModel
	}
	builtin.Lock()
	defer builtin.Unlock()
	if m := builtin.of[tag]; m != nil {
		return m
	}
	data, err := models.ReadFile(modelFile(tag))
	if err != nil {
		return nil
	}
	m, err := readModel(string(data))
	if err != nil {
		return nil // A test reads them: a program with a broken model is never built.
	}
	if builtin.of == nil {
		builtin.of = map[string]*model{}
	}
	builtin.of[tag] = m
	return m
}

func modelFile(tag string) string { return "models/" + tag + ".bin" }

func readModel(s string) (*model, error) {
	if len(s) < headSize || s[:4] != modelMagic {
		return nil, errors.New("names: no model")
	}
	head := []byte(s[:headSize])
	n := uint64(binary.LittleEndian.Uint32(head[4:]))
	if n == 0 || n&(n-1) != 0 || uint64(len(s)) != headSize+n*slotSize {
		return nil, errors.New("names: the model is cut off")
	}
	m := &model{slots: s[headSize:], mask: n - 1, unit: math.Float32frombits(binary.LittleEndian.Uint32(head[8:]))}
	for i := range Labels {
		for j := range Labels {
			m.trans[i][j] = math.Float32frombits(binary.LittleEndian.Uint32(head[12+4*(i*Labels+j):]))
			m.etran[i][j] = math.Exp(float64(m.trans[i][j]))
		}
	}
	return m, nil
}

// check is what a slot keeps of a feature; never 0.
func check(h uint64) uint16 { return uint16(h>>48) | 1 }

// add adds the weights of a feature to sum.
func (m *model) add(h uint64, sum *[Labels]int32) {
	c := check(h)
	for i := h & m.mask; ; i = (i + 1) & m.mask {
		s := m.slots[i*slotSize : i*slotSize+slotSize]
		k := uint16(s[0]) | uint16(s[1])<<8
		if k == 0 {
			return
		}
		if k == c {
			for j := range sum {
				sum[j] += int32(int8(s[2+j]))
			}
			return
		}
	}
}

// Weight is a feature's weight for each label.
type Weight struct {
	Feature uint64
	Of      [Labels]float64
}

// EncodeModel makes the bytes of a model. The table has twice as many slots as
// there are weights, or a little more.
func EncodeModel(weights []Weight, transitions [Labels][Labels]float64) []byte {
	n := uint64(1)
	for n*3/4 < uint64(len(weights)) {
		n *= 2
	}
	top := 0.0
	for _, w := range weights {
		for _, x := range w.Of {
			top = max(top, math.Abs(x))
		}
	}
	unit := float32(top / 127)
	if unit == 0 {
		unit = 1
	}
	out := make([]byte, headSize+n*slotSize)
	copy(out, modelMagic)
	binary.LittleEndian.PutUint32(out[4:], uint32(n))
	binary.LittleEndian.PutUint32(out[8:], math.Float32bits(unit))
	for i := range Labels {
		for j := range Labels {
			binary.LittleEndian.PutUint32(out[12+4*(i*Labels+j):], math.Float32bits(float32(transitions[i][j])))
		}
	}
	table := out[headSize:]
	for _, w := range weights {
		i := w.Feature & (n - 1)
		for table[i*slotSize] != 0 || table[i*slotSize+1] != 0 {
			i = (i + 1) & (n - 1)
		}
		s := table[i*slotSize:]
		binary.LittleEndian.PutUint16(s, check(w.Feature))
		for j, x := range w.Of {
			s[2+j] = byte(int8(math.Round(x / float64(unit))))
		}
	}
	return out
}

// may tells whether label b may follow label a: an inner token follows one of
// its kind.
func may(a, b int) bool {
	switch b {
	case innerPerson, innerOrganization, innerPlace:
		return a == b || a == b-1
	}
	return true
}

// decoder holds the working memory of labelling.
type decoder struct {
	scores  [][Labels]float32
	alpha   [][Labels]float64
	beta    [][Labels]float64
	best    [][Labels]float32
	back    [][Labels]uint8
	labels  []uint8
	certain []float32
}

func (d *decoder) reset(n int) {
	if cap(d.scores) < n {
		n += n / 2
		d.scores = make([][Labels]float32, n)
		d.alpha = make([][Labels]float64, n)
		d.beta = make([][Labels]float64, n)
		d.best = make([][Labels]float32, n)
		d.back = make([][Labels]uint8, n)
		d.labels = make([]uint8, n)
		d.certain = make([]float32, n)
	}
}

// decode finds the likeliest labels of n tokens whose scores are set, and how
// certain each is; what stands before and behind them is outside.
func (m *model) decode(d *decoder, n int) {
	S := d.scores[:n]
	for i := range S {
		for b := range Labels {
			from, score := 0, float32(math.Inf(-1))
			if i == 0 {
				if may(outside, b) {
					score = m.trans[outside][b]
				}
			} else {
				for a := range Labels {
					if may(a, b) {
						if x := d.best[i-1][a] + m.trans[a][b]; x > score {
							from, score = a, x
						}
					}
				}
			}
			d.best[i][b] = score + S[i][b]
			d.back[i][b] = uint8(from)
		}
	}
	last, top, any := 0, float32(math.Inf(-1)), false
	for a := range Labels {
		if x := d.best[n-1][a] + m.trans[a][outside]; x > top {
			last, top = a, x
		}
	}
	for i := n - 1; i >= 0; i-- {
		d.labels[i] = uint8(last)
		any = any || last != outside
		last = int(d.back[i][last])
	}
	if !any {
		return
	}
	// Forward and backward sums, scaled at each token.
	for i := range S {
		highest := S[i][0]
		for _, x := range S[i][1:] {
			highest = max(highest, x)
		}
		total := 0.0
		for b := range Labels {
			sum := 0.0
			if i == 0 {
				if may(outside, b) {
					sum = m.etran[outside][b]
				}
			} else {
				for a := range Labels {
					if may(a, b) {
						sum += d.alpha[i-1][a] * m.etran[a][b]
					}
				}
			}
			sum *= math.Exp(float64(S[i][b] - highest))
			d.alpha[i][b] = sum
			total += sum
		}
		for b := range Labels {
			d.alpha[i][b] /= total
		}
	}
	for a := range Labels {
		d.beta[n-1][a] = m.etran[a][outside]
	}
	for i := n - 2; i >= 0; i-- {
		var next [Labels]float64
		highest := S[i+1][0]
		for _, x := range S[i+1][1:] {
			highest = max(highest, x)
		}
		for b := range Labels {
			next[b] = d.beta[i+1][b] * math.Exp(float64(S[i+1][b]-highest))
		}
		total := 0.0
		for a := range Labels {
			sum := 0.0
			for b := range Labels {
				if may(a, b) {
					sum += m.etran[a][b] * next[b]
				}
			}
			d.beta[i][a] = sum
			total += sum
		}
		for a := range Labels {
			d.beta[i][a] /= total
		}
	}
	for i := range S {
		total := 0.0
		for a := range Labels {
			total += d.alpha[i][a] * d.beta[i][a]
		}
		y := d.labels[i]
		d.certain[i] = float32(d.alpha[i][y] * d.beta[i][y] / total)
	}
}
