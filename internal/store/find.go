package store

import (
	"context"
	"iter"

	"dateline"
	"dateline/search"
)

// Finder answers what is asked of many articles at once. A query is as in
// [Records.Search]; nil is everything. All of it is of current versions.
//
// Counts of a thousand articles or more may be up to twenty seconds old, or 120
// times as old as they took to make; but what was erased is in none. Their lists are shared and not to be
// changed. What takes too long is ended by its context.
type Finder interface {
	// Facets counts the articles that a query finds by what can narrow it: all of
	// them, or the newest where that would take too long, or where a query is of
	// sentences. What could not be counted at once may be when it is asked for
	// again.
	Facets(ctx context.Context, q *search.Query, a *search.Analyzer, o FacetOptions) (Facets, error)
	// Absent says which of the names that a query asks for no article has, those
	// of outlets and languages too.
	Absent(ctx context.Context, q *search.Query) ([]search.Note, error)
	// Statements gives the marks of the articles that a query finds, with what
	// they refer to and the sentences they stand in.
	Statements(ctx context.Context, q *search.Query, a *search.Analyzer, o StatementOptions) iter.Seq2[Statement, error]
	// Name gives what is known of a name: of a person, an organization or a
	// place: what the newest 5,000 articles with it say. The name is compared
	// as a whole, as package lang folds it, and a place that is called so is known
	// under its other names too; ErrNotFound where no article has it.
	Name(ctx context.Context, kind dateline.AnnotationKind, name string) (Name, error)
	// Places are the places that the newest 5,000 articles a query finds name,
	// those in most articles first; limit is how many at most, 0 for all.
	Places(ctx context.Context, q *search.Query, a *search.Analyzer, limit int) ([]NamedPlace, error)
	// ListPages are an outlet's pages by when they were found, newest first,
	// those without an article included; cursor is the number of the page to
	// go on after, 0 for the newest.
	ListPages(ctx context.Context, outlet string, cursor int64, limit int) ([]Page, error)
	// Volume counts an outlet's captures of pages on each of the last days, today
	// (UTC) the last of them; 366 at most.
	Volume(ctx context.Context, outlet string, days int) ([]Tally, error)
}

// FacetOptions bound a count.
type FacetOptions struct {
	Among int // the newest so many articles are counted; 0 for all
	Each  int // values of each facet at most; 0 is 12
}

// Facets are counts of articles, each list the greatest first, but days that
// have any from the first to the last. An outlet's value is its id, or the host
// of pages that have none; values are as a query takes them. A place is one
// whatever it is called, and has the name that most articles have for it; a query
// for that finds all of them.
type Facets struct {
	Total     int  // articles counted
	More      bool // there are older ones, which are not
	Outlets   []Tally
	Languages []Tally
	Places    []Tally
	Persons   []Tally
	Days      []Tally // of [Hit.Time], UTC
}

// Tally is how many there are of a value. Label is how it is shown where that
// is not the value.
type Tally struct {
	Value, Label string
	N            int
}

// Order is the order of statements.
type Order string

// The orders. Time is that of the article.
const (
	Newest   Order = "newest"
	Oldest   Order = "oldest"
	Greatest Order = "greatest" // figures by their lower bound, or the upper where there is none; those with neither are left out
	Least    Order = "least"    // likewise
)

// StatementOptions narrow and bound a list of statements. The zero value gives
// all marks, the newest first.
type StatementOptions struct {
	Kind    dateline.AnnotationKind
	What    string // of a figure: killed, injured ...
	Name    string // of a person, an organization or a place, folded here
	Speaker string // of a quote: the person or organization it is from, folded here
	Order   Order
	Bare    bool   // only the marks and their articles, without what they refer to, their words and reviews, for which texts are read
	Limit   int    // 0 for all
	Cursor  string // of a statement; those after it
}

// Statement is a mark of an article and what it says.
type Statement struct {
	Hit      Hit
	N        int // the mark's index in the article's list
	Mark     dateline.Mark
	Sentence string // the text of the mark's sentence
	Place    string // of a figure: the names it refers to
	Date     string // TIMEX3 value
	Speaker  string // of a figure or a quote: the fullest name known, else the words
	Reviews  []Review
	Damaged  bool // the article is, in the record: its words are missing here
	Cursor   string
}

// Name is what is known of a name.
type Name struct {
	Kind          dateline.AnnotationKind
	Name          string // in the form that most articles have
	Forms         []Tally
	Roles         []Tally // of a person, with articles
	Organizations []Tally // that a person is said to be of
	Articles      int
	Days          []Tally
	With          []Tally // other names of articles that have it: persons
	Places        []Tally // likewise
	Outlets       []Tally
	Place         *NamedPlace // of a place
}

// NamedPlace is a place as articles name it. Where it is not known it has a
// name and a kind alone.
type NamedPlace struct {
	Name     string
	Kind     string // country, region, city, area
	Country  string
	Geonames int64
	Lat, Lon float64
	Known    bool // whether Lat and Lon are
	Articles int
}
