package dates

import (
	"strings"
	"unicode/utf8"

	"dateline/lang"
)

// What stands beside a date and belongs to it: a time, a year, words such as
// "early" and "morning".

// gap tells whether the tokens between the parts of a date may stand there:
// none, an ending, or one phrase of classOf.
func (s *scan) gap(from, to int) bool {
	if from == to {
		return true
	}
	if from > to || to-from > 3 {
		return false
	}
	if t := &s.tokens[from]; !t.Space && t.Kind == lang.Word && (t.Fold[0] == '\'' || strings.HasPrefix(t.Fold, "’")) {
		return s.gap(from+1, to) // an ending: "year's"
	} else if isApostrophe(t.Fold) && s.joins(from) && from+2 <= to {
		return s.gap(from+2, to)
	}
	for _, e := range s.of(from) {
		if e.class == classOf && from+int(e.n) == to {
			return true
		}
	}
	return false
}

// join joins match b to match a, which stands before it, where both are parts
// of one date.
func (s *scan) join(c *context, a, b *match) bool {
	bracket := s.bracketed(a, b)
	if !bracket && !s.gap(a.end, b.start) || s.tokens[b.start].Paragraph {
		return false
	}
	x, y := &a.value, &b.value
	if x.text != "" || y.text != "" {
		return false
	}
	ra, rb := a.rule.op, b.rule.op
	switch {
	case ra == opTime && rb != opTime && y.grain == grainDay && (y.clock == "" || y.clock[1] > '9' && x.clock[1] <= '9'):
		// 9:30 on Monday
		y.clock, y.typ = x.clock, x.typ
		*x = *y
	case rb == opTime && ra != opTime && x.grain == grainDay && (x.clock == "" || x.clock[1] > '9'):
		// Monday at 9:30, Monday morning at 9:30
		x.clock, x.typ = y.clock, y.typ
	case rb == opTime && ra == opTime && x.clock[1] > '9' && y.clock[1] <= '9':
		x.clock = y.clock
	case y.grain == grainYear && y.mod == "" && !x.stated && x.m > 0 && (rb == opShift || rb == opDate) && ra == opDate && x.grain <= grainMonth:
		// June last year
		x.y, x.stated, x.relative = y.y, true, y.relative
		if !x.valid() {
			return false
		}
	case y.grain == grainYear && !x.stated && x.part > 0 && (rb == opShift || rb == opDate) && (x.grain == grainQuarter || x.grain == grainHalf || x.grain == grainSeason):
		x.y, x.stated, x.relative = y.y, true, y.relative
	case x.grain == grainYear && !y.stated && y.part > 0 && rb != opNear && (ra == opShift || ra == opDate && b.start > a.end && s.ending(a.end)) && (y.grain == grainQuarter || y.grain == grainHalf || y.grain == grainSeason):
		// last year's third quarter
		y.y, y.stated, y.relative = x.y, true, x.relative
		*x = *y
	case x.weekday > 0 && (x.clock == "" || x.clock[1] > '9' && (a.end == b.start || s.tokens[a.end].Kind == lang.Sign)) && a.end-a.start <= 5 && y.grain == grainDay && y.d > 0 && !b.hasClass(classWeekday) && rb == opDate && (ra == opDate || ra == opNear) && !a.hasClass(classDay) && !a.hasClass(classMonth):
		// Friday, 22 November
		if ra == opNear && !y.isWeekday(x.weekday) {
			return false
		}
		if y.clock == "" {
			y.clock, y.typ = x.clock, x.typ
		}
		*x = *y
	case x.weekday > 0 && y.grain == grainWeek && ra == opDate && rb == opShift && b.rule.count == 0 && x.grain == grainDay && x.clock == "":
		// Friday last week
		if y.y > 0 {
			w := x.weekday
			x.set(civil(y.y, y.m, y.d).AddDate(0, 0, w-1), grainDay)
			x.weekday = w
		}
	case x.d > 0 && x.grain == grainDay && y.grain == grainMonth && y.y > 0 && rb == opShift && a.hasClass(classDay) && !a.hasClass(classMonth):
		// the 3rd of this month
		x.y, x.m = y.y, y.m
		if !x.valid() {
			return false
		}
	default:
		return false
	}
	a.end, a.last = b.end, max(a.last, b.last)
	if bracket {
		a.end = s.closing(b)
	}
	return true
}

// ending tells whether the word at token i is an ending: "'s".
func (s *scan) ending(i int) bool {
	t := &s.tokens[i]
	return !t.Space && isApostrophe(t.Fold[:min(len(t.Fold), 3)]) || t.Fold[0] == '\''
}

// bracketed tells whether a day stands in brackets behind its weekday: "Friday
// (22 November)".
func (s *scan) bracketed(a, b *match) bool {
	return b.start == a.end+1 && s.tokens[a.end].Fold == "(" && s.closing(b) > 0 && a.value.weekday > 0
}

// closing is where the bracket that closes right behind a match ends, or 0.
func (s *scan) closing(m *match) int {
	if m.end < len(s.tokens) && s.tokens[m.end].Fold == ")" {
		return m.end + 1
	}
	return 0
}

// isWeekday tells whether a day is that of the week, as far as is known.
func (v *value) isWeekday(w int) bool {
	return v.y == 0 || v.m == 0 || v.bc || isoWeekday(civil(v.y, v.m, v.d)) == w
}

// trimmed is where a mark begins: behind a word of one letter that is written
// together with the first word, as "and" is in Arabic.
func (s *scan) trimmed(m *match) int {
	tok := s.tokens[m.start]
	if tok.Kind != lang.Word || tok.Case != lang.NoCase {
		return tok.Start
	}
	var near [8]lang.Token
	n := copy(near[:], s.tokens[m.start:])
	near[0].Kind = lang.Sign // Of a sign no ending is taken off.
	known := func(fold string) (found bool) {
		near[0].Fold = fold
		s.lex.All(near[:n], 0, func([]entry, int) bool {
			found = true
			return false
		})
		return found
	}
	if known(tok.Fold) {
		return tok.Start
	}
	start := tok.Start
	s.pack.Bare(tok.Fold, func(w string) bool {
		if w == tok.Fold || !strings.HasSuffix(tok.Fold, w) || !known(w) {
			return true
		}
		_, size := utf8.DecodeRuneInString(s.text[tok.Start:])
		if cut := tok.Fold[:len(tok.Fold)-len(w)]; utf8.RuneCountInString(cut) != 2 {
			start += size // Two letters are an article, which belongs to it.
		}
		return false
	})
	return start
}

// partBehind takes in the part of the day that stands behind it.
func (s *scan) partBehind(m *match, limit int) {
	v := &m.value
	if v.text != "" || v.grain != grainDay || v.clock != "" {
		return
	}
	for _, e := range s.entriesAt(m.end) {
		if e.class == classPart && !s.tokens[m.end].Paragraph && e.flags&weak == 0 && m.end+int(e.n) <= limit {
			v.clock, v.typ = "T"+parts[e.value], "TIME"
			m.end += int(e.n)
			return
		}
	}
}

// surround takes in the words around a match that change it, from floor to
// limit.
func (s *scan) surround(m *match, floor, limit int) {
	v := &m.value
	s.partBehind(m, limit)
	if v.text == "" && v.grain == grainDay && v.clock == "" {
		// "the morning of", "malam"
		for back := 1; back <= 3 && m.start-back >= floor; back++ {
			i := m.start - back
			for _, e := range s.of(i) {
				if e.class == classPart && s.gap(i+int(e.n), m.start) && v.clock == "" {
					v.clock, v.typ = "T"+parts[e.value], "TIME"
					m.start = i
				}
			}
		}
		if v.clock != "" {
			s.article(m, floor)
		}
	}
	if v.mod != "" {
		return
	}
	for back := min(5, m.start-floor); back >= 1; back-- {
		i := m.start - back
		if s.crosses(i, m.start) {
			continue
		}
		for _, e := range s.of(i) {
			if e.class == classMod && i+int(e.n) == m.start && s.modifies(m, mods[e.value]) {
				v.mod = mods[e.value]
				m.start = i
				return
			}
		}
	}
	for _, e := range s.entriesAt(m.end) {
		if e.class == classModAfter && s.modifies(m, mods[e.value]) && !s.tokens[m.end].Paragraph && m.end+int(e.n) <= limit {
			v.mod = mods[e.value]
			m.end += int(e.n)
			return
		}
	}
}

// article takes in an article before a match.
func (s *scan) article(m *match, floor int) {
	if c, ok := s.classes["the"]; ok && m.start > floor {
		for _, e := range s.of(m.start - 1) {
			if e.class == c && e.n == 1 {
				m.start--
				return
			}
		}
	}
}

func (s *scan) entriesAt(i int) []tokenEntry {
	if i >= len(s.tokens) {
		return nil
	}
	return s.of(i)
}

// crosses tells whether a paragraph begins between two tokens.
func (s *scan) crosses(from, to int) bool {
	for i := from + 1; i <= to; i++ {
		if s.tokens[i].Paragraph {
			return true
		}
	}
	return false
}

// modifies tells whether a modifier goes with a match.
func (s *scan) modifies(m *match, mod string) bool {
	v := &m.value
	if c := m.steps[0].class; v.typ == "DURATION" && c != classN && (m.hasClass(classN) || int(c) < len(s.words) && s.words[c]) {
		return false // "over the past two years"
	}
	switch mod {
	case "START", "MID", "END":
		return v.typ != "DURATION" && v.typ != "SET" && (v.text == "")
	case "APPROX":
		return v.typ == "DURATION" || v.typ == "TIME" || v.grain >= grainWeek || v.grain == grainDay && v.weekday == 0
	case "LESS_THAN", "MORE_THAN", "EQUAL_OR_LESS", "EQUAL_OR_MORE":
		return v.typ == "DURATION" || m.rule.op == opShift && m.steps[0].class == classN && v.text == ""
	}
	return true
}
