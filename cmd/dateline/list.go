package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dateline"
	"dateline/diff"
	"dateline/internal/store"
	"dateline/lang"
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

type versionsCmd struct {
	recordFlags
	ID     string `arg:"" name:"id" help:"An article, by id or address."`
	Diff   bool   `help:"Show the words that changed."`
	Format string `help:"text or jsonl. The default is text on a terminal and jsonl elsewhere." short:"f" placeholder:"FORMAT"`
}

// Help is shown under the command's usage.
func (c *versionsCmd) Help() string {
	return `The versions of an article with what changed from each to the next, in words and in
what they say: "killed 41 to 52, a quotation removed".`
}

func (c *versionsCmd) Run(ctx context.Context, con console) error {
	format, err := tableFormat("versions", c.Format, con)
	if err != nil {
		return err
	}
	r, err := c.look(ctx, con)
	if err != nil {
		return err
	}
	defer r.close()
	page, err := r.page(ctx, c.ID)
	if err != nil {
		return err
	}
	versions, err := r.store.Versions(ctx, page.N)
	if err != nil {
		return err
	}
	if len(versions) == 0 && format == "text" {
		fmt.Fprintf(con.out, "%s has no article: %s.\n", plainLine(page.URL), plainLine(outcomeOf(page)))
		return nil
	}
	t := r.card(con)
	var before *dateline.Article
	for _, v := range versions {
		a, err := r.store.Article(ctx, v.N)
		if err != nil {
			return err
		}
		var changes *diff.Changes
		if before != nil && !v.Feed { // what the feed says is not what the page said
			changes = diff.Versions(before, a, lang.Builtin())
		}
		if format == "jsonl" {
			var edits []editRecord
			if c.Diff && changes != nil {
				edits = append(editRecords("title", before.Title, a.Title, changes.Title), editRecords("text", before.Text, a.Text, changes.Text)...)
			}
			err = printJSON(con.out, versionRecord(v, changes, edits))
		} else {
			_, err = fmt.Fprint(con.out, t.version(v, before, a, changes, c.Diff))
		}
		if err != nil {
			return err
		}
		if !v.Feed {
			before = a
		}
	}
	if format != "text" {
		return nil
	}
	events, err := r.store.Events(ctx, page.N)
	if err != nil {
		return err
	}
	fmt.Fprintln(con.out)
	for _, e := range events {
		fmt.Fprintln(con.out, plainLine(eventLine(e)))
	}
	return nil
}

// editRecord is words that changed: what stood there, and what does now.
type editRecord struct {
	In     string `json:"in"` // title or text
	Before string `json:"before"`
	After  string `json:"after"`
	Start  [2]int `json:"start"` // where in the older and in the newer version, in code points
}

// editRecords are the edits of a title or text. What replaces stands behind
// what it replaces, and is one with it.
func editRecords(in, old, new string, edits []diff.Edit) []editRecord {
	var out []editRecord
	var at, from [2]int // what has been counted, in bytes and code points
	var open bool
	for _, e := range edits {
		if e.Op == diff.Same {
			open = false
			continue
		}
		if !open {
			for i, to := range [2]int{e.Old[0], e.New[0]} {
				at[i] += utf8.RuneCountInString([2]string{old, new}[i][from[i]:to])
				from[i] = to
			}
			out, open = append(out, editRecord{In: in, Start: at}), true
		}
		last := &out[len(out)-1]
		if e.Op == diff.Removed {
			last.Before += old[e.Old[0]:e.Old[1]]
		} else {
			last.After += new[e.New[0]:e.New[1]]
		}
	}
	return out
}

func versionRecord(v store.Version, changes *diff.Changes, edits []editRecord) any {
	r := struct {
		Version  int          `json:"version"`
		Digest   string       `json:"digest"`
		Title    string       `json:"title"`
		First    time.Time    `json:"first"`
		Last     time.Time    `json:"last"`
		Captures int          `json:"captures"`
		Reader   string       `json:"reader,omitempty"`
		Feed     bool         `json:"feed,omitempty"`
		Changed  []string     `json:"changed,omitempty"`
		Edits    []editRecord `json:"edits,omitempty"`
	}{Edits: edits, Version: v.Number, Digest: v.Digest, Title: v.Title, First: v.First, Last: v.Last, Captures: v.Captures, Reader: v.Reader, Feed: v.Feed}
	if changes != nil {
		r.Changed = changes.Summary()
	}
	return r
}

// version draws a version and what changed in it.
func (c *recordCard) version(v store.Version, before, a *dateline.Article, changes *diff.Changes, words bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s  %s\n", c.paint(bold, fmt.Sprintf("version %d", v.Number)), clock(v.First), plainLine(v.Title))
	fmt.Fprintf(&b, "%s\n", c.paint(dim, fmt.Sprintf("           seen %s, last %s", count(v.Captures, "time"), clock(v.Last))))
	if v.Feed {
		fmt.Fprintf(&b, "           %s\n", c.paint(dim, "the feed's own text: the page itself could not be had then"))
	}
	if changes == nil {
		return b.String()
	}
	for _, s := range changes.Summary() {
		fmt.Fprintf(&b, "           %s\n", c.paint(amber, plainLine(s)))
	}
	if words {
		c.edits(&b, before.Title, a.Title, changes.Title)
		c.edits(&b, before.Text, a.Text, changes.Text)
	}
	return b.String()
}

// edits draws changed words with a few around them: [-what is gone-] and
// {+what has come+}. Those near each other stand in one piece.
func (c *recordCard) edits(b *strings.Builder, old, new string, edits []diff.Edit) {
	const around = 40
	var piece []hued
	show := func() {
		for i, line := range c.drawn(piece, c.width-11) {
			indent := "           "
			if i > 0 {
				indent += "  "
			}
			b.WriteString(indent + line + "\n")
		}
		piece = nil
	}
	for i, e := range edits {
		switch e.Op {
		case diff.Removed:
			piece = append(piece, hued{"[-" + old[e.Old[0]:e.Old[1]] + "-]", "\x1b[31m"})
		case diff.Added:
			if i > 0 && edits[i-1].Op == diff.Removed {
				piece = append(piece, hued{text: " "})
			}
			piece = append(piece, hued{"{+" + new[e.New[0]:e.New[1]] + "+}", "\x1b[32m"})
		default:
			r := []rune(new[e.New[0]:e.New[1]])
			if i > 0 && i < len(edits)-1 && len(r) <= 2*around {
				piece = append(piece, hued{text: string(r)})
				continue
			}
			if i > 0 {
				piece = append(piece, hued{text: head(r, around)})
				show()
			}
			if i < len(edits)-1 {
				piece = append(piece, hued{text: tail(r, around)})
			}
		}
	}
	show()
}

// head is the beginning of a text of at most so many characters, in whole words
// where it has spaces.
func head(r []rune, most int) string {
	if len(r) <= most {
		return string(r)
	}
	s := string(r[:most])
	if i := strings.LastIndexAny(s, " \n"); i > 0 {
		s = strings.TrimRight(s[:i], " \n") + " "
	}
	return s + "…"
}

// tail is the end of a text, as head is its beginning.
func tail(r []rune, most int) string {
	if len(r) <= most {
		return string(r)
	}
	s := string(r[len(r)-most:])
	if i := strings.IndexAny(s, " \n"); i >= 0 && i < len(s)-1 {
		s = " " + strings.TrimLeft(s[i:], " \n")
	}
	return "…" + s
}

// hued is a part of a text and the colour it is drawn in.
type hued struct{ text, style string }

// drawn breaks stretches in lines of a width, each with its colours whole.
func (c *recordCard) drawn(piece []hued, width int) []string {
	var plain strings.Builder
	for i, s := range piece {
		piece[i].text = plainLine(s.text)
		plain.WriteString(piece[i].text)
	}
	var out []string
	at, used := 0, 0 // the stretch, and how much of it was drawn
	for _, line := range c.lines(plain.String(), width) {
		var b strings.Builder
		for at < len(piece) && line != "" {
			left := piece[at].text[used:]
			n := min(len(left), len(line))
			b.WriteString(c.paint(piece[at].style, left[:n]))
			line = line[n:]
			if used += n; used == len(piece[at].text) {
				at, used = at+1, 0
			}
		}
		out = append(out, b.String())
		// The spaces at which it was broken are drawn no more.
		for at < len(piece) {
			rest := strings.TrimLeft(piece[at].text[used:], " ")
			if used = len(piece[at].text) - len(rest); rest != "" {
				break
			}
			at, used = at+1, 0
		}
	}
	return out
}
