package sqlite

import (
	"context"
	"fmt"
	"strings"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
)

const pageColumns = `p.n, p.id, coalesce(o.id, ''), p.url, coalesce(h.name, ''), p.found, p.title, p.published, p.source, p.listed,
	p.etag, p.modified, p.visited, p.visits, p.status, p.outcome, p.gone, p.version, p.capture`

const pageTables = ` FROM page p LEFT JOIN outlet o ON o.n = p.outlet LEFT JOIN host h ON h.n = p.host `

func scanPage(scan func(...any), p *store.Page, more ...any) {
	scan(append(list{&p.N, &p.ID, &p.Outlet, &p.URL, &p.Lane, toTime(&p.Found), &p.Title, &p.Published, &p.Source, &p.Listed,
		&p.ETag, &p.LastModified, toTime(&p.Visited), &p.Visits, &p.Status, &p.Outcome, toTime(&p.Gone), &p.Version, &p.Capture}, more...)...)
}

// page reads a page, or the one it was merged into; that it is missing is an
// error.
func (t *tx) page(n int64) store.Page {
	var p store.Page
	for n != 0 && p.N == 0 {
		t.each("SELECT "+pageColumns+pageTables+"WHERE p.n = ?", list{n}, func(scan func(...any)) bool {
			scanPage(scan, &p)
			return true
		})
		var into int64
		if p.N == 0 && t.row("SELECT into_page FROM merged WHERE page = ?", list{n}, &into) {
			n = into
			continue
		}
		break
	}
	if p.N == 0 {
		t.fail(fmt.Errorf("page %d: %w", n, dateline.ErrNotFound))
	}
	return p
}

// Page implements [store.Pages].
func (s *Store) Page(ctx context.Context, n int64) (store.Page, error) {
	var p store.Page
	err := s.read(ctx, func(t *tx) error {
		p = t.page(n)
		return nil
	})
	if err != nil {
		return store.Page{}, fmt.Errorf("read %w", err)
	}
	return p, nil
}

// PageOf implements [store.Pages].
func (s *Store) PageOf(ctx context.Context, idOrKey string) (store.Page, error) {
	var p store.Page
	err := s.read(ctx, func(t *tx) error {
		var n int64
		if k, ok := idKey(idOrKey); ok {
			n = t.pageOf(k)
		}
		if n <= 0 {
			n = t.pageOf(pageKey(idOrKey))
		}
		if n <= 0 && t.err == nil {
			return dateline.ErrNotFound
		}
		p = t.page(n)
		return nil
	})
	if err != nil {
		return store.Page{}, fmt.Errorf("find page %.200q: %w", idOrKey, err)
	}
	return p, nil
}

// Known implements [store.Pages].
func (s *Store) Known(ctx context.Context, source int64, keys []string) (map[string]string, error) {
	out := map[string]string{}
	err := s.read(ctx, func(t *tx) error {
		// Each query has room for as many keys, so that one statement serves.
		const at = 64
		for len(keys) > 0 && t.err == nil {
			some := keys[:min(at, len(keys))]
			keys = keys[len(some):]
			names := make(map[[16]byte]string, len(some))
			args := append(make(list, 0, at+1), source)
			for _, k := range some {
				b := pageKey(k)
				names[[16]byte(b)] = k
				args = append(args, b)
			}
			for len(args) <= at {
				args = append(args, nil)
			}
			t.each("SELECT a.key, iif(p.source = ?, p.mark, x'') FROM address a LEFT JOIN page p ON p.n = a.page WHERE a.key IN (?"+strings.Repeat(", ?", at-1)+")",
				args, func(scan func(...any)) bool {
					var k, mark []byte
					scan(&k, &mark)
					if len(k) == 16 {
						out[names[[16]byte(k)]] = string(mark)
					}
					return true
				})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look up pages: %w", err)
	}
	return out, nil
}

// origin is where a page was found.
type origin struct {
	outlet, source, listed int64
	mark                   string
	found                  int64
}

// addPage adds a page, unless its key is known, with a unit where f says when.
func (t *tx) addPage(f *store.Found, o origin) (n int64, added bool) {
	k := pageKey(f.Key)
	if n := t.pageOf(k); n != 0 {
		return n, false
	}
	host := t.host(f.Lane)
	n = t.insert(`INSERT INTO page (id, outlet, url, host, found, title, published, mark, source, listed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		dateline.PageID(f.Key), null(o.outlet), f.URL, null(host), o.found, f.Title, f.Published, blob(o.mark), o.source, o.listed)
	t.exec("INSERT INTO address (key, page) VALUES (?, ?)", k, n)
	if !f.Due.IsZero() {
		t.add("fetch", n, "", host, int(f.Priority), ms(f.Due))
	}
	return n, true
}

// AddPage implements [store.Pages].
func (s *Store) AddPage(ctx context.Context, f store.Found, outlet string) (store.Page, error) {
	var p store.Page
	if f.Key == "" || f.URL == "" {
		return p, fmt.Errorf("add page %s: %w: it has no address or no key", f.URL, dateline.ErrInvalid)
	}
	err := s.write(ctx, func(t *tx) error {
		o := origin{found: ms(s.now())}
		if outlet != "" && !t.row("SELECT n FROM outlet WHERE id = ?", list{outlet}, &o.outlet) {
			if t.pageOf(thing("outlet", outlet)) == erased {
				return fmt.Errorf("outlet %s was erased: %w", outlet, dateline.ErrRefused)
			}
			t.fail(fmt.Errorf("outlet %s: %w", outlet, dateline.ErrNotFound))
			return nil
		}
		n, _ := t.addPage(&f, o)
		if n == erased {
			return fmt.Errorf("it was erased: %w", dateline.ErrRefused)
		}
		p = t.page(n)
		return nil
	})
	if err != nil {
		return store.Page{}, fmt.Errorf("add page %s: %w", f.URL, err)
	}
	return p, nil
}

// SaveVisit implements [store.Pages].
func (s *Store) SaveVisit(ctx context.Context, it work.Item, v store.Visit) (added int, err error) {
	err = s.write(ctx, func(t *tx) error {
		added = 0
		src := &v.Source
		o := origin{source: src.N, found: ms(src.Checked)}
		if !t.row("SELECT outlet FROM source WHERE n = ?", list{src.N}, &o.outlet) && t.err == nil {
			return dateline.ErrNotFound
		}
		added = t.addEntries(v.Entries, v.Capture, o)
		if !t.mine(it) {
			return nil
		}
		t.exec(`UPDATE source SET etag = ?, modified = ?, checked = ?, succeeded = ?, changed = ?, failures = ?, status = ?, error = ?, entries = ?, elsewhere = ?, every = ?, next = ? WHERE n = ?`,
			src.ETag, src.LastModified, ms(src.Checked), ms(src.Succeeded), ms(src.Changed), src.Failures, src.Status, src.Error, src.Entries, src.Foreign, src.Every.Milliseconds(), ms(src.Next), src.N)
		if v.Host != nil {
			t.putHost(v.Host)
		}
		t.again(it, ms(src.Next), work.Listing)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("save visit of source %d: %w", v.Source.N, err)
	}
	return added, nil
}

// AddEntries implements [store.Pages].
func (s *Store) AddEntries(ctx context.Context, source int64, entries []store.Found, c *store.Kept) (added int, err error) {
	err = s.write(ctx, func(t *tx) error {
		o := origin{source: source, found: ms(s.now())}
		if !t.row("SELECT outlet FROM source WHERE n = ?", list{source}, &o.outlet) && t.err == nil {
			return dateline.ErrNotFound
		}
		added = t.addEntries(entries, c, o)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("add entries of source %d: %w", source, err)
	}
	return added, nil
}

// addEntries adds the pages that are not known, and has those looked at again
// that have changed.
func (t *tx) addEntries(entries []store.Found, c *store.Kept, o origin) (added int) {
	if c != nil {
		o.listed, _ = t.addCapture(c)
	}
	for i := range entries {
		f := &entries[i]
		o.mark = store.EntryMark(f.Entry)
		n, isNew := t.addPage(f, o)
		if isNew {
			added++
		} else if n > 0 {
			t.relist(n, f, o)
		}
	}
	return added
}

// relist has a known page looked at again where its source says that it has
// changed. What other sources say of it has no say: they write titles in
// other ways, and it would never come to rest.
func (t *tx) relist(page int64, f *store.Found, o origin) {
	if t.exec("UPDATE page SET title = ?, published = ?, mark = ?, listed = ? WHERE n = ? AND source = ? AND mark <> ?3", f.Title, f.Published, blob(o.mark), o.listed, page, o.source) == 0 {
		return
	}
	if f.Due.IsZero() {
		return
	}
	known := false
	t.each("UPDATE work SET due = min(due, ?), priority = ? WHERE stage = 'fetch' AND key = ? AND version = '' AND state IN (0, 3) RETURNING coalesce(host, 0)",
		list{ms(f.Due), int(work.Again), page}, func(scan func(...any)) bool {
			known = true
			return t.touched(scan)
		})
	if !known {
		t.add("fetch", page, "", t.host(f.Lane), int(work.Again), ms(f.Due))
	}
}
