package lang

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
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
	{"stop.txt", readStop},
	{phrasesFile, readPhrases},
	{"dateline.tsv", readDatelineTable},
	{"byline.tsv", readBylines},
	{"endings.tsv", readEndings},
}

// eachRow calls f for every line of a pack file but comments and empty ones,
// with the line split at tabs into exactly columns fields. A line that is
// wrong is left out; the error names all of them, each with file and line.
func eachRow(name, text string, columns int, f func(fields []string) error) error {
	var fields [8]string
	var bad []error
	wrong := func(line int, err error) { bad = append(bad, &Problem{name, line, err.Error()}) }
	text = strings.TrimPrefix(text, "\ufeff")
	for line := 1; text != ""; line++ {
		row, rest, _ := strings.Cut(text, "\n")
		text = rest
		row = strings.TrimRight(row, " \t\r")
		if row == "" || row[0] == '#' {
			continue
		}
		if !utf8.ValidString(row) {
			wrong(line, errNotUTF8)
			continue
		}
		n, empty := 0, 0
		for cut := true; cut && n < len(fields); n++ {
			var field string
			field, row, cut = strings.Cut(row, "\t")
			fields[n] = strings.TrimSpace(field)
			if fields[n] == "" && empty == 0 {
				empty = n + 1
			}
		}
		switch {
		case empty > 0:
			wrong(line, fmt.Errorf("column %d is empty", empty))
		case n != columns:
			wrong(line, fmt.Errorf("%d columns, want %d separated by tabs", n, columns))
		default:
			if err := f(fields[:n]); err != nil {
				wrong(line, err)
			}
		}
	}
	return errors.Join(bad...)
}

var errNotUTF8 = errors.New("not UTF-8")

// Problem is what is wrong with a line of a pack's file.
type Problem struct {
	File string // in the pack's layer: "xx/units.tsv"
	Line int    // from 1; 0 for the file as a whole
	Text string
}

func (p *Problem) Error() string {
	if p.Line == 0 {
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

// Row is a line of a pack's table.
type Row struct {
	fields []string
	file   string
	line   int
}

// Field returns the column i, from 0; empty where the row has not so many.
func (r Row) Field(i int) string {
	if i < len(r.fields) {
		return r.fields[i]
	}
	return ""
}

// Forms returns the phrases of column i, which are separated by " | ".
func (r Row) Forms(i int) []string {
	var out []string
	for f := range strings.SplitSeq(r.Field(i), "|") {
		if f = strings.TrimSpace(f); f != "" {
			out = append(out, f)
		}
	}
	return out
}

// Errorf makes a [Problem] of the row.
func (r Row) Errorf(format string, args ...any) error {
	return &Problem{r.file, r.line, fmt.Sprintf(format, args...)}
}

// Rows returns the lines of one of the pack's tables, split at tabs into at
// most eight columns, which may be empty; comments and empty lines are left
// out. Where the pack has no such file it is its parent's, and where nobody has
// it there are no rows. The error is that of [errors.Join] over a [Problem]
// for each line that cannot be used; the rows without them are good.
func (p *Pack) Rows(file string) ([]Row, error) {
	p.set.asked.Store(file, true)
	at := p
	for range 8 { // Parents form no circle, and no such chain.
		name := path.Join(at.Tag, file)
		for i := len(p.set.layers) - 1; i >= 0; i-- {
			text, err := fs.ReadFile(p.set.layers[i], name)
			if err == nil {
				return rowsOf(name, string(text))
			}
			if !errors.Is(err, fs.ErrNotExist) {
				return nil, fmt.Errorf("read language pack: %w", err)
			}
		}
		parent := p.set.byTag[at.Parent]
		if parent == nil {
			break
		}
		at = parent
	}
	return nil, nil
}

// ParseRows splits a table as [Pack.Rows] does; name stands in its problems.
func ParseRows(name, text string) ([]Row, error) { return rowsOf(name, text) }

func rowsOf(name, text string) (rows []Row, err error) {
	var bad []error
	line := 0
	for row := range strings.SplitSeq(strings.TrimPrefix(text, "\ufeff"), "\n") {
		line++
		row = strings.TrimRight(row, " \t\r")
		if row == "" || row[0] == '#' {
			continue
		}
		if !utf8.ValidString(row) {
			bad = append(bad, &Problem{name, line, errNotUTF8.Error()})
			continue
		}
		fields := strings.Split(row, "\t")
		if len(fields) > 8 {
			bad = append(bad, &Problem{name, line, fmt.Sprintf("%d columns; there are at most 8", len(fields))})
			continue
		}
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		rows = append(rows, Row{fields, name, line})
	}
	return rows, errors.Join(bad...)
}

// readPackTable reads pack.tsv: what kind of language this is.
func readPackTable(p *Pack, name, text string) error {
	*p = Pack{Tag: p.Tag, Direction: "ltr", Abbreviations: p.Abbreviations, set: p.set, stop: p.stop, phrases: p.phrases, bylines: p.bylines, dateline: p.dateline, endingTable: p.endingTable}
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
		case "prefixes":
			p.prefixes = foldAll(strings.Fields(value))
		case "suffixes":
			p.suffixes = foldAll(strings.Fields(value))
		case "attached":
			p.attached = foldAll(strings.Fields(value))
		case "endings":
			p.endings = foldAll(strings.Fields(value))
		case "decimal":
			p.decimal = value
		case "group":
			p.group = value
		case "ordinal":
			if value != "." {
				return fmt.Errorf("ordinal %q: want a full stop", value)
			}
			p.ordinalStop = true
		default:
			return fmt.Errorf("unknown key %q", f[0])
		}
		return nil
	})
}

func foldAll(words []string) []string {
	for i, w := range words {
		words[i] = Fold(w)
	}
	return words
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

// readStop reads stop.txt: words that are no names though sentences begin
// with them in capitals, any number on a line.
func readStop(p *Pack, name, text string) error {
	p.stop = nil
	err := eachRow(name, text, 1, func(f []string) error {
		for w := range strings.FieldsSeq(f[0]) {
			p.stop = append(p.stop, Fold(w))
		}
		return nil
	})
	slices.Sort(p.stop)
	p.stop = slices.Compact(p.stop)
	return err
}
