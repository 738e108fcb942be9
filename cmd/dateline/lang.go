package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"dateline/annotate"
	"dateline/annotate/standard"
	"dateline/lang"
)

type langCmd struct {
	List  langListCmd  `cmd:"" help:"List the languages and what their packs know."`
	Check langCheckCmd `cmd:"" help:"Check language packs: their files, their cases, what they cover."`
}

type langListCmd struct {
	Packs string `help:"A folder of language packs to lay over the built-in ones." placeholder:"DIR"`
}

// The files that stand for what a language's pack knows, in the order of the
// list's columns.
var packFeatures = []struct{ file, name string }{
	{"phrases.tsv", "pages"},
	{"dateline.tsv", "datelines"},
	{"dates.tsv", "dates"},
	{"numbers.tsv", "numbers"},
	{"casualty.tsv", "casualties"},
	{"titles.tsv", "offices"},
	{"places.tsv", "places"},
	{"speech.tsv", "speech"},
}

// Run lists the languages.
func (c *langListCmd) Run(con console) error {
	packs, err := loadPacks(c.Packs, con.err)
	if err != nil {
		return err
	}
	layers := []fs.FS{lang.PackFiles()}
	if c.Packs != "" {
		layers = append(layers, os.DirFS(c.Packs))
	}
	w := tabwriter.NewWriter(con.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TAG\tLANGUAGE\tSCRIPT\tKNOWS\tCASES")
	for _, tag := range packs.Tags() {
		p := packs.Pack(tag)
		var knows []string
		for _, f := range packFeatures {
			if rows, _ := p.Rows(f.file); len(rows) > 0 {
				knows = append(knows, f.name)
			}
		}
		cases := 0
		for _, l := range layers {
			n, _ := annotate.ReadCases(l, tag)
			cases += len(n)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\n", plainLine(tag), plainLine(p.Name), plainLine(p.Script), strings.Join(knows, " "), cases)
	}
	return w.Flush()
}

type langCheckCmd struct {
	Dir   string `arg:"" help:"A folder of language packs, or of one language."`
	Cases string `help:"Run only cases whose name contains this." placeholder:"TEXT"`
	Show  bool   `help:"Print all marks that each case gets."`
}

// errPacks says that something is wrong with the packs; it has been told.
var errPacks = fmt.Errorf("%w: the packs have problems", errSome)

// Run checks the packs of a folder.
func (c *langCheckCmd) Run(_ context.Context, con console) error {
	info, err := os.Stat(c.Dir)
	if err != nil || !info.IsDir() {
		return usage("lang check: %s is no folder", c.Dir)
	}
	root, only := c.Dir, ""
	if isPack(os.DirFS(c.Dir), ".") {
		whole, err := filepath.Abs(c.Dir)
		if err != nil {
			return err
		}
		root, only = filepath.Dir(whole), filepath.Base(whole)
	}
	disk := os.DirFS(root)
	packs, err := lang.LoadPacks(lang.PackFiles(), disk)
	if err != nil {
		return err
	}
	runner := standard.New(packs)
	entries, err := fs.ReadDir(disk, ".")
	if err != nil {
		return err
	}
	checked, bad := 0, 0
	for _, e := range entries {
		tag := e.Name()
		if !e.IsDir() || strings.HasPrefix(tag, ".") || only != "" && tag != only || !isPack(disk, tag) {
			continue
		}
		checked++
		bad += c.pack(con, packs, runner, disk, tag)
	}
	if checked == 0 {
		return usage("lang check: %s has no folder of a language; lang/packs/README.md describes them", c.Dir)
	}
	if bad > 0 {
		return errPacks
	}
	return nil
}

// isPack tells whether a folder holds tables or cases.
func isPack(disk fs.FS, dir string) bool {
	for _, pattern := range []string{"*.tsv", "*.txt", "cases/*.txtar"} {
		if found, _ := fs.Glob(disk, path.Join(dir, pattern)); len(found) > 0 {
			return true
		}
	}
	return false
}

// pack checks one language's folder and returns how many problems it has.
func (c *langCheckCmd) pack(con console, packs *lang.Packs, runner *annotate.Runner, disk fs.FS, tag string) (bad int) {
	var out bytes.Buffer
	p := packs.Pack(tag)
	fmt.Fprintf(&out, "%s  %s\n", plainLine(tag), plainLine(p.Name))
	told := map[string]bool{}
	for _, e := range flatten(errors.Join(append(packs.Problems(), runner.Check(p))...)) {
		if s := e.Error(); strings.HasPrefix(s, tag+"/") && !told[s] {
			told[s] = true
			fmt.Fprintln(&out, "  problem:", plainLine(s))
			bad++
		}
	}
	known := packs.Files()
	var missing []string
	for _, name := range known {
		data, err := fs.ReadFile(disk, path.Join(tag, name))
		if err != nil {
			missing = append(missing, name)
			continue
		}
		fmt.Fprintf(&out, "  %-14s %s\n", name, count(tableLines(data), "line"))
	}
	if len(missing) > 0 {
		fmt.Fprintf(&out, "  not there: %s\n", strings.Join(missing, ", "))
	}
	files, _ := fs.ReadDir(disk, tag)
	for _, f := range files {
		if name := f.Name(); !f.IsDir() && !slices.Contains(known, name) && (strings.HasSuffix(name, ".tsv") || strings.HasSuffix(name, ".txt")) {
			fmt.Fprintf(&out, "  problem: %s: no part of the program reads a file of this name\n", plainLine(tag+"/"+name))
			bad++
		}
	}
	bad += c.cases(&out, runner, disk, tag)
	con.out.Write(out.Bytes())
	return bad
}

// cases runs a pack's cases and returns how many do not pass.
func (c *langCheckCmd) cases(out *bytes.Buffer, runner *annotate.Runner, disk fs.FS, tag string) (bad int) {
	cases, err := annotate.ReadCases(disk, tag)
	for _, e := range flatten(err) {
		fmt.Fprintln(out, "  problem:", plainLine(e.Error()))
		bad++
	}
	passed, expected, run := 0, 0, 0
	for _, k := range cases {
		if c.Cases != "" && !strings.Contains(k.Name, c.Cases) {
			continue
		}
		run++
		if c.Show {
			fmt.Fprintf(out, "  %s: %s\n", plainLine(k.File), plainLine(k.Name))
			marks, _, _ := runner.Annotate(k.Input)
			for _, l := range annotate.Describe(k.Input.Title, k.Input.Text, marks) {
				fmt.Fprintln(out, "    = "+plainLine(l))
			}
		}
		diff, err := k.Run(runner)
		switch {
		case err != nil:
			fmt.Fprintf(out, "  problem: %s: case %q: %v\n", plainLine(k.File), k.Name, err)
			bad++
		case diff == "" && k.KnownFailure == "":
			passed++
		case diff != "" && k.KnownFailure != "":
			expected++
		case diff == "":
			fmt.Fprintf(out, "  problem: %s: case %q passes; take its known-failure line out\n", plainLine(k.File), k.Name)
			bad++
		default:
			fmt.Fprintf(out, "  problem: %s: case %q (- is missing, + is too much)\n", plainLine(k.File), k.Name)
			for l := range strings.SplitSeq(strings.TrimSpace(k.Input.Text+"\n"+diff), "\n") {
				fmt.Fprintln(out, "    "+plainLine(l))
			}
			bad++
		}
	}
	of := ""
	if run < len(cases) {
		of = fmt.Sprintf(" of %d", len(cases))
	}
	fmt.Fprintf(out, "  %-14s %d%s, %d pass, %d known to fail\n", "cases", run, of, passed, expected)
	return bad
}

// flatten is the errors that were joined.
func flatten(err error) []error {
	if err == nil {
		return nil
	}
	var many interface{ Unwrap() []error }
	if errors.As(err, &many) {
		var out []error
		for _, e := range many.Unwrap() {
			out = append(out, flatten(e)...)
		}
		return out
	}
	return []error{err}
}

// tableLines counts the lines of a table that are no comments.
func tableLines(data []byte) int {
	n := 0
	for l := range bytes.Lines(data) {
		if l = bytes.TrimSpace(l); len(l) > 0 && l[0] != '#' {
			n++
		}
	}
	return n
}
