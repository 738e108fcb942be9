package lang

import (
	"dateline"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxChainParts = 7
	maxPartRunes  = 45
	minLead       = 40 // bytes of sentence after a dateline that only its form shows
)

// The signs that end a part of the chain.
const (
	signNone  = 0 // the next part is a bracket, or nothing separates
	signComma = ','
	signSlash = '/'
	signDash  = '-'
	signColon = ':'
	signStop  = '.'
)

// part is one part of the chain: block[start:end], and with its brackets
// block[from:to].
type part struct {
	start, end int
	from, to   int
	bracket    byte // '(' or '/' or 0
	sign       byte // what follows it
	after      int  // where what follows the sign begins
	spaced     bool // white space before the sign
}

// chain reads parts from i on and returns the longest chain that is a
// dateline.
func (f *datelineFinder) chain(i int) (best dateline.Dateline, at int) {
	var parts []part
	for len(parts) < maxChainParts {
		p, ok := f.part(i, parts)
		if !ok {
			break
		}
		parts = append(parts, p)
		// CITY / Agency / Sentence
		closed := p.sign == signSlash && len(parts) == 2 && parts[0].sign == signSlash && !f.knownAgency(firstWord(f.block[p.after:]))
		if p.sign == signDash || p.sign == signColon || p.sign == signStop || p.sign == signNone && p.bracket != 0 || closed {
			if d, ok := f.judge(parts); ok {
				best, at = d, p.after
			}
		}
		if p.after >= len(f.block) {
			break
		}
		i = p.after
	}
	return best, at
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}

// part reads one part that begins at i.
func (f *datelineFinder) part(i int, before []part) (part, bool) {
	b := f.block
	if i >= len(b) {
		return part{}, false
	}
	p := part{from: i}
	r, size := utf8.DecodeRuneInString(b[i:])
	var closer rune
	switch r {
	case '(', '（':
		closer = ')'
	case '[', '［':
		closer = ']'
	case '/':
		closer = '/'
		if len(before) == 0 {
			return p, false
		}
	}
	if closer != 0 {
		p.bracket = '('
		if closer == '/' {
			p.bracket = '/'
		}
		p.start = i + size
		j, ok := f.closing(p.start, closer)
		if !ok {
			return p, false
		}
		p.end = j
		_, size = utf8.DecodeRuneInString(b[j:])
		p.to = j + size
		p.sign, p.after, p.spaced = f.sign(p.to, true)
		return p, p.end > p.start
	}
	p.start = i
	for j, n := i, 0; j < len(b) && n < maxPartRunes; n++ {
		r, size := utf8.DecodeRuneInString(b[j:])
		stop := false
		switch r {
		case '(', '[', '（', '［':
			p.sign, p.after, stop = signNone, j, true
		case ',', '،', '/', ':', '：', '-', '–', '—', '―', '.', '।', '۔':
			if r == '.' && f.abbreviates(i, j) {
				break
			}
			if r == '/' && j > i && b[j-1] == ' ' && f.space(j+1) == j+1 && strings.IndexByte(b[j+1:min(len(b), j+1+maxPartRunes)], '/') > 0 { // /Agency/
				p.sign, p.after, stop = signNone, j, true
				break
			}
			p.sign, p.after, p.spaced = f.sign(j, false)
			stop = p.sign != signNone
		}
		if stop {
			p.end = len(strings.TrimRight(b[:j], " \u00a0\u202f\t"))
			p.to = p.end
			return p, p.end > p.start
		}
		j += size
	}
	return p, false
}

// closing finds the bracket's other side.
func (f *datelineFinder) closing(i int, want rune) (int, bool) {
	for n := 0; i < len(f.block) && n < maxPartRunes; n++ {
		r, size := utf8.DecodeRuneInString(f.block[i:])
		if f.fold.rune(r) == want {
			return i, true
		}
		i += size
	}
	return 0, false
}

// abbreviates reports whether the full stop at j belongs to the word before
// it: one of up to two letters or with a full stop in it, one that a bracket, a
// comma or a dash follows, or one that makes a date with what follows: "Jan. 5",
// "3. ožujka".
func (f *datelineFinder) abbreviates(i, j int) bool {
	word := f.block[i:j]
	if k := strings.LastIndexAny(word, " \u00a0"); k >= 0 {
		word = word[k+1:]
	}
	if j+1 < len(f.block) && f.block[j+1] != ' ' {
		r, _ := utf8.DecodeRuneInString(f.block[j+1:])
		return r != '-' && r != '–' && r != '—'
	}
	if utf8.RuneCountInString(word) <= 2 && !isNumber(word) || strings.Contains(word, ".") && !isDomain(word) {
		return true
	}
	rest := strings.TrimLeft(f.block[j+1:], " \u00a0")
	r, _ := utf8.DecodeRuneInString(rest)
	switch r {
	case '(', '[', ',', '-', '–', '—':
		return true
	}
	if i == 0 || !unicode.IsDigit(r) && !isNumber(word) {
		return false
	}
	const most = 2 // words that make the date whole
	for n, end := 0, 0; n < most; n++ {
		k := strings.IndexFunc(rest[end:], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
		if k <= 0 {
			return false
		}
		end += k
		if _, ok := f.dateIn(word + ". " + rest[:end]); ok {
			return true
		}
		end += len(rest[end:]) - len(strings.TrimLeft(rest[end:], " "))
	}
	return false
}

func isNumber(s string) bool {
	for _, r := range s {
		if !unicode.IsDigit(r) {
			return false
		}
	}
	return s != ""
}

// sign reads the sign at i, past white space, and what follows it. After a
// bracket anything may follow directly.
func (f *datelineFinder) sign(i int, bracket bool) (sign byte, after int, spaced bool) {
	b := f.block
	j := f.space(i)
	spaced = j > i || i > 0 && (b[i-1] == ' ' || strings.HasSuffix(b[:i], "\u00a0"))
	if j >= len(b) {
		return signNone, j, spaced
	}
	r, size := utf8.DecodeRuneInString(b[j:])
	k := j + size
	switch r {
	case ',', '،':
		return signComma, f.space(k), spaced
	case '/':
		if bracket {
			return signNone, j, spaced
		}
		return signSlash, f.space(k), spaced
	case ':', '：':
		if k < len(b) && f.space(k) == k && r == ':' {
			return signNone, j, spaced
		}
		return signColon, f.space(k), spaced
	case '.', '।', '۔':
		// "(AGENCY).- Text": the stop only leads to the dash.
		if next, _ := utf8.DecodeRuneInString(b[k:]); next == '-' || next == '–' || next == '—' {
			_, size := utf8.DecodeRuneInString(b[k:])
			return signDash, f.space(k + size), true
		}
		if f.space(k) == k {
			return signNone, j, spaced
		}
		return signStop, f.space(k), spaced
	case '-', '–', '—', '―':
		long := r != '-'
		for k < len(b) {
			n, size := utf8.DecodeRuneInString(b[k:])
			if n != '-' && n != '–' && n != '—' {
				break
			}
			long = true
			k += size
		}
		after := f.space(k)
		// A hyphen with no space at either side joins a name; so does a dash
		// between digits.
		if !bracket && !spaced && after == k && (!long || k < len(b) && b[k] >= '0' && b[k] <= '9') {
			return signNone, j, spaced
		}
		return signDash, after, spaced || after > k || r == '—'
	}
	return signNone, j, spaced
}

// space passes white space from i on.
func (f *datelineFinder) space(i int) int {
	for i < len(f.block) {
		r, size := utf8.DecodeRuneInString(f.block[i:])
		if c := f.fold.rune(r); r != '\u200c' && c != ' ' && c != 0 {
			break
		}
		i += size
	}
	return i
}
