package read

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
)

// Two thirds of the bytes of a news page are scripts, styles, drawings,
// comments, and attributes that only a browser has use for, and the parser
// takes each of them byte by byte. Sifting drops them before: one pass that
// follows the tokenizer's own rules for where a tag, a comment or a script
// ends. The tree of what is left is the tree of the page without the contents
// of those elements and without those attributes (FuzzSift); where the pass
// would have to know what only the parser knows, it leaves the rest of the
// page as it is.
//
//	<div data-x="1" class="body"><!-- ad --><script>f("<p>")</script>
//	<div class="body"><script></script>

// sifter copies the kept runs of src to out.
type sifter struct {
	src, out []byte
	from     int // what stands from here on is not yet copied
}

// sift appends to out what reading needs of a page in UTF-8.
func sift(out, page []byte) []byte {
	s := sifter{src: page, out: out}
	for i := s.next(0); i >= 0; i = s.next(i) {
		i = s.markup(i)
	}
	return append(s.out, page[s.from:]...)
}

// next is the place of the next sign that may begin markup, -1 if none does.
func (s *sifter) next(i int) int {
	if n := bytes.IndexByte(s.src[i:], '<'); n >= 0 {
		return i + n
	}
	return -1
}

// cut leaves src[from:to] out of what is copied.
func (s *sifter) cut(from, to int) {
	s.out = append(s.out, s.src[s.from:from]...)
	s.from = to
}

// markup sifts what begins with the sign at i and returns where it ends.
func (s *sifter) markup(i int) int {
	b := s.src
	switch c := s.at(i + 1); {
	case letter(c):
		return s.startTag(i)
	case c == '!' && s.at(i+2) == '-' && s.at(i+3) == '-':
		end := commentEnd(b, i)
		s.comment(i, end)
		return end
	case c == '/' && letter(s.at(i+2)):
		t := s.tag(i+2, false)
		return t.end
	case c == '/' || c == '!' || c == '?':
		if n := bytes.IndexByte(b[i+2:], '>'); n >= 0 {
			return i + 2 + n + 1
		}
		return len(b)
	}
	return i + 1
}

// at is the byte at i, 0 behind the end.
func (s *sifter) at(i int) byte {
	if i < len(s.src) {
		return s.src[i]
	}
	return 0
}

// comment drops a comment, unless the texts beside it would become something
// else together.
func (s *sifter) comment(i, end int) {
	before := byte('>')
	switch {
	case s.from < i:
		before = s.src[i-1]
	case len(s.out) > 0:
		before = s.out[len(s.out)-1]
	}
	after := s.at(end)
	if space(before) || before == '>' && after != '\n' && after != '\r' || after == '<' || end == len(s.src) {
		s.cut(i, end)
	} else if end-i > len("<!---->") {
		s.cut(i+len("<!--"), end-len("-->"))
		if b := s.src[end-2]; b == '!' { // --!>
			s.out = append(s.out, "--"...)
			s.from = end - 1
		}
	}
}

// commentEnd is where the comment at i ends.
func commentEnd(b []byte, i int) int {
	start := i + len("<!--")
	i = start
	for i < len(b) && b[i] == '-' {
		i++
	}
	if i < len(b) && b[i] == '>' {
		return i + 1
	}
	for {
		n := bytes.IndexByte(b[i:], '>')
		if n < 0 {
			return len(b)
		}
		i += n + 1
		c := b[start : i-1]
		if bytes.HasSuffix(c, []byte("--")) || bytes.HasSuffix(c, []byte("--!")) {
			return i
		}
	}
}

// tag is a scanned tag.
type tag struct {
	name   []byte // as written
	end    int    // behind its >, the end of the page where it has none
	closed bool   // <x/>
	typ    []byte // a script's type
	style  bool   // has a style, a title: of several the first counts,
	title  bool   // so that none may stay where that was dropped
}

// is tells whether a tag's name is name, which is in lower case.
func (t *tag) is(name string) bool { return equalFold(t.name, name) }

// cell tells whether a tag is that of a table's cell, td or th.
func (t *tag) cell() bool {
	return len(t.name) == 2 && t.name[0]|0x20 == 't' && (t.name[1]|0x20 == 'd' || t.name[1]|0x20 == 'h')
}

// equalFold tells whether b is s, which is in lower case, by ASCII.
func equalFold(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i, c := range b {
		if c != s[i] && (c|0x20 != s[i] || !letter(c)) {
			return false
		}
	}
	return true
}

// tag scans the tag whose name begins at i; with drop it drops the attributes
// that are not for reading.
func (s *sifter) tag(i int, drop bool) tag {
	b := s.src
	k := i
	for k < len(b) && !space(b[k]) && b[k] != '/' && b[k] != '>' {
		k++
	}
	t := tag{name: b[i:k], end: len(b)}
	value := -1 // where the value of the last attribute ends
	for {
		start := skipSpace(b, k)
		if start == len(b) {
			return t
		}
		if b[start] == '>' {
			t.end = start + 1
			t.closed = b[start-1] == '/' && start != value
			return t
		}
		key := start
		for key < len(b) && (!space(b[key]) && b[key] != '/' && b[key] != '>' && b[key] != '=' || b[key] == '=' && key == start) {
			key++
		}
		k = skipSpace(b, key)
		from, to := key, key
		switch {
		case k == len(b):
			return t
		case b[k] == '/':
			k++
			from = -1 // a slash may close the element, and stays
		case b[k] == '=':
			k = skipSpace(b, k+1)
			if k == len(b) {
				return t
			}
			switch q := b[k]; q {
			case '>':
				from, to = k, k
			case '"', '\'':
				n := bytes.IndexByte(b[k+1:], q)
				if n < 0 {
					return t
				}
				from, to = k+1, k+1+n
				k = to + 1
			default:
				from = k
				for k < len(b) && !space(b[k]) && b[k] != '>' {
					k++
				}
				to = k
			}
		}
		if key == start {
			continue // a slash
		}
		value = to
		if from < 0 {
			continue
		}
		val := b[from:to]
		name := b[start:key]
		if t.typ == nil && t.is("script") && equalFold(name, "type") {
			if t.typ = val; bytes.IndexByte(val, '&') >= 0 {
				t.typ = []byte(html.UnescapeString(string(val))) // ld&#x2B;json
			}
		}
		if drop && !forReading(&t, name, val) && (space(b[start-1]) || b[start-1] == '"' || b[start-1] == '\'') {
			if k = skipSpace(b, k); s.at(k) != '=' && s.at(k) != '/' {
				s.cut(start, k)
			}
		}
	}
}

// forReading tells whether reading may look at an attribute.
func forReading(t *tag, name, val []byte) bool {
	var low [16]byte
	if len(name) > len(low) {
		return false
	}
	for i, c := range name {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		low[i] = c
	}
	switch string(low[:len(name)]) {
	case "class", "id", "itemprop", "role", "property", "rel", "content", "datetime", "pubdate", "hidden", "lang", "xml:lang", "type",
		"http-equiv", "itemtype", "align", "data-testid", "data-component", "data-date", "data-time", "data-timestamp", "data-datetime", "data-published":
		return true
	case "href":
		return t.is("a") || t.is("link") || t.is("base")
	case "src", "data-src", "data-lazy-src", "data-original":
		return t.is("img")
	case "colspan", "rowspan":
		return t.cell()
	case "name", "value":
		return t.is("meta")
	case "style":
		first := !t.style
		t.style = true
		return first && (containsFold(val, "display") || containsFold(val, "visibility") || bytes.IndexByte(val, '&') >= 0)
	case "title":
		first := !t.title
		t.title = true
		return first && mayDate(val)
	}
	return false
}

// containsFold tells whether b contains s, which is in lower case, by ASCII.
func containsFold(b []byte, s string) bool {
	for i := 0; i+len(s) <= len(b); i++ {
		if b[i]|0x20 == s[0] && equalFold(b[i:i+len(s)], s) {
			return true
		}
	}
	return false
}

// mayDate tells whether a text may hold a date: it has figures, or is not in
// plain ASCII and may have others.
func mayDate(b []byte) bool {
	for _, c := range b {
		if '0' <= c && c <= '9' || c >= 0x80 || c == '&' || c == 0 {
			return true
		}
	}
	return false
}

// linkedDataType tells whether a script of that type holds JSON-LD.
func linkedDataType(val []byte) bool {
	const ld = "application/ld+json"
	return len(val) >= len(ld) && equalFold(val[:len(ld)], ld)
}

// startTag sifts the start tag at i and what of its element is one with it.
func (s *sifter) startTag(i int) int {
	t := s.tag(i+1, true)
	if t.end == len(s.src) {
		return t.end
	}
	switch raw := rawElement(t.name); raw {
	case "":
	case "plaintext":
		return len(s.src)
	default:
		end := s.rawEnd(i, t.end, raw)
		if raw != "title" && raw != "xmp" && !linkedDataType(t.typ) {
			s.cut(t.end, end)
		}
		return end
	}
	if t.closed {
		return t.end
	}
	for _, root := range [...]string{"svg", "math"} {
		if !t.is(root) {
			continue
		}
		end := s.foreignEnd(t.end, root)
		if end < 0 {
			return len(s.src)
		}
		if root == "svg" { // a formula is text
			s.cut(t.end, end)
		}
		return end
	}
	return t.end
}

// name is the name of a tag that begins at i.
func (s *sifter) name(i int) []byte {
	k := i
	for k < len(s.src) && !space(s.src[k]) && s.src[k] != '/' && s.src[k] != '>' {
		k++
	}
	return s.src[i:k]
}

// rawElement is the name in lower case of an element whose content the
// tokenizer takes as text; empty if it is none.
func rawElement(name []byte) string {
	if len(name) < 3 || len(name) > 9 {
		return ""
	}
	for _, raw := range rawElements[(name[0]|0x20-'a')&31] {
		if equalFold(name, raw) {
			return raw
		}
	}
	return ""
}

var rawElements = [32][]string{
	'i' - 'a': {"iframe"}, 'n' - 'a': {"noembed", "noframes", "noscript"}, 'p' - 'a': {"plaintext"},
	's' - 'a': {"script", "style"}, 't' - 'a': {"textarea", "title"}, 'x' - 'a': {"xmp"},
}

// rawEnd is where the content ends of the raw element whose tag begins at i
// and whose content begins at start.
func (s *sifter) rawEnd(i, start int, name string) int {
	b := s.src
	for end := start; ; {
		n := bytes.Index(b[end:], []byte("</"))
		if n < 0 {
			end = len(b)
		} else {
			end += n
		}
		if k := end + 2 + len(name); n >= 0 && (k >= len(b) || !equalFold(b[end+2:k], name) || !space(b[k]) && b[k] != '/' && b[k] != '>') {
			end += 2
			continue
		}
		if name == "script" && hidesEnd(b[start:end]) {
			z := html.NewTokenizer(bytes.NewReader(b[i:]))
			z.Next()
			if z.Next() != html.TextToken {
				return start
			}
			return start + len(z.Raw())
		}
		return end
	}
}

// hidesEnd tells whether a script may hide its end from those who do not know
// about comments in scripts: it has another script within one.
func hidesEnd(script []byte) bool {
	at := bytes.Index(script, []byte("<!--"))
	for at >= 0 {
		n := bytes.IndexByte(script[at+1:], '<')
		if n < 0 {
			break
		}
		at += 1 + n
		if k := at + len("<script"); k <= len(script) && equalFold(script[at+1:k], "script") {
			return true
		}
	}
	return false
}

// foreignEnd is where the end tag of the drawing or formula begins whose content
// begins at i, -1 where that is not plain to see.
func (s *sifter) foreignEnd(i int, root string) int {
	const maxOpen = 64
	var open [maxOpen][]byte
	n := 1
	open[0] = []byte(root)
	for {
		if i = s.next(i); i < 0 {
			return -1
		}
		switch c := s.at(i + 1); {
		case c == '/' && letter(s.at(i+2)):
			t := s.tag(i+2, false)
			for n--; n >= 0 && !bytes.EqualFold(open[n], t.name); n-- {
			}
			switch {
			case n < 0, t.end == len(s.src) && s.src[t.end-1] != '>':
				return -1
			case n == 0:
				return i
			}
			i = t.end
		case letter(c):
			t := s.tag(i+1, false)
			if t.end == len(s.src) || n == maxOpen || leavesForeign(t.name) && !(root == "svg" && t.is("svg")) {
				return -1
			}
			i = t.end
			// Text in HTML's own ways, or what would be raw there: no tags in it.
			if t.is("title") || t.is("desc") || rawElement(t.name) != "" {
				k := s.next(i)
				if t.closed || k < 0 || s.at(k+1) != '/' || !bytes.EqualFold(s.name(k+2), t.name) {
					return -1
				}
			}
			if !t.closed {
				open[n] = t.name
				n++
			}
		case c == '!' && s.at(i+2) == '-' && s.at(i+3) == '-':
			i = commentEnd(s.src, i)
		case c == '/' || c == '!' || c == '?':
			return -1
		default:
			i++
		}
	}
}

// leavesForeign tells whether a tag within a drawing or a formula is none of its
// own: one of HTML, which ends it, or one that holds HTML or another of them.
func leavesForeign(name []byte) bool {
	if len(name) > len("foreignobject") {
		return false
	}
	return notForeign[strings.ToLower(string(name))]
}

// notForeign are the names that the parsing of foreign content treats otherwise
// (HTML Living Standard, 13.2.6.5).
var notForeign = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields(`annotation-xml b big blockquote body br center code dd div dl dt em embed font foreignobject h1 h2 h3 h4 h5 h6 head hr i img
		li listing math menu meta nobr ol p pre ruby s small span strong strike sub sup svg table tt u ul var`) {
		m[name] = true
	}
	return m
}()

func space(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

func skipSpace(b []byte, i int) int {
	for i < len(b) && space(b[i]) {
		i++
	}
	return i
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
