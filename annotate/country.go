package annotate

import (
	"net/url"
	"strings"

	"dateline/gazetteer"
)

// borrowed are top-level domains of countries that outlets of other countries
// use for what the letters mean. IANA's Root Zone Database has the countries.
const borrowed = " ai cc co fm gg im io la ly me nu re sh st to tv vc ws "

// renamed is the one domain that is not its country's code.
const renamed = "uk=GB"

// CountryOf is the country that an address or a host tells by its top-level
// domain, as ISO 3166-1 alpha-2; empty where it tells none.
func CountryOf(address string) string {
	host := address
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		host = u.Hostname()
	}
	host, _, _ = strings.Cut(host, "/")
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	i := strings.LastIndexByte(host, '.')
	top := host[i+1:]
	second := host[:max(i, 0)]
	second = second[strings.LastIndexByte(second, '.')+1:]
	home := len(second) <= 3 && second != host[:max(i, 0)] // com.co and gov.la are not borrowed
	switch {
	case i < 0 || len(top) != 2 || top[0] < 'a' || top[0] > 'z' || top[1] < 'a' || top[1] > 'z':
		return ""
	case !home && strings.Contains(borrowed, " "+top+" "):
		return ""
	}
	if code, ok := strings.CutPrefix(renamed, top+"="); ok {
		return code
	}
	code := strings.ToUpper(top)
	if _, ok := gazetteer.Builtin().Country(code); !ok {
		return "" // .eu, .su
	}
	return code
}
