package sqlite

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"

	"dateline/internal/store"
	"dateline/lang"
)

// tally counts names in articles, as many as come: of each it keeps a number,
// not the name as it is compared.
type tally struct {
	seed maphash.Seed
	fold []byte
	of   map[uint64]nameCount
}

// nameCount is how many articles have a name, and the form that most of them
// write it in, if there is such a one: each that writes it so is a vote for it,
// each that does not is one against it, and without votes it makes room.
type nameCount struct {
	n, votes int32
	form     string
}

func newTally() *tally { return &tally{seed: maphash.MakeSeed(), of: map[uint64]nameCount{}} }

// key is that of names which differ in capitals and accents alone.
func (c *tally) key(name string) uint64 {
	c.fold = lang.AppendFold(c.fold[:0], name)
	return maphash.Bytes(c.seed, c.fold)
}

func (c *tally) add(key uint64, form string) {
	v, ok := c.of[key]
	v.n++
	switch {
	case !ok:
		v.form, v.votes = strings.Clone(form), 1 // not all that it was cut from
	case v.form == form:
		v.votes++
	case v.votes > 1:
		v.votes--
	default:
		v.votes--
		if v.votes < 0 {
			v.form, v.votes = strings.Clone(form), 1
		} else if v.votes == 0 && form < v.form { // as many: whatever came first
			v.form = strings.Clone(form)
		}
	}
	c.of[key] = v
}

// top gives the names that most articles have.
func (c *tally) top(n int) []store.Tally {
	most := make([]store.Tally, 0, 2*n)
	before := func(a, b store.Tally) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Value, b.Value)) }
	least := 0 // that is of use
	cut := func() {
		slices.SortFunc(most, before)
		if len(most) > n {
			most = most[:n]
			least = most[n-1].N
		}
	}
	for _, v := range c.of {
		if int(v.n) < least {
			continue
		}
		if most = append(most, store.Tally{Value: v.form, N: int(v.n)}); len(most) == cap(most) {
			cut()
		}
	}
	cut()
	return most
}

// facetCounter counts articles by what they have.
type facetCounter struct {
	total           int
	languages       counter
	persons, places *tally
	days            days
	outlets         outletCounter
	seen            []uint64 // places of the article at hand
}

func newFacetCounter() *facetCounter {
	return &facetCounter{languages: counter{}, persons: newTally(), places: newTally(), days: days{}}
}

func (c *facetCounter) add(b *brief) {
	c.total++
	c.outlets.add(b)
	if b.language != "" {
		c.languages[b.language]++
	}
	c.days.add(b.time)
	c.seen = c.seen[:0]
	eachName(b.names, func(letter byte, fields string) {
		switch letter {
		case 'p':
			name := nameOf(fields)
			c.persons.add(c.persons.key(name), name)
		case 'l':
			name := nameOf(fields)
			key := c.place(fields, name)
			if !slices.Contains(c.seen, key) {
				c.seen = append(c.seen, key)
				c.places.add(key, name)
			}
		}
	})
}

// place is the key of a place: one number, or one kind, country and middle,
// whatever it is called, as [placeNumber] has it.
func (c *facetCounter) place(fields, name string) uint64 {
	_, rest, _ := strings.Cut(fields, "\t")
	kind, more, _ := strings.Cut(rest, "\t")
	_, more, _ = strings.Cut(more, "\t")
	n, middle, _ := strings.Cut(more, "\t")
	switch {
	case n != "" && n != "0":
		return maphash.String(c.places.seed, n)
	case (kind == "country" || kind == "region") && len(middle) > 1:
		return maphash.String(c.places.seed, rest)
	}
	return c.places.key(name)
}

func (c *facetCounter) facets(outlets map[int64]store.Tally, each int) store.Facets {
	return store.Facets{
		Total: c.total, Outlets: c.outlets.top(outlets, each), Languages: c.languages.top(each),
		Places: alike(c.places.top(2*each), each), Persons: c.persons.top(each), Days: c.days.list(),
	}
}

// alike puts together places that are called alike, for a query finds all of
// them by the name, and gives those in most articles.
func alike(places []store.Tally, n int) []store.Tally {
	out := places[:0]
	at := map[string]int{}
	for _, p := range places {
		k := lang.Fold(p.Value)
		if i, ok := at[k]; ok {
			out[i].N += p.N
			continue
		}
		at[k] = len(out)
		out = append(out, p)
	}
	return top(out, n)
}
