package quotes

import "dateline/lang"

// Sources without a verb: "according to X", "X's claim that".

// sourceAt reads "according to X, ..." and "..., according to X".
func (r *reader) sourceAt(i, from int) (saying, bool) {
	n := int(r.words[i].n)
	var s saying
	if i > r.seg.first && r.is(i-1, who) {
		return s, false // "a list that is quoted from"
	}
	end := i + n
	if c, ok := r.cliticOf(i + n - 1); ok {
		s.clitic = c
	} else if c, ok := r.pronounIn(span{i, i + n}); ok {
		s.clitic = c // "по его словам"
	} else if q := r.titleAt(i + n); q != nil {
		s.speaker, end = span{q.in, q.out}, q.last
	} else {
		sub := r.rightSubject(r.behindAdjunct(i+n), r.seg.last)
		if sub.empty() || r.words[sub.first].class&nobody != 0 || r.words[sub.last-1].class&nobody != 0 {
			return s, false
		}
		if sub.last-sub.first > 7 && r.names[sub.first] == 0 && !r.t.sov && i > r.seg.first && !r.comma(i-1) {
			return s, false
		}
		s.speaker = sub
		end = r.edge
		if end < r.seg.last && r.sign(end) == '(' {
			for c := end + 1; c < r.seg.last && c < end+8; c++ {
				if r.sign(c) == ')' {
					end = c + 1
					break
				}
			}
		}
	}
	if i == r.seg.first && !s.speaker.empty() && r.in[s.speaker.first] > 0 && end < r.seg.last && r.in[end] == 0 && r.tokens[end].Case == lang.Lower && !r.is(end, prep|of|and|stop|who) {
		s.content, s.open = r.clauseFrom(end), true
		return s, !s.content.empty()
	}
	if k := i + n; s.clitic[1] == 0 && i == r.seg.first && k < r.seg.last && r.names[k] > 0 {
		if m := r.nameAt(k).last; m < r.seg.last && m < end && r.in[m] == 0 && r.tokens[m].Case == lang.Lower && !r.is(m, prep|of|and|stop|who) {
			// "Laut X öffnet die Brücke"
			s.speaker, s.content, s.open = r.nameAt(k), r.clauseFrom(m), true
			return s, !s.content.empty()
		}
	}
	// At the beginning of the sentence or of a clause: what follows is said.
	if i == r.seg.first || r.is(i-1, stop|and) || i == r.seg.first+1 && r.tokens[i-1].Kind == lang.Word {
		if end < r.seg.last && s.clitic[1] > 0 && !r.comma(end) {
			s.content, s.open = r.clauseFrom(end), true
			return s, !s.content.empty()
		}
		if s.clitic[1] == 0 && end+2 < r.seg.last && r.is(end, helper|verb) && !r.is(end, prep) && r.in[end] == 0 {
			s.content, s.open = r.clauseFrom(end), true // "Nach Angaben der Y hat Z"
			return s, !s.content.empty()
		}
		for k := end; k < r.seg.last && k < end+25; k++ {
			if r.in[k] > 0 {
				s.content = r.fromQuote(k)
				return s, true
			}
			if r.comma(k) || r.is(k, that) {
				// The last comma of an apposition is not easily told; the first
				// one that a clause may follow is taken.
				s.content = r.clauseFrom(k + 1)
				s.open = true
				return s, !s.content.empty()
			}
		}
		return s, false
	}
	k := i
	if r.comma(k-1) || r.dash(k-1) {
		k--
	}
	s.backward = true
	s.content = span{r.clauseStart(k), r.trimEnd(r.seg.first, k)}
	for j := len(r.said) - 1; j >= from; j-- {
		if o := &r.said[j]; !o.dropped && (o.open || o.backward && o.verb.last > o.verb.first) && o.content.first < k {
			return s, false // Within what another said.
		}
	}
	paused := i > r.seg.first && (r.comma(i-1) || r.dash(i-1))
	if !paused && s.clitic[1] == 0 {
		if c := r.untilNoun(s.speaker); c.last < s.speaker.last {
			s.speaker, end = c, c.last
		}
	}
	if end+2 < r.seg.last && (paused && r.comma(end) && !r.is(end+1, prep|and|stop|who|before|gerundLike) && !r.dates[end+1] ||
		!paused && !r.terminal(end) && !r.comma(end)) && s.content.last-s.content.first < 30 {
		// "This, according to X, is so."
		s.content = span{r.seg.first, r.trimEnd(end, r.seg.last)}
		s.open = true
		return s, true
	}
	if s.content.last-s.content.first < 3 {
		return s, false
	}
	return s, true
}

// behindAdjunct is where the subject begins behind whom it was told to, at
// token k: "as told to this paper by X".
func (r *reader) behindAdjunct(k int) int {
	if k >= r.seg.last || !r.is(k, prep) || r.is(k, det) || r.in[k] > 0 {
		return k
	}
	for j := k + 2; j < r.seg.last && j < k+7 && r.in[j] == 0 && r.tokens[j].Kind == lang.Word; j++ {
		if (r.is(j, det) || r.names[j] > 0) && !r.is(j-1, prep|of|det) && r.names[j-1] == 0 {
			return j
		}
	}
	return k
}

// titleAt is the name of a paper in quotation marks at token k or behind an
// article there: "according to "The Herald"".
func (r *reader) titleAt(k int) *quoted {
	if k+1 < r.seg.last && r.is(k, det) && r.in[k] == 0 {
		k++
	}
	if k >= r.seg.last || r.in[k] == 0 {
		return nil
	}
	q := &r.quotes[r.in[k]-1]
	if q.first != k || q.out-q.in > 5 || r.tokens[q.out-1].Kind == lang.Sign || !r.capital(q.in) && r.tokens[q.in].Case != lang.NoCase || q.last >= r.seg.last && k == r.seg.first {
		return nil
	}
	return q
}

// untilNoun cuts a source that is no marked name behind its first noun, where
// nouns have capitals and lower words stand before it: "einem neuen Bericht".
func (r *reader) untilNoun(s span) span {
	if r.nameIn(s) {
		return s
	}
	for k := s.first; k < s.last; k++ {
		if r.capital(k) {
			if k+1 < s.last && r.capital(k+1) && k == s.first {
				return s
			}
			for k+2 < s.last && r.sign(k+1) == '-' && !r.tokens[k+1].Space && !r.tokens[k+2].Space {
				k += 2
			}
			s.last = k + 1
			return s
		}
	}
	return s
}

// sourceAfter reads "X'e göre ...": the source stands before the word.
func (r *reader) sourceAfter(i int) (saying, bool) {
	s := saying{}
	sub := r.leftSubject(i, r.seg.first)
	if sub.empty() {
		return s, false
	}
	s.speaker = sub
	k := i + int(r.words[i].n)
	if r.edge <= r.seg.first {
		s.content = r.clauseFrom(k)
		return s, s.content.last-s.content.first > 2
	}
	if !r.nameIn(sub) && !r.comma(r.edge-1) && !(k < r.seg.last && (r.comma(k) || r.terminal(k))) {
		return s, false // "spread over the provinces": no source
	}
	s.content = span{r.seg.first, r.trimEnd(r.seg.first, r.edge)}
	s.backward = true
	if k+1 < r.seg.last && !r.comma(k) && !r.terminal(k) {
		s.content.last = r.trimEnd(k, r.seg.last) // "er ist X zufolge krank"
	}
	return s, s.content.last-s.content.first > 2
}

// nounAt reads "his claim that ...".
func (r *reader) nounAt(i int) (saying, bool) {
	s := saying{}
	k := i + int(r.words[i].n)
	if k < r.seg.last && r.is(k, of) {
		// "the statement of X that"
		sub := r.rightSubject(k+1, r.seg.last)
		if !sub.empty() && r.edge < r.seg.last && r.is(r.edge, that) {
			s.speaker = sub
			k = r.edge
		}
	}
	if k >= r.seg.last || !r.is(k, that) {
		return s, false
	}
	if s.speaker.empty() {
		s.speaker = r.ownerOf(i)
	}
	if s.speaker.empty() {
		return s, false
	}
	s.content = r.clauseFrom(k + int(r.words[k].n))
	s.open = true
	return s, !s.content.empty()
}

// ownerOf is whose the noun at token i is: "Trump's claim", "his claim".
func (r *reader) ownerOf(i int) span {
	for k := i - 1; k >= r.seg.first && k > i-5 && r.in[k] == 0; k-- {
		if r.is(k, owner) {
			return span{k, k + 1}
		}
		if f := r.tokens[k].Fold; f == "'s" || f == "'" {
			if s := r.leftSubject(k, r.seg.first); !s.empty() {
				return s
			}
			return span{}
		}
		if r.tokens[k].Kind == lang.Sign || r.is(k, stop|prep|verb) {
			return span{}
		}
	}
	return span{}
}
