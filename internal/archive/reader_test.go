package archive

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"dateline"
	"dateline/warc"

	"github.com/google/go-cmp/cmp"
)

// TestOpenRead reads beside the owner, who goes on writing.
func TestOpenRead(t *testing.T) {
	dir := tempDir(t)
	a := open(t, dir, options())
	c := write(t, a, exchange(1, 1000))[0]
	before := snapshot(t, dir)
	r, err := OpenRead(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	later := write(t, a, exchange(2, 1000))[0]
	for i, c := range []dateline.Capture{c, later} {
		p, err := r.Read(t.Context(), c.WARC, c.Offset)
		if err != nil {
			t.Fatal(err)
		}
		if want := body(exchange(i+1, 1000)); !bytes.Equal(p.Payload, want) || p.Digest != c.Digest {
			t.Errorf("capture %d: %.50q", i, p.Payload)
		}
	}
	for _, x := range []struct {
		name   string
		offset int64
		want   error
	}{
		{c.WARC, c.Offset + 1, dateline.ErrNotFound},
		{c.WARC, 1 << 40, dateline.ErrNotFound},
		{c.WARC, -1, dateline.ErrNotFound},
		{c.WARC, 0, dateline.ErrNotFound}, // the warcinfo is no capture
		{fileName(noon, 99), 0, dateline.ErrNotFound},
		{"../" + c.WARC, 0, dateline.ErrInvalid},
		{"lock", 0, dateline.ErrInvalid},
	} {
		if _, err := r.Read(t.Context(), x.name, x.offset); !errors.Is(err, x.want) {
			t.Errorf("%s at %d: %v", x.name, x.offset, err)
		}
	}
	if err := a.Erase(t.Context(), later.WARC, later.Offset); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(t.Context(), later.WARC, later.Offset); !errors.Is(err, dateline.ErrGone) {
		t.Errorf("what was erased: %v", err)
	}
	if len(snapshot(t, dir)) != len(before) {
		t.Error("reading made files")
	}
	if _, err := OpenRead(filepath.Join(dir, "nothing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}

// TestVerifyBeside verifies while the owner writes: what is there is whole, and
// what is changed is found.
func TestVerifyBeside(t *testing.T) {
	dir := tempDir(t)
	o := options()
	o.Rotate = 100_000
	a := open(t, dir, o)
	first := write(t, a, exchange(1, 1000))[0]
	again := exchange(1, 1000)
	again.URL, again.Same = again.URL+"/copy", &first
	second := write(t, a, again)[0]
	r, err := OpenRead(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for i := 2; ; i++ {
			select {
			case <-stop:
				return
			default:
				if _, err := a.Write(context.Background(), exchange(i, 5000)); err != nil {
					t.Error(err)
					return
				}
			}
		}
	}()
	var sum Summary
	for sum.Captures < 50 {
		if sum, err = r.Verify(t.Context(), func(p Problem) { t.Error(p) }, nil); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	<-done
	if sum.Problems > 0 || !sum.IsWhole(first.WARC, first.Offset) || !sum.IsWhole(second.WARC, second.Offset) || sum.IsWhole(first.WARC, 0) {
		t.Errorf("%d captures, %d problems, %v", sum.Captures, sum.Problems, sum.Whole[first.WARC])
	}

	// A revisit is not whole without its original.
	h, err := os.OpenFile(filepath.Join(dir, first.WARC), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	b := make([]byte, 1)
	h.ReadAt(b, first.Offset+200)
	h.WriteAt([]byte{b[0] ^ 1}, first.Offset+200)
	var got []Problem
	sum, err = r.Verify(t.Context(), func(p Problem) { got = append(got, p) }, nil)
	if err != nil || len(got) != 1 || got[0].Offset != first.Offset || sum.IsWhole(first.WARC, first.Offset) || sum.IsWhole(second.WARC, second.Offset) {
		t.Errorf("%v, %v, whole: %v", got, err, sum.Whole[first.WARC])
	}
	if same, err := a.Verify(t.Context(), func(Problem) {}, nil); err != nil || same.Problems != 1 || !cmp.Equal(same.Whole, sum.Whole) {
		t.Errorf("the owner finds %d problems, %v", same.Problems, err)
	}
}

// TestExport holds what is exported against the standard, and finds the
// captures in it.
func TestExport(t *testing.T) {
	dir := tempDir(t)
	a := open(t, dir, options())
	e := exchange(1, 5000)
	first := write(t, a, e)[0]
	e.URL, e.Fetched, e.Same = e.URL+"/copy", e.Fetched.Add(time.Hour), &first
	again := write(t, a, e)[0]
	bare := exchange(3, 10)
	bare.Request = nil
	other := write(t, a, bare)[0]
	files, err := a.WriteRecord(t.Context(),
		Record{Type: "resource", URL: "https://other.example/a", Fetched: noon, ContentType: "text/html", Block: []byte("<p>text")},
		Record{Type: "revisit", URL: "https://other.example/b", Fetched: noon, ContentType: warc.MediaResponse, Block: []byte("HTTP/1.1 304 Not Modified\r\n\r\n"), Same: &first})
	if err != nil {
		t.Fatal(err)
	}
	gone := write(t, a, exchange(9, 100))[0]
	if err := a.Erase(t.Context(), gone.WARC, gone.Offset); err != nil {
		t.Fatal(err)
	}
	r, err := OpenRead(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var out bytes.Buffer
	x, err := r.Export(&out, "dateline/test", noon)
	if err != nil {
		t.Fatal(err)
	}
	want := []dateline.Capture{again, other, files[0], files[1], first}
	for _, c := range want {
		if err := x.Add(t.Context(), c.WARC, c.Offset); err != nil {
			t.Fatal(err)
		}
	}
	size := out.Len()
	if err := x.Add(t.Context(), gone.WARC, gone.Offset); !errors.Is(err, dateline.ErrGone) || out.Len() != size {
		t.Errorf("what was erased: %v, %d bytes", err, out.Len()-size)
	}
	records, err := strictly(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for _, r := range records {
		types = append(types, r["warc-type"][0])
	}
	if diff := cmp.Diff([]string{"warcinfo", "response", "warcinfo", "response", "resource", "response", "response", "request"}, types); diff != "" {
		t.Error(diff)
	}
	w, err := warc.NewReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ {
		p, err := w.NextPage()
		if err == io.EOF {
			if i != len(want) {
				t.Errorf("%d pages", i)
			}
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if c := want[i]; p.URL != c.URL || !p.Date.Equal(c.Fetched) || warc.Digest(p.Body) != c.Digest || p.Status != 200 && p.Type != "resource" {
			t.Errorf("page %d: %s at %v, %d, %.50q, want %v", i, p.URL, p.Date, p.Status, p.Body, c)
		}
	}
}
