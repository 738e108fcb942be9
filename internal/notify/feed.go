package notify

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// Feed is a search's newest articles for programs that read feeds. It can be
// written as Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1.
type Feed struct {
	ID      string // a URI that never changes
	Title   string
	Link    string // of the search in the record
	Self    string // of the feed
	Updated time.Time
	Items   []Item
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID      string     `xml:"id"`
	Title   string     `xml:"title"`
	Updated string     `xml:"updated"`
	Author  string     `xml:"author>name"`
	Links   []atomLink `xml:"link"`
	Summary string     `xml:"summary,omitempty"`
	Lang    string     `xml:"xml:lang,attr,omitempty"`
}

// Atom writes the feed as Atom.
func (f Feed) Atom(w io.Writer) error {
	doc := struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}{ID: f.ID, Title: clean(f.Title), Updated: f.Updated.UTC().Format(time.RFC3339), Links: []atomLink{{Href: f.Link}, {Rel: "self", Type: "application/atom+xml", Href: f.Self}}}
	for _, it := range f.Items {
		doc.Entries = append(doc.Entries, atomEntry{
			ID: it.id(), Title: it.title(), Updated: it.Time.UTC().Format(time.RFC3339), Author: it.outlet(), Lang: it.Language,
			Links: []atomLink{{Rel: "alternate", Href: it.Link}, {Rel: "via", Href: clean(it.URL)}}, Summary: it.summary(),
		})
	}
	return writeXML(w, doc)
}

type rssItem struct {
	Title       string  `xml:"title"`
	Link        string  `xml:"link"`
	GUID        rssGUID `xml:"guid"`
	PubDate     string  `xml:"pubDate"`
	Description string  `xml:"description,omitempty"`
	Source      string  `xml:"category,omitempty"`
}

type rssGUID struct {
	PermaLink bool   `xml:"isPermaLink,attr"`
	Value     string `xml:",chardata"`
}

// RSS writes the feed as RSS 2.0.
func (f Feed) RSS(w io.Writer) error {
	doc := struct {
		XMLName xml.Name  `xml:"rss"`
		Version string    `xml:"version,attr"`
		Title   string    `xml:"channel>title"`
		Link    string    `xml:"channel>link"`
		About   string    `xml:"channel>description"`
		Built   string    `xml:"channel>lastBuildDate"`
		Items   []rssItem `xml:"channel>item"`
	}{Version: "2.0", Title: clean(f.Title), Link: f.Link, About: clean(f.Title), Built: f.Updated.UTC().Format(time.RFC1123Z)}
	for _, it := range f.Items {
		doc.Items = append(doc.Items, rssItem{
			Title: it.title(), Link: it.Link, GUID: rssGUID{Value: it.id()}, PubDate: it.Time.UTC().Format(time.RFC1123Z),
			// Readers take a description for HTML, so what is text is written as such.
			Description: escaper.Replace(it.summary()), Source: it.outlet(),
		})
	}
	return writeXML(w, doc)
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// JSON writes the feed as JSON Feed.
func (f Feed) JSON(w io.Writer) error {
	type author struct {
		Name string `json:"name"`
	}
	type item struct {
		ID        string   `json:"id"`
		URL       string   `json:"url"`
		External  string   `json:"external_url,omitempty"`
		Title     string   `json:"title"`
		Text      string   `json:"content_text"`
		Published string   `json:"date_published"`
		Language  string   `json:"language,omitempty"`
		Authors   []author `json:"authors"`
	}
	items := make([]item, 0, len(f.Items))
	for _, it := range f.Items {
		items = append(items, item{it.id(), it.Link, clean(it.URL), it.title(), it.summary(), it.Time.UTC().Format(time.RFC3339), it.Language, []author{{it.outlet()}}})
	}
	return json.NewEncoder(w).Encode(map[string]any{
		"version": "https://jsonfeed.org/version/1.1", "title": clean(f.Title), "home_page_url": f.Link, "feed_url": f.Self, "items": items,
	})
}

// id is a URI of a version of an article.
func (it Item) id() string { return fmt.Sprintf("urn:dateline:%s:%d", it.ID, it.Number) }

// title is never empty: readers show nothing else.
func (it Item) title() string {
	if t := oneLine(clean(it.Title)); t != "" {
		return t
	}
	return clean(it.URL)
}

func (it Item) outlet() string {
	if it.Outlet != "" {
		return clean(it.Outlet)
	}
	return "?"
}

func (it Item) summary() string {
	parts := append([]string{}, it.Figures...)
	if it.Number > 1 {
		parts = append(parts, fmt.Sprintf("version %d", it.Number))
	}
	return clean(strings.Join(parts, " · "))
}

func writeXML(w io.Writer, doc any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	return xml.NewEncoder(w).Encode(doc)
}

// clean leaves out what XML cannot carry.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == 0xFFFD || r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
}
