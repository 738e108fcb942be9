package archive

import (
	"bytes"
	"io"
	"slices"

	"dateline/warc"
)

// member is a stretch of a WARC file: one whole member, or what is damaged.
type member struct {
	offset, size int64
	raw          []byte // whole members only; good until the next
}

// walk calls fn for every stretch of the file from one offset, where a member
// begins, to another, in order and without gaps. Damage reaches to where the
// next member is known to begin: by the length in the damaged one's head, by
// the offsets of the index, or because from there on members follow each other
// exactly to the end. Nothing else is trusted, for what is in a record are
// strangers' bytes, and archives are among them.
func walk(r io.ReaderAt, from, to int64, known []int64, buf *[]byte, fn func(member) error) error {
	w := walker{r: r, to: to, known: known, failed: map[int64]bool{}}
	for from < to {
		m := member{offset: from}
		size := w.sizeAt(from)
		if size > 0 {
			b, err := w.read(from, size, buf)
			if err != nil {
				return err
			}
			if warc.CheckMember(b) {
				m.raw = b
			}
		}
		if w.err != nil {
			return w.err
		}
		switch next := from + size; {
		case m.raw != nil:
			m.size = size
		case size > 0 && (next == to || w.sizeAt(next) > 0):
			m.size = size
		default:
			m.size = w.search(from) - from
		}
		if w.err != nil {
			return w.err
		}
		if err := fn(m); err != nil {
			return err
		}
		from += m.size
	}
	return nil
}

type walker struct {
	r      io.ReaderAt
	to     int64
	known  []int64
	failed map[int64]bool // offsets from which members do not reach the end
	err    error          // of reading, but for the end of the file
}

// sizeAt is the size of the member whose head is at the offset, or 0 if there
// is none that ends in time.
func (w *walker) sizeAt(at int64) int64 {
	var head [warc.MemberHead]byte
	if at+int64(len(head)) > w.to {
		return 0
	}
	if _, err := w.r.ReadAt(head[:], at); err != nil {
		w.err = err
		return 0
	}
	size := warc.MemberSize(head[:])
	if size > w.to-at {
		return 0
	}
	return size
}

func (w *walker) read(at, size int64, buf *[]byte) ([]byte, error) {
	*buf = slices.Grow((*buf)[:0], int(size))[:size]
	_, err := w.r.ReadAt(*buf, at)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return *buf, err
}

// search gives the next offset where a member is taken to begin, or the end.
func (w *walker) search(from int64) int64 {
	i, _ := slices.BinarySearch(w.known, from+1)
	for ; i < len(w.known); i++ {
		if w.sizeAt(w.known[i]) > 0 {
			return w.known[i]
		}
	}
	const step = 1 << 18
	buf := make([]byte, step+warc.MemberHead)
	for at := from + 1; at < w.to && w.err == nil; at += step {
		n, err := w.r.ReadAt(buf[:min(int64(len(buf)), w.to-at)], at)
		if err != nil && err != io.EOF {
			w.err = err
		}
		for i := 0; i < min(n, step); i++ {
			j := bytes.Index(buf[i:n], []byte{0x1f, 0x8b, 8, 4, 0})
			if j < 0 || i+j >= step {
				break
			}
			i += j
			if warc.MemberSize(buf[i:n]) > 0 && w.chain(at+int64(i)) {
				return at + int64(i)
			}
		}
	}
	return w.to
}

// chain reports whether members follow each other from the offset to the end.
func (w *walker) chain(at int64) bool {
	from := at
	for at < w.to && !w.failed[at] {
		size := w.sizeAt(at)
		if size == 0 {
			break
		}
		at += size
	}
	if at == w.to {
		return true
	}
	for ; from < at; from += max(1, w.sizeAt(from)) {
		w.failed[from] = true
	}
	return false
}
