package web

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"dateline"
	"dateline/internal/store"
)

// reviewPage is a figure, what editors said of it, and the form for one more.
type reviewPage struct {
	Version int64
	In      dateline.Field
	Mark    dateline.Mark
	Value   figureValue
	Hit     store.Hit // as far as the article tells
	Parts   [3]string // of the sentence
	Reviews []store.Review
	Whats   []string
	Back    string
	Alone   bool // a page of its own, not a part of another
}

// ReviewAddress is where a figure's review is written. back is the page to
// come back to.
func (c *call) ReviewAddress(version int64, m dateline.Mark, back string) string {
	q := url.Values{"version": {strconv.FormatInt(version, 10)}, "start": {strconv.Itoa(m.Start)}, "end": {strconv.Itoa(m.End)}}
	if m.In != dateline.InText {
		q.Set("in", string(m.In))
	}
	if back != "" {
		q.Set("back", back)
	}
	return c.URL("/figures/review") + "?" + q.Encode()
}

// Corrected is the value that a review of a figure puts right.
func (c *call) Corrected(r store.Review) figureValue { return figureOf(r.Value) }

// figureAt finds the figure that a request names by its version, field and
// place.
func (c *call) figureAt(values url.Values) (p reviewPage, err error) {
	number := func(name string) (n int64) {
		if err == nil {
			if n, err = strconv.ParseInt(values.Get(name), 10, 64); err != nil {
				err = mistaken(dateline.ErrInvalid, "number", clipped(values.Get(name)))
			}
		}
		return n
	}
	p.Version, p.In = number("version"), dateline.Field(values.Get("in"))
	start, end := int(number("start")), int(number("end"))
	if err != nil {
		return p, err
	}
	a, err := c.s.Store.Article(c.ctx, p.Version)
	if err != nil {
		return p, err
	}
	marks, err := dateline.Annotations{Title: a.Title, Text: a.Text, List: a.Annotations}.Marks()
	if err != nil {
		return p, err
	}
	i := slices.IndexFunc(marks, func(m dateline.Mark) bool {
		return m.Kind == dateline.KindFigure && m.In == p.In && m.Start == start && m.End == end
	})
	if i < 0 {
		return p, fmt.Errorf("no figure stands there: %w", dateline.ErrNotFound)
	}
	p.Mark, p.Value = marks[i], figureOf(marks[i].Value)
	p.Hit = store.Hit{Page: store.Page{ID: a.ID, Outlet: a.Outlet, URL: a.URL}, Version: p.Version, Number: a.Version, Title: a.Title, Language: a.Language}
	text := a.Text
	if p.In == dateline.InTitle {
		text = a.Title
	}
	st := store.Statement{Mark: p.Mark, Sentence: text[runeOffset(text, p.Mark.Sentence[0]):runeOffset(text, p.Mark.Sentence[1])]}
	p.Parts = sentenceParts(&st)
	all, err := c.s.Store.ReviewsOf(c.ctx, p.Version)
	for _, r := range all {
		if r.Kind == p.Mark.Kind && r.In == p.Mark.In && r.Start == p.Mark.Start && r.End == p.Mark.End {
			p.Reviews = append(p.Reviews, r)
		}
	}
	return p, err
}

// reviewForm shows what was said of a figure, with a form for editors: as a page,
// or as the part of one that asks for it.
func (c *call) reviewForm() error {
	p, err := c.figureAt(c.r.URL.Query())
	if err != nil {
		return err
	}
	p.Whats, p.Back = figureWhats, c.Query("back")
	if c.r.Header.Get("HX-Request") != "" && c.r.Header.Get("HX-Boosted") == "" {
		return c.page(200, "reviewpart", view{}, p)
	}
	p.Alone = true
	return c.page(200, "review", view{Title: c.T("review.title")}, p)
}

// maxReason is how many code points of a reason are taken.
const maxReason = 2000

// putReview keeps what an editor says of a figure, beside it.
func (c *call) putReview() error {
	form := c.r.PostForm
	p, err := c.figureAt(form)
	if err != nil {
		return err
	}
	r := store.Review{
		Version: p.Version, Kind: p.Mark.Kind, In: p.Mark.In, Start: p.Mark.Start, End: p.Mark.End, Text: p.Mark.Text, Was: p.Mark.Value,
		Verdict: store.Verdict(form.Get("verdict")), Reason: strings.TrimSpace(form.Get("reason")), By: c.id.Name(),
	}
	switch {
	case utf8.RuneCountInString(r.Reason) > maxReason:
		return mistaken(dateline.ErrTooLarge, "reason.long", c.Number(maxReason))
	case !utf8.ValidString(r.Reason):
		return mistaken(dateline.ErrInvalid, "reason.text")
	case r.Reason == "" && (r.Verdict == store.Corrected || r.Verdict == store.Rejected):
		return mistaken(dateline.ErrInvalid, "reason.none")
	}
	if r.Verdict == store.Corrected {
		if r.Value, err = correctedValue(p.Mark.Value, form); err != nil {
			return err
		}
	}
	if _, err := c.s.Store.PutReview(c.ctx, r); err != nil {
		return err
	}
	return c.back("/figures")
}

// correctedValue is a figure's value with what a form says of it in place of
// what the program found; all else stays.
func correctedValue(was json.RawMessage, form url.Values) (json.RawMessage, error) {
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(was, &fields); err != nil {
		return nil, fmt.Errorf("value of a mark: %w: %w", dateline.ErrCorrupt, err)
	}
	what := form.Get("what")
	if !slices.Contains(figureWhats, what) {
		return nil, mistaken(dateline.ErrInvalid, "form")
	}
	fields["what"], _ = json.Marshal(what)
	var bounds [2]*float64
	for i, name := range []string{"min", "max"} {
		delete(fields, name)
		text := strings.TrimSpace(form.Get(name))
		if text == "" {
			continue
		}
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || f-f != 0 {
			return nil, mistaken(dateline.ErrInvalid, "bound", clipped(text))
		}
		bounds[i] = &f
		fields[name], _ = json.Marshal(f)
	}
	low, high := bounds[0], bounds[1]
	modifier := "exact"
	switch {
	case low == nil && high == nil:
		return nil, mistaken(dateline.ErrInvalid, "bounds.none")
	case low != nil && high != nil && *low > *high:
		return nil, mistaken(dateline.ErrInvalid, "bounds.order")
	case high == nil:
		modifier = "at-least"
	case low == nil:
		modifier = "at-most"
	}
	fields["modifier"], _ = json.Marshal(modifier)
	delete(fields, "vague")
	return json.Marshal(fields)
}

// Statement is the figure with where it stands.
func (p reviewPage) Statement() store.Statement { return store.Statement{Hit: p.Hit, Mark: p.Mark} }

// Plain is a number as forms take it, and empty where there is none.
func (c *call) Plain(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}
