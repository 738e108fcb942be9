package read

import (
	"strings"
	"time"

	"dateline"
	"dateline/lang"
)

// When an article was published is said in many places, and pages disagree:
// programs write the day of a template's change into meta elements, lists of
// other articles carry their own dates, clocks stand in other zones. So every
// date found is a candidate with a weight by where it stood; candidates of the
// same day support each other; of the best day the one that says most is
// chosen. All are kept as evidence.

// stamp is a candidate.
type stamp struct {
	date     lang.Date
	from     string // as in the record: json-ld, meta, microdata, time, url, text
	source   string // what exactly, so that no source supports itself
	weight   int
	modified bool          // of the last change
	head     bool          // shown at the headline
	said     lang.Category // Published or Updated where words or markup say so
	swapped  lang.Date     // the other reading of day and month, where there is one
	aside    bool          // stands with readers' comments or another article
	told     bool          // stands in a sentence of the body
	refused  string
}

// maxStamps bounds the candidates of a page.
const maxStamps = 64

// stamps collects the candidates of a page.
type stamps struct {
	p       *page
	x       extent
	tags    []string
	latest  lang.Date // no page that was fetched can be younger
	list    []stamp
	missing []dateline.DateEvidence // days that do not exist
	asides  []int32                 // blocks whose dates are of something else
	buf     [8]lang.DateMatch
}

// findDates sets a.Published, a.Modified and a.Dates. No date after the day of
// fetching is believed, which is today where src does not say it.
func (p *page) findDates(a *dateline.Article, src *Source) {
	c := p.stamps(a, fetched(src))
	c.decide(a)
}

// fetched is the moment after which no date of a page lies.
func fetched(src *Source) lang.Date {
	if d, ok := lang.ParseDate(src.Fetched); ok {
		return d
	}
	return nowUTC()
}

// nowUTC is the present moment.
func nowUTC() lang.Date {
	t := time.Now().UTC()
	d := dayOf(t)
	d.HasTime, d.Hour, d.Minute, d.Second, d.Zone = true, t.Hour(), t.Minute(), t.Second(), lang.ZoneOffset
	return d
}

func dayOf(t time.Time) lang.Date {
	return lang.Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}
}

func (p *page) stamps(a *dateline.Article, latest lang.Date) *stamps {
	c := &stamps{p: p, x: p.extent(), latest: latest}
	c.languages(a)
	c.linked()
	c.metas()
	c.times()
	c.marked()
	c.texts()
	c.address(a)
	return c
}

// languages lists the language of the body and what the page says of it, which
// with the country of its address may tell the order of day and month. A page
// in Russian that is declared English has its dates in Russian.
func (c *stamps) languages(a *dateline.Article) {
	first := strings.TrimSpace(c.p.head.lang)
	locale := c.p.head.meta("og:locale", "content-language", "dc.language", "language")
	if a.Language != "" && primary(first) != a.Language {
		if primary(locale) == a.Language {
			first, locale = locale, first
		} else {
			first, locale = a.Language, first
		}
	}
	base, _, region := strings.Cut(strings.ReplaceAll(first, "_", "-"), "-")
	if base != "" && !region {
		host := hostOf(c.p.head.canonical, a.URL)
		if tld := strings.ToUpper(host[strings.LastIndexByte(host, '.')+1:]); len(tld) == 2 {
			if tld == "UK" {
				tld = "GB"
			}
			c.tags = append(c.tags, base+"-"+tld)
		}
	}
	for _, t := range [...]string{first, locale} {
		if t != "" && len(t) < 24 {
			c.tags = append(c.tags, t)
		}
	}
}

// add takes in a candidate.
func (c *stamps) add(s stamp) {
	if s.date.Year == 0 || len(c.list) >= maxStamps {
		return
	}
	if s.refused = c.impossible(s.date); s.refused == "" && s.aside {
		s.refused = "of a comment or another article"
	}
	for i := range c.list {
		if o := &c.list[i]; o.date == s.date && o.source == s.source && o.modified == s.modified && o.aside == s.aside {
			o.weight = max(o.weight, s.weight)
			return
		}
	}
	c.list = append(c.list, s)
}

// firstYear is the year before which there were no pages of news.
const firstYear = 1995

// firstAge is the first year of which a computer's clock may speak.
const firstAge = 1971

// impossible returns why a date cannot be that of a page, "" if it can.
func (c *stamps) impossible(d lang.Date) string {
	switch {
	case d.Year < firstAge:
		return "no date of a web page"
	case d.Year < firstYear:
		return "before there were news pages"
	case c.later(d):
		return "after the page was fetched"
	}
	return ""
}

// later tells whether a date lies after the page was fetched. A day alone is
// that of the place the page is of, where the clock may be up to 14 hours ahead
// of the moment that is known.
func (c *stamps) later(d lang.Date) bool {
	const ahead = 14 * time.Hour
	limit := c.latest.Time(nil)
	if c.latest.HasTime {
		if d.HasTime && d.Zone != lang.ZoneNone {
			return d.Time(nil).After(limit.Add(time.Hour)) // clocks differ
		}
		return d.Time(nil).After(limit.Add(ahead))
	}
	day := d
	if d.HasTime {
		day = dayOf(d.Time(nil).UTC())
	}
	return dayOf(limit).Before(dayOf(day.Time(nil)))
}

// written takes in a date that a program wrote; t says all else about it.
func (c *stamps) written(s string, t stamp) bool {
	s = strings.TrimSpace(s)
	if len(s) < 4 || len(s) > 120 {
		return false
	}
	var ok bool
	if t.date, ok = lang.ParseDate(s); ok {
		c.add(t)
		return true
	}
	if strings.IndexByte(s, '<') >= 0 || strings.IndexByte(s, '&') >= 0 {
		s = cleanText(s)
	}
	m := lang.AppendDates(c.buf[:0], s, c.tags...)
	if len(m) != 1 && (len(m) == 0 || m[0].Start > 8) {
		c.noSuchDay(s, t.from)
		return false
	}
	t.date, t.swapped = m[0].Date, other(m[0])
	t.weight -= 5
	c.add(t)
	return true
}

// noSuchDay keeps as evidence what is written as a day that does not exist.
func (c *stamps) noSuchDay(s, from string) {
	const form, most = "0000-00-00", 4
	if len(s) < len(form) || len(c.missing) >= most {
		return
	}
	for i := range len(form) {
		if digit := '0' <= s[i] && s[i] <= '9'; digit != (form[i] == '0') || !digit && s[i] != '-' {
			return
		}
	}
	c.missing = append(c.missing, dateline.DateEvidence{Value: s[:len(form)], From: from, Refused: "there is no such day"})
}

// other is the reading of a date with day and month the other way round.
func other(m lang.DateMatch) lang.Date {
	if !m.Ambiguous || m.Date.Day == 0 || m.Date.Day > 12 {
		return lang.Date{}
	}
	d := m.Date
	d.Day, d.Month = d.Month, d.Day
	return d
}

// linked reads the JSON-LD of the things that describe the page.
func (c *stamps) linked() {
	p := c.p
	best := p.article()
	for i := range p.things {
		t := &p.things[i]
		if t != best && t.rank < 2 {
			continue
		}
		weight := 100
		if t != best {
			weight = 62
			if best == nil {
				weight = 75
			}
		}
		source := "json-ld " + t.typ
		for _, f := range [...]struct {
			key      string
			less     int
			modified bool
		}{{"datePublished", 0, false}, {"dateCreated", 12, false}, {"uploadDate", 8, false}, {"dateModified", 0, true}} {
			if s := t.doc.str(t.at, f.key); s != "" {
				c.written(s, stamp{from: "json-ld", source: source, weight: weight - f.less, modified: f.modified})
			}
		}
	}
}

// metaDates are the names under which meta elements give dates, with their weights.
var metaDates = map[string]struct {
	weight   int
	modified bool
}{
	"article:published_time": {95, false}, "og:article:published_time": {95, false}, "og:published_time": {95, false}, "published_time": {92, false},
	"article:published": {92, false}, "datepublished": {86, false}, "date_published": {90, false}, "publish-date": {90, false},
	"publish_date": {90, false}, "publishdate": {90, false}, "published-date": {90, false}, "publication_date": {90, false},
	"publicationdate": {90, false}, "pubdate": {90, false}, "pub_date": {90, false}, "parsely-pub-date": {92, false}, "sailthru.date": {90, false},
	"cxenseparse:publishtime": {92, false}, "rnews:datepublished": {90, false}, "citation_publication_date": {85, false},
	"citation_online_date": {86, false}, "citation_date": {84, false}, "prism.publicationdate": {85, false}, "bepress_citation_date": {70, false},
	"dc.date.issued": {88, false}, "dcterms.issued": {88, false}, "dc.date": {66, false}, "dcterms.date": {66, false}, "dcterms.created": {80, false},
	"dc.date.created": {80, false}, "dc.created": {78, false}, "dc:date": {66, false}, "dc:created": {78, false}, "dcterms.available": {75, false},
	"datecreated": {75, false}, "created": {70, false}, "creation_date": {70, false}, "date": {64, false}, "release_date": {80, false},
	"timestamp": {50, false}, "uploaddate": {60, false}, "og:video:release_date": {60, false}, "article:modified_time": {90, true},
	"article:modified": {88, true}, "og:updated_time": {85, true}, "og:modified_time": {85, true}, "modified_time": {80, true}, "datemodified": {84, true},
	"date_modified": {80, true}, "last-modified": {60, true}, "lastmodified": {60, true}, "lastmod": {70, true}, "last_modified": {60, true},
	"modified": {60, true}, "revised": {60, true}, "dcterms.modified": {80, true}, "dc.date.modified": {78, true}, "dc.modified": {78, true},
	"updated_time": {80, true}, "updated": {60, true}, "dateupdated": {70, true}, "article:updated": {80, true}, "last-updated": {70, true},
	"og:article:modified_time": {88, true}, "article:updated_time": {85, true},
}

func (c *stamps) metas() {
	for i := range c.p.head.metas {
		m := &c.p.head.metas[i]
		f, ok := metaDates[m.name]
		if !ok {
			f.weight, f.modified, ok = dateName(m.name)
		}
		if !ok || len(m.content) > 120 || len(m.content) < 4 {
			continue
		}
		// Of a name that comes again, behind the head, the first is the page's.
		weight := f.weight
		for j := range i {
			if c.p.head.metas[j].name == m.name {
				weight -= 40
				break
			}
		}
		c.written(m.content, stamp{from: "meta", source: "meta " + m.name, weight: weight, modified: f.modified})
	}
}

// dateName guesses from the name of a meta element that it gives a date.
func dateName(name string) (weight int, modified, ok bool) {
	if !strings.Contains(name, "date") && !strings.Contains(name, "time") && !strings.Contains(name, "publi") && !strings.HasSuffix(name, "_at") {
		return 0, false, false
	}
	switch {
	case strings.Contains(name, "expir"), strings.Contains(name, "event"), strings.Contains(name, "start"), strings.Contains(name, "end"), strings.Contains(name, "birth"):
	case strings.Contains(name, "modif"), strings.Contains(name, "updat"), strings.Contains(name, "revis"), strings.Contains(name, "chang"):
		return 55, true, true
	case strings.Contains(name, "publi"):
		return 70, false, true
	case strings.Contains(name, "creat"), strings.Contains(name, "upload"), strings.Contains(name, "issue"), strings.Contains(name, "post"):
		return 55, false, true
	}
	return 0, false, false
}

// address reads the date in the page's address.
func (c *stamps) address(a *dateline.Article) {
	for _, u := range [...]string{a.URL, c.p.head.canonical, c.p.head.meta("og:url")} {
		if u == "" {
			continue
		}
		if i := strings.Index(u, "//"); i >= 0 {
			u = u[i+2:]
			if i = strings.IndexByte(u, '/'); i < 0 {
				continue
			}
			u = u[i:]
		}
		d, ok := lang.URLDate(u)
		weight := 66
		if !ok || d.Day == 0 {
			weight = 10
			// The last part may be a title that has a date in it.
			last := strings.TrimRight(u, "/")
			last = last[strings.LastIndexByte(last, '/')+1:]
			if m := lang.AppendDates(c.buf[:0], last, c.tags...); len(last) < 200 && len(m) == 1 && !m[0].Ambiguous && m[0].Date.Day > 0 {
				d, ok, weight = m[0].Date, true, 36
			}
		}
		if ok {
			c.add(stamp{date: d, from: "url", source: "url", weight: weight})
			return
		}
	}
}
