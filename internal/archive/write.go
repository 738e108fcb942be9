package archive

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dateline"
	"dateline/warc"
)

// Exchange is a request and the answer to it, as they went over the wire.
type Exchange struct {
	URL      string
	Fetched  time.Time
	IP       string // of the server; "" where not known
	Protocol string // such as "h2", for WARC-Protocol; "" where not known
	Request  []byte // nil where it is not kept
	Response []byte // head and body as served, transfer coding included

	// Truncated is why the response is not whole, a word of WARC-Truncated:
	// length, time, disconnect, unspecified. "" says that it is.
	Truncated string

	// Same is an earlier capture with the same payload, of this address or
	// another. If its record is there, sound, and of the same digest, only the
	// head is written, as a revisit; otherwise the whole is.
	Same *dateline.Capture
}

// Record is a record of another archive, to be kept with its block as it is.
type Record struct {
	Type        string // response, resource or revisit
	URL         string
	Fetched     time.Time // its WARC-Date
	ContentType string    // of the block
	Block       []byte

	// Header is its header. Taken from it are the fields that tell of the
	// exchange: WARC-IP-Address, WARC-Protocol, WARC-Cipher-Suite,
	// WARC-Truncated. All others are made anew.
	Header warc.Header

	// Same is, of a revisit, the capture in this archive that has the payload.
	// An error that wraps [dateline.ErrNotFound] says that it has not.
	Same *dateline.Capture
}

// Write adds exchanges, each as a response or revisit record and behind it
// the request. When it returns without an error all are on the disk; with one,
// none need be. The captures are in the order of the exchanges.
//
// An error that wraps [dateline.ErrInvalid] says that an exchange cannot be
// written as it is: its response is no HTTP response, or a line end stands
// where it must not.
func (a *Archive) Write(ctx context.Context, list ...Exchange) ([]dateline.Capture, error) {
	drafts := make([]draft, len(list))
	for i := range list {
		e := &list[i]
		d, err := a.draft(e.record())
		if err == nil && e.Same != nil {
			a.revisit(&d, e)
		}
		if err != nil {
			return nil, fmt.Errorf("archive %.200s: %w", e.URL, err)
		}
		d.request = e.Request
		drafts[i] = d
	}
	return a.write(ctx, drafts)
}

// WriteRecord adds records of other archives as Write adds exchanges.
func (a *Archive) WriteRecord(ctx context.Context, list ...Record) ([]dateline.Capture, error) {
	drafts := make([]draft, len(list))
	for i := range list {
		d, err := a.draft(&list[i])
		if err != nil {
			return nil, fmt.Errorf("archive %.200s: %w", list[i].URL, err)
		}
		drafts[i] = d
	}
	return a.write(ctx, drafts)
}

// Import adds a page of another archive as it stands there, with the time at
// which it was fetched. The page's Reader must have kept Blocks. An error that
// wraps [dateline.ErrTooLarge] says that there is no block, since it was too
// long for that.
func (a *Archive) Import(ctx context.Context, p *warc.Page, fetched time.Time) (dateline.Capture, error) {
	if p.Block == nil {
		return dateline.Capture{}, fmt.Errorf("archive %.200s: the record's block was not kept: %w", p.URL, dateline.ErrTooLarge)
	}
	list, err := a.WriteRecord(ctx, Record{Type: p.Type, URL: p.URL, Fetched: fetched, ContentType: p.Header.Get("Content-Type"), Block: p.Block, Header: p.Header})
	if err != nil {
		return dateline.Capture{}, err
	}
	return list[0], nil
}

// record is the response as a record.
func (e *Exchange) record() *Record {
	r := &Record{Type: "response", URL: e.URL, Fetched: e.Fetched, ContentType: warc.MediaResponse, Block: e.Response}
	for _, f := range [...]warc.Field{{Name: "WARC-IP-Address", Value: e.IP}, {Name: "WARC-Protocol", Value: e.Protocol}, {Name: "WARC-Truncated", Value: e.Truncated}} {
		if f.Value != "" {
			r.Header = append(r.Header, f)
		}
	}
	return r
}

// draft is a capture about to be written.
type draft struct {
	warc.Draft
	content
	request []byte
}

// kept are the fields of other archives' headers that are taken over.
var kept = []string{"WARC-IP-Address", "WARC-Protocol", "WARC-Cipher-Suite", "WARC-Truncated"}

func (a *Archive) draft(r *Record) (draft, error) {
	s := a.scans.take()
	defer a.scans.give(s)
	d := draft{Draft: warc.Draft{Type: r.Type, Date: r.Fetched, TargetURI: strings.TrimSpace(r.URL), ContentType: r.ContentType, Block: r.Block}}
	if d.TargetURI == "" || r.Fetched.IsZero() {
		return d, fmt.Errorf("no address or no time: %w", dateline.ErrInvalid)
	}
	if d.ContentType == "" && d.Type == "response" && len(d.TargetURI) > 4 && strings.EqualFold(d.TargetURI[:4], "http") {
		d.ContentType = warc.MediaResponse // what it is taken for without
	}
	var err error
	switch r.Type {
	case "response", "resource", "revisit":
		d.content, err = s.look(r.Type, d.ContentType, r.Block)
	default:
		return d, fmt.Errorf("record type %.40q: %w", r.Type, dateline.ErrInvalid)
	}
	if err != nil {
		return d, fmt.Errorf("%w: %w", dateline.ErrInvalid, err)
	}
	if r.Type == "revisit" {
		if r.Same == nil {
			return d, fmt.Errorf("revisit of nothing: %w", dateline.ErrNotFound)
		}
		same, err := s.original(a, r.Same)
		if err != nil {
			return d, fmt.Errorf("revisit of %s at offset %d: %w: %w", r.Same.WARC, r.Same.Offset, dateline.ErrNotFound, err)
		}
		d.digest = same.digest
		d.Fields = same.fields()
	}
	d.Fields = append(d.Fields, warc.Field{Name: "WARC-Payload-Digest", Value: d.digest})
	for _, name := range kept {
		if v := r.Header.Get(name); v != "" {
			d.Fields = append(d.Fields, warc.Field{Name: name, Value: v})
		}
	}
	return d, nil
}

// revisit makes the draft of an exchange one of a revisit, if the original is
// there and the same.
func (a *Archive) revisit(d *draft, e *Exchange) {
	s := a.scans.take()
	defer a.scans.give(s)
	same, err := s.original(a, e.Same)
	if err != nil || same.digest != d.digest {
		return
	}
	d.Type, d.Block = "revisit", e.Response[:d.head]
	d.Fields = append(same.fields(), d.Fields...)
}

// original is the record that has the payload of a revisit.
type original struct {
	id, url, date, file, digest string
	offset                      int64
}

// original finds the record that a revisit of the capture would refer to: its
// own, or if it is a revisit itself, the one that refers to.
func (s *scan) original(a *Archive, c *dateline.Capture) (original, error) {
	o := original{file: c.WARC, offset: c.Offset}
	for range 2 {
		rec, err := a.record(s, o.file, o.offset)
		if err != nil {
			return o, err
		}
		switch rec.Type {
		case "response", "resource":
			o.id, o.url = strings.Clone(rec.ID), strings.Clone(rec.TargetURI)
			o.date, o.digest = rec.Header.Get("WARC-Date"), rec.Header.Get("WARC-Payload-Digest")
			return o, nil
		case "revisit":
			if o.file, o.offset, err = refersTo(rec); err != nil {
				return o, err
			}
		default:
			return o, fmt.Errorf("a %.20s record holds no payload: %w", rec.Type, dateline.ErrNotFound)
		}
	}
	return o, fmt.Errorf("a revisit of a revisit: %w", dateline.ErrNotFound)
}

func (o *original) fields() warc.Header {
	return warc.Header{
		{Name: "WARC-Profile", Value: warc.ProfileIdentical},
		{Name: "WARC-Refers-To", Value: o.id},
		{Name: "WARC-Refers-To-Target-URI", Value: o.url},
		{Name: "WARC-Refers-To-Date", Value: o.date},
		{Name: "WARC-Refers-To-Filename", Value: o.file},
		{Name: "WARC-Refers-To-File-Offset", Value: strconv.FormatInt(o.offset, 10)},
	}
}

// refersTo is where the original of a revisit is.
func refersTo(rec *warc.Record) (file string, offset int64, err error) {
	file = strings.Clone(rec.Header.Get("WARC-Refers-To-Filename"))
	offset, err = strconv.ParseInt(rec.Header.Get("WARC-Refers-To-File-Offset"), 10, 64)
	if err != nil || number(file) == 0 || offset < 0 {
		return "", 0, fmt.Errorf("the revisit does not say where its original is: %w", dateline.ErrNotFound)
	}
	return file, offset, nil
}

// write makes members of the drafts, adds and syncs them. The members name the
// file's warcinfo, so they are made again where the file changed meanwhile.
func (a *Archive) write(ctx context.Context, list []draft) ([]dateline.Capture, error) {
	buf, ok := a.buffers.Get().(*[]byte)
	if !ok {
		buf = new([]byte)
	}
	defer func() {
		if cap(*buf) <= maxKept {
			a.buffers.Put(buf)
		}
	}()
	for {
		if err := running(ctx, "archive"); err != nil {
			return nil, err
		}
		f, err := a.current()
		if err != nil {
			return nil, fmt.Errorf("archive: %w", err)
		}
		*buf = (*buf)[:0]
		lines := make([]warc.Line, len(list))
		for i := range list {
			if *buf, lines[i], err = list[i].append(*buf, f); err != nil {
				return nil, fmt.Errorf("archive %.200s: %w", list[i].TargetURI, err)
			}
		}
		at, ok, err := a.add(f, *buf, lines)
		if err != nil {
			return nil, fmt.Errorf("archive: %w", err)
		}
		if !ok {
			continue
		}
		if err := a.commit(f, at+int64(len(*buf))); err != nil {
			return nil, fmt.Errorf("archive: %w", err)
		}
		captures := make([]dateline.Capture, len(list))
		for i := range list {
			d := &list[i]
			captures[i] = dateline.Capture{URL: d.TargetURI, Status: d.status, Digest: d.digest, Fetched: d.Date.UTC().Round(0), WARC: f.name, Offset: lines[i].Offset}
		}
		return captures, nil
	}
}

// append adds the draft's members to b, and makes the index's line, whose
// offset is that in b.
func (d *draft) append(b []byte, f *file) ([]byte, warc.Line, error) {
	from := len(b)
	rec := d.Draft
	rec.ID = newID()
	rec.Fields = append(warc.Header{{Name: "WARC-Warcinfo-ID", Value: f.info}}, d.Fields...)
	request := warc.Draft{Type: "request", ID: newID(), Date: d.Date, TargetURI: d.TargetURI, ContentType: warc.MediaRequest, Block: d.request}
	if d.request != nil {
		// Each names the other: the answer tells that a request stands behind
		// it, so that both can be erased.
		rec.Fields = append(rec.Fields, warc.Field{Name: "WARC-Concurrent-To", Value: request.ID})
		request.Fields = warc.Header{{Name: "WARC-Warcinfo-ID", Value: f.info}, {Name: "WARC-Concurrent-To", Value: rec.ID}}
	}
	b, err := rec.Append(b)
	if err != nil {
		return b, warc.Line{}, err
	}
	l := newLine(d.Type, d.TargetURI, d.Date, d.content)
	l.Offset, l.Length, l.Filename = int64(from), int64(len(b)-from), f.name
	if d.request != nil {
		b, err = request.Append(b)
	}
	return b, l, err
}
