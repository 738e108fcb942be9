package sqlite

import (
	"context"
	"fmt"
	"iter"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
)

const captureColumns = `c.n, c.page, coalesce(c.url, p.url, ''), c.status, c.digest, c.fetched, f.name, c.offset, c.version, c.truncated, c.feed, c.rights`

const captureTables = ` FROM capture c JOIN file f ON f.n = c.file LEFT JOIN page p ON p.n = c.page `

func scanCapture(scan func(...any), k *store.Kept, more ...any) {
	scan(append(list{&k.N, &k.Page, &k.URL, &k.Status, toDigest(&k.Digest), toTime(&k.Fetched), &k.WARC, &k.Offset, &k.Version, &k.Truncated, &k.Feed, &k.Rights}, more...)...)
}

// addCapture keeps a capture, unless one of that page and place is there.
func (t *tx) addCapture(k *store.Kept) (n int64, added bool) {
	digest, err := digestBytes(k.Digest)
	if err != nil {
		t.fail(err)
		return 0, false
	}
	if k.WARC == "" {
		t.fail(fmt.Errorf("capture of %s: %w: it has no place in the archive", k.URL, dateline.ErrInvalid))
		return 0, false
	}
	var file int64
	if !t.row("SELECT n FROM file WHERE name = ?", list{k.WARC}, &file) {
		file = t.insert("INSERT INTO file (name) VALUES (?)", k.WARC)
	}
	if t.row("SELECT n FROM capture WHERE file = ? AND offset = ? AND page = ?", list{file, k.Offset, k.Page}, &n) {
		return n, false
	}
	n = t.insert(`INSERT INTO capture (page, url, status, digest, fetched, file, offset, version, truncated, feed, rights, seen)
		VALUES (?, nullif(?, (SELECT url FROM page WHERE n = ?1)), ?, ?, ?5, ?, ?, ?, ?, ?, ?, ?5)`,
		k.Page, k.URL, k.Status, digest, ms(k.Fetched), file, k.Offset, k.Version, k.Truncated, k.Feed, k.Rights)
	return n, true
}

// SaveFetch implements [store.Pages].
func (s *Store) SaveFetch(ctx context.Context, it work.Item, f store.Fetched) error {
	err := s.write(ctx, func(t *tx) error {
		mine := t.mine(it)
		if mine && f.Host != nil {
			t.putHost(f.Host)
		}
		if it.ID != 0 && t.gone(f.Page) {
			t.eraseLate(f.Captures)
			t.end(it)
			return nil
		}
		p := t.page(f.Page)
		if t.err != nil {
			return nil
		}
		if !t.move(&p, f.Moved) {
			// It is what was erased, and so is what came of it now.
			t.eraseLate(f.Captures)
			if p.Version == 0 {
				_, documents := t.erasePage(p.N)
				t.eraseDocuments(documents, new(store.Erased))
				t.end(it)
				return nil
			}
			f.Read, f.Outcome, f.Captures, f.Next = false, "erased", nil, time.Time{}
		}
		if len(f.Captures) > 0 {
			// What is dated ahead was seen before this.
			seen := ms(f.Captures[0].Fetched)
			t.exec("UPDATE capture SET seen = ? WHERE page = ? AND seen > ?", seen, p.N, max(seen, ms(s.now())))
		}
		for i := range f.Captures {
			k := f.Captures[i]
			k.Page = p.N
			last := i == len(f.Captures)-1
			if last && k.Version == 0 && !f.Read {
				k.Version = t.shown(&k)
			}
			n, added := t.addCapture(&k)
			if added && last && f.Read {
				t.add("read", n, "", 0, int(it.Priority), ms(f.At), false)
			}
		}
		t.refresh(p.N)
		if !mine {
			return nil
		}
		etag, modified := f.ETag, f.LastModified
		if etag == "" && modified == "" && (f.Outcome != "ok" || f.Status == 304) {
			etag, modified = p.ETag, p.LastModified
		}
		if p.N != f.Page {
			etag, modified = "", "" // of another address
		}
		gone := ms(p.Gone)
		switch {
		case f.Gone && gone == 0:
			gone = ms(f.At)
		case !f.Gone && f.Status >= 200 && f.Status < 400:
			gone = 0
		}
		t.exec(`UPDATE page SET visited = ?, visits = visits + 1, status = ?, outcome = ?, etag = ?, modified = ?, gone = ?,
				relooks = relooks + relisted, relisted = 0 WHERE n = ?`,
			ms(f.At), f.Status, f.Outcome, etag, modified, gone, p.N)
		if p.N == f.Page {
			t.again(it, ms(f.Next), work.Again)
			return nil
		}
		// Merged: the unit is that of what it is now, which was just asked for.
		t.end(it)
		t.drop("fetch", p.N)
		if !f.Next.IsZero() {
			t.add("fetch", p.N, "", t.host(p.Lane), int(work.Again), ms(f.Next), t.paused(p.N))
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("save fetch of page %d: %w", f.Page, err)
	}
	return nil
}

// gone tells whether a page was erased.
func (t *tx) gone(page int64) bool {
	var one int
	return !t.row("SELECT 1 FROM page WHERE n = ?1 UNION ALL SELECT 1 FROM merged WHERE page = ?1", list{page}, &one)
}

// eraseLate has captures erased of a page that was erased before they came.
func (t *tx) eraseLate(captures []store.Kept) {
	for i := range captures {
		k := captures[i]
		if k.Feed {
			continue // of others too
		}
		k.Page = 0
		k.N, _ = t.addCapture(&k)
		t.erasing(&k)
		t.exec("DELETE FROM capture WHERE n = ?", k.N)
	}
}

// shown is the version that the page's captures with the same payload showed,
// 0 for none: what has the same bytes need not be read again.
func (t *tx) shown(k *store.Kept) (version int64) {
	digest, err := digestBytes(k.Digest)
	if err == nil && len(digest) > 0 {
		t.row("SELECT version FROM capture WHERE page = ? AND seen <= ? AND digest = ? AND version > 0 ORDER BY seen DESC, n DESC LIMIT 1", list{k.Page, ms(k.Fetched), digest}, &version)
	}
	return version
}

// Import implements [store.Pages].
func (s *Store) Import(ctx context.Context, page int64, k store.Kept) (ok bool, err error) {
	err = s.write(ctx, func(t *tx) error {
		ok = false
		p := t.page(page)
		digest, err := digestBytes(k.Digest)
		if err != nil || t.err != nil {
			return err
		}
		var one int
		if t.row("SELECT 1 FROM capture WHERE page = ? AND fetched = ? AND digest = ?", list{p.N, ms(k.Fetched), digest}, &one) {
			return nil
		}
		k.Page = p.N
		n, added := t.addCapture(&k)
		if !added {
			return nil
		}
		t.exec("UPDATE capture SET seen = min(seen, ?) WHERE n = ?", ms(s.now()), n)
		t.add("read", n, "", 0, int(work.Backlog), 1, false)
		t.refresh(p.N)
		ok = true
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("import capture of page %d: %w", page, err)
	}
	return ok, nil
}

// Capture implements [store.Pages].
func (s *Store) Capture(ctx context.Context, n int64) (store.Kept, error) {
	var k store.Kept
	err := s.read(ctx, func(t *tx) error {
		k = t.capture(n)
		return nil
	})
	if err != nil {
		return store.Kept{}, fmt.Errorf("read %w", err)
	}
	return k, nil
}

// capture reads a capture; that it is missing is an error.
func (t *tx) capture(n int64) store.Kept {
	var k store.Kept
	t.each("SELECT "+captureColumns+captureTables+"WHERE c.n = ?", list{n}, func(scan func(...any)) bool {
		scanCapture(scan, &k)
		return true
	})
	if k.N == 0 {
		t.fail(fmt.Errorf("capture %d: %w", n, dateline.ErrNotFound))
	}
	return k
}

// captures reads those of a page, oldest first.
func (t *tx) captures(page int64) []store.Kept {
	var out []store.Kept
	t.each("SELECT "+captureColumns+captureTables+"WHERE c.page = ? ORDER BY c.seen, c.n", list{page}, func(scan func(...any)) bool {
		var k store.Kept
		scanCapture(scan, &k)
		out = append(out, k)
		return true
	})
	return out
}

// Captures implements [store.Pages].
func (s *Store) Captures(ctx context.Context, page int64) ([]store.Kept, error) {
	var out []store.Kept
	err := s.read(ctx, func(t *tx) error {
		out = t.captures(page)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read captures of page %d: %w", page, err)
	}
	return out, nil
}

// EachCapture implements [store.Pages]. It reads some at a time, so that a slow
// caller does not hold back what is written.
func (s *Store) EachCapture(ctx context.Context) iter.Seq2[store.Kept, error] {
	return func(yield func(store.Kept, error) bool) {
		var files []int64
		err := s.read(ctx, func(t *tx) error {
			files = t.numbers("SELECT n FROM file ORDER BY name")
			return nil
		})
		for _, file := range files {
			offset, page := int64(-1), int64(-1)
			for more := true; more; {
				var out []store.Kept
				err = s.read(ctx, func(t *tx) error {
					const some = 500
					t.each("SELECT "+captureColumns+captureTables+"WHERE c.file = ? AND (c.offset, c.page) > (?, ?) ORDER BY c.offset, c.page LIMIT ?", list{file, offset, page, some}, func(scan func(...any)) bool {
						var k store.Kept
						scanCapture(scan, &k)
						out = append(out, k)
						return true
					})
					more = len(out) == some
					return nil
				})
				if err != nil {
					break
				}
				for _, k := range out {
					if !yield(k, nil) {
						return
					}
					offset, page = k.Offset, k.Page
				}
			}
			if err != nil {
				break
			}
		}
		if err != nil {
			yield(store.Kept{}, fmt.Errorf("read captures: %w", err))
		}
	}
}
