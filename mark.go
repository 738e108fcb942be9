package dateline

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Mark is an annotation as the record has it: offsets in code points, and
// references as indexes in the list of the article's marks. It is the form in
// which marks are kept and sent; docs/formats/record.md says what its fields
// mean.
type Mark struct {
	Kind     AnnotationKind  `json:"kind"`
	In       Field           `json:"in,omitempty"`
	Start    int             `json:"start"`
	End      int             `json:"end"`
	Text     string          `json:"text"` // what stands there
	Sentence [2]int          `json:"sentence"`
	By       string          `json:"by"`
	Value    json.RawMessage `json:"value"`
}

// Annotations is an article's marks together with the texts they stand in,
// which is what their record needs. The list is sorted as [SortAnnotations] does.
type Annotations struct {
	Title, Text string
	List        []*Annotation
}

// MarshalJSON writes the marks as the record has them, with offsets in Unicode
// code points and references as indexes.
func (a Annotations) MarshalJSON() ([]byte, error) {
	marks, err := a.Marks()
	if err != nil {
		return nil, err
	}
	return encode(marks)
}

// Marks are the annotations as the record has them, in the list's order; never
// nil. It takes time linear in the texts and the list.
func (a Annotations) Marks() ([]Mark, error) { return a.marks(newRunes(a.Text)) }

func (a Annotations) marks(text *runes) ([]Mark, error) {
	x := index{at: make(map[*Annotation]int, len(a.List))}
	for i, m := range a.List {
		x.at[m] = i
	}
	title := newRunes(a.Title)
	out := make([]Mark, 0, len(a.List))
	for _, m := range a.List {
		x.text = text
		if m.In == InTitle {
			x.text = title
		}
		value, err := encode(m.Value.json(&x))
		if err != nil {
			return nil, fmt.Errorf("mark %d, %s %q: %w", len(out), m.Kind, x.text.s[m.Start:m.End], err)
		}
		out = append(out, Mark{
			Kind: m.Kind, In: m.In, Start: x.text.count(m.Start), End: x.text.count(m.End),
			Text: x.text.s[m.Start:m.End], Sentence: x.span(m.Sentence), By: m.By, Value: value,
		})
	}
	return out, nil
}

// AnnotationsOf is the way back from [Annotations.Marks]: the annotations of
// an article with that headline and text, in the order of the marks.
//
// Every range must lie in its text and every reference in the list, at a mark
// of a kind that can be meant; what a mark says stands there must stand there,
// but may be left out. Marks refer to one another, so the list is made whole
// or not at all: an error wraps [ErrInvalid] and names the first mark that is
// wrong, one of an unknown kind included.
func AnnotationsOf(title, text string, marks []Mark) ([]*Annotation, error) {
	return annotationsOf(newRunes(title), newRunes(text), marks)
}

func annotationsOf(title, text *runes, marks []Mark) ([]*Annotation, error) {
	if len(marks) == 0 {
		return nil, nil
	}
	room := make([]Annotation, len(marks))
	x := lookup{list: make([]*Annotation, len(marks))}
	for i := range marks {
		// The kinds first: a reference may go forward.
		room[i].Kind = marks[i].Kind
		x.list[i] = &room[i]
	}
	for i := range marks {
		m, a := &marks[i], x.list[i]
		a.In, a.By = m.In, m.By
		x.self, x.text = i, text
		switch m.In {
		case InText:
		case InTitle:
			x.text = title
		default:
			x.wrong("there is no field %q", m.In)
		}
		s := x.span("mark", m.Start, m.End, m.Text)
		a.Start, a.End = s[0], s[1]
		a.Sentence = x.span("sentence", m.Sentence[0], m.Sentence[1], "")
		a.Value = x.value(m)
		if x.err != nil {
			return nil, fmt.Errorf("mark %d, %.20s %.40q: %w: %w", i, m.Kind, m.Text, ErrInvalid, x.err)
		}
	}
	return x.list, nil
}

// index turns what marks refer to into numbers.
type index struct {
	at   map[*Annotation]int
	text *runes // the text of the mark at hand
}

func (x *index) span(s [2]int) [2]int { return [2]int{x.text.count(s[0]), x.text.count(s[1])} }

// of is the index of a mark; nil where there is none or it is not in the list.
func (x *index) of(m *Annotation) *int {
	if i, ok := x.at[m]; ok && m != nil {
		return &i
	}
	return nil
}

// lookup turns numbers into what they refer to, and keeps the first that
// cannot be.
type lookup struct {
	list []*Annotation
	self int    // the index of the mark at hand
	text *runes // its text
	err  error
}

func (x *lookup) wrong(format string, args ...any) {
	if x.err == nil {
		x.err = fmt.Errorf(format, args...)
	}
}

// span is the range of bytes that [start, end) is in code points. What it says
// stands there is compared, unless that is empty.
func (x *lookup) span(what string, start, end int, text string) [2]int {
	if start < 0 || start > end {
		x.wrong("%s: %d to %d is no range", what, start, end)
		return [2]int{}
	}
	first, ok1 := x.text.offset(start)
	last, ok2 := x.text.offset(end)
	if !ok1 || !ok2 {
		x.wrong("%s: %d to %d is not inside the text", what, start, end)
		return [2]int{}
	}
	if got := x.text.s[first:last]; text != "" && got != text {
		x.wrong("%s: %.40q stands at %d, not %.40q", what, got, start, text)
	}
	return [2]int{first, last}
}

// mark is the annotation at an index, nil for none. It must be of one of the
// kinds.
func (x *lookup) mark(what string, i *int, kinds ...AnnotationKind) *Annotation {
	switch {
	case i == nil:
		return nil
	case *i < 0 || *i >= len(x.list) || *i == x.self:
		x.wrong("%s: there is no mark %d to refer to", what, *i)
		return nil
	case !slices.Contains(kinds, x.list[*i].Kind):
		x.wrong("%s: mark %d is of kind %q", what, *i, x.list[*i].Kind)
		return nil
	}
	return x.list[*i]
}

// value reads the value of a mark by its kind.
func (x *lookup) value(m *Mark) Value {
	var r valueRecord
	switch m.Kind {
	case KindPerson:
		r = new(personRecord)
	case KindOrganization:
		r = new(organizationRecord)
	case KindPlace:
		r = new(placeRecord)
	case KindDate:
		r = new(timexRecord)
	case KindFigure:
		r = new(figureRecord)
	case KindQuote:
		r = new(quotationRecord)
	default:
		x.wrong("the kind is not known")
		return nil
	}
	err := json.Unmarshal(m.Value, r)
	if err == nil && string(m.Value) == "null" {
		err = errors.New("it is null")
	}
	if err != nil {
		x.wrong("value: %w", err)
		return nil
	}
	return r.value(x)
}
