package figures

import (
	"strings"

	"dateline"
	"dateline/lang"
)

// share hands on what is said once: a trigger to what is co-ordinated, what
// is counted to "others", a total's fate to its parts, "at least" to the
// figures joined with it.
func (s *scan) share(sen lang.Sentence) {
	for k := range s.figs {
		f := &s.figs[k]
		if k+1 < len(s.figs) && s.partBehind(f, sen) && (k == 0 || s.total(k) == nil) && s.figs[k+1].begin <= f.end+4 {
			f.part, f.previous = true, &s.figs[k+1] // "5'i çocuk 12 kişi öldü"
		}
		if k == 0 || f.part {
			continue
		}
		g := &s.figs[k-1]
		if s.partOf(k, sen) {
			if t := s.total(k); t != nil {
				f.part, f.previous = true, t
				if (f.what == "" || f.cost > 2) && t.what != "" && !f.thing && f.unit == nil {
					f.what, f.trigger = t.what, t.trigger
				}
				continue
			}
		}
		if f.what == "" && g.what != "" && !f.thing && !f.agent && s.coordinated(g, f) && s.closed(f, sen) {
			f.what, f.trigger, f.cost = g.what, g.trigger, g.cost
		}
	}
	for k := 0; k+1 < len(s.figs); k++ {
		// "three of the 12 passengers died"
		f, g := &s.figs[k], &s.figs[k+1]
		if f.previous != nil || f.vague || f.unit != nil || g.unit != nil || g.one || !s.outOf(f, g) {
			continue
		}
		if g.what != "" {
			f.what, f.trigger, f.cost = g.what, g.trigger, g.cost
			g.what, g.trigger = "", -1
		}
		f.part, f.previous, f.person = true, g, g.person
		if f.of == "" {
			f.of = g.of
		}
	}
	for k := len(s.figs) - 2; k >= 0; k-- {
		// "3 women and 2 children were killed"
		f, g := &s.figs[k], &s.figs[k+1]
		if g.part && g.previous == f && !s.partBehind(g, sen) && f.what == "" && f.unit == nil && !f.thing && g.trigger >= 0 && s.triggers[g.trigger].first >= g.end {
			f.what, f.trigger, f.cost = g.what, g.trigger, g.cost
		}
		if f.what == "" && g.what != "" && !g.part && !f.thing && f.unit == nil && !f.agent && g.trigger >= 0 && s.triggers[g.trigger].first >= g.end && s.coordinated(f, g) {
			f.what, f.trigger, f.cost = g.what, g.trigger, g.cost
		}
	}
	var held *figure // the last with a modifier of its own, but parts
	for k := range s.figs {
		f := &s.figs[k]
		if t := f.previous; f.part && t != nil && t.begin > f.begin && f.what == "" && !f.thing && f.unit == nil {
			f.what, f.trigger, f.cost = t.what, t.trigger, t.cost
		}
		if f.other && f.previous == nil {
			f.previous = s.before(k)
			if p := f.previous; p != nil {
				if f.what == "" && f.nounAt == f.end && p.what != "" && f.unit == nil && k > 0 && s.closed(f, sen) {
					f.what, f.trigger = p.what, p.trigger
				}
				if f.of == "" {
					f.of = p.of
				}
			}
		}
		if k > 0 && f.modifier == "exact" && !f.vague && !f.none && !f.part && f.what != "" && !f.one {
			if held != nil && held.modifier == "at-least" && held.what != "" && s.joined(&s.figs[k-1], f) {
				f.modifier = "at-least"
			}
		}
		if !f.part && f.unit == nil && !f.one && f.what != "" {
			held = f
		}
	}
}

// outOf tells whether nothing but "of the" stands between two figures.
func (s *scan) outOf(f, g *figure) bool {
	if g.begin <= f.end || s.is(f.end, roleOf) == nil {
		return false
	}
	i := f.end + int(s.length[f.end])
	return i == g.begin || i < g.begin && s.onlyModifiers(i, g.begin)
}

// partOf tells whether "including" ties the figure to a total before it.
func (s *scan) partOf(k int, sen lang.Sentence) bool {
	f := &s.figs[k]
	for i := f.begin - 1; i >= sen.First && i >= f.begin-6; i-- {
		if e := s.on(i, roleIncluding, before); e != nil {
			return true
		}
		if s.tokens[i].Kind == lang.Number || s.is(i, roleTrigger) != nil || i+1 == s.figs[k-1].end {
			break
		}
	}
	// Co-ordinated with a part: "including 5 women and 3 children".
	if s.partBehind(f, sen) {
		return true
	}
	return s.figs[k-1].part && s.coordinated(&s.figs[k-1], f)
}

// partBehind tells whether "of them" stands right behind the figure.
func (s *scan) partBehind(f *figure, sen lang.Sentence) bool {
	for i := f.last; i < sen.Last && i <= f.end; i++ {
		if e := s.on(i, roleIncluding, behind); e != nil {
			return true
		}
	}
	return false
}

// total is the figure that those before k are parts of.
func (s *scan) total(k int) *figure {
	for j := k - 1; j >= 0 && j >= k-6; j-- {
		if g := &s.figs[j]; !g.part && g.unit == nil && !g.thing && !g.one && !g.none && (g.open || g.hi == 0 || g.hi >= s.figs[k].lo) {
			return g
		}
	}
	if n := len(s.earlier); n > 0 && s.near1(s.earlier[n-1], &s.figs[k]) {
		if g := s.earlier[n-1]; g.value.What != "count" && g.hi >= s.figs[k].hi {
			return g
		}
	}
	return nil
}

// near1 tells whether g's sentence is the one right before f's.
func (s *scan) near1(g, f *figure) bool {
	return g.sentence.Last == f.sentence.First && !s.tokens[f.sentence.First].Paragraph
}

// before is the figure that "others" at k go on from.
func (s *scan) before(k int) *figure {
	for j := k - 1; j >= 0 && j >= k-6; j-- {
		if g := &s.figs[j]; g.unit == nil && !g.part && (g.what != "" || g.person || g.thing) {
			return g
		}
	}
	for n := len(s.earlier) - 1; n >= 0 && n >= len(s.earlier)-4; n-- {
		if g := s.earlier[n]; s.near1(g, &s.figs[k]) && g.unit == nil && g.value.PartOf == nil {
			return g
		}
	}
	return nil
}

// closed tells whether the phrase of the figure is over behind it, so that it
// is not the subject of a verb of its own.
func (s *scan) closed(f *figure, sen lang.Sentence) bool {
	i := f.end
	if i >= sen.Last || s.tokens[i].Kind == lang.Sign || s.state[i]&inDate != 0 {
		return true
	}
	for _, r := range []role{roleAnd, rolePrep, rolePlace, roleOther, roleIncluding, roleClause, roleModifier, roleTrigger, roleBy, roleOf} {
		if s.is(i, r) != nil {
			return true
		}
	}
	return false
}

// joined tells whether "and" or a comma joins the clauses of two figures.
func (s *scan) joined(g, f *figure) bool {
	if f.begin-g.end > 16 {
		return false
	}
	for i := g.end; i < f.begin; i++ {
		if s.is(i, roleAnd) != nil || s.tokens[i].Fold == "," {
			return true
		}
		if f := s.tokens[i].Fold; f == ";" || f == ":" {
			return false
		}
	}
	return false
}

// emit makes marks of the figures that are some.
func (s *scan) emit(sen lang.Sentence) {
	made := make([]*figure, len(s.figs))
	for k := range s.figs {
		f := s.figs[k]
		// What is in figs is overwritten by the next sentence.
		for j := k - 1; j >= 0 && j >= k-6; j-- {
			if f.previous == &s.figs[j] {
				f.previous = made[j]
				break
			}
		}
		if k+1 < len(s.figs) && f.previous == &s.figs[k+1] {
			f.previous = nil // It is tied when that one is made.
		}
		v := s.value(&f)
		if v == nil {
			continue
		}
		v.Modal = s.modal(&f, sen)
		f.value = v
		f.mark = s.d.Add(s.p, dateline.KindFigure, f.start, f.stop, v)
		if p := f.previous; f.part && p != nil {
			v.PartOf = p.mark
		}
		made[k] = &f
		if k > 0 && made[k-1] != nil && s.figs[k-1].previous == &s.figs[k] {
			made[k-1].value.PartOf = f.mark
		}
		s.earlier = append(s.earlier, &f)
	}
}

// value is what the figure says; nil where it says nothing that is counted.
func (s *scan) value(f *figure) *dateline.Figure {
	v := &dateline.Figure{What: f.what, Modifier: f.modifier, Vague: f.vague}
	switch {
	case f.unit != nil:
		v.What = f.unit.what
		if v.What == "skip" || f.none || f.one && f.lo == 1 && !f.digits {
			return nil
		}
		v.Unit = f.unit.unit
	case f.none:
		if f.what == "" || f.cost > maxCostOne || f.bound && f.nounAt == f.end {
			return nil
		}
	case f.one:
		if f.what == "" {
			return nil
		}
		if f.trigger >= 0 && f.nounAt == f.end && (f.cost > 0.8 || f.bound) {
			return nil
		}
	case f.what != "":
	case f.own != "":
		v.What = f.own
	case f.person:
		v.What = "other"
	case f.thing, f.unknown:
		if f.lo == 1 && f.hi == 1 || f.vague && f.lo < 10 {
			return nil
		}
		v.What = "count"
	case f.other && f.previous != nil:
		v.What = "other"
		if p := f.previous; p.value != nil && p.value.What == "count" {
			v.What = "count"
		}
	default:
		return nil
	}
	if f.nounAt < f.end || f.of != "" {
		v.Of = f.of
	}
	s.setBounds(f, v)
	return v
}

// setBounds says what the number and its modifier leave open.
func (s *scan) setBounds(f *figure, v *dateline.Figure) {
	lo, hi := f.lo, f.hi
	if f.unit != nil && f.unit.lo > 0 {
		lo, hi = lo*f.unit.lo, hi*f.unit.lo
	}
	if f.unit == nil && !f.whole && f.digits && lo == hi && !f.thing && !f.unknown && threeDecimals(s.tokens[f.first].Fold) {
		lo, hi = lo*1000, hi*1000 // "1.234 people" where the pack has the comma before thousands
	}
	step := 0.0
	if f.unit == nil || v.What == "count" {
		step = 1
	}
	v.Min, v.Max = &lo, &hi
	if f.open {
		v.Max = nil
	}
	if f.vague {
		switch f.modifier {
		case "at-least", "more-than":
			v.Max = nil
		default:
			v.Modifier = "exact"
		}
		return
	}
	switch f.modifier {
	case "at-least":
		v.Max = nil
	case "more-than":
		lo += step
		v.Max = nil
	case "at-most", "nearly":
		v.Min = nil
	case "less-than":
		hi -= step
		v.Min = nil
	}
}

// threeDecimals tells whether three digits stand behind the last sign of a
// number: people are not counted in thousandths.
func threeDecimals(s string) bool {
	i := strings.LastIndexAny(s, ".,")
	return i > 0 && len(s)-i == 4
}

// modalReach is how far before a figure and its trigger a word such as
// "could" holds, in tokens.
const modalReach = 4

// modal tells whether the figure is feared, possible or planned.
func (s *scan) modal(f *figure, sen lang.Sentence) bool {
	if f.unit != nil {
		return false
	}
	a, b := f.begin, f.end
	if f.trigger >= 0 && f.trigger < len(s.triggers) {
		t := &s.triggers[f.trigger]
		a, b = min(a, t.first), max(b, t.last)
	}
	for i := a; i < b && i < a+maxGap; i++ {
		if s.is(i, roleModal) != nil {
			return true
		}
	}
	for i := b; i < sen.Last && i < b+modalReach; i++ {
		if s.tokens[i].Kind == lang.Sign || s.is(i, roleAnd) != nil || s.is(i, roleTrigger) != nil {
			break
		}
		if s.on(i, roleModal, behind) != nil {
			return true
		}
	}
	for i := a - 1; i >= sen.First && i >= a-modalReach; i-- {
		if s.tokens[i].Kind == lang.Sign || s.is(i, roleAnd) != nil || s.is(i, roleTrigger) != nil {
			break
		}
		if s.is(i, roleModal) != nil {
			return true
		}
	}
	return false
}
