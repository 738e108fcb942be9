package sqlite

import (
	"context"
	"fmt"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
)

// PutOutlet implements [store.Outlets].
func (s *Store) PutOutlet(ctx context.Context, o dateline.Outlet, laneOf func(address string) string) error {
	if o.ID == "" {
		return fmt.Errorf("keep outlet %s: %w: it has no id", o.Home, dateline.ErrInvalid)
	}
	err := s.write(ctx, func(t *tx) error {
		if t.pageOf(thing("outlet", o.ID)) == erased {
			return fmt.Errorf("%w: it was erased", dateline.ErrRefused)
		}
		added := o.Added
		if added.IsZero() {
			added = s.now()
		}
		var n int64
		t.row(`INSERT INTO outlet (id, name, home, language, added, since, paused) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, home = excluded.home, language = excluded.language,
				since = excluded.since
			RETURNING n`, list{o.ID, o.Name, o.Home, o.Language, ms(added), ms(o.Since), o.Paused}, &n)
		for _, src := range o.Sources {
			t.exec("DELETE FROM address WHERE key = ?", thing("dropped", src.URL))
		}
		t.addSources(n, o.Sources, laneOf, ms(s.now()))
		if lane := laneOf(o.Home); lane != "" {
			t.exec("UPDATE page SET outlet = ? WHERE outlet IS NULL AND host = (SELECT n FROM host WHERE name = ?)", n, lane)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep outlet %s: %w", o.ID, err)
	}
	return nil
}

func (t *tx) addSources(outlet int64, sources []dateline.Source, laneOf func(address string) string, now int64) {
	for _, src := range sources {
		if t.barred(src.URL) {
			continue
		}
		var n, owner int64
		switch {
		case !t.row("SELECT n, outlet FROM source WHERE url = ?", list{src.URL}, &n, &owner):
			t.addSource(outlet, 0, &src, laneOf, now)
		case owner == outlet:
			t.exec("UPDATE source SET kind = ?, title = ?, language = ?, parent = 0 WHERE n = ?", string(src.Kind), src.Title, src.Language, n)
		}
	}
}

// SetChildren implements [store.Outlets].
func (s *Store) SetChildren(ctx context.Context, parent int64, children []dateline.Source, laneOf func(address string) string) error {
	err := s.write(ctx, func(t *tx) error {
		var outlet int64
		if !t.row("SELECT outlet FROM source WHERE n = ?", list{parent}, &outlet) && t.err == nil {
			return dateline.ErrNotFound
		}
		stay := map[int64]bool{}
		for _, src := range children {
			if t.barred(src.URL) {
				continue
			}
			var n int64
			if !t.row("SELECT n FROM source WHERE url = ?", list{src.URL}, &n) {
				n = t.addSource(outlet, parent, &src, laneOf, ms(s.now()))
			}
			stay[n] = true
		}
		for _, n := range t.numbers("SELECT n FROM source WHERE parent = ?", parent) {
			if !stay[n] {
				t.dropSource(n)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("set children of source %d: %w", parent, err)
	}
	return nil
}

// barred tells whether a source was erased, or dropped by the user.
func (t *tx) barred(url string) bool {
	return t.pageOf(thing("source", url)) == erased || t.pageOf(thing("dropped", url)) == erased
}

// addSource adds a source with its unit.
func (t *tx) addSource(outlet, parent int64, src *dateline.Source, laneOf func(address string) string, now int64) int64 {
	n := t.insert("INSERT INTO source (outlet, parent, url, kind, title, language) VALUES (?, ?, ?, ?, ?, ?)", outlet, parent, src.URL, string(src.Kind), src.Title, src.Language)
	var paused bool
	t.row("SELECT paused FROM outlet WHERE n = ?", list{outlet}, &paused)
	t.add("follow", n, "", t.host(laneOf(src.URL)), int(work.Listing), now, paused)
	return n
}

// dropSource takes a source away with its children.
func (t *tx) dropSource(n int64) {
	t.exec("DELETE FROM source WHERE n = ?", n)
	t.drop("follow", n)
	for _, child := range t.numbers("SELECT n FROM source WHERE parent = ?", n) {
		t.dropSource(child)
	}
}

// DropSource implements [store.Outlets].
func (s *Store) DropSource(ctx context.Context, outlet, url string) error {
	err := s.write(ctx, func(t *tx) error {
		var n int64
		if !t.row("SELECT n FROM source WHERE url = ? AND outlet = (SELECT n FROM outlet WHERE id = ?)", list{url, outlet}, &n) && t.err == nil {
			return dateline.ErrNotFound
		}
		t.dropSource(n)
		t.eraseKey(thing("dropped", url))
		return nil
	})
	if err != nil {
		return fmt.Errorf("drop source %s of outlet %s: %w", url, outlet, err)
	}
	return nil
}

// Pause implements [store.Outlets].
func (s *Store) Pause(ctx context.Context, outlet string, paused bool) error {
	err := s.write(ctx, func(t *tx) error {
		var n int64
		if !t.row("UPDATE outlet SET paused = ? WHERE id = ? RETURNING n", list{paused, outlet}, &n) && t.err == nil {
			return dateline.ErrNotFound
		}
		t.pause(n, paused)
		return nil
	})
	if err != nil {
		return fmt.Errorf("pause outlet %s: %w", outlet, err)
	}
	return nil
}

// pause gives the units of an outlet the state that they wait in.
func (t *tx) pause(outlet int64, paused bool) {
	from, to := 3, 0
	if paused {
		from, to = 0, 3
	}
	t.each(`UPDATE work SET state = ? WHERE state = ? AND stage = 'follow' AND key IN (SELECT n FROM source WHERE outlet = ?) RETURNING coalesce(host, 0)`, list{to, from, outlet}, t.touched)
	t.each(`UPDATE work SET state = ? WHERE state = ? AND stage = 'fetch' AND key IN (SELECT n FROM page WHERE outlet = ?) RETURNING coalesce(host, 0)`, list{to, from, outlet}, t.touched)
}

const sourceColumns = `s.n, o.id, s.url, s.kind, s.title, s.language, s.etag, s.modified, s.checked, s.succeeded, s.changed,
	s.failures, s.status, s.error, s.entries, s.elsewhere, s.parent, s.every, s.next, o.since, o.paused, o.home`

// scanSource reads a source, behind what is to be read before it.
func scanSource(scan func(...any), before ...any) store.SourceState {
	var v store.SourceState
	scan(append(before, &v.N, &v.Outlet, &v.URL, &v.Kind, &v.Title, &v.Language, &v.ETag, &v.LastModified, toTime(&v.Checked), toTime(&v.Succeeded), toTime(&v.Changed),
		&v.Failures, &v.Status, &v.Error, &v.Entries, &v.Foreign, &v.Of, toDuration(&v.Every), toTime(&v.Next), toTime(&v.Since), &v.Paused, &v.Home)...)
	return v
}

// Source implements [store.Outlets].
func (s *Store) Source(ctx context.Context, n int64) (store.SourceState, error) {
	var v store.SourceState
	err := s.read(ctx, func(t *tx) error {
		found := false
		t.each("SELECT "+sourceColumns+" FROM source s JOIN outlet o ON o.n = s.outlet WHERE s.n = ?", list{n}, func(scan func(...any)) bool {
			v, found = scanSource(scan), true
			return true
		})
		if !found && t.err == nil {
			return dateline.ErrNotFound
		}
		return nil
	})
	if err != nil {
		return store.SourceState{}, fmt.Errorf("read source %d: %w", n, err)
	}
	return v, nil
}

// ListOutlets implements [store.Outlets].
func (s *Store) ListOutlets(ctx context.Context) ([]store.OutletState, error) {
	out, err := s.outlets(ctx, everyOutlet)
	if err != nil {
		return nil, fmt.Errorf("list outlets: %w", err)
	}
	return out, nil
}

// Outlet implements [store.Outlets].
func (s *Store) Outlet(ctx context.Context, id string) (store.OutletState, error) {
	var n int64
	err := s.read(ctx, func(t *tx) error {
		n = t.outlet(id)
		return nil
	})
	var out []store.OutletState
	if err == nil {
		if out, err = s.outlets(ctx, n); err == nil && (len(out) == 0 || out[0].ID != id) { // it went meanwhile
			err = dateline.ErrNotFound
		}
	}
	if err != nil {
		return store.OutletState{}, fmt.Errorf("read outlet %.40q: %w", id, err)
	}
	return out[0], nil
}

// everyOutlet is in the place of an outlet's number where all are meant.
const everyOutlet = 0

// ofOutlet is the condition that a column is the number of an outlet that is
// asked for; each has a text of its own, so that SQLite plans for it.
func ofOutlet(column string, n int64) (string, list) {
	if n == everyOutlet {
		return column + " > 0", nil
	}
	return column + " = ?", list{n}
}

// outlets gives one outlet, or all by name, with their state.
func (s *Store) outlets(ctx context.Context, n int64) ([]store.OutletState, error) {
	counts, err := remember(ctx, s, question{what: "pages of outlets", options: n}, func(ctx context.Context, m *making) (counts map[int64]pageCounts, err error) {
		counts, m.over, err = s.pageCounts(ctx, n)
		return counts, err
	})
	if err != nil {
		return nil, err
	}
	var out []store.OutletState
	err = s.read(ctx, func(t *tx) error {
		place := map[int64]int{}
		of, args := ofOutlet("n", n)
		t.each("SELECT n, id, name, home, language, added, since, paused FROM outlet WHERE "+of+" ORDER BY name, id", args, func(scan func(...any)) bool {
			var o store.OutletState
			var n int64
			scan(&n, &o.ID, &o.Name, &o.Home, &o.Language, toTime(&o.Added), toTime(&o.Since), &o.Paused)
			k := counts[n]
			o.Pages, o.Articles, o.Gone, o.LastPage, o.Waiting, o.Dead, o.Next = k.pages, k.articles, k.gone, k.last, k.waiting, k.dead, k.next
			place[n] = len(out)
			out = append(out, o)
			return true
		})
		of, args = ofOutlet("s.outlet", n)
		t.each("SELECT s.outlet, "+sourceColumns+" FROM source s JOIN outlet o ON o.n = s.outlet WHERE "+of+" ORDER BY s.n", args, func(scan func(...any)) bool {
			var n int64
			v := scanSource(scan, &n)
			o := &out[place[n]]
			o.States = append(o.States, v)
			o.Sources = append(o.Sources, v.Source)
			return true
		})
		t.each(`SELECT s.outlet, coalesce(sum(w.state = 2), 0), coalesce(min(CASE WHEN w.state = 0 THEN w.due END), 0)
			FROM source s JOIN work w ON w.stage = 'follow' AND w.key = s.n AND w.version = '' WHERE `+of+" GROUP BY s.outlet", args, func(scan func(...any)) bool {
			var n, next int64
			var dead int
			scan(&n, &dead, &next)
			i, ok := place[n]
			if !ok {
				return true
			}
			o := &out[i]
			o.Dead += dead
			if next > 0 && (o.Next.IsZero() || next < ms(o.Next)) {
				o.Next = at(next)
			}
			return true
		})
		return nil
	})
	return out, err
}

// pageCounts is what is counted of an outlet's pages.
type pageCounts struct {
	pages, articles, gone, waiting, dead int
	last, next                           time.Time
}

// pageCounts counts the pages of one outlet, or of all, one question each for
// all of them: there may be thousands. It says over how many pages.
func (s *Store) pageCounts(ctx context.Context, n int64) (map[int64]pageCounts, int, error) {
	counts, all := map[int64]pageCounts{}, 0
	err := s.read(ctx, func(t *tx) error {
		of, args := ofOutlet("outlet", n)
		t.each(`SELECT outlet, count(*), coalesce(sum(version > 0), 0), coalesce(sum(gone > 0), 0),
				coalesce(max((SELECT c.seen FROM capture c WHERE c.n = page.capture)), 0) FROM page WHERE `+of+" GROUP BY outlet", args, func(scan func(...any)) bool {
			var n int64
			var k pageCounts
			scan(&n, &k.pages, &k.articles, &k.gone, toTime(&k.last))
			counts[n] = k
			all += k.pages
			return true
		})
		of, args = ofOutlet("p.outlet", n)
		t.each(`SELECT p.outlet, coalesce(sum(p.visits = 0 AND w.state <> 2), 0), coalesce(sum(w.state = 2), 0), coalesce(min(CASE WHEN w.state = 0 THEN w.due END), 0)
			FROM page p JOIN work w ON w.stage = 'fetch' AND w.key = p.n AND w.version = '' WHERE `+of+" GROUP BY p.outlet", args, func(scan func(...any)) bool {
			var n int64
			var v pageCounts
			scan(&n, &v.waiting, &v.dead, toTime(&v.next))
			k := counts[n]
			k.waiting, k.dead, k.next = v.waiting, v.dead, v.next
			counts[n] = k
			return true
		})
		return nil
	})
	return counts, all, err
}
