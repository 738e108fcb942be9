package sqlite

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dateline"
	"dateline/internal/store"
)

// Erase implements [store.Records].
//
// Rows that go are overwritten (secure_delete), and what the search index and
// the log still have of them goes with EraseDone. So a crash between the two
// is mended by who asks for Erasing and erases again.
func (s *Store) Erase(ctx context.Context, pages []int64, outlet string, when time.Time) (store.Erased, error) {
	var out store.Erased
	err := s.write(ctx, func(t *tx) error {
		all := make([]int64, 0, len(pages))
		for _, n := range pages {
			p := t.page(n)
			if t.err != nil {
				return nil
			}
			if !slices.Contains(all, p.N) {
				all = append(all, p.N)
			}
		}
		var o int64
		var documents []place
		if outlet != "" {
			if !t.row("SELECT n FROM outlet WHERE id = ?", list{outlet}, &o) && t.err == nil {
				return dateline.ErrNotFound
			}
			all = append(all, t.numbers("SELECT n FROM page WHERE outlet = ?", o)...)
			// With its robots.txt, where no other outlet is on the same host.
			documents = t.places(`SELECT file, offset FROM capture WHERE page = 0 AND (url IN (SELECT url FROM source WHERE outlet = ?1)
				OR url IN (SELECT authority || '/robots.txt' FROM robots WHERE host IN (SELECT host FROM page WHERE outlet = ?1)
					AND host NOT IN (SELECT host FROM page WHERE outlet <> ?1 AND host IS NOT NULL)))`, o)
		}
		out = store.Erased{}
		for _, page := range all {
			captures, of := t.erasePage(page)
			out.Captures, documents = append(out.Captures, captures...), append(documents, of...)
		}
		t.eraseDocuments(documents, &out)
		if o != 0 {
			t.eraseOutlet(o, outlet)
		}
		return nil
	})
	if err != nil {
		return store.Erased{}, fmt.Errorf("erase: %w", err)
	}
	s.answers.forget()
	return out, nil
}

// place is where a record stands in the archive.
type place struct{ file, offset int64 }

func (t *tx) places(query string, args ...any) (out []place) {
	t.each(query, args, func(scan func(...any)) bool {
		var p place
		scan(&p.file, &p.offset)
		out = append(out, p)
		return true
	})
	return out
}

// erasePage gives what is to be erased of a page in the archive, and the
// documents of sources that may have its text.
func (t *tx) erasePage(page int64) (own []store.Kept, documents []place) {
	documents = t.places("SELECT file, offset FROM capture WHERE page = ?1 AND feed OR n = (SELECT listed FROM page WHERE n = ?1)", page)
	address := store.Kept{N: -page}
	t.row("SELECT url FROM page WHERE n = ?", list{page}, &address.URL)
	named := false
	for _, k := range t.captures(page) {
		t.drop("read", k.N)
		if !k.Feed {
			named = named || k.URL == address.URL
			own = append(own, k)
		}
	}
	if !named {
		own = append(own, address)
	}
	for i := range own {
		t.erasing(&own[i])
	}
	t.drop("fetch", page)
	for _, v := range t.numbers("SELECT n FROM version WHERE page = ?", page) {
		t.removeVersion(v)
	}
	t.exec("DELETE FROM capture WHERE page = ?", page)
	t.exec("DELETE FROM claim WHERE page = ?1 OR key IN (SELECT key FROM address WHERE page = ?1 AND page > 0)", page)
	t.exec("UPDATE address SET page = 0 WHERE page = ? AND page > 0", page)
	t.exec("DELETE FROM merged WHERE into_page = ?", page)
	t.exec("DELETE FROM page WHERE n = ?", page) // with reading states
	return own, documents
}

// eraseDocuments has documents of sources erased, but for those that a page has
// a text of, or will have when it is read.
func (t *tx) eraseDocuments(documents []place, out *store.Erased) {
	if len(documents) == 0 {
		return
	}
	seen := map[place]bool{}
	for _, d := range documents {
		if seen[d] {
			continue
		}
		seen[d] = true
		var all []store.Kept
		stays := false
		t.each("SELECT "+captureColumns+", c.version > 0 OR EXISTS (SELECT 1 FROM work w WHERE w.stage = 'read' AND w.key = c.n)"+captureTables+"WHERE c.file = ? AND c.offset = ? ORDER BY c.page",
			list{d.file, d.offset}, func(scan func(...any)) bool {
				var k store.Kept
				var read bool
				scanCapture(scan, &k, &read)
				all, stays = append(all, k), stays || read
				return true
			})
		switch {
		case len(all) == 0:
		case stays:
			out.Stay = append(out.Stay, all[0])
		default:
			t.erasing(&all[0])
			out.Captures = append(out.Captures, all[0])
			t.exec("DELETE FROM capture WHERE file = ? AND offset = ?", d.file, d.offset)
		}
	}
	t.exec("UPDATE page SET listed = 0 WHERE listed > 0 AND NOT EXISTS (SELECT 1 FROM capture c WHERE c.n = page.listed)")
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

// Unnamed implements [store.Records].
func (s *Store) Unnamed(ctx context.Context, captures []dateline.Capture) ([]dateline.Capture, error) {
	var out []dateline.Capture
	err := s.read(ctx, func(t *tx) error {
		out = nil
		for _, k := range captures {
			var one int
			if !t.row("SELECT 1 FROM capture WHERE file = (SELECT n FROM file WHERE name = ?) AND offset = ?", list{k.WARC, k.Offset}, &one) {
				out = append(out, k)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look up captures: %w", err)
	}
	return out, nil
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
	for _, index := range []string{"term", "named"} {
		// A negative number of pages merges all parts of the index into one, a
		// positive goes on; fewer than two changes say that nothing was left to do.
		for step := -mergePages; ; step = mergePages {
			changes := 0
			err := s.write(ctx, func(t *tx) error {
				var before, after int
				t.row("SELECT total_changes()", nil, &before)
				t.exec("INSERT INTO "+index+" ("+index+", rank) VALUES ('merge', ?)", step)
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
