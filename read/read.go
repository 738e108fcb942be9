// Package read makes an article of the bytes of a page.
package read

import (
	"sync"

	"dateline"
)

// Source is the bytes of a page and what is known beside them.
type Source struct {
	Name        string // the input as given
	URL         string // the page's address, where known
	Body        []byte
	ContentType string // of the exchange, where there was one
	Coding      string // Content-Encoding still on Body, where there was an exchange
	Fetched     string // the day of fetching, 2024-01-24 or fuller, where known
	Truncated   bool   // the fetch ended before the page did
}

// Options are settings of reading; the zero value is what is wanted.
type Options struct {
	// Model is the block classifier; nil is the built-in one.
	Model *Model
	// Observe, when set, is called with the blocks of the page and the rows
	// the classifier saw. The trainer learns from it. What it is given is
	// only valid during the call.
	Observe func([]Observation)
}

// Observation is a block of a page as the classifier sees it.
type Observation struct {
	Text    []byte
	Row     *[FeatureCount]uint8
	Prob    float32
	Heading bool
	Words   int
}

var pages = sync.Pool{New: func() any { return new(page) }}

// Page reads a page.
func Page(src Source, opt *Options) (*dateline.Article, error) {
	if opt == nil {
		opt = &Options{}
	}
	b, cut, err := uncompress(src.Body, src.Coding)
	if err != nil {
		return nil, err
	}
	text, _ := toUTF8(b, src.ContentType)
	_ = cut
	p := pages.Get().(*page)
	defer func() { p.reset(); pages.Put(p) }()
	p.reset()
	doc := parse(text)
	p.walk(doc)
	p.flush()
	p.linkedData()
	a := &dateline.Article{Source: src.Name, URL: src.URL}
	p.findBody(opt)
	p.site(a, &src)
	p.findTitle(a)
	p.findAuthors(a)
	p.findDates(a, &src)
	p.body(a)
	return a, nil
}
