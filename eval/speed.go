package main

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"golang.org/x/net/html"

	"dateline/internal/cputime"
	"dateline/read"
)

// speed reads pages that are in memory on one thread, in turn with bare
// html.Parse on the same bytes, and prints pages per second and allocations.
// The pages are given in UTF-8 or not as they are; bare parsing decodes nothing.
func speed(w io.Writer, pages []*Gold, rounds int) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	defer debug.SetGCPercent(debug.SetGCPercent(200))
	bare := func(g *Gold) { html.Parse(bytes.NewReader(g.page)) }
	full := func(g *Gold) { read.Page(read.Source{Name: g.ID, URL: g.URL, Body: g.page, Fetched: g.Crawled}, nil) }
	size := 0
	for _, g := range pages {
		size += len(g.page)
		full(g)
	}
	type cost struct {
		time          time.Duration
		allocs, bytes uint64
	}
	run := func(f func(*Gold)) cost {
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := cputime.Used()
		for _, g := range pages {
			f(g)
		}
		c := cost{time: cputime.Used() - start}
		runtime.ReadMemStats(&after)
		c.allocs, c.bytes = after.Mallocs-before.Mallocs, after.TotalAlloc-before.TotalAlloc
		return c
	}
	var b, f cost
	var ratios []float64
	for range rounds {
		x, y := run(bare), run(full)
		ratios = append(ratios, y.time.Seconds()/x.time.Seconds())
		if b.time == 0 || x.time < b.time {
			b = x
		}
		if f.time == 0 || y.time < f.time {
			f = y
		}
	}
	slices.Sort(ratios)
	n := float64(len(pages))
	fmt.Fprintf(w, "\nspeed on one thread, %d pages of %d KB, best of %d rounds in turn, median of their multiples\n", len(pages), size/len(pages)>>10, rounds)
	fmt.Fprintf(w, "%-16s %12s %14s %12s\n", "", "pages/CPU s", "allocations", "KB/page")
	fmt.Fprintf(w, "%-16s %12.0f %14.0f %12.0f\n", "bare html.Parse", n/b.time.Seconds(), float64(b.allocs)/n, float64(b.bytes)/n/1024)
	fmt.Fprintf(w, "%-16s %12.0f %14.0f %12.0f\n", "read.Page", n/f.time.Seconds(), float64(f.allocs)/n, float64(f.bytes)/n/1024)
	fmt.Fprintf(w, "%-16s %12.2f %14.2f %12.2f   (asked 1.8, 1.4, 1.8; aim 1.5 in time)\n", "multiple", ratios[len(ratios)/2], float64(f.allocs)/float64(b.allocs), float64(f.bytes)/float64(b.bytes))
}
