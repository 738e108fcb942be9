package sqlite

import (
	"context"
	"fmt"
	"strings"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
)

const pageColumns = `p.n, p.id, coalesce(o.id, ''), p.url, coalesce(h.name, ''), p.found, p.title, p.published, p.source, p.listed,
	p.etag, p.modified, p.visited, p.visits, p.status, p.outcome, p.gone, p.version, p.capture, p.hops`

const pageTables = ` FROM page p LEFT JOIN outlet o ON o.n = p.outlet LEFT JOIN host h ON h.n = p.host `

func scanPage(scan func(...any), p *store.Page, more ...any) {
	scan(append(list{&p.N, &p.ID, &p.Outlet, &p.URL, &p.Lane, toTime(&p.Found), &p.Title, &p.Published, &p.Source, &p.Listed,
		&p.ETag, &p.LastModified, toTime(&p.Visited), &p.Visits, &p.Status, &p.Outcome, toTime(&p.Gone), &p.Version, &p.Capture, &p.Hops}, more...)...)
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
		if n == 0 {
			t.row("SELECT page FROM claim WHERE key = ? ORDER BY page LIMIT 1", list{pageKey(idOrKey)}, &n)
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
		sitemap := false
		t.row("SELECT kind = ? FROM source WHERE n = ?", list{string(dateline.SourceSitemap), source}, &sitemap)
		// Each query has room for as many keys, so that one statement serves.
		const at = 64
		for len(keys) > 0 && t.err == nil {
			some := keys[:min(at, len(keys))]
			keys = keys[len(some):]
			names := make(map[[16]byte]string, len(some))
			args := append(make(list, 0, at+2), source, sitemap)
			for _, k := range some {
				b := pageKey(k)
				names[[16]byte(b)] = k
				args = append(args, b)
			}
			for len(args) < at+2 {
				args = append(args, nil)
			}
			t.each("SELECT a.key, iif(p.source = ?, p.mark, x'') FROM address a LEFT JOIN page p ON p.n = a.page WHERE (p.n IS NULL OR ? OR "+asked+") AND a.key IN (?"+strings.Repeat(", ?", at-1)+")",
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
	paused                 bool // the outlet is
	mark                   string
	found                  int64
}

// asked tells whether a page is one that was fetched or will be. What an
// import, or a sitemap at the first visit, has left was neither.
const asked = "(p.visits > 0 OR EXISTS (SELECT 1 FROM work w WHERE w.stage = 'fetch' AND w.key = p.n AND w.version = ''))"

// addPage adds a page, unless its key is known, with a unit where f says when.
// A page that was never asked for gets one too.
func (t *tx) addPage(f *store.Found, o origin) (n int64, added bool) {
	k := pageKey(f.Key)
	host := t.host(f.Lane)
	if n := t.pageOf(k); n != 0 {
		if n < 0 || f.Due.IsZero() {
			return n, false
		}
		if t.exec(`UPDATE page AS p SET title = ?, published = ?, mark = ?, source = ?, listed = ?, outlet = coalesce(outlet, ?), host = coalesce(host, ?)
			WHERE n = ? AND NOT `+asked, f.Title, f.Published, blob(o.mark), o.source, o.listed, null(o.outlet), null(host), n) == 0 {
			return n, false
		}
		t.add("fetch", n, "", host, int(f.Priority), ms(f.Due), t.paused(n))
		return n, true
	}
	n = t.insert(`INSERT INTO page (id, outlet, url, host, found, title, published, mark, source, listed, hops) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		dateline.PageID(f.Key), null(o.outlet), f.URL, null(host), o.found, f.Title, f.Published, blob(o.mark), o.source, o.listed, f.Hops)
	t.exec("INSERT INTO address (key, page) VALUES (?, ?)", k, n)
	if !f.Due.IsZero() {
		t.add("fetch", n, "", host, int(f.Priority), ms(f.Due), o.paused)
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
		if outlet != "" && !t.row("SELECT n, paused FROM outlet WHERE id = ?", list{outlet}, &o.outlet, &o.paused) {
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
		mine := t.mine(it)
		if mine && v.Host != nil {
			t.putHost(v.Host)
		}
		o, ok := t.originOf(src.N, ms(src.Checked))
		switch {
		case !ok && it.ID == 0:
			return dateline.ErrNotFound
		case !ok: // dropped meanwhile
			t.end(it)
			return nil
		}
		added = t.addEntries(v.Entries, v.Capture, o)
		if !mine {
			return nil
		}
		t.exec(`UPDATE source SET etag = ?, modified = ?, checked = ?, succeeded = ?, changed = ?, failures = ?, status = ?, error = ?, entries = ?, elsewhere = ?, every = ?, next = ? WHERE n = ?`,
			src.ETag, src.LastModified, ms(src.Checked), ms(src.Succeeded), ms(src.Changed), src.Failures, src.Status, src.Error, src.Entries, src.Foreign, src.Every.Milliseconds(), ms(src.Next), src.N)
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
		o, ok := t.originOf(source, ms(s.now()))
		if !ok {
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

// originOf is where the entries of a source are found; ok is false where it is
// followed no more.
func (t *tx) originOf(source, now int64) (o origin, ok bool) {
	o = origin{source: source, found: now}
	ok = t.row("SELECT s.outlet, o.paused FROM source s JOIN outlet o ON o.n = s.outlet WHERE s.n = ?", list{source}, &o.outlet, &o.paused)
	return o, ok || t.err != nil
}

// addEntries adds the pages that are not known, and has those looked at again
// that have changed. Of entries of one page the first counts.
func (t *tx) addEntries(entries []store.Found, c *store.Kept, o origin) (added int) {
	if c != nil {
		o.listed, _ = t.addCapture(c)
	}
	seen := make(map[int64]bool, len(entries))
	for i := range entries {
		f := &entries[i]
		o.mark = store.EntryMark(f.Entry)
		n, isNew := t.addPage(f, o)
		switch {
		case isNew:
			added++
		case n > 0 && !seen[n]:
			t.relist(n, f, o)
		}
		seen[n] = true
	}
	return added
}

// relist has a known page looked at again where its source says that it has
// changed. What other sources say of it has no say: they write titles in
// other ways, and it would never come to rest.
func (t *tx) relist(page int64, f *store.Found, o origin) {
	if t.exec("UPDATE page SET title = ?, published = ?, mark = ?, listed = ?, relisted = ? WHERE n = ? AND source = ? AND mark <> ?3", f.Title, f.Published, blob(o.mark), o.listed, !f.Due.IsZero(), page, o.source) == 0 {
		return
	}
	if f.Due.IsZero() {
		return
	}
	due := ms(f.Due)
	var visited int64
	var relooks int
	t.row("SELECT visited, relooks FROM page WHERE n = ?", list{page}, &visited, &relooks)
	if visited > 0 {
		// Some feeds give the time they were made as that of each entry.
		wait := min(time.Hour<<min(relooks, 5), 24*time.Hour)
		due = max(due, visited+wait.Milliseconds())
	}
	t.ask(page, due, t.host(f.Lane))
}

// ask has a known page fetched by the time at the latest, and one that is dead
// tried again. A unit that is out is left to end.
func (t *tx) ask(page, due, host int64) {
	t.each("UPDATE work SET due = iif(state = 2, ?1, min(due, ?1)), tries = iif(state = 2, 0, tries), priority = ?2, state = "+waiting+" WHERE stage = 'fetch' AND key = ?3 AND version = '' AND state <> 1 RETURNING coalesce(host, 0)",
		list{due, int(work.Again), page}, t.touched)
	t.add("fetch", page, "", host, int(work.Again), due, t.paused(page))
}

// Ask implements [store.Pages].
func (s *Store) Ask(ctx context.Context, page int64, due time.Time) (ok bool, err error) {
	err = s.write(ctx, func(t *tx) error {
		p := t.page(page)
		if t.err != nil {
			return nil
		}
		var one int
		ok = !t.row("SELECT 1 FROM work WHERE stage = 'fetch' AND key = ? AND version = '' AND state <> 2", list{p.N}, &one)
		if ok {
			t.ask(p.N, ms(due), t.host(p.Lane))
		}
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("ask for page %d: %w", page, err)
	}
	return ok, nil
}
