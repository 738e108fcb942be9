// Package layers keeps the packages in the order of the data's flow.
// layers.txt lists every package with what it may import; the package's test
// fails on an import that is not listed, on a package that is missing, and on
// a language's tag in Go source where languages are data.
package layers

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed layers.txt
var table string

// Rule is what one package may import: packages of the module, by their paths
// within it, and prefixes of others' import paths. "*" allows all.
type Rule struct {
	Package        string
	Inside, Others []string
}

// Rules reads layers.txt.
func Rules() ([]Rule, error) {
	var rules []Rule
	for n, line := range strings.Split(table, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, rest, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("layers.txt:%d: no colon in %q", n+1, line)
		}
		inside, others, _ := strings.Cut(rest, "|")
		rules = append(rules, Rule{name, strings.Fields(inside), strings.Fields(others)})
	}
	return rules, nil
}

// Allows reports whether the package may import path.
func (r *Rule) Allows(module, path string) bool {
	if !strings.Contains(strings.SplitN(path, "/", 2)[0], ".") && path != module && !strings.HasPrefix(path, module+"/") {
		return true // the standard library
	}
	list, inside := r.Others, true
	if path == module {
		list = r.Inside
	} else if p, ok := strings.CutPrefix(path, module+"/"); ok {
		list, path = r.Inside, p
	} else {
		inside = false
	}
	for _, allowed := range list {
		if allowed == "*" || path == allowed || !inside && strings.HasPrefix(path, allowed+"/") {
			return true
		}
	}
	return false
}
