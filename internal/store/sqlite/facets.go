package sqlite

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dateline/internal/store"
	"dateline/lang"
	"dateline/search"
)

// brief is what counting needs of a current version.
type brief struct {
	n, time  int64
	outlet   int64  // 0 for none
	host     string // of a page without an outlet
	language string
	names    string // see namesOf
}

// newest gives the newest so many articles that a query finds, and that have
// what is asked for besides, if anything is; and whether there are more.
func (t *tx) newest(q *search.Query, a *search.Analyzer, besides func(*compiler), among int) (out []brief, more bool) {
	w := windows{analyzer: a, want: among + 1, all: (q == nil || q.Root == nil) && besides == nil}
	t.inWindows(w, func(c *compiler) {
		c.compile(t, q)
		if besides != nil {
			c.write(" AND ")
			besides(c)
		}
	}, func(c *compiler, bound string) int {
		c.write(" ORDER BY v.time DESC, v.n DESC LIMIT ?", among+1)
		out = make([]brief, 0, 64)
		t.made("SELECT "+briefColumns+" FROM version v"+c.by()+pageAndHost+" WHERE v.current = 1"+bound+c.sql.String(), c.args, func(scan func(...any)) bool {
			var b brief
			scanBrief(scan, &b)
			out = append(out, b)
			return true
		})
		return len(out)
	})
	if len(out) > among {
		return out[:among], true
	}
	return out, false
}

// scopedAmong is how many articles are counted where each is to be read.
const scopedAmong = 500

// newest is as of tx, for a query of any scope.
func (s *Store) newest(t *tx, q *search.Query, a *search.Analyzer, among int) (out []brief, more bool) {
	sentences := s.scoped(q, a)
	if sentences == nil {
		return t.newest(q, a, nil, among)
	}
	out, more = t.newest(q, a, nil, min(among, scopedAmong))
	return slices.DeleteFunc(out, func(b brief) bool {
		in := sentences.sentences(t, b.n)
		return in.empty()
	}), more
}

// briefColumns are those of a brief, with its page and host.
const briefColumns = "v.n, v.time, coalesce(p.outlet, 0), iif(p.outlet IS NULL, coalesce(h.name, ''), ''), v.language, v.names"

func scanBrief(scan func(...any), b *brief) {
	scan(&b.n, &b.time, &b.outlet, &b.host, &b.language, &b.names)
}

// every calls f with each article that a query finds, in no order.
func (t *tx) every(q *search.Query, a *search.Analyzer, f func(*brief)) {
	c := compiler{analyzer: a}
	c.compile(t, q)
	by := ""
	if c.sql.Len() == 0 {
		by = " NOT INDEXED" // from the first to the last as they lie
	}
	t.made("SELECT "+briefColumns+" FROM version v"+by+pageAndHost+" WHERE v.current = 1"+c.sql.String(), c.args, func(scan func(...any)) bool {
		var b brief
		scanBrief(scan, &b)
		f(&b)
		return true
	})
}

// made calls f with each row of a query that is made up, and so not worth
// preparing.
func (t *tx) made(q string, args list, f func(scan func(dest ...any)) bool) {
	if t.err != nil {
		return
	}
	rows, err := t.c.QueryContext(t.ctx, q, args...)
	if err != nil {
		t.fail(err)
		return
	}
	t.rows(rows, f)
}

// question is what an answer is kept by.
type question struct {
	what, query string
	analyzer    *search.Analyzer
	options     any
}

func queryText(q *search.Query) string {
	if q == nil {
		return ""
	}
	return q.String()
}

// While somebody waits, this many articles are counted, the newest, and all that
// a query finds behind their back, unless that takes longer than countBehind.
const (
	countNewest = 2000
	countBehind = 4 * time.Second
)

// Facets implements [store.Finder].
func (s *Store) Facets(ctx context.Context, q *search.Query, a *search.Analyzer, o store.FacetOptions) (store.Facets, error) {
	if o.Each <= 0 {
		o.Each = 12
	}
	f, err := remember(ctx, s, question{"facets", queryText(q), a, o}, func(ctx context.Context, m *making) (f store.Facets, err error) {
		err = s.read(ctx, func(t *tx) error {
			c, more := newFacetCounter(), false
			whole := o.Among == 0 && s.scoped(q, a) == nil
			if !whole || !m.behind || !t.count(q, a, c) {
				c = newFacetCounter()
				var all []brief
				all, more = s.newest(t, q, a, cmp.Or(o.Among, countNewest))
				for i := range all {
					c.add(&all[i])
				}
				m.part = whole && more
			}
			f = c.facets(t.outletNames(), o.Each)
			f.More = more
			return nil
		})
		m.over = f.Total
		return f, err
	})
	if err != nil {
		return store.Facets{}, fmt.Errorf("count articles by what they have: %w", err)
	}
	return f, nil
}

// count counts all articles that a query finds. It is false where that takes
// too long.
func (t *tx) count(q *search.Query, a *search.Analyzer, c *facetCounter) bool {
	ctx, cancel := context.WithTimeout(t.ctx, countBehind)
	defer cancel()
	of := tx{ctx: ctx, c: t.c}
	of.every(q, a, c.add)
	if of.err != nil && ctx.Err() != nil && t.ctx.Err() == nil {
		return false
	}
	t.fail(of.err)
	return true
}

// OutletNames implements [store.Outlets].
func (s *Store) OutletNames(ctx context.Context) (map[string]string, error) {
	names := map[string]string{}
	err := s.read(ctx, func(t *tx) error {
		for _, o := range t.outletNames() {
			names[o.Value] = o.Label
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read names of outlets: %w", err)
	}
	return names, nil
}

// outletNames are the outlets' ids and names by their numbers.
func (t *tx) outletNames() map[int64]store.Tally {
	out := map[int64]store.Tally{}
	t.each("SELECT n, id, name FROM outlet", nil, func(scan func(...any)) bool {
		var n int64
		var v store.Tally
		scan(&n, &v.Value, &v.Label)
		out[n] = v
		return true
	})
	return out
}

// counter counts values.
type counter map[string]int

// top gives the greatest, each with the number of its articles.
func (c counter) top(n int) []store.Tally {
	out := make([]store.Tally, 0, len(c))
	for v, n := range c {
		out = append(out, store.Tally{Value: v, N: n})
	}
	return top(out, n)
}

func top(tallies []store.Tally, n int) []store.Tally {
	slices.SortFunc(tallies, func(a, b store.Tally) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Value, b.Value))
	})
	return slices.Clone(tallies[:min(n, len(tallies))])
}

// folded puts together what differs in capitals and accents alone, in the form
// that is most frequent. Forms that are one are of different articles.
func (c counter) folded() counter {
	type form struct {
		best  string
		most  int
		total int
	}
	forms := make(map[string]form, len(c))
	for v, n := range c {
		k := lang.Fold(v)
		f := forms[k]
		if n > f.most || n == f.most && v < f.best {
			f.best, f.most = v, n
		}
		f.total += n
		forms[k] = f
	}
	out := make(counter, len(forms))
	for _, f := range forms {
		out[f.best] += f.total
	}
	return out
}

// days counts articles by day, the first day first.
type days map[int64]int

const day = 24 * int64(time.Hour/time.Millisecond)

func (d days) add(time int64) {
	n := time / day
	if time%day < 0 {
		n--
	}
	d[n]++
}

func (d days) list() []store.Tally {
	out := make([]store.Tally, 0, len(d))
	for n, count := range d {
		out = append(out, store.Tally{Value: time.UnixMilli(n * day).UTC().Format(time.DateOnly), N: count})
	}
	slices.SortFunc(out, func(a, b store.Tally) int { return strings.Compare(a.Value, b.Value) })
	return out
}

// outletCounter counts articles by outlet, or host where there is none.
type outletCounter struct {
	numbers map[int64]int
	hosts   counter
}

func (c *outletCounter) add(b *brief) {
	if c.numbers == nil {
		c.numbers, c.hosts = map[int64]int{}, counter{}
	}
	if b.outlet != 0 {
		c.numbers[b.outlet]++
	} else if b.host != "" {
		c.hosts[b.host]++
	}
}

func (c *outletCounter) top(names map[int64]store.Tally, n int) []store.Tally {
	all := make([]store.Tally, 0, len(c.numbers)+len(c.hosts))
	for o, count := range c.numbers {
		v := names[o]
		v.N = count
		all = append(all, v)
	}
	for h, count := range c.hosts {
		all = append(all, store.Tally{Value: h, N: count})
	}
	return top(all, n)
}

// nameOf is the name among the fields of one.
func nameOf(fields string) string {
	name, _, _ := strings.Cut(fields, "\t")
	return name
}
