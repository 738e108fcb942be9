package fetch

import (
	"strconv"
	"strings"
)

// Patterns of robots.txt and the paths they are matched with.
//
// A pattern is matched from the beginning of a path; "*" stands for any bytes
// and "$" at the end for the path's end. The pieces between stars are looked
// for from left to right, each at its first place after the one before: if a
// match exists, one exists with every piece as early as it can be. So no place
// is looked at twice, and time is linear in path and pattern, where trying
// every length for each star would take the product.
//
//	/a*/c$   "/a", then "/c" at the end    /ab/c and /a/c/c, not /a/cd

// matches tells whether a normalised pattern matches a path.
func matches(pattern, path string) bool {
	pattern, end := strings.CutSuffix(pattern, "$")
	piece, rest, star := strings.Cut(pattern, "*")
	if !strings.HasPrefix(path, piece) {
		return false
	}
	path = path[len(piece):]
	for star {
		piece, rest, star = strings.Cut(rest, "*")
		if !star && end {
			return strings.HasSuffix(path, piece)
		}
		i := strings.Index(path, piece)
		if i < 0 {
			return false
		}
		path = path[i+len(piece):]
	}
	return !end || path == ""
}

// normalPattern writes a rule's pattern as addresses are written: bytes beyond
// ASCII escaped, escapes in upper case. Escapes of characters that need none
// stay, and match only addresses that have them too.
func normalPattern(s string) string {
	return normal(s, func(c byte) bool { return c <= ' ' || c >= 0x7f }, none)
}

// pathOf is what of an address the rules are about: path and query, escapes in
// upper case. A path stands for itself.
func pathOf(address string) string {
	if i := strings.Index(address, "://"); i >= 0 && !strings.ContainsAny(address[:i], "/?#") {
		address = address[i+3:]
		i := strings.IndexAny(address, "/?#")
		if i < 0 {
			return "/"
		}
		address = address[i:]
	}
	address, _, _ = strings.Cut(address, "#")
	if !strings.HasPrefix(address, "/") {
		address = "/" + address
	}
	return normal(address, none, none)
}

// plainPath takes the escapes off what need not be escaped (RFC 9309 section
// 2.2.2), and puts them on what a pattern can only state escaped.
func plainPath(path string) string {
	return normal(path, func(c byte) bool { return c == '*' || c == '$' }, unreserved)
}

// unreserved are the characters of that name in RFC 3986.
func unreserved(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// normal escapes the bytes that escape names, takes the escapes off those that
// bare names, and writes the other escapes in upper case.
func normal(s string, escape, bare func(byte) bool) string {
	i := 0
	for i < len(s) && s[i] != '%' && !escape(s[i]) {
		i++
	}
	if i == len(s) {
		return s
	}
	const hex = "0123456789ABCDEF"
	b := append(make([]byte, 0, len(s)+16), s[:i]...)
	for ; i < len(s); i++ {
		c := s[i]
		escaped := escape(c)
		if v, ok := unhex(s[i:]); ok {
			c, escaped = v, !bare(v)
			i += 2
		}
		if escaped {
			b = append(b, '%', hex[c>>4], hex[c&15])
		} else {
			b = append(b, c)
		}
	}
	return string(b)
}

// unhex returns the byte that s begins with the escape of.
func unhex(s string) (byte, bool) {
	if len(s) < 3 || s[0] != '%' {
		return 0, false
	}
	v, err := strconv.ParseUint(s[1:3], 16, 8)
	return byte(v), err == nil
}

func none(byte) bool { return false }
