package quotes

// verbLast reads a verb in a language where it ends its sentence: the subject
// is at the beginning, and what is said stands between them.
func (r *reader) verbLast(s saying, f frame) (saying, bool) {
	i := s.verb.first
	next := s.verb.last
	if next < r.seg.last && r.colon(next) && f&(tags|takesThat) != 0 {
		if c, _, _ := r.contentAfter(next, f); !c.empty() {
			s.content = c
			s.speaker = r.firstSubject(i)
			return s, true
		}
	}
	k := i
	for k > r.seg.first && r.in[k-1] == 0 && (r.comma(k-1) || r.words[k-1].class&helper != 0) {
		k--
	}
	if k > r.seg.first && r.in[k-1] > 0 && f&tags != 0 {
		q := r.quotes[r.in[k-1]-1]
		s.content = span{q.first, k}
		lead := q.first
		for lead > r.seg.first && r.in[lead-1] == 0 && (r.comma(lead-1) || r.words[lead-1].class&helper != 0) {
			lead--
		}
		s.speaker = r.firstSubject(lead)
		if lead < q.first && lead > r.seg.first && r.in[lead-1] == 0 && r.capital(lead-1) && r.comma(lead) {
			// "... telling of it X, "..." he said"
			first := lead - 1
			for first > r.seg.first && r.capital(first-1) && r.in[first-1] == 0 && lead-first < 5 {
				first--
			}
			s.speaker = r.pick(span{first, lead})
		}
		if s.speaker.empty() && next < r.seg.last && !r.terminal(next) {
			s.speaker = r.rightSubject(next, r.seg.last)
			if e := r.edge; e+1 < r.seg.last && r.comma(e) && r.in[e+1] > 0 {
				s.content.last = r.quotes[r.in[e+1]-1].last // It was broken by its tag.
			}
		}
		s.backward = true
		return s, true
	}
	if k == r.seg.first && len(r.said) > 0 && f&tags != 0 {
		o := &r.said[len(r.said)-1]
		if o.dropped && o.seg.last == r.seg.first && !r.tokens[r.seg.first].Paragraph {
			s.content, s.backward = o.content, true
			o.content = span{}
			if next < r.seg.last && !r.terminal(next) {
				s.speaker = r.rightSubject(next, r.seg.last)
			}
			return s, true
		}
	}
	if f&takesThat != 0 && k > r.seg.first && r.words[k-1].class&that != 0 && r.in[k-1] == 0 {
		start := r.seg.first
		if f&inverts != 0 {
			// "... that it is so telling X, ...": a participle tells of its subject.
			if next >= r.seg.last || r.names[next] == 0 && !r.capital(next) {
				return s, false
			}
			s.speaker = r.rightSubject(next, r.seg.last)
		} else {
			s.speaker = r.firstSubject(k)
			start = s.speaker.last
			for j := len(r.said) - 1; j >= 0 && r.said[j].seg.first == r.seg.first; j-- {
				// "X, telling that A, said that B"
				if o := &r.said[j]; !o.dropped && o.verb.last > start && o.content.last <= i {
					start = o.verb.last
				}
			}
		}
		if s.speaker.empty() {
			return s, false
		}
		for start < k && (r.comma(start) || r.dates[start] || r.words[start].class&helper != 0) {
			start++
		}
		s.content = span{start, r.trimEnd(start, k)}
		return s, s.content.last-s.content.first > 1
	}
	return s, false
}

// firstSubject is the subject that opens the sentence and ends before token k:
// up to a comma, or its first name.
func (r *reader) firstSubject(k int) span {
	limit := k
	for j := r.seg.first; j < k; j++ {
		if r.in[j] > 0 {
			limit = j
			break
		}
	}
	if limit <= r.seg.first {
		return span{}
	}
	// The first comma, or the quotation, that a name stands before: what comes
	// before the name tells of him.
	for j := r.seg.first + 1; j <= limit && j < r.seg.first+3*maxSubject; j++ {
		if j < limit && !r.comma(j) {
			continue
		}
		if r.names[j-1] > 0 {
			return r.nameAt(j - 1)
		}
		if r.capital(j-1) && (j < limit || r.in[min(j, len(r.in)-1)] > 0) {
			first := j - 1
			for first > r.seg.first && r.capital(first-1) && !r.is(first-1, title) && j-first < 6 {
				first--
			}
			return r.unmarked(span{first, j}, j)
		}
	}
	for j := r.seg.first; j < limit && j < r.seg.first+maxSubject; j++ {
		if r.names[j] > 0 {
			return r.nameAt(j)
		}
	}
	for j := r.seg.first; j < limit; j++ {
		if r.is(j, pronoun) {
			return span{j, j + 1}
		}
	}
	return span{}
}
