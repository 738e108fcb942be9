package api

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"dateline"
	"dateline/diff"
	"dateline/internal/store"
)

// Version is a text that a page had.
type Version struct {
	Version   int       `json:"version" doc:"Its number, from 1."`
	Digest    string    `json:"digest" doc:"Of the headline, a line feed and the text: sha256: and hexadecimal."`
	Title     string    `json:"title,omitempty"`
	First     time.Time `json:"first" doc:"The first capture that showed it."`
	Last      time.Time `json:"last" doc:"The last one."`
	Captures  int       `json:"captures"`
	Capture   int64     `json:"capture,omitempty" doc:"The number of the first."`
	Reader    string    `json:"reader,omitempty"`
	Annotator string    `json:"annotator,omitempty"`
	Feed      bool      `json:"feed,omitempty" doc:"Only the feed's own text showed it."`
	Current   bool      `json:"current,omitempty"`
	Link      string    `json:"link"`
	Kept      string    `json:"kept,omitempty" doc:"Where a person sees the kept page."`
}

// Difference is how a version differs from another.
type Difference struct {
	From    int      `json:"from"`
	To      int      `json:"to"`
	Summary []string `json:"summary" nullable:"false" doc:"What changed, in words." example:"killed 41 to 52"`
	Title   []Edit   `json:"title" nullable:"false" doc:"Of the headline; empty where it is the same."`
	Text    []Edit   `json:"text" nullable:"false" doc:"Of the text; empty where it is the same."`
}

// Edit is a stretch of two texts. Offsets are code points.
type Edit struct {
	Op   string `json:"op" enum:"same,removed,added"`
	Old  [2]int `json:"old"`
	New  [2]int `json:"new"`
	Text string `json:"text,omitempty" doc:"What was removed or added."`
}

// Event is something that happened to a page.
type Event struct {
	At      time.Time `json:"at"`
	What    string    `json:"what" doc:"found, kept, changed, unchanged, gone, back, refused, moved"`
	Status  int       `json:"status,omitempty" doc:"Of HTTP."`
	Version int       `json:"version,omitempty"`
	Capture int64     `json:"capture,omitempty"`
}

type idInput struct {
	ID string `path:"id" maxLength:"4000" doc:"The article's id, or an address of its page, escaped."`
}

type diffInput struct {
	ID   string `path:"id" maxLength:"4000" doc:"The article's id, or an address of its page, escaped."`
	From int    `query:"from" minimum:"0" maximum:"1000000" doc:"A version's number; the one before where it is left out."`
	To   int    `query:"to" minimum:"0" maximum:"1000000" doc:"A version's number; the current one where it is left out."`
}

func (a *API) changeOperations() {
	add(a, about{id: "listVersions", tag: "Articles", path: "/v1/articles/{id}/versions", need: looking, page: "article",
		summary: "List an article's versions", more: "In the order in which they were first seen."},
		func(ctx context.Context, in *idInput) (*answer[List[Version]], error) {
			p, err := a.page(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			list, err := a.o.Store.Versions(ctx, p.N)
			if err != nil {
				return nil, err
			}
			out := &answer[List[Version]]{List[Version]{Items: []Version{}}}
			for _, v := range list {
				out.Body.Items = append(out.Body.Items, a.versionOf(p, v))
			}
			return out, nil
		})
	add(a, about{id: "compareVersions", tag: "Articles", path: "/v1/articles/{id}/versions/diff", need: looking, page: "article",
		summary: "Compare two versions"}, a.compare)
	add(a, about{id: "listEvents", tag: "Articles", path: "/v1/articles/{id}/events", need: looking, page: "article",
		summary: "List what happened to an article's page", more: "Oldest first."},
		func(ctx context.Context, in *idInput) (*answer[List[Event]], error) {
			p, err := a.page(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			list, err := a.o.Store.Events(ctx, p.N)
			if err != nil {
				return nil, err
			}
			out := &answer[List[Event]]{List[Event]{Items: []Event{}}}
			for _, e := range list {
				out.Body.Items = append(out.Body.Items, Event{e.At.UTC(), e.What, e.Status, e.Version, e.Capture})
			}
			return out, nil
		})
}

func (a *API) versionOf(p store.Page, v store.Version) Version {
	return Version{
		Version: v.Number, Digest: v.Digest, Title: v.Title, First: v.First.UTC(), Last: v.Last.UTC(), Captures: v.Captures, Capture: v.Capture,
		Reader: v.Reader, Annotator: v.Annotator, Feed: v.Feed, Current: v.N == p.Version, Link: a.articleLink(p.ID, v.Number, nil), Kept: a.keptLink(v.Capture),
	}
}

func (a *API) compare(ctx context.Context, in *diffInput) (*answer[Difference], error) {
	p, err := a.page(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	to, err := a.version(ctx, p, in.To)
	if err != nil {
		return nil, err
	}
	if in.From == 0 {
		in.From = to.Number - 1
		if in.From == 0 {
			return nil, fmt.Errorf("version 1 of %s has none before it, so say from: %w", p.ID, dateline.ErrNotFound)
		}
	}
	from, err := a.version(ctx, p, in.From)
	if err != nil {
		return nil, err
	}
	old, err := a.o.Store.Article(ctx, from.N)
	if err != nil {
		return nil, err
	}
	new, err := a.o.Store.Article(ctx, to.N)
	if err != nil {
		return nil, err
	}
	d := diff.Versions(old, new, a.o.Packs)
	out := Difference{From: from.Number, To: to.Number, Summary: d.Summary(), Title: edits(old.Title, new.Title, d.Title), Text: edits(old.Text, new.Text, d.Text)}
	if out.Summary == nil {
		out.Summary = []string{}
	}
	return &answer[Difference]{out}, nil
}

// edits are those of two texts, with offsets in code points.
func edits(old, new string, list []diff.Edit) []Edit {
	out := make([]Edit, 0, len(list))
	var at [2]int // in code points, of what has been gone through
	for _, e := range list {
		before, after := old[e.Old[0]:e.Old[1]], new[e.New[0]:e.New[1]]
		edit := Edit{Op: "same", Old: [2]int{at[0], at[0] + utf8.RuneCountInString(before)}, New: [2]int{at[1], at[1] + utf8.RuneCountInString(after)}}
		switch e.Op {
		case diff.Removed:
			edit.Op, edit.Text = "removed", before
		case diff.Added:
			edit.Op, edit.Text = "added", after
		}
		at = [2]int{edit.Old[1], edit.New[1]}
		out = append(out, edit)
	}
	return out
}
