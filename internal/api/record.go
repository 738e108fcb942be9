package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"dateline"
)

// Article is an article as its record has it.
type Article struct{ *dateline.Article }

// Schema describes the record, which the article itself does not look like.
func (Article) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[Record](), true, "Record")
}

// Record describes the article record of docs/formats/record.md; what is sent is
// written by [dateline.Article.MarshalJSON].
type Record struct {
	Source      string                  `json:"source,omitempty" doc:"The input as given."`
	ID          string                  `json:"id" doc:"A stable id of the page."`
	Outlet      string                  `json:"outlet,omitempty" doc:"The outlet's id."`
	Version     int                     `json:"version" minimum:"1"`
	Capture     *dateline.Capture       `json:"capture,omitempty"`
	URL         string                  `json:"url,omitempty" doc:"The page's address."`
	Canonical   string                  `json:"canonical_url,omitempty" doc:"What the page says its address is."`
	Site        *dateline.Site          `json:"site,omitempty"`
	Kind        string                  `json:"kind,omitempty" enum:"article,live,opinion,interview,review,video,gallery,index,notice,other"`
	Language    string                  `json:"language,omitempty" doc:"BCP 47, of the body."`
	Title       string                  `json:"title,omitempty"`
	Kicker      string                  `json:"kicker,omitempty"`
	Subtitle    string                  `json:"subtitle,omitempty"`
	Authors     []string                `json:"authors,omitempty" nullable:"false"`
	Published   string                  `json:"published,omitempty" doc:"As far as it is known: with or without zone and time of day."`
	Modified    string                  `json:"modified,omitempty"`
	Dates       []dateline.DateEvidence `json:"date_evidence,omitempty" nullable:"false" doc:"Every candidate for the date of publication."`
	Access      string                  `json:"access,omitempty" enum:"free,metered,paid"`
	Corrections []string                `json:"corrections,omitempty" nullable:"false"`
	Dateline    *dateline.Dateline      `json:"dateline,omitempty"`
	Section     string                  `json:"section,omitempty"`
	Tags        []string                `json:"tags,omitempty" nullable:"false"`
	Image       *dateline.Image         `json:"image,omitempty"`
	Blocks      []Block                 `json:"blocks,omitempty" nullable:"false"`
	Text        string                  `json:"text,omitempty" doc:"The body: all blocks but captions, joined by a blank line."`
	Related     []dateline.Link         `json:"related,omitempty" nullable:"false"`
	Comments    []dateline.Comment      `json:"comments,omitempty" nullable:"false"`
	Annotations []Mark                  `json:"annotations,omitempty" nullable:"false"`
	Warnings    []string                `json:"warnings,omitempty" nullable:"false"`
}

// Block is a block of a record.
type Block struct {
	Kind  string      `json:"kind" enum:"standfirst,paragraph,heading,list-item,quote,preformatted,table-row,caption"`
	Text  string      `json:"text"`
	Start *int        `json:"start,omitempty" doc:"Where it begins in text; captions have none."`
	Level int         `json:"level,omitempty"`
	Links []BlockLink `json:"links,omitempty" nullable:"false"`
}

// BlockLink is a link in a block, with offsets in the block's text.
type BlockLink struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Href  string `json:"href"`
}

// Mark is what stands in a range of an article's text or headline, and what it
// means. Offsets are code points, half-open.
type Mark struct {
	Kind     string `json:"kind" enum:"person,organization,place,date,figure,quote"`
	In       string `json:"in,omitempty" enum:"title" doc:"The headline; left out for the text."`
	Start    int    `json:"start" minimum:"0"`
	End      int    `json:"end" minimum:"0"`
	Text     string `json:"text" doc:"What stands there."`
	Sentence [2]int `json:"sentence" doc:"[start, end] of its sentence."`
	By       string `json:"by" doc:"Annotator and version."`
	Value    any    `json:"value" doc:"By kind, as docs/formats/record.md describes it; references are indexes of annotations."`
}

func markOf(m *dateline.Mark) Mark {
	return Mark{string(m.Kind), string(m.In), m.Start, m.End, m.Text, m.Sentence, m.By, m.Value}
}
