package figures

import (
	"dateline/lang"
)

// leastRounded is the least number that "about" and the like hold for though
// they stand before another: no one counts about three.
const leastRounded = 10

// share hands on what is said once: a trigger to what is co-ordinated, what
// is counted to "others", a total's fate to its parts, "at least" to the
// figures joined with it.
func (s *scan) share(sen lang.Sentence) {
	for k := range s.figs {
		f := &s.figs[k]
		if k+1 < len(s.figs) && (s.partBehind(f, sen) || s.partAhead(f, &s.figs[k+1], sen)) && (k == 0 || s.total(k) == nil) && s.figs[k+1].begin <= f.end+4 {
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
		if f.what == "rescued" && g.what == "killed" && s.bodies(g, f) {
			f.what, f.trigger, f.cost = g.what, g.trigger, g.cost
		}
		if f.what == "" && g.what != "" && !f.thing && !f.agent && s.coordinated(g, f) && s.closed(f, sen) {
			f.what, f.trigger, f.cost = g.what, g.trigger, g.cost
		}
	}
	for k := 1; k < len(s.figs); k++ {
		if f := &s.figs[k]; f.what == "" && s.elsewhere(k, sen) {
			g := s.harmed(k)
			f.what, f.trigger, f.cost = g.what, g.trigger, g.cost
			if f.of == "" {
				f.of = g.of
			}
		}
	}
	for k := 0; k+1 < len(s.figs); k++ {
		// "three of the 12 passengers died"
		f, g := &s.figs[k], &s.figs[k+1]
		if f.previous != nil || f.vague || f.unit != nil || g.unit != nil || g.one || !s.outOf(f, g) {
			continue
		}
		switch {
		case f.what != "" && g.what != "" && s.triggers[f.trigger].last <= f.begin && s.triggers[g.trigger].first >= g.end && f.cost <= g.cost:
			// "arrested 12 of the 400 and two officers were hurt"
			g.what, g.trigger = "", -1
		case g.earlier != nil:
			// "two of the 43 injured died"
			f.what, f.trigger, f.cost = g.what, g.trigger, g.cost
			g.what, g.trigger = g.earlier.what, g.trigger-1
		case g.what != "":
			f.what, f.trigger, f.cost = g.what, g.trigger, g.cost
			g.what, g.trigger = "", -1
		}
		g.base = true
		f.part, f.previous, f.person = true, g, g.person
		if f.of == "" {
			f.of = g.of
		}
	}
	for k := len(s.figs) - 2; k >= 0; k-- {
		// "3 women and 2 children were killed"
		f, g := &s.figs[k], &s.figs[k+1]
		if g.part && g.previous == f && !s.partBehind(g, sen) && !s.predicated(f) && f.what == "" && f.unit == nil && !f.thing && g.trigger >= 0 && s.triggers[g.trigger].first >= g.end {
			f.what, f.trigger, f.cost = g.what, g.trigger, g.cost
		}
		if f.what == "" && g.what != "" && !g.part && !f.base && !f.thing && f.unit == nil && !f.agent && g.trigger >= 0 && s.triggers[g.trigger].first >= g.end && s.coordinated(f, g) {
			f.what, f.trigger, f.cost = g.what, g.trigger, g.cost
		}
	}
	for k := 0; k+1 < len(s.figs); k++ {
		// "from 6.1 to 5.8 percent"
		f, g := &s.figs[k], &s.figs[k+1]
		if s.sameUnit(f, g) {
			f.unit, f.what, f.trigger = g.unit, "", -1
		}
		if f.from && g.modifier == "at-most" && g.begin-f.end <= 2 {
			g.modifier = "exact" // "с 6,1 до 5,8"
		}
	}
	for k := range s.figs {
		// "thirteen people, among them a nurse and three boys, drowned"
		g := &s.figs[k]
		if t := g.previous; g.part && t != nil && t.mark == nil && t.begin < g.begin && t.what == "" && !s.predicated(t) && t.unit == nil && !t.thing && !s.partBehind(g, sen) && g.trigger >= 0 && s.triggers[g.trigger].first >= g.end {
			t.what, t.trigger, t.cost = g.what, g.trigger, g.cost
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
		if k > 0 && f.modifier == "exact" && f.lo == f.hi && !f.vague && !f.none && !f.part && f.what != "" && !f.one {
			if held != nil && held.what != "" && (held.modifier == "at-least" || f.lo >= leastRounded) && s.joined(&s.figs[k-1], f) {
				f.modifier = held.modifier
			}
		}
		if !f.part && f.unit == nil && !f.one && f.what != "" {
			held = f
		}
	}
}

// predicated tells whether what is said of a figure begins right behind it, so
// that what is said of its parts is not said of it: "75 sont remontés, dont 18
// brûlés".
func (s *scan) predicated(f *figure) bool {
	return s.is(f.end, rolePassive) != nil || s.is(f.end, roleAux) != nil
}

// bodies tells whether two figures stand together behind "bodies of", so that
// "from the rubble" behind them rescues no one.
func (s *scan) bodies(g, f *figure) bool {
	t, u := &s.triggers[g.trigger], &s.triggers[f.trigger]
	return t.of && t.last <= g.begin && u.first == f.end && u.last > u.first+1 && s.coordinated(g, f)
}

// sameUnit tells whether a number has the unit of the one it is compared with.
func (s *scan) sameUnit(f, g *figure) bool {
	if !f.from || f.unit != nil || g.unit == nil || g.unit.side&behind == 0 || f.nounAt != f.end || f.vague || f.one || f.none || f.other || g.begin-f.end > 6 {
		return false
	}
	for i := f.end; i < g.begin; i++ {
		if s.state[i]&inDate == 0 && !s.known(i) && !s.insideKnown(i, f.end) || s.is(i, roleAnd) != nil || s.is(i, roleTrigger) != nil {
			return false
		}
	}
	return true
}

// elsewhere tells whether the figure k counts, at another place, what the one
// before it counted: "killed 12 in Suri and 45 in the capital".
func (s *scan) elsewhere(k int, sen lang.Sentence) bool {
	f := &s.figs[k]
	if f.nounAt != f.end || f.unit != nil || f.one || f.none || f.begin <= sen.First || f.end >= sen.Last || s.is(f.end, rolePlace) == nil {
		return false
	}
	g := s.harmed(k)
	if g == nil || f.begin-g.end > 12 || !s.placed(g.end, sen.Last) {
		return false
	}
	i := f.begin - 1
	if j, _ := s.endsBefore(f.begin, sen.First, roleModifier, 0); j > sen.First {
		i = j - 1
	}
	j, _ := s.endsBefore(i+1, sen.First, roleAnd, 0)
	return j >= 0 || s.tokens[i].Fold == ","
}

// placed tells whether a preposition of place stands near behind token i.
func (s *scan) placed(i, last int) bool {
	for j := i; j < last && j < i+3; j++ {
		if s.is(j, rolePlace) != nil {
			return true
		}
	}
	return false
}

// harmed is the nearest figure before k of which something became; nil where
// one that counts something else comes first.
func (s *scan) harmed(k int) *figure {
	for j := k - 1; j >= 0 && j >= k-2; j-- {
		if g := &s.figs[j]; g.what != "" {
			return g
		}
	}
	return nil
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

// partAhead tells whether "among them" stands before the figure, of a total
// behind it: "aralarında 3 çocuğun da bulunduğu 9 kişi".
func (s *scan) partAhead(f, g *figure, sen lang.Sentence) bool {
	k, _ := s.endsBefore(f.begin, sen.First, roleIncluding, before)
	if k < 0 || g.unit != nil || g.thing || f.thing || f.unit != nil || g.lo < f.lo {
		return false
	}
	for i := f.end; i < g.begin; i++ {
		if s.is(i, roleIncluding) != nil {
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
	joined, others := false, false
	for i := g.end; i < f.begin; i++ {
		if s.is(i, roleAnd) != nil {
			// "at least 12 died while rescuers found 30": others do it, but for
			// "... women and children, and wounded 30".
			j := i + int(s.length[i])
			joined, others = true, j < f.begin && s.is(j, rolePerson) != nil
		}
		if f := s.tokens[i].Fold; f == ";" || f == ":" {
			break
		} else if f == "," {
			joined, others = true, false
		}
	}
	return joined && !others
}
