package feed

import (
	"bytes"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dateline"
)

// One reader for all forms in XML. Their elements have different names or mean
// the same, so it needs to know only whether it is within an entry. An element
// it takes a value of is taken whole (scanner.inner), and those whose insides
// would be mistaken for the channel's, such as a picture with a title, are
// passed over whole. So tags that are not closed do no harm.

// roots are the elements that a document may begin with, and what an entry is
// called in it.
var roots = map[string]string{
	"rss":          "item",
	"rdf":          "item",
	"channel":      "item",
	"feed":         "entry",
	"urlset":       "url",
	"sitemapindex": "sitemap",
}

// namespaces are known by their names, whatever prefix a document gives them.
var namespaces = map[string]string{
	"www.w3.org/2005/atom":                     "atom:",
	"purl.org/atom/ns#":                        "atom:",
	"purl.org/rss/1.0":                         "",
	"my.netscape.com/rdf/simple/0.9":           "",
	"www.w3.org/1999/02/22-rdf-syntax-ns#":     "",
	"www.sitemaps.org/schemas/sitemap/0.9":     "",
	"www.google.com/schemas/sitemap/0.84":      "",
	"www.google.com/schemas/sitemap-news/0.9":  "news:",
	"www.google.com/schemas/sitemap-image/1.1": "image:",
	"www.google.com/schemas/sitemap-video/1.1": "video:",
	"purl.org/dc/elements/1.1":                 "dc:",
	"purl.org/dc/elements/1.0":                 "dc:",
	"purl.org/dc/terms":                        "dcterms:",
	"purl.org/rss/1.0/modules/content":         "content:",
	"purl.org/rss/1.0/modules/syndication":     "sy:",
	"search.yahoo.com/mrss":                    "media:",
	"rssnamespace.org/feedburner/ext/1.0":      "feedburner:",
	"www.itunes.com/dtds/podcast-1.0.dtd":      "itunes:",
}

type reader struct {
	input
	s       *scanner
	names   map[string]string // as written to as known
	ns      map[string]string // prefix to that of namespaces
	atom    bool
	entry   string   // what an entry is called
	entryAs string   // as written, of the entry under way
	most    int      // entries
	in      *partial // &buf within an entry, nil outside
	buf     partial
	root    *url.URL // what addresses of the channel are relative to
	period  time.Duration
	often   int
}

// partial is an entry under way. Of several elements that say the same the
// better one counts, so what is found stands apart until the entry ends.
type partial struct {
	dateline.Entry
	base              *url.URL
	link, origin      string
	id, about         string
	summary, content  string
	published, issued string
	author, owner     []string
	source, publisher string
}

func readXML(in input, s *scanner) error {
	r := &reader{input: in, s: s, names: map[string]string{}, ns: map[string]string{}, root: in.base}
	root, err := r.findRoot()
	if err != nil {
		return err
	}
	if r.doc.Kind == dateline.SourceFeed {
		s.src.cap(MaxFeed)
	} else {
		s.most = maxElement
	}
	depth, atEntry := 1, 1
	closed := false
	for {
		s.discard()
		t := s.next()
		if t.kind == endOfInput {
			break
		}
		name := r.known(t)
		if t.kind == endTag {
			depth--
			switch name {
			case r.entry:
				if r.in != nil && !r.finish() {
					return nil
				}
				depth = atEntry
			case root:
				closed = true
			}
			continue
		}
		if t.kind != startTag {
			continue
		}
		if name == r.entry {
			if r.in != nil { // the one before was not closed
				if !r.finish() {
					return nil
				}
				depth = atEntry
			}
			atEntry = depth
			r.begin(t)
		} else if r.element(name, t) {
			continue
		}
		if t.empty {
			continue
		}
		if depth++; depth > maxDepth {
			r.doc.warn(WarnDeep)
			break
		}
	}
	if r.in != nil && r.in.Title != "" && !r.s.cut {
		r.finish()
	}
	if !closed {
		r.doc.warn(WarnTruncated)
	}
	r.close()
	return nil
}

// findRoot goes to the document's first element. Output of a broken program
// may stand before it.
func (r *reader) findRoot() (string, error) {
	for r.s.at < 64<<10 {
		t := r.s.next()
		if t.kind == endOfInput {
			break
		}
		if t.kind == endTag {
			continue
		}
		r.declare(t)
		name := strings.ToLower(string(t.name))
		if name == "html" {
			return "", fmt.Errorf("a web page, not a feed: %w", dateline.ErrUnsupported)
		}
		if t.kind != startTag {
			continue
		}
		_, local, ok := strings.Cut(name, ":")
		if !ok {
			local = name
		}
		entry := roots[local]
		if entry == "" {
			continue
		}
		r.entry, r.most, r.doc.Kind = entry, MaxFeedEntries, dateline.SourceFeed
		if local == "urlset" || local == "sitemapindex" {
			r.most, r.doc.Kind = MaxSitemapEntries, dateline.SourceSitemap
		}
		r.atom = local == "feed"
		clear(r.names)
		r.channelAttrs(t)
		return r.known(t), nil
	}
	return "", fmt.Errorf("neither feed nor sitemap: %w", dateline.ErrUnsupported)
}

// declare notes the namespaces that an element declares. They hold from then
// on, for the whole document: no feed means two things by one prefix.
func (r *reader) declare(t token) {
	if !bytes.Contains(t.attrs, []byte("xmlns:")) {
		return
	}
	for key, value := range t.all {
		prefix, ok := bytes.CutPrefix(key, []byte("xmlns:"))
		if !ok || len(r.ns) >= 100 {
			continue
		}
		uri := strings.ToLower(string(value))
		_, uri, _ = strings.Cut(uri, "://")
		if short, ok := namespaces[strings.TrimRight(uri, "/")]; ok {
			r.ns[strings.ToLower(string(prefix))] = short
			clear(r.names)
		}
	}
}

// known is an element's name in lower case, with the prefix of namespaces.
func (r *reader) known(t token) string {
	if t.kind == startTag {
		r.declare(t)
	}
	if name, ok := r.names[string(t.name)]; ok {
		return name
	}
	name := strings.ToLower(string(t.name))
	if prefix, local, ok := strings.Cut(name, ":"); ok {
		if short, ok := r.ns[prefix]; ok {
			name = short + local
		}
	}
	if r.atom {
		name = strings.TrimPrefix(name, "atom:")
	}
	if len(r.names) < 1000 {
		r.names[string(t.name)] = name
	}
	return name
}

func (r *reader) begin(t token) {
	if r.root == nil { // the document's own address is not known
		r.root = parseAddress(nil, r.doc.Home)
	}
	r.buf = partial{base: r.root}
	r.in = &r.buf
	r.entryAs = string(t.name)
	if base := t.attr("xml:base"); base != "" {
		if u := parseAddress(r.root, base); u != nil {
			r.in.base = u
		}
	}
	r.in.Language = languageOf(t.attr("xml:lang"))
	for key, value := range t.all {
		if bytes.HasSuffix(key, []byte(":about")) {
			r.in.about = unescape(value)
		}
	}
}

// element takes what it knows, whole, and reports false for what it does not.
func (r *reader) element(name string, t token) bool {
	switch name {
	case "image", "textinput", "contributor", "atom:contributor", "cloud", "skiphours", "skipdays", "items", "generator":
		r.s.inner(t, r.entryAs)
		return true
	}
	if r.in == nil {
		return r.channel(name, t)
	}
	return r.field(name, t)
}

func (r *reader) channelAttrs(t token) {
	if v := languageOf(t.attr("xml:lang")); v != "" {
		r.doc.Language = v
	}
	if base := t.attr("xml:base"); base != "" {
		if u := parseAddress(r.root, base); u != nil {
			r.root = u
		}
	}
}

func (r *reader) channel(name string, t token) bool {
	switch name {
	case "channel":
		r.channelAttrs(t)
		return false
	case "title":
		set(&r.doc.Title, r.text(t))
	case "link", "atom:link":
		switch rel, href := linkOf(t); {
		case rel == "next":
			set(&r.doc.Next, resolve(r.root, href))
		case name == "link" && href != "" && rel == "alternate":
			set(&r.doc.Home, resolve(r.root, href))
		case name == "link" && href == "":
			v, _ := content(r.s.inner(t, ""))
			set(&r.doc.Home, resolve(r.root, v))
			return true
		}
		if !t.empty && name == "link" {
			r.s.inner(t, "")
		}
	case "language", "dc:language":
		set(&r.doc.Language, languageOf(r.text(t)))
	case "ttl":
		if n, err := strconv.Atoi(r.text(t)); err == nil && n > 0 && n <= 366*24*60 {
			r.doc.Every = time.Duration(n) * time.Minute
		}
	case "sy:updateperiod":
		r.period = periods[strings.ToLower(r.text(t))]
	case "sy:updatefrequency":
		r.often, _ = strconv.Atoi(r.text(t))
	case "author", "atom:author":
		r.s.inner(t, "")
	default:
		return false
	}
	return true
}

var periods = map[string]time.Duration{
	"hourly":  time.Hour,
	"daily":   24 * time.Hour,
	"weekly":  7 * 24 * time.Hour,
	"monthly": 30 * 24 * time.Hour,
	"yearly":  365 * 24 * time.Hour,
}

// finish makes an entry of what was found, and reports false when there is no
// room for more.
func (r *reader) finish() bool {
	p := r.in
	r.in = nil
	e := p.Entry
	e.URL = p.address()
	if r.entry == "sitemap" {
		return r.sitemap(Sitemap{URL: e.URL, Modified: e.Modified})
	}
	e.Published = p.published
	if e.Published == "" {
		e.Published = p.issued
	}
	e.Authors = p.author
	if e.Authors == nil {
		e.Authors = p.owner
	}
	e.Credit = p.source
	if e.Credit == "" {
		e.Credit = p.publisher
	}
	if e.Credit == r.doc.Title {
		e.Credit = ""
	}
	e.Summary, e.Content = texts(p.summary, p.content)
	return r.add(e, r.most)
}

// address is the best of what an entry has for one.
func (p *partial) address() string {
	for _, v := range [...]string{p.origin, p.link} {
		if v != "" {
			return v
		}
	}
	for _, v := range [...]string{p.id, p.about} {
		if strings.HasPrefix(v, "http") {
			if v = resolve(nil, v); v != "" {
				return v
			}
		}
	}
	return ""
}

func (r *reader) sitemap(m Sitemap) bool {
	switch {
	case m.URL == "":
		r.doc.warn(WarnAddress)
	case r.base != nil && m.URL == r.base.String(), !r.isNew(m.URL):
	case len(r.doc.Sitemaps) >= MaxSitemapEntries:
		r.doc.warn(WarnCut)
		return false
	default:
		r.doc.Sitemaps = append(r.doc.Sitemaps, m)
	}
	return true
}

// close settles what the channel says of itself.
func (r *reader) close() {
	if r.doc.Every == 0 && r.period > 0 {
		r.doc.Every = r.period / time.Duration(max(1, min(r.often, 1000)))
	}
}
