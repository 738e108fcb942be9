package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/export"
	"dateline/internal/store"
	"dateline/search"
)

type exportInput struct {
	Query  string `query:"q" maxLength:"4000" example:"flood after:2024" doc:"A query, as docs/formats/query.md describes it."`
	Format string `query:"format" enum:"jsonl,csv,parquet,warc" default:"jsonl" doc:"jsonl: a record a line. csv, parquet: a table. warc: the pages as they were kept."`
	Table  string `query:"table" enum:"articles,figures,quotes" doc:"Of csv and parquet: a row an article, a figure or a quotation, as docs/formats/tables.md describes it. The default is articles."`
}

// Resolve finds what does not go together.
func (in *exportInput) Resolve(huma.Context) []error {
	if in.Table != "" && (in.Format == "jsonl" || in.Format == "warc") {
		return []error{&huma.ErrorDetail{Message: "table goes with the formats csv and parquet", Location: "query.table", Value: in.Table}}
	}
	return nil
}

func (a *API) exportOperations() {
	add(a, about{id: "export", tag: "Exports", path: "/v1/exports", need: looking, errors: []int{http.StatusNotImplemented},
		summary: "Export articles, figures or quotations", more: "What is in the articles that a query finds, oldest first, as one file. A file that breaks off is not whole. An article that is damaged in the record is left out, and the trailer Dateline-Damaged says so behind the file: how many, and the ids of up to 100. Four are sent at once, two of them to one user at most; one more is answered with 503, and Retry-After says when to ask again.",
		set: func(op *huma.Operation) {
			content := map[string]*huma.MediaType{}
			for _, media := range export.MediaTypes {
				name, _, _ := strings.Cut(media, ";")
				content[name] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
			}
			op.Responses = map[string]*huma.Response{"200": {Description: "The file.", Content: content}}
		}},
		func(_ context.Context, in *exportInput) (*huma.StreamResponse, error) {
			q, err := search.Parse(in.Query)
			if err != nil {
				return nil, err
			}
			if in.Format == "warc" && a.o.Archive == nil {
				return nil, fmt.Errorf("the archive is not here: %w", dateline.ErrUnsupported)
			}
			return &huma.StreamResponse{Body: func(c huma.Context) { a.export(c, q, in) }}, nil
		})
}

// export sends a file. What goes wrong once it has begun breaks it off, so that
// no part is taken for the whole.
func (a *API) export(c huma.Context, q *search.Query, in *exportInput) {
	_, rw := humago.Unwrap(c)
	refuse := func(err error) {
		err = a.failed("/v1/exports", err)
		var more huma.HeadersError
		if errors.As(err, &more) {
			c.SetHeader("Retry-After", more.GetHeaders().Get("Retry-After"))
		}
		var status huma.StatusError
		errors.As(err, &status)
		_ = huma.WriteErr(a.huma, c, status.GetStatus(), status.Error())
	}
	leave, err := a.o.Exports.Enter(rw.Header(), access.From(c.Context()).Name())
	if err != nil {
		refuse(err)
		return
	}
	defer leave()
	ctx, cancel := context.WithTimeout(c.Context(), export.Patience)
	defer cancel()
	var bad export.Losses
	items := &export.Reader{Store: a.o.Store, Table: in.Table, Damaged: bad.Add}
	next, stop := iter.Pull2(items.Items(ctx, a.o.Store.Search(ctx, q, a.o.Analyzer, store.Options{Oldest: true})))
	defer stop()
	item, err, more := next()
	if err != nil {
		refuse(err)
		return
	}
	bad.Announce(rw.Header())
	w := export.Send(rw, in.Format, in.Table)
	sent := 0
	err = func() error {
		e, err := a.exporter(w, in, bad.Add)
		if err != nil {
			return err
		}
		for ; more; item, err, more = next() {
			if err == nil {
				err = e.Add(ctx, item)
			}
			if err != nil {
				return err
			}
			sent++
		}
		if err := e.Close(); err != nil {
			return err
		}
		return w.Flush()
	}()
	if err != nil {
		a.o.Log.Warn("export articles", "format", in.Format, "sent", sent, "err", err)
		panic(http.ErrAbortHandler)
	}
	bad.Tell(rw.Header(), a.o.Log)
}

func (a *API) exporter(w io.Writer, in *exportInput, bad export.Damaged) (export.Writer, error) {
	if in.Format != "warc" {
		return export.New(w, export.Options{Format: in.Format, Table: in.Table, Version: a.o.Version})
	}
	file, err := a.o.Archive.Export(w, "Dateline/"+a.o.Version, a.o.Now())
	if err != nil {
		return nil, err
	}
	return export.NewPages(file, bad), nil
}
