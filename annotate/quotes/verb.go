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
	if f&ambiguous != 0 && !r.surelyVerb(i) && !(f&inverts != 0 && i > r.seg.first && r.tokens[i-1].Kind == lang.Sign && (r.nameNear(v.last) || r.behindQuote(i) && r.is(v.last, det|office|calling|pronoun))) {
		return s, false
	}
	if l := i - 1; l >= r.seg.first && r.in[l] == 0 && (r.is(l, articles) || r.tokens[l].Fold == "'s" && l > r.seg.first && r.tokens[l-1].Kind == lang.Word && r.words[l-1].class&(pronoun|who) == 0 && f&inverts == 0) {
		return s, false // "a certified planner", "X's alleged plan"
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
	// A word that only tags has its subject behind it.
	tag := f&^(tags|inverts) == 0 && f&inverts != 0
	if s.clitic[1] == 0 && !(tag && left == i && i > r.seg.first && r.in[i-1] == 0 && r.comma(i-1)) {
		subject = r.leftSubject(left, r.seg.first)
	} else {
		r.edge = left
	}
	if !subject.empty() && left == i && f&inverts != 0 && r.comma(i-1) && r.in[i-1] == 0 && r.nameAt(subject.first) != subject && r.nameNear(v.last) {
		// "..., which he denied, said X.": not an apposition.
		edge := r.edge
		if r.rightSubject(v.last, r.seg.last); r.edge >= r.seg.last || r.tokens[r.edge].Kind == lang.Sign {
			subject, edge = span{}, left
		}
		r.edge = edge
	}
	if !subject.empty() && left == i && f&inverts != 0 && r.comma(i-1) && r.in[i-1] == 0 && r.titleAt(v.last) != nil {
		subject, r.edge = span{}, left // "..., writes "The Herald"."
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
			for j := from; j < len(r.said); j++ {
				// "A says B, said C": what A says ends before the tag.
				if o := &r.said[j]; o.open && o.content.first < t.content.last && t.content.last < o.content.last && t.content.last <= t.verb.first {
					o.content.last = t.content.last
				}
			}
			return t, true
		}
	}
	if f&^(tags|inverts) == ambiguous {
		return s, false // It tags, or is another word.
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
	if r.is(left-1, who) && r.comma(left-2) {
		// "X, which says that A, did B"
		for k := c.first + 1; k+1 < c.last; k++ {
			if r.in[k] == 0 && r.comma(k) && r.is(k+1, helper|verb) {
				c.last = k
				break
			}
		}
	}
	if object && (r.within(from, i) || r.bareNoun(c)) {
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

// behindQuote tells whether a quotation and its comma end before token i.
func (r *reader) behindQuote(i int) bool {
	return i-2 >= r.seg.first && (r.in[i-1] > 0 && r.pauses(i) || r.comma(i-1) && r.in[i-2] > 0)
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
	if i > r.seg.first && r.in[i-1] == 0 && r.is(i-1, articles) {
		return s, false // "a convincing case"
	}
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
	if !opened && b == i && b > r.seg.first && r.in[b-1] == 0 && r.is(b-1, det) && !r.is(b-1, owner) && r.names[b-1] == 0 && !r.is(b-1, pronoun) {
		return s, false // "no warning sirens"
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

// bareNoun tells whether what is said is one common noun: "asked for calm"
// tells no words of his.
func (r *reader) bareNoun(c span) bool {
	return c.last-c.first == 1 && r.in[c.first] == 0 && !r.capital(c.first) && r.names[c.first] == 0 && r.words[c.first].class&pronoun == 0
}
