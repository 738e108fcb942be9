package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"

	"dateline"
	"dateline/warc"
)

// Reader reads an archive, also while another process adds to it. It changes
// nothing: what a crash has left is not put right, and there is no lock. Its
// methods may be called by many goroutines.
type Reader struct {
	root  *os.Root
	scans scanPool
}

// OpenRead opens the archive in the directory to be read. Close it when done.
func OpenRead(dir string) (*Reader, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	return &Reader{root: root}, nil
}

// Close gives the directory back.
func (r *Reader) Close() error { return r.root.Close() }

// Read is as [Archive.Read]. What another process has not acknowledged may be
// found damaged.
func (r *Reader) Read(ctx context.Context, name string, offset int64) (*Answer, error) {
	return read(ctx, r, &r.scans, name, offset)
}

func (r *Reader) record(s *scan, name string, offset int64) (*warc.Record, error) {
	if number(name) == 0 {
		return nil, fmt.Errorf("file name %.100q: %w", name, dateline.ErrInvalid)
	}
	if offset < 0 {
		return nil, fmt.Errorf("no record begins there: %w", dateline.ErrNotFound)
	}
	return recordAt(r.root, s, name, offset)
}

// recordAt reads the record at the offset of the file, found whole. It is good
// until s is used again.
func recordAt(root *os.Root, s *scan, name string, offset int64) (*warc.Record, error) {
	h, err := root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("file %s: %w", name, dateline.ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	defer h.Close()
	rec, err := s.readAt(h, offset)
	if err == nil && warc.IsErased(rec) {
		err = fmt.Errorf("it was erased: %w", dateline.ErrGone)
	}
	return rec, err
}

// Exporter copies captures of an archive into one WARC file that stands alone.
type Exporter struct {
	r     *Reader
	w     io.Writer
	infos map[string]bool // files of the archive whose warcinfo was written
	buf   []byte
}

// Export begins a file with its warcinfo record, which names the software.
func (r *Reader) Export(w io.Writer, software string, now time.Time) (*Exporter, error) {
	d := warc.Draft{
		Type: "warcinfo", ID: newID(), Date: now, ContentType: warc.MediaFields,
		Block: []byte("software: " + software + "\r\nformat: WARC File Format 1.1\r\ndescription: captures of an archive\r\n"),
	}
	e := &Exporter{r: r, w: w, infos: map[string]bool{}}
	return e, e.write(&d)
}

func (e *Exporter) write(d *warc.Draft) (err error) {
	if e.buf, err = d.Append(e.buf[:0]); err == nil {
		_, err = e.w.Write(e.buf)
	}
	return err
}

// Add copies the capture whose record begins at the offset in the file: the
// record and the request behind it, byte for byte. A revisit is written as a
// response with its own head and the payload of its original, since that may
// not be in the file. The first of a file's records brings its warcinfo.
//
// Errors are those of [Archive.Read]; the file then has nothing of the capture.
func (e *Exporter) Add(ctx context.Context, name string, offset int64) error {
	if err := running(ctx, "export"); err != nil {
		return err
	}
	if err := e.add(ctx, name, offset); err != nil {
		return fmt.Errorf("export %.100s at offset %d: %w", name, offset, err)
	}
	return nil
}

func (e *Exporter) add(ctx context.Context, name string, offset int64) error {
	s := e.r.scans.take()
	defer e.r.scans.give(s)
	rec, err := e.r.record(s, name, offset)
	if err != nil {
		return err
	}
	switch rec.Type {
	case "response", "resource":
	case "revisit":
		return e.revisit(ctx, rec, name, offset)
	default:
		return fmt.Errorf("a %.20s record is no capture: %w", rec.Type, dateline.ErrNotFound)
	}
	id, paired := strings.Clone(rec.ID), rec.Header.Get("WARC-Concurrent-To") != ""
	out := append(e.buf[:0], s.raw...)
	if paired {
		// Damage there is no reason to leave the answer out.
		req, err := e.r.record(s, name, offset+int64(len(out)))
		if err == nil && req.Type == "request" && req.Header.Get("WARC-Concurrent-To") == id {
			out = append(out, s.raw...)
		}
	}
	if e.buf = out; cap(out) > maxKept {
		e.buf = nil
	}
	if !e.infos[name] {
		e.infos[name] = true
		if info, err := e.r.record(s, name, 0); err == nil && info.Type == "warcinfo" {
			if _, err := e.w.Write(s.raw); err != nil {
				return err
			}
		}
	}
	_, err = e.w.Write(out)
	return err
}

// revisit writes a revisit as a response that stands alone.
func (e *Exporter) revisit(ctx context.Context, rec *warc.Record, name string, offset int64) error {
	d := warc.Draft{Type: "response", ID: newID(), Date: rec.Date, TargetURI: strings.Clone(rec.TargetURI), ContentType: warc.MediaResponse}
	for _, name := range append([]string{"WARC-Payload-Digest"}, kept...) {
		if v := rec.Header.Get(name); v != "" {
			d.Fields = append(d.Fields, warc.Field{Name: name, Value: strings.Clone(v)})
		}
	}
	a, err := e.r.Read(ctx, name, offset)
	if err != nil {
		return err
	}
	if a.Status == http.StatusNotModified || a.Status == 0 {
		a.Status = http.StatusOK // the answer it confirms
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", a.Status, http.StatusText(a.Status))
	a.Header.Del("Transfer-Encoding")
	a.Header.Set("Content-Length", fmt.Sprint(len(a.Payload)))
	if err := a.Header.Write(&b); err != nil {
		return err
	}
	b.WriteString("\r\n")
	b.Write(a.Payload)
	d.Block = b.Bytes()
	return e.write(&d)
}
