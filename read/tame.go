package read

import (
	"bytes"
	"hash/maphash"
	"slices"
)

// Parsing by the rules of HTML makes more of some pages than linear time and
// memory allow. An element of formatting that is not closed is opened again in
// every block that follows: 400 unclosed <b> with different attributes and
// 20,000 <div> are eight million nodes. Every <html> or <body> after the first
// is compared with all the attributes collected so far. One pass over the tags
// finds such pages before they are parsed; no page that was made to be read
// comes near the limits.
const (
	// maxMarkup is how many tags of a page are read; the rest is cut. The
	// longest pages of live reporting have a fifth of it.
	maxMarkup = 250_000
	// manyTags is the number from which elements of formatting are read as
	// plain ones, closed or not.
	manyTags = 40_000
	// maxFormats is the number of elements of formatting with attributes
	// from which they are; the parser opens no more than alike of one kind
	// again.
	maxFormats = 200
	alike      = 3
	longFormat = 500 // bytes of a tag, beyond which none is like it
	// maxRoots is the number of <html> and <body> tags from which a page is
	// read through the tokenizer.
	maxRoots = 20
)

var tameSeed = maphash.MakeSeed()

// tame returns a page with what the parser must not be given taken out. cut
// tells that its end was cut off; flat that it is for the tokenizer.
func tame(b []byte) (out []byte, cut, flat bool) {
	tags := bytes.Count(b, []byte("<"))
	if tags > maxMarkup {
		n := 0
		for range maxMarkup {
			n += bytes.IndexByte(b[n:], '<') + 1
		}
		b, cut = b[:n-1], true
	}
	formats, roots := 0, 0
	seen := map[uint64]int{}
	for i := bytes.IndexByte(b, '<'); i >= 0; {
		rest := b[i+1:]
		if n := formatName(rest); n > 0 && rest[n] != '>' && formats <= maxFormats {
			end := bytes.IndexByte(rest[:min(len(rest), longFormat)], '>')
			h := maphash.Bytes(tameSeed, rest[:max(n, end)])
			if seen[h]++; seen[h] <= alike || end < 0 {
				formats++
			}
		} else if isRoot(rest) {
			roots++
		}
		n := bytes.IndexByte(rest, '<')
		if n < 0 {
			break
		}
		i += 1 + n
	}
	if tags > manyTags || formats > maxFormats {
		b = plainFormats(b)
	}
	return b, cut, roots > maxRoots
}

// formats are the elements that the parser opens again where they were not
// closed; links are too, but never more than one at a time.
var formats = [256][]string{
	'b': {"b", "big"}, 'c': {"code"}, 'e': {"em"}, 'f': {"font"}, 'i': {"i"}, 'n': {"nobr"},
	's': {"s", "small", "strike", "strong"}, 't': {"tt"}, 'u': {"u"},
}

// formatName is the length of the name of formatting that s begins with, 0
// where it begins with none. A character follows the name.
func formatName(s []byte) int {
	if len(s) == 0 {
		return 0
	}
	for _, name := range formats[s[0]|0x20] {
		if len(s) > len(name) && endsName(s[len(name)]) && bytes.EqualFold(s[:len(name)], []byte(name)) {
			return len(name)
		}
	}
	return 0
}

func isRoot(s []byte) bool {
	return len(s) > 4 && (s[0]|0x20 == 'h' && s[1]|0x20 == 't' || s[0]|0x20 == 'b' && s[1]|0x20 == 'o') &&
		endsName(s[4]) && (bytes.EqualFold(s[:4], []byte("html")) || bytes.EqualFold(s[:4], []byte("body")))
}

func endsName(c byte) bool { return c <= ' ' || c == '>' || c == '/' }

// plainFormats gives elements of formatting a name that means nothing.
func plainFormats(b []byte) []byte {
	const plain = "span"
	out := slices.Grow([]byte(nil), len(b)+len(b)/8)
	for {
		i := bytes.IndexByte(b, '<')
		if i < 0 {
			return append(out, b...)
		}
		if i++; i < len(b) && b[i] == '/' {
			i++
		}
		out = append(out, b[:i]...)
		b = b[i:]
		if n := formatName(b); n > 0 {
			out = append(out, plain...)
			b = b[n:]
		}
	}
}
