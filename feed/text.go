package feed

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// clean folds white space and takes out what is not to be shown: control
// characters and bytes that are no characters.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	s = strings.ToValidUTF8(s, "\ufffd")
	return strings.Join(strings.FieldsFunc(s, isGap), " ")
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
	z := html.NewTokenizer(strings.NewReader(s))
	hidden := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			return clean(out.String())
		case html.TextToken:
			if hidden == "" {
				out.WriteString(html.UnescapeString(string(z.Raw())))
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			name, _ := z.TagName()
			end := len(z.Raw()) > 1 && z.Raw()[1] == '/'
			switch string(name) {
			case "script", "style":
				hidden = ""
				if !end {
					hidden = string(name)
				}
			case "a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "time", "u", "wbr":
			default:
				out.WriteByte(' ')
			}
		}
	}
}

// isHTML tells whether text has markup in it.
func isHTML(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if s[i] == '<' && (s[i+1] == '/' || s[i+1] >= 'A' && nameByte(s[i+1])) && strings.IndexByte(s[i:], '>') > 0 {
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

// maxAddress is longer than servers take.
const maxAddress = 4096

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
	ref = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, strings.TrimSpace(ref))
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
