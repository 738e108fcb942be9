package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"dateline"
	"dateline/warc"
)

// scan is what reading one record takes, kept for the next.
type scan struct {
	raw []byte // the member
	r   warc.Reader
	sum hash.Hash
	buf []byte
}

// scanPool keeps those not in use.
type scanPool struct{ pool sync.Pool }

func (p *scanPool) take() *scan {
	if s, ok := p.pool.Get().(*scan); ok {
		return s
	}
	return &scan{sum: sha256.New(), buf: make([]byte, 64<<10)}
}

// maxKept is how large a buffer may be to be kept for the next use, so that
// one large page does not hold memory for ever.
const maxKept = 4 << 20

func (p *scanPool) give(s *scan) {
	if cap(s.raw) > maxKept {
		s.raw = nil
	}
	s.r.Reset(bytes.NewReader(nil))
	p.pool.Put(s)
}

// record reads the header of the record that is the whole member.
func (s *scan) record(raw []byte) (*warc.Record, error) {
	if err := s.r.Reset(bytes.NewReader(raw)); err != nil {
		return nil, err
	}
	rec, err := s.r.Next()
	if err == io.EOF {
		err = fmt.Errorf("no record: %w", dateline.ErrCorrupt)
	}
	return rec, err
}

// content is what a record says of what was captured.
type content struct {
	status int
	mime   string // as the server has it
	digest string // of the payload
	head   int64  // length of the HTTP response's head
}

// look finds status and media type of a block, and the digest of its payload,
// by the rules that reading it later goes by.
func (s *scan) look(kind, mediaType string, block []byte) (content, error) {
	head := "WARC/1.1\r\nWARC-Type: " + kind + "\r\nContent-Type: " + mediaType + "\r\nContent-Length: " + strconv.Itoa(len(block)) + "\r\n\r\n"
	err := s.r.Reset(io.MultiReader(strings.NewReader(head), bytes.NewReader(block)))
	if err != nil {
		return content{}, err
	}
	rec, err := s.r.Next()
	if err != nil {
		return content{}, err
	}
	body := rec.Body
	c := content{mime: mediaType}
	if rec.HoldsHTTP() {
		resp, err := rec.HTTP()
		if err != nil {
			return content{}, err
		}
		body, c.status, c.head = resp.Body, resp.Status, resp.Head
		c.mime = strings.Clone(resp.Header.Get("Content-Type"))
	}
	c.digest, err = s.digest(body)
	return c, err
}

// digest is that of all that is left to read.
func (s *scan) digest(r io.Reader) (string, error) {
	s.sum.Reset()
	if _, err := io.CopyBuffer(s.sum, struct{ io.Reader }{r}, s.buf); err != nil {
		return "", err
	}
	return "sha256:" + hex.EncodeToString(s.sum.Sum(nil)), nil
}

// line is the index's line of the member, nil if its record is no capture.
func (s *scan) line(name string, m member) (*warc.Line, error) {
	if m.raw == nil {
		return nil, dateline.ErrCorrupt
	}
	rec, err := s.record(m.raw)
	if err != nil {
		return nil, err
	}
	return lineOf(name, m.offset, m.size, rec)
}

func lineOf(name string, offset, size int64, rec *warc.Record) (*warc.Line, error) {
	switch rec.Type {
	case "response", "revisit", "resource":
	default:
		return nil, nil
	}
	c := content{mime: rec.ContentType, digest: rec.Header.Get("WARC-Payload-Digest")}
	if rec.HoldsHTTP() {
		resp, err := rec.HTTP()
		if err != nil {
			return nil, err
		}
		c.status, c.mime = resp.Status, resp.Header.Get("Content-Type")
	}
	l := newLine(rec.Type, rec.TargetURI, rec.Date, c)
	l.Offset, l.Length, l.Filename = offset, size, name
	return &l, nil
}

func newLine(kind, url string, when time.Time, c content) warc.Line {
	l := warc.Line{Key: warc.SURT(url), Timestamp: when.UTC().Format("20060102150405"), URL: url, Status: c.status}
	_, l.Digest, _ = strings.Cut(c.digest, ":")
	l.Mime = "warc/revisit"
	if kind != "revisit" {
		l.Mime, _, _ = strings.Cut(c.mime, ";")
		l.Mime = strings.TrimSpace(l.Mime)
	}
	return l
}
