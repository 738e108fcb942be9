package warc

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dateline"
)

// The media types and the profile of the records a crawl is made of.
const (
	MediaFields   = "application/warc-fields"
	MediaRequest  = "application/http; msgtype=request"
	MediaResponse = "application/http; msgtype=response"

	// ProfileIdentical is the WARC-Profile of a revisit record that stands for
	// a payload which an earlier record holds.
	ProfileIdentical = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
)

// Draft is a record to be written, as WARC 1.1 (ISO 28500:2017) has it.
type Draft struct {
	Type        string // in lower case, such as "response"
	ID          string // see NewID
	Date        time.Time
	TargetURI   string // "" for none
	ContentType string // of the block; "" for none
	// Fields is the rest of the header, in this order. Content-Length is
	// added, and WARC-Block-Digest unless it is there.
	Fields Header
	Block  []byte
}

// NewID makes a WARC-Record-ID of 16 random bytes, a UUID of version 4.
func NewID(random [16]byte) string {
	random[6] = random[6]&0x0f | 0x40
	random[8] = random[8]&0x3f | 0x80
	var b [36]byte
	for i, cut := range [5][2]int{{0, 4}, {4, 6}, {6, 8}, {8, 10}, {10, 16}} {
		hex.Encode(b[2*cut[0]+i:], random[cut[0]:cut[1]])
		if i > 0 {
			b[2*cut[0]+i-1] = '-'
		}
	}
	return "<urn:uuid:" + string(b[:]) + ">"
}

// Digest is the value of a digest field for what was written to a SHA-256
// hash: the algorithm's name, a colon, lower-case hexadecimal.
func Digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// FormatDate is a time as WARC-Date has it: UTC, with as many digits of the
// second as are not zero.
func FormatDate(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// Append adds the record to dst as one gzip member of the form described at
// [MemberSize]. It refuses, with [dateline.ErrInvalid], a header that
// could be read as another than the one meant, such as a value with a line end
// in it, and with [dateline.ErrTooLarge] what [Reader] would not take. On an
// error dst is given back as it was.
func (d *Draft) Append(dst []byte) ([]byte, error) {
	head, err := d.header()
	if err != nil {
		return dst, fmt.Errorf("write warc record: %w", err)
	}
	out, err := appendMember(dst, head, d.Block)
	if err != nil {
		return dst, fmt.Errorf("write warc record: %w", err)
	}
	return out, nil
}

// header is the record's header with the empty line below it.
func (d *Draft) header() ([]byte, error) {
	if d.Date.IsZero() || d.Date.Year() < 0 || d.Date.Year() > 9999 {
		return nil, fmt.Errorf("date %v: %w", d.Date, dateline.ErrInvalid)
	}
	if !strings.HasPrefix(d.ID, "<") || !strings.HasSuffix(d.ID, ">") {
		return nil, fmt.Errorf("record id %.100q: %w", d.ID, dateline.ErrInvalid)
	}
	w := headerWriter{b: make([]byte, 0, 1024)}
	w.b = append(w.b, "WARC/1.1\r\n"...)
	w.field("WARC-Type", d.Type)
	w.field("WARC-Record-ID", d.ID)
	w.field("WARC-Date", FormatDate(d.Date))
	if d.TargetURI != "" {
		w.field("WARC-Target-URI", d.TargetURI)
	}
	for _, f := range d.Fields {
		if _, ok := own.lookup(f.Name); ok {
			return nil, fmt.Errorf("field %s twice: %w", f.Name, dateline.ErrInvalid)
		}
		w.field(f.Name, f.Value)
	}
	if _, ok := d.Fields.lookup("WARC-Block-Digest"); !ok {
		w.field("WARC-Block-Digest", Digest(d.Block))
	}
	if d.ContentType != "" {
		w.field("Content-Type", d.ContentType)
	}
	w.field("Content-Length", strconv.Itoa(len(d.Block)))
	w.b = append(w.b, "\r\n"...)
	if w.err == nil && len(w.b) > maxHeader {
		w.err = fmt.Errorf("header over %d bytes: %w", maxHeader, dateline.ErrTooLarge)
	}
	return w.b, w.err
}

// own are the fields that a Draft has a place of their own for.
var own = Header{{Name: "WARC-Type"}, {Name: "WARC-Record-ID"}, {Name: "WARC-Date"}, {Name: "WARC-Target-URI"}, {Name: "Content-Type"}, {Name: "Content-Length"}}

// headerWriter adds fields to a header until one may not be there.
type headerWriter struct {
	b   []byte
	err error
}

func (w *headerWriter) field(name, value string) {
	switch {
	case w.err != nil:
	case !token(name):
		w.err = fmt.Errorf("field name %.100q: %w", name, dateline.ErrInvalid)
	case value == "" || strings.ContainsAny(value, "\r\n\x00"):
		w.err = fmt.Errorf("field %s: value %.100q: %w", name, value, dateline.ErrInvalid)
	case len(name)+len(value)+4 > maxHeaderLine:
		w.err = fmt.Errorf("field %s over %d bytes: %w", name, maxHeaderLine, dateline.ErrTooLarge)
	default:
		w.b = append(append(append(append(w.b, name...), ": "...), value...), "\r\n"...)
	}
}

// token reports whether s is a token of RFC 2616, as a field's name must be.
func token(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`()<>@,;:\"/[]?={}`, c) >= 0 {
			return false
		}
	}
	return s != ""
}
