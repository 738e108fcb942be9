package quotes

import (
	"unicode/utf8"

	"dateline/lang"
)

// Finding what stands between quotation marks.
//
// A mark that opens stands before a word, with white space, a bracket or a dash
// before it; one that closes stands behind a word or a sign. The plain marks
// (" ' and two of ') do both, and so do “ » « in some languages' use. A
// quotation that is not closed in its paragraph goes on in the next one where
// that begins with the mark again; else its mark is taken for a slip and
// passed over, unless it opens its paragraph.
//
// Quotations inside quotations are part of them.

// quoted is a piece of text in quotation marks.
type quoted struct {
	first, last int // tokens: marks and all, half-open
	in, out     int // tokens: what is said
	start, end  int // bytes: what is said
	single      bool
}

// markKind is what a sign is among quotation marks.
type markKind struct {
	family byte // marks that go together
	opens  bool
	closes bool
}

func markOf(r rune) markKind {
	switch r {
	case '"', '＂':
		return markKind{'"', true, true}
	case '“', '‟', '〝':
		return markKind{'"', true, true} // closes what „ opens
	case '”', '〞':
		return markKind{'"', true, true} // opens in some languages
	case '„':
		return markKind{'"', true, false}
	case '«', '»', '《', '》':
		return markKind{'<', true, true}
	case '‘', '‚', '‛':
		return markKind{'\'', true, false}
	case '’':
		return markKind{'\'', false, true}
	case '\'', '`', '´':
		return markKind{'\'', true, true}
	case '‹', '›':
		return markKind{'(', true, true}
	case '「', '『', '｢':
		return markKind{'[', true, false}
	case '」', '』', '｣':
		return markKind{'[', false, true}
	}
	return markKind{}
}

// maxQuoted is how many tokens a quotation may have.
const maxQuoted = 2000

// mark is the mark at token i and how many tokens it takes: ” is two.
func mark(text string, tokens []lang.Token, i int) (markKind, int) {
	if tokens[i].Kind != lang.Sign {
		return markKind{}, 0
	}
	r, _ := utf8.DecodeRuneInString(text[tokens[i].Start:])
	m := markOf(r)
	if m.family == '\'' && i+1 < len(tokens) && !tokens[i+1].Space && tokens[i+1].Kind == lang.Sign {
		if s, _ := utf8.DecodeRuneInString(text[tokens[i+1].Start:]); s == r || markOf(s).family == '\'' && r != '‘' && s != '\'' {
			if i+2 < len(tokens) && !tokens[i+2].Space && text[tokens[i+2].Start] == '\'' && r == '\'' {
				return m, 1 // ''' closes one within another.
			}
			return markKind{'"', true, true}, 2
		}
	}
	if m.family == 0 {
		return m, 0
	}
	return m, 1
}

// opensAt tells whether the mark of n tokens at i can open.
func opensAt(text string, tokens []lang.Token, i, n int) bool {
	if i+n >= len(tokens) || tokens[i+n].Paragraph {
		return false
	}
	if tokens[i+n].Space {
		return false
	}
	if tokens[i].Space || i == 0 {
		return true
	}
	r, _ := utf8.DecodeRuneInString(text[tokens[i-1].Start:])
	switch r {
	case '(', '[', '-', '–', '—', ':', ',', '“', '„', '«', '‘', '"', '\'', '/':
		return true
	}
	return false
}

// closesAt tells whether the mark of n tokens at i can close.
func closesAt(text string, tokens []lang.Token, i, n int) bool {
	if tokens[i].Space {
		return false
	}
	if i+n >= len(tokens) || tokens[i+n].Space {
		return true
	}
	return tokens[i+n].Kind == lang.Sign || utf8.RuneCountInString(text[tokens[i].Start:tokens[i+n-1].End]) > 1
}

// findQuoted finds all quotations of a text, in their order.
func findQuoted(text string, tokens []lang.Token) []quoted {
	var out []quoted
	// What is never closed is looked for in vain; a text that is full of it is
	// not looked through to the end each time.
	budget := 50*len(tokens) + maxQuoted
	for i := 0; i < len(tokens); {
		m, n := mark(text, tokens, i)
		if n == 0 || !m.opens || !(opensAt(text, tokens, i, n) || surelyOpens(text, tokens, i, n)) {
			i++
			continue
		}
		limit := min(len(tokens), i+n+maxQuoted)
		if budget < 0 {
			limit = min(limit, i+n+50)
		}
		q, seen, ok := closeQuoted(text, tokens, i, n, limit, m)
		budget -= seen
		if !ok {
			i += n
			continue
		}
		out = append(out, q)
		i = q.last
	}
	return out
}

// surelyOpens tells whether the mark does nothing but open, whatever the white
// space: "« Bonjour »".
func surelyOpens(text string, tokens []lang.Token, i, n int) bool {
	r, _ := utf8.DecodeRuneInString(text[tokens[i].Start:])
	switch r {
	case '«', '„', '「', '『', '《':
		return i+n < len(tokens) && !tokens[i+n].Paragraph
	case '“':
		return i+n < len(tokens) && !tokens[i+n].Paragraph && (tokens[i].Space || i == 0)
	}
	return false
}

// closer is what closes the mark at i: its own kind of sign, where signs
// differ; 0 where any of the family does.
func closer(r rune) string {
	switch r {
	case '«':
		return "»"
	case '»':
		return "«»"
	case '《':
		return "》"
	case '「':
		return "」"
	case '『':
		return "』"
	case '“', '‟':
		return "”\""
	case '„':
		return "“”\"„"
	case '”':
		return "”"
	}
	return ""
}

func has(set string, r rune) bool {
	for _, s := range set {
		if s == r {
			return true
		}
	}
	return false
}

// closeQuoted finds the end of the quotation whose mark of n tokens is at i,
// before limit, and how many tokens it looked at.
func closeQuoted(text string, tokens []lang.Token, i, n, limit int, m markKind) (q quoted, seen int, ok bool) {
	r, _ := utf8.DecodeRuneInString(text[tokens[i].Start:])
	closing := closer(r)
	single := m.family == '\''
	depth := 0
	begins := tokens[i].Paragraph
	weak := -1 // a single mark that may be an apostrophe
	q = quoted{first: i, in: i + n, single: single}
	done := func(j, k int) (quoted, int, bool) {
		q.out, q.last = j, j+k
		if q.out <= q.in {
			return q, seen, false
		}
		q.start, q.end = tokens[q.in].Start, tokens[q.out-1].End
		return q, seen, true
	}
	for j := i + n; j < limit; j++ {
		seen++
		if tokens[j].Paragraph {
			// Goes on where the paragraph begins with the mark again.
			k, kn := mark(text, tokens, j)
			if s, _ := utf8.DecodeRuneInString(text[tokens[j].Start:]); kn == n && k.family == m.family && (s == r || r == '„' || r == '«' && s == '»') && !single {
				j += kn - 1
				continue
			}
			if single && weak > 0 {
				return done(weak, 1)
			}
			if begins && !single && n == 1 && r != '"' || begins && !single && j-i > 8 {
				return done(j, 0)
			}
			return q, seen, false
		}
		if tokens[j].Kind != lang.Sign {
			continue
		}
		k, kn := mark(text, tokens, j)
		if kn == 0 || k.family != m.family || n != kn && single != (k.family == '\'') {
			continue
		}
		s, _ := utf8.DecodeRuneInString(text[tokens[j].Start:])
		if closing != "" && kn == 1 && !has(closing, s) {
			if s == r && s != '"' {
				depth++
			}
			continue
		}
		if closing == "" && kn == n && !k.closes {
			depth++
			continue
		}
		sure := closing != "" && s != '"' && s != r && kn == 1
		if !sure && !closesAt(text, tokens, j, kn) {
			if r == '"' && opensAt(text, tokens, j, kn) {
				return q, seen, false // Another one begins: this one was a slip.
			}
			continue
		}
		if depth > 0 {
			depth--
			continue
		}
		if single && s != '”' {
			// "Sanders' plan" is no end; a sign before the mark makes it sure.
			if j+1 < len(tokens) && tokens[j+1].Kind == lang.Word && tokens[j-1].Kind == lang.Word {
				if weak < 0 {
					weak = j
				}
				if b := text[tokens[j-1].End-1]; b == 's' || b == 'S' {
					continue
				}
			}
		}
		return done(j, kn)
	}
	if limit == len(tokens) && begins && !single && limit-i > 8 {
		return done(limit, 0)
	}
	if single && weak > 0 {
		return done(weak, 1)
	}
	return q, seen, false
}
