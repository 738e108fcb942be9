package archive

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"

	"dateline"
)

// page makes a page of the size, whose words repeat as those of pages do.
func page(seed uint64, size int) Exchange {
	rng := rand.New(rand.NewPCG(seed, 2))
	var b strings.Builder
	b.WriteString("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: s\r\n\r\n")
	for b.Len() < size {
		b.WriteString(`<div class="story-body__item"><p class="story-body__text">`)
		for range 20 {
			b.WriteString([]string{"re", "port", "ing ", "the ", "ma", "tion ", "er ", "s ", "gov", "ed ", "peo", "ple ", "al "}[rng.IntN(13)])
			b.WriteString([]string{"a", "e", "i", "o", "u"}[rng.IntN(5)])
		}
		fmt.Fprintf(&b, "</p><a href=\"/2026/%d\" data-track=\"body-link\">more</a></div>\n", rng.IntN(1e6))
	}
	e := exchange(int(seed), 0)
	e.Response = []byte(b.String())
	return e
}

// BenchmarkWrite gives megabytes of pages of 100 KB a second, each on the disk
// before the next, from one and from sixteen goroutines.
func BenchmarkWrite(b *testing.B) {
	for _, n := range []int{1, 16} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			a := open(b, b.TempDir(), options())
			var pages []Exchange
			for i := range 16 {
				pages = append(pages, page(uint64(i), 100<<10))
			}
			var next, syncs atomic.Int64
			a.disk.fault = func(op string) error {
				if op == "sync" {
					syncs.Add(1)
				}
				return nil
			}
			b.SetBytes(100 << 10)
			b.ReportAllocs()
			b.SetParallelism((n + 1) / 2) // of two processors
			run := func() {
				i := next.Add(1)
				if _, err := a.Write(b.Context(), pages[i%16]); err != nil {
					b.Error(err)
				}
			}
			if n == 1 {
				for b.Loop() {
					run()
				}
			} else {
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						run()
					}
				})
			}
			b.ReportMetric(float64(syncs.Load())/float64(b.N), "syncs/op")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
		})
	}
}

// BenchmarkRead gives megabytes of pages of 100 KB a second, at random.
func BenchmarkRead(b *testing.B) {
	a := open(b, b.TempDir(), options())
	var captures []dateline.Capture
	for i := range 200 {
		captures = append(captures, write(b, a, page(uint64(i), 100<<10))...)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	b.SetBytes(100 << 10)
	b.ReportAllocs()
	for b.Loop() {
		c := captures[rng.IntN(len(captures))]
		if _, err := a.Read(b.Context(), c.WARC, c.Offset); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify gives megabytes of WARC file a second, and BenchmarkOpen the
// time to open it with and without its index.
func BenchmarkVerify(b *testing.B) {
	a := open(b, b.TempDir(), options())
	for i := range 200 {
		write(b, a, page(uint64(i), 100<<10))
	}
	b.SetBytes(a.Size())
	b.ReportAllocs()
	for b.Loop() {
		sound(b, a)
	}
	b.ReportMetric(float64(200*b.N)/b.Elapsed().Seconds(), "pages/s")
}

// BenchmarkOpen gives the time to open an archive of 10,000 captures.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	a := open(b, dir, options())
	for range 100 {
		var list []Exchange
		for i := range 100 {
			list = append(list, exchange(i, 300))
		}
		write(b, a, list...)
	}
	a.Close()
	for b.Loop() {
		a, err := Open(dir, options())
		if err != nil {
			b.Fatal(err)
		}
		a.Close()
	}
}
