package lang

import (
	"strings"
	"time"
)

// maxDateLen is the longest string ParseDate looks at; the longest date of a
// program is about 70 bytes.
const maxDateLen = 160

// ParseDate reads a date as programs write it, in meta tags, structured data,
// datetime attributes and HTTP headers: ISO 8601 in the forms that are met
// with (with or without T, zone, fraction, hyphens and colons; week and
// ordinal dates), RFC 822, 850, 1123 and asctime, JavaScript's and Go's
// strings, and seconds or milliseconds since 1970. Other dates are read as
// [FindDates] reads them if they take up the whole string and cannot mean
// another date: "24.01.2024 09:30", "01/24/2024", "Jan 24, 2024 9:30 AM EST",
// but not "01/02/2024". White space and quotes around it and a remark in
// brackets behind it are passed over.
func ParseDate(s string) (Date, bool) {
	s = strings.Trim(s, " \t\r\n\"'\u00a0\ufeff")
	if len(s) < 4 || len(s) > maxDateLen {
		return Date{}, false
	}
	if _, digits, end := digitsAt(s, 0); end == len(s) || digits >= 9 {
		return parseStamp(s, digits, end)
	}
	if d, end, ok := parseISO(s); ok && isRemark(s[end:]) {
		return d, true
	}
	f := dateFinder{t: loadedDates(), text: s, months: wordMonth, whole: true}
	var buf [2]DateMatch
	m := f.scan(buf[:0])
	if len(m) == 1 && m[0].Start == 0 && !m[0].Ambiguous && isRemark(s[m[0].End:]) {
		return m[0].Date, true
	}
	return Date{}, false
}

// isRemark reports whether nothing but marks and brackets is left.
func isRemark(s string) bool {
	for s != "" {
		switch c := s[0]; c {
		case ' ', '.', ',', ';', 'Z':
			s = s[1:]
		case '[', '(':
			end := strings.IndexByte(s, ']'-('['-c))
			if c == '(' {
				end = strings.IndexByte(s, ')')
			}
			if end < 0 {
				return false
			}
			s = s[end+1:]
		default:
			return false
		}
	}
	return true
}

// parseStamp reads digits only: a compact date, or a time since 1970.
func parseStamp(s string, digits, end int) (Date, bool) {
	rest := s[end:]
	if rest != "" && digits != 10 {
		return Date{}, false
	}
	switch digits {
	case 4:
		y, _, _ := digitsAt(s, 0)
		d := Date{Year: y}
		return d, d.Valid()
	case 8, 12, 14:
		return compactDate(s)
	case 10:
		if rest == "" {
			if d, ok := compactDate(s); ok && d.Year >= 1990 && d.Year <= 2099 {
				return d, true
			}
		}
		sec := longDigits(s[:10])
		nano, e := parseFraction(s, 10)
		if e != len(s) {
			return Date{}, false
		}
		return unixDate(time.Unix(sec, int64(nano)))
	case 13:
		ms := longDigits(s)
		return unixDate(time.UnixMilli(ms))
	case 16:
		us := longDigits(s)
		return unixDate(time.UnixMicro(us))
	}
	return Date{}, false
}

// longDigits is the value of at most 18 ASCII digits.
func longDigits(s string) (n int64) {
	for i := range len(s) {
		n = n*10 + int64(s[i]-'0')
	}
	return n
}

func unixDate(t time.Time) (Date, bool) {
	t = t.UTC()
	d := Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day(), HasTime: true,
		Hour: t.Hour(), Minute: t.Minute(), Second: t.Second(), Nanosecond: t.Nanosecond(), Zone: ZoneUTC}
	return d, d.Valid()
}

// compactDate reads YYYYMMDD and, if they are there, hours, minutes, seconds.
func compactDate(s string) (Date, bool) {
	d := Date{Year: int(longDigits(s[:4])), Month: int(longDigits(s[4:6])), Day: int(longDigits(s[6:8]))}
	var part [3]int
	for i := 0; 8+2*i < len(s); i++ {
		part[i] = int(longDigits(s[8+2*i : 10+2*i]))
	}
	if d.Month == 0 || d.Day == 0 || !d.Valid() {
		return Date{}, false
	}
	return d, len(s) == 8 || d.setClock(part[0], part[1], part[2], 0)
}

// parseISO reads a date of ISO 8601 at the beginning of s, which need not be
// all of it. What is no date of that form, or has more digits, is refused.
func parseISO(s string) (d Date, end int, ok bool) {
	y, n, i := digitsAt(s, 0)
	switch {
	case n == 8 && i < len(s) && (s[i]|0x20 == 't' || s[i] == ' ' || s[i] == '-'):
		if d, ok = compactDate(s[:8]); !ok {
			return d, 0, false
		}
	case n == 4 && i < len(s):
		d.Year = y
		hyphen := s[i] == '-'
		if hyphen {
			i++
		}
		if i < len(s) && s[i] == 'W' {
			d, i, ok = isoWeek(s, i+1, y, hyphen)
			if !ok {
				return d, 0, false
			}
			break
		}
		m, mn, j := digitsAt(s, i)
		switch {
		case !hyphen:
			return d, 0, false
		case mn == 3:
			if m < 1 || m > 366 {
				return d, 0, false
			}
			d.Year, d.Month, d.Day = gregorianFromDay(gregorianDay(y, 1, 1) + m - 1)
			if d.Year != y {
				return d, 0, false
			}
			i = j
		case mn != 2 || m < 1 || m > 12:
			return d, 0, false
		case j >= len(s) || s[j] != '-':
			d.Month = m
			return d, j, d.Valid()
		default:
			d.Month = m
			if d.Day, mn, i = digitsAt(s, j+1); mn != 2 || d.Day == 0 {
				return d, 0, false
			}
		}
	default:
		return d, 0, false
	}
	if !d.Valid() {
		return d, 0, false
	}
	if i >= len(s) || isRemark(s[i:]) {
		return d, i, true
	}
	if s[i]|0x20 != 't' && s[i] != ' ' && s[i] != '_' && s[i] != '-' {
		return d, 0, false
	}
	for i++; i < len(s) && s[i] == ' '; i++ {
	}
	f := dateFinder{t: loadedDates(), text: s, months: wordMonth, whole: true}
	c, ok := f.clockISO(i)
	if !ok || !c.apply(&d) {
		return d, 0, false
	}
	return d, c.end, true
}

// isoWeek reads "W04-3", "W04" and "W043", with the day the week's first where
// none is stated.
func isoWeek(s string, i, year int, hyphen bool) (d Date, end int, ok bool) {
	v, n, end := digitsAt(s, i)
	week, day := v, 1
	switch {
	case n == 3 && !hyphen:
		week, day = v/10, v%10
	case n != 2:
		return d, i, false
	case hyphen && end < len(s) && s[end] == '-':
		if day, n, end = digitsAt(s, end+1); n != 1 {
			return d, i, false
		}
	}
	if week < 1 || week > 53 || day < 1 || day > 7 {
		return d, i, false
	}
	// The first week has the year's first Thursday, so 4 January is in it.
	fourth := gregorianDay(year, 1, 4)
	monday := fourth - (weekday(fourth)+6)%7
	d.Year, d.Month, d.Day = gregorianFromDay(monday + (week-1)*7 + day - 1)
	return d, end, d.Valid()
}

// clockISO reads a time as ISO 8601 writes it: "09:30:00.5+07:00", "093000Z",
// "09:30", "09".
func (f *dateFinder) clockISO(i int) (clock, bool) {
	s := f.text
	c := clock{start: i}
	v, n, j := digitsAt(s, i)
	switch n {
	case 6:
		c.hour, c.minute, c.second = v/10000, v/100%100, v%100
	case 4:
		c.hour, c.minute = v/100, v%100
	case 1, 2:
		c.hour = v
		if j >= len(s) || s[j] != ':' {
			if n == 1 || j < len(s) && s[j]|0x20 != 'z' && s[j] != '+' {
				return c, false
			}
			break
		}
		if c.minute, n, j = digitsAt(s, j+1); n != 2 {
			return c, false
		}
		if j < len(s) && s[j] == ':' {
			if c.second, n, j = digitsAt(s, j+1); n != 2 {
				return c, false
			}
		}
	default:
		return c, false
	}
	c.nano, c.end = parseFraction(s, j)
	if c.hour > 24 || c.minute > 59 || c.second > 60 {
		return c, false
	}
	f.zoneISO(&c)
	return c, true
}

// zoneISO reads the zone behind a time of ISO 8601.
func (f *dateFinder) zoneISO(c *clock) {
	s := f.text
	i := c.end
	if i < len(s) && s[i]|0x20 == 'z' && !letterAt(s, i+1) {
		c.zone, c.end = ZoneUTC, i+1
		return
	}
	i = f.spaces(i)
	if minutes, end, ok := parseOffset(s, i); ok && (end >= len(s) || s[end]-'0' > 9) && (i == c.end || f.whole) {
		c.zone, c.offset, c.end = ZoneOffset, minutes, end
		// "+0000 UTC", as Go writes it, with the monotonic clock even.
		if e, ok := f.zoneAt(f.spaces(end), false, c); ok && f.whole {
			c.end = e
		}
		return
	}
	// A plus that was taken for an encoded space on the way.
	if f.whole && i == c.end+1 && len(s)-i == 5 && s[i+2] == ':' {
		h, n, _ := digitsAt(s, i)
		m, k, _ := digitsAt(s, i+3)
		if n == 2 && k == 2 && h <= 14 && m < 60 {
			c.zone, c.offset, c.end = ZoneOffset, h*60+m, len(s)
			return
		}
	}
	if e, ok := f.zoneAt(i, false, c); ok {
		c.end = e
	}
}
