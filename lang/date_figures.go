package lang

import "strings"

// figures tries the dates that are figures only: "24.01.2024", "2024-01-24",
// "24/1/24", "24. 1. 2024". When it finds none, next is where the search goes
// on: behind figures that are joined and so cannot be parts of a date, or at
// n.end.
func (f *dateFinder) figures(n number) (m found, next int, ok bool) {
	sep, b, ok := f.joinedNumber(n)
	if !ok {
		return m, n.end, false
	}
	sep2, c, ok := f.joinedNumber(b)
	if !ok || sep2 != sep {
		if sep == '-' || sep == '/' {
			if b.end == f.clusterEnd(b) {
				// A range, "24-26 January 2024", of which the second part
				// may be read.
				return m, b.start, false
			}
		}
		if sep == '.' && b.start > n.end+1 {
			return m, n.end, false // A sentence ended.
		}
		return m, f.clusterEnd(b), false
	}
	if !f.endsFigures(c.end) || f.slashed(n.start) {
		return m, f.clusterEnd(c), false
	}
	m, ok = f.threeNumbers(n, b, c, sep)
	if !ok {
		return m, f.clusterEnd(c), false
	}
	if c.end < len(f.text) && (f.text[c.end] == 'T' || f.text[c.end] == 't') {
		clock, ok := f.clockISO(c.end + 1)
		if !ok || !clock.apply(&m.date) {
			return m, c.end, false
		}
		clock.apply(&m.other)
		m.end = clock.end
	}
	return m, 0, true
}

// joinedNumber reads the number that a hyphen, full stop or stroke joins to n;
// a full stop may have a space behind it, the others on both sides.
func (f *dateFinder) joinedNumber(n number) (sep byte, next number, ok bool) {
	i := n.end
	spaced := hasAt(f.text, i, " / ") || hasAt(f.text, i, " - ")
	if spaced {
		i++
	}
	if i+1 >= len(f.text) {
		return 0, n, false
	}
	sep = f.text[i]
	switch sep {
	case '-', '/', '.':
		i++
		if f.text[i] == ' ' && (sep == '.' || spaced) {
			i++
		}
	default:
		// Marks of other scripts for the same: a full-width or fraction
		// stroke, a non-breaking or proper hyphen, an Arabic date stroke.
		for _, mark := range [...]string{"／", "⁄", "‐", "‑", "؍", "．", "\u200f/"} {
			if strings.HasPrefix(f.text[i:], mark) {
				next, ok = f.number(i + len(mark))
				return '/', next, ok
			}
		}
		return 0, n, false
	}
	next, ok = f.number(i)
	return sep, next, ok && next.zero == n.zero
}

// endsFigures reports whether figures that end at text[i] are not the
// beginning of more.
func (f *dateFinder) endsFigures(i int) bool {
	if i >= len(f.text) {
		return true
	}
	c := f.text[i]
	switch {
	case c == 'T' || c == 't':
		_, ok := f.number(i + 1)
		return ok
	case 'a' <= c|0x20 && c|0x20 <= 'z', c == '%', c == '_':
		return false
	case c == '-' || c == '.' || c == '/' || c == ',':
		if i+1 >= len(f.text) {
			return true
		}
		if n, ok := f.number(i + 1); ok {
			return n.digits <= 2 && hasAt(f.text, n.end, ":") // a time
		}
		return c == '.' || c == ',' || !letterAt(f.text, i+1)
	}
	return true
}

// slashed reports whether the text before i makes figures part of an address.
func (f *dateFinder) slashed(i int) bool {
	if i == 0 {
		return false
	}
	c := f.text[i-1]
	return c == '/' || c == '.' || c == '-' && i > 1 && letterBefore(f.text, i-1)
}

// threeNumbers decides which of three numbers is what.
func (f *dateFinder) threeNumbers(a, b, c number, sep byte) (found, bool) {
	r := found{start: a.start, end: c.end}
	if b.digits > 2 {
		return r, false
	}
	y := yearRef{number: c, stop: c.end}
	switch {
	case a.digits == 4 || a.digits == 3 && c.digits == 2 && f.prefers(ROC):
		if c.digits > 2 {
			return r, false
		}
		y.number = a
		f.eraBeside(&y, &r)
		d, cal, ok := f.figureDate(y, b.value, c.value)
		r.date, r.calendar = d, cal
		return r, ok && c.value > 0 && b.value > 0
	case a.digits > 2:
		return r, false
	case c.digits == 4:
		f.eraBeside(&y, &r)
	case c.digits == 2:
		switch sep {
		case '.':
			if a.digits != 2 || b.digits != 2 {
				return r, false // A version.
			}
		case '-':
			if f.nlangs == 0 && !f.whole || a.digits != 2 || b.digits != 2 {
				return r, false
			}
		}
		if f.order == orderYMD || f.order == orderUnknown && a.value > 31 {
			y.number = a
			y.value = fullYear(a.value)
			d, cal, ok := f.figureDate(y, b.value, c.value)
			if ok && b.value > 0 && c.value > 0 {
				r.date, r.calendar = d, cal
				r.ambiguous = a.value <= 31 && a.value != c.value
				y.value = fullYear(c.value)
				if r.other, _, ok = f.figureDate(y, b.value, a.value); !ok || a.value == 0 {
					r.ambiguous = false
				}
				return r, true
			}
			y.number = c
		}
		y.value = fullYear(c.value)
	default:
		return r, false
	}
	if a.value == 0 || b.value == 0 {
		return r, false
	}
	dmy, cal, ok1 := f.figureDate(y, b.value, a.value)
	mdy, cal2, ok2 := f.figureDate(y, a.value, b.value)
	// With strokes and hyphens either may be first; points are used where the
	// day is.
	switch {
	case ok1 && ok2 && a.value != b.value:
		r.date, r.other, r.calendar = dmy, mdy, cal
		if f.order == orderMDY {
			r.date, r.other, r.calendar = mdy, dmy, cal2
		}
		r.ambiguous = !f.decisive || f.order == orderYMD || f.order == orderUnknown
		switch {
		case sep != '.':
		case f.order != orderMDY:
			r.ambiguous = false
		case !f.decisive:
			r.date, r.other, r.calendar, r.ambiguous = dmy, mdy, cal, true
		}
	case ok1:
		r.date, r.calendar = dmy, cal
	case ok2:
		r.date, r.calendar = mdy, cal2
	default:
		return r, false
	}
	return r, true
}

// eraBeside takes in an era that stands behind a date in figures.
func (f *dateFinder) eraBeside(y *yearRef, r *found) {
	z := yearRef{number: number{end: r.end}}
	if f.eraAfter(&z); z.era != nil {
		y.era, r.end = z.era, z.stop
	}
}

// prefers reports whether a language that is asked for uses the calendar.
func (f *dateFinder) prefers(c Calendar) bool {
	for _, have := range f.calendars {
		if have == c {
			return true
		}
	}
	return false
}
