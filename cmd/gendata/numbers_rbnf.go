package main

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Rule-based number formats of CLDR (UTS #35, part 3, "Rule-Based Number
// Formatting"), as far as cardinal numbers in words need them.
//
// A set of rules is a list of base values with texts; the rule of the greatest
// base that is not greater than the number writes it. In a text, "→→" stands
// for the remainder by the rule's divisor, "←←" for the quotient, "=%set=" for
// the number written by another set, "[...]" for what is left out where there
// is no remainder. "100: honderd[→→];" writes 101 as "honderdeen". A text may
// depend on a plural, "$(cardinal,one{...}other{...})$": all its forms are
// written, so that a number has several spellings.

type rbnfRule struct {
	base, divisor int64
	text          string
}

// rbnf is the rule sets of a language, by name with its per cent signs.
type rbnf map[string][]rbnfRule

func readRBNF(data []byte) (rbnf, error) {
	var f struct {
		RBNF struct {
			RBNF map[string]map[string]json.RawMessage
		}
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, err
	}
	sets := rbnf{}
	for name, raw := range f.RBNF.RBNF["SpelloutRules"] {
		var rules [][2]string
		if !strings.HasPrefix(name, "%") {
			continue
		}
		if err := json.Unmarshal(raw, &rules); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, r := range rules {
			head := strings.TrimRight(r[0], ">")
			base, radix, _ := strings.Cut(strings.ReplaceAll(head, ",", ""), "/")
			n, err := strconv.ParseInt(base, 10, 64)
			if err != nil {
				continue // "-x", "x.x": not of whole numbers
			}
			by := int64(10)
			if radix != "" {
				if by, err = strconv.ParseInt(radix, 10, 64); err != nil {
					return nil, fmt.Errorf("%s: %s: %w", name, r[0], err)
				}
			}
			divisor := int64(1)
			for n > 0 && divisor <= n/by && divisor < math.MaxInt64/by {
				divisor *= by
			}
			for range len(r[0]) - len(head) {
				divisor /= by
			}
			text := strings.TrimSuffix(r[1], ";")
			sets[name] = append(sets[name], rbnfRule{n, max(divisor, 1), strings.TrimPrefix(text, "'")})
		}
		slices.SortStableFunc(sets[name], func(a, b rbnfRule) int { return int(min(1, max(-1, a.base-b.base))) })
	}
	return sets, nil
}

// maxSpellings bounds how many spellings of a number are kept.
const maxSpellings = 16

// spell returns the spellings of n by a set; none where a rule would write
// digits.
func (sets rbnf) spell(set string, n int64, depth int) []string {
	rules := sets[set]
	i := -1
	for k, r := range rules {
		if r.base <= n {
			i = k
		}
	}
	if i < 0 || depth > 20 {
		return nil
	}
	r := rules[i]
	if i > 0 && strings.Contains(r.text, "→") && strings.Contains(r.text, "←") && r.base%r.divisor != 0 && n%r.divisor == 0 {
		r = rules[i-1]
	}
	return sets.write(set, r, r.text, n, depth)
}

// write returns the spellings of what a text says of n.
func (sets rbnf) write(set string, r rbnfRule, text string, n int64, depth int) []string {
	out := []string{""}
	add := func(more []string) {
		var next []string
		for _, a := range out {
			for _, b := range more {
				if len(next) < maxSpellings && !slices.Contains(next, a+b) {
					next = append(next, a+b)
				}
			}
		}
		out = next
	}
	for text != "" && len(out) > 0 {
		switch {
		case strings.HasPrefix(text, "["):
			end := strings.IndexByte(text, ']')
			if end < 0 {
				return nil
			}
			if n%r.divisor != 0 {
				add(sets.write(set, r, text[1:end], n, depth))
			}
			text = text[end+1:]
		case strings.HasPrefix(text, "$("):
			end := strings.Index(text, ")$")
			if end < 0 {
				return nil
			}
			var forms []string
			for part := range strings.SplitSeq(text[2:end], "}") {
				if _, form, ok := strings.Cut(part, "{"); ok {
					forms = append(forms, form)
				}
			}
			add(forms)
			text = text[end+2:]
		case strings.HasPrefix(text, "→"), strings.HasPrefix(text, "←"), strings.HasPrefix(text, "="):
			sign := "→"
			value := n % r.divisor
			if strings.HasPrefix(text, "←") {
				sign, value = "←", n/r.divisor
			} else if strings.HasPrefix(text, "=") {
				sign, value = "=", n
			}
			name, rest, ok := strings.Cut(text[len(sign):], sign)
			if !ok {
				return nil
			}
			rest = strings.TrimPrefix(rest, map[bool]string{true: "→", false: "\x00"}[sign == "→" && name == ""]) // "→→→"
			if name == "" {
				name = set
			}
			if sets[name] == nil {
				return nil // a pattern of digits
			}
			add(sets.spell(name, value, depth+1))
			text = rest
		default:
			end := strings.IndexAny(text, "[$→←=")
			if end <= 0 {
				end = len(text)
				if i := strings.IndexAny(text[1:], "[$→←="); i >= 0 {
					end = i + 1
				}
			}
			add([]string{text[:end]})
			text = text[end:]
		}
	}
	return out
}
