package warc

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
)

// The hostile files that all parts of the program are tried with, where their
// generator and what it needs are at hand. The cases of this package's own
// tests are of the same classes.
func TestSharedBombs(t *testing.T) {
	if testing.Short() {
		t.Skip("the generator takes half a minute; run without -short")
	}
	generator, err := filepath.Abs("../../shared/trust/gen_bombs.py")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(generator); err != nil {
		t.Skipf("no generator of hostile files: %v", err)
	}
	for _, tool := range []string{"python3", "node", "zstd"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the generator of hostile files needs %s: %v", tool, err)
		}
	}
	dir := t.TempDir()
	if out, err := exec.Command("python3", generator, dir).CombinedOutput(); err != nil {
		t.Fatalf("generate hostile files: %v\n%s", err, out)
	}
	const (
		hi   = ` 200 text/html "<p>hi</p>"`
		torn = "final: corrupt: the file ends in the middle of a record"
	)
	want := map[string]string{
		"warc_len_9e18":          lines(torn),
		"warc_len_negative":      lines(`final: corrupt: content-length "-1" is not a length`),
		"warc_len_short":         lines("error: corrupt: no HTTP status line", "final: corrupt: no record begins here"),
		"warc_uri_traversal":     lines("response http://e.org/../../../../etc/passwd" + hi),
		"warc_uri_file":          lines("response file:///etc/passwd" + hi),
		"warc_uri_js":            lines("response javascript:alert(1)" + hi),
		"warc_header_1m":         lines("final: too large: header over 1048576 bytes"),
		"warc_line_8m":           lines("final: too large: header line over 65536 bytes"),
		"warc_http_100k_headers": lines("error: too large: HTTP header over 65536 bytes"),
		"warc_future_date":       lines("response http://e.org/" + hi),
		"warc_dup_ids":           lines("response http://e.org/1"+hi, "response http://e.org/2"+hi),
		"warc_revisit_loop":      "",
		"warc_bomb_1g":           "open warc: invalid: not a WARC file",
	}
	files, err := filepath.Glob(filepath.Join(dir, "warc_*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no hostile files: %v", err)
	}
	for _, path := range files {
		name, _, _ := strings.Cut(filepath.Base(path), ".")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var got string
			took := allocated(func() {
				r, err := NewReader(bytes.NewReader(data))
				if err != nil {
					got = err.Error()
					return
				}
				got = dumpPages(r)
			})
			if diff := cmp.Diff(want[name], got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if took > 64<<20 {
				t.Errorf("%d MB allocated", took>>20)
			}
		})
	}
}

// Memory stays small however much a few bytes decompress to.
func TestBombs(t *testing.T) {
	zeros := strings.Repeat("\x00", 64<<20)
	bomb := recordOf("resource", "u:2", "", "67108864", zeros)
	for _, c := range []struct{ name, file, want string }{
		{"block, gzip", gz(bomb, three), gotThree},
		{"block, zstandard", zst(nil, bomb, three), gotThree},
		{"newlines, gzip", gz(one + strings.Repeat("\n", 64<<20) + three), gotThree},
		{"behind a record, gzip", gz(one+zeros, three), gotThree},
		{"header, gzip", gz(one, strings.TrimSuffix(one, "\r\n\r\none\r\n\r\n")+"\r\nX: "+zeros, three), gotThree},
		{"50,000 empty members", gz(one) + strings.Repeat(gz(""), 50000) + gz(three), gotThree},
		{"50,000 empty frames", zst(nil, one) + strings.Repeat(zst([]zstd.EOption{zstd.WithZeroFrames(true)}, ""), 50000) + zst(nil, three), gotThree},
		{"magic without members", gz(one) + strings.Repeat(gzipMagic+"\x00", 1<<18) + gz(three), gotThree},
		{"members within members", gz(one) + strings.Repeat(stored(one + strings.Repeat("x", 60000))[:300], 1000) + strings.Repeat("x", 1<<16) + gz(three), gotThree},
	} {
		t.Run(c.name, func(t *testing.T) {
			took := allocated(func() {
				r := open(t, c.file)
				last := ""
				for {
					rec, err := r.Next()
					if err == io.EOF {
						break
					}
					if err == nil {
						var b strings.Builder
						io.CopyN(&b, rec.Body, 5)
						last = rec.Type + " " + rec.TargetURI + ` "` + b.String() + `"`
					}
				}
				if last != c.want {
					t.Errorf("last record %s, want %s", last, c.want)
				}
			})
			if took > 32<<20 {
				t.Errorf("%d MB allocated", took>>20)
			}
		})
	}
}

// allocated is the bytes of memory taken by f, those given back included.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
