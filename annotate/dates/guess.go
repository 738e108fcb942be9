package dates

import (
	"dateline/lang"
)

// What a date leaves out: its year, its month, which Monday.

// guessYear finds the year of a month and day.
func (s *scan) guessYear(c *context, m *match, v *value, calendar lang.Calendar) {
	r := m.rule
	if next := m.next; next != nil && calendar == lang.Gregorian && s.paired(m, next) && next.hasClass(classMonth) {
		// "March and April 1918", "26 June - 4 August 1952"
		if y, ok := next.year(); ok && y > 1 {
			if e, _ := next.get(classMonth, 0); int(e.value) < v.m {
				y--
			}
			v.y, v.stated = y, true
			return
		}
	}
	if (c.narrative || r.anchor) && c.last.grain != grainNone {
		v.y, v.bc = c.last.y, c.last.bc
		if calendar != lang.Gregorian {
			v.y = 0
		}
		if v.m <= 3 && c.last.m >= 10 && !v.bc {
			v.y++ // From December to January.
		}
		return
	}
	if !c.known {
		return
	}
	v.relative = true
	t := s.tense(m)
	base := c.day.Year()
	if calendar == lang.Persian {
		base -= 621
	} else if calendar == lang.Islamic {
		base = (base-622)*33/32 + 1
	}
	weekday := m.day()
	best, found := value{}, false
	bestGap := 0
	for y := base - 1; y <= base+1; y++ {
		w := *v
		w.y = y
		if calendar != lang.Gregorian {
			if !w.convert(calendar) {
				continue
			}
		}
		if !w.valid() {
			continue
		}
		gap := int(civil(w.y, w.m, w.d).Sub(c.day).Hours() / 24)
		if w.grain == grainMonth && w.y == c.day.Year() && w.m == int(c.day.Month()) {
			gap = 0
		}
		weight := gap
		switch {
		case gap > 0 && t == past && !m.weakTense && (w.grain == grainDay || w.grain == grainMonth || m.since):
			weight = gap + 2000
		case gap > 0 && t == past:
			weight = gap + 150
		case gap < 0 && t == future:
			weight = -gap + 2000
		case gap < 0:
			weight = -gap
		case gap > 0 && t == noTense:
			weight = gap + 60
		}
		if w.y != c.day.Year() && t == noTense {
			weight += 30
		}
		if weekday > 0 && w.d > 0 && weekday != isoWeekday(civil(w.y, w.m, w.d)) {
			weight += 3000 // Of another year, or a slip.
		}
		if !found || weight < bestGap {
			best, bestGap, found = w, weight, true
		}
	}
	if found {
		*v = best
	}
}

// paired tells whether one word, or a dash, stands between two matches, or
// nothing.
func (s *scan) paired(a, b *match) bool {
	if s.crosses(a.end-1, b.start) {
		return false
	}
	switch b.start - a.end {
	case 0:
		return true
	case 1:
		_, stop := s.clause(a.end)
		return !stop
	}
	return false
}

// guessMonth finds the month of a day.
func (s *scan) guessMonth(c *context, m *match, v *value) {
	ref := c.reference(m.rule)
	if ref.y == 0 || ref.m == 0 {
		return
	}
	v.y, v.m, v.relative = ref.y, ref.m, ref.relative
	if weekday := m.day(); weekday > 0 && ref.relative {
		for _, months := range [...]int{0, -1, 1} {
			t := civil(ref.y, ref.m, 1).AddDate(0, months, v.d-1)
			if t.Day() == v.d && isoWeekday(t) == weekday {
				v.y, v.m = t.Year(), int(t.Month())
				return
			}
		}
	}
	if ref.relative && v.d > ref.d && s.tense(m) == past {
		if v.m--; v.m == 0 {
			v.y, v.m = v.y-1, 12
		}
	} else if ref.relative && v.d < ref.d && s.tense(m) == future {
		if v.m++; v.m == 13 {
			v.y, v.m = v.y+1, 1
		}
	}
}

// weekdayNear finds the day of a bare weekday.
func (s *scan) weekdayNear(c *context, m *match, v *value) {
	ref := c.reference(m.rule)
	if ref.grain != grainDay || ref.y == 0 || ref.d == 0 || ref.bc {
		return
	}
	day := civil(ref.y, ref.m, ref.d)
	gap := v.weekday - isoWeekday(day)
	switch {
	case !ref.relative || s.tense(m) == future:
		if gap < 0 {
			gap += 7
		}
	default:
		if gap > c.changed {
			gap -= 7 // Up to the last change it may be the day that came.
		}
	}
	w := v.weekday
	v.set(day.AddDate(0, 0, gap), grainDay)
	v.weekday, v.relative = w, ref.relative
}

// day is the weekday that the match states, or what stands right before it, or
// 0.
func (m *match) day() int {
	if e, ok := m.get(classWeekday, 0); ok {
		return weekdayOf(e.value)
	}
	return m.weekday
}
