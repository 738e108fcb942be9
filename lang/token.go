package lang

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
)

// Token is a word, a number or a sign of a text. White space is no token.
type Token struct {
	Start, End int // bytes
	Kind       TokenKind
	Case       Case
	Space      bool   // white space, or the text's beginning, is before it
	Paragraph  bool   // a blank line, or the text's beginning, is before it
	Fold       string // as [Fold] gives it: what words are compared by
}

// TokenKind says what a token begins with.
type TokenKind uint8

// The kinds of tokens. A Number begins with a digit and has no letters; an
// abbreviation is a Word with its full stop.
const (
	Word TokenKind = iota
	Number
	Sign
)

// Case is how the letters of a word are written.
type Case uint8

// The cases. NoCase is that of scripts without capitals, of numbers and signs.
const (
	NoCase Case = iota
	Lower
	Capital // only the first letter, and that may be the only one
	Upper   // at least two letters, all of them
	Mixed
)

// Tokens splits text into words, numbers and signs: Unicode's word boundaries
// (UAX #29), with what the pack says of its language. Words are parted at
// apostrophes where the pack says so ("l'", "'s"), at zero-width non-joiners,
// and between a number and the letters behind it; abbreviations keep their
// full stop. A nil pack parts "'s" alone. The tokens refer to text.
func (p *Pack) Tokens(text string) []Token { return p.AppendTokens(nil, text) }

// AppendTokens appends the tokens of text to dst.
func (p *Pack) AppendTokens(dst []Token, text string) []Token {
	t := tokenizer{pack: p, text: text, out: slices.Grow(dst, len(text)/5+8), space: true, paragraph: true, first: len(dst), class: runeClasses()}
	t.fold = make([]byte, 0, len(text)+len(text)/8)
	it := words.FromString(text)
	for it.Next() {
		t.segment(it.Start(), it.End())
	}
	t.finish()
	return t.out
}

type tokenizer struct {
	pack             *Pack
	text             string
	out              []Token
	first            int // of out that is ours
	space, paragraph bool
	class            *runeTable
	fold             []byte // the folded tokens one behind the other
	folded           []int  // where each one's ends
}

// segment takes one piece of what Unicode's rules give, token by token.
func (t *tokenizer) segment(start, end int) {
	for start < end {
		start = t.next(start, end)
	}
}

// next adds the token that begins at start, and what is parted from it there,
// and returns where to go on.
func (t *tokenizer) next(start, end int) int {
	s := t.text[start:end]
	r, n := utf8.DecodeRuneInString(s)
	switch {
	case t.class.of(r)&isSpace != 0:
		t.space = true
		if r == '\u2029' || strings.ContainsAny(s, "\n\u0085") && endsLine(strings.TrimLeft(t.text[end:], " \t\r\u00a0")) {
			t.paragraph = true
		}
		return end
	case t.class.of(r)&(isLetter|isDigit|isMark) == 0:
		switch {
		case isFormat(r):
			return start + n
		case n < len(s) && r != utf8.RuneError && !unicode.Is(unicode.So, r):
			// A sign that the rules tie to what follows it: "_x".
			t.add(start, start+n, Sign)
			return start + n
		}
		t.add(start, end, Sign)
		return end
	case t.class.of(r)&isDigit != 0:
		return t.number(start, end)
	}
	return t.word(start, end)
}

func endsLine(s string) bool {
	return strings.HasPrefix(s, "\n") || strings.HasPrefix(s, "\u0085")
}

func isAlnum(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' }

func isFormat(r rune) bool {
	return r >= utf8.RuneSelf && (unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r))
}

// number adds a number and returns where letters stand behind it, or end.
func (t *tokenizer) number(start, end int) int {
	s := t.text[start:end]
	for i, r := range s {
		if t.class.of(r)&isLetter != 0 || r == '_' {
			n := i
			for n > 0 && (s[n-1] == '.' || s[n-1] == ',' || s[n-1] == '\'') {
				n--
			}
			t.add(start, start+n, Number)
			if n < i {
				t.add(start+n, start+i, Sign)
			}
			return start + i
		}
	}
	t.add(start, end, Number)
	return end
}

// word adds a word up to where the pack or a sign inside parts it, and returns
// where to go on.
func (t *tokenizer) word(start, end int) int {
	s := t.text[start:end]
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		if i > 0 && t.isAttached(s[:i], r) {
			// "و60": a word that is written together with what follows it.
			t.add(start, start+i, Word)
			return start + i
		}
		switch r {
		case '_', ':':
			if i > 0 {
				t.add(start, start+i, Word)
				return start + i
			}
			t.add(start, start+n, Sign)
			return start + n
		case '\u200c':
			if i > 0 {
				t.add(start, start+i, Word)
			}
			return start + i + n
		case '.':
			// "ended.He" is two sentences; "U.S" and "example.com" are one word.
			next, _ := utf8.DecodeRuneInString(s[i+n:])
			last, m := utf8.DecodeLastRuneInString(s[:i])
			if i-m > 0 && unicode.IsLower(last) && unicode.IsUpper(next) && len(s)-i-n >= 2 && !strings.ContainsRune(s[i+n:], '.') {
				t.add(start, start+i, Word)
				t.add(start+i, start+i+n, Sign)
				return start + i + n
			}
		case '\'', '’', 'ʼ':
			if i == 0 {
				break
			}
			if t.isPrefix(s[:i+n]) {
				t.add(start, start+i+n, Word)
				return start + i + n
			}
			if t.isSuffix(s[i:]) {
				t.add(start, start+i, Word)
				t.add(start+i, end, Word)
				return end
			}
		}
		i += n
	}
	t.add(start, end, Word)
	return end
}

var possessive = []string{"'s"}

func (t *tokenizer) isPrefix(s string) bool {
	if t.pack == nil || len(t.pack.prefixes) == 0 || len(s) > 32 {
		return false
	}
	var buf [40]byte
	f := string(AppendFold(buf[:0], s))
	return slices.Contains(t.pack.prefixes, f)
}

// isAttached tells whether r is a digit and s what the pack says is written
// together with the word behind it.
func (t *tokenizer) isAttached(s string, r rune) bool {
	if t.pack == nil || len(t.pack.attached) == 0 || r < '0' || len(s) > 8 || !unicode.IsDigit(r) {
		return false
	}
	var buf [16]byte
	return slices.Contains(t.pack.attached, string(AppendFold(buf[:0], s)))
}

func (t *tokenizer) isSuffix(s string) bool {
	suffixes := possessive
	if t.pack != nil {
		suffixes = t.pack.suffixes
	}
	if len(suffixes) == 0 || len(s) > 32 {
		return false
	}
	var buf [40]byte
	f := string(AppendFold(buf[:0], s))
	return slices.Contains(suffixes, f) || slices.Contains(suffixes, "'*")
}

// add adds a token, or joins a full stop to the abbreviation before it.
func (t *tokenizer) add(start, end int, kind TokenKind) {
	if kind == Sign && end-start == 1 && t.text[start] == '.' && !t.space && len(t.out) > t.first {
		last := &t.out[len(t.out)-1]
		if last.Kind == Word && t.abbreviation(t.text[last.Start:end]) {
			last.End = end
			t.fold = append(t.fold[:t.folded[len(t.folded)-1]], '.')
			t.folded[len(t.folded)-1] = len(t.fold)
			return
		}
	}
	tok := Token{Start: start, End: end, Kind: kind, Space: t.space, Paragraph: t.paragraph}
	if kind == Word {
		tok.Case = t.caseOf(t.text[start:end])
	}
	t.space, t.paragraph = false, false
	t.fold = AppendFold(t.fold, t.text[start:end])
	t.folded = append(t.folded, len(t.fold))
	t.out = append(t.out, tok)
}

// abbreviation tells whether s, which ends in a full stop, is one that the
// pack lists, or initials such as "J." or "U.N.".
func (t *tokenizer) abbreviation(s string) bool {
	if initials(s) {
		return true
	}
	if t.pack == nil {
		return false
	}
	_, ok := slices.BinarySearch(t.pack.Abbreviations, s)
	return ok
}

// initials tells whether s is single capitals with full stops.
func initials(s string) bool {
	n := 0
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		if !unicode.IsUpper(r) || size >= len(s) || s[size] != '.' {
			return false
		}
		s = s[size+1:]
		n++
	}
	return n > 0
}

func (t *tokenizer) caseOf(s string) Case {
	upper, lower, letters, first := 0, 0, 0, false
	for _, r := range s {
		c := t.class.of(r)
		switch {
		case c&isLetter == 0:
			continue
		case c&isLower != 0:
			lower++
		case c&isUpper != 0:
			upper++
			first = first || letters == 0
		}
		letters++
	}
	switch {
	case upper == 0 && lower == 0:
		return NoCase
	case upper == 0:
		return Lower
	case upper == 1 && first:
		return Capital
	case lower == 0:
		return Upper
	}
	return Mixed
}

// What a rune is, for parting text into tokens.
const (
	isSpace = 1 << iota
	isLetter
	isDigit
	isMark
	isLower
	isUpper
)

// runeTable has the classes of the alphabets' runes.
type runeTable [foldSize]uint8

var runeClasses = sync.OnceValue(func() *runeTable {
	t := new(runeTable)
	for r := range t {
		t[r] = classify(rune(r))
	}
	return t
})

func (t *runeTable) of(r rune) uint8 {
	switch {
	case r < foldSize:
		return t[r]
	case r >= 0x3041 && r <= 0x3096, r >= 0x30a1 && r <= 0x30fa, r >= 0x4e00 && r <= 0x9fff, r >= 0xac00 && r <= 0xd7a3:
		return isLetter
	}
	return classify(r)
}

func classify(r rune) (c uint8) {
	if unicode.IsSpace(r) {
		c |= isSpace
	}
	if unicode.IsLetter(r) {
		c |= isLetter
	}
	if unicode.IsDigit(r) {
		c |= isDigit
	}
	if unicode.IsMark(r) {
		c |= isMark
	}
	if unicode.IsLower(r) {
		c |= isLower
	}
	if unicode.IsUpper(r) || unicode.IsTitle(r) {
		c |= isUpper
	}
	return c
}

// finish gives the tokens their folded words, all cut from one string.
func (t *tokenizer) finish() {
	all := string(t.fold)
	at := 0
	for i, end := range t.folded {
		t.out[t.first+i].Fold = all[at:end]
		at = end
	}
}
