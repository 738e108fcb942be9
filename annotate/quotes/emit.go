package quotes

import (
	"dateline"
	"dateline/lang"
)

// colonAfterName takes "Someone: what he says" at a paragraph's beginning; in
// the headline an organization may say it too.
func (r *reader) colonAfterName(seg span) {
	for i := seg.first; i < seg.last && i < seg.first+6; i++ {
		if !r.colon(i) {
			continue
		}
		if i == seg.first || i+3 > seg.last || r.names[i-1] == 0 {
			return
		}
		m := r.names[i-1]
		if r.p.In != dateline.InTitle && r.d.Marks[m-1].Kind != dateline.KindPerson {
			return
		}
		k := i - 1
		for k > seg.first && r.names[k-1] == m {
			k--
		}
		if r.tokens[i+1].Kind == lang.Number {
			return // a score, a count of votes
		}
		s := saying{seg: seg, content: span{i + 1, r.trimEnd(i+1, seg.last)}, speaker: span{k, i}}
		r.add(s, len(r.said))
		return
	}
}

// mark makes the marks.
func (r *reader) mark() {
	for i := range r.said {
		s := &r.said[i]
		if s.dropped || s.content.empty() {
			continue
		}
		r.emit(s)
	}
}

// emit makes the mark of one saying.
func (r *reader) emit(s *saying) {
	c := s.content
	typ := r.typeOf(s)
	v := &dateline.Quotation{Type: typ, Speaker: s.named}
	start, end := r.tokens[c.first].Start, r.tokens[c.last-1].End
	v.Content = [2]int{start, end}
	if typ == "direct" {
		q, l := r.quotes[r.in[c.first]-1], r.quotes[r.in[c.last-1]-1]
		v.Content = [2]int{q.start, l.end}
	}
	if s.dialogue && typ == "indirect" {
		v.Type = "direct"
	}
	near := func(a, b int) bool {
		return a >= r.tokens[s.seg.first].Start && b <= r.tokens[s.seg.last-1].End
	}
	if !s.verb.empty() {
		v.Verb = [2]int{r.tokens[s.verb.first].Start, r.tokens[s.verb.last-1].End}
		if near(v.Verb[0], v.Verb[1]) {
			start, end = min(start, v.Verb[0]), max(end, v.Verb[1])
		}
	}
	if s.named != nil && near(s.named.Start, s.named.End) {
		start, end = min(start, s.named.Start), max(end, s.named.End)
	}
	r.d.Add(r.p, dateline.KindQuote, start, end, v)
}

// typeOf tells whether content is all in quotation marks, partly, or not.
// Words between the first and the last quotation that are its tag do not count.
func (r *reader) typeOf(s *saying) string {
	c := s.content
	// Behind "that" a quotation is a piece of the writer's sentence.
	sub := c.first > 0 && r.in[c.first] > 0 && r.in[c.first-1] == 0 && r.words[c.first-1].class&that != 0
	quotedWords, others := 0, 0
	for i := c.first; i < c.last; i++ {
		if r.tokens[i].Kind == lang.Sign || s.speaker.first <= i && i < s.speaker.last {
			continue
		}
		if r.in[i] > 0 {
			quotedWords++
		} else {
			others++
		}
	}
	switch {
	case quotedWords == 0:
		return "indirect"
	case r.in[c.first] > 0 && r.in[c.last-1] > 0 && !sub && (others == 0 || s.verb.first > c.first && s.verb.first < c.last):
		return "direct"
	}
	return "mixed"
}
