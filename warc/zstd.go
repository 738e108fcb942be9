package warc

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"dateline"

	"github.com/klauspost/compress/zstd"
)

// The limits of the IIPC's "Zstandard Compression for WARC Files 1.0": every
// reader must take windows and dictionaries up to 8 MiB, and may refuse more.
const (
	maxWindow     = 8 << 20
	maxDictionary = 8 << 20
)

const (
	zstdMagic      = "\x28\xb5\x2f\xfd"
	dictFrameMagic = "\x5d\x2a\x4d\x18" // the skippable frame that holds the dictionary
	skippableMagic = "\x2a\x4d\x18"     // after a byte of 0x50 to 0x5f
)

// zstandard takes Zstandard frames. The decoder is used again for each.
type zstandard struct {
	src   *source
	dec   *zstd.Decoder
	frame frame
}

// newZstandard reads the dictionary frame if the file begins with one. A
// dictionary that cannot be used is no error here: frames that need it say so.
func newZstandard(src *source) (*zstandard, error) {
	opts := []zstd.DOption{
		// One decoder and no goroutines: it then reads no further than the frame.
		zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderMaxWindow(maxWindow),
		zstd.WithDecoderLowmem(false),
	}
	dec, err := zstd.NewReader(nil, opts...)
	if err != nil {
		return nil, err
	}
	c := &zstandard{src: src, dec: dec}
	c.frame.src = src
	if b, _ := src.br.Peek(8); len(b) == 8 && string(b[:4]) == dictFrameMagic {
		size := int64(binary.LittleEndian.Uint32(b[4:]))
		if size > maxDictionary {
			return nil, fmt.Errorf("%w: zstandard dictionary of %d bytes", dateline.ErrTooLarge, size)
		}
		if err := src.skip(8); err != nil {
			return nil, err
		}
		// The buffer grows with what is there, not with what is claimed.
		data, err := io.ReadAll(io.LimitReader(src.br, size))
		if err != nil {
			return nil, err
		}
		if int64(len(data)) < size {
			return nil, fmt.Errorf("%w: the file ends in its zstandard dictionary", dateline.ErrCorrupt)
		}
		if err := c.learn(data); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// learn loads a dictionary, which may itself be compressed.
func (c *zstandard) learn(data []byte) error {
	if bytes.HasPrefix(data, []byte(zstdMagic)) {
		// The bytes.Reader is hidden in a LimitReader so that the decoder
		// streams it and holds to the limit.
		if err := c.dec.Reset(io.LimitReader(bytes.NewReader(data), int64(len(data)))); err != nil {
			return err
		}
		var err error
		data, err = io.ReadAll(io.LimitReader(c.dec, maxDictionary+1))
		if err != nil {
			return nil
		}
		if len(data) > maxDictionary {
			return fmt.Errorf("%w: zstandard dictionary over %d bytes", dateline.ErrTooLarge, maxDictionary)
		}
	}
	// An error leaves the decoder without the dictionary.
	c.dec.ResetWithOptions(nil, zstd.WithDecoderDicts(data))
	return nil
}

func (c *zstandard) open() (int64, error) {
	for {
		off := c.src.offset()
		b, err := c.src.br.Peek(8)
		switch {
		case len(b) == 0:
			return off, err
		case len(b) < 8:
			c.src.br.Discard(len(b))
			return off, unexpected(err)
		case b[0]&0xf0 == 0x50 && string(b[1:4]) == skippableMagic:
			if err := c.src.skip(8 + int64(binary.LittleEndian.Uint32(b[4:]))); err != nil {
				return off, err
			}
			continue
		case string(b[:4]) != zstdMagic:
			return off, zstd.ErrMagicMismatch
		}
		c.frame.reset()
		return off, c.dec.Reset(&c.frame)
	}
}

func (c *zstandard) Read(p []byte) (int, error) { return c.dec.Read(p) }

func (c *zstandard) magic() string { return zstdMagic }

// frame gives the bytes of one Zstandard frame and ends with it, so that each
// frame is decoded alone and its offset is known. It follows the layout of
// RFC 8878, section 3.1.1: a header, blocks that carry their size, a checksum.
type frame struct {
	src  *source
	left int // bytes of the present part not yet given
	part int // which part comes next
	sum  int // bytes of the checksum
}

// The parts of a frame.
const (
	frameHeader = iota
	frameBlock
	frameSum
	frameDone
)

func (f *frame) reset() { f.left, f.part, f.sum = 0, frameHeader, 0 }

// Read gives the next bytes of the frame, and io.EOF at its end.
func (f *frame) Read(p []byte) (int, error) {
	for f.left == 0 {
		if f.part == frameDone {
			return 0, io.EOF
		}
		if err := f.next(); err != nil {
			return 0, err
		}
	}
	n, err := f.src.br.Read(p[:min(len(p), f.left)])
	f.left -= n
	return n, unexpected(err)
}

// next sizes the part that begins here.
func (f *frame) next() error {
	switch f.part {
	case frameHeader:
		b, err := f.peek(5)
		if err != nil {
			return err
		}
		d := b[4] // the frame header descriptor
		f.left = 5 + [4]int{0, 1, 2, 4}[d&3] + [4]int{0, 2, 4, 8}[d>>6]
		if single := d&(1<<5) != 0; !single {
			f.left++ // the window descriptor
		} else if d>>6 == 0 {
			f.left++ // a content size of one byte
		}
		f.sum = int(d>>2&1) * 4
		f.part = frameBlock
	case frameBlock:
		b, err := f.peek(3)
		if err != nil {
			return err
		}
		h := int(b[0]) | int(b[1])<<8 | int(b[2])<<16
		f.left = 3 + h>>3
		if h>>1&3 == 1 { // one byte, repeated
			f.left = 4
		}
		if h&1 != 0 {
			f.part = frameSum
		}
	case frameSum:
		f.left, f.part = f.sum, frameDone
	}
	return nil
}

func (f *frame) peek(n int) ([]byte, error) {
	b, err := f.src.br.Peek(n)
	if err != nil {
		f.src.br.Discard(len(b)) // so that the source knows it ended
		return nil, unexpected(err)
	}
	return b, nil
}
