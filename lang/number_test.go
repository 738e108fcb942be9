package lang

import (
	_ "embed"
	"strconv"
	"strings"
	"testing"
)

//go:embed testdata/numbers.tsv
var numberCases string

func TestNumberAt(t *testing.T) {
	for i, line := range strings.Split(numberCases, "\n") {
		f := strings.Split(line, "\t")
		if line == "" || line[0] == '#' {
			continue
		}
		if len(f) != 4 {
			t.Errorf("numbers.tsv:%d: %d columns", i+1, len(f))
			continue
		}
		p := Builtin().Pack(f[0])
		tokens := p.Tokens(f[1])
		v, n := p.NumberAt(f[1], tokens, 0)
		rest := f[1]
		if n > 0 {
			rest = f[1][tokens[n-1].End:]
		}
		want, _ := strconv.ParseFloat(f[2], 64)
		if n == 0 && want == 0 {
			continue
		}
		if v.Value != want || strings.TrimSpace(rest) != f[3] {
			t.Errorf("numbers.tsv:%d: %s %q: %v, left over %q", i+1, f[0], f[1], v, rest)
		}
	}
}

func TestNumberTables(t *testing.T) {
	for _, tag := range Builtin().Tags() {
		if err := Builtin().Pack(tag).CheckNumbers(); err != nil {
			t.Error(err)
		}
	}
}
