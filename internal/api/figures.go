package api

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/store"
	"dateline/search"
)

// Statement is a mark with the sentence it stands in, and who says so where and
// when.
type Statement struct {
	Article  string    `json:"article" doc:"The article's id."`
	Version  int       `json:"version"`
	N        int64     `json:"n" doc:"The number of the version in the record, for reviews."`
	Index    int       `json:"index" doc:"The mark's index in the article's annotations."`
	Outlet   string    `json:"outlet,omitempty" doc:"The outlet's id."`
	URL      string    `json:"url"`
	Title    string    `json:"title,omitempty"`
	Language string    `json:"language,omitempty"`
	Time     time.Time `json:"time" doc:"As of an article in a list."`
	Mark     Mark      `json:"mark"`
	Sentence string    `json:"sentence" doc:"The text of the mark's sentence."`
	Place    string    `json:"place,omitempty" doc:"Of a figure: the place it is of, by name."`
	Date     string    `json:"date,omitempty" doc:"Of a figure: the date it is of, a TIMEX3 value."`
	Speaker  string    `json:"speaker,omitempty" doc:"Who says so: the fullest name known, else the words."`
	Reviews  []Review  `json:"reviews,omitempty" nullable:"false" doc:"What editors say of it, oldest first; the newest counts."`
	Link     string    `json:"link" doc:"Where a person sees exactly this sentence of this version."`
}

// Review is what an editor says of a mark.
type Review struct {
	Verdict string    `json:"verdict" enum:"confirmed,corrected,rejected,withdrawn"`
	Value   any       `json:"value,omitempty" doc:"The right value, where it is corrected."`
	Was     any       `json:"was,omitempty" doc:"The value that the program gave."`
	Reason  string    `json:"reason,omitempty"`
	By      string    `json:"by,omitempty"`
	At      time.Time `json:"at"`
}

type figuresInput struct {
	Query  string `query:"q" maxLength:"4000" doc:"Of which articles, as docs/formats/query.md describes it." example:"place:Suri after:2025-03"`
	Kind   string `query:"kind" enum:"figure,quote,person,organization,place,date" default:"figure"`
	What   string `query:"what" maxLength:"40" doc:"Of a figure." example:"killed"`
	Name   string `query:"name" maxLength:"400" doc:"Of a person, an organization or a place."`
	Said   string `query:"speaker" maxLength:"400" doc:"Of a quote: the person or organization it is from."`
	Order  string `query:"order" enum:"newest,oldest,greatest,least" default:"newest"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many items at most."`
	Cursor string `query:"cursor" maxLength:"500" doc:"The next of the page before."`
}

// reviewBody is what an editor says.
type reviewBody struct {
	Verdict string         `json:"verdict" enum:"confirmed,corrected,rejected,withdrawn" example:"rejected"`
	Value   map[string]any `json:"value,omitempty" doc:"Of a correction: the right value, whole, with the fields of a figure in the record."`
	Reason  string         `json:"reason,omitempty" maxLength:"2000" example:"it is a year" doc:"A correction and a rejection need one."`
}

type reviewInput struct {
	Version int64 `path:"version" minimum:"1" doc:"The number of the version in the record: n of a statement."`
	N       int   `path:"n" minimum:"0" doc:"The mark's index in the article's annotations."`
	Body    reviewBody
}

func (a *API) figureOperations() {
	add(a, about{id: "listFigures", tag: "Figures", path: "/v1/figures", need: looking, page: "figures",
		summary: "List figures and other statements",
		more:    "The marks of the articles that a query finds, each with its sentence, outlet, time and reviews. Bounds are inclusive; one that is left out is not known."},
		func(ctx context.Context, in *figuresInput) (*answer[List[Statement]], error) {
			q, err := search.Parse(in.Query)
			if err != nil {
				return nil, err
			}
			out := &answer[List[Statement]]{List[Statement]{Items: []Statement{}}}
			o := store.StatementOptions{Kind: dateline.AnnotationKind(in.Kind), What: in.What, Name: in.Name, Speaker: in.Said, Order: store.Order(in.Order), Limit: in.Limit + 1, Cursor: in.Cursor}
			last := ""
			for s, err := range a.o.Store.Statements(ctx, q, a.o.Analyzer, o) {
				if err != nil {
					return nil, err
				}
				if len(out.Body.Items) == in.Limit {
					out.Body.Next = last
					break
				}
				out.Body.Items, last = append(out.Body.Items, a.statement(&s)), s.Cursor
			}
			return out, nil
		})
	add(a, about{id: "reviewFigure", tag: "Figures", method: "POST", path: "/v1/figures/{version}/{n}/review", need: reviewing,
		summary: "Confirm, correct or reject a figure", more: "The review is kept beside the program's mark, never over it."}, a.review)
}

func (a *API) statement(s *store.Statement) Statement {
	out := Statement{
		Article: s.Hit.Page.ID, Version: s.Hit.Number, N: s.Hit.Version, Index: s.N, Outlet: s.Hit.Page.Outlet, URL: s.Hit.Page.URL, Title: s.Hit.Title, Language: s.Hit.Language,
		Time: s.Hit.Time.UTC(), Mark: markOf(&s.Mark), Sentence: s.Sentence, Place: s.Place, Date: s.Date, Speaker: s.Speaker,
	}
	for i := range s.Reviews {
		out.Reviews = append(out.Reviews, reviewOf(&s.Reviews[i]))
	}
	cited := &s.Mark.Sentence
	if s.Mark.In == dateline.InTitle {
		cited = nil
	}
	out.Link = a.articleLink(s.Hit.Page.ID, s.Hit.Number, cited)
	return out
}

func reviewOf(r *store.Review) Review {
	out := Review{Verdict: string(r.Verdict), Reason: r.Reason, By: r.By, At: r.At.UTC()}
	if len(r.Value) > 0 {
		out.Value = r.Value
	}
	if len(r.Was) > 0 {
		out.Was = r.Was
	}
	return out
}

// review keeps what an editor says of a figure.
func (a *API) review(ctx context.Context, in *reviewInput) (*answer[Review], error) {
	article, err := a.o.Store.Article(ctx, in.Version)
	if err != nil {
		return nil, fmt.Errorf("version with the number %d: %w", in.Version, err)
	}
	marks, err := dateline.Annotations{Title: article.Title, Text: article.Text, List: article.Annotations}.Marks()
	if err != nil {
		return nil, err
	}
	if in.N >= len(marks) || marks[in.N].Kind != dateline.KindFigure {
		return nil, fmt.Errorf("figure %d of that version: %w", in.N, dateline.ErrNotFound)
	}
	m := &marks[in.N]
	b := &in.Body
	b.Reason = strings.TrimSpace(b.Reason)
	r := store.Review{Version: in.Version, Kind: m.Kind, In: m.In, Start: m.Start, End: m.End, Text: m.Text, Was: m.Value,
		Verdict: store.Verdict(b.Verdict), Reason: b.Reason, By: access.From(ctx).Name()}
	if b.Reason == "" && slices.Contains([]store.Verdict{store.Corrected, store.Rejected}, r.Verdict) {
		return nil, fmt.Errorf("say why: a correction or a rejection needs a reason: %w", dateline.ErrInvalid)
	}
	if !utf8.ValidString(b.Reason) {
		return nil, fmt.Errorf("the reason is not text: %w", dateline.ErrInvalid)
	}
	if r.Verdict == store.Corrected {
		if r.Value, err = json.Marshal(b.Value); err != nil {
			return nil, err
		}
		// What is no value of a figure cannot be put in the mark's place.
		changed := slices.Clone(marks)
		changed[in.N].Value = r.Value
		if _, err := dateline.AnnotationsOf(article.Title, article.Text, changed); err != nil {
			return nil, err
		}
		v := figureOf(r.Value)
		if v.What == "" || v.Min == nil && v.Max == nil || v.Min != nil && v.Max != nil && *v.Min > *v.Max {
			return nil, fmt.Errorf("a correction needs what, and a lower or an upper bound, the lower not above the upper: %w", dateline.ErrInvalid)
		}
	}
	if r, err = a.o.Store.PutReview(ctx, r); err != nil {
		return nil, err
	}
	return &answer[Review]{reviewOf(&r)}, nil
}

// figureValue is the value of a figure's mark, as far as it is looked at here.
type figureValue struct {
	What     string   `json:"what"`
	Min      *float64 `json:"min"`
	Max      *float64 `json:"max"`
	Modifier string   `json:"modifier"`
	Unit     string   `json:"unit"`
}

func figureOf(raw json.RawMessage) (v figureValue) {
	_ = json.Unmarshal(raw, &v) // what cannot be read says nothing
	return v
}
