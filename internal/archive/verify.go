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
	v := verifier{a: a, ids: map[uint64]struct{}{}, seed: maphash.MakeSeed(), s: a.scans.take()}
	defer a.scans.give(v.s)
	v.report = func(p Problem) {
		v.sum.Problems++
		report(p)
	}
	a.mu.Lock()
	files, closed := slices.Clone(a.files), a.closed
	a.mu.Unlock()
	if closed {
		return v.sum, errClosed
	}
	all := a.Size()
	v.progress = func() {
		if progress != nil {
			progress(v.sum.Bytes, max(all, v.sum.Bytes))
		}
	}
	for _, f := range files {
		if err := v.file(ctx, f); err != nil {
			return v.sum, fmt.Errorf("verify %s: %w", f.name, err)
		}
		v.sum.Files++
	}
	return v.sum, v.orphans(files)
}

type verifier struct {
	a        *Archive
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
	lines, _, indexErr := v.a.readIndex(f.name)
	var text []byte
	if indexErr == nil {
		if text, indexErr = v.a.disk.root.ReadFile(indexName(f.name)); errors.Is(indexErr, fs.ErrNotExist) {
			indexErr = nil
		}
	}
	if f.index.broken {
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
	} else if info.Size() > end && !live {
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
	if kind == "revisit" {
		return l, nil // its payload is elsewhere
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
	return l, nil
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
func (v *verifier) orphans(files []*file) error {
	names, err := v.a.disk.names()
	if err != nil {
		return err
	}
	have := map[string]bool{}
	for _, f := range v.a.Files() {
		have[indexName(f.Name)] = true
	}
	for _, name := range names {
		base, ok := strings.CutSuffix(name, ".cdxj")
		if ok && number(base+extension) > 0 && !have[name] {
			v.report(Problem{File: base + extension, Err: fmt.Errorf("the file is gone, its index %s is there: %w", name, dateline.ErrCorrupt)})
		}
	}
	return nil
}
