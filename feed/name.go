package feed

import (
	"encoding/json"
	"strings"
)

// name is what the page calls its site: in the metadata that are for it, in
// structured data, and else that part of its title that is like its host, or
// the first, which is an article's own on its page: then the host.
func (p *page) name() string {
	for _, key := range [...]string{"og:site_name", "application-name", "apple-mobile-web-app-title"} {
		if v := p.meta[key]; v != "" && len(v) <= 100 && !strings.Contains(v, "://") {
			return v
		}
	}
	for _, text := range p.data {
		if v := publisher(text); v != "" {
			return v
		}
	}
	parts := strings.FieldsFunc(p.title, func(r rune) bool { return r == '|' || r == '»' || r == '·' || r == '–' || r == '—' || r == '：' })
	if len(parts) < 2 {
		parts = strings.Split(p.title, " - ")
	}
	if len(parts) < 2 {
		parts = strings.Split(p.title, ": ")
	}
	if p.address != nil {
		host, _, _ := strings.Cut(siteOf(p.address), ".")
		for _, part := range parts {
			if bare := bareLetters(part); bare != "" && (strings.Contains(host, bare) || strings.Contains(bare, strings.ReplaceAll(host, "-", ""))) {
				return clean(part)
			}
		}
	}
	switch {
	case p.article() && p.address != nil:
		return siteOf(p.address)
	case len(parts) == 0:
		return ""
	}
	return clean(parts[0])
}

func bareLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// publisher is the name of the site or its owner in JSON-LD.
func publisher(text string) string {
	if checkDepth([]byte(text)) != nil {
		return ""
	}
	var v any
	if json.Unmarshal([]byte(text), &v) != nil {
		return ""
	}
	best, rank := "", 0
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			name, _ := v["name"].(string)
			if name = plain(name); name != "" && len(name) <= 100 {
				for _, t := range types(v["@type"]) {
					s, _ := t.(string)
					if r := siteTypes[s]; r > rank {
						best, rank = name, r
					}
				}
			}
			walk(v["@graph"])
			walk(v["publisher"])
		}
	}
	walk(v)
	return best
}

// siteTypes are the types whose name is the outlet's, the surer the higher.
var siteTypes = map[string]int{"Organization": 1, "Corporation": 1, "WebSite": 2, "NewsMediaOrganization": 3}

func types(v any) []any {
	if all, ok := v.([]any); ok {
		return all
	}
	return []any{v}
}
