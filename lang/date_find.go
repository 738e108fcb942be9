package lang

import (
	"strings"
	"unicode/utf8"
)

// Dates in running text.
//
// Every date has a number in it, so the text is searched for digits, and at
// each number the forms a date can have around it are tried: figures
// ("24.01.2024"), day first ("24 January 2024"), year first ("2024년 1월
// 24일"), month first ("January 24, 2024", by looking back). Between the parts
// stand marks and words of the tables ("de", "г."). What is found grows by the
// weekday and the time beside it. No form looks further than a fixed number of
// words, so the whole is linear in the text.

// DateMatch is a date found in a text.
type DateMatch struct {
	// Start and End are the bytes of the text it takes up, with the weekday,
	// the time and the zone that belong to it.
	Start, End int
	Date       Date
	// Calendar is the one it was written in.
	Calendar Calendar
	// Ambiguous says that it could be read as another date too: day and month
	// the other way round, or a month's name that other languages give to
	// another month. Date is then the likelier reading.
	Ambiguous bool
}

// FindDates finds the dates written in a text, in any language the tables
// have, in the order of the text. Only dates with a year are found, in figures
// or words, of the calendars listed at [Calendar]; the least is a month and a
// year ("January 2024"). Figures that are no dates, such as versions,
// addresses, telephone numbers, prices and scores, are passed over.
//
// tags are BCP 47 tags of the languages the text may be in, the likeliest
// first. They decide the order of day and month in figures, the meaning of
// names that languages do not agree on, and the calendar of bare years. Names
// of other languages are still found, as pages often state a wrong one. A tag
// that is not known is as none. Without tags the day stands before the month.
func FindDates(text string, tags ...string) []DateMatch {
	return AppendDates(nil, text, tags...)
}

// AppendDates is [FindDates] that appends to dst and returns it, for callers
// that use a buffer again.
func AppendDates(dst []DateMatch, text string, tags ...string) []DateMatch {
	f := dateFinder{t: loadedDates(), text: text, months: wordMonth}
	f.setTags(tags)
	return f.scan(dst)
}

// dateFinder is one search.
type dateFinder struct {
	t         *dateTables
	text      string
	langs     [4]uint16 // asked for, by index
	nlangs    int
	months    wordKind // wordMonth, and wordRareMonth where a language is asked for
	order     dateOrder
	decisive  bool // the order is that of everyone who uses the tag
	dot       bool
	calendars []Calendar
	whole     bool // the text is a date and nothing else: ParseDate
}

// number is a number of the text.
type number struct {
	start, end int
	value      int
	digits     int  // how many there are
	zero       rune // of its script; 0 for Chinese numerals
}

// found is a date before what stands beside it has been taken in.
type found struct {
	start, end int
	date       Date
	calendar   Calendar
	ambiguous  bool
	other      Date // the other reading, where ambiguous
	partial    bool // no day
}

// scan appends the dates of the text.
func (f *dateFinder) scan(dst []DateMatch) []DateMatch {
	var before clock // the last time of day, that may belong to the next date
	floor := 0       // the end of the last match
	for i := 0; i < len(f.text); {
		if c := f.text[i]; !f.t.digitLead[c] {
			i++
			continue
		}
		n, ok := f.number(i)
		if !ok {
			_, size := utf8.DecodeRuneInString(f.text[i:])
			i += size
			continue
		}
		m, next, ok := f.at(n, floor)
		if !ok {
			if c, ok := f.clockAlone(n, floor); ok {
				before = c
				next = max(next, c.end)
			}
			i = max(next, n.end)
			continue
		}
		match := f.surround(m, before, floor)
		before = clock{}
		if match.Date.Valid() {
			dst = append(dst, match)
		}
		i, floor = max(match.End, n.end), match.End
	}
	return dst
}

// number reads the number that begins at text[i].
func (f *dateFinder) number(i int) (number, bool) {
	n := number{start: i, end: i}
	if i >= len(f.text) {
		return n, false
	}
	if c := f.text[i]; c < utf8.RuneSelf {
		if c < '0' || c > '9' {
			return n, false
		}
		n.zero = '0'
		for n.end < len(f.text) && f.text[n.end]-'0' <= 9 {
			n.push(int(f.text[n.end] - '0'))
			n.end++
		}
		return n, true
	}
	for n.end < len(f.text) {
		r, size := utf8.DecodeRuneInString(f.text[n.end:])
		v, zero, ok := f.t.digit(r)
		if !ok || n.digits > 0 && zero != n.zero {
			break
		}
		n.zero = zero
		n.push(v)
		n.end += size
	}
	if n.digits == 0 {
		return f.numerals(i)
	}
	return n, true
}

func (n *number) push(v int) {
	if n.digits < 9 {
		n.value = n.value*10 + v
	}
	n.digits++
}

// numerals reads a Chinese number: digits one by one, or tens and ones.
func (f *dateFinder) numerals(i int) (number, bool) {
	n := number{start: i, end: i}
	tens := false
	for n.end < len(f.text) && n.digits < 9 {
		r, size := utf8.DecodeRuneInString(f.text[n.end:])
		node := f.t.step(0, r)
		if node == 0 {
			break
		}
		w := f.t.find(f.t.term[node], wordNumeral)
		if w == nil {
			break
		}
		switch v := int(w.value); {
		case v < 10 && tens:
			n.value += v
			n.digits = 2
			n.end += size
			return n, true
		case v < 10:
			n.push(v)
		case tens || n.digits > 1:
			return n, n.digits > 0
		default:
			n.value = max(n.value, 1) * 10
			n.digits, tens = 2, true
		}
		n.end += size
	}
	return n, n.digits > 0
}

// at tries the forms of a date at a number. next is where the search goes on
// if there is none.
func (f *dateFinder) at(n number, floor int) (m found, next int, ok bool) {
	if n.digits > 4 || !f.mayBegin(n, floor) {
		return m, f.clusterEnd(n), false
	}
	if m, next, ok := f.figures(n); ok || next > n.end {
		return m, next, ok
	}
	switch {
	case n.digits <= 2 && n.value >= 1 && n.value <= 32:
		if m, ok := f.dayFirst(n); ok {
			return m, 0, true
		}
		if m, ok := f.yearFirst(n, floor); ok { // of an era
			return m, 0, true
		}
	case n.digits >= 3 || n.zero == 0:
		if m, ok := f.yearFirst(n, floor); ok {
			return m, 0, true
		}
	}
	m, ok = f.monthFirst(n, floor)
	return m, n.end, ok
}

// mayBegin reports whether a date may begin with the number, by what stands
// directly before it.
func (f *dateFinder) mayBegin(n number, floor int) bool {
	if n.start == floor {
		return true
	}
	c := f.text[n.start-1]
	if c >= utf8.RuneSelf {
		return true
	}
	return 'a' > c|0x20 || c|0x20 > 'z' && strings.IndexByte("$#+@_=&%\\^~", c) < 0
}

// clusterEnd is where figures end that are joined to the number by marks:
// "192.168.1.12".
func (f *dateFinder) clusterEnd(n number) int {
	for {
		i := n.end
		if i >= len(f.text) || strings.IndexByte("-./:,", f.text[i]) < 0 {
			return i
		}
		next, ok := f.number(i + 1)
		if !ok {
			return i
		}
		n = next
	}
}

// seps passes over the marks and spaces that may stand between the parts of a
// date, at most six.
func (f *dateFinder) seps(i int) int {
	for range 6 {
		size := f.sepAt(i)
		if size == 0 {
			break
		}
		i += size
	}
	return i
}

// sepAt is the length of the mark or space at text[i], 0 if none is there.
func (f *dateFinder) sepAt(i int) int {
	if i >= len(f.text) {
		return 0
	}
	if c := f.text[i]; c < utf8.RuneSelf {
		switch c {
		case ' ', '\t', '\n', '\r', ',', '.', '-', '/', '\'':
			return 1
		}
		return 0
	}
	r, size := utf8.DecodeRuneInString(f.text[i:])
	if isSep(r) {
		return size
	}
	return 0
}

func isSep(r rune) bool {
	switch r {
	case 0xa0, 0xad, 0xb7, 0x60c, 0x5be, 0x202f, 0x2d, 0x2019, 0x2bc, 0x3000, 0x3001, 0xff0c, 0xff0e, 0xff0f, 0xff0d,
		0x1363, 0x2e41, 0x200b, 0x200c, 0x200e, 0x200f, 0x61c, 0xfeff:
		return true
	}
	return r >= 0x2000 && r <= 0x2013
}

// surround takes in the weekday and the time beside a date.
func (f *dateFinder) surround(m found, before clock, floor int) DateMatch {
	start, end := m.start, m.end
	if !m.partial {
		wstart, wbefore := f.weekdayBefore(start, floor)
		wend, wafter := f.weekdayAfter(end)
		if m.ambiguous && (wbefore != 0 || wafter != 0) {
			is := f.isWeekday(m.date, wbefore) || f.isWeekday(m.date, wafter)
			other := f.isWeekday(m.other, wbefore) || f.isWeekday(m.other, wafter)
			if other && !is {
				m.date = m.other
			}
			m.ambiguous = is == other
		}
		if m.calendar == Islamic {
			m.date = f.nearWeekday(m.date, wbefore, wafter)
		}
		if f.isWeekday(m.date, wbefore) {
			// "Senin (12/02/2024)" ends with its bracket.
			if strings.IndexByte(f.text[wstart:start], '(') >= 0 && hasAt(f.text, end, ")") {
				end++
			}
			start = wstart
		}
		if f.isWeekday(m.date, wafter) {
			end = wend
		}
		if !m.date.HasTime {
			if c, ok := f.clockAfter(end); ok {
				if c.apply(&m.date) {
					end = c.end
				}
			}
		}
		if !m.date.HasTime && before.end > floor && f.joined(before.end, start) {
			if before.apply(&m.date) {
				start = before.start
			}
		}
	}
	return DateMatch{Start: start, End: end, Date: m.date, Calendar: m.calendar, Ambiguous: m.ambiguous}
}

// joined reports whether only marks and small words stand between a time and
// the date that follows it.
func (f *dateFinder) joined(i, end int) bool {
	if end-i > 32 {
		return false
	}
	for i < end {
		if size := f.gapAt(i); size > 0 {
			i += size
			continue
		}
		next, _ := f.t.lookup(f.text, i, wordAt|wordFill, false)
		if next <= i {
			return false
		}
		i = next
	}
	return i == end
}
