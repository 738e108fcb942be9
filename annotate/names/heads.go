package names

import (
	"slices"
	"unicode"
	"unicode/utf8"

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
					a.grow(m, max(low, m.first-reach))
				}
				if s.only(m.first, m.last, isSuffix) {
					continue
				}
				out = append(out, m)
			}
			out = a.lettered(s, &r, out, from)
		}
	}
	a.mentions = out
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

// grow moves the beginning of an organization's name to the word that heads it.
func (a *article) grow(m *mention, low int) {
	s := m.s
	first := m.first
	if w := &s.words[first]; w.class&(isHead|isKnown) != 0 || w.shape == shapeUpper {
		return // It is whole: "Fraksi" is no part of a party's name.
	}
	for i := m.first - 1; i >= low; i-- {
		w := &s.words[i]
		if !w.cand || w.shape >= shapeDash || w.class&(isTitle|isRank|isHonorific) != 0 && w.class&isHead == 0 {
			break
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

// lettered finds the name that letters in brackets behind a run stand for. The
// run's mentions are out[from:].
func (a *article) lettered(s *sight, r *run, out []*mention, from int) []*mention {
	tokens := s.p.Tokens
	open := r.last
	sen := &s.p.Sentences[r.sentence]
	if open+2 >= sen.Last || s.words[open].shape != shapeOpen || s.words[open+2].shape != shapeClose || !isAcronym(s.p.Text[tokens[open+1].Start:tokens[open+1].End]) {
		return out
	}
	n := len(out)
	if n > from && out[n-1].last == open && out[n-1].kind == dateline.KindPlace && n-1 > from && out[n-2].kind == dateline.KindOrganization && out[n-2].last == out[n-1].first {
		m := out[n-2]
		m.last = open
		m.key, m.words = s.key(m.first, m.last)
		return out[:n-1]
	}
	first := s.initials(s.p.Text[tokens[open+1].Start:tokens[open+1].End], r.first, open)
	if first < 0 {
		return out
	}
	organization := s.words[first].class&(isHead|isKnown) != 0
	for _, m := range out[from:] {
		organization = organization || m.kind == dateline.KindOrganization && m.last > first
	}
	if !organization || s.words[open+1].class&isNoName != 0 {
		return out // Letters stand for other things too.
	}
	keep := from
	for keep < n && out[keep].last <= first {
		keep++
	}
	if keep == n-1 && out[keep].kind == dateline.KindOrganization && out[keep].first <= first && out[keep].last == open {
		return out // It has the name, or more.
	}
	if keep < n && out[keep].first < first {
		return out
	}
	m := &mention{s: s, entity: entity{first, open, dateline.KindOrganization, .95}}
	m.key, m.words = s.key(first, open)
	return append(slices.Clip(out[:keep]), m)
}

// initials finds where the words before token last begin whose first letters
// are those given; -1 where there are none. Words in lower case may be passed
// over.
func (s *sight) initials(letters string, low, last int) int {
	i := last - 1
	for n := len(letters); n > 0; {
		want, size := utf8.DecodeLastRuneInString(letters[:n])
		if !unicode.IsUpper(want) {
			return -1
		}
		for i >= low && s.words[i].shape == shapeLower {
			i--
		}
		if i < low || s.words[i].shape >= shapeDash {
			return -1
		}
		if first, _ := utf8.DecodeRuneInString(s.p.Text[s.p.Tokens[i].Start:]); first != want {
			return -1
		}
		i--
		n -= size
	}
	return i + 1
}
