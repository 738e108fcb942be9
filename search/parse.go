package search

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The limits of a query.
const (
	maxQuery  = 4096 // bytes
	maxTerms  = 32   // words, phrases and fields
	maxWords  = 64   // of one phrase
	maxDepth  = 32   // brackets in brackets
	minPrefix = 3    // letters before a star
)

// Parse reads a query; the package comment says what of. Quotes and brackets
// that are left open or were never opened, and an OR that joins nothing, are
// put right with a note. An error is a [*Mistake].
func Parse(query string) (*Query, error) {
	p := parser{text: query}
	var root Node
	switch {
	case len(query) > maxQuery:
		p.wrong(0, len(query), "query-long", maxQuery)
	case !utf8.ValidString(query):
		p.wrong(0, len(query), "query-encoding")
	default:
		root = p.sequence(0, FieldText, 0)
	}
	if p.mistake != nil {
		return nil, p.mistake
	}
	return &Query{Root: root, Sentence: p.sentence, Notes: p.notes}, nil
}

type parser struct {
	text     string
	pos      int
	terms    int
	inner    int  // brackets and minuses that the position is in
	sentence bool // what the scope is
	notes    []Note
	mistake  *Mistake // the first; nothing is read behind it
}

func (p *parser) note(start, end int, code string, args ...any) {
	p.notes = append(p.notes, say(start, end, code, args...))
}

func (p *parser) wrong(start, end int, code string, args ...any) {
	if p.mistake == nil {
		m := Mistake(say(start, end, code, args...))
		p.mistake = &m
	}
	p.pos = len(p.text)
}

// peek returns the rune at the position and its length, 0 at the end.
func (p *parser) peek() (rune, int) {
	if p.pos >= len(p.text) {
		return 0, 0
	}
	return utf8.DecodeRuneInString(p.text[p.pos:])
}

func (p *parser) skipSpace() {
	for r, n := p.peek(); n > 0 && unicode.IsSpace(r); r, n = p.peek() {
		p.pos += n
	}
}

// sequence reads nodes up to the bracket that closes them. Field is that of
// words without one: "title:(flood OR storm)". Opened is where the bracket is.
func (p *parser) sequence(depth int, field Field, opened int) Node {
	from := p.pos
	var all And
	or := -1 // where an OR stands that waits for what is behind it
	for {
		p.skipSpace()
		r, n := p.peek()
		switch start := p.pos; {
		case n == 0:
			if depth > 0 && p.mistake == nil {
				p.note(opened, from, "bracket-open")
			}
			return p.all(all, or)
		case isClose(r):
			p.pos += n
			if depth > 0 {
				return p.all(all, or)
			}
			p.note(start, p.pos, "bracket-alone")
		case p.keyword("OR", "|"):
			switch {
			case len(all) == 0 || or >= 0:
				p.note(start, p.pos, "or-first")
			default:
				or = start
			}
		case p.keyword("AND"):
		default:
			node := p.unary(depth, field)
			switch {
			case node == nil:
			case or >= 0:
				all[len(all)-1] = either(all[len(all)-1], node)
				or = -1
			default:
				all = append(all, node)
			}
		}
	}
}

// all makes one node of a sequence that has ended.
func (p *parser) all(nodes And, or int) Node {
	if or >= 0 && p.mistake == nil {
		p.note(or, or+len(p.orAt(or)), "or-last")
	}
	var flat And
	for _, n := range nodes {
		if inner, ok := n.(And); ok {
			flat = append(flat, inner...)
		} else {
			flat = append(flat, n)
		}
	}
	switch len(flat) {
	case 0:
		return nil
	case 1:
		return flat[0]
	}
	return flat
}

func either(a, b Node) Node {
	var or Or
	for _, n := range []Node{a, b} {
		if inner, ok := n.(Or); ok {
			or = append(or, inner...)
		} else {
			or = append(or, n)
		}
	}
	return or
}

// orAt returns the OR at a position as written.
func (p *parser) orAt(i int) string {
	if p.text[i] == '|' {
		return "|"
	}
	return "OR"
}

// keyword takes one of the words if it stands at the position alone.
func (p *parser) keyword(words ...string) bool {
	for _, w := range words {
		if rest, ok := strings.CutPrefix(p.text[p.pos:], w); ok {
			if r, n := utf8.DecodeRuneInString(rest); n == 0 || endsWord(r) {
				p.pos += len(w)
				return true
			}
		}
	}
	return false
}

// unary reads a node with the minuses before it.
func (p *parser) unary(depth int, field Field) Node {
	not := false
	for {
		if p.keyword("NOT") {
			not = !not
			p.skipSpace()
			continue
		}
		r, n := p.peek()
		if !isMinus(r) {
			break
		}
		p.pos += n
		if next, m := p.peek(); m == 0 || unicode.IsSpace(next) {
			return nil // a dash between words
		}
		not = !not
	}
	if not {
		p.inner++
		defer func() { p.inner-- }()
	}
	node := p.primary(depth, field)
	if node == nil || !not {
		return node
	}
	if inner, ok := node.(Not); ok {
		return inner.Node
	}
	return Not{node}
}

func (p *parser) primary(depth int, field Field) Node {
	start := p.pos
	r, n := p.peek()
	switch {
	case n == 0 || isClose(r) || unicode.IsSpace(r):
		return nil
	case isOpen(r):
		p.pos += n
		p.inner++
		defer func() { p.inner-- }()
		if depth >= maxDepth {
			p.wrong(start, p.pos, "bracket-deep", maxDepth)
			return nil
		}
		return p.sequence(depth+1, field, start)
	case isQuote(r):
		return p.leaf(field, start, p.quoted(), true)
	}
	name, colon := p.fieldName()
	if colon == 0 {
		return p.leaf(field, start, p.bare(), false)
	}
	f := Field(strings.ToLower(name))
	if !known(f) {
		if strings.HasPrefix(p.text[p.pos+len(name)+colon:], "//") { // an address
			return p.leaf(field, start, p.bare(), false)
		}
		word := p.bare()
		if like, ok := suggestField(string(f)); ok {
			p.wrong(start, p.pos, "field-like", name, like, strconv.Quote(word))
			return nil
		}
		p.note(start, p.pos, "field-none", name)
		return p.leaf(field, start, word, false)
	}
	p.pos += len(name) + colon
	p.skipSpace()
	r, n = p.peek()
	switch {
	case n == 0 || isClose(r):
		p.wrong(start, p.pos, "field-empty", name, example(f))
		return nil
	case isOpen(r):
		return p.primary(depth, f)
	case isQuote(r):
		return p.leaf(f, start, p.quoted(), true)
	case f == fieldFigure:
		return p.leaf(f, start, p.figureText(), false)
	}
	return p.leaf(f, start, p.bare(), false)
}

// fieldName returns the letters before a colon at the position and the bytes
// of the colon, 0 where no field is written.
func (p *parser) fieldName() (name string, colon int) {
	rest := p.text[p.pos:]
	for i, r := range rest {
		switch {
		case i > 0 && (r == ':' || r == '：'):
			return rest[:i], utf8.RuneLen(r)
		case !unicode.IsLetter(r):
			return "", 0
		}
	}
	return "", 0
}

// bare reads up to white space, a quote or a bracket.
func (p *parser) bare() string {
	start := p.pos
	for r, n := p.peek(); n > 0 && !endsWord(r); r, n = p.peek() {
		p.pos += n
	}
	return p.text[start:p.pos]
}

// quoted reads what is in quotes.
func (p *parser) quoted() string {
	start := p.pos
	_, n := p.peek()
	p.pos += n
	from := p.pos
	for r, n := p.peek(); n > 0; r, n = p.peek() {
		p.pos += n
		if isQuote(r) {
			return strings.TrimSpace(p.text[from : p.pos-n])
		}
	}
	p.note(start, from, "quote-open")
	return strings.TrimSpace(p.text[from:])
}

// leaf makes a node of a field's value, or of a word or phrase.
func (p *parser) leaf(field Field, start int, text string, quoted bool) Node {
	if p.mistake != nil {
		return nil
	}
	word := text
	if !quoted && (field == FieldText || field == FieldTitle) {
		word = strings.TrimRight(text, "*＊")
	}
	terms := (&Analyzer{class: runeClasses()}).Exactly(word).Terms
	switch {
	case len(terms) == 0 && !(field == fieldFigure && text != ""):
		if field != FieldText && field != FieldTitle {
			p.wrong(start, p.pos, "field-wordless", field, example(field))
		} else if quoted {
			p.note(start, p.pos, "quote-empty")
		}
		return nil
	case len(terms) > maxWords:
		p.wrong(start, p.pos, "phrase-long", maxWords)
		return nil
	}
	if p.terms++; p.terms > maxTerms {
		p.wrong(start, p.pos, "terms-many", maxTerms)
		return nil
	}
	if field != FieldText && field != FieldTitle {
		return p.value(field, start, text)
	}
	if quoted {
		return Phrase{field, word}
	}
	w := Word{Field: field, Text: word, Prefix: len(word) < len(text)}
	if w.Prefix {
		last := terms[len(terms)-1]
		r, _ := utf8.DecodeRuneInString(last)
		switch {
		case runeClasses().of(r)&classUnspaced != 0:
			w.Prefix = false // Such words are found within others as they are.
		case utf8.RuneCountInString(last) < minPrefix:
			p.wrong(start, p.pos, "prefix-short", word, minPrefix)
			return nil
		}
	}
	return w
}

func endsWord(r rune) bool { return unicode.IsSpace(r) || isQuote(r) || isOpen(r) || isClose(r) }
func isOpen(r rune) bool   { return r == '(' || r == '（' }
func isClose(r rune) bool  { return r == ')' || r == '）' }
func isQuote(r rune) bool {
	return strings.ContainsRune("\"“”„‟«»「」『』＂〝〞〟", r)
}
func isMinus(r rune) bool { return strings.ContainsRune("-−–－", r) }
