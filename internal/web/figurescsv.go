package web

import (
	"context"
	"encoding/csv"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dateline"
	"dateline/internal/store"
)

// figureColumns are those of figures.csv; docs/formats/tables.md says what
// stands in them.
var figureColumns = []string{
	"article", "version", "url", "outlet", "outlet_name", "title", "language", "published", "sentence", "figure", "what", "min", "max", "modifier", "vague", "unit", "of", "modal",
	"place", "date", "speaker", "in", "start", "end", "by", "gone", "verdict", "corrected_what", "corrected_min", "corrected_max", "reason", "reviewed_by", "reviewed_at", "cite",
}

const (
	// fileTime is how long a file may take to be sent, and fileWait how long
	// who reads it may keep a piece of it waiting.
	fileTime = 30 * time.Minute
	fileWait = 30 * time.Second
)

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
	names, err := c.outletNames()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.r.Context(), fileTime)
	defer cancel()
	control := http.NewResponseController(c.w)
	w := csv.NewWriter(c.w)
	w.UseCRLF = true
	begun := false
	begin := func() error {
		begun = true
		h := c.w.Header()
		h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "figures.csv"}))
		h.Set("Cache-Control", "no-store")
		return w.Write(figureColumns)
	}
	n := 0
	for st, err := range c.s.Store.Statements(ctx, f.query, c.s.Analyzer, f.options) {
		if err == nil && !begun {
			err = begin()
		}
		if err == nil {
			if n++; n%100 == 1 {
				// A server without deadlines has none to put off.
				_ = control.SetWriteDeadline(time.Now().Add(fileWait))
			}
			if v := figureOf(st.Mark.Value); f.fits(&v) {
				err = w.Write(c.figureCells(&st, &v, names))
			}
		}
		if err != nil {
			if !begun {
				return err
			}
			c.s.Log.Warn("send figures", "sent", n, "err", err)
			panic(http.ErrAbortHandler)
		}
	}
	if !begun {
		if err := begin(); err != nil {
			return nil // nobody waits for it
		}
	}
	w.Flush()
	return nil
}

func (c *call) figureCells(st *store.Statement, v *figureValue, names map[string]string) []string {
	in := "text"
	if st.Mark.In == dateline.InTitle {
		in = "title"
	}
	p := &st.Hit.Page
	cells := []string{
		cellText(p.ID), strconv.Itoa(st.Hit.Number), cellText(p.URL), cellText(p.Outlet), cellText(outletName(names, *p)), cellText(st.Hit.Title), cellText(st.Hit.Language),
		cellText(st.Hit.Published), cellText(st.Sentence), cellText(st.Mark.Text), cellText(v.What), cellNumber(v.Min), cellNumber(v.Max), cellText(v.Modifier),
		strconv.FormatBool(v.Vague), cellText(v.Unit), cellText(v.Of), strconv.FormatBool(v.Modal), cellText(st.Place), cellText(st.Date), cellText(st.Speaker),
		in, strconv.Itoa(st.Mark.Start), strconv.Itoa(st.Mark.End), cellText(st.Mark.By), cellTime(p.Gone),
	}
	review := make([]string, 7)
	if r := newestReview(st.Reviews); r != nil {
		right := figureValue{}
		if r.Verdict == store.Corrected {
			right = figureOf(r.Value)
		}
		review = []string{string(r.Verdict), cellText(right.What), cellNumber(right.Min), cellNumber(right.Max), cellText(r.Reason), cellText(r.By), cellTime(r.At)}
	}
	return append(append(cells, review...), c.absolute(strings.TrimPrefix(c.Cite(*st), c.s.Base)))
}

// cellText is a cell's text as spreadsheets take it for text: what they would
// take for a formula has an apostrophe before it.
func cellText(s string) string {
	if s != "" && strings.IndexByte("=+-@\t\r\n", s[0]) >= 0 {
		return "'" + s
	}
	return s
}

func cellNumber(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}

func cellTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
