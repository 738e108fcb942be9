package warc

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strconv"
	"sync"
	"time"

	"dateline"

	"github.com/klauspost/compress/flate"
)

// The gzip members this package writes (RFC 1952) carry in their header an
// extra field with their own length and a checksum of their compressed bytes:
//
//	offset  bytes
//	     0     10  1f 8b 08 04, four zeros, 00 ff
//	    10      2  length of the extra field: 12+n
//	    12      2  "DL"
//	    14      2  length of what follows: 8+n
//	    16      4  length of the member
//	    20      4  CRC-32 of all behind the extra field
//	    24      n  zeros
//
// So a member is found to be whole without inflating it, a damaged one is
// stepped over without searching strangers' bytes for the next, and a changed
// bit is found also where gzip does not look, such as between the last code
// and the end of its byte. Other readers pass over the field.
const (
	memberHead = "\x1f\x8b\x08\x04\x00\x00\x00\x00\x00\xff"
	memberTag  = "DL"
	// MemberHead is how many bytes of a member tell its length, at least.
	MemberHead = 24
	// minMember is how short a member may be: short enough for what stands
	// in place of an erased one, which AppendErased makes.
	minMember = 256
	// maxMember keeps lengths within their four bytes.
	maxMember = 1 << 30
)

// level is how hard is compressed. Of 300 pages of news, level 1 leaves 24.4%
// at 208 MB/s, level 3 23.1% at about the same, level 5 21.4% at 133, level 6
// 21.1% at 117, level 7 20.9% at 76 (one core). A crawl is never as fast as
// level 5, and what is left stays on the disk for years.
const level = 5

// deflaters are kept because each is most of a megabyte.
var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, level)
	if err != nil {
		panic(err) // the level is a constant
	}
	return w
}}

// appended collects what is written to it.
type appended []byte

func (a *appended) Write(p []byte) (int, error) {
	*a = append(*a, p...)
	return len(p), nil
}

// recordEnd is what stands behind a record's block.
const recordEnd = "\r\n\r\n"

// appendMember adds a member with the header, the block and the end of a record.
func appendMember(dst, head, block []byte) ([]byte, error) {
	from := len(dst)
	out := appended(append(dst, make([]byte, MemberHead)...))
	w := deflaters.Get().(*flate.Writer)
	w.Reset(&out)
	sum, size := uint32(0), 0
	for _, part := range [][]byte{head, block, []byte(recordEnd)} {
		if _, err := w.Write(part); err != nil {
			return dst, err
		}
		sum = crc32.Update(sum, crc32.IEEETable, part)
		size += len(part)
	}
	if err := w.Close(); err != nil {
		return dst, err
	}
	w.Reset(nil)
	deflaters.Put(w)
	out = binary.LittleEndian.AppendUint32(out, sum)
	out = binary.LittleEndian.AppendUint32(out, uint32(size))
	return seal(out, from)
}

// seal fills in the head of the member that begins at from, and makes it
// longer where it is too short.
func seal(b []byte, from int) ([]byte, error) {
	pad := max(0, minMember-(len(b)-from))
	if pad > 0 {
		b = append(b, make([]byte, pad)...)
		copy(b[from+MemberHead+pad:], b[from+MemberHead:len(b)-pad])
	}
	if len(b)-from > maxMember {
		return nil, fmt.Errorf("record of %d bytes compressed: %w", len(b)-from, dateline.ErrTooLarge)
	}
	fillHead(b[from:], pad)
	return b, nil
}

// fillHead writes the head of the member m, with pad zeros at its end.
func fillHead(m []byte, pad int) {
	copy(m, memberHead)
	binary.LittleEndian.PutUint16(m[10:], uint16(12+pad))
	copy(m[12:], memberTag)
	binary.LittleEndian.PutUint16(m[14:], uint16(8+pad))
	binary.LittleEndian.PutUint32(m[16:], uint32(len(m)))
	clear(m[MemberHead : MemberHead+pad])
	binary.LittleEndian.PutUint32(m[20:], crc32.ChecksumIEEE(m[MemberHead+pad:]))
}

// MemberSize gives the length of the member that begins with head, of which
// [MemberHead] bytes are enough, or 0 if this is no member as [Draft.Append]
// writes them.
func MemberSize(head []byte) int64 {
	if len(head) < MemberHead || string(head[:10]) != memberHead || string(head[12:14]) != memberTag {
		return 0
	}
	extra, field := binary.LittleEndian.Uint16(head[10:]), binary.LittleEndian.Uint16(head[14:])
	size := binary.LittleEndian.Uint32(head[16:])
	if field < 8 || extra != field+4 || size < minMember || size > maxMember || uint32(extra) > size-22 {
		return 0
	}
	return int64(size)
}

// CheckMember reports whether m is one whole member as [Draft.Append] writes
// them, with no bit of its compressed form changed. It is not inflated.
func CheckMember(m []byte) bool {
	if size := MemberSize(m); size == 0 || size != int64(len(m)) {
		return false
	}
	end := 12 + int(binary.LittleEndian.Uint16(m[10:]))
	for _, c := range m[MemberHead:end] {
		if c != 0 {
			return false
		}
	}
	return crc32.ChecksumIEEE(m[end:]) == binary.LittleEndian.Uint32(m[20:])
}

// What the block of an erased record is, but for spaces in between.
const erasedText, erasedEnd = "erased: yes", "\r\n"

// AppendErased adds a member of exactly size bytes, to be written over one of
// that size whose record has to go: a metadata record that says so, filled up
// with spaces. Size must be what [MemberSize] gave.
//
// The spaces are there, uncompressed, because some readers take an inflater
// that gives nothing for a stretch of input for one at its end.
func AppendErased(dst []byte, size int64, id string, when time.Time) ([]byte, error) {
	if size < minMember || size > maxMember {
		return dst, fmt.Errorf("erase a member of %d bytes: %w", size, dateline.ErrInvalid)
	}
	// All around the block is shorter for a shorter block, so what fits by the
	// measure of one too long does fit. The few bytes it lacks are padding.
	head := func(block int) string {
		return "WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: " + id + "\r\nWARC-Date: " + when.UTC().Format("2006-01-02T15:04:05Z") +
			"\r\nContent-Type: " + MediaFields + "\r\nContent-Length: " + strconv.Itoa(block) + "\r\n\r\n"
	}
	around := func(block int) int {
		record := len(head(block)) + block + len(recordEnd)
		return MemberHead + record - block + 5*((record+maxStored-1)/maxStored) + 8
	}
	block := int(size) - around(int(size))
	spaces := block - len(erasedText) - len(erasedEnd)
	if spaces < 0 {
		return dst, fmt.Errorf("erase a member: record id %.100q: %w", id, dateline.ErrInvalid)
	}
	record := make([]byte, 0, int(size))
	record = append(append(record, head(block)...), erasedText...)
	record = append(append(record, bytes.Repeat([]byte{' '}, spaces)...), erasedEnd+recordEnd...)

	from, pad := len(dst), int(size)-block-around(block)
	dst = append(dst, make([]byte, MemberHead+pad)...)
	for rest := record; len(rest) > 0; {
		n := min(len(rest), maxStored)
		final := byte(0)
		if n == len(rest) {
			final = 1
		}
		dst = append(dst, final, byte(n), byte(n>>8), ^byte(n), ^byte(n>>8))
		dst = append(dst, rest[:n]...)
		rest = rest[n:]
	}
	dst = binary.LittleEndian.AppendUint32(dst, crc32.ChecksumIEEE(record))
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(record)))
	fillHead(dst[from:], pad)
	return dst, nil
}

// maxStored is the most bytes of a stored block of deflate.
const maxStored = 65535

// IsErased reports whether the record is one that AppendErased made.
func IsErased(rec *Record) bool {
	return rec.Type == "metadata" && rec.ContentType == MediaFields && bytes.HasPrefix(rec.block.peek(len(erasedText)), []byte(erasedText))
}
