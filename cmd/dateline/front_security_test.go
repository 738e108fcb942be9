package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSecurityTable holds the tests that SECURITY.md names to those there are.
func TestSecurityTable(t *testing.T) {
	b, err := os.ReadFile("../../SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, m := range regexp.MustCompile("`([a-z/]+)`((?: (?:Test|Fuzz)[A-Za-z]+)+)").FindAllStringSubmatch(string(b), -1) {
		files, err := filepath.Glob(filepath.Join("../..", m[1], "*_test.go"))
		if err != nil || len(files) == 0 {
			t.Errorf("%s has no tests", m[1])
		}
		var all strings.Builder
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(b)
		}
		for _, name := range strings.Fields(m[2]) {
			if n++; !strings.Contains(all.String(), "\nfunc "+name+"(") {
				t.Errorf("%s has no %s", m[1], name)
			}
		}
	}
	if n < 60 {
		t.Errorf("%d tests are named", n)
	}
}
