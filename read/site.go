package read

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
)

// siteName is a name of the site, as stated and folded for comparing, or
// something that stands for it: a label of its host, the text of the link home.
type siteName struct {
	text  string
	key   string // letters and digits only, lower case, without accents
	given bool   // stated as a name, not only evidence
}

// site fills the article's site, addresses, section, tags, image and access.
// It is called before the headline is chosen, which needs the site's names.
func (p *page) site(a *dateline.Article, src *Source) {
	p.addresses(a, src)
	p.findNames()
	if len(p.names) > 0 && p.names[0].given {
		a.Site.Name = p.names[0].text
	}
	p.sections(a)
	p.tags(a)
	p.image(a)
	a.Access = p.access()
}

// siteNames returns the names that the page states for its site, the best
// first, and its host.
func (p *page) siteNames() (names []string) {
	for i := range p.names {
		if p.names[i].given {
			names = append(names, p.names[i].text)
		}
	}
	if p.url != nil {
		names = append(names, p.url.Hostname())
	}
	return names
}

func (p *page) addName(s string, given bool) {
	s = cleanText(s)
	if s == "" || len(s) > 120 || len(p.names) >= 24 || strings.Contains(s, "://") || strings.ContainsAny(s, "<>") {
		return // an address, markup that a page has broken
	}
	key := siteKey(s)
	if len(key) < 2 {
		return
	}
	for i := range p.names {
		if p.names[i].key == key {
			return
		}
	}
	p.names = append(p.names, siteName{s, key, given})
}

// findNames gathers the names of the site.
func (p *page) findNames() {
	p.names = p.names[:0]
	p.addName(p.head.meta("og:site_name", "og:sitename"), true)
	if th := p.article(); th != nil {
		for _, key := range [...]string{"publisher", "sourceOrganization", "provider"} {
			if m := th.doc.member(th.at, key); m >= 0 {
				p.addName(p.nameOf(th.doc, m), true)
			}
		}
	}
	for i := range p.things {
		if th := &p.things[i]; th.typ == "WebSite" {
			p.addName(th.doc.str(th.at, "name"), true)
			p.addName(th.doc.str(th.at, "alternateName"), false)
		}
	}
	p.addName(p.head.meta("application-name", "apple-mobile-web-app-title", "al:ios:app_name", "al:android:app_name", "sitename"), true)
	if s := p.titleSuffix(); s != "" {
		p.addName(s, true)
	}
	for i := range p.things {
		switch th := &p.things[i]; th.typ {
		case "Organization", "NewsMediaOrganization", "Corporation":
			p.addName(th.doc.str(th.at, "name"), false)
		}
	}
	p.addName(strings.TrimPrefix(p.head.meta("twitter:site"), "@"), false)
	p.addName(p.head.meta("dc.publisher", "dcterms.publisher", "publisher", "copyright"), false)
	p.hostNames()
	// The link home is the site's logo, or says "Home", which may end a title too.
	for i := 0; i < len(p.links) && i < 60; i++ {
		if l := &p.links[i]; l.end-l.start < 60 && p.isHome(l.href) {
			p.addName(string(p.buf[l.start:l.end]), false)
		}
	}
	p.nameInTitle()
}

// nameInTitle takes for stated what only stands for the site's name where the
// title ends with it too.
func (p *page) nameInTitle() {
	title := foldSpace(p.head.title)
	var cuts [maxCuts]cut
	n := 0
	if len(title) <= maxTitle {
		n = separators(title, &cuts)
	}
	if n == 0 || len(p.names) == 0 || p.names[0].given || cuts[n-1].bond == loose {
		return
	}
	last := strings.TrimSpace(title[cuts[n-1].end:])
	key := siteKey(last)
	for i := range p.names {
		if p.names[i].key == key && wordCount(last) > 1 {
			p.names[0], p.names[i] = siteName{last, key, true}, p.names[0]
			return
		}
	}
}

// nameOf returns the name of the thing that a member holds or refers to.
func (p *page) nameOf(d *jdoc, m int32) string {
	if v := &d.values[m]; v.kind == jArray {
		if m = v.first; m < 0 {
			return ""
		}
	}
	if d.values[m].kind == jObject {
		d, m = p.refer(d, m)
		return d.str(m, "name")
	}
	return d.textOf(m, 0)
}

// titleSuffix returns what <title> has behind the headline that another
// source states alone.
func (p *page) titleSuffix() string {
	title := foldSpace(p.head.title)
	if len(title) > maxTitle {
		return ""
	}
	og := p.ogTitle()
	var cuts [maxCuts]cut
	n := separators(title, &cuts)
	for k := n - 1; k >= 0; k-- {
		c := cuts[k]
		if c.bond == loose {
			continue
		}
		rest := title[:c.start]
		if rest == og || wordCount(rest) > 2 && p.shows(rest) {
			// A title may have the section before the name.
			s := title[cuts[n-1].end:]
			if cuts[n-1].bond == loose {
				s = title[c.end:]
			}
			if wordCount(s) <= 6 {
				return s
			}
			return ""
		}
	}
	return ""
}

// hostNames adds the host and its labels, but for those that stand for no name.
func (p *page) hostNames() {
	if p.url == nil {
		return
	}
	host := strings.TrimPrefix(p.url.Hostname(), "www.")
	p.addName(host, false)
	labels := strings.Split(host, ".")
	if len(labels) > 6 || len(labels) > 0 && strings.Trim(labels[len(labels)-1], "0123456789") == "" {
		return
	}
	for i, l := range labels {
		left := len(labels) - 1 - i
		if left == 0 || left == 1 && i > 0 && len(l) <= 3 && len(labels[len(labels)-1]) == 2 || len(l) < 2 {
			continue // "com", "co.uk"
		}
		p.addName(l, false)
	}
}

// isHome tells whether a link leads to the site's home page.
func (p *page) isHome(href string) bool {
	if p.url == nil || href == "" || href[0] == '/' && !strings.HasPrefix(href, "//") {
		return href == "/"
	}
	if href[0] != 'h' && href[0] != '/' {
		return false
	}
	_, rest, ok := strings.Cut(href, "//")
	host, path, _ := strings.Cut(rest, "/")
	return ok && path == "" && strings.EqualFold(strings.TrimPrefix(host, "www."), strings.TrimPrefix(p.url.Hostname(), "www."))
}

// isSiteName tells whether a text is one of the site's names, or one of them
// with little added.
func (p *page) isSiteName(s string) bool {
	if len(s) > 120 {
		return false
	}
	var buf [128]byte
	key := appendKey(buf[:0], s)
	if len(key) < 2 {
		return false
	}
	for i := range p.names {
		n := p.names[i].key
		switch {
		case len(n) == len(key):
			if n == string(key) {
				return true
			}
		case len(n) < 4 || len(key) < 4:
		case len(key) > len(n):
			if 10*len(n) >= 7*len(key) && (string(key[:len(n)]) == n || string(key[len(key)-len(n):]) == n) {
				return true
			}
		case 10*len(key) >= 6*len(n) && (n[:len(key)] == string(key) || n[len(n)-len(key):] == string(key)):
			return true
		}
	}
	return false
}

// beginsWithName tells whether a text begins with a name the site states.
func (p *page) beginsWithName(s string) bool {
	var buf [128]byte
	key := appendKey(buf[:0], s[:min(len(s), 120)])
	for i := range p.names {
		if n := &p.names[i]; n.given && len(n.key) >= 4 && len(n.key) <= len(key) && string(key[:len(n.key)]) == n.key {
			return true
		}
	}
	return false
}

// isSite tells whether a part of a title is the site's name. Behind a firm
// sign the evidence may be weaker: half of the part's letters in words of a
// name, or initials.
func (p *page) isSite(s string, b bond) bool {
	if len(s) > 120 || s == "" {
		return false
	}
	if b == loose {
		var buf [128]byte
		key := appendKey(buf[:0], s)
		for i := range p.names {
			if n := &p.names[i]; len(key) > 2 && n.key == string(key) {
				return true
			}
		}
		return false
	}
	if p.isSiteName(s) {
		return true
	}
	known, all, words := 0, 0, 0
	var initials [6]byte
	for w := range strings.FieldsSeq(s) {
		if words == len(initials) {
			return false
		}
		var buf [128]byte
		k := appendKey(buf[:0], w)
		all += len(k)
		if len(k) > 0 {
			initials[words] = k[0]
		}
		words++
		if len(k) < 3 {
			continue
		}
		for j := range p.names {
			n := p.names[j].key
			if n == string(k) || len(k) >= 4 && strings.Contains(n, string(k)) || len(n) >= 4 && len(k) > len(n) && string(k[:len(n)]) == n {
				known += len(k)
				break
			}
		}
	}
	if known > 0 && 2*known >= all {
		return true
	}
	for j := range p.names {
		n := &p.names[j]
		// The words stand for an abbreviation, or one word for several.
		if words >= 3 && n.key == string(initials[:words]) || words == 1 && len(s) >= 3 && abbreviates(s, n.text) {
			return true
		}
	}
	return false
}

// abbreviates tells whether s is made of the first letters of a name's words.
func abbreviates(s, name string) bool {
	n := 0
	for w := range strings.FieldsSeq(name) {
		if n == len(s) || w[0]|0x20 != s[n]|0x20 || w[0] >= utf8.RuneSelf {
			return false
		}
		n++
	}
	return n == len(s)
}

// siteKey folds a name to its letters and digits, in lower case and, for
// Latin, without accents.
func siteKey(s string) string { return string(appendKey(make([]byte, 0, 64), s)) }

// appendKey appends siteKey(s) to b.
func appendKey(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c >= 'A' && c <= 'Z':
				b = append(b, c|0x20)
			case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
				b = append(b, c)
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case r >= 0xC0 && r < 0x180:
			if base := latinBase[r-0xC0]; base != '.' {
				b = append(b, base)
			}
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			b = utf8.AppendRune(b, unicode.ToLower(r))
		}
	}
	return b
}

// latinBase has the letters without accents of U+00C0 to U+017F.
const latinBase = "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty" +
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll" +
	"lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
