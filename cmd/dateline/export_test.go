package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestWriteWhole(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "out.csv")
	write := func(text string, err error) func(io.Writer) error {
		return func(w io.Writer) error {
			if _, err := os.Stat(name); text == "first" && err == nil {
				t.Error("the file is there before it is whole")
			}
			io.WriteString(w, text)
			return err
		}
	}
	if err := writeWhole(name, write("first", nil)); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	if err := writeWhole(name, write("second", broken)); !errors.Is(err, broken) {
		t.Errorf("err = %v", err)
	}
	if b, err := os.ReadFile(name); err != nil || string(b) != "first" {
		t.Errorf("%q, %v: what was there is gone", b, err)
	}
	if list, _ := os.ReadDir(dir); len(list) != 1 {
		t.Errorf("%d files are left", len(list))
	}
	if err := writeWhole(dir, write("", nil)); !errors.Is(err, errUsage) {
		t.Errorf("into a folder: %v", err)
	}
}
