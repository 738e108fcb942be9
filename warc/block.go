package warc

import (
	"errors"
	"io"
)

// errLong is met at a line longer than it may be.
var errLong = errors.New("line too long")

// block reads a stretch of the stream, across members where it must: a
// record's block, or its header.
type block struct {
	rd           *Reader
	offset, skip int64 // of the record
	left         int64 // bytes still to come
	err          error // sticky
	copy         *copied
}

// copied is what was read of a block, as long as it is no more than the limit.
type copied struct {
	b     []byte
	limit int64
	over  bool
}

func (c *copied) add(p []byte) {
	if c == nil || c.over {
		return
	}
	if c.over = int64(len(c.b)+len(p)) > c.limit; c.over {
		c.b = nil
		return
	}
	c.b = append(c.b, p...)
}

// more sees to it that the window holds a byte of the block. Damage comes as
// an *Error, and then the stream stands behind it.
func (b *block) more() error {
	if b.err == nil && b.left == 0 {
		b.err = io.EOF
	}
	s := b.rd.in
	for b.err == nil && s.r == s.w {
		b.step(s.fill())
	}
	return b.err
}

// step takes what the stream answered, and goes over to the next member where
// one ends.
func (b *block) step(err error) {
	if err == errEnd {
		err = b.rd.in.proceed()
	}
	if err != nil {
		b.err = b.rd.fail(b.offset, b.skip, err)
	}
}

// window is the part of the block at hand.
func (b *block) window() []byte {
	w := b.rd.in.window()
	return w[:min(int64(len(w)), b.left)]
}

func (b *block) advance(n int) {
	b.copy.add(b.rd.in.window()[:n])
	b.rd.in.advance(n)
	b.left -= int64(n)
}

// Read gives the next bytes of the block.
func (b *block) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	s := b.rd.in
	// A large read goes past the window, if that is empty, to spare a copy.
	for s.r == s.w && len(p) >= bufferSize/2 && b.left > 0 && b.err == nil {
		if s.err != nil {
			b.step(s.err)
			continue
		}
		n, err := s.take(p[:min(int64(len(p)), b.left)])
		if n > 0 {
			b.copy.add(p[:n])
			s.pos += int64(n)
			b.left -= int64(n)
			return n, nil
		}
		b.step(err)
	}
	if len(p) == 0 {
		return 0, nil
	}
	if err := b.more(); err != nil {
		return 0, err
	}
	n := copy(p, b.window())
	b.advance(n)
	return n, nil
}

// discard passes over what is left of the block.
func (b *block) discard() error {
	for {
		if err := b.more(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		b.advance(len(b.window()))
	}
}

// peek shows n bytes of the block, or those up to the end of the member. It
// takes no error: the read that follows meets it.
func (b *block) peek(n int) []byte {
	s := b.rd.in
	if b.more() != nil {
		return nil
	}
	for s.w-s.r < n && int64(s.w-s.r) < b.left && s.fill() == nil {
	}
	return b.window()
}

// line appends the next line to dst, its end included. At most max bytes are
// taken, then errLong; io.EOF is met where the block ends before the line does.
func (b *block) line(dst []byte, max int) ([]byte, error) {
	for {
		if err := b.more(); err != nil {
			return dst, err
		}
		w := b.window()
		n := lineEnd(w)
		whole := n > 0
		if !whole {
			n = len(w)
		}
		if n > max {
			b.advance(max)
			return dst, errLong
		}
		dst = append(dst, w[:n]...)
		b.advance(n)
		max -= n
		if whole {
			return dst, nil
		}
	}
}
