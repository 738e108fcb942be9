package quotes

import "dateline/lang"

// maxGap is how many tokens may stand between a verb and what is said: whom it
// was said to, where and when.
const maxGap = 18

// verbAt reads the verb at token i with what is around it.
func (r *reader) verbAt(i, from int) (saying, bool) {
	w := r.words[i]
	v := span{i, i + int(w.n)}
	s := saying{verb: v}
	f := w.frame
	if r.t.sov {
		return r.verbLast(s, f)
	}
	if c, ok := r.cliticOf(v.last - 1); ok {
		s.clitic = c
	}
	if c, ok := r.pronounIn(v); ok {
		s.clitic = c
	}
	if f&gerund != 0 {
		return r.gerundAt(s, f, from)
	}
	if f&ambiguous != 0 && !r.surelyVerb(i) && !(f&inverts != 0 && i > r.seg.first && r.tokens[i-1].Kind == lang.Sign && r.nameNear(v.last)) {
		return s, false
	}
	left := i
	for left > r.seg.first && r.in[left-1] == 0 && r.skipsBack(left-1) {
		left--
	}
	for k := i - 1; k >= left; k-- {
		if r.is(k, passive) {
			return s, false // "he was asked": the subject does not say it.
		}
		if r.words[k].class&helper == 0 {
			break
		}
	}
	var subject span
	if s.clitic[1] == 0 {
		subject = r.leftSubject(left, r.seg.first)
	}
	own := r.edge // where the subject begins
	// What is before subject and verb?
	b := left - 1
	if !subject.empty() {
		b = r.edge - 1
	}
	if b >= r.seg.first && !subject.empty() && r.is(b, as) && f&(tags|takesThat) != 0 && v.last < r.seg.last && r.comma(v.last) {
		// "As he said, ..."
		s.speaker, s.content, s.open = subject, r.clauseFrom(v.last+1), true
		return s, true
	}
	if f&tags != 0 {
		if t, ok := r.tagAt(s, f, subject, b); ok {
			return t, true
		}
	}
	if subject.empty() && f&inverts != 0 && s.clitic[1] == 0 {
		if t, ok := r.invertedClause(s, f); ok {
			return t, true
		}
	}
	s.speaker = subject
	// "which he said was so", "the isu yang menyebutkan": not his own sentence.
	embedded := !subject.empty() && r.edge > r.seg.first && r.in[r.edge-1] == 0 && r.tokens[r.edge-1].Kind == lang.Word && !r.is(r.edge-1, and|stop|prep|before)
	if subject.empty() && s.clitic[1] == 0 {
		// "X did this and said that": the same subject.
		if left == r.seg.first && !r.t.proDrop || left > r.seg.first && !r.is(left-1, and) && !r.comma(left-1) && !r.is(left-1, stop) && !r.is(left-1, to) {
			return s, false
		}
		if r.is(left-1, to) {
			if _, opened, _ := r.contentAfter(v.last, f); !opened {
				return s, false
			}
		}
		s.speaker = r.sharedSubject(from, i)
		if r.t.proDrop && (s.speaker.empty() || left == r.seg.first) {
			s.speaker = span{}
			if _, opened, _ := r.contentAfter(v.last, f); !opened {
				return s, false
			}
		} else if s.speaker.empty() {
			return s, false
		}
	}
	c, opened, object := r.contentAfter(v.last, f)
	if c.empty() || embedded && !opened && r.is(v.last, helper|verb) {
		return s, false
	}
	if object && r.within(from, i) {
		return s, false
	}
	if !opened && f&bare == 0 && subject.empty() && r.within(from, i) {
		return s, false
	}
	s.content, s.object, s.open = c, object, true
	if subject.empty() {
		r.cutBefore(from, i, left)
	} else if own > r.seg.first && r.is(own-1, and|stop) && r.comma(own-2) {
		r.cutBefore(from, i, own) // "X said A, and Y said B"
	} else if own > r.seg.first && r.comma(own-1) && r.is(r.seg.first, stop) {
		r.cutBefore(from, i, own) // "While X said A, Y said B"
	}
	return s, true
}

// cutBefore ends the sayings that ran on to the end of the sentence where a
// second verb of the same subject begins: "said A and added that B".
func (r *reader) cutBefore(from, i, left int) {
	k := left
	if k > r.seg.first && r.is(k-1, and|stop) && !r.is(k-1, prep|that|clause) {
		k--
	} else if !(k > r.seg.first && r.comma(k-1)) {
		return
	}
	if k > r.seg.first && r.comma(k-1) {
		k--
	}
	for j := from; j < len(r.said); j++ {
		o := &r.said[j]
		if o.open && o.content.first < k && o.content.last > k {
			o.content.last = r.trimEnd(o.content.first, k)
		}
	}
}

// within tells whether token i lies in what the sentence has said already.
func (r *reader) within(from, i int) bool {
	for j := from; j < len(r.said); j++ {
		if o := &r.said[j]; !o.dropped && o.content.first <= i && i < o.content.last {
			return true
		}
	}
	return false
}

// sharedSubject is the subject of the verb before this one, or the sentence's.
func (r *reader) sharedSubject(from, i int) span {
	for j := len(r.said) - 1; j >= from; j-- {
		if o := &r.said[j]; !o.dropped && !o.speaker.empty() && o.speaker.first >= r.seg.first {
			return o.speaker
		}
	}
	s := r.mainSubject()
	if s.last > i {
		return span{}
	}
	return s
}

// gerundAt reads "..., adding that ...": the subject is another verb's.
func (r *reader) gerundAt(s saying, f frame, from int) (saying, bool) {
	i := s.verb.first
	b := i
	for b > r.seg.first && r.in[b-1] == 0 && r.is(b-1, helper) {
		b--
	}
	c, opened, _ := r.contentAfter(s.verb.last, f)
	if c.empty() {
		return s, false
	}
	s.content, s.open = c, true
	if !opened && !r.progressive(b, i) && b > r.seg.first && r.in[b-1] == 0 && r.tokens[b-1].Kind == lang.Word && !r.is(b-1, and|stop|passive) && f&tags == 0 {
		return s, false // "without fearing judgment", "critical thinking skills"
	}
	switch {
	case b == r.seg.first:
		// "Calling it a lie, X left": the subject follows the comma.
		for k := c.first; k < c.last; k++ {
			if r.in[k] == 0 && r.comma(k) {
				sub := r.rightSubject(k+1, r.seg.last)
				if !sub.empty() && (r.names[sub.first] > 0 || r.is(sub.first, pronoun) || r.capital(sub.first)) {
					s.content.last = k
					s.speaker = sub
				}
				break
			}
		}
	case b < i && r.progressive(b, i):
		s.speaker = r.leftSubject(b, r.seg.first) // "he is saying"
	default:
		s.speaker = r.sharedSubject(from, i)
		if b > r.seg.first && r.tokens[b-1].Kind == lang.Word && r.in[b-1] == 0 && !r.is(b-1, prep|of|and|stop|before|helper|verb) {
			// "a letter saying": what stands before it says it.
			if sub := r.leftSubject(b, r.seg.first); !sub.empty() {
				s.speaker = sub
			}
		}
		r.cutBefore(from, i, b)
	}
	if s.speaker.empty() {
		return s, false
	}
	return s, true
}

// progressive tells whether an auxiliary of tokens [b, i) makes the participle
// at i a verb of its own.
func (r *reader) progressive(b, i int) bool {
	for k := b; k < i; k++ {
		if r.is(k, passive) {
			return true
		}
	}
	return false
}

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
		subject = r.rightSubject(next, r.seg.last)
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
		if content.last-content.first < 4 || r.is(content.first, prep|stop) && content.last-content.first < 9 {
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
		return sure && r.is(i, that) && false
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
func (r *reader) nameNear(k int) bool {
	for j := k; j < r.seg.last && j < k+6 && r.in[j] == 0; j++ {
		if r.names[j] > 0 {
			return true
		}
		if !r.is(j, det|title|office) && !r.capital(j) {
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
