package sqlite

import (
	"context"
	"fmt"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"dateline"
	"dateline/internal/store"
	"dateline/lang"
	"dateline/search"
)

// Search implements [store.Records].
//
// The query becomes a condition on versions, all values bound. Words are
// looked for in the index of terms, and what the marks are asked for in theirs,
// and each becomes a set of versions. Of what many articles have the set is
// made in a window, of the newest versions first, in which there are mostly hits
// enough; so a word that all articles have costs no more than one that few have.
func (s *Store) Search(ctx context.Context, q *search.Query, a *search.Analyzer, o store.Options) iter.Seq2[store.Hit, error] {
	if q == nil || q.Root == nil {
		return s.List(ctx, o)
	}
	hits := s.hits(ctx, q, a, o)
	if o.Best {
		c := compiler{analyzer: a}
		if words := c.wanted(q.Root); words != "" {
			hits = s.best(ctx, q, a, o, words)
		}
	}
	return func(yield func(store.Hit, error) bool) {
		for h, err := range hits {
			if err != nil {
				err = fmt.Errorf("search %s: %w", q, err)
			}
			if !yield(h, err) {
				return
			}
		}
	}
}

// compiler writes a query as a condition on v, a version, p, its page, and h,
// the page's host. No condition is ever null, for that has no opposite.
type compiler struct {
	analyzer *search.Analyzer
	window   window
	cut      bool // a set was made of the window's versions alone
	few      bool // all that is found is in a set that is short
	choices  int  // how many ORs and NOTs the node at hand is under
	pages    bool // the page and its host are asked for something

	t      *tx
	sql    strings.Builder
	args   list
	prefix bool // the words at hand are beginnings, whose words are gathered each time
}

// pageAndHost are the tables of a version's page and its host.
const pageAndHost = " JOIN page p ON p.n = v.page LEFT JOIN host h ON h.n = p.host"

// tables are those that the condition needs beside the version's.
func (c *compiler) tables() string {
	if c.pages {
		return pageAndHost
	}
	return ""
}

// compile writes a query, "" for one that asks for everything, with an AND
// before it.
func (c *compiler) compile(t *tx, q *search.Query) {
	c.t = t
	if q == nil || q.Root == nil {
		return
	}
	root := q.Root
	if q.Sentence {
		root = loosened(root)
	}
	if root != nil {
		c.write(" AND ")
		c.node(root)
	}
}

func (c *compiler) write(sql string, args ...any) {
	c.sql.WriteString(sql)
	c.args = append(c.args, args...)
}

func (c *compiler) node(n search.Node) {
	if match, ok := c.match(n); ok {
		if match == "" {
			c.write("0")
		} else {
			c.prefix = strings.Contains(match, " *")
			c.among("rowid", "term", "term MATCH ?", match)
			c.prefix = false
		}
		return
	}
	switch n := n.(type) {
	case search.And:
		c.join([]search.Node(n), " AND ")
	case search.Or:
		c.choices++
		c.join([]search.Node(n), " OR ")
		c.choices--
	case search.Not:
		c.write("NOT ")
		c.choices++
		c.node(n.Node)
		c.choices--
	case search.Is:
		c.is(n)
	case search.Published:
		than := ">="
		if n.Before {
			than = "<"
		}
		c.write("v.time "+than+" ?", ms(n.Date.Time(time.UTC)))
	case search.Figure:
		c.figure(n)
	default:
		c.t.fail(fmt.Errorf("%w: the store does not know how to look for a %T", dateline.ErrUnsupported, n))
	}
}

// join writes the conditions of an And or Or; its words are asked for
// together where they can be.
func (c *compiler) join(nodes []search.Node, between string) {
	var words, others []search.Node
	for _, n := range nodes {
		if _, ok := c.match(n); ok {
			words = append(words, n)
		} else {
			others = append(others, n)
		}
	}
	switch {
	case len(words) == 1:
		others = append(others, words[0])
	case len(words) > 1 && between == " AND ":
		others = append(others, search.And(words))
	case len(words) > 1:
		others = append(others, search.Or(words))
	}
	c.write("(")
	for i, n := range others {
		if i > 0 {
			c.write(between)
		}
		c.node(n)
	}
	c.write(")")
}

// match gives a node as FTS5 looks for it, if it has words alone; "" for what
// can find nothing.
func (c *compiler) match(n search.Node) (expr string, ok bool) {
	switch n := n.(type) {
	case search.Word:
		f := search.Forms{}
		if n.Prefix {
			f = c.analyzer.Exactly(n.Text)
			f.Prefix = true
		} else {
			f = c.analyzer.Forms(n.Text)
		}
		return terms(f, n.Field), true
	case search.Phrase:
		return terms(c.analyzer.Exactly(n.Text), n.Field), true
	case search.And:
		var parts []string
		for _, sub := range n {
			p, ok := c.match(sub)
			if !ok {
				return "", false
			}
			if p == "" {
				return "", true
			}
			parts = append(parts, p)
		}
		return "(" + strings.Join(parts, " AND ") + ")", true
	case search.Or:
		var parts []string
		for _, sub := range n {
			p, ok := c.match(sub)
			if !ok {
				return "", false
			}
			if p != "" {
				parts = append(parts, p)
			}
		}
		if len(parts) == 0 {
			return "", true
		}
		return "(" + strings.Join(parts, " OR ") + ")", true
	}
	return "", false
}

func terms(f search.Forms, field search.Field) string {
	if len(f.Terms) == 0 {
		return ""
	}
	words, stems := "{title text} : ", "{title_stems text_stems} : "
	if field == search.FieldTitle {
		words, stems = "{title} : ", "{title_stems} : "
	}
	expr := words + quote(strings.Join(f.Terms, " "))
	if f.Prefix {
		expr += " *"
	}
	if len(f.Stems) == 0 {
		return "(" + expr + ")"
	}
	quoted := make([]string, len(f.Stems))
	for i, s := range f.Stems {
		quoted[i] = quote(s)
	}
	return "((" + expr + ") OR (" + stems + "(" + strings.Join(quoted, " OR ") + ")))"
}

func quote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// markKey is the primary key of marks, by which those of a version are found;
// SQLite may think of another index first.
const markKey = "sqlite_autoindex_mark_1"

// common is how many rows make a set too long to be made whole.
const common = 2000

// among asks for the versions that a table's rows have in a column.
func (c *compiler) among(column, table, where string, args ...any) {
	if c.window.top > 0 {
		n, found := common, ""
		if !c.prefix {
			c.t.row("SELECT count(*), json_group_array(n) FROM (SELECT "+column+" AS n FROM "+table+" WHERE "+where+" LIMIT "+strconv.Itoa(common)+")", args, &n, &found)
		}
		if n < common {
			c.few = c.few || c.choices == 0
			c.write("v.n IN (SELECT value FROM json_each(?))", found) // so it is looked for once
			return
		}
		c.cut = true
		if table == "mark" {
			// It has no order by which a window could be cut out of it, and in the
			// window many articles have one.
			c.write("EXISTS (SELECT 1 FROM mark INDEXED BY "+markKey+" WHERE version = v.n AND "+where+")", args...)
			return
		}
		where += " AND " + column + " BETWEEN ? AND ?"
		args = append(args[:len(args):len(args)], c.window.low, c.window.top)
	}
	c.write("v.n IN (SELECT "+column+" FROM "+table+" WHERE "+where+")", args...)
}

// figure asks for a figure with a number of the query's: one between its bounds,
// or the one bound that is stated. "At least 6" is no answer to those who look
// for 40.
func (c *compiler) figure(n search.Figure) {
	// The index by size has those with a bound, so it is to be said that they
	// have one; of two conditions it serves one.
	where := "kind = 'figure'"
	var args list
	if n.What != "" {
		where += " AND what = ?"
		args = append(args, n.What)
	}
	if !math.IsInf(n.Min, -1) {
		where += " AND coalesce(high, low) " + least(n.MinOpen, ">") + " ?"
		args = append(args, n.Min)
	}
	if !math.IsInf(n.Max, 1) {
		where += " AND coalesce(low, high) IS NOT NULL AND coalesce(low, high) " + least(n.MaxOpen, "<") + " ?"
		args = append(args, n.Max)
	}
	c.among("version", "mark", where, args...)
}

func least(open bool, than string) string {
	if open {
		return than
	}
	return than + "="
}

// markKinds are the kinds of marks by their names in queries.
var markKinds = map[string]dateline.AnnotationKind{
	"date": dateline.KindDate, "figure": dateline.KindFigure, "org": dateline.KindOrganization,
	"person": dateline.KindPerson, "place": dateline.KindPlace, "quote": dateline.KindQuote,
}

func (c *compiler) is(n search.Is) {
	switch n.Field {
	case search.FieldOutlet:
		c.outlet(n.Value)
	case search.FieldLang:
		c.write("(lower(v.language) = ? OR substr(lower(v.language), 1, ?) = ?)", n.Value, len(n.Value)+1, n.Value+"-")
	case search.FieldKind:
		c.write("v.kind = ?", n.Value)
	case search.FieldHas:
		if n.Value == "change" {
			c.write("EXISTS (SELECT 1 FROM version w WHERE w.page = v.page AND w.n <> v.n)")
			return
		}
		c.named(quote("+"+string(markKinds[n.Value])), "")
	case search.FieldPerson, search.FieldOrg, search.FieldPlace:
		c.name(nameKinds[n.Field], n.Value)
	default:
		c.t.fail(fmt.Errorf("%w: the store does not know the field %s", dateline.ErrUnsupported, n.Field))
	}
}

// name asks for a name, or for words in a row in one.
func (c *compiler) name(kind dateline.AnnotationKind, value string) {
	folded := lang.Fold(value)
	words := nameWords(letters[kind], folded)
	if words != "" {
		words = quote(words)
	}
	place := ""
	if kind == dateline.KindPlace {
		place = folded
	}
	c.named(words, place)
}

// named asks for what marks are looked up by, an expression of the index; and,
// where a place may be meant, for the places that are called by its folded name
// under whatever name.
func (c *compiler) named(match, place string) {
	if match == "" {
		c.write("0")
		return
	}
	var places []any
	if place != "" {
		for _, n := range c.t.called(place) {
			places = append(places, n)
		}
	}
	if len(places) == 0 {
		c.among("rowid", "named", "named MATCH ?", match)
		return
	}
	c.choices++
	c.write("(")
	c.among("rowid", "named", "named MATCH ?", match)
	c.write(" OR ")
	c.among("version", "mark", "first = 1 AND kind = 'place' AND geonames > 0 AND geonames IN (?"+strings.Repeat(", ?", len(places)-1)+")", places...)
	c.write(")")
	c.choices--
}

// mostCalled is how many places of one name are looked for under their others.
const mostCalled = 20

// called gives the numbers of the places that articles have under a folded name.
func (t *tx) called(name string) (places []int64) {
	for n := int64(0); len(places) < mostCalled; places = append(places, n) {
		if !t.row("SELECT geonames FROM mark WHERE name = ? AND geonames > ? AND first = 1 AND kind = 'place' ORDER BY geonames LIMIT 1", list{name, n}, &n) {
			break
		}
	}
	return places
}

// outlet asks for an outlet, or the host of pages that have none.
func (c *compiler) outlet(value string) {
	c.pages = true
	c.write("(coalesce(h.name, '') = ?", strings.ToLower(value))
	for _, n := range c.t.outletsCalled(value) {
		c.write(" OR coalesce(p.outlet, 0) = ?", n)
	}
	c.write(")")
}

// outletsCalled are the numbers of outlets by id, host or name; where none is
// called so, of those that have the words in a row in their names.
func (t *tx) outletsCalled(value string) []int64 {
	folded := lang.Fold(value)
	words := spaced(folded)
	var called, alike []int64
	t.each("SELECT n, id, name, home FROM outlet", nil, func(scan func(...any)) bool {
		var n int64
		var id, name, home string
		scan(&n, &id, &name, &home)
		k, _ := dateline.PageKey(home)
		host, _, _ := strings.Cut(k, "/")
		name = lang.Fold(name)
		switch {
		case id == value || name == folded || host == strings.TrimPrefix(folded, "www."):
			called = append(called, n)
		case words != "" && strings.Contains(spaced(name), words):
			alike = append(alike, n)
		}
		return true
	})
	if len(called) == 0 {
		return alike
	}
	return called
}

// spaced are the words of a text, each with a space before and behind it; ""
// where there is none.
func spaced(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) })
	if len(words) == 0 {
		return ""
	}
	return " " + strings.Join(words, " ") + " "
}
