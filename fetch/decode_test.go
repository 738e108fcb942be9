package fetch

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"dateline"
)

func packed(w func(io.Writer) io.WriteCloser, s string) []byte {
	var b bytes.Buffer
	z := w(&b)
	io.WriteString(z, s)
	z.Close()
	return b.Bytes()
}

func gzipped(s string) []byte {
	return packed(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }, s)
}

func coded(s ...string) http.Header { return http.Header{"Content-Encoding": s} }

func TestDecode(t *testing.T) {
	text := strings.Repeat("A story of some length. ", 400)
	gz := gzipped(text)
	zl := packed(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }, text)
	raw := packed(func(w io.Writer) io.WriteCloser { z, _ := flate.NewWriter(w, 6); return z }, text)
	br := packed(func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) }, text)
	zs := packed(func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z }, text)
	wide := packed(func(w io.Writer) io.WriteCloser {
		z, _ := zstd.NewWriter(w, zstd.WithWindowSize(16<<20))
		return z
	}, strings.Repeat(text, 2000))
	join := func(b ...[]byte) []byte { return bytes.Join(b, nil) }
	for _, c := range []struct {
		name   string
		body   []byte
		header http.Header
		want   string
		cut    bool
		err    error
	}{
		{"plain", []byte(text), nil, text, false, nil},
		{"identity", []byte(text), coded("identity"), text, false, nil},
		{"plain over the limit", []byte(text + text), nil, (text + text)[:10000], true, nil},
		{"gzip", gz, coded("gzip"), text, false, nil},
		{"case and space", gz, coded(" X-GZip "), text, false, nil},
		{"gzip over the limit", gzipped(text + text), coded("gzip"), (text + text)[:10000], true, nil},
		{"gzip of two members", join(gzipped("a"), gzipped("b")), coded("gzip"), "ab", false, nil},
		{"gzip with more behind", join(gzipped("a"), []byte("more")), coded("gzip"), "a", false, nil},
		{"gzip cut", gzipped(strings.Repeat(text, 1))[:len(gz)-6], coded("gzip"), text, true, nil},
		{"gzip with a bad sum", join(gz[:len(gz)-8], make([]byte, 8)), coded("gzip"), text, true, nil},
		{"gzip header only", gz[:3], coded("gzip"), "", false, dateline.ErrCorrupt},
		{"no gzip at all", []byte("<p>"), coded("gzip"), "<p>", false, nil},
		{"nothing", nil, coded("gzip"), "", false, nil},
		{"deflate", zl, coded("deflate"), text, false, nil},
		{"deflate raw", raw, coded("deflate"), text, false, nil},
		{"br", br, coded("br"), text, false, nil},
		{"br damaged", []byte("<p>text"), coded("br"), "", false, dateline.ErrCorrupt},
		{"zstd", zs, coded("zstd"), text, false, nil},
		{"zstd window", wide, coded("zstd"), "", false, dateline.ErrCorrupt},
		{"two", gzipped(string(gz)), coded("gzip, gzip"), "", false, dateline.ErrUnsupported},
		{"two lines", gzipped(string(gz)), coded("gzip", "gzip"), "", false, dateline.ErrUnsupported},
		{"unknown", gz, coded("compress"), "", false, dateline.ErrUnsupported},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, cut, err := Decode(c.body, c.header, 10000)
			if d := cmp.Diff(c.want, string(got)); d != "" || cut != c.cut || !errors.Is(err, c.err) {
				t.Errorf("cut %v, %v (-want +got):\n%s", cut, err, d)
			}
			// As it comes it is the same, a byte at a time too.
			var poured []byte
			r, err := Decoder(iotest.OneByteReader(bytes.NewReader(c.body)), c.header)
			if err == nil {
				if poured, err = io.ReadAll(io.LimitReader(r, 10000)); c.cut || len(c.want) == 0 && c.err != nil {
					err = c.err
				}
				r.Close()
			}
			if d := cmp.Diff(c.want, string(poured)); d != "" || !errors.Is(err, c.err) {
				t.Errorf("as it comes: %v (-want +got):\n%s", err, d)
			}
		})
	}
}

// bomb is one of the hostile files that ../../shared/trust/gen_bombs.py makes,
// in the folder that DATELINE_BOMBS names.
func bomb(t *testing.T, name string) []byte {
	t.Helper()
	dir := os.Getenv("DATELINE_BOMBS")
	if dir == "" {
		t.Skip("no hostile files: DATELINE_BOMBS names no folder of them")
	}
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The hostile files that all parts of the program are tried with: memory stays
// near the limit whatever they say they hold.
func TestDecodeHostile(t *testing.T) {
	manifest := bomb(t, "manifest.jsonl")
	n := 0
	for d := json.NewDecoder(bytes.NewReader(manifest)); d.More(); {
		var m struct {
			File   string
			Coding string `json:"content_encoding"`
		}
		if err := d.Decode(&m); err != nil {
			t.Fatal(err)
		}
		if m.Coding == "" {
			continue
		}
		b := bomb(t, m.File)
		const limit = 10 << 20
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		plain, _, err := Decode(b, coded(m.Coding), limit)
		runtime.ReadMemStats(&after)
		if len(plain) > limit || err != nil && !errors.Is(err, dateline.ErrCorrupt) && !errors.Is(err, dateline.ErrUnsupported) {
			t.Errorf("%s: %d bytes, %v", m.File, len(plain), err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 100<<20 {
			t.Errorf("%s: %d MB allocated", m.File, used>>20)
		}
		n++
	}
	if n == 0 {
		t.Error("no hostile file with a content coding")
	}
}

// FuzzDecode: no panic, no more than the limit, an error only of the two
// kinds, and what was packed comes back.
func FuzzDecode(f *testing.F) {
	for i, s := range []string{"gzip", "br", "zstd", "deflate", ""} {
		f.Add(gzipped("text")[i:], s)
	}
	f.Fuzz(func(t *testing.T, body []byte, coding string) {
		got, _, err := Decode(body, coded(coding), 1000)
		if len(got) > 1000 || err != nil && !errors.Is(err, dateline.ErrCorrupt) && !errors.Is(err, dateline.ErrUnsupported) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		if r, err := Decoder(bytes.NewReader(body), coded(coding)); err == nil {
			poured, _ := io.ReadAll(io.LimitReader(r, 1000))
			r.Close()
			if !bytes.Equal(poured, got) {
				t.Errorf("as it comes %d bytes, at once %d", len(poured), len(got))
			}
		}
		want := body[:min(len(body), 1000)]
		if got, _, err := Decode(gzipped(string(body)), coded("gzip"), 1000); err != nil || !bytes.Equal(got, want) && len(want) > 0 {
			t.Errorf("packed and unpacked: %v", err)
		}
	})
}
