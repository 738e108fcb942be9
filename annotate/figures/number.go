package figures

import (
	"strings"
	"unicode"

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
	alone       bool // "man" in a headline: one, though no number says so
	classifier  bool // "seorang": whatever noun is behind it is of people
	none        bool
	bound       bool // "a", "no": nothing without a noun behind it
	other       bool // "others": counts what was counted before
	person      bool
	thing       bool
	unknown     bool // the noun is not in the tables
	label       bool // it counts nothing
	from        bool
	modifier    string
	modifierAt  int // its token, where it stands before the number
	unit        *entry

	trigger  int // index of what governs it; -1 where nothing does
	what     string
	earlier  *trigger // what governed it before what became of them in the end
	own      string   // what its noun says became of it
	ownWeak  bool
	cost     float64
	agent    bool
	part     bool
	base     bool    // what a part is taken of: "12 of the 400"
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

// misread tells whether a number was taken for a date though a noun of people
// or things stands behind it: the French "sept" is also short for a month, and
// 1300 is a year.
func (s *scan) misread(i int, sen lang.Sentence) bool {
	if i+1 >= sen.Last || s.is(i+1, rolePerson) == nil && s.is(i+1, roleThing) == nil || s.state[i+1]&inDate != 0 || i > sen.First && s.state[i-1]&inDate != 0 {
		return false
	}
	if s.tokens[i].Kind == lang.Number {
		// "In 2010 people", "the 1991 film" are no numbers of people and films.
		if i == sen.First || len(s.t.plural) > 0 && !s.many(s.tokens[i+1].Fold) {
			return false
		}
		for _, r := range []role{rolePrep, rolePlace, roleThe, roleOf, roleFrom} {
			if k, _ := s.endsBefore(i, sen.First, r, 0); k >= 0 {
				return false
			}
		}
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
	if e := s.is(i, roleNone); e != nil && (e.tail == "" || s.followed(i+int(s.length[i]), sen.Last, e.tail)) {
		f.bound = e.side&before != 0
		f.none, f.whole, f.words, f.last = true, true, true, i+int(s.length[i])
		if last := tokens[f.last-1].Fold; f.last > i+1 && last[len(last)-1] == '\'' {
			f.last-- // "personne n'"
		}
		return f, true
	}
	if e := s.is(i, roleOne); e != nil && !s.another(i+int(s.length[i]), sen.Last) {
		f.bound, f.classifier = e.side&before != 0, e.side == behind
		f.lo, f.hi, f.one, f.whole, f.words, f.last = 1, 1, true, true, true, i+int(s.length[i])
		return f, s.is(f.last, roleOf) == nil
	}
	for _, e := range s.words[i] {
		if e.role == rolePerson && e.lo > 0 {
			f.lo, f.hi, f.one, f.whole, f.words, f.last = e.lo, e.lo, true, true, true, i
			return f, true
		}
	}
	if s.is(i, roleAlone) != nil && s.headline(sen) && s.bare(i, sen.First) {
		f.lo, f.hi, f.one, f.alone, f.whole, f.words, f.last = 1, 1, true, true, true, true, i
		return f, true
	}
	return f, false
}

// maxHeadline is how many tokens a headline has at most.
const maxHeadline = 24

// headline tells whether a sentence is one: the article's, or a paragraph
// without a full stop whose words have capitals.
func (s *scan) headline(sen lang.Sentence) bool {
	if s.p.In == dateline.InTitle {
		return true
	}
	if sen.Last-sen.First > maxHeadline || s.tokens[sen.Last-1].Kind == lang.Sign || sen.First > 0 && !s.tokens[sen.First].Paragraph || sen.Last < len(s.tokens) && !s.tokens[sen.Last].Paragraph {
		return false
	}
	words := 0
	for i := sen.First; i < sen.Last; i++ {
		if t := &s.tokens[i]; t.Kind == lang.Word && len(t.Fold) > 3 {
			if t.Case != lang.Capital && t.Case != lang.Upper {
				return false
			}
			words++
		}
	}
	return words > 2
}

// bare tells whether no number or article stands before the noun at token i.
func (s *scan) bare(i, first int) bool {
	if i == first {
		return true
	}
	if s.tokens[i-1].Kind == lang.Number || s.state[i-1]&inDate != 0 {
		return false
	}
	for j := i - 1; j >= first && j >= i-3; j-- {
		for _, r := range []role{roleOne, roleThe, roleOf, roleNone, roleOther, roleVague, rolePerson, roleLabel} {
			if s.is(j, r) != nil && j+int(s.length[j]) >= i {
				return false
			}
		}
	}
	_, n := s.t.pack.NumberAt(s.p.Text, s.tokens[:i], i-1)
	return n == 0
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
