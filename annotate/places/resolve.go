package places

import (
	"math"
	"slices"
	"strings"

	"dateline/gazetteer"
)

// Which places the names mean.
//
// All names are weighed together, in a few rounds. In each, the names that
// count most are anchors: what they may mean, each meaning by its likelihood,
// supports the places of the other names that are near it, in the same region
// or country. What the text says of one lying in another weighs most. A name
// means one place in an article, unless a generic word at a mention tells the
// kind: in "Paris, Texas, ... the mayor of Paris" the second Paris is the first.

// link says that a name was said to lie in another.
type link struct {
	inner, outer int32
	stated       bool
}

const (
	rounds     = 3
	maxBehind  = 5.0 // candidates this far behind the best lend no support
	maxAnchors = 40
)

// within tells whether place c may lie in place o.
func within(c, o *candidate) bool {
	if c.ID == o.ID {
		return false
	}
	switch o.Kind {
	case gazetteer.Country:
		return c.Country == o.Country && c.Kind != gazetteer.Country
	case gazetteer.Region:
		return c.Country == o.Country && c.Admin1 == o.Admin1 && c.Kind > gazetteer.Region
	case gazetteer.County:
		return c.Country == o.Country && c.Admin1 == o.Admin1 && c.Kind == gazetteer.City && distance(c, o) < 80
	case gazetteer.Area:
		return o.Radius > 0 && distance(c, o) < 1.2*float64(o.Radius)
	}
	return c.Kind == gazetteer.City && c.Country == o.Country && c.Population < o.Population && distance(c, o) < 40
}

// distance is the distance in km, straight through the Earth for speed, which
// is as good up to some hundred km.
func distance(a, b *candidate) float64 {
	x, y, z := a.x-b.x, a.y-b.y, a.z-b.z
	return 6371 * math.Sqrt(x*x+y*y+z*z)
}

// contains tells whether some place of a name lies in some place of another.
func (f *finder) contains(inner, outer int32) bool {
	if inner == outer {
		return false
	}
	in, out := f.names[inner].cands, f.names[outer].cands
	for i := range out[:min(len(out), 8)] {
		for j := range in {
			if within(&in[j], &out[i]) {
				return true
			}
		}
	}
	return false
}

// resolve chooses a place for each name.
func (f *finder) resolve() {
	anchors := f.anchors()
	for i := range f.names {
		n := &f.names[i]
		for j := range n.cands {
			n.cands[j].score = n.cands[j].prior
		}
		n.choose()
	}
	for round := range rounds {
		for i := range f.names {
			if len(f.names[i].cands) > 1 || round == rounds-1 {
				f.weigh(int32(i), anchors)
			}
		}
		for _, l := range f.links {
			f.weighLink(l)
		}
		for i := range f.names {
			f.names[i].choose()
		}
	}
}

// stated adds the article's dateline as a name, for the others to lean on.
func (f *finder) stated() {
	s := f.d.Dateline
	if s == "" {
		return
	}
	place, rest, _ := strings.Cut(s, ",")
	f.entries = f.g.AppendLookup(f.entries[:0], place)
	if len(f.entries) == 0 {
		return
	}
	n := &f.names[f.nameOf(place, false)]
	n.score = max(n.score, 4)
	if rest = strings.TrimSpace(rest); rest == "" {
		return
	}
	if values, k := f.t.cues.Longest(f.d.Pack.Tokens(rest), 0); k > 0 {
		for _, c := range values {
			if c.role&(roleAbbr|rolePostal) != 0 {
				rest = c.name
			}
		}
	}
	f.entries = f.g.AppendLookup(f.entries[:0], rest)
	outer := f.newName(rest, false)
	for i := range n.cands {
		for j := range outer.cands {
			if within(&n.cands[i], &outer.cands[j]) {
				n.cands[i].prior += 5
				break
			}
		}
	}
}

// anchors are the names that lend support: the likeliest places.
func (f *finder) anchors() []int32 {
	list := make([]int32, 0, len(f.names))
	for i := range f.names {
		if n := &f.names[i]; n.score >= 0 && len(n.cands) > 0 {
			list = append(list, int32(i))
		}
	}
	slices.SortStableFunc(list, func(a, b int32) int {
		x, y := f.names[a].score+math.Log2(float64(f.names[a].count+1)), f.names[b].score+math.Log2(float64(f.names[b].count+1))
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return list[:min(len(list), maxAnchors)]
}

// weigh scores the places of a name by the anchors.
func (f *finder) weigh(id int32, anchors []int32) {
	n := &f.names[id]
	for j := range n.cands {
		c := &n.cands[j]
		sum, near := 0.0, 0.0
		for _, a := range anchors {
			if a == id {
				continue
			}
			o := &f.names[a]
			w := min(1, 0.35+0.2*o.score)
			top, topNear := 0.0, 0.0
			for _, t := range o.top[:o.tops] {
				s, close := support(c, &o.cands[t.cand])
				top = max(top, s*t.weight)
				topNear = max(topNear, close*t.weight)
			}
			sum += w * top
			near = max(near, w*topNear)
		}
		c.near = near
		c.score = c.prior + 2.4*math.Log(1+sum)
		if n.hint != "" && kindOf(c.Kind) == n.hint {
			c.score += 2
			if c.Kind == gazetteer.County && c.rank == gazetteer.Weak && slices.Contains(f.t.home, c.Country) {
				// The generic word is the context that the name asks for, and
				// it is as good as a region's.
				c.score += 4.5
			}
			if c.Kind == gazetteer.Region && c.rank == gazetteer.Alternate && strings.HasPrefix(gazetteer.Fold(c.Name), gazetteer.Fold(n.form)+" ") {
				c.score += 3 // "Cordoba Province" has the word in its name.
			}
		}
	}
}

// support is how much an anchor speaks for a place, and how near it is.
func support(c, o *candidate) (sum, near float64) {
	if c.ID == o.ID {
		return 0, 0
	}
	same := c.Country != "" && c.Country == o.Country
	switch o.Kind {
	case gazetteer.Country:
		if same {
			return 0.8, 0.2
		}
		if c.Kind == gazetteer.Country { // Neighbours are named together.
			switch d := distance(c, o); {
			case d < 800:
				return 0.6, 0
			case d < 1600:
				return 0.3, 0
			}
		}
		return 0, 0
	case gazetteer.Area:
		if o.Radius > 0 && distance(c, o) < 1.2*float64(o.Radius) {
			return 0.8, 0.2
		}
		return 0, 0
	case gazetteer.Region:
		switch {
		case same && c.Admin1 == o.Admin1:
			if distance(c, o) < 50 {
				return 2.2, 1
			}
			return 2.2, 0.6
		case same:
			return 0.4, 0
		}
		return 0, 0
	}
	if c.Kind == gazetteer.Country || c.Kind == gazetteer.Area {
		if same {
			return 0.4, 0
		}
		return 0, 0
	}
	if same {
		sum, near = 0.4, 0.15
		if c.Admin1 == o.Admin1 {
			sum, near = 1, 0.3
		}
	}
	switch d := distance(c, o); {
	case d < 30:
		return sum + 2, 1
	case d < 80:
		return sum + 1.5, 0.8
	case d < 160:
		return sum + 0.8, max(near, 0.4)
	case d < 320:
		return sum + 0.3, max(near, 0.1)
	}
	return sum, near
}

// weighLink scores the places of two names of which one was said to lie in the
// other.
func (f *finder) weighLink(l link) {
	in, out := &f.names[l.inner], &f.names[l.outer]
	if out.best < 0 || in.best < 0 {
		return
	}
	w := 5.0
	if !l.stated {
		w = 2.5
	}
	for j := range in.cands {
		c := &in.cands[j]
		if within(c, &out.cands[out.best]) {
			c.score += w
			c.near = 1
			continue
		}
		for k := range out.cands {
			if within(c, &out.cands[k]) {
				c.score += w / 2
				break
			}
		}
	}
	for k := range out.cands {
		o := &out.cands[k]
		for j := range in.cands {
			if within(&in.cands[j], o) {
				o.score += w / 2
				break
			}
		}
	}
}

// choose takes the best place, and those that come near it with their weight.
func (n *name) choose() {
	n.best, n.tops = -1, 0
	for j := range n.cands {
		if n.best < 0 || n.cands[j].score > n.cands[n.best].score {
			n.best = j
		}
	}
	if n.best < 0 {
		return
	}
	best := n.cands[n.best].score
	n.where = n.cands[n.best].near
	sum := 0.0
	for j := range n.cands {
		s := n.cands[j].score
		if best-s > maxBehind {
			continue
		}
		w := math.Exp(s - best)
		sum += w
		k := n.tops
		if k == len(n.top) {
			k--
			if n.top[k].weight >= w {
				continue
			}
		} else {
			n.tops++
		}
		for ; k > 0 && n.top[k-1].weight < w; k-- {
			n.top[k] = n.top[k-1]
		}
		n.top[k] = choice{int32(j), w}
	}
	for k := range n.top[:n.tops] {
		n.top[k].weight = math.Sqrt(n.top[k].weight / sum)
	}
}
