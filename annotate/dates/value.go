package dates

import (
	"strconv"
	"time"
)

// grain is how precise a date is.
type grain uint8

const (
	grainNone grain = iota
	grainDay
	grainWeekend
	grainWeek
	grainMonth
	grainQuarter
	grainHalf
	grainSeason
	grainYear
	grainFiscal
	grainDecade
	grainCentury
)

// value is what a match means in its context.
type value struct {
	typ              string
	text             string // the value, where it is no date of the fields below
	grain            grain
	y, m, d          int  // 0 is not known; of a week or weekend its Monday or Saturday
	part             int  // of grainQuarter, grainHalf, grainSeason: which, from 1
	bc               bool // before Christ
	clock            string
	mod, quant, freq string
	weekday          int  // of a day that is not known otherwise
	stated           bool // the year was in the text
	relative         bool // it was reckoned from the day of publication
}

// write gives the value in TIMEX3's form.
func (v *value) write() string {
	if v.text != "" {
		return v.text
	}
	b := make([]byte, 0, 20)
	year := func() {
		switch {
		case v.y == 0:
			b = append(b, "XXXX"...)
		case v.bc:
			b = pad(append(b, "BC"...), v.y, 4)
		default:
			b = pad(b, v.y, 4)
		}
	}
	two := func(n int) {
		b = append(b, '-')
		if n == 0 {
			b = append(b, "XX"...)
		} else {
			b = pad(b, n, 2)
		}
	}
	switch v.grain {
	case grainDay:
		if v.y == 0 && v.m == 0 && v.d == 0 && v.weekday > 0 {
			b = append(b, "XXXX-WXX-"...)
			b = strconv.AppendInt(b, int64(v.weekday), 10)
			break
		}
		year()
		two(v.m)
		two(v.d)
	case grainWeek, grainWeekend:
		if v.y == 0 {
			b = append(b, "XXXX-WXX"...)
		} else {
			y, w := civil(v.y, v.m, v.d).ISOWeek()
			b = pad(b, y, 4)
			b = pad(append(b, "-W"...), w, 2)
		}
		if v.grain == grainWeekend {
			b = append(b, "-WE"...)
		}
	case grainMonth:
		year()
		two(v.m)
	case grainQuarter, grainHalf:
		year()
		b = append(b, '-', "QH"[v.grain-grainQuarter])
		if v.part == 0 {
			b = append(b, 'X')
		} else {
			b = strconv.AppendInt(b, int64(v.part), 10)
		}
	case grainSeason:
		year()
		b = append(append(b, '-'), seasons[v.part-1]...)
	case grainYear:
		year()
	case grainFiscal:
		b = append(b, "FY"...)
		year()
	case grainDecade:
		if v.y == 0 {
			b = append(b, "XXX"...)
			break
		}
		b = pad(b, v.y/10, 3)
	case grainCentury:
		if v.bc {
			b = append(b, "BC"...)
		}
		if v.y == 0 {
			b = append(b, "XX"...)
			break
		}
		b = pad(b, v.y/100, 2)
	}
	b = append(b, v.clock...)
	return string(b)
}

// pad appends n with at least width digits.
func pad(b []byte, n, width int) []byte {
	for p := 10; width > 1; width, p = width-1, p*10 {
		if n < p {
			for range width - 1 {
				b = append(b, '0')
			}
			break
		}
	}
	return strconv.AppendInt(b, int64(n), 10)
}

func civil(y, m, d int) time.Time {
	return time.Date(y, time.Month(max(m, 1)), max(d, 1), 0, 0, 0, 0, time.UTC)
}

// set makes the value the day of t, at a grain.
func (v *value) set(t time.Time, g grain) {
	y, m, d := t.Date()
	v.grain = g
	v.y, v.m, v.d = y, int(m), d
	switch g {
	case grainWeek, grainWeekend:
		// The Monday, or the Saturday, of its week.
		to := 1
		if g == grainWeekend {
			to = 6
		}
		v.set(t.AddDate(0, 0, to-isoWeekday(t)), grainDay)
		v.grain = g
	case grainMonth:
		v.d = 0
	case grainQuarter:
		v.part, v.m, v.d = (v.m+2)/3, 0, 0
	case grainHalf:
		v.part, v.m, v.d = (v.m+5)/6, 0, 0
	case grainSeason:
		if v.m <= 2 {
			v.y-- // Winter begins in December.
		}
		v.part = (v.m+9)%12/3 + 1
		v.m, v.d = 0, 0
	case grainYear, grainFiscal, grainDecade, grainCentury:
		v.m, v.d = 0, 0
	}
}

func isoWeekday(t time.Time) int {
	if d := int(t.Weekday()); d > 0 {
		return d
	}
	return 7
}

// valid tells whether the day exists.
func (v *value) valid() bool {
	switch v.grain {
	case grainDay:
		if v.m > 12 || v.d > 31 {
			return false
		}
		if v.m > 0 && v.d > 0 {
			y := v.y
			if y == 0 || v.bc {
				y = 2024
			}
			return civil(y, v.m, v.d).Day() == v.d
		}
	case grainMonth:
		return v.m <= 12
	}
	return true
}

// duration writes a length of time: n is in hundredths, or unknown.
func duration(n int32, unit int32) string {
	letters := [...]string{"T S", "T M", "T H", " D", " WE", " W", " W", " M", " Q", " H", " S", " Y", " Y", " CE", " ML"}
	l := letters[unit]
	b := []byte{'P'}
	if l[0] == 'T' {
		b, l = append(b, 'T'), l[1:]
	}
	l = l[1:]
	k := int64(n)
	switch unit {
	case unitFortnight:
		k *= 2
	case unitDecade:
		if n == unknown {
			l = "DE"
		}
		k *= 10
	case unitQuarter:
		if n != unknown {
			l, k = "M", k*3
		}
	}
	switch {
	case n == unknown:
		b = append(b, 'X')
	case k%100 == 0:
		b = strconv.AppendInt(b, k/100, 10)
	case k%100 == 50 && l == "Y":
		if k >= 100 {
			b = append(strconv.AppendInt(b, k/100, 10), 'Y')
		}
		b, l = append(b, '6'), "M"
	case k%100 == 50 && unit <= unitHour && unit > unitSecond:
		if k >= 100 {
			b = append(strconv.AppendInt(b, k/100, 10), l...)
		}
		b = append(b, "30"...)
		l = map[int32]string{unitHour: "M", unitMinute: "S"}[unit]
	default:
		b = strconv.AppendFloat(b, float64(k)/100, 'f', -1, 64)
	}
	return string(append(b, l...))
}
