package warc

import (
	"io"
	"strconv"
	"strings"
)

// maxChunkLine is the most bytes of a line with a chunk's size, which may
// carry extensions. The probe for chunked coding looks at as many.
const maxChunkLine = 4 << 10

// chunked removes chunked transfer coding (RFC 9112, section 7.1):
//
//	4\r\nnews\r\n0\r\n\r\n  ->  news
//
// It ends at the last chunk, or where the coding breaks, with what came before.
// Trailer fields and what follows the last chunk are left unread.
type chunked struct {
	b      *block
	left   int64 // bytes of the chunk still to come
	begun  bool  // a chunk was read, so a line end stands before the next
	done   bool
	broken bool
	buf    []byte
}

// Read gives the next bytes of the payload.
func (c *chunked) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for c.left == 0 && !c.done {
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	if c.done {
		return 0, io.EOF
	}
	n, err := c.b.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	if err == io.EOF {
		c.done, c.broken = true, true
	}
	return n, err
}

// next reads the size of the next chunk.
func (c *chunked) next() error {
	line, err := c.b.line(c.buf[:0], maxChunkLine)
	if c.begun && err == nil && strings.TrimRight(string(line), "\r\n") == "" {
		line, err = c.b.line(line[:0], maxChunkLine)
	}
	c.buf = line
	if err != nil && err != io.EOF && err != errLong {
		return err
	}
	size, ok := chunkSize(line)
	if !ok {
		// The block ends, or this is no chunk.
		c.done, c.broken = true, true
		return nil
	}
	c.begun = true
	c.left = size
	c.done = size == 0
	return nil
}

// chunkSize reads the hexadecimal size that a chunk's first line begins with.
func chunkSize(line []byte) (int64, bool) {
	text, _, _ := strings.Cut(string(line), ";")
	text = strings.TrimRight(text, " \t\r\n")
	n, err := strconv.ParseUint(text, 16, 63)
	return int64(n), err == nil
}

// beginsChunk reports whether the block goes on with a chunk: a size alone on
// its line, and where that is within sight, the line end behind so many bytes.
func (b *block) beginsChunk() bool {
	w := b.peek(maxChunkLine)
	n := lineEnd(w)
	if n == 0 || n > maxChunkLine {
		return false
	}
	size, ok := chunkSize(w[:n])
	if !ok {
		return false
	}
	if size == 0 {
		// What follows the last chunk is a trailer at most.
		return b.left-int64(n) <= maxChunkLine
	}
	if rest := int64(len(w) - n); size < rest {
		end := w[int64(n)+size]
		return end == '\r' || end == '\n'
	}
	return true
}
