package lang

import "strings"

// dateIn reports whether a part of a dateline is a date and nothing else, and
// returns it as printed. Datelines leave out the year, which is asked of dates
// in running text, so it is read with some year added: what counts here is
// that it is a date. Which day it is, the day of publication tells.
func (f *datelineFinder) dateIn(text string) (string, bool) {
	if len(text) > 60 || !strings.ContainsFunc(text, isDigitRune) {
		return "", false
	}
	if f.isDate(text, len(text)) || f.isDate(text+" 2024", len(text)) {
		return text, true
	}
	// "Monday (10/3)", "10.3.".
	day := strings.TrimRight(text, ").")
	if i := strings.LastIndexByte(day, '('); i >= 0 {
		day = day[i+1:]
	}
	for _, sign := range []string{"/", ".", "-"} {
		if strings.Contains(day, sign) && f.isDate(day+sign+"2024", len(day)) {
			return text, true
		}
	}
	return "", false
}

// isDate reports whether the first n bytes of s belong to one date, but for a
// word such as an article before it and marks after it.
func (f *datelineFinder) isDate(s string, n int) bool {
	for _, m := range FindDates(s, f.tag) {
		if m.Start <= 4 && len(strings.TrimRight(s[min(m.End, len(s)):], " .,)")) == 0 && m.End >= n-2 {
			return true
		}
	}
	return false
}

func isDigitRune(r rune) bool {
	f := phraseFold().rune(r)
	return f >= '0' && f <= '9'
}
