package lang

import (
	"strings"
	"unicode"
)

// dateIn reports whether a part of a dateline is a date and nothing else, and
// returns it as printed. What it decides is only whether the part is a date:
// which day it is has to wait for the day of publication.
func (f *datelineFinder) dateIn(text string) (string, bool) {
	if len(text) > 60 {
		return "", false
	}
	digits, words := 0, 0
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}) {
		words++
		if strings.ContainsFunc(w, unicode.IsDigit) {
			digits++
		}
	}
	return text, digits > 0 && words <= 5
}
