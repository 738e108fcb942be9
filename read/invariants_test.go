package read

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"dateline"
)

// broken returns what of a record's promises an article does not keep, empty
// if it keeps all. Whatever the bytes of a page were, these hold.
func broken(a *dateline.Article) string {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	valid := func(what, s string) {
		if !utf8.ValidString(s) {
			fault("%s is not UTF-8: %q", what, beginning(s, 80))
		}
	}
	for _, f := range [][2]string{
		{"url", a.URL}, {"canonical", a.Canonical}, {"site name", a.Site.Name}, {"domain", a.Site.Domain},
		{"language", a.Language}, {"title", a.Title}, {"kicker", a.Kicker}, {"subtitle", a.Subtitle},
		{"published", a.Published}, {"modified", a.Modified}, {"access", string(a.Access)}, {"section", a.Section}, {"text", a.Text},
	} {
		valid(f[0], f[1])
	}
	for what, list := range map[string][]string{"author": a.Authors, "tag": a.Tags, "correction": a.Corrections, "warning": a.Warnings} {
		for _, s := range list {
			valid(what, s)
			if s == "" {
				fault("an empty %s", what)
			}
		}
	}
	for _, d := range a.Dates {
		valid("date", d.Value+d.From+d.Refused)
	}
	if d := a.Dateline; d != nil {
		valid("dateline", d.Text+d.Place+d.Agency+d.Date)
		if d.Text == "" {
			fault("a dateline without text")
		}
	}
	if i := a.Image; i != nil {
		valid("image", i.URL+i.Caption+i.Credit)
	}
	for _, l := range a.Related {
		valid("related", l.Title+l.URL)
		if l.Title == "" && l.URL == "" {
			fault("an empty related link")
		}
	}
	for _, c := range a.Comments {
		valid("comment", c.Author+c.Published+c.Text)
		if c.Text == "" {
			fault("a comment without text")
		}
	}
	if a.Kind == "" {
		fault("no kind")
	}
	at := 0
	for i := range a.Blocks {
		b := &a.Blocks[i]
		valid("block", b.Text)
		if strings.TrimSpace(b.Text) == "" {
			fault("block %d is empty", i)
		}
		for _, l := range b.Links {
			valid("href", l.Href)
			if l.Start < 0 || l.End > len(b.Text) || l.Start >= l.End {
				fault("block %d of %d bytes has a link at %d-%d", i, len(b.Text), l.Start, l.End)
			} else if !utf8.ValidString(b.Text[l.Start:l.End]) {
				fault("block %d has a link at %d-%d, within a character", i, l.Start, l.End)
			}
		}
		if b.Kind == dateline.Caption {
			if b.Start != -1 {
				fault("caption %d starts at %d", i, b.Start)
			}
			continue
		}
		if at > 0 {
			at += len("\n\n")
		}
		if b.Start != at || !strings.HasPrefix(a.Text[min(b.Start, len(a.Text)):], b.Text) {
			fault("block %d starts at %d, want %d, and is not what stands there", i, b.Start, at)
			break
		}
		at += len(b.Text)
	}
	if at != len(a.Text) {
		fault("text has %d bytes, its blocks %d", len(a.Text), at)
	}
	return strings.Join(faults, "\n")
}

// sentinels are the errors that Page may give.
var sentinels = []error{dateline.ErrUnsupported, dateline.ErrCorrupt}

// checkPage reads a page, checks what always holds, and returns the article
// with its JSON; both are nil where the bytes are no page.
func checkPage(tb testing.TB, src Source) (*dateline.Article, []byte) {
	tb.Helper()
	a, err := Page(src, nil)
	if err != nil {
		for _, s := range sentinels {
			if errors.Is(err, s) {
				return nil, nil
			}
		}
		tb.Fatalf("an error callers cannot decide on: %v", err)
	}
	if s := broken(a); s != "" {
		tb.Fatal(s)
	}
	j, err := a.MarshalJSON()
	if err != nil {
		tb.Fatal(err)
	}
	var back map[string]any
	if err := json.Unmarshal(j, &back); err != nil {
		tb.Fatalf("the record is no JSON: %v", err)
	}
	if text, _ := back["text"].(string); text != a.Text {
		tb.Fatal("the record's text is not the article's")
	}
	return a, j
}

// sameTwice fails when a page does not give the record it gave before.
func sameTwice(tb testing.TB, src Source, first []byte) {
	tb.Helper()
	if _, again := checkPage(tb, src); !bytes.Equal(first, again) {
		tb.Fatalf("read twice:\n%s\n%s", first, again)
	}
}
