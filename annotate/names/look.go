package names

import (
	"unicode"
	"unicode/utf8"

	"dateline/annotate"
	"dateline/gazetteer"
	"dateline/lang"
)

// word is what is known of a token before labels are looked for.
type word struct {
	hash  uint64 // of the folded word
	class class
	gaz   uint8 // what the gazetteer has of the name it stands in, see gazCode
	gazAt uint8 // 1 on the first token of that name, 2 on later ones
	shape uint8
	cand  bool // may be of a name
	first bool // begins its sentence, a quotation or a bracket in it
}

// The shapes of tokens.
const (
	shapeOther = iota
	shapeLower
	shapeCapital
	shapeInitial // "J." and single capitals
	shapeUpper2  // "AS", "PP"
	shapeUpper   // longer
	shapeMixed
	shapeNumber
	shapeDash
	shapeComma
	shapeStop
	shapeOpen
	shapeClose
	shapeQuote
	shapeColon
	shapeSlash
	shapeNone // before and behind a sentence
)

func shapeOf(text string, t *lang.Token) uint8 {
	switch t.Kind {
	case lang.Number:
		return shapeNumber
	case lang.Sign:
		r, _ := utf8.DecodeRuneInString(text[t.Start:])
		switch r {
		case '-', '–', '—', '‐', '‑':
			return shapeDash
		case ',', '،', ';':
			return shapeComma
		case '.', '!', '?', '…':
			return shapeStop
		case '(', '[':
			return shapeOpen
		case ')', ']':
			return shapeClose
		case '"', '“', '”', '„', '«', '»', '‘', '’', '\'', '`':
			return shapeQuote
		case ':':
			return shapeColon
		case '/', '&', '+', '@':
			return shapeSlash
		}
		return shapeOther
	}
	switch t.Case {
	case lang.Lower:
		return shapeLower
	case lang.Capital:
		if n := t.End - t.Start; n <= 2 || n == 3 && text[t.End-1] == '.' {
			if n == 1 || text[t.End-1] == '.' || text[t.Start] >= utf8.RuneSelf && n == 2 {
				return shapeInitial
			}
		}
		return shapeCapital
	case lang.Upper:
		if t.End-t.Start <= 2 {
			return shapeUpper2
		}
		return shapeUpper
	case lang.Mixed:
		return shapeMixed
	}
	return shapeOther
}

// sight is a part of an article as the model sees it.
type sight struct {
	t     *tables
	p     *annotate.Part
	words []word
	runs  []run
	caps  []uint8 // of each sentence, see run
	buf   []gazetteer.Entry
	fold  []byte
	feats []uint64
	found []entity
}

// run is tokens that are labelled together: capitalised words with what may
// join them.
type run struct {
	first, last int // tokens, half-open
	sentence    int
	caps        uint8 // how the sentence is written: 0 as usual, 1 all in capitals, 2 each word with one
}

func startsUpper(text string, t *lang.Token) bool {
	switch t.Case {
	case lang.Capital, lang.Upper:
		return true
	case lang.Mixed:
		r, n := utf8.DecodeRuneInString(text[t.Start:])
		if unicode.IsUpper(r) {
			return true
		}
		r, _ = utf8.DecodeRuneInString(text[t.Start+n:])
		return unicode.IsUpper(r) // "iPhone"
	}
	return false
}

func startsUpperOrCaseless(text string, t *lang.Token) bool {
	return t.Case == lang.NoCase || startsUpper(text, t)
}

// look finds the runs of a part and what the tables have of their words.
func (t *tables) look(p *annotate.Part) *sight {
	s := &sight{t: t, p: p, words: make([]word, len(p.Tokens))}
	tokens := p.Tokens
	for i := range tokens {
		s.words[i].shape = shapeOf(p.Text, &tokens[i])
	}
	for k := range p.Sentences {
		s.sentence(k)
	}
	return s
}

func (s *sight) sentence(k int) {
	sen := s.p.Sentences[k]
	tokens, W := s.p.Tokens, s.words
	upper, capital, lower := 0, 0, 0
	for i := sen.First; i < sen.Last; i++ {
		if tokens[i].Kind != lang.Word {
			continue
		}
		switch W[i].shape {
		case shapeLower:
			lower++
		case shapeCapital, shapeMixed:
			capital++
		case shapeUpper, shapeUpper2:
			upper++
		}
	}
	caps := uint8(0)
	switch {
	case upper >= 3 && lower == 0 && capital*4 <= upper:
		caps = 1
	case capital >= 4 && lower*3 <= capital:
		caps = 2
	}
	s.caps = append(s.caps, caps)
	// What may be of a name.
	any := false
	for i := sen.First; i < sen.Last; i++ {
		w := &W[i]
		w.first = i == sen.First || W[i-1].shape == shapeQuote && i > sen.First || W[i-1].shape == shapeOpen || W[i-1].shape == shapeColon ||
			W[i-1].shape == shapeOther && i == sen.First+1 || W[i-1].shape == shapeDash && i == sen.First+1
		if tokens[i].Kind == lang.Word && startsUpper(s.p.Text, &tokens[i]) {
			w.cand, any = true, true
		}
	}
	if !any {
		return
	}
	// Words around those that may be of a name are looked up.
	for i := sen.First; i < sen.Last; i++ {
		near := false
		for j := max(i-2, sen.First); j <= i+2 && j < sen.Last; j++ {
			near = near || W[j].cand
		}
		if near || i > sen.First && W[i-1].class != 0 {
			s.lookUp(i)
		}
	}
	// A word that only begins its sentence.
	for i := sen.First; i < sen.Last; i++ {
		if W[i].cand && W[i].first && W[i].class&(isStop|isPeople) != 0 && W[i].class&(isHead|isKnown|isGiven) == 0 && (i+1 >= sen.Last || !W[i+1].cand) {
			W[i].cand = false
		}
	}
	for i := sen.First; i < sen.Last; {
		if !W[i].cand {
			i++
			continue
		}
		first := i
		for first > sen.First && i-first < 2 && W[first-1].shape == shapeLower && W[first-1].class&isParticle != 0 && tokens[first-1].Kind == lang.Word {
			first--
		}
		if first < i && len(s.runs) > 0 && first < s.runs[len(s.runs)-1].last {
			first = i
		}
		if first > sen.First+1 && W[first-1].shape == shapeDash && !tokens[first-1].Space && W[first-2].class&isParticle != 0 && W[first-2].shape == shapeLower {
			first -= 2 // "al-Assad"
		}
		j := i + 1
		for j < sen.Last {
			if W[j].cand {
				j++
				continue
			}
			n := s.bridge(j, sen.Last)
			if n == 0 {
				break
			}
			j += n
		}
		for k := first; k < j; k++ {
			W[k].cand = true
		}
		s.runs = append(s.runs, run{first, j, k, caps})
		i = j
	}
}

// bridge is how many tokens from i on may stand between two words of a name,
// before a word that may be of one; a number may also end it.
func (s *sight) bridge(i, end int) int {
	W, tokens := s.words, s.p.Tokens
	for n := 0; n < 3 && i+n < end; n++ {
		w := &W[i+n]
		if w.cand {
			return n
		}
		switch w.shape {
		case shapeDash, shapeSlash:
			if tokens[i+n].Space && i+n+1 < end && tokens[i+n+1].Space && w.shape == shapeDash {
				return 0
			}
			continue
		case shapeQuote:
			if tokens[i+n].Space {
				return 0
			}
			continue
		case shapeLower:
			if w.class&(isParticle|isJoiner) != 0 {
				continue
			}
			return 0
		case shapeNumber:
			if n == 0 && tokens[i].End-tokens[i].Start <= 4 {
				return 1
			}
			return 0
		}
		return 0
	}
	return 0
}

// lookUp fills in what the tables have of the token i.
func (s *sight) lookUp(i int) {
	W, tokens := s.words, s.p.Tokens
	w, tok := &W[i], &tokens[i]
	if w.hash != 0 {
		return
	}
	w.hash = hashString(tok.Fold) | 1
	if tok.Kind != lang.Word {
		return
	}
	if s.t.pack.Begins(*tok) {
		w.class |= isStop
	}
	add := func(values []class, n int) bool {
		for _, v := range values {
			for j := i; j < i+n; j++ {
				W[j].class |= v
			}
		}
		return true
	}
	s.t.own.All(tokens, i, add)
	if w.class&isTitle == 0 && s.t.office(tok.Fold, w.shape) {
		w.class |= isTitle
	}
	c := s.t.common.words[tok.Fold]
	w.class |= c &^ isFirst
	if c&isFirst != 0 && startsUpperOrCaseless(s.p.Text, tok) {
		k, n := s.t.common.longest(tokens, i)
		for j := i; j < i+n; j++ {
			W[j].class |= k
		}
	}
	if w.gazAt == 0 && w.cand {
		s.gazetteer(i)
	}
}

// gazetteer looks for the longest place name that begins at token i.
func (s *sight) gazetteer(i int) {
	W, tokens := s.words, s.p.Tokens
	c, longest, end := places().Start(), gazetteer.Cursor{}, i
	for j := i; j < len(tokens) && j < i+5; j++ {
		if j > i && (tokens[j].Paragraph || W[j].shape == shapeComma || W[j].shape == shapeStop || W[j].shape >= shapeOpen) {
			break
		}
		s.fold = gazetteer.AppendFold(s.fold[:0], tokens[j].Fold)
		var ok bool
		if c, ok = c.Step(string(s.fold), false); !ok {
			break
		}
		if c.Names() && W[j].cand {
			longest, end = c, j+1
		}
	}
	if end == i {
		return
	}
	s.buf = longest.Append(s.buf[:0])
	code := gazCode(s.buf)
	if code == 0 {
		return
	}
	for j := i; j < end; j++ {
		W[j].gaz = code
		W[j].gazAt = 2
	}
	W[i].gazAt = 1
}

// gazCode says how well known the best known place of a name is.
func gazCode(entries []gazetteer.Entry) uint8 {
	code := uint8(0)
	for _, e := range entries {
		p := places().Place(e.ID)
		c := uint8(1)
		switch {
		case e.Rank >= gazetteer.Weak:
			c = 1
		case e.Rank == gazetteer.Initials:
			c = 2
		case p.Kind == gazetteer.Country && e.Rank <= gazetteer.Tagged:
			c = 10
		case p.Kind == gazetteer.Country:
			c = 8
		case p.Kind == gazetteer.Area:
			c = 7
		case p.Capital && e.Rank <= gazetteer.Primary:
			c = 9
		case p.Kind == gazetteer.Region && e.Rank <= gazetteer.Primary:
			c = 6
		case p.Kind == gazetteer.City && p.Population >= 500000:
			c = 6
			if e.Rank > gazetteer.Primary {
				c = 4
			}
		case p.Kind == gazetteer.City && p.Population >= 50000:
			c = 5
			if e.Rank > gazetteer.Primary {
				c = 3
			}
		case p.Kind == gazetteer.City && p.Population >= 10000 && e.Rank <= gazetteer.Primary:
			c = 4
		case p.Kind == gazetteer.Region || p.Kind == gazetteer.County:
			c = 3
		default:
			c = 2
		}
		code = max(code, c)
	}
	return code
}
