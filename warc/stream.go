package warc

import (
	"bytes"
	"io"
)

// bufferSize is that of the decompressed bytes not yet taken. Nothing longer
// is ever looked at as a whole.
const bufferSize = 64 << 10

// recordMagic is what records of the versions read here begin with.
const recordMagic = "WARC/1."

// stream is the decompressed file: its members one behind the other. It stops
// at the end of each, because there a record may begin and a checksum was
// checked.
type stream struct {
	src   *source
	codec codec
	gzip  *gzipped // to be used again, once there was a file that needs it
	buf   []byte
	r, w  int
	err   error // why the member gives no more; buf[r:w] is still good

	member  int64 // offset in the file where the present member begins
	pos     int64 // place in the member, decompressed, of buf[r]
	members int   // how many were opened
	shared  bool  // a record was seen to begin within a member
}

// window is the bytes at hand, perhaps none. It is good until the next call.
func (s *stream) window() []byte { return s.buf[s.r:s.w] }

func (s *stream) advance(n int) {
	s.r += n
	s.pos += int64(n)
}

// place is where the next byte is: see Record.Offset and Record.Skip.
func (s *stream) place() (offset, skip int64) {
	if _, ok := s.codec.(*plain); ok {
		return s.member + s.pos, 0
	}
	return s.member, s.pos
}

// fill adds at least one byte to the window, which must not be full. Its
// errors are errEnd at the member's end, and those of the decompressor.
func (s *stream) fill() error {
	if s.err != nil {
		return s.err
	}
	if s.r == s.w {
		s.r, s.w = 0, 0
	} else if s.w == len(s.buf) {
		s.w = copy(s.buf, s.buf[s.r:])
		s.r = 0
	}
	n, err := s.take(s.buf[s.w:])
	s.w += n
	return err
}

// take reads the member past the window into p: at least a byte or an error.
func (s *stream) take(p []byte) (int, error) {
	for range 100 {
		n, err := s.codec.Read(p)
		if err == io.EOF {
			err = errEnd
		}
		s.err = err
		if n > 0 {
			return n, nil
		}
		if err != nil {
			return 0, err
		}
	}
	s.err = io.ErrNoProgress
	return 0, s.err
}

// next begins the next member that has any bytes, or gives io.EOF.
func (s *stream) next() error {
	for {
		var err error
		s.r, s.w, s.pos = 0, 0, 0
		s.member, err = s.codec.open()
		s.err = err
		if err != nil {
			return err
		}
		s.members++
		if err = s.fill(); err != errEnd {
			return err
		}
	}
}

// begins reports whether a record begins at the window.
func (s *stream) begins() bool {
	for s.w-s.r < len(recordMagic) && s.fill() == nil {
	}
	return bytes.HasPrefix(s.window(), []byte(recordMagic))
}

// proceed goes from the end of a member to the next, within a record: frames
// and blocks of gzip may split one. It gives errCut, and stays where it is
// come to, if the next member begins a record of its own.
func (s *stream) proceed() error {
	if err := s.next(); err != nil {
		return err
	}
	if s.begins() {
		return errCut
	}
	return nil
}

// search goes on to the next place where a record seems to begin, or gives
// io.EOF. Where records are members of their own, it looks only at the
// beginning of members: their blocks are strangers' bytes.
func (s *stream) search() error {
	within := s.shared || s.members < 2
	mark := []byte("\n" + recordMagic)
	for {
		var err error
		for err == nil {
			w := s.window()
			if !within {
				s.advance(len(w))
			} else if i := bytes.Index(w, mark); i >= 0 {
				s.advance(i + 1)
				return nil
			} else {
				s.advance(max(0, len(w)-len(mark)+1))
			}
			err = s.fill()
		}
		if err == errEnd {
			if err = s.next(); err == nil {
				if s.begins() {
					return nil
				}
				continue
			}
		}
		if err == io.EOF || s.torn(err) {
			return io.EOF
		}
		return s.mend(err)
	}
}

// mend goes on from a member that cannot be decompressed, for the reason
// given, to the next that begins a record, or gives io.EOF. It looks for the
// members' magic from just behind the broken member's beginning, since the
// decompressor may have run over others before it noticed.
func (s *stream) mend(reason error) error {
	if s.src.failure() != nil {
		return s.src.failure()
	}
	from := s.member + 1
	if wrongSum(reason) && s.next() == nil && s.begins() {
		return nil
	}
	for {
		if err := s.src.move(from); err != nil {
			return io.EOF
		}
		if err := s.src.find(s.codec.magic()); err != nil {
			return err
		}
		if s.next() == nil && s.begins() {
			return nil
		}
		from = s.member + 1
	}
}

// torn reports whether err says that the file ended within a member. Then
// nothing is looked for in the member, whose bytes are a stranger's: crawls
// hold archives too, and records in them are not this file's.
//
// A member that gave no byte before the file ended is taken for damaged: its
// own header may have claimed everything that follows.
func (s *stream) torn(err error) bool {
	return endOfInput(err) && s.src.ended() && s.pos+int64(s.w-s.r) > 0
}
