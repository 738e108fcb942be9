package read

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"dateline"
)

// addresses fills the article's address, canonical address and domain.
func (p *page) addresses(a *dateline.Article, src *Source) {
	p.url = absolute(nil, a.URL)
	p.base = absolute(p.url, p.head.base)
	if p.base == nil {
		p.base = p.url
	}
	a.Canonical = p.canonicalURL()
	if p.url == nil && a.Canonical != "" {
		a.URL = a.Canonical
		p.url = absolute(nil, a.URL)
		if p.base == nil {
			p.base = p.url
		}
	}
	if p.url != nil {
		a.Site.Domain = strings.TrimPrefix(strings.ToLower(p.url.Hostname()), "www.")
	}
}

// canonicalURL returns the first address the page states for itself that can
// be one: not the home page where the page lies deeper, no template left
// unfilled.
func (p *page) canonicalURL() string {
	candidates := [6]string{p.head.canonical, p.head.meta("og:url")}
	if th := p.article(); th != nil {
		m := th.doc.member(th.at, "mainEntityOfPage")
		if m >= 0 && th.doc.values[m].kind == jObject {
			candidates[2] = th.doc.str(m, "@id")
			candidates[3] = th.doc.str(m, "url")
		} else {
			candidates[2] = th.doc.textOf(m, 0)
		}
		candidates[4] = th.doc.str(th.at, "url")
	}
	candidates[5] = p.head.meta("twitter:url", "parsely-link", "dc.identifier", "dcterms.identifier")
	home := ""
	for _, s := range candidates {
		u := p.resolveURL(s)
		if u == nil || !strings.Contains(u.Hostname(), ".") {
			continue
		}
		if u.Path == "" || u.Path == "/" {
			if u.RawQuery == "" {
				if home == "" {
					home = u.String()
				}
				continue
			}
		}
		return u.String()
	}
	// Several pages of a home page are one; a deeper page is not it.
	if p.url == nil || (p.url.Path == "" || p.url.Path == "/") && p.url.RawQuery == "" {
		return home
	}
	return ""
}

// resolveURL makes an address that the page states absolute, nil if it cannot
// be one, as a template that was left unfilled.
func (p *page) resolveURL(s string) *url.URL {
	if strings.ContainsAny(s, "{}<>\"\n") {
		return nil
	}
	return absolute(p.base, s)
}

// maxAddress is the length beyond which nothing is an address: each is written
// out in full as often as it is linked to.
const maxAddress = 4096

// absolute parses an address of the web, relative to base where there is one;
// nil if it cannot be followed.
func absolute(base *url.URL, s string) *url.URL {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxAddress {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Opaque != "" {
		return nil
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil
	}
	return u
}

// resolve is absolute for links: those to places in the page itself are none.
func resolve(base *url.URL, href string) string {
	if strings.HasPrefix(strings.TrimSpace(href), "#") {
		return ""
	}
	u := absolute(base, href)
	if u == nil {
		return ""
	}
	return u.String()
}

// sections fills the article's section, and keeps what names sections for
// cutting them off the headline.
func (p *page) sections(a *dateline.Article) {
	set := func(s string) {
		s = cleanText(s)
		if s == "" || len(s) > 100 {
			return
		}
		if a.Section == "" && !p.isSiteName(s) {
			a.Section = s
		}
		if len(p.section) < 16 {
			p.section = append(p.section, siteKey(s))
		}
	}
	p.head.all(func(m meta) { set(m.content) }, "article:section")
	if th := p.article(); th != nil {
		th.each("articleSection", func(at int32) { set(th.doc.textOf(at, 0)) })
	}
	set(p.head.meta("parsely-section", "sailthru.section", "cxenseparse:section", "section", "articlesection", "article.section", "og:section", "category", "dc.subject.category", "primary-section", "mrf:sections"))
	for i := range p.marked {
		if m := &p.marked[i]; m.name == "articleSection" && m.node.DataAtom != atom.Meta {
			set(nodeText(m.node))
		}
	}
	p.breadcrumb(set)
}

// breadcrumb calls set with the names on the way from the home page to the
// article, the nearest to the article first.
func (p *page) breadcrumb(set func(string)) {
	var names [8]string
	n := 0
	looked := 0
	put := func(name, address string) {
		if looked++; n == len(names) || looked > 8*len(names) {
			return
		}
		name = cleanText(name)
		if name == "" || p.isHome(address) || p.isSiteName(name) || p.isTitle(name) {
			return
		}
		if u := p.resolveURL(address); u != nil && p.url != nil && u.Path == p.url.Path && u.RawQuery == p.url.RawQuery {
			return
		}
		names[n] = name
		n++
	}
	for i := range p.things {
		th := &p.things[i]
		d, at := th.doc, th.at
		if th.typ != "BreadcrumbList" {
			if at = d.member(at, "breadcrumb"); at < 0 || d.values[at].kind != jObject {
				continue
			}
		}
		m := d.member(at, "itemListElement")
		if m < 0 {
			continue
		}
		first := d.values[m].first
		if d.values[m].kind == jObject {
			first = m
		}
		for c := first; c >= 0; c = d.values[c].next {
			item := d.member(c, "item")
			name, address := d.str(c, "name"), ""
			if item >= 0 {
				if d.values[item].kind == jObject {
					if name == "" {
						name = d.str(item, "name")
					}
					address = d.str(item, "@id")
					if address == "" {
						address = d.str(item, "url")
					}
				} else {
					address = d.textOf(item, 0)
				}
			}
			put(name, address)
		}
		if n > 0 {
			break
		}
	}
	if n == 0 {
		for i := range p.marked {
			if m := &p.marked[i]; m.name == "itemListElement" && m.node.DataAtom != atom.Meta {
				put(nodeText(m.node), linkIn(m.node, 3))
			}
		}
	}
	if n == 0 {
		p.shownCrumbs(put)
	}
	for n--; n >= 0; n-- {
		set(names[n])
	}
}

// shownCrumbs puts the links of a trail that stands over the headline.
func (p *page) shownCrumbs(put func(name, address string)) {
	const near, levels = 12, 4 // blocks before the headline, up to the trail
	for i := max(0, p.title-near); i < p.title; i++ {
		b := &p.blocks[i]
		if b.links[0] == b.links[1] {
			continue
		}
		n := p.elems[b.elem].node
		for k := 0; k < levels && n != nil; k, n = k+1, n.Parent {
			if strings.Contains(strings.ToLower(attr(n, "class")+attr(n, "id")), "crumb") {
				for _, l := range p.links[b.links[0]:b.links[1]] {
					put(string(p.buf[l.start:l.end]), l.href)
				}
				break
			}
		}
	}
}

// linkIn returns the address of the first link in or at a node.
func linkIn(n *html.Node, depth int) string {
	if n.DataAtom == atom.A {
		return attr(n, "href")
	}
	if depth == 0 {
		return ""
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			if s := linkIn(c, depth-1); s != "" {
				return s
			}
		}
	}
	return ""
}

// isTitle tells whether a text is one of the page's headlines.
func (p *page) isTitle(s string) bool {
	h := hash([]byte(s))
	for _, i := range p.h1[:min(len(p.h1), maxH1)] {
		if p.blocks[i].hash == h {
			return true
		}
	}
	return s == p.ogTitle() || len(s) > 20 && strings.HasPrefix(p.head.title, s)
}

// ogTitle is the headline that the page states for those who link to it, empty
// where it is longer than one can be.
func (p *page) ogTitle() string {
	if !p.ogKnown {
		p.og, p.ogKnown = p.head.meta("og:title", "twitter:title"), true
		if len(p.og) > 4*maxTitle { // with its entities
			p.og = ""
		}
		if p.og = cleanText(p.og); len(p.og) > maxTitle {
			p.og = ""
		}
	}
	return p.og
}

// isSection tells whether a part of a title is a section the page states.
func (p *page) isSection(s string) bool {
	key := siteKey(s)
	for _, k := range p.section {
		if k == key {
			return true
		}
	}
	return false
}

const maxTags = 50

// tags fills the article's tags from the first source that has any.
func (p *page) tags(a *dateline.Article) {
	add := func(s string) {
		s = cleanText(s)
		if s == "" || len(s) > 120 || len(a.Tags) >= maxTags {
			return
		}
		for _, t := range a.Tags {
			if strings.EqualFold(t, s) {
				return
			}
		}
		a.Tags = append(a.Tags, s)
	}
	split := func(s string) {
		sep := ","
		for _, other := range [...]string{";", "，", "、", "،", "|"} {
			if !strings.Contains(s, sep) && strings.Contains(s, other) {
				sep = other
			}
		}
		for part := range strings.SplitSeq(s, sep) {
			if len(a.Tags) == maxTags {
				return
			}
			add(part)
		}
	}
	p.head.all(func(m meta) { split(m.content) }, "article:tag", "og:article:tag")
	if len(a.Tags) == 0 {
		if th := p.article(); th != nil {
			m := th.doc.member(th.at, "keywords")
			if m >= 0 && th.doc.values[m].kind == jArray {
				th.each("keywords", func(at int32) { add(th.doc.textOf(at, 0)) })
				if len(a.Tags) == 1 { // a list in an array
					s := a.Tags[0]
					a.Tags = a.Tags[:0]
					split(s)
				}
			} else {
				split(cleanText(th.doc.textOf(m, 0)))
			}
		}
	}
	if len(a.Tags) == 0 {
		split(p.head.meta("news_keywords", "parsely-tags", "sailthru.tags"))
	}
	if len(a.Tags) == 0 {
		for i := range p.marked {
			if m := &p.marked[i]; hasWord(m.name, "tag") && m.node.DataAtom == atom.A || m.name == "keywords" && m.node.DataAtom != atom.Meta {
				split(nodeText(m.node))
			}
		}
	}
	if len(a.Tags) == 0 {
		split(p.head.meta("keywords", "dc.subject", "dcterms.subject", "cxenseparse:keywords"))
	}
}

// hasWord tells whether one of the words of a rel attribute is w.
func hasWord(s, w string) bool {
	if len(s) < len(w) || !strings.Contains(s, w) {
		return false
	}
	for f := range strings.FieldsSeq(s) {
		if strings.EqualFold(f, w) {
			return true
		}
	}
	return false
}

// image fills the article's picture with the first the page states, and with
// the caption and credit JSON-LD gives it.
func (p *page) image(a *dateline.Article) {
	var img dateline.Image
	if u := p.resolveURL(p.head.meta("og:image", "og:image:url", "og:image:secure_url")); u != nil {
		img.URL = u.String()
	}
	if th := p.article(); th != nil {
		th.each("image", func(at int32) {
			d := th.doc
			if img.Caption != "" || d.values[at].kind != jObject && img.URL != "" {
				return
			}
			if d.values[at].kind != jObject {
				if u := p.resolveURL(d.textOf(at, 0)); u != nil {
					img.URL = u.String()
				}
				return
			}
			if d.member(at, "url") < 0 && d.member(at, "contentUrl") < 0 {
				d, at = p.refer(d, at)
			}
			if img.URL == "" {
				for _, key := range [...]string{"url", "contentUrl", "@id"} {
					if u := p.resolveURL(d.str(at, key)); u != nil {
						img.URL = u.String()
						break
					}
				}
			}
			img.Caption = cleanText(d.str(at, "caption"))
			img.Credit = cleanText(d.str(at, "creditText"))
		})
	}
	if img.URL == "" {
		if u := p.resolveURL(p.head.meta("twitter:image", "twitter:image:src", "parsely-image-url", "sailthru.image.full", "image", "thumbnail")); u != nil {
			img.URL = u.String()
		}
	}
	if img.URL != "" {
		a.Image = &img
	}
}

// access returns what the page declares of who may read it; of two
// declarations the stricter.
func (p *page) access() dateline.Access {
	var out dateline.Access
	switch strings.ToLower(p.head.meta("article:content_tier", "content_tier")) {
	case "free":
		out = dateline.AccessFree
	case "metered":
		return dateline.AccessMetered
	case "locked", "paid", "premium":
		return dateline.AccessPaid
	}
	see := func(s string) {
		switch strings.ToLower(lastPart(strings.TrimSpace(s))) {
		case "false", "no", "0":
			out = dateline.AccessPaid
		case "true", "yes", "1":
			if out == "" {
				out = dateline.AccessFree
			}
		}
	}
	see(p.head.meta("isaccessibleforfree"))
	if th := p.article(); th != nil {
		see(th.doc.str(th.at, "isAccessibleForFree"))
		th.each("hasPart", func(at int32) { see(th.doc.str(at, "isAccessibleForFree")) })
	}
	for i := range p.things {
		if th := &p.things[i]; strings.HasSuffix(th.typ, "Page") {
			see(th.doc.str(th.at, "isAccessibleForFree"))
		}
	}
	return out
}
