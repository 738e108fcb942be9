package feed

import (
	"bufio"
	"fmt"
	"io"
	"net/url"
	"strings"

	"dateline"
)

// Limits of a list of feeds.
const (
	maxOPML     = 64 << 20
	maxOutlines = 200_000
)

// ReadOPML reads a list of feeds, OPML 1.0 or 2.0, in the charset that it
// declares. Outlines with the same home page become one outlet with several
// sources, in the order of the list; folders count for nothing. An outline
// without htmlUrl has the root of its feed's host for home. Outlines without an
// address of http or https are left out.
//
// The error is ErrInvalid for what is no OPML and ErrTooLarge for more than
// 64 MiB or 200,000 outlines.
func ReadOPML(r io.Reader) ([]dateline.Outlet, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxOPML+1))
	if err != nil {
		return nil, fmt.Errorf("read opml: %w", err)
	}
	if len(body) > maxOPML {
		return nil, fmt.Errorf("read opml: over %d bytes: %w", maxOPML, dateline.ErrTooLarge)
	}
	text, _ := toUTF8(body, "")
	s := scanner{b: text}
	o := outlines{at: map[string]int{}}
	root, n, depth := false, 0, 0
	for {
		t := s.next()
		if t.kind == endOfInput {
			break
		}
		switch name := string(t.name); {
		case t.kind == startTag && strings.EqualFold(name, "opml"):
			root = true
		case t.kind == endTag:
			depth = max(0, depth-1)
		case t.kind == startTag && strings.EqualFold(name, "outline"):
			if n++; n > maxOutlines {
				return nil, fmt.Errorf("read opml: over %d outlines: %w", maxOutlines, dateline.ErrTooLarge)
			}
			if !t.empty {
				if depth++; depth > maxDepth {
					return nil, fmt.Errorf("read opml: nests deeper than %d: %w", maxDepth, dateline.ErrTooLarge)
				}
			}
			o.add(t)
		}
	}
	if !root {
		return nil, fmt.Errorf("read opml: no opml element: %w", dateline.ErrInvalid)
	}
	return o.list, nil
}

type outlines struct {
	list []dateline.Outlet
	at   map[string]int // key of the home address to place in list
}

// add takes an outline. Names of attributes are met in any case.
func (o *outlines) add(t token) {
	var feed, home, link, title, text, kind, language string
	for key, v := range t.all {
		var p *string
		switch strings.ToLower(string(key)) {
		case "xmlurl":
			p = &feed
		case "htmlurl":
			p = &home
		case "url":
			p = &link
		case "title":
			p = &title
		case "text":
			p = &text
		case "type":
			p = &kind
		case "language":
			p = &language
		default:
			continue
		}
		set(p, clean(unescape(v)))
	}
	source := dateline.Source{URL: resolve(nil, feed), Kind: dateline.SourceFeed, Language: languageOf(language)}
	switch kind = strings.ToLower(kind); {
	case kind == "sitemap":
		source.Kind = dateline.SourceSitemap
	case kind == "link" && feed == "":
		source.URL, source.Kind = resolve(nil, link), dateline.SourceIndex
	}
	name := text
	if name == "" {
		name = title
	}
	home = resolve(nil, home)
	if source.URL == "" && home == "" {
		return
	}
	if home == "" {
		u, err := url.Parse(source.URL)
		if err != nil {
			return
		}
		home = resolve(nil, u.Scheme+"://"+u.Host+"/")
	}
	key, err := dateline.PageKey(home)
	if err != nil {
		return
	}
	i, known := o.at[key]
	if !known {
		i = len(o.list)
		o.at[key] = i
		o.list = append(o.list, dateline.Outlet{ID: dateline.OutletID(key), Name: name, Home: home, Language: source.Language})
	}
	if source.URL == "" {
		return
	}
	out := &o.list[i]
	if name != out.Name {
		source.Title = name
	}
	if source.Language == out.Language {
		source.Language = ""
	}
	for _, have := range out.Sources {
		if have.URL == source.URL {
			return
		}
	}
	out.Sources = append(out.Sources, source)
}

// WriteOPML writes outlets as OPML 2.0 that ReadOPML reads back to the same
// names, homes, languages and sources; what else is known of an outlet has no
// place in it. Each outlet is an outline with its sources within, as readers of
// feeds show folders. Sitemaps have a type of their own, which other programs
// pass over.
func WriteOPML(w io.Writer, outlets []dateline.Outlet) error {
	b := bufio.NewWriter(w)
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n<head><title>Outlets</title></head>\n<body>\n")
	for _, o := range outlets {
		b.WriteString("<outline")
		attribute(b, "text", o.Name)
		attribute(b, "htmlUrl", o.Home)
		attribute(b, "language", o.Language)
		b.WriteString(">\n")
		for _, s := range o.Sources {
			title, language := s.Title, s.Language
			if title == "" {
				title = o.Name
			}
			if language == "" {
				language = o.Language
			}
			b.WriteString("  <outline")
			attribute(b, "text", title)
			switch s.Kind {
			case dateline.SourceIndex:
				attribute(b, "type", "link")
				attribute(b, "url", s.URL)
			case dateline.SourceSitemap:
				attribute(b, "type", "sitemap")
				attribute(b, "xmlUrl", s.URL)
			default:
				attribute(b, "type", "rss")
				attribute(b, "xmlUrl", s.URL)
			}
			attribute(b, "htmlUrl", o.Home)
			attribute(b, "language", language)
			b.WriteString("/>\n")
		}
		b.WriteString("</outline>\n")
	}
	b.WriteString("</body>\n</opml>\n")
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write opml: %w", err)
	}
	return nil
}

var attributeEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func attribute(b *bufio.Writer, name, value string) {
	if value != "" {
		b.WriteString(" " + name + `="` + attributeEscaper.Replace(clean(value)) + `"`)
	}
}
