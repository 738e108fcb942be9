package dateline

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// PageKey is what two addresses of one page have in common: the address
// without scheme, port, fragment, "www.", a trailing slash, parameters that
// only tell where a reader came from, and the marks of mobile and AMP twins.
// Parameters that remain are sorted, dot segments are resolved, and escapes are
// written one way. A fragment that begins with "!" names a page and stays. It
// is no address and is not shown. Names of hosts must be in ASCII.
//
//	https://www.outlet.example/a/?utm_source=x&id=7#top   outlet.example/a?id=7
//	http://m.outlet.example/a/amp/?id=7                   outlet.example/a?id=7
func PageKey(address string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err
		}
		return "", fmt.Errorf("address: %w: %w", err, ErrInvalid)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return "", fmt.Errorf("address %.200q is not http or https: %w", address, ErrInvalid)
	}
	u = u.ResolveReference(u) // resolves dot segments
	var b strings.Builder
	b.WriteString(bareHost(strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))))
	if p := u.Port(); p != "" && p != "80" && p != "443" {
		b.WriteString(":" + p)
	}
	b.WriteString(barePath(oneEscape(u.EscapedPath())))
	if q := bareQuery(oneEscape(u.RawQuery)); q != "" {
		b.WriteString("?" + q)
	}
	if f := u.EscapedFragment(); strings.HasPrefix(f, "!") && len(f) > 1 {
		b.WriteString("#" + oneEscape(f))
	}
	return b.String(), nil
}

// oneEscape writes escapes as RFC 3986, section 6.2.2, has them: in upper case,
// none for letters, digits and "-._~", and one for each byte beyond ASCII.
func oneEscape(s string) string {
	const upper = "0123456789ABCDEF"
	plain := true
	for i := range len(s) {
		plain = plain && s[i] != '%' && s[i] > ' ' && s[i] < 0x7f
	}
	if plain {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' {
			if i+2 >= len(s) || unhex(s[i+1]) < 0 || unhex(s[i+2]) < 0 {
				b.WriteByte(c)
				continue
			}
			c = byte(unhex(s[i+1])<<4 | unhex(s[i+2]))
			i += 2
			if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
				b.WriteByte(c)
				continue
			}
		} else if c > ' ' && c < 0x7f {
			b.WriteByte(c)
			continue
		}
		b.Write([]byte{'%', upper[c>>4], upper[c&15]})
	}
	return b.String()
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// PageID is the stable id of the page with the key: 26 letters and digits of
// its SHA-256 in base 32.
func PageID(key string) string { return id("page:" + key) }

// OutletID is the stable id of the outlet with the key of its home address.
func OutletID(key string) string { return id("outlet:" + key)[:13] }

func id(s string) string {
	sum := sha256.Sum256([]byte(s))
	return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}

// bareHost takes the first label off where it only says which twin of a site
// this is. What is left must still be a name that somebody can have: not
// "co.uk" of "m.co.uk".
func bareHost(host string) string {
	for {
		label, rest, ok := strings.Cut(host, ".")
		if !ok {
			return host
		}
		switch label {
		case "www", "m", "mobile", "amp":
		default:
			return host
		}
		first, last, ok := strings.Cut(rest, ".")
		if !ok || len(first) <= 3 && len(last) == 2 {
			return host
		}
		host = rest
	}
}

// barePath takes off a trailing slash and what marks an AMP twin, until
// nothing of the kind is left.
func barePath(path string) string {
	for {
		was := path
		path = strings.TrimRight(path, "/")
		path = strings.TrimSuffix(strings.TrimSuffix(path, "/amp"), ".amp")
		if p, ok := strings.CutSuffix(path, ".amp.html"); ok {
			path = p + ".html"
		}
		if rest, ok := strings.CutPrefix(path, "/amp/"); ok {
			path = "/" + rest
		}
		if path == was {
			return path
		}
	}
}

// bareQuery leaves out parameters by which pages are not told apart, and sorts
// the others.
func bareQuery(query string) string {
	if query == "" {
		return ""
	}
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if pair != "" && !tracking(strings.ToLower(name), strings.ToLower(value)) {
			kept = append(kept, pair)
		}
	}
	slices.Sort(kept)
	return strings.Join(kept, "&")
}

// trackers are parameters of analytics, advertising and sharing, from their
// own documentation; names that sites use to tell pages apart (ref, source,
// from) are left alone but for the first, which is never a page's only name.
var trackers = map[string]bool{
	"fbclid": true, "gclid": true, "gclsrc": true, "dclid": true, "gbraid": true, "wbraid": true, "msclkid": true, "yclid": true, "ysclid": true,
	"twclid": true, "ttclid": true, "igshid": true, "igsh": true, "mc_cid": true, "mc_eid": true, "mkt_tok": true, "_hsenc": true, "_hsmi": true,
	"_ga": true, "_gl": true, "_openstat": true, "cmpid": true, "ocid": true, "ncid": true, "xtor": true, "at_medium": true, "at_campaign": true,
	"ns_source": true, "ns_mchannel": true, "ns_campaign": true, "ns_linkname": true, "ns_fee": true, "smid": true, "s_cid": true, "sr_share": true,
	"share": true, "amp_js_v": true, "amp_gsa": true, "usqp": true, "phpsessid": true, "jsessionid": true, "spm": true, "wt_mc": true,
}

func tracking(name, value string) bool {
	switch {
	case trackers[name], strings.HasPrefix(name, "utm_"), strings.HasPrefix(name, "pk_"), strings.HasPrefix(name, "mtm_"), strings.HasPrefix(name, "piwik_"):
		return true
	case name == "amp", name == "outputtype" && value == "amp":
		return true
	}
	return false
}
