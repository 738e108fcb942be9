package dateline

import (
	"cmp"
	"encoding/json"
	"slices"
	"unicode/utf8"
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

// Annotations is an article's marks together with the texts they stand in,
// which is what their JSON needs. The list is sorted as [SortAnnotations] does.
type Annotations struct {
	Title, Text string
	List        []*Annotation
}

// MarshalJSON writes the marks as the record has them, with offsets in Unicode
// code points and references as indexes.
func (a Annotations) MarshalJSON() ([]byte, error) { return encode(a.records()) }

type annotationRecord struct {
	Kind     AnnotationKind `json:"kind"`
	In       Field          `json:"in,omitempty"`
	Start    int            `json:"start"`
	End      int            `json:"end"`
	Text     string         `json:"text"`
	Sentence [2]int         `json:"sentence"`
	By       string         `json:"by"`
	Value    any            `json:"value"`
}

func (a Annotations) records() []annotationRecord {
	x := index{at: make(map[*Annotation]int, len(a.List)), text: newRunes(a.Text)}
	for i, m := range a.List {
		x.at[m] = i
	}
	title := newRunes(a.Title)
	text := x.text
	out := make([]annotationRecord, 0, len(a.List))
	for _, m := range a.List {
		x.text = text
		if m.In == InTitle {
			x.text = title
		}
		out = append(out, annotationRecord{
			Kind: m.Kind, In: m.In, Start: x.text.count(m.Start), End: x.text.count(m.End),
			Text: x.text.s[m.Start:m.End], Sentence: x.span(m.Sentence), By: m.By, Value: m.Value.json(&x),
		})
	}
	return out
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

func (v *Person) json(x *index) any {
	return struct {
		Name         string `json:"name"`
		Role         string `json:"role,omitempty"`
		Organization string `json:"organization,omitempty"`
		SameAs       *int   `json:"same_as,omitempty"`
	}{v.Name, v.Role, v.Organization, x.of(v.SameAs)}
}

func (v *Organization) json(x *index) any {
	return struct {
		Name    string `json:"name"`
		Acronym string `json:"acronym,omitempty"`
		SameAs  *int   `json:"same_as,omitempty"`
	}{v.Name, v.Acronym, x.of(v.SameAs)}
}

func (v *Place) json(x *index) any {
	r := struct {
		Name     string   `json:"name"`
		Kind     string   `json:"kind"`
		Country  string   `json:"country,omitempty"`
		Lat      *float64 `json:"lat,omitempty"`
		Lon      *float64 `json:"lon,omitempty"`
		Geonames int      `json:"geonames,omitempty"`
		SameAs   *int     `json:"same_as,omitempty"`
	}{Name: v.Name, Kind: v.Kind, Country: v.Country, Geonames: v.Geonames, SameAs: x.of(v.SameAs)}
	if v.Located {
		r.Lat, r.Lon = &v.Lat, &v.Lon
	}
	return r
}

func (v *Timex) json(*index) any {
	return struct {
		Type       string `json:"type"`
		Value      string `json:"value"`
		Mod        string `json:"mod,omitempty"`
		Quant      string `json:"quant,omitempty"`
		Freq       string `json:"freq,omitempty"`
		RelativeTo string `json:"relative_to,omitempty"`
	}{v.Type, v.Value, v.Mod, v.Quant, v.Freq, v.RelativeTo}
}

func (v *Figure) json(x *index) any {
	return struct {
		What     string   `json:"what"`
		Min      *float64 `json:"min,omitempty"`
		Max      *float64 `json:"max,omitempty"`
		Modifier string   `json:"modifier"`
		Vague    bool     `json:"vague,omitempty"`
		Unit     string   `json:"unit,omitempty"`
		Of       string   `json:"of,omitempty"`
		PartOf   *int     `json:"part_of,omitempty"`
		Modal    bool     `json:"modal,omitempty"`
		Place    *int     `json:"place,omitempty"`
		Date     *int     `json:"date,omitempty"`
		Speaker  *int     `json:"speaker,omitempty"`
	}{v.What, v.Min, v.Max, v.Modifier, v.Vague, v.Unit, v.Of, x.of(v.PartOf), v.Modal, x.of(v.Place), x.of(v.Date), x.of(v.Speaker)}
}

type spanRecord struct {
	Start      int    `json:"start"`
	End        int    `json:"end"`
	Text       string `json:"text"`
	Annotation *int   `json:"annotation,omitempty"`
}

func (v *Quotation) json(x *index) any {
	r := struct {
		Type    string      `json:"type"`
		Content [2]int      `json:"content"`
		Speaker *spanRecord `json:"speaker,omitempty"`
		Verb    *spanRecord `json:"verb,omitempty"`
	}{Type: v.Type, Content: x.span(v.Content)}
	if s := v.Speaker; s != nil {
		r.Speaker = &spanRecord{x.text.count(s.Start), x.text.count(s.End), x.text.s[s.Start:s.End], x.of(s.Annotation)}
	}
	if v.Verb[1] > v.Verb[0] {
		r.Verb = &spanRecord{Start: x.text.count(v.Verb[0]), End: x.text.count(v.Verb[1]), Text: x.text.s[v.Verb[0]:v.Verb[1]]}
	}
	return r
}

// runes counts the code points before an offset in a text. It keeps the count
// at every step bytes, so that any offset costs at most that many.
type runes struct {
	s     string
	marks []int // code points before i*runeStep; nil where all is ASCII
}

const runeStep = 256

func newRunes(s string) *runes {
	r := &runes{s: s}
	if utf8.RuneCountInString(s) == len(s) {
		return r
	}
	n := 0
	for i := 0; i < len(s); i += runeStep {
		r.marks = append(r.marks, n)
		for _, c := range []byte(s[i:min(i+runeStep, len(s))]) {
			if utf8.RuneStart(c) {
				n++
			}
		}
	}
	return r
}

// count is the number of code points before the byte offset i, which lies
// between code points.
func (r *runes) count(i int) int {
	if r.marks == nil {
		return i
	}
	k := min(i/runeStep, len(r.marks)-1)
	n := r.marks[k]
	for _, c := range []byte(r.s[k*runeStep : i]) {
		if utf8.RuneStart(c) {
			n++
		}
	}
	return n
}

// encode is json.Marshal without escaping what matters to HTML.
func encode(v any) ([]byte, error) {
	var buf sliceWriter
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return buf[:len(buf)-1], nil
}

type sliceWriter []byte

func (w *sliceWriter) Write(p []byte) (int, error) {
	*w = append(*w, p...)
	return len(p), nil
}
