package web

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Ago is how long ago a time was, in words.
func (c *call) Ago(t time.Time) string {
	if t.IsZero() {
		return c.T("ago.never")
	}
	d := c.s.Now().Sub(t)
	if d < time.Second {
		return c.T("ago.now")
	}
	return c.T("ago", c.Span(d))
}

// Until is how long it is to a time.
func (c *call) Until(t time.Time) string {
	if d := t.Sub(c.s.Now()); d >= time.Second {
		return c.T("until", c.Span(d))
	}
	return c.T("until.now")
}

// Span is a length of time, in the unit that tells it best.
func (c *call) Span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return c.Count("span.second", int(d.Round(time.Second).Seconds()))
	case d < time.Hour:
		return c.Count("span.minute", int(d.Minutes()))
	case d < 48*time.Hour:
		return c.Count("span.hour", int(d.Hours()))
	}
	return c.Count("span.day", int(d.Hours()/24))
}

// spans are the lengths of time that a value of a date has, by its letters.
var spans = map[string]string{
	"Y": "year", "M": "month", "W": "week", "D": "day", "TH": "hour", "TM": "minute", "TS": "second",
}

// Day is the value of a date (see the record) as people write it, as far as it
// is a length of time, a part of a day or of a year, a weekday, a decade, a
// century or no day at all; else as it stands.
func (c *call) Day(value string) string {
	known := func(key, arg string) string {
		if key = "article.day." + key; c.s.texts.find(c.set.Language, key) == "" {
			return value
		}
		return c.T(key, arg)
	}
	if strings.HasSuffix(value, "_REF") {
		return known(value, "")
	}
	if length, ok := strings.CutPrefix(value, "P"); ok && length != "" {
		unit := strings.TrimLeft(length, "T")
		name := spans[length[:len(length)-len(unit)]+unit[max(0, len(unit)-1):]]
		if name == "" {
			return value
		}
		n := unit[:len(unit)-1]
		if n == "X" {
			return c.T("span."+name+".many", c.T("article.day.some"))
		}
		if number, err := strconv.Atoi(n); err == nil && number >= 0 {
			return c.Count("span."+name, number)
		}
		return value
	}
	if day, ok := strings.CutPrefix(value, "XXXX-WXX-"); ok {
		return known("every."+day, "")
	}
	if day, ok := strings.CutPrefix(value, "XXXX-"); ok && len(day) == len("01-02") && !strings.HasPrefix(day, "W") {
		return known("yearless", day)
	}
	if day, part, ok := strings.Cut(value, "T"); ok {
		return known(part, day)
	}
	if at := strings.LastIndexByte(value, '-'); at > 0 {
		return known(value[at+1:], value[:at])
	}
	switch _, err := strconv.ParseUint(value, 10, 16); {
	case err == nil && len(value) == len("199"):
		return known("decade", value)
	case err == nil && len(value) == len("19"):
		return known("century", value)
	}
	return value
}

// Bytes is a size on disk.
func (c *call) Bytes(n int64) string {
	for _, unit := range []struct {
		least int64
		name  string
	}{{1e12, "TB"}, {1e9, "GB"}, {1e6, "MB"}} {
		if n >= unit.least {
			v := float64(n) / float64(unit.least)
			decimals := 0
			if v < 10 {
				decimals = 1
			}
			return strings.Replace(strconv.FormatFloat(v, 'f', decimals, 64), ".", c.T("number.point"), 1) + " " + unit.name
		}
	}
	return c.Number(int(math.Ceil(float64(n)/1e3))) + " kB"
}
