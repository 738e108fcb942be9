package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"dateline"
	"dateline/feed"
	"dateline/internal/archive"
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

// sink takes articles in the form of one format.
type sink interface {
	add(ctx context.Context, a *dateline.Article) error
	close() error
}

func (c *exportCmd) export(ctx context.Context, con console, r *record, query *search.Query, out io.Writer) error {
	outlets, err := r.store.ListOutlets(ctx)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(out, 64<<10)
	if c.Format == "opml" {
		list := make([]dateline.Outlet, len(outlets))
		for i := range outlets {
			list[i] = outlets[i].Outlet
			list[i].Sources = own(outlets[i])
		}
		return errors.Join(feed.WriteOPML(w, list), w.Flush())
	}
	t := newTables(outlets)
	s, err := c.sink(con, r, t, w)
	if err != nil {
		return err
	}
	bar, err := c.bar(ctx, con, r)
	if err != nil {
		return err
	}
	defer bar.end()
	for a, err := range r.articles(ctx, query, c.All, func(h store.Hit, version int64) (err error) {
		t.gone = h.Page.Gone.UTC()
		if c.Table == "figures" {
			t.reviews, err = r.store.ReviewsOf(ctx, version)
		}
		return err
	}) {
		if err == nil {
			err = s.add(ctx, a)
		}
		if err != nil {
			return err
		}
		bar.add(1)
	}
	err = s.close()
	return cmp.Or(w.Flush(), err)
}

func (c *exportCmd) sink(con console, r *record, t *tables, w io.Writer) (sink, error) {
	cells := cellText
	if c.Output == "" && isTerminal(con.out) {
		cells = func(s string) string { return cellText(plainLine(s)) }
	}
	switch c.Format {
	case "csv":
		switch c.Table {
		case "figures":
			return newTable(t.figures, newCSV[figureRow](w, cells)), nil
		case "quotes":
			return newTable(t.quotes, newCSV[quoteRow](w, cells)), nil
		}
		return newTable(t.articles, newCSV[articleRow](w, cells)), nil
	case "parquet":
		switch c.Table {
		case "figures":
			return newTable(t.figures, newParquet[figureRow](w)), nil
		case "quotes":
			return newTable(t.quotes, newParquet[quoteRow](w)), nil
		}
		return newTable(t.articles, newParquet[articleRow](w)), nil
	case "warc":
		return newWARC(con, r, w)
	}
	return &jsonlSink{w: newWriter("jsonl", w, false)}, nil
}

// articles gives the articles that fit, oldest first, of each the newest
// version or all of them in their order. found is told of each version before
// it comes.
func (r *record) articles(ctx context.Context, query *search.Query, all bool, found func(h store.Hit, version int64) error) iter.Seq2[*dateline.Article, error] {
	return func(yield func(*dateline.Article, error) bool) {
		for h, err := range r.find(ctx, query, store.Options{Oldest: true}) {
			if err != nil {
				yield(nil, err)
				return
			}
			versions := []store.Version{{N: h.Version}}
			if all {
				if versions, err = r.store.Versions(ctx, h.Page.N); err != nil {
					yield(nil, err)
					return
				}
			}
			for _, v := range versions {
				var a *dateline.Article
				if err = found(h, v.N); err == nil {
					a, err = r.store.Article(ctx, v.N)
				}
				if errors.Is(err, dateline.ErrNotFound) {
					continue // it was erased meanwhile
				}
				if !yield(a, err) || err != nil {
					return
				}
			}
		}
	}
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

// jsonlSink writes article records, a line each.
type jsonlSink struct {
	w    *writer
	line bytes.Buffer
}

func (s *jsonlSink) add(_ context.Context, a *dateline.Article) error {
	s.line.Reset()
	if err := s.w.render(&s.line, a); err != nil {
		return err
	}
	return s.w.write(s.line.Bytes())
}

func (s *jsonlSink) close() error { return s.w.close() }

// warcSink writes the captures that articles were read from.
type warcSink struct {
	archive *archive.Reader
	file    *archive.Exporter
	seen    map[place]bool // articles may have been read from one feed
	errs    io.Writer
	bad     int
}

type place struct {
	file   string
	offset int64
}

func newWARC(con console, r *record, w io.Writer) (sink, error) {
	a, err := archive.OpenRead(r.archiveDir())
	if err != nil {
		return nil, err
	}
	file, err := a.Export(w, "Dateline/"+version(), time.Now())
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return &warcSink{archive: a, file: file, seen: map[place]bool{}, errs: con.err}, nil
}

func (s *warcSink) add(ctx context.Context, a *dateline.Article) error {
	if a.Capture == nil {
		return nil
	}
	at := place{a.Capture.WARC, a.Capture.Offset}
	if s.seen[at] {
		return nil
	}
	s.seen[at] = true
	err := s.file.Add(ctx, at.file, at.offset)
	switch {
	case errors.Is(err, dateline.ErrGone):
		return nil // it was erased meanwhile
	case errors.Is(err, dateline.ErrCorrupt), errors.Is(err, dateline.ErrNotFound):
		s.bad++
		fmt.Fprintln(s.errs, "dateline:", plainLine(a.URL+": "+said(err)))
		return nil
	}
	return err
}

// close says with errSome that pages were damaged and are not in the file.
func (s *warcSink) close() error {
	if err := s.archive.Close(); err != nil || s.bad == 0 {
		return err
	}
	return errSome
}

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

// cellText is a cell's text as spreadsheets take it for text: what they would
// take for a formula has an apostrophe before it.
func cellText(s string) string {
	if s != "" && strings.IndexByte("=+-@\t\r\n", s[0]) >= 0 {
		return "'" + s
	}
	return s
}
