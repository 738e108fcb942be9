package lang

import (
	"cmp"
	"time"
)

// Date is a date, with the time of day where one is stated, as far as a page
// states it. It is of the proleptic Gregorian calendar whatever calendar it
// was written in. The zero Date is no date; Dates can be compared with ==,
// which asks whether the same was stated, not whether the moments are equal.
type Date struct {
	Year       int // 1000 to 2999
	Month      int // 1 to 12; 0 when only the year is stated
	Day        int // 1 to 31; 0 when only year and month are stated
	HasTime    bool
	Hour       int // 0 to 23
	Minute     int
	Second     int
	Nanosecond int
	Zone       Zone
	Offset     int // minutes east of UTC, for ZoneOffset
}

// Zone is how a date states its time zone.
type Zone uint8

// The ways to state a zone. ZoneUTC is "Z", "UTC" or "GMT"; ZoneOffset is an
// offset, or an abbreviation that stands for one.
const (
	ZoneNone Zone = iota
	ZoneUTC
	ZoneOffset
)

// The years that are taken for a date's. Outside lie misreadings and the
// zero times of programs.
const (
	minYear = 1000
	maxYear = 2999
)

// maxOffset is the largest offset, in minutes, a page may state. The largest
// in use are 14 hours east and 12 west.
const maxOffset = 18 * 60

// String writes the date as the article record has it: RFC 3339 with the zone
// that was stated, without zone where none was, and shorter where less is
// known: "2024-01-24T09:30:00+07:00", "2024-01-24T09:30:00", "2024-01-24",
// "2024-01", "2024". [ParseDate] reads it back to the same Date. The zero Date
// is the empty string.
func (d Date) String() string {
	if d.Year == 0 {
		return ""
	}
	var buf [40]byte
	return string(d.AppendText(buf[:0]))
}

// AppendText appends what [Date.String] returns.
func (d Date) AppendText(b []byte) []byte {
	b = appendPadded(b, d.Year, 4)
	if d.Month == 0 {
		return b
	}
	b = appendPadded(append(b, '-'), d.Month, 2)
	if d.Day == 0 {
		return b
	}
	b = appendPadded(append(b, '-'), d.Day, 2)
	if !d.HasTime {
		return b
	}
	b = appendPadded(append(b, 'T'), d.Hour, 2)
	b = appendPadded(append(b, ':'), d.Minute, 2)
	b = appendPadded(append(b, ':'), d.Second, 2)
	if d.Nanosecond > 0 {
		b = appendPadded(append(b, '.'), d.Nanosecond, 9)
		for b[len(b)-1] == '0' {
			b = b[:len(b)-1]
		}
	}
	switch d.Zone {
	case ZoneUTC:
		b = append(b, 'Z')
	case ZoneOffset:
		sign, offset := byte('+'), d.Offset
		if offset < 0 {
			sign, offset = '-', -offset
		}
		b = appendPadded(append(b, sign), offset/60, 2)
		b = appendPadded(append(b, ':'), offset%60, 2)
	}
	return b
}

// appendPadded appends n in decimal with at least width digits.
func appendPadded(b []byte, n, width int) []byte {
	var buf [20]byte
	i := len(buf)
	for n > 0 || width > 0 {
		i--
		buf[i] = byte('0' + n%10)
		n /= 10
		width--
	}
	return append(b, buf[i:]...)
}

// Valid reports whether the date exists and nothing is stated without what it
// depends on: no day without a month, no zone without a time.
func (d Date) Valid() bool {
	switch {
	case d.Year < minYear || d.Year > maxYear,
		d.Month < 0 || d.Month > 12,
		d.Month == 0 && d.Day != 0,
		d.Day < 0 || d.Day != 0 && d.Day > gregorianMonthDays(d.Year, d.Month),
		d.Day == 0 && d.HasTime:
		return false
	}
	if !d.HasTime {
		return d == Date{Year: d.Year, Month: d.Month, Day: d.Day}
	}
	return uint(d.Hour) < 24 && uint(d.Minute) < 60 && uint(d.Second) < 60 && uint(d.Nanosecond) < 1e9 &&
		d.Zone <= ZoneOffset && d.Offset >= -maxOffset && d.Offset <= maxOffset && (d.Zone == ZoneOffset || d.Offset == 0)
}

// Time returns the moment of the date, its first where the date is partial.
// A date without a zone is taken to be in loc; nil is UTC.
func (d Date) Time(loc *time.Location) time.Time {
	switch {
	case d.Zone == ZoneOffset:
		loc = time.FixedZone("", d.Offset*60)
	case d.Zone == ZoneUTC || loc == nil:
		loc = time.UTC
	}
	return time.Date(d.Year, time.Month(max(d.Month, 1)), max(d.Day, 1), d.Hour, d.Minute, d.Second, d.Nanosecond, loc)
}

// Compare orders dates by their moment, those without a zone as if in UTC and
// partial ones at their beginning. Of two at the same moment the one that
// states less is less. It returns -1, 0 or 1.
func (d Date) Compare(e Date) int {
	return cmp.Or(d.Time(nil).Compare(e.Time(nil)), cmp.Compare(d.precision(), e.precision()))
}

// Before reports whether d comes before e in the order of [Date.Compare].
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

func (d Date) precision() int {
	switch {
	case d.HasTime && d.Zone != ZoneNone:
		return 4
	case d.HasTime:
		return 3
	case d.Day > 0:
		return 2
	case d.Month > 0:
		return 1
	}
	return 0
}

// setClock states the time of day. It reports false, with d unchanged, for a
// time that does not exist. Midnight may be written as the end of the day, and
// a leap second is taken for the second before it.
func (d *Date) setClock(hour, minute, second, nano int) bool {
	if d.Day == 0 {
		return false
	}
	e := *d
	if hour == 24 && minute == 0 && second == 0 && nano == 0 {
		e.Year, e.Month, e.Day = gregorianFromDay(gregorianDay(d.Year, d.Month, d.Day) + 1)
		hour = 0
	}
	if second == 60 {
		second = 59
	}
	e.HasTime, e.Hour, e.Minute, e.Second, e.Nanosecond = true, hour, minute, second, nano
	if !e.Valid() {
		return false
	}
	*d = e
	return true
}
