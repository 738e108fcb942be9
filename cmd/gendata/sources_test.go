package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestSources(t *testing.T) {
	sources, err := parseSources(sourcesTSV)
	if err != nil {
		t.Fatal(err)
	}
	used := make(map[string]bool)
	for i, g := range generators {
		if slices.ContainsFunc(generators[:i], func(o generator) bool { return o.name == g.name || o.out == g.out }) {
			t.Errorf("generator %s is there twice", g.name)
		}
		for _, p := range g.packages {
			used[p] = true
			if !slices.ContainsFunc(sources, func(s source) bool { return s.name == p }) {
				t.Errorf("generator %s: package %s is not in sources.tsv", g.name, p)
			}
		}
	}
	for _, s := range sources {
		if !used[s.name] {
			t.Errorf("sources.tsv: no generator uses %s", s.name)
		}
	}
}

func TestSourcesRefused(t *testing.T) {
	for _, text := range []string{
		"npm\tname\t1.0.0\tsum\n",
		"npm\tname\t1.0.0\t\tMIT\n",
		"rpm\tname\t1.0.0\tsum\tMIT\n",
		"npm\tname\t1.0.0\tsum\tMIT\nnpm\tname\t1.0.1\tsum\tMIT\n",
	} {
		if list, err := parseSources(text); err == nil {
			t.Errorf("parseSources(%q) = %v, want an error", text, list)
		}
	}
}

// TestFetch takes a package from the cache, so no client runs.
func TestFetch(t *testing.T) {
	var file bytes.Buffer
	gz := gzip.NewWriter(&file)
	w := tar.NewWriter(gz)
	for _, f := range [][2]string{{"package/b/two.json", "2"}, {"package/one.json", "1"}} {
		if err := w.WriteHeader(&tar.Header{Name: f[0], Size: int64(len(f[1])), Mode: 0o644, Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(f[1]))
	}
	w.Close()
	gz.Close()
	cache := t.TempDir()
	if err := os.WriteFile(filepath.Join(cache, "scope-name-1.2.3.tgz"), file.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(file.Bytes())
	s := source{kind: "npm", name: "@scope/name", version: "1.2.3", sum: hex.EncodeToString(sum[:])}
	a, err := s.fetch(context.Background(), cache)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	err = a.each(func(string) bool { return true }, func(name string, data []byte) error {
		got = append(got, name+"="+string(data))
		return nil
	})
	if want := []string{"b/two.json=2", "one.json=1"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("each gives %q, %v; want %q", got, err, want)
	}
	if data, err := a.file("one.json"); string(data) != "1" || err != nil {
		t.Errorf("file gives %q, %v", data, err)
	}
	if _, err := a.file("none.json"); err == nil {
		t.Error("a file that is not there is given")
	}

	s.sum = strings.Repeat("0", 64)
	if _, err := s.fetch(context.Background(), cache); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("with another checksum: %v, want it refused", err)
	}
}

// TestDebFiles reads the files of a Debian package as dpkg-deb gives them.
func TestDebFiles(t *testing.T) {
	var file bytes.Buffer
	w := tar.NewWriter(&file)
	if err := w.WriteHeader(&tar.Header{Name: "./usr/share/one", Size: 1, Mode: 0o644, Typeflag: tar.TypeReg}); err != nil {
		t.Fatal(err)
	}
	w.Write([]byte("1"))
	w.Close()
	a := archive{name: "name", version: "1.0-1", tar: file.Bytes()}
	if data, err := a.file("usr/share/one"); string(data) != "1" || err != nil {
		t.Errorf("file gives %q, %v", data, err)
	}
}

// TestModuleSum compares with a sum made by hand: the SHA-256 of a list of
// lines, each the SHA-256 of a file, two spaces, its name.
func TestModuleSum(t *testing.T) {
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	for _, name := range []string{"m@v1.0.0/b", "m@v1.0.0/a"} {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(name[len(name)-1:]))
	}
	w.Close()
	z, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	got, err := moduleSum(z)
	// printf a | sha256sum and so on, two lines, sha256sum, base64.
	if want := "h1:izpD79IDU+/6mX3gr7mJXp2s5IUuBzHHXvUGM3KTL5Q="; err != nil || got != want {
		t.Errorf("moduleSum = %s, %v; want %s", got, err, want)
	}
}
