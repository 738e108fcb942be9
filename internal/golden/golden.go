// Package golden compares what code prints with what txtar files expect of
// it. A file has the case's inputs as sections; the section the runner fills
// in is compared, or rewritten when the test runs with -update. So are files
// that are made whole.
package golden

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite what is expected")

// Case is one txtar file.
type Case struct {
	Name    string // of the file, without its ending
	Comment string
	files   *txtar.Archive
}

// File returns a section's text; ok tells whether the case has it.
func (c *Case) File(name string) (text string, ok bool) {
	for _, f := range c.files.Files {
		if f.Name == name {
			return string(f.Data), true
		}
	}
	return "", false
}

// Run calls f with each txtar file of a folder as a subtest, and compares what
// it returns with the section named want. A folder without cases fails.
func Run(t *testing.T, dir, want string, f func(t *testing.T, c *Case) string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Fatalf("no txtar files in %s", dir)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		t.Run(name, func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			c := &Case{Name: name, Comment: string(a.Comment), files: a}
			got := f(t, c)
			if *update {
				rewrite(t, path, a, want, got)
				return
			}
			expected, ok := c.File(want)
			if !ok {
				t.Fatalf("%s has no section %q; run with -update to write it", path, want)
			}
			if diff := cmp.Diff(expected, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
		})
	}
}

// Bytes compares a file that is made by the code under test with what it makes
// now, or writes it.
func Bytes(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s is not what is made now; write it anew: go test -run %s -update", path, t.Name())
	}
}

func rewrite(t *testing.T, path string, a *txtar.Archive, want, got string) {
	t.Helper()
	found := false
	for i := range a.Files {
		if a.Files[i].Name == want {
			a.Files[i].Data, found = []byte(got), true
		}
	}
	if !found {
		a.Files = append(a.Files, txtar.File{Name: want, Data: []byte(got)})
	}
	if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}
