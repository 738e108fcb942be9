package sqlite

import (
	"dateline/internal/store"
)

// claim gives a page the keys that it has proved to be its own. A key that
// another page has is left with it, unless same says that the two are one:
// then they are merged, and p becomes what they are. It is false where a key
// is that of something erased, which p then must be.
func (t *tx) claim(p *store.Page, keys []string, same func(other *store.Page) bool) bool {
	for _, k := range keys {
		switch n := t.pageOf(pageKey(k)); n {
		case erased:
			return false
		case 0:
			t.exec("INSERT INTO address (key, page) VALUES (?, ?)", pageKey(k), p.N)
		case p.N:
		default:
			other := t.page(n)
			if t.err != nil || !same(&other) {
				continue
			}
			if other.Found.Before(p.Found) || other.Found.Equal(p.Found) && other.N < p.N {
				t.merge(other.N, p.N)
				*p = t.page(other.N)
			} else {
				t.merge(p.N, other.N)
			}
		}
	}
	return true
}

// merge makes one page of two: all that the second has becomes the first's.
func (t *tx) merge(into, from int64) {
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
	t.exec(`UPDATE page SET visits = page.visits + other.visits, outlet = coalesce(page.outlet, other.outlet)
		FROM (SELECT visits, outlet FROM page WHERE n = ?2) AS other WHERE n = ?1`, into, from)
	t.exec("UPDATE merged SET into_page = ? WHERE into_page = ?", into, from)
	t.exec("DELETE FROM page WHERE n = ?", from)
	t.exec("INSERT INTO merged (page, into_page) VALUES (?, ?)", from, into)
	t.refresh(into)
}

// removeVersion takes a version away with all that came of it.
func (t *tx) removeVersion(n int64) {
	t.exec("DELETE FROM term WHERE rowid = ?", n)
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
	t.each("SELECT n, version, fetched, status, feed FROM capture WHERE page = ? ORDER BY fetched, n", list{page}, func(scan func(...any)) bool {
		var n, version, fetched int64
		var status int
		var feed bool
		scan(&n, &version, &fetched, &status, &feed)
		if version > 0 {
			current = version
			if _, ok := first[version]; !ok {
				first[version] = fetched
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
	for _, v := range rows {
		seen, ok := first[v.n]
		if !ok {
			t.removeVersion(v.n)
			continue
		}
		if when := sortTime(v.published, seen); when != v.time || v.current != (v.n == current) {
			t.exec("UPDATE version SET time = ?, current = ? WHERE n = ?", when, v.n == current, v.n)
		}
	}
}
