package search

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// The page about queries shows only what is read without a word.
func TestFormatPage(t *testing.T) {
	page, err := os.ReadFile("../docs/formats/query.md")
	if err != nil {
		t.Fatal(err)
	}
	tables, _, _ := strings.Cut(string(page), "## Mistakes")
	n := 0
	for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(tables, -1) {
		q := strings.ReplaceAll(m[1], `\|`, "|")
		if strings.HasSuffix(q, ":") || !strings.ContainsAny(q, `:" `) || !strings.ContainsFunc(q, unicode.IsLetter) {
			continue // a name, a value or a sign
		}
		n++
		if got, err := Parse(q); err != nil || len(got.Notes) > 0 || got.Root == nil {
			t.Errorf("%s: %v, %v", q, err, got)
		}
	}
	for _, f := range fields {
		if !strings.Contains(tables, "`"+string(f)+":`") {
			t.Errorf("the field %s: is not described", f)
		}
	}
	for _, values := range [][]string{figureValues, hasValues, kindValues, scopeValues} {
		for _, v := range values {
			if !strings.Contains(tables, "`"+v+"`") {
				t.Errorf("the value %s is not described", v)
			}
		}
	}
	if n < 15 {
		t.Errorf("only %d queries", n)
	}
}
