package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dateline"
	"dateline/internal/store"
)

// TestReadOnly looks at a file that was left whole, and at one that is written
// meanwhile. Neither is changed, nor is anything put beside it.
func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "dateline.db")
	w, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	m := newMaker()
	keep := func() {
		t.Helper()
		v := m.page()
		if err := put(w, &v); err != nil {
			t.Fatal(err)
		}
	}
	files := func() (names string) {
		t.Helper()
		list, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range list {
			names += f.Name() + " "
		}
		return names
	}
	look := func(s *Store, want int) {
		t.Helper()
		n := 0
		for _, err := range s.List(t.Context(), store.Options{}) {
			if n++; err != nil {
				t.Fatal(err)
			}
		}
		if n != want {
			t.Errorf("listed %d, want %d", n, want)
		}
	}
	open := func() *Store {
		t.Helper()
		s, err := Open(t.Context(), path, Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	keep()
	s := open()
	look(s, 1)
	keep()
	look(s, 2)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	before := files()
	if strings.Contains(before, "wal") {
		t.Fatalf("left behind: %s", before)
	}
	s = open()
	look(s, 2)
	if _, err := s.PutSearch(t.Context(), store.SavedSearch{Name: "x"}); !errors.Is(err, dateline.ErrRefused) {
		t.Errorf("written: %v", err)
	}
	if bad, err := s.Check(t.Context()); err != nil || len(bad) > 0 {
		t.Errorf("checked: %v, %v", bad, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if after := files(); after != before {
		t.Errorf("there are %s, and were %s", after, before)
	}

	openAt(t, filepath.Join(dir, "old.db"), latest-1).Close()
	if w, err = Open(t.Context(), filepath.Join(dir, "old.db"), Options{}); err == nil {
		err = errors.Join(w.writer.run(t.Context(), "PRAGMA user_version = 5"), w.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), filepath.Join(dir, "old.db"), Options{ReadOnly: true}); !errors.Is(err, dateline.ErrUnsupported) || !strings.Contains(err.Error(), "older program") {
		t.Errorf("an older file: %v", err)
	}
	if _, err := Open(t.Context(), filepath.Join(dir, "none.db"), Options{ReadOnly: true}); err == nil {
		t.Error("what is not there is opened")
	}
}
