package warc

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"strings"
	"testing"

	"dateline"
)

// FuzzReader holds that whatever the bytes: reading ends, without a panic;
// every error is an *Error with a cause of this package; nothing follows a
// final one; places only grow along the file and lie within it; a body is no
// longer than its limit and its record; and the same bytes read again, in
// other portions, give the same.
func FuzzReader(f *testing.F) {
	for _, form := range forms([]string{one, response("u:2", "two"), three, sample[7]}) {
		f.Add([]byte(form.file))
	}
	f.Add([]byte(gz(one) + flip(gz(two), -8) + gz(three)))
	f.Add([]byte(one + recordOf("resource", "u:2", "", "-1", "two") + three))
	f.Add([]byte(zst(nil, one) + flip(zst(nil, two), 20) + zst(nil, three)))
	f.Add([]byte(record("response", "u", "application/http", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")))
	f.Fuzz(func(t *testing.T, data []byte) {
		records := walk(t, data, strings.NewReader(string(data)), 100)
		if again := walk(t, data, halves{strings.NewReader(string(data))}, 1<<17); again != records {
			t.Errorf("records differ:\n%s\n%s", records, again)
		}
		r, err := NewReader(strings.NewReader(string(data)))
		if err != nil {
			return
		}
		r.PageLimit = 1000
		for final := false; ; {
			p, err := r.NextPage()
			if err == io.EOF {
				break
			}
			if final {
				t.Fatalf("%v, %v after a final error", p, err)
			}
			if err != nil {
				final = checkError(t, err)
			} else if len(p.Body) > 1000 {
				t.Errorf("body of %d bytes, limit 1000", len(p.Body))
			}
		}
	})
}

// walk reads all records in portions of the size and sums up what they hold.
func walk(t *testing.T, data []byte, src io.Reader, portion int) string {
	r, err := NewReader(src)
	if err != nil {
		if !known(err) {
			t.Errorf("NewReader: %v", err)
		}
		return "none"
	}
	var out strings.Builder
	buf := make([]byte, portion)
	lastOffset, lastSkip := int64(-1), int64(0)
	for final := false; ; {
		rec, err := r.Next()
		if err == io.EOF {
			return out.String()
		}
		if final {
			t.Fatalf("%v, %v after a final error", rec, err)
		}
		if err != nil {
			final = checkError(t, err)
			fmt.Fprintln(&out, err)
			continue
		}
		if rec.Offset < lastOffset || rec.Offset == lastOffset && rec.Skip <= lastSkip || rec.Offset >= int64(len(data)) {
			t.Fatalf("record at %d+%d, the one before at %d+%d", rec.Offset, rec.Skip, lastOffset, lastSkip)
		}
		lastOffset, lastSkip = rec.Offset, rec.Skip
		h := fnv.New64()
		n, err := io.CopyBuffer(h, struct{ io.Reader }{rec.Body}, buf)
		if n > rec.Length || err == nil && n != rec.Length {
			t.Errorf("block of %d bytes, content-length %d", n, rec.Length)
		}
		fmt.Fprintln(&out, rec.Offset, rec.Skip, rec.Type, rec.TargetURI, rec.Header, n, h.Sum64(), err)
		if err != nil {
			final = checkError(t, err)
		}
	}
}

// checkError reports whether the error is final.
func checkError(t *testing.T, err error) bool {
	var e *Error
	if !errors.As(err, &e) || !known(err) {
		t.Fatalf("unexpected error %v", err)
	}
	return e.Final
}

func known(err error) bool {
	for _, target := range []error{dateline.ErrCorrupt, dateline.ErrTooLarge, dateline.ErrUnsupported, dateline.ErrInvalid} {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}

// halves reads half of what is asked for.
type halves struct{ r io.Reader }

func (h halves) Read(p []byte) (int, error) { return h.r.Read(p[:(len(p)+1)/2]) }

// FuzzAppend: whatever is not refused is read back as it was meant, one record
// and no more.
func FuzzAppend(f *testing.F) {
	f.Add("response", "https://news.example/a", "application/http", "WARC-IP-Address", "192.0.2.1", []byte("HTTP/1.1 200 OK\r\n\r\n"))
	f.Add("a", "b\r\nc: d", "", "e", "f\n\ng", []byte("\r\n\r\nWARC/1.1\r\n"))
	f.Fuzz(func(t *testing.T, kind, uri, media, name, value string, block []byte) {
		d := Draft{Type: kind, ID: NewID([16]byte{1}), Date: noon, TargetURI: uri, ContentType: media, Fields: Header{{name, value}}, Block: block}
		file, err := d.Append(nil)
		if err != nil {
			if !known(err) || len(file) > 0 {
				t.Errorf("%d bytes, %v", len(file), err)
			}
			return
		}
		if !CheckMember(file) {
			t.Error("not a whole member")
		}
		r, err := NewReader(strings.NewReader(string(file)))
		if err != nil {
			t.Fatal(err)
		}
		rec, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(rec.Body)
		if err != nil || string(got) != string(block) {
			t.Errorf("block %q, %v, want %q", got, err, block)
		}
		if v := rec.Header.Get(name); v != strings.TrimSpace(value) {
			t.Errorf("%s: %q, want %q", name, v, value)
		}
		if _, err := r.Next(); err != io.EOF {
			t.Errorf("behind it: %v", err)
		}
	})
}
