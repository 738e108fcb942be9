package read

import (
	"slices"
	"strings"

	"dateline"
)

// Who wrote an article is said in several places, none of which can be
// trusted alone: JSON-LD names the outlet where the page shows a person, a
// meta element the login of who pressed the button, an element of class
// "author" the writer of another article. So each place's list of names is a
// candidate with a weight, and gains by every other place that has the same
// names, by standing in the page's text, and by standing at the headline.

// byline is what one place says.
type byline struct {
	from   string
	weight int
	names  []string
	keys   []string
	orgs   bool // no persons
}

// maxAuthors bounds the names of a byline, maxBylines the candidates.
const (
	maxAuthors = 24
	maxBylines = 24
)

// bylines collects the candidates of a page.
type bylines struct {
	p        *page
	w        *bylineWords
	x        extent
	sites    []string // keys of the site's own names
	near     []byte   // the text at the headline and behind the body
	persons  bool     // JSON-LD names some
	lastLink int32    // the block of the last candidate by its link
	list     []byline
}

// findAuthors sets a.Authors: the persons, desks or agencies of the byline,
// in the page's order, spelt as the page does.
func (p *page) findAuthors(a *dateline.Article) {
	c := p.bylines(a)
	a.Authors = c.choose()
}

func (p *page) bylines(a *dateline.Article) *bylines {
	c := &bylines{p: p, w: authorWords(), x: p.extent()}
	c.siteNames(a)
	c.around()
	c.linked()
	c.metas()
	c.marked()
	c.texts()
	return c
}

// siteNames gathers what the site calls itself: such a name is an author only
// where there is no other.
func (c *bylines) siteNames(a *dateline.Article) {
	add := func(s string) {
		if k := nameKey(s); k != "" && !slices.Contains(c.sites, k) && len(c.sites) < 16 {
			c.sites = append(c.sites, k)
		}
	}
	add(a.Site.Name)
	c.p.head.all(func(m meta) { add(m.content) }, "og:site_name", "application-name", "publisher", "dc.publisher", "twitter:site", "apple-mobile-web-app-title", "article:publisher")
	for i := range c.p.things {
		t := &c.p.things[i]
		if t.rank >= 3 {
			add(t.str("publisher"))
		} else if t.typ == "WebSite" || strings.HasSuffix(t.typ, "Organization") {
			add(t.str("name"))
		}
	}
	host := a.Site.Domain
	if host == "" {
		host = hostOf(c.p.head.canonical, a.URL)
	}
	if host != "" {
		host = strings.TrimPrefix(host, "www.")
		add(host)
		if i := strings.IndexByte(host, '.'); i > 3 {
			add(host[:i])
		}
	}
}

// around takes the text at the headline and behind the body.
func (c *bylines) around() {
	p := c.p
	for i := range p.blocks {
		if z := c.x.zone(int32(i)); z == zoneHead || z == zoneFoot {
			c.near = append(append(c.near, p.blockText(i)...), '\n')
		}
	}
}

// hostOf returns the host of the first address that has one.
func hostOf(addresses ...string) string {
	for _, u := range addresses {
		if _, rest, ok := strings.Cut(u, "//"); ok {
			if i := strings.IndexAny(rest, "/?#:"); i >= 0 {
				rest = rest[:i]
			}
			if rest != "" {
				return rest
			}
		}
	}
	return ""
}

// add takes in a candidate.
func (c *bylines) add(from string, weight int, names []string) {
	if len(names) == 0 || len(c.list) >= maxBylines {
		return
	}
	b := byline{from: from, weight: weight, orgs: true}
	for _, n := range names {
		if !c.org(n) {
			b.orgs = false
		}
	}
	for _, n := range names {
		k := nameKey(n)
		if !b.head() && innerCapital(n[strings.LastIndexByte(n, ' ')+1:]) && c.siteBegins(k) {
			continue // the outlet with its neighbour's text
		}
		if k == "" || slices.Contains(b.keys, k) || !b.orgs && len(names) > 1 && slices.Contains(c.sites, k) {
			continue // the outlet after its writer
		}
		if !b.orgs && len(b.names) > 0 && !b.head() && c.org(n) {
			continue // where the writer works
		}
		b.names, b.keys = append(b.names, n), append(b.keys, k)
	}
	if len(b.names) > 0 {
		c.persons = c.persons || from == "json-ld author" && !b.orgs
		c.list = append(c.list, b)
	}
}

// siteBegins tells whether a key is one of the site's names and more.
func (c *bylines) siteBegins(key string) bool {
	for _, s := range c.sites {
		if len(s) >= 8 && len(key) > len(s) && strings.HasPrefix(key, s) {
			return true
		}
	}
	return false
}

// org tells whether a name is the site's, an organisation's or nobody's.
func (c *bylines) org(name string) bool {
	if slices.Contains(c.sites, nameKey(name)) || c.w.of(name)&wordNobody != 0 {
		return true
	}
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == ' ' || r == '-' }) {
		if c.w.of(word)&wordOrg != 0 {
			return true
		}
	}
	return false
}

// linked reads the author and creator of the JSON-LD things that describe the page.
func (c *bylines) linked() {
	p := c.p
	best := p.article()
	for i := range p.things {
		t := &p.things[i]
		if t != best && t.rank < 3 && !(best == nil && t.rank >= 2) {
			continue
		}
		if best != nil && t.rank < best.rank && t.doc.member(best.at, "author") >= 0 {
			continue
		}
		for _, key := range [...]string{"author", "creator"} {
			var persons, others []string
			t.each(key, func(at int32) {
				if len(persons)+len(others) < maxAuthors {
					d, at := p.refer(t.doc, at)
					c.person(d, at, &persons, &others)
				}
			})
			weight := 60
			if t != best {
				weight = 40
			}
			if key == "creator" {
				weight -= 10
			}
			if len(persons) > 0 {
				c.add("json-ld "+key, weight, persons)
			} else {
				c.add("json-ld org "+key, weight-12, others)
			}
			if len(persons)+len(others) > 0 {
				break
			}
		}
	}
}

// person reads one author object or string of JSON-LD.
func (c *bylines) person(d *jdoc, at int32, persons, others *[]string) {
	v := &d.values[at]
	var s string
	org := false
	switch v.kind {
	case jString:
		s = cleanText(v.text())
	case jObject:
		m := d.member(at, "name")
		if m >= 0 && d.values[m].kind == jArray {
			for x := d.values[m].first; x >= 0; x = d.values[x].next {
				if d.values[x].kind == jString {
					c.person(d, x, persons, others)
				}
			}
			return
		}
		s = cleanText(d.str(at, "name"))
		if s == "" {
			s = strings.TrimSpace(cleanText(d.str(at, "givenName")) + " " + cleanText(d.str(at, "familyName")))
		}
		org = strings.HasSuffix(d.str(at, "@type"), "Organization")
	}
	if s == "" {
		return
	}
	dst := persons
	if org {
		dst = others
	}
	*dst = c.split(*dst, s)
}

// split takes apart what data names as author, where any name will do; the
// site's own stays whole.
func (c *bylines) split(dst []string, s string) []string {
	if k := nameKey(s); k != "" && slices.Contains(c.sites, k) {
		return append(dst, s)
	}
	return c.w.splitNames(dst, s, asData)
}

// metaAuthors are the names under which meta elements give the author, with
// their weights.
var metaAuthors = []struct {
	name   string
	weight int
}{
	{"citation_author", 60}, {"parsely-author", 50}, {"sailthru.author", 50}, {"author", 40}, {"authors", 45}, {"dc.creator", 40}, {"dc:creator", 40}, {"dcterms.creator", 40},
	{"creator", 30}, {"dc.contributor", 20}, {"article:author", 40}, {"og:author", 40}, {"og:article:author", 40}, {"book:author", 30}, {"cxenseparse:author", 45}, {"twitter:data1", 15},
}

func (c *bylines) metas() {
	for _, f := range metaAuthors {
		var names []string
		for i := range c.p.head.metas {
			m := &c.p.head.metas[i]
			if m.name != f.name {
				continue
			}
			s, ok := personName(m)
			if !ok {
				continue
			}
			if f.weight < 20 {
				names = c.w.splitNames(names, s, asProse)
			} else {
				names = c.split(names, s)
			}
		}
		c.add("meta "+f.name, f.weight, names)
	}
}

// personName is what a meta element says where that may be a name.
func personName(m *meta) (string, bool) {
	if len(m.content) > 400 {
		return "", false
	}
	s := cleanText(m.content)
	address := strings.Contains(s, "://") || strings.HasPrefix(s, "/") || strings.HasPrefix(s, "@") || strings.HasPrefix(s, "www.")
	return s, !address
}
