package read

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	uni "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"dateline/lang"
)

// toUTF8 decodes a page's characters. The charset is what a byte order mark
// says, else the exchange's Content-Type, else the page's meta element or XML
// declaration, else UTF-8 where the bytes are it, else what the bytes read
// best in. Bytes that mean nothing become U+FFFD. guessed tells that nothing
// declared the charset, or that the bytes contradict what did; cut that the
// text went beyond MaxPage.
func toUTF8(b []byte, contentType string) (out []byte, guessed, cut bool) {
	if bytes.HasPrefix(b, []byte("\xef\xbb\xbf")) {
		out, cut = validUTF8(b[3:])
		return out, false, cut
	}
	whole := b[:len(b)-partial(b)]
	valid := utf8.Valid(whole)
	if valid && bytes.IndexByte(b, 0x1b) < 0 && bytes.IndexByte(b, 0) < 0 {
		// Long text that is valid UTF-8 by accident does not happen, but
		// pages that are UTF-8 and declare another charset do.
		return whole, false, false
	}
	enc, name, certain := charset.DetermineEncoding(b, contentType)
	if !certain || name == "replacement" {
		if e, n := metaCharset(b); e != nil {
			enc, name, certain = e, n, true
		} else {
			enc, name, certain = nil, "", false
		}
	}
	if valid && (certain && !sevenBit(b, name) || !certain && sevenBitGuess(b) == nil) {
		return whole, false, false
	}
	if !certain || name == "utf-8" {
		if name == "utf-8" {
			if e, n := metaCharset(b); e != nil && n != "utf-8" {
				enc, name = e, n // the bytes say who is wrong
			}
		}
		switch {
		case mostlyUTF8(b):
			out, cut = validUTF8(b)
			return out, !certain, cut
		case name == "utf-8" || !certain:
			enc = guessCharset(b)
		}
		certain = false
	} else if oneByte(name) && mostlyUTF8(b) {
		out, cut = validUTF8(b)
		return out, true, cut
	} else if name == "windows-1252" && strange(b) {
		enc, certain = guessCharset(b), false
	}
	// A byte or two become three at the most.
	out = make([]byte, min(3*len(b)+utf8.UTFMax, MaxPage))
	n, _, err := enc.NewDecoder().Transform(out, b, true)
	out, cut = validUTF8(out[:n])
	return out, !certain, cut || err == transform.ErrShortDst
}

// validUTF8 puts U+FFFD for bytes that mean nothing, up to MaxPage.
func validUTF8(b []byte) (out []byte, cut bool) {
	out = bytes.ToValidUTF8(b, []byte("\ufffd"))
	if len(out) <= MaxPage {
		return out, false
	}
	out = out[:MaxPage]
	return out[:len(out)-partial(out)], true
}

// oneByte tells whether a charset has one byte a character, so that any bytes
// can be read in it.
func oneByte(name string) bool {
	for _, family := range [...]string{"windows-", "iso-8859-", "koi8-", "ibm866", "macintosh", "x-mac-"} {
		if strings.HasPrefix(name, family) {
			return true
		}
	}
	return false
}

// strange tells whether the words that have bytes beyond ASCII in them have
// hardly any others, which no language in Latin letters has.
func strange(b []byte) bool {
	const firstLetter = 0xC0 // of windows-1252; below are signs
	all, inWords, letters := 0, 0, 0
	for word := range bytes.FieldsSeq(foreignWords(b)) {
		n, ascii := 0, 0
		for _, c := range word {
			switch {
			case c >= firstLetter:
				n++
			case c < utf8.RuneSelf && letter(c):
				ascii++
			}
		}
		if all += n; n >= 2 {
			inWords += n
		}
		letters += n + ascii
	}
	high := min(all, inWords)
	return high > 40 && high*10 > letters*7
}

// partial is how many bytes at the end of b are the beginning of a character
// of UTF-8 that was cut off.
func partial(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if c := b[len(b)-n]; utf8.RuneStart(c) {
			if c >= 0xC0 && !utf8.FullRune(b[len(b)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// sevenBit tells whether bytes are in one of the charsets whose bytes are
// those of ASCII and mean something else.
func sevenBit(b []byte, name string) bool {
	switch name {
	case "iso-2022-jp":
		return bytes.IndexByte(b, 0x1b) >= 0
	case "utf-16le", "utf-16be":
		return bytes.IndexByte(b, 0) >= 0
	}
	return false
}

// metaCharset returns the charset that an XML declaration or a meta element
// declares. Browsers look for it in the first 1024 bytes; pages that begin
// with a long comment have it further down.
func metaCharset(b []byte) (encoding.Encoding, string) {
	head := bytes.ToLower(b[:min(len(b), 16<<10)])
	if rest, ok := bytes.CutPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("<?xml")); ok {
		if decl, _, ok := bytes.Cut(rest, []byte("?>")); ok {
			if enc, name := labelled(decl, "encoding"); enc != nil {
				return enc, name
			}
		}
	}
	for {
		_, rest, ok := bytes.Cut(head, []byte("<meta"))
		if !ok {
			return nil, ""
		}
		element, _, ok := bytes.Cut(rest, []byte(">"))
		if !ok {
			return nil, ""
		}
		head = rest
		if enc, name := labelled(element, "charset"); enc != nil {
			return enc, name
		}
	}
}

// labelled finds the charset that stands behind key= in what is in lower case.
func labelled(s []byte, key string) (encoding.Encoding, string) {
	_, label, ok := bytes.Cut(s, []byte(key))
	if !ok {
		return nil, ""
	}
	label, ok = bytes.CutPrefix(bytes.TrimSpace(label), []byte("="))
	if !ok {
		return nil, ""
	}
	label = bytes.TrimLeft(label, " \t\r\n\"'")
	if i := bytes.IndexAny(label, " \t\r\n\"';/"); i >= 0 {
		label = label[:i]
	}
	enc, name := charset.Lookup(string(label))
	switch {
	case enc == nil || name == "replacement":
		return nil, ""
	case strings.HasPrefix(name, "utf-16"):
		// It could not be read, were it so.
		return encoding.Nop, "utf-8"
	}
	return enc, name
}

// mostlyUTF8 tells whether most bytes beyond ASCII are of whole characters of
// UTF-8, as in a page with a stray byte or two.
func mostlyUTF8(b []byte) bool {
	bad, good := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	return good > 0 && good >= bad*2
}

// Charsets that a page in unknown bytes may be in, besides those of two bytes
// a character. The first is what is left when no other reads better.
var guessable = []*charmap.Charmap{
	charmap.Windows1252, charmap.Windows1251, charmap.KOI8U, charmap.ISO8859_5, charmap.Windows1250, charmap.ISO8859_2, charmap.Windows1254,
	charmap.Windows1256, charmap.Windows1257, charmap.Windows1253, charmap.Windows1255, charmap.Windows874,
}

// What guessing looks at: so many bytes beyond ASCII, with the words they
// stand in.
const guessBytes = 6000

// guessCharset returns the charset that bytes beyond ASCII read best in. For
// each charset they are decoded, and the words must be of letters of one
// script; among charsets that manage that, the one in which the words are most
// like a language's (lang.Fluency) is right. Charsets of two bytes a character
// betray themselves by which characters come out: kana, syllables of Hangul,
// the common Han characters, which have the low numbers.
func guessCharset(b []byte) encoding.Encoding {
	if enc := sevenBitGuess(b); enc != nil {
		return enc
	}
	s := foreignWords(b)
	if enc := guessWide(s); enc != nil {
		return enc
	}
	best, bestScore := guessable[0], 0.0
	for i, enc := range guessable {
		text, err := enc.NewDecoder().Bytes(s)
		if err != nil {
			continue
		}
		pure := pureWords(string(text))
		score := pure * max(lang.Fluency(string(text)), fluentAlone(string(text)))
		if i == 0 {
			score *= 1.05 // the most common
		}
		if score > bestScore {
			best, bestScore = enc, score
		}
	}
	if slices.Contains(latin, best) {
		best = guessLatin(s)
	}
	return best
}

// latin are the charsets of Latin letters, which differ in few of them.
var latin = []*charmap.Charmap{charmap.Windows1252, charmap.Windows1250, charmap.ISO8859_2, charmap.Windows1254, charmap.Windows1257}

// guessLatin compares two charsets by the words that they read differently, one
// pair after the other. An earlier one is as likely by a fiftieth more.
func guessLatin(s []byte) *charmap.Charmap {
	best := latin[0]
	for _, enc := range latin[1:] {
		var a, b []byte
		for word := range bytes.FieldsSeq(s) {
			x, _ := best.NewDecoder().Bytes(word)
			y, _ := enc.NewDecoder().Bytes(word)
			if !bytes.Equal(x, y) {
				a, b = append(append(a, x...), ' '), append(append(b, y...), ' ')
			}
		}
		if pureWords(string(b))*lang.Fluency(string(b)) > pureWords(string(a))*lang.Fluency(string(a))*1.02 {
			best = enc
		}
	}
	return best
}

// sevenBitGuess recognises charsets whose bytes are those of ASCII and mean
// something else.
func sevenBitGuess(b []byte) encoding.Encoding {
	switch {
	case bytes.Contains(b, []byte("\x1b$B")), bytes.Contains(b, []byte("\x1b$@")):
		return japanese.ISO2022JP
	case zeros(b, 1):
		return uni.UTF16(uni.LittleEndian, uni.IgnoreBOM)
	case zeros(b, 0):
		return uni.UTF16(uni.BigEndian, uni.IgnoreBOM)
	}
	return nil
}

// zeros tells whether nearly every second byte from offset on is zero, as in
// UTF-16 of a page whose tags are of ASCII.
func zeros(b []byte, offset int) bool {
	n, zero, other := 0, 0, 0
	for i := offset; i < min(len(b), 512)&^1; i += 2 {
		n++
		if b[i] == 0 {
			zero++
		}
		if b[i^1] == 0 {
			other++
		}
	}
	return n > 4 && zero*2 > n && other*10 < n
}

// foreignWords returns the words with bytes beyond ASCII in them, outside of
// tags, parted by spaces.
func foreignWords(b []byte) []byte {
	var out []byte
	high := 0
	for i := 0; i < len(b) && high < guessBytes; {
		if b[i] == '<' {
			if n := bytes.IndexByte(b[i:min(len(b), i+2000)], '>'); n > 0 {
				i += n + 1
				continue
			}
		}
		j := i
		n := 0
		for j < len(b) && b[j] > ' ' && b[j] != '<' && j-i < guessBytes {
			if b[j] >= utf8.RuneSelf {
				n++
			}
			j++
		}
		if n > 0 {
			out = append(append(out, b[i:j]...), ' ')
			high += n
		}
		i = max(j, i+1)
	}
	return out
}

// guessWide recognises charsets of two bytes a character, nil for none.
func guessWide(s []byte) encoding.Encoding {
	type share struct{ kana, hangul, han, common, bad, all int }
	read := func(enc encoding.Encoding, common func(lead, trail byte) bool) (c share) {
		text, err := enc.NewDecoder().Bytes(s)
		if err != nil {
			return share{bad: 1}
		}
		for _, r := range string(text) {
			switch {
			case r < utf8.RuneSelf:
				continue
			case r == utf8.RuneError, r >= 0xFF61 && r <= 0xFF9F, r < 0xA0, r >= 0xE000 && r < 0xF900:
				c.bad++
			case r >= 0x3041 && r <= 0x30FF:
				c.kana++
			case unicode.Is(unicode.Hangul, r):
				c.hangul++
			case unicode.Is(unicode.Han, r):
				c.han++
			}
			c.all++
		}
		if common != nil {
			pairs := 0
			for i := 0; i+1 < len(s); i++ {
				if s[i] >= 0x81 {
					pairs++
					if common(s[i], s[i+1]) {
						c.common++
					}
					i++
				}
			}
			if c.common*100 < pairs*80 {
				c.common = 0
			}
		}
		return c
	}
	few := func(c share) bool { return c.all >= 4 && c.bad*50 <= c.all }
	if c := read(japanese.EUCJP, nil); few(c) && c.kana*8 > c.all {
		return japanese.EUCJP
	}
	if c := read(japanese.ShiftJIS, nil); few(c) && c.kana*8 > c.all {
		return japanese.ShiftJIS
	}
	if c := read(korean.EUCKR, nil); few(c) && c.hangul*10 > c.all*8 {
		return korean.EUCKR
	}
	// The second byte of what was in the older GB 2312 is high, that of Big5
	// is of ASCII as often as not.
	if c := read(simplifiedchinese.GB18030, func(lead, trail byte) bool { return lead >= 0xA1 && lead <= 0xD7 && trail >= 0xA1 }); few(c) && c.han*2 > c.all && c.common > 0 {
		return simplifiedchinese.GB18030
	}
	if c := read(traditionalchinese.Big5, func(lead, _ byte) bool { return lead >= 0xA1 && lead <= 0xC6 }); few(c) && c.han*2 > c.all && c.common > 0 {
		return traditionalchinese.Big5
	}
	return nil
}

// pureWords is the share of words that are of letters of one script, with no
// signs among them and no capital behind a small letter.
func pureWords(text string) float64 {
	words, pure := 0, 0
	for word := range strings.FieldsSeq(text) {
		ok, letters := strings.IndexFunc(word, unassigned) < 0, 0
		var script *unicode.RangeTable
		small := false
		word = strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
		for _, r := range word {
			switch {
			case r == '-' || r == '\'' || r == '’' || r == '.' || r == '\u200c':
				small = false
				continue
			case unicode.IsMark(r):
				if scriptOf(r) == nil {
					if script == unicode.Latin {
						ok = false
					}
					continue
				}
			case !unicode.IsLetter(r):
				ok = false
			case small && unicode.IsUpper(r):
				ok = false
			}
			small = unicode.IsLower(r)
			letters++
			s := scriptOf(r)
			if script != nil && s != script {
				ok = false
			}
			script = s
		}
		if letters < 2 {
			continue // a sum in pounds
		}
		if words++; ok {
			pure++
		}
	}
	if words == 0 {
		return 0
	}
	return float64(pure) / float64(words)
}

// unassigned tells of a sign that stands for a byte that means nothing.
func unassigned(r rune) bool { return r == utf8.RuneError || r >= 0x80 && r < 0xA0 }

var charsetScripts = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Arabic, unicode.Hebrew, unicode.Thai}

func scriptOf(r rune) *unicode.RangeTable {
	for _, s := range charsetScripts {
		if unicode.Is(s, r) {
			return s
		}
	}
	return nil
}

// fluentAlone stands for lang.Fluency where a script leaves but one language:
// what a text of another script does not reach when it is read wrongly.
func fluentAlone(text string) float64 {
	const least = 30
	letters, alone, greek, accents := 0, 0, 0, 0
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			continue
		}
		letters++
		switch scriptOf(r) {
		case unicode.Greek:
			greek++
			if strings.ContainsRune("άέήίόύώ", unicode.ToLower(r)) {
				accents++
			}
			fallthrough
		case unicode.Hebrew, unicode.Thai:
			alone++
		}
	}
	// The bytes of Hebrew are those of Greek without its accents.
	if letters == 0 || alone*10 < letters*9 || greek*2 > letters && accents*30 < greek {
		return 0
	}
	return least
}
