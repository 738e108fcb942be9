package dateline

import (
	"encoding/json"
	"fmt"
)

// record is the article record's JSON, in the order of docs/formats/record.md.
type record struct {
	Source      string         `json:"source,omitempty"`
	ID          string         `json:"id,omitempty"`
	Outlet      string         `json:"outlet,omitempty"`
	Version     int            `json:"version,omitempty"`
	Capture     *Capture       `json:"capture,omitempty"`
	URL         string         `json:"url,omitempty"`
	Canonical   string         `json:"canonical_url,omitempty"`
	Site        *Site          `json:"site,omitempty"`
	Kind        Kind           `json:"kind,omitempty"`
	Language    string         `json:"language,omitempty"`
	Title       string         `json:"title,omitempty"`
	Kicker      string         `json:"kicker,omitempty"`
	Subtitle    string         `json:"subtitle,omitempty"`
	Authors     []string       `json:"authors,omitempty"`
	Published   string         `json:"published,omitempty"`
	Modified    string         `json:"modified,omitempty"`
	Dates       []DateEvidence `json:"date_evidence,omitempty"`
	Access      Access         `json:"access,omitempty"`
	Corrections []string       `json:"corrections,omitempty"`
	Dateline    *Dateline      `json:"dateline,omitempty"`
	Section     string         `json:"section,omitempty"`
	Tags        []string       `json:"tags,omitempty"`
	Image       *Image         `json:"image,omitempty"`
	Blocks      []blockRecord  `json:"blocks,omitempty"`
	Text        string         `json:"text,omitempty"`
	Related     []Link         `json:"related,omitempty"`
	Comments    []Comment      `json:"comments,omitempty"`
	Annotations []Mark         `json:"annotations,omitempty"`
	Warnings    []string       `json:"warnings,omitempty"`
}

type blockRecord struct {
	Kind  BlockKind    `json:"kind"`
	Text  string       `json:"text"`
	Start *int         `json:"start,omitempty"`
	Level int          `json:"level,omitempty"`
	Links []linkRecord `json:"links,omitempty"`
}

type linkRecord struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Href  string `json:"href"`
}

// MarshalJSON writes the article record, with offsets in Unicode code points.
// It does not escape what matters to HTML; json.Marshal does so behind it, an
// Encoder with SetEscapeHTML(false) does not.
func (a Article) MarshalJSON() ([]byte, error) {
	r := record{Source: a.Source, ID: a.ID, Outlet: a.Outlet, Version: a.Version, Capture: a.Capture, URL: a.URL, Canonical: a.Canonical, Kind: a.Kind, Language: a.Language,
		Title: a.Title, Kicker: a.Kicker, Subtitle: a.Subtitle, Authors: a.Authors,
		Published: a.Published, Modified: a.Modified, Dates: a.Dates, Access: a.Access, Corrections: a.Corrections,
		Dateline: a.Dateline, Section: a.Section, Tags: a.Tags, Image: a.Image, Text: a.Text,
		Related: a.Related, Comments: a.Comments, Warnings: a.Warnings}
	if a.Site != (Site{}) {
		r.Site = &a.Site
	}
	text := newRunes(a.Text)
	r.Blocks = make([]blockRecord, len(a.Blocks))
	for i := range a.Blocks {
		b := &a.Blocks[i]
		out := &r.Blocks[i]
		out.Kind, out.Text, out.Level = b.Kind, b.Text, b.Level
		if b.Start >= 0 && b.Start <= len(a.Text) {
			start := text.count(b.Start)
			out.Start = &start
		}
		if len(b.Links) == 0 {
			continue
		}
		inside := newRunes(b.Text)
		for _, l := range b.Links {
			if l.Start >= 0 && l.Start <= l.End && l.End <= len(b.Text) {
				out.Links = append(out.Links, linkRecord{inside.count(l.Start), inside.count(l.End), l.Href})
			}
		}
	}
	if len(a.Annotations) > 0 {
		var err error
		if r.Annotations, err = (Annotations{a.Title, a.Text, a.Annotations}).marks(text); err != nil {
			return nil, err
		}
	}
	return encode(&r)
}

// UnmarshalJSON reads the article record that [Article.MarshalJSON] writes,
// and gives the article all that it has. Fields it does not know are passed
// over. What is no record, has offsets or references that do not fit, or says
// in "error" why there is no article, is an error that wraps [ErrInvalid]; the
// article is then left as it was.
func (a *Article) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil // as package json asks of all
	}
	var r struct {
		record
		Error string `json:"error"`
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return fmt.Errorf("read article record: %w: %w", ErrInvalid, err)
	}
	if r.Error != "" {
		return fmt.Errorf("read article record: %w: it has no article of %q: %s", ErrInvalid, r.Source, r.Error)
	}
	b, err := r.article()
	if err != nil {
		return fmt.Errorf("read article record: %w", err)
	}
	*a = *b
	return nil
}

// article is the article that the record is of.
func (r *record) article() (*Article, error) {
	a := &Article{Source: r.Source, ID: r.ID, Outlet: r.Outlet, Version: r.Version, Capture: r.Capture, URL: r.URL, Canonical: r.Canonical, Kind: r.Kind, Language: r.Language,
		Title: r.Title, Kicker: r.Kicker, Subtitle: r.Subtitle, Authors: r.Authors,
		Published: r.Published, Modified: r.Modified, Dates: r.Dates, Access: r.Access, Corrections: r.Corrections,
		Dateline: r.Dateline, Section: r.Section, Tags: r.Tags, Image: r.Image, Text: r.Text,
		Related: r.Related, Comments: r.Comments, Warnings: r.Warnings}
	if r.Site != nil {
		a.Site = *r.Site
	}
	text := newRunes(a.Text)
	if len(r.Blocks) > 0 {
		a.Blocks = make([]Block, len(r.Blocks))
	}
	for i := range r.Blocks {
		b := &r.Blocks[i]
		out := &a.Blocks[i]
		*out = Block{Kind: b.Kind, Text: b.Text, Start: -1, Level: b.Level}
		if b.Start != nil {
			var ok bool
			if out.Start, ok = text.offset(*b.Start); !ok {
				return nil, fmt.Errorf("block %d: %w: start %d is not inside the text", i, ErrInvalid, *b.Start)
			}
		}
		if len(b.Links) == 0 {
			continue
		}
		inside := lookup{text: newRunes(b.Text)}
		out.Links = make([]BlockLink, len(b.Links))
		for j, l := range b.Links {
			s := inside.span("link", l.Start, l.End, "")
			out.Links[j] = BlockLink{s[0], s[1], l.Href}
		}
		if inside.err != nil {
			return nil, fmt.Errorf("block %d: %w: %w", i, ErrInvalid, inside.err)
		}
	}
	var err error
	a.Annotations, err = annotationsOf(newRunes(a.Title), text, r.Annotations)
	return a, err
}
