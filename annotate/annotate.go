// Package annotate marks what an article says: who, where, when, how many,
// and who said so.
//
// The work is done by annotators, one a kind of mark, in packages of their
// own below this one: dates, names, places, figures, quotes, which run in that
// order. Each sees the text as tokens and sentences, which are made once, and
// the marks of those before it; it adds its own and changes no other. A
// [Runner] runs them and checks what they give: every mark's range lies on
// boundaries of code points inside its text, its kind is one that the
// annotator declares, its value is of that kind, and it refers only to marks
// of the same article.
//
// What a language knows is in its pack; a file that is missing there turns off
// what it is for. Annotators are the same for all languages.
package annotate

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"dateline"
	"dateline/lang"
)

// Input is an article to annotate.
type Input struct {
	Title     string // may be empty
	Text      string
	Language  string // BCP 47; detected where empty
	Published string // as the record has it; dates in the text are reckoned from it
	Modified  string // as the record has it; weekdays may be those up to it
	Country   string // ISO 3166-1 alpha-2 of the outlet, where known
	Dateline  string // the place in the dateline, where there is one
}

// InputOf is what annotating an article needs of it. The day stands in for the
// day of publication where the page states none; it may be empty.
func InputOf(a *dateline.Article, day string) Input {
	in := Input{Title: a.Title, Text: a.Text, Language: a.Language, Published: cmp.Or(a.Published, day), Modified: a.Modified}
	in.Country = CountryOf(cmp.Or(a.Site.Domain, a.URL))
	if a.Dateline != nil {
		in.Dateline = a.Dateline.Place
	}
	return in
}

// Document is an article while it is annotated.
type Document struct {
	Input
	Pack  *lang.Pack // nil for a language without one
	Day   lang.Date  // of publication; zero where it is not known
	Until lang.Date  // of the last change; zero where it is not known
	Parts []*Part    // the headline, where there is one, and the body
	Marks []*dateline.Annotation

	// Mentions are names that the names annotator saw and did not mark, for
	// the annotators behind it: those it takes for places above all.
	Mentions []Mention

	by string
}

// Mention is a name that is not marked yet, and what it is taken for.
type Mention struct {
	Part       *Part
	Start, End int // bytes
	Kind       dateline.AnnotationKind
	Score      float64 // how sure that is, 0 to 1
}

// Part is a text that is annotated. Tokens and sentences are not to be
// changed.
type Part struct {
	In        dateline.Field
	Text      string
	Tokens    []lang.Token
	Sentences []lang.Sentence
}

// SentenceAt is the index of the sentence that the byte offset lies in, or of
// the last one before it; -1 in front of the first.
func (p *Part) SentenceAt(offset int) int {
	i, found := slices.BinarySearchFunc(p.Sentences, offset, func(s lang.Sentence, at int) int { return cmp.Compare(s.Start, at) })
	if found {
		return i
	}
	return i - 1
}

// TokenAt is the index of the first token that ends behind the byte offset.
func (p *Part) TokenAt(offset int) int {
	i, _ := slices.BinarySearchFunc(p.Tokens, offset, func(t lang.Token, at int) int {
		if t.End <= at {
			return -1
		}
		return 1
	})
	return i
}

// Slice is the text of tokens [first, last).
func (p *Part) Slice(first, last int) string {
	return p.Text[p.Tokens[first].Start:p.Tokens[last-1].End]
}

// Add adds a mark on a range of bytes of the part.
func (d *Document) Add(p *Part, kind dateline.AnnotationKind, start, end int, v dateline.Value) *dateline.Annotation {
	m := &dateline.Annotation{Kind: kind, In: p.In, Start: start, End: end, By: d.by, Value: v}
	if i := p.SentenceAt(start); i >= 0 {
		m.Sentence = [2]int{p.Sentences[i].Start, p.Sentences[i].End}
	}
	d.Marks = append(d.Marks, m)
	return m
}

// In returns the marks of a kind in a part, by start; longer first.
func (d *Document) In(p *Part, kinds ...dateline.AnnotationKind) []*dateline.Annotation {
	var out []*dateline.Annotation
	for _, m := range d.Marks {
		if m.In == p.In && slices.Contains(kinds, m.Kind) {
			out = append(out, m)
		}
	}
	dateline.SortAnnotations(out)
	return out
}

// Annotator makes the marks of one or more kinds. It is safe for concurrent
// use, and what it makes depends on the document alone.
type Annotator interface {
	// Name is its name and version: "dates/1". A new version is due whenever
	// the same text may get other marks.
	Name() string
	// Kinds are the kinds of mark it makes.
	Kinds() []dateline.AnnotationKind
	// Annotate adds marks to the document. It takes time linear in the text.
	Annotate(d *Document)
	// Check reads the tables that the annotator uses of a pack and returns
	// what is wrong with them, as [lang.Problem] values joined.
	Check(p *lang.Pack) error
}

// Runner runs annotators. It is safe for concurrent use.
type Runner struct {
	packs      *lang.Packs
	annotators []Annotator
}

// New returns a runner of the annotators, in their order, with the packs'
// languages.
func New(packs *lang.Packs, annotators ...Annotator) *Runner {
	return &Runner{packs, annotators}
}

// Version names the annotators with their versions, in their order. Marks that
// another version made may be other than those made now.
func (r *Runner) Version() string {
	names := make([]string, len(r.annotators))
	for i, a := range r.annotators {
		names[i] = a.Name()
	}
	return strings.Join(names, " ")
}

// MaxText is how much of a text is annotated, in bytes. News is far shorter; a
// longer text has no marks behind it, and whoever asked should be told.
const MaxText = 2 << 20

// Annotate returns an article's marks, sorted as the record has them, and the
// language they were made for. A mark that fails a check is left out and named
// in the error, which is a fault of the program; the other marks are good.
func (r *Runner) Annotate(in Input) (marks []*dateline.Annotation, language string, err error) {
	if in.Language == "" {
		in.Language, _ = lang.Detect(cmp.Or(in.Text, in.Title))
	}
	d := &Document{Input: in, Pack: r.packs.Pack(in.Language)}
	d.Day, _ = lang.ParseDate(in.Published)
	d.Until, _ = lang.ParseDate(in.Modified)
	if in.Title != "" {
		d.part(dateline.InTitle, in.Title)
	}
	d.part(dateline.InText, in.Text)
	for _, a := range r.annotators {
		from := len(d.Marks)
		d.by = a.Name()
		a.Annotate(d)
		if e := d.check(a, from); e != nil {
			err = errors.Join(err, e)
		}
	}
	dateline.SortAnnotations(d.Marks)
	link(d.Marks)
	return d.Marks, in.Language, err
}

func (d *Document) part(in dateline.Field, text string) {
	if len(text) > MaxText {
		n := MaxText
		for n > 0 && !utf8.RuneStart(text[n]) {
			n--
		}
		text = text[:n]
	}
	p := &Part{In: in, Text: text}
	p.Tokens = d.Pack.Tokens(text)
	p.Sentences = d.Pack.Sentences(text, p.Tokens)
	d.Parts = append(d.Parts, p)
}

// check takes out the marks from the given one on that are not what the
// annotator may make.
func (d *Document) check(a Annotator, from int) error {
	var bad error
	kinds := a.Kinds()
	known := make(map[*dateline.Annotation]bool, len(d.Marks))
	for _, m := range d.Marks {
		known[m] = true
	}
	drop := func(wrong func(*dateline.Annotation) error) (dropped bool) {
		kept := d.Marks[:from]
		for _, m := range d.Marks[from:] {
			if err := wrong(m); err != nil {
				bad = errors.Join(bad, fmt.Errorf("%s: mark %s %d-%d: %w", a.Name(), m.Kind, m.Start, m.End, err))
				delete(known, m)
				dropped = true
				continue
			}
			kept = append(kept, m)
		}
		d.Marks = kept
		return dropped
	}
	drop(func(m *dateline.Annotation) error { return d.checkMark(m, kinds) })
	for drop(func(m *dateline.Annotation) error { return checkReferences(m, known) }) {
		// A mark that was dropped may have been referred to.
	}
	return bad
}

// checkReferences tells whether a mark refers only to other marks that are
// there.
func checkReferences(m *dateline.Annotation, known map[*dateline.Annotation]bool) (err error) {
	m.Value.References(func(to *dateline.Annotation) {
		if !known[to] || to == m {
			err = errors.New("it refers to a mark that is not in the article")
		}
	})
	return err
}

func (d *Document) checkMark(m *dateline.Annotation, kinds []dateline.AnnotationKind) error {
	text := d.Text
	if m.In == dateline.InTitle {
		text = d.Title
	}
	inside := func(start, end int) bool {
		return 0 <= start && start < end && end <= len(text) && utf8.RuneStart(text[start]) && (end == len(text) || utf8.RuneStart(text[end]))
	}
	switch {
	case !slices.Contains(kinds, m.Kind):
		return errors.New("the annotator does not declare this kind")
	case !inside(m.Start, m.End):
		return errors.New("its range is not inside the text")
	case !inside(m.Sentence[0], m.Sentence[1]) || m.Start < m.Sentence[0] || m.Start >= m.Sentence[1]:
		return errors.New("it does not begin in its sentence")
	case m.Value == nil:
		return errors.New("it has no value")
	}
	ok := false
	switch v := m.Value.(type) {
	case *dateline.Person:
		ok = m.Kind == dateline.KindPerson
	case *dateline.Organization:
		ok = m.Kind == dateline.KindOrganization
	case *dateline.Place:
		ok = m.Kind == dateline.KindPlace
	case *dateline.Timex:
		ok = m.Kind == dateline.KindDate
	case *dateline.Figure:
		ok = m.Kind == dateline.KindFigure
	case *dateline.Quotation:
		ok = m.Kind == dateline.KindQuote && inside(v.Content[0], v.Content[1]) &&
			(v.Speaker == nil || inside(v.Speaker.Start, v.Speaker.End)) &&
			(v.Verb == [2]int{} || inside(v.Verb[0], v.Verb[1]))
	}
	if !ok {
		return errors.New("its value does not go with its kind, or lies outside the text")
	}
	return nil
}

// Check reads all tables that the annotators use of the pack and returns what
// is wrong with them.
func (r *Runner) Check(p *lang.Pack) error {
	var bad error
	for _, a := range r.annotators {
		bad = errors.Join(bad, a.Check(p))
	}
	return bad
}
