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
// Parameters that remain are sorted. It is no address and is not shown.
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
	var b strings.Builder
	b.WriteString(bareHost(strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))))
	if p := u.Port(); p != "" && p != "80" && p != "443" {
		b.WriteString(":" + p)
	}
	b.WriteString(barePath(u.EscapedPath()))
	if q := bareQuery(u.RawQuery); q != "" {
		b.WriteString("?" + q)
	}
	return b.String(), nil
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
// this is. What is left must still be a name of two labels.
func bareHost(host string) string {
	for {
		label, rest, ok := strings.Cut(host, ".")
		if !ok || !strings.Contains(rest, ".") {
			return host
		}
		switch label {
		case "www", "m", "mobile", "amp":
			host = rest
		default:
			return host
		}
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
