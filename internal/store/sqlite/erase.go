package sqlite

import (
	"context"
	"fmt"
	"time"

	"dateline"
	"dateline/internal/store"
)

// Erase implements [store.Records].
//
// Rows that go are overwritten (secure_delete), and what the search index and
// the log still have of them goes with EraseDone. So a crash between the two
// is mended by who asks for Erasing and erases again.
func (s *Store) Erase(ctx context.Context, pages []int64, outlet string, when time.Time) ([]store.Kept, error) {
	var out []store.Kept
	err := s.write(ctx, func(t *tx) error {
		all := make([]int64, 0, len(pages))
		for _, n := range pages {
			p := t.page(n)
			if t.err != nil {
				return nil
			}
			all = append(all, p.N)
		}
		var o int64
		if outlet != "" {
			if !t.row("SELECT n FROM outlet WHERE id = ?", list{outlet}, &o) && t.err == nil {
				return dateline.ErrNotFound
			}
			all = append(all, t.numbers("SELECT n FROM page WHERE outlet = ?", o)...)
		}
		out = nil
		for _, page := range all {
			out = append(out, t.erasePage(page)...)
		}
		if o != 0 {
			t.eraseOutlet(o, outlet)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("erase: %w", err)
	}
	return out, nil
}

func (t *tx) erasePage(page int64) []store.Kept {
	captures := t.captures(page)
	for i := range captures {
		t.erasing(&captures[i])
		t.drop("read", captures[i].N)
	}
	t.drop("fetch", page)
	for _, v := range t.numbers("SELECT n FROM version WHERE page = ?", page) {
		t.removeVersion(v)
	}
	t.exec("DELETE FROM capture WHERE page = ?", page)
	t.exec("DELETE FROM claim WHERE page = ?1 OR key IN (SELECT key FROM address WHERE page = ?1 AND page > 0)", page)
	t.exec("UPDATE address SET page = 0 WHERE page = ? AND page > 0", page)
	t.exec("DELETE FROM merged WHERE into_page = ?", page)
	t.exec("DELETE FROM page WHERE n = ?", page)
	return captures
}

// erasing notes a capture that is to be erased in the archive.
func (t *tx) erasing(k *store.Kept) {
	digest, err := digestBytes(k.Digest)
	if err != nil {
		t.fail(err)
	}
	t.exec("INSERT OR REPLACE INTO erasing (capture, url, status, digest, fetched, file, offset) VALUES (?, ?, ?, ?, ?, ?, ?)",
		k.N, k.URL, k.Status, digest, ms(k.Fetched), k.WARC, k.Offset)
}

func (t *tx) eraseOutlet(n int64, id string) {
	var urls []string
	t.each("SELECT url FROM source WHERE outlet = ?", list{n}, func(scan func(...any)) bool {
		var url string
		scan(&url)
		urls = append(urls, url)
		return true
	})
	for _, source := range t.numbers("SELECT n FROM source WHERE outlet = ?", n) {
		t.drop("follow", source)
	}
	for _, url := range urls {
		t.eraseKey(thing("source", url))
	}
	t.eraseKey(thing("outlet", id))
	t.exec("DELETE FROM source WHERE outlet = ?", n)
	t.exec("DELETE FROM outlet WHERE n = ?", n)
}

// Erasing implements [store.Records].
func (s *Store) Erasing(ctx context.Context) ([]store.Kept, error) {
	var out []store.Kept
	err := s.read(ctx, func(t *tx) error {
		t.each("SELECT capture, url, status, digest, fetched, file, offset FROM erasing ORDER BY capture", nil, func(scan func(...any)) bool {
			var k store.Kept
			scan(&k.N, &k.URL, &k.Status, toDigest(&k.Digest), toTime(&k.Fetched), &k.WARC, &k.Offset)
			out = append(out, k)
			return true
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list what is being erased: %w", err)
	}
	return out, nil
}

// EraseDone implements [store.Records]. It takes the erased words out of the
// search index, which is written anew for that in steps between which other
// writes go on, and empties the log.
func (s *Store) EraseDone(ctx context.Context, captures []int64) error {
	if err := s.eraseDone(ctx, captures); err != nil {
		return fmt.Errorf("end erasing: %w", err)
	}
	return nil
}

func (s *Store) eraseDone(ctx context.Context, captures []int64) error {
	if len(captures) == 0 {
		return nil
	}
	// A negative number of pages merges all parts of the index into one, a
	// positive goes on; fewer than two changes say that nothing was left to do.
	for step := -mergePages; ; step = mergePages {
		changes := 0
		err := s.write(ctx, func(t *tx) error {
			var before, after int
			t.row("SELECT total_changes()", nil, &before)
			t.exec("INSERT INTO term (term, rank) VALUES ('merge', ?)", step)
			t.row("SELECT total_changes()", nil, &after)
			changes = after - before
			return nil
		})
		if err != nil {
			return err
		}
		if changes < 2 {
			break
		}
	}
	err := s.write(ctx, func(t *tx) error {
		for _, n := range captures {
			t.exec("DELETE FROM erasing WHERE capture = ?", n)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.checkpoint(ctx)
}

// mergePages is how much of the index is written in one step.
const mergePages = 1000
