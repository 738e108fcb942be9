package annotate

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"dateline"
	"dateline/lang"
)

// Case is a text and the marks it should get. A pack's cases stand in
// cases/*.txtar of its folder; the format is described in lang/packs/README.md.
type Case struct {
	File, Name   string
	Input        Input
	Kinds        []dateline.AnnotationKind // those that are compared
	Want         []string                  // lines as [Runner.Run] gives them, with the keys that matter
	KnownFailure string                    // why it is known to fail; empty where it should not
}

// caseKinds are the kinds that the cases of a file are about.
var caseKinds = map[string][]dateline.AnnotationKind{
	"dates.txtar":   {dateline.KindDate},
	"names.txtar":   {dateline.KindPerson, dateline.KindOrganization},
	"places.txtar":  {dateline.KindPlace},
	"figures.txtar": {dateline.KindFigure},
	"quotes.txtar":  {dateline.KindQuote},
}

// caseKeys are the keys that marks of a kind may have in a case.
var caseKeys = map[dateline.AnnotationKind]string{
	dateline.KindPerson:       " name role organization same_as ",
	dateline.KindOrganization: " name acronym same_as ",
	dateline.KindPlace:        " name kind country lat lon geonames same_as ",
	dateline.KindDate:         " type value mod quant freq relative_to ",
	dateline.KindFigure:       " what min max modifier vague unit of part_of modal place date speaker ",
	dateline.KindQuote:        " type content speaker verb who ",
}

// ReadCases reads the cases of a language's pack: cases/*.txtar in its folder
// in fsys. A file or case that does not follow the format is named in the
// error; the others are returned all the same.
func ReadCases(fsys fs.FS, tag string) ([]Case, error) {
	files, err := fs.Glob(fsys, path.Join(tag, "cases", "*.txtar"))
	if err != nil {
		return nil, err
	}
	var cases []Case
	var bad error
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			bad = errors.Join(bad, err)
			continue
		}
		archive := txtar.Parse(data)
		if len(archive.Files) == 0 {
			bad = errors.Join(bad, &lang.Problem{File: file, Line: 1, Text: "it has no case; a case begins with a line -- name --"})
		}
		for _, f := range archive.Files {
			c, err := readCase(file, tag, f, 1+strings.Count(string(data[:max(0, strings.Index(string(data), "-- "+f.Name+" --"))]), "\n"))
			if err != nil {
				bad = errors.Join(bad, err)
				continue
			}
			cases = append(cases, c)
		}
	}
	return cases, bad
}

// readCase reads a case whose head is on the given line.
func readCase(file, tag string, f txtar.File, line int) (Case, error) {
	c := Case{File: file, Name: f.Name, Input: Input{Language: tag}}
	wrong := func(text string) (Case, error) {
		return Case{}, &lang.Problem{File: file, Line: line, Text: fmt.Sprintf("case %q: %s", f.Name, text)}
	}
	if !utf8.Valid(f.Data) {
		return wrong("not UTF-8")
	}
	var text []string
	head := true
	for line := range strings.Lines(string(f.Data)) {
		line = strings.TrimRight(line, "\r\n")
		if want, ok := strings.CutPrefix(line, "= "); ok {
			kind, _, _ := strings.Cut(strings.TrimPrefix(want, "title "), " ")
			if k := dateline.AnnotationKind(kind); !slices.Contains(c.Kinds, k) {
				c.Kinds = append(c.Kinds, k)
			}
			if _, err := parseMark(want); err != nil {
				return wrong(err.Error())
			}
			c.Want = append(c.Want, want)
			head = false
			continue
		}
		if key, value, ok := strings.Cut(line, ": "); head && ok {
			known := true
			switch value = strings.TrimSpace(value); key {
			case "published", "modified":
				if _, ok := lang.ParseDate(value); !ok {
					return wrong(fmt.Sprintf("%s: %q is no date; write it as 2024-01-24", key, value))
				}
				if key == "published" {
					c.Input.Published = value
				} else {
					c.Input.Modified = value
				}
			case "title":
				c.Input.Title = value
			case "country":
				c.Input.Country = value
			case "dateline":
				c.Input.Dateline = value
			case "known-failure":
				c.KnownFailure = value
			default:
				known = false
			}
			if known {
				continue
			}
		}
		head = head && line == ""
		text = append(text, line)
	}
	c.Input.Text = strings.TrimSpace(strings.Join(text, "\n"))
	if c.Input.Text == "" {
		return wrong("it has no text")
	}
	if k, ok := caseKinds[path.Base(file)]; ok {
		c.Kinds = k
	}
	if len(c.Kinds) == 0 {
		return wrong("it expects nothing; a case of a file of this name needs a line that begins with \"= \"")
	}
	return c, nil
}

// mark is a line of a case: what stands where, and what it means.
type mark struct {
	head string // kind and text, with "title " before them in the headline
	keys map[string]string
}

// parseMark reads `figure "95 people" what=killed min=95`.
func parseMark(line string) (mark, error) {
	m := mark{keys: map[string]string{}}
	kind, rest, ok := strings.Cut(line, " ")
	if kind == "title" {
		var k string
		k, rest, ok = strings.Cut(rest, " ")
		kind += " " + k
	}
	rest = strings.TrimSpace(rest)
	text, err := strconv.QuotedPrefix(rest)
	if !ok || err != nil {
		return m, fmt.Errorf("%q: want a kind and the marked text in quotes", line)
	}
	said, err := strconv.Unquote(text)
	if err != nil {
		return m, fmt.Errorf("%q: %w", line, err)
	}
	m.head = kind + " " + said
	keys, known := caseKeys[dateline.AnnotationKind(strings.TrimPrefix(kind, "title "))]
	if !known {
		return m, fmt.Errorf("%q: there is no kind of mark %q", line, kind)
	}
	for rest = strings.TrimSpace(rest[len(text):]); rest != ""; rest = strings.TrimSpace(rest) {
		key, after, ok := strings.Cut(rest, "=")
		if !ok || key == "" || strings.Contains(key, " ") {
			return m, fmt.Errorf("%q: want key=value behind the text, values with spaces in quotes", line)
		}
		if !strings.Contains(keys, " "+key+" ") {
			return m, fmt.Errorf("%q: a %s has no key %q; it has%s", line, kind, key, strings.TrimRight(keys, " "))
		}
		var value string
		if q, err := strconv.QuotedPrefix(after); err == nil {
			value, _ = strconv.Unquote(q)
			rest = after[len(q):]
		} else {
			value, rest, _ = strings.Cut(after, " ")
		}
		m.keys[key] = value
	}
	return m, nil
}

// fits tells whether got has what want asks for.
func (want mark) fits(got mark) bool {
	if want.head != got.head {
		return false
	}
	for k, v := range want.keys {
		if got.keys[k] != v {
			return false
		}
	}
	return true
}

// Run annotates the case's text and returns how the marks differ from those it
// wants: lines beginning with "-" for what is missing and "+" for what is too
// much, empty where nothing differs.
func (c Case) Run(r *Runner) (string, error) {
	marks, _, err := r.Annotate(c.Input)
	if err != nil {
		return "", err
	}
	var got []string
	for _, line := range Describe(c.Input.Title, c.Input.Text, marks) {
		kind, _, _ := strings.Cut(strings.TrimPrefix(line, "title "), " ")
		if slices.Contains(c.Kinds, dateline.AnnotationKind(kind)) {
			got = append(got, line)
		}
	}
	used := make([]bool, len(got))
	var diff strings.Builder
	for _, w := range c.Want {
		want, err := parseMark(w)
		if err != nil {
			return "", err
		}
		found := false
		for i, g := range got {
			if used[i] {
				continue
			}
			m, err := parseMark(g)
			if err != nil {
				return "", err
			}
			if want.fits(m) {
				used[i], found = true, true
				break
			}
		}
		if !found {
			fmt.Fprintf(&diff, "- %s\n", w)
		}
	}
	for i, g := range got {
		if !used[i] {
			fmt.Fprintf(&diff, "+ %s\n", g)
		}
	}
	return diff.String(), nil
}

// Describe writes marks one a line, as the cases have them: kind, text and
// the keys of the value. Where a key refers to another mark or to a range, it
// is that one's text; "who" is the name of a quotation's speaker.
func Describe(title, text string, marks []*dateline.Annotation) []string {
	data, err := dateline.Annotations{Title: title, Text: text, List: marks}.MarshalJSON()
	if err != nil {
		return []string{err.Error()}
	}
	var records []struct {
		Kind, In, Text string
		Value          map[string]any
	}
	if err := json.Unmarshal(data, &records); err != nil {
		return []string{err.Error()}
	}
	var lines []string
	for _, r := range records {
		var b strings.Builder
		if r.In != "" {
			b.WriteString(r.In + " ")
		}
		fmt.Fprintf(&b, "%s %s", r.Kind, inQuotes(r.Text))
		runes := []rune(text)
		if r.In != "" {
			runes = []rune(title)
		}
		var keys []string
		for k := range r.Value {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			var s string
			switch v := r.Value[k].(type) {
			case string:
				s = v
			case bool:
				s = strconv.FormatBool(v)
			case float64:
				s = strconv.FormatFloat(v, 'f', -1, 64)
				switch k {
				case "same_as", "part_of", "place", "date", "speaker":
					s = records[int(v)].Text
				}
			case []any: // content
				s = string(runes[int(v[0].(float64)):int(v[1].(float64))])
			case map[string]any: // speaker, verb
				s, _ = v["text"].(string)
				if at, ok := v["annotation"].(float64); ok {
					name, _ := records[int(at)].Value["name"].(string)
					fmt.Fprintf(&b, " who=%s", quoted(name))
				}
			}
			fmt.Fprintf(&b, " %s=%s", k, quoted(s))
		}
		lines = append(lines, b.String())
	}
	return lines
}

// quoted writes a value in quotes where it needs them.
func quoted(s string) string {
	if s == "" || strings.ContainsAny(s, " \"\n\t=\\") || !utf8.ValidString(s) {
		return inQuotes(s)
	}
	return s
}

// inQuotes is strconv.Quote that escapes no more than it must: joiners and
// marks of direction belong to the text.
func inQuotes(s string) string {
	if !utf8.ValidString(s) {
		return strconv.Quote(s)
	}
	return `"` + quoteEscapes.Replace(s) + `"`
}

var quoteEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "\r", `\r`)
