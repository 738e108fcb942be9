package config

import (
	"cmp"
	"strings"
)

// Setting is a setting as it is explained to its user.
type Setting struct {
	Name    string // fetch.max_page
	Value   string // as a file of settings would have it; secrets of addresses are left out
	Meaning string // sentences, from default.toml
	From    string // "default", the file's path, a variable of the environment, or "flag"
}

// Explain lists all settings in the order of default.toml.
func (s *Settings) Explain() []Setting {
	said := meanings()
	var list []Setting
	for _, f := range s.fields() {
		list = append(list, Setting{f.name, show(f.value), said[f.name], cmp.Or(s.from[f.name], "default")})
	}
	return list
}

// Default is the text of default.toml, which documents every setting.
func Default() string { return defaults }

// meanings are the comments of default.toml by the settings behind them.
func meanings() map[string]string {
	said := make(map[string]string)
	section := ""
	var comment []string
	for line := range strings.Lines(defaults) {
		line = strings.TrimSpace(line)
		if c, ok := strings.CutPrefix(line, "#"); ok {
			comment = append(comment, strings.TrimSpace(c))
			continue
		}
		if s, ok := strings.CutPrefix(line, "["); ok {
			section = strings.TrimSuffix(s, "]") + "."
		} else if key, _, ok := strings.Cut(line, " = "); ok {
			said[section+key] = strings.Join(comment, " ")
		}
		comment = nil
	}
	return said
}

// nearest is the name that is the fewest edits from s, and how many those are.
func nearest(s string, names map[string]string) (best string, far int) {
	far = 1 << 30
	for name := range names {
		if d := distance(s, name); d < far || d == far && name < best {
			best, far = name, d
		}
	}
	return best, far
}

// distance is the number of letters to insert, remove or exchange to make b of
// a (Levenshtein).
func distance(a, b string) int {
	if len(a) > 64 {
		return 1 << 20 // nobody meant that
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := before
			if a[i] != b[j] {
				d++
			}
			before = row[j+1]
			row[j+1] = min(d, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
