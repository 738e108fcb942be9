package dateline

import (
	"cmp"
	"slices"
)

// Annotation is a mark on an article's text or headline: what stands in a
// range of it, and what that means. Marks stand off: they never change the
// text.
//
// Marks refer to each other by pointer; in the record a reference is the
// index in the article's list. A mark may refer only to marks of the same
// article.
type Annotation struct {
	Kind       AnnotationKind
	In         Field
	Start, End int    // bytes, half-open, in the text that In names
	Sentence   [2]int // bytes: the sentence it stands in, the first where it covers several
	By         string // annotator and version: "figures/1"
	Value      Value
}

// AnnotationKind says what a mark marks, and which [Value] it has.
type AnnotationKind string

// The kinds of marks, each with the type of its value: [Person],
// [Organization], [Place], [Timex], [Figure], [Quotation].
const (
	KindPerson       AnnotationKind = "person"
	KindOrganization AnnotationKind = "organization"
	KindPlace        AnnotationKind = "place"
	KindDate         AnnotationKind = "date"
	KindFigure       AnnotationKind = "figure"
	KindQuote        AnnotationKind = "quote"
)

// Field is the part of an article a mark stands in.
type Field string

// The fields that are annotated.
const (
	InText  Field = "" // the body
	InTitle Field = "title"
)

// Field is the text of a field.
func (a *Article) Field(f Field) string {
	if f == InTitle {
		return a.Title
	}
	return a.Text
}

// Words are what stands where a mark is.
func (a *Article) Words(m *Annotation) string { return a.Field(m.In)[m.Start:m.End] }

// Name is the name in the value of a person, an organization or a place, and
// empty for all other marks and for none.
func (m *Annotation) Name() string {
	if m == nil {
		return ""
	}
	switch v := m.Value.(type) {
	case *Person:
		return v.Name
	case *Organization:
		return v.Name
	case *Place:
		return v.Name
	}
	return ""
}

// Value is what a mark means: a pointer to one of the types named at the
// kinds.
type Value interface {
	// References calls f with the marks this value refers to.
	References(f func(*Annotation))
	json(x *index) any
}

// Person is the value of a mark on a person's name.
type Person struct {
	Name         string      // the fullest form in the article
	Role         string      // as written: "Menteri Luar Negeri"
	Organization string      // as written
	SameAs       *Annotation // the first mention; nil on the first
}

// Organization is the value of a mark on an organization's name.
type Organization struct {
	Name    string
	Acronym string
	SameAs  *Annotation
}

// Place is the value of a mark on a place's name. A place that cannot be
// resolved has name and kind only.
type Place struct {
	Name     string
	Kind     string // country, region, city, area
	Country  string // ISO 3166-1 alpha-2
	Located  bool   // Lat and Lon are known
	Lat, Lon float64
	Geonames int // 0 where unknown
	SameAs   *Annotation
}

// Timex is the value of a mark on a date, a time, a duration or a set of
// them, as TIMEX3 of ISO-TimeML has it.
type Timex struct {
	Type       string // DATE, TIME, DURATION, SET
	Value      string
	Mod        string // BEFORE, AFTER, START, MID, END, APPROX, LESS_THAN, MORE_THAN, EQUAL_OR_LESS, EQUAL_OR_MORE
	Quant      string // of a SET: EVERY
	Freq       string // of a SET: 2X
	RelativeTo string // the day the value was reckoned from
}

// Figure is the value of a mark on a number of people, things, money or
// measure. Bounds are inclusive and in the unit; nil is unbounded.
type Figure struct {
	What     string // killed, injured ... other; money, percent, distance, area, weight, duration, count
	Min, Max *float64
	Modifier string // exact, at-least, more-than, at-most, less-than, nearly, about
	Vague    bool   // the bounds are those of a word such as "hundreds"
	Unit     string // ISO 4217 for money
	Of       string // what is counted, as written
	Modal    bool   // feared, possible, planned, hypothetical
	PartOf   *Annotation
	Place    *Annotation
	Date     *Annotation
	Speaker  *Annotation // a person, an organization or a quote
}

// Quotation is the value of a mark on what someone said.
type Quotation struct {
	Type    string // direct, mixed, indirect
	Content [2]int // bytes, without the outer marks
	Speaker *Speaker
	Verb    [2]int // bytes; empty where there is none
}

// Speaker is the words that name who said something, and the mark on the
// person or organization they mean, where the text tells.
type Speaker struct {
	Start, End int
	Annotation *Annotation
}

// References implements [Value].
func (v *Person) References(f func(*Annotation)) { call(f, v.SameAs) }

// References implements [Value].
func (v *Organization) References(f func(*Annotation)) { call(f, v.SameAs) }

// References implements [Value].
func (v *Place) References(f func(*Annotation)) { call(f, v.SameAs) }

// References implements [Value].
func (v *Timex) References(func(*Annotation)) {}

// References implements [Value].
func (v *Figure) References(f func(*Annotation)) { call(f, v.PartOf, v.Place, v.Date, v.Speaker) }

// References implements [Value].
func (v *Quotation) References(f func(*Annotation)) {
	if v.Speaker != nil {
		call(f, v.Speaker.Annotation)
	}
}

func call(f func(*Annotation), marks ...*Annotation) {
	for _, m := range marks {
		if m != nil {
			f(m)
		}
	}
}

// SortAnnotations puts marks in the record's order: the headline's first,
// then by start, longer before shorter, kind.
func SortAnnotations(list []*Annotation) {
	slices.SortStableFunc(list, func(a, b *Annotation) int {
		// "title" is before the text's "".
		return cmp.Or(cmp.Compare(b.In, a.In), cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End), cmp.Compare(a.Kind, b.Kind))
	})
}
