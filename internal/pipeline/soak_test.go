package pipeline_test

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dateline/internal/archive"
	"dateline/internal/demo"
	"dateline/internal/pipeline"
	"dateline/internal/store/sqlite"
)

// soaking is for how many pages the long forms of tests are asked for, as make
// soak does; 0 for the short ones.
func soaking() (pages int) {
	fmt.Sscan(os.Getenv("DATELINE_SOAK"), &pages)
	return pages
}

// TestFlat follows outlets with very many pages and looks at what the program
// takes: after the first fifth it takes no more.
func TestFlat(t *testing.T) {
	if soaking() == 0 {
		t.Skip("make soak runs this")
	}
	outlets := soaking() / 100
	farm, err := demo.Start(demo.Options{Seed: 12, Outlets: outlets, Pages: 100})
	if err != nil {
		t.Fatal(err)
	}
	defer farm.Close()
	dir := t.TempDir()
	t.Run("begin", func(t *testing.T) { followFeeds(t, keep(t, dir, farm, time.Millisecond), farm) })
	lines, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer lines.Close()
	cmd := child(t, "TestFlatChild", childOrder{Dir: dir, Farm: farm.Outlets()})
	cmd.ExtraFiles = []*os.File{write}
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	start := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	var all []sample
	for s := bufio.NewScanner(lines); s.Scan(); {
		var x sample
		if _, err := fmt.Sscan(s.Text(), &x.pages, &x.heap, &x.resident, &x.goroutines, &x.files); err != nil {
			t.Fatalf("%q: %v", s.Text(), err)
		}
		t.Logf("%6d pages, %.0f a second: heap %d MB, resident %d MB, %d goroutines, %d files", x.pages, float64(x.pages)/time.Since(start).Seconds(), x.heap>>20, x.resident>>20, x.goroutines, x.files)
		all = append(all, x)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, &out)
	}
	if len(all) != 10 {
		t.Fatalf("%d samples", len(all))
	}
	fifth := all[1]
	for _, x := range all[2:] {
		if x.heap > fifth.heap*5/4+8<<20 || x.resident > fifth.resident*5/4+16<<20 || x.goroutines > fifth.goroutines+100 || x.files > fifth.files+20 {
			t.Errorf("%+v after %+v", x, fifth)
		}
	}
	if last := all[9]; last.resident > 400<<20 {
		t.Errorf("%d MB are resident", last.resident>>20)
	}
	p := keep(t, dir, farm, time.Millisecond)
	check(t, p, farm)
	settled(t, p, farm)
}

// sample is what a program takes after so many pages.
type sample struct {
	pages, heap, resident, goroutines, files int64
}

// TestFlatChild follows outlets and writes ten samples to file 3.
func TestFlatChild(t *testing.T) {
	order := ordered(t)
	asTheCommand()
	pipe := os.NewFile(3, "samples")
	p := keepWith(t, order.Dir, order.Farm, time.Millisecond, archive.Options{}, sqlite.Options{})
	p.Options.Revisits = []time.Duration{}
	tenth := int64(len(order.Farm)) * 10
	var pages atomic.Int64
	p.Tell = func(pipeline.News) {
		n := pages.Add(1)
		if n%tenth != 0 {
			return
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		files, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Error(err)
		}
		fmt.Fprintln(pipe, n, m.HeapAlloc, status(t, "VmRSS"), runtime.NumGoroutine(), len(files))
	}
	if err := p.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}
