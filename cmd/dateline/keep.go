package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"dateline"
	"dateline/fetch"
	"dateline/internal/archive"
	"dateline/internal/store"
	"dateline/internal/work"
	"dateline/read"
)

type verifyCmd struct{ recordFlags }

// Help is shown under the command's usage.
func (c *verifyCmd) Help() string {
	return `Reads every record of the archive and checks its digests, checks the database, and
checks that each has what the other says. Names whatever is damaged or missing;
the exit status is 1 then.`
}

func (c *verifyCmd) Run(ctx context.Context, con console) error {
	r, err := c.ownThere(ctx, con, nil, fetch.Guard{})
	if err != nil {
		return err
	}
	defer r.close()
	bad := 0
	problem := func(format string, args ...any) {
		bad++
		fmt.Fprintln(con.out, plainLine(fmt.Sprintf(format, args...)))
	}
	bar, at := bytesBar(con, "verifying", r.archive.Size()), int64(0)
	sum, err := r.archive.Verify(ctx, func(p archive.Problem) { problem("%v", p) }, func(done, all int64) { bar.add(done - at); at = done })
	bar.end()
	if err != nil {
		return err
	}
	damage, err := r.store.Check(ctx)
	if err != nil {
		return err
	}
	for _, d := range damage {
		problem("database: %s", d)
	}
	captures := 0
	for k, err := range r.store.EachCapture(ctx) {
		if err != nil {
			return err
		}
		captures++
		if _, err := r.archive.Read(ctx, k.WARC, k.Offset); err != nil {
			problem("%s at %d, %s fetched %s: %v", k.WARC, k.Offset, k.URL, k.Fetched.UTC().Format(time.RFC3339), err)
		}
	}
	fmt.Fprintf(con.out, "%s in %s, %s, %s in the database: ", count(sum.Records, "record"), count(sum.Files, "file"), size(sum.Bytes), count(captures, "capture"))
	if bad > 0 {
		fmt.Fprintf(con.out, "%s\n", count(bad, "problem"))
		return errSome
	}
	fmt.Fprintln(con.out, "all is well")
	return nil
}

type backupCmd struct {
	recordFlags
	To string `arg:"" help:"A new folder for the copy."`
}

// Help is shown under the command's usage.
func (c *backupCmd) Help() string {
	return `A copy of the record that is consistent though dateline follow is at work: the
database as it is at one moment, and the archive at least as far. Made again into
the same folder it copies only those files of the archive that have changed.`
}

func (c *backupCmd) Run(ctx context.Context, con console) error {
	r, err := c.look(ctx, con)
	if err != nil {
		return err
	}
	defer r.close()
	here, err := os.Stat(r.dir)
	if err != nil {
		return err
	}
	if to, err := os.Stat(c.To); err == nil && os.SameFile(here, to) {
		return usage("backup: %s is the record itself; name another folder", c.To)
	}
	if err := os.MkdirAll(filepath.Join(c.To, "archive"), 0o777); err != nil {
		return err
	}
	// The database first: the archive has all that it speaks of, and goes on growing.
	fresh := filepath.Join(c.To, databaseName+".new")
	if err := os.Remove(fresh); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := r.store.Backup(ctx, fresh); err != nil {
		return err
	}
	n, err := copyArchive(ctx, con, filepath.Join(r.dir, "archive"), filepath.Join(c.To, "archive"))
	if err != nil {
		return err
	}
	// A log that a look at the older copy has left is not of this one.
	for _, log := range []string{"-wal", "-shm"} {
		if err := os.Remove(filepath.Join(c.To, databaseName+log)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if err := os.Rename(fresh, filepath.Join(c.To, databaseName)); err != nil {
		return err
	}
	if err := syncFolder(c.To); err != nil {
		return err
	}
	fmt.Fprintf(con.out, "backed up to %s; %s of the archive copied\n", c.To, size(n))
	return nil
}

type restoreCmd struct {
	recordFlags
	From string `arg:"" help:"The folder of a backup."`
}

// Help is shown under the command's usage.
func (c *restoreCmd) Help() string {
	return `Makes a record of a backup, in a folder (--data) that has none.`
}

func (c *restoreCmd) Run(ctx context.Context, con console) error {
	if _, err := os.Stat(filepath.Join(c.From, databaseName)); err != nil {
		return fmt.Errorf("%s is no backup: it has no %s: %w", c.From, databaseName, dateline.ErrNotFound)
	}
	s, err := c.load(nil)
	if err != nil {
		return err
	}
	dir := s.Data.Dir
	if _, err := os.Stat(filepath.Join(dir, databaseName)); err == nil {
		return fmt.Errorf("there is a record in %s already; say with --data where the restored one is to be", dir)
	}
	if err := os.MkdirAll(filepath.Join(dir, "archive"), 0o777); err != nil {
		return advised(dir, err)
	}
	if _, err := copyArchive(ctx, con, filepath.Join(c.From, "archive"), filepath.Join(dir, "archive")); err != nil {
		return err
	}
	// Last, and under its name only when it is whole: until then there is no record.
	if _, err := copyFile(ctx, filepath.Join(c.From, databaseName), filepath.Join(dir, databaseName)); err != nil {
		return err
	}
	if err := syncFolder(dir); err != nil {
		return err
	}
	fmt.Fprintf(con.out, "restored into %s; `dateline verify --data %s` checks it\n", dir, dir)
	return nil
}

// copyArchive copies the files of an archive that are not there as they are by
// size and time of change: an erasure changes a file and not its size.
func copyArchive(ctx context.Context, con console, from, to string) (copied int64, err error) {
	list, err := os.ReadDir(from)
	if err != nil {
		return 0, err
	}
	var total int64
	for _, e := range list {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			total += info.Size()
		}
	}
	bar := bytesBar(con, "copying", total)
	defer bar.end()
	for _, e := range list {
		name := e.Name()
		if !e.Type().IsRegular() || !strings.HasSuffix(name, ".warc.gz") && !strings.HasSuffix(name, ".cdxj") {
			continue
		}
		src, err := e.Info()
		if err != nil {
			return copied, err
		}
		dst, err := os.Stat(filepath.Join(to, name))
		if err == nil && dst.Size() == src.Size() && dst.ModTime().Equal(src.ModTime()) {
			bar.add(src.Size())
			continue
		}
		n, err := copyFile(ctx, filepath.Join(from, name), filepath.Join(to, name))
		copied += n
		bar.add(n)
		if err != nil {
			return copied, err
		}
	}
	return copied, syncFolder(to)
}

// copyFile copies a file, which has its name only when it is whole.
func copyFile(ctx context.Context, from, to string) (n int64, err error) {
	src, err := os.Open(from)
	if err != nil {
		return 0, err
	}
	defer src.Close()
	fresh := to + ".new"
	dst, err := os.Create(fresh)
	if err != nil {
		return 0, err
	}
	// Its time is that of before, so that what changes meanwhile is seen next time.
	info, err := src.Stat()
	if err == nil {
		n, err = io.Copy(dst, contextReader{ctx, src})
	}
	if err == nil {
		err = dst.Sync()
	}
	if err = errors.Join(err, dst.Close()); err == nil {
		err = os.Chtimes(fresh, time.Time{}, info.ModTime())
	}
	if err == nil {
		err = os.Rename(fresh, to)
	}
	if err != nil {
		os.Remove(fresh)
	}
	return n, err
}

type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (r contextReader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(b)
}

// syncFolder makes the names in a folder durable.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

type redoCmd struct {
	recordFlags
	Stage string `arg:"" enum:"read,annotate" help:"read or annotate."`
	All   bool   `help:"What this version of the program made, too."`
}

// Help is shown under the command's usage.
func (c *redoCmd) Help() string {
	return `Reads or annotates again, with this version of the program, what an older one made,
from the pages as they were kept, and reports what changed.`
}

func (c *redoCmd) Run(ctx context.Context, con console) error {
	r, err := c.ownThere(ctx, con, nil, fetch.Guard{})
	if err != nil {
		return err
	}
	defer r.close()
	before, err := r.store.Totals(ctx)
	if err != nil {
		return err
	}
	stage, now := work.Stage(c.Stage), read.Version
	stages := []work.Stage{work.Read, work.Annotate}
	if stage == work.Annotate {
		now, stages = r.pipeline.Annotator.Version(), stages[1:]
	}
	if c.All {
		now = "all of " + time.Now().UTC().Format(time.RFC3339)
	}
	n, err := r.store.Redo(ctx, stage, now, time.Now())
	if err != nil {
		return err
	}
	if n == 0 {
		fmt.Fprintf(con.out, "nothing to %s again: all was made by this version\n", stage)
	}
	watch := r.watch(ctx, con)
	err = r.pipeline.Drain(ctx, stages...)
	watch()
	if err != nil {
		return err
	}
	after, err := r.store.Totals(ctx)
	if err != nil {
		return err
	}
	if n > 0 {
		fmt.Fprintf(con.out, "%s done again: articles %d to %d, versions %d to %d, marks %d to %d\n", count(n, "unit"),
			before.Articles, after.Articles, before.Versions, after.Versions, before.Marks, after.Marks)
	}
	return nil
}

type eraseCmd struct {
	recordFlags
	What []string `arg:"" help:"Pages, by id or address, or one outlet with --outlet."`
	Out  bool     `name:"outlet" help:"What is named is an outlet: erase all of it, and follow it no more."`
	Yes  bool     `help:"Do not ask."`
}

// Help is shown under the command's usage.
func (c *eraseCmd) Help() string {
	return `Removes pages everywhere: article, versions, marks, search terms, and the kept bytes
in the archive, which are overwritten. They do not come back, neither by following
nor by importing. Copies outside, backups among them, are not reached.`
}

func (c *eraseCmd) Run(ctx context.Context, con console) error {
	r, err := c.ownThere(ctx, con, nil, fetch.Guard{})
	if err != nil {
		return err
	}
	defer r.close()
	var pages []int64
	outlet := ""
	if c.Out {
		if len(c.What) != 1 {
			return usage("erase: one outlet at a time")
		}
		list, err := r.store.ListOutlets(ctx)
		if err != nil {
			return err
		}
		o, err := findOutlet(list, c.What[0])
		if err != nil {
			return err
		}
		outlet = o.ID
		fmt.Fprintf(con.err, "%s: the outlet with %s and %s\n", plainLine(o.Name), count(o.Pages, "page"), count(o.Articles, "article"))
	} else {
		for _, id := range c.What {
			p, err := r.page(ctx, id)
			if err != nil {
				return err
			}
			fmt.Fprintf(con.err, "%s\n", plainLine(p.URL))
			pages = append(pages, p.N)
		}
	}
	if !c.Yes {
		if !isTerminal(con.in) {
			return usage("erase: what is erased does not come back; say --yes")
		}
		fmt.Fprint(con.err, "Erase this for good? Type yes: ")
		var answer string
		if fmt.Fscanln(con.in, &answer); answer != "yes" {
			return errors.New("nothing was erased")
		}
	}
	n, err := r.pipeline.Erase(ctx, pages, outlet)
	if err != nil {
		return err
	}
	fmt.Fprintf(con.out, "erased, with %s in the archive\n", count(n, "capture"))
	return nil
}

type deadCmd struct {
	recordFlags
	Retry  []int64 `help:"Try these again, by their numbers." placeholder:"N"`
	All    bool    `help:"Try all of them again."`
	Limit  int     `help:"How many at most." default:"100" short:"n"`
	Format string  `help:"text or jsonl. The default is text on a terminal and jsonl elsewhere." short:"f" placeholder:"FORMAT"`
}

// Help is shown under the command's usage.
func (c *deadCmd) Help() string {
	return `What was given up after several tries, with the reason.`
}

func (c *deadCmd) Run(ctx context.Context, con console) error {
	format, err := tableFormat("dead", c.Format, con)
	if err != nil {
		return err
	}
	r, err := c.look(ctx, con)
	if err != nil {
		return err
	}
	defer r.close()
	if c.All || len(c.Retry) > 0 {
		total := 0
		ids := c.Retry
		if c.All {
			ids = []int64{0}
		}
		for _, id := range ids {
			n, err := r.store.Retry(ctx, id, time.Now())
			if err != nil {
				return err
			}
			if n == 0 && id != 0 {
				return fmt.Errorf("number %d: %w; `dateline dead` lists what was given up", id, dateline.ErrNotFound)
			}
			total += n
		}
		fmt.Fprintf(con.err, "%s will be tried again by dateline follow\n", count(total, "unit"))
		return nil
	}
	list, err := r.store.Dead(ctx, c.Limit)
	if err != nil {
		return err
	}
	if len(list) == 0 && format == "text" {
		fmt.Fprintln(con.out, "Nothing was given up.")
	}
	for _, d := range list {
		if format == "jsonl" {
			err = printJSON(con.out, struct {
				ID      int64      `json:"id"`
				Stage   work.Stage `json:"stage"`
				Subject string     `json:"subject"`
				Tries   int        `json:"tries"`
				Reason  string     `json:"reason"`
				At      time.Time  `json:"at"`
			}{d.ID, d.Stage, d.Subject, d.Tries, d.Reason, d.At})
		} else {
			_, err = fmt.Fprintf(con.out, "%d  %s %s\n    %s, %s\n", d.ID, d.Stage, plainLine(d.Subject), plainLine(d.Reason), count(d.Tries, "try"))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// keptBody is the payload of a capture, decoded. The archive may be open elsewhere.
func (r *record) keptBody(ctx context.Context, k store.Kept) ([]byte, error) {
	a, err := archive.OpenRead(filepath.Join(r.dir, "archive"))
	if err != nil {
		return nil, err
	}
	defer a.Close()
	answer, err := a.Read(ctx, k.WARC, k.Offset)
	if err != nil {
		return nil, err
	}
	body, _, err := fetch.Decode(answer.Payload, answer.Header, 64<<20)
	return body, err
}

// bar is a progress bar, or nothing where there is no terminal.
type bar struct{ b *progressbar.ProgressBar }

func bytesBar(con console, what string, total int64) bar {
	if !isTerminal(con.err) || isTerminal(con.out) && total < 1<<20 {
		return bar{}
	}
	return bar{progressbar.NewOptions64(total, progressbar.OptionSetWriter(con.err), progressbar.OptionShowBytes(true),
		progressbar.OptionSetDescription(what), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(200*time.Millisecond))}
}

func (b bar) add(n int64) {
	if b.b != nil {
		b.b.Add64(n)
	}
}

func (b bar) end() {
	if b.b != nil {
		b.b.Finish()
	}
}
