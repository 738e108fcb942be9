package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Every warning that the format of records lists is said in words, and no other.
func TestWarningWords(t *testing.T) {
	b, err := os.ReadFile("../../docs/formats/record.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(b), "**Warnings.**")
	table, _, ok := strings.Cut(table, "\n## ")
	if !ok {
		t.Fatal("record.md has no table of warnings")
	}
	listed := map[string]bool{}
	for _, row := range strings.Split(table, "\n| `")[1:] {
		names, _, _ := strings.Cut("`"+row, " |")
		for _, m := range regexp.MustCompile("`([a-z-]+)[:`]").FindAllStringSubmatch(names, -1) {
			listed[m[1]] = true
			if w := warning(m[1]); !strings.HasSuffix(w, " ("+m[1]+")") {
				t.Errorf("%s is said as %q", m[1], w)
			}
		}
	}
	for name := range warnings {
		if !listed[name] {
			t.Errorf("%s is no warning of docs/formats/record.md", name)
		}
	}
	if got, want := warning("more-pages: https://outlet.example/2"), "the article goes on at https://outlet.example/2 (more-pages)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
