package dates

import (
	"strconv"
	"strings"
)

// holiday is a named day: of a month, of Easter, or a weekday of a month.
type holiday struct {
	month, day int
	easter     bool // day counts from Easter
	weekday    int  // day is which of the month, 5 the last
	part       string
}

var weekdayNames = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// parseHoliday reads "12-25", "easter -2", "11 thursday 4"; a part of the day
// may follow: "12-31 NI".
func parseHoliday(s string) (h holiday, ok bool) {
	f := strings.Fields(s)
	if n := len(f); n > 1 {
		for _, p := range parts {
			if f[n-1] == p {
				h.part = p
				f = f[:n-1]
				break
			}
		}
	}
	var err error
	switch len(f) {
	case 1:
		month, d, found := strings.Cut(f[0], "-")
		if h.month, err = strconv.Atoi(month); err != nil || !found {
			return h, false
		}
		h.day, err = strconv.Atoi(d)
		return h, err == nil && h.month >= 1 && h.month <= 12 && h.day >= 1 && h.day <= 31
	case 2:
		h.easter = true
		h.day, err = strconv.Atoi(f[1])
		return h, err == nil && f[0] == "easter"
	case 3:
		if h.month, err = strconv.Atoi(f[0]); err != nil || h.month < 1 || h.month > 12 {
			return h, false
		}
		for i, n := range weekdayNames {
			if f[1] == n {
				h.weekday = i + 1
			}
		}
		h.day, err = strconv.Atoi(f[2])
		return h, err == nil && h.weekday > 0 && h.day >= 1 && h.day <= 5
	}
	return h, false
}

// in gives the day in a year.
func (h holiday) in(year int) (month, day int) {
	switch {
	case h.easter:
		// Oudin's form of the Gregorian computus (1940).
		g, c := year%19, year/100
		k := (c - c/4 - (8*c+13)/25 + 19*g + 15) % 30
		i := k - k/28*(1-k/28*(29/(k+1))*((21-g)/11))
		j := (year + year/4 + i + 2 - c + c/4) % 7
		l := i - j
		m := 3 + (l+40)/44
		t := civil(year, m, l+28-31*(m/4)).AddDate(0, 0, h.day)
		return int(t.Month()), t.Day()
	case h.weekday > 0:
		t := civil(year, h.month, 1)
		d := 1 + (h.weekday-isoWeekday(t)+7)%7 + 7*(h.day-1)
		for civil(year, h.month, d).Day() != d {
			d -= 7
		}
		return h.month, d
	}
	return h.month, h.day
}

// holiday gives the value of a named day.
func (s *scan) holiday(c *context, m *match, v *value, i int) bool {
	h := s.holidays[i]
	v.grain = grainDay
	if h.part != "" {
		v.clock, v.typ = "T"+h.part, "TIME"
	}
	if v.y > 0 {
		v.m, v.d = h.in(v.y)
		return true
	}
	if !h.easter && h.weekday == 0 {
		v.m, v.d = h.month, h.day
		s.guessYear(c, m, v, 0)
		return true
	}
	ref := c.reference(m.rule)
	if ref.y == 0 || ref.bc {
		if h.weekday > 0 {
			v.m = h.month
		}
		return true
	}
	v.y, v.relative = ref.y, ref.relative
	v.m, v.d = h.in(v.y)
	if ref.relative {
		gap := int(civil(v.y, v.m, v.d).Sub(c.day).Hours() / 24)
		switch t := s.tense(m); {
		case gap > 0 && t == past || gap > 240 && t == noTense:
			v.y--
		case gap < 0 && t == future || gap < -300 && t == noTense:
			v.y++
		}
		v.m, v.d = h.in(v.y)
	}
	return true
}

// holidayYear gives the named day before, in or after the year of reference.
func (s *scan) holidayYear(v *value, i int, ref value, n int32) {
	h := s.holidays[i]
	v.y = ref.y
	v.m, v.d = h.in(v.y)
	if ref.m == 0 {
		return
	}
	at, of := ref.m*100+ref.d, v.m*100+v.d
	switch {
	case n < 0 && of >= at:
		v.y--
	case n > 0 && of <= at:
		v.y++
	}
	v.m, v.d = h.in(v.y)
}
