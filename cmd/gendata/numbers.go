package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// makeNumbers makes the number words of all languages that CLDR can spell
// numbers in, and the signs that all languages write before tenths and between
// thousands.
//
// The file is text, compressed. Each language begins with a line
//
//	lang TAG DECIMAL GROUP
//
// and goes on with lines as numbers.tsv of the packs has them: role, value,
// forms separated by bars. The numbers below a hundred and the hundreds stand
// there as a whole, so no language's way of putting them together need be
// known; "and", compounds and scales are told from how larger ones are
// spelled. lang/number_names.go reads it.
func makeNumbers(in input) ([]byte, error) {
	signs := make(map[string][2]string)
	err := in.packages["cldr-numbers-full"].each(
		func(name string) bool { return strings.HasSuffix(name, "/numbers.json") },
		func(name string, data []byte) error {
			tag := strings.Split(name, "/")[1]
			var f struct {
				Main map[string]struct {
					Numbers map[string]json.RawMessage
				}
			}
			if err := json.Unmarshal(data, &f); err != nil {
				return err
			}
			var s struct{ Decimal, Group string }
			if raw := f.Main[tag].Numbers["symbols-numberSystem-latn"]; raw != nil {
				if err := json.Unmarshal(raw, &s); err != nil {
					return err
				}
				signs[tag] = [2]string{s.Decimal, groupSign(s.Group)}
			}
			return nil
		})
	if err != nil {
		return nil, err
	}
	words := make(map[string][]byte)
	err = in.packages["cldr-rbnf"].each(
		func(name string) bool { return strings.HasPrefix(name, "rbnf/") && strings.HasSuffix(name, ".json") },
		func(name string, data []byte) error {
			sets, err := readRBNF(data)
			if err != nil {
				return err
			}
			tag := strings.TrimSuffix(strings.TrimPrefix(name, "rbnf/"), ".json")
			if rows := spelled(sets); len(rows) > 0 && tag != "und" {
				words[tag] = rows
			}
			return nil
		})
	if err != nil {
		return nil, err
	}
	tags := maps.Clone(words)
	for tag := range signs {
		if !strings.Contains(tag, "-") {
			tags[tag] = words[tag]
		}
	}
	if tags["nb"] == nil {
		tags["nb"] = words["no"] // The packs' tag of the same language.
	}
	var text bytes.Buffer
	text.WriteString("# Made by gendata from CLDR (Unicode-3.0); see NOTICE. Do not edit.\n")
	for _, tag := range slices.Sorted(maps.Keys(tags)) {
		s, ok := signs[tag]
		if !ok {
			base, _, _ := strings.Cut(tag, "-")
			s = signs[base]
		}
		if s[0] == "" {
			s = [2]string{".", ","}
		}
		fmt.Fprintf(&text, "lang\t%s\t%s\t%s\n", tag, s[0], s[1])
		text.Write(tags[tag])
	}
	return compress(text.Bytes())
}

// groupSign is the sign between thousands as pack.tsv has it.
func groupSign(s string) string {
	switch s {
	case "\u00a0", "\u202f", " ":
		return "space"
	case "’":
		return "'"
	}
	return s
}

// spelled is the number words of a language.
func spelled(sets rbnf) []byte {
	var names []string
	for name := range sets {
		if strings.HasPrefix(name, "%spellout-cardinal") || name == "%spellout-numbering" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	forms := func(n int64) []string {
		var out []string
		for _, name := range names {
			for _, s := range sets.spell(name, n, 0) {
				s = strings.Join(strings.Fields(strings.ReplaceAll(s, "\u00ad", "")), " ")
				if s != "" && !strings.ContainsAny(s, "0123456789|#=") && !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
		}
		return out
	}
	if len(forms(7)) == 0 || len(forms(42)) == 0 {
		return nil
	}
	var b bytes.Buffer
	row := func(role, value string, forms []string) {
		if len(forms) > 0 {
			fmt.Fprintf(&b, "%s\t%s\t%s\n", role, value, strings.Join(forms, " | "))
		}
	}
	ands, joined := joints(forms)
	if joined {
		b.WriteString("compound\t\t" + strings.Join(ands, " | ") + "\n")
	} else {
		row("and", "100", ands)
	}
	for n := int64(0); n < 100; n++ {
		row("add", fmt.Sprint(n), forms(n))
	}
	for n := int64(100); n < 1000; n += 100 {
		row("add", fmt.Sprint(n), forms(n))
	}
	var thousand []string
	for _, scale := range []int64{1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 1_000_000_000_000} {
		words, alone := scaleWords(forms, scale)
		if scale == 1000 {
			thousand = words
		} else {
			words = slices.DeleteFunc(words, func(w string) bool {
				return slices.ContainsFunc(thousand, func(t string) bool { return strings.HasSuffix(w, t) })
			})
		}
		role := "scale"
		if alone {
			role = "bare"
		}
		row(role, fmt.Sprint(scale), words)
	}
	return b.Bytes()
}

// joints tells what stands between a hundred and what is added to it, and
// whether they are written as one word.
func joints(forms func(int64) []string) (ands []string, joined bool) {
	ones := forms(1)
	for _, whole := range forms(101) {
		for _, hundred := range forms(100) {
			rest, ok := strings.CutPrefix(whole, hundred)
			if !ok {
				continue
			}
			for _, one := range ones {
				between, ok := strings.CutSuffix(rest, one)
				if !ok {
					continue
				}
				joined = joined || !strings.HasPrefix(rest, " ") && !strings.HasPrefix(rest, "-") && !unspaced(whole)
				if between = strings.TrimSpace(between); between != "" && between != "-" && !strings.Contains(between, " ") && !slices.Contains(ands, between) {
					ands = append(ands, between)
				}
			}
		}
	}
	return ands, joined
}

// unspaced tells whether a number is written in a script whose words are not
// parted.
func unspaced(s string) bool {
	for _, r := range s {
		if r >= 0x0e00 && r < 0x1100 || r >= 0x1780 && r < 0x1800 || r >= 0x3000 && r < 0xd800 {
			return true
		}
	}
	return false
}

// scaleWords is what twos and fives of a scale have behind the two and the
// five, and whether the scale's word stands alone for one of it.
func scaleWords(forms func(int64) []string, scale int64) (words []string, alone bool) {
	for _, n := range []int64{1, 2, 5} {
		for _, whole := range forms(n * scale) {
			for _, count := range forms(n) {
				w, ok := strings.CutPrefix(whole, count)
				if w = strings.TrimSpace(w); ok && w != "" && !strings.Contains(w, " ") && !slices.Contains(words, w) {
					words = append(words, w)
				}
			}
		}
	}
	for _, whole := range forms(scale) {
		alone = alone || slices.Contains(words, whole)
	}
	return words, alone
}
