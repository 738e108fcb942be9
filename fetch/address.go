package fetch

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"dateline"

	"golang.org/x/net/idna"
)

// Address is an address as [Client.Do] asks for it: absolute, http or https,
// without user information and fragment, the host in lower case and in ASCII,
// dot segments resolved. It is what robots.txt is matched against and what
// pages are known by. Its result is a fixed point.
func Address(raw string) (string, error) {
	u, err := parseURL(nil, raw)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

// parseURL reads an address, against base where base is not nil, and returns
// it as it will be asked for: http or https, without user information and
// fragment, the host in lower case and in ASCII, the query without bytes that
// would break a request line. Its result is a fixed point.
func parseURL(base *url.URL, raw string) (*url.URL, error) {
	u, err := url.Parse(strings.Trim(raw, " "))
	if err != nil {
		// The error of url.Parse repeats the whole address.
		if e, ok := err.(*url.Error); ok {
			err = e.Err
		}
		return nil, fmt.Errorf("%w: %w", err, dateline.ErrInvalid)
	}
	if base == nil {
		base = u
	}
	u = base.ResolveReference(u) // and dot segments, as browsers do
	switch u.Scheme {
	case "http", "https":
	case "":
		return nil, fmt.Errorf("no scheme, want http or https: %w", dateline.ErrInvalid)
	default:
		return nil, fmt.Errorf("scheme %s, want http or https: %w", show(u.Scheme), dateline.ErrRefused)
	}
	if u.Opaque != "" || u.Hostname() == "" {
		return nil, fmt.Errorf("no host: %w", dateline.ErrInvalid)
	}
	host, err := parseHost(u.Hostname())
	if err != nil {
		return nil, err
	}
	if p := u.Port(); p != "" {
		if n, err := strconv.ParseUint(p, 10, 16); err != nil || n == 0 {
			return nil, fmt.Errorf("port %s: %w", show(p), dateline.ErrInvalid)
		}
		host += ":" + p
	}
	u.Host = host
	// A password in an address would end up in records and logs, and one in a
	// redirect is a stranger's.
	u.User = nil
	u.Fragment, u.RawFragment = "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	u.RawQuery = escapeQuery(u.RawQuery)
	if n := len(u.String()); n > maxAddress {
		return nil, fmt.Errorf("address of %d bytes: %w", n, dateline.ErrInvalid)
	}
	return u, nil
}

// maxAddress is the length in bytes beyond which an address is none: servers
// take no longer request line, and redirects that grow end here.
const maxAddress = 8 << 10

// parseHost returns a host as it stands in an address: a name in ASCII, an
// IPv4 address, or an IPv6 address in brackets. Numbers that only some
// resolvers read as an IPv4 address, such as 0x7f.1 or 2130706433, are refused
// rather than left to the resolver.
func parseHost(s string) (string, error) {
	if strings.Contains(s, ":") {
		a, err := netip.ParseAddr(s)
		if err != nil {
			return "", fmt.Errorf("host %s: %w", show(s), dateline.ErrInvalid)
		}
		if a.Zone() != "" {
			return "", fmt.Errorf("address %s has a zone: %w", show(s), dateline.ErrRefused)
		}
		return "[" + a.String() + "]", nil
	}
	host := s
	if strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 }) {
		// This also turns other scripts' digits and full stops into ASCII ones.
		var err error
		if host, err = idna.Lookup.ToASCII(s); err != nil {
			return "", fmt.Errorf("host %s: %w", show(s), dateline.ErrInvalid)
		}
	}
	host = strings.ToLower(host)
	odd := strings.ContainsFunc(host, func(r rune) bool {
		return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || strings.ContainsRune("-_.", r))
	})
	if odd || strings.Trim(host, ".") == "" {
		return "", fmt.Errorf("host %s: %w", show(s), dateline.ErrInvalid)
	}
	if endsInNumber(host) {
		if _, err := netip.ParseAddr(host); err != nil {
			return "", fmt.Errorf("host %s is an oddly written address: %w", show(s), dateline.ErrRefused)
		}
	}
	return host, nil
}

// endsInNumber is the test of that name in the WHATWG URL standard: a host
// whose last label is a number is meant as an IPv4 address.
func endsInNumber(host string) bool {
	host = strings.TrimSuffix(host, ".")
	last := host[strings.LastIndexByte(host, '.')+1:]
	digits := "0123456789"
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		last, digits = hex, "0123456789abcdef"
		if last == "" {
			return true
		}
	}
	return last != "" && strings.Trim(last, digits) == ""
}

// escapeQuery escapes the bytes that url.Parse lets stand in a query though
// they may not appear in a request line.
func escapeQuery(q string) string {
	var b strings.Builder
	for i := range len(q) {
		if c := q[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`"<>`, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// show is a stranger's text as it may stand in a message: printable, and not
// long enough to drown the rest.
func show(s string) string {
	const most = 200
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return strconv.Quote(s)
	}
	return s
}
