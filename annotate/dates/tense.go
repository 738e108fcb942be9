package dates

import (
	"strings"

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
// that tells it in the sentence, at equal distance the one before the match.
// Signs that end clauses count as some words.
func (s *scan) tense(m *match) tense {
	if m.rule.tense != noTense {
		return m.rule.tense
	}
	if m.tensed {
		return m.tenseIs
	}
	m.tensed = true
	if m.start > 0 && s.has(m.start-1, classSince) {
		m.since, m.tenseIs = true, past
		return past
	}
	best := 1000
	look := func(i, distance int) {
		if distance >= best {
			return
		}
		for _, e := range s.of(i) {
			switch e.class {
			case classSaid:
				// It tells of the telling, not of the rest.
				best, m.tenseIs, m.weakTense = distance, past, true
				return
			case classPast:
				best, m.tenseIs, m.weakTense = distance, past, false
				return
			case classFuture:
				best, m.tenseIs, m.weakTense = distance, future, false
				return
			}
		}
		if tok := &s.tokens[i]; tok.Kind == lang.Word && tok.Case <= lang.Lower {
			switch {
			case ends(tok.Fold, s.futures):
				best, m.tenseIs, m.weakTense = distance, future, false
			case ends(tok.Fold, s.pasts):
				best, m.tenseIs, m.weakTense = distance, past, false
			}
		}
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
	distance = 0
	for i := m.end; i < len(s.tokens) && i < m.end+tenseAfter && distance < best; i++ {
		d, stop := s.clause(i)
		if stop || s.tokens[i].Paragraph {
			break
		}
		distance += d
		look(i, distance+1)
	}
	m.weakTense = m.weakTense || best > tenseNear || m.start > 0 && s.has(m.start-1, classUntil)
	return m.tenseIs
}

// ends tells whether a word has one of the endings, and more before it.
func ends(word string, endings []string) bool {
	for _, e := range endings {
		if len(word) > len(e)+1 && strings.HasSuffix(word, e) {
			return true
		}
	}
	return false
}

// clause tells how far the token i parts what stands around it.
func (s *scan) clause(i int) (distance int, stop bool) {
	t := &s.tokens[i]
	if t.Kind != lang.Sign {
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
