package annotate

import (
	"net/url"
	"strings"
)

// borrowed are top-level domains of countries that outlets of other countries
// use for what the letters mean. IANA's Root Zone Database has the countries.
const borrowed = " ai am cc cd co fm gg im io is la ly me nu re sh st to tv vc ws "

// renamed is the one domain that is not its country's code.
const renamed = "uk=GB"

// CountryOf is the country that an address or a host tells by its top-level
// domain, as ISO 3166-1 alpha-2; empty where it tells none.
func CountryOf(address string) string {
	host := address
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		host = u.Hostname()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	i := strings.LastIndexByte(host, '.')
	top := host[i+1:]
	switch {
	case i < 0 || len(top) != 2 || top[0] < 'a' || top[0] > 'z' || top[1] < 'a' || top[1] > 'z':
		return ""
	case strings.Contains(borrowed, " "+top+" "), top == "eu", top == "su":
		return ""
	}
	if code, ok := strings.CutPrefix(renamed, top+"="); ok {
		return code
	}
	return strings.ToUpper(top)
}
