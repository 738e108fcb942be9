package warc

import (
	"bufio"
	"bytes"
	"io"
)

// Sizes of buffers. The history is how far reading can step back over a
// damaged member: a broken deflate stream is often noticed only after the
// decoder has run into the members behind it.
const (
	readSize    = 64 << 10
	historySize = 256 << 10
	// freeSteps is how many bytes may be stepped back over before steps are
	// held to a multiple of what was read, so that work stays linear.
	freeSteps = 64 << 20
)

// source is the file as it is stored: buffered, with the offset of the next
// byte, and able to step back a little.
type source struct {
	br      *bufio.Reader
	tape    tape
	stepped int64 // bytes stepped back over so far
}

func newSource(r io.Reader) *source {
	s := &source{tape: tape{src: r, buf: make([]byte, readSize)}}
	s.br = bufio.NewReaderSize(&s.tape, readSize)
	return s
}

// reset makes the source read another file, with the same memory.
func (s *source) reset(r io.Reader) {
	*s = source{br: s.br, tape: tape{src: r, buf: s.tape.buf}}
	s.br.Reset(&s.tape)
}

// offset is the place in the file of the next byte.
func (s *source) offset() int64 {
	return s.tape.base + int64(s.tape.r) - int64(s.br.Buffered())
}

// ended reports whether every byte of the file has been taken.
func (s *source) ended() bool {
	return s.tape.err == io.EOF && s.tape.r == s.tape.w && s.br.Buffered() == 0
}

// failure is the error of the underlying reader once all before it was taken.
func (s *source) failure() error {
	if s.tape.err == io.EOF || s.tape.r < s.tape.w || s.br.Buffered() > 0 {
		return nil
	}
	return s.tape.err
}

// move goes to the offset, or as near to it as the history allows. It steps
// back only while the steps are few for the size of the file.
func (s *source) move(to int64) error {
	now := s.offset()
	if to >= now {
		return s.skip(to - now)
	}
	to = max(to, s.tape.base)
	if s.stepped+now-to > freeSteps+4*now {
		return nil
	}
	s.stepped += now - to
	s.tape.r = int(to - s.tape.base)
	s.br.Reset(&s.tape)
	return nil
}

// skip passes over n bytes; io.ErrUnexpectedEOF says the file has fewer.
func (s *source) skip(n int64) error {
	for n > 0 {
		k := min(n, 1<<30)
		done, err := s.br.Discard(int(k))
		n -= int64(done)
		if err != nil {
			return unexpected(err)
		}
	}
	return nil
}

// find goes to the next place where the magic stands, or gives io.EOF.
func (s *source) find(magic string) error {
	for {
		if _, err := s.br.Peek(len(magic)); err != nil {
			return err
		}
		b, _ := s.br.Peek(s.br.Buffered())
		if i := bytes.Index(b, []byte(magic)); i >= 0 {
			return s.skip(int64(i))
		}
		s.br.Discard(len(b) - len(magic) + 1)
	}
}

// unexpected turns the end of the file into an end too soon.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// tape reads a file forward and keeps the last bytes it gave out.
type tape struct {
	src  io.Reader
	buf  []byte
	r, w int   // buf[r:w] is read but not given out, buf[:r] was given out
	base int64 // offset in the file of buf[0]
	err  error // what src ended with
}

// Read gives the next bytes of the file.
func (t *tape) Read(p []byte) (int, error) {
	if t.r == t.w {
		if t.err != nil {
			return 0, t.err
		}
		t.fill()
		if t.r == t.w {
			return 0, t.err
		}
	}
	n := copy(p, t.buf[t.r:t.w])
	t.r += n
	return n, nil
}

func (t *tape) fill() {
	switch {
	case len(t.buf)-t.w >= readSize:
	case len(t.buf) < 2*historySize: // small files need no more than their size
		t.buf = append(t.buf, make([]byte, len(t.buf))...)
	default:
		drop := t.w - historySize
		copy(t.buf, t.buf[drop:t.w])
		t.base += int64(drop)
		t.r, t.w = t.r-drop, t.w-drop
	}
	for range 100 {
		n, err := t.src.Read(t.buf[t.w:])
		t.w += n
		t.err = err
		if n > 0 || err != nil {
			return
		}
	}
	t.err = io.ErrNoProgress
}
