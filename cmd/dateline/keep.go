package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

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
	return `Reads every record of the archive and checks its digests, reads every article of the
database and checks its digest, too, and checks that each has what the other says, also
while dateline follow is at work. Names whatever is damaged or missing; the exit status
is 1 then.`
}

// verified is an archive that can be verified.
type verified interface {
	Read(ctx context.Context, name string, offset int64) (*archive.Answer, error)
	Verify(ctx context.Context, report func(archive.Problem), progress func(done, all int64)) (archive.Summary, error)
}

// place is where a capture is in the archive.
type place struct {
	file   string
	offset int64
}

func (c *verifyCmd) Run(ctx context.Context, con console) error {
	r, err := c.look(ctx, con)
	if err != nil {
		return err
	}
	defer r.close()
	var a verified
	switch err := r.ownArchive(); {
	case err == nil:
		a = r.archive // it mends indexes, too
	case errors.Is(err, dateline.ErrLater):
		beside, err := archive.OpenRead(r.archiveDir())
		if err != nil {
			return err
		}
		defer beside.Close()
		a = beside
	default:
		return advised(r.dir, err)
	}
	bad := 0
	problem := func(format string, args ...any) {
		bad++
		fmt.Fprintln(con.out, plainLine(fmt.Sprintf(format, args...)))
	}
	var b bar
	at := int64(0)
	found := map[place]archive.Problem{} // told with the pages they are of, where the database knows them
	sum, err := a.Verify(ctx, func(p archive.Problem) { found[place{p.File, p.Offset}] = p }, func(done, all int64) {
		if at == 0 {
			b = bytesBar(con, "verifying", all)
		}
		b.add(done - at)
		at = done
	})
	b.end()
	if err != nil {
		return err
	}
	status(con, "checking the database")
	damage, err := r.store.Check(ctx)
	if err != nil {
		return err
	}
	for _, d := range damage {
		problem("database: %s", d)
	}
	words := 0
	for id, err := range r.store.Damaged(ctx) {
		if errors.Is(err, dateline.ErrCorrupt) {
			break // as is said already
		}
		if err != nil {
			return err
		}
		words++
		problem("article %s is damaged in the database", id)
	}
	status(con, "")
	captures, alone := 0, 0
	for _, list := range sum.Whole {
		alone += len(list)
	}
	missing := map[string]int{} // captures by the files that are not there
	harmed := len(found) > 0
	var last place // several captures may have one, as pages have their text of one feed
	for k, err := range r.store.EachCapture(ctx) {
		if err != nil {
			return err
		}
		captures++
		at := place{k.WARC, k.Offset}
		same := at == last
		last = at
		if sum.IsWhole(at.file, at.offset) {
			if !same {
				alone--
			}
			continue
		}
		// It is damaged, gone, or was added meanwhile.
		if _, err := os.Stat(filepath.Join(r.archiveDir(), at.file)); errors.Is(err, os.ErrNotExist) {
			missing[at.file]++
			continue
		}
		_, err := a.Read(ctx, at.file, at.offset)
		if err == nil {
			continue
		}
		if p, ok := found[at]; ok {
			p.URL = "" // said once, with the page
			err = p
			delete(found, at)
		}
		harmed = true
		problem("%s fetched %s%s: %s", k.URL, clock(k.Fetched), r.articleOf(ctx, k.Page), said(err))
	}
	for _, at := range slices.SortedFunc(maps.Keys(found), func(a, b place) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.offset, b.offset))
	}) {
		problem("%s", said(found[at]))
	}
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		problem("%s is missing, with %s", name, count(missing[name], "capture"))
	}
	fmt.Fprintf(con.out, "%s in %s, %s, %s in the database: ", count(sum.Records, "record"), count(sum.Files, "file"), size(sum.Bytes), count(captures, "capture"))
	if alone > 0 && r.archive != nil { // beside another program it may be what that is about to keep
		defer fmt.Fprintf(con.out, "The archive has %s that the database does not know, as where a backup was restored or the program was killed; "+
			"dateline import takes in those pages of the files in %s that are missing.\n", count(alone, "capture"), r.archiveDir())
	}
	if bad == 0 {
		fmt.Fprintln(con.out, "all is well")
		return nil
	}
	fmt.Fprintf(con.out, "%s\n", count(bad, "problem"))
	if harmed || len(missing) > 0 {
		fmt.Fprintf(con.out, "To get back what is damaged or missing in the archive: while no dateline is at work here, copy the files that are named, each with the .cdxj "+
			"of its name, from the archive folder of a backup to %s, then verify again. Keep the damaged files elsewhere: where the backup's is shorter, "+
			"what came later is in them alone.\n", r.archiveDir())
	}
	if words > 0 {
		fmt.Fprintf(con.out, "To make damaged articles anew from their kept pages: dateline redo read --all --data %s\n", r.dir)
	}
	if len(damage) > 0 {
		fmt.Fprintf(con.out, "To mend the database, %s.\n", damagedWay(r.dir))
	}
	return errSome
}

// articleOf names the article of a page behind a comma, where there is one.
func (r *record) articleOf(ctx context.Context, page int64) string {
	if page == 0 {
		return ""
	}
	p, err := r.store.Page(ctx, page)
	if err != nil || p.Version == 0 {
		return ""
	}
	return ", article " + p.ID
}

type redoCmd struct {
	recordFlags
	Stage string `arg:"" enum:"read,annotate" help:"read or annotate."`
	All   bool   `help:"What this version of the program made, too."`
}

// Help is shown under the command's usage.
func (c *redoCmd) Help() string {
	return `Reads or annotates again, with this version of the program, what an older one made,
from the pages as they were kept, and reports what changed. A dateline follow that is
at work has to end first.`
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
	watch := r.watch(ctx, con, stages...)
	err = r.pipeline.Drain(ctx, stages...)
	watch()
	if ctx.Err() != nil {
		fmt.Fprintln(con.err, "dateline: what is left is done by the next dateline redo or follow")
	}
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
nor by importing. Copies outside, backups among them, are not reached. A dateline
follow that is at work has to end first: stop it, erase, and start it again.`
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
	n, stay, err := r.pipeline.Erase(ctx, pages, outlet)
	if n > 0 && ctx.Err() != nil {
		fmt.Fprintln(con.err, "dateline: what is not yet overwritten in the archive will be when dateline follow starts next")
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(con.out, "erased, with %s in the archive\n", count(n, "capture"))
	if stay > 0 {
		fmt.Fprintf(con.out, "%s of the archive not erased: other pages have their text from there, too\n", count(stay, "feed document"))
	}
	return nil
}

type deadCmd struct {
	recordFlags
	Retry  []int64 `help:"Try these again, by their numbers." placeholder:"N"`
	All    bool    `help:"Try all of them again."`
	Limit  int     `help:"How many at most; 0 for all." default:"100" short:"n"`
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
			_, err = fmt.Fprintf(con.out, "%d  %s %s\n    %s, %s\n", d.ID, d.Stage, plainLine(d.Subject), plainLine(keptReason(d.Reason)), count(d.Tries, "try"))
		}
		if err != nil {
			return err
		}
	}
	if len(list) > 0 && format == "text" {
		fmt.Fprintln(con.out, "\n--retry with their numbers, or --all, has dateline follow try them again.")
	}
	return nil
}

// keptBody is the payload of a capture, decoded. The archive may be open elsewhere.
func (r *record) keptBody(ctx context.Context, k store.Kept) ([]byte, error) {
	a, err := archive.OpenRead(r.archiveDir())
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
