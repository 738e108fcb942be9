package demo

import (
	"bytes"
	"embed"
	"html/template"
	"strings"
	"time"
)

//go:embed designs/*.html
var designFiles embed.FS

// parseDesigns reads the looks of pages: each file defines an article and a
// front page, named for the file.
func parseDesigns() (*template.Template, error) {
	return template.ParseFS(designFiles, "designs/*.html")
}

// view is what the designs see.
type view struct {
	O                                map[string]string // the outlet's fields, its words of furniture among them
	Charset                          string
	Base, URL, Amp                   string
	Menu                             []link
	Title, Note, Author, Credit      string
	Section                          link
	Published, Modified              string // RFC 3339
	ShownDate, ShownClock, ShownEdit string
	Edited                           bool
	Summary, Caption                 string
	Paras                            []para
	Related, List                    []link
	Comments                         []comment
	Number                           int
}

type link struct{ Title, URL, Summary, Shown, Section string }

type para struct {
	Text string
	Head bool
}

type comment struct{ Name, Text string }

// summary is the first sentence or so of a story, as editors' systems cut it.
func (x state) summary() string {
	if s := x.fields["summary"]; s != "" {
		return s
	}
	return x.paras[0]
}

func (o *outlet) view(r request) *view {
	v := &view{O: o.fields, Charset: o.charset(), Base: r.base}
	for _, s := range o.sections {
		v.Menu = append(v.Menu, link{Title: s.Name, URL: r.base + o.sectionPath(s)})
	}
	return v
}

func (o *outlet) charset() string {
	if c := o.fields["charset"]; c != "" {
		return c
	}
	return "utf-8"
}

// article draws a story as it is.
func (o *outlet) article(x state, now time.Time, r request, amp bool) *answer {
	v := o.view(r)
	v.URL = r.base + o.now(x.story, now)
	if suffix := o.fields["amp"]; suffix != "" {
		v.Amp = v.URL + suffix
	}
	v.Title, v.Note, v.Author, v.Credit = x.title, x.note, x.fields["author"], x.fields["credit"]
	v.Summary, v.Caption, v.Number = x.summary(), x.fields["caption"], 4100+7*x.n
	for _, s := range o.sections {
		if s.Slug == x.fields["section"] {
			v.Section = link{Title: s.Name, URL: r.base + o.sectionPath(s)}
		}
	}
	v.Published, v.Modified = x.published.In(o.zone).Format(time.RFC3339), x.modified.In(o.zone).Format(time.RFC3339)
	v.ShownDate, v.ShownClock = o.date("shown", x.published), o.date("clock", x.published)
	v.Edited, v.ShownEdit = !x.modified.Equal(x.published), o.date("shown", x.modified)+" "+o.date("clock", x.modified)
	for _, p := range x.paras {
		text, head := strings.CutPrefix(p, "## ")
		v.Paras = append(v.Paras, para{text, head})
	}
	for _, c := range x.comments {
		name, text, _ := strings.Cut(c, ": ")
		v.Comments = append(v.Comments, comment{name, text})
	}
	// The boxes beside an article show what there was when it came out, so
	// that a page changes only when its editors change it.
	for _, other := range o.published(x.published) {
		if other.story != x.story && len(v.Related) < 4 {
			v.Related = append(v.Related, o.link(other, r, x.published))
		}
	}
	design := o.fields["design"]
	if amp {
		design = "amp"
	}
	return o.draw(design+"-article", v, x.modified)
}

func (o *outlet) link(x state, r request, now time.Time) link {
	l := link{Title: x.title, URL: r.base + o.now(x.story, now), Summary: x.summary(), Shown: o.date("shown", x.published) + " " + o.date("clock", x.published)}
	for _, s := range o.sections {
		if s.Slug == x.fields["section"] {
			l.Section = s.Name
		}
	}
	return l
}

// front draws the front page, or that of a section.
func (o *outlet) front(now time.Time, r request, s *section) *answer {
	v := o.view(r)
	v.URL, v.Title, v.Summary = r.base+"/", o.fields["name"], o.fields["about"]
	if s != nil {
		v.URL, v.Title = r.base+o.sectionPath(*s), s.Name+" - "+o.fields["name"]
	}
	modified := o.clock.start.Add(-90 * 24 * time.Hour)
	for _, x := range o.published(now) {
		if s != nil && x.fields["section"] != s.Slug || len(v.List) == 24 {
			continue
		}
		if x.modified.After(modified) {
			modified = x.modified
		}
		v.List = append(v.List, o.link(x, r, now))
	}
	v.ShownDate = o.date("shown", modified)
	return o.draw(o.fields["design"]+"-front", v, modified)
}

func (o *outlet) draw(name string, v *view, modified time.Time) *answer {
	var b bytes.Buffer
	if err := o.designs.ExecuteTemplate(&b, name, v); err != nil {
		// Designs and outlets lie in the program, and a test draws them all.
		return &answer{status: 500, body: []byte(err.Error())}
	}
	kind := "text/html; charset=" + o.charset()
	if o.fields["header"] == "bare" {
		kind = "text/html"
	}
	return page(kind, encode(b.String(), o.charset()), modified)
}

// feed writes the feed as it is now.
func (o *outlet) feed(now time.Time, r request) *answer {
	c, items := o.items(now, r, o.fields["utm"])
	if len(items) > 30 {
		items = items[:30]
	}
	switch o.fields["format"] {
	case "atom":
		return page("application/atom+xml; charset=utf-8", atom(c, items), c.modified)
	case "json":
		return page("application/feed+json", jsonFeed(c, items), c.modified)
	}
	return page("application/rss+xml; charset="+o.charset(), encode(string(rss(c, items, o.charset())), o.charset()), c.modified)
}

func (o *outlet) sitemap(now time.Time, r request) *answer {
	c, items := o.items(now, r, "")
	body := sitemap(c, items, o.fields["news"] != "")
	if strings.HasSuffix(o.fields["sitemap"], ".gz") {
		a := page("application/gzip", pack(body), c.modified)
		a.plain = true
		return a
	}
	return page("application/xml", body, c.modified)
}

// items lists what can be read now.
func (o *outlet) items(now time.Time, r request, tracking string) (channel, []item) {
	c := channel{
		name: o.fields["name"], home: r.base + "/", self: r.base + o.fields["feed"], lang: o.fields["lang"], about: o.fields["about"],
		modified: o.clock.start.Add(-90 * 24 * time.Hour),
	}
	var items []item
	for _, x := range o.published(now) {
		address := r.base + o.now(x.story, now)
		i := item{
			id: r.base + "/id/" + x.fields["slug"], address: address, title: x.title, summary: x.summary(), author: x.fields["author"],
			section: x.fields["section"], credit: x.fields["credit"], published: x.published.In(o.zone), modified: x.modified.In(o.zone),
		}
		if tracking != "" {
			i.address += map[bool]string{true: "&", false: "?"}[strings.Contains(address, "?")] + tracking
		}
		if o.fields["full"] != "" {
			for _, p := range x.paras {
				i.content += "<p>" + esc(strings.TrimPrefix(p, "## ")) + "</p>"
			}
		}
		if x.modified.After(c.modified) {
			c.modified = x.modified
		}
		items = append(items, i)
	}
	c.modified = c.modified.In(o.zone)
	return c, items
}
