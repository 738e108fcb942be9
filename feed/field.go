package feed

import (
	"bytes"
	"slices"
	"strings"
)

// field takes an element of an entry. Of several that say the same the first
// counts, and of two dates of publication the one that the form itself has a name for.
func (r *reader) field(name string, t token) bool {
	e := r.in
	switch name {
	case "title", "news:title":
		set(&e.Title, r.text(t))
	case "link":
		rel, href := linkOf(t)
		if href == "" {
			href, _ = content(r.s.inner(t, r.entryAs))
		} else if !t.empty {
			r.s.inner(t, r.entryAs)
		}
		if rel == "alternate" && (e.link == "" || strings.Contains(t.attr("type"), "html")) && strings.TrimSpace(href) != "" {
			base := e.base
			if b := t.attr("xml:base"); b != "" {
				if u := parseAddress(base, b); u != nil {
					base = u
				}
			}
			e.link = resolve(base, href)
		}
	case "loc":
		set(&e.link, resolve(e.base, r.raw(t)))
	case "guid":
		if !strings.EqualFold(t.attr("ispermalink"), "false") && !strings.EqualFold(t.attr("isPermaLink"), "false") {
			e.id = r.raw(t)
		} else {
			r.s.inner(t, r.entryAs)
		}
	case "id":
		e.id = r.raw(t)
	case "feedburner:origlink":
		e.origin = resolve(e.base, r.raw(t))
	case "description", "summary":
		set(&e.summary, r.html(t))
	case "content", "content:encoded":
		if v := r.html(t); len(v) > len(e.content) {
			e.content = v
		}
	case "pubdate", "published", "news:publication_date":
		set(&e.published, r.date(r.raw(t)))
	case "issued", "created", "dc:date", "dcterms:issued", "dcterms:created", "dc:created", "dcterms:date":
		set(&e.issued, r.date(r.raw(t)))
	case "updated", "modified", "lastmod", "atom:updated", "dcterms:modified":
		set(&e.Modified, r.date(r.raw(t)))
	case "author", "atom:author", "dc:creator":
		e.author = appendNew(e.author, r.people(t))
	case "itunes:author", "media:author":
		e.owner = appendNew(e.owner, r.people(t))
	case "category", "dc:subject":
		v := t.attr("label")
		if v == "" {
			v = t.attr("term")
		}
		if in := r.text(t); in != "" {
			v = in
		}
		e.Tags = appendNew(e.Tags, clean(v))
	case "news:keywords":
		for word := range strings.SplitSeq(r.text(t), ",") {
			e.Tags = appendNew(e.Tags, clean(word))
		}
	case "language", "dc:language", "news:language":
		set(&e.Language, languageOf(r.raw(t)))
	case "news:name":
		set(&r.doc.Title, r.text(t))
	case "source", "atom:source":
		v, markup := content(r.s.inner(t, r.entryAs))
		if markup {
			v = child(v, "title")
		}
		set(&e.source, plain(v))
	case "dc:publisher":
		set(&e.publisher, r.text(t))
	default:
		return false
	}
	return true
}

// longText is from where a description is taken for the article itself where
// nothing else is.
const longText = 1000

// texts parts what an entry says into summary and article.
func texts(summary, body string) (text, article string) {
	text = plain(summary)
	if body == "" && len(text) > longText && isHTML(summary) {
		body = summary
	}
	return text, body
}

// linkOf reads a link that has its address in an attribute.
func linkOf(t token) (rel, href string) {
	rel = strings.ToLower(t.attr("rel"))
	if rel == "" {
		rel = "alternate"
	}
	return rel, t.attr("href")
}

// raw is the text of an element, references to characters undone.
func (r *reader) raw(t token) string {
	v, _ := content(r.s.inner(t, r.entryAs))
	return strings.TrimSpace(strings.ToValidUTF8(v, ""))
}

// text is the text of an element that may have HTML in it. Atom says which it
// is; in RSS all is HTML.
func (r *reader) text(t token) string {
	v, markup := content(r.s.inner(t, r.entryAs))
	if kind := t.attr("type"); r.atom && !markup && (kind == "" || kind == "text" || kind == "text/plain") {
		return clean(v)
	}
	return plain(v)
}

// html is the HTML of an element.
func (r *reader) html(t token) string {
	v, markup := content(r.s.inner(t, r.entryAs))
	v = strings.TrimSpace(strings.ToValidUTF8(v, ""))
	kind := strings.ToLower(t.attr("type"))
	switch {
	case markup || kind == "html" || kind == "xhtml" || !r.atom:
	case kind == "" || strings.HasPrefix(kind, "text"):
		if kind != "text/html" {
			v = escape(v)
		}
	case strings.HasSuffix(kind, "xml"), strings.HasSuffix(kind, "html"):
	default:
		return "" // a picture or a file, in base 64
	}
	return v
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func escape(s string) string { return escaper.Replace(s) }

// people is the name of an author, in an element of its own in Atom.
func (r *reader) people(t token) string {
	v, markup := content(r.s.inner(t, r.entryAs))
	if markup {
		v = child(v, "name")
	}
	return person(plain(v))
}

// child is the content of the first element of that name, whatever its prefix.
func child(s, name string) string {
	in := scanner{b: []byte(s)}
	for {
		t := in.next()
		if t.kind == endOfInput {
			return ""
		}
		local := t.name
		if i := bytes.IndexByte(local, ':'); i >= 0 {
			local = local[i+1:]
		}
		if t.kind == startTag && string(local) == name {
			v, _ := content(in.inner(t, ""))
			return v
		}
	}
}

// set keeps the first value that is one.
func set(p *string, v string) {
	if *p == "" {
		*p = v
	}
}

// maxList is how many authors or categories of an entry are kept.
const maxList = 50

func appendNew(list []string, v string) []string {
	if v == "" || len(list) >= maxList || slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}
