package sqlite

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dateline/internal/store"
	"dateline/internal/work"
)

const itemColumns = `w.id, w.stage, w.key, w.version, coalesce(h.name, ''), w.priority, w.due, w.tries`

func scanItem(scan func(...any), it *work.Item, more ...any) {
	scan(append(list{&it.ID, &it.Stage, &it.Key, &it.Version, &it.Lane, &it.Priority, toTime(&it.Due), &it.Tries}, more...)...)
}

// Take implements [store.Queue].
func (s *Store) Take(ctx context.Context, stages []work.Stage, n int, now, until time.Time) ([]work.Item, error) {
	var out []work.Item
	err := s.write(ctx, func(t *tx) error {
		out = nil
		t.expire(ms(now))
		t.settle() // lanes whose lease is over are ready again
		for _, id := range t.ready(stages, n, ms(now)) {
			var it work.Item
			t.exec("UPDATE work SET state = 1, lease = ?, tries = tries + 1, begun = 0 WHERE id = ?", ms(until), id)
			var host int64
			t.each("SELECT "+itemColumns+", coalesce(w.host, 0) FROM work w LEFT JOIN host h ON h.n = w.host WHERE w.id = ?", list{id}, func(scan func(...any)) bool {
				scanItem(scan, &it, &host)
				return true
			})
			t.touch(host)
			out = append(out, it)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("take work: %w", err)
	}
	return out, nil
}

// Begin implements [store.Queue].
func (s *Store) Begin(ctx context.Context, it work.Item) error {
	err := s.write(ctx, func(t *tx) error {
		t.exec("UPDATE work SET begun = 1 WHERE id = ? AND state = 1", it.ID)
		return nil
	})
	if err != nil {
		return fmt.Errorf("begin work: %w", err)
	}
	return nil
}

// expire has units whose lease is over wait again.
func (t *tx) expire(now int64) {
	t.back("UPDATE work SET state = "+waiting+" WHERE state = 1 AND lease <= ?", list{now})
}

// kind is the condition for units of a stage and priority, with both written
// out: SQLite prepares a statement anew whenever such a value is bound, since
// the best plan may depend on it.
func kind(stage work.Stage, priority int) string {
	return fmt.Sprintf("stage = '%s' AND priority = %d", stage, priority)
}

// ready chooses up to n units that can be taken.
func (t *tx) ready(stages []work.Stage, n int, now int64) []int64 {
	var out []int64
	for p := 0; p < 4 && len(out) < n; p++ {
		for _, stage := range stages {
			out = append(out, t.numbers("SELECT id FROM work WHERE "+kind(stage, p)+" AND due <= ? AND state = 0 AND host IS NULL ORDER BY due, id LIMIT ?", now, n-len(out))...)
		}
	}
	if len(out) >= n {
		return out
	}
	// A lane can be ready with a unit of a stage that is not asked for, so
	// more lanes than are needed may have to be looked at.
	lanes := t.numbers("SELECT n FROM host WHERE ready <= ? ORDER BY ready LIMIT ?", now, n-len(out))
	asked := len(lanes)
	for {
		for _, lane := range lanes {
			if id := t.first(lane, stages, now); id != 0 {
				if out = append(out, id); len(out) == n {
					return out
				}
			}
		}
		if len(lanes) == 0 || asked < n-len(out) {
			return out
		}
		lanes = t.numbers("SELECT n FROM host WHERE ready <= ? ORDER BY ready LIMIT 1000 OFFSET ?", now, asked)
		asked += len(lanes)
	}
}

// first is the unit of a lane that is to be done next, 0 for none.
func (t *tx) first(lane int64, stages []work.Stage, now int64) int64 {
	for p := range 4 {
		var found int64
		t.each("SELECT id, stage FROM work WHERE host = ? AND priority = ? AND due <= ? AND state = 0 ORDER BY due, id", list{lane, p, now}, func(scan func(...any)) bool {
			var id int64
			var stage work.Stage
			scan(&id, &stage)
			if slices.Contains(stages, stage) {
				found = id
			}
			return found == 0
		})
		if found != 0 {
			return found
		}
	}
	return 0
}

// Wake implements [store.Queue].
func (s *Store) Wake(ctx context.Context, stages []work.Stage) (time.Time, error) {
	first := int64(never)
	err := s.read(ctx, func(t *tx) error {
		var n int64
		lanes := false
		for _, stage := range stages {
			lanes = lanes || stage == work.Follow || stage == work.Fetch
			for p := range 4 {
				if t.row("SELECT due FROM work WHERE "+kind(stage, p)+" AND state = 0 AND host IS NULL ORDER BY due LIMIT 1", nil, &n) {
					first = min(first, n)
				}
			}
		}
		if lanes && t.row("SELECT ready FROM host WHERE ready IS NOT NULL ORDER BY ready LIMIT 1", nil, &n) {
			first = min(first, n)
		}
		t.each("SELECT lease, stage FROM work WHERE state = 1", nil, func(scan func(...any)) bool {
			var stage work.Stage
			scan(&n, &stage)
			if slices.Contains(stages, stage) {
				first = min(first, n)
			}
			return true
		})
		return nil
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("ask when work is due: %w", err)
	}
	if first == never {
		return time.Time{}, nil
	}
	return at(max(first, 1)), nil
}

// mine tells whether the unit is still out under the lease the item was taken
// with; an item without a number asks for no unit.
func (t *tx) mine(it work.Item) bool {
	var one int
	return it.ID == 0 || t.row("SELECT 1 FROM work WHERE id = ? AND state = 1 AND tries = ?", list{it.ID, it.Tries}, &one)
}

// end ends a unit that is out under the item's lease.
func (t *tx) end(it work.Item) {
	t.each("DELETE FROM work WHERE id = ? AND state = 1 AND tries = ? RETURNING coalesce(host, 0)", list{it.ID, it.Tries}, t.touched)
}

// again has such a unit come again; at 0 it ends.
func (t *tx) again(it work.Item, due int64, priority work.Priority) {
	if due == 0 {
		t.end(it)
		return
	}
	t.back("UPDATE work SET state = "+waiting+", due = ?, priority = ?, tries = 0, reason = '' WHERE id = ? AND state = 1 AND tries = ?",
		list{due, level(int(priority)), it.ID, it.Tries})
}

// GiveBack implements [store.Queue].
func (s *Store) GiveBack(ctx context.Context, items []work.Item) error {
	err := s.write(ctx, func(t *tx) error {
		for _, it := range items {
			t.back("UPDATE work SET state = "+waiting+", tries = tries - 1, due = max(due, ?) WHERE id = ? AND state = 1 AND tries = ?", list{ms(it.Due), it.ID, it.Tries})
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("give back %d units of work: %w", len(items), err)
	}
	return nil
}

// Finish implements [store.Queue].
func (s *Store) Finish(ctx context.Context, it work.Item) error {
	err := s.write(ctx, func(t *tx) error {
		t.end(it)
		return nil
	})
	if err != nil {
		return fmt.Errorf("finish %s %d: %w", it.Stage, it.Key, err)
	}
	return nil
}

// Fail implements [store.Queue].
func (s *Store) Fail(ctx context.Context, it work.Item, reason string, again time.Time, host *store.Host) error {
	err := s.write(ctx, func(t *tx) error {
		if !t.mine(it) {
			return nil
		}
		if host != nil {
			t.putHost(host)
		}
		if again.IsZero() {
			t.back("UPDATE work SET state = 2, reason = ?, at = ? WHERE id = ?", list{reason, ms(s.now()), it.ID})
		} else {
			t.back("UPDATE work SET state = "+waiting+", reason = ?, due = ? WHERE id = ?", list{reason, ms(again), it.ID})
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep failure of %s %d: %w", it.Stage, it.Key, err)
	}
	return nil
}

// Free implements [store.Queue].
func (s *Store) Free(ctx context.Context) error {
	err := s.write(ctx, func(t *tx) error {
		now := s.now()
		t.each("SELECT id, tries FROM work WHERE state = 1 AND begun = 1", nil, func(scan func(...any)) bool {
			var id int64
			var tries int
			scan(&id, &tries)
			t.exec("UPDATE work SET due = ? WHERE id = ?", ms(now.Add(work.Backoff(tries-work.Doubted))), id)
			return true
		})
		t.exec("UPDATE work SET tries = tries - 1 WHERE state = 1 AND (stage = 'fetch' OR stage IN ('read', 'annotate') AND tries > ? AND begun = 0)", work.Doubted)
		t.expire(never)
		t.clamp(now)
		return nil
	})
	if err != nil {
		return fmt.Errorf("free work: %w", err)
	}
	return nil
}

// In good order nothing is waited for longer than this, and no page longer
// than longestPage.
const (
	longest     = 25 * time.Hour
	longestPage = 21 * 24 * time.Hour
)

// clamp has what waits for a time that a clock which was ahead has left come
// now.
func (t *tx) clamp(now time.Time) {
	far, n := ms(now.Add(longest)), ms(now)
	for _, host := range t.numbers("SELECT n FROM host WHERE next > ?", far) {
		t.exec("UPDATE host SET next = ?, pace = x'' WHERE n = ?", n, host) // pace has the time as well
		t.touch(host)
	}
	t.exec("UPDATE robots SET until = ? WHERE until > ?", n, far)
	t.exec("UPDATE source SET next = ? WHERE next > ?", n, far)
	t.each("UPDATE work SET due = ? WHERE stage <> 'fetch' AND due > ? RETURNING coalesce(host, 0)", list{n, far}, t.touched)
	t.each("UPDATE work SET due = ? WHERE stage = 'fetch' AND due > ? RETURNING coalesce(host, 0)", list{n, ms(now.Add(longestPage))}, t.touched)
}
