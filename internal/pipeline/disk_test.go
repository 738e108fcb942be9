package pipeline_test

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"dateline/internal/archive"
	"dateline/internal/demo"
	"dateline/internal/store"
	"dateline/internal/store/sqlite"
)

// smallDisk mounts a disk of so many MB in memory.
func smallDisk(t *testing.T, megabytes int) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dm", megabytes), "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("a small disk can be mounted by root alone: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
	return dir
}

// fill writes a file until so many bytes of the disk are left.
func fill(t *testing.T, name string, left int64) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	size := int64(0)
	for buf := make([]byte, 4096); ; {
		n, err := f.Write(buf)
		size += int64(n)
		if errors.Is(err, syscall.ENOSPC) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Truncate(max(size-left, 0)); err != nil {
		t.Fatal(err)
	}
}

// TestLowWater has the disk nearly full: nothing is fetched until there is room
// again, and then it goes on by itself.
func TestLowWater(t *testing.T) {
	b, farm := newBubble(t, demo.Options{Seed: 10, Outlets: 3, Pages: 5})
	disk := smallDisk(t, 48)
	synctest.Test(t, func(t *testing.T) {
		p := keep(t, filepath.Join(disk, "record"), farm, time.Second)
		p.Now = b.look
		p.Options.LowWater = 16 << 20
		p.Options.Revisits = []time.Duration{}
		var log strings.Builder
		p.Log = slog.New(slog.NewTextHandler(&log, nil))
		followFeeds(t, p, farm)
		filler := filepath.Join(disk, "filler")
		fill(t, filler, 8<<20)
		room := p.Now().Add(time.Minute)
		time.AfterFunc(time.Minute, func() { os.Remove(filler) })
		runFor(t, p, 10*time.Minute)
		for _, said := range []string{"the disk is nearly full", "there is room on the disk again"} {
			if n := strings.Count(log.String(), said); n != 1 {
				t.Errorf("%q is said %d times: %s", said, n, &log)
			}
		}
		check(t, p, farm)
		for _, h := range farm.Log() {
			if h.Start.Before(room) {
				t.Errorf("%s was asked for while the disk was full", h.Path)
			}
		}
	})
}

// TestDiskFull has the disk run full in the middle of everything, at several
// places: what is kept can be read meanwhile, and nothing is lost.
func TestDiskFull(t *testing.T) {
	b, farm := newBubble(t, demo.Options{Seed: 10, Outlets: 3, Pages: 5})
	disk := smallDisk(t, 24)
	n := 0
	for left := int64(16 << 10); left < 1500<<10; left *= 2 {
		dir, filler := filepath.Join(disk, fmt.Sprint(left)), filepath.Join(disk, "filler")
		f := newFaultRun(b, farm, dir, 1<<62, false)
		synctest.Test(t, func(t *testing.T) {
			p, closing, err := open(t, dir, farm.Outlets(), time.Second, archive.Options{}, sqlite.Options{})
			if err != nil {
				t.Fatal(err)
			}
			p.Now = b.look
			p.Options.Revisits = []time.Duration{}
			p.Log = slog.New(slog.NewTextHandler(&f.log, &slog.HandlerOptions{Level: slog.LevelWarn}))
			followFeeds(t, p, farm)
			p.Store = f.telling(p.Store)
			fill(t, filler, left)
			runFor(t, p, 2*time.Minute)
			before, err := p.Store.Totals(t.Context())
			if err != nil {
				t.Errorf("%d left: reading: %v", left, err)
			}
			for _, err := range p.Store.List(t.Context(), store.Options{}) {
				if err != nil {
					t.Errorf("%d left: listing: %v", left, err)
				}
			}
			if strings.Contains(f.log.String(), "no space left") || strings.Contains(f.log.String(), "disk is full") {
				n++
			}
			if err := os.Remove(filler); err != nil {
				t.Fatal(err)
			}
			runFor(t, p, 2*time.Hour)
			t.Logf("%d left: %d articles while it was full; %.300s", left, before.Articles, &f.log)
			check(t, p, farm)
			sound(t, p)
			settled(t, p, farm)
			if err := closing(); err != nil {
				t.Error(err)
			}
		})
		synctest.Test(t, f.again)
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	if n < 3 {
		t.Errorf("the disk ran full only %d times", n)
	}
}
