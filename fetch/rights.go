package fetch

import (
	"net/http"
	"slices"
	"strings"
)

// maxRights bounds a list of reservations, and maxRight one of them in bytes.
const (
	maxRights = 16
	maxRight  = 200
)

// Rights are the reservations of rights in a response's headers, to be kept
// with the record of what was fetched: what X-Robots-Tag says to everyone or
// to us ("noarchive"), TDM-Reservation and TDM-Policy ("tdm-reservation=1"),
// Content-Usage ("content-usage=train-ai=n"). They are in lower case, each
// once, in the order of this sentence, 16 at most. Nothing is judged here.
func Rights(h http.Header) []string {
	var list []string
	for _, line := range h.Values("X-Robots-Tag") {
		agent, rest, ok := strings.Cut(line, ":")
		if name := strings.ToLower(strings.TrimSpace(agent)); ok && !strings.ContainsAny(name, ", ") && !valued[name] {
			// The line is for one agent.
			if name != "dateline" && name != "*" {
				continue
			}
			line = rest
		}
		// A date has a comma in it, so this one stands whole.
		if strings.HasPrefix(strings.ToLower(strings.TrimSpace(line)), "unavailable_after") {
			list = addRight(list, clean(line))
			continue
		}
		for part := range strings.SplitSeq(line, ",") {
			list = addRight(list, clean(part))
		}
	}
	for _, name := range []string{"TDM-Reservation", "TDM-Policy", "Content-Usage"} {
		for _, v := range h.Values(name) {
			if strings.TrimSpace(v) != "" {
				list = addRight(list, right(strings.ToLower(name), v))
			}
		}
	}
	return list
}

// valued are the rules of X-Robots-Tag that have a colon of their own.
var valued = map[string]bool{
	"unavailable_after": true, "max-snippet": true, "max-image-preview": true, "max-video-preview": true,
}

// right is one reservation as the lists have it.
func right(key, value string) string { return key + "=" + clean(value) }

// clean is a stranger's text as it may be kept: printable ASCII in lower case,
// single spaces, not long.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f {
			return ' '
		}
		return r
	}, strings.ToLower(s))
	s = strings.Join(strings.Fields(s), " ")
	return strings.TrimSpace(s[:min(len(s), maxRight)])
}

func addRight(list []string, s string) []string {
	if s == "" || len(list) >= maxRights || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
