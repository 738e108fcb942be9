package lang

import (
	"fmt"
	"slices"
	"strings"
)

// BylineWord is a word or phrase of bylines besides names, in lower case, and
// the group it belongs to (byline.tsv in packs/README.md).
type BylineWord struct{ Group, Phrase string }

// bylineGroups are the groups of byline.tsv.
var bylineGroups = []string{"by", "label", "other", "infix", "and", "cut", "role", "title", "suffix", "particle", "org", "nobody", "noise", "login", "said"}

// Bylines returns the words of all packs, in the order of their tags. Bylines
// mix languages: an outlet in one signs with the offices of another.
func (ps *Packs) Bylines() []BylineWord {
	var out []BylineWord
	for _, tag := range ps.tags {
		out = append(out, ps.byTag[tag].bylines...)
	}
	return out
}

// readBylines reads byline.tsv.
func readBylines(p *Pack, name, text string) error {
	p.bylines = nil
	return eachRow(name, text, 2, func(f []string) error {
		if !slices.Contains(bylineGroups, f[0]) {
			return fmt.Errorf("group %q: it is one of %s", f[0], strings.Join(bylineGroups, ", "))
		}
		for phrase := range strings.SplitSeq(f[1], "|") {
			if phrase = strings.TrimSpace(phrase); phrase == "" {
				return fmt.Errorf("group %s: an empty phrase", f[0])
			}
			if phrase != strings.ToLower(phrase) {
				return fmt.Errorf("group %s: %q is not in lower case", f[0], phrase)
			}
			if f[0] == "infix" && strings.HasSuffix(phrase, ":") {
				return fmt.Errorf("group infix: %q: a colon is no part of a word within a line", phrase)
			}
			p.bylines = append(p.bylines, BylineWord{f[0], phrase})
		}
		return nil
	})
}
