package names

import (
	"strings"

	"dateline"
)

// Small evidence: what stands beside a name and what else the article names
// decide where the model alone would be wrong.

// marked finds names of organizations in quotation marks behind a word that
// says what they are: "the company 'Brightwell'".
func (a *article) marked() {
	n := len(a.mentions)
	for _, s := range a.sights {
		for i := 1; i+2 < len(s.words); i++ {
			if s.bare(i) {
				if j := i + 1; s.words[j].shape == shapeCapital && s.words[j].class&isNoName == 0 {
					a.take(s, i, j+1, dateline.KindOrganization)
				} else {
					a.take(s, i, i+1, dateline.KindOrganization)
				}
				continue
			}
			if s.words[i].shape != shapeQuote || s.words[i-1].shape != shapeLower || s.words[i+1].shape < shapeCapital || s.words[i+1].shape > shapeMixed {
				continue
			}
			if s.lookUp(i - 1); s.words[i-1].class&isFirm == 0 {
				continue
			}
			end := i + 2
			for end < len(s.words) && end < i+7 && s.words[end].shape <= shapeDash {
				end++
			}
			if end < len(s.words) && s.words[end].shape == shapeQuote {
				a.take(s, i+1, end, dateline.KindOrganization)
				i = end
			}
		}
	}
	if len(a.mentions) == n {
		return
	}
	a.order(n)
	kept := a.mentions[:0]
	for i, m := range a.mentions {
		if i+1 < len(a.mentions) {
			if next := a.mentions[i+1]; next.s == m.s && next.first < m.last && next.last >= m.last && m.kind != dateline.KindOrganization {
				continue
			}
		}
		if k := len(kept); k > 0 && kept[k-1].s == m.s && kept[k-1].last > m.first {
			continue
		}
		kept = append(kept, m)
	}
	a.mentions = kept
}

// bare tells whether a name that nothing tells of begins at token i, behind a
// word that says what organization it is: "the company Brightwell".
func (s *sight) bare(i int) bool {
	w := &s.words[i]
	if w.shape != shapeCapital && w.shape != shapeMixed || s.words[i-1].shape != shapeLower || s.p.Tokens[i].Paragraph {
		return false
	}
	s.lookUp(i)
	s.lookUp(i - 1)
	return s.words[i-1].class&isFirm != 0 && w.gaz < 4 && w.class&(isGiven|isTitle|isRank|isHonorific|isNoName|isDemonym|isStop|isThing|isHead|isArea) == 0
}

// placeWords is the places of one word that the article names, folded.
func (a *article) placeWords() map[string]bool {
	places := map[string]bool{}
	for _, m := range a.mentions {
		if m.kind == dateline.KindPlace && m.last == m.first+1 && m.s.words[m.first].class&(isGiven|isSurname) == 0 {
			places[m.s.p.Tokens[m.first].Fold] = true
		}
	}
	if a.t.ownerFirst || a.t.nouns {
		return places
	}
	for _, s := range a.sights {
		for i := 1; i < len(s.words); i++ {
			// "Kabupaten Wanasari"
			if s.words[i-1].class&isArea != 0 && s.words[i-1].shape == shapeCapital && s.words[i].shape == shapeCapital && s.words[i].class&(isGiven|isSurname|isArea) == 0 && s.words[i-1].class&(isTitle|isGiven|isSurname) == 0 {
				places[s.p.Tokens[i].Fold] = true
			}
		}
	}
	return places
}

// weigh mends kinds and beginnings of names by what stands beside them.
func (a *article) weigh() {
	persons := map[string]bool{} // words of persons' names
	for _, m := range a.mentions {
		if m.kind == dateline.KindPerson && m.words > 1 {
			for w := range strings.SplitSeq(m.key, " ") {
				persons[w] = true
			}
		}
	}
	counts := map[string]int{}
	for _, m := range a.mentions {
		counts[m.key]++
	}
	kept := a.mentions[:0]
	for _, m := range a.mentions {
		if m.opens() && counts[m.key] == 1 && !persons[m.key] {
			continue
		}
		kept = append(kept, m)
		switch m.kind {
		case dateline.KindOrganization:
			if n := len(kept); n > 1 && m.abbreviated(kept[n-2]) {
				m.kind = dateline.KindPlace
			} else if m.speaks() || m.given() {
				m.kind = dateline.KindPerson
			} else if m.located() {
				m.kind = dateline.KindPlace
			}
		case dateline.KindPerson:
			if m.company() {
				m.kind = dateline.KindOrganization
				m.first--
				m.key, m.words = m.s.key(m.first, m.last)
			} else if m.words == 1 && !persons[m.key] && m.behindFirm() {
				m.kind = dateline.KindOrganization
			}
		}
	}
	a.mentions = kept
}

// opens tells whether a person seems to be only the first word of a sentence:
// no table has it, and it does not speak.
func (m *mention) opens() bool {
	s := m.s
	if s.t.least == 0 || m.kind != dateline.KindPerson || m.last != m.first+1 || !s.words[m.first].first || s.words[m.first].class&(isGiven|isSurname) != 0 || s.words[m.first].shape != shapeCapital ||
		m.last >= len(s.words) || s.words[m.last].shape != shapeLower && s.words[m.last].shape != shapeComma {
		return false
	}
	s.lookUp(m.last)
	return s.words[m.last].class&isSay == 0
}

// cutPlaces takes places from the beginnings of persons' names, and makes
// places of what stands behind a word that says so: "Dusun Krajan".
func (a *article) cutPlaces() {
	var places map[string]bool
	for i, m := range a.mentions {
		if m.kind == dateline.KindPlace {
			continue
		}
		if m.words > 2 && m.kind == dateline.KindPerson {
			if places == nil {
				places = a.placeWords()
			}
			a.cut(m, places)
		}
		s := m.s
		if w := &s.words[m.first]; m.words > 1 && m.kind == dateline.KindOrganization && m.score < .9 && w.shape == shapeCapital && w.class&isArea != 0 && w.class&(isHead|isKnown|isGiven|isTitle) == 0 && !s.t.ownerFirst && !s.t.nouns {
			tells := false
			for i := m.first + 1; i < m.last; i++ {
				tells = tells || s.words[i].class&(isHead|isKnown|isTail|isTeam) != 0 || s.words[i].shape != shapeCapital
			}
			if !tells {
				m.first++
				m.kind = dateline.KindPlace
				m.key, m.words = s.key(m.first, m.last)
				continue
			}
		}
		if m.first == 0 || i > 0 && a.mentions[i-1].s == s && a.mentions[i-1].last == m.first {
			continue
		}
		if w := &s.words[m.first-1]; w.shape == shapeCapital && w.class&isArea != 0 && w.class&(isGiven|isSurname|isTitle|isHead|isParticle) == 0 && !s.t.ownerFirst && !s.t.nouns &&
			!s.p.Tokens[m.first].Paragraph && s.words[m.first].shape == shapeCapital && s.words[m.first].class&(isGiven|isSurname|isHead|isKnown|isTeam) == 0 {
			m.kind = dateline.KindPlace
		}
	}
}

// cut takes the place an office belongs to from the name behind it: "Mayor
// Wexcombe Ann Hill" where the article names Wexcombe elsewhere, or the country.
func (a *article) cut(m *mention, places map[string]bool) {
	s := m.s
	w := &s.words[m.first]
	country := w.gaz >= 8 && w.gazAt == 1 && s.words[m.first+1].gazAt != 2
	if m.words < 3 || m.first == 0 || w.class&(isGiven|isSurname) != 0 || !country && !places[s.p.Tokens[m.first].Fold] ||
		s.words[m.first-1].class&isTitle == 0 || s.words[m.first+1].shape != shapeCapital {
		return
	}
	m.first++
	m.key, m.words = s.key(m.first, m.last)
}

// speaks tells whether an organization seems to be a person: two or three
// words with capitals, of which none tells of an organization, beside a verb
// of saying.
func (m *mention) speaks() bool {
	s := m.s
	if m.words < 2 || m.words > 3 || m.last-m.first != m.words || m.score >= .9 || s.capsAt(m.first) != 0 || s.t.nouns {
		return false
	}
	for i := m.first; i < m.last; i++ {
		if w := &s.words[i]; w.shape != shapeCapital || w.class&(isKnown|isHead|isTail|isTeam|isThing|isArea|isDemonym|isStop) != 0 || w.gaz >= 4 {
			return false
		}
	}
	verb := func(i int) bool {
		if i < 0 || i >= len(s.words) || s.words[i].shape != shapeLower {
			return false
		}
		s.lookUp(i)
		return s.words[i].class&isSay != 0
	}
	return verb(m.last) || verb(m.first-1)
}

// given tells whether an organization seems to be a person, in languages of
// which the model has read little: a given name and one or two words with
// capitals, of which none tells of an organization.
func (m *mention) given() bool {
	s := m.s
	if s.t.least == 0 || m.words < 2 || m.words > 3 || m.last-m.first != m.words || s.words[m.first].class&isGiven == 0 || s.capsAt(m.first) != 0 {
		return false
	}
	for i := m.first; i < m.last; i++ {
		if w := &s.words[i]; w.shape != shapeCapital || w.class&(isKnown|isHead|isTail|isTeam|isThing|isArea|isDemonym) != 0 || w.gaz >= 4 && i > m.first {
			return false
		}
	}
	return true
}

// located tells whether an organization of one word seems to be a place: the
// gazetteer has it, and it stands behind a preposition of place.
func (m *mention) located() bool {
	s := m.s
	w := &s.words[m.first]
	if m.last != m.first+1 || w.gaz == 0 || w.gazAt != 1 || w.class&(isKnown|isHead|isTail|isTeam) != 0 || m.first == 0 {
		return false
	}
	p := &s.words[m.first-1]
	return m.score < .9 && w.shape == shapeCapital && p.shape == shapeLower && p.class&isBefore != 0
}

// abbreviated tells whether an organization seems to be where the place before
// it lies: "Madison, Wis."
func (m *mention) abbreviated(before *mention) bool {
	text := m.text()
	return before.kind == dateline.KindPlace && before.s == m.s && before.last+1 == m.first && m.last == m.first+1 && m.s.words[m.first-1].shape == shapeComma &&
		len(text) < 7 && strings.HasSuffix(text, ".") && m.s.words[m.first].class&(isKnown|isHead|isTail) == 0
}

// company tells whether a person seems to be a company: the name follows a
// word for one that is written in capitals, "PT".
func (m *mention) company() bool {
	if m.first == 0 {
		return false
	}
	w := &m.s.words[m.first-1]
	return w.shape >= shapeCapital && w.shape <= shapeMixed && w.class&isFirm != 0 && w.class&isHead != 0 && w.shape != shapeCapital
}

// behindFirm tells whether a word that says what an organization is stands in
// front of the name: "the company Brightwell".
func (m *mention) behindFirm() bool {
	s := m.s
	if m.first == 0 || s.words[m.first].class&(isGiven|isSurname|isTitle) != 0 || m.first+1 != m.last {
		return false
	}
	s.lookUp(m.first - 1)
	return s.words[m.first-1].class&isFirm != 0
}

// parted parts organizations that were taken for one.
func (a *article) parted() {
	n := len(a.mentions)
	for _, m := range a.mentions[:n] {
		if m.kind != dateline.KindOrganization {
			continue
		}
		if k := m.s.joined(m.entity); k > 0 {
			second := &mention{s: m.s, entity: entity{k + 1, m.last, m.kind, m.score}}
			second.key, second.words = m.s.key(k+1, m.last)
			a.mentions = append(a.mentions, second)
			m.last = k
			m.key, m.words = m.s.key(m.first, m.last)
		}
	}
	a.order(n)
}

// joined is the "and" between two organizations that were taken for one, each
// with a word of its own that tells what it is: "University of Wexcombe and
// Delmont Medical College". It is 0 where there is none.
func (s *sight) joined(e entity) int {
	if e.kind != dateline.KindOrganization || e.last-e.first < 5 {
		return 0
	}
	for k := e.first + 2; k+2 < e.last; k++ {
		w := &s.words[k]
		if w.shape != shapeLower || w.class&isJoiner == 0 || w.class&(isOf|isBefore|isDet|isParticle) != 0 {
			continue
		}
		// What the second one is stands at its end, or at its beginning.
		tells := k + 1
		if s.t.ownerFirst {
			tells = e.last - 1
		}
		if s.words[tells].class&isHead == 0 || s.words[tells].shape != shapeCapital || s.words[k+1].shape == shapeLower || s.words[e.last-2].shape != shapeCapital {
			return 0
		}
		if c := s.words[e.first].class | s.words[k-1].class; c&isHead != 0 {
			return k
		}
		return 0
	}
	return 0
}

// weak takes away persons that no table knows, where every noun is written
// with a capital, unless the article names them again, or they speak, or an
// office stands beside them.
func (a *article) weak() {
	var count map[string]int
	for _, m := range a.mentions {
		if m.weak && count == nil {
			count = map[string]int{}
		}
	}
	if count == nil {
		return
	}
	for _, m := range a.mentions {
		if m.kind == dateline.KindPerson {
			count[m.key]++
		}
	}
	kept := a.mentions[:0]
	for _, m := range a.mentions {
		if !m.weak || count[m.key] > 1 || m.evident() {
			kept = append(kept, m)
		}
	}
	a.mentions = kept
}

// evident tells whether a person speaks or has an office beside the name.
func (m *mention) evident() bool {
	s := m.s
	for _, i := range [2]int{m.first - 1, m.last} {
		if i < 0 || i >= len(s.words) {
			continue
		}
		if s.lookUp(i); s.words[i].shape == shapeLower && s.words[i].class&isSay != 0 {
			return true
		}
	}
	if i := m.last; i+1 < len(s.words) && (s.words[i].shape == shapeComma || s.words[i].shape == shapeOpen) {
		cl, n := s.title(i + 1)
		return n > 0 && cl&(isTitle|isRank) != 0
	}
	return false
}

// rescue finds a given name and what follows at the end of what the model was
// not sure of: "ministre de l'Agriculture Fabien Thévenot". What it gives is
// empty where there is none.
func (s *sight) rescue(e entity) entity {
	for k := e.first + 1; e.kind == dateline.KindOrganization && k+1 < e.last; k++ {
		if w := &s.words[k]; w.shape != shapeCapital || w.class&isGiven == 0 || w.class&(isHead|isKnown|isTitle|isTail|isArea) != 0 || w.gaz >= 6 {
			continue
		}
		for i := k + 1; i < e.last; i++ {
			if w := &s.words[i]; w.shape != shapeCapital || w.class&(isHead|isKnown|isTail|isArea|isTeam) != 0 || w.gaz >= 6 {
				return entity{}
			}
		}
		return entity{k, e.last, dateline.KindPerson, .6}
	}
	return entity{}
}
