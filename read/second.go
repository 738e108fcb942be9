package read

// The second look's features of the neighbours' greatest probability.
const (
	fNearBefore = features1 + 20
	fNearAfter  = features1 + 21
)

// second fills the second look's features from the first look's probabilities.
func (p *page) second() {
	n := len(p.blocks)
	var total, before float32
	for i := range p.elems {
		p.elems[i].score = 0
	}
	clear(p.sigProbs)
	for i := range p.blocks {
		b := &p.blocks[i]
		w := float32(b.stats.words)
		total += b.first * w
		sp := p.sigProbs[p.elems[b.elem].sig]
		sp[0] += b.first * w
		sp[1] += w
		p.sigProbs[p.elems[b.elem].sig] = sp
		p.elems[b.elem].score += b.first * w
	}
	for i := len(p.elems) - 1; i > 0; i-- {
		if up := p.elems[i].parent; up >= 0 {
			p.elems[up].score += p.elems[i].score
		}
	}
	main, lead := p.stretches()
	anchor := p.near(main)
	prob := func(i int) uint8 {
		if i < 0 || i >= n {
			return 0
		}
		return uint8(p.blocks[i].first * 255)
	}
	for i := range p.blocks {
		b := &p.blocks[i]
		f := b.feat[features1:]
		f[0] = prob(i)
		f[1], f[2], f[3], f[4], f[5] = prob(i-1), prob(i-2), prob(i-3), prob(i-4), prob(i-5)
		f[6], f[7], f[8], f[9], f[10] = prob(i+1), prob(i+2), prob(i+3), prob(i+4), prob(i+5)
		f[11] = uint8(255 * before / (total + 1))
		before += b.first * float32(b.stats.words)
		f[12] = uint8(255 * max(0, total-before) / (total + 1))
		c := p.container(int32(i))
		ce := &p.elems[c]
		f[13] = uint8(min(255, 255*ce.score/float32(ce.words+1)))
		f[14] = uint8(min(255, 255*ce.score/(total+1)))
		if ce.parent >= 0 {
			ge := &p.elems[ce.parent]
			f[15] = uint8(min(255, 255*ge.score/float32(ge.words+1)))
			f[16] = uint8(min(255, 255*ge.score/(total+1)))
		}
		sp := p.sigProbs[p.elems[b.elem].sig]
		f[17] = uint8(255 * sp[0] / (sp[1] + 1))
		f[18] = uint8(255 * sp[0] / (total + 1))
		f[19] = lg(int32(total))
		f[20] = max(prob(i-1), prob(i-2), prob(i-3))
		f[21] = max(prob(i+1), prob(i+2), prob(i+3))
		f[22] = uint8((int(prob(i-1)) + int(prob(i-2)) + int(prob(i-3))) / 3)
		f[23] = uint8((int(prob(i+1)) + int(prob(i+2)) + int(prob(i+3))) / 3)

		p.placed(int32(i), main, lead, anchor, total)
	}
}

// stretch is a run of blocks that the first look takes for body, with nothing
// long between them.
type stretch struct {
	first, last int32
	mass        float32 // words, each by its probability
	words       int32
}

// What belongs to a stretch, and how many blocks that do not may stand in it.
const (
	inStretch  = 0.2
	maxBetween = 5
)

// stretches finds the runs of body. main is the index of the greatest one, lead
// of the first behind the headline that is not much smaller; -1 where there is
// none.
func (p *page) stretches() (main, lead int) {
	p.runs = p.runs[:0]
	last := int32(-1)
	for i := range p.blocks {
		b := &p.blocks[i]
		b.run = -1
		if b.first < inStretch {
			continue
		}
		if last < 0 || int32(i)-last > maxBetween+1 {
			p.runs = append(p.runs, stretch{first: int32(i)})
		}
		last = int32(i)
		r := &p.runs[len(p.runs)-1]
		r.last = last
		r.mass += b.first * float32(b.stats.words)
		r.words += b.stats.words
		b.run = int32(len(p.runs) - 1)
	}
	main, lead = -1, -1
	for i := range p.runs {
		if main < 0 || p.runs[i].mass > p.runs[main].mass {
			main = i
		}
	}
	for i := range p.runs {
		if r := &p.runs[i]; r.last >= p.title && r.mass*8 >= p.runs[main].mass {
			lead = i
			break
		}
	}
	return main, lead
}

// near tells each element how many levels above it the nearest element stands
// that also holds the weightiest block of the main stretch, whose own element
// is returned, -1 where there is no such stretch.
func (p *page) near(main int) (anchor int32) {
	anchor = -1
	for i := range p.elems {
		p.elems[i].up, p.elems[i].share = 255, 0
	}
	if main < 0 {
		return -1
	}
	most := float32(-1)
	r := &p.runs[main]
	clear(p.runSigs)
	for i := r.first; i <= r.last; i++ {
		b := &p.blocks[i]
		w := b.first * float32(b.stats.words)
		if w > most {
			most, anchor = w, b.elem
		}
		if b.run >= 0 {
			p.runSigs[p.elems[b.elem].sig] += w
		}
	}
	for e := anchor; e >= 0; e = p.elems[e].parent {
		p.elems[e].up = 0
	}
	for i := range p.elems {
		e := &p.elems[i]
		if e.up != 0 && e.parent >= 0 && p.elems[e.parent].up < 254 {
			e.up = p.elems[e.parent].up + 1
		}
		e.share = frac(int32(p.runSigs[e.sig]*16), int32(r.mass*16))
	}
	return anchor
}

// placed fills the features that say where a block stands to the stretches.
func (p *page) placed(i int32, main, lead int, anchor int32, total float32) {
	b := &p.blocks[i]
	f := b.feat[features1+24 : features1+look2]
	if main < 0 {
		clear(f)
		return
	}
	m := &p.runs[main]
	e := &p.elems[b.elem]
	f[0] = lg(i - m.last)
	f[1] = lg(m.first - i)
	f[2], f[3], f[4] = 0, 0, 0
	if b.run >= 0 {
		r := &p.runs[b.run]
		f[2] = uint8(min(255, 255*r.mass/(m.mass+1)))
		f[3] = uint8(255 * r.mass / float32(r.words+1))
		f[4] = lg(r.words)
	}
	f[5] = e.up
	f[6] = uint8(min(254, max(0, p.elems[anchor].depth-(e.depth-int32(e.up)))))
	f[7] = e.share
	f[8] = uint8(255 * m.mass / (total + 1))
	f[9] = uint8(min(255, len(p.runs)))
	f[10] = 255
	if p.title >= 0 && p.title <= m.last {
		f[10] = lg(m.first - p.title)
	}
	f[11], f[12], f[13] = 255, 255, 0
	if lead >= 0 {
		l := &p.runs[lead]
		f[11] = lg(i - l.last)
		f[12] = lg(l.first - i)
		f[13] = bit(int(b.run) == lead) + bit(lead == main)*2
	}
}
