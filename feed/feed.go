package feed

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
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
	maxElement        = 4 << 20 // bytes of an element of a sitemap
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
	var entries []dateline.Entry
	doc, err := Read(bytes.NewReader(body), contentType, address, now, func(e dateline.Entry) bool {
		entries = append(entries, e)
		return true
	})
	if err != nil {
		return nil, err
	}
	doc.Entries = entries
	return doc, nil
}

// Read is Parse for a document of any length, of which only a part is in memory
// at a time: each is called with the entries in their order, and ends the
// reading with false. Document.Entries is left empty, and what the document
// says of itself behind its entries is known only at the end. A reader that
// fails is like a document that is cut off.
func Read(r io.Reader, contentType, address string, now time.Time, each func(dateline.Entry) bool) (*Document, error) {
	doc := &Document{}
	in := input{doc: doc, now: now, seen: map[[16]byte]struct{}{}, each: each}
	if u, err := url.Parse(address); err == nil && u.IsAbs() {
		in.base = u
	}
	if err := in.read(r, contentType); err != nil {
		return nil, fmt.Errorf("read feed %.200s: %w", address, err)
	}
	return doc, nil
}

func (in input) read(r io.Reader, contentType string) error {
	src, guessed, err := newStream(r, contentType)
	if err != nil {
		return err
	}
	if guessed {
		in.doc.warn(WarnCharset)
	}
	s := &scanner{src: src, most: MaxFeed}
	for {
		s.b = bytes.TrimLeft(s.b, " \t\r\n\x00\ufeff")
		if len(s.b) > 0 && s.have(1<<10) || !s.fill() {
			break
		}
	}
	switch {
	case len(s.b) == 0:
		err = fmt.Errorf("empty body: %w", dateline.ErrInvalid)
		if src.err != nil {
			err = fmt.Errorf("%w: %w", src.err, dateline.ErrInvalid)
		}
	case s.b[0] == '{':
		src.cap(MaxFeed)
		for s.fill() {
		}
		err = readJSON(in, s.b)
	case isList(s.b):
		readList(in, s)
	default:
		err = readXML(in, s)
	}
	if src.err != nil || src.cut {
		in.doc.warn(WarnTruncated)
	}
	return err
}

// input is what the readers of all forms need: the document they fill in and
// what they judge its addresses and dates by.
type input struct {
	doc  *Document
	base *url.URL // nil where the document's address is not known
	now  time.Time
	each func(dateline.Entry) bool
	seen map[[16]byte]struct{} // digests of addresses of entries or sitemaps
}

// isNew tells whether an address was not there before.
func (in *input) isNew(address string) bool {
	sum := sha256.Sum256([]byte(address))
	n := len(in.seen)
	in.seen[[16]byte(sum[:16])] = struct{}{}
	return len(in.seen) > n
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
	if !in.isNew(e.URL) {
		return true
	}
	if len(in.seen) > most {
		in.doc.warn(WarnCut)
		return false
	}
	return in.each(e)
}

// isList tells a sitemap of plain addresses, one a line.
func isList(text []byte) bool {
	return (bytes.HasPrefix(text, []byte("http://")) || bytes.HasPrefix(text, []byte("https://"))) &&
		bytes.IndexByte(text[:min(len(text), 1<<10)], '<') < 0
}

func readList(in input, s *scanner) {
	in.doc.Kind = dateline.SourceSitemap
	s.most = maxElement
	for {
		s.discard()
		i := bytes.IndexByte(s.b[s.at:], '\n')
		if i < 0 && s.fill() {
			continue
		}
		line := s.b[s.at:]
		if i >= 0 {
			line = line[:i+1]
		}
		if len(line) == 0 {
			return
		}
		s.at += len(line)
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if !in.add(dateline.Entry{URL: resolve(nil, string(line))}, MaxSitemapEntries) {
			return
		}
	}
}
