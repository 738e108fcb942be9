package warc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"dateline"
)

// Reader reads the records of one file in their order. Its fields may be set
// before the first call. It is not for use by more than one goroutine at once.
// It holds about a megabyte, and up to 40 more for Zstandard with the largest
// window and dictionary; nothing needs closing.
type Reader struct {
	// PageLimit is the most bytes of a page's body that NextPage keeps, as
	// they stand in the record, where they may still be compressed. 0 is
	// DefaultPageLimit.
	PageLimit int64

	// Blocks makes NextPage keep each page's block beside its body, for a
	// caller who wants to write the record again.
	Blocks bool

	// Want, if set, is shown each page before its body is read, with Body
	// nil. NextPage passes over the pages it answers false to, which spares
	// reading films and pictures.
	Want func(*Page) bool

	in      *stream
	last    *Record // the record given last, its block perhaps not yet read
	scratch []byte  // for headers
	done    bool    // nothing more can be read
}

// NewReader makes a Reader of the bytes of a WARC file from its beginning, and
// reads the first of them. An error that wraps [dateline.ErrInvalid] says that
// this is not a WARC file; others come from r, or from a dictionary that is
// cut short or too large. An empty file is a WARC file without records.
func NewReader(r io.Reader) (*Reader, error) {
	rd := &Reader{}
	if err := rd.Reset(r); err != nil {
		return nil, err
	}
	return rd, nil
}

// Reset makes the Reader read another file from its beginning, as NewReader
// does. It keeps its memory and the fields above. Bodies of records read before
// are gone.
func (r *Reader) Reset(file io.Reader) error {
	if r.last != nil {
		r.last.block.err = errMoved
	}
	s := r.in
	if s == nil {
		s = &stream{src: newSource(file), buf: make([]byte, bufferSize)}
	} else {
		s.src.reset(file)
		*s = stream{src: s.src, buf: s.buf, gzip: s.gzip}
	}
	*r = Reader{PageLimit: r.PageLimit, Blocks: r.Blocks, Want: r.Want, in: s, scratch: r.scratch, done: true}
	src := s.src
	head, err := src.br.Peek(4)
	if err != nil && err != io.EOF {
		return fmt.Errorf("open warc: %w", err)
	}
	switch {
	case bytes.HasPrefix(head, []byte(gzipMagic)):
		if s.gzip == nil {
			s.gzip = &gzipped{src: src}
		}
		s.codec = s.gzip
	case string(head) == zstdMagic, string(head) == dictFrameMagic:
		if s.codec, err = newZstandard(src); err != nil {
			return fmt.Errorf("open warc: %w", err)
		}
	default:
		s.codec = &plain{src: src}
	}
	err = s.next()
	if err == io.EOF {
		return nil
	}
	for err == nil && r.newlines() {
		err = s.fill()
	}
	if s.begins() {
		r.done = false
		return nil
	}
	if err := src.failure(); err != nil {
		return fmt.Errorf("open warc: %w", err)
	}
	w := string(s.window())
	// A first record that cannot be decompressed is damage, for Next to report.
	damaged := s.err != nil && s.err != errEnd && strings.HasPrefix(recordMagic, w)
	if !damaged && !strings.HasPrefix(w, "WARC/") {
		return fmt.Errorf("open warc: %w: not a WARC file", dateline.ErrInvalid)
	}
	r.done = false
	return nil
}

// Next gives the next record. What is left of the one before is passed over.
//
// io.EOF is the end. Every other error is an *Error about one record, which
// may be the one given before if its damage shows only now; Next may be called
// again after it and gives the next record that can be found, or io.EOF. So a
// loop that reports errors and goes on always ends.
func (r *Reader) Next() (*Record, error) {
	if err := r.settle(); err != nil {
		return nil, err
	}
	rec, err := r.header()
	if err != nil {
		return nil, r.fail(rec.Offset, rec.Skip, err)
	}
	if rec.Skip > 0 {
		r.in.shared = true
	}
	r.last = rec
	return rec, nil
}

// settle passes over the rest of the last record and the line ends behind it,
// to where the next record begins.
func (r *Reader) settle() error {
	last := r.last
	r.last = nil
	if last != nil {
		err := last.block.err
		if err == nil || err == io.EOF {
			err = last.block.discard()
			last.block.err = errMoved
			if err != nil {
				return err
			}
		}
	}
	if r.done {
		return io.EOF
	}
	for r.newlines() {
		err := r.in.fill()
		if err == errEnd {
			err = r.in.next()
		}
		if err == io.EOF {
			r.done = true
			return io.EOF
		}
		if err != nil {
			return r.spoilt(last, err)
		}
	}
	return nil
}

// verify reads to the end of the member that the record ends in, if nothing
// but line ends is left of it, so that its checksum is checked. It never waits
// for the next member.
func (r *Reader) verify(rec *Record) error {
	if _, ok := r.in.codec.(*plain); ok {
		return nil
	}
	for r.newlines() {
		if err := r.in.fill(); err == errEnd {
			return nil
		} else if err != nil {
			rec.block.err = r.spoilt(rec, err)
			return rec.block.err
		}
	}
	return nil
}

// spoilt reports damage met behind the record: it is the record's own, such as
// a wrong checksum, unless a new member was begun.
func (r *Reader) spoilt(rec *Record, err error) error {
	offset, skip := r.in.place()
	if rec != nil && skip > 0 {
		offset, skip = rec.Offset, rec.Skip
	}
	return r.fail(offset, skip, err)
}

// newlines passes over the line ends at hand and reports whether nothing else is.
func (r *Reader) newlines() bool {
	w := r.in.window()
	i := 0
	for i < len(w) && (w[i] == '\n' || w[i] == '\r') {
		i++
	}
	r.in.advance(i)
	return i == len(w)
}

// fail makes the *Error for err at a record, and takes the stream to where
// reading can go on.
func (r *Reader) fail(offset, skip int64, err error) error {
	if e := (*Error)(nil); errors.As(err, &e) {
		return err
	}
	e := &Error{Offset: offset, Skip: skip}
	var search error // why nothing further was found
	switch in := r.in; {
	case in.src.failure() != nil:
		e.Err = in.src.failure()
		search = e.Err
	case err == io.EOF || in.torn(err):
		e.Err = errTorn
		search = io.EOF
	case err == errCut:
		e.Err = err
	case errors.As(err, new(lostError)):
		e.Err = errors.Unwrap(err)
		search = in.search()
	default:
		e.Err = decoding(err)
		ended := endOfInput(err) && in.src.ended()
		if search = in.mend(err); search == io.EOF && ended {
			e.Err = errTorn
		}
	}
	if failure := r.in.src.failure(); failure != nil && !errors.Is(e.Err, failure) && search != nil {
		e.Err = fmt.Errorf("%w, and then: %w", e.Err, failure)
	}
	e.Final = search != nil
	r.done = e.Final
	return e
}
