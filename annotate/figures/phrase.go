package figures

import (
	"strings"
	"unicode/utf8"

	"dateline/lang"
)

// phrase reads what stands around the number: currency or unit, what is
// counted, modifiers, and words that say it counts nothing.
func (s *scan) phrase(f *figure, sen lang.Sentence) {
	f.end, f.nounAt = f.last, f.last
	if f.begin == f.first {
		if k, e := s.endsBefore(f.first, sen.First, roleUnit, before); k >= 0 {
			f.begin, f.unit = k, e
		}
	}
	s.modifiers(f, sen)
	if s.labelled(f, sen) {
		f.label = true
		return
	}
	if s.unitBehind(f, sen) {
		s.close(f)
		return
	}
	s.counted(f, sen)
	if f.one && f.lo == 1 && f.nounAt == f.end && f.last == f.first {
		f.last = f.end
	}
	s.close(f)
}

func (s *scan) close(f *figure) {
	f.start = s.tokens[f.begin].Start
	f.stop = s.tokens[max(f.end, f.begin+1)-1].End
	f.end = max(f.end, f.begin+1)
	if f.unit != nil && f.unit.stop && s.p.Text[f.stop-1] == '.' {
		f.stop--
	}
	if f.nounAt < f.end && f.of == "" {
		f.of = s.p.Text[s.tokens[f.nounAt].Start:f.stop]
	}
}

// maxOf is the longest that a word for "of" is, in bytes, where the pack does
// not say which it is.
const maxOf = 3

// unitBehind reads a unit behind the number.
func (s *scan) unitBehind(f *figure, sen lang.Sentence) bool {
	i := f.last
	if f.vague || f.unit == nil {
		i = s.skipOf(i, sen.Last)
	}
	if !s.t.nouns && f.scale && f.unit == nil && i+1 < sen.Last && !s.known(i) && s.tokens[i].Kind == lang.Word && len(s.tokens[i].Fold) <= maxOf {
		if e := s.on(i+1, roleUnit, behind); e != nil && e.what == "money" {
			i++ // "5 milioni di euro", where the word for "of" is not known
		}
	}
	if i < sen.Last && s.state[i]&inDate == 0 {
		if e := s.on(i, roleUnit, behind); e != nil {
			e = s.priced(f, i, e, sen)
			f.end = i + int(s.length[i])
			if f.unit == nil || e.what != "money" {
				f.unit = e
			}
		}
	}
	f.nounAt = f.end
	if f.unit == nil {
		f.nounAt = f.last
		return false
	}
	return true
}

// priceReach is how far from a figure a word tells that it is paid, in tokens.
const priceReach = 6

// priced chooses between money and weight where the unit at token i may be
// either: "pounds" are money where something is paid.
func (s *scan) priced(f *figure, i int, e *entry, sen lang.Sentence) *entry {
	var money, other *entry
	for k := range s.words[i] {
		switch u := &s.words[i][k]; {
		case u.role != roleUnit || u.side&behind == 0:
		case u.what == "money":
			money = u
		default:
			other = u
		}
	}
	if money == nil || other == nil {
		return e
	}
	end := i + int(s.length[i])
	if f.unit != nil {
		return money
	}
	if end+1 < sen.Last {
		if s.is(end, roleOf) != nil {
			return other // "pounds of rice"
		}
		if (s.is(end, roleOne) != nil || s.is(end, roleLabel) != nil) && s.on(end+int(s.length[end]), roleUnit, behind) == nil {
			return money // "six pounds a house", "per head"
		}
	}
	for j := max(sen.First, f.begin-priceReach); j < min(sen.Last, end+priceReach); j++ {
		if s.t.price[s.tokens[j].Fold] {
			return money
		}
	}
	return other
}

func (s *scan) skipOf(i, last int) int {
	if i < last && s.is(i, roleOf) != nil {
		i += int(s.length[i])
		if i < last && s.is(i, roleThe) != nil {
			i += int(s.length[i])
		}
	}
	return i
}

// modifiers reads "at least" before the number and what like it stands behind.
func (s *scan) modifiers(f *figure, sen lang.Sentence) {
	i := f.begin
	definite := false // "the 12": a word such as "under" before it is no modifier
	for range 4 {
		k, _ := s.endsBefore(i, sen.First, roleOther, before)
		if k >= 0 {
			f.other = true
			i = k
			continue
		}
		if k, _ = s.endsBefore(i, sen.First, roleOne, 0); k >= 0 && i == f.begin && f.digits && !f.one {
			i = k // "casi un 12 %"
			continue
		}
		k, e := s.endsBefore(i, sen.First, roleModifier, before)
		if k >= 0 {
			if e.what != "exact" && definite {
				break
			}
			definite = definite || s.is(k, roleThe) != nil
			i = k
			if e.what != "exact" {
				f.modifier, f.modifierAt = e.what, k
				break
			}
			continue
		}
		if k, _ = s.endsBefore(i, sen.First, roleOpen, 0); k >= 0 && f.hi > f.lo {
			i = k
			continue
		}
		if k, _ = s.endsBefore(i, sen.First, roleThe, 0); k >= 0 {
			i = k
			continue
		}
		break
	}
	if k, _ := s.endsBefore(f.begin, sen.First, roleFrom, 0); k >= 0 {
		f.from = true
	}
	if k, _ := s.endsBefore(i, sen.First, roleBy, 0); k >= 0 {
		f.agent = true
	}
	s.modifierBehind(f, f.last, sen)
}

// modifierBehind reads a modifier at token i and tells where it ends.
func (s *scan) modifierBehind(f *figure, i int, sen lang.Sentence) int {
	if i >= sen.Last || f.modifier != "exact" {
		return i
	}
	if e := s.on(i, roleModifier, behind); e != nil {
		f.modifier = e.what
		if i == f.last {
			f.last = i + int(s.length[i])
		}
		return i + int(s.length[i])
	}
	return i
}

// labelled tells whether the number counts nothing.
func (s *scan) labelled(f *figure, sen lang.Sentence) bool {
	i, j := f.first, f.last
	if k, _ := s.endsBefore(i, sen.First, roleLabel, before); k >= 0 {
		// "à 7,2 %" is a measure.
		e := (*entry)(nil)
		if j < sen.Last {
			e = s.on(j, roleUnit, behind)
		}
		return e == nil || e.what != "percent" && e.what != "money"
	}
	if j < sen.Last {
		if e := s.on(j, roleLabel, behind); e != nil {
			return true
		}
	}
	if j+1 < sen.Last && s.tokens[j].Fold == "-" && !s.tokens[j].Space && !s.tokens[j+1].Space && s.tokens[j+1].Kind == lang.Word &&
		s.on(j, roleModifier, behind) == nil && s.on(j+1, roleModifier, behind) == nil && s.is(j+1, roleUnit) == nil {
		return true // "12-member", "5-й"
		// It tells of what kind something is, or is an ordinal.
	}
	if s.ageBehindPerson(f, sen) {
		return true
	}
	if !f.digits {
		return false
	}
	if s.ageBehindName(i, j, sen) {
		return true
	}
	if f.unit == nil && i > sen.First && !s.tokens[i].Space {
		// "24+800", "A-12", "#3", "12:30", "1/2".
		switch r, _ := utf8.DecodeRuneInString(s.tokens[i-1].Fold); {
		case strings.ContainsRune("+/:#@&=_'.,*", r):
			return true
		case r == '-' && !s.tokens[i-1].Space:
			return true
		}
	}
	if j < sen.Last && !s.tokens[j].Space && s.tokens[j].Kind == lang.Sign {
		switch s.tokens[j].Fold {
		case "/", ":", "+", "_", "@", "=", "°", "º", "ª", "&":
			return j+1 < sen.Last && !s.tokens[j+1].Space
		}
	}
	return false
}

// ageBehindPerson tells whether the number is the age in "children under five".
func (s *scan) ageBehindPerson(f *figure, sen lang.Sentence) bool {
	if f.modifier != "less-than" && f.modifier != "more-than" || f.modifierAt <= sen.First || f.lo > 100 || f.unit != nil {
		return false
	}
	if f.last < sen.Last && (s.is(f.last, rolePerson) != nil || s.is(f.last, roleThing) != nil || s.is(f.last, roleUnit) != nil) {
		return false
	}
	k, _ := s.endsBefore(f.modifierAt, sen.First, rolePerson, 0)
	return k >= 0
}

// ageBehindName tells whether the number is the age in "Ana Vidal, 24, of
// Suri".
func (s *scan) ageBehindName(i, j int, sen lang.Sentence) bool {
	if i < sen.First+2 || j != i+1 || len(s.tokens[i].Fold) > 2 {
		return false
	}
	if c := s.tokens[i-1].Fold; c != "," && c != "(" {
		return false
	}
	if t := &s.tokens[i-2]; t.Kind != lang.Word || t.Case == lang.Lower || s.known(i-2) {
		return false
	}
	if j >= sen.Last {
		return true
	}
	switch s.tokens[j].Fold {
	case ",", ")", ".", ";":
		return true
	}
	return false
}
