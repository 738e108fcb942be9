package feed

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"mime"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/net/html/charset"

	"dateline"
	"dateline/lang"
)

// gunzip undoes a file's own compression, at most twice, up to the limit of a
// sitemap, which is the largest document. whole is false where it went on or
// broke off.
func gunzip(b []byte) (out []byte, whole bool, err error) {
	whole = true
	for range 2 {
		if !bytes.HasPrefix(b, []byte("\x1f\x8b")) {
			break
		}
		r, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, false, fmt.Errorf("gzip: %w: %w", err, dateline.ErrInvalid)
		}
		// The file ends with its length, which may be a lie; gzip makes at most
		// 1,032 bytes of one.
		var buf bytes.Buffer
		buf.Grow(int(min(int64(binary.LittleEndian.Uint32(b[max(0, len(b)-4):])), MaxSitemap, 1032*int64(len(b)))) + bytes.MinRead)
		_, err = buf.ReadFrom(io.LimitReader(r, MaxSitemap+1))
		if err != nil || buf.Len() > MaxSitemap {
			if buf.Len() == 0 {
				return nil, false, fmt.Errorf("gzip: %w: %w", err, dateline.ErrInvalid)
			}
			whole = false
		}
		b = buf.Bytes()[:min(buf.Len(), MaxSitemap)]
	}
	return b, whole, nil
}

// toUTF8 decodes characters: by a byte order mark; as UTF-8 where they are it,
// whatever is declared; as the header or the document declares; and else as it
// reads best, which guessed tells. Bytes that mean nothing become U+FFFD.
func toUTF8(b []byte, contentType string) (out []byte, guessed bool) {
	name := ""
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return bytes.ToValidUTF8(b[3:], []byte("\ufffd")), false
	case bytes.HasPrefix(b, []byte("\xff\xfe")), zeros(b, 1):
		name = "utf-16le"
	case bytes.HasPrefix(b, []byte("\xfe\xff")), zeros(b, 0):
		name = "utf-16be"
	case utf8.Valid(b) && !bytes.Contains(b, []byte("\x1b$")):
		return b, false
	default:
		name = declared(b, contentType)
		if name == "" || name == "utf-8" || strings.HasPrefix(name, "utf-16") {
			guessed = true
			if mostlyUTF8(b) {
				return bytes.ToValidUTF8(b, []byte("\ufffd")), guessed
			}
			name = guess(b)
		}
	}
	enc, _ := charset.Lookup(name)
	// The decoders put U+FFFD for what they cannot read and fail at nothing.
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		out = bytes.ToValidUTF8(b, []byte("\ufffd"))
	}
	return bytes.TrimPrefix(out, []byte("\ufeff")), guessed
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
