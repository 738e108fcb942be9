package sqlite

import (
	"context"
	"fmt"
	"math"
	"time"

	"dateline"
	"dateline/internal/store"
)

// ListPages implements [store.Finder].
func (s *Store) ListPages(ctx context.Context, outlet string, cursor int64, limit int) ([]store.Page, error) {
	var out []store.Page
	err := s.read(ctx, func(t *tx) error {
		n := t.outlet(outlet)
		if cursor <= 0 {
			cursor = math.MaxInt64
		}
		if limit <= 0 {
			limit = -1
		}
		t.each("SELECT "+pageColumns+pageTables+"WHERE p.outlet = ? AND p.n < ? ORDER BY p.n DESC LIMIT ?", list{n, cursor, limit}, func(scan func(...any)) bool {
			var p store.Page
			scanPage(scan, &p)
			out = append(out, p)
			return true
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list pages of %s: %w", outlet, err)
	}
	return out, nil
}

// outlet is the number of an outlet; that it is missing is an error.
func (t *tx) outlet(id string) int64 {
	var n int64
	if !t.row("SELECT n FROM outlet WHERE id = ?", list{id}, &n) {
		t.fail(dateline.ErrNotFound)
	}
	return n
}

// Volume implements [store.Finder].
func (s *Store) Volume(ctx context.Context, outlet string, last int) ([]store.Tally, error) {
	last = min(max(last, 1), 366)
	today := ms(s.now()) / day
	first := today - int64(last) + 1
	out, err := remember(ctx, s, question{what: "volume", query: outlet, options: [2]int64{today, first}}, func(ctx context.Context, m *making) (out []store.Tally, err error) {
		counts := map[int64]int{}
		err = s.read(ctx, func(t *tx) error {
			t.each("SELECT c.seen / 86400000, count(*) FROM page p JOIN capture c ON c.page = p.n WHERE p.outlet = ? AND c.seen >= ? AND c.status > 0 GROUP BY 1",
				list{t.outlet(outlet), first * day}, func(scan func(...any)) bool {
					var d int64
					var n int
					scan(&d, &n)
					counts[d] = n
					m.over += n
					return true
				})
			return nil
		})
		for d := first; d <= today; d++ {
			out = append(out, store.Tally{Value: time.UnixMilli(d * day).UTC().Format(time.DateOnly), N: counts[d]})
		}
		return out, err
	})
	if err != nil {
		return nil, fmt.Errorf("count captures of %s: %w", outlet, err)
	}
	return out, nil
}
