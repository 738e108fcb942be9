package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"dateline"
	"dateline/annotate"
	"dateline/fetch"
	"dateline/internal/config"
	"dateline/lang"
	"dateline/read"
)

type readCmd struct {
	Input        []string `arg:"" optional:"" help:"Files (HTML, plain text, WARC; gzip, zstd and brotli too), folders, http(s) addresses, or - for standard input."`
	Format       string   `help:"text, json, jsonl or markdown. The default is text on a terminal and jsonl elsewhere." short:"f" placeholder:"FORMAT"`
	URL          string   `name:"url" help:"The address of a single page that is read from a file or standard input."`
	Date         string   `help:"The day the pages were fetched, as 2024-01-24: no publication date lies after it. A time may follow: 2024-01-24T09:30:00Z."`
	Manifest     string   `help:"JSONL of {path, url, date}, path required: read these files, each with its address. Paths are relative to the manifest's folder; - is standard input." placeholder:"FILE"`
	Jobs         int      `help:"Pages read at once. The default is the number of cores." short:"j" placeholder:"N"`
	NoAnnotate   bool     `help:"Article fields only: no marks on who, where, when, how many and who said so."`
	Packs        string   `help:"A folder of language packs to lay over the built-in ones, for the marks." placeholder:"DIR"`
	AllowPrivate bool     `help:"Let addresses lead into one's own network."`
	Contact      string   `help:"Of addresses: where an outlet finds you, a web page or an e-mail. The default is contact of the settings." placeholder:"ADDRESS"`
	Config       string   `help:"A file of settings; dateline config lists them." placeholder:"FILE"`

	client *fetch.Client    // nil where no address is read
	runner *annotate.Runner // nil for article fields only
}

func (c *readCmd) check() error {
	if len(c.Input) == 0 && c.Manifest == "" {
		return usage("read: no input; give files, folders, an address, or - for standard input")
	}
	if len(c.Input) > 0 && c.Manifest != "" {
		return usage("read: --manifest stands alone; leave out %q", c.Input[0])
	}
	for _, arg := range c.Input {
		if arg == "" {
			return usage("read: an input is empty; give files, folders, an address, or - for standard input")
		}
	}
	if c.Jobs < 0 {
		return usage("read: --jobs %d: there must be at least one", c.Jobs)
	}
	if c.Date != "" {
		d, err := day(c.Date)
		if err != nil {
			return usage("read: --%v", err)
		}
		c.Date = d
	}
	if c.URL != "" {
		if len(c.Input) != 1 || c.Manifest != "" {
			return usage("read: --url goes with a single page; for several use --manifest")
		}
		if webAddress(c.URL) == "" {
			return usage("read: --url %q: write the whole address, https://...", c.URL)
		}
		if info, err := os.Stat(c.Input[0]); err == nil && info.IsDir() {
			return usage("read: --url goes with a single page, and %s is a folder; for several pages use --manifest", c.Input[0])
		}
	}
	return nil
}

// day checks a day that a user gives, and writes it as records do.
func day(s string) (string, error) {
	d, ok := lang.ParseDate(s)
	if !ok || d.Day == 0 {
		return "", fmt.Errorf("date %q: write it as 2024-01-24", s)
	}
	return d.String(), nil
}

// Run reads all inputs on all cores and writes the records in their order.
func (c *readCmd) Run(ctx context.Context, con console) error {
	if err := c.check(); err != nil {
		return err
	}
	terminal := isTerminal(con.out)
	format, err := pageFormat("read", c.Format, con)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(c.Input, isURL) {
		if c.client, err = c.asking(); err != nil {
			return err
		}
	}
	if !c.NoAnnotate {
		runner, err := loadAnnotator(c.Packs, con.err)
		if err != nil {
			return err
		}
		c.runner = runner
	}
	w := newWriter(format, con.out, terminal)
	w.many = c.several()
	b := c.progress(con, terminal)
	jobs := c.Jobs
	if jobs == 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	bad, err := c.pump(ctx, con, jobs, w, b)
	b.end()
	if cerr := w.close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil && bad > 0 {
		return errSome
	}
	return err
}

// asking is how addresses are asked for: by the settings, as outlets are that
// are followed. There is no record, and need be no place for one.
func (c *readCmd) asking() (*fetch.Client, error) {
	flags := map[string]string{"data.dir": "."}
	if c.Contact != "" {
		flags["contact"] = c.Contact
	}
	s, err := config.Load(config.Sources{File: c.Config, Flags: flags, Env: os.Environ()})
	if err != nil {
		return nil, err
	}
	return &fetch.Client{Version: version(), Contact: s.Contact, Proxy: s.Fetch.Proxy, Guard: fetch.Guard{AllowPrivate: c.AllowPrivate || s.Fetch.AllowPrivate}}, nil
}

// several tells whether the inputs may hold more than one page.
func (c *readCmd) several() bool {
	if len(c.Input) != 1 {
		return true
	}
	info, err := os.Stat(c.Input[0])
	return err == nil && info.IsDir()
}

// result is what became of a job: the bytes of its record.
type result struct {
	out  *bytes.Buffer
	size int64
	bad  bool
	many bool   // it is one of several pages of its input
	note string // for people, where the record does not reach them
}

// pump runs the readers. Results are written in the order of the inputs: each
// job brings the channel its result will come through, and as many are under
// way as the queue holds, so memory does not grow with the input.
func (c *readCmd) pump(ctx context.Context, con console, workers int, w *writer, b bar) (bad int, err error) {
	stopped := ctx
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type ticket struct {
		job job
		to  chan result
	}
	work := make(chan ticket, workers)
	order := make(chan chan result, 4*workers)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			var buf bytes.Buffer
			for t := range work {
				t.to <- c.readOne(&t.job, &buf, w)
				if buf.Cap() > 4<<20 {
					buf = bytes.Buffer{} // do not keep what one great page needed
				}
			}
		})
	}
	go func() {
		defer close(order)
		defer close(work)
		in := inputs{cmd: c, in: con.in, emit: func(j job) bool {
			t := ticket{j, make(chan result, 1)}
			select {
			case order <- t.to:
			case <-ctx.Done():
				return false
			}
			select {
			case work <- t:
				return true
			case <-ctx.Done():
				t.to <- result{}
				return false
			}
		}}
		in.all(ctx)
	}()
	pages := 0
	for {
		var to chan result
		var r result
		ok := true
		select {
		case to, ok = <-order:
		case <-stopped.Done():
			return bad, err // without waiting for what may never come
		}
		if !ok {
			break
		}
		select {
		case r = <-to:
		case <-stopped.Done():
			return bad, err
		}
		w.many = w.many || r.many
		if r.bad {
			bad++
		}
		if r.note != "" {
			fmt.Fprintln(con.err, "dateline:", r.note)
		}
		if r.out != nil && err == nil {
			if err = w.write(r.out.Bytes()); err != nil {
				cancel()
			}
			buffers.Put(r.out)
		}
		if r.out != nil {
			pages++
			b.describe(count(pages, "page"))
		}
		b.add(r.size)
	}
	wg.Wait()
	return bad, err
}

// A page takes some ten times its size while it is read. Of great ones only one
// is read at a time, so that the limit of memory holds.
const greatPage = 2 << 20

var great sync.Mutex

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readOne reads a page and renders its record. A page that makes the reader
// panic is reported as one that could not be read, and the run goes on.
func (c *readCmd) readOne(j *job, buf *bytes.Buffer, w *writer) (r result) {
	r.size, r.many = j.size, j.many
	if j.source.Name == "" {
		return r // the rest of an archive, for the progress bar
	}
	out := buffers.Get().(*bytes.Buffer)
	out.Reset()
	r.out = out
	fail := func(err error) {
		r.bad = true
		out.Reset()
		r.note = w.failure(out, j.source.Name, err)
	}
	defer func() {
		if x := recover(); x != nil {
			fail(fmt.Errorf("reading stopped at a fault of the program (%v); please report this page", x))
		}
	}()
	if j.err == nil {
		j.err = j.load(buf)
	}
	if j.err != nil {
		fail(j.err)
		return r
	}
	if len(j.source.Body) > greatPage {
		great.Lock()
		defer great.Unlock()
	}
	a, err := read.Page(j.source, nil)
	if err != nil {
		if errors.Is(err, dateline.ErrUnsupported) && j.source.Coding == "" && !strings.Contains(err.Error(), "of type") {
			err = fmt.Errorf("%w; if it is compressed with brotli, let its name end in .br", err)
		}
		fail(err)
		return r
	}
	if c.runner != nil && (a.Text != "" || a.Title != "") && a.Kind != dateline.KindNotice {
		var err error
		if len(a.Text) > annotate.MaxText {
			a.Warnings = append(a.Warnings, "annotations-cut")
		}
		if a.Annotations, _, err = c.runner.Annotate(annotate.InputOf(a, j.source.Fetched)); err != nil {
			r.note = plainLine(fmt.Sprintf("%s: a mark was left out, a fault of the program: %v", j.source.Name, err))
		}
	}
	if err := w.render(out, a); err != nil {
		fail(err)
	}
	return r
}

// progress shows a bar while many pages are read and standard output is not
// the terminal itself.
func (c *readCmd) progress(con console, terminal bool) bar {
	if terminal {
		return bar{}
	}
	var total int64
	for _, arg := range c.Input {
		n, ok := sizeOf(arg)
		if total += n; !ok {
			total = 0 // unknown: the bar only counts
			break
		}
	}
	if total < 1<<20 && len(c.Input) > 0 && total > 0 {
		return bar{}
	}
	if total == 0 {
		total = -1
	}
	return newBar(con, "reading", total, progressbar.OptionShowBytes(true))
}

// sizeOf is how many bytes of pages a file or folder has.
func sizeOf(path string) (n int64, ok bool) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, false
	}
	if !info.IsDir() {
		return info.Size(), info.Mode().IsRegular()
	}
	err = filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !pageName(d.Name()) {
			return nil // told of when it is read
		}
		if info, err := d.Info(); err == nil {
			n += info.Size()
		}
		return nil
	})
	return n, err == nil
}

func isTerminal(v any) bool {
	f, ok := v.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
