package archive

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"sync"

	"dateline/warc"
)

// file is one WARC file and its index.
//
// Records are added under Archive.mu, and synced under syncing, which is taken
// after it, never before. So while one sync is under way others add records,
// and the next sync is for all of them.
type file struct {
	name   string
	number int
	info   string // id of the warcinfo record

	mu    sync.Mutex  // guards what follows
	end   int64       // where the next record goes
	lines []warc.Line // of records since the last sync

	syncing  sync.Mutex // guards what follows
	h        *os.File   // nil once nothing is added any more
	synced   int64      // all before is on the disk
	named    bool       // the directory was synced since the file is there
	failed   error      // why nothing more can be acknowledged
	index    index
	erasures int // how often its index forgot a line
}

func (f *file) size() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.end
}

// indexName is the name of the index of the WARC file.
func indexName(name string) string { return strings.TrimSuffix(name, extension) + ".cdxj" }

// current is the file to add records to, begun where there is none or the one
// before is full.
func (a *Archive) current() (*file, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return nil, errClosed
	}
	if a.cur != nil && a.cur.size() >= a.o.Rotate {
		if err := a.seal(a.cur); err != nil {
			return nil, err
		}
	}
	if a.cur == nil {
		f, err := a.begin()
		if err != nil {
			return nil, err
		}
		a.cur = f
		a.files = append(a.files, f)
		a.number = f.number
	}
	return a.cur, nil
}

// begin makes a file with its warcinfo record. Nothing is synced yet.
func (a *Archive) begin() (*file, error) {
	now := a.o.Now()
	f := &file{number: a.number + 1, info: newID()}
	f.name = fileName(now, f.number)
	var text strings.Builder
	for _, x := range [][2]string{
		{"software", a.o.Software}, {"operator", a.o.Contact}, {"format", "WARC File Format 1.1"},
		{"conformsTo", "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"},
	} {
		if x[1] != "" {
			fmt.Fprintf(&text, "%s: %s\r\n", x[0], strings.NewReplacer("\r", " ", "\n", " ").Replace(x[1]))
		}
	}
	d := warc.Draft{
		Type: "warcinfo", ID: f.info, Date: now, ContentType: warc.MediaFields, Block: []byte(text.String()),
		Fields: warc.Header{{Name: "WARC-Filename", Value: f.name}},
	}
	b, err := d.Append(nil)
	if err != nil {
		return nil, err
	}
	if f.h, err = a.disk.create(f.name); err != nil {
		return nil, err
	}
	if err := a.disk.write(f.h, b, 0); err != nil {
		f.h.Close()
		if a.disk.root.Remove(f.name) != nil {
			a.number = f.number // the next Open looks into it
		}
		return nil, err
	}
	f.end = int64(len(b))
	return f, nil
}

// add puts whole members at the file's end, and reports whether the file is
// still the one to add to. The lines' offsets are from the members' beginning.
func (a *Archive) add(f *file, members []byte, lines []warc.Line) (at int64, ok bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cur != f {
		return 0, false, nil
	}
	at = f.size()
	if err := a.disk.write(f.h, members, at); err != nil {
		f.syncing.Lock()
		f.failed = cmp.Or(f.failed, err)
		f.syncing.Unlock()
		a.abandon(f)
		return 0, true, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.end = at + int64(len(members))
	for i := range lines {
		lines[i].Offset += at
	}
	f.lines = append(f.lines, lines...)
	return at, true, nil
}

// commit returns when all of the file up to the offset is on the disk. The one
// of its callers that comes first syncs for those that wait behind it.
func (a *Archive) commit(f *file, upTo int64) error {
	f.syncing.Lock()
	if f.synced >= upTo {
		f.syncing.Unlock()
		return nil
	}
	err := a.sync(f)
	f.syncing.Unlock()
	if err != nil {
		a.mu.Lock()
		a.abandon(f)
		a.mu.Unlock()
	}
	return err
}

// sync puts what was added to the file on the disk; f.syncing is held.
func (a *Archive) sync(f *file) error {
	if f.failed != nil {
		return f.failed
	}
	f.mu.Lock()
	end, lines := f.end, f.lines
	f.lines = nil
	f.mu.Unlock()
	if end > f.synced {
		f.failed = a.disk.sync(f.h)
	}
	if f.failed == nil && !f.named {
		f.failed = a.disk.syncDir()
	}
	if f.failed != nil {
		return f.failed
	}
	f.synced, f.named = end, true
	f.index.add(a.disk, f.name, lines)
	return nil
}

// seal ends a file that is full, or the archive's last; a.mu is held.
func (a *Archive) seal(f *file) error {
	f.syncing.Lock()
	err := a.sync(f)
	f.syncing.Unlock()
	a.abandon(f)
	return err
}

// abandon sees to it that nothing is added to the file any more, and cuts off
// what was not acknowledged; a.mu is held. What fails here the next Open makes
// good.
func (a *Archive) abandon(f *file) {
	f.syncing.Lock()
	defer f.syncing.Unlock()
	if a.cur == f {
		a.cur = nil
	}
	if f.h == nil {
		return
	}
	f.mu.Lock()
	f.end, f.lines = f.synced, nil
	f.mu.Unlock()
	if f.failed != nil {
		if a.disk.truncate(f.h, f.synced) == nil {
			a.disk.sync(f.h)
		}
	}
	f.h.Close()
	f.h = nil
	if f.synced == 0 {
		a.forget(f)
		return
	}
	f.index.seal(a, f)
}

// forget takes a file out in which nothing was acknowledged; a.mu is held.
func (a *Archive) forget(f *file) {
	for i, x := range a.files {
		if x == f {
			a.files = append(a.files[:i:i], a.files[i+1:]...)
		}
	}
	if a.disk.remove(f.name) == nil {
		a.disk.syncDir()
	}
}

func newID() string {
	var b [16]byte
	rand.Read(b[:])
	return warc.NewID(b)
}
