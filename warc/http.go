package warc

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"strings"

	"dateline"
)

// maxHTTPHeader is the most bytes of an HTTP response's status line and fields
// together. Servers and browsers take 8 to 256 KiB.
const maxHTTPHeader = 64 << 10

// Response is the HTTP response that a record's block holds.
type Response struct {
	Proto  string // as written, such as "HTTP/1.1"
	Status int
	Header http.Header
	Head   int64 // bytes of the block before the body: status line, fields, empty line

	// Body is the payload without chunked transfer coding. Content-Encoding is
	// left as it is. It reads from the record's Body and is good as long. If
	// the chunks are broken it ends there with io.EOF, see Broken.
	Body io.Reader

	chunks *chunked
}

// Broken reports whether the body's chunks stopped making sense before the
// last. It is known once Body was read to its end.
func (r *Response) Broken() bool { return r.chunks != nil && r.chunks.broken }

// HTTP reads the record's block as an HTTP response. It is called once, before
// Body is read. Interim responses (1xx) are passed over. A block that ends
// within the header gives the fields there are and no body, as revisit records
// do.
//
// Many crawlers remove chunked coding but leave the field that names it, so
// the body is taken for chunked only if it begins with a chunk.
//
// Errors are of type *Error and concern this record alone, unless its Final is
// set. They wrap [dateline.ErrUnsupported] if the record does not hold an HTTP
// response.
func (rec *Record) HTTP() (*Response, error) {
	if !rec.HoldsHTTP() {
		return nil, rec.bad(dateline.ErrUnsupported, "a %.20q record of type %.60q holds no HTTP response", rec.Type, rec.ContentType)
	}
	b := &rec.block
	rest := max(0, b.left-maxHTTPHeader)
	b.left -= rest
	resp, err := rec.response()
	b.left += rest
	if err == io.EOF {
		b.err = nil // it was the end of the part cut off above
		if rest > 0 {
			err = errLong
		}
	}
	switch {
	case err == errLong:
		return nil, rec.bad(dateline.ErrTooLarge, "HTTP header over %d bytes", maxHTTPHeader)
	case err != nil && err != io.EOF:
		return nil, err
	case resp.Status == 0:
		return nil, rec.bad(dateline.ErrCorrupt, "no HTTP status line")
	}
	resp.Head = rec.Length - b.left
	resp.Body = b
	if coding := resp.Header["Transfer-Encoding"]; len(coding) > 0 && fold(coding[len(coding)-1], "chunked") && b.beginsChunk() {
		resp.chunks = &chunked{b: b}
		resp.Body = resp.chunks
	}
	return resp, nil
}

// response reads the header of the last response in the block, which is the
// first that is not interim. On io.EOF the response is what there was.
func (rec *Record) response() (*Response, error) {
	for {
		first, h, scratch, err := rec.block.fields(rec.block.rd.scratch, maxHTTPHeader)
		rec.block.rd.scratch = scratch
		resp := &Response{Header: canonical(h)}
		resp.Proto, resp.Status = statusLine(first)
		interim := resp.Status/100 == 1 && resp.Status != http.StatusSwitchingProtocols
		if err != nil || !interim {
			return resp, err
		}
		if !bytes.HasPrefix(rec.block.peek(5), []byte("HTTP/")) {
			return resp, nil
		}
	}
}

// statusLine reads "HTTP/1.1 200 OK"; a status of 0 says that it is none.
func statusLine(s string) (proto string, status int) {
	proto, rest, _ := strings.Cut(s, " ")
	rest = strings.TrimLeft(rest, " ")
	if !strings.HasPrefix(proto, "HTTP/") || len(rest) < 3 || len(rest) > 3 && rest[3] != ' ' {
		return proto, 0
	}
	for _, c := range []byte(rest[:3]) {
		if c < '0' || c > '9' {
			return proto, 0
		}
		status = status*10 + int(c-'0')
	}
	return proto, status
}

// canonical makes the map of fields, with one array for all the values.
func canonical(h Header) http.Header {
	m := make(http.Header, len(h))
	values := make([]string, len(h))
	for i, f := range h {
		name := textproto.CanonicalMIMEHeaderKey(f.Name)
		values[i] = f.Value
		if old, ok := m[name]; ok {
			m[name] = append(old, f.Value)
		} else {
			m[name] = values[i : i+1 : i+1]
		}
	}
	return m
}

// HoldsHTTP reports whether the block is an HTTP response by what the record
// says of it, so that HTTP can read it. Without a media type, responses of http addresses are.
func (rec *Record) HoldsHTTP() bool {
	switch rec.Type {
	case "response", "revisit", "resource":
	default:
		return false
	}
	kind, rest, _ := strings.Cut(rec.ContentType, ";")
	if kind = strings.TrimSpace(kind); kind == "" {
		return rec.Type == "response" && len(rec.TargetURI) > 4 && strings.EqualFold(rec.TargetURI[:4], "http")
	}
	return strings.EqualFold(kind, "application/http") && !strings.Contains(strings.ToLower(rest), "msgtype=request")
}

// fold reports whether the last item of a comma-separated list is the word, in
// whatever case.
func fold(list, word string) bool {
	return strings.EqualFold(strings.TrimSpace(list[strings.LastIndexByte(list, ',')+1:]), word)
}

// bad makes the *Error for a record whose own content is wrong; the stream is
// where it should be.
func (rec *Record) bad(sentinel error, format string, args ...any) error {
	return &Error{Offset: rec.Offset, Skip: rec.Skip, Err: fmt.Errorf("%w: %s", sentinel, fmt.Sprintf(format, args...))}
}
