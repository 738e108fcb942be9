package feed

import (
	"net/url"
	"strings"
)

// Bounds of an address that a link leads to. Those of real articles are far
// within: the longest seen have 12 segments, 6 parameters and 600 bytes.
const (
	maxSegments   = 15
	maxParameters = 10
)

// Endless tells an address that no page of news has, but that crawlers are led
// to without end: a path that goes in circles (/a/b/a/b/a/b). What is no
// address of http or https, or too long for one, is one too.
func Endless(address string) bool {
	u, err := url.Parse(address)
	if err != nil || len(address) > maxAddress || u.Scheme != "http" && u.Scheme != "https" {
		return true
	}
	return circles(pathOf(u))
}

// trap tells a link to what is Endless, grows parameters with every step, or is
// a day or month of a calendar. It is for what crawling finds: an outlet that
// lists such an address as its page knows better.
func trap(u *url.URL) bool {
	segments := pathOf(u)
	return len(u.String()) > maxAddress || len(segments) > maxSegments || circles(segments) || grown(u.RawQuery) || calendarPath(segments) || calendarQuery(segments, u.RawQuery)
}

func pathOf(u *url.URL) []string {
	return strings.FieldsFunc(u.Path, func(r rune) bool { return r == '/' })
}

// circles tells whether a run of segments comes three times in a row, or one
// segment four times at all. Figures may come again: /2024/01/01/01.
func circles(segments []string) bool {
	seen := map[string]int{}
	for i, s := range segments {
		if seen[s]++; seen[s] > 3 && !number(s) {
			return true
		}
		for n := 1; i+3*n <= len(segments); n++ {
			same := true
			for j := i; j < i+2*n && same; j++ {
				same = segments[j] == segments[j+n]
			}
			if same && !(n == 1 && number(s)) {
				return true
			}
		}
	}
	return false
}

// grown tells a query with many parameters, or with one of them three times.
func grown(query string) bool {
	if query == "" {
		return false
	}
	seen := map[string]int{}
	n := 0
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if n++; n > maxParameters {
			return true
		}
		if seen[name]++; seen[name] > 2 {
			return true
		}
	}
	return false
}

// calendarPath tells a path that ends in a day or a month, /2024/01/24 or
// /events/2024-01: what there was on that day, and a link to the next.
func calendarPath(segments []string) bool {
	n := len(segments)
	for _, s := range segments {
		if kind, _ := segmentKind(s); kind[0] == 'S' { // /why-the-river-keeps-rising/2024/01
			return false
		}
	}
	if n == 0 {
		return false
	}
	if last := segments[n-1]; len(last) > 4 && dateOnly(last) {
		return true
	}
	for k := 2; k <= 3 && k <= n; k++ {
		part := segments[n-k:]
		if len(part[0]) == 4 && dateOnly(strings.Join(part, "-")) {
			return true
		}
	}
	return false
}

// calendarQuery tells a query that has a date, or a year and a month, and
// nothing that could be a page's number or name.
func calendarQuery(segments []string, query string) bool {
	if query == "" || len(segments) > 0 && strings.Count(segments[len(segments)-1], "-") > 2 {
		return false
	}
	dates, years, months := 0, 0, 0
	for pair := range strings.SplitSeq(query, "&") {
		_, v, _ := strings.Cut(pair, "=")
		switch {
		case len(v) > 4 && dateOnly(v):
			dates++
		case year(v):
			years++
		case number(v) && len(v) <= 2:
			months++
		case number(v), len(v) > 12:
			return false
		}
	}
	return dates > 0 || years == 1 && months > 0
}

// dateOnly tells "2024-01", "2024-01-24", with hyphens or without.
func dateOnly(s string) bool {
	for i := range len(s) {
		if s[i] != '-' && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	part := strings.Split(s, "-")
	if len(part) == 1 && len(s) == 8 {
		part = []string{s[:4], s[4:6], s[6:]}
	}
	if len(part) < 2 || len(part) > 3 || !year(part[0]) {
		return false
	}
	for i, most := range []string{"12", "31"}[:len(part)-1] {
		p := part[i+1]
		if len(p) == 1 {
			p = "0" + p
		}
		if len(p) != 2 || p < "01" || p > most {
			return false
		}
	}
	return true
}

// year tells a year of the web, or one that a calendar without end leads to.
func year(s string) bool { return len(s) == 4 && number(s) && s >= "1900" && s < "2300" }

func number(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
