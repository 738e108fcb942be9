package names

import (
	"strings"

	"dateline"
	"dateline/gazetteer"
)

// maxHolder is how many words the name of someone behind his office and its
// country may have.
const maxHolder = 3

// abroad finds persons behind an office and the country it belongs to, where
// names have case endings: "Президент Сербии Горан Невич".
func (a *article) abroad() {
	if len(a.t.endings) == 0 || a.t.ownerFirst {
		return
	}
	n := len(a.mentions)
	var owners []int // where those whose offices they are begin
	for _, s := range a.sights {
		for i := 1; i+2 < len(s.words); i++ {
			if w := &s.words[i]; w.shape != shapeCapital || w.class&(isGiven|isSurname|isHead|isKnown) != 0 || s.p.Tokens[i].Paragraph || !s.held(i-1) {
				continue
			}
			k := s.behindOwner(i)
			if k == 0 {
				continue
			}
			j, words := s.holderEnd(k)
			if words < 2 || !s.plainName(k, j) {
				continue
			}
			m := &mention{s: s, entity: entity{k, j, dateline.KindPerson, .8}}
			m.key, m.words = s.key(m.first, m.last)
			a.mentions = append(a.mentions, m)
			owners = append(owners, i)
			i = j
		}
	}
	if len(a.mentions) == n {
		return
	}
	found := a.mentions[n:]
	kept := make([]*mention, 0, len(a.mentions))
	k := 0
	order := make(map[*sight]int, len(a.sights))
	for i, s := range a.sights {
		order[s] = i
	}
	for _, m := range a.mentions[:n] {
		for k < len(found) && (order[found[k].s] < order[m.s] || found[k].s == m.s && found[k].last <= m.first) {
			k++
		}
		if k < len(found) && found[k].s == m.s && m.last > owners[k] && m.first < found[k].last && (m.kind != dateline.KindPlace || m.last > found[k].first) {
			continue // What is found here takes its place.
		}
		kept = append(kept, m)
	}
	n = len(kept)
	a.mentions = append(kept, found...)
	a.order(n)
}

// behindOwner is where the name begins behind the country, the city or the
// province at token i whose office stands before it; 0 where there is none. A
// city's must begin with a given name or end in a family name.
func (s *sight) behindOwner(i int) int {
	next := &s.words[i+1]
	s.lookUp(i + 1)
	switch {
	case next.shape == shapeLower && next.class&isArea != 0:
		if i+2 < len(s.words) && s.words[i+2].shape == shapeCapital && !s.p.Tokens[i+1].Paragraph && !s.p.Tokens[i+2].Paragraph {
			return i + 2 // "губернатор Самарской области X"
		}
	case next.shape != shapeCapital:
	case s.placeForm(i, 10):
		return i + 1
	case s.placeForm(i, 3):
		if next.class&isGiven != 0 {
			return i + 1
		}
		if i+2 < len(s.words) {
			if s.lookUp(i + 2); s.words[i+2].class&isSurname != 0 {
				return i + 1
			}
		}
	}
	return 0
}

// holderEnd is where a name of capital words that begins at token i ends, and
// how many words it has, one joined by a hyphen being one.
func (s *sight) holderEnd(i int) (end, words int) {
	for end = i; end < len(s.words) && words < maxHolder && s.words[end].shape == shapeCapital && !s.p.Tokens[end].Paragraph; words++ {
		for end++; end+1 < len(s.words) && s.words[end].shape == shapeDash && !s.p.Tokens[end].Space && !s.p.Tokens[end+1].Space && s.words[end+1].shape == shapeCapital; {
			end += 2 // "Касым-Жомарт"
		}
	}
	return end, words
}

// held tells whether token i ends an office, or is letters or a word in lower
// case that one leads: "глава МВД", "спикер парламента".
func (s *sight) held(i int) bool {
	s.lookUp(i)
	if s.words[i].class&isTitle != 0 {
		return true
	}
	if i == 0 || s.words[i].shape != shapeUpper && s.words[i].shape != shapeUpper2 && s.words[i].shape != shapeLower {
		return false
	}
	s.lookUp(i - 1)
	return s.words[i-1].class&isTitle != 0
}

// countryForm tells whether token i is a country's name, with whatever case
// ending.
func (s *sight) countryForm(i int) bool { return s.placeForm(i, 10) }

// placeForm tells whether token i is the name, with whatever case ending, of a
// place that weighs so much.
func (s *sight) placeForm(i int, least uint8) bool {
	if s.words[i].gaz >= min(least, 8) {
		return true
	}
	fold := s.p.Tokens[i].Fold
	for _, e := range s.t.endings {
		stem, ok := strings.CutSuffix(fold, e)
		if !ok || len(stem) < 4 {
			continue
		}
		if s.place(stem, "") >= least {
			return true
		}
		for _, other := range s.t.endings {
			if s.place(stem, other) >= least {
				return true
			}
		}
	}
	return false
}

// place is how much the place weighs that is called so.
func (s *sight) place(stem, ending string) uint8 {
	s.fold = gazetteer.AppendFold(s.fold[:0], stem+ending)
	c, ok := places().Start().Step(string(s.fold), false)
	if !ok || !c.Names() {
		return 0
	}
	s.buf = c.Append(s.buf[:0])
	return gazCode(s.buf)
}
