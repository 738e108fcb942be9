package lang

import (
	"strings"
	"unicode/utf8"
)

// clock is a time of day in the text.
type clock struct {
	start, end                 int
	hour, minute, second, nano int
	zone                       Zone
	offset                     int
}

// apply states the time of a date; it reports false for an impossible one.
func (c *clock) apply(d *Date) bool {
	e := *d
	if !e.setClock(c.hour, c.minute, c.second, c.nano) {
		return false
	}
	e.Zone, e.Offset = c.zone, c.offset
	if !e.Valid() {
		return false
	}
	*d = e
	return true
}

// clockAfter reads the time that follows a date at text[i], over marks and
// small words: ", 9:30 am", " | 09.30 WIB", " klo 9.30", " 오후 3:30".
func (f *dateFinder) clockAfter(i int) (clock, bool) {
	announced := false
	for range 10 {
		if i >= len(f.text) {
			return clock{}, false
		}
		if f.t.digitLead[f.text[i]] {
			if n, ok := f.number(i); ok {
				return f.clockAt(n, true, announced, 0)
			}
		}
		if c := f.text[i]; c == 'T' && i > 0 && f.text[i-1]-'0' <= 9 {
			i++
			continue
		}
		if size := f.gapAt(i); size > 0 {
			i += size
			continue
		}
		end, first := f.t.lookup(f.text, i, wordAt|wordAM|wordPM|wordFill, false)
		if first == 0 {
			return clock{}, false
		}
		if f.t.has(first, wordAM|wordPM) && !f.t.has(first, wordAt|wordFill) {
			n, ok := f.number(f.spaces(end))
			if !ok {
				return clock{}, false
			}
			kind := wordAM
			if f.t.has(first, wordPM) {
				kind = wordPM
			}
			return f.clockAt(n, true, true, kind)
		}
		announced = announced || f.t.has(first, wordAt)
		i = end
	}
	return clock{}, false
}

// clockAlone reads a time that may belong to a date behind it.
func (f *dateFinder) clockAlone(n number, floor int) (clock, bool) {
	if n.digits > 2 || n.value > 24 || letterBefore(f.text, n.start) && n.zero == '0' {
		return clock{}, false
	}
	// Most numbers are no time, and the word before is looked for only where
	// one might be.
	c, sure := f.clockAt(n, false, false, 0)
	if !sure {
		if !f.markAt(n.end, '.', "．") {
			return c, false
		}
		if _, ok := f.clockAt(n, false, true, 0); !ok {
			return c, false
		}
	}
	end := n.start
	for range 2 {
		end -= f.gapBefore(end, floor)
	}
	start, first := f.wordBefore(end, floor, wordAM|wordPM|wordAt)
	var ok bool
	switch {
	case first == 0:
		return c, sure
	case f.t.has(first, wordAt):
		c, ok = f.clockAt(n, false, true, 0)
	case f.t.has(first, wordPM):
		c, ok = f.clockAt(n, false, false, wordPM)
	default:
		c, ok = f.clockAt(n, false, false, wordAM)
	}
	c.start = start
	return c, ok
}

// clockAt reads a time that begins with the number. After a date, "09.30" may
// be one, and anywhere if it is announced; half is the half of the day that
// stood before it.
func (f *dateFinder) clockAt(n number, after, announced bool, half wordKind) (clock, bool) {
	c := clock{start: n.start, end: n.end, hour: n.value}
	if n.digits > 2 || n.value > 24 {
		return c, false
	}
	sure := announced || half != 0 || f.dot // a point may separate hours and minutes
	switch i := n.end; {
	case f.markAt(i, ':', "："), f.markAt(i, '.', "．"):
		point := f.text[i] == '.' || strings.HasPrefix(f.text[i:], "．")
		j := i + 1
		if f.text[i] >= utf8.RuneSelf {
			j = i + 3
		}
		if !point && j < len(f.text) && f.text[j] == ' ' && half != 0 {
			j++
		}
		minute, ok := f.number(j)
		if !ok || minute.digits != 2 || minute.value > 59 {
			return c, false
		}
		c.minute, c.end = minute.value, minute.end
		if !f.seconds(&c, point) {
			return c, false
		}
		marked := f.afterClock(&c, &half)
		if point && !sure && !marked && !f.whole && !(after && n.digits == 2 && f.lineEnds(c.end)) {
			return c, false
		}
	default:
		if !f.clockUnits(&c) {
			// A bare hour needs its half of the day or the word "o'clock".
			from := c.end
			if f.afterClock(&c, &half); half == 0 {
				if _, first := f.t.lookup(f.text, f.spaces(from), wordOClock, false); first == 0 {
					return c, false
				}
			}
			break
		}
		f.afterClock(&c, &half)
	}
	return c, c.inHalf(half)
}

// lineEnds reports whether nothing follows that could make an amount of a
// number with a point: the text ends, or the part of a byline.
func (f *dateFinder) lineEnds(i int) bool {
	i = f.spaces(i)
	return i >= len(f.text) || strings.IndexByte("|)]\n", f.text[i]) >= 0
}

func (f *dateFinder) markAt(i int, ascii byte, wide string) bool {
	return i < len(f.text) && (f.text[i] == ascii || strings.HasPrefix(f.text[i:], wide))
}

// seconds reads the seconds and their fraction, if there are any. It reports
// false for a time that goes on as no time does.
func (f *dateFinder) seconds(c *clock, point bool) bool {
	i := c.end
	if i >= len(f.text) {
		return true
	}
	if mark := f.text[i]; mark == ':' || mark == '.' && point {
		n, ok := f.number(i + 1)
		if !ok {
			return true
		}
		if n.digits != 2 || n.value > 60 {
			return false
		}
		c.second, c.end = n.value, n.end
		c.nano, c.end = parseFraction(f.text, c.end)
	}
	return f.endsClock(c.end)
}

// endsClock reports whether the figures of a time end at text[i].
func (f *dateFinder) endsClock(i int) bool {
	if i >= len(f.text) {
		return true
	}
	switch f.text[i] {
	case '%':
		return false
	case ':', '.', '/', ',':
		_, ok := f.number(i + 1)
		return !ok
	}
	return true
}

// clockUnits reads a time with words behind its numbers: "9h30", "9時30分".
func (f *dateFinder) clockUnits(c *clock) bool {
	end, first := f.t.lookup(f.text, f.spaces(c.end), wordHour|wordDuration, true)
	if first == 0 || f.t.has(first, wordDuration) && !f.minutesFollow(end) {
		return false
	}
	next, ok := f.number(f.spaces(end))
	if !ok || next.digits > 2 || next.value > 59 {
		// "9horas", "3h ago".
		if f.text[end-1] < utf8.RuneSelf && (letterAt(f.text, end) || letterAt(f.text, f.spaces(end))) {
			return false
		}
		c.end = end
		return true
	}
	stop, unit := f.t.lookup(f.text, f.spaces(next.end), wordMinute, true)
	if unit == 0 {
		if next.digits != 2 || next.start > end+1 {
			c.end = end
			return true
		}
		c.minute, c.end = next.value, next.end
		return true
	}
	c.minute, c.end = next.value, stop
	last, ok := f.number(f.spaces(stop))
	if !ok || last.digits > 2 || last.value > 59 {
		return true
	}
	if stop, unit := f.t.lookup(f.text, f.spaces(last.end), wordSecond, true); unit != 0 {
		c.second, c.end = last.value, stop
	}
	return true
}

// minutesFollow reports whether a number of minutes stands at text[i].
func (f *dateFinder) minutesFollow(i int) bool {
	n, ok := f.number(f.spaces(i))
	if !ok {
		return false
	}
	_, first := f.t.lookup(f.text, f.spaces(n.end), wordMinute, true)
	return first != 0
}

// afterClock reads what follows a time: the half of the day, the word for the
// clock, the zone. It reports whether there was any.
func (f *dateFinder) afterClock(c *clock, half *wordKind) bool {
	any := false
	for range 3 {
		i := f.spaces(c.end)
		if i >= len(f.text) {
			break
		}
		bracket := f.text[i] == '('
		if bracket {
			i++
		}
		var end int
		if e, ok := f.zoneAt(i, i == c.end, c); ok {
			end = e
		} else {
			e, first := f.t.lookup(f.text, i, wordAM|wordPM|wordClock|wordOClock, false)
			if first == 0 || bracket {
				break
			}
			if f.t.has(first, wordAM|wordPM) && *half == 0 {
				*half = wordAM
				if f.t.has(first, wordPM) {
					*half = wordPM
				}
				if e < len(f.text) && f.text[e] == '.' && e-2 > i && f.text[e-2] == '.' {
					e++ // "a.m."
				}
			} else if !f.t.has(first, wordClock|wordOClock) {
				break
			}
			end = e
		}
		if bracket {
			if end >= len(f.text) || f.text[end] != ')' {
				break
			}
			end++
		}
		c.end, any = end, true
	}
	return any
}

// inHalf applies the half of the day to the hour.
func (c *clock) inHalf(half wordKind) bool {
	switch half {
	case wordAM:
		if c.hour == 12 {
			c.hour = 0
		}
	case wordPM:
		if c.hour < 12 {
			c.hour += 12
		}
	}
	return c.hour < 24 || c.minute == 0 && c.second == 0
}
