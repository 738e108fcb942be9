package feed

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// A scanner goes over XML as feeds have it, which is often not XML: signs that
// should have been escaped, tags that are not closed, entities of HTML. It
// never fails and never looks back, so its time is linear. A document type
// definition is passed over: what it declares is not known, and an entity that
// is not HTML's stands for itself.
//
// Of a long document it has a part in hand: it reads on where a construct goes
// on, and forgets what was read when it is told to.
type scanner struct {
	b    []byte // in hand
	at   int
	cut  bool    // the input ended within a construct
	src  *stream // what is to come; nil where b is all
	most int     // bytes in hand; a construct that is longer ends there
}

// fill reads on, as much again as is in hand. It reports false at the end.
func (s *scanner) fill() bool {
	n := min(max(len(s.b), 64<<10), s.most-len(s.b))
	if s.src == nil || n <= 0 {
		return false
	}
	s.b = slices.Grow(s.b, n)
	n, _ = io.ReadFull(s.src, s.b[len(s.b):len(s.b)+n])
	s.b = s.b[:len(s.b)+n]
	return n > 0
}

// have reports whether n bytes are in hand, and reads on for them.
func (s *scanner) have(n int) bool {
	for len(s.b)-s.at < n {
		if !s.fill() {
			return false
		}
	}
	return true
}

// discard forgets what was read. Tokens and what inner returned are void then.
func (s *scanner) discard() {
	if s.src != nil && s.at >= 32<<10 && s.at >= len(s.b)/2 {
		s.b, s.at = s.b[:copy(s.b, s.b[s.at:])], 0
	}
}

type token struct {
	kind  tokenKind
	name  []byte // of the element, as written
	attrs []byte // of a start tag, as written
	empty bool   // a start tag that is its own end
}

type tokenKind uint8

const (
	endOfInput tokenKind = iota
	startTag
	endTag
	docType
)

// lookAhead is the length of what a construct is told by.
const lookAhead = len("<![CDATA[")

// next returns the next tag. Text between tags is passed over: what a reader
// wants to have of it, it takes with inner.
func (s *scanner) next() token {
	for {
		i := bytes.IndexByte(s.b[s.at:], '<')
		if i < 0 {
			s.at = len(s.b)
			s.discard()
			if s.fill() {
				continue
			}
			return token{}
		}
		s.at += i
		s.have(lookAhead)
		rest := s.b[s.at:]
		switch {
		case bytes.HasPrefix(rest, []byte("<!--")):
			s.skip(4, "-->")
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			s.skip(9, "]]>")
		case bytes.HasPrefix(rest, []byte("<?")):
			s.skip(2, "?>")
		case bytes.HasPrefix(rest, []byte("<!")):
			return s.docType()
		default:
			at := s.at
			if t := s.tag(); t.kind != endOfInput {
				return t
			}
			if s.at == at {
				s.at++ // a sign that stands for itself
			}
		}
	}
}

// skip goes behind the next end, which is looked for n bytes on.
func (s *scanner) skip(n int, end string) {
	for {
		if i := bytes.Index(s.b[s.at+n:], []byte(end)); i >= 0 {
			s.at += n + i + len(end)
			return
		}
		if !s.fill() {
			s.at, s.cut = len(s.b), true
			return
		}
	}
}

func (s *scanner) docType() token {
	start := s.at
	i := bytes.IndexAny(s.b[s.at:], "[>")
	for i < 0 && s.fill() {
		i = bytes.IndexAny(s.b[s.at:], "[>")
	}
	switch {
	case i < 0:
		s.at, s.cut = len(s.b), true
	case s.b[s.at+i] == '>':
		s.at += i + 1
	default: // its own declarations in brackets
		s.skip(i, "]")
		s.skip(0, ">")
	}
	name := bytes.Fields(s.b[start:min(s.at, start+100)])
	if len(name) < 2 {
		return token{kind: docType}
	}
	return token{kind: docType, name: bytes.TrimRight(name[1], ">")}
}

// tag reads a start or end tag; a kind of endOfInput says that there is none.
// An attribute's value has no "<" in it, so a tag ends before the next one
// whatever its quotes say, and no byte is looked at twice.
func (s *scanner) tag() token {
	s.have(2)
	i := s.at + 1
	t := token{kind: startTag}
	if i < len(s.b) && s.b[i] == '/' {
		t.kind = endTag
		i++
	}
	name := i
	for (i < len(s.b) || s.fill()) && nameByte(s.b[i]) {
		i++
	}
	if i == name || s.b[name] < 'A' && s.b[name] != ':' {
		return token{}
	}
	t.name = s.b[name:i]
	quote := byte(0)
	j := i
	for ; j < len(s.b) || s.fill(); j++ {
		c := s.b[j]
		switch {
		case c == '<':
			t.attrs, s.at = s.b[i:j], j
			return t
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			t.attrs, s.at = s.b[i:j], j+1
			if n := len(t.attrs); n > 0 && t.attrs[n-1] == '/' {
				t.attrs, t.empty = t.attrs[:n-1], true
			}
			return t
		}
	}
	s.at, s.cut = len(s.b), true
	return token{}
}

func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == ':' || c == '-' || c == '_' || c == '.' || c >= utf8.RuneSelf
}

// inner returns what is between a start tag and its end tag, as written, and
// goes behind it. An element that is not closed ends where within does.
func (s *scanner) inner(t token, within string) []byte {
	if t.empty {
		return nil
	}
	start := s.at
	depth := 0
	for {
		i := bytes.IndexByte(s.b[s.at:], '<')
		if i < 0 {
			s.at = len(s.b)
			if s.fill() {
				continue
			}
			s.cut = true
			return s.b[start:]
		}
		s.at += i
		s.have(lookAhead + len(t.name) + len(within))
		rest := s.b[s.at:]
		switch {
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			s.skip(9, "]]>")
		case bytes.HasPrefix(rest, []byte("<!--")):
			s.skip(4, "-->")
		case named(rest, "</", t.name):
			end := s.at
			s.tag()
			if depth == 0 {
				return s.b[start:end]
			}
			depth--
		case within != "" && bytes.HasPrefix(rest, []byte("</")) && bytes.HasPrefix(rest[2:], []byte(within)):
			return s.b[start:s.at]
		case named(rest, "<", t.name):
			if in := s.tag(); !in.empty {
				depth++
			}
		default:
			s.at++
		}
	}
}

// named tells whether a tag with the name begins here.
func named(b []byte, open string, name []byte) bool {
	n := len(open) + len(name)
	return len(b) > n && bytes.HasPrefix(b, []byte(open)) && bytes.Equal(b[len(open):n], name) && !nameByte(b[n])
}

// attr returns an attribute's value, decoded.
func (t token) attr(name string) string {
	v, _ := t.find(name)
	return v
}

func (t token) find(name string) (value string, ok bool) {
	for key, v := range t.all {
		if string(key) == name {
			return strings.TrimSpace(unescape(v)), true
		}
	}
	return "", false
}

// all gives the attributes one after the other, values as written.
func (t token) all(yield func(key, value []byte) bool) {
	b := t.attrs
	for {
		b = bytes.TrimLeft(b, " \t\r\n\f/\"'")
		i := 0
		for i < len(b) && nameByte(b[i]) {
			i++
		}
		if i == 0 {
			if len(b) == 0 {
				return
			}
			b = b[1:]
			continue
		}
		key := b[:i]
		b = bytes.TrimLeft(b[i:], " \t\r\n\f")
		var value []byte
		if len(b) > 0 && b[0] == '=' {
			b = bytes.TrimLeft(b[1:], " \t\r\n\f")
			value, b = quoted(b)
		}
		if !yield(key, value) {
			return
		}
	}
}

func quoted(b []byte) (value, rest []byte) {
	if len(b) == 0 {
		return nil, nil
	}
	if c := b[0]; c == '"' || c == '\'' {
		if i := bytes.IndexByte(b[1:], c); i >= 0 {
			return b[1 : 1+i], b[2+i:]
		}
		return b[1:], nil
	}
	i := bytes.IndexAny(b, " \t\r\n\f")
	if i < 0 {
		return b, nil
	}
	return b[:i], b[i:]
}

// content decodes what inner returned. markup tells that there are elements in
// it, outside of CDATA; it is then HTML as it stands.
func content(b []byte) (s string, markup bool) {
	if bytes.IndexByte(b, '<') < 0 {
		return unescape(b), false
	}
	for i := 0; i < len(b) && !markup; {
		j := bytes.IndexByte(b[i:], '<')
		if j < 0 {
			break
		}
		i += j
		switch rest := b[i:]; {
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			i += section(rest, "]]>")
		case bytes.HasPrefix(rest, []byte("<!--")):
			i += section(rest, "-->")
		case len(rest) > 1 && (rest[1] == '/' || rest[1] >= 'A' && nameByte(rest[1])):
			markup = true
		default:
			i++
		}
	}
	var out strings.Builder
	text := func(p []byte) {
		if markup {
			out.Write(p)
		} else {
			out.WriteString(unescape(p))
		}
	}
	for len(b) > 0 {
		i := bytes.Index(b, []byte("<!"))
		if i < 0 {
			text(b)
			break
		}
		text(b[:i])
		b = b[i:]
		switch {
		case bytes.HasPrefix(b, []byte("<![CDATA[")):
			n := section(b, "]]>")
			out.Write(bytes.TrimSuffix(b[9:n], []byte("]]>")))
			b = b[n:]
		case bytes.HasPrefix(b, []byte("<!--")):
			b = b[section(b, "-->"):]
		default:
			text(b[:2])
			b = b[2:]
		}
	}
	return out.String(), markup
}

// section is the length of what begins here and goes to the next end.
func section(b []byte, end string) int {
	if i := bytes.Index(b, []byte(end)); i >= 0 {
		return i + len(end)
	}
	return len(b)
}

// unescape puts characters for references to them, those of HTML among them.
// Only whole references count, "&" to ";": an address with "&copy=1" in it is
// met more often than a reference that is not finished.
func unescape(b []byte) string {
	i := bytes.IndexByte(b, '&')
	if i < 0 {
		return string(b)
	}
	var out strings.Builder
	out.Grow(len(b))
	for i >= 0 {
		out.Write(b[:i])
		b = b[i:]
		n := 1
		for n < len(b) && n < 40 && (b[n] == '#' || b[n] < utf8.RuneSelf && nameByte(b[n])) {
			n++
		}
		if n > 1 && n < len(b) && b[n] == ';' {
			ref := string(b[:n+1])
			out.WriteString(html.UnescapeString(ref))
			n++
		} else {
			out.Write(b[:n])
		}
		b = b[n:]
		i = bytes.IndexByte(b, '&')
	}
	out.Write(b)
	return out.String()
}
