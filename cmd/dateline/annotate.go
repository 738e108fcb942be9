package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"dateline"
	"dateline/annotate"
	"dateline/annotate/standard"
	"dateline/lang"
)

type annotateCmd struct {
	Input []string `arg:"" optional:"" help:"Files of JSON lines, or - for standard input, which is the default."`
	Jobs  int      `help:"Texts annotated at once. The default is the number of cores." short:"j" placeholder:"N"`
	Packs string   `help:"A folder of language packs to lay over the built-in ones." placeholder:"DIR"`
}

// Help is shown under the command's usage.
func (c *annotateCmd) Help() string {
	return `Each line is {"id", "text", "language", "date", "url"}; text is required. Each gives
a line {"id", "language", "annotations"}, with offsets in code points of the text.`
}

// maxLine is how long a line of input may be, in bytes: a text of 10 MiB with
// every sign escaped is six times that.
const maxLine = 64 << 20

// annotateLine is a line of input.
type annotateLine struct {
	ID       json.RawMessage `json:"id"`
	Text     *string         `json:"text"`
	Language string          `json:"language"`
	Lang     string          `json:"lang"`
	Date     string          `json:"date"`
	DCT      string          `json:"dct"`
	URL      string          `json:"url"`
}

type annotatedLine struct {
	ID          json.RawMessage       `json:"id,omitempty"`
	Language    string                `json:"language,omitempty"`
	Annotations *dateline.Annotations `json:"annotations,omitempty"`
	Warnings    []string              `json:"warnings,omitempty"`
	Error       string                `json:"error,omitempty"`
}

// Run annotates the lines of all inputs on all cores, in order.
func (c *annotateCmd) Run(ctx context.Context, con console) error {
	if c.Jobs < 0 {
		return usage("annotate: --jobs %d: there must be at least one", c.Jobs)
	}
	runner, err := loadAnnotator(c.Packs, con.err)
	if err != nil {
		return err
	}
	if len(c.Input) == 0 {
		c.Input = []string{"-"}
	}
	jobs := c.Jobs
	if jobs == 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	bad := 0
	for _, name := range c.Input {
		n, err := annotateInput(ctx, con, runner, name, jobs)
		bad += n
		if err != nil {
			return err
		}
	}
	if bad > 0 {
		return errSome
	}
	return nil
}

// annotateInput annotates the lines of one input. One that cannot be read is
// told of, and the run goes on.
func annotateInput(ctx context.Context, con console, runner *annotate.Runner, name string, jobs int) (bad int, err error) {
	in := con.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			fmt.Fprintln(con.err, "dateline: annotate:", plainLine(said(err)))
			return 1, nil
		}
		defer f.Close()
		in = f
	}
	bad, err = annotateLines(ctx, runner, in, con.out, jobs)
	var unread *unreadError
	if errors.As(err, &unread) {
		fmt.Fprintf(con.err, "dateline: annotate %s: %v\n", plainLine(name), unread.err)
		return bad + 1, nil
	}
	return bad, err
}

// unreadError says that the rest of an input could not be read.
type unreadError struct{ err error }

func (e *unreadError) Error() string { return e.err.Error() }

// annotateLines annotates the lines of one input, several at once, and writes
// the results in the order of the lines.
func annotateLines(ctx context.Context, runner *annotate.Runner, in io.Reader, out io.Writer, jobs int) (bad int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type ticket struct {
		line []byte
		to   chan []byte
		bad  *bool
	}
	work := make(chan ticket, jobs)
	order := make(chan ticket, 4*jobs)
	for range jobs {
		go func() {
			for t := range work {
				out, ok := annotateOne(runner, t.line)
				*t.bad = !ok
				t.to <- out
			}
		}()
	}
	scanned := make(chan error, 1)
	go func() {
		defer close(order)
		defer close(work)
		lines := bufio.NewScanner(in)
		lines.Buffer(make([]byte, 0, 1<<16), maxLine)
		n := 0
		for lines.Scan() {
			n++
			line := lines.Bytes()
			if n == 1 {
				line = bytes.TrimPrefix(line, []byte("\ufeff"))
			}
			if line = bytes.TrimSpace(line); len(line) == 0 {
				continue
			}
			t := ticket{bytes.ToValidUTF8(bytes.Clone(line), []byte("\ufffd")), make(chan []byte, 1), new(bool)}
			select {
			case order <- t:
			case <-ctx.Done():
				return
			}
			select {
			case work <- t:
			case <-ctx.Done():
				return
			}
		}
		err := lines.Err()
		if errors.Is(err, bufio.ErrTooLong) {
			err = fmt.Errorf("line %d is longer than %d MiB; annotate reads one JSON object a line", n+1, maxLine>>20)
		}
		scanned <- err
	}()
	w := bufio.NewWriter(out)
	for {
		var t ticket
		var b []byte
		ok := true
		select {
		case t, ok = <-order:
		case <-ctx.Done():
			return bad, ctx.Err() // without waiting for what may never come
		}
		if !ok {
			break
		}
		select {
		case b = <-t.to:
		case <-ctx.Done():
			return bad, ctx.Err()
		}
		if *t.bad {
			bad++
		}
		if _, err = w.Write(b); err == nil && len(order) == 0 {
			err = w.Flush()
		}
		if err != nil {
			return bad, err
		}
	}
	if err = w.Flush(); err != nil {
		return bad, err
	}
	select {
	case err = <-scanned:
	case <-ctx.Done():
		return bad, ctx.Err()
	}
	if err != nil {
		return bad, &unreadError{err}
	}
	return bad, nil
}

// annotateOne annotates one line. A text that makes an annotator panic is
// reported, and the run goes on.
func annotateOne(runner *annotate.Runner, line []byte) (out []byte, ok bool) {
	var in annotateLine
	answer := func(r annotatedLine) []byte {
		r.ID = in.ID
		var buf bytes.Buffer
		enc := json.NewEncoder(&buf)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(r); err != nil {
			return answerError(in.ID, err)
		}
		b := escapeUnseen(buf.Bytes()[:buf.Len()-1])
		return append(b[:len(b):len(b)], '\n')
	}
	defer func() {
		if x := recover(); x != nil {
			out, ok = answer(annotatedLine{Error: fmt.Sprintf("annotating stopped at a fault of the program (%v); please report this text", x)}), false
		}
	}()
	if err := json.Unmarshal(line, &in); err != nil {
		return answer(annotatedLine{Error: lineError(err)}), false
	}
	if in.Text == nil {
		return answer(annotatedLine{Error: "this line has no text; write {\"id\": ..., \"text\": ...}"}), false
	}
	input := annotate.Input{Text: *in.Text, Language: in.Language, Published: in.Date, Country: annotate.CountryOf(in.URL)}
	if input.Language == "" {
		input.Language = in.Lang
	}
	if input.Published == "" {
		input.Published = in.DCT
	}
	if len(input.Text) > greatText {
		great.Lock()
		defer great.Unlock()
	}
	marks, language, err := runner.Annotate(input)
	r := annotatedLine{Language: language, Warnings: lineWarnings(input), Annotations: &dateline.Annotations{Text: *in.Text, List: marks}}
	if err != nil {
		r.Error = err.Error()
	}
	return answer(r), err == nil
}

// greatText is the size of a text of which only one is annotated at a time, so
// that the limit of memory holds.
const greatText = 256 << 10

// lineWarnings says what of a line was not used, and why.
func lineWarnings(in annotate.Input) (warnings []string) {
	if len(in.Text) > annotate.MaxText {
		warnings = append(warnings, "annotations-cut")
	}
	if in.Published != "" {
		if _, ok := lang.ParseDate(in.Published); !ok {
			warnings = append(warnings, "date-unknown")
		}
	}
	if in.Language != "" && lang.Builtin().Pack(in.Language) == nil && !lang.Known(in.Language) {
		warnings = append(warnings, "language-unknown")
	}
	return warnings
}

// lineError says what is wrong with a line that is no object of ours.
func lineError(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return fmt.Sprintf("%q is a %s on this line; it is a string", wrong.Field, wrong.Value)
	}
	if wrong != nil {
		return fmt.Sprintf("this line is a JSON %s; write an object: {\"id\": ..., \"text\": ...}", wrong.Value)
	}
	return fmt.Sprintf("this line is no JSON: %v; write {\"id\": ..., \"text\": ...}", err)
}

func answerError(id json.RawMessage, err error) []byte {
	b, _ := json.Marshal(annotatedLine{ID: id, Error: err.Error()})
	return append(b, '\n')
}

// loadAnnotator is the annotators with the built-in packs, or with a folder's
// laid over them. What is wrong with the folder's files is told, and the rest
// is used.
func loadAnnotator(dir string, errs io.Writer) (*annotate.Runner, error) {
	packs, err := loadPacks(dir, errs)
	if err != nil {
		return nil, err
	}
	runner := standard.New(packs)
	if dir == "" {
		return runner, nil
	}
	for _, tag := range packs.Tags() {
		if info, err := os.Stat(filepath.Join(dir, tag)); err == nil && info.IsDir() {
			tell(errs, runner.Check(packs.Pack(tag)))
		}
	}
	return runner, nil
}

// tell prints each of the errors that were joined in a line of its own.
func tell(errs io.Writer, err error) {
	for _, e := range flatten(err) {
		fmt.Fprintln(errs, "dateline:", plainLine(e.Error()))
	}
}

// loadPacks is the built-in packs, or those with a folder's laid over them.
func loadPacks(dir string, errs io.Writer) (*lang.Packs, error) {
	if dir == "" {
		return lang.Builtin(), nil
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, usage("--packs %q is no folder; it holds a folder per language, as lang/packs/README.md describes", dir)
	}
	if _, err := os.Stat(filepath.Join(dir, "pack.tsv")); err == nil {
		return nil, usage("--packs %q is the folder of one language; give the folder it lies in", dir)
	}
	packs, err := lang.LoadPacks(lang.PackFiles(), os.DirFS(dir))
	if err != nil {
		return nil, err
	}
	tell(errs, errors.Join(packs.Problems()...))
	return packs, nil
}
