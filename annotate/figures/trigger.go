package figures

import "dateline/lang"

// trigger is a word that tells what became of people.
type trigger struct {
	first, last int
	side        side
	what        string
	of          bool // "death of"
}

func (s *scan) findTriggers(sen lang.Sentence) {
	for i := sen.First; i < sen.Last; i++ {
		from := len(s.triggers)
		for k := range s.words[i] {
			e := &s.words[i][k]
			if e.role != roleTrigger {
				continue
			}
			if e.tail != "" && !s.followed(i+int(s.length[i]), sen.Last, e.tail) {
				continue
			}
			t := trigger{first: i, last: i + int(s.length[i]), side: e.side, what: e.what, of: e.of}
			if e.side&past != 0 {
				t.side = s.voice(i, sen)
			} else if e.side == before && s.inverted(t, sen) {
				t.side = behind
			} else if e.side == before|behind && s.ahead(t, sen) {
				t.side |= behindFirst
			}
			if e.exact != "" {
				// Its accents tell more than the word without them.
				s.triggers = append(s.triggers[:from], t)
				break
			}
			// A word may be the noun that is counted and one that means the
			// number: "deaths".
			if n := len(s.triggers); n > from && s.triggers[n-1].what == t.what {
				s.triggers[n-1].side |= t.side
				continue
			}
			if e.tail != "" {
				// It is told from the verb alone: "أصيب ... بالكوليرا".
				s.triggers = append(s.triggers[:from], t)
				break
			}
			s.triggers = append(s.triggers, t)
		}
	}
}

// maxTail is how far behind the first part of a verb its second may stand.
const maxTail = 24

// followed tells whether a word stands behind token i in its clause: "nahm
// zwölf Männer fest".
func (s *scan) followed(i, last int, word string) bool {
	for j := i; j < last && j < i+maxTail; j++ {
		switch s.tokens[j].Fold {
		case word:
			return true
		case ";", ":":
			return false
		}
	}
	return false
}

// voice tells on which side of a verb that may be active or passive ("killed")
// those stand whom it happened to.
func (s *scan) voice(i int, sen lang.Sentence) side {
	for j := i - 1; j >= sen.First && j >= i-5; j-- {
		if s.is(j, rolePassive) != nil {
			return before
		}
		if s.length[j] == 0 && s.insideKnown(j, sen.First) {
			continue
		}
		if s.is(j, roleAux) != nil || s.is(j, roleModifier) != nil || s.is(j, roleModal) != nil {
			continue
		}
		if e := s.is(j, roleTrigger); e != nil && e.side&past != 0 {
			continue
		}
		if s.is(j, roleAnd) != nil && j > sen.First && s.is(j-1, roleTrigger) != nil {
			continue
		}
		break
	}
	j := i + int(s.length[i])
	// "killed and wounded dozens"
	for j+1 < sen.Last && s.is(j, roleAnd) != nil && s.is(j+1, roleTrigger) != nil {
		j += 1 + int(s.length[j+1])
	}
	object := false
	if k := s.figureFrom(j); k < len(s.figs) && s.figs[k].begin <= j+5 {
		object = s.onlyModifiers(j, s.figs[k].begin)
	}
	if !object && j < sen.Last {
		object = s.is(j, roleThe) != nil
	}
	if object {
		return behind
	}
	return before
}

// inverted tells whether a participle opens its clause and its auxiliary
// follows: "verletzt wurde niemand".
func (s *scan) inverted(t trigger, sen lang.Sentence) bool {
	if t.last >= sen.Last || s.is(t.last, rolePassive) == nil {
		return false
	}
	i := t.first - 1
	return i < sen.First || s.tokens[i].Kind == lang.Sign && s.tokens[i].Fold != "-" || s.is(i, roleAnd) != nil && i > sen.First && s.is(i-1, roleTrigger) == nil
}

// ahead tells whether a participle stands before whom it happened to: its
// auxiliary opens the clause, or it is joined with another that does:
// "foram sequestrados seis engenheiros e mortos dois seguranças".
func (s *scan) ahead(t trigger, sen lang.Sentence) bool {
	i := t.first - 1
	if i <= sen.First && (i < sen.First || s.is(i, rolePassive) == nil) {
		return false
	}
	if s.is(i, roleAnd) != nil {
		n := len(s.triggers)
		if n == 0 || s.triggers[n-1].side&behindFirst == 0 || t.first-s.triggers[n-1].last > maxGap {
			return false
		}
		k := s.figureFrom(t.last)
		return k < len(s.figs) && (s.figs[k].begin == t.last || s.figs[k].begin <= t.last+3 && s.onlyModifiers(t.last, s.figs[k].begin))
	}
	passive := false
	for low := i - 5; i >= max(sen.First, low) && (s.is(i, rolePassive) != nil || s.is(i, roleAux) != nil); i-- {
		passive = passive || s.is(i, rolePassive) != nil
	}
	return passive && (i < sen.First || s.tokens[i].Kind == lang.Sign && s.tokens[i].Fold != "-")
}

// insideKnown tells whether token j is inside a phrase of the tables.
func (s *scan) insideKnown(j, first int) bool {
	for k := j - 1; k >= first && k >= j-6; k-- {
		if n := int(s.length[k]); n > 0 {
			return k+n > j
		}
	}
	return false
}

func (s *scan) onlyModifiers(i, end int) bool {
	for i < end {
		if s.is(i, roleModifier) == nil && s.is(i, roleOther) == nil && s.is(i, roleThe) == nil && s.is(i, roleAux) == nil && s.is(i, roleOpen) == nil {
			return false
		}
		i += int(s.length[i])
	}
	return i == end
}
