package quotes

import "dateline/lang"

// Tags: a verb and its subject behind what is said, or within it.

// tagAt reads a verb that ends what stands before it: `"...", he said.`
// Subject is what stands before the verb, b the token before that.
func (r *reader) tagAt(s saying, f frame, subject span, b int) (saying, bool) {
	next := s.verb.last
	if b < r.seg.first {
		// "..?" Mr. X asked. The quotation is the sentence before.
		if len(r.said) == 0 || subject.empty() && f&inverts == 0 && s.clitic[1] == 0 {
			return s, false
		}
		o := &r.said[len(r.said)-1]
		if (!o.dropped && !o.implied) || o.seg.last != r.seg.first || r.tokens[r.seg.first].Paragraph {
			return s, false
		}
		if subject.empty() && s.clitic[1] == 0 {
			subject = r.rightSubject(next, r.seg.last)
			next = r.edge
		}
		if !r.tagEnds(next, f, true) {
			return s, false
		}
		s.speaker, s.content, s.backward = subject, o.content, true
		o.dropped, o.content = true, span{}
		s.content = r.goesOn(s.content, next, false)
		return s, true
	}
	quote := r.in[b] > 0
	if quote && !subject.empty() && !r.pauses(b+1) {
		if q := r.quotes[r.in[b]-1]; q.out-q.in < 4 && q.first > r.seg.first && r.in[q.first-1] == 0 && r.tokens[q.first-1].Kind == lang.Word {
			return s, false // "the head of "North" X said"
		}
	}
	k := b
	if !quote {
		if !r.comma(b) && !r.dash(b) && !r.terminal(b) {
			return s, false
		}
		k = b
		for k > r.seg.first && r.in[k-1] == 0 && (r.comma(k-1) || r.dash(k-1)) {
			k--
		}
		quote = k > r.seg.first && r.in[k-1] > 0
		if !quote {
			k = b
		}
	}
	inverted := subject.empty() && s.clitic[1] == 0
	if inverted {
		if f&inverts == 0 {
			return s, false
		}
		if f&located != 0 && next+1 < r.seg.last && r.is(next, prep) && r.in[next] == 0 {
			next++
		}
		if t := r.titleAt(next); t != nil && (t.last >= r.seg.last || r.in[t.last] == 0 && r.tokens[t.last].Kind == lang.Sign) {
			subject, r.edge = span{t.in, t.out}, t.last
		} else {
			subject = r.rightSubject(next, r.seg.last)
			if k := next; subject.empty() && quote && r.t.proDrop && k < r.seg.last {
				if k = r.behindAdjunct(k); k > next && r.person(k) {
					subject = r.rightSubject(k, r.seg.last) // "relató a este diario X"
				} else {
					r.edge = next
				}
			}
		}
		if subject.empty() && !(r.t.proDrop && quote) {
			return s, false
		}
		next = r.edge
	}
	if !r.tagEnds(next, f, quote && r.pauses(k)) {
		return s, false
	}
	if !quote && f&commas != 0 && !inverted && s.clitic[1] == 0 && next < r.seg.last && r.comma(next) {
		return s, false // "X mengatakan, ..."
	}
	q := next
	for !quote && q+1 < r.seg.last && q < next+maxGap && r.in[q] == 0 && !r.comma(q) && !r.colon(q) {
		q++
	}
	if !quote && q+1 < r.seg.last && (r.comma(q) || r.colon(q)) && r.in[q+1] > 0 && r.setsOut(span{r.seg.first, k}) &&
		r.tokens[r.quotes[r.in[q+1]-1].in].Case != lang.Lower {
		return s, false // "Asked about it, she said, ..."
	}
	s.speaker, s.backward = subject, true
	content := span{r.seg.first, k}
	if quote {
		content.last = b + 1
		if r.in[b] == 0 {
			content.last = k
		}
		q := r.quotes[r.in[content.last-1]-1]
		content.first = q.first
		// Words before the quotation belong to what is said, unless they are a
		// piece of their own.
		c := q.first
		for c > r.seg.first && r.in[c-1] == 0 && !r.comma(c-1) && !r.colon(c-1) && !r.dash(c-1) {
			c--
		}
		if c < q.first || c > r.seg.first && r.in[max(c-2, r.seg.first)] > 0 {
			content.first = r.clauseStart(c)
		}
	} else {
		content.first = r.clauseStart(k)
		if next < r.seg.last && r.comma(next) {
			if c := r.goesOn(content, next, inverted); c != content {
				s.content = c
				return s, true
			}
		}
		if f&commas != 0 && !inverted && r.is(content.first, prep|stop|verb) {
			return s, false
		}
		if r.dash(r.seg.first) && r.tokens[r.seg.first].Paragraph && r.dash(b) {
			// "— Yes, — he said": a dash opens what is said in a dialogue.
			s.content, s.dialogue = span{r.seg.first + 1, r.trimEnd(r.seg.first+1, k)}, true
			return s, !s.content.empty()
		}
		short := 4
		if f&^(tags|inverts) == 0 {
			short = 2
		}
		if inverted && (next >= r.seg.last || r.terminal(next)) {
			short = 2
		}
		if content.last-content.first < short || r.is(content.first, prep|stop) && content.last-content.first < 9 {
			return s, false
		}
	}
	s.content = r.goesOn(content, next, inverted)
	return s, true
}

// goesOn adds the quotation, or the rest of the sentence, that follows a tag
// that broke it.
func (r *reader) goesOn(c span, next int, inverted bool) span {
	if c.empty() {
		return c
	}
	i := next
	for i < r.seg.last && r.in[i] == 0 && i < next+2*maxGap && !r.is(i, verb) {
		if (r.comma(i) || r.dash(i) || r.colon(i) || r.terminal(i) || r.is(i, and|stop) || r.p.Text[r.tokens[i].End-1] == '.') && i+1 < r.seg.last && r.in[i+1] > 0 {
			c.last = r.quotes[r.in[i+1]-1].last
			for c.last+1 < r.seg.last && r.comma(c.last) && r.in[c.last+1] > 0 {
				c.last = r.quotes[r.in[c.last+1]-1].last
			}
			return c
		}
		i++
	}
	if r.in[c.last-1] == 0 && next+2 < r.seg.last && r.comma(next) && r.in[next+1] == 0 {
		// "The plan, he said, is good." Behind "said he," a second name of his
		// may stand.
		n := next + 1
		on := r.is(n, helper)
		fragment := c.last-c.first < 5 || r.is(c.first, prep|stop|who)
		if c.last-c.first < 4 && !r.is(n, gerundLike|who) {
			on = true
		}
		if (!inverted || fragment) && !r.is(n, prep|and|stop|before|who|gerundLike) && !r.dates[n] && !(r.is(n, verb) && r.words[n].frame&gerund != 0) {
			on = true
		}
		if on {
			c.last = r.trimEnd(n, r.seg.last)
			if c.last-n > 2 && c.first == r.seg.first && next-c.first < 12 && r.adverbial(c.first) {
				c.first = n // "However, he said, the dam is safe."
			} else {
				c.first = r.seg.first
			}
		}
	}
	return c
}

// clauseStart is where the clause that ends before token k begins: behind the
// last saying of the sentence, or with the sentence.
func (r *reader) clauseStart(k int) int {
	start := r.seg.first
	for j := len(r.said) - 1; j >= 0; j-- {
		o := &r.said[j]
		if o.seg.first != r.seg.first {
			break
		}
		e := max(o.verb.last, o.speaker.last)
		if o.backward && e > start && e < k {
			start = e
			for start < k && (r.comma(start) || r.is(start, and)) {
				start++
			}
		}
	}
	return start
}

// tagEnds tells whether a tag may end before token i: nothing follows that
// could be what is said. A tag behind a quotation that ends in a comma is sure
// to be one, whatever else is told there.
func (r *reader) tagEnds(i int, f frame, sure bool) bool {
	for i < r.seg.last && r.in[i] == 0 && r.words[i].class&helper != 0 && r.words[i].class&(pronoun|det) == 0 {
		i++
	}
	if i >= r.seg.last || r.terminal(i) {
		return true
	}
	if r.colon(i) || r.is(i, that) || r.in[i] > 0 {
		return false
	}
	if sure {
		return true
	}
	if r.comma(i) || r.dash(i) {
		return !(i+1 < r.seg.last && r.is(i+1, that))
	}
	if r.sign(i) == '(' {
		return true
	}
	if r.dates[i] || r.is(i, prep|of|stop|and|who|before) || r.is(i, to) && f&infinite == 0 || f&addressed != 0 {
		// An adjunct; behind it there may still be what is said.
		for k := i; k < r.seg.last && k < i+maxGap; k++ {
			switch {
			case r.in[k] > 0:
				return false
			case r.comma(k) || r.terminal(k) || r.dash(k):
				return true
			case r.is(k, that|clause) || r.colon(k) || r.is(k, to) && f&infinite != 0:
				return false
			case f&bare != 0 && k > i && r.is(k, pronoun) && !r.is(k-1, prep|of):
				return false
			}
		}
		return f&addressed == 0
	}
	return false
}

// pauses tells whether the quotation that ends before token k, or before the
// comma there, ends in a sign that a tag follows.
func (r *reader) pauses(k int) bool {
	if k < len(r.in) && r.in[k] == 0 && (r.comma(k) || r.dash(k)) {
		return true
	}
	if k <= r.seg.first || r.in[k-1] == 0 {
		return false
	}
	q := r.quotes[r.in[k-1]-1]
	return r.comma(q.out-1) || r.terminal(q.out-1) || r.dash(q.out-1)
}

// setsOut tells whether words before a subject tell the circumstances and are
// no part of what he says: "Asked about it, she said".
func (r *reader) setsOut(s span) bool {
	return r.is(s.first, prep|stop|verb|before) || r.dates[s.first] || s.last-s.first > 10
}

// nameNear tells whether a name, or an office and a name, begins at token k.
// Capitals up to the next sign are a name too.
func (r *reader) nameNear(k int) bool {
	for j := k; j < r.seg.last && j < k+6 && r.in[j] == 0; j++ {
		if r.names[j] > 0 || j > k && r.capital(j-1) && (r.terminal(j) || r.comma(j)) {
			return true
		}
		if !r.is(j, det|title|office|calling) && !r.capital(j) {
			return false
		}
	}
	return false
}

// adverbial tells whether the words from token k up to the next comma tell when
// or why, so that they are no part of the clause behind it.
func (r *reader) adverbial(k int) bool {
	if !r.is(k, stop|and|prep|helper) && !r.dates[k] {
		return false
	}
	for j := k; j < k+5 && j < r.seg.last; j++ {
		if r.comma(j) {
			return true
		}
	}
	return false
}
