package figures

import (
	"slices"
	"strings"
	"unicode/utf8"

	"dateline/lang"
)

// counted reads the noun behind the number.
func (s *scan) counted(f *figure, sen lang.Sentence) {
	i := f.last
	take := func(n int) {
		i += n
		f.end = i
	}
	if j := s.skipOf(i, sen.Last); j < sen.Last {
		if e := s.on(j, roleOther, behind); e != nil {
			f.other = true
			i = j
			take(int(s.length[j]))
			f.nounAt = i
		}
	}
	end := f.end
	i = s.skipOf(i, sen.Last)
	// "5 of the passengers", but "2 million of them", "hundreds of people"
	partitive := i > f.last && i > end && !f.vague && !f.scale
	if i < sen.Last && s.is(i, roleNounPart) != nil {
		// "14 presuntos", but "14 jeunes" where no noun follows
		if j := i + int(s.length[i]); s.is(i, rolePerson) == nil || j < sen.Last && (s.is(j, rolePerson) != nil || s.is(j, roleThing) != nil) {
			i = j
		}
	}
	at := i
	k, person, own := s.head(i, sen, f)
	switch {
	case k > 0:
		f.nounAt = at
		take(k)
		f.person, f.thing = person, !person
		if own != nil {
			f.own, f.ownWeak, f.person, f.thing = own.what, own.side&weak != 0, true, false
		}
		// "12 orang warga", "12 Palestinian boys", "12 Iraqi refugees".
		for i < sen.Last && f.person && s.state[i]&inDate == 0 && (s.t.nounsFirst || s.tokens[i-1].Case == lang.Capital) {
			if e := s.on(i, roleTrigger, noun|weak); e != nil && !s.t.nounsFirst && !s.t.capitals && f.own == "" {
				f.own, f.ownWeak = e.what, e.side&weak != 0
			} else if s.is(i, rolePerson) == nil {
				break
			}
			take(int(s.length[i]))
		}
		if partitive {
			f.of = s.p.Slice(at, i)
			f.end, f.nounAt = end, end
			i = end
			break
		}
		if s.t.namesBehind && s.tokens[i-1].Case == lang.Lower {
			for n := 0; n < 2 && i < sen.Last && s.tokens[i].Kind == lang.Word && s.tokens[i].Case != lang.Lower && s.tokens[i].Case != lang.NoCase && s.state[i]&(inDate) == 0 && !s.known(i) && f.person; n++ {
				take(1)
			}
		}
	case f.one && f.last > f.first && !f.other:
		if i < sen.Last && s.age(i, sen.Last) > 0 {
			take(s.age(i, sen.Last)) // "a 16-year-old who"
		} else if n := s.unknownNoun(i, sen, f); n > 0 && f.classifier {
			f.nounAt, f.person = i, true
			take(n)
		} else if s.harmedOne(i, sen) {
			f.nounAt, f.person = i, true
			take(1)
		} else if i < sen.Last && !s.known(i) && s.tokens[i].Kind == lang.Word && s.state[i]&inDate == 0 {
			f.label = true // "a" before a noun that is not of people
		}
	case partitive:
		i = end
	default:
		if n := s.unknownNoun(i, sen, f); n > 0 {
			f.nounAt, f.unknown = i, true
			take(n)
		}
	}
	if i < sen.Last && i >= f.end {
		if e := s.on(i, roleOther, behind); e != nil && i == f.end {
			f.other = true
			if f.nounAt == f.last && f.end == f.last {
				f.nounAt = i + int(s.length[i])
			} else if f.of == "" && f.nounAt < i {
				f.of = s.p.Slice(f.nounAt, i)
			}
			take(int(s.length[i]))
		}
	}
	if f.nounAt > f.end {
		f.nounAt = f.end
	}
	if f.end < f.last {
		f.end = f.last
	}
	if f.nounAt < f.last {
		f.nounAt = f.last
	}
	s.modifierBehind(f, f.end, sen)
}

// harmedOne tells whether token i is a noun that ends as those of people do and
// right behind it stands what becomes of people alone: "a baker was killed".
func (s *scan) harmedOne(i int, sen lang.Sentence) bool {
	if i+1 >= sen.Last || s.known(i) || s.tokens[i].Kind != lang.Word || s.state[i]&(inDate|inName|inPlace) != 0 {
		return false
	}
	fold := s.tokens[i].Fold
	if !slices.ContainsFunc(s.t.person, func(e string) bool { return strings.HasSuffix(fold, e) && len(fold) > len(e)+1 }) {
		return false
	}
	j := i + 1
	for n := 0; n < 3 && j < sen.Last && (s.is(j, rolePassive) != nil || s.is(j, roleAux) != nil); n++ {
		j += int(s.length[j])
	}
	if j >= sen.Last {
		return false
	}
	e := s.on(j, roleTrigger, before|past)
	return e != nil && (j > i+1 || e.side&past == 0) && (e.what == "killed" || e.what == "injured" || e.what == "detained" || e.what == "abducted")
}

// maxBefore is how many words may stand between a number and its noun.
const maxBefore = 3

// head finds a noun that the tables know, at token i or behind a few words
// that could be adjectives. It returns the tokens up to its end.
func (s *scan) head(i int, sen lang.Sentence, f *figure) (n int, person bool, own *entry) {
	i0, ages, reach := i, 0, maxBefore
	if s.t.nounsFirst {
		reach = 0
	}
	for j := i; j < sen.Last && j <= i0+reach; j++ {
		t := &s.tokens[j]
		if t.Paragraph && j > i {
			return 0, false, nil
		}
		if n := s.age(j, sen.Last); n > 0 && ages < 2 {
			j += n - 1
			i0 += n
			ages++
			continue
		}
		adjective := s.t.capitals && t.Case == lang.Lower // "drei deutsche Touristen"
		if s.known(j) && s.ofThing(j+int(s.length[j]), sen.Last) && (s.is(j, rolePerson) != nil || s.on(j, roleTrigger, noun|weak) != nil) {
			continue
		}
		if e := s.on(j, roleTrigger, noun|weak); e != nil && !adjective {
			return j + int(s.length[j]) - i, true, e
		}
		if s.is(j, rolePerson) != nil && !adjective {
			n, own := j+int(s.length[j])-i, (*entry)(nil)
			return n, true, own
		}
		if s.is(j, roleThing) != nil && !adjective {
			return j + int(s.length[j]) - i, false, nil
		}
		if j == i && s.thingFirst(j) {
			return 1, false, nil
		}
		if t.Kind == lang.Sign && t.Fold == "-" && j > i && !t.Space {
			continue
		}
		if t.Kind != lang.Word || s.state[j]&inDate != 0 || s.known(j) && s.is(j, roleOther) == nil && !(adjective && s.is(j, rolePerson) != nil) && !s.hyphened(j, sen.Last) && !(f.none && s.is(j, roleAux) != nil) {
			return 0, false, nil
		}
		if _, n := s.t.pack.NumberAt(s.p.Text, s.tokens[:sen.Last], j); n > 0 {
			return 0, false, nil
		}
		if j == i && s.t.namesBehind && t.Case != lang.Lower {
			return 0, false, nil
		}
	}
	return 0, false, nil
}

// ofThing tells whether a thing stands at token i that the noun of people right
// before it only describes: "four police posts".
func (s *scan) ofThing(i, last int) bool {
	return !s.t.nounsFirst && len(s.t.plural) > 0 && i < last && s.is(i, roleThing) != nil && s.tokens[i].Case == lang.Lower && s.many(s.tokens[i].Fold)
}

// thingFirst tells whether the trigger at token i begins with a thing that the
// number counts: "dört hastaneye kaldırıldı", taken to four hospitals.
func (s *scan) thingFirst(i int) bool {
	if s.length[i] < 2 || s.is(i, roleTrigger) == nil {
		return false
	}
	return slices.ContainsFunc(s.t.lex.Word(s.tokens[i]), func(e entry) bool { return e.role == roleThing })
}

// hyphened tells whether token j is the first of words tied by a hyphen:
// "off-duty".
func (s *scan) hyphened(j, last int) bool {
	return j+2 < last && s.tokens[j+1].Fold == "-" && !s.tokens[j+1].Space && !s.tokens[j+2].Space
}

// age is how many tokens at i tell an age: "45-year-old" in "a 45-year-old
// man"; 0 where they tell none.
func (s *scan) age(i, last int) int {
	const digits = 3
	if s.tokens[i].Kind != lang.Number || len(s.tokens[i].Fold) > digits {
		return 0 // "a 2021 sinking" is no one of an age
	}
	if s.on(i+1, roleLabel, behind) != nil && i+1 < last {
		return 1 + int(s.length[i+1])
	}
	n := 0
	for i+n < last && n < 6 && s.state[i+n]&inDate != 0 {
		n++
	}
	return n
}

// unknownNoun takes a word for the noun that is counted.
func (s *scan) unknownNoun(i int, sen lang.Sentence, f *figure) int {
	if !s.t.nouns || i >= sen.Last || s.known(i) || s.state[i]&inDate != 0 || f.none {
		return 0
	}
	t := &s.tokens[i]
	if s.t.capitals && t.Case == lang.Lower || f.digits && s.named(f.first, sen.First) {
		return 0
	}
	if s.verb(t.Fold) {
		return 0
	}
	if t.Kind != lang.Word || !t.Space || t.Case == lang.Upper || t.Case == lang.Mixed || s.state[i]&inName != 0 {
		return 0
	}
	if _, n := s.t.pack.NumberAt(s.p.Text, s.tokens[:sen.Last], i); n > 0 {
		return 0
	}
	if utf8.RuneCountInString(t.Fold) < 3 {
		return 0
	}
	if len(s.t.plural) == 0 || s.many(t.Fold) {
		return 1
	}
	if i+1 < sen.Last && !s.known(i+1) && s.tokens[i+1].Kind == lang.Word && s.state[i+1]&(inDate|inName) == 0 && s.many(s.tokens[i+1].Fold) && f.hi != 1 {
		return 2
	}
	return 0
}

// verb tells whether a word ends as verbs do and no noun that is counted.
func (s *scan) verb(fold string) bool {
	for _, e := range s.t.verbs {
		if strings.HasSuffix(fold, e) && len(fold) > len(e)+1 {
			return true
		}
	}
	return false
}

// many tells whether a word ends as nouns of many do.
func (s *scan) many(fold string) bool {
	for _, e := range s.t.plural {
		if strings.HasSuffix(fold, e) && len(fold) > len(e)+1 {
			return true
		}
	}
	return false
}
