package dates

import (
	"dateline/lang"
)

// What numbers in digits may be in a date. Values of dates are packed:
// year*10000 + month*100 + day, times hours*3600 + minutes*60 + seconds.

// digitsOf reads digits alone.
func digitsOf(s string) (n, digits int, ok bool) {
	if len(s) == 0 || len(s) > 6 {
		return 0, 0, false
	}
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 {
			return 0, 0, false
		}
		n = n*10 + int(c)
	}
	return n, len(s), true
}

// numberEntries adds what the number at token i may be.
func (s *scan) numberEntries(i int) {
	tok := &s.tokens[i]
	add := func(c class, v int, n int) {
		if s.uses[c] {
			s.entries = append(s.entries, tokenEntry{entry{class: c, value: int32(v)}, uint8(n)})
		}
	}
	v, digits, ok := digitsOf(tok.Fold)
	if !ok {
		s.dotted(i, add)
		return
	}
	s.joined(i, v, digits, add)
	if digits == 2 && i > 1 && s.joins(i-1) && isDash(s.tokens[i-1].Fold) {
		// "1915-16"
		if y, d, _ := digitsOf(s.tokens[i-2].Fold); d == 4 && y >= 1000 && y < 2200 && y%100 < v {
			add(classShort, y-y%100+v, 1)
		}
	}
	if i > 0 && !tok.Space && s.tokens[i-1].Kind == lang.Sign && s.joins(i-1) && i > 1 && s.tokens[i-2].Kind == lang.Number {
		// The end of figures that are joined is no day or year of its own,
		// but behind a dash: "3-5".
		switch s.tokens[i-1].Fold {
		case "/":
			if _, d, _ := digitsOf(s.tokens[i-2].Fold); d != 4 || digits != 4 { // "2018/2019"
				return
			}
		case ".", ",", ":":
			return
		}
	}
	if digits == 4 && v/100 < 24 && v%100 < 60 {
		add(classClock4, v/100*3600+v%100*60, 1)
	}
	ordinal := i+1 < len(s.tokens) && !s.tokens[i+1].Space && s.has(i+1, classOrdinal)
	switch {
	case digits <= 2:
		if v >= 1 && v <= 31 {
			add(classDay, v, 1)
			if ordinal {
				add(classDay, v, 2)
			}
		}
		if v <= 24 {
			add(classHour, v*3600, 1)
			s.hourWithLetter(i, v, add)
		}
		if digits == 2 && v%10 == 0 {
			century := 1900
			if v < 30 {
				century = 2000
			}
			add(classDecade, century+v, 1)
		}
		if digits == 2 && i > 0 && isApostrophe(s.tokens[i-1].Fold) && !tok.Space {
			add(classShort, fullYear(v), 1)
		}
	case digits == 4 && v >= 1000 && v < 2200:
		if s.yearAlone(i) {
			add(classYear, v, 1)
		}
		if v%10 == 0 {
			add(classDecade, v, 1)
		}
	}
	if ordinal && v > 0 {
		add(classNth, v, 2)
	}
}

func isDash(s string) bool { return s == "-" || s == "–" || s == "/" }

func isApostrophe(s string) bool { return s == "'" || s == "’" || s == "‘" }

func fullYear(y int) int {
	if y < 50 {
		return 2000 + y
	}
	return 1900 + y
}

// yearAlone tells whether four digits are not part of a longer name: "2012B",
// "555-2023".
func (s *scan) yearAlone(i int) bool {
	if i+1 < len(s.tokens) {
		if t := &s.tokens[i+1]; !t.Space && t.Kind == lang.Word && t.Case != lang.NoCase && !(t.Case == lang.Lower && t.End-t.Start <= 3 && s.tokens[i].Fold[3] == '0') && !isApostrophe(t.Fold[:1]) && t.Fold[0] != 0xe2 {
			return false
		}
	}
	if i > 1 && s.joins(i-1) && s.tokens[i-1].Kind == lang.Sign && s.tokens[i-2].Kind == lang.Number {
		_, digits, _ := digitsOf(s.tokens[i-2].Fold)
		return digits == 4
	}
	return true
}

// joins tells whether the sign joins the numbers on its sides.
func (s *scan) joins(i int) bool {
	return i > 0 && i+1 < len(s.tokens) && !s.tokens[i].Space && !s.tokens[i+1].Space
}

// figure is the number at token i that is joined to the sign before it.
func (s *scan) figure(i int) (v, digits int) {
	if i >= len(s.tokens) || s.tokens[i].Space || s.tokens[i].Kind != lang.Number {
		return 0, 0
	}
	v, digits, _ = digitsOf(s.tokens[i].Fold)
	return v, digits
}

// sign is the sign at token i where it joins numbers.
func (s *scan) sign(i int) string {
	if i >= len(s.tokens) || s.tokens[i].Space || s.tokens[i].Kind != lang.Sign {
		return ""
	}
	return s.tokens[i].Fold
}

// joined reads 9:30, 9:30:15, 24/1, 24/1/2024, 2024-01-24.
func (s *scan) joined(i, v, digits int, add func(class, int, int)) {
	sign := s.sign(i + 1)
	if sign == "" {
		return
	}
	if i > 0 && s.sign(i) == "" && !s.tokens[i].Space && s.tokens[i-1].Kind == lang.Sign {
		switch s.tokens[i-1].Fold {
		case "/", ":", "-", ".", "$", "#":
			return
		}
	}
	b, bd := s.figure(i + 2)
	if bd == 0 {
		return
	}
	switch sign {
	case ":", "∶":
		if bd != 2 || digits > 2 || v > 24 || b > 59 {
			return
		}
		if s.sign(i+3) == ":" {
			if c, cd := s.figure(i + 4); cd == 2 && c < 60 {
				add(classClock, v*3600+b*60+c, 5)
				return
			}
		}
		add(classClock, v*3600+b*60, 3)
	case "/", "-", ".":
		if s.sign(i+3) == sign {
			if c, cd := s.figure(i + 4); cd > 0 {
				s.three(v, b, c, digits, bd, cd, 5, add)
			}
			return
		}
		if sign == "/" && digits <= 2 && bd <= 2 {
			if day(v, b) {
				add(classDM, b*100+v, 3)
			}
			if day(b, v) {
				add(classMD, v*100+b, 3)
			}
		}
	}
}

func day(d, m int) bool { return d >= 1 && d <= 31 && m >= 1 && m <= 12 }

// three adds the dates that three numbers may be.
func (s *scan) three(a, b, c, ad, bd, cd, n int, add func(class, int, int)) {
	switch {
	case ad == 4 && bd <= 2 && cd <= 2 && day(c, b):
		add(classYMD, a*10000+b*100+c, n)
	case ad <= 2 && bd <= 2 && (cd == 4 || cd == 2):
		if cd == 2 {
			c = fullYear(c)
		}
		if day(a, b) {
			add(classDMY, c*10000+b*100+a, n)
		}
		if day(b, a) {
			add(classMDY, c*10000+a*100+b, n)
		}
	}
}

// dotted reads 9.30, 24.01., 24.01.2024, which are single tokens.
func (s *scan) dotted(i int, add func(class, int, int)) {
	f := s.tokens[i].Fold
	if len(f) > 10 {
		return
	}
	var v, d [3]int
	k := 0
	for j := range len(f) {
		c := f[j]
		switch {
		case c >= '0' && c <= '9':
			v[k] = v[k]*10 + int(c-'0')
			d[k]++
		case c == '.' && k < 2 && d[k] > 0:
			k++
		default:
			return
		}
	}
	switch {
	case d[k] == 0:
	case k == 2:
		s.three(v[0], v[1], v[2], d[0], d[1], d[2], 1, add)
	case k == 1:
		if d[0] <= 2 && d[1] == 2 && v[0] <= 24 && v[1] < 60 {
			add(classDotClock, v[0]*3600+v[1]*60, 1)
		}
		if d[0] <= 2 && d[1] <= 2 && day(v[0], v[1]) {
			add(classDM, v[1]*100+v[0], 1)
		}
	}
}

// hourWithLetter reads 9h30, 9h, 9 h 30 and 9 h.
func (s *scan) hourWithLetter(i, v int, add func(class, int, int)) {
	if i+1 >= len(s.tokens) || s.tokens[i+1].Kind != lang.Word {
		return
	}
	f := s.tokens[i+1].Fold
	if f[0] != 'h' || len(f) > 1 && s.tokens[i+1].Space {
		return
	}
	if len(f) == 1 {
		if i+2 < len(s.tokens) && s.tokens[i+2].Kind == lang.Number {
			if m, d, ok := digitsOf(s.tokens[i+2].Fold); ok && d == 2 && m < 60 {
				add(classClock, v*3600+m*60, 3)
			}
			return
		}
		add(classClock, v*3600, 2)
		return
	}
	if m, d, ok := digitsOf(f[1:]); ok && d == 2 && m < 60 {
		add(classClock, v*3600+m*60, 2)
	}
}

// wordYear reads years in words: "nineteen ninety-six". It returns 0 where
// the number words at i are none.
func (s *scan) wordYear(i int, century lang.NumberValue, n int) (year, m int) {
	if !century.Words || century.Scale || century.Value < 11 || century.Value > 20 || i+n >= len(s.tokens) || s.tokens[i+n].Kind != lang.Word {
		return 0, 0
	}
	rest, m := s.pack.NumberAt(s.text, s.tokens, i+n)
	if m == 0 || !rest.Words || rest.Scale || rest.Value < 10 || rest.Value > 99 || rest.Value == 100 {
		return 0, 0
	}
	return int(century.Value)*100 + int(rest.Value), n + m
}
