package places

import (
	"math"
	"slices"

	"dateline/gazetteer"
)

// name is a name of the article and the places it may mean.
type name struct {
	form  string // as the first mention has it, an abbreviation in full
	cands []candidate
	known float64   // how well the best known place is known, as judge weighs it
	best  int       // index in cands, -1 for none
	top   [6]choice // the best ones
	tops  int
	score float64 // of its best mention
	where float64 // how near the other places of the article are, 0 to 1
	hint  string
	count int

	cued     bool // its generic word was looked at
	country  bool // it may mean a country
	full     bool // the article has it in full, not only an abbreviation
	initials bool // it is letters that mean a place
}

// candidate is a place that a name may mean.
type candidate struct {
	gazetteer.Place
	rank         gazetteer.Rank
	prior, score float64
	x, y, z      float64 // on the unit sphere
	near         float64
}

// choice is one of the likeliest candidates.
type choice struct {
	cand   int32
	weight float64 // the root of its likelihood
}

// maxCandidates is how many places a name is weighed for: the best known.
const maxCandidates = 48

// unknown is how well a place is known that no list has.
const unknown = -1.5

// rolePlace marks where mentions begin and end among the tokens' roles.
const rolePlace role = 1 << 31

// newName makes a name of the places in f.entries.
func (f *finder) newName(form string, short bool) name {
	n := name{form: form, best: -1, known: unknown, score: math.Inf(-1)}
	region := false // Short forms are those of regions and countries first.
	for _, e := range f.entries {
		region = region || short && e.Rank < gazetteer.Alternate && f.g.Place(e.ID).Kind <= gazetteer.Region
	}
	for _, e := range f.entries {
		if short && (e.Rank == gazetteer.Alternate || e.Rank == gazetteer.Weak) && len(f.entries) > 1 {
			continue
		}
		pl := f.g.Place(e.ID)
		if region && pl.Kind > gazetteer.Region {
			continue
		}
		if e.Rank == gazetteer.Initials && !short && !initials(form) {
			continue
		}
		c := candidate{Place: pl, rank: e.Rank, prior: prior(pl, e.Rank)}
		if k := known(pl, e.Rank); k > n.known || len(n.cands) == 0 {
			n.known = k
		}
		n.country = n.country || pl.Kind == gazetteer.Country
		n.initials = n.initials || e.Rank == gazetteer.Initials
		f.adjust(&c)
		if len(n.cands) == maxCandidates {
			low := 0
			for i := range n.cands {
				if n.cands[i].prior < n.cands[low].prior {
					low = i
				}
			}
			if n.cands[low].prior >= c.prior {
				continue
			}
			n.cands[low] = c
			continue
		}
		n.cands = append(n.cands, c)
	}
	n.capital()
	n.part()
	for i := range n.cands {
		c := &n.cands[i]
		lat, lon := c.Lat*math.Pi/180, c.Lon*math.Pi/180
		c.x, c.y, c.z = math.Cos(lat)*math.Cos(lon), math.Cos(lat)*math.Sin(lon), math.Sin(lat)
	}
	return n
}

// capital parts a country from a capital of the same name, in some language at
// least: the country is meant, as by Mexico and Singapore, unless this is just
// the capital's own name: Brasília.
func (n *name) capital() {
	for i := range n.cands {
		city := &n.cands[i]
		if !city.Capital {
			continue
		}
		for j := range n.cands {
			c := &n.cands[j]
			if c.Kind != gazetteer.Country || c.Country != city.Country {
				continue
			}
			switch f := gazetteer.Fold(n.form); {
			case f != gazetteer.Fold(city.Name):
				city.prior -= 3
			case f != gazetteer.Fold(c.Name):
				c.prior -= 4
			default:
				city.prior -= 1.5
			}
		}
	}
}

// part parts a country from a part of the world of the same name, and from one
// that is called so by mistake: the country is meant, as by Australia.
func (n *name) part() {
	if !slices.ContainsFunc(n.cands, func(c candidate) bool { return c.Kind == gazetteer.Country && c.rank == gazetteer.Official }) {
		return
	}
	for i := range n.cands {
		switch c := &n.cands[i]; {
		case c.Kind == gazetteer.Area && c.Country == "":
			c.prior -= 4
		case c.Kind == gazetteer.Country && c.rank != gazetteer.Official:
			c.prior -= 2
		}
	}
}

// at tells whether a place of the name lies in one of the countries.
func (n *name) at(countries []string) bool {
	for i := range n.cands {
		if slices.Contains(countries, n.cands[i].Country) {
			return true
		}
	}
	return false
}

// adjust adds to a candidate's prior what is known without the text.
func (f *finder) adjust(c *candidate) {
	if c.Country == "" {
		return
	}
	if c.Country == f.d.Country {
		c.prior += 2
	}
	if slices.Contains(f.t.home, c.Country) {
		c.prior += homeBonus
	}
}

const homeBonus = 1.2

// prior is how likely a place is meant, before anything is known of the text;
// the size of a logarithm of odds.
func prior(p gazetteer.Place, r gazetteer.Rank) float64 {
	s := 0.0
	pop := math.Log10(float64(p.Population) + 100)
	switch p.Kind {
	case gazetteer.Country:
		s = 4 + 0.8*pop
	case gazetteer.Area:
		s = 10
	case gazetteer.Region:
		s = 2.5 + 0.6*pop
	case gazetteer.County:
		s = 1 + 0.5*pop
	default:
		s = 1.1 * pop
		if p.Capital {
			s += 1.5
		}
		if p.Seat {
			s += 0.5
		}
	}
	switch r {
	case gazetteer.Alternate:
		s -= 1.5
		if p.Kind <= gazetteer.Region {
			s -= 1.5
		}
	case gazetteer.Weak:
		s -= 2.5
	}
	return s
}

// known is how much a place's being known speaks for a name being its.
func known(p gazetteer.Place, r gazetteer.Rank) float64 {
	s := 0.0
	switch p.Kind {
	case gazetteer.Country:
		s = 3.2
	case gazetteer.Area:
		s = 2.5
	case gazetteer.Region:
		s = 2
	case gazetteer.County:
		s = 0.5
		if r <= gazetteer.Alternate {
			s = 1.5
		}
	default:
		s = min(2.6, max(-0.8, 1.25*(math.Log10(float64(p.Population)+1)-4.4)))
		if p.Capital {
			s += 0.5
		}
	}
	switch r {
	case gazetteer.Alternate:
		s -= 1.2
	case gazetteer.Weak:
		s -= 2
	}
	return s
}

// best is how well the best known place of entries is known, for choosing
// among inflected forms.
func (f *finder) best(entries []gazetteer.Entry) float64 {
	b := math.Inf(-1)
	for i, e := range entries {
		if i > 8 {
			break // IDs go by kind and falling population.
		}
		b = max(b, prior(f.g.Place(e.ID), e.Rank))
	}
	return b
}

// initials tells whether a name is written in capitals or with full stops.
func initials(s string) bool {
	for _, r := range s {
		if r >= 'a' && r <= 'z' {
			return false
		}
	}
	return true
}
