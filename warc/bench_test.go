package warc

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// archive makes n request and response records of pages of the size, whose
// words repeat about as much as those of real pages.
func archive(n, size int) []string {
	rng := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 2000)
	for i := range words {
		for range 1 + rng.IntN(4) {
			words[i] += []string{"re", "port", "ing", "the", "ma", "tion", "er", "s", "gov", "ed", "peo", "ple", "al"}[rng.IntN(13)]
		}
	}
	var records []string
	for i := range n {
		var b strings.Builder
		for b.Len() < size {
			b.WriteString(`<div class="story-body__item"><p class="story-body__text">`)
			for range 20 {
				b.WriteString(words[int(float64(len(words))*rng.Float64()*rng.Float64()*rng.Float64())])
				b.WriteByte(' ')
			}
			fmt.Fprintf(&b, "</p><a href=\"/2026/%d\" class=\"story-body__link\" data-track=\"body-link\">more</a></div>\n", rng.IntN(1e6))
		}
		uri := fmt.Sprintf("https://news.example/2026/%d", i)
		records = append(records,
			record("request", uri, "application/http; msgtype=request", "GET / HTTP/1.1\r\nHost: news.example\r\n\r\n", "WARC-Record-ID: <urn:uuid:1>"),
			record("response", uri, "application/http; msgtype=response",
				"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: s\r\nCache-Control: no-cache\r\nVary: a, b\r\nEtag: x\r\n\r\n"+b.String(),
				"WARC-Record-ID: <urn:uuid:2>", "WARC-Payload-Digest: sha1:A", "WARC-Block-Digest: sha1:B", "WARC-IP-Address: 192.0.2.1"))
	}
	return records
}

// BenchmarkDecoders gives what the bare decompressors do with the same files:
// the ceiling for BenchmarkPages.
func BenchmarkDecoders(b *testing.B) {
	pages := archive(200, 60000)
	all := strings.Join(pages, "")
	b.Run("gzip", func(b *testing.B) {
		file := gz(pages...)
		b.SetBytes(int64(len(all)))
		for b.Loop() {
			z, err := gzip.NewReader(strings.NewReader(file))
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, struct{ io.Reader }{z}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("zstandard", func(b *testing.B) {
		file := zst(nil, pages...)
		b.SetBytes(int64(len(all)))
		for b.Loop() {
			z, err := zstd.NewReader(strings.NewReader(file), zstd.WithDecoderConcurrency(1))
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, struct{ io.Reader }{z}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkPages gives megabytes of decompressed file a second.
func BenchmarkPages(b *testing.B) {
	pages, small := archive(200, 60000), archive(20000, 300)
	for _, c := range []struct {
		name, file string
		records    []string
	}{
		{"plain", strings.Join(pages, ""), pages},
		{"gzip", gz(pages...), pages},
		{"gzip of all", gz(strings.Join(pages, "")), pages},
		{"zstandard", zst(nil, pages...), pages},
		{"small plain", strings.Join(small, ""), small},
		{"small gzip", gz(small...), small},
		{"small zstandard", zst(nil, small...), small},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(strings.Join(c.records, ""))))
			b.ReportAllocs()
			for b.Loop() {
				r := open(b, c.file)
				n := 0
				for {
					_, err := r.NextPage()
					if err == io.EOF {
						break
					}
					if err != nil {
						b.Fatal(err)
					}
					n++
				}
				if n != len(c.records)/2 {
					b.Fatalf("%d pages", n)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(c.records)), "ns/record")
		})
	}
}

// BenchmarkAppend gives megabytes of page a second, and how much of a page is
// left, for each level of compression and for what Append does.
func BenchmarkAppend(b *testing.B) {
	var blocks [][]byte
	for _, text := range archive(16, 100<<10) {
		if strings.Contains(text, "Type: response") {
			blocks = append(blocks, []byte(text))
		}
	}
	for _, l := range []int{1, 2, 3, 4, 5, 6, 9} {
		b.Run(fmt.Sprint("level ", l), func(b *testing.B) {
			w, err := flate.NewWriter(nil, l)
			if err != nil {
				b.Fatal(err)
			}
			var out appended
			i, in, left := 0, 0, 0
			b.SetBytes(int64(len(blocks[0])))
			for b.Loop() {
				out = out[:0]
				w.Reset(&out)
				w.Write(blocks[i%len(blocks)])
				w.Close()
				in += len(blocks[i%len(blocks)])
				left += len(out)
				i++
			}
			b.ReportMetric(100*float64(left)/float64(in), "%left")
		})
	}
	b.Run("record", func(b *testing.B) {
		d := draft()
		d.Block = blocks[0]
		var out []byte
		b.SetBytes(int64(len(d.Block)))
		b.ReportAllocs()
		for b.Loop() {
			var err error
			if out, err = d.Append(out[:0]); err != nil {
				b.Fatal(err)
			}
		}
	})
}
