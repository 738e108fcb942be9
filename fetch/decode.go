package fetch

import (
	"bufio"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"dateline"
)

// maxWindow is the largest zstd window that RFC 9659 lets a server use.
const maxWindow = 8 << 20

// Decode undoes the content coding that header declares: gzip, br, zstd, or
// deflate in both its forms. Without one, or where the body is plainly not
// what is declared, body itself is returned.
//
// At most limit bytes are returned; truncated tells that there were more, or
// that the coded bytes were damaged or ended early, and then what came before
// is there. Errors wrap [dateline.ErrUnsupported] for two codings, one within
// the other, which are a known way to make much of little, and for others than
// those named; and [dateline.ErrCorrupt] where nothing could be decoded.
func Decode(body []byte, header http.Header, limit int) (plain []byte, truncated bool, err error) {
	var r io.ReadCloser
	coding := ""
	if len(header.Values("Content-Encoding")) > 0 {
		if r, coding, err = decoder(bufio.NewReader(bytes.NewReader(body)), header); err != nil {
			return nil, false, err
		}
	}
	if r == nil {
		if len(body) > limit {
			return body[:limit:limit], true, nil
		}
		return body, false, nil
	}
	defer r.Close()
	var buf bytes.Buffer
	buf.Grow(min(limit, max(4*len(body), 4<<10), 1<<20) + bytes.MinRead)
	_, err = buf.ReadFrom(io.LimitReader(r, int64(limit)+1))
	plain = buf.Bytes()
	switch {
	case len(plain) > limit:
		return plain[:limit:limit], true, nil
	case err != nil && len(plain) == 0:
		return nil, false, fmt.Errorf("content coding %s: %w: %w", coding, trim(err), dateline.ErrCorrupt)
	}
	return plain, err != nil, nil
}

// Decoder is [Decode] for a body that is read while it comes. Damage and an
// early end are errors of reading. Close it when done; body stays open.
func Decoder(body io.Reader, header http.Header) (io.ReadCloser, error) {
	in := bufio.NewReader(body)
	r, _, err := decoder(in, header)
	if r == nil {
		r = io.NopCloser(in)
	}
	return r, err
}

// decoder undoes the content coding that header declares, of which it gives the
// name; r is nil where there is nothing to undo.
func decoder(in *bufio.Reader, header http.Header) (r io.ReadCloser, coding string, err error) {
	coding = strings.ToLower(strings.TrimSpace(strings.Join(header.Values("Content-Encoding"), ",")))
	magic, _ := in.Peek(2)
	switch {
	case len(magic) == 0, coding == "", coding == "identity", coding == "none":
	case strings.Contains(coding, ","):
		return nil, coding, fmt.Errorf("content codings %s, more than one: %w", show(coding), dateline.ErrUnsupported)
	case coding == "gzip" || coding == "x-gzip":
		if string(magic) != "\x1f\x8b" {
			break
		}
		z := new(gzip.Reader)
		if err := z.Reset(in); err != nil {
			return nil, coding, fmt.Errorf("content coding gzip: %w: %w", err, dateline.ErrCorrupt)
		}
		z.Multistream(false)
		r = &members{z: z, in: in}
	case coding == "br":
		r = io.NopCloser(brotli.NewReader(in))
	case coding == "zstd":
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, coding, fmt.Errorf("content coding zstd: %w: %w", err, dateline.ErrCorrupt)
		}
		r = z.IOReadCloser()
	case coding == "deflate":
		if magic[0]&0x0f == 8 && len(magic) == 2 && (int(magic[0])<<8|int(magic[1]))%31 == 0 {
			if r, err = zlib.NewReader(in); err != nil {
				return nil, coding, fmt.Errorf("content coding deflate: %w: %w", err, dateline.ErrCorrupt)
			}
			break
		}
		r = flate.NewReader(in) // as browsers accept it
	default:
		return nil, coding, fmt.Errorf("content coding %s: %w", show(coding), dateline.ErrUnsupported)
	}
	return r, coding, nil
}

// members reads the members of a gzip file one after the other. What follows
// the last and is none is left out, as browsers do.
type members struct {
	z  *gzip.Reader
	in *bufio.Reader
}

func (m *members) Close() error { return m.z.Close() }

func (m *members) Read(p []byte) (int, error) {
	for {
		n, err := m.z.Read(p)
		if n > 0 || err != io.EOF {
			if err == io.EOF {
				err = nil // comes again at the next call
			}
			return n, err
		}
		if magic, _ := m.in.Peek(2); string(magic) != "\x1f\x8b" {
			return 0, io.EOF
		}
		if err := m.z.Reset(m.in); err != nil {
			return 0, err
		}
		m.z.Multistream(false)
	}
}
