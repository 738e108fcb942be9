package archive

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"dateline"
	"dateline/warc"
)

// index is the CDXJ file beside a WARC file, while records are added. It is
// only ever behind the WARC file, never before it: lines are added once what
// they point to was synced. Those that cannot be written, as on a full disk, are
// tried again with the next.
type index struct {
	h      *os.File
	end    int64
	behind []byte // lines that are not written yet
	broken bool   // lines are missing
}

// add appends the lines. It has no error: an index that lacks lines is made
// good with the next ones, or when the file is sealed or opened.
func (x *index) add(d disk, name string, lines []warc.Line) {
	if x.broken {
		return
	}
	for i := range lines {
		b, err := lines[i].Append(x.behind)
		if err != nil {
			x.broken, x.behind = true, nil
			return
		}
		x.behind = b
	}
	if len(x.behind) == 0 {
		return
	}
	if x.h == nil {
		h, err := d.root.OpenFile(indexName(name), os.O_RDWR|os.O_CREATE, 0o640)
		if err != nil {
			return
		}
		if x.end, err = h.Seek(0, io.SeekEnd); err != nil {
			h.Close()
			return
		}
		x.h = h
	}
	if d.write(x.h, x.behind, x.end) == nil {
		x.end += int64(len(x.behind))
		x.behind = nil
	}
}

func (x *index) close() {
	if x.h != nil {
		x.h.Close()
	}
	x.h = nil
	x.broken = x.broken || len(x.behind) > 0 // what was written of them is the end of the file
	x.behind = nil
}

// seal sorts the index of a file that nothing is added to any more.
func (x *index) seal(a *Archive, f *file) {
	x.close()
	lines, whole, err := a.readIndex(f.name)
	if x.broken || !whole || err != nil {
		x.broken = a.remake(f.name, f.synced) != nil
		return
	}
	a.writeIndex(f.name, lines)
}

// sorted is the text of a sorted index of the lines.
func sorted(lines []warc.Line) (string, error) {
	texts := make([]string, len(lines))
	for i := range lines {
		b, err := lines[i].Append(nil)
		if err != nil {
			return "", err
		}
		texts[i] = string(b)
	}
	slices.Sort(texts)
	return strings.Join(texts, ""), nil
}

// readIndex reads the index of the WARC file. A last line that is cut short is
// left out, and whole tells that there was none; [dateline.ErrCorrupt] says
// that another is no line.
func (a *Archive) readIndex(name string) (lines []warc.Line, whole bool, err error) {
	b, err := a.disk.root.ReadFile(indexName(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	size := len(b)
	b = b[:bytes.LastIndexByte(b, '\n')+1]
	lines = make([]warc.Line, 0, bytes.Count(b, []byte{'\n'}))
	for line := range bytes.Lines(b) {
		l, err := warc.ParseLine(line)
		if err != nil || l.Filename != name || l.Offset < 0 || l.Length <= 0 {
			return nil, false, fmt.Errorf("index %s: %w", indexName(name), dateline.ErrCorrupt)
		}
		lines = append(lines, l)
	}
	return lines, len(b) == size, nil
}

// writeIndex puts a sorted index of the lines in the place of the one there is.
func (a *Archive) writeIndex(name string, lines []warc.Line) error {
	text, err := sorted(lines)
	if err != nil {
		return err
	}
	if is, err := a.disk.root.ReadFile(indexName(name)); err == nil && string(is) == text {
		return nil
	}
	return a.disk.replace(indexName(name), strings.NewReader(text))
}

// remake makes the index from the WARC file's first size bytes.
func (a *Archive) remake(name string, size int64) error {
	f, err := a.disk.root.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	s := a.scans.take()
	defer a.scans.give(s)
	var lines []warc.Line
	err = walk(f, 0, size, nil, &s.raw, func(m member) error {
		if l, err := s.line(name, m); err == nil && l != nil {
			lines = append(lines, *l)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return a.writeIndex(name, lines)
}

// offsets are those of the lines, sorted.
func offsets(lines []warc.Line) []int64 {
	list := make([]int64, len(lines))
	for i, l := range lines {
		list[i] = l.Offset
	}
	slices.Sort(list)
	return list
}
