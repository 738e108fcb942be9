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
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

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

// toUTF8 decodes a page's characters. The charset is what a byte order mark
// says, else the exchange's Content-Type, else the page's meta element, else
// UTF-8 where the bytes are valid, else a guess. Bytes that mean nothing
// become U+FFFD.
func toUTF8(b []byte, contentType string) (out []byte, guessed bool) {
	if bytes.HasPrefix(b, []byte("\xef\xbb\xbf")) {
		return bytes.ToValidUTF8(b[3:], []byte("\ufffd")), false
	}
	valid := utf8.Valid(b)
	if valid && bytes.IndexByte(b, 0x1b) < 0 && bytes.IndexByte(b, 0) < 0 {
		// Long text that is valid UTF-8 by accident does not happen, but
		// pages that are UTF-8 and declare another charset do.
		return b, false
	}
	enc, name, certain := charset.DetermineEncoding(b, contentType)
	if !certain || name == "replacement" {
		if e, n := metaCharset(b); e != nil {
			enc, name, certain = e, n, true
		} else if name == "replacement" {
			enc, name, certain = charmap.Windows1252, "windows-1252", false
		}
	}
	if valid && !sevenBit(b, name) {
		return b, false
	}
	if name == "utf-8" {
		return mixed(b), !certain
	}
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return bytes.ToValidUTF8(b, []byte("\ufffd")), true
	}
	return bytes.ToValidUTF8(out, []byte("\ufffd")), !certain
}

// sevenBit tells whether bytes are in one of the charsets whose bytes are
// those of ASCII and mean something else.
func sevenBit(b []byte, name string) bool {
	switch name {
	case "iso-2022-jp":
		return bytes.IndexByte(b, 0x1b) >= 0
	case "utf-16le", "utf-16be":
		return bytes.IndexByte(b, 0) >= 0
	}
	return false
}

// metaCharset returns the charset that a meta element declares. Browsers look
// for it in the first 1024 bytes; pages that begin with a long comment have
// it further down.
func metaCharset(b []byte) (encoding.Encoding, string) {
	head := bytes.ToLower(b[:min(len(b), 16<<10)])
	for {
		_, rest, ok := bytes.Cut(head, []byte("<meta"))
		if !ok {
			return nil, ""
		}
		element, _, ok := bytes.Cut(rest, []byte(">"))
		if !ok {
			return nil, ""
		}
		head = rest
		_, label, ok := bytes.Cut(element, []byte("charset"))
		if !ok {
			continue
		}
		label, ok = bytes.CutPrefix(bytes.TrimSpace(label), []byte("="))
		if !ok {
			continue
		}
		label = bytes.TrimLeft(label, " \t\r\n\"'")
		if i := bytes.IndexAny(label, " \t\r\n\"';/"); i >= 0 {
			label = label[:i]
		}
		enc, name := charset.Lookup(string(label))
		switch {
		case enc == nil || name == "replacement":
			continue
		case strings.HasPrefix(name, "utf-16"):
			// It could not be read, were it so.
			return encoding.Nop, "utf-8"
		}
		return enc, name
	}
}

// mixed decodes a page that says it is UTF-8 and has bytes that are not. Where
// nearly all of its non-ASCII bytes are broken, it is read as Windows-1252.
func mixed(b []byte) []byte {
	bad, high := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		high++
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		}
		i += n
	}
	if bad*10 > high*9 {
		if enc, _ := charset.Lookup("windows-1252"); enc != nil {
			if out, err := enc.NewDecoder().Bytes(b); err == nil {
				return out
			}
		}
	}
	return bytes.ToValidUTF8(b, []byte("\ufffd"))
}
