package names

import (
	"dateline"
	"dateline/gazetteer"
	"dateline/lang"
)

// Scripts without capitals show no names. There, a person's name is words that
// the tables have as names, behind an office or in pairs; an organization's is
// one that the tables have.

// gap is how many words may stand between an office and the name.
const gap = 10

// caseless finds the names of a part in a script without capitals.
func (a *article) caseless(s *sight) {
	for k := range s.p.Sentences {
		sen := &s.p.Sentences[k]
		for i := sen.First; i < sen.Last; i++ {
			s.lookUp(i)
		}
		for i := sen.First; i < sen.Last; {
			i = a.caselessAt(s, sen, i)
		}
	}
}

// later marks family names alone, of persons that were named in full.
func (a *article) later() {
	full := map[string]bool{}
	for _, m := range a.mentions {
		if m.kind == dateline.KindPerson && m.words > 1 {
			full[m.s.p.Tokens[m.last-1].Fold] = true
		}
	}
	if len(full) == 0 {
		return
	}
	n, at := len(a.mentions), 0
	for _, s := range a.sights {
		for i := range s.words {
			for at < n && a.mentions[at].s == s && a.mentions[at].last <= i {
				at++
			}
			if at < n && a.mentions[at].s == s && a.mentions[at].first <= i {
				continue
			}
			if f := s.p.Tokens[i].Fold; full[f] && s.words[i].class&isStop == 0 {
				a.take(s, i, i+1, dateline.KindPerson)
			}
		}
		for at < n && a.mentions[at].s == s {
			at++
		}
	}
	a.order(n)
}

// caselessAt takes the name at token i, or the office and the name behind it,
// and returns the token to go on from.
func (a *article) caselessAt(s *sight, sen *lang.Sentence, i int) int {
	w := &s.words[i]
	if s.p.Tokens[i].Kind != lang.Word {
		return i + 1
	}
	if n := s.known(i, sen.Last); n > 0 {
		n = s.ofNation(i+n, sen.Last) - i
		a.take(s, i, i+n, dateline.KindOrganization)
		return i + n
	}
	if w.class&isBody != 0 {
		if end := s.ofNation(i+1, sen.Last); end > i+1 {
			a.take(s, i, end, dateline.KindOrganization) // "الجيش الإسرائيلي"
			return end
		}
	}
	if cl, n := s.title(i); n > 0 && cl&(isTitle|isRank|isHonorific) != 0 {
		if j, direct := s.named(i+n, sen.Last, cl); j > 0 {
			for k := i + n; k < j; { // Organizations between them.
				if m := s.known(k, j); m > 0 {
					a.take(s, k, k+m, dateline.KindOrganization)
					k += m
				} else {
					k++
				}
			}
			if end := s.addressed(i+n, sen.Last, cl); end > 0 && end > s.nameEnd(j, sen.Last, true) {
				a.take(s, i+n, end, dateline.KindPerson)
				return end
			}
			if end := s.nameEnd(j, sen.Last, true); end > j && (end > j+1 || direct || s.words[j].class&isSurname != 0) {
				a.take(s, j, end, dateline.KindPerson)
				return end
			}
		}
		if end := s.addressed(i+n, sen.Last, cl); end > 0 {
			a.take(s, i+n, end, dateline.KindPerson)
			return end
		}
		return i + 1
	}
	if w.class&isGiven != 0 && w.class&isStop == 0 {
		if end := s.nameEnd(i, sen.Last, false); end > i+1 && s.words[end-1].class&isSurname != 0 {
			a.take(s, i, end, dateline.KindPerson)
			return end
		}
		if end := s.nameEnd(i, sen.Last, true); end > i+1 && s.speaker(i, end, sen) {
			a.take(s, i, end, dateline.KindPerson)
			return end
		}
	}
	return i + 1
}

// ofNation is where an organization that ends before token i ends with the word
// for the nation it is of, where one follows.
func (s *sight) ofNation(i, end int) int {
	if i < end && s.words[i].class&isDemonym != 0 && !s.p.Tokens[i].Paragraph {
		return i + 1
	}
	return i
}

// addressed is where two words right behind a form of address end, which are a
// name though no table has them: a verb of saying or a sign follows. It is 0
// where there is none.
func (s *sight) addressed(i, end int, c class) int {
	if c&isHonorific == 0 || c&(isTitle|isRank) != 0 || i+2 >= end {
		return 0
	}
	for j := i; j < i+2; j++ {
		s.lookUp(j)
		if t := &s.p.Tokens[j]; t.Kind != lang.Word || t.Paragraph || t.End-t.Start < 6 || s.words[j].class&(isStop|isSay|isTitle|isRank|isHonorific|isHead|isOf|isBefore|isDemonym|isPrefix) != 0 {
			return 0
		}
	}
	last := i + 2
	for last+1 < end && last < i+4 && s.p.Tokens[last].Kind == lang.Word && !s.p.Tokens[last].Space {
		last++ // Joined without a space.
	}
	s.lookUp(last)
	if s.p.Tokens[last].Kind == lang.Word && s.words[last].class&isSay == 0 {
		return 0
	}
	return last
}

// speaker tells whether the words [i, end) that may be a name speak: a verb of
// saying stands right in front of them, or they begin their sentence, and the
// verb, or an office between commas, follows.
func (s *sight) speaker(i, end int, sen *lang.Sentence) bool {
	if i > sen.First && s.p.Tokens[i-1].Kind == lang.Word {
		return s.words[i-1].class&isSay != 0
	}
	if end >= sen.Last {
		return false
	}
	if s.words[end].shape == shapeComma && end+1 < sen.Last {
		cl, n := s.title(end + 1)
		return n > 0 && cl&isTitle != 0
	}
	for j := end; j < min(end+4, sen.Last) && s.p.Tokens[j].Kind == lang.Word; j++ {
		s.lookUp(j)
		if s.words[j].class&isSay != 0 {
			return true
		}
		if j == end && s.words[j].class&(isOf|isBefore|isStop) == 0 {
			return false
		}
	}
	return false
}

func (a *article) take(s *sight, first, last int, kind dateline.AnnotationKind) {
	m := &mention{s: s, entity: entity{first, last, kind, .8}}
	m.key, m.words = s.key(first, last)
	a.mentions = append(a.mentions, m)
}

// known is how many tokens the well-known organization at token i has.
func (s *sight) known(i, end int) int {
	tok := &s.p.Tokens[i]
	n, c := 0, s.t.common.words[tok.Fold]
	if c&isFirst != 0 {
		_, n = s.t.common.longest(s.p.Tokens, i)
	}
	if n == 0 && c&isKnown != 0 {
		n = 1
	}
	if i+n > end {
		return 0
	}
	return n
}

// named finds where a name begins behind an office, which ends at token i, and
// whether it stands right behind it.
func (s *sight) named(i, end int, office class) (at int, direct bool) {
	from, free := i, 0
	for limit := i + 2*gap; i < end && i < from+gap && i < limit; {
		w := &s.words[i]
		if s.p.Tokens[i].Kind != lang.Word {
			return 0, false
		}
		if n := s.known(i, end); n > 0 {
			i += n
			free = 0
			continue
		}
		if w.class&(isGiven|isSurname) != 0 && w.class&(isDemonym|isStop) == 0 {
			return i, i == from && office&(isRank|isHonorific) != 0
		}
		if cl, n := s.title(i); n > 0 {
			office |= cl
			i += n
			if i-from == n {
				from = i
			}
			continue
		}
		switch {
		case w.class&(isDemonym|isPrefix|isOf) != 0, s.country(i):
			free = 0
		case w.class&isHead != 0:
			free = 3
		case w.class&isSay != 0:
			return 0, false
		case free > 0:
			free--
		case i == from:
			free = 1
		default:
			return 0, false
		}
		i++
	}
	return 0, false
}

// country tells whether token i is a country's name.
func (s *sight) country(i int) bool {
	s.fold = gazetteer.AppendFold(s.fold[:0], s.p.Tokens[i].Fold)
	s.buf = places().AppendLookup(s.buf[:0], string(s.fold))
	if code := gazCode(s.buf); code >= 9 {
		s.words[i].gaz, s.words[i].gazAt = code, 1
		return true
	}
	return false
}

// maxName is how many words a name has at most.
const maxName = 5

// nameEnd is where the name that begins at token i ends. Behind an office the
// word after a given name is one of the name though no table has it.
func (s *sight) nameEnd(i, end int, office bool) int {
	first := i + 1
	if s.compound(i, end) {
		first++ // "عبد الفتاح"
	}
	j := first
	for j < end && j < i+maxName {
		w := &s.words[j]
		if s.p.Tokens[j].Kind != lang.Word || s.p.Tokens[j].Paragraph || s.words[j].class&(isStop|isSay) != 0 || s.words[j].class&isDemonym != 0 && s.words[j].class&isSurname == 0 {
			break
		}
		switch {
		case s.compound(j, end):
			j += 2
			continue
		case w.class&(isGiven|isSurname) != 0:
			j++
			continue
		case w.class&isParticle != 0 && j+1 < end && s.p.Tokens[j+1].Kind == lang.Word && s.words[j+1].class&(isStop|isSay) == 0:
			j += 2
			continue
		case office && j == first && s.words[i].class&isGiven != 0 && w.class&^(isKnown) == 0 && s.p.Tokens[j].End-s.p.Tokens[j].Start >= 6:
			j++
		}
		break
	}
	return j
}

// compound tells whether token i, a given name that is a particle too, makes
// one name with the word behind it.
func (s *sight) compound(i, end int) bool {
	return s.words[i].class&isParticle != 0 && s.words[i].class&isGiven != 0 && i+1 < end && s.p.Tokens[i+1].Kind == lang.Word && !s.p.Tokens[i+1].Paragraph && s.words[i+1].class&(isStop|isSay) == 0
}
