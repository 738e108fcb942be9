package api

import (
	"context"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"dateline"
	"dateline/internal/store"
)

// webMedia is the media type of Web Annotations.
const webMedia = `application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"`

// WebPage is an AnnotationPage of the W3C's Web Annotation Data Model.
type WebPage struct {
	Context any             `json:"@context,omitempty"`
	ID      string          `json:"id"`
	Type    string          `json:"type" enum:"AnnotationPage"`
	Items   []WebAnnotation `json:"items" nullable:"false"`
}

// WebAnnotation is an annotation of that model. Its target is a version of an
// article; the positions count code points in its text or headline.
type WebAnnotation struct {
	ID         string    `json:"id"`
	Type       string    `json:"type" enum:"Annotation"`
	Motivation string    `json:"motivation"`
	Creator    WebAgent  `json:"creator"`
	Body       []WebBody `json:"body" nullable:"false"`
	Target     WebTarget `json:"target"`
}

// WebAgent is who made an annotation: software, or a person who reviewed.
type WebAgent struct {
	Type string `json:"type" enum:"Software,Person"`
	Name string `json:"name"`
}

// WebBody says what is marked: a tag with the kind, and the value as data.
type WebBody struct {
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
	Value   any    `json:"value"`
	Format  string `json:"format,omitempty"`
}

// WebTarget is where it stands.
type WebTarget struct {
	Source   string        `json:"source" doc:"The version's text or headline."`
	Scope    string        `json:"scope,omitempty" doc:"The address at which the outlet published it."`
	Selector []WebSelector `json:"selector" nullable:"false"`
}

// WebSelector is a TextQuoteSelector or a TextPositionSelector.
type WebSelector struct {
	Type   string `json:"type" enum:"TextQuoteSelector,TextPositionSelector"`
	Exact  string `json:"exact,omitempty"`
	Prefix string `json:"prefix,omitempty"`
	Suffix string `json:"suffix,omitempty"`
	Start  *int   `json:"start,omitempty"`
	End    *int   `json:"end,omitempty"`
}

// quoted is how many code points before and behind a mark are told, so that it
// is found again in a text that has moved.
const quoted = 32

type annotationsInput struct {
	ID      string `path:"id" maxLength:"4000" doc:"The article's id, or an address of its page, escaped."`
	Version int    `query:"version" minimum:"0" maximum:"1000000" doc:"A version's number, from 1; the current one where it is left out."`
	Format  string `query:"format" enum:"record,w3c" doc:"record: as the record has them. w3c: as Web Annotations."`
	Accept  string `header:"Accept" maxLength:"2000" doc:"application/ld+json asks for Web Annotations too."`
}

type annotationsOutput struct {
	ContentType string `header:"Content-Type"`
	Body        any
}

func (a *API) annotationOperation() {
	add(a, about{id: "listAnnotations", tag: "Articles", path: "/v1/articles/{id}/annotations", need: looking, page: "article",
		summary: "List an article's annotations",
		more:    "The marks on a version's headline and text, in the record's order, as the record has them or as W3C Web Annotations.",
		set: func(op *huma.Operation) {
			r := a.huma.OpenAPI().Components.Schemas
			op.Responses = map[string]*huma.Response{"200": {Description: "The annotations.", Content: map[string]*huma.MediaType{
				"application/json":    {Schema: r.Schema(reflect.TypeFor[List[Mark]](), true, "")},
				"application/ld+json": {Schema: r.Schema(reflect.TypeFor[WebPage](), true, "")},
			}}}
		}},
		func(ctx context.Context, in *annotationsInput) (*annotationsOutput, error) {
			article, p, v, err := a.article(ctx, &articleInput{in.ID, in.Version})
			if err != nil {
				return nil, err
			}
			marks, err := dateline.Annotations{Title: article.Title, Text: article.Text, List: article.Annotations}.Marks()
			if err != nil {
				return nil, err
			}
			if in.Format == "w3c" || in.Format == "" && strings.Contains(in.Accept, "application/ld+json") {
				return &annotationsOutput{webMedia, a.webPage(article, p, v, marks)}, nil
			}
			out := List[Mark]{Items: []Mark{}}
			for i := range marks {
				out.Items = append(out.Items, markOf(&marks[i]))
			}
			return &annotationsOutput{"application/json", out}, nil
		})
}

func (a *API) webPage(article *dateline.Article, p store.Page, v store.Version, marks []dateline.Mark) WebPage {
	source := a.articleLink(p.ID, v.Number, nil)
	out := WebPage{
		Context: "http://www.w3.org/ns/anno.jsonld", ID: a.link("/api/v1/articles/"+p.ID+"/annotations?format=w3c&version="+strconv.Itoa(v.Number), nil),
		Type: "AnnotationPage", Items: make([]WebAnnotation, 0, len(marks)),
	}
	title, text := []rune(article.Title), []rune(article.Text)
	for i := range marks {
		m, in, at := &marks[i], text, source+"#text"
		if m.In == dateline.InTitle {
			in, at = title, source+"#title"
		}
		var value any = m.Value
		if m.Value == nil {
			value = json.RawMessage("{}")
		}
		out.Items = append(out.Items, WebAnnotation{
			ID: out.ID + "#" + strconv.Itoa(i), Type: "Annotation", Motivation: "identifying", Creator: WebAgent{"Software", m.By},
			Body: []WebBody{
				{Type: "TextualBody", Purpose: "tagging", Value: string(m.Kind)},
				{Type: "Dataset", Purpose: "describing", Value: value, Format: "application/json"},
			},
			Target: WebTarget{Source: at, Scope: article.URL, Selector: []WebSelector{
				{Type: "TextQuoteSelector", Exact: string(in[m.Start:m.End]), Prefix: string(in[max(0, m.Start-quoted):m.Start]), Suffix: string(in[m.End:min(len(in), m.End+quoted)])},
				{Type: "TextPositionSelector", Start: &m.Start, End: &m.End},
			}},
		})
	}
	return out
}
