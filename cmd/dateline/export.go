package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"dateline"
	"dateline/feed"
	"dateline/internal/archive"
	"dateline/internal/export"
	"dateline/internal/store"
	"dateline/search"
)

type exportCmd struct {
	recordFlags
	Query  []string `arg:"" optional:"" help:"Which articles, as dateline list has it; all where nothing is said."`
	Format string   `help:"jsonl: whole records. csv and parquet: a table. warc: the pages as they were kept. opml: the outlets." default:"jsonl" short:"f" placeholder:"FORMAT"`
	Table  string   `help:"Of csv and parquet: articles, figures or quotes. The default is articles." short:"t" placeholder:"TABLE"`
	Output string   `help:"Write this file, which is there only when it is whole. The default is standard output." short:"o" placeholder:"FILE"`
	All    bool     `name:"all-versions" help:"Every version of each article, and not the newest alone."`
}

// Help is shown under the command's usage.
func (c *exportCmd) Help() string {
	return `Takes articles out of the record, oldest first, for other programs. In the tables a
row is an article, a figure with the sentence it stands in, or a quotation; each
says from which page, fetched when, with which digest. docs/formats/tables.md
describes their columns. What is exported as warc, dateline import takes in; it is
compressed with gzip, a member a record, so a name for it ends in .warc.gz.`
}

func (c *exportCmd) Run(ctx context.Context, con console) error {
	if err := c.check(con); err != nil {
		return err
	}
	query, err := parseQuery(c.Query, con)
	if err != nil {
		return err
	}
	r, err := c.look(ctx, con)
	if err != nil {
		return err
	}
	defer r.close()
	if c.Output == "" {
		return c.export(ctx, con, r, query, con.out)
	}
	return writeWhole(c.Output, func(w io.Writer) error { return c.export(ctx, con, r, query, w) })
}

// check finds what does not go together.
func (c *exportCmd) check(con console) error {
	tabular := c.Format == "csv" || c.Format == "parquet"
	switch {
	case !slices.Contains([]string{"jsonl", "csv", "parquet", "warc", "opml"}, c.Format):
		return usage("export: --format %q: it is jsonl, csv, parquet, warc or opml", c.Format)
	case c.Table != "" && !tabular:
		return usage("export: --table goes with --format csv or parquet")
	case !slices.Contains([]string{"", "articles", "figures", "quotes"}, c.Table):
		return usage("export: --table %q: it is articles, figures or quotes", c.Table)
	case c.Format == "opml" && (len(c.Query) > 0 || c.All):
		return usage("export: --format opml is of all outlets; it takes no query and no --all-versions")
	case c.Format == "warc" && strings.HasSuffix(c.Output, ".warc"):
		return usage("export: warc is written with gzip; name the file %s.gz", c.Output)
	case (c.Format == "parquet" || c.Format == "warc") && c.Output == "" && isTerminal(con.out):
		return usage("export: %s is not for a terminal; say --output FILE", c.Format)
	}
	return nil
}

func (c *exportCmd) export(ctx context.Context, con console, r *record, query *search.Query, out io.Writer) error {
	w := bufio.NewWriterSize(out, 64<<10)
	if c.Format == "opml" {
		outlets, err := r.store.ListOutlets(ctx)
		if err != nil {
			return err
		}
		list := make([]dateline.Outlet, len(outlets))
		for i := range outlets {
			list[i] = outlets[i].Outlet
			list[i].Sources = own(outlets[i])
		}
		return errors.Join(feed.WriteOPML(w, list), w.Flush())
	}
	bad := 0
	damaged := func(id, address string, err error) {
		bad++
		fmt.Fprintf(con.err, "dateline: %s, article %s: %s\n", plainLine(address), id, plainLine(said(err)))
	}
	e, err := c.begin(con, r, w, damaged)
	if err != nil {
		return err
	}
	bar, err := c.bar(ctx, con, r)
	if err != nil {
		return err
	}
	defer bar.end()
	items := &export.Reader{Store: r.store, Table: c.Table, All: c.All, Damaged: damaged}
	for item, err := range items.Items(ctx, r.find(ctx, query, store.Options{Oldest: true})) {
		if err == nil {
			err = e.Add(ctx, item)
		}
		if err != nil {
			return err
		}
		bar.add(1)
	}
	if err := errors.Join(e.Close(), w.Flush()); err != nil || bad == 0 {
		return err
	}
	fmt.Fprintf(con.err, "dateline: %s left out as damaged; the rest is whole, and dateline verify says what else is not\n", count(bad, "article"))
	return errSome
}

// begin begins an export. What a terminal would obey is no part of what is
// shown on one, and is escaped in JSON everywhere.
func (c *exportCmd) begin(con console, r *record, w io.Writer, damaged export.Damaged) (export.Writer, error) {
	if c.Format == "warc" {
		return newPages(r, w, damaged)
	}
	o := export.Options{Format: c.Format, Table: c.Table, Version: version(), JSON: escapeUnseen}
	if c.Output == "" && isTerminal(con.out) {
		o.Text = plainLine
	}
	return export.New(w, o)
}

// find gives the articles that fit a query, as [store.Records.Search] does.
func (r *record) find(ctx context.Context, query *search.Query, o store.Options) iter.Seq2[store.Hit, error] {
	// What is wrong with the packs was told when the articles came in.
	packs, err := loadPacks(r.settings.Packs.Dir, io.Discard)
	if err != nil {
		return func(yield func(store.Hit, error) bool) { yield(store.Hit{}, err) }
	}
	return r.store.Search(ctx, query, search.NewAnalyzer(packs), o)
}

// bar counts articles; how many there will be is not known of a query.
func (c *exportCmd) bar(ctx context.Context, con console, r *record) (bar, error) {
	if !isTerminal(con.err) || c.Output == "" && isTerminal(con.out) {
		return bar{}, nil
	}
	t, err := r.store.Totals(ctx)
	if err != nil {
		return bar{}, err
	}
	total := t.Articles
	if c.All {
		total = t.Versions
	}
	if len(c.Query) > 0 {
		total = -1
	}
	return newBar(con, "exporting", int64(total), progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString("articles")), nil
}

// pages writes the captures that articles were read from.
type pages struct {
	export.Writer
	archive *archive.Reader
}

func newPages(r *record, w io.Writer, damaged export.Damaged) (*pages, error) {
	a, err := archive.OpenRead(r.archiveDir())
	if err != nil {
		return nil, err
	}
	file, err := a.Export(w, "Dateline/"+version(), time.Now())
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return &pages{export.NewPages(file, damaged), a}, nil
}

func (p *pages) Close() error { return errors.Join(p.Writer.Close(), p.archive.Close()) }

// writeWhole has the file written under another name beside it, and gives it
// its own when all of it is on the disk. What is no plain file is written to
// as it is.
func writeWhole(name string, write func(io.Writer) error) (err error) {
	part := name + ".part"
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return usage("export: --output %s is a folder; name a file in it", name)
		}
		part = name
	}
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if errors.Is(err, fs.ErrNotExist) {
		return usage("export: --output %s: there is no folder %s; make it first", name, filepath.Dir(name))
	}
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	some := write(f)
	if !errors.Is(some, errSome) { // which says that it is whole but for what was told
		err = some
	}
	if part == name {
		return cmp.Or(f.Close(), some)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = cmp.Or(err, f.Close()); err == nil {
		err = os.Rename(part, name)
	}
	if err != nil {
		os.Remove(part)
		return err
	}
	return some
}
