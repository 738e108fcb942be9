package sqlite

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"

	"dateline"
	"dateline/internal/store"
	"dateline/lang"
	"dateline/search"
)

// statementsAtOnce is how many are read in one transaction, so that a slow
// caller does not hold back what is written.
const statementsAtOnce = 200

// Statements implements [store.Finder].
func (s *Store) Statements(ctx context.Context, q *search.Query, a *search.Analyzer, o store.StatementOptions) iter.Seq2[store.Statement, error] {
	return func(yield func(store.Statement, error) bool) {
		l, err := newLister(q, a, o)
		sentences := s.scoped(q, a)
		left := o.Limit
		for more := true; more && err == nil; {
			some := statementsAtOnce
			if o.Limit > 0 && sentences == nil {
				some = min(some, left)
			}
			var out []store.Statement
			err = s.read(ctx, func(t *tx) error {
				rows := l.rows(t, some)
				more = len(rows) == some
				if len(rows) > 0 {
					l.after = &rows[len(rows)-1].place
				}
				if sentences != nil {
					rows = sentences.keep(t, rows)
				}
				out = s.statements(t, l, rows)
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
			more = more && (o.Limit <= 0 || left > 0)
		}
		if err != nil {
			yield(store.Statement{}, fmt.Errorf("list marks: %w", err))
		}
	}
}

// lister finds marks.
type lister struct {
	q        *search.Query
	analyzer *search.Analyzer
	o        store.StatementOptions
	bySize   bool
	after    *statementPlace
	lookup   string // what the marks' versions are looked up by in the index of names
	place    string // the folded name of a place, which may be called otherwise; "" for none
	where    string // what is asked of m, a mark
	args     list
}

// statementPlace is where a statement stands in the order.
type statementPlace struct {
	key        int64 // the article's time, or the bits of the size
	version, n int64
}

func (l *lister) cursor(p statementPlace) string {
	kind := "t"
	if l.bySize {
		kind = "s"
	}
	return kind + strconv.FormatInt(p.key, 36) + "." + strconv.FormatInt(p.version, 36) + "." + strconv.FormatInt(p.n, 36)
}

func newLister(q *search.Query, a *search.Analyzer, o store.StatementOptions) (*lister, error) {
	l := &lister{q: q, analyzer: a, o: o}
	switch o.Order {
	case "", store.Newest, store.Oldest:
	case store.Greatest, store.Least:
		l.bySize = true
	default:
		return nil, fmt.Errorf("%w: there is no order %.40q", dateline.ErrInvalid, o.Order)
	}
	kind := o.Kind
	must := func(k dateline.AnnotationKind) {
		if kind == "" {
			kind = k
		}
		if kind != k {
			l.where += " AND 0"
		}
	}
	if l.bySize || o.What != "" {
		must(dateline.KindFigure)
	}
	if o.Speaker != "" {
		must(dateline.KindQuote)
	}
	if o.What != "" {
		l.ask(" AND m.what = ?", o.What)
	}
	name, speaker := strings.TrimSpace(lang.Fold(o.Name)), strings.TrimSpace(lang.Fold(o.Speaker))
	switch {
	case o.Name != "" && kind == "":
		l.ask(" AND m.kind IN ('person', 'organization', 'place') AND (m.name = ? OR "+isCalled+")", name, name, mostCalled)
		l.place = name
		l.lookup = anyOf(nameWord("p", name), nameWord("o", name), nameWord("l", name))
	case o.Name != "" && letters[kind] == "":
		l.where += " AND 0"
	case kind == dateline.KindPlace && o.Name != "":
		l.ask(" AND (m.name = ? OR "+isCalled+")", name, name, mostCalled)
		l.place = name
		l.lookup = anyOf(nameWord(letters[kind], name))
	case o.Name != "":
		l.ask(" AND m.name = ?", name)
		l.lookup = anyOf(nameWord(letters[kind], name))
	case o.Speaker != "":
		l.ask(` AND (m.name = ? OR EXISTS (SELECT 1 FROM mark r WHERE r.version = m.version AND r.n = m.value ->> '$.speaker.annotation' AND r.name = ?))`, speaker, speaker)
		l.lookup = anyOf(nameWord("p", speaker), nameWord("o", speaker))
	}
	if kind != "" {
		l.ask(" AND m.kind = ?", string(kind))
		if l.lookup == "" && !l.bySize && o.What == "" {
			l.lookup = anyOf("+" + string(kind))
		}
	}
	if o.Cursor != "" {
		p, err := l.parse(o.Cursor)
		if err != nil {
			return nil, err
		}
		l.after = &p
	}
	return l, nil
}

// isCalled is that a mark is a place which articles have under a folded name, one
// of so many; see tx.called.
const isCalled = "m.kind = 'place' AND m.geonames IN (SELECT DISTINCT geonames FROM mark WHERE name = ? AND first = 1 AND kind = 'place' AND geonames > 0 LIMIT ?)"

func anyOf(words ...string) string {
	for i, w := range words {
		words[i] = quote(w)
	}
	return strings.Join(words, " OR ")
}

func (l *lister) ask(where string, args ...any) {
	l.where += where
	l.args = append(l.args, args...)
}

func (l *lister) parse(cursor string) (p statementPlace, err error) {
	parts := strings.Split(cursor, ".")
	ok := len(parts) == 3 && parts[0] != "" && (parts[0][0] == 's') == l.bySize
	for i, to := range []*int64{&p.key, &p.version, &p.n} {
		if ok {
			text := parts[i]
			if i == 0 {
				text = text[1:]
			}
			*to, err = strconv.ParseInt(text, 36, 64)
			ok = err == nil
		}
	}
	if !ok || l.bySize && math.IsNaN(p.size()) {
		return p, fmt.Errorf("cursor %.40q: %w", cursor, dateline.ErrInvalid)
	}
	return p, nil
}

func (p *statementPlace) size() float64 { return math.Float64frombits(uint64(p.key)) }

// statementRow is a mark that was found.
type statementRow struct {
	place statementPlace
	mark  dateline.Mark
}

const (
	statementColumns = "m.version, m.n, m.kind, m.field, m.start, m.stop, m.sentence, m.sentence_stop, (SELECT c.name FROM code c WHERE c.n = m.by), m.value, v.time, coalesce(m.low, m.high)"
	versionsFirst    = " CROSS JOIN mark m INDEXED BY " + markKey + " ON m.version = v.n"
	figuresFirst     = "mark m INDEXED BY mark_size CROSS JOIN version v ON v.n = m.version"
	sized            = " AND m.kind = 'figure' AND coalesce(m.low, m.high) IS NOT NULL"
)

// few is how many articles are few enough to look at all of their figures,
// rather than at figures by their size until there are enough of those articles.
const few = 2000

// rows finds the next marks.
func (l *lister) rows(t *tx, limit int) (out []statementRow) {
	if l.bySize {
		c := compiler{analyzer: l.analyzer}
		c.compile(t, l.q)
		return l.largest(t, &c, limit)
	}
	var after *cursor
	if l.after != nil {
		after = &cursor{l.after.key, l.after.version}
	}
	w := windows{analyzer: l.analyzer, oldest: l.o.Order == store.Oldest, after: after, want: limit}
	w.all = l.lookup == "" && l.o.What == "" && (l.q == nil || l.q.Root == nil)
	t.inWindows(w, func(c *compiler) {
		c.compile(t, l.q)
		if l.lookup != "" {
			c.write(" AND ")
			c.named(l.lookup, l.place)
		}
		if l.o.What != "" {
			c.write(" AND ")
			c.among("version", "mark", "kind = 'figure' AND what = ?", l.o.What)
		}
	}, func(c *compiler, bound string) int {
		out = l.byTime(t, c, bound, limit)
		return len(out)
	})
	return out
}

// largest finds marks in the order of their size.
func (l *lister) largest(t *tx, c *compiler, limit int) []statementRow {
	n := few
	if c.sql.Len() > 0 {
		t.made("SELECT count(*) FROM (SELECT 1 FROM version v"+c.by()+c.tables()+" WHERE v.current = 1"+c.sql.String()+" LIMIT "+strconv.Itoa(few)+")",
			c.args, func(scan func(...any)) bool { scan(&n); return true })
	}
	if n < few {
		return l.size(t, "version v"+c.by()+versionsFirst, c, limit)
	}
	if l.o.What != "" {
		return l.size(t, figuresFirst, c, limit)
	}
	// Of each kind those that come first.
	var out []statementRow
	var whats []string
	t.each(`WITH RECURSIVE w (x) AS (SELECT min(what) FROM mark INDEXED BY mark_size WHERE kind = 'figure' AND coalesce(low, high) IS NOT NULL
		UNION ALL SELECT (SELECT min(what) FROM mark INDEXED BY mark_size WHERE kind = 'figure' AND coalesce(low, high) IS NOT NULL AND what > x) FROM w WHERE x IS NOT NULL)
		SELECT x FROM w WHERE x IS NOT NULL`, nil, func(scan func(...any)) bool {
		var w string
		scan(&w)
		whats = append(whats, w)
		return true
	})
	for _, w := range whats {
		of := *l
		of.where += " AND m.what = ?"
		of.args = append(of.args[:len(of.args):len(of.args)], w)
		out = append(out, of.size(t, figuresFirst, c, limit)...)
	}
	slices.SortFunc(out, func(a, b statementRow) int {
		x, y := &a.place, &b.place
		if l.o.Order == store.Greatest {
			x, y = y, x
		}
		return cmp.Or(cmp.Compare(x.size(), y.size()), cmp.Compare(x.version, y.version), cmp.Compare(x.n, y.n))
	})
	return out[:min(limit, len(out))]
}

// byTime finds marks in the order of their articles.
func (l *lister) byTime(t *tx, c *compiler, bound string, limit int) []statementRow {
	order, than := "DESC", "<="
	if l.o.Order == store.Oldest {
		order, than = "ASC", ">="
	}
	q := "SELECT " + statementColumns + " FROM version v" + c.by() + c.tables() + versionsFirst + " WHERE v.current = 1" + bound + c.sql.String() + l.where
	args := append(c.args[:len(c.args):len(c.args)], l.args...)
	if l.after != nil {
		q += " AND (v.time, v.n) " + than + " (?, ?) AND NOT (v.n = ? AND m.n <= ?)"
		args = append(args, l.after.key, l.after.version, l.after.version, l.after.n)
	}
	q += " ORDER BY v.time " + order + ", v.n " + order + ", m.n LIMIT ?"
	return l.read(t, q, append(args, limit))
}

// size finds figures in the order of their size.
func (l *lister) size(t *tx, from string, c *compiler, limit int) []statementRow {
	order, than := "DESC", "<"
	if l.o.Order == store.Least {
		order, than = "ASC", ">"
	}
	q := "SELECT " + statementColumns + " FROM " + from + c.tables() + " WHERE v.current = 1" + sized + c.sql.String() + l.where
	args := append(c.args[:len(c.args):len(c.args)], l.args...)
	if l.after != nil {
		q += " AND (coalesce(m.low, m.high) " + than + "= ?) AND (coalesce(m.low, m.high), m.version, m.n) " + than + " (?, ?, ?)"
		args = append(args, l.after.size(), l.after.size(), l.after.version, l.after.n)
	}
	q += " ORDER BY coalesce(m.low, m.high) " + order + ", m.version " + order + ", m.n " + order + " LIMIT ?"
	return l.read(t, q, append(args, limit))
}

func (l *lister) read(t *tx, q string, args list) (out []statementRow) {
	t.made(q, args, func(scan func(...any)) bool {
		var r statementRow
		m := &r.mark
		var value string
		var when int64
		var size *float64
		scan(&r.place.version, &r.place.n, &m.Kind, &m.In, &m.Start, &m.End, &m.Sentence[0], &m.Sentence[1], &m.By, &value, &when, &size)
		m.Value = json.RawMessage(value)
		r.place.key = when
		if l.bySize && size != nil {
			r.place.key = int64(math.Float64bits(*size))
		}
		out = append(out, r)
		return true
	})
	return out
}
