package read

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"dateline"
)

// MaxPage is the most of a page that is read, in bytes after decoding; the
// rest is cut, with a warning.
const MaxPage = 10 << 20

const maxZstdWindow = 8 << 20

var gzips sync.Pool

// uncompress removes a page's content coding. coding is what the exchange
// declared (gzip, deflate, br, zstd, or nothing); without it gzip and zstd are
// recognised by their first bytes. cut tells that the bytes ended early, were
// damaged, or went beyond MaxPage; what came before is returned.
func uncompress(b []byte, coding string) (out []byte, cut bool, err error) {
	coding = strings.ToLower(strings.TrimSpace(coding))
	if coding == "identity" {
		coding = ""
	}
	if strings.Contains(coding, ",") {
		return nil, false, fmt.Errorf("content codings %q: more than one: %w", coding, dateline.ErrUnsupported)
	}
	isGzip := len(b) > 2 && b[0] == 0x1f && b[1] == 0x8b
	isZstd := len(b) > 4 && (bytes.HasPrefix(b, []byte{0x28, 0xb5, 0x2f, 0xfd}) || b[0]&0xf0 == 0x50 && bytes.Equal(b[1:4], []byte{0x2a, 0x4d, 0x18}))
	var r io.Reader
	switch {
	case isGzip && coding != "br":
		z, _ := gzips.Get().(*gzip.Reader)
		if z == nil {
			z = new(gzip.Reader)
		}
		defer gzips.Put(z)
		in := bytes.NewReader(b)
		if err := z.Reset(in); err != nil {
			return nil, false, fmt.Errorf("gzip: %v: %w", err, dateline.ErrCorrupt)
		}
		z.Multistream(false)
		r = &members{z: z, in: in, rest: b}
	case isZstd && coding != "br":
		z, err := zstd.NewReader(bytes.NewReader(b), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxZstdWindow), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, false, fmt.Errorf("zstd: %v: %w", err, dateline.ErrCorrupt)
		}
		defer z.Close()
		r = z
	case coding == "br":
		r = brotli.NewReader(bytes.NewReader(b))
	case coding == "deflate":
		if z, err := zlib.NewReader(bytes.NewReader(b)); err == nil {
			r = z
		} else {
			r = flate.NewReader(bytes.NewReader(b)) // as browsers accept
		}
	default:
		// Nothing declared, or declared and not so.
		if len(b) > MaxPage {
			return b[:MaxPage], true, nil
		}
		return b, false, nil
	}
	var buf bytes.Buffer
	buf.Grow(min(MaxPage, max(4*len(b), 64<<10)))
	_, err = io.Copy(&buf, io.LimitReader(r, MaxPage+1))
	out = buf.Bytes()
	if len(out) > MaxPage {
		return out[:MaxPage], true, nil
	}
	if err != nil {
		if len(out) == 0 {
			if coding == "br" && utf8.Valid(b) {
				return b, false, nil
			}
			return nil, false, fmt.Errorf("compressed page: %v: %w", err, dateline.ErrCorrupt)
		}
		return out, true, nil
	}
	return out, false, nil
}

// members reads the members of a gzip file one after the other. What follows
// the last and is none is left out, as browsers do.
type members struct {
	z    *gzip.Reader
	in   *bytes.Reader
	rest []byte // all of what in reads
}

func (m *members) Read(p []byte) (int, error) {
	for {
		n, err := m.z.Read(p)
		if err != io.EOF || n > 0 {
			if err == io.EOF {
				err = nil // comes again at the next call
			}
			return n, err
		}
		if left := m.rest[len(m.rest)-m.in.Len():]; len(left) < 2 || left[0] != 0x1f || left[1] != 0x8b {
			return 0, io.EOF
		}
		if err := m.z.Reset(m.in); err != nil {
			return 0, err
		}
		m.z.Multistream(false)
	}
}
