package sqlite

import (
	"context"
	"fmt"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
)

// Dead implements [store.Queue].
func (s *Store) Dead(ctx context.Context, limit int) ([]work.Dead, error) {
	var out []work.Dead
	err := s.read(ctx, func(t *tx) error {
		t.each("SELECT "+itemColumns+`, w.reason, w.at, coalesce(CASE w.stage
				WHEN 'follow' THEN (SELECT url FROM source WHERE n = w.key)
				WHEN 'fetch' THEN (SELECT url FROM page WHERE n = w.key)
				WHEN 'read' THEN (SELECT coalesce(c.url, p.url) FROM capture c LEFT JOIN page p ON p.n = c.page WHERE c.n = w.key)
				WHEN 'annotate' THEN (SELECT title FROM version WHERE n = w.key) END, '')
			FROM work w LEFT JOIN host h ON h.n = w.host WHERE w.state = 2 ORDER BY w.at DESC, w.id DESC LIMIT ?`, list{noLimit(limit)}, func(scan func(...any)) bool {
			var d work.Dead
			scanItem(scan, &d.Item, &d.Reason, toTime(&d.At), &d.Subject)
			out = append(out, d)
			return true
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list dead letters: %w", err)
	}
	return out, nil
}

// noLimit is a limit as SQLite has it.
func noLimit(n int) int {
	if n <= 0 {
		return -1
	}
	return n
}

// Retry implements [store.Queue].
func (s *Store) Retry(ctx context.Context, id int64, now time.Time) (int, error) {
	n := 0
	err := s.write(ctx, func(t *tx) error {
		n = 0
		t.each("UPDATE work SET state = "+waiting+", due = ?, tries = 0 WHERE state = 2 AND (id = ?2 OR ?2 = 0) RETURNING coalesce(host, 0)", list{ms(now), id}, func(scan func(...any)) bool {
			n++
			return t.touched(scan)
		})
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("retry dead letters: %w", err)
	}
	return n, nil
}

// Redo implements [store.Queue].
func (s *Store) Redo(ctx context.Context, stage work.Stage, version string, now time.Time) (int, error) {
	from := ""
	switch stage {
	case work.Read:
		from = "SELECT 'read', n, ?1, ?2, ?3, 0 FROM capture WHERE page > 0 AND reader NOT IN (0, ?4)"
	case work.Annotate:
		from = `SELECT 'annotate', n, ?1, ?2, ?3, 0 FROM version v WHERE annotator NOT IN (0, ?4)
			OR annotator = 0 AND NOT EXISTS (SELECT 1 FROM work w WHERE w.stage = 'annotate' AND w.key = v.n)`
	default:
		return 0, fmt.Errorf("redo %s: %w: only read and annotate can be done again", stage, dateline.ErrInvalid)
	}
	if version == "" {
		return 0, fmt.Errorf("redo %s: %w: no version is given", stage, dateline.ErrInvalid)
	}
	n := 0
	err := s.write(ctx, func(t *tx) error {
		n = t.exec("INSERT INTO work (stage, key, version, priority, due, state) "+from+" ON CONFLICT DO NOTHING", version, int(work.Backlog), ms(now), t.code(version))
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("redo %s: %w", stage, err)
	}
	return n, nil
}

// Backlog implements [store.Queue].
func (s *Store) Backlog(ctx context.Context) (map[work.Stage]store.Count, error) {
	out := map[work.Stage]store.Count{}
	err := s.read(ctx, func(t *tx) error {
		t.each("SELECT stage, state, due <= ?, count(*) FROM work GROUP BY 1, 2, 3", list{ms(s.now())}, func(scan func(...any)) bool {
			var stage work.Stage
			var state, n int
			var due bool
			scan(&stage, &state, &due, &n)
			c := out[stage]
			switch {
			case state == 1:
				c.Taken += n
			case state == 2:
				c.Dead += n
			case state == 0 && due:
				c.Due += n
			default:
				c.Later += n
			}
			out[stage] = c
			return true
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count work: %w", err)
	}
	return out, nil
}
