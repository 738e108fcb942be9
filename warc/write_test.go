package warc

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"dateline"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 250_000_000, time.UTC)

func draft() *Draft {
	return &Draft{
		Type: "response", ID: NewID([16]byte{1, 2, 3}), Date: noon, TargetURI: "https://news.example/a?b=c d", ContentType: MediaResponse,
		Fields: Header{{"WARC-IP-Address", "192.0.2.1"}, {"WARC-Concurrent-To", NewID([16]byte{4})}},
		Block:  []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>one"),
	}
}

func TestAppend(t *testing.T) {
	b, err := draft().Append([]byte("before"))
	if err != nil {
		t.Fatal(err)
	}
	b, ok := bytes.CutPrefix(b, []byte("before"))
	if !ok || !CheckMember(b) {
		t.Error("not a whole member behind what was there")
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(`WARC/1.1
WARC-Type: response
WARC-Record-ID: <urn:uuid:01020300-0000-4000-8000-000000000000>
WARC-Date: 2026-01-02T12:00:00.25Z
WARC-Target-URI: https://news.example/a?b=c d
WARC-IP-Address: 192.0.2.1
WARC-Concurrent-To: <urn:uuid:04000000-0000-4000-8000-000000000000>
WARC-Block-Digest: sha256:a42bd0f5
Content-Type: application/http; msgtype=response
Content-Length: 50

HTTP/1.1 200 OK
Content-Type: text/html

<p>one

`, "\n", "\r\n")
	sum := sha256.Sum256(draft().Block)
	want = strings.Replace(want, "a42bd0f5", hex.EncodeToString(sum[:]), 1)
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAppendRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		with func(*Draft)
		want error
	}{
		{"line end in the address", func(d *Draft) { d.TargetURI += "\r\nWARC-Type: metadata" }, dateline.ErrInvalid},
		{"line feed", func(d *Draft) { d.TargetURI += "\n" }, dateline.ErrInvalid},
		{"nul", func(d *Draft) { d.TargetURI += "\x00" }, dateline.ErrInvalid},
		{"type", func(d *Draft) { d.Type = "a\rb" }, dateline.ErrInvalid},
		{"no type", func(d *Draft) { d.Type = "" }, dateline.ErrInvalid},
		{"media type", func(d *Draft) { d.ContentType = "a/b\n" }, dateline.ErrInvalid},
		{"id", func(d *Draft) { d.ID = "<urn:x\r\n>" }, dateline.ErrInvalid},
		{"bare id", func(d *Draft) { d.ID = "urn:x" }, dateline.ErrInvalid},
		{"value", func(d *Draft) { d.Fields = Header{{"X", "a\r\n\r\nb"}} }, dateline.ErrInvalid},
		{"name", func(d *Draft) { d.Fields = Header{{"X: y\r\nZ", "a"}} }, dateline.ErrInvalid},
		{"length twice", func(d *Draft) { d.Fields = Header{{"content-length", "1"}} }, dateline.ErrInvalid},
		{"empty name", func(d *Draft) { d.Fields = Header{{"", "a"}} }, dateline.ErrInvalid},
		{"date", func(d *Draft) { d.Date = time.Time{} }, dateline.ErrInvalid},
		{"late date", func(d *Draft) { d.Date = d.Date.AddDate(9000, 0, 0) }, dateline.ErrInvalid},
		{"long address", func(d *Draft) { d.TargetURI += strings.Repeat("x", maxHeaderLine) }, dateline.ErrTooLarge},
		{"long header", func(d *Draft) {
			d.Fields = nil
			for i := range 20 {
				d.Fields = append(d.Fields, Field{fmt.Sprint("X-", i), strings.Repeat("x", maxHeaderLine-10)})
			}
		}, dateline.ErrTooLarge},
	} {
		d := draft()
		c.with(d)
		if b, err := d.Append([]byte("before")); !errors.Is(err, c.want) || string(b) != "before" {
			t.Errorf("%s: %q, %v, want %v", c.name, b, err, c.want)
		}
	}
}

// An erased record takes exactly the place of the one before, whatever its
// size, and every reader goes on behind it.
func TestAppendErased(t *testing.T) {
	sizes := []int64{minMember, 999, 1000, 65535, 66000, 200000, 1 << 20}
	for i := range int64(600) {
		sizes = append(sizes, minMember+i, 2*maxStored+i-100, 10000+i-300)
	}
	id := NewID([16]byte{9})
	for _, size := range sizes {
		b, err := AppendErased([]byte("before"), size, id, noon)
		if err != nil {
			t.Fatal(err)
		}
		b = b[len("before"):]
		if int64(len(b)) != size || !CheckMember(b) {
			t.Fatalf("%d bytes for %d, whole %v", len(b), size, CheckMember(b))
		}
		next, err := draft().Append(b)
		if err != nil {
			t.Fatal(err)
		}
		r := open(t, string(next))
		rec, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(rec.Body)
		if rec.Type != "metadata" || strings.ReplaceAll(string(text), " ", "") != "erased:yes\r\n" || err != nil {
			t.Fatalf("size %d: %s %q, %v", size, rec.Type, brief(string(text)), err)
		}
		if rec, err = r.Next(); err != nil || rec.Offset != size {
			t.Fatalf("size %d: behind it %v, %v", size, rec, err)
		}
	}
	if _, err := AppendErased(nil, minMember-1, id, noon); !errors.Is(err, dateline.ErrInvalid) {
		t.Errorf("too small: %v", err)
	}
}

// The smallest record that can be written is large enough to be erased.
func TestSmallestMember(t *testing.T) {
	d := &Draft{Type: "x", ID: "<a>", Date: noon, Fields: Header{{"WARC-Block-Digest", "a"}}}
	b, err := d.Append(nil)
	if err != nil || len(b) != minMember || !CheckMember(b) {
		t.Errorf("%d bytes, whole %v, %v", len(b), CheckMember(b), err)
	}
}

// Any bit that changes in a member is noticed.
func TestCheckMember(t *testing.T) {
	whole, err := draft().Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	erased, err := AppendErased(nil, 1001, NewID([16]byte{}), noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range [][]byte{whole, erased} {
		for bit := range 8 * len(m) {
			m[bit/8] ^= 1 << (bit % 8)
			if CheckMember(m) {
				t.Errorf("bit %d of byte %d of %d changed unnoticed", bit%8, bit/8, len(m))
			}
			m[bit/8] ^= 1 << (bit % 8)
		}
		for n := range m {
			if CheckMember(m[:n]) {
				t.Errorf("the first %d bytes of %d are no whole member", n, len(m))
			}
		}
	}
}

func TestReset(t *testing.T) {
	r := open(t, gz(one))
	r.PageLimit = 2
	for _, file := range []string{gz(one, two), one + two, zst(nil, one, two), gz(two), "", gz(one)} {
		if err := r.Reset(strings.NewReader(file)); err != nil {
			t.Fatal(err)
		}
		want := open(t, file)
		want.PageLimit = 2
		if diff := cmp.Diff(dumpPages(want), dumpPages(r)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if err := r.Reset(strings.NewReader("no")); !errors.Is(err, dateline.ErrInvalid) {
		t.Errorf("no WARC file: %v", err)
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("after a failed Reset: %v", err)
	}
}
