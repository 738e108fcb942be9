package archive

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"dateline"
)

// snapshot copies the files of an archive, as a crash would leave them.
func snapshot(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "dateline-*"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(p)] = b
	}
	return files
}

// lay writes the files into a new directory.
func lay(t testing.TB, dir string, files map[string][]byte) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o640); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A file cut anywhere loses what is behind the cut and nothing else, whether
// its index is there, is missing, or is of another time.
func TestTornTail(t *testing.T) {
	dir := tempDir(t)
	a := open(t, dir, options())
	var all []Exchange
	var captures []dateline.Capture
	var ends []int64
	for i := range 5 {
		all = append(all, exchange(i, 200))
		captures = append(captures, write(t, a, all[i])...)
		ends = append(ends, a.Size())
	}
	files := snapshot(t, dir)
	name := captures[0].WARC
	whole := files[name]
	sheet := files[indexName(name)]
	lines := bytes.SplitAfter(sheet, []byte("\n"))
	for _, x := range []struct {
		name  string
		index []byte
	}{
		{"whole", sheet},
		{"missing", nil},
		{"behind", bytes.Join(lines[:2], nil)},
		{"torn", sheet[:len(sheet)-20]},
		{"damaged", bytes.Replace(sheet, []byte("{"), nil, 1)},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			base := tempDir(t)
			for cut := ends[2]; cut <= ends[4]; cut++ {
				if x.name != "whole" && cut%7 != 0 {
					continue
				}
				files := map[string][]byte{name: whole[:cut], indexName(name): x.index}
				if x.index == nil {
					delete(files, indexName(name))
				}
				dir := lay(t, filepath.Join(base, fmt.Sprint(cut)), files)
				a, err := Open(dir, options())
				if err != nil {
					t.Fatalf("cut at %d: %v", cut, err)
				}
				for i, c := range captures {
					wrong := holds(a, c, all[i])
					if cut >= ends[i] && wrong != "" {
						t.Errorf("cut at %d: %s", cut, wrong)
					}
					if wrong != "" && c.Offset < a.Size() {
						t.Errorf("cut at %d: what is left of record %d was not cut off: %s", cut, i, wrong)
					}
				}
				torn, _ := filepath.Glob(filepath.Join(dir, "*.torn"))
				if got := cut - a.Size(); (got > 0) != (len(torn) == 1) || len(torn) != len(a.Repairs()) {
					t.Errorf("cut at %d: %d bytes gone, files %v, repairs %v", cut, got, torn, a.Repairs())
				} else if got > 0 {
					if b, err := os.ReadFile(torn[0]); err != nil || !bytes.Equal(b, whole[a.Size():cut]) {
						t.Errorf("cut at %d: %d bytes kept aside, %v, want %d", cut, len(b), err, got)
					}
				}
				if cut%7 == 0 {
					more := exchange(9, 200)
					if wrong := holds(a, write(t, a, more)[0], more); wrong != "" {
						t.Errorf("cut at %d: %s", cut, wrong)
					}
					sound(t, a)
				}
				a.Close()
				os.RemoveAll(dir)
			}
		})
	}
}

// run does all that changes an archive, and goes on after errors.
func run(dir string, o Options) (acknowledged map[dateline.Capture]Exchange, erased, half []dateline.Capture, opened bool) {
	acknowledged = map[dateline.Capture]Exchange{}
	a, err := Open(dir, o)
	if err != nil {
		return acknowledged, nil, nil, false
	}
	ctx := context.Background()
	var last *dateline.Capture
	for i := range 8 {
		e := exchange(i, 300)
		if i == 5 && last != nil {
			e.Same = last
		}
		captures, err := a.Write(ctx, e, exchange(100+i, 100))
		if err != nil {
			continue
		}
		acknowledged[captures[0]], acknowledged[captures[1]] = e, exchange(100+i, 100)
		if i == 2 {
			if a.Erase(ctx, captures[1].WARC, captures[1].Offset) == nil {
				erased = append(erased, captures[1])
			} else {
				half = append(half, captures[1])
			}
			delete(acknowledged, captures[1])
		}
		last = &captures[0]
	}
	a.Close()
	return acknowledged, erased, half, true
}

// Whatever operation fails, once or for good: what was acknowledged is there
// when the archive is opened again, all that is there is sound, and writing
// goes on.
func TestFaults(t *testing.T) {
	for _, mode := range []string{"once", "five times", "for good"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			base := tempDir(t)
			for n := 1; ; n++ {
				var count atomic.Int64
				o := options()
				o.Rotate = 4000
				var failed string
				o.Fault = func(op string) error {
					i := int(count.Add(1))
					if i == n || i > n && (mode == "for good" || mode == "five times" && i < n+5) {
						if i == n {
							failed = op
						}
						return syscall.ENOSPC
					}
					return nil
				}
				dir := filepath.Join(base, fmt.Sprint(n))
				acknowledged, erased, half, opened := run(dir, o)
				if int(count.Load()) < n {
					if n < 40 {
						t.Errorf("only %d operations", n)
					}
					return
				}
				if mode == "once" && opened && len(acknowledged) < 12 {
					t.Errorf("%s failed at operation %d: only %d acknowledged", failed, n, len(acknowledged))
				}
				o.Fault = nil
				a, err := Open(dir, o)
				if err != nil {
					t.Fatalf("%s failed at operation %d: %v", failed, n, err)
				}
				for c, e := range acknowledged {
					if wrong := holds(a, c, e); wrong != "" {
						t.Errorf("%s failed at operation %d: %s", failed, n, wrong)
					}
				}
				for _, c := range half {
					if err := a.Erase(t.Context(), c.WARC, c.Offset); err != nil {
						t.Errorf("%s failed at operation %d: erase again: %v", failed, n, err)
					}
				}
				for _, c := range append(erased, half...) {
					if _, err := a.Read(t.Context(), c.WARC, c.Offset); !errors.Is(err, dateline.ErrGone) {
						t.Errorf("%s failed at operation %d: erased, and then %v", failed, n, err)
					}
				}
				e := exchange(50, 100)
				if wrong := holds(a, write(t, a, e)[0], e); wrong != "" {
					t.Errorf("%s failed at operation %d: then %s", failed, n, wrong)
				}
				sum := sound(t, a)
				if sum.Captures < len(acknowledged)+1 {
					t.Errorf("%s failed at operation %d: %d captures", failed, n, sum.Captures)
				}
				if t.Failed() {
					return
				}
				a.Close()
				os.RemoveAll(dir)
			}
		})
	}
}

// Faults while many write: nothing is acknowledged that is not there.
func TestFaultsTogether(t *testing.T) {
	base := tempDir(t)
	for _, op := range []string{"write", "sync"} {
		for n := int64(4); n < 15; n++ {
			var count atomic.Int64
			o := options()
			o.Rotate = 20000
			o.Fault = func(what string) error {
				if what == op && count.Add(1)%n == 0 {
					return syscall.EIO
				}
				return nil
			}
			dir := filepath.Join(base, fmt.Sprint(op, n))
			a, err := Open(dir, o)
			if err != nil {
				t.Fatal(err)
			}
			var mu sync.Mutex
			acknowledged := map[dateline.Capture]Exchange{}
			var wg sync.WaitGroup
			for g := range 8 {
				wg.Go(func() {
					for i := range 10 {
						e := exchange(100*g+i, 200)
						if c, err := a.Write(context.Background(), e); err == nil {
							mu.Lock()
							acknowledged[c[0]] = e
							mu.Unlock()
						}
					}
				})
			}
			wg.Wait()
			for range 2 {
				for c, e := range acknowledged {
					if wrong := holds(a, c, e); wrong != "" {
						t.Errorf("%s %d: %s", op, n, wrong)
					}
				}
				a.Close()
				o.Fault = nil
				if a, err = Open(dir, o); err != nil {
					t.Fatal(err)
				}
			}
			if len(acknowledged) == 0 {
				t.Errorf("%s %d: nothing acknowledged", op, n)
			}
			sound(t, a)
			a.Close()
		}
	}
}

// A full disk is an error, reading goes on, and writing works again when there
// is room, with no files left over.
func TestFullDisk(t *testing.T) {
	dir := tempDir(t)
	full := false
	o := options()
	o.Fault = func(op string) error {
		if full && (op == "write" || op == "create") {
			return syscall.ENOSPC
		}
		return nil
	}
	a := open(t, dir, o)
	e := exchange(1, 1000)
	c := write(t, a, e)[0]
	full = true
	for range 20 {
		if _, err := a.Write(t.Context(), exchange(2, 1000)); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("disk full: %v", err)
		}
	}
	if wrong := holds(a, c, e); wrong != "" {
		t.Error(wrong)
	}
	full = false
	c2 := write(t, a, e)[0]
	for _, c := range []dateline.Capture{c, c2} {
		if wrong := holds(a, c, e); wrong != "" {
			t.Error(wrong)
		}
	}
	sound(t, a)
	if n := len(a.Files()); n != 2 || len(snapshot(t, dir)) != 4 {
		t.Errorf("%d files: %v", n, a.Files())
	}
}

// acknowledgement is what the killed process tells before it is killed.
type acknowledgement struct {
	I       int
	Capture dateline.Capture
}

// TestMain lets this program be the process that is killed.
func TestMain(m *testing.M) {
	dir := os.Getenv("ARCHIVE_TO_KILL")
	if dir == "" {
		os.Exit(m.Run())
	}
	o := options()
	o.Rotate = 100000
	a, err := Open(dir, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var mu sync.Mutex
	enc := json.NewEncoder(os.Stdout)
	for g := range 4 {
		go func() {
			for i := g; ; i += 4 {
				c, err := a.Write(context.Background(), exchange(i, 2000))
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				mu.Lock()
				enc.Encode(acknowledgement{i, c[0]})
				mu.Unlock()
			}
		}()
	}
	select {}
}

// A process that is killed loses nothing it has acknowledged.
func TestKill(t *testing.T) {
	dir := tempDir(t)
	acknowledged := map[dateline.Capture]Exchange{}
	for round := range 15 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "ARCHIVE_TO_KILL="+dir)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		sc := bufio.NewScanner(out)
		for n := 0; sc.Scan(); n++ {
			var x acknowledgement
			if json.Unmarshal(sc.Bytes(), &x) == nil {
				acknowledged[x.Capture] = exchange(x.I, 2000)
			}
			if n == 20+7*round {
				cmd.Process.Kill()
			}
		}
		cmd.Wait()
		if stderr.Len() > 0 {
			t.Fatal(stderr.String())
		}
	}
	a := open(t, dir, options())
	for c, e := range acknowledged {
		if wrong := holds(a, c, e); wrong != "" {
			t.Error(wrong)
		}
	}
	if sum := sound(t, a); sum.Captures < len(acknowledged) || len(acknowledged) < 300 {
		t.Errorf("%d acknowledged, %+v", len(acknowledged), sum)
	}
}
