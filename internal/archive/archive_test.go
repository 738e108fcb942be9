package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"dateline"
	"dateline/warc"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 250_000_000, time.UTC)

// clock is a clock that stands still.
func clock() time.Time { return noon }

func options() Options {
	return Options{Software: "dateline/test", Contact: "desk@news.example", Now: clock}
}

// tempDir is a directory for one test, in memory where there is one: a crash
// is played by what is in files, and syncing thousands of them takes minutes.
func tempDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "archive")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// open opens the archive or ends the test, and closes it at the end of that.
func open(t testing.TB, dir string, o Options) *Archive {
	t.Helper()
	a, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// exchange makes the i-th exchange of a test, with a page of the size.
func exchange(i, size int) Exchange {
	head := "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
	body := fmt.Sprintf("<p>page %d", i)
	for n := 0; len(body) < size; n++ {
		body += fmt.Sprintf(" %x", i*n*n)
	}
	return Exchange{
		URL: fmt.Sprintf("https://news.example/%d", i), Fetched: noon.Add(time.Duration(i) * time.Second), IP: "192.0.2.1", Protocol: "http/1.1",
		Request:  fmt.Appendf(nil, "GET /%d HTTP/1.1\r\nHost: news.example\r\n\r\n", i),
		Response: []byte(head + body),
	}
}

// body is the payload of an exchange that exchange made.
func body(e Exchange) []byte {
	return e.Response[bytes.Index(e.Response, []byte("\r\n\r\n"))+4:]
}

func write(t testing.TB, a *Archive, list ...Exchange) []dateline.Capture {
	t.Helper()
	captures, err := a.Write(t.Context(), list...)
	if err != nil {
		t.Fatal(err)
	}
	return captures
}

// holds says what is wrong with how the archive gives the exchange back, or "".
func holds(a *Archive, c dateline.Capture, e Exchange) string {
	p, err := a.Read(context.Background(), c.WARC, c.Offset)
	switch {
	case err != nil:
		return err.Error()
	case p.URL != e.URL || !p.Fetched.Equal(e.Fetched) || p.Digest != c.Digest || p.Status != c.Status || p.Header == nil:
		return fmt.Sprintf("%s at %v, %s, %d, want %s at %v, %s, %d", p.URL, p.Fetched, p.Digest, p.Status, e.URL, e.Fetched, c.Digest, c.Status)
	case !bytes.Equal(p.Payload, body(e)):
		return fmt.Sprintf("body of %s: %.100q, want %.100q", e.URL, p.Payload, body(e))
	}
	return ""
}

// sound fails the test for each problem that Verify finds.
func sound(t testing.TB, a *Archive) Summary {
	t.Helper()
	sum, err := a.Verify(context.Background(), func(p Problem) { t.Error(p) }, nil)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func TestWriteRead(t *testing.T) {
	dir := tempDir(t)
	a := open(t, dir, options())
	var all []Exchange
	var captures []dateline.Capture
	for i := range 10 {
		e := exchange(i, 1000)
		all = append(all, e)
		captures = append(captures, write(t, a, e)...)
	}
	batch := []Exchange{exchange(10, 10), exchange(11, 100000), exchange(12, 0)}
	all, captures = append(all, batch...), append(captures, write(t, a, batch...)...)
	if len(captures) != 13 || captures[12].Status != 200 || captures[12].Digest != warc.Digest(body(all[12])) {
		t.Errorf("captures: %v", captures)
	}
	for range 2 {
		for i, c := range captures {
			if wrong := holds(a, c, all[i]); wrong != "" {
				t.Error(wrong)
			}
		}
		sum := sound(t, a)
		if sum.Captures != 13 || sum.Records != 27 || sum.Bytes != a.Size() || len(a.Repairs()) > 0 {
			t.Errorf("summary %+v, repairs %v", sum, a.Repairs())
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		a = open(t, dir, options())
	}
	if len(a.Files()) != 1 {
		t.Errorf("files: %v", a.Files())
	}
	if free, err := a.Free(); free <= 0 || err != nil {
		t.Errorf("free: %d, %v", free, err)
	}
}

func TestTransferCoding(t *testing.T) {
	a := open(t, tempDir(t), options())
	e := exchange(1, 0)
	e.Response = []byte("HTTP/1.1 203 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: br\r\nContent-Type: a/b\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
	c := write(t, a, e)[0]
	if c.Digest != warc.Digest([]byte("abc")) || c.Status != 203 {
		t.Errorf("capture %+v", c)
	}
	p, err := a.Read(t.Context(), c.WARC, c.Offset)
	if err != nil || string(p.Payload) != "abc" || p.Header.Get("Content-Encoding") != "br" || p.Truncated {
		t.Errorf("page %+v, %v", p, err)
	}
	e.Truncated = "time"
	c = write(t, a, e)[0]
	if p, err = a.Read(t.Context(), c.WARC, c.Offset); err != nil || !p.Truncated {
		t.Errorf("truncated: %+v, %v", p, err)
	}
	sound(t, a)
}

func TestRevisit(t *testing.T) {
	a := open(t, tempDir(t), options())
	first := exchange(1, 50000)
	original := write(t, a, first)[0]
	again := first
	again.Fetched = noon.Add(time.Hour)
	again.Response = append([]byte("HTTP/1.1 200 OK\r\nEtag: 2\r\n\r\n"), body(first)...)
	again.Same = &original
	before := a.Size()
	second := write(t, a, again)[0]
	if grown := a.Size() - before; grown > 2000 {
		t.Errorf("the revisit takes %d bytes", grown)
	}
	// A revisit of a revisit refers to the original.
	again.Same = &second
	third := write(t, a, again)[0]
	for _, c := range []dateline.Capture{second, third} {
		if wrong := holds(a, c, again); wrong != "" {
			t.Error(wrong)
		}
		p, err := a.Read(t.Context(), c.WARC, c.Offset)
		if err != nil || p.Type != "revisit" || p.Header.Get("Etag") != "2" {
			t.Errorf("%+v, %v", p, err)
		}
	}
	// What is not the same, or not there, is written in full.
	for _, same := range []dateline.Capture{{}, {WARC: "../../x", Offset: 0}, {WARC: original.WARC, Offset: 1}, {WARC: original.WARC, Offset: 0}, {WARC: original.WARC, Offset: original.Offset}} {
		e := exchange(7, 100)
		e.Same = &same
		c := write(t, a, e)[0]
		if p, err := a.Read(t.Context(), c.WARC, c.Offset); err != nil || p.Type != "response" {
			t.Errorf("%v: %+v, %v", same, p, err)
		}
	}
	sound(t, a)
	if err := a.Erase(t.Context(), original.WARC, original.Offset); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Read(t.Context(), third.WARC, third.Offset); !errors.Is(err, dateline.ErrGone) {
		t.Errorf("revisit of what was erased: %v", err)
	}
	again.Same = &original
	c := write(t, a, again)[0]
	if wrong := holds(a, c, again); wrong != "" {
		t.Error(wrong)
	}
}

func TestWriteRecord(t *testing.T) {
	a := open(t, tempDir(t), options())
	page := "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<p>theirs"
	list := []Record{
		{Type: "response", URL: "http://other.example/", Fetched: noon.AddDate(-5, 0, 0), ContentType: "application/http; msgtype=response", Block: []byte(page),
			Header: warc.Header{{Name: "warc-ip-address", Value: "192.0.2.9"}, {Name: "WARC-Block-Digest", Value: "sha1:AAAA"}, {Name: "WARC-Record-ID", Value: "<x>"}}},
		{Type: "resource", URL: "urn:other:a", Fetched: noon.AddDate(-6, 0, 0), ContentType: "text/plain; charset=x", Block: []byte("theirs too")},
		{Type: "resource", URL: "urn:other:b", Fetched: noon, Block: []byte{}},
	}
	captures, err := a.WriteRecord(t.Context(), list...)
	if err != nil {
		t.Fatal(err)
	}
	last, err := a.WriteRecord(t.Context(), Record{Type: "revisit", URL: "http://other.example/", Fetched: noon, ContentType: warc.MediaResponse, Block: []byte(page[:30]), Same: &captures[0]})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range append(captures, last...) {
		p, err := a.Read(t.Context(), c.WARC, c.Offset)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s %s %s %d %s %q", p.Type, p.URL, p.Fetched.Format(time.DateOnly), p.Status, p.Header.Get("Content-Type"), p.Payload))
	}
	want := []string{
		`response http://other.example/ 2021-01-02 200 text/html "<p>theirs"`,
		`resource urn:other:a 2020-01-02 0 text/plain; charset=x "theirs too"`,
		`resource urn:other:b 2026-01-02 0  ""`,
		`revisit http://other.example/ 2026-01-02 200 text/html "<p>theirs"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	sound(t, a)
	for _, c := range []struct {
		name string
		r    Record
		want error
	}{
		{"metadata", Record{Type: "metadata", URL: "u:1", Fetched: noon}, dateline.ErrInvalid},
		{"no address", Record{Type: "resource", Fetched: noon}, dateline.ErrInvalid},
		{"no time", Record{Type: "resource", URL: "u:1"}, dateline.ErrInvalid},
		{"no HTTP", Record{Type: "response", URL: "u:1", Fetched: noon, ContentType: "application/http", Block: []byte("x")}, dateline.ErrInvalid},
		{"line end", Record{Type: "resource", URL: "u:1\r\nA: b", Fetched: noon}, dateline.ErrInvalid},
		{"line end in a field", Record{Type: "resource", URL: "u:1", Fetched: noon, Header: warc.Header{{Name: "WARC-IP-Address", Value: "1\r\n\r\n"}}}, dateline.ErrInvalid},
		{"revisit of nothing", Record{Type: "revisit", URL: "u:1", Fetched: noon}, dateline.ErrNotFound},
		{"revisit of what is not there", Record{Type: "revisit", URL: "u:1", Fetched: noon, Same: &dateline.Capture{WARC: "x"}}, dateline.ErrNotFound},
	} {
		before := a.Size()
		if _, err := a.WriteRecord(t.Context(), c.r); !errors.Is(err, c.want) || a.Size() != before {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	a := open(t, tempDir(t), options())
	c := write(t, a, exchange(1, 10))[0]
	for _, x := range []struct {
		name   string
		offset int64
		want   error
	}{
		{"../" + c.WARC, c.Offset, dateline.ErrInvalid},
		{"lock", 0, dateline.ErrInvalid},
		{"", 0, dateline.ErrInvalid},
		{"dateline-20260102120000-00009.warc.gz", 0, dateline.ErrNotFound},
		{c.WARC, -1, dateline.ErrNotFound},
		{c.WARC, 0, dateline.ErrNotFound}, // the warcinfo
		{c.WARC, c.Offset + 1, dateline.ErrNotFound},
		{c.WARC, 1 << 40, dateline.ErrNotFound},
	} {
		if p, err := a.Read(t.Context(), x.name, x.offset); !errors.Is(err, x.want) {
			t.Errorf("%q at %d: %v, %v, want %v", x.name, x.offset, p, err, x.want)
		}
	}
	e := exchange(1, 10)
	e.Response = []byte("no")
	if _, err := a.Write(t.Context(), e); !errors.Is(err, dateline.ErrInvalid) {
		t.Errorf("no HTTP: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.Write(ctx, exchange(1, 10)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	a.Close()
	if _, err := a.Write(t.Context(), exchange(1, 10)); !errors.Is(err, dateline.ErrLater) {
		t.Errorf("closed: %v", err)
	}
	if _, err := a.Read(t.Context(), c.WARC, c.Offset); !errors.Is(err, dateline.ErrLater) {
		t.Errorf("closed: %v", err)
	}
}

func TestTwoProcesses(t *testing.T) {
	dir := tempDir(t)
	open(t, dir, options())
	_, err := Open(dir, options())
	if !errors.Is(err, dateline.ErrLater) || !strings.Contains(err.Error(), "another process") {
		t.Errorf("second: %v", err)
	}
	if _, err := Lock(dir); !errors.Is(err, dateline.ErrLater) {
		t.Errorf("lock alone: %v", err)
	}
}

func TestLock(t *testing.T) {
	dir := tempDir(t)
	l, err := Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, options()); !errors.Is(err, dateline.ErrLater) {
		t.Errorf("while it is locked: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, dir, options())
}

func TestReadOnlyFolder(t *testing.T) {
	o := options()
	for _, err := range []error{fs.ErrPermission, syscall.EROFS} {
		dir := tempDir(t)
		a := open(t, dir, options())
		write(t, a, exchange(1, 10))
		files := snapshot(t, dir)
		o.Fault = func(string) error { return err }
		for name, b := range files { // there is something to put right
			files[name] = b[:len(b)-1]
		}
		if _, err := Open(lay(t, tempDir(t), files), o); err == nil || !strings.Contains(err.Error(), "must be writable") {
			t.Errorf("%v", err)
		}
	}
}

// Everything at once does no harm, and what is erased stays so.
func TestTogether(t *testing.T) {
	o := options()
	o.Rotate = 50000
	a := open(t, tempDir(t), o)
	var writers, others sync.WaitGroup
	done := make(chan struct{})
	captures := make(chan dateline.Capture, 1000)
	for g := range 4 {
		writers.Go(func() {
			for i := range 50 {
				e := exchange(100*g+i, 1000)
				c, err := a.Write(context.Background(), e)
				if err != nil {
					t.Error(err)
					return
				}
				if wrong := holds(a, c[0], e); wrong != "" {
					t.Error(wrong)
				}
				captures <- c[0]
			}
		})
	}
	others.Go(func() {
		for i := 0; ; i++ {
			select {
			case c := <-captures:
				if i%3 == 0 {
					if err := a.Erase(context.Background(), c.WARC, c.Offset); err != nil {
						t.Error(err)
					}
					if _, err := a.Read(context.Background(), c.WARC, c.Offset); !errors.Is(err, dateline.ErrGone) {
						t.Error(err)
					}
				}
			case <-done:
				return
			}
		}
	})
	others.Go(func() {
		for {
			sound(t, a)
			select {
			case <-done:
				return
			default:
			}
		}
	})
	writers.Wait()
	close(done)
	others.Wait()
	sum := sound(t, a)
	if sum.Captures+sum.Erased/2 != 200 || sum.Erased == 0 {
		t.Errorf("%+v", sum)
	}
}

// A large page takes memory for its record and for what is given out, not
// for copies in between.
func TestLargePages(t *testing.T) {
	a := open(t, tempDir(t), options())
	e := page(1, 10<<20)
	c := write(t, a, e)[0]
	var before, written, read runtime.MemStats
	const n = 5
	runtime.ReadMemStats(&before)
	for range n {
		write(t, a, e)
	}
	runtime.ReadMemStats(&written)
	for range n {
		if wrong := holds(a, c, e); wrong != "" {
			t.Error(wrong)
		}
	}
	runtime.ReadMemStats(&read)
	if took := (written.TotalAlloc - before.TotalAlloc) / n; took > 10<<20 {
		t.Errorf("writing a page of 10 MB takes %d MB", took>>20)
	}
	// The race detector makes pools forget, so there is room for one copy more.
	if took := (read.TotalAlloc - written.TotalAlloc) / n; took > 30<<20 {
		t.Errorf("reading a page of 10 MB takes %d MB", took>>20)
	}
}

func TestRotate(t *testing.T) {
	dir := tempDir(t)
	o := options()
	o.Rotate = 3000
	a := open(t, dir, o)
	var all []Exchange
	var captures []dateline.Capture
	for i := range 30 {
		all = append(all, exchange(i, 1000))
		captures = append(captures, write(t, a, all[i])...)
		if i == 15 {
			a.Close()
			a = open(t, dir, o)
		}
	}
	if n := len(a.Files()); n < 8 {
		t.Errorf("%d files", n)
	}
	for i, c := range captures {
		if wrong := holds(a, c, all[i]); wrong != "" {
			t.Error(wrong)
		}
	}
	sound(t, a)
	a.Close()
	sheets, err := filepath.Glob(filepath.Join(dir, "*.cdxj"))
	if err != nil || len(sheets) != len(a.Files()) {
		t.Fatalf("%d indexes, %v", len(sheets), err)
	}
	for _, path := range sheets {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.SplitAfter(string(b), "\n")
		for i := 1; i < len(lines)-1; i++ {
			if lines[i] < lines[i-1] {
				t.Errorf("%s is not sorted", path)
			}
		}
	}
}

// Another archive's pages are taken over byte for byte.
func TestImport(t *testing.T) {
	a := open(t, tempDir(t), options())
	e := exchange(1, 1000)
	e.Response = []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: trailer\r\n\r\n")
	c := write(t, a, e)[0]
	theirs, err := os.ReadFile(filepath.Join(a.disk.root.Name(), c.WARC))
	if err != nil {
		t.Fatal(err)
	}
	r, err := warc.NewReader(bytes.NewReader(theirs))
	if err != nil {
		t.Fatal(err)
	}
	r.Blocks = true
	page, err := r.NextPage()
	if err != nil {
		t.Fatal(err)
	}
	ours, err := a.Import(t.Context(), page, page.Date)
	if err != nil {
		t.Fatal(err)
	}
	if ours.Offset == c.Offset || ours.Digest != c.Digest || !ours.Fetched.Equal(c.Fetched) {
		t.Errorf("got %+v, want the like of %+v", ours, c)
	}
	s := a.scans.take()
	rec, err := a.record(s, ours.WARC, ours.Offset)
	if err != nil {
		t.Fatal(err)
	}
	block, err := io.ReadAll(rec.Body)
	if !bytes.Equal(block, e.Response) || err != nil || rec.Header.Get("WARC-IP-Address") != e.IP {
		t.Errorf("block %q, %v, of %v", block, err, rec.Header)
	}
	page.Block = nil
	if _, err := a.Import(t.Context(), page, page.Date); !errors.Is(err, dateline.ErrTooLarge) {
		t.Errorf("without a block: %v", err)
	}
}
