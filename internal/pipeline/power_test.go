//go:build linux

package pipeline_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"dateline/internal/archive"
	"dateline/internal/demo"
	"dateline/internal/store/sqlite"
)

// TestPowerCut cuts the power of a program that follows outlets: its record is
// on a disk that is a file, the program is stopped at some moment, and what is
// in the file then, without what the system has only in memory, is the disk
// that the next start finds. All that had been acknowledged is there, and the
// record is sound.
func TestPowerCut(t *testing.T) {
	cuts := 4
	if testing.Short() {
		cuts = 2
	}
	base := t.TempDir()
	image := filepath.Join(base, "disk")
	run(t, "truncate", "-s", "192M", image)
	run(t, "mkfs.ext4", "-q", "-F", image)
	dir := mountImage(t, image, filepath.Join(base, "mounted"))

	farm, err := demo.Start(demo.Options{Seed: 9, Outlets: 30, Pages: 40})
	if err != nil {
		t.Fatal(err)
	}
	defer farm.Close()
	p, closing, err := open(t, dir, farm.Outlets(), time.Millisecond, archive.Options{}, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(addFeeds(t.Context(), p, farm), closing()); err != nil {
		t.Fatal(err)
	}
	lines, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer lines.Close()
	cmd := child(t, "TestKillChild", childOrder{Dir: dir, Farm: farm.Outlets()})
	cmd.ExtraFiles = []*os.File{write}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	defer func() {
		cmd.Process.Kill()
		cmd.Wait()
	}()
	acknowledged := map[string]bool{}
	s := bufio.NewScanner(lines)
	ended := false
	note := func() {
		if what, rest, _ := strings.Cut(s.Text(), " "); what == "kept" {
			acknowledged[rest] = true
		} else if what == "done" {
			ended = true
		}
	}
	for cut := range cuts {
		for before := len(acknowledged); len(acknowledged) < before+150 && s.Scan(); {
			note()
		}
		if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		after := filepath.Join(base, fmt.Sprintf("disk%d", cut))
		cutImage(t, image, after)
		// What the program said until it stopped is in the pipe, and counts.
		if err := lines.SetReadDeadline(time.Now()); err != nil {
			t.Fatal(err)
		}
		for s.Scan() {
			note()
		}
		checkCut(t, after, filepath.Join(base, fmt.Sprintf("found%d", cut)), acknowledged)
		if err := lines.SetReadDeadline(time.Time{}); err != nil {
			t.Fatal(err)
		}
		s = bufio.NewScanner(lines) // the one before has met its deadline
		if err := cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		if ended {
			t.Fatalf("the program had done all after %d cuts: too little to do", cut+1)
		}
	}
	t.Logf("%d cuts, %d captures acknowledged at the last", cuts, len(acknowledged))
}

// checkCut opens what a cut has left as a start after it would.
func checkCut(t *testing.T, image, at string, acknowledged map[string]bool) {
	t.Helper()
	dir := mountImage(t, image, at)
	p, closing, err := open(t, dir, nil, time.Millisecond, archive.Options{}, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	known := captures(t, p)
	lost := 0
	for place := range acknowledged {
		if !known[place] {
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d acknowledged captures are lost", lost, len(acknowledged))
	}
	sound(t, p)
	if err := closing(); err != nil {
		t.Error(err)
	}
	run(t, "umount", dir)
	os.Remove(image)
}

// cutImage copies the disk as it is: twice, until nothing was written to it
// meanwhile.
func cutImage(t *testing.T, image, to string) {
	t.Helper()
	for range 20 {
		run(t, "cp", "--sparse=always", image, to)
		if err := exec.Command("cmp", "-s", image, to).Run(); err == nil {
			return
		}
	}
	t.Fatal("the disk does not come to rest though nobody writes to it")
}

// mountImage mounts a disk in a file. That needs root, and a system that has
// loop devices.
func mountImage(t *testing.T, image, at string) string {
	t.Helper()
	if err := os.MkdirAll(at, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-o", "loop", image, at).CombinedOutput(); err != nil {
		t.Skipf("a power cut needs a disk of its own, which root can mount: %v: %s", err, out)
	}
	t.Cleanup(func() { exec.Command("umount", "-l", at).Run() })
	return at
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("a power cut needs %s: %v", name, err)
	}
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
}
