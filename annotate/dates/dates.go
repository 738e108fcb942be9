// Package dates marks dates, times, durations and sets of them, as TIMEX3 has
// them.
//
// What dates look like in a language, its pack says: words with their meanings
// in months.tsv, weekdays.tsv and relative.tsv, and patterns of them in
// dates.tsv. The patterns are matched from left to right, the longest at each
// place; the matches get values in the context of the text, its publication
// and the tense of the sentence; then matches side by side that are one date
// are joined ("9:30 a.m." and "Tuesday") and take in words around them
// ("early").
//
// In texts of languages without patterns, only full dates are marked.
package dates

import (
	"sync"
	"time"

	"dateline"
	"dateline/annotate"
	"dateline/lang"
)

// Annotator marks dates. It implements [annotate.Annotator].
type Annotator struct {
	tables lang.PerPack[*tables]
	scans  sync.Pool
}

// New returns the annotator.
func New() *Annotator {
	return &Annotator{
		tables: lang.PerPack[*tables]{Make: load},
		scans:  sync.Pool{New: func() any { return new(scan) }},
	}
}

// Name implements [annotate.Annotator].
func (a *Annotator) Name() string { return "dates/2" }

// Kinds implements [annotate.Annotator].
func (a *Annotator) Kinds() []dateline.AnnotationKind {
	return []dateline.AnnotationKind{dateline.KindDate}
}

// Check implements [annotate.Annotator].
func (a *Annotator) Check(p *lang.Pack) error {
	_, err := a.tables.Of(p)
	return err
}

// Annotate implements [annotate.Annotator].
func (a *Annotator) Annotate(d *annotate.Document) {
	t, _ := a.tables.Of(d.Pack)
	if t == nil {
		for _, p := range d.Parts {
			plain(d, p)
		}
		return
	}
	s := a.scans.Get().(*scan)
	defer a.scans.Put(s)
	s.tables = t
	c := context{}
	if d.Day.Month > 0 && d.Day.Day > 0 {
		c.day, c.known = civil(d.Day.Year, d.Day.Month, d.Day.Day), true
		if u := d.Until; u.Month > 0 && u.Day > 0 {
			c.changed = daysWithin(c.day, civil(u.Year, u.Month, u.Day))
		}
	}
	for _, p := range d.Parts {
		s.read(p)
		s.find()
		c.narrative = p.In == dateline.InText && s.narrative(&c)
		c.last = value{}
		s.part(d, p, &c)
	}
	s.tables, s.text, s.tokens = nil, "", nil
	clear(s.matches)
}

// daysWithin counts the days from one to another that follows it in less than a
// week; else it is 0.
func daysWithin(from, to time.Time) int {
	const week = 7
	if n := int(to.Sub(from).Hours() / 24); n > 0 && n < week {
		return n
	}
	return 0
}

// plain marks the full dates in a text of a language without patterns.
func plain(d *annotate.Document, p *annotate.Part) {
	for _, m := range lang.FindDates(p.Text, d.Language) {
		v := dateline.Timex{Type: "DATE", Value: m.Date.String()}
		if m.Date.HasTime {
			v.Type = "TIME"
			if m.Date.Second == 0 && m.Date.Nanosecond == 0 && m.Date.Zone == lang.ZoneNone {
				v.Value = v.Value[:len("2006-01-02T15:04")]
			}
		}
		d.Add(p, dateline.KindDate, m.Start, m.End, &v)
	}
}

// part marks the dates of a part.
func (s *scan) part(d *annotate.Document, p *annotate.Part, c *context) {
	var day string
	if c.known {
		day = c.day.Format(time.DateOnly)
	}
	floor := 0
	sentence := 0
	var held *match // the one that the next may be joined to
	emit := func(m *match, limit int) {
		if m == nil {
			return
		}
		s.surround(m, floor, limit)
		floor = m.end
		v := &m.value
		s.remember(c, m)
		x := &dateline.Timex{Type: v.typ, Value: v.write(), Mod: v.mod, Quant: v.quant, Freq: v.freq}
		if v.relative && v.y > 0 && v.text == "" {
			x.RelativeTo = day
		}
		d.Add(p, dateline.KindDate, s.trimmed(m), s.tokens[m.end-1].End, x)
	}
	for i := range s.matches {
		m := &s.matches[i]
		if i+1 < len(s.matches) {
			m.next = &s.matches[i+1]
		}
		for sentence+1 < len(p.Sentences) && p.Sentences[sentence+1].First <= m.start {
			sentence++
		}
		c.sentence = sentence
		if held != nil {
			// What this one refers to is the one before it.
			s.remember(c, held)
		}
		if held != nil && held.value.weekday > 0 && !held.hasClass(classDay) && !held.hasClass(classMonth) && (s.gap(held.end, m.start) || s.bracketed(held, m)) {
			m.weekday = held.value.weekday
		}
		if !s.resolve(c, m) {
			continue
		}
		if held != nil && held.next == m && s.ranges(held) {
			m.follow(&held.value)
		}
		if m.rule.op == opRange {
			emit(held, m.start)
			held = nil
			first, second := s.split(m)
			emit(first, second.start)
			emit(second, m.end)
			continue
		}
		if held != nil {
			s.partBehind(held, m.start)
		}
		if held != nil && s.join(c, held, m) {
			continue
		}
		emit(held, m.start)
		held = m
	}
	emit(held, len(s.tokens))
}

// remember keeps what later dates are reckoned from.
func (s *scan) remember(c *context, m *match) {
	v := &m.value
	if v.text != "" || v.typ == "DURATION" || v.typ == "SET" || v.y == 0 {
		return
	}
	if m.rule.op == opTime && v.relative && civil(v.y, v.m, v.d).Equal(c.day) {
		return // A time alone, whose day is not told.
	}
	switch v.grain {
	case grainQuarter:
		if !m.rule.period {
			c.period, c.periodAt = *v, c.sentence
		}
		if m.start > 1 && v.grain == grainYear && s.joins(m.start-1) && isDash(s.tokens[m.start-1].Fold) {
			return // The end of a range: what follows need not lie there.
		}
		if c.narrative && v.grain == grainYear && m.start > 0 && s.has(m.start-1, classUntil) {
			return // How long it lasted; the text goes on before it.
		}
		c.last = *v
	case grainDay, grainMonth, grainYear, grainSeason, grainHalf, grainWeek, grainWeekend:
		if c.narrative && v.grain == grainYear && c.last.y > 0 && v.bc == c.last.bc && (v.y < c.last.y-8 || v.y > c.last.y+8) {
			return // In passing.
		}
		if m.start > 1 && v.grain == grainYear && s.joins(m.start-1) && isDash(s.tokens[m.start-1].Fold) {
			return // The end of a range: what follows need not lie there.
		}
		c.last = *v
		c.last.relative = false
	}
}

// split parts the match of a range in two: up to its first day, and from its
// second.
func (s *scan) split(m *match) (*match, *match) {
	x, y := *m, *m
	days, first := 0, 0
	for i := m.start; i < m.end; i++ {
		e, n := s.dayAt(i)
		if n == 0 {
			continue
		}
		if days++; days == 1 {
			x.end, first = i+n, int(e.value)
			i += n - 1
			continue
		}
		y.start = i
		if v := &y.value; v.y > 0 && v.m > 0 && int(e.value) > first {
			v.set(civil(v.y, v.m, v.d).AddDate(0, 0, int(e.value)-first), grainDay)
		} else {
			v.d = int(e.value)
		}
		break
	}
	return &x, &y
}

func (s *scan) dayAt(i int) (e entry, n int) {
	for _, x := range s.of(i) {
		if x.class == classDay && int(x.n) > n {
			e, n = x.entry, int(x.n)
		}
	}
	return e, n
}

// narrative tells whether the text tells of other times than its publication:
// most of the dates it states in full are not near, and few are reckoned from
// the day of publication.
func (s *scan) narrative(c *context) bool {
	full, years, near, relative := 0, 0, 0, 0
	for i := range s.matches {
		m := &s.matches[i]
		if m.hasClass(classBC) {
			full++
			continue
		}
		y, ok := m.year()
		exact := m.hasClass(classMonth)
		for _, f := range figures {
			if e, has := m.get(f, 0); has {
				y, ok, exact = int(e.value)/10000, true, true
			}
		}
		switch {
		case ok && c.known && y >= c.day.Year()-1 && y <= c.day.Year()+1:
			near++
		case ok && exact:
			full++
		case ok:
			years++
		case m.rule.op == opShift && !m.rule.anchor, m.rule.op == opDate && m.hasClass(classWeekday):
			relative++
		}
	}
	if !c.known {
		return full >= 2 && full+years >= 3 && 2*relative < full
	}
	return (full >= 5 || years >= 20 || full+years >= 5 && near+relative == 0) && full+years > near && full+years > 2*relative
}
