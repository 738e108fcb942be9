package warc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"dateline"
)

// Line is a line of a CDXJ index, which says where in a file the record of an
// address and a time is:
//
//	example,news)/a 20260102120000 {"url":"https://news.example/a","mime":"text/html","status":"200","digest":"...","length":"402","offset":"0","filename":"x.warc.gz"}
//
// Lines are sorted by their bytes. Fields that are not known are empty.
type Line struct {
	Key       string // the address in the order of SURT, see [SURT]
	Timestamp string // up to the second: YYYYMMDDhhmmss

	URL      string
	Mime     string // of the page, without parameters; "warc/revisit" for a revisit
	Status   int    // 0 where there was none
	Digest   string // of the payload, without the algorithm's name
	Length   int64  // of the member in the file
	Offset   int64
	Filename string
}

// lineJSON is the part of a line in braces. Numbers are written as strings,
// and read as either.
type lineJSON struct {
	URL      string `json:"url"`
	Mime     string `json:"mime,omitempty"`
	Status   digits `json:"status,omitempty"`
	Digest   string `json:"digest,omitempty"`
	Length   digits `json:"length,omitempty"`
	Offset   digits `json:"offset"`
	Filename string `json:"filename,omitempty"`
}

type digits int64

func (d digits) MarshalJSON() ([]byte, error) {
	return append(strconv.AppendInt([]byte{'"'}, int64(d), 10), '"'), nil
}

func (d *digits) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseUint(strings.Trim(string(b), `"`), 10, 63)
	*d = digits(n)
	return err
}

// Append adds the line with its line feed to dst.
func (l *Line) Append(dst []byte) ([]byte, error) {
	if l.Timestamp == "" || strings.ContainsAny(l.Key+l.Timestamp, " \r\n") {
		return dst, fmt.Errorf("write cdxj line of %.200q at %.20q: %w", l.Key, l.Timestamp, dateline.ErrInvalid)
	}
	out := appended(append(append(append(append(dst, l.Key...), ' '), l.Timestamp...), ' '))
	enc := json.NewEncoder(&out) // it ends with a line feed
	enc.SetEscapeHTML(false)
	// JSON is UTF-8; made so here, a line that is read and written again is the same.
	text := func(s string) string { return strings.ToValidUTF8(s, "\ufffd") }
	err := enc.Encode(lineJSON{text(l.URL), text(l.Mime), digits(l.Status), text(l.Digest), digits(l.Length), digits(l.Offset), text(l.Filename)})
	return out, err
}

// ParseLine reads a line, with or without its line feed. What it does not know
// in the braces it passes over; [dateline.ErrInvalid] says that it is no line.
func ParseLine(b []byte) (Line, error) {
	text := bytes.TrimRight(b, "\r\n")
	key, rest, _ := bytes.Cut(text, []byte{' '})
	timestamp, object, _ := bytes.Cut(rest, []byte{' '})
	var j lineJSON
	if len(timestamp) == 0 || bytes.ContainsAny(text, "\r\n") {
		return Line{}, fmt.Errorf("read cdxj line %.200q: %w", b, dateline.ErrInvalid)
	}
	if err := json.Unmarshal(object, &j); err != nil {
		return Line{}, fmt.Errorf("read cdxj line %.200q: %w: %w", b, dateline.ErrInvalid, err)
	}
	return Line{string(key), string(timestamp), j.URL, j.Mime, int(j.Status), j.Digest, int64(j.Length), int64(j.Offset), j.Filename}, nil
}
