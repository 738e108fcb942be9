package feed

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/net/html/charset"

	"dateline"
)

// A stream is the text of a document as it comes in, in UTF-8, up to a limit.
type stream struct {
	r    io.Reader
	n    int // bytes that have come
	most int
	cut  bool  // there was more
	err  error // why it broke off
}

// enough is the part of a document that its charset is told by.
const enough = 1 << 20

// newStream undoes a document's own compression, at most twice, and its charset.
func newStream(r io.Reader, contentType string) (s *stream, guessed bool, err error) {
	in := bufio.NewReader(r)
	for range 2 {
		if magic, _ := in.Peek(2); string(magic) != "\x1f\x8b" {
			break
		}
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, false, fmt.Errorf("gzip: %w: %w", err, dateline.ErrInvalid)
		}
		in = bufio.NewReader(z)
	}
	s = &stream{most: MaxSitemap}
	var head bytes.Buffer
	_, s.err = head.ReadFrom(io.LimitReader(in, enough))
	b := head.Bytes()
	if len(b) < enough {
		b, guessed = toUTF8(b, contentType)
		s.r = bytes.NewReader(b)
		return s, guessed, nil
	}
	name, guessed := charsetOf(b, contentType, false)
	enc, _ := charset.Lookup(name)
	s.r = enc.NewDecoder().Reader(io.MultiReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))), in))
	return s, guessed, nil
}

// cap lowers the limit. What has come already stays.
func (s *stream) cap(most int) { s.most = most }

// Read implements [io.Reader]. It ends where the document or the limit does,
// or where the document breaks off.
func (s *stream) Read(p []byte) (int, error) {
	if s.cut {
		return 0, io.EOF
	}
	// One byte beyond the limit tells whether there is more.
	n, err := s.r.Read(p[:min(len(p), max(s.most-s.n, 0)+1)])
	if s.n += n; s.n > s.most {
		n -= min(n, s.n-s.most)
		s.cut, err = true, io.EOF
	}
	if err != nil && err != io.EOF {
		s.err, err = err, io.EOF
	}
	return n, err
}
