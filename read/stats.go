package read

import (
	"unicode"
	"unicode/utf8"
)

// textStats is what one pass over a block's text counts.
type textStats struct {
	words     int32
	short     int32 // words of three letters or fewer
	runes     int32
	letters   int32
	upper     int32 // words that begin with a capital
	allUpper  int32
	digits    int32
	commas    int32
	stops     int32 // sentence ends
	quotes    int32
	symbols   int32 // © | » • and the like
	wide      int32 // Han, kana, Thai and others written without spaces
	endsStop  bool
	endsColon bool
	lowStart  bool
	hasYear   bool
	hasClock  bool
}

// hash is FNV-1a over the bytes of a text but for its white space, lower-cased
// in ASCII.
func hash(s []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range s {
		if c <= ' ' {
			continue
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

// What a byte of ASCII counts as.
const (
	bLetter = 1 << iota
	bUpper
	bDigit
	bStop
	bComma
	bQuote
	bSymbol
)

var ascii = func() (t [128]uint8) {
	for c := 'a'; c <= 'z'; c++ {
		t[c] = bLetter
	}
	for c := 'A'; c <= 'Z'; c++ {
		t[c] = bLetter | bUpper
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = bDigit
	}
	t['.'], t['!'], t['?'] = bStop, bStop, bStop
	t[','], t[';'] = bComma, bComma
	t['"'], t['\''] = bQuote, 0
	for _, c := range "|<>{}[]\\^~=#*+@_$/" {
		t[c] = bSymbol
	}
	return t
}()

// count takes a text's measure in one pass. A word is a run of letters and
// digits; of scripts without spaces two characters count as one word.
func count(s []byte) (t textStats) {
	inWord, wordUpper, wordAll := false, false, false
	wordLen, digitRun := 0, 0
	number := 0             // that the run of digits spells, where they are not of ASCII
	var lastLetterStop rune // the last character that is no quote, bracket or space
	end := func() {
		if inWord {
			t.words++
			if wordLen <= 3 {
				t.short++
			}
			if wordUpper {
				t.upper++
				if wordAll && wordLen > 1 {
					t.allUpper++
				}
			}
			inWord = false
		}
	}
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			k := ascii[c]
			i++
			t.runes++
			switch {
			case k&bLetter != 0:
				if !inWord {
					inWord, wordUpper, wordAll, wordLen = true, k&bUpper != 0, true, 0
					if t.words == 0 && t.wide == 0 && k&bUpper == 0 && t.letters == 0 {
						t.lowStart = true
					}
				}
				if k&bUpper == 0 {
					wordAll = false
				}
				if c == 'h' && (digitRun == 1 || digitRun == 2) && i+1 < len(s) && '0' <= s[i] && s[i] <= '9' && '0' <= s[i+1] && s[i+1] <= '9' {
					t.hasClock = true // 12h30
				}
				wordLen++
				t.letters++
				digitRun = 0
			case k&bDigit != 0:
				if !inWord {
					inWord, wordUpper, wordAll, wordLen = true, false, false, 0
				}
				t.digits++
				digitRun++
				number = 0
				if digitRun == 4 && i >= 4 && (s[i-4] == '1' && s[i-3] == '9' || s[i-4] == '2' && s[i-3] == '0') && (i == len(s) || s[i] < '0' || s[i] > '9') {
					t.hasYear = true
				}
			default:
				if c == ':' && digitRun > 0 && digitRun <= 2 && i < len(s) && digitAt(s, i) {
					t.hasClock = true
				}
				digitRun = 0
				if c != '\'' && c != '-' {
					end()
				}
				switch {
				case k&bStop != 0:
					if i == len(s) || s[i] == ' ' || s[i] == '"' || s[i] == '\'' || s[i] == ')' || s[i] >= utf8.RuneSelf {
						t.stops++
					}
				case k&bComma != 0:
					t.commas++
				case k&bQuote != 0:
					t.quotes++
				case k&bSymbol != 0:
					t.symbols++
				}
				if c == ' ' || c == '"' || c == '\'' || c == ')' || c == ']' {
					continue
				}
			}
			lastLetterStop = rune(c)
			continue
		}
		r, n := utf8.DecodeRune(s[i:])
		i += n
		t.runes++
		run := digitRun
		digitRun = 0
		switch {
		case unspaced(r) && !unicode.IsDigit(r):
			end()
			t.wide++
			t.letters++
			lastLetterStop = r
		case unicode.IsLetter(r) || unicode.IsMark(r) || r == '\u200c' || r == '\u200d':
			up := unicode.IsUpper(r)
			if !inWord {
				inWord, wordUpper, wordAll, wordLen = true, up, true, 0
				if t.words == 0 && t.letters == 0 && unicode.IsLower(r) {
					t.lowStart = true
				}
			}
			if !up {
				wordAll = false
			}
			wordLen++
			t.letters++
			lastLetterStop = r
		case unicode.IsDigit(r):
			if !inWord {
				inWord, wordUpper, wordAll, wordLen = true, false, false, 0
			}
			t.digits++
			if digitRun = run + 1; digitRun == 1 {
				number = 0
			}
			number = number*10 + digitValue(r)
			if digitRun == 4 && number > 1300 && number < 2700 && (i == len(s) || !digitAt(s, i)) {
				t.hasYear = true // of whichever calendar
			}
			lastLetterStop = r
		default:
			if r != '’' && r != '‑' {
				end()
			}
			switch r {
			case '。', '！', '？', '؟', '।', '॥', '۔', '…', '．', '｡', '։', '።', '၊', '။', '។':
				t.stops++
				lastLetterStop = '.'
			case '，', '、', '،', '；', '؛':
				t.commas++
				lastLetterStop = r
			case '“', '”', '„', '«', '»', '「', '」', '『', '』', '‘', '‹', '›', '’', '）', '】':
				t.quotes++
			case '©', '®', '™', '•', '·', '→', '▶', '►', '■', '●', '★', '↑', '↓', '←', '‣', '∙', '⟶', '✕', '×', '\u2013', '\u2014', '│', '｜':
				if r != '\u2013' && r != '\u2014' {
					t.symbols++
				}
				lastLetterStop = r
			default:
				lastLetterStop = r
			}
		}
	}
	end()
	t.words += (t.wide + 1) / 2
	switch lastLetterStop {
	case '.', '!', '?', '…':
		t.endsStop = true
	case ':', '：':
		t.endsColon = true
	}
	return t
}

// digitAt tells whether a digit of any script stands at i.
func digitAt(s []byte, i int) bool {
	r, _ := utf8.DecodeRune(s[i:])
	return unicode.IsDigit(r)
}

// digitValue is what a digit stands for. Those of a script stand in a row that
// begins with zero.
func digitValue(r rune) int {
	n := 0
	for n < 9 && unicode.IsDigit(r-rune(n)-1) {
		n++
	}
	return n
}

// unspaced tells whether a character's script is written without spaces.
func unspaced(r rune) bool {
	switch {
	case r < 0x0E00:
		return false
	case r < 0x0F00: // Thai, Lao
		return true
	case r >= 0x1000 && r < 0x10A0, r >= 0x1780 && r < 0x1800: // Myanmar, Khmer
		return true
	case r >= 0x3040 && r < 0x3100, r >= 0x3400 && r < 0xA000, r >= 0xF900 && r < 0xFB00, r >= 0x20000 && r < 0x32000:
		return true
	}
	return false
}
