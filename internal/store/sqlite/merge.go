package sqlite

import (
	"dateline/internal/store"
)

// maxClaims is how many pages can claim a key: one that more do, such as a
// front page, says nothing of them.
const maxClaims = 100

// claim keeps that a page says a key is its own. It gets none by that: only
// the text can tell (see meet), and another page may have the key, now or
// later.
func (t *tx) claim(page int64, keys []string) {
	for _, k := range keys {
		n := t.pageOf(pageKey(k))
		if n == page || n == erased {
			continue
		}
		t.exec("INSERT OR IGNORE INTO claim (key, page) SELECT ?1, ?2 WHERE (SELECT count(*) FROM claim WHERE key = ?1) < ?3", pageKey(k), page, maxClaims)
	}
}

// meet makes one page of p and those that show the same text now, where one
// claims a key of the other or both claim one. p becomes what they are.
func (t *tx) meet(p *store.Page, digest []byte) {
	for _, n := range t.numbers(`SELECT p.n FROM (
			SELECT a.page n FROM claim c JOIN address a ON a.key = c.key WHERE c.page = ?1 AND a.page > 0
			UNION SELECT c.page FROM address a JOIN claim c ON c.key = a.key WHERE a.page = ?1 AND a.page > 0
			UNION SELECT other.page FROM claim c JOIN claim other ON other.key = c.key WHERE c.page = ?1
		) o JOIN page p ON p.n = o.n JOIN version v ON v.n = p.version WHERE p.n <> ?1 AND v.digest = ?2`, p.N, digest) {
		t.join(p, n)
	}
}

// join makes one page of two: that which was found first.
func (t *tx) join(p *store.Page, n int64) {
	other := t.page(n)
	if t.err != nil || other.N == p.N {
		return
	}
	if other.Found.Before(p.Found) || other.Found.Equal(p.Found) && other.N < p.N {
		t.merge(other.N, p.N)
		*p = t.page(other.N)
	} else {
		t.merge(p.N, other.N)
	}
}

// move gives a page the keys of where its address leads for good. A key of a
// page that was seen there is only claimed. It is false where a key is that of
// something erased, which the page then is.
func (t *tx) move(p *store.Page, keys []string) bool {
	for _, k := range keys {
		switch n := t.pageOf(pageKey(k)); n {
		case erased:
			return false
		case 0:
			t.exec("INSERT INTO address (key, page) VALUES (?, ?)", pageKey(k), p.N)
		case p.N:
		default:
			if other := t.page(n); other.Visits == 0 && other.Version == 0 {
				t.join(p, n)
			} else {
				t.claim(p.N, []string{k})
			}
		}
	}
	return true
}

// merge makes one page of two: all that the second has becomes the first's.
func (t *tx) merge(into, from int64) {
	// A page that nobody asks for gets the other's unit.
	t.exec("UPDATE OR IGNORE work SET key = ?1 WHERE stage = 'fetch' AND key = ?2 AND state <> 1 AND host IS (SELECT host FROM page WHERE n = ?1)", into, from)
	t.drop("fetch", from)
	// Versions with the same text become one, the others move.
	type pair struct{ from, into int64 }
	var pairs []pair
	t.each("SELECT a.n, coalesce(b.n, 0) FROM version a LEFT JOIN version b ON b.page = ? AND b.digest = a.digest WHERE a.page = ?", list{into, from}, func(scan func(...any)) bool {
		var v pair
		scan(&v.from, &v.into)
		pairs = append(pairs, v)
		return true
	})
	for _, v := range pairs {
		if v.into != 0 {
			t.exec("UPDATE capture SET version = ? WHERE page = ? AND version = ?", v.into, from, v.from)
			t.exec("UPDATE reading SET version = ? WHERE page = ? AND version = ?", v.into, from, v.from)
			t.exec("UPDATE review SET version = ? WHERE version = ?", v.into, v.from)
			t.exec("UPDATE OR IGNORE item SET version = ? WHERE version = ?", v.into, v.from)
			t.removeVersion(v.from)
		} else {
			t.exec("UPDATE version SET page = ? WHERE n = ?", into, v.from)
		}
	}
	// Addresses of captures that were the page's are written out.
	t.exec("UPDATE capture SET url = (SELECT url FROM page WHERE n = ?1) WHERE page = ?1 AND url IS NULL", from)
	t.exec("UPDATE OR IGNORE capture SET page = ? WHERE page = ?", into, from)
	t.exec("DELETE FROM capture WHERE page = ?", from)
	t.exec("UPDATE address SET page = ? WHERE page = ? AND page > 0", into, from)
	t.exec("UPDATE OR IGNORE claim SET page = ? WHERE page = ?", into, from)
	t.exec("DELETE FROM claim WHERE page = ?2 OR page = ?1 AND key IN (SELECT key FROM address WHERE page = ?1 AND page > 0)", into, from)
	// Validators are of one address, and the last capture may be the other's.
	t.exec(`UPDATE page SET visits = page.visits + other.visits, outlet = coalesce(page.outlet, other.outlet), etag = '', modified = ''
		FROM (SELECT visits, outlet FROM page WHERE n = ?2) AS other WHERE n = ?1`, into, from)
	t.shelve(into, from)
	t.exec("UPDATE merged SET into_page = ? WHERE into_page = ?", into, from)
	t.exec("DELETE FROM page WHERE n = ?", from)
	t.exec("INSERT INTO merged (page, into_page) VALUES (?, ?)", from, into)
	t.refresh(into)
}

// removeVersion takes a version away with all that came of it, reviews and
// items of collections included.
func (t *tx) removeVersion(n int64) {
	t.exec("DELETE FROM term WHERE rowid = ?", n)
	t.exec("DELETE FROM named WHERE rowid = ?", n)
	t.exec("DELETE FROM mark WHERE version = ?", n)
	t.exec("DELETE FROM record WHERE version = ?", n)
	t.exec("DELETE FROM version WHERE n = ?", n)
	t.drop("annotate", n)
}

// refresh makes what is said of a page agree with its captures: which version
// is current, by what time each is sorted, which capture was the last with a
// payload. A version that no capture shows any more is removed. So captures
// may come in any order.
func (t *tx) refresh(page int64) {
	first := map[int64]int64{} // when a version was first seen
	var current, payload int64
	t.each("SELECT n, version, seen, status, feed FROM capture WHERE page = ? ORDER BY seen, n", list{page}, func(scan func(...any)) bool {
		var n, version, seen int64
		var status int
		var feed bool
		scan(&n, &version, &seen, &status, &feed)
		if version > 0 {
			current = version
			if _, ok := first[version]; !ok {
				first[version] = seen
			}
		}
		if status >= 200 && status < 300 && !feed {
			payload = n
		}
		return true
	})
	t.exec("UPDATE page SET version = ?2, capture = ?3 WHERE n = ?1 AND (version <> ?2 OR capture <> ?3)", page, current, payload)
	type row struct {
		n, time   int64
		current   bool
		published string
	}
	var rows []row
	t.each("SELECT n, time, current, published FROM version WHERE page = ?", list{page}, func(scan func(...any)) bool {
		var v row
		scan(&v.n, &v.time, &v.current, &v.published)
		rows = append(rows, v)
		return true
	})
	// A time that was ahead when it was first stated does not become true by
	// standing there still in a later version.
	stated := map[string]int64{}
	for _, v := range rows {
		if seen, ok := first[v.n]; ok && v.published != "" {
			if was, ok := stated[v.published]; !ok || seen < was {
				stated[v.published] = seen
			}
		}
	}
	for _, v := range rows {
		seen, ok := first[v.n]
		if !ok {
			t.removeVersion(v.n)
			continue
		}
		if v.published != "" {
			seen = stated[v.published]
		}
		if when := sortTime(v.published, seen); when != v.time || v.current != (v.n == current) {
			t.exec("UPDATE version SET time = ?, current = ? WHERE n = ?", when, v.n == current, v.n)
		}
	}
}
