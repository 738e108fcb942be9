package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"dateline"
	"dateline/feed"
	"dateline/fetch"
	"dateline/internal/pipeline"
	"dateline/internal/work"
)

type importCmd struct {
	recordFlags
	Input  []string `arg:"" help:"WARC archives (also .gz and .zst), OPML lists of outlets, or lists of addresses: a line each, or JSONL of {url, title, published}. - is standard input."`
	Since  string   `help:"Of OPML: how far back to go, a day or all. The default is follow.since of the settings." placeholder:"DAY"`
	NoRead bool     `help:"Keep the pages of archives and do not read them yet; dateline follow does it."`
}

// Help is shown under the command's usage.
func (c *importCmd) Help() string {
	return `Pages of other people's archives, those of Common Crawl among them, are kept byte for
byte with their dates, and read and annotated like those that are fetched. Imported
again, nothing comes twice. Outlets and addresses are followed and fetched by
dateline follow, also by one that is at work; archives wait until it has ended.`
}

func (c *importCmd) Run(ctx context.Context, con console) error {
	r, err := c.beside(ctx, con, nil, fetch.Guard{})
	if err != nil {
		return err
	}
	defer r.close()
	since, err := sinceDay(c.Since, time.Now(), r.settings.Follow.Since)
	if err != nil {
		return err
	}
	bad := 0
	for _, name := range c.Input {
		n, err := c.one(ctx, con, r, name, since)
		bad += n
		if err != nil {
			err = fmt.Errorf("import %s: %w", name, err)
			if ctx.Err() != nil || errors.Is(err, dateline.ErrLater) || errors.Is(err, syscall.ENOSPC) {
				return advised(r.dir, err) // what comes next would fare no better
			}
			// The other files are not to blame.
			bad++
			fmt.Fprintln(con.err, "dateline:", plainLine(said(err)))
		}
	}
	if !c.NoRead && r.archive != nil {
		watch := r.watch(ctx, con, work.Read, work.Annotate)
		err := r.pipeline.Drain(ctx, work.Read, work.Annotate)
		watch()
		if err != nil {
			return err
		}
	}
	if bad > 0 {
		return errSome
	}
	return nil
}

// mostTold is how many lines or records that cannot be read are told one by
// one: who has named a file of another kind need not read thousands.
const mostTold = 20

// one imports one file, telling by its first bytes what it is.
func (c *importCmd) one(ctx context.Context, con console, r *record, name string, since time.Time) (bad int, err error) {
	in, total := con.in, int64(-1)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return 0, fileError(name, err)
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil {
			if info.IsDir() {
				return 0, errors.New("this is a folder; name the files in it")
			}
			total = info.Size()
		}
		in = f
	}
	br := bufio.NewReaderSize(in, sniffed)
	head, err := br.Peek(sniffed)
	if err != nil && err != io.EOF {
		return 0, err
	}
	told := 0
	tell := func(err error) {
		switch told++; {
		case told <= mostTold:
			fmt.Fprintln(con.err, "dateline:", plainLine(name+": "+said(err)))
		case told == mostTold+1:
			fmt.Fprintf(con.err, "dateline: %s: there is more that cannot be read; it is counted\n", plainLine(name))
		}
	}
	outletOf, err := r.outletOf(ctx)
	if err != nil {
		return 0, err
	}
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case len(start) == 0:
		return 0, errors.New("the file is empty")
	case isWARC(head):
		if r.archive == nil {
			if err := r.ownArchive(); err != nil {
				return 0, err
			}
		}
		sum, err := c.warc(ctx, con, r, br, total, outletOf, tell)
		fmt.Fprintf(con.err, "%s: %s\n", plainLine(name), imported(sum))
		return sum.Bad, err
	case bytes.HasPrefix(head, []byte("\x1f\x8b")) || bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		return 0, errors.New("this is compressed, and no web archive; decompress it first")
	case isHTML(start):
		return 0, errors.New("this is a page and no list of outlets; dateline read makes an article of one page, and dateline add follows the outlet at an address")
	case start[0] == '<':
		return 0, c.opml(ctx, con, r, br, since)
	default:
		sum, err := r.pipeline.ImportAddresses(ctx, br, outletOf, tell)
		fmt.Fprintf(con.err, "%s: %s to be fetched by dateline follow%s\n", plainLine(name), count(sum.Pages, "address"), besides(sum))
		return sum.Bad, err
	}
}

// warc imports an archive while its pages are being read.
func (c *importCmd) warc(ctx context.Context, con console, r *record, in io.Reader, total int64, outletOf func(string) string, tell func(error)) (pipeline.Imported, error) {
	b := bytesBar(con, "importing", total)
	defer b.end()
	at := int64(0)
	progress := func(offset int64) { b.add(offset - at); at = offset }
	if c.NoRead {
		return r.pipeline.ImportWARC(ctx, in, outletOf, tell, progress)
	}
	return r.pipeline.ImportAndRead(ctx, in, outletOf, tell, progress)
}

// outletOf tells the outlet of an address by its domain.
func (r *record) outletOf(ctx context.Context) (func(string) string, error) {
	list, err := r.store.ListOutlets(ctx)
	if err != nil {
		return nil, err
	}
	byDomain := make(map[string]string, len(list))
	for _, o := range list {
		byDomain[fetch.Domain(o.Home)] = o.ID
	}
	return func(address string) string { return byDomain[fetch.Domain(address)] }, nil
}

func (c *importCmd) opml(ctx context.Context, con console, r *record, in io.Reader, since time.Time) error {
	outlets, err := feed.ReadOPML(in)
	if err != nil {
		return err
	}
	added := 0
	for i := range outlets {
		o := &outlets[i]
		k, err := dateline.PageKey(o.Home)
		if err != nil || len(o.Sources) == 0 {
			fmt.Fprintf(con.err, "dateline: %s: left out, for the list names no feed of it; try dateline add with its address\n", plainLine(cmp.Or(o.Name, o.Home)))
			continue
		}
		o.ID, o.Added, o.Since = dateline.OutletID(k), time.Now(), since
		if err := r.store.PutOutlet(ctx, *o, fetch.Domain); err != nil {
			return err
		}
		added++
	}
	fmt.Fprintf(con.err, "%s to be followed by dateline follow\n", count(added, "outlet"))
	return nil
}

// isHTML tells a page from a list of outlets by how it begins.
func isHTML(start []byte) bool {
	head := bytes.ToLower(start[:min(len(start), 1<<10)])
	return !bytes.Contains(head, []byte("<opml")) && (bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.Contains(head, []byte("<html")))
}

// imported says what an import did.
func imported(s pipeline.Imported) string { return count(s.Pages, "page") + besides(s) }

func besides(s pipeline.Imported) string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{s.Known, "there already"}, {s.Erased, "erased before and left out"}, {s.Other, "no pages of text"}, {s.Bad, "unreadable"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "; " + strings.Join(parts, ", ")
}
