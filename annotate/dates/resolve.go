package dates

import (
	"strconv"
	"time"

	"dateline/lang"
)

// context is what the text and its publication tell about a date that is not
// complete.
type context struct {
	day       time.Time // of publication
	known     bool      // there is one
	narrative bool      // the text tells of other times: dates follow each other
	last      value     // the last date in the text
	period    value     // the last quarter
	periodAt  int       // the sentence it stands in
	sentence  int       // the one at hand
	first     int       // its first token
}

// reference is the day relative expressions are reckoned from; grainNone where
// there is none.
func (c *context) reference(r *rule) value {
	if (r.anchor || c.narrative) && c.last.grain != grainNone {
		return c.last
	}
	if !c.known || c.narrative {
		return value{}
	}
	var v value
	v.set(c.day, grainDay)
	v.relative = true
	return v
}

// resolve gives a match its value. It reports false for one that means
// nothing after all.
func (s *scan) resolve(c *context, m *match) bool {
	r := m.rule
	v := &m.value
	*v = value{typ: "DATE", mod: r.mod, quant: r.quant, freq: r.freq}
	ok := true
	switch r.op {
	case opDate, opRange:
		ok = s.date(c, m, v)
	case opTime:
		v.grain = grainDay
		if ref := c.reference(r); ref.grain == grainDay {
			v.y, v.m, v.d, v.relative = ref.y, ref.m, ref.d, ref.relative
		}
	case opShift:
		ok = s.shift(c, m, v)
	case opNear:
		s.near(c, m, v)
	case opQuarter, opHalf:
		s.quarter(c, m, v)
	case opDecade, opCentury:
		ok = s.decade(m, v)
	case opFiscal:
		v.grain = grainFiscal
		if y, ok := m.year(); ok {
			v.y, v.stated = y, true
		} else if ref := c.reference(r); ref.grain != grainNone {
			v.y = ref.y
			if r.n > -50 {
				v.y += int(r.n)
			}
		}
	case opDuration:
		v.typ = "DURATION"
		n, unit := s.amount(m)
		if r.count == 0 {
			n = r.n * 100
			if r.n == unknown {
				n = unknown
			}
		}
		if unit < 0 {
			return false
		}
		v.text = duration(n, unit)
	case opSet:
		s.recurring(m, v)
	case opRef:
		if r.ahead && (c.narrative || s.tense(m) == past) {
			return false
		}
		v.text = r.value
	case opValue:
		v.typ, v.text = r.typ, r.value
	}
	if !ok || !v.valid() {
		return false
	}
	s.clock(m, v)
	if r.part != "" && v.clock == "" {
		v.clock, v.typ = "T"+r.part, "TIME"
	}
	if r.typ != "" {
		v.typ = r.typ
	}
	return true
}

// year returns the year the match states.
func (m *match) year() (int, bool) {
	if e, ok := m.get(classYear, 0); ok {
		return int(e.value), true
	}
	if e, ok := m.get(classShort, 0); ok {
		return int(e.value), true
	}
	return 0, false
}

// amount returns the number, in hundredths, and the unit of a match.
func (s *scan) amount(m *match) (n, unit int32) {
	n, unit = 100, -1
	if e, ok := m.get(classN, 0); ok {
		n = e.value
		if _, ok := m.get(classN, 1); ok {
			n = unknown // "three to five"
		}
		if m.rule.half && n != unknown {
			n += 50 // "two and a half"
		}
	}
	if e, ok := m.get(classUnit, 0); ok {
		unit = e.value
	} else if e, ok := m.get(classPlural, 0); ok {
		n, unit = unknown, e.value
		if e, ok := m.get(classN, 0); ok {
			n = e.value
		}
	}
	if m.rule.unit != fromMatch {
		unit = m.rule.unit
	}
	return n, unit
}

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

// convert turns a date of another calendar into a Gregorian one.
func (v *value) convert(c lang.Calendar) bool {
	d, ok := c.Gregorian(v.y, v.m, v.d)
	if !ok {
		return false
	}
	v.y, v.m, v.d = d.Year, d.Month, d.Day
	return true
}

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
		case gap > 0 && t == past && !m.weakTense && (w.grain == grainDay || m.since):
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
		if e, ok := m.get(classWeekday, 0); ok && w.d > 0 && weekdayOf(e.value) != isoWeekday(civil(w.y, w.m, w.d)) {
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
		if gap > 0 {
			gap -= 7
		}
	}
	w := v.weekday
	v.set(day.AddDate(0, 0, gap), grainDay)
	v.weekday, v.relative = w, ref.relative
}

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
			if g == grainYear && unit == unitYear && n == 100 && sign < 0 && r.as != unitYear && c.period.grain == grainQuarter && c.sentence-c.periodAt <= 3 && m.rule.op == opShift && r.period {
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
	if e, ok := m.get(classNth, 0); ok && int(e.value) <= most {
		v.part = int(e.value)
	} else if e, ok := m.get(classN, 0); ok && e.value > 0 && int(e.value) <= most*100 {
		v.part = int(e.value) / 100
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
		if first := (v.part-1)*months + 1; first > ref.m && s.tense(m) != future {
			v.y-- // It has not begun.
		}
	}
}

// decade finds a decade or century.
func (s *scan) decade(m *match, v *value) bool {
	v.bc = m.hasClass(classBC)
	v.stated = true
	if m.rule.op == opDecade {
		v.grain = grainDecade
		for _, c := range []class{classDecade, classDecadeName, classYear, classShort} {
			if e, ok := m.get(c, 0); ok {
				v.y = int(e.value)
				if s.solar && v.y >= 1200 && v.y < 1450 {
					v.y = (v.y + 621) / 10 * 10
				}
				return v.y%10 == 0
			}
		}
		return false
	}
	v.grain = grainCentury
	n := 0
	if e, ok := m.get(classNth, 0); ok {
		n = int(e.value)
	} else if e, ok := m.get(classN, 0); ok {
		n = int(e.value / 100)
	}
	if n < 1 || n > 30 {
		return false
	}
	v.y = (n - 1) * 100
	if v.y == 0 {
		v.text = "00"
	}
	return true
}

// recurring makes a set's value.
func (s *scan) recurring(m *match, v *value) {
	v.typ = "SET"
	if v.text = m.rule.value; v.text != "" {
		if n, _ := s.amount(m); m.rule.times && n > 0 {
			v.freq = strconv.Itoa(int(n/100)) + "X"
		}
		return
	}
	if e, ok := m.get(classWeekday, 0); ok {
		v.text = "XXXX-WXX-" + string(rune('0'+weekdayOf(e.value)))
		if p, ok := m.get(classPart, 0); ok {
			v.text += "T" + parts[p.value]
		}
		return
	}
	if e, ok := m.get(classMonth, 0); ok {
		v.text = string(pad([]byte("XXXX-"), int(e.value), 2))
		if d, ok := m.get(classDay, 0); ok {
			v.text = string(pad([]byte(v.text+"-"), int(d.value), 2))
		}
		return
	}
	if e, ok := m.get(classSeason, 0); ok {
		v.text = "XXXX-" + seasons[e.value]
		return
	}
	if e, ok := m.get(classPart, 0); ok {
		v.text = "XXXX-XX-XXT" + parts[e.value]
		return
	}
	n, unit := s.amount(m)
	if unit < 0 {
		unit = unitDay
	}
	if m.rule.times {
		if n > 0 {
			v.freq = strconv.Itoa(int(n/100)) + "X"
		}
		n = 100
	}
	v.text = duration(n, unit)
}

// clock adds the time of day that the match states.
func (s *scan) clock(m *match, v *value) {
	if v.text != "" || v.grain != grainDay && v.grain != grainNone {
		return
	}
	seconds := -1
	for _, c := range []class{classClock, classDotClock, classHour} {
		if e, ok := m.get(c, 0); ok {
			seconds = int(e.value)
			break
		}
	}
	if e, ok := m.get(classN, 0); ok && seconds < 0 && m.rule.op == opTime && e.value > 0 && e.value <= 24*100 && e.value%100 == 0 {
		seconds = int(e.value) * 36 // "three o'clock"
	}
	if e, ok := m.get(classNth, 0); ok && seconds < 0 && m.rule.op == opTime && e.value <= 12 {
		seconds = int(e.value) * 3600
	}
	if e, ok := m.get(classNoon, 0); ok {
		seconds = int(e.value) * 60
	}
	if seconds < 0 {
		if e, ok := m.get(classPart, 0); ok {
			v.clock, v.typ = "T"+parts[e.value], "TIME"
		} else if e, ok := m.get(classWeekday, 0); ok && e.value>>partShift > 0 {
			v.clock, v.typ = "T"+parts[e.value>>partShift-1], "TIME"
		}
		return
	}
	if e, ok := m.get(classAmPm, 0); ok {
		switch hour := seconds / 3600; {
		case e.value == 0 && hour == 12:
			seconds -= 12 * 3600
		case e.value == 1 && hour < 12, e.value == 2 && hour < 12 && hour >= 4:
			seconds += 12 * 3600
		case e.value == 2 && hour == 12:
			seconds += 12 * 3600
		}
	}
	v.typ = "TIME"
	b := append(make([]byte, 0, 12), 'T')
	b = pad(b, seconds/3600, 2)
	b = pad(append(b, ':'), seconds/60%60, 2)
	if seconds%60 > 0 {
		b = pad(append(b, ':'), seconds%60, 2)
	}
	if e, ok := m.get(classZone, 0); ok {
		b = append(b, s.zones[e.value]...)
	}
	v.clock = string(b)
}
