package export

import (
	"encoding/json"
	"time"
	"unicode/utf8"

	"dateline"
	"dateline/internal/store"
	"dateline/lang"
)

// The rows of the tables. The parquet tags name the columns, in CSV too, and
// docs/formats/tables.md says what stands in them. What is not known is null,
// in CSV an empty cell.

// ArticleRow is a row of the table of articles.
type ArticleRow struct {
	ID            string    `parquet:"id"`
	Version       int32     `parquet:"version"`
	URL           string    `parquet:"url,optional"`
	Outlet        string    `parquet:"outlet,optional,dict"`
	OutletName    string    `parquet:"outlet_name,optional,dict"`
	Title         string    `parquet:"title,optional"`
	Language      string    `parquet:"language,optional,dict"`
	Published     string    `parquet:"published,optional"`
	Modified      string    `parquet:"modified,optional"`
	Fetched       time.Time `parquet:"fetched,optional,timestamp(millisecond)"`
	Kind          string    `parquet:"kind,optional,dict"`
	Authors       []string  `parquet:"authors,list"`
	Section       string    `parquet:"section,optional,dict"`
	Words         int32     `parquet:"words"`
	DatelinePlace string    `parquet:"dateline_place,optional,dict"`
	Digest        string    `parquet:"digest,optional"`
	Gone          time.Time `parquet:"gone,optional,timestamp(millisecond)"`
}

// FigureRow is a row of the table of figures: a number that was marked.
type FigureRow struct {
	Article     string    `parquet:"article,dict"`
	Version     int32     `parquet:"version"`
	URL         string    `parquet:"url,optional,dict"`
	Outlet      string    `parquet:"outlet,optional,dict"`
	OutletName  string    `parquet:"outlet_name,optional,dict"`
	Title       string    `parquet:"title,optional,dict"`
	Language    string    `parquet:"language,optional,dict"`
	Published   string    `parquet:"published,optional,dict"`
	Sentence    string    `parquet:"sentence"`
	Figure      string    `parquet:"figure"`
	What        string    `parquet:"what,dict"`
	Min         *float64  `parquet:"min,optional"`
	Max         *float64  `parquet:"max,optional"`
	Modifier    string    `parquet:"modifier,dict"`
	Vague       bool      `parquet:"vague"`
	Unit        string    `parquet:"unit,optional,dict"`
	Of          string    `parquet:"of,optional,dict"`
	Modal       bool      `parquet:"modal"`
	Place       string    `parquet:"place,optional,dict"`
	Country     string    `parquet:"country,optional,dict"`
	Lat         *float64  `parquet:"lat,optional"`
	Lon         *float64  `parquet:"lon,optional"`
	Geonames    *int32    `parquet:"geonames,optional"`
	Date        string    `parquet:"date,optional,dict"`
	Speaker     string    `parquet:"speaker,optional,dict"`
	Attribution string    `parquet:"attribution,optional,dict"`
	In          string    `parquet:"in,dict"`
	Start       int32     `parquet:"start"`
	End         int32     `parquet:"end"`
	Fetched     time.Time `parquet:"fetched,optional,timestamp(millisecond)"`
	Digest      string    `parquet:"digest,optional,dict"`
	By          string    `parquet:"by,dict"`
	Gone        time.Time `parquet:"gone,optional,timestamp(millisecond)"`

	Verdict       string    `parquet:"verdict,optional,dict"`
	CorrectedWhat string    `parquet:"corrected_what,optional,dict"`
	CorrectedMin  *float64  `parquet:"corrected_min,optional"`
	CorrectedMax  *float64  `parquet:"corrected_max,optional"`
	Reason        string    `parquet:"reason,optional,dict"`
	ReviewedBy    string    `parquet:"reviewed_by,optional,dict"`
	ReviewedAt    time.Time `parquet:"reviewed_at,optional,timestamp(millisecond)"`
}

// QuoteRow is a row of the table of quotes.
type QuoteRow struct {
	Article      string    `parquet:"article,dict"`
	Version      int32     `parquet:"version"`
	URL          string    `parquet:"url,optional,dict"`
	Outlet       string    `parquet:"outlet,optional,dict"`
	OutletName   string    `parquet:"outlet_name,optional,dict"`
	Title        string    `parquet:"title,optional,dict"`
	Language     string    `parquet:"language,optional,dict"`
	Published    string    `parquet:"published,optional,dict"`
	Type         string    `parquet:"type,dict"`
	Content      string    `parquet:"content"`
	Speaker      string    `parquet:"speaker,optional,dict"`
	SpeakerName  string    `parquet:"speaker_name,optional,dict"`
	Role         string    `parquet:"role,optional,dict"`
	Organization string    `parquet:"organization,optional,dict"`
	Verb         string    `parquet:"verb,optional,dict"`
	Sentence     string    `parquet:"sentence"`
	In           string    `parquet:"in,dict"`
	Start        int32     `parquet:"start"`
	End          int32     `parquet:"end"`
	Fetched      time.Time `parquet:"fetched,optional,timestamp(millisecond)"`
	Digest       string    `parquet:"digest,optional,dict"`
	By           string    `parquet:"by,dict"`
}

// articles adds the row of an article.
func articles(rows []ArticleRow, a *Item) []ArticleRow {
	row := ArticleRow{
		ID: a.ID, Version: int32(a.Version), URL: a.URL, Outlet: a.Outlet, OutletName: a.OutletName, Title: a.Title, Language: a.Language,
		Published: a.Published, Modified: a.Modified, Kind: string(a.Kind), Authors: a.Authors, Section: a.Section, Words: int32(countWords(a.Article)), Gone: a.Gone,
	}
	row.Fetched, row.Digest = keptAs(a.Article)
	if a.Dateline != nil {
		row.DatelinePlace = a.Dateline.Place
	}
	return append(rows, row)
}

// countWords counts as the article's language parts words, numbers among them.
func countWords(a *dateline.Article) int {
	n := 0
	for _, t := range lang.Builtin().Pack(a.Language).Tokens(a.Text) {
		if t.Kind == lang.Word || t.Kind == lang.Number {
			n++
		}
	}
	return n
}

// keptAs is when the article's page was fetched, and the digest it is kept under.
func keptAs(a *dateline.Article) (time.Time, string) {
	if a.Capture == nil {
		return time.Time{}, ""
	}
	return a.Capture.Fetched.UTC(), a.Capture.Digest
}

// Figures adds the rows of an article's figures, in the order of its text.
func Figures(rows []FigureRow, a *Item) []FigureRow {
	fetched, digest := keptAs(a.Article)
	at := newPositions(a.Article)
	for _, m := range a.Annotations {
		f, ok := m.Value.(*dateline.Figure)
		if !ok {
			continue
		}
		row := FigureRow{
			Article: a.ID, Version: int32(a.Version), URL: a.URL, Outlet: a.Outlet, OutletName: a.OutletName, Title: a.Title, Language: a.Language, Published: a.Published,
			Sentence: a.Field(m.In)[m.Sentence[0]:m.Sentence[1]], Figure: a.Words(m), What: f.What, Min: f.Min, Max: f.Max, Modifier: f.Modifier, Vague: f.Vague,
			Unit: f.Unit, Of: f.Of, Modal: f.Modal, Fetched: fetched, Digest: digest, By: m.By, Gone: a.Gone,
		}
		row.In, row.Start, row.End = at.of(m)
		row.review(m, a.Reviews)
		if f.Place != nil {
			p := f.Place.Value.(*dateline.Place)
			row.Place, row.Country = p.Name, p.Country
			if p.Geonames != 0 {
				row.Geonames = new(int32(p.Geonames))
			}
			if p.Located {
				row.Lat, row.Lon = &p.Lat, &p.Lon
			}
		}
		if f.Date != nil {
			row.Date = f.Date.Value.(*dateline.Timex).Value
		}
		if f.Speaker != nil {
			row.Attribution = "said"
			who := f.Speaker
			if q, ok := who.Value.(*dateline.Quotation); ok {
				row.Attribution, who = q.Type, nil
				if q.Speaker != nil {
					row.Speaker, who = a.Field(f.Speaker.In)[q.Speaker.Start:q.Speaker.End], q.Speaker.Annotation
				}
			}
			if name := who.Name(); name != "" {
				row.Speaker = name
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// review adds what an editor said last of a figure; nothing where that was
// taken back.
func (row *FigureRow) review(m *dateline.Annotation, all []store.Review) {
	var newest *store.Review
	for i := range all {
		if r := &all[i]; r.Kind == m.Kind && r.In == m.In && r.Start == int(row.Start) && r.End == int(row.End) {
			newest = r
		}
	}
	if newest == nil || newest.Verdict == store.Withdrawn {
		return
	}
	row.Verdict, row.Reason, row.ReviewedBy, row.ReviewedAt = string(newest.Verdict), newest.Reason, newest.By, newest.At.UTC()
	if newest.Verdict == store.Corrected {
		var right struct {
			What     string
			Min, Max *float64
		}
		if json.Unmarshal(newest.Value, &right) == nil {
			row.CorrectedWhat, row.CorrectedMin, row.CorrectedMax = right.What, right.Min, right.Max
		}
	}
}

// quotes adds the rows of an article's quotations, in the order of its text.
func quotes(rows []QuoteRow, a *Item) []QuoteRow {
	fetched, digest := keptAs(a.Article)
	at := newPositions(a.Article)
	for _, m := range a.Annotations {
		q, ok := m.Value.(*dateline.Quotation)
		if !ok {
			continue
		}
		text := a.Field(m.In)
		row := QuoteRow{
			Article: a.ID, Version: int32(a.Version), URL: a.URL, Outlet: a.Outlet, OutletName: a.OutletName, Title: a.Title, Language: a.Language, Published: a.Published,
			Type: q.Type, Content: text[q.Content[0]:q.Content[1]], Verb: text[q.Verb[0]:q.Verb[1]], Sentence: text[m.Sentence[0]:m.Sentence[1]],
			Fetched: fetched, Digest: digest, By: m.By,
		}
		row.In, row.Start, row.End = at.of(m)
		if s := q.Speaker; s != nil {
			row.Speaker = text[s.Start:s.End]
			row.SpeakerName = s.Annotation.Name()
			if s.Annotation != nil {
				row.Role, row.Organization = officeOf(s.Annotation)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// officeOf is the role and organization of a person, as written at the mention
// or else at the first.
func officeOf(m *dateline.Annotation) (role, organization string) {
	switch v := m.Value.(type) {
	case *dateline.Organization:
		return "", v.Name
	case *dateline.Person:
		role, organization = v.Role, v.Organization
		if v.SameAs != nil {
			if first, ok := v.SameAs.Value.(*dateline.Person); ok {
				if role == "" {
					role = first.Role
				}
				if organization == "" {
					organization = first.Organization
				}
			}
		}
	}
	return role, organization
}

// positions turns the ranges of an article's marks into code points, which takes
// linear time in all as the marks are sorted.
type positions struct {
	a              *dateline.Article
	in             dateline.Field
	bytes, counted int
}

func newPositions(a *dateline.Article) *positions { return &positions{a: a, in: dateline.InTitle} }

func (p *positions) of(m *dateline.Annotation) (in string, start, end int32) {
	text := p.a.Field(m.In)
	if m.In != p.in || m.Start < p.bytes {
		p.in, p.bytes, p.counted = m.In, 0, 0
	}
	p.counted += utf8.RuneCountInString(text[p.bytes:m.Start])
	p.bytes = m.Start
	in = "text"
	if m.In == dateline.InTitle {
		in = "title"
	}
	return in, int32(p.counted), int32(p.counted + utf8.RuneCountInString(text[m.Start:m.End]))
}
