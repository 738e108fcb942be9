package warc

import (
	"io"

	"github.com/klauspost/compress/gzip"
)

// codec takes the members of a file one after another.
type codec interface {
	// open begins the member at the source's position and gives its offset,
	// also with an error. The error is io.EOF at the end of the file.
	open() (int64, error)
	// Read gives the member's bytes; io.EOF at its end, its checksum found
	// right.
	Read(p []byte) (int, error)
	// magic is what every member begins with.
	magic() string
}

// plain is a file that is not compressed: one member without a checksum.
type plain struct {
	src *source
}

func (c *plain) open() (int64, error) {
	off := c.src.offset()
	_, err := c.src.br.Peek(1)
	return off, err
}

func (c *plain) Read(p []byte) (int, error) { return c.src.br.Read(p) }

func (c *plain) magic() string { return recordMagic }

// gzipMagic is the two bytes of every gzip member and its one method, deflate.
const gzipMagic = "\x1f\x8b\x08"

// gzipped takes gzip members. The decompressor is used again for each.
type gzipped struct {
	src *source
	z   gzip.Reader
}

func (c *gzipped) open() (int64, error) {
	off := c.src.offset()
	err := c.z.Reset(c.src.br)
	c.z.Multistream(false)
	// A file that ends exactly here gives io.EOF, one that ends within the
	// member's header io.ErrUnexpectedEOF.
	return off, err
}

func (c *gzipped) Read(p []byte) (int, error) {
	n, err := c.z.Read(p)
	if err != nil && err != io.EOF && c.src.ended() && !wrongSum(err) {
		// Deflate has several words for an input that ends too soon.
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func (c *gzipped) magic() string { return gzipMagic }
