package archive

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"dateline"
	"dateline/warc"

	"github.com/klauspost/compress/gzip"
)

// inflated is the whole of a WARC file, decompressed.
func inflated(t testing.TB, b []byte) string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestErase(t *testing.T) {
	for _, x := range []struct {
		name string
		with func(*Exchange)
	}{
		{"page", func(*Exchange) {}},
		{"without request", func(e *Exchange) { e.Request = nil }},
		{"empty", func(e *Exchange) { e.URL, e.Response, e.Request = "u:7", []byte("HTTP/1.1 204\r\n\r\n"), []byte{} }},
		{"large", func(e *Exchange) {
			for i := range 70000 {
				e.Response = append(e.Response, byte(i*i>>3), byte(i*7>>2), byte(i*i*i>>5))
			}
		}},
	} {
		t.Run(x.name, func(t *testing.T) {
			dir := tempDir(t)
			a := open(t, dir, options())
			before, after := exchange(1, 500), exchange(2, 500)
			e := exchange(777, 500)
			x.with(&e)
			c1, c, c2 := write(t, a, before)[0], write(t, a, e)[0], write(t, a, after)[0]
			old := snapshot(t, dir)[c.WARC]
			for i := range 3 {
				if err := a.Erase(t.Context(), c.WARC, c.Offset); err != nil {
					t.Fatal(err)
				}
				if i == 1 { // again, from a new start
					a.Close()
					a = open(t, dir, options())
				}
			}
			if _, err := a.Read(t.Context(), c.WARC, c.Offset); !errors.Is(err, dateline.ErrGone) {
				t.Errorf("read: %v", err)
			}
			if w := holds(a, c1, before) + holds(a, c2, after); w != "" {
				t.Error(w)
			}
			if sum := sound(t, a); sum.Erased == 0 || sum.Captures != 2 {
				t.Errorf("%+v", sum)
			}
			files := snapshot(t, dir)
			for name, b := range files {
				text := string(b)
				if name == c.WARC {
					text = inflated(t, b)
				}
				if strings.Contains(text, "/777") || strings.Contains(text, "page 777") || strings.Contains(text, "u:7") {
					t.Errorf("%s still has it", name)
				}
			}
			// No stretch of the old record is left where it stood, but for the
			// 20 bytes of a member's head that are always so.
			for i := c.Offset; i+28 < c2.Offset; i++ {
				if bytes.Equal(old[i:i+28], files[c.WARC][i:i+28]) {
					t.Errorf("bytes from %d on are as they were", i)
					break
				}
			}
		})
	}
}

// Erasing that breaks off anywhere is made good by erasing again, and does no
// harm to others.
func TestEraseBroken(t *testing.T) {
	for n := 1; n < 12; n++ {
		for _, restart := range []bool{false, true} {
			dir := tempDir(t)
			count := 0
			o := options()
			a := open(t, dir, o)
			before, after := exchange(1, 500), exchange(2, 500)
			c1, c, c2 := write(t, a, before)[0], write(t, a, exchange(777, 500))[0], write(t, a, after)[0]
			a.disk.fault = func(string) error {
				if count++; count == n {
					return syscall.EIO
				}
				return nil
			}
			err := a.Erase(t.Context(), c.WARC, c.Offset)
			if err == nil && count >= n {
				t.Errorf("operation %d failed, Erase did not", n)
			}
			a.disk.fault = o.Fault
			a.disk.fault = func(string) error { return nil }
			if restart {
				// As a crash would: nothing is written on leaving.
				a = open(t, lay(t, tempDir(t), snapshot(t, dir)), o)
			}
			if err := a.Erase(t.Context(), c.WARC, c.Offset); err != nil {
				t.Errorf("operation %d failed: again: %v", n, err)
			}
			if w := holds(a, c1, before) + holds(a, c2, after); w != "" {
				t.Errorf("operation %d failed: %s", n, w)
			}
			if sum := sound(t, a); sum.Erased != 2 || sum.Captures != 2 {
				t.Errorf("operation %d failed: %+v", n, sum)
			}
			for name, b := range snapshot(t, a.disk.root.Name()) {
				if strings.HasSuffix(name, extension) && strings.Contains(inflated(t, b), "/777") || bytes.Contains(b, []byte("/777")) {
					t.Errorf("operation %d failed: %s still has it", n, name)
				}
			}
		}
	}
}

func TestEraseRefuses(t *testing.T) {
	a := open(t, tempDir(t), options())
	c := write(t, a, exchange(1, 10))[0]
	for _, x := range []struct {
		name   string
		offset int64
		want   error
	}{
		{"../x", 0, dateline.ErrInvalid},
		{"dateline-20260102120000-00009.warc.gz", 0, dateline.ErrNotFound},
		{c.WARC, 0, dateline.ErrInvalid}, // the warcinfo
		{c.WARC, c.Offset + 1, dateline.ErrNotFound},
		{c.WARC, 1 << 40, dateline.ErrNotFound},
	} {
		if err := a.Erase(t.Context(), x.name, x.offset); !errors.Is(err, x.want) {
			t.Errorf("%s at %d: %v, want %v", x.name, x.offset, err, x.want)
		}
	}
	sound(t, a)
}

// A bit that changes in any byte of a WARC file is found and named by its
// record, and one in any of an index, which is then made good.
func TestVerifyFindsEveryByte(t *testing.T) {
	dir := tempDir(t)
	a := open(t, dir, options())
	var starts []int64
	for i := range 3 {
		e := exchange(i, 300)
		c := write(t, a, e)[0]
		starts = append(starts, c.Offset)
		e.Same = &c
		e.Fetched = e.Fetched.AddDate(0, 1, 0)
		if i == 1 {
			starts = append(starts, write(t, a, e)[0].Offset)
		}
		if i == 2 {
			if err := a.Erase(t.Context(), c.WARC, c.Offset); err != nil {
				t.Fatal(err)
			}
		}
	}
	a.Close()
	a = open(t, dir, options())
	name := a.Files()[0].Name
	h, err := os.OpenFile(filepath.Join(dir, name), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	whole := snapshot(t, dir)[name]
	for i := range whole {
		// Package warc's tests have every bit of every byte.
		for _, bit := range []int{i % 8, (i + 3) % 8} {
			h.WriteAt([]byte{whole[i] ^ 1<<bit}, int64(i))
			var found []Problem
			if _, err := a.Verify(t.Context(), func(p Problem) { found = append(found, p) }, nil); err != nil {
				t.Fatal(err)
			}
			if len(found) != 1 || found[0].File != name || found[0].Offset > int64(i) || !errors.Is(found[0], dateline.ErrCorrupt) {
				t.Fatalf("bit %d of byte %d changed: %v", bit, i, found)
			}
			for _, s := range starts {
				if s <= int64(i) && found[0].Offset < s {
					t.Fatalf("bit %d of byte %d changed: said to be at %d, not in the record at %d", bit, i, found[0].Offset, s)
				}
			}
		}
		h.WriteAt(whole[i:i+1], int64(i))
	}
	sound(t, a)

	path := filepath.Join(dir, indexName(name))
	sheet, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range sheet {
		changed := bytes.Clone(sheet)
		changed[i] ^= 1 << (i % 8)
		if err := os.WriteFile(path, changed, 0o640); err != nil {
			t.Fatal(err)
		}
		problems := 0
		if _, err := a.Verify(t.Context(), func(Problem) { problems++ }, nil); err != nil || problems != 1 {
			t.Fatalf("byte %d of the index changed: %d problems, %v", i, problems, err)
		}
		sound(t, a)
	}
}

func TestVerifyFindsMissing(t *testing.T) {
	dir := tempDir(t)
	o := options()
	o.Rotate = 1
	a := open(t, dir, o)
	var names []string
	for i := range 3 {
		names = append(names, write(t, a, exchange(i, 300))[0].WARC)
	}
	a.Close()
	a = open(t, dir, o)
	os.Truncate(filepath.Join(dir, names[0]), 100)
	os.Remove(filepath.Join(dir, names[1]))
	var got []string
	done, all := int64(0), int64(0)
	_, err := a.Verify(t.Context(), func(p Problem) { got = append(got, p.File+": "+p.Err.Error()) }, func(d, a int64) { done, all = d, a })
	if err != nil || len(got) < 2 || !strings.Contains(got[0], names[0]+": the file ends") || done == 0 || done > all {
		t.Errorf("%q, %v, %d of %d", got, err, done, all)
	}
	found := false
	for _, g := range got {
		found = found || strings.HasPrefix(g, names[1])
	}
	a.Close()
	if a = open(t, dir, o); !found {
		t.Errorf("%s is not missed: %q", names[1], got)
	}
	got = nil
	if _, err := a.Verify(t.Context(), func(p Problem) { got = append(got, p.File) }, nil); err != nil || len(got) != 1 || got[0] != names[1] {
		t.Errorf("opened again: %q, %v, want %s", got, err, names[1])
	}
}

// TestOf finds captures by their address, and discards what was cut off.
func TestOf(t *testing.T) {
	dir := tempDir(t)
	a := open(t, dir, options())
	e, other := exchange(777, 50), exchange(778, 50)
	c := write(t, a, e)[0]
	write(t, a, other)
	again := write(t, a, e)[0]
	a.Close()
	// An index that lags, as a kill leaves it, is made good.
	name := filepath.Join(dir, indexName(c.WARC))
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(b)) {
		if l, err := warc.ParseLine([]byte(line)); err == nil && l.Offset != again.Offset {
			lines = append(lines, line)
		}
	}
	if err := os.WriteFile(name, []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	torn := filepath.Join(dir, "x-00001.123.torn")
	if err := os.WriteFile(torn, []byte("part of a page"), 0o600); err != nil {
		t.Fatal(err)
	}
	a = open(t, dir, options())
	defer a.Close()
	for _, want := range []int{2, 1, 0} {
		list, err := a.Of(t.Context(), e.URL, "https://never.example/")
		if err != nil || len(list) != want {
			t.Fatalf("%d captures of the address, want %d, %v", len(list), want, err)
		}
		for _, k := range list {
			if k.URL != e.URL || k.WARC != c.WARC || k.Offset != c.Offset && k.Offset != again.Offset {
				t.Errorf("found %+v", k)
			}
		}
		if want > 0 {
			if err := a.Erase(t.Context(), list[0].WARC, list[0].Offset); err != nil {
				t.Fatal(err)
			}
		}
	}
	if list, err := a.Of(t.Context(), other.URL); len(list) != 1 || err != nil {
		t.Errorf("of the other address: %v, %v", list, err)
	}
	if err := a.Discard(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(torn); !os.IsNotExist(err) {
		t.Errorf("the torn file: %v", err)
	}
}
