package feed

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"dateline"
)

// Found is what a page says of the outlet whose page it is.
type Found struct {
	Name     string            // of the outlet, text
	Language string            // BCP 47
	Home     string            // address of the front page, absolute
	Sources  []dateline.Source // where the outlet lists its pages, the main one first
}

// The most sources of each sort that Find gives.
const (
	maxFeeds    = 50
	maxSections = 12
)

// Find reads an outlet's home page for its name, its language and its sources:
// the feeds that the page declares; else links that look like feeds; else the
// page itself and the sections it links to, as indexes. Of feeds with the same
// content in several formats the first is given; feeds of comments and of one
// article are left out. Whether what is found is there, the caller has to see.
func Find(body []byte, contentType, address string) *Found {
	p := readPage(body, contentType, address)
	f := &Found{Name: p.name(), Language: p.language, Home: homeOf(address)}
	if p.base == nil {
		return f
	}
	f.Sources = p.declared()
	if f.Sources == nil {
		f.Sources = p.linkedFeeds()
	}
	if f.Sources == nil {
		f.Sources = p.sections(address)
	}
	return f
}

// feedTypes are the media types of feeds.
var feedTypes = map[string]bool{
	"application/rss+xml": true, "application/atom+xml": true, "application/rdf+xml": true, "application/feed+json": true,
	"application/json": true, "application/xml": true, "text/xml": true, "application/x.atom+xml": true,
}

// declared are the feeds among the page's alternates. A format that other
// things have too counts only where the address looks like a feed's.
func (p *page) declared() []dateline.Source {
	var out []dateline.Source
	seen := map[string]bool{}
	for _, a := range p.alts {
		kind, _, _ := strings.Cut(a.kind, ";")
		kind = strings.TrimSpace(kind)
		u, err := url.Parse(a.address)
		if err != nil || !feedTypes[kind] || len(out) >= maxFeeds {
			continue
		}
		if plain := !strings.Contains(kind, "+"); plain && !feedLike(u) || offTopic(u) {
			continue
		}
		if twin := feedKey(u); !seen[twin] {
			seen[twin] = true
			out = append(out, dateline.Source{URL: a.address, Kind: dateline.SourceFeed, Title: a.title, Language: a.language})
		}
	}
	return out
}

func (p *page) linkedFeeds() []dateline.Source {
	var out []dateline.Source
	seen := map[string]bool{}
	for _, t := range p.targets {
		if len(out) >= maxFeeds || !feedLike(t.u) || offTopic(t.u) {
			continue
		}
		if twin := feedKey(t.u); !seen[twin] {
			seen[twin] = true
			title := ""
			if len(t.texts) > 0 {
				title = t.texts[0]
			}
			out = append(out, dateline.Source{URL: t.address, Kind: dateline.SourceFeed, Title: title})
		}
	}
	return out
}

// sections are the page itself and what its navigation and the beginnings of
// its articles' addresses show to be sections, those with most articles first.
func (p *page) sections(address string) []dateline.Source {
	out := []dateline.Source{{URL: resolve(nil, address), Kind: dateline.SourceIndex}}
	all := judge(p, address)
	under := map[string]int{}
	articles := 0
	for _, c := range all {
		if c.score < articleScore {
			continue
		}
		articles++
		for path := strings.Trim(c.u.Path, "/"); ; {
			i := strings.LastIndexByte(path, '/')
			if i < 0 {
				break
			}
			path = path[:i]
			under[c.u.Host+"/"+path]++
		}
	}
	if articles == 0 {
		return out
	}
	type section struct {
		source dateline.Source
		n      int
	}
	var found []section
	for _, c := range all {
		path := strings.Trim(c.u.Path, "/")
		n := under[c.u.Host+"/"+path]
		if path == "" && c.u.RawQuery == "" && c.u.Hostname() != p.base.Hostname() {
			n = 1
		}
		title := c.headline()
		if c.score >= articleScore || c.depth > 2 || n == 0 || title == "" || letters(title) > 40 {
			continue
		}
		found = append(found, section{dateline.Source{URL: c.address, Kind: dateline.SourceIndex, Title: title}, n})
	}
	slices.SortStableFunc(found, func(a, b section) int { return b.n - a.n })
	for _, s := range found[:min(len(found), maxSections)] {
		out = append(out, s.source)
	}
	return out
}

// feedWords are segments, parameters and endings by which feeds are known.
var feedWords = map[string]bool{
	"feed": true, "feeds": true, "rss": true, "rss2": true, "atom": true, "rdf": true, "xml": true, "json": true, "index": true, "default": true,
	"1.0": true, "2.0": true, "0.91": true, "0.92": true, "all": true,
}

// feedLike tells an address that looks like a feed's.
func feedLike(u *url.URL) bool {
	host, path := strings.ToLower(u.Hostname()), strings.ToLower(strings.TrimRight(u.Path, "/"))
	if strings.HasSuffix(path, ".rss") || strings.HasSuffix(path, ".rdf") || strings.HasSuffix(path, ".atom") {
		return true
	}
	last := path[strings.LastIndexByte(path, '/')+1:]
	name, ending, _ := strings.Cut(last, ".")
	switch ending {
	case "", "xml", "json", "php", "aspx":
		if name == "feed" || name == "rss" || name == "rss2" || name == "atom" {
			return true
		}
	}
	if ending == "xml" {
		return strings.HasPrefix(host, "feeds.") || strings.HasPrefix(host, "rss.") || strings.Contains(path, "/rss/") || strings.Contains(path, "/feed") ||
			strings.HasPrefix(name, "rss") || strings.HasSuffix(name, "rss") || strings.HasPrefix(name, "feed")
	}
	return strings.HasPrefix(host, "feeds.") && path != "" || u.Query().Get("feed") != "" || u.Query().Get("format") == "rss"
}

// offTopic tells feeds that have no pages of news: of comments, of podcasts'
// embeds, of a single article.
func offTopic(u *url.URL) bool {
	for seg := range strings.SplitSeq(strings.ToLower(u.Path), "/") {
		switch base, _, _ := strings.Cut(seg, "."); base {
		case "comments", "oembed", "wp-json", "manifest", "opensearch", "osd", "sitemap":
			return true
		}
	}
	q := u.Query().Get("feed")
	s := shapeOf(u)
	return strings.HasPrefix(q, "comments") || s.date || s.slug && s.depth > 2 && s.id > 0
}

// feedKey is the same for feeds that differ in format only.
func feedKey(u *url.URL) string {
	var b strings.Builder
	b.WriteString(strings.TrimPrefix(strings.ToLower(u.Host), "www."))
	words := func(s string) {
		for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return r == '/' || r == '-' || r == '_' || r == '.' || r == '&' || r == '=' }) {
			if !feedWords[w] && w != "alt" && w != "format" && w != "type" && w != "2" && w != "0" {
				b.WriteString("/" + w)
			}
		}
	}
	words(u.Path)
	words(u.RawQuery)
	return b.String()
}

// name is what the page calls its site: in the metadata that are for it, in
// structured data, and else that part of its title that is like its host, or
// the first.
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
	if p.base != nil {
		host, _, _ := strings.Cut(siteOf(p.base), ".")
		for _, part := range parts {
			if bare := bareLetters(part); bare != "" && (strings.Contains(host, bare) || strings.Contains(bare, strings.ReplaceAll(host, "-", ""))) {
				return clean(part)
			}
		}
	}
	if len(parts) == 0 {
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

// wellKnown are paths at which outlets' feeds and sitemaps are found, by how
// often they are there.
var wellKnown = []struct {
	path string
	kind dateline.SourceKind
}{
	{"feed/", dateline.SourceFeed},
	{"rss", dateline.SourceFeed},
	{"rss.xml", dateline.SourceFeed},
	{"feed.xml", dateline.SourceFeed},
	{"atom.xml", dateline.SourceFeed},
	{"index.xml", dateline.SourceFeed},
	{"feed.json", dateline.SourceFeed},
	{"news-sitemap.xml", dateline.SourceSitemap},
	{"sitemap-news.xml", dateline.SourceSitemap},
	{"sitemap_index.xml", dateline.SourceSitemap},
	{"sitemap.xml", dateline.SourceSitemap},
}

// Guess gives addresses to try for an outlet that declares nothing, the
// likeliest first; feeds come before sitemaps. They are at the root of the
// site, and under the path of home too where it has one.
func Guess(home string) []dateline.Source {
	u := parseAddress(nil, home)
	if u == nil {
		return nil
	}
	roots := []*url.URL{u.ResolveReference(&url.URL{Path: "/"})}
	if strings.Trim(u.Path, "/") != "" {
		under := *u
		under.RawQuery, under.RawPath = "", ""
		if !strings.HasSuffix(under.Path, "/") {
			under.Path += "/"
		}
		roots = slices.Insert(roots, 0, &under)
	}
	var out []dateline.Source
	for i, root := range roots {
		for _, w := range wellKnown {
			if w.kind == dateline.SourceSitemap && i < len(roots)-1 {
				continue
			}
			out = append(out, dateline.Source{URL: root.ResolveReference(&url.URL{Path: w.path}).String(), Kind: w.kind})
		}
	}
	slices.SortStableFunc(out, func(a, b dateline.Source) int { return strings.Compare(string(a.Kind), string(b.Kind)) })
	return out
}
