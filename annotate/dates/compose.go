package dates

import (
	"dateline/lang"
)

// Dates made of their parts.

// figures are the classes of dates in figures, and the order of their parts.
var figures = []class{classYMD, classDMY, classMDY}

// date composes a date of its parts.
func (s *scan) date(c *context, m *match, v *value) bool {
	v.grain = grainNone
	y, hasYear := m.year()
	if hasYear {
		v.grain, v.y, v.stated = grainYear, y, true
		if m.n == 1 && m.first == m.start && !s.bareYear(m, y) {
			return false
		}
	}
	for _, f := range figures {
		if e, ok := m.get(f, 0); ok {
			v.grain, v.y, v.m, v.d, v.stated = grainDay, int(e.value)/10000, int(e.value)/100%100, int(e.value)%100, true
			if s.solar && v.y < 1500 {
				return v.convert(lang.Persian)
			}
			return true
		}
	}
	if e, ok := m.get(classHoliday, 0); ok {
		return s.holiday(c, m, v, int(e.value))
	}
	if e, ok := m.get(classSeason, 0); ok {
		v.grain, v.part = grainSeason, int(e.value)+1
		if hasYear && s.solar && y >= 1200 && y < 1500 {
			v.y += 621
		}
		if m.hasClass(classBC) {
			n, _ := m.get(classN, 0)
			v.y, v.bc, v.stated = int(n.value/100), true, true
			return v.y > 0
		}
		if !hasYear {
			if ref := c.reference(m.rule); ref.grain != grainNone {
				v.y, v.relative = ref.y, ref.relative
				if ref.relative && []int{3, 6, 9, 12}[e.value] > ref.m && s.tense(m) == past {
					v.y-- // It has not begun.
				}
			}
		}
		return true
	}
	var calendar lang.Calendar
	if e, ok := m.get(classMonth, 0); ok {
		v.grain, v.m = grainMonth, int(e.value)
		switch {
		case e.flags&solar != 0:
			calendar = lang.Persian
		case e.flags&lunar != 0:
			calendar = lang.Islamic
		}
	}
	for _, f := range []class{classDM, classMD} {
		if e, ok := m.get(f, 0); ok {
			v.grain, v.m, v.d = grainDay, int(e.value)/100, int(e.value)%100
		}
	}
	for _, f := range []class{classDay, classNth} {
		if e, ok := m.get(f, 0); ok && v.d == 0 {
			v.grain, v.d = grainDay, int(e.value)
			break
		}
	}
	if m.hasClass(classBC) {
		v.bc = true
		if !hasYear {
			e, _ := m.get(classN, 0)
			v.grain, v.y, v.stated = grainYear, int(e.value/100), true
			if v.m > 0 {
				v.grain = grainMonth
			}
		}
		return v.y > 0
	}
	if v.d > 31 {
		return false
	}
	if hasYear {
		if calendar == lang.Gregorian && s.solar && v.y >= 1200 && v.y < 1500 {
			calendar = lang.Persian
		}
		if calendar != lang.Gregorian {
			return v.convert(calendar)
		}
		return true
	}
	if w, ok := m.get(classWeekday, 0); ok && v.d == 0 && v.m == 0 {
		v.weekday = weekdayOf(w.value)
		v.grain = grainDay
		s.weekdayNear(c, m, v)
		return true
	}
	switch {
	case v.m > 0:
		s.guessYear(c, m, v, calendar)
	case v.d > 0:
		s.guessMonth(c, m, v)
	}
	return v.grain != grainNone
}

// bareYear tells whether a number with nothing beside it that says so may be a
// year: it is one news speaks of, and not "about" or "more than" that.
func (s *scan) bareYear(m *match, y int) bool {
	if s.solar && y >= 1300 && y < 1450 {
		return true
	}
	if y < 1700 || y > 2059 {
		return false
	}
	for back := 1; back <= 3 && m.start-back >= 0; back++ {
		for _, e := range s.of(m.start - back) {
			if e.class == classMod && int(e.n) == back && e.value >= modApprox {
				return false
			}
		}
	}
	return true
}

// convert turns a date of another calendar into a Gregorian one, a month into
// that in which most of its days lie.
func (v *value) convert(c lang.Calendar) bool {
	day := v.d
	if day == 0 && v.m > 0 {
		day = 15
	}
	d, ok := c.Gregorian(v.y, v.m, day)
	if !ok {
		return false
	}
	if v.d > 0 {
		v.d = d.Day
	}
	v.y, v.m = d.Year, d.Month
	return true
}
