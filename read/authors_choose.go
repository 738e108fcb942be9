package read

import (
	"bytes"
	"slices"
	"strings"
)

// choose returns the names of the best candidate, each in its best spelling.
func (c *bylines) choose() []string {
	best, bestScore := -1, 0
	for i := range c.list {
		if s := c.score(i); s > bestScore {
			best, bestScore = i, s
		}
	}
	if best < 0 {
		return nil
	}
	best = c.widen(best)
	names := slices.Clone(c.list[best].names)
	for i := range names {
		names[i] = c.spelling(names[i])
	}
	return names
}

// head tells whether a candidate comes from the page's data, not its text.
func (b *byline) head() bool {
	return strings.HasPrefix(b.from, "json-ld") || strings.HasPrefix(b.from, "meta")
}

// score weighs a candidate; below 1 it is refused.
func (c *bylines) score(i int) int {
	b := &c.list[i]
	s := b.weight
	var seen [maxBylines]string
	n := 0
	for j := range c.list {
		o := &c.list[j]
		if j == i || o.from == b.from || slices.Contains(seen[:n], o.from) {
			continue
		}
		if same := common(b.keys, o.keys); same > 0 {
			seen[n] = o.from
			n++
			gain := 26
			if b.head() && o.head() {
				gain = 16 // one program wrote both
			}
			s += gain * 2 * same / (len(b.keys) + len(o.keys))
		}
	}
	s += c.shown(b)
	nobody := false
	for _, n := range b.names {
		if g := c.w.of(n); g&wordLogin != 0 {
			return 0
		} else if g&wordNobody != 0 {
			nobody = true
		}
	}
	if b.orgs {
		limit := 60
		switch {
		case c.persons:
			limit = 56
		case n > 0 && !b.head():
			limit = 90
		}
		if nobody || common(b.keys, c.sites) > 0 {
			limit = 36
		}
		s = max(1, min(s-30, limit))
	}
	return s
}

// shown is what a candidate gains by its names standing in the page's text,
// most at the headline.
func (c *bylines) shown(b *byline) int {
	sum := 0
	for _, n := range b.names {
		switch {
		case bytes.Contains(c.near, []byte(n)):
			sum += 24
		case bytes.Contains(c.p.buf, []byte(n)):
			sum += 12
		}
	}
	return sum / len(b.names)
}

func common(a, b []string) int {
	n := 0
	for _, k := range a {
		if slices.Contains(b, k) {
			n++
		}
	}
	return n
}

// widen goes from the best candidate to one that has its names and more, where
// the page shows the others as well.
func (c *bylines) widen(best int) int {
	b := &c.list[best]
	for i := range c.list {
		o := &c.list[i]
		if o.orgs || len(o.keys) <= len(b.keys) || common(b.keys, o.keys) < len(b.keys) || c.shown(o) < 20 {
			continue
		}
		agreed := 0
		for j := range c.list {
			if j != i && c.list[j].from != o.from && common(o.keys, c.list[j].keys) == len(o.keys) {
				agreed++
			}
		}
		// A byline may have more names than a list of several in the data.
		said := b.head() && len(b.keys) > 1 && o.from == "text" && c.shown(o) >= 24
		if agreed > 0 && (!b.head() || o.weight >= 30) || said {
			best, b = i, o
		}
	}
	return best
}

// spelling returns the best of the spellings that candidates have for a name:
// the full name for a first name, words for a login, small letters for capitals.
func (c *bylines) spelling(name string) string {
	key := nameKey(name)
	for i := range c.list {
		for j, o := range c.list[i].names {
			if o == name {
				continue
			}
			k := c.list[i].keys[j]
			switch {
			case k == key && strings.IndexByte(name, ' ') < 0 && strings.IndexByte(o, ' ') > 0:
				return o
			case k == key && strings.ToUpper(name) == name && strings.ToUpper(o) != o && strings.IndexByte(o, ' ') > 0:
				return o
			case strings.IndexByte(name, ' ') < 0 && strings.HasPrefix(o, name) && len(o) > len(name) && o[len(name)] == ' ' && c.w.nameLike(o, asProse) && !c.org(o):
				return o
			case strings.HasPrefix(name, o) && len(o) < len(name) && len(o) > 7 && strings.IndexByte(o, ' ') > 0 && name[len(o)] >= 'A' && name[len(o)] <= 'Z':
				return o // the next word was joined to it
			case strings.HasSuffix(name, o) && len(o) < len(name) && name[len(name)-len(o)-1] == ' ' && c.w.nameLike(o, asProse) && c.rolesOnly(name[:len(name)-len(o)]):
				return o
			}
		}
	}
	return name
}

// rolesOnly tells whether a text has a word with a hyphen in it: an office, as
// "Desk-Chief" before a name.
func (c *bylines) rolesOnly(s string) bool {
	return strings.Count(s, " ") == 1 && strings.IndexByte(s, '-') > 0
}
