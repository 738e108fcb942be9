package warc

import (
	"io"
	"strings"
	"time"
)

// DefaultPageLimit is the bytes of a page's body that are kept if nothing else
// is asked for. Pages are cut at 10 MiB once decoded, and text that is
// compressed is seldom a third as long, so no page loses what would be kept.
const DefaultPageLimit = 32 << 20

// firstRead is the most memory taken for a body on the word of the header;
// more is taken as the bytes come.
const firstRead = 1 << 20

// Page is what an archive holds of one address, alike for every kind of record
// that holds content. It belongs to the caller.
type Page struct {
	Offset, Skip int64     // of the record, see Record
	Type         string    // of the record: response, resource or conversion
	URL          string    // the record's target, as written
	Status       int       // of the HTTP response; 0 where there was none
	ContentType  string    // of the page, from the HTTP header or the record's
	Encoding     string    // Content-Encoding of Body, several with commas; "" for none
	Date         time.Time // when it was fetched; zero if not known
	Body         []byte    // without transfer coding, up to the Reader's PageLimit
	Block        []byte    // of the record, as it stands there, if the Reader keeps Blocks and it is within twice PageLimit
	Header       Header    // of the record, with Block
	Truncated    bool      // Body is not the whole: limit, broken chunks, or the record says so
}

// NextPage gives the next page: the content of the next response, resource or
// conversion record. Records of other types are passed over, and so are pages
// that Want declines. Revisits are passed over because they hold no content.
//
// The page's record has been read to its end and its compressed form was found
// sound; the page of a damaged record is not given, its *Error is. Errors and
// the end are those of Next. Next and NextPage may be mixed.
func (r *Reader) NextPage() (*Page, error) {
	for {
		rec, err := r.Next()
		if err != nil {
			return nil, err
		}
		switch rec.Type {
		case "response", "resource", "conversion":
		default:
			continue
		}
		p, err := r.page(rec)
		if p == nil && err == nil {
			continue
		}
		return p, err
	}
}

// page reads the record's page; nil says that it is not wanted.
func (r *Reader) page(rec *Record) (*Page, error) {
	// Strings of the header are copied out of it, lest a page that is kept
	// keep a megabyte of fields.
	p := &Page{
		Offset:    rec.Offset,
		Skip:      rec.Skip,
		Type:      strings.Clone(rec.Type),
		URL:       strings.Clone(rec.TargetURI),
		Date:      rec.Date,
		Truncated: rec.Header.Get("WARC-Truncated") != "" || rec.Header.Get("WARC-Segment-Number") != "",
	}
	var resp *Response
	limit := r.PageLimit
	if limit <= 0 {
		limit = DefaultPageLimit
	}
	var block *copied
	if r.Blocks {
		block = &copied{b: make([]byte, 0, min(rec.Length, limit, firstRead)), limit: 2 * limit}
		rec.block.copy = block
	}
	body := rec.Body
	kind := rec.ContentType
	if rec.HoldsHTTP() {
		var err error
		if resp, err = rec.HTTP(); err != nil {
			return nil, err
		}
		body = resp.Body
		p.Status = resp.Status
		kind = resp.Header.Get("Content-Type")
		p.Encoding = strings.Clone(strings.Join(resp.Header["Content-Encoding"], ", "))
	}
	p.ContentType = strings.Clone(kind)
	if r.Want != nil && !r.Want(p) {
		return nil, nil
	}
	var whole bool
	var err error
	p.Body, whole, err = readUpTo(body, limit, rec.block.left)
	if err == nil {
		err = rec.block.discard()
	}
	if err == nil {
		err = r.verify(rec)
	}
	if err != nil {
		return nil, err
	}
	if block != nil && !block.over {
		p.Block, p.Header = block.b, rec.Header
	}
	p.Truncated = p.Truncated || !whole || resp != nil && resp.Broken()
	return p, nil
}

// readUpTo reads at most limit bytes of a body said to have size, and reports
// whether that was all of it.
func readUpTo(r io.Reader, limit, size int64) (b []byte, whole bool, err error) {
	b = make([]byte, 0, min(size, limit, firstRead)+1)
	for {
		if len(b) == cap(b) {
			grown := make([]byte, len(b), min(2*int64(cap(b)), limit+1))
			copy(grown, b)
			b = grown
		}
		// One byte over the limit is asked for, to know whether there is more.
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if int64(len(b)) > limit {
			return b[:limit:limit], false, nil
		}
		if err == io.EOF {
			return b, true, nil
		}
		if err != nil {
			return nil, false, err
		}
	}
}
