package figures

import (
	"strings"

	"dateline"
)

// currencyLen is the length of a code of ISO 4217. Its first two letters are
// the country's.
const currencyLen = 3

// currency chooses among the currencies that share a name ("pesos", "dollars"):
// that of the country of which the sentence speaks, else of the outlet's
// country, else the one marked with a star in the pack, else none.
func (s *scan) currency(f *figure) string {
	codes := f.unit.unit
	for _, m := range around(s.places, f) {
		if v, ok := m.Value.(*dateline.Place); ok {
			if c := currencyOf(codes, v.Country); c != "" {
				return c
			}
		}
	}
	if c := currencyOf(codes, s.d.Input.Country); c != "" {
		return c
	}
	if i := strings.IndexByte(codes, '*'); i >= 0 && i+1+currencyLen <= len(codes) {
		return codes[i+1 : i+1+currencyLen]
	}
	return ""
}

// currencyOf is the code of a list that is of a country; empty where none is.
func currencyOf(codes, country string) string {
	if len(country) != 2 {
		return ""
	}
	for i := 0; i+currencyLen <= len(codes); i++ {
		if codes[i] != '*' && (i == 0 || codes[i-1] == ' ' || codes[i-1] == '*') && strings.EqualFold(codes[i:i+2], country) {
			return codes[i : i+currencyLen]
		}
	}
	return ""
}

// currencies tells whether a pack names a currency, or several.
func currencies(codes string) bool {
	fields := strings.Fields(codes)
	for _, c := range fields {
		if len(fields) > 1 {
			c = strings.TrimPrefix(c, "*")
		}
		if len(c) != currencyLen {
			return false
		}
	}
	return len(fields) > 0
}
