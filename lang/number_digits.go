package lang

import (
	"strconv"
	"strings"
)

// decimalSign is the sign before tenths.
func (p *Pack) decimalSign() byte {
	if t := p.numberTable(); t != nil && (t.decimal == "." || t.decimal == ",") {
		return t.decimal[0]
	}
	return '.'
}

// groupsBySpace tells whether a space may part thousands.
func (p *Pack) groupsBySpace() bool {
	t := p.numberTable()
	return t != nil && strings.Contains(t.group, "space")
}

// ParseDigits reads a number in ASCII digits with signs between thousands and
// before tenths. Which is which the pack says, but where only one reading is
// possible that one is taken: "1,234,567" has thousands in every language.
func (p *Pack) ParseDigits(s string) (v float64, whole, ok bool) {
	if s == "" || s[0] < '0' || s[0] > '9' {
		return 0, false, false
	}
	decimal := p.decimalSign()
	var sep [2]byte // the different signs, in their order
	seps := 0
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
		case c == '.' || c == ',' || c == '\'' || c == 0xd9 || c == 0xab || c == 0xac:
			if c >= 0x80 {
				// The Arabic signs are two bytes: ٫ decimal, ٬ thousands.
				return p.ParseDigits(strings.NewReplacer("٫", string(decimal), "٬", "'").Replace(s))
			}
			if seps == 0 || sep[seps-1] != c {
				if seps == 2 {
					return 0, false, false
				}
				sep[seps] = c
				seps++
			}
		default:
			return 0, false, false
		}
	}
	group, dec := byte(0), byte(0)
	switch seps {
	case 1:
		c := sep[0]
		switch {
		case !grouped(s, c):
			if strings.Count(s, string(c)) > 1 {
				return 0, false, false // 24.1.2024, 1.2.3
			}
			dec = c
		case c == '\'', strings.Count(s, string(c)) > 1, c != decimal:
			group = c
		default:
			dec = c
		}
	case 2:
		group, dec = sep[0], sep[1]
		if i := strings.IndexByte(s, dec); !grouped(s[:i], group) || strings.Count(s, string(dec)) > 1 {
			return 0, false, false
		}
	}
	var buf [32]byte
	digits := buf[:0]
	for i := range len(s) {
		switch s[i] {
		case group:
		case dec:
			digits = append(digits, '.')
		default:
			digits = append(digits, s[i])
		}
	}
	if len(digits) > 24 {
		return 0, false, false
	}
	v, err := strconv.ParseFloat(string(digits), 64)
	return v, dec == 0, err == nil
}

// grouped tells whether s is one to three digits and then threes, parted by c,
// or a last three and twos before it.
func grouped(s string, c byte) bool {
	first, rest, ok := strings.Cut(s, string(c))
	if !ok || len(first) < 1 || len(first) > 3 || first == "0" || first[0] == '0' {
		return false
	}
	twos := len(first) <= 2 // "1,00,000" of India
	threes := true
	for ok {
		var g string
		g, rest, ok = strings.Cut(rest, string(c))
		threes = threes && len(g) == 3
		twos = twos && (len(g) == 2 && ok || len(g) == 3 && !ok)
	}
	return threes || twos
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
