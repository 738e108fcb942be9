package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/search"
)

type listCmd struct {
	recordFlags
	Query  []string `arg:"" optional:"" help:"Words and fields, as outlet:, lang:, place:, person:, after:2026-01-24, figure:killed>=10."`
	Limit  int      `help:"How many at most; 0 for all." default:"50" short:"n"`
	Oldest bool     `help:"Oldest first."`
	Cursor string   `help:"Go on behind the article that has this cursor in the jsonl." placeholder:"CURSOR"`
	Format string   `help:"text or jsonl. The default is text on a terminal and jsonl elsewhere." short:"f" placeholder:"FORMAT"`
}

// Help is shown under the command's usage.
func (c *listCmd) Help() string {
	return `The articles that are kept, newest first. docs/formats/query.md describes queries;
put them in quotes where they have a minus, brackets or quotes of their own:

  dateline list 'flood OR storm -insurance figure:killed>=10'`
}

func (c *listCmd) Run(ctx context.Context, con console) error {
	format, err := tableFormat("list", c.Format, con)
	if err != nil {
		return err
	}
	r, err := c.look(ctx, con)
	if err != nil {
		return err
	}
	defer r.close()
	q, err := parseQuery(c.Query, con)
	if err != nil {
		return err
	}
	absent, err := r.store.Absent(ctx, q)
	if err != nil {
		return err
	}
	tellNotes(con, absent)
	names, err := r.store.OutletNames(ctx)
	if err != nil {
		return err
	}
	t, n := r.card(con), 0
	for h, err := range r.find(ctx, q, store.Options{Limit: c.Limit, Oldest: c.Oldest, Cursor: c.Cursor}) {
		if c.Cursor != "" && errors.Is(err, dateline.ErrInvalid) {
			return usage("list: --cursor %q: it is not one of those in the jsonl of dateline list", c.Cursor)
		}
		if err != nil {
			return err
		}
		n++
		if format == "jsonl" {
			err = printJSON(con.out, hitRecord(h))
		} else {
			_, err = fmt.Fprint(con.out, t.hit(h, cmp.Or(names[h.Page.Outlet], hostOf(h.Page.URL))))
		}
		if err != nil {
			return err
		}
	}
	if n > 0 && n == c.Limit && format == "text" {
		fmt.Fprintf(con.out, "\nThere may be more: --limit says how many are listed, 0 lists all.\n")
	}
	if n == 0 && format == "text" {
		if len(c.Query) > 0 {
			fmt.Fprintln(con.out, "Nothing fits this query.")
		} else {
			fmt.Fprintln(con.out, "No article is kept yet. `dateline follow` brings those of the outlets you have added.")
		}
	}
	return nil
}

// parseQuery reads a query and tells what was odd in it.
func parseQuery(words []string, con console) (*search.Query, error) {
	q, err := search.Parse(strings.Join(words, " "))
	if err != nil {
		return nil, usage("%v", err)
	}
	tellNotes(con, q.Notes)
	return q, nil
}

func tellNotes(con console, notes []search.Note) {
	for _, n := range notes {
		fmt.Fprintln(con.err, "dateline: query:", plainLine(n.Text))
	}
}

// hit draws an article in a list: when, what, by whom, and where to find it.
func (c *recordCard) hit(h store.Hit, outlet string) string {
	const in = 19 // the width of the time and what follows it
	var b strings.Builder
	title := plainLine(h.Title)
	if h.Number > 1 {
		title += fmt.Sprintf(" (version %d)", h.Number)
	}
	head := c.paint(dim, h.Time.UTC().Format("2006-01-02 15:04Z")) + "  "
	for _, line := range c.lines(title, max(c.width-in, 20)) {
		b.WriteString(head + c.paint(bold, line) + "\n")
		head = strings.Repeat(" ", in)
	}
	var about []string
	for _, s := range append([]string{outlet, h.Language}, h.Figures...) {
		if s != "" {
			about = append(about, s)
		}
	}
	if !h.Page.Gone.IsZero() {
		b.WriteString(head + c.paint(amber, "gone since "+clock(h.Page.Gone)) + "\n")
	}
	for _, line := range c.lines(plainLine(strings.Join(about, " · ")), max(c.width-in, 20)) {
		b.WriteString(head + line + "\n")
	}
	b.WriteString(head + c.paint(dim, h.Page.ID) + "\n")
	return b.String()
}

// hostOf is the host of an address, for what has no better name.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

func hitRecord(h store.Hit) any {
	return struct {
		ID        string        `json:"id"`
		Version   int           `json:"version"`
		URL       string        `json:"url"`
		Outlet    string        `json:"outlet,omitempty"`
		Title     string        `json:"title"`
		Language  string        `json:"language,omitempty"`
		Kind      dateline.Kind `json:"kind,omitempty"`
		Published string        `json:"published,omitempty"`
		Time      time.Time     `json:"time"`
		Gone      *time.Time    `json:"gone,omitempty"`
		Figures   []string      `json:"figures,omitempty"`
		Cursor    string        `json:"cursor"`
	}{h.Page.ID, h.Number, h.Page.URL, h.Page.Outlet, h.Title, h.Language, h.Kind, h.Published, h.Time, moment(h.Page.Gone), h.Figures, h.Cursor}
}
