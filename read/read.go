// Package read makes an article of the bytes of a page.
//
// Reading is one parse and two walks. The bytes are uncompressed (decode.go),
// decoded (charset.go), rid of what no reading needs (sift.go, tame.go) and
// parsed (tree.go); a walk (walk.go) lays the page out as blocks of text
// (page.go) and keeps what its head says (head.go, jsonld.go). Each block is
// described by numbers that know no language and no outlet (measure.go,
// features.go), and a learned classifier (model.go) says which are the body
// (body.go), but for what no classifier can know (prune.go). The rest chooses:
// the headline (title.go), the byline (authors.go), the dates (dates.go), the
// sort of page (kind.go), readers' comments (comments.go), tables (tables.go),
// and makes the article's blocks (build.go, finish.go). Where the markup has no
// text, the page's data may (state.go); text without markup goes its own way
// (plain.go).
//
// Words that languages use for a page's furniture come from package lang. A
// page that cannot be read well is no error: its record says so in warnings.
package read

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"dateline"
	"dateline/lang"
)

// Version is the version of reading. It changes whenever the same bytes may
// give another article.
const Version = "read/2"

// Source is the bytes of a page and what is known beside them.
type Source struct {
	Name        string // the input as given
	URL         string // the page's address, where known
	Body        []byte
	ContentType string // of the exchange, where there was one
	Coding      string // Content-Encoding still on Body, where there was an exchange
	Fetched     string // when it was fetched, 2024-01-24 or fuller, where known
	Truncated   bool   // the fetch ended before the page did
	Status      int    // of the exchange, 0 where there was none
}

// Options are settings of reading; the zero value is what is wanted.
type Options struct {
	// Model is the block classifier; nil is the built-in one.
	Model *Model
	// Trial is for those who teach and watch the classifier; nil otherwise.
	Trial *Trial
}

// Trial is a reading that is watched.
type Trial struct {
	// Observe is called with the blocks of the page and the rows that the
	// classifier saw. What it is given is only valid during the call.
	Observe func([]Observation)
	// Blind reads a page as one of an unknown make in an unknown language:
	// names of classes and phrases of furniture count for nothing.
	Blind bool
	// Without, when set, tells which blocks are read as if they were not there.
	Without func(block int) bool
}

// Observation is a block of a page as the classifier sees it: its text, its
// row of features, and the probability it was given of being body.
type Observation struct {
	Text []byte
	Row  *Row
	Prob float32
}

// pages are laid out in memory that is used again; a page's article keeps
// nothing of it.
var pages = sync.Pool{New: func() any { return new(page) }}

// Page reads a page. It gives an article for every page of text, if need be
// with nothing but warnings; the error is for bytes that are no text at all:
// dateline.ErrUnsupported for a picture or an archive, dateline.ErrCorrupt for
// compressed bytes that give nothing. It keeps nothing of src.Body and is safe
// for concurrent use.
func Page(src Source, opt *Options) (*dateline.Article, error) {
	if opt == nil {
		opt = &Options{}
	}
	prepare()
	a := &dateline.Article{Source: src.Name, URL: src.URL}
	b, cut, err := uncompress(src.Body, src.Coding)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(b)) == 0 {
		a.Kind = dateline.KindOther
		a.Warnings = append(a.Warnings, warnEmpty, warnNoBody)
		return a, nil
	}
	if what := notTextName(b, src.ContentType); what != "" {
		return nil, fmt.Errorf("this is %s, not a page of text: %w", what, dateline.ErrUnsupported)
	}
	text, guessed, long := toUTF8(b, src.ContentType)
	cut = cut || long
	if isPlain(text, src.ContentType) {
		a.Kind = dateline.KindArticle
		c := &stamps{p: new(page), latest: fetched(&src)}
		plainText(a, string(text), c)
		c.address(a)
		c.decide(a)
		var host []string
		if u := absolute(nil, src.URL); u != nil {
			host = []string{u.Hostname()}
			a.Site.Domain = strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
		}
		if finish(a, host, ""); a.Text == "" {
			a.Kind = dateline.KindOther
		}
	} else {
		cut = readHTML(a, &src, text, opt) || cut
		if a.Text == "" {
			// What is there for browsers without scripts, or within elements of
			// the page's own, may be the article.
			if open, ok := unwrap(text); ok {
				other := &dateline.Article{Source: a.Source, URL: src.URL}
				if readHTML(other, &src, open, opt); other.Text != "" {
					a = other
				}
			}
		}
	}
	if src.Status >= 400 && a.Kind != dateline.KindNotice {
		a.Kind = dateline.KindNotice // text without markup
		a.Warnings = append(a.Warnings, warnError)
	}
	if cut || src.Truncated {
		a.Warnings = append(a.Warnings, warnTruncated)
	}
	if guessed {
		a.Warnings = append(a.Warnings, warnGuessed)
	}
	if a.Text == "" {
		a.Warnings = append(a.Warnings, warnNoBody)
	}
	return a, nil
}

// prepare begins to build the tables that reading looks things up in, beside
// each other and the first page, which waits for each where it needs it.
var prepare = sync.OnceFunc(func() {
	go lang.Phrases()
	go lang.FindDates("1")
	go lang.Detect("a")
	go authorWords()
})

// readHTML tells whether it has read less than all of the page.
func readHTML(a *dateline.Article, src *Source, text []byte, opt *Options) (cut bool) {
	p := pages.Get().(*page)
	defer func() { p.reset(); pages.Put(p) }()
	p.reset()
	p.source, p.blind = text, opt.Trial != nil && opt.Trial.Blind
	doc, cut := parseCut(text)
	p.walk(doc)
	p.flush()
	if opt.Trial != nil && opt.Trial.Without != nil {
		p.without(opt.Trial.Without)
	}
	p.linkedData()
	p.findBody(opt)
	p.site(a, src)
	p.findTitle(a)
	a.Language = language(p.bodySample(), a.Title, p.head.lang)
	p.findAuthors(a)
	p.findDates(a, src)
	p.assign(a)
	words := p.bodyWords()
	p.findKind(a, src.Status)
	if a.Kind == dateline.KindNotice || a.Kind == dateline.KindIndex {
		p.noArticle(a)
	}
	base := p.base
	if p.paywalled(a, words) && a.Kind != dateline.KindNotice {
		a.Warnings = append(a.Warnings, warnPaywall)
	}
	if a.Kind == dateline.KindLive {
		p.keepTimes()
	}
	p.datelineApart(a)
	p.leadImage(a)
	p.build(a, base)
	if a.Kind != dateline.KindNotice && a.Kind != dateline.KindIndex {
		if n := p.fromData(a, src, words); n > 0 {
			a.Language = ""
			if n >= wallWords {
				a.Warnings = slices.DeleteFunc(a.Warnings, func(w string) bool { return w == warnPaywall })
			}
			if a.Kind == dateline.KindOther {
				a.Kind = dateline.KindArticle
			}
		}
	}
	if more := p.morePages(); len(more) > 0 && a.Kind != dateline.KindIndex && a.Kind != dateline.KindNotice {
		a.Warnings = append(a.Warnings, warnMorePages+": "+strings.Join(more, " "))
	}
	if a.Kind != dateline.KindNotice && a.Kind != dateline.KindIndex {
		p.findComments(a)
	}
	finish(a, p.siteNames(), p.head.lang)
	return cut || p.full
}

// bodySample is the beginning of what the classifier takes for body.
func (p *page) bodySample() string {
	var sample []byte
	from := p.bodyFrom()
	for i := range p.blocks {
		if b := &p.blocks[i]; b.prob >= from && len(sample) < languageSample {
			sample = append(append(sample, p.blockText(i)...), '\n')
		}
	}
	return string(sample)
}

// notTextName names what bytes are when they are no text; empty when they may be.
func notTextName(b []byte, contentType string) string {
	head := b[:min(len(b), 1024)]
	if bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) {
		return "" // UTF-16
	}
	switch t := http.DetectContentType(head); {
	case strings.HasPrefix(t, "text/"):
		return ""
	case strings.HasPrefix(t, "image/") && utf8.Valid(head) && bytes.IndexByte(head, 0) < 0:
		return "" // "BMW recalls ..."
	case t != "application/octet-stream":
		return "a file of type " + t
	}
	if utf8.Valid(head) || zeros(head, 0) || zeros(head, 1) {
		return ""
	}
	control := 0
	for _, c := range head {
		if c < 9 || c > 13 && c < 32 && c != 27 {
			control++
		}
	}
	if control*20 > len(head) {
		return "a file of bytes"
	}
	return ""
}
