package feed

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

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
	if p.address == nil {
		return f
	}
	f.Sources = p.declared()
	if f.Sources == nil {
		f.Sources = p.linkedFeeds()
	}
	if f.Sources == nil {
		start := p.address.String()
		if p.article() {
			start = f.Home
		}
		f.Sources = p.sections(start)
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
		if plain := !strings.Contains(kind, "+"); plain && !feedLike(u) || offTopic(u) || p.own(u) {
			continue
		}
		if twin := feedKey(u); !seen[twin] {
			seen[twin] = true
			out = append(out, dateline.Source{URL: a.address, Kind: dateline.SourceFeed, Title: a.title, Language: a.language})
		}
	}
	return out
}

// own tells a feed of the page itself, where that is an article: its comments.
func (p *page) own(feed *url.URL) bool {
	path := strings.TrimRight(p.address.Path, "/")
	s := shapeOf(p.address)
	return (s.slug || s.date || s.id > 0) && strings.HasPrefix(feed.Path, path+"/")
}

// article tells whether the page says that it is one.
func (p *page) article() bool { return p.meta["og:type"] == "article" }

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

// sections are the page to start from and those that it links to and under
// which its articles' addresses are, those with most articles first.
func (p *page) sections(start string) []dateline.Source {
	out := []dateline.Source{{URL: start, Kind: dateline.SourceIndex}}
	all := judge(p)
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
		title := c.headline()
		if c.score >= articleScore || c.depth > 2 || c.depth == 0 || n == 0 || title == "" || letters(title) > 40 {
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
	"all": true, "alt": true, "format": true, "type": true,
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

// versions of RSS and Atom are no words of an address.
var versions = strings.NewReplacer("0.91", "", "0.92", "", "1.0", "", "2.0", "")

// feedKey is the same for feeds that differ in format only.
func feedKey(u *url.URL) string {
	var b strings.Builder
	b.WriteString(strings.TrimPrefix(strings.ToLower(u.Host), "www."))
	words := func(s string) {
		s = versions.Replace(s)
		for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return r < utf8.RuneSelf && !nameByte(byte(r)) || r == '-' || r == '_' || r == '.' }) {
			if bare := strings.TrimRight(w, "0123456789"); !feedWords[w] && (!feedWords[bare] || bare == "all") {
				b.WriteString("/" + w)
			}
		}
	}
	words(u.Path)
	words(u.RawQuery)
	return b.String()
}
