package figures

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
	"dateline/lang"
)

// figure is a number with what it counts.
type figure struct {
	first, last int // the number's tokens
	begin, end  int // tokens with currency before and noun behind
	start, stop int // bytes
	nounAt      int // where what is counted begins; end where nothing is named
	lo, hi      float64
	open        bool // hi is not known
	whole       bool
	scale       bool // made great by a word such as "million"
	digits      bool // written in digits
	words       bool
	vague       bool
	one         bool // "a soldier"
	none        bool
	bound       bool // "a", "no": nothing without a noun behind it
	other       bool // "others": counts what was counted before
	person      bool
	thing       bool
	unknown     bool // the noun is not in the tables
	label       bool // it counts nothing
	from        bool
	modifier    string
	unit        *entry

	trigger  int // index of what governs it; -1 where nothing does
	what     string
	own      string // what its noun says became of it
	ownWeak  bool
	cost     float64
	agent    bool
	part     bool
	previous *figure // what "others" go on from, or the total of a part

	sentence lang.Sentence
	mark     *dateline.Annotation
	value    *dateline.Figure
	of       string
}

// numbers finds the numbers of a sentence with what they count.
func (s *scan) numbers(sen lang.Sentence) {
	for i := sen.First; i < sen.Last; {
		if s.state[i]&inDate != 0 && !s.misread(i, sen) {
			i++
			continue
		}
		f, ok := s.numberAt(sen, i)
		if !ok {
			i++
			continue
		}
		s.phrase(&f, sen)
		if f.end > i {
			i = f.end
		} else {
			i++
		}
		if !f.label {
			s.figs = append(s.figs, f)
		}
	}
}

// misread tells whether a number word was taken for a date though a noun of
// people stands behind it: the French "sept" is also short for a month.
func (s *scan) misread(i int, sen lang.Sentence) bool {
	if s.tokens[i].Kind != lang.Word || i+1 >= sen.Last || s.is(i+1, rolePerson) == nil || s.state[i+1]&inDate != 0 || i > sen.First && s.state[i-1]&inDate != 0 {
		return false
	}
	_, n := s.t.pack.NumberAt(s.p.Text, s.tokens[:sen.Last], i)
	return n == 1
}

// numberAt reads the number, or the words that stand for one, at token i.
func (s *scan) numberAt(sen lang.Sentence, i int) (figure, bool) {
	tokens := s.tokens[:sen.Last]
	f := figure{first: i, begin: i, start: tokens[i].Start, modifier: "exact", trigger: -1, sentence: sen}
	t := &tokens[i]
	if t.Kind == lang.Sign {
		return f, false
	}
	if e := s.is(i, roleVague); e != nil {
		f.lo, f.hi, f.open, f.vague, f.whole, f.words = e.lo, e.hi, e.hi == 0, true, true, true
		f.last = i + int(s.length[i])
		return f, true
	}
	v, n := s.t.pack.NumberAt(s.p.Text, tokens, i)
	if n == 0 && t.Kind == lang.Word && endsInDigit(t.Fold) {
		if v, n, ok := s.glued(tokens, i); ok {
			f.lo, f.hi, f.whole, f.digits, f.last = v.Value, v.Value, v.Whole, true, i+n
			f.unit = &entry{role: roleUnit, what: "money", unit: s.gluedUnit(t)}
			s.bounds(&f, sen)
			return f, true
		}
	}
	if n > 0 && int(s.length[i]) <= n || n > 0 && s.is(i, roleOne) == nil && s.is(i, roleNone) == nil && t.Kind == lang.Number {
		if s.state[i+n-1]&inDate != 0 && !s.misread(i, sen) || s.state[i]&(inName|inPlace) != 0 && t.Kind == lang.Number {
			return f, false
		}
		f.lo, f.hi, f.whole, f.last = v.Value, v.Value, v.Whole, i+n
		if v.Value == 1 && t.Kind == lang.Word && n == 1 && s.is(f.last, roleOf) != nil {
			return f, false // "one of them": who it was is told elsewhere.
		}
		f.scale = v.Scale && v.Value >= 1e5
		f.digits, f.words = t.Kind == lang.Number, t.Kind == lang.Word
		f.one = f.words && v.Value == 1
		f.none = f.words && v.Value == 0
		if f.one && s.is(i, roleOne) == nil {
			f.one = false
		}
		s.bounds(&f, sen)
		return f, true
	}
	if e := s.is(i, roleNone); e != nil {
		f.bound = e.side&before != 0
		f.none, f.whole, f.words, f.last = true, true, true, i+int(s.length[i])
		if last := tokens[f.last-1].Fold; f.last > i+1 && last[len(last)-1] == '\'' {
			f.last-- // "personne n'"
		}
		return f, true
	}
	if e := s.is(i, roleOne); e != nil && !s.another(i+int(s.length[i]), sen.Last) {
		f.bound = e.side&before != 0
		f.lo, f.hi, f.one, f.whole, f.words, f.last = 1, 1, true, true, true, i+int(s.length[i])
		return f, s.is(f.last, roleOf) == nil
	}
	if e := s.is(i, rolePerson); e != nil && e.lo > 0 {
		f.lo, f.hi, f.one, f.whole, f.words, f.last = e.lo, e.lo, true, true, true, i
		return f, true
	}
	return f, false
}

// another tells whether a number that is no age stands at token i: "another
// seven" is not one.
func (s *scan) another(i, last int) bool {
	if i >= last || s.age(i, last) > 0 {
		return false
	}
	if s.on(i, roleUnit, before) != nil && i+int(s.length[i]) < last {
		i += int(s.length[i])
	}
	_, n := s.t.pack.NumberAt(s.p.Text, s.tokens[:last], i)
	return n > 0
}

// glued reads a number that is written together with its currency: "Rp1,5".
func (s *scan) glued(tokens []lang.Token, i int) (lang.NumberValue, int, bool) {
	k := digitsIn(tokens[i].Fold)
	if k <= 0 || s.gluedUnit(&tokens[i]) == "" {
		return lang.NumberValue{}, 0, false
	}
	var buf [6]lang.Token
	n := copy(buf[:], tokens[i:])
	buf[0].Kind, buf[0].Fold = lang.Number, tokens[i].Fold[k:]
	v, m := s.t.pack.NumberAt(s.p.Text, buf[:n], 0)
	return v, m, m > 0
}

func (s *scan) gluedUnit(t *lang.Token) string {
	k := digitsIn(t.Fold)
	if k <= 0 {
		return ""
	}
	for _, e := range s.t.lex.Word(lang.Token{Kind: lang.Word, Fold: t.Fold[:k]}) {
		if e.role == roleUnit && e.what == "money" && e.side&before != 0 {
			return e.unit
		}
	}
	return ""
}

func endsInDigit(w string) bool { return w != "" && w[len(w)-1] >= '0' && w[len(w)-1] <= '9' }

// digitsIn is where the digits that end a word begin; 0 where it has none.
func digitsIn(w string) int {
	k := strings.IndexAny(w, "0123456789")
	if k <= 0 || strings.IndexFunc(w[k:], unicode.IsLetter) >= 0 {
		return 0
	}
	return k
}

// bounds reads the other end of a range, and leaves scores and numbers of
// telephones alone.
func (s *scan) bounds(f *figure, sen lang.Sentence) {
	tokens := s.tokens[:sen.Last]
	i := f.last
	if i >= len(tokens) {
		return
	}
	t := &tokens[i]
	tight := t.Kind == lang.Sign && t.Fold == "-" && i+1 < len(tokens) && (tokens[i+1].Space == t.Space)
	join, next := tight, i+1
	if e := s.is(i, roleJoin); e != nil && !join {
		if k, _ := s.endsBefore(f.first, sen.First, roleFrom, 0); k >= 0 {
			return
		}
		join, next = true, i+int(s.length[i])
	}
	if !join && s.is(i, roleClose) != nil {
		if k := s.opened(f.first, sen.First); k >= 0 {
			join, next = true, i+int(s.length[i])
		}
	}
	or := false
	if !join && s.is(i, roleOr) != nil {
		join, or, next = true, true, i+int(s.length[i])
	}
	if !join || next >= len(tokens) || s.state[next]&inDate != 0 {
		return
	}
	v, n := s.t.pack.NumberAt(s.p.Text, tokens, next)
	if n == 0 {
		return
	}
	end := next + n
	if v.Scale && f.lo < 1000 && v.Value > f.lo*1000 && f.digits {
		// "2 to 3 million": the scale is for both.
		if w, m := s.t.pack.NumberAt(s.p.Text, tokens[:next+1], next); m == 1 && w.Value > 0 {
			f.lo *= v.Value / w.Value
		}
	}
	if or && v.Value > 3*f.lo {
		return // Two measures of the same, or another number.
	}
	if f.lo >= v.Value {
		if tight && f.digits && tokens[next].Kind == lang.Number {
			f.label, f.last = true, end // A score, or part of a longer number.
		}
		return
	}
	if tight && f.digits && end < len(tokens) && tokens[end].Fold == "-" && !tokens[end].Space && end+1 < len(tokens) && tokens[end+1].Kind == lang.Number {
		f.label, f.last = true, end+2
		return
	}
	f.hi, f.whole, f.last = v.Value, f.whole && v.Whole, end
}

// opened tells whether "between" stands before token i.
func (s *scan) opened(i, first int) int {
	k, _ := s.endsBefore(i, first, roleOpen, 0)
	return k
}

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

// unitBehind reads a unit behind the number.
func (s *scan) unitBehind(f *figure, sen lang.Sentence) bool {
	i := f.last
	if f.vague || f.unit == nil {
		i = s.skipOf(i, sen.Last)
	}
	if i < sen.Last && s.state[i]&inDate == 0 {
		if e := s.on(i, roleUnit, behind); e != nil {
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
		k, e := s.endsBefore(i, sen.First, roleModifier, before)
		if k >= 0 {
			if e.what != "exact" && definite {
				break
			}
			definite = definite || s.is(k, roleThe) != nil
			i = k
			if e.what != "exact" {
				f.modifier = e.what
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
		return true
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
	at := i
	// "5 of the passengers", but "2 million of them", "hundreds of people"
	partitive := at > f.last && at > end && !f.vague && !f.scale
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
		if e := s.on(j, roleTrigger, noun|weak); e != nil && !(s.t.capitals && t.Case == lang.Lower) {
			return j + int(s.length[j]) - i, true, e
		}
		if s.is(j, rolePerson) != nil {
			n, own := j+int(s.length[j])-i, (*entry)(nil)
			return n, true, own
		}
		if s.is(j, roleThing) != nil {
			return j + int(s.length[j]) - i, false, nil
		}
		if t.Kind == lang.Sign && t.Fold == "-" && j > i && !t.Space {
			continue
		}
		if t.Kind != lang.Word || s.state[j]&inDate != 0 || s.known(j) && s.is(j, roleOther) == nil && !s.hyphened(j, sen.Last) && !(f.none && s.is(j, roleAux) != nil) {
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

// hyphened tells whether token j is the first of words tied by a hyphen:
// "off-duty".
func (s *scan) hyphened(j, last int) bool {
	return j+2 < last && s.tokens[j+1].Fold == "-" && !s.tokens[j+1].Space && !s.tokens[j+2].Space
}

// age is how many tokens at i tell an age: "45-year-old" in "a 45-year-old
// man"; 0 where they tell none.
func (s *scan) age(i, last int) int {
	if s.tokens[i].Kind != lang.Number {
		return 0
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

// many tells whether a word ends as nouns of many do.
func (s *scan) many(fold string) bool {
	for _, e := range s.t.plural {
		if strings.HasSuffix(fold, e) && len(fold) > len(e)+1 {
			return true
		}
	}
	return false
}
