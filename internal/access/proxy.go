package access

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Proxied takes from a request that came from one of the proxies who asks, for
// which host and by which scheme, as the X-Forwarded headers say. Of others
// they are left alone, and mean nothing.
func Proxied(proxies []netip.Prefix, next http.Handler) http.Handler {
	if len(proxies) == 0 {
		return next
	}
	trusted := func(s string) (netip.Addr, bool) {
		a, err := netip.ParseAddr(strings.TrimSpace(s))
		if err != nil {
			return a, false
		}
		a = a.Unmap().WithZone("")
		for _, p := range proxies {
			if p.Contains(a) {
				return a, true
			}
		}
		return a, false
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer, port, err := net.SplitHostPort(r.RemoteAddr)
		if _, ok := trusted(peer); err != nil || !ok {
			next.ServeHTTP(w, r)
			return
		}
		r = r.Clone(r.Context())
		// Each proxy adds whom it was asked by, so the last that is no proxy
		// asked, and what stands before is their word alone.
		chain := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(chain) - 1; i >= 0; i-- {
			a, ok := trusted(chain[i])
			if !a.IsValid() {
				break
			}
			r.RemoteAddr = net.JoinHostPort(a.String(), port)
			if !ok {
				break
			}
		}
		if h := last(r.Header.Values("X-Forwarded-Host")); h != "" && !strings.ContainsAny(h, "/\\@?# \t") {
			r.Host = h
		}
		switch p := strings.ToLower(last(r.Header.Values("X-Forwarded-Proto"))); p {
		case "http", "https":
			r.URL.Scheme = p
		}
		next.ServeHTTP(w, r)
	})
}

// last is the last of the values of a header that may be lists.
func last(values []string) string {
	all := strings.Split(strings.Join(values, ","), ",")
	return strings.TrimSpace(all[len(all)-1])
}

// isLocalHost tells whether a Host header names this machine, as no name that
// a stranger can give an address does.
func isLocalHost(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && a.Unmap().IsLoopback()
}
