package quotes

import "dateline/lang"

// maxSubject is how many tokens a subject may have.
const maxSubject = 25

// skipsBack tells whether token k may stand between a subject and its verb.
func (r *reader) skipsBack(k int) bool {
	return r.words[k].class&helper != 0 && r.words[k].class&(verb|pronoun|prep) == 0 || r.dates[k] ||
		r.words[k].class&prep != 0 && k+1 < len(r.dates) && r.dates[k+1] ||
		r.sign(k) == '(' && k+1 < len(r.dates) && r.dates[k+1] || r.sign(k) == ')' && k > 0 && r.dates[k-1]
}

// openBracket is the bracket that the one at k closes, or -1.
func (r *reader) openBracket(k, lo int) int {
	for j := k - 1; j >= lo && j > k-12; j-- {
		if r.sign(j) == '(' {
			return j
		}
	}
	return -1
}

// leftSubject is the subject that ends before token i and begins at lo or
// later. It leaves where its words begin in r.edge.
func (r *reader) leftSubject(i, lo int) span {
	e := i
	for e > lo && r.in[e-1] == 0 && r.skipsBack(e-1) {
		e--
	}
	if e-1 > lo && r.sign(e-1) == '.' && r.names[e-2] > 0 {
		e-- // "X Inc. said"
	}
	r.edge = e
	if e > lo && r.sign(e-1) == ')' {
		if o := r.openBracket(e-1, lo); o > lo {
			e = o
		}
	}
	if e > lo && r.is(e-1, who) {
		e--
		if e > lo && r.comma(e-1) {
			e--
		}
		s := r.leftPick(e, lo)
		if !s.empty() && !r.nameIn(s) && r.t.headFirst && r.words[s.first].class&office == 0 && !r.capital(s.last-1) {
			return span{} // "reports that say"
		}
		return s
	}
	from := e - 2
	quoted := false
	if e > lo && r.in[e-1] > 0 {
		// "X, the author of "Y," said"
		q := r.quotes[r.in[e-1]-1]
		if quoted = r.comma(q.out-1) && q.first > lo && r.tokens[q.first-1].Kind == lang.Word; quoted {
			from = q.first - 1
		}
	}
	if quoted || e > lo && (r.comma(e-1) || r.dash(e-1)) && r.in[e-1] == 0 {
		// "X, a spokesman for Y, said"
		c := -1
		for k := from; k > lo && k > e-30 && r.in[k] == 0 && !r.terminal(k) && !r.colon(k); k-- {
			if r.comma(k) && (quoted || r.comma(e-1)) || r.dash(k) && r.dash(e-1) {
				c = k
				break
			}
		}
		if c < 0 {
			return span{}
		}
		ce := c
		if ce > lo && r.sign(ce-1) == ')' {
			if o := r.openBracket(ce-1, lo); o > lo {
				ce = o
			}
		}
		s := r.leftPick(ce, lo)
		if s.empty() {
			return s
		}
		if k := c + 1; r.nameIn(s) && (r.nameAt(s.first) != s || r.organization(s.first)) && k < e-1 && !quoted && r.person(k) && r.nameAt(k).last == e-1 {
			return r.nameAt(k) // "a spokesman for Y, X, said"
		}
		if k := c + 1; r.t.headFirst && r.comma(c) && !quoted && k < e-1 && r.person(k) && r.nameAt(k).last == e-1 && r.person(s.first) && r.nameAt(s.first) == s && r.related(s.first, lo) {
			return r.nameAt(k) // "Istri Y, X, mengatakan"
		}
		if r.nameAt(s.first) != s && s.first > lo+2 && r.comma(s.first-1) && r.in[s.first-1] == 0 {
			// "X, interviewed in Y, on Monday, said"
			edge := r.edge
			if t := r.leftPick(s.first-1, lo); !t.empty() && r.nameAt(t.first) == t && r.names[t.first] > 0 {
				return t
			}
			r.edge = edge
		}
		if !r.nameIn(s) {
			// "the spokesman, X, said"
			for k := c + 1; k < e-1 && !quoted; k++ {
				if r.names[k] > 0 {
					edge := r.edge
					n := r.nameAt(k)
					r.edge = edge
					if n.first == c+1 || r.is(c+1, title|office|det) || r.capital(c+1) {
						return n
					}
					break
				}
				if r.is(k, prep|of) {
					break
				}
			}
			if !r.capital(s.last-1) && r.names[s.last-1] == 0 && !r.is(s.first, det|pronoun) {
				r.edge = e
				return span{}
			}
		}
		return s
	}
	return r.leftPick(e, lo)
}

// related tells whether the name at token i says whose someone is: words that
// are no rank or form of address stand before it at the beginning of the
// sentence, "kuasa hukum Y".
func (r *reader) related(i, lo int) bool {
	if i <= lo || i-lo > 4 || r.is(i-1, title) {
		return false
	}
	for k := lo; k < i; k++ {
		if r.in[k] > 0 || r.names[k] > 0 || r.dates[k] || r.tokens[k].Kind != lang.Word || k == lo && r.is(k, prep|stop|before) {
			return false
		}
	}
	return true
}

// leftPick is the subject among the words that end before token e.
func (r *reader) leftPick(e, lo int) span {
	s := e
walk:
	for s > lo && e-s < maxSubject {
		k := s - 1
		if r.in[k] > 0 {
			break
		}
		if r.names[k] > 0 {
			s--
			continue
		}
		if r.tokens[k].Kind == lang.Sign {
			switch r.sign(k) {
			case '-', '/', '&', '\'', '’', '%', '$', '#', '@', '.':
				if r.dash(k) || r.terminal(k) && r.tokens[k+1].Space {
					break walk
				}
				s--
				continue
			case ')':
				if o := r.openBracket(k, lo); o > lo {
					s = o
					continue
				}
			}
			break
		}
		w := r.words[k].class
		switch {
		case w&pronoun != 0 && !r.words[k].inner && w&(det|owner) == 0:
			if s == e {
				r.edge = k
				return span{k, k + 1}
			}
			break walk
		case w&(stop|that|who|clause|before|to|helper) != 0 && !(w&helper != 0 && w&(prep|det) != 0):
			break walk
		case w&verb != 0 && r.words[k].frame&ambiguous == 0 && !r.capital(k):
			break walk
		case w&and != 0:
			if s == e || k-1 < lo || r.in[k-1] > 0 || !(r.capital(k+1) || r.names[k+1] > 0 || r.is(k+1, det)) || !(r.capital(k-1) || r.names[k-1] > 0) {
				if !(s < e && k-1 >= lo && r.in[k-1] == 0 && r.tokens[k-1].Kind == lang.Word && k-1 == lo) {
					break walk
				}
			}
		}
		s--
	}
	if s < e && s > lo && r.in[s-1] == 0 && r.is(s-1, who) {
		// "X, who lives in Y, said": the subject is before the relative clause.
		k := s - 1
		if k > lo && r.comma(k-1) {
			k--
		}
		if k > lo && r.in[k-1] == 0 {
			return r.leftPick(k, lo)
		}
		r.edge = s
		return span{}
	}
	if k := s - 2; s < e && k >= lo && r.in[k] == 0 && r.tokens[k].Case == lang.NoCase && r.is(s-1, that) && r.person(k) {
		// The same, where one word opens both clauses: "لیلا مرادی که ... گفت".
		r.edge = r.nameAt(k).first
		return r.nameAt(k)
	}
	// What opens an adjunct before the subject is cut off. Where nothing but an
	// adjunct is before the verb, the subject is before that: "he, in the house, said".
	begin := s
	for s < e && !(s == begin && r.is(s, det) && s+1 < e) && (r.dates[s] || r.is(s, prep|of) || r.words[s].class&helper != 0) {
		if r.dates[s] || r.words[s].class&helper != 0 && r.words[s].class&prep == 0 {
			s++
			continue
		}
		j := s + 1
		for j < e && r.dates[j] {
			j++
		}
		if j > s+1 {
			s = j
			continue
		}
		for j = s + 2; j < e; j++ {
			if (r.is(j, det) || r.names[j] > 0 && r.names[j] != r.names[j-1] || r.capital(j) && !r.capital(j-1)) && !r.is(j-1, prep|of|det|and) && r.tokens[j-1].Kind == lang.Word {
				break
			}
		}
		if j < e {
			s = j
			continue
		}
		for begin > lo && r.in[begin-1] == 0 && r.skipsBack(begin-1) {
			begin--
		}
		if begin > lo && r.in[begin-1] == 0 {
			if r.is(begin-1, pronoun) {
				r.edge = begin - 1
				return span{begin - 1, begin}
			}
			if r.comma(begin-1) && begin-1 > lo {
				if p := r.leftPick(begin-1, lo); !p.empty() && p.last-p.first < 8 {
					return p
				}
			}
		}
		s++
	}
	r.edge = s
	if s >= e {
		return span{}
	}
	p := r.pick(span{s, e})
	if p.last-p.first > 9 && r.tokens[p.first].Case == lang.NoCase && r.tokens[p.last-1].Case == lang.NoCase {
		return span{} // Nothing tells where the subject begins.
	}
	return p
}

// behindTitle is where what follows a name in quotation marks at token i begins,
// if that is who speaks: "told "The Herald" X".
func (r *reader) behindTitle(i, hi int) int {
	if i >= hi || r.in[i] == 0 {
		return i
	}
	if q := r.quotes[r.in[i]-1]; q.first == i && q.out-q.in < 4 && q.last < hi && r.in[q.last] == 0 && r.nameNear(q.last) {
		return q.last
	}
	return i
}

// rightSubject is the subject that begins at token i. It leaves where its
// words end in r.edge.
func (r *reader) rightSubject(i, hi int) span {
	r.edge = i
	for i < hi && r.in[i] == 0 && r.words[i].class&helper != 0 && r.words[i].class&(pronoun|det) == 0 && r.names[i] == 0 {
		i++
	}
	i = r.behindTitle(i, hi)
	if i < hi && r.names[i] == 0 && r.is(i, prep|of) && !r.is(i, det|pronoun) {
		return span{}
	}
	e := i
walk:
	for e < hi && e-i < maxSubject && r.in[e] == 0 {
		if r.names[e] > 0 {
			e++
			continue
		}
		if r.dates[e] {
			break
		}
		if r.tokens[e].Kind == lang.Sign {
			switch r.sign(e) {
			case '(':
				// "the head of X (Y) John Doe"
				c := e + 1
				for c < hi && c < e+6 && r.sign(c) != ')' {
					c++
				}
				if c+1 < hi && r.sign(c) == ')' && r.in[c+1] == 0 && (r.names[c+1] > 0 || r.capital(c+1)) && !r.dates[e+1] {
					e = c + 1
					continue
				}
			case '-', '/', '&', '\'', '’', '%', '$', '#', '@', '.':
				if r.dash(e) || r.terminal(e) && (e+1 >= hi || r.tokens[e+1].Space) {
					break walk
				}
				e++
				continue
			}
			break
		}
		w := r.words[e].class
		switch {
		case w&pronoun != 0 && !r.words[e].inner && w&(det|owner) == 0:
			if e == i {
				r.edge = e + 1
				return span{e, e + 1}
			}
			break walk
		case w&(stop|that|who|clause|before|to|helper) != 0 && w&(det|of) == 0:
			break walk
		case w&verb != 0 && r.words[e].frame&ambiguous == 0 && !r.capital(e) && !r.words[e].inner:
			break walk
		case w&prep != 0 && w&of == 0 && e > i:
			break walk
		case w&and != 0:
			if e == i || e+1 >= hi || !(r.capital(e+1) || r.names[e+1] > 0 || r.is(e+1, det)) {
				break walk
			}
		}
		e++
	}
	r.edge = e
	if e <= i {
		return span{}
	}
	s := r.pick(span{i, e})
	role := r.names[s.first] == 0 || r.nameAt(s.first) != s
	if s.first > i && r.organization(s.first) && e+1 < hi && r.comma(e) && r.in[e+1] == 0 && r.person(e+1) {
		// "said the head of X, Y,"
		if n := r.nameAt(e + 1); n.last >= hi || r.in[n.last] == 0 && r.tokens[n.last].Kind == lang.Sign {
			r.edge = n.last
			return n
		}
	}
	if role && e+1 < hi && r.comma(e) && r.in[e+1] == 0 && (!r.capital(s.last-1) || r.is(i, det)) {
		// "said the spokesman, X"
		k := e + 1
		for k < hi && k < e+4 && r.is(k, title|office) {
			k++
		}
		if k < hi && r.person(k) {
			s = r.nameAt(k)
			r.edge = s.last
		} else if k < hi && r.capital(k) && r.is(i, det) && !r.dates[k] {
			n := k
			for n < hi && r.in[n] == 0 && r.tokens[n].Case == lang.Capital && n-k < 5 {
				n++
			}
			if n-k > 1 && (n >= hi || r.in[n] == 0 && r.tokens[n].Kind == lang.Sign) {
				s, r.edge = span{k, n}, n
			}
		}
	}
	return s
}
