package warc

import (
	"net/url"
	"slices"
	"strings"
)

// SURT is the key that indexes of archives sort an address by: its host
// backwards, so that the pages of a domain stand together, and the rest in the
// form that web archives have agreed on:
//
//	https://www.News.example:443/A/./b/?z=1&y=2#top  ->  example,news)/a/b?y=2&z=1
//
// Scheme, user, default port, "www.", fragment, numbers of sessions and a last
// slash are left out, letters are made small, escapes are undone where they
// may be, and parameters are sorted. What is no http address is given back as
// it is, with spaces escaped.
//
// The rules are those of the Internet Archive's canonicalizer, which other
// tools have taken over.
func SURT(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return escapeKey(address)
	}
	labels := strings.Split(bareWWW(strings.ToLower(u.Hostname())), ".")
	slices.Reverse(labels)
	host := strings.Join(labels, ",")
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if p := u.Port(); p != "" && !(u.Scheme == "http" && p == "80") && !(u.Scheme == "https" && p == "443") {
		host += ":" + p
	}
	key := escapeKey(host) + ")" + surtPath(u.EscapedPath())
	if q := surtQuery(u.RawQuery); q != "" {
		key += "?" + q
	}
	return key
}

// bareWWW takes "www." and "www2." off a host.
func bareWWW(host string) string {
	if rest, ok := strings.CutPrefix(host, "www"); ok {
		if rest, ok = strings.CutPrefix(strings.TrimLeft(rest, "0123456789"), "."); ok && rest != "" {
			return rest
		}
	}
	return host
}

func surtPath(path string) string {
	path = strings.ToLower(escapeKey(unescapeAll(path)))
	if i := strings.LastIndex(path, ";jsessionid="); i >= 0 && len(path)-i-len(";jsessionid=") == 32 {
		path = path[:i]
	}
	var parts []string
	for part := range strings.SplitSeq(path, "/") {
		switch part {
		case "", ".":
		case "..":
			parts = parts[:max(0, len(parts)-1)]
		default:
			parts = append(parts, part)
		}
	}
	return "/" + strings.Join(parts, "/")
}

func surtQuery(query string) string {
	var kept []string
	for pair := range strings.SplitSeq(strings.ToLower(escapeKey(unescapeAll(query))), "&") {
		name, value, _ := strings.Cut(pair, "=")
		session := len(value) == 32 && (name == "jsessionid" || name == "phpsessid" || name == "sid") ||
			len(value) == 24 && strings.HasPrefix(name, "aspsessionid")
		if !session {
			kept = append(kept, pair)
		}
	}
	slices.Sort(kept)
	return strings.Join(kept, "&")
}

// unescapeAll undoes percent-encoding until there is none left. Each pass
// makes it shorter; more than a few passes are no address of a page.
func unescapeAll(s string) string {
	for range 8 {
		if !strings.Contains(s, "%") {
			break
		}
		b := make([]byte, 0, len(s))
		for i := 0; i < len(s); i++ {
			if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
				b = append(b, unhex(s[i+1])<<4|unhex(s[i+2]))
				i += 2
			} else {
				b = append(b, s[i])
			}
		}
		if len(b) == len(s) {
			break
		}
		s = string(b)
	}
	return s
}

// escapeKey escapes what may not stand in a key: bytes that are no visible
// ASCII, and the signs that begin an escape and a fragment.
func escapeKey(s string) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7f || c == '%' || c == '#' {
			b.WriteString(string([]byte{'%', hex[c>>4], hex[c&15]}))
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&0x0f + 9
}
