package lang

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentence is a sentence of a text: its bytes, from its first sign to its
// last, and its tokens, half-open.
type Sentence struct {
	Start, End  int
	First, Last int // tokens[First:Last]
}

// keptWhole is how many tokens quotes and brackets may hold to keep their
// sentences together; what is longer was left open or is a speech.
const keptWhole = 300

// Sentences parts tokens, which [Pack.Tokens] gave for text, into sentences. A
// sentence ends with its paragraph, and after a mark that ends sentences
// (Unicode's Sentence_Terminal) with the quotes and brackets that close behind
// it. It does not end at an abbreviation, an initial, inside a number, before
// a word in lower case, or within quotes and brackets that close in the same
// paragraph. Every token is in exactly one sentence.
func (p *Pack) Sentences(text string, tokens []Token) []Sentence {
	var out []Sentence
	w := whole{text: text, tokens: tokens}
	first := 0
	end := func(last int) {
		if last > first {
			out = append(out, Sentence{tokens[first].Start, tokens[last-1].End, first, last})
			first = last
		}
	}
	for i := 0; i < len(tokens); {
		t := &tokens[i]
		if t.Paragraph {
			end(i)
		}
		switch t.Kind {
		case Word:
			if text[t.End-1] == '.' && i+1 < len(tokens) && tokens[i+1].Space && p.startsAfterAbbreviation(text, t, &tokens[i+1]) {
				end(i + 1)
			}
		case Sign:
			r, _ := utf8.DecodeRuneInString(text[t.Start:t.End])
			if closing := closes(r); closing != "" && (r != '"' && r != '»' || opensQuote(text, tokens, i)) {
				if n := w.find(i, closing); n > 0 {
					i = n // The closing mark, which the next round looks at.
					if p.endsAfterClosing(text, tokens, i) {
						end(i + 1)
					}
					i++
					continue
				}
			}
			if isTerminal(r) && p.endsAt(text, tokens, i, r) {
				i++
				for i < len(tokens) && !tokens[i].Paragraph && (isTerminal(firstRune(text, &tokens[i])) && !tokens[i].Space || closesBehind(text, tokens, i)) {
					i++
				}
				if i >= len(tokens) || !p.goesOn(text, tokens, i) {
					end(i)
				}
				continue
			}
		}
		i++
	}
	end(len(tokens))
	return out
}

func firstRune(text string, t *Token) rune {
	r, _ := utf8.DecodeRuneInString(text[t.Start:t.End])
	return r
}

func isTerminal(r rune) bool {
	switch r {
	case '.', '!', '?', '…':
		return true
	}
	return r > utf8.RuneSelf && unicode.Is(unicode.STerm, r)
}

// closes is the marks that close what r opens; empty for what opens nothing.
func closes(r rune) string {
	switch r {
	case '(':
		return ")"
	case '[':
		return "]"
	case '“':
		return "”"
	case '„':
		return "“”"
	case '«':
		return "»"
	case '»':
		return "«"
	case '「':
		return "」"
	case '『':
		return "』"
	case '（':
		return "）"
	case '"':
		return "\""
	case '‘':
		return "’"
	}
	return ""
}

// opensQuote tells whether a plain quotation mark opens: nothing but a bracket
// stands right before it, and something right behind.
func opensQuote(text string, tokens []Token, i int) bool {
	if i+1 >= len(tokens) || tokens[i+1].Space {
		return false
	}
	return tokens[i].Space || strings.ContainsRune("([“‘-–—", firstRune(text, &tokens[i-1]))
}

// whole finds what closes quotes and brackets.
type whole struct {
	text   string
	tokens []Token
	none   map[string]int // of closing marks: no such mark stands before this token
}

// find is the mark that closes what the token i opens, in its paragraph; 0
// where there is none near enough. A stretch that was found to have none is
// not looked through again.
func (w *whole) find(i int, closing string) int {
	opening := firstRune(w.text, &w.tokens[i])
	depth, closed := 0, false
	j := max(i+1, w.none[closing])
	for ; j < len(w.tokens) && j < i+keptWhole && !w.tokens[j].Paragraph; j++ {
		if w.tokens[j].Kind != Sign {
			continue
		}
		r := firstRune(w.text, &w.tokens[j])
		switch {
		case strings.ContainsRune(closing, r) && (r != '"' || !w.tokens[j].Space):
			if depth == 0 {
				return j
			}
			depth--
			closed = true
		case r == opening && r != '"' && r != '»':
			depth++
		}
	}
	if !closed {
		if w.none == nil {
			w.none = map[string]int{}
		}
		w.none[closing] = max(j, w.none[closing])
	}
	return 0
}

// endsAfterClosing tells whether the closing mark i ends its sentence: what it
// closes ended with a mark that ends sentences, and the next word begins one.
func (p *Pack) endsAfterClosing(text string, tokens []Token, i int) bool {
	if i == 0 || !isTerminal(firstRune(text, &tokens[i-1])) || tokens[i-1].Kind != Sign {
		return false
	}
	if i+1 < len(tokens) {
		next := &tokens[i+1]
		if !next.Space && (next.Kind == Sign && firstRune(text, next) != '"' || next.Kind == Word && next.Case == NoCase) {
			return false // A comma, the full stop of the sentence around it, or in unspaced scripts who said it.
		}
	}
	return !p.goesOn(text, tokens, i+1)
}

// goesOn tells whether the token i goes on with the sentence before it though
// that ended with a mark: a word in lower case does, and a dash.
func (p *Pack) goesOn(text string, tokens []Token, i int) bool {
	if i >= len(tokens) || tokens[i].Paragraph {
		return false
	}
	t := &tokens[i]
	switch t.Kind {
	case Word:
		return t.Case == Lower
	case Sign:
		switch firstRune(text, t) {
		case ',', ';', ':', ')', '،', '–', '—', '-':
			return true
		}
	}
	return false
}

// endsAt tells whether the terminal mark i may end a sentence.
func (p *Pack) endsAt(text string, tokens []Token, i int, r rune) bool {
	if r != '.' || i+1 >= len(tokens) {
		return true
	}
	next := &tokens[i+1]
	if !next.Space && next.Kind != Sign && tokens[i].End-tokens[i].Start == 1 {
		// "ended.He": the tokenizer parts these only where sentences meet.
		return i > 0 && tokens[i-1].Case == Lower && next.Case == Capital
	}
	if i > 0 && !tokens[i].Space && tokens[i-1].Kind == Number && p != nil && p.ordinalStop && next.Kind == Word {
		return next.Case == Capital && p.begins(next) // "am 3. Oktober"
	}
	return true
}

// startsAfterAbbreviation tells whether next begins a sentence though an
// abbreviation is before it: only a word that is no name can tell.
func (p *Pack) startsAfterAbbreviation(text string, abbreviation, next *Token) bool {
	return next.Paragraph || next.Kind == Word && next.Case == Capital && p.begins(next)
}

// begins tells whether a word in capitals is one that sentences begin with.
func (p *Pack) begins(t *Token) bool {
	if p == nil {
		return false
	}
	_, ok := slices.BinarySearch(p.stop, t.Fold)
	return ok
}

// Begins tells whether a word is one that sentences begin with and names do
// not, as stop.txt lists them. A nil pack knows none.
func (p *Pack) Begins(t Token) bool { return p.begins(&t) }

// closesBehind tells whether the token i is a closing mark that belongs to the
// sentence before it.
func closesBehind(text string, tokens []Token, i int) bool {
	if tokens[i].Kind != Sign {
		return false
	}
	r := firstRune(text, &tokens[i])
	apart := i+1 >= len(tokens) || tokens[i+1].Space
	if tokens[i].Space {
		return r == '»' && apart // as French writes it
	}
	switch r {
	case ')', ']', '”', '’', '»', '"', '\'', '」', '』', '）', '›':
		return true
	case '“', '‘': // which close what „ and ‚ open, and open elsewhere
		return apart || tokens[i+1].Kind == Sign
	}
	return false
}
