package demo

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"time"
)

// item is what feeds and sitemaps tell of a page.
type item struct {
	address, id, title, summary, author, section, credit, content string
	published, modified                                           time.Time
}

// channel is what they tell of the outlet.
type channel struct {
	name, home, self, lang, about string
	modified                      time.Time
}

// esc makes text safe between tags and in attributes of XML.
func esc(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s))
	return b.String()
}

// tag is an element with text, or nothing where there is no text.
func tag(name, text string) string {
	if text == "" {
		return ""
	}
	element, _, _ := strings.Cut(name, " ")
	return "<" + name + ">" + esc(text) + "</" + element + ">\n"
}

// rss writes RSS 2.0. What is in encoding's reach is the caller's business:
// the declaration names charset.
func rss(c channel, items []item, charset string) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="` + charset + `"?>` + "\n")
	b.WriteString(`<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">` + "\n<channel>\n")
	b.WriteString(tag("title", c.name) + tag("link", c.home) + tag("description", c.about) + tag("language", c.lang))
	b.WriteString(`<atom:link href="` + esc(c.self) + `" rel="self" type="application/rss+xml" />` + "\n")
	b.WriteString(tag("lastBuildDate", c.modified.Format(time.RFC1123Z)))
	for _, i := range items {
		b.WriteString("<item>\n" + tag("title", i.title) + tag("link", i.address) + tag(`guid isPermaLink="false"`, i.id) + tag("dc:creator", i.author) + tag("category", i.section))
		b.WriteString(tag("pubDate", i.published.Format(time.RFC1123Z)) + tag("description", i.summary))
		if i.credit != "" {
			b.WriteString(tag("dc:publisher", i.credit))
		}
		if i.content != "" {
			b.WriteString("<content:encoded><![CDATA[" + i.content + "]]></content:encoded>\n")
		}
		b.WriteString("</item>\n")
	}
	b.WriteString("</channel>\n</rss>\n")
	return []byte(b.String())
}

// atom writes Atom 1.0.
func atom(c channel, items []item) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?>` + "\n" + `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="` + esc(c.lang) + `">` + "\n")
	b.WriteString(tag("title", c.name) + tag("subtitle", c.about) + tag("id", c.self) + tag("updated", c.modified.Format(time.RFC3339)))
	b.WriteString(`<link rel="self" href="` + esc(c.self) + `"/>` + "\n" + `<link rel="alternate" type="text/html" href="` + esc(c.home) + `"/>` + "\n")
	for _, i := range items {
		b.WriteString("<entry>\n" + tag(`title type="html"`, esc(i.title)) + `<link rel="alternate" type="text/html" href="` + esc(i.address) + `"/>` + "\n")
		b.WriteString(tag("id", i.id) + tag("published", i.published.Format(time.RFC3339)) + tag("updated", i.modified.Format(time.RFC3339)))
		if i.author != "" {
			b.WriteString("<author>" + strings.TrimSpace(tag("name", i.author)) + "</author>\n")
		}
		b.WriteString(`<category term="` + esc(i.section) + `"/>` + "\n" + tag(`summary type="text"`, i.summary))
		if i.credit != "" {
			b.WriteString("<source>" + strings.TrimSpace(tag("title", i.credit)) + "</source>\n")
		}
		b.WriteString("</entry>\n")
	}
	b.WriteString("</feed>\n")
	return []byte(b.String())
}

// jsonFeed writes JSON Feed 1.1.
func jsonFeed(c channel, items []item) []byte {
	type person struct {
		Name string `json:"name"`
	}
	type entry struct {
		ID        string    `json:"id"`
		URL       string    `json:"url"`
		Title     string    `json:"title"`
		Summary   string    `json:"summary,omitempty"`
		Content   string    `json:"content_html,omitempty"`
		Published time.Time `json:"date_published"`
		Modified  time.Time `json:"date_modified"`
		Authors   []person  `json:"authors,omitempty"`
		Tags      []string  `json:"tags,omitempty"`
	}
	feed := struct {
		Version  string  `json:"version"`
		Title    string  `json:"title"`
		Home     string  `json:"home_page_url"`
		Self     string  `json:"feed_url"`
		Language string  `json:"language"`
		Items    []entry `json:"items"`
	}{"https://jsonfeed.org/version/1.1", c.name, c.home, c.self, c.lang, []entry{}}
	for _, i := range items {
		e := entry{ID: i.id, URL: i.address, Title: i.title, Summary: i.summary, Content: i.content, Published: i.published, Modified: i.modified, Tags: []string{i.section}}
		if i.author != "" {
			e.Authors = []person{{i.author}}
		}
		feed.Items = append(feed.Items, e)
	}
	out, err := json.MarshalIndent(feed, "", " ")
	if err != nil {
		return nil // times of years beyond 9999, which no farm has
	}
	return append(out, '\n')
}

// sitemap writes a sitemap; with news, its extension for them.
func sitemap(c channel, items []item, news bool) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"`)
	if news {
		b.WriteString(` xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"`)
	}
	b.WriteString(">\n")
	for _, i := range items {
		b.WriteString("<url>\n" + tag("loc", i.address) + tag("lastmod", i.modified.Format(time.RFC3339)))
		if news {
			b.WriteString("<news:news><news:publication>" + tag("news:name", c.name) + tag("news:language", c.lang) + "</news:publication>\n")
			b.WriteString(tag("news:publication_date", i.published.Format(time.RFC3339)) + tag("news:title", i.title) + "</news:news>\n")
		}
		b.WriteString("</url>\n")
	}
	b.WriteString("</urlset>\n")
	return []byte(b.String())
}
