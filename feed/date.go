package feed

import (
	"strings"
	"time"

	"dateline/lang"
)

// date writes a date as the record has it. Feeds have dates of every sort; what
// programs write is read first, then what people do. Dates of 1970 and before
// are counters that were never set, and those far ahead are mistakes that would
// keep a page at the top for years.
func (in *input) date(s string) string {
	s = clean(s)
	if s == "" || len(s) > 200 {
		return ""
	}
	d, ok := lang.ParseDate(s)
	if !ok {
		d, ok = wordDate(s, in.doc.Language)
	}
	if !ok || d.Year <= 1970 {
		return ""
	}
	if d.Time(time.UTC).After(in.now.Add(48 * time.Hour)) {
		in.doc.warn(WarnFuture)
		return ""
	}
	return d.String()
}

func wordDate(s, language string) (lang.Date, bool) {
	// A wrong weekday, or one in another language than the rest.
	if _, rest, ok := strings.Cut(s, ","); ok {
		if d, ok := lang.ParseDate(strings.TrimSpace(rest)); ok {
			return d, true
		}
	}
	var tags []string
	if language != "" {
		tags = append(tags, language)
	}
	found := lang.FindDates(s, tags...)
	if len(found) == 0 {
		return lang.Date{}, false
	}
	return found[0].Date, true
}
