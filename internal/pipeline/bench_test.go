package pipeline_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline/internal/demo"
	"dateline/internal/pipeline"
	"dateline/internal/work"
)

// archiveOf is a WARC of n pages: the bundled ones again and again, each with
// a text and an address of its own.
func archiveOf(tb testing.TB, n int) []byte {
	tb.Helper()
	names, err := filepath.Glob("../../testdata/pages/*.html")
	if err != nil || len(names) == 0 {
		tb.Fatalf("no pages: %v", err)
	}
	var pages []string
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		pages = append(pages, string(b))
	}
	var out bytes.Buffer
	for i := range n {
		// Every paragraph ends in a word of its own, as no two pages are alike.
		body := strings.ReplaceAll(pages[i%len(pages)], "</p>", fmt.Sprintf(" Q%dx.</p>", i))
		block := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		z := gzip.NewWriter(&out)
		fmt.Fprintf(z, "WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2026-01-02T03:04:05Z\r\nWARC-Record-ID: <urn:uuid:%032x>\r\n"+
			"WARC-Target-URI: https://outlet%d.example/2026/%d\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n",
			i, i%50, i, len(block), block)
		z.Close()
	}
	return out.Bytes()
}

// BenchmarkImport takes in pages of a WARC, reads, annotates and keeps them:
// one op is a page.
func BenchmarkImport(b *testing.B) {
	file := archiveOf(b, b.N)
	if path := os.Getenv("DATELINE_WARC"); path != "" {
		var err error
		if file, err = os.ReadFile(path); err != nil {
			b.Fatal(err)
		}
	}
	p := keep(b, b.TempDir(), nil, time.Second)
	b.ReportAllocs()
	b.ResetTimer()
	sum := importAll(b, p, bytes.NewReader(file))
	b.ReportMetric(float64(sum.Pages)/b.Elapsed().Seconds(), "pages/s")
}

func importAll(tb testing.TB, p *pipeline.Pipeline, r io.Reader) pipeline.Imported {
	tb.Helper()
	sum, err := p.ImportAndRead(tb.Context(), r, func(string) string { return "" }, func(err error) { tb.Error(err) }, func(int64) {})
	if err != nil {
		tb.Fatal(err)
	}
	if err := p.Drain(tb.Context(), work.Read, work.Annotate); err != nil {
		tb.Fatal(err)
	}
	return sum
}

// BenchmarkLive follows 500 outlets at a low pace until all their pages are
// fetched, archived, read and annotated: one op is a page, so use
// -benchtime 20000x.
func BenchmarkLive(b *testing.B) {
	const outlets = 500
	farm, err := demo.Start(demo.Options{Seed: 7, Outlets: outlets, Pages: max(b.N/outlets, 1)})
	if err != nil {
		b.Fatal(err)
	}
	defer farm.Close()
	p := keep(b, b.TempDir(), farm, 50*time.Millisecond)
	p.Options.Revisits = []time.Duration{}
	if err := addFeeds(b.Context(), p, farm); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	if err := p.Drain(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	totals, err := p.Store.Totals(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	if want := len(farm.Expect().Stored); totals.Articles != want {
		b.Errorf("%d articles, want %d", totals.Articles, want)
	}
	b.ReportMetric(float64(totals.Articles)/b.Elapsed().Seconds(), "pages/s")
}
