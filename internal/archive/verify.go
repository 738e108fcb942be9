package archive

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"hash/maphash"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"dateline"
	"dateline/warc"
)

// Summary is what Verify has looked at.
type Summary struct {
	Files    int
	Records  int // whole ones, whatever their kind
	Captures int
	Erased   int
	Problems int
	Bytes    int64

	// Whole are the captures found whole: their offsets, ascending, by file. A
	// revisit is one only if its original is.
	Whole map[string][]int64
}

// IsWhole reports whether the capture whose record begins at the offset in the
// file was found whole.
func (s *Summary) IsWhole(name string, offset int64) bool {
	_, ok := slices.BinarySearch(s.Whole[name], offset)
	return ok
}

// Verify reads every record of every file and calls report for each thing
// wrong: a changed or missing byte, a length, a block's or payload's digest, an
// id given twice, an index that does not agree, which it then makes anew
// unless the file is damaged. Records that were erased are not wrong. If
// progress is set it is called with the bytes read so far and those there are.
//
// Its error is for what kept it from going on; what it finds is no error.
// Writing may go on meanwhile.
func (a *Archive) Verify(ctx context.Context, report func(Problem), progress func(done, all int64)) (Summary, error) {
	a.mu.Lock()
	files, closed := slices.Clone(a.files), a.closed
	a.mu.Unlock()
	if closed {
		return Summary{}, errClosed
	}
	return a.verify(ctx, files, false, report, progress)
}

// Verify is as [Archive.Verify] beside a process that writes: it leaves the
// indexes to that one, and what stands at the end of the newest file and is no
// whole record is looked at again before it is found wrong. What is erased
// meanwhile may be found wrong.
func (r *Reader) Verify(ctx context.Context, report func(Problem), progress func(done, all int64)) (Summary, error) {
	a := &Archive{disk: disk{root: r.root}}
	names, err := a.disk.names()
	if err != nil {
		return Summary{}, fmt.Errorf("verify: %w", err)
	}
	for _, name := range names {
		if number(name) == 0 {
			continue
		}
		info, err := r.root.Stat(name)
		if err != nil {
			return Summary{}, fmt.Errorf("verify: %w", err)
		}
		a.files = append(a.files, &file{name: name, number: number(name), end: info.Size(), synced: info.Size()})
	}
	sortFiles(a.files)
	return a.verify(ctx, a.files, true, report, progress)
}

// verify verifies the files; beside says that another process may be writing.
func (a *Archive) verify(ctx context.Context, files []*file, beside bool, report func(Problem), progress func(done, all int64)) (Summary, error) {
	v := verifier{a: a, beside: beside, ids: map[uint64]struct{}{}, seed: maphash.MakeSeed(), s: a.scans.take()}
	defer a.scans.give(v.s)
	v.sum.Whole = make(map[string][]int64, len(files))
	v.report = func(p Problem) {
		v.sum.Problems++
		report(p)
	}
	all := a.Size()
	v.progress = func() {
		if progress != nil {
			progress(v.sum.Bytes, max(all, v.sum.Bytes))
		}
	}
	for i, f := range files {
		v.growing = beside && i == len(files)-1
		if err := v.file(ctx, f); err != nil {
			return v.sum, fmt.Errorf("verify %s: %w", f.name, err)
		}
		v.sum.Files++
	}
	return v.sum, v.orphans()
}

type verifier struct {
	a        *Archive
	beside   bool // another process may be writing
	growing  bool // and this is the file it may be writing to
	sum      Summary
	report   func(Problem)
	progress func()
	ids      map[uint64]struct{} // hashes of record ids, which are long and many
	seed     maphash.Seed
	s        *scan
}

func (v *verifier) file(ctx context.Context, f *file) error {
	// Index and end belong together only while nothing is synced.
	f.syncing.Lock()
	end, live, erasures := f.synced, f.h != nil, f.erasures
	if live {
		f.index.add(v.a.disk, f.name, nil)
	}
	lines, _, indexErr := v.a.readIndex(f.name)
	var text []byte
	if indexErr == nil {
		if text, indexErr = v.a.disk.root.ReadFile(indexName(f.name)); errors.Is(indexErr, fs.ErrNotExist) {
			indexErr = nil
		}
	}
	if f.index.broken || len(f.index.behind) > 0 {
		indexErr = errors.New("could not be written")
	}
	f.syncing.Unlock()

	h, err := v.a.disk.root.Open(f.name)
	if err != nil {
		v.report(Problem{File: f.name, Err: err})
		return nil
	}
	defer h.Close()
	info, err := h.Stat()
	if err != nil {
		return err
	}
	if info.Size() < end {
		v.report(Problem{File: f.name, Offset: info.Size(), Err: fmt.Errorf("the file ends %d bytes too soon: %w", end-info.Size(), dateline.ErrCorrupt)})
		end = info.Size()
	} else if info.Size() > end && !live && !v.beside {
		v.report(Problem{File: f.name, Offset: end, Err: fmt.Errorf("%d bytes behind the last record: %w", info.Size()-end, dateline.ErrCorrupt)})
	}
	urls := make(map[int64]string, len(lines))
	for _, l := range lines {
		urls[l.Offset] = l.URL
	}
	var found []warc.Line
	damaged := false
	err = walk(h, 0, end, offsets(lines), &v.s.raw, func(m member) error {
		if err := running(ctx, "verify"); err != nil {
			return err
		}
		if m.raw == nil {
			// It may be a record that is being erased just now.
			v.a.erasing.Lock()
			raw := make([]byte, m.size)
			if _, err := h.ReadAt(raw, m.offset); err == nil && warc.CheckMember(raw) {
				m.raw = raw
			}
			v.a.erasing.Unlock()
		}
		if m.raw == nil && v.growing && m.offset+m.size == end {
			// The rest of it may be there by now.
			if m, err = v.again(h, m, end); err != nil {
				return err
			}
		}
		l, err := v.member(f.name, m)
		if err != nil {
			damaged = true
			v.report(Problem{File: f.name, Offset: m.offset, URL: urls[m.offset], Err: err})
		} else if l != nil {
			found = append(found, *l)
		}
		v.sum.Bytes += m.size
		v.progress()
		return nil
	})
	if err != nil {
		return err
	}
	if v.beside {
		return nil
	}
	v.a.erasing.Lock() // whoever is erasing just now has to finish first
	f.syncing.Lock()
	erased := f.erasures != erasures
	f.syncing.Unlock()
	v.a.erasing.Unlock()
	if erased {
		return nil // what was found and the index are of different times
	}
	return v.index(f, text, lines, found, indexErr, damaged)
}

// again looks once more at what was the end of a file that grows, and gives the
// record that is whole by now.
func (v *verifier) again(h *os.File, m member, end int64) (member, error) {
	info, err := h.Stat()
	if err != nil {
		return m, err
	}
	w := walker{r: h, to: info.Size()}
	size := w.sizeAt(m.offset)
	if size == 0 || m.offset+size < end {
		return m, w.err
	}
	raw, err := w.read(m.offset, size, &v.s.raw)
	if err != nil || !warc.CheckMember(raw) {
		return m, err
	}
	return member{m.offset, size, raw}, nil
}

// member finds out whether the member is as it was written.
func (v *verifier) member(name string, m member) (*warc.Line, error) {
	if m.raw == nil {
		return nil, fmt.Errorf("%d bytes are not as they were written: %w", m.size, dateline.ErrCorrupt)
	}
	rec, err := v.s.record(m.raw)
	if err != nil {
		return nil, err
	}
	v.sum.Records++
	id := maphash.String(v.seed, rec.ID)
	if _, ok := v.ids[id]; ok || rec.ID == "" {
		return nil, fmt.Errorf("record id %.100q is missing or not the only one: %w", rec.ID, dateline.ErrCorrupt)
	}
	v.ids[id] = struct{}{}
	if warc.IsErased(rec) {
		v.sum.Erased++
	}
	header, kind := rec.Header, rec.Type
	if err := v.digest(header.Get("WARC-Block-Digest"), rec.Body); err != nil {
		return nil, fmt.Errorf("block: %w", err)
	}
	if _, err := v.s.r.Next(); err != io.EOF {
		return nil, fmt.Errorf("behind the record: %w", cmpErr(err, dateline.ErrCorrupt))
	}
	// What follows needs the block from its beginning.
	if rec, err = v.s.record(m.raw); err != nil {
		return nil, err
	}
	l, err := lineOf(name, m.offset, m.size, rec)
	if err != nil || l == nil {
		return nil, err
	}
	v.sum.Captures++
	if kind == "revisit" { // its payload is elsewhere
		if file, at, err := refersTo(rec); err == nil && v.sum.IsWhole(file, at) {
			v.whole(l)
		}
		return l, nil
	}
	if rec, err = v.s.record(m.raw); err != nil {
		return nil, err
	}
	body := rec.Body
	if rec.HoldsHTTP() {
		resp, err := rec.HTTP()
		if err != nil {
			return nil, err
		}
		body = resp.Body
	}
	if err := v.digest(header.Get("WARC-Payload-Digest"), body); err != nil {
		return nil, fmt.Errorf("payload: %w", err)
	}
	v.whole(l)
	return l, nil
}

func (v *verifier) whole(l *warc.Line) {
	v.sum.Whole[l.Filename] = append(v.sum.Whole[l.Filename], l.Offset)
}

func cmpErr(err, instead error) error {
	if err == nil {
		return instead
	}
	return err
}

// algorithms are those that digest fields name. Values are hexadecimal or
// base 32.
var algorithms = map[string]func() hash.Hash{"sha256": sha256.New, "sha1": sha1.New, "md5": md5.New, "sha512": sha512.New}

// digest reads to the end and compares with what a digest field says.
func (v *verifier) digest(want string, r io.Reader) error {
	algorithm, value, _ := strings.Cut(want, ":")
	newHash := algorithms[strings.ToLower(algorithm)]
	if newHash == nil {
		_, err := io.CopyBuffer(io.Discard, struct{ io.Reader }{r}, v.s.buf)
		return err
	}
	sum := newHash()
	if _, err := io.CopyBuffer(sum, struct{ io.Reader }{r}, v.s.buf); err != nil {
		return err
	}
	got := sum.Sum(nil)
	if strings.EqualFold(value, hex.EncodeToString(got)) || strings.EqualFold(strings.TrimRight(value, "="), base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(got)) {
		return nil
	}
	return fmt.Errorf("%s is not %.100s: %w", algorithm, value, dateline.ErrCorrupt)
}

// index compares the index with what was found, and makes it anew.
func (v *verifier) index(f *file, text []byte, have, found []warc.Line, err error, damaged bool) error {
	if err == nil {
		// While records are added it is not sorted yet.
		is := slices.SortedFunc(strings.Lines(string(text)), strings.Compare)
		want, sortErr := sorted(found)
		if sortErr == nil && strings.Join(is, "") == want {
			return nil
		}
		at := map[int64]bool{}
		for _, l := range found {
			at[l.Offset] = true
		}
		missing := 0
		for _, l := range have {
			if !at[l.Offset] {
				missing++
			}
		}
		err = fmt.Errorf("%d captures, of which %d are not in the file; the file has %d", len(have), missing, len(found))
	}
	if damaged && len(have) > 0 {
		return nil // reported already, and the index tells what was there
	}
	v.report(Problem{File: f.name, Err: fmt.Errorf("index: %w: %w", err, dateline.ErrCorrupt)})
	return v.a.reindex(f)
}

// reindex makes a file's index anew.
func (a *Archive) reindex(f *file) error {
	a.erasing.Lock()
	defer a.erasing.Unlock()
	f.syncing.Lock()
	defer f.syncing.Unlock()
	f.index.close()
	err := a.remake(f.name, f.synced)
	f.index.broken = err != nil
	return err
}

// orphans reports indexes whose WARC file is gone.
func (v *verifier) orphans() error {
	names, err := v.a.disk.names()
	if err != nil {
		return err
	}
	for _, name := range names {
		base, ok := strings.CutSuffix(name, ".cdxj")
		if !ok || number(base+extension) == 0 {
			continue
		}
		if _, err := v.a.disk.root.Stat(base + extension); errors.Is(err, fs.ErrNotExist) {
			v.report(Problem{File: base + extension, Err: fmt.Errorf("the file is gone, its index %s is there: %w", name, dateline.ErrCorrupt)})
		}
	}
	return nil
}
