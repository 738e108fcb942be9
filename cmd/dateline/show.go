package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dateline"
	"dateline/internal/store"
)

type showCmd struct {
	recordFlags
	ID     []string `arg:"" name:"id" help:"Articles, by id or address."`
	Number int      `help:"This version of it, from 1, and not the newest." placeholder:"N"`
	Page   bool     `help:"The bytes of the page as they were kept, decompressed, and not the article."`
	Format string   `help:"text, json, jsonl or markdown. The default is text on a terminal and jsonl elsewhere." short:"f" placeholder:"FORMAT"`
}

// Help is shown under the command's usage.
func (c *showCmd) Help() string {
	return `Shows the newest version with what it says marked, where its page is kept, and what
happened to that: when it was found, changed, and was gone.`
}

func (c *showCmd) Run(ctx context.Context, con console) error {
	format, err := pageFormat("show", c.Format, con)
	if err != nil {
		return err
	}
	r, err := c.look(ctx, con)
	if err != nil {
		return err
	}
	defer r.close()
	w := newWriter(format, con.out, isTerminal(con.out))
	w.many = len(c.ID) > 1
	for _, id := range c.ID {
		page, err := r.page(ctx, id)
		if err != nil {
			return err
		}
		versions, err := r.store.Versions(ctx, page.N)
		if err != nil {
			return err
		}
		if c.Page {
			if err := r.showPage(ctx, con, page, versions, c.Number); err != nil {
				return err
			}
			continue
		}
		n := page.Version
		if c.Number != 0 {
			i := slices.IndexFunc(versions, func(v store.Version) bool { return v.Number == c.Number })
			if i < 0 {
				return noVersion(page, versions, c.Number)
			}
			n = versions[i].N
		}
		if n == 0 {
			return fmt.Errorf("article of %s: %w: %s", plainLine(page.URL), dateline.ErrNotFound, plainLine(outcomeOf(page)))
		}
		a, err := r.store.Article(ctx, n)
		if err != nil {
			return err
		}
		var out bytes.Buffer
		if t := r.card(con); format == "text" && !page.Gone.IsZero() {
			out.WriteString(t.paint(amber, "gone since "+clock(page.Gone)+": the server says that this page is no longer there") + "\n\n")
		}
		if err := w.render(&out, a); err != nil {
			return err
		}
		if format == "text" {
			events, err := r.store.Events(ctx, page.N)
			if err != nil {
				return err
			}
			out.WriteString("\n" + r.card(con).kept(page, a, versions, events))
		}
		if err := w.write(out.Bytes()); err != nil {
			return err
		}
	}
	return w.close()
}

// page finds a page by its id or an address of it.
func (r *record) page(ctx context.Context, id string) (store.Page, error) {
	if k, err := dateline.PageKey(id); err == nil {
		id = k
	}
	p, err := r.store.PageOf(ctx, id)
	if errors.Is(err, dateline.ErrNotFound) {
		return p, fmt.Errorf("page %s: %w; `dateline list` shows what there is", plainLine(id), dateline.ErrNotFound)
	}
	return p, err
}

func noVersion(p store.Page, versions []store.Version, number int) error {
	return fmt.Errorf("version %d of %s: %w; it has %s", number, plainLine(p.URL), dateline.ErrNotFound, count(len(versions), "version"))
}

func outcomeOf(p store.Page) string {
	switch {
	case p.Outcome == "":
		return "it has not been fetched yet"
	case !p.Gone.IsZero():
		return "the server says that it is gone, since " + clock(p.Gone)
	}
	return p.Outcome
}

// showPage writes the bytes that a version was read from.
func (r *record) showPage(ctx context.Context, con console, page store.Page, versions []store.Version, number int) error {
	n := page.Capture
	if number != 0 {
		i := slices.IndexFunc(versions, func(v store.Version) bool { return v.Number == number })
		if i < 0 {
			return noVersion(page, versions, number)
		}
		n = versions[i].Capture
	}
	if n == 0 {
		return fmt.Errorf("kept page of %s: %w: %s", plainLine(page.URL), dateline.ErrNotFound, plainLine(outcomeOf(page)))
	}
	k, err := r.store.Capture(ctx, n)
	if err != nil {
		return err
	}
	body, err := r.keptBody(ctx, k)
	if err != nil {
		return err
	}
	if isTerminal(con.out) {
		body = []byte(plainLines(string(body))) // it is a stranger's, and may tell the terminal what to do
	}
	_, err = con.out.Write(body)
	return err
}

// kept draws where an article is kept, and what happened to its page.
func (c *recordCard) kept(p store.Page, a *dateline.Article, versions []store.Version, events []store.Event) string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s%s\n", c.paint(dim, fmt.Sprintf("%-11s", name)), plainLine(value))
		}
	}
	line("id", p.ID)
	line("version", fmt.Sprintf("%d of %d", a.Version, len(versions)))
	if a.Capture != nil {
		line("fetched", clock(a.Capture.Fetched))
		line("kept in", fmt.Sprintf("%s at %d", a.Capture.WARC, a.Capture.Offset))
		// The algorithm's name as the line's lets it end within 80 columns.
		name, hex, _ := strings.Cut(a.Capture.Digest, ":")
		line(name, hex)
	}
	for i, e := range events {
		name := ""
		if i == 0 {
			name = "events"
		}
		line(name, eventLine(e))
	}
	return b.String()
}

// clock writes a time that is the program's own, which is UTC and says so.
func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }

func eventLine(e store.Event) string {
	s := clock(e.At) + "  " + e.What
	if e.Version > 0 {
		s += fmt.Sprintf(" · version %d", e.Version)
	}
	if e.Status != 0 && e.Status != 200 {
		s += fmt.Sprintf(" · status %d", e.Status)
	}
	return s
}
