package figures

import (
	"cmp"
	"slices"
	"strings"

	"dateline"
	"dateline/lang"
)

// Which word governs a number.
//
// Each pair of a number and a trigger (a word of casualty.tsv) on a side of it
// where the number may stand has a cost: what stands between them, by how much
// it parts them. An adverb, an auxiliary or a modifier parts hardly, a phrase
// with a preposition little, a comma or a word that could be another verb
// more, another number wholly, unless it is co-ordinated. The cheapest trigger
// governs, if it is cheap enough: "12 people in the town of Suri were killed",
// not "12 people said a man was killed".

// Costs of what stands between a number and its trigger.
const (
	costFree    = 0.1
	costPhrase  = 0.4 // a word in a phrase with a preposition
	costUnknown = 1.3 // a word that could be another verb
	costComma   = 2.2
	costAnd     = 2.5
	costClause  = 3.0
	costSign    = 4.0
	costTrigger = 3.5 // another trigger
	costWrong   = 1.6 // the less usual side
	costFigure  = 100
	costNoun    = 0.6 // at most between a number and a noun that is not its own

	maxCost    = 7.0
	maxCostOne = 3.0 // for "a soldier": the article stands before many nouns

	maxCostAlone = 1.5 // for "man" in a headline

	maxCostUnknown = 4.0 // for a noun that may be no one's

	maxCostBare = 2.0 // for digits with nothing counted: "3 killed"
)

// govern chooses the trigger of each figure.
func (s *scan) govern(sen lang.Sentence) {
	if len(s.triggers) == 0 {
		return
	}
	for k := range s.figs {
		f := &s.figs[k]
		if f.unit != nil || f.thing || f.unknown && s.located(f, sen.First) {
			continue
		}
		f.cost = maxCost
		bare := false
		switch {
		case f.alone:
			f.cost = maxCostAlone
		case f.one:
			f.cost = maxCostOne
		case f.unknown:
			f.cost = maxCostUnknown
		case f.digits && f.nounAt == f.end && !f.other && f.own == "" && !s.partBehind(f, sen):
			bare = true
			if s.named(f.first, sen.First) {
				continue
			}
		}
		lo, hi := s.near(f.begin)
		for i := lo; i < hi; i++ {
			t := &s.triggers[i]
			cost := s.cost(f, k, t)
			if f.agent && t.last <= f.begin {
				continue
			}
			if f.own != "" && !f.ownWeak && t.what != "killed" {
				cost += 0.5
			}
			if bare && t.side&toll == 0 && cost > maxCostBare {
				continue
			}
			if cost < f.cost {
				f.cost, f.trigger, f.what = cost, i, t.what
			}
		}
		s.later(f)
	}
	s.oneSide()
}

// later takes what became of people in the end where what had become of them
// first only tells who they are: "22 who were trapped were rescued", "two of
// the wounded later died".
func (s *scan) later(f *figure) {
	if f.trigger < 0 || f.trigger+1 >= len(s.triggers) {
		return
	}
	t, u := &s.triggers[f.trigger], &s.triggers[f.trigger+1]
	if t.last <= f.begin || u.side&before == 0 || t.what == u.what {
		return
	}
	if !s.relative(f, t, u) && !s.goesOn(f, t, u) {
		return
	}
	f.earlier, f.trigger, f.what = t, f.trigger+1, u.what
}

// relative tells whether trigger t is in a relative clause about the figure
// and u right behind it, with a verb of its own.
func (s *scan) relative(f *figure, t, u *trigger) bool {
	if t.first < f.end || t.first > f.end+maxRelative || !slices.Contains(firstFates, t.what) || !slices.Contains(lastFates, u.what) {
		return false
	}
	relative := false
	for i := f.end; i < t.first && !relative; i++ {
		relative = s.is(i, roleRelative) != nil
	}
	if !relative {
		return false
	}
	for i := t.last; i < u.first; i += int(s.length[i]) {
		if s.is(i, rolePassive) == nil && s.is(i, roleAux) == nil {
			return false
		}
	}
	return true
}

// goesOn tells whether trigger t names who the figure's people are and u says
// that they died: nothing between begins a clause or has a subject of its own.
func (s *scan) goesOn(f *figure, t, u *trigger) bool {
	if u.what != "killed" || t.what == "other" || u.first-t.last > maxGoesOn || s.state[u.first]&(inPlace|inName) != 0 || !s.identifies(f, t) {
		return false
	}
	words := 0
	for i := t.last; i < u.first; i += max(1, int(s.length[i])) {
		switch {
		case s.state[i]&(inDate|inPlace) != 0:
		case s.state[i]&inName != 0, s.tokens[i].Kind != lang.Word, s.figureFrom(i) != s.figureFrom(i+1):
			return false
		case s.is(i, roleAux) != nil, s.is(i, rolePassive) != nil, s.is(i, roleModifier) != nil, s.is(i, rolePlace) != nil, s.is(i, rolePrep) != nil, s.is(i, roleThe) != nil:
		case s.is(i, rolePerson) != nil && i == t.last: // "two wounded men died"
		default:
			if words++; words > 2 || s.known(i) {
				return false
			}
		}
	}
	return true
}

// identifies tells whether a trigger says who the figure's people are, rather than
// says what became of them: "two of the wounded", "four who were injured".
func (s *scan) identifies(f *figure, t *trigger) bool {
	relative := false
	for i := f.end; i < t.first; i += max(1, int(s.length[i])) {
		switch {
		case slices.ContainsFunc(s.t.lex.Word(s.tokens[i]), func(e entry) bool { return e.role == roleRelative }):
			relative = true // It may be one phrase: "who were".
		case s.is(i, roleOf) != nil, s.is(i, roleThe) != nil, s.is(i, rolePerson) != nil, s.on(i, roleIncluding, behind) != nil, relative && (s.is(i, rolePassive) != nil || s.is(i, roleAux) != nil):
		default:
			return false
		}
	}
	return true
}

// maxGoesOn is how far apart goesOn's triggers stand, in tokens.
const maxGoesOn = 8

// maxRelative is how far behind a figure the verb of a relative clause stands.
const maxRelative = 6

// firstFates are those that others may follow, lastFates those.
var (
	firstFates = []string{"affected", "missing", "abducted", "detained"}
	lastFates  = []string{"killed", "injured", "rescued"}
)

// named tells whether the word before token i is a name that the number could
// be part of: "Boeing 737".
func (s *scan) named(i, first int) bool {
	if i <= first {
		return false
	}
	t := &s.tokens[i-1]
	return t.Kind == lang.Word && (!s.known(i-1) || s.is(i-1, roleThing) != nil && t.Case == lang.Capital) && (t.Case == lang.Upper || t.Case == lang.Mixed || t.Case == lang.Capital && i-1 > first && s.p.In == dateline.InText)
}

// oneSide takes a trigger that has figures on both its sides from those on the
// less usual one: "500 people fled the region where 2,000 live".
func (s *scan) oneSide() {
	for i := range s.triggers {
		t := &s.triggers[i]
		if t.side&before == 0 || t.side&behind == 0 {
			continue
		}
		lo := s.figureFrom(t.first)
		usual, other := lo-1, lo
		step := 1
		if t.side&behindFirst != 0 || s.opens(t, lo) {
			usual, other, step = lo, lo-1, -1
		}
		if usual < 0 || usual >= len(s.figs) || s.figs[usual].trigger != i {
			continue
		}
		for k := other; k >= 0 && k < len(s.figs) && s.figs[k].trigger == i; k += step {
			s.figs[k].trigger, s.figs[k].what = -1, ""
		}
	}
}

// opens tells whether a trigger begins a clause behind a comma, with the figure
// k right behind it: "hundreds were in the streets, arrested were 70".
func (s *scan) opens(t *trigger, k int) bool {
	return t.first > 0 && s.tokens[t.first-1].Fold == "," && k < len(s.figs) && s.onlyModifiers(t.last, s.figs[k].begin)
}

// nearTriggers is how many triggers on each side are tried, so that the work
// on a sentence with thousands is bounded.
const nearTriggers = 6

func (s *scan) near(at int) (int, int) {
	k, _ := slices.BinarySearchFunc(s.triggers, at, func(t trigger, at int) int { return cmp.Compare(t.first, at) })
	return max(0, k-nearTriggers), min(len(s.triggers), k+nearTriggers)
}

// cost is what parts a figure from a trigger.
func (s *scan) cost(f *figure, k int, t *trigger) float64 {
	switch {
	case t.first >= f.first && t.last <= f.end:
		// The noun that is counted: "12 deaths".
		if t.side&weak != 0 {
			return maxCost - 0.1
		}
		return 0.3
	case t.first >= f.end:
		if t.side&toll != 0 && t.side&before == 0 && !f.none {
			// "Suben a 45 los muertos"
			if c := s.gap(f.end, t.first, f); c <= 2*costFree {
				return c + 1
			}
		}
		if t.side&(before|noun) == 0 {
			return costFigure
		}
		c := s.gap(f.end, t.first, f)
		if t.side&behindFirst != 0 {
			c += costWrong
		}
		if t.side&noun != 0 && t.side&before == 0 {
			if c > costNoun {
				return costFigure
			}
			c += 1
		}
		return c
	case t.last <= f.begin:
		if f.none && t.side&(noun|before) != 0 && t.last == f.begin {
			return 0.5 // the word before one such as "none"
		}
		if t.side&(behind|toll) == 0 {
			return costFigure
		}
		if t.of && s.ownedElse(t.last, f.begin) {
			return costFigure
		}
		c := s.gap(t.last, f.begin, f)
		if t.side&before != 0 && t.side&behindFirst == 0 {
			c += costWrong
		}
		if t.side&toll != 0 {
			c += 0.8
		}
		return c
	}
	return costFigure
}

// ownedElse tells whether a name stands right behind "death of", so that the
// figure further on is someone else's: "the death of Ana Vidal moved 300 people".
func (s *scan) ownedElse(i, end int) bool {
	if i >= end || end-i > maxGap || s.state[i]&(inName|inPlace) == 0 {
		return false
	}
	for ; i < end; i++ {
		if s.is(i, roleAnd) != nil || s.tokens[i].Fold == "," {
			return false
		}
	}
	return true
}

// maxGap is the widest gap that is looked at, in tokens.
const maxGap = 24

// gap is what the tokens between a and b part.
func (s *scan) gap(a, b int, f *figure) float64 {
	if b-a > maxGap {
		return costFigure
	}
	c := 0.0
	phrase := false
	for i := a; i < b; {
		if k := s.figureAt(i); k >= 0 && &s.figs[k] != f {
			switch end := s.enclosed(k, b); {
			case end > 0:
				c += costComma / 2
				i = end
			case s.coordinated(f, &s.figs[k]):
				c += 1
				i = s.figs[k].end
			case s.figs[k].thing:
				switch {
				case s.located(&s.figs[k], a): // "12 people in three villages"
					c += costPhrase
				case s.besides(k, a): // "in three villages and two camps"
					c += costPhrase - costAnd
				default:
					c += costComma
				}
				i = s.figs[k].end
			default:
				return costFigure
			}
			continue
		}
		n := max(1, int(s.length[i]))
		switch {
		case s.state[i]&inDate != 0:
			c += costFree
			phrase = false
		case s.state[i]&(inName|inPlace) != 0:
			c += costFree
		case n > 1 || s.length[i] == 1:
			switch {
			case s.is(i, roleTrigger) != nil:
				c += costTrigger
			case s.is(i, roleAux) != nil, s.is(i, rolePassive) != nil, s.is(i, roleModifier) != nil, s.is(i, roleModal) != nil, s.is(i, roleOther) != nil, s.is(i, roleThe) != nil:
				c += costFree
			case s.is(i, rolePlace) != nil, s.is(i, rolePrep) != nil, s.is(i, roleOf) != nil:
				c += costPhrase
				phrase = true
			case s.is(i, roleAnd) != nil:
				c += costAnd
				phrase = false
			case s.is(i, roleClause) != nil:
				c += costClause
				phrase = false
			case i == f.end && s.on(i, roleIncluding, behind) != nil:
			case s.is(i, roleIncluding) != nil:
				c += costComma
			case phrase:
				c += costPhrase
			case s.is(i, rolePerson) != nil, s.is(i, roleThing) != nil:
				c += 0.7
			case s.is(i, roleVerb) != nil:
				c += costUnknown * 2
			default:
				c += costPhrase
			}
		case s.tokens[i].Kind == lang.Sign:
			switch s.tokens[i].Fold {
			case ",", "(", ")":
				if end := max(s.agesBehind(i, b), s.nameBehind(i, b), s.asideBehind(i, b)); end > 0 {
					c += costFree
					n = end - i
					break
				}
				c += costComma
				phrase = false
			case "\"", "'", "«", "»", "‹", "›":
				c += costFree * 2
			case "-":
				if s.tokens[i].Space {
					c += costSign // a dash
				}
			default:
				c += costSign
			}
		case s.tokens[i].Kind == lang.Number && s.on(i+1, roleLabel, behind) != nil && i+1+int(s.length[i+1]) <= b:
			n = 1 + int(s.length[i+1]) // an age: "погиб 45-летний водитель"
			c += costFree
		case phrase:
			c += costPhrase
		case s.tokens[i].Case == lang.Capital || s.tokens[i].Case == lang.Upper:
			c += costPhrase
		default:
			c += costUnknown
		}
		if c > maxCost {
			return costFigure
		}
		i += n
	}
	return c
}

// located tells whether a figure's number stands behind a preposition of
// place, or its noun has the ending of a place: what is counted there is where
// it happened, and none of it was hurt.
func (s *scan) located(f *figure, first int) bool {
	i := f.begin
	if f.modifierAt > 0 && f.modifierAt < i {
		i = f.modifierAt
	}
	if k, _ := s.endsBefore(i, first, rolePlace, 0); k >= 0 {
		return s.is(k, roleOf) == nil
	}
	if f.nounAt >= f.end {
		return false
	}
	for _, p := range s.t.placeForms {
		if p.suffix != "" && strings.HasSuffix(s.tokens[f.end-1].Fold, p.suffix) {
			return true
		}
	}
	return false
}

// besides tells whether an "and" and nothing else stands between the figure k
// and one of things before it that begins behind token a.
func (s *scan) besides(k, a int) bool {
	if k == 0 {
		return false
	}
	f, g := &s.figs[k-1], &s.figs[k]
	return f.thing && f.begin >= a && f.end < g.begin && s.is(f.end, roleAnd) != nil && f.end+int(s.length[f.end]) >= g.begin
}

// figureFrom is the index of the first figure that begins at token i or
// behind it.
func (s *scan) figureFrom(i int) int {
	k, _ := slices.BinarySearchFunc(s.figs, i, func(f figure, i int) int { return cmp.Compare(f.begin, i) })
	return k
}

// figureAt is the index of the figure that begins at token i, or -1.
func (s *scan) figureAt(i int) int {
	if k := s.figureFrom(i); k < len(s.figs) && s.figs[k].begin == i && !s.idle(&s.figs[k]) {
		return k
	}
	return -1
}

// idle tells whether a figure is one only if a trigger governs it.
func (s *scan) idle(f *figure) bool { return f.one || f.unit != nil }

// coordinated tells whether two figures stand side by side with "and", commas
// and modifiers between them.
func (s *scan) coordinated(f, g *figure) bool { return s.listed(f, g, 6) }

// listed is coordinated, of a list with at most so many more members.
func (s *scan) listed(f, g *figure, more int) bool {
	if f.begin > g.begin {
		f, g = g, f
	}
	if g.begin-f.end > 8 {
		return false
	}
	if s.on(g.last, roleIncluding, behind) != nil || s.on(g.end, roleIncluding, behind) != nil {
		return false
	}
	joined, comma := s.t.andBegins(&s.tokens[g.begin]), false
	for i := f.end; i < g.begin; i += max(1, int(s.length[i])) {
		switch {
		case s.is(i, roleAnd) != nil, s.on(i, roleIncluding, before) != nil:
			joined = true
		case s.tokens[i].Fold == ",":
			comma = true
		case s.onlyModifiers(i, i+max(1, int(s.length[i]))):
		default:
			return false
		}
	}
	if comma && !joined && more > 0 {
		// A list has an "and" before its last.
		if k := s.figureFrom(g.begin) + 1; k < len(s.figs) && s.figs[k].begin <= g.end+8 {
			joined = s.listed(g, &s.figs[k], more-1)
		}
	}
	return joined && f.unit == nil && g.unit == nil && !f.thing && !g.thing
}
