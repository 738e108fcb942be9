package archive

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"dateline"
	"dateline/warc"
)

// Erase takes the capture whose record begins at the offset out of the file,
// and its request: their bytes are overwritten by records of the same length
// that say so, and all other records stay where they are. The index forgets
// it. Revisits of it cannot be read any more.
//
// On return the disk was told to have it so. Erasing again is no error, also
// after a crash midway. What copies the disk itself keeps, such as snapshots,
// is out of reach; files ending in ".torn" are [Archive.Discard]'s.
func (a *Archive) Erase(ctx context.Context, name string, offset int64) error {
	if err := running(ctx, "erase"); err != nil {
		return err
	}
	a.erasing.Lock()
	defer a.erasing.Unlock()
	if err := a.erase(name, offset); err != nil {
		return fmt.Errorf("erase %.100s at offset %d: %w", name, offset, err)
	}
	return nil
}

func (a *Archive) erase(name string, offset int64) error {
	f, err := a.find(name)
	if err != nil {
		return err
	}
	f.syncing.Lock()
	end := f.synced
	f.syncing.Unlock()
	h, err := a.disk.root.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer h.Close()
	w := walker{r: h, to: end}
	size := w.sizeAt(offset)
	next := offset + size
	if size == 0 || next < end && w.sizeAt(next) == 0 {
		// Where the length is damaged too, what it covers is not known.
		return fmt.Errorf("no record begins there, or its length is damaged: %w", cmpErr(w.err, dateline.ErrNotFound))
	}
	s := a.scans.take()
	defer a.scans.give(s)
	rec, err := s.readAt(h, offset)
	damaged := errors.Is(err, dateline.ErrCorrupt)
	paired := false
	switch {
	case damaged:
	case err != nil:
		return err
	case warc.IsErased(rec):
		return a.forgetLine(f, offset)
	case rec.Type == "response" || rec.Type == "revisit" || rec.Type == "resource":
		paired = rec.Header.Get("WARC-Concurrent-To") != ""
	default:
		return fmt.Errorf("a %.20s record is no capture: %w", rec.Type, dateline.ErrInvalid)
	}
	// The request goes first: as long as the answer is there, it tells that
	// there is one, even if a crash has left that half overwritten.
	if next < end {
		rec, err := s.readAt(h, next)
		if errors.Is(err, dateline.ErrCorrupt) && paired || err == nil && rec.Type == "request" {
			if err := a.overwrite(h, next, w.sizeAt(next)); err != nil {
				return err
			}
			if err := a.disk.sync(h); err != nil {
				return err
			}
		}
	}
	if err := a.overwrite(h, offset, size); err != nil {
		return err
	}
	if err := a.disk.sync(h); err != nil {
		return err
	}
	return a.forgetLine(f, offset)
}

func (a *Archive) overwrite(h *os.File, offset, size int64) error {
	b, err := warc.AppendErased(nil, size, newID(), a.o.Now())
	if err != nil {
		return err
	}
	return a.disk.write(h, b, offset)
}

// forgetLine takes the capture out of the index.
func (a *Archive) forgetLine(f *file, offset int64) error {
	f.syncing.Lock()
	defer f.syncing.Unlock()
	f.mu.Lock()
	f.lines = slices.DeleteFunc(f.lines, func(l warc.Line) bool { return l.Offset == offset })
	f.mu.Unlock()
	f.erasures++
	lines, whole, err := a.readIndex(f.name)
	if err != nil || !whole {
		f.index.close()
		return a.remake(f.name, f.synced)
	}
	rest := slices.DeleteFunc(slices.Clone(lines), func(l warc.Line) bool { return l.Offset == offset })
	if len(rest) == len(lines) {
		return nil
	}
	f.index.close() // it would go on in the file that is replaced
	return a.writeIndex(f.name, rest)
}

// Of gives the captures of the addresses by the indexes: also such as were
// written and never acknowledged, because the program was killed. Addresses
// that indexes do not tell apart are taken for one. Of each capture the
// address and the place are given.
func (a *Archive) Of(ctx context.Context, addresses ...string) ([]dateline.Capture, error) {
	if err := running(ctx, "look into the archive"); err != nil {
		return nil, err
	}
	keys := make(map[string]bool, len(addresses))
	for _, address := range addresses {
		keys[warc.SURT(address)] = true
	}
	var out []dateline.Capture
	for _, file := range a.Files() {
		list, err := a.of(ctx, file.Name, keys)
		if err != nil {
			return nil, fmt.Errorf("look into the index of %s: %w", file.Name, err)
		}
		out = append(out, list...)
	}
	return out, nil
}

func (a *Archive) of(ctx context.Context, name string, keys map[string]bool) (out []dateline.Capture, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, err := a.find(name)
	if err != nil {
		return nil, err
	}
	f.syncing.Lock()
	defer f.syncing.Unlock()
	lines, whole, err := a.readIndex(name)
	if err != nil || !whole {
		f.index.close()
		if err := a.remake(name, f.synced); err != nil {
			return nil, err
		}
		if lines, _, err = a.readIndex(name); err != nil {
			return nil, err
		}
	}
	for _, l := range lines {
		if keys[l.Key] {
			out = append(out, dateline.Capture{URL: l.URL, WARC: name, Offset: l.Offset})
		}
	}
	return out, nil
}

// Discard removes the files of what was cut off when the archive was opened:
// a record that was not finished may have been of a page that is erased.
func (a *Archive) Discard() error {
	entries, err := fs.Glob(a.disk.root.FS(), "*.torn")
	if err != nil {
		return err
	}
	for _, name := range entries {
		if err := a.disk.root.Remove(name); err != nil {
			return fmt.Errorf("discard %s: %w", name, err)
		}
	}
	return nil
}
