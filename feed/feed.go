package feed

import (
	"bytes"
	"fmt"
	"net/url"
	"time"

	"dateline"
)

// What is taken of one document. Beyond, it is cut, with a warning.
const (
	MaxFeed           = 20 << 20 // bytes of a feed, after decompression
	MaxSitemap        = 50 << 20 // bytes of a sitemap, the protocol's own limit
	MaxFeedEntries    = 20_000
	MaxSitemapEntries = 50_000 // the protocol's own limit, for sitemaps of an index too
	maxDepth          = 256    // of XML
	maxJSONDepth      = 1000
)

// The warnings of a Document.
const (
	WarnTruncated = "truncated"       // the document ends in the middle, or went on beyond the limit in bytes
	WarnCut       = "entries-cut"     // it has more entries than are taken
	WarnDeep      = "too-deep"        // it nests deeper than any feed; what comes after is left out
	WarnFuture    = "future-date"     // a date more than 48 hours ahead was dropped
	WarnCharset   = "charset-guessed" // the bytes are not in the charset that was declared
	WarnAddress   = "bad-address"     // an entry has no address, or none of http or https, and was left out
)

// Document is what one answer of a source says.
type Document struct {
	Kind     dateline.SourceKind
	Title    string           // the outlet's or the channel's name, text
	Home     string           // address of the channel's page, absolute
	Language string           // BCP 47
	Entries  []dateline.Entry // in the order of the document; addresses are absolute, of http or https, each once; languages where an entry has its own
	Sitemaps []Sitemap        // of a sitemap index, each once, its own address left out
	Next     string           // address of the following page (RFC 5005, JSON Feed), absolute
	Every    time.Duration    // how often the publisher says to look; 0 where it says nothing
	Warnings []string         // each once, in the order in which they came up
}

// Sitemap is a sitemap that a sitemap index lists.
type Sitemap struct {
	URL      string // absolute
	Modified string // as [dateline.Entry] has it
}

// Parse reads a feed or a sitemap. The body is as served after content
// decoding; a file that is gzip in itself (sitemap.xml.gz) is decompressed
// here. contentType is the header's value; only its charset counts. address is
// the document's own, against which relative addresses are resolved; it may be
// empty. Dates more than 48 hours after now are dropped.
//
// A document that is cut off or broken gives what could be read, with warnings.
// The error is ErrInvalid for a body that is empty or no sound gzip,
// ErrUnsupported for what is neither feed nor sitemap, a web page among it, and
// ErrTooLarge for JSON that nests too deep. The result shares no memory with
// body.
func Parse(body []byte, contentType, address string, now time.Time) (*Document, error) {
	doc, err := parse(body, contentType, address, now)
	if err != nil {
		return nil, fmt.Errorf("read feed %.200s: %w", address, err)
	}
	return doc, nil
}

func parse(body []byte, contentType, address string, now time.Time) (*Document, error) {
	doc := &Document{}
	body, whole, err := gunzip(body)
	if err != nil {
		return nil, err
	}
	if !whole {
		doc.warn(WarnTruncated)
	}
	text, guessed := toUTF8(body, contentType)
	if guessed {
		doc.warn(WarnCharset)
	}
	text = bytes.TrimLeft(text, " \t\r\n\x00\ufeff")
	if len(text) == 0 {
		return nil, fmt.Errorf("empty body: %w", dateline.ErrInvalid)
	}
	in := input{doc: doc, now: now, seen: map[string]bool{}}
	if u, err := url.Parse(address); err == nil && u.IsAbs() {
		in.base = u
	}
	switch {
	case text[0] == '{':
		return doc, readJSON(in, limit(doc, text, MaxFeed))
	case isList(text):
		readList(in, limit(doc, text, MaxSitemap))
		return doc, nil
	}
	return doc, readXML(in, text)
}

// input is what the readers of all forms need: the document they fill in and
// what they judge its addresses and dates by.
type input struct {
	doc  *Document
	base *url.URL // nil where the document's address is not known
	now  time.Time
	seen map[string]bool // addresses of entries or sitemaps
}

// limit cuts what is longer than a document may be.
func limit(doc *Document, text []byte, most int) []byte {
	if len(text) > most {
		doc.warn(WarnTruncated)
		text = text[:most]
	}
	return text
}

func (d *Document) warn(w string) {
	for _, have := range d.Warnings {
		if have == w {
			return
		}
	}
	d.Warnings = append(d.Warnings, w)
}

// add takes an entry whose fields are as the document has them: addresses,
// names and dates are checked here, for every form of document. It reports
// false when there is no room for more.
func (in *input) add(e dateline.Entry, most int) bool {
	if e.URL == "" {
		in.doc.warn(WarnAddress)
		return true
	}
	if in.seen[e.URL] {
		return true
	}
	if len(in.doc.Entries) >= most {
		in.doc.warn(WarnCut)
		return false
	}
	in.seen[e.URL] = true
	in.doc.Entries = append(in.doc.Entries, e)
	return true
}

// isList tells a sitemap of plain addresses, one a line.
func isList(text []byte) bool {
	return (bytes.HasPrefix(text, []byte("http://")) || bytes.HasPrefix(text, []byte("https://"))) &&
		bytes.IndexByte(text[:min(len(text), 1<<10)], '<') < 0
}

func readList(in input, text []byte) {
	in.doc.Kind = dateline.SourceSitemap
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if !in.add(dateline.Entry{URL: resolve(nil, string(line))}, MaxSitemapEntries) {
			return
		}
	}
}
