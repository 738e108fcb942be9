package lang

// Which date is meant: of the meanings of a month's name, of the calendars a
// year may be of, of day and month.

// The years in which pages are dated, by which the calendar of a bare year is
// told: 1402 is not of the Gregorian calendar if a Persian page has it.
const (
	likelyFrom = 1900
	likelyTo   = 2060
)

// The ranks of a meaning, the lowest first; behind them come the languages in
// the order of how many people use them.
const (
	rankAsked  = 0
	rankAlways = 1
	rankOther  = 2
	rankNever  = 1 << 20
)

// rank is how likely a meaning is, by its language.
func (f *dateFinder) rank(w *word) int {
	for _, l := range f.langs[:f.nlangs] {
		if l == w.lang {
			return rankAsked
		}
	}
	switch {
	case w.kind == wordRareMonth:
		return rankNever
	case f.t.langs[w.lang].always:
		return rankAlways
	}
	return rankOther + int(w.lang)
}

// named makes the date of a month that is named, day 0 for none.
func (f *dateFinder) named(start, end int, y yearRef, m monthRef, day int) (found, bool) {
	r := found{start: start, end: end, partial: day == 0}
	switch {
	case y.weak && y.value >= leastBuddhist && f.prefers(Buddhist):
		y.value += 2500
	case y.weak:
		y.value = fullYear(y.value)
	}
	if m.first == 0 {
		d, c, ok := f.figureDate(y, m.value, day)
		r.date, r.calendar = d, c
		return r, ok
	}
	best, other := rankNever, rankNever
	bestWord := int32(0)
	for i := m.first; i != 0; i = f.t.words[i].next {
		w := &f.t.words[i]
		if w.kind&f.months == 0 {
			continue
		}
		rank := f.rank(w)
		if rank >= rankNever || best <= rank && (other <= rank || w.value == f.t.words[bestWord].value && w.calendar == f.t.words[bestWord].calendar) {
			continue
		}
		d, c, ok := f.monthDate(y, w, day)
		switch {
		case !ok:
		case d == r.date:
			best = min(best, rank)
		case rank < best:
			r.other, other = r.date, best
			r.date, r.calendar, best, bestWord = d, c, rank, i
		case rank < other:
			r.other, other = d, rank
		}
	}
	r.ambiguous = r.other != Date{} && (best >= rankOther || other == best)
	return r, best < rankNever
}

// monthDate is the date of one meaning of a month's name.
func (f *dateFinder) monthDate(y yearRef, w *word, day int) (Date, Calendar, bool) {
	switch {
	case w.calendar != Gregorian:
		if y.value < 1200 || y.value > 1600 {
			return Date{}, 0, false
		}
		if y.era != nil && y.era.calendar != w.calendar && y.era.calendar != Gregorian {
			// The sign for "Hijri" serves both.
			if y.era.calendar != Islamic || w.calendar != Persian {
				return Date{}, 0, false
			}
		}
		return inCalendar(w.calendar, y.value, int(w.value), day)
	case y.era != nil && y.era.calendar != Persian && y.era.calendar != Islamic:
		return inCalendar(y.era.calendar, y.value+y.era.offset, int(w.value), day)
	}
	return inCalendar(solar(y.value), y.value, int(w.value), day)
}

// solar tells years of the Buddhist era from those of the common one.
func solar(year int) Calendar {
	if year-543 >= likelyFrom && year-543 <= likelyTo {
		return Buddhist
	}
	return Gregorian
}

// figureDate is the date of a month in figures, day 0 for none, in the
// calendar that the era, the languages asked for and the digits suggest.
func (f *dateFinder) figureDate(y yearRef, month, day int) (Date, Calendar, bool) {
	if y.era != nil {
		return inCalendar(y.era.calendar, y.value+y.era.offset, month, day)
	}
	try := func(c Calendar) bool {
		g, _, _, ok := c.toGregorian(y.value, month, day)
		return ok && g >= likelyFrom && g <= likelyTo
	}
	for _, c := range f.calendars {
		if try(c) {
			return inCalendar(c, y.value, month, day)
		}
	}
	for _, n := range f.t.numerals {
		if n.zero == y.zero && try(n.calendar) {
			return inCalendar(n.calendar, y.value, month, day)
		}
	}
	return inCalendar(solar(y.value), y.value, month, day)
}

// inCalendar makes a Date of a date of a calendar.
func inCalendar(c Calendar, year, month, day int) (Date, Calendar, bool) {
	y, m, d, ok := c.toGregorian(year, month, day)
	date := Date{Year: y, Month: m, Day: d}
	return date, c, ok && date.Valid()
}

// leastBuddhist is the least year of two digits that is one of the Buddhist
// era's twenty-sixth century: 38 is 1995.
const leastBuddhist = 38

// fullYear adds the century to a year of two digits, as POSIX does: 69 to 99
// are of the twentieth.
func fullYear(y int) int {
	if y < 69 {
		return 2000 + y
	}
	return 1900 + y
}
