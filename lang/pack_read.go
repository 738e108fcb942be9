package lang

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

type packReader struct {
	name string
	read func(p *Pack, name, text string) error
}

// packReaders are the files of a pack that this part of the package reads.
var packReaders = []packReader{
	{"pack.tsv", readPackTable},
	{"abbrev.txt", readAbbreviations},
	{phrasesFile, readPhrases},
	{"dateline.tsv", readDatelineTable},
	{"byline.tsv", readBylines},
}

// eachRow calls f for every line of a pack file but comments and empty ones,
// with the line split at tabs into exactly columns fields. What f returns is
// given the file's name and the line's number.
func eachRow(name, text string, columns int, f func(fields []string) error) error {
	var fields [8]string
	text = strings.TrimPrefix(text, "\ufeff")
	for line := 1; text != ""; line++ {
		row, rest, _ := strings.Cut(text, "\n")
		text = rest
		row = strings.TrimRight(row, " \t\r")
		if row == "" || row[0] == '#' {
			continue
		}
		if !utf8.ValidString(row) {
			return fmt.Errorf("%s:%d: not UTF-8", name, line)
		}
		n := 0
		for cut := true; cut && n < len(fields); n++ {
			var field string
			field, row, cut = strings.Cut(row, "\t")
			fields[n] = strings.TrimSpace(field)
			if fields[n] == "" {
				return fmt.Errorf("%s:%d: column %d is empty", name, line, n+1)
			}
		}
		if n != columns {
			return fmt.Errorf("%s:%d: %d columns, want %d separated by tabs", name, line, n, columns)
		}
		if err := f(fields[:n]); err != nil {
			return fmt.Errorf("%s:%d: %w", name, line, err)
		}
	}
	return nil
}

// readPackTable reads pack.tsv: what kind of language this is.
func readPackTable(p *Pack, name, text string) error {
	*p = Pack{Tag: p.Tag, Direction: "ltr", Abbreviations: p.Abbreviations, phrases: p.phrases, bylines: p.bylines, dateline: p.dateline}
	return eachRow(name, text, 2, func(f []string) error {
		value := f[1]
		switch f[0] {
		case "tag":
			if value != p.Tag {
				return fmt.Errorf("tag %q in the folder of %q", value, p.Tag)
			}
		case "name":
			p.Name = value
		case "script":
			if len(value) != 4 {
				return fmt.Errorf("script %q: want the four letters of ISO 15924", value)
			}
			p.Script = value
		case "direction":
			if value != "ltr" && value != "rtl" {
				return fmt.Errorf("direction %q: want ltr or rtl", value)
			}
			p.Direction = value
		case "parent":
			p.Parent = value
		case "joiners":
			p.joiners = strings.Fields(value)
		default:
			return fmt.Errorf("unknown key %q", f[0])
		}
		return nil
	})
}

// readAbbreviations reads abbrev.txt: words that end in a full stop, any
// number on a line.
func readAbbreviations(p *Pack, name, text string) error {
	p.Abbreviations = nil
	err := eachRow(name, text, 1, func(f []string) error {
		for a := range strings.FieldsSeq(f[0]) {
			if !strings.HasSuffix(a, ".") {
				return fmt.Errorf("abbreviation %q has no full stop at its end", a)
			}
			p.Abbreviations = append(p.Abbreviations, a)
		}
		return nil
	})
	slices.Sort(p.Abbreviations)
	p.Abbreviations = slices.Compact(p.Abbreviations)
	return err
}
