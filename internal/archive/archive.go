// Package archive keeps what servers answered: a directory of WARC files,
// owned by one process, to which records are only ever added.
//
// An exchange is a request and the answer to it. A capture is the record of
// one answer: its file and the offset there say where it is. A revisit is a
// capture whose payload an earlier one holds already.
//
//	a, err := archive.Open(dir, archive.Options{Software: "dateline/1"})
//	...
//	captures, err := a.Write(ctx, archive.Exchange{URL: ..., Response: ...})
//	// from here on neither a crash nor a power cut loses them
//	page, err := a.Read(ctx, captures[0].WARC, captures[0].Offset)
//
// # Promises
//
// When Write returns without an error, the records are on the disk: the file
// was synced, and its directory if the file is new. Calls of many goroutines
// share a sync. After a failed write or sync nothing that was not yet
// acknowledged is, and the file is cut back to the last acknowledged record
// and not written to again, since after a failed sync nobody knows what the
// system kept of it.
//
// What a crash leaves behind the last whole record is cut off by the next
// Open, put into a file beside ("...00001.123456.torn") and reported by
// Repairs. A damaged record before others is left for Verify to report.
//
// # Files
//
//	dateline-20260102030405-00001.warc.gz   records; a new file at 1 GB
//	dateline-20260102030405-00001.cdxj      its index, sorted once the file is full
//	lock                                    held by the process that has it open
//
// Indexes are made again from the WARC files where they are missing.
//
// The package does not find captures by address, which is the database's
// part, and does not decide what to do when the disk is nearly full.
package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"dateline"
)

// Options are what an archive may be told. The zero value will do.
type Options struct {
	Rotate   int64  // size in bytes at which a new file is begun; 0 is 1 GB, as WARC files are commonly
	Software string // name and version of the program, for the files' warcinfo
	Contact  string // whom to ask about the crawl, for the files' warcinfo

	Now func() time.Time // nil is time.Now

	// Fault, if set, is called before every change of the disk with what is
	// to be done: create, write, sync, truncate, rename, remove. An error it
	// returns is taken for the system's. It is for tests.
	Fault func(op string) error
}

// Archive is an open archive. Its methods may be called by many goroutines.
type Archive struct {
	disk    disk
	o       Options
	lock    *os.File
	repairs []Problem

	scans   scanPool
	buffers sync.Pool  // of *[]byte, for members to be written
	erasing sync.Mutex // held while bytes of a record are replaced

	mu     sync.Mutex // guards what follows, and is held while records are added
	files  []*file    // in the order of their numbers
	cur    *file      // to which records are added; nil until there is one
	number int        // of the last file
	closed bool
}

// Problem is something found wrong: where, and what.
type Problem struct {
	File   string // name of the WARC file, or of an index without one
	Offset int64  // of the record or of what stands in its place
	URL    string // of the record, where known
	Err    error
}

// Error names the place and what is wrong there.
func (p Problem) Error() string {
	where := fmt.Sprintf("%s at offset %d", p.File, p.Offset)
	if p.URL != "" {
		where += fmt.Sprintf(" (%.200s)", p.URL)
	}
	return where + ": " + p.Err.Error()
}

// Unwrap gives Err.
func (p Problem) Unwrap() error { return p.Err }

// Open opens the archive in the directory, which is made if there is none, and
// puts right what a crash left behind. An error that wraps [dateline.ErrLater]
// says that another process has it open. Close it when done.
func Open(dir string, o Options) (*Archive, error) {
	if o.Rotate <= 0 {
		o.Rotate = 1e9
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Fault == nil {
		o.Fault = func(string) error { return nil }
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("open archive: %w", advised(err))
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	a := &Archive{disk: disk{root, o.Fault}, o: o}
	if err := a.open(); err != nil {
		a.letGo()
		return nil, fmt.Errorf("open archive %s: %w", dir, advised(err))
	}
	return a, nil
}

// advised adds what to do about an error, where that is known.
func advised(err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, errReadOnly):
		return fmt.Errorf("%w; the folder must be writable for this user", err)
	}
	return err
}

// Lock takes the lock of the archive in the directory and leaves its files
// alone, for who puts others in their place. Errors are those of [Open];
// closing gives the lock back.
func Lock(dir string) (io.Closer, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("lock archive: %w", err)
	}
	defer root.Close()
	f, err := takeLock(root)
	if err != nil {
		return nil, fmt.Errorf("lock archive %s: %w", dir, advised(err))
	}
	return f, nil
}

func takeLock(root *os.Root) (*os.File, error) {
	f, err := root.OpenFile("lock", os.O_RDWR|os.O_CREATE, 0o640)
	if err != nil {
		return nil, err
	}
	if err := lockFile(f); err != nil {
		f.Close()
		if errors.Is(err, errLocked) {
			return nil, fmt.Errorf("another process has it open; stop that one, or give this one a folder of its own: %w", dateline.ErrLater)
		}
		return nil, fmt.Errorf("lock: %w", err)
	}
	return f, nil
}

// letGo gives back the directory and its lock.
func (a *Archive) letGo() {
	if a.lock != nil {
		a.lock.Close()
	}
	a.disk.root.Close()
}

func (a *Archive) open() error {
	var err error
	if a.lock, err = takeLock(a.disk.root); err != nil {
		return err
	}
	names, err := a.disk.names()
	if err != nil {
		return err
	}
	for _, name := range names {
		if n := number(name); n > 0 {
			a.files = append(a.files, &file{name: name, number: n})
		}
	}
	sortFiles(a.files)
	kept := a.files[:0]
	for _, f := range a.files {
		if err := a.recover(f); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		a.number = f.number
		if f.end > 0 {
			kept = append(kept, f)
		}
	}
	a.files = kept
	if n := len(a.files); n > 0 && a.files[n-1].end < a.o.Rotate {
		a.cur = a.files[n-1]
		return a.resume(a.cur)
	}
	return nil
}

// sortFiles puts files into the order in which they were begun.
func sortFiles(files []*file) {
	slices.SortFunc(files, func(x, y *file) int {
		return cmp.Or(cmp.Compare(x.number, y.number), strings.Compare(x.name, y.name))
	})
}

// Repairs is what Open found and put right.
func (a *Archive) Repairs() []Problem { return a.repairs }

// File is a WARC file of the archive.
type File struct {
	Name string
	Size int64 // of what is acknowledged or about to be
}

// Files are the archive's WARC files, oldest first.
func (a *Archive) Files() []File {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := make([]File, len(a.files))
	for i, f := range a.files {
		list[i] = File{f.name, f.size()}
	}
	return list
}

// Size is that of all WARC files together, in bytes.
func (a *Archive) Size() int64 {
	n := int64(0)
	for _, f := range a.Files() {
		n += f.Size
	}
	return n
}

// Folder is where the archive is.
func (a *Archive) Folder() string { return a.disk.root.Name() }

// Free is how many bytes the disk still takes from this process.
func (a *Archive) Free() (int64, error) {
	n, err := freeSpace(a.disk.root)
	if err != nil {
		return 0, fmt.Errorf("free space of the archive: %w", err)
	}
	return n, nil
}

// Close syncs what there is, sorts the index and gives the directory back.
// Calls that are under way end first; later ones are refused.
func (a *Archive) Close() error {
	a.erasing.Lock()
	defer a.erasing.Unlock()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return nil
	}
	a.closed = true
	var err error
	if a.cur != nil {
		err = a.seal(a.cur)
	}
	a.letGo()
	if err != nil {
		return fmt.Errorf("close archive: %w", err)
	}
	return nil
}

// find gives the file of the name.
func (a *Archive) find(name string) (*file, error) {
	if number(name) == 0 {
		return nil, fmt.Errorf("file name %.100q: %w", name, dateline.ErrInvalid)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return nil, errClosed
	}
	for _, f := range a.files {
		if f.name == name {
			return f, nil
		}
	}
	return nil, fmt.Errorf("file %s: %w", name, dateline.ErrNotFound)
}

var errClosed = fmt.Errorf("the archive is closed: %w", dateline.ErrLater)

// What names of WARC files begin and end with.
const (
	prefix    = "dateline-"
	extension = ".warc.gz"
)

func fileName(t time.Time, number int) string {
	return fmt.Sprintf("%s%s-%05d%s", prefix, t.UTC().Format("20060102150405"), number, extension)
}

// number is that in a WARC file's name; 0 says that it is none.
func number(name string) int {
	s, ok := strings.CutPrefix(name, prefix)
	s, ok2 := strings.CutSuffix(s, extension)
	stamp, n, ok3 := strings.Cut(s, "-")
	if !ok || !ok2 || !ok3 || len(stamp) != 14 || len(n) < 5 || strings.Trim(stamp+n, "0123456789") != "" {
		return 0
	}
	i, err := strconv.Atoi(n)
	if err != nil {
		return 0
	}
	return i
}

// disk is the directory, with every change of it in one place.
type disk struct {
	root  *os.Root
	fault func(op string) error
}

func (d disk) names() ([]string, error) {
	list, err := fs.ReadDir(d.root.FS(), ".")
	names := make([]string, len(list))
	for i, e := range list {
		names[i] = e.Name()
	}
	return names, err
}

func (d disk) create(name string) (*os.File, error) {
	if err := d.fault("create"); err != nil {
		return nil, &fs.PathError{Op: "create", Path: name, Err: err}
	}
	return d.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o640)
}

// write writes at an offset. A fault leaves half of it written, as a full
// disk does.
func (d disk) write(f *os.File, b []byte, at int64) error {
	if err := d.fault("write"); err != nil {
		f.WriteAt(b[:len(b)/2], at)
		return &fs.PathError{Op: "write", Path: f.Name(), Err: err}
	}
	_, err := f.WriteAt(b, at)
	return err
}

func (d disk) sync(f *os.File) error {
	if err := d.fault("sync"); err != nil {
		return &fs.PathError{Op: "sync", Path: f.Name(), Err: err}
	}
	return f.Sync()
}

// syncDir makes names last: of files that are new, renamed or removed.
func (d disk) syncDir() error {
	if !syncsDirectories {
		return nil
	}
	f, err := d.root.Open(".")
	if err != nil {
		return err
	}
	defer f.Close()
	return d.sync(f)
}

func (d disk) truncate(f *os.File, size int64) error {
	if err := d.fault("truncate"); err != nil {
		return &fs.PathError{Op: "truncate", Path: f.Name(), Err: err}
	}
	return f.Truncate(size)
}

func (d disk) rename(from, to string) error {
	if err := d.fault("rename"); err != nil {
		return &fs.PathError{Op: "rename", Path: from, Err: err}
	}
	return d.root.Rename(from, to)
}

func (d disk) remove(name string) error {
	if err := d.fault("remove"); err != nil {
		return &fs.PathError{Op: "remove", Path: name, Err: err}
	}
	return d.root.Remove(name)
}

// replace puts a file of the content in the place of the name at once: either
// the old or the new is there, whatever happens.
func (d disk) replace(name string, content io.Reader) error {
	temp := name + ".new"
	if err := d.root.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := d.create(temp)
	if err != nil {
		return err
	}
	buf := make([]byte, 1<<18)
	for at := int64(0); err == nil; {
		var n int
		n, err = io.ReadFull(content, buf)
		if n == 0 {
			break
		}
		err = cmp.Or(d.write(f, buf[:n], at), err)
		at += int64(n)
	}
	if err == nil || err == io.EOF || err == io.ErrUnexpectedEOF {
		err = d.sync(f)
	}
	err = cmp.Or(err, f.Close())
	if err == nil {
		err = d.rename(temp, name)
	}
	if err != nil {
		d.root.Remove(temp)
		return err
	}
	return d.syncDir()
}

// running is the context's error as this package gives it.
func running(ctx context.Context, what string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
