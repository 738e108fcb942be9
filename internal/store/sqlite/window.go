package sqlite

import (
	"math"
	"strconv"
	"strings"

	"dateline/search"
)

// window is some versions in a row of those that are looked at: up to a time,
// or from one on, and the numbers they have.
type window struct {
	bound    string // what is asked of the time, with an AND before it
	low, top int64  // top is 0 for all versions
}

// window gives the first so many current versions behind a place in the order
// of time; all where there are not more.
func (t *tx) window(oldest bool, after *cursor, size int) window {
	order, than, back := "DESC", "<=", ">="
	if oldest {
		order, than, back = "ASC", ">=", "<="
	}
	from := ""
	if after != nil {
		from = " AND time " + than + " " + strconv.FormatInt(after.time, 10)
	}
	var last int64
	found := false
	t.made("SELECT time FROM version WHERE current = 1"+from+" ORDER BY time "+order+" LIMIT 1 OFFSET "+strconv.Itoa(size), nil, func(scan func(...any)) bool {
		scan(&last)
		found = true
		return true
	})
	if !found {
		return window{}
	}
	w := window{}
	bound := " AND time " + back + " " + strconv.FormatInt(last, 10)
	t.made("SELECT min(n), max(n) FROM version WHERE current = 1"+from+bound, nil, func(scan func(...any)) bool {
		scan(&w.low, &w.top)
		return true
	})
	w.bound = strings.Replace(bound, "time", "v.time", 1)
	return w
}

// widen is by how much a window grows in which there were not hits enough.
const widen = 16

// firstWindow is how many versions are looked at first for so many hits.
func firstWindow(hits int) int { return max(2000, 10*hits) }

// windows are what hits are looked for in.
type windows struct {
	analyzer *search.Analyzer
	oldest   bool
	after    *cursor
	above    int64 // see [store.Options]
	want     int   // hits
	all      bool  // nothing is asked for that makes a set
}

// inWindows has f look for as many hits as are wanted, in wider and wider
// windows until there are so many or none is left out. f tells how many there
// were; bound is what it is to ask of the time.
func (t *tx) inWindows(w windows, compile func(c *compiler), f func(c *compiler, bound string) int) {
	for size := firstWindow(w.want); t.err == nil; size *= widen {
		c := compiler{analyzer: w.analyzer}
		switch {
		case w.all:
		case w.above > 0:
			c.window = window{low: w.above + 1, top: math.MaxInt64}
		default:
			c.window = t.window(w.oldest, w.after, size)
		}
		compile(&c)
		if !c.cut {
			c.window.bound = ""
		}
		if t.err != nil || f(&c, c.window.bound) >= w.want || c.window.bound == "" {
			return
		}
	}
}

// by is how versions are gone through: in the order of time where many of
// them are hits, and where few are, by the numbers of those. Left to itself
// SQLite goes through all there are in the order of time, as if one in two were
// a hit.
func (c *compiler) by() string {
	switch {
	case c.window.bound != "":
		return " INDEXED BY version_time"
	case c.few:
		return " NOT INDEXED"
	}
	return ""
}
