package figures

import (
	"strings"

	"dateline"
	"dateline/lang"
)

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
	if f.hi == 1 && f.unit == nil && !f.none && s.is(f.nounAt, roleGroup) != nil && s.equated(f) {
		return nil // "the dead are one family"
	}
	v := &dateline.Figure{What: f.what, Modifier: f.modifier, Vague: f.vague}
	switch {
	case f.unit != nil:
		v.What = f.unit.what
		if v.What == "skip" || f.none || f.one && f.lo == 1 && !f.digits {
			return nil
		}
		v.Unit = f.unit.unit
		if v.What == "money" && len(v.Unit) > currencyLen {
			v.Unit = s.currency(f)
		}
	case f.none && f.own != "" && f.nounAt < f.end && (f.what == "" || f.cost > maxCostOne):
		v.What = f.own // "no victims"
	case f.none:
		if f.what == "" || f.cost > maxCostOne || f.bound && f.own == "" && f.end-f.nounAt != 1 {
			return nil
		}
	case f.one:
		if f.what == "" || f.what == "other" && f.hi == 1 {
			return nil // "a man was sentenced to death"
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

// equated tells whether a word such as "are" stands right before the figure.
func (s *scan) equated(f *figure) bool {
	first := f.sentence.First
	if k, _ := s.endsBefore(f.begin, first, roleAux, 0); k >= 0 {
		return true
	}
	k, _ := s.endsBefore(f.begin, first, rolePassive, 0)
	return k >= 0
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

// deniedReach is how far from a figure the words that deny it may stand, in
// tokens.
const deniedReach = 14

// denied tells whether the sentence says that the figure is not so, before it
// or, where the pack puts that behind, behind it.
func (s *scan) denied(first, last int, sen lang.Sentence) bool {
	for i := first - 1; i >= sen.First && i >= first-deniedReach && s.tokens[i].Fold != ";"; i-- {
		if s.on(i, roleDenied, before) != nil {
			return true
		}
	}
	for i := last; i < sen.Last && i < last+deniedReach && s.tokens[i].Fold != ";"; i++ {
		if s.on(i, roleDenied, behind) != nil {
			return true
		}
	}
	return false
}

// modal tells whether the figure is feared, possible, planned or denied.
func (s *scan) modal(f *figure, sen lang.Sentence) bool {
	if f.unit != nil {
		return false
	}
	a, b := f.begin, f.end
	if f.modifierAt > 0 {
		a = min(a, f.modifierAt) // "could be as many as ten"
	}
	if f.trigger >= 0 && f.trigger < len(s.triggers) {
		t := &s.triggers[f.trigger]
		a, b = min(a, t.first), max(b, t.last)
	}
	if s.denied(a, b, sen) {
		return true
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
