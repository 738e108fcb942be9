package read

import (
	"strings"

	"dateline"
	"dateline/lang"
)

// story is an article found in a page's state.
type story struct {
	blocks []dateline.Block
	words  int
	doc    *jdoc
	at     int32 // the value that has its headline beside its text, -1 if none has
}

// prose finds the article in a page's state: the smallest value that holds
// most of its sentences, as strings of prose or of markup.
func (d *jdoc) prose(title string, p *page) story {
	t := story{doc: d, at: -1}
	if len(d.values) == 0 {
		return t
	}
	// Words of prose below each value; children stand behind their parents.
	words := make([]int32, len(d.values))
	parent := make([]int32, len(d.values))
	parent[0] = -1
	keys := map[string]bool{} // of the members that hold prose
	for i := range d.values {
		for c := d.values[i].first; c >= 0; c = d.values[c].next {
			parent[c] = int32(i)
		}
	}
	for i := len(d.values) - 1; i >= 0; i-- {
		v := &d.values[i]
		if v.kind == jString && len(v.str) >= 40 && !strings.HasPrefix(v.str, "http") && !ofPicture(v.key) {
			if n := proseWords(v.text()); n > 0 {
				words[i] = n
				keys[v.key] = true
			}
		}
		if i > 0 {
			words[parent[i]] += words[i]
		}
	}
	at := int32(0)
	for {
		next := int32(-1)
		for c := d.values[at].first; c >= 0; c = d.values[c].next {
			if words[c]*10 >= words[at]*7 && words[c] > 0 {
				next = c
			}
		}
		if next < 0 {
			break
		}
		at = next
	}
	if words[at] == 0 {
		return t
	}
	for up, n := at, 0; up >= 0 && n < 6 && title != ""; up, n = parent[up], n+1 {
		if d.heads(up, title) {
			t.at = up
			break
		}
	}
	seen := map[string]bool{}
	var walk func(i int32, depth int)
	walk = func(i int32, depth int) {
		v := &d.values[i]
		if v.kind == jString {
			s := v.text()
			// Beside paragraphs, what stands under the same name is one, however short.
			if (words[i] > 0 || keys[v.key] && v.key != "" && strings.IndexByte(s, ' ') > 0) && !seen[s] {
				seen[s] = true
				b, n := p.blocksOf(s)
				t.blocks = append(t.blocks, b...)
				t.words += n
			}
			return
		}
		for c := v.first; c >= 0 && depth < maxJSONDepth; c = d.values[c].next {
			walk(c, depth+1)
		}
	}
	walk(at, 0)
	return t
}

// ofPicture tells whether a member's name is that of a text about a picture.
func ofPicture(key string) bool {
	switch strings.ToLower(key) {
	case "caption", "alt", "alttext", "alt_text", "credit", "credits":
		return true
	}
	return false
}

// heads tells whether an object has the headline as a member, or in an object
// that is one.
func (d *jdoc) heads(at int32, title string) bool {
	if d.values[at].kind != jObject {
		return false
	}
	is := func(v *jvalue) bool {
		if v.kind != jString || len(v.str) < 8 || len(v.str) > 2*maxTitle {
			return false
		}
		s := cleanText(v.text())
		return s == title || len(s) > 16 && (strings.Contains(title, s) || strings.Contains(s, title))
	}
	for c := d.values[at].first; c >= 0; c = d.values[c].next {
		v := &d.values[c]
		if is(v) {
			return true
		}
		if v.kind != jObject {
			continue
		}
		for k := v.first; k >= 0; k = d.values[k].next {
			if is(&d.values[k]) {
				return true
			}
		}
	}
	return false
}

// fromStory takes what the page's markup does not say of an article from the
// state beside its text: who wrote it and when.
func (p *page) fromStory(a *dateline.Article, src *Source, t *story) {
	if t.at < 0 {
		return
	}
	dates := &stamps{latest: fetched(src)}
	c := &bylines{p: p, w: authorWords()}
	c.siteNames(a)
	var persons, others []string
	var published, modified lang.Date
	var walk func(at int32, depth int)
	walk = func(at int32, depth int) {
		for k := t.doc.values[at].first; k >= 0; k = t.doc.values[k].next {
			v := &t.doc.values[k]
			key := strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(v.key))
			switch {
			case key == "author" || key == "authors" || key == "byline" || key == "bylines" || key == "by":
				if v.kind == jArray {
					for x := v.first; x >= 0; x = t.doc.values[x].next {
						c.person(t.doc, x, &persons, &others)
					}
				} else {
					c.person(t.doc, k, &persons, &others)
				}
			case v.kind == jString && len(v.str) < 40 && (strings.HasSuffix(key, "date") || strings.HasSuffix(key, "at") || strings.HasSuffix(key, "time") || strings.HasPrefix(key, "date")):
				d, ok := lang.ParseDate(v.text())
				if !ok || dates.later(d) {
					break
				}
				switch {
				case strings.Contains(key, "modif") || strings.Contains(key, "updat"):
					if modified.Year == 0 {
						modified = d
					}
				case published.Year == 0 && (strings.Contains(key, "publi") || key == "displaydate" || key == "pubdate"):
					published = d
				}
			case v.kind == jObject && depth < 2:
				walk(k, depth+1)
			}
		}
	}
	walk(t.at, 0)
	if len(a.Authors) == 0 {
		if a.Authors = persons; len(persons) == 0 {
			a.Authors = others
		}
	}
	stated := func(d lang.Date, field *string) {
		known, ok := lang.ParseDate(*field)
		if d.Year > 0 && (!ok || d.HasTime && !known.HasTime && sameDay(d, known)) {
			for i := range a.Dates {
				if a.Dates[i].Chosen && field == &a.Published {
					a.Dates[i].Chosen, a.Dates[i].Refused = false, "same day, says less or weighs less"
				}
			}
			*field = d.String()
			a.Dates = append(a.Dates, dateline.DateEvidence{Value: *field, From: "page-state", Chosen: field == &a.Published})
			if field != &a.Published {
				a.Dates[len(a.Dates)-1].Refused = "of the last change"
			}
		}
	}
	stated(published, &a.Published)
	stated(modified, &a.Modified)
}

// proseWords counts the words of a text that is sentences, with markup or
// without; 0 where it is code, addresses or a list of words.
func proseWords(s string) int32 {
	if strings.IndexByte(s, '<') >= 0 {
		s = stripTags(s)
	}
	if strings.ContainsAny(s[:min(len(s), 200)], "{}=") {
		return 0
	}
	st := count([]byte(s))
	if st.words < 10 || st.stops == 0 && st.wide*2 < st.letters || st.symbols*8 > st.words {
		return 0
	}
	return st.words
}
