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
// is a length of time or a part of a day; else as it stands.
func (c *call) Day(value string) string {
	if length, ok := strings.CutPrefix(value, "P"); ok && length != "" {
		unit := strings.TrimLeft(length, "T")
		n, err := strconv.Atoi(unit[:max(0, len(unit)-1)])
		if err != nil || n < 0 {
			return value
		}
		name := spans[length[:len(length)-len(unit)]+unit[len(unit)-1:]]
		if name == "" {
			return value
		}
		return c.Count("span."+name, n)
	}
	if day, part, ok := strings.Cut(value, "T"); ok {
		if text := c.s.texts.find(c.set.Language, "article.day."+part); text != "" {
			return c.T("article.day."+part, day)
		}
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
