package sqlite

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"dateline"
	"dateline/internal/store"
	"dateline/search"
)

// bestAmong is how many articles are ranked: the newest that are found.
const bestAmong = 10_000

// ranked is bm25 with a word in the headline worth eight in the text, and a
// word in another form worth half.
const ranked = "bm25(term, 8.0, 4.0, 1.0, 0.5)"

// bestCursor is a place in a ranking. The ranking is that of the versions up
// to top, so what comes in meanwhile moves nothing.
type bestCursor struct{ offset, top int64 }

func (c bestCursor) String() string {
	return "b-" + strconv.FormatInt(c.offset, 36) + "." + strconv.FormatInt(c.top, 36)
}

func parseBestCursor(s string) (c bestCursor, err error) {
	if s == "" {
		return c, nil
	}
	text, ok := strings.CutPrefix(s, "b-")
	a, b, _ := strings.Cut(text, ".")
	offset, err1 := strconv.ParseInt(a, 36, 64)
	top, err2 := strconv.ParseInt(b, 36, 64)
	if !ok || err1 != nil || err2 != nil || offset < 0 || offset > bestAmong || top <= 0 {
		return c, fmt.Errorf("cursor %.40q: %w", s, dateline.ErrInvalid)
	}
	return bestCursor{offset, top}, nil
}

// best gives the articles that words, a query's for the index of terms, fit
// best first.
func (s *Store) best(ctx context.Context, q *search.Query, a *search.Analyzer, o store.Options, words string) iter.Seq2[store.Hit, error] {
	return func(yield func(store.Hit, error) bool) {
		at, err := parseBestCursor(o.Cursor)
		var all []int64
		if err == nil {
			all, err = s.rank(ctx, q, a, o.Above, words, &at.top)
		}
		sentences := s.scoped(q, a)
		for left := o.Limit; err == nil && at.offset < int64(len(all)) && (o.Limit <= 0 || left > 0); {
			var out []store.Hit
			err = s.read(ctx, func(t *tx) error {
				for n := 0; n < scopedAtOnce && at.offset < int64(len(all)) && (o.Limit <= 0 || len(out) < left); n++ {
					version := all[at.offset]
					at.offset++
					var h store.Hit
					t.each("SELECT "+hitColumns+" FROM version v"+hitTables+"WHERE v.n = ? AND v.current = 1", list{version}, func(scan func(...any)) bool {
						scanHit(scan, &h)
						return true
					})
					if h.Version == 0 {
						continue // it is gone since
					}
					if sentences != nil {
						if in := sentences.sentences(t, version); in.empty() {
							continue
						}
					}
					h.Cursor = at.String()
					out = append(out, h)
				}
				t.number(out)
				return nil
			})
			if err != nil {
				break
			}
			for i := range out {
				if !yield(out[i], nil) {
					return
				}
			}
			left -= len(out)
		}
		if err != nil {
			yield(store.Hit{}, fmt.Errorf("rank articles: %w", err))
		}
	}
}

// rank gives the versions that a query finds up to top, which is set to the
// last one there is where it is 0.
func (s *Store) rank(ctx context.Context, q *search.Query, a *search.Analyzer, above int64, words string, top *int64) ([]int64, error) {
	if *top == 0 {
		err := s.read(ctx, func(t *tx) error {
			t.row("SELECT coalesce(max(n), 0) FROM version", nil, top)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return remember(ctx, s, question{"best", queryText(q), a, [2]int64{above, *top}}, func(ctx context.Context, m *making) (out []int64, err error) {
		err = s.read(ctx, func(t *tx) error {
			out = t.rank(q, a, above, *top, words)
			return nil
		})
		m.over = len(out)
		return out, err
	})
}

func (t *tx) rank(q *search.Query, a *search.Analyzer, above, top int64, words string) []int64 {
	type entry struct {
		n, time int64
		score   float64 // the less the better
	}
	var all []entry
	w := windows{analyzer: a, above: above, want: bestAmong}
	t.inWindows(w, func(c *compiler) { c.compile(t, q) }, func(c *compiler, bound string) int {
		c.write(" AND v.n > ? AND v.n <= ?", above, top)
		if above > 0 {
			c.write(" AND (v.news = 0 OR v.news > ?)", above)
		}
		c.write(" ORDER BY v.time DESC, v.n DESC LIMIT ?", bestAmong)
		all = all[:0]
		t.made("SELECT v.n, v.time FROM version v"+c.by()+c.tables()+" WHERE v.current = 1"+bound+c.sql.String(), c.args,
			func(scan func(...any)) bool {
				var e entry
				scan(&e.n, &e.time)
				all = append(all, e)
				return true
			})
		return len(all)
	})
	if len(all) == 0 || t.err != nil {
		return nil
	}
	low, high := all[0].n, all[0].n
	for _, e := range all {
		low, high = min(low, e.n), max(high, e.n)
	}
	scores := make(map[int64]float64, len(all))
	t.made("SELECT rowid, "+ranked+" FROM term WHERE term MATCH ? AND rowid BETWEEN ? AND ?", list{words, low, high}, func(scan func(...any)) bool {
		var n int64
		var score float64
		scan(&n, &score)
		scores[n] = score
		return true
	})
	for i := range all {
		all[i].score = scores[all[i].n]
	}
	slices.SortFunc(all, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(b.time, a.time), cmp.Compare(b.n, a.n))
	})
	out := make([]int64, len(all))
	for i, e := range all {
		out[i] = e.n
	}
	return out
}

// wanted gives the words that a query asks for as the index of terms looks for
// any of them; "" for a query without words.
func (c *compiler) wanted(n search.Node) string {
	var nodes []search.Node
	switch n := n.(type) {
	case search.Not:
		return ""
	case search.And:
		nodes = n
	case search.Or:
		nodes = n
	default:
		expr, _ := c.match(n)
		return expr
	}
	var parts []string
	for _, n := range nodes {
		if p := c.wanted(n); p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, " OR ")
}
