package archive

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"dateline"
	"dateline/warc"
)

// pageLimit is the most bytes of a body that Read gives, above the largest
// that is fetched.
const pageLimit = 64 << 20

// Page is a capture as it was served. It belongs to the caller.
type Page struct {
	warc.Page // of a revisit, with the body of its original
	Digest    string
	Header    http.Header // of the HTTP response; nil where there was none
}

// Read gives the capture whose record begins at the offset in the file. A
// revisit's body is that of its original.
//
// Errors wrap [dateline.ErrNotFound] if there is no such capture,
// [dateline.ErrGone] if it or its original was erased, and
// [dateline.ErrCorrupt] if either is damaged.
func (a *Archive) Read(ctx context.Context, name string, offset int64) (*Page, error) {
	if err := running(ctx, "read the archive"); err != nil {
		return nil, err
	}
	s := a.scans.take()
	defer a.scans.give(s)
	p, rec, err := a.page(s, name, offset)
	if err == nil && rec.Type == "revisit" {
		var file string
		var at int64
		var o *Page
		if file, at, err = refersTo(rec); err == nil {
			if o, rec, err = a.page(s, file, at); err == nil && rec.Type == "revisit" {
				err = fmt.Errorf("a revisit of a revisit: %w", dateline.ErrCorrupt)
			}
		}
		if err != nil {
			err = fmt.Errorf("its original %s at offset %d: %w", file, at, err)
		} else {
			p.Body, p.Encoding, p.Truncated = o.Body, o.Encoding, p.Truncated || o.Truncated
			if p.ContentType == "" {
				p.ContentType = o.ContentType
			}
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read the archive: %.100s at offset %d: %w", name, offset, err)
	}
	return p, nil
}

// page reads one record as a page; a revisit has no body.
func (a *Archive) page(s *scan, name string, offset int64) (*Page, *warc.Record, error) {
	rec, err := a.record(s, name, offset)
	if err != nil {
		return nil, nil, err
	}
	p := &Page{Digest: strings.Clone(rec.Header.Get("WARC-Payload-Digest")), Page: warc.Page{
		Offset: offset, Type: strings.Clone(rec.Type), URL: strings.Clone(rec.TargetURI), Date: rec.Date,
		ContentType: strings.Clone(rec.ContentType), Truncated: rec.Header.Get("WARC-Truncated") != "",
	}}
	body := rec.Body
	var resp *warc.Response
	switch rec.Type {
	case "response", "resource", "revisit":
	default:
		return nil, nil, fmt.Errorf("a %.20s record is no capture: %w", rec.Type, dateline.ErrNotFound)
	}
	if isHTTP(rec.ContentType) {
		if resp, err = rec.HTTP(); err != nil {
			return nil, nil, err
		}
		body = resp.Body
		p.Status, p.Header = resp.Status, resp.Header
		p.ContentType = resp.Header.Get("Content-Type")
		p.Encoding = strings.Join(resp.Header["Content-Encoding"], ", ")
	}
	// The record is whole, so its length can be believed.
	var b bytes.Buffer
	b.Grow(int(min(rec.Length, pageLimit)) + bytes.MinRead)
	if _, err := b.ReadFrom(io.LimitReader(body, pageLimit+1)); err != nil {
		return nil, nil, err
	}
	p.Body = b.Bytes()
	if len(p.Body) > pageLimit {
		p.Body, p.Truncated = p.Body[:pageLimit], true
	}
	p.Truncated = p.Truncated || resp != nil && resp.Broken()
	return p, rec, nil
}

// record reads the record at the offset of the file, found whole. It is good
// until s is used again.
func (a *Archive) record(s *scan, name string, offset int64) (*warc.Record, error) {
	f, err := a.find(name)
	if err != nil {
		return nil, err
	}
	if offset < 0 || offset >= f.size() {
		return nil, fmt.Errorf("no record begins there: %w", dateline.ErrNotFound)
	}
	h, err := a.disk.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	rec, err := s.readAt(h, offset)
	if err == nil && warc.IsErased(rec) {
		err = fmt.Errorf("it was erased: %w", dateline.ErrGone)
	}
	return rec, err
}
