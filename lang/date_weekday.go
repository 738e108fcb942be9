package lang

import "unicode/utf8"

// weekdayBefore looks for the name of a weekday that ends before text[i]. It
// returns where the name begins and its meanings.
func (f *dateFinder) weekdayBefore(i, floor int) (start int, first int32) {
	end := i
	for small := 0; ; small++ {
		for range 4 {
			size := f.gapBefore(end, floor)
			if size == 0 {
				break
			}
			end -= size
		}
		start, first = f.wordBefore(end, floor, wordWeekday|wordRareWeekday)
		if small == 1 {
			return start, first
		}
		// "Mittwoch, den 24. Januar": a small word may be in between, which
		// may be short for another language's weekday too.
		s, fill := f.wordBefore(end, floor, wordFill)
		if fill == 0 || s > start {
			return start, first
		}
		end = s
	}
}

// wordBefore finds the longest word of the kinds that ends at text[end]. A
// full stop after it has been passed over by the caller.
func (f *dateFinder) wordBefore(end, floor int, kinds wordKind) (start int, first int32) {
	start = end
	j, words, runes := end, 0, 0
	for range 40 {
		if j <= floor {
			break
		}
		r, size := utf8.DecodeLastRuneInString(f.text[floor:j])
		if r == utf8.RuneError {
			break
		}
		j -= size
		at := j <= floor || !letterBefore(f.text, j) || unspaced(r)
		if !at {
			continue
		}
		if letterAt(f.text, j) || j > floor && r > 0x2000 {
			if e, m := f.t.lookup(f.text, j, kinds, false); e == end {
				start, first = j, m
			}
		}
		if unspaced(r) {
			if runes++; runes > 20 {
				break
			}
		} else {
			// A word has ended; a name has at most four.
			if words++; words > 6 {
				break
			}
			if j <= floor || !joiner(f.text[j-1]) && f.text[j-1] < utf8.RuneSelf && f.text[j-1] != ' ' {
				break
			}
		}
	}
	return start, first
}

// joiner reports whether the byte joins the words of a name.
func joiner(c byte) bool { return c == '-' || c == '\'' }

// weekdayAfter looks for the name of a weekday that begins after text[i]. It
// returns where the name, with the bracket around it, ends.
func (f *dateFinder) weekdayAfter(i int) (end int, first int32) {
	bracket := false
	for range 4 {
		if i < len(f.text) && f.text[i] == '(' {
			bracket = true
			i++
			continue
		}
		if r, size := utf8.DecodeRuneInString(f.text[i:]); r == '（' {
			bracket = true
			i += size
			continue
		}
		size := f.sepAt(i)
		if size == 0 {
			break
		}
		i += size
	}
	end, first = f.t.lookup(f.text, i, wordWeekday|wordRareWeekday, false)
	if first == 0 {
		return i, 0
	}
	if bracket {
		if end < len(f.text) && f.text[end] == '.' {
			end++
		}
		r, size := utf8.DecodeRuneInString(f.text[end:])
		if r != ')' && r != '）' {
			return i, 0
		}
		end += size
	} else if end-i <= utf8.UTFMax && f.oneRune(i, end) {
		return i, 0 // A single letter is a weekday in brackets only.
	}
	return end, first
}

func (f *dateFinder) oneRune(i, end int) bool {
	_, size := utf8.DecodeRuneInString(f.text[i:])
	return i+size == end
}

// isWeekday reports whether one of the meanings is the weekday of the date.
func (f *dateFinder) isWeekday(d Date, m int32) bool {
	if m == 0 || d.Day == 0 {
		return false
	}
	day := uint8(weekday(gregorianDay(d.Year, d.Month, d.Day)))
	for ; m != 0; m = f.t.words[m].next {
		w := &f.t.words[m]
		if w.value == day && (w.kind == wordWeekday || w.kind == wordRareWeekday && f.rank(w) == rankAsked) {
			return true
		}
	}
	return false
}

// nearWeekday moves a date by up to two days to the weekday that is stated
// beside it: the arithmetic calendar is not always the one in use.
func (f *dateFinder) nearWeekday(d Date, before, after int32) Date {
	if d.Day == 0 || before == 0 && after == 0 {
		return d
	}
	for _, off := range [...]int{0, -1, 1, -2, 2} {
		e := d
		e.Year, e.Month, e.Day = gregorianFromDay(gregorianDay(d.Year, d.Month, d.Day) + off)
		if f.isWeekday(e, before) || f.isWeekday(e, after) {
			return e
		}
	}
	return d
}

// gapAt is the length of a mark or space at text[i] that may stand between a
// date and a time; more are allowed than within a date.
func (f *dateFinder) gapAt(i int) int {
	if size := f.sepAt(i); size > 0 || i >= len(f.text) {
		return size
	}
	r, size := utf8.DecodeRuneInString(f.text[i:])
	switch r {
	case '|', '(', ')', '[', ']', ';', ':', '@', '~', '*', '–', '—', '•', '∙', '●', '／', '（', '）', '｜', '：', '・', '»', '>', '،', '։', '՝':
		return size
	}
	return 0
}

// gapBefore is gapAt for the rune that ends at text[i].
func (f *dateFinder) gapBefore(i, floor int) int {
	if i <= floor {
		return 0
	}
	j := i - 1
	for j > floor && !utf8.RuneStart(f.text[j]) {
		j--
	}
	size := f.gapAt(j)
	if j+size != i {
		return 0
	}
	return size
}
