package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"dateline"
	"dateline/read"
	"dateline/warc"
)

// A job is one page to read. Its bytes are loaded by the worker that reads it,
// but for those of an archive, a pipe or the network, which come with it.
type job struct {
	source read.Source
	file   file  // to load from, when the source has no body
	size   int64 // of the input it used up, for the progress bar
	many   bool  // its input may hold more pages
	err    error // why there is no page
}

// file is where an input lies: below a folder that is not left, or anywhere.
type file struct {
	folder string
	path   string // below folder, where there is one
}

func (f file) open() (*os.File, error) {
	if f.folder == "" {
		return os.Open(f.path)
	}
	root, err := os.OpenRoot(f.folder)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.Open(f.path)
}

// maxFile is the most of one input that is loaded: reading uses MaxPage of it,
// and what is compressed is smaller, or hardly larger.
const maxFile = read.MaxPage + 1<<20

// inputs turns the command line's inputs into jobs, in order. emit blocks when
// the readers are behind, and returns false when the run is to end.
type inputs struct {
	cmd  *readCmd
	in   io.Reader
	emit func(job) bool
	head []byte // the first bytes of the file at hand
}

func (in *inputs) all(ctx context.Context) {
	if in.cmd.Manifest != "" {
		in.manifest(in.cmd.Manifest)
		return
	}
	for _, arg := range in.cmd.Input {
		if ctx.Err() != nil || !in.one(ctx, arg) {
			return
		}
	}
}

func (in *inputs) one(ctx context.Context, arg string) bool {
	switch {
	case arg == "-":
		return in.stream("-", in.in, -1)
	case isURL(arg):
		j := in.get(ctx, arg)
		if isWARC(j.source.Body[:min(len(j.source.Body), sniffed)]) {
			return in.archive(arg, bytes.NewReader(j.source.Body), int64(len(j.source.Body)))
		}
		return in.emit(j)
	}
	info, err := os.Stat(arg)
	if err != nil {
		return in.emit(job{source: read.Source{Name: arg}, err: fileError(arg, err)})
	}
	if info.IsDir() {
		return in.folder(arg)
	}
	return in.file(arg, file{path: arg}, info.Size())
}

func isURL(s string) bool {
	i := strings.Index(s, "://")
	return i > 1 && i < 12 && !strings.ContainsAny(s[:i], `/\. `)
}

// fileError says what is wrong with a path, and what to try.
func fileError(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		host, _, below := strings.Cut(path, "/")
		if i := strings.LastIndexByte(host, '.'); i > 0 && len(host)-i > 2 && !strings.ContainsAny(path, `\ `) && (below || strings.HasPrefix(host, "www.")) {
			return fmt.Errorf("no such file; for an address write https://%s", path)
		}
		return errors.New("no such file or folder; check the path")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("no permission to read it; check its owner and mode")
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// folder reads what looks like pages below a folder, in the order of their
// names. Links to files are followed unless they lead out of it.
func (in *inputs) folder(dir string) bool {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return in.emit(job{source: read.Source{Name: dir}, err: fileError(dir, err)})
	}
	defer root.Close()
	found, goOn := false, true
	err = fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		full := filepath.Join(dir, filepath.FromSlash(path))
		if err != nil {
			goOn = in.emit(job{source: read.Source{Name: full}, err: fileError(full, err)})
			if !goOn {
				return fs.SkipAll
			}
			return fs.SkipDir
		}
		if name := d.Name(); path != "." && strings.HasPrefix(name, ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		info, err := root.Stat(path)
		if err != nil && d.Type()&fs.ModeSymlink != 0 && pageName(d.Name()) {
			found = true
			if goOn = in.emit(job{source: read.Source{Name: full}, err: errors.New("a link that leads out of the folder or nowhere; give the file it names")}); !goOn {
				return fs.SkipAll
			}
			return nil
		}
		if err != nil || !info.Mode().IsRegular() || !pageName(d.Name()) && !(filepath.Ext(d.Name()) == "" && pageInside(root, path)) {
			return nil
		}
		found = true
		size := info.Size()
		if goOn = in.file(full, file{dir, path}, size); !goOn {
			return fs.SkipAll
		}
		return nil
	})
	if err == nil && goOn && !found {
		return in.emit(job{source: read.Source{Name: dir}, err: errors.New("no pages in this folder; pages end in .html, .htm, .xhtml, .txt, .php, .asp or .warc, with .gz, .zst or .br behind that, or in nothing and begin with a tag")})
	}
	return goOn
}

// pageName tells whether a file in a folder is taken for a page or an archive.
func pageName(name string) bool {
	name = strings.ToLower(name)
	for _, c := range [...]string{".gz", ".zst", ".br"} {
		name = strings.TrimSuffix(name, c)
	}
	switch filepath.Ext(name) {
	case ".html", ".htm", ".xhtml", ".shtml", ".txt", ".warc", ".php", ".asp", ".aspx", ".jsp":
		return true
	}
	return false
}

// pageInside tells whether a file without an ending begins as a page does.
func pageInside(root *os.Root, path string) bool {
	f, err := root.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 512)
	n, _ := io.ReadFull(f, head)
	head = bytes.TrimLeft(bytes.TrimPrefix(head[:n], []byte("\xef\xbb\xbf")), " \t\r\n")
	return bytes.HasPrefix(head, []byte("<"))
}

// file reads a file that is a page or an archive.
func (in *inputs) file(path string, from file, size int64) bool {
	f, err := from.open()
	if err != nil {
		return in.emit(job{source: read.Source{Name: path}, size: size, err: fileError(path, err)})
	}
	defer f.Close()
	head := in.sniff()
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return in.emit(job{source: read.Source{Name: path}, size: size, err: fileError(path, err)})
	}
	if isWARC(head[:n]) {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return in.emit(job{source: read.Source{Name: path}, size: size, err: err})
		}
		return in.archive(path, f, size)
	}
	return in.emit(job{source: in.page(path), file: from, size: size})
}

// page is the source of a page from a file, with what the flags say of it.
func (in *inputs) page(path string) read.Source {
	s := read.Source{Name: path, URL: in.cmd.URL, Fetched: in.cmd.Date}
	if strings.HasSuffix(strings.ToLower(path), ".br") {
		s.Coding = "br"
	}
	if t := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(path), ".gz"), ".zst"), ".br"); strings.HasSuffix(t, ".txt") {
		s.ContentType = "text/plain"
	}
	return s
}

// stream reads a pipe, which is one page or an archive.
func (in *inputs) stream(name string, r io.Reader, size int64) bool {
	br := bufio.NewReaderSize(r, sniffed)
	head, err := br.Peek(sniffed)
	if err != nil && err != io.EOF {
		return in.emit(job{source: read.Source{Name: name}, err: err})
	}
	if isWARC(head) {
		return in.archive(name, br, size)
	}
	s := in.page(name)
	b, err := io.ReadAll(io.LimitReader(br, maxFile))
	s.Body = b
	if s.Body == nil {
		s.Body = []byte{}
	}
	return in.emit(job{source: s, err: err})
}

// sniffed is how much of an input is looked at to tell what it is: the first
// block of a Zstandard frame, which may hold 128 KiB, with its headers.
const sniffed = 132 << 10

// sniff is room for the first bytes of an input.
func (in *inputs) sniff() []byte {
	if in.head == nil {
		in.head = make([]byte, sniffed)
	}
	return in.head
}

// isWARC tells an archive by its first bytes, compressed or not.
func isWARC(head []byte) bool {
	if bytes.HasPrefix(head, []byte("WARC/")) {
		return true
	}
	var first [5]byte
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		if z, err := gzip.NewReader(bytes.NewReader(head)); err == nil {
			io.ReadFull(z, first[:])
		}
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		if z, err := zstd.NewReader(bytes.NewReader(head), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20)); err == nil {
			io.ReadFull(z, first[:])
			z.Close()
		}
	case len(head) > 4 && head[0] >= 0x50 && head[0] < 0x60 && bytes.Equal(head[1:4], []byte{0x2a, 0x4d, 0x18}):
		return true // a dictionary frame: only archives begin with one
	}
	return string(first[:]) == "WARC/"
}

// archive emits the pages of a WARC file.
func (in *inputs) archive(name string, r io.Reader, size int64) bool {
	if in.cmd.URL != "" {
		return in.emit(job{source: read.Source{Name: name}, size: size, err: errors.New("this is an archive, which has its pages' addresses; leave out --url")})
	}
	w, err := warc.NewReader(r)
	if err != nil {
		return in.emit(job{source: read.Source{Name: name}, size: size, err: err, many: true})
	}
	w.Want = wanted
	at, any := int64(0), false
	for {
		p, err := w.NextPage()
		if err == io.EOF {
			break
		}
		any = true
		if err != nil {
			j := job{source: read.Source{Name: name}, err: err, many: true}
			var we *warc.Error
			if errors.As(err, &we) {
				j.source.Name = recordName(name, we.Offset, we.Skip)
			}
			if !in.emit(j) {
				return false
			}
			continue
		}
		s := read.Source{
			Name: recordName(name, p.Offset, p.Skip), URL: webAddress(p.URL), Body: p.Body, ContentType: p.ContentType,
			Coding: p.Encoding, Fetched: in.cmd.Date, Truncated: p.Truncated, Status: p.Status,
		}
		if s.Body == nil {
			s.Body = []byte{}
		}
		if s.Fetched == "" && !p.Date.IsZero() && p.Date.Before(time.Now().Add(48*time.Hour)) {
			s.Fetched = p.Date.UTC().Format(time.RFC3339)
		}
		if !in.emit(job{source: s, size: p.Offset - at, many: true}) {
			return false
		}
		at = p.Offset
	}
	if !any {
		return in.emit(job{source: read.Source{Name: name}, size: size, many: true, err: errors.New("no pages in this archive: none of its records is a page of text")})
	}
	return in.emit(job{size: max(0, size-at), many: true})
}

// recordName is the place of a record: where in the file its member begins and,
// where the member holds several records, how far into it.
func recordName(archive string, offset, skip int64) string {
	if skip == 0 {
		return fmt.Sprintf("%s#%d", archive, offset)
	}
	return fmt.Sprintf("%s#%d+%d", archive, offset, skip)
}

// wanted passes over what is no page: pictures, styles, redirections.
func wanted(p *warc.Page) bool {
	if p.Status >= 300 && p.Status < 400 {
		return false
	}
	t, _, _ := strings.Cut(strings.ToLower(p.ContentType), ";")
	switch strings.TrimSpace(t) {
	case "text/html", "application/xhtml+xml", "text/plain", "":
		return !strings.HasSuffix(p.URL, "/robots.txt")
	}
	return false
}

// webAddress is an archive's target where it is a page's address.
func webAddress(s string) string {
	if u, err := url.Parse(s); err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return s
}

// get fetches one page.
func (in *inputs) get(ctx context.Context, address string) job {
	x, err := in.cmd.client.Get(ctx, address)
	if err != nil {
		if x != nil && len(x.Body) > 0 {
			err = nil // what came before the break is read, and marked
		} else {
			return job{source: read.Source{Name: address}, err: advise(err)}
		}
	}
	return job{source: read.Source{Name: address, URL: x.FinalURL, Body: x.Body, ContentType: x.Header.Get("Content-Type"),
		Coding: x.Header.Get("Content-Encoding"), Fetched: x.Fetched.UTC().Format(time.RFC3339), Truncated: x.Truncated, Status: x.Status}}
}

// advise adds what a user can try.
func advise(err error) error {
	switch {
	case ownNetwork(err.Error()):
		return fmt.Errorf("%w; to ask addresses of your own network add --allow-private", err)
	case errors.Is(err, dateline.ErrRefused):
		return err
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w; the server is slow or down, try again later", err)
	case errors.Is(err, dateline.ErrNotFound):
		return fmt.Errorf("%w; check the spelling and the connection", err)
	}
	return err
}

// load brings a job's bytes into buf where they are still in a file.
func (j *job) load(buf *bytes.Buffer) error {
	if j.file.path == "" {
		return nil
	}
	f, err := j.file.open()
	if err != nil {
		return fileError(j.source.Name, err)
	}
	defer f.Close()
	buf.Reset()
	if info, err := f.Stat(); err == nil {
		buf.Grow(int(min(info.Size(), maxFile)) + bytes.MinRead)
	}
	if _, err := buf.ReadFrom(io.LimitReader(f, maxFile)); err != nil {
		return fileError(j.source.Name, err)
	}
	j.source.Body = buf.Bytes()
	return nil
}
