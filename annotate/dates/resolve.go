package dates

import (
	"strconv"
	"time"
)

// context is what the text and its publication tell about a date that is not
// complete.
type context struct {
	day       time.Time // of publication
	known     bool      // there is one
	changed   int       // days from then to the last change, within a week
	narrative bool      // the text tells of other times: dates follow each other
	last      value     // the last date in the text
	period    value     // the last quarter
	periodAt  int       // the sentence it stands in
	sentence  int       // the one at hand
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
		if unit < 0 || unit >= unitQuarter && n >= 1900*100 && n < 2060*100 && m.hasClass(classN) {
			return false // A year: "1988 quarter".
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
	if e, ok := m.get(classMod, 0); ok && v.mod == "" {
		v.mod = mods[e.value]
	}
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
	for _, c := range []class{classClock, classDotClock, classClock4, classHour} {
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

// follow puts the end of a range behind its beginning, where either is told
// without its year.
func (m *match) follow(from *value) {
	v := &m.value
	if v.grain != grainDay || from.grain != grainDay || !v.relative || !from.relative || v.y == 0 || from.y == 0 || v.bc || v.text != "" || from.text != "" {
		return
	}
	day, first := civil(v.y, v.m, v.d), civil(from.y, from.m, from.d)
	switch {
	case !day.Before(first) || m.rule.op != opDate:
	case m.hasClass(classWeekday) && !m.hasClass(classMonth) && !m.hasClass(classDay):
		w := v.weekday
		v.set(day.AddDate(0, 0, 7), grainDay)
		v.weekday = w
	case m.hasClass(classMonth) && from.m > v.m && day.AddDate(1, 0, 0).Day() == v.d:
		v.y++
	}
}
