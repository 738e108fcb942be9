package quotes

import "dateline/lang"

// contentAfter is what is said behind token i. Opened tells that a word or
// sign opens it, object that it is a noun phrase.
func (r *reader) contentAfter(i int, f frame) (c span, opened, object bool) {
	end := r.seg.last
	k := i
	for k < end && r.in[k] == 0 && r.is(k, helper) && !r.is(k, that|clause|prep) {
		k += int(max(r.words[k].n, 1))
	}
	if k >= end || r.terminal(k) {
		return span{}, false, false
	}
	if k > i && r.in[k] == 0 && !r.is(k, that|clause|prep|to) && !r.colon(k) && !r.comma(k) && !r.dates[k] && f&gerund == 0 {
		k = i // "said he never would": the words belong to what is said.
	}
	if q := r.in[k]; q > 0 {
		if f&(tags|nounPhrase) == 0 {
			return span{}, false, false
		}
		return r.fromQuote(k), true, false
	}
	if r.colon(k) {
		if k+1 >= end || f&(tags|takesThat) == 0 {
			return span{}, false, false
		}
		if r.in[k+1] > 0 {
			return r.fromQuote(k + 1), true, false
		}
		return span{k + 1, r.trimEnd(k+1, end)}, true, false
	}
	if f&takesThat != 0 && r.is(k, that) {
		n := int(r.words[k].n)
		if k+n < end && (r.comma(k+n) || r.colon(k+n)) {
			n++
		}
		return r.clauseFrom(k + n), true, false
	}
	if f&(takesThat|bare) != 0 && r.is(k, clause) {
		return r.clauseFrom(k), true, false
	}
	if f&infinite != 0 && r.is(k, to) {
		if f&takesThat != 0 {
			return r.clauseFrom(k), true, false
		}
		return r.phraseFrom(k), true, false
	}
	if r.comma(k) {
		// "sagte, dass"; "said, in a statement, that"; `said, "..."`
		if k+1 < end && r.in[k+1] > 0 && f&tags != 0 {
			return r.fromQuote(k + 1), true, false
		}
		if k+1 < end && r.is(k+1, that) && f&takesThat != 0 {
			return r.clauseFrom(k + 1 + int(r.words[k+1].n)), true, false
		}
		if k+1 < end && r.is(k+1, clause) && f&takesThat != 0 {
			return r.clauseFrom(k + 1), true, false
		}
		if j := r.find(k+1, f, true); j > 0 {
			return r.opening(j, f)
		}
		if f&commas != 0 && k+2 < end && r.in[k+1] == 0 && r.tokens[k+1].Kind != lang.Sign && (!r.is(k+1, stop|and|who) || r.is(k+1, prep)) {
			return r.clauseFrom(k + 1), true, false
		}
		return span{}, false, false
	}
	if f&addressed != 0 && f&bare != 0 {
		// "told reporters he would"
		for j := k + 1; j < end && j < k+8; j++ {
			if r.in[j] > 0 || r.tokens[j].Kind == lang.Sign && r.sign(j) != '.' || r.is(j, that|to|verb|clause) {
				break
			}
			if r.is(j, pronoun) && !r.is(j-1, prep|of) {
				return r.clauseFrom(j), true, false
			}
			if r.names[j-1] > 0 && r.names[j] != r.names[j-1] && r.tokens[j].Kind == lang.Word && (r.names[j] > 0 || r.is(j, det|owner)) && !r.is(j, prep|of|and|stop|to) {
				return r.clauseFrom(j), true, false // "told the AP her group never"
			}
		}
	}
	adjunct := r.dates[k] || r.is(k, prep|of) || r.is(k, to) || r.sign(k) == '('
	if adjunct || f&addressed != 0 {
		if j := r.find(k, f, false); j > 0 {
			return r.opening(j, f)
		}
		if f&addressed != 0 && !adjunct {
			if f&nounPhrase != 0 && !r.is(k, stop|and|who|before) {
				return r.phraseFrom(k), false, true
			}
			return span{}, false, false
		}
		if adjunct && f&bare != 0 {
			// "said on Monday he would"
			j := k
			for j < end && j < k+8 && r.in[j] == 0 && r.tokens[j].Kind != lang.Sign {
				if r.dates[j] {
					for j < end && r.dates[j] {
						j++
					}
					if j < end && r.tokens[j].Kind == lang.Word && !r.is(j, prep|of|stop|and|who|to|before) {
						return r.clauseFrom(j), true, false
					}
					continue
				}
				if j > k+1 && r.is(j, pronoun) && !r.is(j-1, prep|of) {
					return r.clauseFrom(j), true, false
				}
				j++
			}
		}
		if !(r.is(k, to) || r.is(k, of)) || f&nounPhrase == 0 {
			return span{}, false, false
		}
	}
	if r.is(k, stop|and|who|before) || r.tokens[k].Kind == lang.Sign {
		return span{}, false, false
	}
	if f&bare != 0 {
		return r.clauseFrom(k), false, false
	}
	if f&(takesThat|nounPhrase) == takesThat && r.is(k, pronoun) && r.is(k+int(r.words[k].n), helper) {
		return r.clauseFrom(k), true, false // "denied he was there", but not "denied it"
	}
	if f&nounPhrase != 0 {
		return r.phraseFrom(k), false, true
	}
	return span{}, false, false
}

// find looks from token k on for what opens the thing said: that, a quotation
// behind a comma or colon, a word that opens a clause.
func (r *reader) find(k int, f frame, inComma bool) int {
	for j := k; j < r.seg.last && j < k+maxGap; j++ {
		switch {
		case r.in[j] > 0:
			if f&tags != 0 && (r.comma(j-1) || r.colon(j-1)) {
				return j
			}
			if f&nounPhrase != 0 && f&addressed == 0 {
				return 0
			}
			j = r.quotes[r.in[j]-1].last - 1
		case r.colon(j):
			if f&(tags|takesThat) != 0 && j+1 < r.seg.last {
				return j + 1
			}
			return 0
		case r.terminal(j):
			return 0
		case r.is(j, that) && f&takesThat != 0:
			return j
		case r.is(j, to) && f&infinite != 0 && f&addressed != 0 && j > k:
			return j
		case r.is(j, clause) && f&takesThat != 0 && j > k && f&addressed != 0:
			return j
		case r.comma(j):
			if !inComma && !(j+1 < r.seg.last && (r.in[j+1] > 0 || r.is(j+1, that))) {
				// An apposition to whom it was said to, or the end.
				n := 0
				for m := j + 1; m < r.seg.last && m < j+12; m++ {
					if r.comma(m) {
						n = m
						break
					}
				}
				if n == 0 || f&addressed == 0 {
					return 0
				}
			}
		case r.is(j, verb) && r.words[j].frame&(gerund|ambiguous) == 0 && j > k && !inComma:
			return 0
		}
	}
	return 0
}

// opening is the thing said that opens at token j, which find gave.
func (r *reader) opening(j int, f frame) (span, bool, bool) {
	switch {
	case r.in[j] > 0:
		return r.fromQuote(j), true, false
	case r.is(j, that):
		return r.clauseFrom(j + int(r.words[j].n)), true, false
	}
	if r.is(j, to) {
		return r.phraseFrom(j), true, false
	}
	return r.clauseFrom(j), true, false
}

// fromQuote is what is said where it begins with the quotation at token k: the
// quotation alone where that ends its sentence, else all of the clause.
func (r *reader) fromQuote(k int) span {
	q := r.quotes[r.in[k]-1]
	end := q.last
	for end < r.seg.last && r.in[end] > 0 {
		end = r.quotes[r.in[end]-1].last
	}
	if end >= r.seg.last || r.terminal(end) || r.terminal(q.out-1) || r.comma(q.out-1) {
		return span{q.first, end}
	}
	if r.comma(end) || r.dash(end) {
		return span{q.first, end}
	}
	c := r.clauseFrom(k)
	return c
}

// clauseFrom is the clause that begins at token k. Its end is that of the
// sentence, or where the writer goes on in his own words: at a comma with a
// conjunction, a relative or a verb of saying behind it.
func (r *reader) clauseFrom(k int) span { return r.extent(k, false) }

// phraseFrom is the noun phrase or infinitive that begins at token k: any comma
// ends it that is not of a list, and so does another verb of saying.
func (r *reader) phraseFrom(k int) span { return r.extent(k, true) }

func (r *reader) extent(k int, phrase bool) span {
	for k < r.seg.last && r.in[k] == 0 && (r.comma(k) || r.colon(k)) {
		k++
	}
	if k >= r.seg.last {
		return span{}
	}
	end := func(j int) span { return span{k, r.trimEnd(k, j)} }
	for j := k; j < r.seg.last; j++ {
		pause := false
		if q := r.in[j]; q > 0 {
			j = r.quotes[q-1].last - 1
			pause = r.comma(r.quotes[q-1].out - 1)
			if !pause {
				continue
			}
		} else if j == k {
			continue
		}
		n := j + 1
		switch {
		case r.is(j, before), r.sign(j) == ';':
			return end(j)
		case pause || r.comma(j) || r.dash(j):
			if n >= r.seg.last {
				return end(n)
			}
			if r.in[n] > 0 {
				if r.dash(j) && !phrase {
					return end(j)
				}
				continue
			}
			if pause {
				if r.is(n, and) {
					continue
				}
				return end(n)
			}
			if r.is(n, onward) {
				continue
			}
			if m := r.resumes(n, r.dash(j)); m > 0 {
				j = m
				continue
			}
			if r.is(n, stop|who) && !r.is(n, prep) || r.words[n].class&verb != 0 && r.words[n].frame&gerund != 0 {
				return end(j)
			}
			if phrase && !r.inList(j) {
				return end(j)
			}
		case phrase && r.is(j, and|stop) && n < r.seg.last && r.in[n] == 0 && r.is(n, verb|helper) && !(r.is(n, verb) && r.words[n].frame&ambiguous != 0):
			return end(j)
		}
	}
	return end(r.seg.last)
}

// resumes is the token behind the words between commas that begin at token n,
// where the clause goes on with its verb there: "that X, who is ill, has left".
func (r *reader) resumes(n int, dashed bool) int {
	if !dashed && !r.is(n, stop|who|prep|gerundLike|det|verb) {
		return 0
	}
	for m := n + 1; m < r.seg.last && m < n+25; m++ {
		if r.in[m] > 0 {
			return 0
		}
		if dashed {
			if r.dash(m) {
				if m+1 < r.seg.last && r.is(m+1, helper|of|prep|and) && r.in[m+1] == 0 {
					return m + 1
				}
				return 0
			}
			continue
		}
		if r.comma(m) || r.dash(m) {
			if m+1 < r.seg.last && r.is(m+1, helper) && !r.is(m+1, pronoun|stop|and) {
				return m + 1
			}
			return 0
		}
	}
	return 0
}

// inList tells whether the comma at token j parts the members of a list: an
// "and" follows before the next comma, or behind the next one.
func (r *reader) inList(j int) bool {
	for i := j + 1; i < r.seg.last && i < j+9; i++ {
		if r.in[i] > 0 {
			i = r.quotes[r.in[i]-1].last - 1
			continue
		}
		switch {
		case r.is(i, and):
			return i+1 >= r.seg.last || !r.is(i+1, verb|helper|pronoun)
		case r.comma(i):
			return i+1 < r.seg.last && r.is(i+1, and)
		case r.is(i, verb|helper|pronoun|stop|who) || r.dash(i):
			return false
		}
	}
	return false
}

// trimEnd is the end of the content that begins at first and goes up to last,
// without the marks behind its last word.
func (r *reader) trimEnd(first, last int) int {
	for last > first && r.in[last-1] == 0 && (r.terminal(last-1) || r.comma(last-1) || r.colon(last-1) || r.dash(last-1)) {
		last--
	}
	return last
}
