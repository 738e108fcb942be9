package read

import (
	"html"
	"strings"
)

// thing is one object of a page's JSON-LD that says something of the page:
// an article, a web page, a video, a person. Its members stay in the document
// and are asked for by name.
type thing struct {
	doc  *jdoc
	at   int32
	typ  string // its @type, the first one where it has several; empty if none
	rank int    // how much its type says that it describes this page's article
	id   string
}

// maxThings bounds what a hostile page can make us look at.
const maxThings = 2000

// typeRanks are the schema.org types whose members describe an article; the
// others' do only where no such is there.
var typeRanks = map[string]int{
	"newsarticle": 5, "reportagenewsarticle": 5, "analysisnewsarticle": 5, "opinionnewsarticle": 5, "askpublicnewsarticle": 5,
	"backgroundnewsarticle": 5, "reviewnewsarticle": 5, "article": 5, "blogposting": 5, "liveblogposting": 5, "report": 5, "scholarlyarticle": 5,
	"techarticle": 5, "medicalscholarlyarticle": 5, "satiricalarticle": 5, "advertisercontentarticle": 5, "socialmediaposting": 4, "discussionforumposting": 4,
	"review": 4, "criticreview": 4, "recipe": 4, "howto": 3, "qapage": 3, "event": 2, "podcastepisode": 3, "videoobject": 3, "imagegallery": 3, "mediagallery": 3,
	"creativework": 3, "product": 2, "webpage": 2, "itempage": 2, "collectionpage": 2, "aboutpage": 2, "website": 1,
}

// linkedData reads the page's JSON-LD. The things stand in the page's order,
// outer ones before those inside them.
func (p *page) linkedData() {
	left := maxJSONValues
	for _, s := range p.ldjson {
		if left <= 0 {
			return
		}
		d := &jdoc{most: left}
		parseJSON(s, d)
		if left -= len(d.values); len(d.values) > 0 {
			p.collect(d, 0, 0)
		}
	}
}

// collect walks arrays, @graph and mainEntity; the objects nested elsewhere
// (a list's items, an author) belong to the object they stand in.
func (p *page) collect(d *jdoc, at int32, depth int) {
	if at < 0 || depth > 8 || len(p.things) >= maxThings {
		return
	}
	v := &d.values[at]
	switch v.kind {
	case jArray:
		for c := v.first; c >= 0; c = d.values[c].next {
			p.collect(d, c, depth+1)
		}
	case jObject:
		t := thing{doc: d, at: at, typ: lastPart(d.str(at, "@type")), id: d.str(at, "@id")}
		t.rank = typeRanks[strings.ToLower(t.typ)]
		if m := d.member(at, "@type"); m >= 0 && d.values[m].kind == jArray {
			for c := d.values[m].first; c >= 0; c = d.values[c].next {
				if r := typeRanks[strings.ToLower(lastPart(d.values[c].text()))]; r > t.rank {
					t.rank, t.typ = r, lastPart(d.values[c].text())
				}
			}
		}
		if t.typ != "" || t.id != "" {
			p.things = append(p.things, t)
		}
		for _, k := range [...]string{"@graph", "mainEntity", "mainEntityOfPage", "hasPart", "subjectOf"} {
			if m := d.member(at, k); m >= 0 {
				p.collect(d, m, depth+1)
			}
		}
	}
}

func lastPart(s string) string {
	return s[strings.LastIndexAny(s, "/#:")+1:]
}

// str returns a member's text with HTML entities undone and white space
// folded, empty if there is none.
func (t *thing) str(key string) string { return cleanText(t.doc.str(t.at, key)) }

// each calls f with the index of a member, or of each element where it is an array.
func (t *thing) each(key string, f func(at int32)) {
	m := t.doc.member(t.at, key)
	if m < 0 {
		return
	}
	if t.doc.values[m].kind == jArray {
		for c := t.doc.values[m].first; c >= 0; c = t.doc.values[c].next {
			f(c)
		}
		return
	}
	f(m)
}

// refer returns the thing that an object stands for by its @id, where it says
// nothing itself; else the object.
func (p *page) refer(d *jdoc, at int32) (*jdoc, int32) {
	if d.values[at].kind != jObject {
		return d, at
	}
	id := d.str(at, "@id")
	if id == "" || d.member(at, "name") >= 0 {
		return d, at
	}
	if p.ids == nil {
		p.ids = make(map[string]int32, len(p.things))
		for i := range p.things {
			t := &p.things[i]
			if _, ok := p.ids[t.id]; t.id != "" && (!ok || t.doc.member(t.at, "name") >= 0 && !p.named(p.ids[t.id])) {
				p.ids[t.id] = int32(i)
			}
		}
	}
	if i, ok := p.ids[id]; ok {
		return p.things[i].doc, p.things[i].at
	}
	return d, at
}

// named tells whether a thing has a name.
func (p *page) named(i int32) bool { return p.things[i].doc.member(p.things[i].at, "name") >= 0 }

// article returns the thing that describes the page's article best, nil if
// nothing does: the highest rank; among equals, as on pages that carry a list
// of articles, the one whose address is the page's, else the one whose headline
// is, else the first.
func (p *page) article() *thing {
	var best *thing
	rivals := false
	for i := range p.things {
		if t := &p.things[i]; t.rank >= 3 && (best == nil || t.rank > best.rank) {
			best, rivals = t, false
		} else if t.rank >= 4 && t.rank == best.rank {
			rivals = true
		}
	}
	if !rivals || p.here(best) {
		return best
	}
	for _, is := range [...]func(*thing) bool{p.here, p.headlined} {
		for i := range p.things {
			if t := &p.things[i]; t.rank == best.rank && is(t) {
				return t
			}
		}
	}
	return best
}

// here tells whether a thing's address is that of the page.
func (p *page) here(t *thing) bool {
	for _, s := range [...]string{t.doc.str(t.at, "url"), t.id, t.doc.str(t.at, "mainEntityOfPage")} {
		if s, _, _ = strings.Cut(s, "#"); s != "" && (s == p.head.canonical || p.url != nil && s == p.url.String()) {
			return true
		}
	}
	m := t.doc.member(t.at, "mainEntityOfPage")
	if m < 0 || t.doc.values[m].kind != jObject {
		return false
	}
	id, _, _ := strings.Cut(t.doc.str(m, "@id"), "#")
	return id != "" && (id == p.head.canonical || p.url != nil && id == p.url.String())
}

// headlined tells whether a thing has the headline that the page states or shows.
func (p *page) headlined(t *thing) bool {
	s := t.str("headline")
	return s != "" && len(s) <= maxTitle && (s == p.ogTitle() || strings.HasPrefix(p.head.title, s) || p.shows(s))
}

// cleanText undoes HTML entities and tags and folds white space.
func cleanText(s string) string {
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
		if strings.Contains(s, "&#") || strings.Contains(s, "&quot;") || strings.Contains(s, "&amp;") {
			s = html.UnescapeString(s) // escaped twice
		}
	}
	if strings.IndexByte(s, '<') >= 0 {
		s = stripTags(s)
	}
	return foldSpace(s)
}

// stripTags drops what looks like HTML tags.
func stripTags(s string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 || i+1 >= len(s) {
			break
		}
		c := s[i+1] | 0x20
		if s[i+1] != '/' && s[i+1] != '!' && (c < 'a' || c > 'z') {
			b.WriteString(s[:i+1])
			s = s[i+1:]
			continue
		}
		j := strings.IndexByte(s[i:], '>')
		if j < 0 {
			break
		}
		b.WriteString(s[:i])
		name := strings.TrimLeft(s[i+1:i+j], "/")
		if k := strings.IndexAny(name, " \t\n/"); k >= 0 {
			name = name[:k]
		}
		switch name = strings.ToLower(name); {
		case name == "br" || name == "p" || name == "div" || name == "li":
			b.WriteByte(' ')
		case s[i+1] != '!' && !inText[name]:
			b.WriteString(s[i : i+j+1]) // a headline about <script>
		}
		s = s[i+j+1:]
	}
	b.WriteString(s)
	return b.String()
}

// inText are the elements that stand in the text of data.
var inText = map[string]bool{"a": true, "abbr": true, "b": true, "bdi": true, "bdo": true, "cite": true, "em": true, "font": true, "h1": true, "h2": true, "h3": true,
	"i": true, "img": true, "mark": true, "q": true, "s": true, "small": true, "span": true, "strong": true, "sub": true, "sup": true, "time": true, "u": true, "ul": true, "ol": true, "wbr": true}

// foldSpace folds white space to single spaces and trims it; it returns s
// itself where there is nothing to fold.
func foldSpace(s string) string {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c > ' ' && c < 0xC2 || c == ' ' && i > 0 && i < len(s)-1 && s[i+1] != ' ' {
			continue
		}
		if c != 0xC2 && c != 0xE2 && c != 0xE3 && c > ' ' {
			continue
		}
		b := appendFolded(make([]byte, 0, len(s)), s)
		if n := len(b); n > 0 && b[n-1] == ' ' {
			b = b[:n-1]
		}
		return string(b)
	}
	return s
}
