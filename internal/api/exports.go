package api

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"dateline"
	"dateline/internal/store"
	"dateline/search"
)

type exportInput struct {
	Query  string `query:"q" maxLength:"4000" doc:"A query, as docs/formats/query.md describes it."`
	Format string `query:"format" enum:"jsonl,csv,warc" default:"jsonl" doc:"jsonl: a record a line. csv: a table of articles. warc: the pages as they were kept."`
}

// An export may take so long, and who reads it may keep a piece of it waiting
// for so long.
const (
	exportTime = 30 * time.Minute
	exportWait = 30 * time.Second
)

// exported are the media types and names of exports.
var exported = map[string][2]string{
	"jsonl": {"application/jsonl", "articles.jsonl"},
	"csv":   {"text/csv; charset=utf-8; header=present", "articles.csv"},
	"warc":  {"application/warc", "pages.warc.gz"},
}

func (a *API) exportOperations() {
	add(a, about{id: "export", tag: "Exports", path: "/v1/exports", need: looking,
		summary: "Export articles", more: "Those that a query finds, oldest first, as one file. A file that breaks off is not whole.",
		set: func(op *huma.Operation) {
			file := func() *huma.MediaType {
				return &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
			}
			op.Responses = map[string]*huma.Response{"200": {Description: "The file.", Content: map[string]*huma.MediaType{
				"application/jsonl": file(), "text/csv": file(), "application/warc": file()}}}
		}},
		func(_ context.Context, in *exportInput) (*huma.StreamResponse, error) {
			q, err := search.Parse(in.Query)
			if err != nil {
				return nil, err
			}
			if in.Format == "warc" && a.o.Archive == nil {
				return nil, fmt.Errorf("the archive is not here: %w", dateline.ErrUnsupported)
			}
			return &huma.StreamResponse{Body: func(c huma.Context) { a.export(c, q, in.Format) }}, nil
		})
}

// export sends a file. What goes wrong once it has begun breaks it off, so that
// no part is taken for the whole.
func (a *API) export(c huma.Context, q *search.Query, format string) {
	ctx, cancel := context.WithTimeout(c.Context(), exportTime)
	defer cancel()
	next, stop := iter.Pull2(a.o.Store.Search(ctx, q, a.o.Analyzer, store.Options{Oldest: true}))
	defer stop()
	h, err, more := next()
	if err != nil {
		var status huma.StatusError
		errors.As(a.failed("/v1/exports", err), &status)
		_ = huma.WriteErr(a.huma, c, status.GetStatus(), status.Error())
		return
	}
	c.SetHeader("Content-Type", exported[format][0])
	c.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": exported[format][1]}))
	_, rw := humago.Unwrap(c)
	control := http.NewResponseController(rw)
	w := bufio.NewWriterSize(c.BodyWriter(), 32<<10)
	sent := 0
	err = func() error {
		s, err := a.sink(format, w)
		if err != nil {
			return err
		}
		for ; more; h, err, more = next() {
			if err != nil {
				return err
			}
			if sent++; sent%50 == 1 {
				// A server without deadlines has none to put off.
				_ = control.SetWriteDeadline(time.Now().Add(exportWait))
			}
			article, err := a.o.Store.Article(ctx, h.Version)
			if errors.Is(err, dateline.ErrNotFound) {
				continue // it was erased meanwhile
			}
			if err == nil {
				err = s(ctx, &h, article)
			}
			if err != nil {
				return err
			}
		}
		if err := s(ctx, nil, nil); err != nil {
			return err
		}
		return w.Flush()
	}()
	if err != nil {
		a.o.Log.Warn("export articles", "format", format, "sent", sent, "err", err)
		panic(http.ErrAbortHandler)
	}
}

// sink takes articles in a format; nil is the end of them.
type sink func(ctx context.Context, h *store.Hit, article *dateline.Article) error

func (a *API) sink(format string, w io.Writer) (sink, error) {
	switch format {
	case "csv":
		return articleTable(w)
	case "warc":
		return a.pages(w)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return func(_ context.Context, h *store.Hit, article *dateline.Article) error {
		if h == nil {
			return nil
		}
		return enc.Encode(article)
	}, nil
}

// articleColumns are those of docs/formats/tables.md that an article's record
// has itself.
var articleColumns = []string{"id", "version", "url", "outlet", "title", "language", "published", "modified", "fetched", "kind", "authors", "section", "digest", "gone"}

func articleTable(w io.Writer) (sink, error) {
	t := csv.NewWriter(w)
	t.UseCRLF = true
	return func(_ context.Context, h *store.Hit, d *dateline.Article) error {
		if h == nil {
			t.Flush()
			return t.Error()
		}
		fetched, digest := "", ""
		if d.Capture != nil {
			fetched, digest = d.Capture.Fetched.UTC().Format(time.RFC3339), d.Capture.Digest
		}
		gone := ""
		if !h.Page.Gone.IsZero() {
			gone = h.Page.Gone.UTC().Format(time.RFC3339)
		}
		cells := []string{d.ID, strconv.Itoa(d.Version), d.URL, d.Outlet, d.Title, d.Language, d.Published, d.Modified, fetched, string(d.Kind), strings.Join(d.Authors, "; "), d.Section, digest, gone}
		for i := range cells {
			cells[i] = cellText(cells[i])
		}
		return t.Write(cells)
	}, t.Write(articleColumns)
}

// cellText is a cell's text as spreadsheets take it for text: what they would
// take for a formula has an apostrophe before it.
func cellText(s string) string {
	if s != "" && strings.IndexByte("=+-@\t\r\n", s[0]) >= 0 {
		return "'" + s
	}
	return s
}

// pages writes the captures that articles were read from.
func (a *API) pages(w io.Writer) (sink, error) {
	e, err := a.o.Archive.Export(w, "Dateline/"+a.o.Version, a.o.Now())
	if err != nil {
		return nil, err
	}
	type place struct {
		file   string
		offset int64
	}
	seen := map[place]bool{} // articles may have been read from one feed
	return func(ctx context.Context, h *store.Hit, d *dateline.Article) error {
		if h == nil || d.Capture == nil {
			return nil
		}
		at := place{d.Capture.WARC, d.Capture.Offset}
		if seen[at] {
			return nil
		}
		seen[at] = true
		err := e.Add(ctx, at.file, at.offset)
		if errors.Is(err, dateline.ErrGone) {
			return nil // it was erased meanwhile
		}
		return err
	}, nil
}
