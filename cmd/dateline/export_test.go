package main

import (
	"bytes"
	"database/sql"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // to damage a record

	"dateline/internal/web/webtest"
)

// TestExportDamaged: an article that is damaged is named, and all others are
// exported.
func TestExportDamaged(t *testing.T) {
	r := webtest.New(t)
	if err := r.Store.Close(); err != nil {
		t.Fatal(err)
	}
	export := func(format string, more ...string) (status, size int, told string) {
		t.Helper()
		out := filepath.Join(t.TempDir(), "out")
		var b, errs bytes.Buffer
		status = run(append([]string{"export", "--data", r.Dir, "--format", format, "--output", out}, more...), console{strings.NewReader(""), &b, &errs})
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatalf("%s: %v; %s", format, err, &errs)
		}
		if size = len(data); format == "jsonl" || format == "csv" {
			size = bytes.Count(data, []byte("\n"))
		}
		return status, size, errs.String()
	}
	whole := map[string]int{}
	formats := []string{"jsonl", "csv", "parquet", "warc"}
	for _, f := range formats {
		status, size, told := export(f)
		if whole[f] = size; status != exitOK || told != "" {
			t.Fatalf("%s: %d %s", f, status, told)
		}
	}
	db, err := sql.Open("sqlite", filepath.Join(r.Dir, "dateline.db"))
	if err != nil {
		t.Fatal(err)
	}
	var id int64
	if err := db.QueryRow("UPDATE record SET data = x'00ff00ff' WHERE version = (SELECT n FROM version WHERE current = 1 ORDER BY n LIMIT 1 OFFSET 7) RETURNING version").Scan(&id); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, f := range formats {
		status, size, told := export(f)
		if lines := strings.Split(told, "\n"); status != exitSome || len(lines) != 3 || !strings.Contains(lines[0], "http") || !strings.Contains(lines[0], "article ") || !strings.Contains(lines[1], "1 article left out") {
			t.Errorf("%s: %d %s", f, status, told)
		}
		if counted := f == "jsonl" || f == "csv"; size >= whole[f] || counted && size != whole[f]-1 {
			t.Errorf("%s: %d, and %d before", f, size, whole[f])
		}
	}
	if status, _, told := export("csv", "--table", "figures", "--all-versions"); status != exitSome || strings.Count(told, "http") != 1 {
		t.Errorf("all versions: %d %s", status, told)
	}

	// It is named and made again from its page.
	command := func(args ...string) (int, string) {
		var out bytes.Buffer
		status := run(append(args, "--data", r.Dir), console{strings.NewReader(""), &out, &out})
		return status, out.String()
	}
	if status, told := command("verify"); status != exitSome || strings.Count(told, " is damaged in the database") != 1 || !strings.Contains(told, "dateline redo read --all") {
		t.Errorf("verify: %d %s", status, told)
	}
	if status, told := command("redo", "read", "--all"); status != exitOK {
		t.Errorf("redo: %d %s", status, told)
	}
	if status, told := command("verify"); status != exitOK {
		t.Errorf("verify, once it is made again: %d %s", status, told)
	}
	for _, f := range formats {
		if status, _, told := export(f); status != exitOK {
			t.Errorf("%s, once it is made again: %d %s", f, status, told)
		}
	}
}

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
	for _, name := range []string{filepath.Join(dir, "none", "out"), filepath.Join(dir, "none") + string(filepath.Separator)} {
		err := writeWhole(name, write("", nil))
		if !errors.Is(err, errUsage) || !strings.Contains(err.Error(), "there is no folder "+filepath.Join(dir, "none")) || strings.Contains(err.Error(), ".part") {
			t.Errorf("into a folder that is not there: %v", err)
		}
	}
	if err := writeWhole(dir, write("", nil)); !errors.Is(err, errUsage) {
		t.Errorf("into a folder: %v", err)
	}
}
