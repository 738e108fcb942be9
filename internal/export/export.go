// Package export writes what the record holds for other programs, and is the
// one place that says what stands in it: the tables of docs/formats/tables.md,
// whole records, and the pages behind them.
//
// Its words: an item is a version of an article with what the record says
// beside it; a [Reader] reads items, a [Writer] writes them in a format, in
// rows where that has a table. Both go an item at a time, so an export of any
// size takes little memory.
//
//	r := &export.Reader{Store: s, Table: "figures"}
//	w, err := export.New(out, export.Options{Format: "csv", Table: "figures"})
//	for item, err := range r.Items(ctx, s.Search(ctx, query, analyzer, o)) {
//		err = w.Add(ctx, item)
//	}
//	err = w.Close()
//
// It does not search, and knows nothing of who asks. What a server needs to send
// an export, and to send few at once, is here too, for there are two that do.
package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"dateline"
	"dateline/internal/store"
)

// Options say what is written.
type Options struct {
	Format  string // jsonl, csv or parquet; [NewPages] writes WARC
	Table   string // of csv and parquet: articles, figures or quotes; articles where empty
	Version string // of the program, which a Parquet file names

	Text func(string) string // what more is done to the words of CSV; nil for nothing
	JSON func([]byte) []byte // what is done to a record's JSON; nil for nothing
}

// Item is a version of an article, and what the record says beside it.
type Item struct {
	*dateline.Article
	OutletName string         // what a page of no outlet that is followed calls itself
	Gone       time.Time      // since when its page is gone, in UTC; zero while it is there
	Reviews    []store.Review // of its figures, oldest first; read for their table alone
}

// Writer writes items. What it has written is whole when Close has returned
// no error; it does not close what it writes to.
type Writer interface {
	Add(ctx context.Context, item *Item) error
	Close() error
}

// New begins an export. ErrInvalid is a format or a table that there is not.
func New(w io.Writer, o Options) (Writer, error) {
	if o.Format == "jsonl" {
		return &lines{w, o.JSON}, nil
	}
	switch o.Table {
	case "", "articles":
		return newTable(w, &o, articles)
	case "figures":
		return newTable(w, &o, Figures)
	case "quotes":
		return newTable(w, &o, quotes)
	}
	return nil, fmt.Errorf("table %.40q: it is articles, figures or quotes: %w", o.Table, dateline.ErrInvalid)
}

// Damaged is told of what cannot be exported: of the article with its id, whose
// page has that address.
type Damaged func(id, address string, err error)

// Reader reads what is exported.
type Reader struct {
	Store store.Store
	Table string // as of [Options], since one needs more than another
	All   bool   // every version of an article, and not the newest alone

	// Damaged is told of each article that is damaged in the record, and is left
	// out; where it is nil such a one is an error.
	Damaged Damaged

	outlets map[string]string // names by ids, once they are read
}

// Items gives the articles that were found, in their order; of each the version
// that was found, or all of them, oldest first. What was erased meanwhile is
// left out. It ends with the first error. An item may be kept.
func (r *Reader) Items(ctx context.Context, found iter.Seq2[store.Hit, error]) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		for h, err := range found {
			versions := []store.Version{{N: h.Version}}
			if err == nil && r.All {
				versions, err = r.Store.Versions(ctx, h.Page.N)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, v := range versions {
				item, err := r.Item(ctx, &h, v.N)
				if errors.Is(err, dateline.ErrNotFound) {
					continue
				}
				if r.Damaged != nil && errors.Is(err, dateline.ErrCorrupt) {
					r.Damaged(h.Page.ID, h.Page.URL, err)
					continue
				}
				if !yield(item, err) || err != nil {
					return
				}
			}
		}
	}
}

// Item reads a version of an article that was found. ErrNotFound where it was
// erased meanwhile.
func (r *Reader) Item(ctx context.Context, h *store.Hit, version int64) (*Item, error) {
	if r.outlets == nil {
		var err error
		if r.outlets, err = r.Store.OutletNames(ctx); err != nil {
			return nil, err
		}
	}
	a, err := r.Store.Article(ctx, version)
	if err != nil {
		return nil, err
	}
	item := &Item{Article: a, OutletName: r.outlets[a.Outlet], Gone: h.Page.Gone.UTC()}
	if item.OutletName == "" {
		item.OutletName = a.Site.Name
	}
	if r.Table == "figures" {
		item.Reviews, err = r.Store.ReviewsOf(ctx, version)
	}
	return item, err
}

// lines writes records as JSON, a line each.
type lines struct {
	w    io.Writer
	made func([]byte) []byte
}

func (l *lines) Add(_ context.Context, item *Item) error {
	b, err := item.MarshalJSON()
	if err != nil {
		return err
	}
	if l.made != nil {
		b = l.made(b)
	}
	_, err = l.w.Write(append(b, '\n'))
	return err
}

func (l *lines) Close() error { return nil }
