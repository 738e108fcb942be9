package fetch

import (
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
	coding := strings.ToLower(strings.TrimSpace(strings.Join(header.Values("Content-Encoding"), ",")))
	var r io.Reader
	switch {
	case len(body) == 0, coding == "", coding == "identity", coding == "none":
	case strings.Contains(coding, ","):
		return nil, false, fmt.Errorf("content codings %s, more than one: %w", show(coding), dateline.ErrUnsupported)
	case coding == "gzip" || coding == "x-gzip":
		if !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
			break
		}
		z := new(gzip.Reader)
		in := bytes.NewReader(body)
		if err := z.Reset(in); err != nil {
			return nil, false, fmt.Errorf("content coding gzip: %w: %w", err, dateline.ErrCorrupt)
		}
		z.Multistream(false)
		r = &members{z: z, in: in}
	case coding == "br":
		r = brotli.NewReader(bytes.NewReader(body))
	case coding == "zstd":
		z, err := zstd.NewReader(bytes.NewReader(body), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, false, fmt.Errorf("content coding zstd: %w: %w", err, dateline.ErrCorrupt)
		}
		defer z.Close()
		r = z
	case coding == "deflate":
		if z, err := zlib.NewReader(bytes.NewReader(body)); err == nil {
			r = z
		} else {
			r = flate.NewReader(bytes.NewReader(body)) // as browsers accept it
		}
	default:
		return nil, false, fmt.Errorf("content coding %s: %w", show(coding), dateline.ErrUnsupported)
	}
	if r == nil {
		if len(body) > limit {
			return body[:limit:limit], true, nil
		}
		return body, false, nil
	}
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

// members reads the members of a gzip file one after the other. What follows
// the last and is none is left out, as browsers do.
type members struct {
	z  *gzip.Reader
	in *bytes.Reader
}

func (m *members) Read(p []byte) (int, error) {
	for {
		n, err := m.z.Read(p)
		if n > 0 || err != io.EOF {
			if err == io.EOF {
				err = nil // comes again at the next call
			}
			return n, err
		}
		var magic [2]byte
		if n, _ := m.in.ReadAt(magic[:], m.in.Size()-int64(m.in.Len())); n < 2 || magic != [2]byte{0x1f, 0x8b} {
			return 0, io.EOF
		}
		if err := m.z.Reset(m.in); err != nil {
			return 0, err
		}
		m.z.Multistream(false)
	}
}
