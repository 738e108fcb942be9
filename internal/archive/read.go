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

// Answer is a capture as it was served. It belongs to the caller.
type Answer struct {
	dateline.Capture
	Type      string      // of the record: response, resource or revisit
	Header    http.Header // of the HTTP response; of what is none, with its Content-Type alone
	Payload   []byte      // without transfer coding, content coding left as it is; of a revisit, its original's
	Truncated bool        // Payload is not the whole
}

// Read gives the capture whose record begins at the offset in the file. A
// revisit's body is that of its original.
//
// Errors wrap [dateline.ErrNotFound] if there is no such capture,
// [dateline.ErrGone] if it or its original was erased, and
// [dateline.ErrCorrupt] if either is damaged.
func (a *Archive) Read(ctx context.Context, name string, offset int64) (*Answer, error) {
	return read(ctx, a, &a.scans, name, offset)
}

// records are read one by one from an Archive or a Reader.
type records interface {
	record(s *scan, name string, offset int64) (*warc.Record, error)
}

func read(ctx context.Context, r records, scans *scanPool, name string, offset int64) (*Answer, error) {
	if err := running(ctx, "read the archive"); err != nil {
		return nil, err
	}
	s := scans.take()
	defer scans.give(s)
	p, rec, err := answer(r, s, name, offset)
	if err == nil && rec.Type == "revisit" {
		var file string
		var at int64
		var o *Answer
		if file, at, err = refersTo(rec); err == nil {
			if o, rec, err = answer(r, s, file, at); err == nil && rec.Type == "revisit" {
				err = fmt.Errorf("a revisit of a revisit: %w", dateline.ErrCorrupt)
			}
		}
		if err != nil {
			err = fmt.Errorf("its original %s at offset %d: %w", file, at, err)
		} else {
			p.Payload, p.Truncated = o.Payload, p.Truncated || o.Truncated
			for _, name := range []string{"Content-Type", "Content-Encoding"} {
				// What tells how to read the payload is its own where the
				// revisit's head is silent, as that of a 304 is.
				if v := o.Header[name]; p.Header.Get(name) == "" && v != nil {
					p.Header[name] = v
				}
			}
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read the archive: %.100s at offset %d: %w", name, offset, err)
	}
	return p, nil
}

// answer reads one record; a revisit has no payload.
func answer(r records, s *scan, name string, offset int64) (*Answer, *warc.Record, error) {
	rec, err := r.record(s, name, offset)
	if err != nil {
		return nil, nil, err
	}
	p := &Answer{
		Capture:   dateline.Capture{URL: strings.Clone(rec.TargetURI), Digest: strings.Clone(rec.Header.Get("WARC-Payload-Digest")), Fetched: rec.Date, WARC: name, Offset: offset},
		Type:      strings.Clone(rec.Type),
		Header:    http.Header{},
		Truncated: rec.Header.Get("WARC-Truncated") != "",
	}
	body := rec.Body
	var resp *warc.Response
	switch rec.Type {
	case "response", "resource", "revisit":
	default:
		return nil, nil, fmt.Errorf("a %.20s record is no capture: %w", rec.Type, dateline.ErrNotFound)
	}
	if rec.HoldsHTTP() {
		if resp, err = rec.HTTP(); err != nil {
			return nil, nil, err
		}
		body = resp.Body
		p.Status, p.Header = resp.Status, resp.Header
	} else if rec.ContentType != "" {
		p.Header.Set("Content-Type", strings.Clone(rec.ContentType))
	}
	// The record is whole, so its length can be believed.
	var b bytes.Buffer
	b.Grow(int(min(rec.Length, pageLimit)) + bytes.MinRead)
	if _, err := b.ReadFrom(io.LimitReader(body, pageLimit+1)); err != nil {
		return nil, nil, err
	}
	p.Payload = b.Bytes()
	if len(p.Payload) > pageLimit {
		p.Payload, p.Truncated = p.Payload[:pageLimit], true
	}
	p.Truncated = p.Truncated || resp != nil && resp.Broken()
	return p, rec, nil
}

// record is recordAt within what is acknowledged or about to be.
func (a *Archive) record(s *scan, name string, offset int64) (*warc.Record, error) {
	f, err := a.find(name)
	if err != nil {
		return nil, err
	}
	if offset < 0 || offset >= f.size() {
		return nil, fmt.Errorf("no record begins there: %w", dateline.ErrNotFound)
	}
	return recordAt(a.disk.root, s, name, offset)
}
