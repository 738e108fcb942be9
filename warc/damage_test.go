package warc

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"dateline"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
)

// one, two and three are small records, and what each gives.
var (
	one      = record("resource", "u:1", "text/plain", "one")
	two      = record("resource", "u:2", "text/plain", "two")
	three    = record("resource", "u:3", "text/plain", "three")
	gotOne   = `resource u:1 "one"`
	gotTwo   = `resource u:2 "two"`
	gotThree = `resource u:3 "three"`
)

// flip changes a byte; a negative place counts from the end.
func flip(s string, at int) string {
	if at < 0 {
		at += len(s)
	}
	return s[:at] + string([]byte{s[at] ^ 0x55}) + s[at+1:]
}

func TestDamage(t *testing.T) {
	const (
		torn  = "final: corrupt: the file ends in the middle of a record"
		sum   = "error: corrupt: checksum of the compressed data does not match"
		short = "error: corrupt: the block is shorter than its content-length"
	)
	long := recordOf("resource", "u:2", "", "100", "two")
	brokenLength := recordOf("resource", "u:2", "", "-1", "two")
	noise := strings.Repeat("the quick brown fox jumps over the lazy dog; ", 400)
	for i := range 400 {
		noise += fmt.Sprint(i*i*i, " ")
	}
	big := record("resource", "u:2", "", noise)
	spoof := recordOf("response", "u:2", "", "x", "\r\n\r\n"+record("resource", "u:spoof", "", "spoof"))
	for _, c := range []struct {
		name, file, want string
	}{
		{"plain, torn in the header", one + two[:40], lines(gotOne, torn)},
		{"plain, torn in the block", one + two[:len(two)-5], lines(gotOne, `resource u:2 "tw"`, torn)},
		{"plain, torn in the line ends", one + two[:len(two)-3], lines(gotOne, gotTwo)},
		{"plain, length 2^63-1", one + recordOf("resource", "u:2", "", "9223372036854775807", "two"),
			lines(gotOne, `resource u:2 "two\r\n\r\n"`, torn)},
		{"plain, length 2^63", one + recordOf("resource", "u:2", "", "9223372036854775808", "two") + three,
			lines(gotOne, `error: corrupt: content-length "9223372036854775808" is not a length`, gotThree)},
		{"plain, length negative", one + brokenLength + three,
			lines(gotOne, `error: corrupt: content-length "-1" is not a length`, gotThree)},
		{"plain, length missing", one + strings.Replace(two, "Content-Length", "X", 1) + three,
			lines(gotOne, `error: corrupt: no content-length`, gotThree)},
		{"plain, two lengths", one + record("resource", "u:2", "", "two", "Content-Length: 4") + three,
			lines(gotOne, `error: corrupt: content-length is given as "4" and as "3"`, gotThree)},
		{"plain, length too short", one + recordOf("resource", "u:2", "", "1", "two") + three,
			lines(gotOne, `resource u:2 "t"`, `error: corrupt: no record begins here`, gotThree)},
		{"plain, bad last record", one + brokenLength,
			lines(gotOne, `final: corrupt: content-length "-1" is not a length`)},
		{"plain, other version", one + strings.Replace(two, "1.1", "2.0", 1) + three,
			lines(gotOne, `error: unsupported: WARC version is not 1.x`, gotThree)},
		{"plain, garbage between", one + "garbage\n" + two, lines(gotOne, `error: corrupt: no record begins here`, gotTwo)},
		{"plain, header line too long", one + record("resource", "u:2", "", "two", "X: "+strings.Repeat("a", 1<<20)) + three,
			lines(gotOne, `error: too large: header line over 65536 bytes`, gotThree)},
		{"plain, header too long", one + record("resource", "u:2", "", "two", strings.Repeat("X-A: b\r\n", 1<<18)+"X: y") + three,
			lines(gotOne, `error: too large: header over 1048576 bytes`, gotThree)},
		{"plain, header folded without end", one + record("resource", "u:2", "", "two", "X: y"+strings.Repeat("\r\n z", 1<<18)) + three,
			lines(gotOne, `error: too large: header over 1048576 bytes`, gotThree)},

		{"gzip, torn", gz(one) + gz(two)[:60], lines(gotOne, torn)},
		{"gzip, torn in the checksum", gz(one) + gz(two)[:len(gz(two))-3], lines(gotOne, gotTwo, torn)},
		{"gzip, torn in the member's header", gz(one) + gz(two)[:5], lines(gotOne, torn)},
		{"gzip, wrong checksum", gz(one) + flip(gz(two), -8) + gz(three), lines(gotOne, gotTwo, sum, gotThree)},
		{"gzip, wrong checksum at the end", gz(one) + flip(gz(two), -8),
			lines(gotOne, gotTwo, "final"+strings.TrimPrefix(sum, "error"))},
		{"gzip, wrong magic", gz(one) + flip(gz(two), 0) + gz(three),
			lines(gotOne, "error: corrupt: no compressed record begins here", gotThree)},
		{"gzip, garbage at the end", gz(one) + "garbage which is long enough",
			lines(gotOne, "final: corrupt: no compressed record begins here")},
		{"gzip, garbage between", gz(one) + "\x1f\x8b\x08garbage\x1f\x8b\x08\x00" + gz(two),
			lines(gotOne, "error: corrupt: compressed data: unexpected EOF", gotTwo)},
		{"gzip, bad length", gz(one, brokenLength, three),
			lines(gotOne, `error: corrupt: content-length "-1" is not a length`, gotThree)},
		{"gzip, length too long", gz(one, long, three), lines(gotOne, `resource u:2 "two\r\n\r\n"`, short, gotThree)},
		{"gzip, length too short", gz(one, recordOf("resource", "u:2", "", "1", "two"), three),
			lines(gotOne, `resource u:2 "t"`, `error: corrupt: no record begins here`, gotThree)},
		{"gzip, header breaks off", gz(one, two[:30], three), lines(gotOne, short, gotThree)},
		{"gzip, first record bad", gz(brokenLength, three),
			lines(`error: corrupt: content-length "-1" is not a length`, gotThree)},
		{"gzip, record of a page in a bad record", gz(one, spoof, three),
			lines(gotOne, `error: corrupt: content-length "x" is not a length`, gotThree)},
		{"gzip of all, bad length", gz(one + brokenLength + three),
			lines(gotOne, `error: corrupt: content-length "-1" is not a length`, gotThree)},
		{"gzip, first member not decompressible", flip(gz(one), 10) + gz(two), "error"},
		{"gzip, broken within", gz(one) + flip(gz(big), 200) + gz(three), "error"},
		{"gzip, stored length broken", gz(one) + flip(stored(big), 12) + gz(three), "error"},

		{"gzip, torn in an archive within", gz(one) + stored(record("resource", "u:2", "", gz(three)+noise))[:600],
			"torn"},

		{"zstandard, torn", zst(nil, one) + zst(nil, two)[:60], lines(gotOne, torn)},
		{"zstandard, torn in the magic", zst(nil, one) + zst(nil, two)[:3], lines(gotOne, torn)},
		{"zstandard, wrong checksum", zst(nil, one) + flip(zst(nil, two), -1) + zst(nil, three), "error"},
		{"zstandard, wrong magic", zst(nil, one) + flip(zst(nil, two), 0) + zst(nil, three),
			lines(gotOne, "error: corrupt: no compressed record begins here", gotThree)},
		{"zstandard, broken within", zst(nil, one) + flip(zst(nil, big), 900) + zst(nil, three), "error"},
		{"zstandard, length too long", zst(nil, one, long, three), lines(gotOne, `resource u:2 "two\r\n\r\n"`, short, gotThree)},
		{"zstandard, window too large", zst(nil, one) + rawFrame(0x70, two) + zst(nil, three),
			lines(gotOne, "error: too large: zstandard window over 8388608 bytes", gotThree)},
		{"zstandard, window as large as may be", zst(nil, one) + rawFrame(0x68, two) + zst(nil, three),
			lines(gotOne, gotTwo, gotThree)},
		{"zstandard, dictionary missing", zst(nil, one) + zst([]zstd.EOption{zstd.WithEncoderDict([]byte(dictionary(5)))}, two) + zst(nil, three),
			lines(gotOne, "error: unsupported: zstandard dictionary is missing or unusable", gotThree)},
		{"zstandard, dictionary broken", skippable(0x5d, "no dictionary") + zst(nil, one) + zst([]zstd.EOption{zstd.WithEncoderDict([]byte(dictionary(5)))}, two),
			lines(gotOne, "final: unsupported: zstandard dictionary is missing or unusable")},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := dumpRecords(open(t, c.file))
			if c.want == "error" {
				// How far the decompressor comes is its own affair; the
				// damage must be told and the last record found.
				if !strings.Contains(got, "error: corrupt: ") || !strings.HasSuffix(got, " \"three\"\n") && !strings.HasSuffix(got, " \"two\"\n") {
					t.Errorf("got:\n%s", got)
				}
				return
			}
			if c.want == "torn" {
				if !strings.HasSuffix(got, torn+"\n") || strings.Contains(got, gotThree) {
					t.Errorf("got:\n%s", got)
				}
				return
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Every byte of a file may be wrong, or the file end before it: the records
// before are given, and those behind unless the damage hides them.
func TestEveryByte(t *testing.T) {
	for name, parts := range map[string][]string{
		"plain":     {one, two, three},
		"gzip":      {gz(one), gz(two), gz(three)},
		"zstandard": {zst(nil, one), zst(nil, two), zst(nil, three)},
	} {
		for i := range len(parts[1]) {
			got := dumpRecords(open(t, parts[0]+parts[1][:i]))
			if !strings.HasPrefix(got, gotOne+"\n") {
				t.Fatalf("%s torn at %d:\n%s", name, i, got)
			}
			if whole := !strings.Contains(got, "final: "); whole && i > 0 && !strings.Contains(got, gotTwo) {
				t.Errorf("%s torn at %d: no error:\n%s", name, i, got)
			}
			got = dumpRecords(open(t, parts[0]+flip(parts[1], i)+parts[2]))
			if !strings.HasPrefix(got, gotOne+"\n") {
				t.Fatalf("%s wrong at %d:\n%s", name, i, got)
			}
			if name == "plain" {
				continue // there is no checksum to tell
			}
			if !strings.HasSuffix(got, gotThree+"\n") {
				t.Errorf("%s wrong at %d: last record lost:\n%s", name, i, got)
			}
			if !strings.Contains(got, "error: ") && !strings.Contains(got, gotTwo) {
				t.Errorf("%s wrong at %d: not told:\n%s", name, i, got)
			}
		}
	}
}

// Damage is told once, where it is met, and by NextPage instead of the page.
func TestToldOnce(t *testing.T) {
	file := gz(one) + flip(gz(two), -8) + gz(three)
	want := lines(
		`resource u:1 0 text/plain "one"`,
		"error: corrupt: checksum of the compressed data does not match",
		`resource u:3 0 text/plain "three"`,
	)
	if diff := cmp.Diff(want, dumpPages(open(t, file))); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	r := open(t, one+two[:len(two)-5])
	r.Next()
	rec, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the block keeps its error
		_, err = io.ReadAll(rec.Body)
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, dateline.ErrCorrupt) || e.Offset != int64(len(one)) || !e.Final {
			t.Errorf("read of the torn block: %v", err)
		}
	}
	want = fmt.Sprintf("read warc record at offset %d: corrupt: the file ends in the middle of a record", len(one))
	if err.Error() != want {
		t.Errorf("error text %q, want %q", err, want)
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("after the torn record: %v, want EOF", err)
	}
}

// Errors of the underlying reader are passed on, never taken for damage or for
// the end.
func TestReadError(t *testing.T) {
	disk := errors.New("disk on fire")
	for _, file := range []string{one + two, gz(one, two), zst(nil, one, two)} {
		for n := 1; n < len(file); n++ {
			r, err := NewReader(io.MultiReader(strings.NewReader(file[:n]), iotest.ErrReader(disk)))
			for err == nil {
				_, err = r.Next()
			}
			if !errors.Is(err, disk) || errors.Is(err, dateline.ErrCorrupt) {
				t.Fatalf("after %d of %d bytes: %v", n, len(file), err)
			}
		}
	}
}
