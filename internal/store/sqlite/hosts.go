package sqlite

import (
	"context"
	"fmt"

	"dateline"
	"dateline/internal/store"
)

// Host implements [store.Hosts].
func (s *Store) Host(ctx context.Context, name string) (store.Host, error) {
	h := store.Host{Name: name}
	err := s.read(ctx, func(t *tx) error {
		var n int64
		var pace []byte
		if !t.row("SELECT n, next, pace, day, count FROM host WHERE name = ?", list{name}, &n, toTime(&h.Next), &pace, &h.Day, &h.Count) {
			return nil
		}
		if len(pace) > 0 {
			h.Pace = pace
		}
		t.each("SELECT authority, until, rules FROM robots WHERE host = ?", list{n}, func(scan func(...any)) bool {
			var authority string
			var r store.Robots
			scan(&authority, toTime(&r.Until), &r.Rules)
			if h.Robots == nil {
				h.Robots = map[string]store.Robots{}
			}
			h.Robots[authority] = r
			return true
		})
		return nil
	})
	if err != nil {
		return store.Host{}, fmt.Errorf("read host %s: %w", name, err)
	}
	return h, nil
}

// PutHost implements [store.Hosts].
func (s *Store) PutHost(ctx context.Context, h store.Host) error {
	if h.Name == "" {
		return fmt.Errorf("keep host: %w: it has no name", dateline.ErrInvalid)
	}
	err := s.write(ctx, func(t *tx) error {
		t.putHost(&h)
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep host %s: %w", h.Name, err)
	}
	return nil
}

func (t *tx) putHost(h *store.Host) {
	if h.Name == "" {
		return
	}
	n := t.host(h.Name)
	t.exec("UPDATE host SET next = ?, pace = ?, day = ?, count = ? WHERE n = ?", ms(h.Next), blob([]byte(h.Pace)), h.Day, h.Count, n)
	for _, k := range h.Answers {
		k.Page, k.Version = 0, 0
		t.addCapture(&k)
	}
	// Rules are long and change once a day, so they are written when they do.
	kept := 0
	for authority, r := range h.Robots {
		t.exec(`INSERT INTO robots (host, authority, until, rules) VALUES (?, ?, ?, ?)
			ON CONFLICT (host, authority) DO UPDATE SET until = excluded.until, rules = excluded.rules
			WHERE until <> excluded.until OR rules <> excluded.rules`, n, authority, ms(r.Until), blob(r.Rules))
		kept++
	}
	var have int
	t.row("SELECT count(*) FROM robots WHERE host = ?", list{n}, &have)
	if have > kept {
		var gone []string
		t.each("SELECT authority FROM robots WHERE host = ?", list{n}, func(scan func(...any)) bool {
			var authority string
			scan(&authority)
			if _, ok := h.Robots[authority]; !ok {
				gone = append(gone, authority)
			}
			return true
		})
		for _, authority := range gone {
			t.exec("DELETE FROM robots WHERE host = ? AND authority = ?", n, authority)
		}
	}
	t.touch(n)
}
