package warc

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"dateline"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
)

// sample is records of every kind, and what reading them gives.
var sample = []string{
	record("warcinfo", "", "application/warc-fields", "software: none\r\n"),
	record("request", "http://e.org/a", "application/http; msgtype=request", "GET /a HTTP/1.1\r\n\r\n"),
	response("http://e.org/a", "<p>"+strings.Repeat("one ", 50000)),
	record("response", "dns:e.org", "text/dns", "e.org. 1 IN A 192.0.2.1"),
	record("resource", "http://e.org/b.txt", "text/plain", "two"),
	record("conversion", "http://e.org/c", "text/plain", "three"),
	record("metadata", "http://e.org/a", "application/warc-fields", "via: x"),
	record("revisit", "http://e.org/a", "application/http; msgtype=response", "HTTP/1.1 200 OK\r\n\r\n"),
	response("http://e.org/d", ""),
}

var sampleRecords = lines(
	`warcinfo  "software: none\r\n"`,
	`request http://e.org/a "GET /a HTTP/1.1\r\n\r\n"`,
	`response http://e.org/a "HTTP/1.1 200 OK\r\nCon ... (200047)"`,
	`response dns:e.org "e.org. 1 IN A 192.0.2.1"`,
	`resource http://e.org/b.txt "two"`,
	`conversion http://e.org/c "three"`,
	`metadata http://e.org/a "via: x"`,
	`revisit http://e.org/a "HTTP/1.1 200 OK\r\n\r\n"`,
	`response http://e.org/d "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"`,
)

var samplePages = lines(
	`response http://e.org/a 200 text/html "<p>one one one one o ... (200003)"`,
	`response dns:e.org 0 text/dns "e.org. 1 IN A 192.0.2.1"`,
	`resource http://e.org/b.txt 0 text/plain "two"`,
	`conversion http://e.org/c 0 text/plain "three"`,
	`response http://e.org/d 200 text/html ""`,
)

// forms are the ways to keep records in a file. Alone says that each record is
// a member, so that Skip is always 0.
func forms(records []string) []struct {
	name  string
	file  string
	alone bool
} {
	all := strings.Join(records, "")
	dict := dictionary(77)
	trained := []zstd.EOption{zstd.WithEncoderDict([]byte(dict))}
	var halves []string
	for _, s := range records {
		halves = append(halves, s[:len(s)/2], s[len(s)/2:])
	}
	var blocks []string
	for rest := all; rest != ""; {
		n := min(len(rest), 1000)
		blocks = append(blocks, rest[:n])
		rest = rest[n:]
	}
	return []struct {
		name  string
		file  string
		alone bool
	}{
		{"plain", all, true},
		{"plain, bare line feeds", strings.ReplaceAll(all, "5Z\r\n", "5Z\n"), true},
		{"gzip per record", gz(records...), true},
		{"gzip of all", gz(all), false},
		{"gzip in blocks", gz(blocks...), false},
		{"gzip with empty members", gz("") + strings.Join([]string{gz(records[:4]...), gz(records[4:]...)}, gz("", "", "")) + gz(""), true},
		{"zstandard per record", zst(nil, records...), true},
		{"zstandard of all", zst(nil, all), false},
		{"zstandard, two frames a record", zst(nil, halves...), true},
		{"zstandard, extension frames", zst(nil, records[:4]...) + skippable(0x50, "extension") + skippable(0x5f, "") + zst(nil, records[4:]...), true},
		{"zstandard, dictionary", skippable(0x5d, dict) + zst(trained, records...), true},
		{"zstandard, compressed dictionary", skippable(0x5d, zst(nil, dict)) + zst(trained, records...), true},
	}
}

func TestForms(t *testing.T) {
	for _, form := range forms(sample) {
		t.Run(form.name, func(t *testing.T) {
			if diff := cmp.Diff(sampleRecords, dumpRecords(open(t, form.file))); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(samplePages, dumpPages(open(t, form.file))); diff != "" {
				t.Errorf("pages (-want +got):\n%s", diff)
			}
			r, err := NewReader(iotest.OneByteReader(strings.NewReader(form.file)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(sampleRecords, dumpRecords(r)); diff != "" {
				t.Errorf("read byte by byte (-want +got):\n%s", diff)
			}
		})
	}
}

// Each record must be found again at its offset alone.
func TestOffsets(t *testing.T) {
	for _, form := range forms(sample) {
		if strings.Contains(form.name, "dictionary") {
			continue // the dictionary stands at the beginning of the file
		}
		t.Run(form.name, func(t *testing.T) {
			r := open(t, form.file)
			var last int64 = -1
			for i := range sample {
				rec, err := r.Next()
				if err != nil {
					t.Fatal(err)
				}
				if form.alone && (rec.Skip != 0 || rec.Offset <= last) {
					t.Errorf("record %d is at %d+%d, the one before at %d", i, rec.Offset, rec.Skip, last)
				}
				last = rec.Offset
				if rec.Skip > 0 {
					continue
				}
				again, err := open(t, form.file[rec.Offset:]).Next()
				if err != nil {
					t.Fatalf("record %d at %d: %v", i, rec.Offset, err)
				}
				if again.Type != rec.Type || again.TargetURI != rec.TargetURI {
					t.Errorf("record %d at %d is %s %s, want %s %s", i, rec.Offset, again.Type, again.TargetURI, rec.Type, rec.TargetURI)
				}
			}
			if _, err := r.Next(); err != io.EOF {
				t.Errorf("at the end: %v, want EOF", err)
			}
		})
	}
}

func TestHeader(t *testing.T) {
	text := "WARC/1.0\r\n" +
		"warc-type:  Response \r\n" +
		"WARC-Target-URI: <http://e.org/x>\r\n" +
		"no colon here\r\n" +
		"WARC-Record-ID: <urn:uuid:1>\n" +
		"X-Folded: a\r\n\t b\r\n  c\r\n" +
		"WARC-Date: 2026-01-02\r\n" +
		"CONTENT-LENGTH: 2\r\nContent-Length: 2\r\n\r\nhi"
	rec, err := open(t, text).Next()
	if err != nil {
		t.Fatal(err)
	}
	got := []any{rec.Version, rec.Type, rec.TargetURI, rec.ID, rec.Length, rec.Date, strings.Fields(rec.Header.Get("x-folded")), len(rec.Header)}
	want := []any{"1.0", "response", "http://e.org/x", "<urn:uuid:1>", int64(2), time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), []string{"a", "b", "c"}, 7}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
}

func TestDate(t *testing.T) {
	for in, want := range map[string]string{
		"2026-01-02T03:04:05Z":           "2026-01-02T03:04:05Z",
		"2026-01-02T03:04:05.123456789Z": "2026-01-02T03:04:05.123456789Z",
		"2026-01-02T03:04:05+02:00":      "2026-01-02T01:04:05Z",
		"2026-01-02T03:04Z":              "2026-01-02T03:04:00Z",
		"2026-01":                        "2026-01-01T00:00:00Z",
		"2026":                           "2026-01-01T00:00:00Z",
		"20260102030405":                 "2026-01-02T03:04:05Z",
		"9999-12-31T00:00:00Z":           "9999-12-31T00:00:00Z",
		"yesterday":                      "0001-01-01T00:00:00Z",
		"":                               "0001-01-01T00:00:00Z",
	} {
		if got := date(in).Format(time.RFC3339Nano); got != want {
			t.Errorf("date(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestNotWARC(t *testing.T) {
	for _, text := range []string{
		"<!DOCTYPE html><p>WARC/1.1", "x", "\n\n", gz("<html>"), gz(strings.Repeat("\x00", 1<<20)),
		zst(nil, "<html>"), gz("<html>" + strings.Repeat("x", 100000))[:60], "\x5d\x2a", skippable(0x50, "x"),
	} {
		if _, err := NewReader(strings.NewReader(text)); !errors.Is(err, dateline.ErrInvalid) {
			t.Errorf("NewReader of %q: error %v, want one that is ErrInvalid", brief(text), err)
		}
	}
	for _, text := range []string{"", gz(""), gz("", "")} {
		if _, err := open(t, text).Next(); err != io.EOF {
			t.Errorf("empty file %q: %v, want EOF", text, err)
		}
	}
}

// A block is gone once the next record was asked for; it must not give the
// next record's bytes.
func TestBlockGone(t *testing.T) {
	r := open(t, strings.Join(sample, ""))
	rec, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	if n, err := rec.Body.Read(make([]byte, 10)); n != 0 || err == nil || err == io.EOF {
		t.Errorf("read of a block that is gone: %d, %v", n, err)
	}
}
