package lang

// Calendar is a calendar dates are written in.
type Calendar uint8

// The calendars that are read.
//
// Persian is the Solar Hijri calendar of Iran and Afghanistan. Islamic is the
// Lunar Hijri calendar by its arithmetic (civil, tabular) form: where months
// begin by sight of the moon or by the tables of Umm al-Qura, the day may be
// one off, two at most. Buddhist and ROC (Minguo) count other years of the
// Gregorian calendar, and Era those of a reign.
const (
	Gregorian Calendar = iota
	Persian
	Islamic
	Buddhist
	ROC
	Era
)

var calendarNames = [...]string{"gregorian", "persian", "islamic", "buddhist", "roc", "era"}

// String returns the calendar's name in lower case.
func (c Calendar) String() string {
	if int(c) < len(calendarNames) {
		return calendarNames[c]
	}
	return "unknown"
}

// calendarByName returns the calendar of that name.
func calendarByName(name string) (Calendar, bool) {
	for i, n := range calendarNames {
		if n == name {
			return Calendar(i), true
		}
	}
	return 0, false
}

// Days are counted from 1 January 1970, day 0.

// toGregorian converts a date of the calendar; month or day 0 means it is not
// known. It reports false for a date that does not exist. Where the day is not
// known, the month and year are those of the month's or year's first day.
func (c Calendar) toGregorian(year, month, day int) (y, m, d int, ok bool) {
	if year < 1 || year > 9999 || month < 0 || month > 12 || day < 0 || month == 0 && day > 0 {
		return 0, 0, 0, false
	}
	var first int // the day of the month's first
	var length int
	switch c {
	case Persian:
		if year < 700 || year > 2300 {
			return 0, 0, 0, false
		}
		first = persianDay(year, max(month, 1), 1)
		length = persianMonthDays(year, max(month, 1))
	case Islamic:
		first = islamicDay(year, max(month, 1), 1)
		length = 30 // As observed, any month can have 30 days.
	default:
		switch c {
		case Buddhist:
			year -= 543
		case ROC:
			year += 1911
		}
		y, m, d = year, month, day
		ok = y >= minYear && y <= maxYear && (d == 0 || d <= gregorianMonthDays(y, m))
		return y, m, d, ok
	}
	if day > length {
		return 0, 0, 0, false
	}
	y, m, d = gregorianFromDay(first + max(day, 1) - 1)
	if day == 0 {
		d = 0
	}
	if month == 0 {
		m = 0
	}
	return y, m, d, y >= minYear && y <= maxYear
}

// gregorianDay and gregorianFromDay are days_from_civil and civil_from_days
// of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013): a
// year begins in March, so that the leap day is its last.
func gregorianDay(y, m, d int) int {
	if m <= 2 {
		y--
	}
	era := floorDiv(y, 400)
	yoe := y - era*400
	doy := (153*((m+9)%12)+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return era*146097 + doe - 719468
}

func gregorianFromDay(day int) (y, m, d int) {
	day += 719468
	era := floorDiv(day, 146097)
	doe := day - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	y, m, d = yoe+era*400, mp+3, doy-(153*mp+2)/5+1
	if m > 12 {
		m -= 12
		y++
	}
	return y, m, d
}

func gregorianMonthDays(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// weekday is the day of the week of a day, 0 for Sunday.
func weekday(day int) int { return ((day+4)%7 + 7) % 7 }

// persianBreaks are the years at which the pattern of leap years, 33-year
// cycles of which the last is 29 or 37 years long, begins anew: Kazimierz M.
// Borkowski, "The Persian calendar for 3000 years", Earth, Moon, and Planets
// 74 (1996), 223-230.
var persianBreaks = [...]int{-61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210,
	1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456, 3178}

// persianYear returns the day in March on which the Persian year begins, and
// the number of years since the last leap year, 0 in a leap year.
func persianYear(jy int) (march, leap int) {
	gy := jy + 621
	leapJ := -14
	jp := persianBreaks[0]
	jump := 0
	for _, jm := range persianBreaks[1:] {
		jump = jm - jp
		if jy < jm {
			break
		}
		leapJ += jump/33*8 + jump%33/4
		jp = jm
	}
	n := jy - jp
	leapJ += n/33*8 + (n%33+3)/4
	if jump%33 == 4 && jump-n == 4 {
		leapJ++
	}
	leapG := gy/4 - (gy/100+1)*3/4 - 150
	march = 20 + leapJ - leapG
	if jump-n < 6 {
		n = n - jump + (jump+4)/33*33
	}
	leap = ((n+1)%33 - 1) % 4
	if leap == -1 {
		leap = 4
	}
	return march, leap
}

func persianDay(y, m, d int) int {
	march, _ := persianYear(y)
	return gregorianDay(y+621, 3, march) + (m-1)*31 - m/7*(m-7) + d - 1
}

func persianMonthDays(y, m int) int {
	switch {
	case m <= 6:
		return 31
	case m <= 11:
		return 30
	}
	if _, leap := persianYear(y); leap == 0 {
		return 30
	}
	return 29
}

// islamicDay is the tabular calendar with the civil epoch (16 July 622,
// Julian) and the leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29 of 30:
// E. M. Reingold and N. Dershowitz, "Calendrical Calculations", ch. 7.
func islamicDay(y, m, d int) int {
	const epoch = -492148 // 16 July 622
	return epoch - 1 + (y-1)*354 + floorDiv(3+11*y, 30) + 29*(m-1) + m/2 + d
}

// floorDiv divides by a positive b and rounds down.
func floorDiv(a, b int) int {
	if a < 0 {
		return -((b - 1 - a) / b)
	}
	return a / b
}

// Gregorian returns the Gregorian date of a date of the calendar; month or day
// 0 is not known. Where the day is not known, the result is the year and month
// of the first day of what is. It reports false for a date that does not exist.
func (c Calendar) Gregorian(year, month, day int) (Date, bool) {
	d, _, ok := inCalendar(c, year, month, day)
	return d, ok
}
