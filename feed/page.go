package feed

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"dateline"
)

// What is taken of a page.
const (
	maxPageBytes = 10 << 20
	maxTargets   = 5000 // addresses a page links to; front pages have 100 to 1,500
	maxOpen      = 400  // elements within one another that are told apart
	maxText      = 600  // bytes of a link's text
)

// page is what a web page says of itself and where it links to. It is read in
// one go over its tags; no tree is made, so a page cannot be built to exhaust
// one.
type page struct {
	address  *url.URL // nil where it is not known
	base     *url.URL // what addresses are relative to
	guessed  bool     // the charset
	language string
	title    string
	meta     map[string]string // by name or property, the first of each
	alts     []alternate
	data     []string // JSON-LD
	next     string
	targets  []*target // in the order in which they first came
}

// alternate is a link element of rel=alternate.
type alternate struct{ address, kind, title, language string }

// target is an address of the same site with all that the page's links to it
// have around them.
type target struct {
	address string
	key     string // of dateline.PageKey
	u       *url.URL
	texts   []string // of links, each once
	heading string   // in the link, or in what holds no other link
	picture bool
	time    bool
	links   int
	aside   int      // links in navigation, header or footer
	running int      // links within running text
	groups  []string // where links stand, as elements and classes
}

// open is an element that has not ended. Until it does, it gathers what it
// holds: a heading, a time or a picture speaks of the address that is linked
// beside it, if it is one only.
type open struct {
	tag     atom.Atom
	name    string
	step    string // with its classes
	only    *target
	many    bool
	heading string
	inHead  bool // this is a heading
	from    int  // of pageReader.part, where it is one within another
	inNav   bool // this is navigation
	time    bool
	picture bool
	outside int // bytes of text that is not linked
	links   int
}

type pageReader struct {
	page  page
	site  string
	seen  map[string]*target // by key
	known map[string]*target // by address
	stack []open
	nav   int // open elements of navigation
	hide  int // open elements whose text is not shown
	link  *target
	text  bytes.Buffer // of the link
	alt   string       // what stands for it: its title, or a picture's text
	part  bytes.Buffer // of the heading
	depth int          // of stack, where the link began
	heads int          // open headings
}

func readPage(body []byte, contentType, address string) *page {
	text, guessed := toUTF8(body[:min(len(body), maxPageBytes)], contentType)
	r := &pageReader{seen: map[string]*target{}, known: map[string]*target{}, page: page{meta: map[string]string{}, guessed: guessed}}
	if u := parseAddress(nil, address); u != nil {
		r.page.address, r.page.base = u, u
		r.site = siteOf(u)
	}
	z := html.NewTokenizer(bytes.NewReader(text))
	raw := "" // the element whose text is next
	for {
		switch z.Next() {
		case html.ErrorToken:
			r.endLink()
			for len(r.stack) > 0 {
				r.pop()
			}
			return &r.page
		case html.TextToken:
			r.onText(raw, z)
			raw = ""
		case html.StartTagToken, html.SelfClosingTagToken:
			raw = r.onStart(z)
		case html.EndTagToken:
			name, _ := z.TagName()
			r.onEnd(string(name))
			raw = ""
		}
	}
}

// siteOf is the registrable domain, or the host where there is none.
func siteOf(u *url.URL) string {
	return registrable(strings.ToLower(u.Hostname()))
}

func (r *pageReader) onText(raw string, z *html.Tokenizer) {
	switch raw {
	case "title":
		set(&r.page.title, plain(string(z.Text())))
		return
	case "ld":
		if len(r.page.data) < 20 {
			r.page.data = append(r.page.data, string(z.Text()))
		}
		return
	case "script", "style", "noscript", "textarea", "iframe", "noembed", "noframes", "xmp":
		return
	}
	if r.hide > 0 {
		return
	}
	b := z.Text()
	n := len(bytes.TrimSpace(b))
	if n == 0 {
		if r.link != nil {
			r.text.WriteByte(' ')
		}
		if r.heads > 0 {
			r.part.WriteByte(' ')
		}
		return
	}
	if len(r.stack) == 0 {
		return
	}
	top := &r.stack[len(r.stack)-1]
	if n < 60 && looksTime(b) {
		top.time = true
		if isStamp(top.tag) && letters(string(b))-digits(b) < 12 {
			return // the time of a headline is not in it
		}
	}
	if r.link != nil && r.text.Len() < 4*maxText {
		r.text.Write(b)
	}
	if r.heads > 0 && r.part.Len() < 4*maxText {
		r.part.Write(b)
	}
	if r.link == nil && r.heads == 0 {
		top.outside += n
	}
}

// isStamp tells elements that a time stands in by itself. Those that stress a
// word may hold the year of a headline.
func isStamp(tag atom.Atom) bool {
	switch tag {
	case atom.Time, atom.Span, atom.Div, atom.Small, atom.P:
		return true
	}
	return false
}

func (r *pageReader) onStart(z *html.Tokenizer) (raw string) {
	name, more := z.TagName()
	tag := atom.Lookup(name)
	named := ""
	if tag == 0 {
		named = string(name)
	}
	at := attributes(z, more)
	switch tag {
	case atom.Html:
		set(&r.page.language, languageOf(at.lang))
		return ""
	case atom.Body, atom.Head:
		return ""
	case atom.Base:
		if u := parseAddress(r.page.base, at.href); u != nil {
			r.page.base = u
		}
		return ""
	case atom.Meta:
		key := strings.ToLower(at.name)
		if key != "" && len(r.page.meta) < 500 && r.page.meta[key] == "" {
			r.page.meta[key] = clean(at.content)
		}
		return ""
	case atom.Link:
		r.onLinkElement(at)
		return ""
	case atom.Title:
		if r.hide > 0 {
			return "style"
		}
		return "title"
	case atom.Script:
		if strings.Contains(strings.ToLower(at.kind), "ld+json") {
			return "ld"
		}
		return "script"
	case atom.Style, atom.Noscript, atom.Textarea, atom.Iframe, atom.Noembed, atom.Noframes, atom.Xmp:
		return tag.String()
	case atom.Img, atom.Picture, atom.Video, atom.Source:
		if len(r.stack) > 0 {
			r.stack[len(r.stack)-1].picture = true
		}
		set(&r.alt, at.alt)
		if tag != atom.Picture && tag != atom.Video {
			return ""
		}
	case atom.Br, atom.Hr, atom.Input, atom.Area, atom.Col, atom.Embed, atom.Wbr, atom.Track, atom.Param:
		r.space()
		return ""
	case atom.A:
		r.endLink()
		r.onLink(at)
	}
	if !inline[tag] {
		r.space()
		r.implied(tag)
	} else if tag == atom.Span && at.class != "" {
		r.space()
	}
	if len(r.stack) >= maxOpen {
		return ""
	}
	r.stack = append(r.stack, open{tag: tag, name: named, step: step(tag, at.class)})
	top := &r.stack[len(r.stack)-1]
	switch {
	case isNav(tag, at):
		top.inNav = true
		r.nav++
	case isHidden(tag):
		r.hide++
	case isHeading(tag, at.class):
		top.inHead = true
		if r.heads++; r.heads == 1 {
			r.part.Reset()
		}
		top.from = r.part.Len()
	case tag == atom.Time:
		top.time = true
	}
	if tag == atom.A {
		r.depth = len(r.stack)
	}
	return ""
}

func (r *pageReader) space() {
	if r.link != nil {
		r.text.WriteByte(' ')
	}
	if r.heads > 0 {
		r.part.WriteByte(' ')
	}
}

// implied ends what a start tag ends without saying so.
func (r *pageReader) implied(tag atom.Atom) {
	var ends, within []atom.Atom
	switch tag {
	case atom.Li:
		ends, within = []atom.Atom{atom.Li}, []atom.Atom{atom.Ul, atom.Ol, atom.Menu}
	case atom.Td, atom.Th:
		ends, within = []atom.Atom{atom.Td, atom.Th}, []atom.Atom{atom.Tr, atom.Table}
	case atom.Tr:
		ends, within = []atom.Atom{atom.Tr}, []atom.Atom{atom.Table}
	case atom.Dd, atom.Dt:
		ends, within = []atom.Atom{atom.Dd, atom.Dt}, []atom.Atom{atom.Dl}
	default:
		if n := len(r.stack); n > 0 && r.stack[n-1].tag == atom.P {
			r.pop()
		}
		return
	}
	for i := len(r.stack) - 1; i >= max(0, len(r.stack)-20); i-- {
		for _, w := range within {
			if r.stack[i].tag == w {
				return
			}
		}
		for _, e := range ends {
			if r.stack[i].tag == e {
				r.popTo(i)
				return
			}
		}
	}
}

func (r *pageReader) onEnd(name string) {
	tag := atom.Lookup([]byte(name))
	if !inline[tag] {
		r.space()
	}
	for i := len(r.stack) - 1; i >= max(0, len(r.stack)-64); i-- {
		if r.stack[i].tag == tag && (tag != 0 || r.stack[i].name == name) {
			r.popTo(i)
			return
		}
	}
}

func (r *pageReader) popTo(i int) {
	for len(r.stack) > i {
		r.pop()
	}
}

// pop ends an element and hands on what it holds.
func (r *pageReader) pop() {
	if r.link != nil && len(r.stack) == r.depth {
		r.endLink()
	}
	n := len(r.stack) - 1
	o := r.stack[n]
	r.stack = r.stack[:n]
	switch {
	case o.inNav:
		r.nav--
	case isHidden(o.tag):
		r.hide--
	}
	if o.inHead {
		// A heading within it is the better one, unless that is but a word
		// above the headline.
		r.heads--
		if letters(o.heading) < fullLine {
			if text := shorten(clean(string(r.part.Bytes()[o.from:]))); len(text) > len(o.heading) {
				o.heading = text
			}
		}
	}
	if o.only != nil && !o.many {
		t := o.only
		t.time = t.time || o.time
		t.picture = t.picture || o.picture
		if letters(o.heading) > 8 {
			set(&t.heading, o.heading)
		}
	}
	if n == 0 {
		return
	}
	up := &r.stack[n-1]
	if o.tag == atom.P && o.links > 0 && o.outside > 80 && o.only != nil {
		o.only.running++
	}
	up.outside += o.outside
	up.links += o.links
	up.time = up.time || o.time
	up.picture = up.picture || o.picture
	if up.heading == "" {
		up.heading = o.heading
	}
	switch {
	case o.many, o.only != nil && up.only != nil && up.only != o.only:
		up.many = true
	case up.only == nil:
		up.only = o.only
	}
}

func (r *pageReader) onLink(at attrs) {
	// A link to a part of a page names that part: its comments, most often.
	if at.href == "" || strings.Contains(at.href, "#") {
		return
	}
	u := parseAddress(r.page.base, at.href)
	if u == nil || r.site != "" && siteOf(u) != r.site {
		return
	}
	address := u.String()
	t := r.known[address]
	if t == nil {
		key, err := dateline.PageKey(address)
		if err != nil {
			return
		}
		if t = r.seen[key]; t == nil {
			if len(r.page.targets) >= maxTargets {
				return
			}
			t = &target{address: address, key: key, u: u}
			r.seen[key] = t
			r.page.targets = append(r.page.targets, t)
		}
		if len(r.known) < 4*maxTargets {
			r.known[address] = t
		}
	}
	t.links++
	if r.nav > 0 {
		t.aside++
	}
	if g := r.where(at.class); len(t.groups) < 4 {
		t.groups = appendNew(t.groups, g)
	}
	if at.rel == "next" {
		set(&r.page.next, address)
	}
	r.link, r.alt = t, at.title
	r.text.Reset()
}

func (r *pageReader) endLink() {
	t := r.link
	if t == nil {
		return
	}
	r.link = nil
	text := shorten(clean(r.text.String()))
	if text == "" {
		text = shorten(clean(r.alt))
	}
	if len(t.texts) < 5 {
		t.texts = appendNew(t.texts, text)
	}
	if n := len(r.stack); n > 0 && r.depth > 0 && r.depth <= n {
		o := &r.stack[r.depth-1]
		o.links++
		if o.only == nil {
			o.only = t
		} else if o.only != t {
			o.many = true
		}
	}
}

// where describes the place of a link: the elements around it and their
// classes, without figures, so that the items of a list are alike.
func (r *pageReader) where(class string) string {
	var b strings.Builder
	for i := max(0, len(r.stack)-4); i < len(r.stack); i++ {
		b.WriteString(r.stack[i].step)
		b.WriteByte('>')
	}
	b.WriteString(step(atom.A, class))
	return b.String()
}

func (r *pageReader) onLinkElement(at attrs) {
	for rel := range strings.FieldsSeq(at.rel) {
		switch rel {
		case "alternate":
			if a := resolve(r.page.base, at.href); a != "" && len(r.page.alts) < 200 {
				r.page.alts = append(r.page.alts, alternate{a, strings.ToLower(at.kind), clean(at.title), languageOf(at.lang)})
			}
		case "next":
			set(&r.page.next, resolve(r.page.base, at.href))
		}
	}
}
