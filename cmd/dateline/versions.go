package main

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"dateline"
	"dateline/diff"
	"dateline/internal/store"
	"dateline/lang"
)

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
