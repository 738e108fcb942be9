package archive

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"dateline"
	"dateline/warc"
)

// recover finds out how far the file is good and makes its index good again.
// Up to the last record in the index it is taken at its word, which is what
// makes opening quick; Verify does not.
func (a *Archive) recover(f *file) error {
	h, err := a.disk.root.OpenFile(f.name, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrPermission) {
		// Kept read-only by someone: it can be read, and is not added to.
		h, err = a.disk.root.Open(f.name)
	}
	if err != nil {
		return err
	}
	defer h.Close()
	info, err := h.Stat()
	if err != nil {
		return err
	}
	size := info.Size()
	lines, wholeIndex, err := a.readIndex(f.name)
	from := int64(0)
	for _, l := range lines {
		from = max(from, l.Offset+l.Length)
	}
	stale := err != nil || from > size
	if stale {
		lines, from = nil, 0
	}
	before := len(lines)
	end, cut := from, false
	s := a.scans.take()
	defer a.scans.give(s)
	err = walk(h, from, size, nil, &s.raw, func(m member) error {
		end = m.offset + m.size
		if cut = m.raw == nil && end == size; cut {
			end = m.offset
		}
		if l, err := s.line(f.name, m); err == nil && l != nil {
			lines = append(lines, *l)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if cut {
		if err := a.cutTail(h, f.name, end, size); err != nil {
			return err
		}
	}
	f.end, f.synced, f.named = end, end, true
	if end == 0 {
		a.disk.root.Remove(indexName(f.name))
		if err := a.disk.remove(f.name); err != nil {
			return err
		}
		return a.disk.syncDir()
	}
	if cut || len(lines) > before {
		// What was not synced when it was written is from now on relied on.
		if err := a.disk.sync(h); err != nil {
			return err
		}
	}
	if stale || !wholeIndex || len(lines) > before {
		return a.writeIndex(f.name, lines)
	}
	return nil
}

// cutTail moves what stands from end to size into a file of its own.
func (a *Archive) cutTail(h *os.File, name string, end, size int64) error {
	base := fmt.Sprintf("%s.%d", strings.TrimSuffix(name, extension), end)
	torn := base + ".torn"
	for i := 2; ; i++ {
		if _, err := a.disk.root.Lstat(torn); errors.Is(err, fs.ErrNotExist) {
			break
		} else if err != nil {
			return err
		}
		torn = fmt.Sprintf("%s-%d.torn", base, i)
	}
	if err := a.disk.replace(torn, io.NewSectionReader(h, end, size-end)); err != nil {
		return err
	}
	if err := a.disk.truncate(h, end); err != nil {
		return err
	}
	if err := a.disk.sync(h); err != nil {
		return err
	}
	a.repairs = append(a.repairs, Problem{File: name, Offset: end, Err: fmt.Errorf("%d bytes of a record that was not finished are cut off and kept in %s: %w", size-end, torn, dateline.ErrCorrupt)})
	return nil
}

// resume makes ready to add records to a file of an earlier process.
func (a *Archive) resume(f *file) error {
	h, err := a.disk.root.OpenFile(f.name, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrPermission) {
		a.cur = nil
		return nil
	}
	if err != nil {
		return err
	}
	s := a.scans.take()
	defer a.scans.give(s)
	rec, err := s.readAt(h, 0)
	if err != nil || rec.Type != "warcinfo" {
		// Records could not say which warcinfo is theirs. A new file is begun.
		h.Close()
		a.cur = nil
		return nil
	}
	f.h, f.info = h, strings.Clone(rec.ID)
	return nil
}

// readAt reads the record whose member begins at the offset, and finds it
// whole. An error that wraps [dateline.ErrNotFound] says that none begins
// there, and one that wraps [dateline.ErrCorrupt] that it is damaged.
func (s *scan) readAt(h io.ReaderAt, offset int64) (*warc.Record, error) {
	var head [warc.MemberHead]byte
	if _, err := h.ReadAt(head[:], offset); err != nil && err != io.EOF {
		return nil, err
	}
	size := warc.MemberSize(head[:])
	if size == 0 {
		return nil, fmt.Errorf("no record begins there: %w", dateline.ErrNotFound)
	}
	w := walker{r: h}
	raw, err := w.read(offset, size, &s.raw)
	if errors.Is(err, io.ErrUnexpectedEOF) || err == nil && !warc.CheckMember(raw) {
		return nil, fmt.Errorf("damaged record: %w", dateline.ErrCorrupt)
	}
	if err != nil {
		return nil, err
	}
	return s.record(raw)
}
