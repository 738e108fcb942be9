package warc

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"time"

	"dateline"
)

// Record is one record of an archive. All but Body stays good for ever.
type Record struct {
	// Offset is where in the file the member that the record begins in
	// begins: the place to seek to and read from. Skip is how many
	// decompressed bytes of that member come before the record. It is 0 where
	// each record is a member of its own and where the file is not compressed.
	// Along a file the pair (Offset, Skip) always grows.
	Offset, Skip int64

	Version     string // of the format, such as "1.1"
	Type        string // WARC-Type in lower case, such as "response"
	TargetURI   string // WARC-Target-URI without the angle brackets some write
	ID          string // WARC-Record-ID as written, such as "<urn:uuid:...>"
	ContentType string // of the block
	Length      int64  // of the block, as the header claims
	Date        time.Time
	Header      Header // every field

	// Body is the block, Length bytes. It can be read until the Reader is
	// asked for the next record. If the record turns out to be damaged or
	// shorter than it claims, Read gives an *Error after the bytes there are.
	Body io.Reader

	block block
}

// The limits of a record's header, far above what crawlers write.
const (
	maxHeader     = 1 << 20
	maxHeaderLine = 64 << 10
)

// header reads the header that begins at the window. An error is an *Error or
// one for Reader.fail.
func (r *Reader) header() (*Record, error) {
	rec := &Record{}
	rec.Offset, rec.Skip = r.in.place()
	if !r.in.begins() {
		if bytes.HasPrefix(r.in.window(), []byte("WARC/")) {
			return rec, lost(dateline.ErrUnsupported, "WARC version is not 1.x")
		}
		return rec, lost(dateline.ErrCorrupt, "no record begins here")
	}
	b := &rec.block
	*b = block{rd: r, offset: rec.Offset, skip: rec.Skip, left: maxHeader}
	first, h, scratch, err := b.fields(r.scratch, maxHeaderLine)
	r.scratch = scratch
	switch err {
	case nil:
	case io.EOF:
		return rec, lost(dateline.ErrTooLarge, "header over %d bytes", maxHeader)
	case errLong:
		return rec, lost(dateline.ErrTooLarge, "header line over %d bytes", maxHeaderLine)
	default:
		return rec, err
	}
	rec.Version = strings.TrimPrefix(first, "WARC/")
	rec.Header = h
	rec.Type = strings.ToLower(h.Get("WARC-Type"))
	rec.TargetURI = h.Get("WARC-Target-URI")
	if n := len(rec.TargetURI); n > 1 && rec.TargetURI[0] == '<' && rec.TargetURI[n-1] == '>' {
		rec.TargetURI = rec.TargetURI[1 : n-1]
	}
	rec.ID = h.Get("WARC-Record-ID")
	rec.ContentType = h.Get("Content-Type")
	rec.Date = date(h.Get("WARC-Date"))
	if rec.Length, err = length(h); err != nil {
		return rec, err
	}
	*b = block{rd: r, offset: rec.Offset, skip: rec.Skip, left: rec.Length}
	rec.Body = b
	return rec, nil
}

// length gives the Content-Length, which there must be, once or always the same.
func length(h Header) (int64, error) {
	text, ok := h.lookup("Content-Length")
	if !ok {
		return 0, lost(dateline.ErrCorrupt, "no content-length")
	}
	for _, f := range h {
		if f.Value != text && strings.EqualFold(f.Name, "Content-Length") {
			return 0, lost(dateline.ErrCorrupt, "content-length is given as %.40q and as %.40q", text, f.Value)
		}
	}
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0, lost(dateline.ErrCorrupt, "content-length %.40q is not a length", text)
	}
	return int64(n), nil
}

// dateLayouts are those WARC 1.1 allows beside RFC 3339, and the 14 digits of
// older tools.
var dateLayouts = []string{"2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "2006", "20060102150405"}

// date reads a WARC-Date; the zero time says that it cannot be read.
func date(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	for i := 0; err != nil && i < len(dateLayouts); i++ {
		t, err = time.Parse(dateLayouts[i], s)
	}
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
