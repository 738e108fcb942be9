package feed

import (
	"net/url"
	"strings"
	"unicode"

	"dateline"
)

// Index reads a front or section page: of all it links to on its own site, the
// entries are the addresses that look like articles, with the headline that
// links to them. It is by structure alone, in any language: an article's link
// is long, stands in or beside a heading, a picture, a time, and has an address
// like those of many others; what leads about the site is short, stands in
// navigation, and is the beginning of other addresses. See score.
//
// The page may be any bytes. address is its own, and needed: without it no
// relative address is known. Documents of Index have the kind index whatever
// the page is; one without articles has no entries.
func Index(body []byte, contentType, address string) *Document {
	p := readPage(body, contentType, address)
	doc := &Document{Kind: dateline.SourceIndex, Title: p.name(), Home: homeOf(address), Language: p.language, Next: p.next}
	if p.guessed {
		doc.warn(WarnCharset)
	}
	if len(body) > maxPageBytes {
		doc.warn(WarnTruncated)
	}
	for _, c := range judge(p) {
		if c.score >= articleScore {
			doc.Entries = append(doc.Entries, dateline.Entry{URL: c.address, Title: c.headline()})
		}
	}
	return doc
}

// candidate is a target with what speaks for and against it.
type candidate struct {
	*target
	shape
	own   float64 // by itself
	score float64 // with its likes
	over  int     // addresses that begin with this one
	last  bool    // at the end of the page, behind all that are shown
}

// shown tells what the page makes something of.
func (c *candidate) shown() bool { return c.heading != "" || c.picture || c.time }

// articleScore is from where a target is an article. The weights are of one
// unit a good reason, a half a weak one; they were set on invented pages and
// tried on others (TestIndex).
const articleScore = 1.6

// judge scores the targets that may be articles: each by itself, then by the
// mean of those that stand in places like its own, of those with addresses like
// its own, and of those under the same beginning of an address. So a short headline among long ones is still one, and a long
// line in the footer is not.
func judge(p *page) []*candidate {
	self := ""
	if p.address != nil {
		self, _ = dateline.PageKey(p.address.String())
	}
	var all []*candidate
	for _, t := range p.targets {
		if t.key == self || noArticle(t.u) {
			continue
		}
		// The key is free of what only tells where a reader came from.
		u, err := url.Parse("http://" + t.key)
		if err != nil {
			u = t.u
		}
		all = append(all, &candidate{target: t, shape: shapeOf(u)})
	}
	begins := beginnings(all)
	tail := len(all)
	for tail > 0 && !all[tail-1].shown() {
		tail--
	}
	for i, c := range all {
		c.last = i >= tail && tail > 0
		c.over = begins[strings.Trim(c.u.Path, "/")]
		c.own = c.alone()
	}
	places, patterns, folders := map[string]*mean{}, map[string]*mean{}, map[string]*mean{}
	for _, c := range all {
		for _, g := range c.groups {
			tally(places, g, c.own)
		}
		tally(patterns, c.pattern, c.own)
		if c.over == 0 {
			tally(folders, c.folder, c.own)
		}
	}
	marked := marks(all)
	for _, c := range all {
		place, n := 0.0, 0
		for _, g := range c.groups {
			if v, ok := places[g].without(c.own); ok {
				place += v
				n++
			}
		}
		c.score = c.own
		if n > 0 {
			c.score += 0.5 * place / float64(n)
		}
		if v, ok := patterns[c.pattern].without(c.own); ok {
			c.score += 0.6 * v
		} else {
			c.score -= 0.3
		}
		if c.over == 0 && c.folder != "" {
			if v, ok := folders[c.folder].without(c.own); ok {
				c.score += 0.4 * min(0, v)
			}
		}
		switch {
		case marked && c.marked():
			c.score += 0.8
		case marked:
			c.score -= 1
		}
	}
	return all
}

// marked tells an address that has a date or a long number in it.
func (c *candidate) marked() bool { return c.date || c.id >= 5 }

// marks tells whether the page's articles have marked addresses: most of those
// that are articles by themselves. Then what has none is no article, most
// likely, however long its line.
func marks(all []*candidate) bool {
	with, without := 0, 0
	for _, c := range all {
		switch {
		case c.own < 1.6:
		case c.marked():
			with++
		default:
			without++
		}
	}
	return with >= 5 && with >= 2*without
}

// alone scores a target by itself.
func (c *candidate) alone() float64 {
	s := 0.0
	switch n := letters(c.headline()); {
	case n == 0:
		s -= 1
	case n < 12:
		s -= 1.5
	case n < 20:
		s -= 0.5
	case n < 28:
		s += 0.5
	default:
		s += 1.4
	}
	add := func(ok bool, weight float64) {
		if ok {
			s += weight
		}
	}
	add(c.heading != "" && c.aside < c.links, 0.8)
	add(c.picture, 0.3)
	add(c.time, 0.4)
	add(c.aside == c.links, -1.5)
	add(c.running == c.links, -0.7)
	add(c.date, 1.2)
	add(c.slug, 0.9)
	add(c.id >= 5, 0.8)
	add(c.id == 3 || c.id == 4, 0.4)
	add(c.file && c.depth > 1, 0.2)
	add(c.depth <= 1 && !c.slug && c.id == 0, -1.2)
	add(c.depth == 2 && !c.slug && c.id == 0, -0.4)
	add(c.last, -0.6)
	add(c.over == 1, -0.5)
	add(c.over > 1, -2)
	return max(-3, min(3.5, s))
}

// headline is what the page calls the target: the heading, else the longest
// text of a link that is no whole paragraph.
func (c *candidate) headline() string {
	best := ""
	for _, t := range c.texts {
		if n := letters(t); n > letters(best) && (n <= 200 || best == "") {
			best = t
		}
	}
	if n := letters(c.heading); n >= letters(best) || letters(best) > 200 || n >= fullLine && strings.Contains(best, c.heading) {
		return c.heading
	}
	return best
}

// fullLine is from where a heading is more than the word above a headline.
const fullLine = 25

// letters is the length of a text in letters. Those of scripts that write a
// syllable or a word with one count for as many.
func letters(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r < 0x80:
			if r >= '0' {
				n++
			}
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			n += 3
		case unicode.IsLetter(r), unicode.IsMark(r): // Indic vowels are marks
			n++
		}
	}
	return n
}

// mean is of the scores of a group.
type mean struct {
	sum float64
	n   int
}

func tally(groups map[string]*mean, key string, v float64) {
	m := groups[key]
	if m == nil {
		m = &mean{}
		groups[key] = m
	}
	m.sum += v
	m.n++
}

// without is the mean of the group's other members, if there are two.
func (m *mean) without(v float64) (float64, bool) {
	if m.n < 3 {
		return 0, false
	}
	return (m.sum - v) / float64(m.n-1), true
}

// beginnings counts for each path how many others go on from it.
func beginnings(all []*candidate) map[string]int {
	n := map[string]int{}
	for _, c := range all {
		path := strings.Trim(c.u.Path, "/")
		for {
			i := strings.LastIndexByte(path, '/')
			if i < 0 {
				break
			}
			path = path[:i]
			n[path]++
		}
	}
	return n
}

// homeOf is the root of the site of an address.
func homeOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return resolve(nil, u.Scheme+"://"+u.Host+"/")
}
