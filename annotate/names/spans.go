package names

import (
	"strings"
	"unicode"

	"dateline"
)

// holder looks into an organization right behind an office for the one who
// holds it. He is parted from an organization that ends in a given name with
// others behind it, "Ketua Umum Partai Cahaya Rakyat Farida Munawar", and then
// holder tells that both were added; or e is made a person where nothing in it
// is of organizations: "pelatih Bimo Sagara".
func (a *article) holder(s *sight, e *entity) bool {
	if e.first == 0 || s.t.ownerFirst || s.words[e.first-1].class&isTitle == 0 || s.words[e.first-1].class&(isHead|isPlural) != 0 {
		return false
	}
	n := e.last - e.first
	if n >= 2 && n <= 3 && e.score < .9 && s.words[e.first-1].shape == shapeLower && s.shaped(e.first, e.last) && s.plainName(e.first, e.last) {
		e.kind = dateline.KindPerson
		return false
	}
	if n < 4 || s.words[e.first].class&isHead == 0 {
		return false
	}
	for i := e.first + 2; i+1 < e.last; i++ {
		if s.words[i].class&isGiven == 0 || !s.shaped(i, e.last) {
			continue
		}
		if !s.plainName(i, e.last) {
			return false
		}
		a.add(s, entity{e.first, i, dateline.KindOrganization, e.score})
		a.add(s, entity{i, e.last, dateline.KindPerson, max(e.score, .8)})
		return true
	}
	return false
}

// plainName tells whether no table knows one of the tokens as of an
// organization or place.
func (s *sight) plainName(first, last int) bool {
	for i := first; i < last; i++ {
		if w := &s.words[i]; w.class&(isHead|isKnown|isTail|isJoiner|isTeam|isArea|isThing|isDemonym) != 0 || w.gaz >= 4 {
			return false
		}
	}
	return true
}

// shaped tells whether all tokens are words with a capital at the beginning.
func (s *sight) shaped(first, last int) bool {
	for i := first; i < last; i++ {
		if s.words[i].shape != shapeCapital {
			return false
		}
	}
	return true
}

// listed tells whether the tables know a name where every noun has a capital: a
// given name or an office before the name of a person; of organizations, a
// known one, a word that such have, or letters.
func (s *sight) listed(e entity) bool {
	for i := e.first; i < e.last; i++ {
		w := &s.words[i]
		if e.kind == dateline.KindPerson && w.class&(isGiven|isSurname) != 0 {
			return true
		}
		if e.kind == dateline.KindOrganization && (w.class&(isKnown|isHead|isTail) != 0 || w.shape == shapeUpper2 || w.shape == shapeUpper || w.shape == shapeMixed) {
			return true
		}
	}
	return e.kind == dateline.KindPerson && e.first > 0 && s.words[e.first-1].class&(isTitle|isRank|isHonorific) != 0
}

// behindTitles is where a person's name begins behind the offices and forms
// of address that it seems to begin with.
func (s *sight) behindTitles(first, last int) int {
	for first+1 < last {
		c := s.words[first].class
		if c&(isTitle|isRank|isHonorific|isDemonym) == 0 || c&(isGiven|isSurname|isParticle) != 0 && c&isDemonym == 0 {
			if cl, n := s.title(first); n < 2 || cl&isHonorific == 0 || first+n >= last {
				break
			}
		}
		next := first + 1
		if _, n := s.title(first); n > 1 && first+n < last {
			next = first + n
		}
		for next < last && s.words[next].shape >= shapeDash {
			next++
		}
		if next >= last || s.words[next].shape == shapeLower {
			break
		}
		first = next
	}
	return first
}

// typed tells whether a word is of letters, digits and letters again, as types
// of things and of germs are.
func typed(word string) bool {
	i := strings.IndexAny(word, "0123456789")
	j := strings.LastIndexAny(word, "0123456789")
	return i > 0 && j < len(word)-1 || i > 0 && strings.IndexFunc(word[i:j+1], unicode.IsLetter) >= 0
}

// behindDuties is where an organization begins behind the end of what an office
// is charged with: "Direktur Pemasaran dan Niaga Pertamina".
func (s *sight) behindDuties(first, last int) int {
	if last-first < 2 || last-first > 3 || first < 3 || s.words[first-1].shape != shapeLower || s.words[first-1].class&isJoiner == 0 {
		return first
	}
	for i := first; i < last-1; i++ {
		if w := &s.words[i]; w.class&(isHead|isKnown|isTeam) != 0 {
			return first
		}
	}
	if s.words[last-1].class&isKnown == 0 || s.known(last-1, last) != 1 {
		return first
	}
	for i := first - 2; i >= max(0, first-5) && s.words[i].shape >= shapeCapital && s.words[i].shape <= shapeMixed; i-- {
		if s.words[i].class&isTitle != 0 {
			return last - 1
		}
	}
	return first
}

// described is where an organization ends whose first word, before token i, is
// followed by words in lower case and a country: "Kementerian pertahanan
// Rusia". It is i where there are none.
func (s *sight) described(i int) int {
	for j := i; j < min(i+3, len(s.words)); j++ {
		s.lookUp(j)
		switch w := &s.words[j]; {
		case j > i && w.shape == shapeCapital && w.gaz >= 8 && w.gazAt == 1 && !s.endsSentence(j):
			for j++; j < len(s.words) && s.words[j].gazAt == 2; j++ {
			}
			return j
		case w.shape != shapeLower || w.class&(isSay|isStop|isOf|isTitle|isJoiner) != 0, j > i && w.class&isBefore != 0:
			return i
		}
	}
	return i
}

// splitPlaces parts "Moskow-Teheran" into two places.
func (a *article) splitPlaces(s *sight, e entity) bool {
	if e.last-e.first != 3 || s.words[e.first+1].shape != shapeDash || s.words[e.first].gaz < 4 || s.words[e.first+2].gaz < 4 ||
		s.words[e.first].gazAt != 1 || s.words[e.first+2].gazAt != 1 || (s.words[e.first].class|s.words[e.first+2].class)&(isGiven|isSurname|isTeam) != 0 {
		return false
	}
	for _, i := range [2]int{e.first, e.first + 2} {
		m := &mention{s: s, entity: entity{i, i + 1, e.kind, e.score}}
		m.key, m.words = s.key(i, i+1)
		a.mentions = append(a.mentions, m)
	}
	return true
}
