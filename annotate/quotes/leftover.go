package quotes

import (
	"dateline"
	"dateline/lang"
)

// leftovers takes the quotations of a sentence that no verb of the table went
// with, where their neighbours tell all the same that someone says them: he and
// a verb between the closing mark and the sentence's end ("...", she sighed),
// or a colon before the opening one.
func (r *reader) leftovers(from int) {
	seg := r.seg
	for i := seg.first; i < seg.last; i++ {
		if r.in[i] == 0 {
			continue
		}
		q := &r.quotes[r.in[i]-1]
		i = q.last - 1
		if q.out-q.in < 3 || r.covered(from, q.first) {
			continue
		}
		s := saying{seg: seg, content: span{q.first, q.last}}
		ok := r.tagInside(&s, q)
		if ok {
			r.add(s, from)
			continue
		}
		if q.first > seg.first && r.colon(q.first-1) {
			ok = r.announcer(&s, q.first-1)
		} else if r.pauses(q.last) && (q.first == seg.first || q.first > seg.first && r.tokens[q.first-1].Kind == lang.Sign) {
			ok = r.unknownTag(&s, q.last)
		}
		if ok {
			r.add(s, from)
		}
	}
}

// tagInside finds a tag that stands within the quotation marks, as some
// languages write it: «Yes, — said X, — it is.»
func (r *reader) tagInside(s *saying, q *quoted) bool {
	for i := q.in + 1; i+1 < q.out; i++ {
		if r.tokens[i].Kind != lang.Sign || !r.dash(i) && !(r.comma(i) && r.sign(q.first) == '«') || r.dash(i+1) {
			continue
		}
		v := i + 1
		w := r.words[v]
		if w.inner || w.class&verb == 0 || w.frame&tags == 0 {
			continue
		}
		s.verb = span{v, v + int(w.n)}
		end := s.verb.last
		if c, ok := r.pronounIn(s.verb); ok {
			s.clitic = c
		} else if w.frame&inverts != 0 {
			// The quotation is opened up to read the subject.
			to := min(q.out, end+maxSubject+8)
			k := r.in[q.first]
			clear(r.in[end:to])
			s.speaker = r.rightSubject(end, to)
			for j := end; j < to; j++ {
				r.in[j] = k
			}
			end = r.edge
		}
		if s.speaker.empty() && s.clitic[1] == 0 || end < q.out && r.tokens[end].Kind != lang.Sign {
			*s = saying{seg: s.seg, content: s.content}
			continue
		}
		return true
	}
	return false
}

// pronounIn is the pronoun that a verb of several tokens has in it: "a-t-il dit".
func (r *reader) pronounIn(v span) ([2]int, bool) {
	for k := v.first; v.last-v.first > 1 && k < v.last; k++ {
		if vs := r.t.lex.Word(r.tokens[k]); len(vs) > 0 && vs[0].class&(pronoun|owner) != 0 {
			return [2]int{r.tokens[k].Start, r.tokens[k].End}, true
		}
	}
	return [2]int{}, false
}

// covered tells whether token i is in what the sentence's sayings hold.
func (r *reader) covered(from, i int) bool {
	for j := from; j < len(r.said); j++ {
		if o := &r.said[j]; !o.dropped && o.content.first <= i && i < o.content.last {
			return true
		}
	}
	return false
}

// announcer finds who speaks before the colon at token k: the name that is all
// of it, or the subject of its sentence.
func (r *reader) announcer(s *saying, k int) bool {
	first := k
	for first > r.seg.first && r.names[first-1] > 0 {
		first--
	}
	if first < k && (first == r.seg.first || !r.is(first-1, prep|of|and)) && (first == r.seg.first || r.tokens[first-1].Kind == lang.Sign || r.capital(first-1)) {
		s.speaker = r.nameAt(k - 1)
		return true
	}
	m := r.mainSubject()
	if m.empty() || m.last >= k || !(r.names[m.first] > 0 || r.is(m.first, pronoun)) {
		return false
	}
	s.speaker = m
	return true
}

// personal tells whether a subject whose words begin at token i is sure to be
// someone: a marked name, or one behind what he is.
func (r *reader) personal(s span, i int) bool {
	if r.names[s.first] > 0 && r.nameAt(s.first) == s {
		return s.first == i || r.d.Marks[r.names[s.first]-1].Kind == dateline.KindPerson
	}
	for ; i < s.last; i++ {
		if r.is(i, calling|title|office) {
			return true
		}
	}
	return false
}

// quoteBefore is how many tokens the quotation has that ends before token k and
// the comma or dash there.
func (r *reader) quoteBefore(k int) int {
	for k--; k > r.seg.first && r.in[k] == 0; k-- {
	}
	if r.in[k] == 0 {
		return 0
	}
	q := r.quotes[r.in[k]-1]
	return q.out - q.in
}

// unknownTag reads "he sighed." or "sighed X." behind the quotation that ends
// before token k.
func (r *reader) unknownTag(s *saying, k int) bool {
	for k < r.seg.last && r.in[k] == 0 && (r.comma(k) || r.dash(k)) {
		k++
	}
	if k >= r.seg.last || r.in[k] > 0 {
		return false
	}
	ends := func(i int) bool {
		return i >= r.seg.last || r.terminal(i) || r.comma(i) || r.is(i, prep|stop|of|and) || r.dates[i]
	}
	plain := func(i int) bool {
		return i < r.seg.last && r.in[i] == 0 && r.tokens[i].Kind == lang.Word && !r.capital(i) &&
			r.words[i].class&^(verb|noun|gerundLike) == 0
	}
	who := span{k, k}
	for who.last < r.seg.last && r.in[who.last] == 0 && (r.names[who.last] > 0 || r.is(who.last, title)) {
		who.last++
	}
	b := k // the verb, behind its helpers: "se souvient X"
	for b < k+3 && b+1 < r.seg.last && r.in[b] == 0 && r.words[b].class&helper != 0 && r.words[b].class&(det|prep|pronoun) == 0 {
		b++
	}
	switch {
	case r.t.proDrop && plain(k) && ends(k+1):
		s.verb, s.backward = span{k, k + 1}, true
		return true
	case r.is(k, pronoun):
		who.last = k + 1
	case who.last > k && r.names[who.last-1] > 0:
		who = r.nameAt(who.last - 1)
	case plain(b) && b+1 < r.seg.last && r.in[b+1] == 0:
		n := r.rightSubject(b+1, r.seg.last)
		long := k > r.seg.first && r.t.nameLast && r.is(b+1, det) && r.quoteBefore(k) > 6
		if n.empty() || !ends(r.edge) || !long && !r.personal(n, b+1) {
			return false
		}
		s.verb, s.speaker, s.backward = span{k, b + 1}, n, true
		return true
	default:
		return false
	}
	v := who.last
	for v < r.seg.last && r.words[v].class&helper != 0 && r.in[v] == 0 {
		v++
	}
	if !plain(v) || !ends(v+1) {
		return false
	}
	s.verb, s.speaker, s.backward = span{v, v + 1}, who, true
	return true
}
