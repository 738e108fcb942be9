package feed

import (
	"bytes"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// clean folds white space and takes out what is not to be shown: control
// characters and bytes that are no characters.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	var out strings.Builder
	out.Grow(len(s))
	gap := false
	for _, r := range s { // bytes that are no characters come as U+FFFD
		if isGap(r) {
			gap = true
			continue
		}
		if gap && out.Len() > 0 {
			out.WriteByte(' ')
		}
		gap = false
		out.WriteRune(r)
	}
	return out.String()
}

func isGap(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\ufeff' || r == '\u2028' || r == '\u2029'
}

func isClean(s string) bool {
	gap := true
	for i, r := range s {
		switch {
		case r == ' ':
			if gap {
				return false
			}
			gap = true
			continue
		case r < utf8.RuneSelf:
			if r < ' ' || r == 0x7f {
				return false
			}
		case r == utf8.RuneError:
			if !strings.HasPrefix(s[i:], "\ufffd") {
				return false
			}
		case isGap(r):
			return false
		}
		gap = false
	}
	return !gap || s == ""
}

// plain is the text of a piece of HTML. Elements that make a line of their own
// part words; others, such as marks within a word, do not.
func plain(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return clean(s)
	}
	var out strings.Builder
	out.Grow(len(s))
	in := scanner{b: []byte(s)}
	for in.at < len(in.b) {
		i := bytes.IndexByte(in.b[in.at:], '<')
		if i < 0 {
			i = len(in.b) - in.at
		}
		writeText(&out, in.b[in.at:in.at+i])
		if in.at += i; in.at == len(in.b) {
			break
		}
		rest, at := in.b[in.at:], in.at
		if bytes.HasPrefix(rest, []byte("<!--")) {
			in.skip(4, "-->")
			continue
		}
		if bytes.HasPrefix(rest, []byte("<!")) || bytes.HasPrefix(rest, []byte("<?")) {
			in.skip(2, ">")
			continue
		}
		t := in.tag()
		switch {
		case t.kind == endOfInput && in.at == at: // a sign that stands for itself
			out.WriteByte('<')
			in.at++
		case t.kind == endOfInput:
		default:
			name := atom.Lookup(bytes.ToLower(t.name))
			if t.kind == startTag && (name == atom.Script || name == atom.Style) {
				in.inner(t, "")
			}
			if !inline[name] {
				out.WriteByte(' ')
			}
		}
	}
	return clean(out.String())
}

func writeText(out *strings.Builder, b []byte) {
	if bytes.IndexByte(b, '&') < 0 {
		out.Write(b)
		return
	}
	out.WriteString(html.UnescapeString(string(b)))
}

// isHTML tells whether text has markup in it.
func isHTML(s string) bool {
	last := strings.LastIndexByte(s, '>')
	for i := 0; i+1 < last; i++ {
		if s[i] == '<' && (s[i+1] == '/' || s[i+1] >= 'A' && nameByte(s[i+1])) {
			return true
		}
	}
	return false
}

// person is the name in what RSS has for an author: a mail address with a name
// in brackets, by the specification; often the name alone, or before an
// address. Of an address alone nothing is taken: it is no name.
func person(s string) string {
	s = clean(s)
	if !strings.Contains(s, "@") {
		return s
	}
	if i := strings.IndexByte(s, '('); i >= 0 && strings.HasSuffix(s, ")") {
		return strings.TrimSpace(s[i+1 : len(s)-1])
	}
	name, _, ok := strings.Cut(s, "<")
	if !ok || strings.Contains(name, "@") {
		return ""
	}
	return strings.Trim(name, ` "`)
}

// languageOf writes a language as BCP 47 has it, or nothing for what is no tag.
func languageOf(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	if i := strings.IndexAny(s, ",; "); i >= 0 {
		s = s[:i]
	}
	if len(s) > 35 {
		return ""
	}
	parts := strings.Split(strings.ToLower(s), "-")
	for i, p := range parts {
		for _, c := range []byte(p) {
			if c < '0' || c > '9' && c < 'a' || c > 'z' {
				return ""
			}
		}
		switch {
		case len(p) == 0 || len(p) > 8:
			return ""
		case i == 0:
			if len(p) < 2 || len(p) > 3 || p[0] < 'a' {
				return ""
			}
		case len(p) == 2:
			parts[i] = strings.ToUpper(p)
		case len(p) == 4 && p[0] >= 'a':
			parts[i] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return strings.Join(parts, "-")
}

// maxAddress is longer than those of pages and sources are.
const maxAddress = 2048

// resolve makes an address absolute and takes its fragment off. What is not of
// http or https, or no address, gives "".
func resolve(base *url.URL, ref string) string {
	u := parseAddress(base, ref)
	if u == nil {
		return ""
	}
	return u.String()
}

func parseAddress(base *url.URL, ref string) *url.URL {
	if ref = strings.TrimSpace(ref); !isClean(ref) {
		ref = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) || r == utf8.RuneError {
				return -1
			}
			return r
		}, ref)
	}
	if ref == "" || len(ref) > maxAddress {
		return nil
	}
	u, err := url.Parse(ref)
	if err != nil {
		// A per cent sign or a space that should have been escaped.
		u, err = url.Parse(strings.ReplaceAll(strings.ReplaceAll(ref, "%", "%25"), " ", "%20"))
		if err != nil {
			return nil
		}
	}
	if base != nil && u.Scheme == "" {
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || strings.ContainsAny(u.Host, " <>\"'\\") {
		return nil
	}
	u.Fragment, u.RawFragment, u.User = "", "", nil
	if u.Path == "" {
		u.Path = "/"
	}
	return u
}
