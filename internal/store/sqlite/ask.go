package sqlite

import (
	"context"
	"fmt"
	"time"
)

// AskSources implements [store.Outlets].
func (s *Store) AskSources(ctx context.Context, outlet string, now time.Time) error {
	err := s.write(ctx, func(t *tx) error {
		n := t.outlet(outlet)
		t.each(`UPDATE work SET due = min(due, ?1), state = CASE state WHEN 2 THEN `+waiting+` ELSE state END,
				tries = CASE state WHEN 2 THEN 0 ELSE tries END
			WHERE stage = 'follow' AND state IN (0, 2, 3) AND key IN (SELECT n FROM source WHERE outlet = ?2)
			RETURNING coalesce(host, 0)`, list{ms(now), n}, t.touched)
		t.exec("UPDATE source SET next = min(next, ?) WHERE outlet = ?", ms(now), n)
		return nil
	})
	if err != nil {
		return fmt.Errorf("ask sources of outlet %s: %w", outlet, err)
	}
	return nil
}
