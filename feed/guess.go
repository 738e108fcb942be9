package feed

import (
	"net/url"
	"slices"
	"strings"

	"dateline"
)

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
