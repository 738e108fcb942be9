package web

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"net/http"
	"slices"
	"strings"

	"dateline"
	"dateline/internal/export"
)

// citedFigure is a row of figures.csv: of the table of figures, with the
// address at which a person sees the sentence.
type citedFigure struct {
	export.FigureRow
	Cite string `parquet:"cite"`
}

// CSV is the address of the file with the figures of this page's search.
func (c *call) CSV() string {
	q := c.r.URL.Query()
	q.Del("cursor")
	u := c.URL("/figures.csv")
	if len(q) > 0 {
		u += "?" + q.Encode()
	}
	return u
}

// figuresCSV sends all figures that fit a search. What goes wrong once the
// file has begun breaks it off, so that no part is taken for the whole.
func (c *call) figuresCSV() error {
	f, err := c.figureSearch()
	if err != nil {
		return err
	}
	f.options.Cursor = ""
	leave, err := c.s.Exports.Enter(c.w.Header(), c.id.Name())
	if err != nil {
		return err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(c.r.Context(), export.Patience)
	defer cancel()
	var bad export.Losses
	next, stop := iter.Pull2(c.citedFigures(ctx, f, bad.Add))
	defer stop()
	row, err, more := next()
	if err != nil {
		return err
	}
	bad.Announce(c.w.Header())
	w := export.Send(c.w, "csv", "figures")
	file := export.NewCSV[citedFigure](w, nil)
	sent := 0
	for ; more && err == nil; row, err, more = next() {
		if _, err = file.Write([]citedFigure{row}); err != nil {
			break
		}
		sent++
	}
	if err = cmp.Or(err, file.Close()); err == nil {
		err = w.Flush()
	}
	if err != nil {
		c.s.Log.Warn("send figures", "sent", sent, "err", err)
		panic(http.ErrAbortHandler)
	}
	bad.Tell(c.w.Header(), c.s.Log)
	return nil
}

// citedFigures gives the rows of the figures that fit, in the search's order,
// but for those of articles that are damaged, which it tells.
func (c *call) citedFigures(ctx context.Context, f figureSearch, damaged export.Damaged) iter.Seq2[citedFigure, error] {
	return func(yield func(citedFigure, error) bool) {
		items := &export.Reader{Store: c.s.Store, Table: "figures"}
		var rows []export.FigureRow // of the version that was read last, none where it is damaged
		last := int64(0)
		for st, err := range c.s.Store.Statements(ctx, f.query, c.s.Analyzer, f.options) {
			if err != nil {
				yield(citedFigure{}, err)
				return
			}
			v := figureOf(st.Mark.Value)
			if !f.fits(&v) {
				continue
			}
			if st.Hit.Version != last {
				item, err := items.Item(ctx, &st.Hit, st.Hit.Version)
				if errors.Is(err, dateline.ErrNotFound) {
					continue // it was erased meanwhile
				}
				rows, last = rows[:0], st.Hit.Version
				if errors.Is(err, dateline.ErrCorrupt) {
					damaged(st.Hit.Page.ID, st.Hit.Page.URL, err)
					continue
				}
				if err != nil {
					yield(citedFigure{}, err)
					return
				}
				rows = export.Figures(rows, item)
			}
			i := slices.IndexFunc(rows, func(r export.FigureRow) bool {
				return int(r.Start) == st.Mark.Start && int(r.End) == st.Mark.End && (r.In == "title") == (st.Mark.In == dateline.InTitle) && r.What == v.What
			})
			if i < 0 {
				continue // it was marked again meanwhile
			}
			if !yield(citedFigure{rows[i], c.absolute(strings.TrimPrefix(c.Cite(st), c.s.Base))}, nil) {
				return
			}
		}
	}
}
