package quotes

import (
	"slices"
	"strings"

	"dateline"
	"dateline/lang"
)

// nameIn tells whether a marked name is in s.
func (r *reader) nameIn(s span) bool {
	for k := s.first; k < s.last; k++ {
		if r.names[k] > 0 {
			return true
		}
	}
	return false
}

// organization tells whether token k is in the name of an organization.
func (r *reader) organization(k int) bool {
	return r.names[k] > 0 && r.d.Marks[r.names[k]-1].Kind == dateline.KindOrganization
}

// person tells whether token k is in the name of a person.
func (r *reader) person(k int) bool {
	return r.names[k] > 0 && r.d.Marks[r.names[k]-1].Kind == dateline.KindPerson
}

// nameAt is the marked name that token k is in.
func (r *reader) nameAt(k int) span {
	n := r.names[k]
	s := span{k, k + 1}
	for s.first > 0 && r.names[s.first-1] == n {
		s.first--
	}
	for s.last < len(r.names) && r.names[s.last] == n {
		s.last++
	}
	return s
}

// pick is who is named in the words of a subject: the name alone where it ends
// the subject, or its head before a preposition; else all of it.
func (r *reader) pick(s span) span {
	head := s.last
	for k := s.first + 1; k < s.last; k++ {
		if r.names[k] == 0 && r.is(k, prep|of) {
			if n := r.tokens[k-1]; n.Kind == lang.Number || r.sign(k-1) == '%' {
				continue // "3 in 10 voters", "36% of voters"
			}
			head = k
			break
		}
	}
	if last := s.last - 1; head < s.last && r.t.headFirst && r.names[last] > 0 && r.d.Marks[r.names[last]-1].Kind == dateline.KindPerson {
		// "the analyst of Y X": where the name follows what is told of him.
		if n := r.nameAt(last); n.first > head+1 && r.capital(n.first-1) && r.words[n.first-1].class&(office|title) == 0 {
			return n
		}
	}
	if r.names[head-1] > 0 {
		n := r.nameAt(head - 1)
		if n.first > s.first+1 && r.words[n.first-1].class&(office|title) != 0 && r.words[s.first].class&proxy != 0 && n.first > s.first+int(r.words[s.first].n) {
			return span{s.first, head}
		}
		if n.first > s.first+1 && r.is(n.first-1, det) && !r.is(n.first-2, det|and) {
			return span{s.first, head} // "das Kommando der Y"
		}
		n.first, n.last = max(n.first, s.first), min(n.last, head)
		return n
	}
	if r.names[s.first] > 0 {
		n := r.nameAt(s.first)
		if n.last < s.last && n.last > s.first && (r.is(n.last, prep|of|helper) || r.tokens[n.last].Kind == lang.Sign && !strings.ContainsRune("'’-", r.sign(n.last)) || r.t.headFirst && !r.capital(n.last)) {
			return n
		}
	}
	if r.nameIn(s) {
		return s
	}
	return r.unmarked(s, head)
}

// unmarked is the name that ends the words before token head, where nobody
// marked it: its capitals, without the offices before them; else all of s.
func (r *reader) unmarked(s span, head int) span {
	if r.tokens[head-1].Case == lang.NoCase {
		return r.withoutCase(s, head)
	}
	k := head
	for k > s.first && (r.capital(k-1) || r.tokens[k-1].Kind == lang.Sign && k-1 > s.first && k < head) {
		k--
	}
	capitals := head - k
	led := k > s.first && r.tokens[k-1].Kind == lang.Word && r.words[k-1].class&(det|helper|calling) == 0 && !(r.t.nameLast && capitals > 1)
	if k-1 > s.first && r.is(k-1, det) && r.capital(k-2) {
		led = true // "Sprecher der Gemeinde"
	}
	for k < head {
		n := max(int(r.words[k].n), 1)
		if !r.is(k, title|office|det|helper|calling) && r.tokens[k].Kind != lang.Sign || r.is(k, calling) && k+n >= head {
			break
		}
		k += n
	}
	if k < head && head-k <= 6 && !led && !(head-k == 1 && k == r.seg.first && head < s.last) {
		return span{k, head}
	}
	return s
}

// withoutCase is the same in a script that has no capitals: what stands behind
// a word that tells what he is, and before an adjunct.
func (r *reader) withoutCase(s span, head int) span {
	for k := s.first; k < head-2 && k < s.first+4; k++ {
		n := max(int(r.words[k].n), 1)
		if r.is(k, calling) && head-(k+n) > 1 && head-(k+n) < 5 && !r.is(k+n, calling|office|det) {
			return span{k + n, head}
		}
	}
	return span{s.first, head}
}

// mainSubject is the subject of the sentence at hand, as far as its first
// words tell.
func (r *reader) mainSubject() span {
	i := r.seg.first
	if i < r.seg.last && r.in[i] == 0 && (r.is(i, prep|stop|before) || r.dates[i]) {
		for k := i; k < r.seg.last && k < i+30; k++ {
			if r.in[k] > 0 {
				return span{}
			}
			if r.comma(k) {
				// "On Monday, after the talks, X left"
				if i = k + 1; i < r.seg.last && (r.is(i, prep|stop) || r.dates[i]) && k < r.seg.first+20 {
					continue
				}
				break
			}
		}
	}
	if i >= r.seg.last || r.in[i] > 0 {
		return span{}
	}
	edge := r.edge
	s := r.rightSubject(i, r.seg.last)
	r.edge = edge
	if s.empty() {
		return s
	}
	if r.names[s.first] > 0 {
		return r.nameAt(s.first)
	}
	for k := s.first; k < s.last; k++ {
		if r.names[k] > 0 && (k == s.first || r.capital(k-1) || r.is(k-1, title|office)) {
			return r.nameAt(k)
		}
	}
	if r.capital(s.first) {
		k := s.first
		for k < s.last && r.capital(k) {
			k++
		}
		if r.is(s.first, det|owner) && k == s.first+1 {
			k = min(s.last, s.first+3)
		}
		return span{s.first, k}
	}
	if s.last-s.first > 3 {
		s.last = s.first + 3
	}
	return s
}

// cliticOf is the pronoun that is written at the end of the verb at token k.
func (r *reader) cliticOf(k int) ([2]int, bool) {
	f := r.tokens[k].Fold
	for _, c := range r.t.clitics {
		if !strings.HasSuffix(f, c) || len(f) < len(c)+3 {
			continue
		}
		if _, listed := slices.BinarySearch(r.t.listed, f); listed {
			return [2]int{}, false
		}
		end := r.tokens[k].End
		if end-len(c) > r.tokens[k].Start {
			return [2]int{end - len(c), end}, true
		}
	}
	return [2]int{}, false
}

// surelyVerb tells whether a word that may be a noun too is a verb where it
// stands: behind a subject or a helper.
func (r *reader) surelyVerb(i int) bool {
	l := i - 1
	if l < r.seg.first || r.in[l] > 0 {
		return false
	}
	for l > r.seg.first && r.in[l-1] == 0 && r.words[l].class&helper != 0 && r.words[l].class&(det|prep|pronoun) == 0 {
		l--
	}
	if r.names[l] > 0 || r.is(l, pronoun|who) {
		return true
	}
	if r.tokens[l].Kind != lang.Word || r.words[l].class&(det|owner|prep|of|to|stop|and|that|verb|clause) != 0 || r.tokens[l].Fold == "'s" {
		return false
	}
	n := i + int(r.words[i].n)
	if n >= r.seg.last {
		return false
	}
	if r.capital(l) {
		return l > r.seg.first || r.is(n, that|det|clause|to) || r.in[n] > 0 || r.capital(n)
	}
	return r.is(n, that|det|clause|pronoun|owner|to) || r.in[n] > 0
}

// invertedClause reads "Said X that ...": the subject follows the verb, and
// what is said follows the subject.
func (r *reader) invertedClause(s saying, f frame) (saying, bool) {
	i := r.behindTitle(s.verb.last, r.seg.last)
	if f&located != 0 && r.is(i, prep) {
		i++
	}
	if i >= r.seg.last || r.is(i, that|prep|to|stop|and) || r.in[i] > 0 {
		return s, false
	}
	j := r.find(i, f&^addressed, true)
	if j <= i {
		// "Kata X, ..."
		if s.verb.first > r.seg.first && !r.is(s.verb.first-1, as) || f&bare != 0 {
			return s, false
		}
		sub := r.rightSubject(i, r.seg.last)
		if sub.empty() || r.edge+3 > r.seg.last || !r.comma(r.edge) || !(r.names[sub.first] > 0 || r.is(sub.first, pronoun)) {
			return s, false
		}
		s.speaker, s.content, s.open = sub, r.clauseFrom(r.edge+1), true
		return s, true
	}
	sub := r.rightSubject(i, j)
	if sub.empty() || r.is(sub.first, prep) {
		return s, false
	}
	c, _, _ := r.opening(j, f)
	if c.empty() {
		return s, false
	}
	s.speaker, s.content, s.open = sub, c, true
	return s, true
}
