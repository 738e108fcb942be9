package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"dateline/read"
)

// manifest reads JSONL of {path, url, date}.
func (in *inputs) manifest(path string) {
	var r io.Reader = in.in
	dir := "."
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			in.emit(job{source: read.Source{Name: path}, err: fileError(path, err)})
			return
		}
		defer f.Close()
		r, dir = f, filepath.Dir(path)
	}
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 64<<10), 1<<20)
	any := false
	for n := 1; sc.Scan(); n++ {
		line := bytes.TrimSpace(bytes.TrimPrefix(sc.Bytes(), []byte("\xef\xbb\xbf")))
		any = any || len(line) > 0
		if len(line) > 0 && !in.entry(path, dir, n, line) {
			return
		}
	}
	err := sc.Err()
	if err == nil && !any {
		err = errors.New(`this manifest has no lines; write {"path": "page.html"} for each page`)
	}
	if err != nil {
		in.emit(job{source: read.Source{Name: path}, err: err})
	}
}

// entry reads what the nth line of a manifest names.
func (in *inputs) entry(manifest, dir string, n int, line []byte) bool {
	var m struct{ Path, URL, Date string }
	if err := json.Unmarshal(line, &m); err != nil || m.Path == "" {
		why := `no "path"`
		if err != nil {
			why = "it is no JSON object of texts"
		}
		return in.emit(job{source: read.Source{Name: fmt.Sprintf("%s:%d", manifest, n)}, err: fmt.Errorf(`manifest line %d: %s; write {"path": "page.html", "url": "https://..."}`, n, why)})
	}
	full := filepath.FromSlash(m.Path)
	if !filepath.IsAbs(full) {
		full = filepath.Join(dir, full)
	}
	s := in.page(full)
	s.Name = m.Path
	fail := func(format string, args ...any) bool {
		return in.emit(job{source: s, err: fmt.Errorf("manifest line %d: "+format, append([]any{n}, args...)...)})
	}
	switch {
	case isURL(m.Path):
		return fail("a path is that of a file; to fetch a page give its address to dateline read")
	case m.URL != "" && !isURL(m.URL):
		return fail("url %q: write the whole address, https://...", m.URL)
	case m.URL != "":
		s.URL = m.URL
	}
	if m.Date != "" {
		d, err := day(m.Date)
		if err != nil {
			return fail("%w", err)
		}
		s.Fetched = d
	}
	info, err := os.Stat(full)
	switch {
	case err != nil:
		return fail("%w", fileError(m.Path, err))
	case info.IsDir():
		return fail("this is a folder; name the files in it")
	case !info.Mode().IsRegular():
		return in.emit(job{source: s, file: file{path: full}})
	}
	f, err := os.Open(full)
	if err != nil {
		return fail("%w", fileError(m.Path, err))
	}
	defer f.Close()
	head := in.sniff()
	k, _ := io.ReadFull(f, head)
	if !isWARC(head[:k]) {
		return in.emit(job{source: s, file: file{path: full}})
	}
	if m.URL != "" || m.Date != "" {
		return fail("%s is an archive, whose pages have addresses and dates of their own; leave out url and date", m.Path)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fail("%w", err)
	}
	return in.archive(m.Path, f, info.Size())
}
