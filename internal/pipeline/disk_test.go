package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"dateline/internal/archive"
	"dateline/internal/demo"
	"dateline/internal/store"
	"dateline/internal/store/sqlite"
	"dateline/internal/work"
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

// TestUnkept has the archive fail for an hour, not for want of room: meanwhile
// one page is asked for now and then, and no more, and then all come.
func TestUnkept(t *testing.T) {
	const outage, sites, pages = time.Hour, 5, 6
	for name, where := range map[string]string{"archive": "archive", "store": "store"} {
		t.Run(name, func(t *testing.T) {
			var list []*site
			for i := range sites {
				s := newSite(t, fmt.Sprintf("127.0.4.%d", i+1))
				s.serve("/robots.txt", "")
				for n := range pages {
					s.story(fmt.Sprint("/", n))
				}
				list = append(list, s)
			}
			inSites(t, func(t *testing.T, b *bubble) {
				var failing atomic.Bool
				var outlets []demo.Info
				for _, s := range list {
					outlets = append(outlets, demo.Info{Listener: s.at})
				}
				p := keepWith(t, t.TempDir(), outlets, 0, archive.Options{Fault: func(op string) error {
					if failing.Load() && where == "archive" {
						return fmt.Errorf("%s: %w", op, errDisk)
					}
					return nil
				}}, sqlite.Options{Now: b.look})
				p.Now, p.Client.Now = b.look, b.look
				p.Options.Revisits = []time.Duration{}
				p.Store = &unsaving{Store: p.Store, fails: func() bool { return failing.Load() && where == "store" }}
				var log strings.Builder
				p.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))
				for _, s := range list {
					for n := range pages {
						addPage(t, p, s.base+fmt.Sprint("/", n))
					}
				}
				began := b.look().Add(8 * time.Second) // when some have come
				time.AfterFunc(began.Sub(b.look()), func() { failing.Store(true) })
				time.AfterFunc(began.Add(outage).Sub(b.look()), func() { failing.Store(false) })
				runFor(t, p, outage+20*time.Minute)
				asked, late := 0, 0
				for _, s := range list {
					for _, h := range s.hits() {
						switch after := h.Start.Sub(began); {
						case after > time.Minute && after < outage:
							late++
							fallthrough
						case after >= 0 && after < outage:
							asked++
						}
					}
					for n := range pages {
						if page := pageOf(t, p, s.base+fmt.Sprint("/", n)); page.Version == 0 {
							t.Errorf("%s: %s", page.URL, page.Outcome)
						}
					}
				}
				// What was under way, then after 5 s, 10 s and so on up to 320 s.
				t.Logf("asked %d times, %d of them after a minute", asked, late)
				if late > 18 || asked > 18+2*sites || late < 8 {
					t.Errorf("asked %d times, %d of them after a minute, while nothing could be kept", asked, late)
				}
				for _, said := range []string{"what is fetched cannot be kept", "what is fetched can be kept again"} {
					if n := strings.Count(log.String(), said); n != 1 {
						t.Errorf("%q is said %d times: %s", said, n, &log)
					}
				}
				noneDead(t, p)
			}, list...)
		})
	}
}

// unsaving is a store that cannot keep what was fetched.
type unsaving struct {
	store.Store
	fails func() bool
}

func (s *unsaving) SaveFetch(ctx context.Context, it work.Item, f store.Fetched) error {
	if s.fails() {
		return fmt.Errorf("save fetch: %w", errDisk)
	}
	return s.Store.SaveFetch(ctx, it, f)
}

// TestUnkeptRound: a round ends with an error where nothing can be kept.
func TestUnkeptRound(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	s.serve("/robots.txt", "")
	s.story("/a")
	inSites(t, func(t *testing.T, b *bubble) {
		p := keepWith(t, t.TempDir(), []demo.Info{{Listener: s.at}}, 0, archive.Options{Fault: func(op string) error { return errDisk }}, sqlite.Options{Now: b.look})
		p.Now, p.Client.Now = b.look, b.look
		addPage(t, p, s.base+"/a")
		if err := p.Drain(t.Context()); !errors.Is(err, errDisk) || s.times("/robots.txt") != 3 {
			t.Errorf("%v, asked for %d times", err, s.times("/robots.txt"))
		}
	}, s)
}
