package figures

import "dateline/lang"

// What may stand between commas and brackets and does not part a number from
// what governs it.

// agesBehind tells where a part ends that begins at the comma or bracket i and
// has nothing but ages in it: "two children, aged 4 and 6, died"; 0 where it
// has more.
func (s *scan) agesBehind(i, last int) int {
	number := false
	for j := i + 1; j < last && j < i+10; {
		t := &s.tokens[j]
		switch {
		case t.Kind == lang.Number:
			if len(t.Fold) > 3 {
				return 0
			}
			number = true
		case t.Fold == ")" || t.Fold == "," && (j+1 >= last || s.tokens[j+1].Kind != lang.Number):
			if !number {
				return 0
			}
			return j + 1
		case t.Fold == "," || t.Fold == "-":
		case s.is(j, roleLabel) != nil, s.is(j, roleAnd) != nil, s.is(j, roleModifier) != nil, s.is(j, roleAux) != nil, s.state[j]&inDate != 0, s.on(j, roleUnit, behind) != nil, s.is(j, rolePrep) != nil, s.is(j, roleOf) != nil:
		default:
			return 0
		}
		j += max(1, int(s.length[j]))
	}
	return 0
}

// nameBehind tells where a name ends that begins behind the comma i and tells
// who it was, with an age or none and a comma behind: "a trader, Ana Vidal
// (45), was killed"; 0 where there is none.
func (s *scan) nameBehind(i, last int) int {
	if s.tokens[i].Fold != "," {
		return 0
	}
	j := i + 1
	for j < last && j < i+7 && s.tokens[j].Kind == lang.Word && (s.state[j]&inName != 0 || !s.t.capitals && s.tokens[j].Case == lang.Capital && !s.known(j)) {
		j++
	}
	if j == i+1 || j >= last {
		return 0
	}
	switch s.tokens[j].Fold {
	case "(":
		if j = s.agesBehind(j, last); j > 0 && j < last && s.tokens[j].Fold == "," {
			j++
		}
		return j
	case ",":
		if end := s.agesBehind(j, last); end > 0 {
			return end
		}
		return j + 1
	}
	return 0
}

// asideBehind tells where a part ends that says of what is counted who some
// are, without a number, from the comma i to another: "1,200 people, nearly
// half of them civilians, were killed"; 0 where it is none.
func (s *scan) asideBehind(i, last int) int {
	if s.tokens[i].Fold != "," {
		return 0
	}
	of := false
	for j := i + 1; j < last && j < i+9; j += max(1, int(s.length[j])) {
		switch {
		case s.tokens[j].Fold == ",":
			if of {
				return j + 1
			}
			return 0
		case s.is(j, roleIncluding) != nil:
			of = true
		case s.figureAt(j) >= 0, s.is(j, roleTrigger) != nil, s.is(j, rolePassive) != nil && !of:
			return 0
		}
	}
	return 0
}

// enclosed tells where a part ends that stands between commas: "five people,
// two of them children, drowned"; 0 where the figure k is none.
func (s *scan) enclosed(k, last int) int {
	f := &s.figs[k]
	if s.on(f.last, roleIncluding, behind) == nil && s.on(f.end, roleIncluding, behind) == nil || f.begin == 0 || s.tokens[f.begin-1].Fold != "," {
		return 0
	}
	for i := f.end; i < last && i < f.end+6; i++ {
		if s.tokens[i].Fold == "," {
			return i + 1
		}
	}
	return 0
}
