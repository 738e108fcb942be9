package feed

import (
	"bytes"
	"mime"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"dateline/lang"
)

// toUTF8 decodes characters: by a byte order mark; as UTF-8 where they are it,
// whatever is declared; as the header or the document declares; and else as it
// reads best, which guessed tells. Bytes that mean nothing become U+FFFD.
func toUTF8(b []byte, contentType string) (out []byte, guessed bool) {
	name, guessed := charsetOf(b, contentType, true)
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if name == utf8Name {
		return bytes.ToValidUTF8(b, []byte("\ufffd")), guessed
	}
	enc, _ := charset.Lookup(name)
	// The decoders put U+FFFD for what they cannot read and fail at nothing.
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		out = bytes.ToValidUTF8(b, []byte("\ufffd"))
	}
	return bytes.TrimPrefix(out, []byte("\ufeff")), guessed
}

const utf8Name = "utf-8"

// charsetOf names the charset of a document by its beginning, or the whole.
func charsetOf(b []byte, contentType string, whole bool) (name string, guessed bool) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return utf8Name, false
	case bytes.HasPrefix(b, []byte("\xff\xfe")), zeros(b, 1):
		return "utf-16le", false
	case bytes.HasPrefix(b, []byte("\xfe\xff")), zeros(b, 0):
		return "utf-16be", false
	}
	if !whole { // a character may be cut in two
		for i := 1; i < utf8.UTFMax && i < len(b); i++ {
			if utf8.RuneStart(b[len(b)-i]) {
				if !utf8.FullRune(b[len(b)-i:]) {
					b = b[:len(b)-i]
				}
				break
			}
		}
	}
	valid := utf8.Valid(b) && !bytes.Contains(b, []byte("\x1b$"))
	if valid && (whole || bytes.IndexFunc(b, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0) {
		return utf8Name, false
	}
	name = declared(b, contentType)
	switch {
	case name != "" && name != utf8Name && !strings.HasPrefix(name, "utf-16"):
		return name, false
	case valid: // ASCII so far
		return utf8Name, false
	case mostlyUTF8(b):
		return utf8Name, true
	}
	return guess(b), true
}

// zeros tells whether every second byte, from the first or the second on, is
// zero, as in UTF-16 of what begins with markup.
func zeros(b []byte, from int) bool {
	if len(b) < 4 {
		return false
	}
	return b[from] == 0 && b[from+2] == 0 && b[1-from] != 0 && b[3-from] != 0
}

// declared is the charset that the header, or else the document's beginning,
// names, if it is known.
func declared(b []byte, contentType string) string {
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		if _, name := charset.Lookup(params["charset"]); name != "" && name != "replacement" {
			return name
		}
	}
	head := bytes.ToLower(b[:min(len(b), 4<<10)])
	for _, key := range [...]string{"encoding=", "charset="} {
		_, label, ok := bytes.Cut(head, []byte(key))
		if !ok {
			continue
		}
		label = bytes.TrimLeft(label, `"' `)
		if i := bytes.IndexAny(label, `"' ;/>?`); i >= 0 {
			if _, name := charset.Lookup(string(label[:i])); name != "" && name != "replacement" {
				return name
			}
		}
	}
	return ""
}

// mostlyUTF8 tells whether most bytes beyond ASCII are of whole characters.
func mostlyUTF8(b []byte) bool {
	bad, good := 0, 0
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		b = b[n:]
	}
	return good >= bad*2
}

// guessable are the charsets that undeclared bytes are tried in. The first is
// what is left where no other reads better.
var guessable = [...]string{"windows-1252", "windows-1251", "koi8-u", "windows-1250", "windows-1254", "windows-1256", "windows-1253", "windows-1255", "windows-874"}

// guess is the charset in which the words beyond ASCII are most like those of
// a language.
func guess(b []byte) string {
	var words []byte
	for w := range bytes.FieldsFuncSeq(b[:min(len(b), 1<<20)], func(r rune) bool { return r <= ' ' || r == '<' || r == '>' }) {
		if len(words) > 4000 {
			break
		}
		if bytes.IndexFunc(w, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
			words = append(append(words, w...), ' ')
		}
	}
	best, bestScore := guessable[0], 0.0
	for i, name := range guessable {
		enc, _ := charset.Lookup(name)
		text, err := enc.NewDecoder().Bytes(words)
		if err != nil {
			continue
		}
		score := lang.Fluency(string(text)) * pure(string(text))
		if i == 0 {
			score *= 1.1
		}
		if score > bestScore {
			best, bestScore = name, score
		}
	}
	return best
}

// pure is the share of words whose letters are of one script, Latin or not.
func pure(text string) float64 {
	words, mixed := 0, 0
	for w := range strings.FieldsSeq(text) {
		latin, other := false, false
		for _, r := range w {
			switch {
			case r < 0x250:
				latin = latin || unicode.IsLetter(r)
			case unicode.IsLetter(r), unicode.IsMark(r):
				other = true
			}
		}
		if words++; latin && other {
			mixed++
		}
	}
	return float64(words-mixed) / float64(max(words, 1))
}
