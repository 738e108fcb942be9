package lang

import (
	"dateline"
	"strings"
	"unicode"
	"unicode/utf8"
)

// wire recognises the heads of agencies that write without spaces, where the
// parts stand side by side:
//
//	【agency+place+date+"telegraphs"】   （place date agency）   【place＝reporter】
//
// Without brackets it needs agency, date and the closing word.
func (f *datelineFinder) wire(i int) (dateline.Dateline, int) {
	var none dateline.Dateline
	b := f.block
	start := i
	r, size := utf8.DecodeRuneInString(b[i:])
	closer := map[rune]rune{'【': '】', '（': '）', '(': ')', '[': ']', '［': '］', '〔': '〕'}[r]
	if closer == 0 {
		d, end := f.wireOpen(i)
		if end == 0 {
			return none, 0
		}
		textEnd, at := f.afterWire(end)
		d.Text = b[start:textEnd]
		return d, at
	}
	end := strings.IndexRune(b[i:min(len(b), i+160)], closer)
	if end < 0 {
		return none, 0
	}
	end += i
	d, ok := f.wireHead(strings.TrimSpace(b[i+size : end]))
	if !ok {
		return none, 0
	}
	end += utf8.RuneLen(closer)
	textEnd, at := f.afterWire(end)
	d.Text = b[start:textEnd]
	return d, at
}

// afterWire passes a bracket that names the reporter, which belongs to the
// head, and the sign and white space after it.
func (f *datelineFinder) afterWire(i int) (textEnd, at int) {
	b := f.block
	textEnd, i = i, f.space(i)
	if r, size := utf8.DecodeRuneInString(b[i:]); r == '（' || r == '(' {
		if end, ok := f.closing(i+size, ')'); ok && f.hasReporter(b[i:end]) {
			_, n := utf8.DecodeRuneInString(b[end:])
			textEnd = end + n
			i = f.space(textEnd)
		}
	}
	if sign, after, _ := f.sign(i, true); sign == signDash || sign == signColon {
		i = after
	}
	return textEnd, i
}

// namesReporter reports whether s begins with a bracket that names a reporter.
func (f *datelineFinder) namesReporter(s string) bool {
	s = strings.TrimLeft(s, " \u3000")
	if !strings.HasPrefix(s, "（") && !strings.HasPrefix(s, "(") {
		return false
	}
	end := strings.IndexAny(s, "）)")
	return end > 0 && f.hasReporter(s[:end])
}

func (f *datelineFinder) hasReporter(s string) bool {
	for _, w := range f.rules.reporters {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// agencyAtStart returns the length of the agency's name that s begins with:
// a listed one, or up to a word that agencies' names end in.
func (f *datelineFinder) agencyAtStart(s string) int {
	for _, a := range f.index.wireAgencies {
		if strings.HasPrefix(s, a) {
			return len(a)
		}
	}
	best := 0
	for _, e := range f.rules.endings {
		if k := strings.Index(s, e); k > 0 && utf8.RuneCountInString(s[:k]) <= 8 && (best == 0 || k+len(e) < best) {
			best = k + len(e)
		}
	}
	return best
}

// dateAt returns the span of the first date in s: digits with the pack's
// date signs, at least one of which must be there.
func (f *datelineFinder) dateAt(s string) (from, to int) {
	from = strings.IndexFunc(s, unicode.IsDigit)
	if from < 0 || f.rules.dateSigns == "" {
		return -1, -1
	}
	to, signed := from, false
	for j, r := range s[from:] {
		if strings.ContainsRune(f.rules.dateSigns, r) {
			signed = true
		} else if !unicode.IsDigit(r) {
			break
		}
		to = from + j + utf8.RuneLen(r)
	}
	if !signed {
		return -1, -1
	}
	return from, to
}

// wireOpen is the head without brackets.
func (f *datelineFinder) wireOpen(i int) (dateline.Dateline, int) {
	var none dateline.Dateline
	s := f.block[i:min(len(f.block), i+120)]
	n := f.agencyAtStart(s)
	if n == 0 {
		return none, 0
	}
	for _, c := range f.rules.closers {
		// "our paper reports (reporter Name)"
		if rest, ok := strings.CutPrefix(s[n:], c); ok && f.namesReporter(rest) {
			return dateline.Dateline{Agency: s[:n]}, i + n + len(c)
		}
	}
	from, to := f.dateAt(s)
	if from < n || utf8.RuneCountInString(s[n:from]) > 16 {
		return none, 0
	}
	for _, c := range f.rules.closers {
		if strings.HasPrefix(s[to:], c) {
			end := to + len(c)
			return dateline.Dateline{Text: s[:end], Place: f.placeIn(s[n:from]), Agency: s[:n], Date: s[from:to]}, i + end
		}
	}
	return none, 0
}

// wireHead reads what stands in brackets.
func (f *datelineFinder) wireHead(s string) (dateline.Dateline, bool) {
	var d dateline.Dateline
	if utf8.RuneCountInString(s) > 40 {
		return d, false
	}
	if place, rest, ok := cutEquals(s); ok {
		if n := utf8.RuneCountInString(place); n < 2 || n > 12 || strings.ContainsFunc(place, unicode.IsDigit) || utf8.RuneCountInString(rest) > 16 {
			return d, false
		}
		d.Place = place
		if f.knownAgency(rest) {
			d.Agency = rest
		}
		return d, d.Agency != "" || f.knownPlace(place) || f.hasReporter(rest) || len(f.rules.closers) > 0 && rest != ""
	}
	from, to := f.dateAt(s)
	head, tail := s, ""
	if from >= 0 {
		d.Date = s[from:to]
		head, tail = strings.TrimSpace(s[:from]), strings.TrimSpace(s[to:])
	}
	closed := false
	for _, c := range f.rules.closers {
		if tail == c || d.Date == "" && strings.HasSuffix(head, c) {
			closed = true
			head = strings.TrimSuffix(head, c)
			tail = strings.TrimPrefix(tail, c)
		}
	}
	if n := f.agencyAtStart(head); n > 0 {
		d.Agency = head[:n]
		head = strings.TrimSpace(head[n:])
	} else if tail != "" && f.knownAgency(tail) {
		d.Agency, tail = tail, ""
	} else {
		for _, a := range f.index.wireAgencies {
			if place, ok := strings.CutSuffix(head, a); ok && place != "" {
				d.Agency, head = a, strings.TrimSpace(place)
				break
			}
		}
	}
	if tail != "" {
		return d, false
	}
	d.Place = f.placeIn(head)
	switch {
	case d.Agency != "":
		return d, d.Place != "" || d.Date != "" || closed || f.hasReporter(s)
	case d.Place != "":
		return d, f.knownPlace(d.Place) && (d.Date != "" || closed)
	}
	return d, false
}

// placeIn returns the place in what stands between agency and date: all of it,
// or, after the reporter's name, the known place it ends in.
func (f *datelineFinder) placeIn(s string) string {
	s = strings.TrimSpace(s)
	reporter := false
	for _, w := range f.rules.reporters {
		if before, after, ok := strings.Cut(s, w); ok {
			if before = strings.TrimSpace(before); before != "" {
				return before
			}
			s, reporter = strings.TrimSpace(after), true
		}
	}
	if !reporter {
		if utf8.RuneCountInString(s) > 12 {
			return ""
		}
		return s
	}
	for i := range s {
		if i > 0 && f.index.places[squeeze(f.fold, s[i:])] {
			return s[i:]
		}
	}
	return ""
}

func cutEquals(s string) (before, after string, ok bool) {
	i := strings.IndexAny(s, "=＝")
	if i <= 0 {
		return "", "", false
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	return strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+size:]), true
}

// equals recognises "(place=agency) Reporter's Name reporter = Sentence".
func (f *datelineFinder) equals(i int) (dateline.Dateline, int) {
	var none dateline.Dateline
	b := f.block
	r, size := utf8.DecodeRuneInString(b[i:])
	closer := map[rune]rune{'(': ')', '[': ']', '【': '】', '（': ')', '［': ']'}[r]
	if closer == 0 {
		return none, 0
	}
	end, ok := f.closing(i+size, closer)
	if !ok {
		return none, 0
	}
	place, agency, ok := cutEquals(b[i+size : end])
	if !ok || agency == "" {
		return none, 0
	}
	_, n := utf8.DecodeRuneInString(b[end:])
	end += n
	d := dateline.Dateline{Text: b[i:end], Place: place, Agency: agency}
	// The reporter, up to another sign of equality.
	if k := strings.IndexAny(b[end:min(len(b), end+80)], "=＝"); k >= 0 && f.hasReporter(b[end:end+k]) {
		at := end + k
		d.Text = strings.TrimSpace(b[i:at])
		_, n := utf8.DecodeRuneInString(b[at:])
		return d, f.space(at + n)
	}
	if f.knownAgency(agency) {
		return d, f.space(end)
	}
	return none, 0
}
