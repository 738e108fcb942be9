package lang

// parseOffset reads "+07:00", "+0700", "+07", "-5" or "+5:30" at s[i].
func parseOffset(s string, i int) (minutes, end int, ok bool) {
	sign := 1
	switch {
	case i < len(s) && s[i] == '+':
		i++
	case i < len(s) && s[i] == '-':
		sign = -1
		i++
	case hasAt(s, i, "−"):
		sign = -1
		i += len("−")
	default:
		return 0, i, false
	}
	value, digits, j := digitsAt(s, i)
	switch digits {
	case 1, 2:
		minutes, end = value*60, j
		if j < len(s) && s[j] == ':' {
			if v, n, k := digitsAt(s, j+1); n == 2 && v < 60 {
				minutes, end = minutes+v, k
			}
		}
	case 4:
		if value%100 > 59 {
			return 0, i, false
		}
		minutes, end = value/100*60+value%100, j
	default:
		return 0, i, false
	}
	if minutes > maxOffset {
		return 0, i, false
	}
	return sign * minutes, end, true
}

func hasAt(s string, i int, part string) bool {
	return i <= len(s) && len(s)-i >= len(part) && s[i:i+len(part)] == part
}

// digitsAt reads the ASCII digits at s[i], at most nine of which count.
func digitsAt(s string, i int) (value, digits, end int) {
	for end = i; end < len(s) && s[end]-'0' <= 9; end++ {
		if digits < 9 {
			value = value*10 + int(s[end]-'0')
		}
		digits++
	}
	return value, digits, end
}

// parseFraction reads ".123" or ",123" at s[i], to the nanosecond.
func parseFraction(s string, i int) (nano, end int) {
	if i+1 >= len(s) || s[i] != '.' && s[i] != ',' || s[i+1]-'0' > 9 {
		return 0, i
	}
	scale := 100_000_000
	for end = i + 1; end < len(s) && s[end]-'0' <= 9; end++ {
		nano += int(s[end]-'0') * scale
		scale /= 10
	}
	return nano, end
}

// zoneAt reads a zone at text[i] into the clock: an offset, or a known
// abbreviation in capitals, "GMT" and "UTC" with or without an offset. A bare
// offset with a minus is one only where it is written at once behind the time
// or has four digits; else it may be the end of a span of time.
func (f *dateFinder) zoneAt(i int, adjacent bool, c *clock) (end int, ok bool) {
	s := f.text
	if i >= len(s) {
		return i, false
	}
	if s[i] == '+' || s[i] == '-' || hasAt(s, i, "−") {
		minutes, end, ok := parseOffset(s, i)
		if !ok || end < len(s) && s[end]-'0' <= 9 {
			return i, false
		}
		if s[i] != '+' && !(end-i == 5 && s[end-3] != ':') && !(adjacent && (c.second > 0 || c.nano > 0 || f.whole)) {
			return i, false
		}
		if s[i] == '+' && end-i < 3 {
			return i, false
		}
		if c.zone != ZoneNone {
			// "GMT+0700" has been read whole, so this is something else.
			return i, false
		}
		c.zone, c.offset = ZoneOffset, minutes
		return end, true
	}
	if s[i] < 0x80 && (s[i] < 'A' || s[i] > 'Z') {
		return i, false
	}
	end, first := f.t.lookup(s, i, wordZone, true)
	w := f.t.find(first, wordZone)
	if w == nil || letterAt(s, end) {
		return i, false
	}
	for j := i; j < end; j++ {
		if 'a' <= s[j] && s[j] <= 'z' {
			return i, false
		}
	}
	if c.zone != ZoneNone {
		return end, true // "+07:00 (WIB)"; the offset is the plainer.
	}
	z := f.t.zones[w.value]
	c.zone, c.offset = z.zone, z.offset
	if z.zone == ZoneUTC {
		if minutes, e, ok := parseOffset(s, end); ok {
			c.zone, c.offset, end = ZoneOffset, minutes, e
		}
	}
	return end, true
}
