package names

import (
	"slices"
	"strings"

	"dateline"
)

// reach is how many words an organization's name is looked through for what
// it begins with.
const reach = 12

// heads gives organizations the whole of their names: from a word that heads
// names of organizations, where the model cut it off, and as far as the
// letters in brackets behind it tell.
func (a *article) heads() {
	out := make([]*mention, 0, len(a.mentions))
	k := 0
	for _, s := range a.sights {
		for _, r := range s.runs {
			from := len(out)
			for k < len(a.mentions) && a.mentions[k].s == s && a.mentions[k].first < r.last {
				m := a.mentions[k]
				k++
				low := r.first
				if n := len(out); n > from {
					low = out[n-1].last
				}
				if m.kind == dateline.KindOrganization {
					a.ended(m, low, &r)
					a.grow(m, max(low, m.first-reach))
					var next *mention
					if k < len(a.mentions) && a.mentions[k].s == s {
						next = a.mentions[k]
					}
					if a.t.least > 0 {
						a.stretch(m, next, &r)
					} else if !a.t.ownerFirst {
						a.numbered(m, next, &r)
					}
					if next != nil && next.kind == dateline.KindPlace && next.first == m.last && !a.t.ownerFirst && s.words[m.first].class&isHead != 0 {
						m.last = next.last // "Pengadilan Negeri Medan"
						m.key, m.words = s.key(m.first, m.last)
					}
				}
				if m.kind == dateline.KindPerson {
					var next *mention
					if k < len(a.mentions) && a.mentions[k].s == s {
						next = a.mentions[k]
					}
					a.join(m, next, &r, low)
				}
				if n := len(out); n > from && out[n-1].last > m.first {
					continue // It was taken in.
				}
				if a.t.least > 0 && m.kind == dateline.KindOrganization && s.lowerHead(m) {
					continue
				}
				if s.only(m.first, m.last, isSuffix) {
					continue
				}
				out = append(out, m)
			}
			out = a.listed(s, &r, out, from)
			out = a.particled(s, &r, out, from)
			if !a.t.ownerFirst && !a.t.nouns && r.caps == 0 {
				out = a.headed(s, &r, out, from)
			}
			out = a.lettered(s, &r, out, from)
		}
	}
	a.mentions = out
}

// stretch gives organizations that begin with a heading word what follows in
// the run: "Instituto Nacional de Sismología".
func (a *article) stretch(m, next *mention, r *run) {
	s := m.s
	if s.words[m.first].class&isHead == 0 {
		return
	}
	end := r.last
	if next != nil && next.first < end && next.kind != dateline.KindPlace {
		end = next.first
	}
	last := m.last
	if i := last; i+1 < end && s.words[i].shape == shapeNumber && s.p.Tokens[i].Space && s.words[i+1].shape == shapeCapital {
		m.last, last = i+1, i+1
	}
	for i := m.last; i < end; i++ {
		w := &s.words[i]
		if w.shape == shapeLower && w.class&(isOf|isDet|isParticle) == 0 || w.shape >= shapeDash {
			break
		}
		if w.shape != shapeLower {
			last = i + 1
		}
	}
	if last > m.last {
		m.last = last
		m.key, m.words = s.key(m.first, m.last)
	}
}

// ended gives an organization of which the model saw only what such names end
// in ("S.A.") the words before it, and one the tail in brackets: "(Persero)".
func (a *article) ended(m *mention, low int, r *run) {
	s := m.s
	first, last := m.first, m.last
	if s.words[first].class&(isHead|isKnown) == 0 && s.only(first, last, isTail) {
		for first > low && first > m.first-3 && s.words[first-1].shape == shapeCapital && s.words[first-1].class&(isTitle|isRank|isStop|isNoName) == 0 {
			first--
		}
	}
	if i := first - 2; i >= low && s.words[first-1].shape == shapeDash && !s.p.Tokens[first].Space && !s.p.Tokens[first-1].Space && s.words[i].class&isParticle != 0 {
		first = i // "Al-Qaeda"
	}
	if i := last; i+2 < len(s.words) && s.words[i].shape == shapeOpen && s.words[i+2].shape == shapeClose && s.words[i+1].class&isTail != 0 && s.words[i+1].shape == shapeCapital {
		last = i + 3
	}
	if first != m.first || last != m.last {
		m.first, m.last = first, last
		m.key, m.words = s.key(first, last)
	}
}

// numbered gives an organization its number and what follows: "SD Negeri 2
// Suri".
func (a *article) numbered(m, next *mention, r *run) {
	s, i := m.s, m.last
	if s.words[m.first].class&isHead == 0 || i+1 >= r.last || s.words[i].shape != shapeNumber || s.p.Tokens[i].End-s.p.Tokens[i].Start > 3 ||
		s.words[i+1].shape != shapeCapital || s.words[i+1].class&isNoName != 0 {
		return
	}
	m.last = i + 2
	if next != nil && next.kind == dateline.KindPlace && next.first == i+1 {
		m.last = next.last
	}
	m.key, m.words = s.key(m.first, m.last)
}

// listed marks well-known organizations of several words, or in letters, that
// the model did not see in a run whose mentions are out[from:].
func (a *article) listed(s *sight, r *run, out []*mention, from int) []*mention {
	n := len(out)
	for i := r.first; i < r.last; {
		w := &s.words[i]
		if w.class&isKnown == 0 || w.shape <= shapeLower || w.shape > shapeMixed {
			i++
			continue
		}
		_, k := s.t.common.longest(s.p.Tokens, i)
		if k == 0 && w.shape == shapeUpper && s.t.common.words[s.p.Tokens[i].Fold]&isKnown != 0 {
			k = 1
		}
		if k == 0 && a.t.least > 0 && !a.t.nouns && w.class&isKnown != 0 && w.class&isTitle == 0 && w.gaz == 0 && !w.first && len(s.p.Tokens[i].Fold) > 5 {
			k = 1
		}
		free := k > 0 && (k > 1 || a.t.least > 0) && w.class&isTeam == 0
		for j := from; free && j < len(out); j++ {
			m := out[j]
			if m.first == i && m.last < i+k && m.kind == dateline.KindOrganization {
				m.last = i + k // "Union" of "Union européenne"
				m.key, m.words = s.key(m.first, m.last)
				free = false
			}
			free = free && (m.last <= i || m.first >= i+k)
		}
		if !free {
			i++
			continue
		}
		m := &mention{s: s, entity: entity{i, i + k, dateline.KindOrganization, .8}}
		m.key, m.words = s.key(i, i+k)
		out = append(out, m)
		i += k
	}
	if len(out) > n {
		slices.SortFunc(out[from:], func(x, y *mention) int { return x.first - y.first })
	}
	return out
}

// particled marks a given name, particles and what they lead to, where the
// model saw nothing: "Ursula von Brandenstein".
func (a *article) particled(s *sight, r *run, out []*mention, from int) []*mention {
	n := len(out)
	for i := r.first; i+2 < r.last; i++ {
		if s.words[i].class&isGiven == 0 || s.words[i].shape != shapeCapital {
			continue
		}
		j := i + 1
		for j < r.last-1 && j < i+4 && s.words[j].shape == shapeLower && s.words[j].class&isParticle != 0 && s.words[j].class&isBefore == 0 {
			j++
		}
		if j == i+1 || s.words[j].shape != shapeCapital || s.words[j].gaz >= 8 {
			continue
		}
		free := true
		for _, m := range out[from:n] {
			free = free && (m.last <= i || m.first > j || m.kind == dateline.KindPlace && m.first == j && m.last == j+1)
		}
		if free {
			out = slices.DeleteFunc(out, func(m *mention) bool { return m.s == s && m.first == j })
			n = min(n, len(out))
			m := &mention{s: s, entity: entity{i, j + 1, dateline.KindPerson, .7}}
			m.key, m.words = s.key(i, j+1)
			out = append(out, m)
			i = j
		}
	}
	slices.SortFunc(out[from:], func(x, y *mention) int { return x.first - y.first })
	return out
}

// headed marks what begins with a word that heads names of organizations and
// goes on with two or more capitalised words, where the model saw nothing.
func (a *article) headed(s *sight, r *run, out []*mention, from int) []*mention {
	n := len(out)
	for i := r.first; i+2 < r.last; i++ {
		w := &s.words[i]
		if w.shape != shapeCapital || w.class&isHead == 0 || w.class&(isTitle|isArea|isRank) != 0 || w.class&isGiven != 0 {
			continue
		}
		end := r.last
		free := true
		for _, m := range out[from:n] {
			if m.first <= i && m.last > i {
				free = false
			}
			if m.first > i && m.kind != dateline.KindPlace {
				end = min(end, m.first)
			}
		}
		j := i + 1
		for j < end && s.words[j].shape == shapeCapital && s.words[j].class&(isRank|isGiven) == 0 {
			j++
		}
		if free && j-i >= 3 {
			out = slices.DeleteFunc(out, func(m *mention) bool { return m.s == s && m.first >= i && m.last <= j })
			n = len(out)
			a.takeTo(&out, s, i, j)
			i = j
		}
	}
	slices.SortFunc(out[from:], func(x, y *mention) int { return x.first - y.first })
	return out
}

func (a *article) takeTo(out *[]*mention, s *sight, first, last int) {
	m := &mention{s: s, entity: entity{first, last, dateline.KindOrganization, .6}}
	m.key, m.words = s.key(first, last)
	*out = append(*out, m)
}

// only tells whether all words of tokens are of the class.
func (s *sight) only(first, last int, c class) bool {
	for i := first; i < last; i++ {
		if s.words[i].class&c == 0 {
			return false
		}
	}
	return true
}

// join gives a person the particles of his name and what they lead to:
// "Carmen" of "Carmen de la Fuente", "Hadidi" of "Al-Hadidi".
func (a *article) join(m, next *mention, r *run, low int) {
	s := m.s
	first, last := m.first, m.last
	if i := first - 2; i >= low && s.words[first-1].shape == shapeDash && !s.p.Tokens[first].Space && !s.p.Tokens[first-1].Space && s.words[i].class&isParticle != 0 {
		first = i
	}
	for i := first - 1; i >= low && s.words[i].shape == shapeInitial && s.words[i].class&(isHonorific|isTitle|isRank) == 0 && strings.HasSuffix(s.p.Slice(i, i+1), "."); i-- {
		first = i // "M. Yusuf"
	}
	if i := first - 1; first == m.first && i >= low && m.words == 1 && s.words[i].shape == shapeCapital && s.words[i].class&isGiven != 0 && !s.p.Tokens[first].Paragraph &&
		s.words[i].class&(isTitle|isRank|isHonorific|isStop|isHead|isKnown|isNoName|isDemonym|isArea) == 0 && s.words[i].gaz < 8 {
		first = i // "Fabien" before "Thévenot"
	}
	if next != nil && next.kind == dateline.KindPerson && next.first == last && m.words == 1 && next.words <= 3 && s.words[first].shape == shapeCapital && s.words[last].shape == shapeCapital {
		last = next.last // "Pri", "Agung Rakhmanto"
	}
	i := last
	for i < r.last && i < last+3 && s.words[i].shape == shapeLower && s.words[i].class&isParticle != 0 && s.words[i].class&isBefore == 0 {
		i++
	}
	if i > last && i < r.last && s.words[i].shape == shapeCapital && s.words[i].gaz < 8 && s.only(m.first, m.last, isGiven) {
		end := i + 1
		if next != nil && next.first == i {
			if next.kind == dateline.KindPerson {
				end = next.last
			}
		}
		if next == nil || next.first >= i {
			last = end
		}
	}
	if first != m.first || last != m.last {
		m.first, m.last = first, last
		m.key, m.words = s.key(first, last)
	}
}

// lowerHead tells whether an organization of one word is only the end of a
// name that is written in lower case: "ministère de la Santé".
func (s *sight) lowerHead(m *mention) bool {
	if m.last > m.first+1 || s.words[m.first].class&isKnown != 0 {
		return false
	}
	for i := m.first - 1; i >= max(0, m.first-4); i-- {
		w := &s.words[i]
		s.lookUp(i)
		if w.shape != shapeLower {
			return false
		}
		if w.class&isHead != 0 {
			return true
		}
		if w.class&(isOf|isDet|isParticle|isJoiner) == 0 {
			return false
		}
	}
	return false
}

// grow moves the beginning of an organization's name to the word that heads it.
func (a *article) grow(m *mention, low int) {
	s := m.s
	first := m.first
	if w := &s.words[first]; w.class&(isHead|isKnown) != 0 || w.shape == shapeUpper {
		return // It is whole: "Fraksi" is no part of a party's name.
	}
	for i := m.first - 1; i >= low; i-- {
		w := &s.words[i]
		if !w.cand || w.shape >= shapeDash {
			break
		}
		if w.class&(isTitle|isRank|isHonorific) != 0 && w.class&isHead == 0 && (i == low || s.words[i-1].class&isHead == 0 || s.words[i-1].shape != shapeCapital) {
			break // But "Persatuan Guru Nusantara".
		}
		if w.class&isHead != 0 && w.shape != shapeLower {
			first = i
		}
	}
	if first < m.first {
		m.first = first
		m.key, m.words = s.key(m.first, m.last)
	}
}
