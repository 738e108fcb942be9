package quotes

import (
	"unicode/utf8"

	"dateline"
	"dateline/annotate"
	"dateline/lang"
)

// reader reads one part of an article.
type reader struct {
	t      *tables
	d      *annotate.Document
	p      *annotate.Part
	tokens []lang.Token
	words  []word
	quotes []quoted
	in     []int32 // the quotation a token is in, from 1
	who    *speakers
	names  []int32 // the person or organization a token is in, from 1
	dates  []bool  // tokens that a date covers
	said   []saying
	seg    span // the sentence at hand
	edge   int  // where the words of the subject end that was found last, away from its verb
}

// span is tokens, half-open.
type span struct{ first, last int }

func (s span) empty() bool { return s.last <= s.first }

// saying is something said: what the marks are made of.
type saying struct {
	seg      span
	content  span
	verb     span
	speaker  span   // tokens; empty where a clitic or nothing names him
	clitic   [2]int // bytes
	named    *dateline.Speaker
	backward bool // the content stands before the verb
	open     bool // goes on to the end of the sentence
	object   bool // a noun phrase, the weakest kind
	implied  bool // the speaker is that of the saying before it
	dropped  bool
	dialogue bool // a dash before it stands for the quotation marks
}

func newReader(d *annotate.Document, p *annotate.Part, t *tables, who *speakers) *reader {
	r := &reader{t: t, d: d, p: p, tokens: p.Tokens, who: who}
	r.words = t.words(p.Tokens)
	r.quotes = findQuoted(p.Text, p.Tokens)
	r.in = make([]int32, len(p.Tokens))
	for i, q := range r.quotes {
		for k := q.first; k < q.last; k++ {
			r.in[k] = int32(i + 1)
		}
	}
	r.names = make([]int32, len(p.Tokens))
	r.dates = make([]bool, len(p.Tokens))
	for i, m := range d.Marks {
		if m.In != p.In {
			continue
		}
		switch m.Kind {
		case dateline.KindPerson, dateline.KindOrganization:
			for k := p.TokenAt(m.Start); k < len(p.Tokens) && p.Tokens[k].Start < m.End; k++ {
				r.names[k] = int32(i + 1)
			}
		case dateline.KindDate:
			for k := p.TokenAt(m.Start); k < len(p.Tokens) && p.Tokens[k].Start < m.End; k++ {
				r.dates[k] = true
			}
		}
	}
	return r
}

// is tells whether token i is the first of a phrase of one of the classes.
func (r *reader) is(i int, c class) bool {
	return i >= 0 && i < len(r.words) && !r.words[i].inner && r.words[i].class&c != 0
}

// sign is the sign at token i; 0 where there is none.
func (r *reader) sign(i int) rune {
	if i < 0 || i >= len(r.tokens) || r.tokens[i].Kind != lang.Sign {
		return 0
	}
	c, _ := utf8.DecodeRuneInString(r.p.Text[r.tokens[i].Start:])
	return c
}

func (r *reader) comma(i int) bool {
	switch r.sign(i) {
	case ',', '،', '，', '、':
		return true
	}
	return false
}

func (r *reader) colon(i int) bool {
	switch r.sign(i) {
	case ':', '：':
		return true
	}
	return false
}

// dash tells whether token i is a dash between words: one with white space
// around it, or a long one.
func (r *reader) dash(i int) bool {
	switch r.sign(i) {
	case '–', '—', '―':
		return true
	case '-':
		return r.tokens[i].Space && i+1 < len(r.tokens) && (r.tokens[i+1].Space || r.sign(i+1) == '-') || i > 0 && r.sign(i-1) == '-'
	}
	return false
}

func (r *reader) terminal(i int) bool {
	switch r.sign(i) {
	case '.', '!', '?', '…', '؟', '。', '۔', ';', '؛':
		return true
	}
	return false
}

// capital tells whether token i is written as names are.
func (r *reader) capital(i int) bool {
	switch r.tokens[i].Case {
	case lang.Capital, lang.Upper, lang.Mixed:
		return true
	}
	return false
}

// maxSentence is how many tokens a sentence may have, a quotation being one.
const maxSentence = 300

// read finds everything that is said in the part.
func (r *reader) read() {
	r.who.learnGender(r)
	for i := 0; i < len(r.p.Sentences); {
		seg := span{r.p.Sentences[i].First, r.p.Sentences[i].Last}
		i++
		// A quotation keeps its sentences together.
		for i < len(r.p.Sentences) && r.in[seg.last-1] > 0 && r.quotes[r.in[seg.last-1]-1].last > seg.last {
			seg.last = r.p.Sentences[i].Last
			i++
		}
		// What has no end is no sentence: it is read in pieces.
		for n, k := 0, seg.first; k < seg.last; k++ {
			if q := r.in[k]; q > 0 {
				k = min(r.quotes[q-1].last, seg.last) - 1
			}
			if n++; n == maxSentence && k+1 < seg.last {
				r.sentence(span{seg.first, k + 1})
				seg.first, n = k+1, 0
			}
		}
		r.sentence(seg)
	}
}

// wholeQuote is the quotation that a sentence is, but for a full stop; nil
// where it is anything else.
func (r *reader) wholeQuote(seg span) *quoted {
	if r.in[seg.first] == 0 {
		return nil
	}
	q := &r.quotes[r.in[seg.first]-1]
	if q.first != seg.first || q.single && q.out-q.in < 4 {
		return nil
	}
	for i := q.last; i < seg.last; i++ {
		if r.dash(i) {
			if i+1 < seg.last && !r.capital(i+1) && r.names[i+1] == 0 {
				return nil
			}
			return q // It may be signed.
		}
		if !r.terminal(i) && r.in[i] == 0 {
			return nil
		}
	}
	return q
}

// sentence finds what is said in one sentence.
func (r *reader) sentence(seg span) {
	r.seg = seg
	from := len(r.said)
	r.who.about(r, seg)
	if q := r.wholeQuote(seg); q != nil {
		if r.signed(seg) {
			return
		}
		if s := (saying{seg: seg, content: span{q.first, q.last}}); r.tagInside(&s, q) {
			r.add(s, from)
			return
		}
		r.followUp(seg)
		return
	}
	for i := seg.first; i < seg.last; i++ {
		if k := r.in[i]; k > 0 {
			i = r.quotes[k-1].last - 1
			continue
		}
		w := &r.words[i]
		if w.inner || w.class&(verb|before|after|noun) == 0 {
			continue
		}
		var s saying
		ok := false
		switch {
		case r.names[i] > 0 || r.dates[i] || r.hyphened(i):
		case w.class&verb != 0:
			s, ok = r.verbAt(i, from)
		case w.class&before != 0:
			s, ok = r.sourceAt(i, from)
		case w.class&after != 0:
			s, ok = r.sourceAfter(i)
		}
		if !ok && w.class&noun != 0 {
			s, ok = r.nounAt(i)
		}
		if !ok {
			continue
		}
		s.seg = seg
		r.add(s, from)
	}
	r.leftovers(from)
	if r.tokens[seg.first].Paragraph && len(r.said) == from {
		r.colonAfterName(seg)
	}
}

// hyphened tells whether the word at token i is a part of one with a hyphen:
// "so-called".
func (r *reader) hyphened(i int) bool {
	if r.sign(i-1) == '-' && !r.tokens[i].Space {
		return true
	}
	e := i + max(int(r.words[i].n), 1)
	return r.sign(e) == '-' && !r.tokens[e].Space && e+1 < len(r.tokens) && !r.tokens[e+1].Space && r.tokens[e+1].Kind == lang.Word
}

// add adds a saying after those of its sentence, from the given one on, and
// cuts those off that go on into it.
func (r *reader) add(s saying, from int) {
	if s.content.empty() || !s.speaker.empty() && r.words[s.speaker.first].class&nobody != 0 && s.speaker.last-s.speaker.first == max(int(r.words[s.speaker.first].n), 1) {
		return
	}
	for i := from; i < len(r.said); i++ {
		o := &r.said[i]
		if o.dropped {
			continue
		}
		if o.content == s.content {
			if o.object && !s.object {
				o.dropped = true
				continue
			}
			return
		}
	}
	if sp := s.speaker; sp.last-sp.first == 1 && r.words[sp.first].class&pronoun != 0 && r.words[sp.first].frame&writer != 0 && !r.quotesIn(s.content) {
		return // What the writer thinks himself.
	}
	r.who.resolve(r, &s)
	r.said = append(r.said, s)
}

// quotesIn tells whether a quotation is in content.
func (r *reader) quotesIn(c span) bool {
	for k := c.first; k < c.last; k++ {
		if r.in[k] > 0 {
			return true
		}
	}
	return false
}

// followUp takes a sentence that is nothing but a quotation: it goes on with
// one that was broken by its tag, or is what the words before it announce, or
// the same speaker goes on in a paragraph of his own.
func (r *reader) followUp(seg span) {
	content := span{seg.first, r.quotes[r.in[seg.last-1-r.trailing(seg)]-1].last}
	q := r.quotes[r.in[seg.first]-1]
	alone := r.tokens[seg.first].Paragraph
	for j := len(r.said) - 1; j >= 0 && !alone && r.said[j].seg.last == seg.first; j-- {
		if o := &r.said[j]; r.quotedAtEdge(o.content) && (o.backward || o.implied) {
			o.content.last, o.seg.last = content.last, seg.last
			return
		}
	}
	for j := len(r.said) - 1; j >= 0 && r.said[j].seg.last == seg.first; j-- {
		o := &r.said[j]
		if o.content.empty() {
			continue
		}
		switch {
		case alone && r.quotedAtEdge(o.content) && !q.single && !o.dropped && q.out-q.in > 2:
			r.said = append(r.said, saying{seg: seg, content: content, named: o.named, implied: true})
			return
		case !alone && !o.dropped && !o.object && o.named != nil && !q.single && q.out-q.in > 3:
			// "He said it was over. "We are done.""
			r.said = append(r.said, saying{seg: seg, content: content, named: o.named, implied: true})
			return
		case r.colon(o.seg.last - 1):
			s := *o
			s.content, s.implied, s.seg = content, true, seg
			r.said = append(r.said, s)
			return
		}
	}
	if s, ok := r.announced(seg); ok {
		s.seg, s.content = seg, content
		r.who.resolve(r, &s)
		r.said = append(r.said, s)
		return
	}
	// A tag in a sentence of its own may follow: "..?" Mr. X asked.
	r.said = append(r.said, saying{seg: seg, content: content, dropped: true})
}

// signed takes a quotation that a dash and a name follow, in its sentence or
// the next one.
func (r *reader) signed(seg span) bool {
	q := r.quotes[r.in[seg.first]-1]
	k := q.last
	for k < seg.last && r.terminal(k) {
		k++
	}
	if k >= len(r.tokens) || !r.dash(k) || r.tokens[k].Paragraph {
		return false
	}
	k++
	e := k
	for e < len(r.tokens) && e < k+8 && !r.tokens[e].Paragraph && r.in[e] == 0 && (r.capital(e) || r.names[e] > 0) {
		e++
	}
	if e == k || e < len(r.tokens) && r.in[e] == 0 && r.tokens[e].Kind != lang.Sign && !r.tokens[e].Paragraph {
		return false
	}
	s := saying{seg: span{seg.first, max(seg.last, e)}, content: span{q.first, q.last}, speaker: r.pick(span{k, e})}
	r.who.resolve(r, &s)
	r.said = append(r.said, s)
	return true
}

// trailing is how many tokens stand behind a sentence's last quotation.
func (r *reader) trailing(seg span) int {
	n := 0
	for seg.last-1-n > seg.first && r.in[seg.last-1-n] == 0 {
		n++
	}
	return n
}

// quotedAtEdge tells whether content begins or ends with a quotation.
func (r *reader) quotedAtEdge(c span) bool {
	return !c.empty() && (r.in[c.first] > 0 || r.in[c.last-1] > 0)
}

// announced finds the verb and speaker in the sentence before, where that ends
// in a colon, or in a verb of saying.
func (r *reader) announced(seg span) (saying, bool) {
	end := seg.first
	if end == 0 || !r.colon(end-1) && !r.comma(end-1) {
		return saying{}, false
	}
	i := r.p.SentenceAt(r.tokens[end-1].Start)
	if i < 0 {
		return saying{}, false
	}
	prev := span{r.p.Sentences[i].First, end}
	old := r.seg
	r.seg = prev
	defer func() { r.seg = old }()
	for k := prev.last - 1; k >= prev.first; k-- {
		if r.in[k] > 0 {
			break
		}
		if r.is(k, verb) && r.words[k].frame&(tags|takesThat) != 0 {
			n := int(r.words[k].n)
			s := saying{verb: span{k, k + n}}
			if r.t.sov {
				s.speaker = r.firstSubject(k)
			} else if sub := r.leftSubject(k, prev.first); !sub.empty() {
				s.speaker = sub
			} else {
				s.speaker = r.mainSubject()
			}
			return s, true
		}
	}
	return saying{}, false
}
