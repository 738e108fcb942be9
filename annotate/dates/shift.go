package dates

import (
	"dateline/lang"
)

// Dates that are reckoned from others.

// shift reckons from the day of reference.
func (s *scan) shift(c *context, m *match, v *value) bool {
	r := m.rule
	n, unit := s.amount(m)
	sign := 1
	switch r.count {
	case 0:
		n = r.n * 100
		if n < 0 {
			n, sign = -n, -1
		}
	case -1:
		sign = -1
	}
	if unit < 0 {
		return false
	}
	as := r.as
	if as == fromMatch {
		as = unit
	}
	g := grainOf(as)
	if n == unknown || unit <= unitHour {
		v.text = refs[1]
		if sign > 0 {
			v.text = refs[2]
		}
		if unit <= unitHour && n == 0 {
			v.text = refs[0]
		}
		return true
	}
	v.grain = g
	ref := c.reference(r)
	if ref.grain == grainNone || ref.y == 0 {
		return true
	}
	if r.anchor && ref.relative && sign > 0 && n > 0 {
		return true // Nothing before it in the text to reckon from.
	}
	v.relative = ref.relative
	months := 0
	switch unit {
	case unitDay, unitWeekend, unitWeek, unitFortnight:
		if ref.d == 0 && c.known && !c.narrative {
			ref.set(c.day, grainDay)
		}
		if ref.grain != grainDay && ref.grain != grainWeek || ref.d == 0 || ref.bc {
			return true
		}
		days := int(n) * sign / 100
		if unit != unitDay {
			days *= 7
		}
		if unit == unitFortnight {
			days *= 2
		}
		if unit == unitWeekend && r.near && s.tense(m) != future {
			// On Monday "the weekend" is the last.
			if isoWeekday(civil(ref.y, ref.m, ref.d)) < 5 {
				days -= 7
			}
		}
		v.set(civil(ref.y, ref.m, ref.d).AddDate(0, 0, days), g)
		return true
	case unitMonth:
		months = int(n) * sign / 100
	case unitQuarter:
		months = 3 * int(n) * sign / 100
	case unitHalf:
		months = 6 * int(n) * sign / 100
	default:
		years := int(n) * sign
		switch unit {
		case unitDecade:
			years *= 10
		case unitCentury:
			years *= 100
		case unitMillennium:
			years *= 1000
		}
		if years%100 == 0 && (g >= grainYear) {
			v.y = ref.y + years/100
			if ref.bc {
				v.y, v.bc = ref.y-years/100, true
			}
			if v.y < 1 || v.y > 9999 {
				v.y = 0
			}
			if g == grainYear && unit == unitYear && n == 100 && sign < 0 && r.as != unitYear && c.period.grain == grainQuarter && c.sentence-c.periodAt <= 6 && m.rule.op == opShift && r.period {
				p := c.period
				v.grain, v.part, v.y = grainQuarter, p.part, p.y-1
			}
			return true
		}
		months = years * 12 / 100
		if g == grainYear {
			g = grainMonth
		}
	}
	if ref.bc {
		return true
	}
	month := ref.m
	if month == 0 {
		if ref.grain == grainQuarter {
			month = ref.part * 3
		} else if g == grainMonth || g == grainDay {
			v.grain = g
			v.y = 0
			return true
		} else {
			month = 1
		}
	}
	total := ref.y*12 + month - 1 + months
	if total < 12 || total > 9999*12 {
		return true
	}
	d := max(ref.d, 1)
	y, mo := total/12, total%12+1
	if last := civil(y, mo+1, 1).AddDate(0, 0, -1).Day(); d > last {
		d = last
	}
	v.set(civil(y, mo, d), g)
	return true
}

func grainOf(unit int32) grain {
	switch unit {
	case unitDay:
		return grainDay
	case unitWeekend:
		return grainWeekend
	case unitWeek, unitFortnight:
		return grainWeek
	case unitMonth:
		return grainMonth
	case unitQuarter:
		return grainQuarter
	case unitHalf:
		return grainHalf
	case unitSeason:
		return grainSeason
	case unitDecade:
		return grainDecade
	case unitCentury:
		return grainCentury
	}
	return grainYear
}

// near finds the last, this or next month, weekday, season or holiday.
func (s *scan) near(c *context, m *match, v *value) {
	r := m.rule
	ref := c.reference(r)
	known := ref.y > 0 && !ref.bc
	v.relative = ref.relative
	switch r.what {
	case classWeekday:
		e, _ := m.get(classWeekday, 0)
		v.grain, v.weekday = grainDay, weekdayOf(e.value)
		if !known || ref.d == 0 {
			return
		}
		day := civil(ref.y, ref.m, ref.d)
		gap := v.weekday - isoWeekday(day)
		switch {
		case r.n < 0 && gap >= 0:
			gap -= 7
		case r.n > 0 && gap <= 0:
			gap += 7
		}
		v.set(day.AddDate(0, 0, gap), grainDay)
	case classMonth:
		e, _ := m.get(classMonth, 0)
		v.grain, v.m = grainMonth, int(e.value)
		if d, ok := m.get(classDay, 0); ok {
			v.grain, v.d = grainDay, int(d.value)
		}
		if e.flags&(solar|lunar) != 0 || !known {
			if e.flags&solar != 0 && known {
				s.guessYear(c, m, v, lang.Persian)
			}
			return
		}
		v.y = ref.y
		at := ref.m
		if at == 0 {
			at = 1
		}
		switch {
		case r.n < 0 && (v.m > at || v.m == at && (v.d == 0 || v.d >= ref.d)):
			v.y--
		case r.n > 0 && (v.m < at || v.m == at && v.d <= ref.d):
			v.y++
		}
	case classSeason:
		e, _ := m.get(classSeason, 0)
		v.grain, v.part = grainSeason, int(e.value)+1
		if !known {
			return
		}
		v.y = ref.y
		// The season's last month tells whether it is over.
		end := []int{5, 8, 11, 14}[e.value]
		at := max(ref.m, 1)
		switch {
		case r.n < 0 && end >= at:
			v.y--
		case r.n > 0 && end-2 <= at:
			v.y++
		}
	case classHoliday:
		e, _ := m.get(classHoliday, 0)
		v.grain = grainDay
		if known {
			s.holidayYear(v, int(e.value), ref, r.n)
		}
	}
}

// quarter finds a quarter or half of a year.
func (s *scan) quarter(c *context, m *match, v *value) {
	r := m.rule
	v.grain = grainQuarter
	most := 4
	if r.op == opHalf {
		v.grain, most = grainHalf, 2
	}
	ref := c.reference(r)
	y, stated := m.year()
	if stated && s.solar && y >= 1200 && y < 1500 {
		y += 621
	}
	if r.n > -50 { // the last, this, the next
		if ref.y == 0 || ref.m == 0 {
			if ref.grain == v.grain && ref.part > 0 {
				v.y, v.part = ref.y, ref.part
			}
			return
		}
		months := 3
		if r.op == opHalf {
			months = 6
		}
		v.set(civil(ref.y, ref.m, 1).AddDate(0, months*int(r.n), 0), v.grain)
		v.relative = ref.relative
		return
	}
	if r.nth > 0 {
		v.part = min(r.nth, most)
	} else if e, ok := m.get(classNth, 0); ok && int(e.value) <= most {
		v.part = int(e.value)
	} else if e, ok := m.get(classN, 0); ok && e.value > 0 && int(e.value) <= most*100 {
		v.part = int(e.value) / 100
	}
	if v.part == 0 && c.period.grain == v.grain && r.anchor && stated {
		v.y, v.part, v.stated = y, c.period.part, true
		return
	}
	if stated {
		v.y, v.stated = y, true
		return
	}
	if v.part == 0 && c.period.grain == v.grain && r.anchor {
		v.y, v.part, v.stated = c.period.y, c.period.part, true
		return
	}
	if v.part == 0 && r.anchor && c.known && !c.narrative {
		v.set(c.day.AddDate(0, -3, 0), v.grain)
		return
	}
	if ref.y == 0 || v.part == 0 {
		return
	}
	v.y, v.relative = ref.y, ref.relative
	if ref.relative {
		months := 12 / most
		if first := (v.part-1)*months + 1; first > ref.m && !r.current && s.tense(m) != future {
			v.y-- // It has not begun.
		}
	}
}
