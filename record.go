package dateline

import "unicode/utf8"

// record is the article record's JSON, in the order of docs/formats/record.md.
type record struct {
	Source      string             `json:"source,omitempty"`
	ID          string             `json:"id,omitempty"`
	Outlet      string             `json:"outlet,omitempty"`
	Version     int                `json:"version,omitempty"`
	Capture     *Capture           `json:"capture,omitempty"`
	URL         string             `json:"url,omitempty"`
	Canonical   string             `json:"canonical_url,omitempty"`
	Site        *Site              `json:"site,omitempty"`
	Kind        Kind               `json:"kind,omitempty"`
	Language    string             `json:"language,omitempty"`
	Title       string             `json:"title,omitempty"`
	Kicker      string             `json:"kicker,omitempty"`
	Subtitle    string             `json:"subtitle,omitempty"`
	Authors     []string           `json:"authors,omitempty"`
	Published   string             `json:"published,omitempty"`
	Modified    string             `json:"modified,omitempty"`
	Dates       []DateEvidence     `json:"date_evidence,omitempty"`
	Access      Access             `json:"access,omitempty"`
	Corrections []string           `json:"corrections,omitempty"`
	Dateline    *Dateline          `json:"dateline,omitempty"`
	Section     string             `json:"section,omitempty"`
	Tags        []string           `json:"tags,omitempty"`
	Image       *Image             `json:"image,omitempty"`
	Blocks      []blockRecord      `json:"blocks,omitempty"`
	Text        string             `json:"text,omitempty"`
	Related     []Link             `json:"related,omitempty"`
	Comments    []Comment          `json:"comments,omitempty"`
	Annotations []annotationRecord `json:"annotations,omitempty"`
	Warnings    []string           `json:"warnings,omitempty"`
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
	r.Blocks = make([]blockRecord, len(a.Blocks))
	bytesAt, runesAt := 0, 0
	for i := range a.Blocks {
		b := &a.Blocks[i]
		out := &r.Blocks[i]
		out.Kind, out.Text, out.Level = b.Kind, b.Text, b.Level
		if b.Start >= bytesAt && b.Start <= len(a.Text) {
			runesAt += utf8.RuneCountInString(a.Text[bytesAt:b.Start])
			bytesAt = b.Start
			start := runesAt
			out.Start = &start
		}
		// Links stand in order, so one pass counts the characters for them
		// all; one that does not is counted from the beginning.
		at, chars := 0, 0
		for _, l := range b.Links {
			if l.Start < 0 || l.Start > l.End || l.End > len(b.Text) {
				continue
			}
			if l.Start < at {
				at, chars = 0, 0
			}
			start := chars + utf8.RuneCountInString(b.Text[at:l.Start])
			end := start + utf8.RuneCountInString(b.Text[l.Start:l.End])
			at, chars = l.End, end
			out.Links = append(out.Links, linkRecord{start, end, l.Href})
		}
	}
	if len(a.Annotations) > 0 {
		r.Annotations = Annotations{a.Title, a.Text, a.Annotations}.records()
	}
	return encode(&r)
}
