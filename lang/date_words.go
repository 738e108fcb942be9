package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// monthRef is a month as written: a name with its meanings, or a number.
type monthRef struct {
	end   int
	first int32
	value int
}

// monthAt reads a month at text[i]: a name, two names of one month with a stroke
// between them, as where readers know it by either, or a number that a word
// says is a month's.
func (f *dateFinder) monthAt(i int) (monthRef, bool) {
	m, ok := f.oneMonthAt(i)
	if !ok || m.first == 0 {
		return m, ok
	}
	j := m.end
	if j < len(f.text) && f.text[j] == ' ' {
		j++
	}
	if j >= len(f.text) || f.text[j] != '/' {
		return m, true
	}
	if j++; j < len(f.text) && f.text[j] == ' ' {
		j++
	}
	if other, ok := f.oneMonthAt(j); ok && other.first != 0 {
		for w := m.first; w != 0; w = f.t.words[w].next {
			for v := other.first; v != 0; v = f.t.words[v].next {
				if a, b := &f.t.words[w], &f.t.words[v]; a.kind&f.months != 0 && b.kind&f.months != 0 && a.value == b.value && a.calendar == b.calendar {
					m.end = other.end
					return m, true
				}
			}
		}
	}
	return m, true
}

func (f *dateFinder) oneMonthAt(i int) (monthRef, bool) {
	if i >= len(f.text) {
		return monthRef{}, false
	}
	if f.t.digitLead[f.text[i]] {
		if n, ok := f.number(i); ok && n.digits <= 2 && n.value >= 1 && n.value <= 12 {
			j := n.end
			if j < len(f.text) && (f.text[j] == ' ' || f.text[j] == '-') {
				j++
			}
			if end, _ := f.t.lookup(f.text, j, wordMonthUnit, false); end > j {
				return monthRef{end: end, value: n.value}, true
			}
		}
	}
	end, first := f.t.lookup(f.text, i, f.months|wordMonthPrefix, false)
	if first == 0 {
		return monthRef{}, false
	}
	for m := first; f.t.has(m, f.months); m = f.t.words[m].next {
		if w := &f.t.words[m]; w.kind == wordMonth || w.kind == wordRareMonth && f.rank(w) < rankNever {
			return monthRef{end: end, first: first}, true
		}
	}
	if !f.t.has(first, wordMonthPrefix) {
		return monthRef{}, false
	}
	n, ok := f.number(f.spaces(end))
	if !ok || n.digits > 2 || n.value < 1 || n.value > 12 {
		return monthRef{}, false
	}
	return monthRef{end: n.end, value: n.value}, true
}

// month passes over marks and at most two small words and reads the month
// behind them.
func (f *dateFinder) month(i int) (monthRef, bool) {
	for range 3 {
		i = f.seps(i)
		if m, ok := f.monthAt(i); ok {
			return m, true
		}
		end, first := f.t.lookup(f.text, i, wordFill|wordOrdinal, false)
		if first == 0 {
			break
		}
		i = end
	}
	return monthRef{}, false
}

// yearRef is a year as written, with the era beside it.
type yearRef struct {
	number
	era  *eraInfo
	stop int  // where the year ends with its era
	weak bool // of two digits
}

// year passes over marks and at most two small words and reads the year behind
// them. A year of two digits counts where a hyphen, a stroke or an apostrophe
// announces it, and where years are of the Buddhist era, which are often so.
func (f *dateFinder) year(i int) (yearRef, bool) {
	var y yearRef
	for range 4 {
		from := i
		i = f.seps(i)
		if n, ok := f.number(i); ok {
			y.number = n
			short := i > from && (f.text[i-1] == '-' || f.text[i-1] == '\'' || f.text[i-1] == '/') || i > 3 && f.text[i-3:i] == "’"
			switch {
			case n.digits == 4, y.era != nil && n.digits <= 4:
			case n.digits == 2 && (short || f.whole || n.value >= leastBuddhist && f.prefers(Buddhist) && !f.counts(i, n.end)) && !hasAt(f.text, n.end, ":"):
				y.weak = true
			default:
				return y, false
			}
			if !f.endsNumber(n.end) {
				return y, false
			}
			f.eraAfter(&y)
			return y, true
		}
		end, first := f.t.lookup(f.text, i, wordFill|wordEraBefore, false)
		if first == 0 {
			return y, false
		}
		if w := f.t.find(first, wordEraBefore); w != nil {
			y.era = &f.t.eras[w.value]
		}
		i = end
	}
	return y, false
}

// counts tells whether the number of two digits behind a month counts what the
// next word says. A year of two digits stands behind the month's abbreviation,
// or at the end.
func (f *dateFinder) counts(start, end int) bool {
	month := strings.TrimRight(f.text[:start], " \u00a0")
	next, _ := utf8.DecodeRuneInString(strings.TrimLeft(f.text[end:], " \u00a0"))
	return !strings.HasSuffix(month, ".") && unicode.IsLetter(next)
}

// eraAfter reads the era or the word for year behind a year.
func (f *dateFinder) eraAfter(y *yearRef) {
	y.stop = y.end
	i := f.spaces(y.end)
	end, first := f.t.lookup(f.text, i, wordEraAfter, false)
	w := f.t.find(first, wordEraAfter)
	if w == nil {
		return
	}
	// A single Latin letter is an era in capitals only.
	if end-i == 1 && (f.text[i] < 'A' || f.text[i] > 'Z') {
		return
	}
	if y.era == nil {
		y.era = &f.t.eras[w.value]
		y.stop = end
	}
}

// endsNumber reports whether a number that ends at text[i] is not the
// beginning of a longer one.
func (f *dateFinder) endsNumber(i int) bool {
	if i >= len(f.text) {
		return true
	}
	switch f.text[i] {
	case '.', ',':
		_, ok := f.number(i + 1)
		return !ok || f.whole
	case '%':
		return false
	}
	_, ok := f.number(i)
	return !ok
}

// spaces passes over at most two spaces.
func (f *dateFinder) spaces(i int) int {
	for range 2 {
		if i < len(f.text) && f.text[i] == ' ' {
			i++
		} else if i+1 < len(f.text) && f.text[i] == 0xc2 && f.text[i+1] == 0xa0 {
			i += 2
		}
	}
	return i
}

// ordinal passes over the ending of an ordinal number: "24th", "24-én".
func (f *dateFinder) ordinal(i int) int {
	if end, first := f.t.lookup(f.text, i, wordOrdinal|wordDay, false); first != 0 {
		return end
	}
	if i < len(f.text) && (f.text[i] == '-' || f.text[i] == '(') {
		if end, first := f.t.lookup(f.text, i+1, wordOrdinal, false); first != 0 {
			if end < len(f.text) && f.text[end] == ')' {
				end++
			}
			return end
		}
	}
	return i
}

// dayFirst reads "24 January 2024".
func (f *dateFinder) dayFirst(n number) (found, bool) {
	m, ok := f.month(f.ordinal(n.end))
	if !ok {
		return found{}, false
	}
	y, ok := f.year(m.end)
	if !ok {
		return found{}, false
	}
	return f.named(n.start, y.stop, y, m, n.value)
}

// yearFirst reads "2024 January 24", "2024年1月24日" and "2024. gada 24.
// janvāris".
func (f *dateFinder) yearFirst(n number, floor int) (found, bool) {
	y := yearRef{number: n, stop: n.end}
	start := n.start
	i := f.spaces(n.end)
	unit := false
	if i < len(f.text) && f.text[i] == '-' {
		i++
	}
	if end, first := f.t.lookup(f.text, i, wordYear, true); first != 0 {
		i, unit = end, true
	} else if i = n.end; n.digits != 4 {
		return found{}, false
	}
	if end := f.spacesBefore(start, floor); unit || end > floor && f.text[end-1] >= utf8.RuneSelf {
		if s, first := f.wordBefore(end, floor, wordEraBefore); first != 0 {
			y.era = &f.t.eras[f.t.find(first, wordEraBefore).value]
			start = s
		}
	}
	if y.era == nil && n.digits != 4 {
		return found{}, false
	}
	if m, ok := f.month(i); ok {
		j := f.seps(m.end)
		if d, ok := f.dayNumber(j); ok {
			end := d.end
			if e, first := f.t.lookup(f.text, f.spaces(d.end), wordDay, false); first != 0 {
				end = e
			}
			// In "2023, May 5, 2024" the year belongs to something else.
			if _, ok := f.year(f.ordinal(end)); ok && !unit {
				return found{}, false
			}
			return f.named(start, end, y, m, d.value)
		}
		if unit {
			return f.named(start, m.end, y, m, 0)
		}
		return found{}, false
	}
	// A day before the month needs a word or a mark behind the year.
	j := f.seps(i)
	if !unit {
		k := j
		if end, first := f.t.lookup(f.text, j, wordFill, false); first != 0 {
			k = f.seps(end)
		} else if j == i || f.text[i] == ' ' {
			return found{}, false
		}
		j = k
	}
	d, ok := f.dayNumber(j)
	if !ok {
		return found{}, false
	}
	m, ok := f.month(f.ordinal(d.end))
	if !ok {
		return found{}, false
	}
	if _, ok := f.year(m.end); ok {
		return found{}, false
	}
	return f.named(start, m.end, y, m, d.value)
}

// dayNumber reads the number of a day.
func (f *dateFinder) dayNumber(i int) (number, bool) {
	n, ok := f.number(i)
	return n, ok && n.digits <= 2 && n.value >= 1 && n.value <= 32 && f.endsNumber(n.end)
}

// monthFirst reads "January 24, 2024" and "January 2024", looking back from
// the first number.
func (f *dateFinder) monthFirst(n number, floor int) (found, bool) {
	if n.digits == 3 || n.digits == 1 && n.value == 0 {
		return found{}, false
	}
	start, m, ok := f.monthBefore(n.start, floor)
	if !ok {
		return found{}, false
	}
	if n.digits == 4 {
		return f.monthYear(start, m, n, floor)
	}
	i := f.ordinal(n.end)
	if y, ok := f.year(i); ok {
		return f.named(start, y.stop, y, m, n.value)
	}
	// As C programs write it: "Jan 24 09:30:00 2024".
	c, ok := f.clockAfter(i)
	if !ok {
		return found{}, false
	}
	y, ok := f.year(c.end)
	if !ok || y.weak {
		return found{}, false
	}
	r, ok := f.named(start, y.stop, y, m, n.value)
	if !ok || !c.apply(&r.date) {
		return found{}, false
	}
	c.apply(&r.other)
	return r, true
}

// monthBefore looks back from text[i], over marks and a small word, for the
// name of a month.
func (f *dateFinder) monthBefore(i, floor int) (start int, m monthRef, ok bool) {
	// Most numbers have a word before them that is no month, so the search is
	// as short as the longest name: four words and a small one.
	j := i
	for range 4 {
		k := j - 1
		for k > floor && !utf8.RuneStart(f.text[k]) {
			k--
		}
		if k < floor || f.sepAt(k) != j-k {
			break
		}
		j = k
	}
	if !letterBefore(f.text, j) || j <= floor {
		return 0, m, false
	}
	for words := 0; words < 5 && j > floor; words++ {
		for j > floor && letterBefore(f.text, j) {
			_, size := utf8.DecodeLastRuneInString(f.text[:j])
			j -= size
			if i-j > 64 {
				return start, m, ok
			}
			if r, _ := utf8.DecodeRuneInString(f.text[j:]); unspaced(r) {
				if ref, found := f.monthAt(j); found && ref.first != 0 && f.reaches(ref.end, i) {
					start, m, ok = j, ref, true
				}
			}
		}
		if j < floor {
			break
		}
		if ref, found := f.monthAt(j); found && f.reaches(ref.end, i) {
			start, m, ok = j, ref, true
		} else if ok {
			break
		}
		// On to the word before, over one mark.
		k := j - 1
		for k > floor && !utf8.RuneStart(f.text[k]) {
			k--
		}
		if k <= floor || f.sepAt(k) == 0 || f.text[k] == ',' || !letterBefore(f.text, k) {
			break
		}
		j = k
	}
	return start, m, ok
}

// reaches reports whether only marks and at most one small word stand between
// text[i] and text[end].
func (f *dateFinder) reaches(i, end int) bool {
	i = f.seps(i)
	if i < end {
		e, first := f.t.lookup(f.text, i, wordFill, false)
		if first == 0 {
			return false
		}
		i = f.seps(e)
	}
	return i == end
}

// monthYear reads "January 2024". A word and a number are little to go by, so
// the word has to be a full name in a language that is asked for, and begin
// with a capital where that language's names do.
func (f *dateFinder) monthYear(start int, m monthRef, n number, floor int) (found, bool) {
	y := yearRef{number: n}
	f.eraAfter(&y)
	if m.first == 0 || !f.endsNumber(n.end) {
		return found{}, false
	}
	if n.end < len(f.text) && (f.text[n.end] == '-' || f.text[n.end] == '/') {
		return found{}, false
	}
	if i := f.spacesBefore(start, floor); i > floor {
		if c := f.text[i-1]; c < utf8.RuneSelf && ('0' <= c && c <= '9' || c == '.') {
			return found{}, false
		}
	}
	lower := 'a' <= f.text[start] && f.text[start] <= 'z'
	for w := m.first; w != 0; w = f.t.words[w].next {
		word := &f.t.words[w]
		if word.kind&f.months != 0 && word.wide && f.rank(word) <= rankAlways && !(lower && word.capital) {
			r, ok := f.named(start, y.stop, y, m, 0)
			return r, ok && r.date.Year >= 1800 && r.date.Year <= 2100
		}
	}
	return found{}, false
}

func (f *dateFinder) spacesBefore(i, floor int) int {
	for range 2 {
		if i > floor && f.text[i-1] == ' ' {
			i--
		}
	}
	return i
}
