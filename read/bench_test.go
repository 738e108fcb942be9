package read

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/net/html"
)

// samples are the bundled pages, decompressed.
func samples(tb testing.TB) map[string][]byte {
	tb.Helper()
	paths, err := filepath.Glob("../testdata/pages/*.html*")
	if err != nil || len(paths) == 0 {
		tb.Fatalf("no bundled pages: %v", err)
	}
	pages := map[string][]byte{}
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			tb.Fatal(err)
		}
		if z, err := gzip.NewReader(bytes.NewReader(b)); err == nil {
			if b, err = io.ReadAll(z); err != nil {
				tb.Fatal(err)
			}
		}
		pages[filepath.Base(p)] = b
	}
	return pages
}

// BenchmarkPage reads the bundled pages in turn; BenchmarkParse only parses
// them, which is the measure of what reading costs.
func BenchmarkPage(b *testing.B) {
	bench(b, func(body []byte) error {
		_, err := Page(Source{Body: body}, nil)
		return err
	})
}

func BenchmarkParse(b *testing.B) {
	bench(b, func(body []byte) error {
		_, err := html.Parse(bytes.NewReader(body))
		return err
	})
}

func bench(b *testing.B, f func([]byte) error) {
	var all [][]byte
	size := 0
	for _, body := range samples(b) {
		all = append(all, body)
		size += len(body)
	}
	b.ReportAllocs()
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, body := range all {
			if err := f(body); err != nil {
				b.Fatal(err)
			}
		}
	}
}
