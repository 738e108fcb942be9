package read

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A tolerant reader of JSON as pages carry it: trailing commas, raw line
// breaks in strings, comments, HTML comment marks around the whole and text
// after the end are passed over. What cannot be understood ends the value at
// hand, and what was read before it is kept.

type jkind uint8

const (
	jNull jkind = iota
	jString
	jNumber // and true, false: str is the literal
	jArray
	jObject
)

// jvalue is one value; key is set for members of objects. Children are linked
// by first and next so that a whole document is one slice.
type jvalue struct {
	kind        jkind
	raw         bool // str still has its escapes
	key, str    string
	first, next int32
}

// jdoc is a document; values[0] is its root.
type jdoc struct {
	values []jvalue
	s      string
	i      int
	depth  int
	most   int // values that are read, maxJSONValues if 0
}

const (
	maxJSONDepth  = 1000
	maxJSONValues = 1 << 18 // of a page
)

// parseJSON reads a document. It never fails; an empty one has no values.
func parseJSON(s string, d *jdoc) {
	d.values, d.s, d.i, d.depth = d.values[:0], s, 0, 0
	if d.most == 0 {
		d.most = maxJSONValues
	}
	for d.space(); ; d.space() {
		rest := d.s[d.i:]
		if strings.HasPrefix(rest, "<!--") || strings.HasPrefix(rest, "-->") {
			// What stands in front of the value is no part of it. Where there
			// is no value there is nothing to look for again.
			n := strings.IndexAny(rest, "[{")
			if n < 0 {
				return
			}
			d.i += n
			continue
		}
		if strings.HasPrefix(rest, "<![CDATA[") {
			d.i += len("<![CDATA[")
			continue
		}
		break
	}
	d.value("")
}

func (d *jdoc) space() {
	for d.i < len(d.s) {
		switch c := d.s[d.i]; {
		case c <= ' ':
			d.i++
		case c == 0xEF && strings.HasPrefix(d.s[d.i:], "\ufeff"):
			d.i += 3
		case c == '/' && d.i+1 < len(d.s) && d.s[d.i+1] == '*':
			n := strings.Index(d.s[d.i+2:], "*/")
			if n < 0 {
				d.i = len(d.s)
				return
			}
			d.i += n + 4
		case c == '/' && d.i+1 < len(d.s) && d.s[d.i+1] == '/':
			n := strings.IndexByte(d.s[d.i:], '\n')
			if n < 0 {
				d.i = len(d.s)
				return
			}
			d.i += n
		default:
			return
		}
	}
}

// value reads one value and returns its index, -1 if there is none.
func (d *jdoc) value(key string) int32 {
	d.space()
	if d.i >= len(d.s) || len(d.values) >= d.most {
		return -1
	}
	at := int32(len(d.values))
	d.values = append(d.values, jvalue{key: key, first: -1, next: -1})
	switch c := d.s[d.i]; c {
	case '{', '[':
		kind, close := jArray, byte(']')
		if c == '{' {
			kind, close = jObject, '}'
		}
		d.values[at].kind = kind
		d.i++
		if d.depth >= maxJSONDepth {
			d.i = len(d.s)
			return at
		}
		d.depth++
		d.members(at, kind, close)
		d.depth--
	case '"':
		d.values[at].kind = jString
		d.values[at].str, d.values[at].raw = d.quoted()
	default:
		start := d.i
		for d.i < len(d.s) && !strings.ContainsRune(",]}: \n\t\r\"{[", rune(d.s[d.i])) {
			d.i++
		}
		if d.i == start {
			d.values = d.values[:at]
			return -1
		}
		v := d.s[start:d.i]
		d.values[at].kind, d.values[at].str = jNumber, v
		if v == "null" || v == "undefined" {
			d.values[at].kind = jNull
		}
	}
	return at
}

func (d *jdoc) members(at int32, kind jkind, close byte) {
	last := int32(-1)
	for {
		d.space()
		if d.i >= len(d.s) {
			return
		}
		switch c := d.s[d.i]; {
		case c == close:
			d.i++
			return
		case c == ',' || c == ';':
			d.i++
			continue
		case c == ']' || c == '}': // closed by the wrong sign: leave it to who opened it
			return
		}
		key := ""
		if kind == jObject {
			var raw bool
			if d.s[d.i] == '"' {
				key, raw = d.quoted()
				if raw {
					key = unescape(key)
				}
			} else {
				start := d.i
				for d.i < len(d.s) && !strings.ContainsRune(":,}]{[\" \n", rune(d.s[d.i])) {
					d.i++
				}
				if d.i == start {
					return
				}
				key = d.s[start:d.i]
			}
			d.space()
			if d.i >= len(d.s) || d.s[d.i] != ':' {
				continue
			}
			d.i++
		}
		v := d.value(key)
		if v < 0 {
			d.space()
			if d.i < len(d.s) && (d.s[d.i] == ',' || d.s[d.i] == close) {
				continue
			}
			return
		}
		if last < 0 {
			d.values[at].first = v
		} else {
			d.values[last].next = v
		}
		last = v
	}
}

// quoted reads a string in double quotes. A quote that is followed by neither
// a comma, a colon nor a closing sign belongs to the text: pages forget to
// escape them.
func (d *jdoc) quoted() (s string, raw bool) {
	d.i++
	start := d.i
	for d.i < len(d.s) {
		n := strings.IndexAny(d.s[d.i:], `"\`)
		if n < 0 {
			break
		}
		d.i += n
		if d.s[d.i] == '\\' {
			raw = true
			d.i += 2
			continue
		}
		if !d.closes(d.i + 1) {
			d.i++
			continue
		}
		s = d.s[start:d.i]
		d.i++
		return s, raw
	}
	d.i = len(d.s)
	return d.s[min(start, len(d.s)):], raw
}

// closes tells whether what follows a quote shows that it closed a string.
func (d *jdoc) closes(i int) bool {
	for i < len(d.s) && d.s[i] <= ' ' {
		i++
	}
	if i >= len(d.s) {
		return true
	}
	switch d.s[i] {
	case ':', '}', ']', '/':
		return true
	case ',':
		// Within a sentence a comma goes on with a word; after a value the
		// next key, value or closing sign comes.
		for i++; i < len(d.s) && d.s[i] <= ' '; i++ {
		}
		return i >= len(d.s) || strings.IndexByte(`"{[]}-0123456789tfn/`, d.s[i]) >= 0
	case '"', '<', ';':
		return true
	}
	return false
}

// text returns a string's value without its escapes.
func (v *jvalue) text() string {
	if v.raw {
		v.str, v.raw = unescape(v.str), false
	}
	return v.str
}

func unescape(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '\\' || i+1 >= len(s) {
			b = append(b, c)
			continue
		}
		i++
		switch c = s[i]; c {
		case 'n':
			b = append(b, '\n')
		case 't':
			b = append(b, '\t')
		case 'r':
			b = append(b, '\r')
		case 'b', 'f':
			b = append(b, ' ')
		case 'u':
			r, ok := hex4(s, i+1)
			if !ok {
				b = append(b, 'u')
				continue
			}
			i += 4
			if utf16.IsSurrogate(r) {
				if i+2 < len(s) && s[i+1] == '\\' && s[i+2] == 'u' {
					if lo, ok := hex4(s, i+3); ok {
						if both := utf16.DecodeRune(r, lo); both != utf8.RuneError {
							b = utf8.AppendRune(b, both)
							i += 6
							continue
						}
					}
				}
				r = utf8.RuneError
			}
			b = utf8.AppendRune(b, r)
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

func hex4(s string, i int) (r rune, ok bool) {
	if i+4 > len(s) {
		return 0, false
	}
	for _, c := range []byte(s[i : i+4]) {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// member returns the index of an object's member, -1 if it has none.
func (d *jdoc) member(at int32, key string) int32 {
	if at < 0 || int(at) >= len(d.values) {
		return -1
	}
	for c := d.values[at].first; c >= 0; c = d.values[c].next {
		if d.values[c].key == key {
			return c
		}
	}
	return -1
}

// str returns the text of a member: the string itself, the first string of an
// array, or the "@value", "name" or "@id" of an object.
func (d *jdoc) str(at int32, key string) string {
	return d.textOf(d.member(at, key), 0)
}

func (d *jdoc) textOf(m int32, depth int) string {
	if m < 0 || depth > 4 {
		return ""
	}
	v := &d.values[m]
	switch v.kind {
	case jString:
		return v.text()
	case jNumber:
		return v.str
	case jArray:
		for c := v.first; c >= 0; c = d.values[c].next {
			if s := d.textOf(c, depth+1); s != "" {
				return s
			}
		}
	case jObject:
		for _, k := range [...]string{"@value", "name", "@id", "url"} {
			if s := d.textOf(d.member(m, k), depth+1); s != "" {
				return s
			}
		}
	}
	return ""
}
