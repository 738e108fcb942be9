package search

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"dateline"
	"dateline/lang"
)

// Query is a query as understood.
type Query struct {
	// Root is nil for a query that asks for nothing in particular: everything.
	Root Node
	// Sentence says that all of it is to be found in one and the same sentence;
	// see [Matcher.Sentences].
	Sentence bool
	// Notes tell what was put right, in the order of the text.
	Notes []Note
}

// Note is what is to be said about a part of a query: its bytes and a sentence
// in English. Who says it in another language has a text for each of [Codes]
// and fills in the arguments, which are parts of the query, or how one is written.
type Note struct {
	Start, End int
	Text       string
	Code       string
	Args       []string
}

// Mistake is a part of a query that cannot be understood, and what to write
// instead. It wraps [dateline.ErrInvalid].
type Mistake Note

func (m *Mistake) Error() string { return "query: " + m.Text }
func (m *Mistake) Unwrap() error { return dateline.ErrInvalid }

// Node is a part of a query: [And], [Or], [Not], [Word], [Phrase], [Is],
// [Published] or [Figure].
type Node interface {
	append(b []byte) []byte
}

// And asks for all of at least two nodes, none of which is an And.
type And []Node

// Or asks for any of at least two nodes, none of which is an Or.
type Or []Node

// Not asks for what its node does not find. Its node is no Not.
type Not struct{ Node Node }

// Word asks for a word in any of its forms, and is looked up by what
// [Analyzer.Forms] gives; or with Prefix for all words that begin so, and is
// looked up by what [Analyzer.Exactly] gives, its last term as a beginning.
type Word struct {
	Field  Field // Text or Title
	Text   string
	Prefix bool // the text has three letters or more
}

// Phrase asks for exactly these words in a row; see [Analyzer.Exactly].
type Phrase struct {
	Field Field // Text or Title
	Text  string
}

// Is asks for a value of a field: an outlet, a language, a name. Values of
// FieldLang, FieldKind and FieldHas are in lower case; the others as written,
// to be compared as [lang.Fold] says.
type Is struct {
	Field Field // neither Text nor Title
	Value string
}

// Published asks for what was published from the beginning of a date on, or
// with Before until then. The date has no time.
type Published struct {
	Before bool
	Date   lang.Date
}

// Figure asks for a figure of a kind, "killed", whose bounds admit a number
// from Min to Max. What is empty for all kinds.
type Figure struct {
	What     string
	Min, Max float64 // infinite where there is no bound
	// MinOpen and MaxOpen say that the bound itself is not meant.
	MinOpen, MaxOpen bool
}

// Field is what a part of a query looks at.
type Field string

// The fields. Text is headline and body, and has no name.
const (
	FieldText   Field = ""
	FieldTitle  Field = "title"
	FieldOutlet Field = "outlet"
	FieldLang   Field = "lang"
	FieldPlace  Field = "place"
	FieldPerson Field = "person"
	FieldOrg    Field = "org"
	FieldKind   Field = "kind" // a [dateline.Kind]
	FieldHas    Field = "has"  // change, or a kind of mark: date, figure, org, person, place, quote
)

// The fields that make other nodes than Is, Word and Phrase.
const (
	fieldAfter  Field = "after"
	fieldBefore Field = "before"
	fieldFigure Field = "figure"
	fieldScope  Field = "scope" // makes none
)

var fields = []Field{FieldTitle, FieldOutlet, FieldLang, FieldPlace, FieldPerson, FieldOrg, FieldKind, FieldHas, fieldAfter, fieldBefore, fieldFigure, fieldScope}

// otherNames are what people who know other programs may write for a field.
var otherNames = map[string]Field{
	"site": FieldOutlet, "source": FieldOutlet, "domain": FieldOutlet, "host": FieldOutlet, "publisher": FieldOutlet,
	"language": FieldLang, "headline": FieldTitle, "intitle": FieldTitle, "type": FieldKind,
	"country": FieldPlace, "city": FieldPlace, "location": FieldPlace, "where": FieldPlace,
	"name": FieldPerson, "people": FieldPerson, "who": FieldPerson, "speaker": FieldPerson,
	"organization": FieldOrg, "organisation": FieldOrg, "company": FieldOrg,
	"since": fieldAfter, "from": fieldAfter, "until": fieldBefore, "to": fieldBefore, "date": fieldAfter,
	"figures": fieldFigure, "number": fieldFigure,
}

// hasValues are what an article may have: marks of a kind, or versions that
// differ.
var hasValues = []string{"change", "date", "figure", "org", "person", "place", "quote"}

var kindValues = []string{
	string(dateline.KindArticle), string(dateline.KindLive), string(dateline.KindOpinion), string(dateline.KindInterview), string(dateline.KindReview),
	string(dateline.KindVideo), string(dateline.KindGallery), string(dateline.KindIndex), string(dateline.KindNotice), string(dateline.KindOther),
}

// scopeValues are where all of a query is to be found.
var scopeValues = []string{"article", "sentence"}

// figureValues are the whats of [dateline.Figure].
var figureValues = []string{
	"killed", "injured", "missing", "displaced", "detained", "abducted", "rescued", "infected", "affected", "other",
	"money", "percent", "distance", "area", "weight", "duration", "count",
}

// String writes the query so that [Parse] reads the same tree.
func (q *Query) String() string {
	if q.Sentence {
		return strings.TrimSpace((&Query{Root: q.Root}).String() + " scope:sentence")
	}
	switch root := q.Root.(type) {
	case nil:
		return ""
	case And:
		return string(root.join(nil, " "))
	case Or:
		return string(root.join(nil))
	default:
		return string(root.append(nil))
	}
}

func (n And) append(b []byte) []byte { return append(n.join(append(b, '('), " "), ')') }
func (n Or) append(b []byte) []byte  { return append(n.join(append(b, '(')), ')') }
func (n Not) append(b []byte) []byte { return n.Node.append(append(b, '-')) }

func (n And) join(b []byte, sep string) []byte {
	for i, c := range n {
		if i > 0 {
			b = append(b, sep...)
		}
		b = c.append(b)
	}
	return b
}

func (n Or) join(b []byte) []byte { return And(n).join(b, " OR ") }

func (n Word) append(b []byte) []byte {
	b = append(n.Field.append(b), n.Text...)
	if n.Prefix {
		b = append(b, '*')
	}
	return b
}

func (n Phrase) append(b []byte) []byte {
	return fmt.Appendf(n.Field.append(b), `"%s"`, n.Text)
}

func (n Is) append(b []byte) []byte {
	b = n.Field.append(b)
	plain := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-._", r) }
	if strings.ContainsFunc(n.Value, func(r rune) bool { return !plain(r) }) {
		return fmt.Appendf(b, `"%s"`, n.Value)
	}
	return append(b, n.Value...)
}

func (n Published) append(b []byte) []byte {
	f := fieldAfter
	if n.Before {
		f = fieldBefore
	}
	return append(f.append(b), n.Date.String()...)
}

func (n Figure) append(b []byte) []byte {
	b = append(fieldFigure.append(b), n.What...)
	least, most := !math.IsInf(n.Min, -1), !math.IsInf(n.Max, 1)
	switch {
	case least && most && n.Min == n.Max:
		b = appendNumber(append(b, '='), n.Min)
	case least && most:
		b = appendNumber(append(b, '='), n.Min)
		b = appendNumber(append(b, ".."...), n.Max)
	case least:
		b = appendNumber(append(b, operator('>', n.MinOpen)...), n.Min)
	case most:
		b = appendNumber(append(b, operator('<', n.MaxOpen)...), n.Max)
	}
	return b
}

func operator(sign byte, open bool) string {
	if open {
		return string(sign)
	}
	return string(sign) + "="
}

// appendNumber writes a number. One of three decimals gets a fourth, for
// "1.200" is twelve hundred.
func appendNumber(b []byte, v float64) []byte {
	from := len(b)
	b = strconv.AppendFloat(b, v, 'f', -1, 64)
	if n := len(b); n-from > 4 && b[n-4] == '.' {
		b = append(b, '0')
	}
	return b
}

func (f Field) append(b []byte) []byte {
	if f == FieldText {
		return b
	}
	return append(append(b, f...), ':')
}
