package dates

import (
	"strings"
	"unicode/utf8"

	"dateline/lang"
)

// tense is where the sentence lies from the day of publication.
type tense uint8

const (
	noTense tense = iota
	past
	future
)

// How far words that tell tense are looked for, in tokens.
const (
	tenseBefore = 14
	tenseAfter  = 12
	tenseNear   = 6 // what is told farther away is weak
)

// tense tells the tense of what happens at a match: that of the nearest word
// that tells it in the sentence, at equal distance the one before the match, or
// behind it where verbs stand last.
// Signs that end clauses count as some words. What a word opens that opens
// clauses says nothing of what stands before it, nor does the future behind
// "and", unless the match begins the clause and so has its verb behind it.
func (s *scan) tense(m *match) tense {
	if m.rule.tense != noTense {
		return m.rule.tense
	}
	if m.tensed {
		return m.tenseIs
	}
	m.tensed = true
	if m.start > 0 && s.has(m.start-1, classSince) && !s.ranges(m) {
		m.since, m.tenseIs = true, past
		return past
	}
	best := 1000
	look := func(i, distance int) {
		if distance >= best {
			return
		}
		switch t, said := s.tells(i); {
		case said:
			// It tells of the telling, not of the rest.
			best, m.tenseIs, m.weakTense = distance, past, true
		case t == past && s.toCome(i):
			best, m.tenseIs, m.weakTense = distance, future, false
		case t != noTense:
			best, m.tenseIs, m.weakTense = distance, t, false
		}
	}
	behind := 1
	if s.verbLast {
		behind = -2
	}
	distance := 0
	for i := m.start - 1; i >= 0 && i >= m.start-tenseBefore && distance < best; i-- {
		d, stop := s.clause(i)
		if stop || s.tokens[i+1].Paragraph {
			break
		}
		distance += d
		look(i, distance)
	}
	distance, first, other := 0, s.verbLast || s.opens(m.start), false
	for i := m.end; i < len(s.tokens) && i < m.end+tenseAfter && distance < best; i++ {
		d, stop := s.clause(i)
		if stop || s.tokens[i].Paragraph || s.has(i, classThat) {
			break
		}
		distance += d
		if other = other || !first && s.has(i, classClause); other {
			if t, _ := s.tells(i); t == future {
				break // "left on Monday and will arrive"
			}
		}
		look(i, distance+behind)
	}
	until := m.start > 0 && s.has(m.start-1, classUntil)
	if best > tenseNear && m.rule.op == opDate && m.hasClass(classWeekday) && s.behind(m.start, classDeadline) {
		m.tenseIs = future // "by Friday", with no verb near
	}
	m.weakTense = m.weakTense || best > tenseNear || until
	return m.tenseIs
}

// behind tells whether words of a class stand right before token i.
func (s *scan) behind(i int, c class) bool {
	for back := 1; back <= 3 && back <= i; back++ {
		for _, e := range s.of(i - back) {
			if e.class == c && int(e.n) == back {
				return true
			}
		}
	}
	return false
}

// tells tells the tense that the word at token i tells, and whether it is a
// verb of saying.
func (s *scan) tells(i int) (t tense, said bool) {
	for _, e := range s.of(i) {
		switch {
		case e.class == classSaid:
			return past, true
		case e.class == classPast:
			return past, false
		case e.class == classFuture, e.class == classHeadline && s.title:
			return future, false
		}
	}
	tok := &s.tokens[i]
	if tok.Kind != lang.Word || tok.Case > lang.Lower && !(tok.Case == lang.Capital && s.begins(i)) {
		return noTense, false
	}
	text := s.text[tok.Start:tok.End]
	if i > 0 && s.has(i-1, classNoun) {
		return noTense, false
	}
	switch {
	case s.inflected(s.futures, tok.Fold, text, i):
		return future, false
	case s.inflected(s.pasts, tok.Fold, text, i):
		return past, false
	}
	return noTense, false
}

// ranges tells whether a match is the first of two with "to" between them.
func (s *scan) ranges(m *match) bool {
	if m.rule.op == opRange {
		return true
	}
	n := m.next
	if n == nil || n.start-m.end > 2 || n.start <= m.end {
		return false
	}
	return s.has(n.start-1, classUntil)
}

// toCome tells whether what the word at token i tells of is still to come, as
// that of a participle with an auxiliary before it: "will be held".
func (s *scan) toCome(i int) bool {
	for k := i - 1; k >= 0 && k >= i-3 && s.tokens[k].Kind == lang.Word && !s.tokens[k+1].Paragraph; k-- {
		switch t, said := s.tells(k); {
		case t == future:
			return true
		case said:
			return false
		}
	}
	return false
}

// inflection is an ending or a beginning of words that tell tense.
type inflection struct {
	fold  string
	text  string // as the pack has it, where accents make a difference; or empty
	first bool   // a beginning, of words that begin a clause
}

// newInflection reads "*ed" and "be*".
func newInflection(form string) (f inflection, ok bool) {
	text, ok := strings.CutPrefix(form, "*")
	if !ok {
		if text, ok = strings.CutSuffix(form, "*"); !ok {
			return f, false
		}
		f.first = true
	}
	if f.fold = lang.Fold(text); f.fold != text {
		f.text = text
	}
	return f, true
}

// inflected tells whether the word at token i has one of the endings, and more
// before it, or one of the beginnings and begins a clause.
// A word in capitals inside a sentence is a name and has none.
func (s *scan) inflected(list []inflection, fold, text string, i int) bool {
	name := s.tokens[i].Case >= lang.Capital && !s.tokens[i].Paragraph
	if name && i > 0 {
		_, name = s.clause(i - 1)
		name = !name // a sentence's first word may be any
	}
	for k := range list {
		f := &list[k]
		if len(fold) <= len(f.fold)+1 || name && !f.first {
			continue
		}
		switch {
		case !f.first:
			if strings.HasSuffix(fold, f.fold) && strings.HasSuffix(text, f.text) {
				return true
			}
		case strings.HasPrefix(fold, f.fold) && utf8.RuneCountInString(fold[len(f.fold):]) >= 3 && s.begins(i):
			return true
		}
	}
	return false
}

// opens tells whether a clause begins at token i, or up to two words before it.
func (s *scan) opens(i int) bool {
	for k := i; k >= 0 && k >= i-2; k-- {
		if s.begins(k) {
			return true
		}
	}
	return false
}

// begins tells whether a clause begins at token i.
func (s *scan) begins(i int) bool {
	return i == 0 || s.tokens[i].Paragraph || s.tokens[i-1].Kind == lang.Sign
}

// clause tells how far the token i parts what stands around it.
func (s *scan) clause(i int) (distance int, stop bool) {
	t := &s.tokens[i]
	if t.Kind != lang.Sign {
		if s.has(i, classClause) {
			return 4, false
		}
		return 1, false
	}
	switch t.Fold {
	case ".", "!", "?", "…", "؟", "۔":
		return 0, true
	case ";", ":", "\"", "”", "“", "؛", "»", "«":
		return 10, false
	case ",", "،", "-", "–", "—":
		return 5, false
	}
	return 1, false
}
