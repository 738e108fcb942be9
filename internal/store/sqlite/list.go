package sqlite

import (
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

// List implements [store.Records]. It reads some at a time, so that a slow
// caller does not hold back what is written.
func (s *Store) List(ctx context.Context, o store.Options) iter.Seq2[store.Hit, error] {
	return s.hits(ctx, nil, nil, o)
}

// scopedAtOnce is how many articles are read in one transaction for what their
// sentences have.
const scopedAtOnce = 100

// hits gives the current versions that a query finds.
func (s *Store) hits(ctx context.Context, q *search.Query, a *search.Analyzer, o store.Options) iter.Seq2[store.Hit, error] {
	return func(yield func(store.Hit, error) bool) {
		after, err := parseCursor(o.Cursor)
		sentences := s.scoped(q, a)
		left := o.Limit
		for more := true; more && err == nil; {
			some := 200
			if q != nil {
				some = 5000 // each time the search is made again
			}
			if o.Limit > 0 {
				some = min(some, left)
			}
			if sentences != nil {
				some = scopedAtOnce
			}
			var out []store.Hit
			got := 0
			err = s.read(ctx, func(t *tx) error {
				w := windows{analyzer: a, oldest: o.Oldest, above: o.Above, after: after, want: some}
				w.all = q == nil
				t.inWindows(w, func(c *compiler) { c.compile(t, q) }, func(c *compiler, bound string) int {
					out = t.hits(o.Oldest, o.Above, after, some, c, bound)
					return len(out)
				})
				if got = len(out); got > 0 {
					after = &cursor{ms(out[got-1].Time), out[got-1].Version}
				}
				if sentences != nil {
					out = slices.DeleteFunc(out, func(h store.Hit) bool {
						in := sentences.sentences(t, h.Version)
						return in.empty()
					})
				}
				return nil
			})
			if err != nil {
				break
			}
			if o.Limit > 0 && len(out) > left {
				out = out[:left]
			}
			for i := range out {
				if !yield(out[i], nil) {
					return
				}
			}
			left -= len(out)
			more = got == some && (o.Limit <= 0 || left > 0)
		}
		if err != nil {
			yield(store.Hit{}, fmt.Errorf("list articles: %w", err))
		}
	}
}

// hitColumns are those of a version that is found, after those of its page.
const hitColumns = pageColumns + ", v.n, v.title, v.language, v.kind, v.time, v.published, v.glance"

const hitTables = " JOIN page p ON p.n = v.page LEFT JOIN outlet o ON o.n = p.outlet LEFT JOIN host h ON h.n = p.host "

// scanHit reads all of a hit but its number among its page's versions.
func scanHit(scan func(...any), h *store.Hit, more ...any) {
	var glance string
	scanPage(scan, &h.Page, append(list{&h.Version, &h.Title, &h.Language, &h.Kind, toTime(&h.Time), &h.Published, &glance}, more...)...)
	if glance != "" {
		h.Figures = strings.Split(glance, "\n")
	}
	h.Cursor = cursor{ms(h.Time), h.Version}.String()
}

// number gives hits their numbers among their pages' versions, with one question
// for all: asking takes longer than the answer, as most pages have one version.
func (t *tx) number(hits []store.Hit) {
	if len(hits) == 0 {
		return
	}
	ask := []byte{'['}
	for i := range hits {
		ask = fmt.Appendf(ask, "[%d,%d],", hits[i].Page.N, hits[i].Version)
	}
	ask[len(ask)-1] = ']'
	i := 0
	t.each(`SELECT (SELECT count(DISTINCT version) FROM capture WHERE page = j.value ->> 0 AND version > 0 AND (seen, n) <=
		(SELECT seen, n FROM capture WHERE page = j.value ->> 0 AND version = j.value ->> 1 ORDER BY seen, n LIMIT 1)) FROM json_each(?) j`, list{string(ask)}, func(scan func(...any)) bool {
		scan(&hits[i].Number)
		i++
		return true
	})
}

// hitsAmong gives those of the versions that there are, in no order.
func (t *tx) hitsAmong(versions []int64) (out []store.Hit) {
	t.each("SELECT "+hitColumns+" FROM version v"+hitTables+"WHERE v.n IN (SELECT value FROM json_each(?))", list{inJSON(versions)}, func(scan func(...any)) bool {
		var h store.Hit
		scanHit(scan, &h)
		out = append(out, h)
		return true
	})
	t.number(out)
	return out
}

// inJSON gives numbers as json_each takes them.
func inJSON(list []int64) string {
	b := []byte{'['}
	for i, n := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, n, 10)
	}
	return string(append(b, ']'))
}

// hits gives versions in the order of time. Which they are is found before what
// is shown of them is read, so that of thousands that a word is in no more than
// the number and the time is sorted.
func (t *tx) hits(oldest bool, above int64, after *cursor, limit int, c *compiler, bound string) []store.Hit {
	order, than := "DESC", "<"
	if oldest {
		order, than = "ASC", ">"
	}
	var q strings.Builder
	q.WriteString("SELECT " + hitColumns + " FROM (SELECT v.n, v.time FROM version v")
	all := list{}
	by := c.by()
	if above > 0 && by == "" {
		// Of a few versions each is looked at, and they are sorted; of many, those
		// that are wanted are soon met in the order of time.
		var last int64
		if t.row("SELECT coalesce(max(n), 0) FROM version", nil, &last); last-above <= common {
			by = " NOT INDEXED"
		}
	}
	q.WriteString(by + c.tables() + " WHERE v.current = 1")
	if above > 0 {
		q.WriteString(" AND v.n > ? AND (v.news = 0 OR v.news > ?)")
		all = append(all, above, above)
	}
	if after != nil {
		q.WriteString(" AND (v.time, v.n) " + than + " (?, ?)")
		all = append(all, after.time, after.version)
	}
	q.WriteString(bound + c.sql.String())
	all = append(all, c.args...)
	q.WriteString(" ORDER BY v.time " + order + ", v.n " + order + " LIMIT ?) f CROSS JOIN version v ON v.n = f.n" + hitTables + "ORDER BY f.time " + order + ", f.n " + order)
	all = append(all, limit)
	var out []store.Hit
	take := func(scan func(...any)) bool {
		var h store.Hit
		scanHit(scan, &h)
		out = append(out, h)
		return true
	}
	if c.sql.Len() == 0 {
		t.each(q.String(), all, take)
	} else {
		t.made(q.String(), all, take)
	}
	t.number(out)
	return out
}

// cursor is the place of a hit in the order of time.
type cursor struct{ time, version int64 }

func (c cursor) String() string {
	return strconv.FormatInt(c.time, 36) + "." + strconv.FormatInt(c.version, 36)
}

func parseCursor(s string) (*cursor, error) {
	if s == "" {
		return nil, nil
	}
	a, b, _ := strings.Cut(s, ".")
	when, err1 := strconv.ParseInt(a, 36, 64)
	version, err2 := strconv.ParseInt(b, 36, 64)
	if err1 != nil || err2 != nil {
		return nil, fmt.Errorf("cursor %.40q: %w", s, dateline.ErrInvalid)
	}
	return &cursor{when, version}, nil
}

// Totals implements [store.Records].
func (s *Store) Totals(ctx context.Context) (store.Totals, error) {
	var v store.Totals
	err := s.read(ctx, func(t *tx) error {
		t.row(`SELECT (SELECT count(*) FROM outlet), (SELECT count(*) FROM page), (SELECT count(*) FROM version WHERE current = 1),
			(SELECT count(*) FROM version), (SELECT count(*) FROM capture), (SELECT coalesce(sum(marks), 0) FROM version)`, nil,
			&v.Outlets, &v.Pages, &v.Articles, &v.Versions, &v.Captures, &v.Marks)
		return nil
	})
	if err != nil {
		return v, fmt.Errorf("count what is kept: %w", err)
	}
	return v, nil
}
