package feed

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// step is an element with the first two of its classes.
func step(tag atom.Atom, class string) string {
	var b strings.Builder
	b.WriteString(tag.String())
	n := 0
	for c := range strings.FieldsSeq(class) {
		if n++; n > 2 || len(c) > 60 {
			break
		}
		b.WriteByte('.')
		for i := range len(c) {
			if c[i] < '0' || c[i] > '9' {
				b.WriteByte(c[i])
			}
		}
	}
	return b.String()
}

// inline are the elements that do not part words.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Bdi: true, atom.Bdo: true, atom.Cite: true, atom.Code: true, atom.Em: true, atom.Font: true,
	atom.I: true, atom.Mark: true, atom.Q: true, atom.S: true, atom.Small: true, atom.Span: true, atom.Strong: true, atom.Sub: true, atom.Sup: true,
	atom.U: true, atom.Wbr: true,
}

func isHidden(tag atom.Atom) bool {
	switch tag {
	case atom.Svg, atom.Template, atom.Select, atom.Button, atom.Object:
		return true
	}
	return false
}

// isNav tells what holds links to the site itself.
func isNav(tag atom.Atom, at attrs) bool {
	switch tag {
	case atom.Nav, atom.Footer, atom.Form:
		return true
	case atom.Div, atom.Ul, atom.Section, atom.Header, atom.Table, atom.Td:
	default:
		return false
	}
	if at.role == "navigation" || at.role == "contentinfo" || at.role == "menu" {
		return true
	}
	for _, s := range [...]string{at.class, at.id} {
		for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) }) {
			switch w {
			case "nav", "navbar", "navigation", "menu", "submenu", "footer", "breadcrumb", "breadcrumbs", "pagination", "pager":
				return true
			}
		}
	}
	return false
}

func isHeading(tag atom.Atom, class string) bool {
	switch tag {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	case atom.Div, atom.Span, atom.P, atom.A, atom.Strong:
		class = strings.ToLower(class)
		return strings.Contains(class, "title") || strings.Contains(class, "headline")
	}
	return false
}

// looksTime tells short text with a time of day or a year in it.
func looksTime(b []byte) bool {
	digits := 0
	for i := 0; i <= len(b); i++ {
		if i < len(b) && b[i] >= '0' && b[i] <= '9' {
			digits++
			continue
		}
		if digits == 4 && (b[i-4] == '1' || b[i-4] == '2') {
			return true
		}
		if (digits == 1 || digits == 2) && i+2 < len(b) && (b[i] == ':' || b[i] == '.') && b[i+1] >= '0' && b[i+1] <= '5' && b[i+2] >= '0' && b[i+2] <= '9' {
			return true
		}
		digits = 0
	}
	return false
}

func digits(b []byte) int {
	n := 0
	for _, c := range b {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}

func shorten(s string) string {
	if len(s) <= maxText {
		return s
	}
	i := maxText
	for i > 0 && s[i]&0xC0 == 0x80 {
		i--
	}
	return s[:i]
}

// attrs are the attributes that are looked at.
type attrs struct{ href, class, id, rel, kind, name, content, title, alt, lang, role string }

func attributes(z *html.Tokenizer, more bool) attrs {
	var at attrs
	for n := 0; more && n < 100; n++ {
		var key, value []byte
		key, value, more = z.TagAttr()
		var p *string
		switch string(key) {
		case "href":
			p = &at.href
		case "class":
			p = &at.class
		case "id":
			p = &at.id
		case "rel":
			p = &at.rel
		case "type":
			p = &at.kind
		case "name", "property", "itemprop":
			p = &at.name
		case "content":
			p = &at.content
		case "title":
			p = &at.title
		case "alt":
			p = &at.alt
		case "lang", "hreflang":
			p = &at.lang
		case "role":
			p = &at.role
		default:
			continue
		}
		if *p == "" && len(value) <= 2*maxAddress {
			*p = strings.TrimSpace(string(value))
		}
	}
	at.rel, at.role = strings.ToLower(at.rel), strings.ToLower(at.role)
	return at
}
