package web

import (
	"encoding/json"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"dateline"
	"dateline/internal/store"
	"dateline/search"
)

func (s *Server) figuresRoutes() []Route {
	return []Route{
		{Method: "GET", Path: "/figures", Page: "figures", Need: looking, Handle: (*call).figures},
		{Method: "GET", Path: "/figures.csv", Page: "figures", Need: looking, Handle: (*call).figuresCSV},
		{Method: "GET", Path: "/figures/review", Need: looking, Handle: (*call).reviewForm},
		{Method: "POST", Path: "/figures/review", Need: reviewing, Handle: (*call).putReview},
	}
}

// figureWhats are what figures are of, those of people first, as filters offer
// them.
var figureWhats = []string{
	"killed", "injured", "missing", "displaced", "detained", "abducted", "rescued", "infected", "affected", "other",
	"money", "percent", "distance", "area", "weight", "duration", "count",
}

var figureOrders = []store.Order{store.Newest, store.Oldest, store.Greatest, store.Least}

// figureValue is the value of a figure as the record has it, as far as it
// needs no other mark.
type figureValue struct {
	What     string   `json:"what"`
	Min      *float64 `json:"min,omitempty"`
	Max      *float64 `json:"max,omitempty"`
	Modifier string   `json:"modifier"`
	Vague    bool     `json:"vague,omitempty"`
	Unit     string   `json:"unit,omitempty"`
	Of       string   `json:"of,omitempty"`
	Modal    bool     `json:"modal,omitempty"`
}

func figureOf(raw json.RawMessage) (v figureValue) {
	_ = json.Unmarshal(raw, &v) // what cannot be read says nothing
	return v
}

// figureLine is a figure with its sentence and what an editor says of it.
type figureLine struct {
	store.Statement
	Value    figureValue
	Outlet   string        // its name
	Newest   *store.Review // that counts; nil for none, or one withdrawn
	Corrects figureValue   // by the newest, where it corrects
}

// figuresPage is the figures that fit a search.
type figuresPage struct {
	Text  string // of the query
	Notes []search.Note
	What  string
	Whats []string
	Order store.Order
	Only  []search.Figure // those that the query asks for, which narrow the list
	Asked string          // those, as the query has them
	Chart *statementChart // nil where there is nothing to draw
	Rows  []figureLine
	Next  string // cursor
}

// figureSearch is what a page or a file of figures is asked for.
type figureSearch struct {
	query   *search.Query
	only    []search.Figure
	options store.StatementOptions
}

func (c *call) figureSearch() (f figureSearch, err error) {
	if f.query, err = search.Parse(c.Query("q")); err != nil {
		return f, err
	}
	f.only = figuresAsked(f.query.Root)
	f.options = store.StatementOptions{Kind: dateline.KindFigure, What: c.Query("what"), Order: store.Order(c.Query("order")), Cursor: c.Query("cursor")}
	if len(f.only) == 1 && f.options.What == "" {
		f.options.What = f.only[0].What
	}
	return f, nil
}

// figuresAsked are the figures that a query asks for in any case: those that
// are alone or and-ed.
func figuresAsked(n search.Node) (all []search.Figure) {
	switch n := n.(type) {
	case search.Figure:
		return []search.Figure{n}
	case search.And:
		for _, part := range n {
			if f, ok := part.(search.Figure); ok {
				all = append(all, f)
			}
		}
	}
	return all
}

// fits tells whether a figure is one of those that are asked for; any is where
// none are.
func (f *figureSearch) fits(v *figureValue) bool {
	for _, a := range f.only {
		if a.What != "" && a.What != v.What {
			continue
		}
		high, low := math.NaN(), math.NaN()
		if v.Max != nil {
			high, low = *v.Max, *v.Max
		}
		if v.Min != nil {
			if low = *v.Min; v.Max == nil {
				high = low
			}
		}
		least := math.IsInf(a.Min, -1) || high > a.Min || high == a.Min && !a.MinOpen
		most := math.IsInf(a.Max, 1) || low < a.Max || low == a.Max && !a.MaxOpen
		if least && most {
			return true
		}
	}
	return len(f.only) == 0
}

// figuresAtOnce is how many figures a page lists: its sentences are long.
const figuresAtOnce = 20

// scanned is how many figures are looked at for one page.
const scanned = 2000

// figures shows a table of figures.
func (c *call) figures() error {
	p := figuresPage{Text: c.Query("q"), What: c.Query("what"), Whats: figureWhats, Order: store.Order(c.Query("order"))}
	if !slices.Contains(figureOrders, p.Order) {
		p.Order = store.Newest
	}
	f, err := c.figureSearch()
	if err != nil {
		return err
	}
	p.Only = f.only
	if p.Notes, err = c.notes(f.query); err != nil {
		return err
	}
	names, err := c.outletNames()
	if err != nil {
		return err
	}
	if p.Rows, p.Next, err = c.figureLines(&f, names, figuresAtOnce); err != nil {
		return err
	}
	for _, a := range f.only {
		p.Asked = strings.TrimSpace(p.Asked + " " + (&search.Query{Root: a}).String())
	}
	if len(p.Rows) > 0 && f.options.Cursor == "" {
		if p.Chart, err = c.chartOf(f, names); err != nil {
			return err
		}
	}
	return c.page(200, "figures", view{Title: c.T("figures")}, p)
}

// figureLines are the next figures of a search, and the cursor to go on with.
func (c *call) figureLines(f *figureSearch, names map[string]string, limit int) (rows []figureLine, next string, err error) {
	o := f.options
	o.Limit = limit + 1
	if len(f.only) > 0 {
		o.Limit = scanned
	}
	n, last := 0, ""
	for st, err := range c.s.Store.Statements(c.ctx, f.query, c.s.Analyzer, o) {
		if err != nil {
			return nil, "", err
		}
		n++
		v := figureOf(st.Mark.Value)
		if f.fits(&v) {
			if len(rows) == limit {
				return rows, last, nil
			}
			rows = append(rows, c.figureLine(st, v, names))
		}
		last = st.Cursor
	}
	if n == o.Limit {
		next = last
	}
	return rows, next, nil
}

func (c *call) figureLine(st store.Statement, v figureValue, names map[string]string) figureLine {
	l := figureLine{Statement: st, Value: v, Outlet: outletName(names, st.Hit.Page)}
	if r := newestReview(st.Reviews); r != nil {
		l.Newest = r
		if r.Verdict == store.Corrected {
			l.Corrects = figureOf(r.Value)
		}
	}
	return l
}

// newestReview is the review that counts; nil where there is none or it was
// withdrawn.
func newestReview(all []store.Review) *store.Review {
	if len(all) == 0 || all[len(all)-1].Verdict == store.Withdrawn {
		return nil
	}
	return &all[len(all)-1]
}

// outletNames are the names of outlets by their ids.
func (c *call) outletNames() (map[string]string, error) { return c.s.Store.OutletNames(c.ctx) }

// outletName is how a page's outlet is called: by its host where it has none.
func outletName(names map[string]string, p store.Page) string {
	if n := names[p.Outlet]; n != "" {
		return n
	}
	if p.Outlet == "" {
		if u, err := url.Parse(p.URL); err == nil {
			return u.Hostname()
		}
	}
	return p.Outlet
}

// Bounds writes what a figure says in a few words: "at least 40".
func (c *call) Bounds(v figureValue) string {
	unit := func(n float64) string {
		s := c.decimal(n)
		switch {
		case v.What == "percent":
			return c.T("figures.percent", s)
		case v.Unit != "":
			return c.T("figures.unit", s, v.Unit)
		}
		return s
	}
	switch {
	case v.Min != nil && v.Max != nil && *v.Min == *v.Max:
		if v.Modifier == "about" {
			return c.T("figures.about", unit(*v.Min))
		}
		return unit(*v.Min)
	case v.Min != nil && v.Max != nil:
		return c.T("figures.between", c.decimal(*v.Min), unit(*v.Max))
	case v.Min != nil && v.Modifier == "more-than" && wholeNumbers(v.What):
		return c.T("figures.more", unit(*v.Min-1))
	case v.Min != nil && v.Modifier == "more-than":
		return c.T("figures.more", unit(*v.Min))
	case v.Min != nil:
		return c.T("figures.least", unit(*v.Min))
	case v.Max != nil && v.Modifier == "less-than" && wholeNumbers(v.What):
		return c.T("figures.fewer", unit(*v.Max+1))
	case v.Max != nil && v.Modifier == "less-than":
		return c.T("figures.fewer", unit(*v.Max))
	case v.Max != nil && v.Modifier == "nearly":
		return c.T("figures.nearly", unit(*v.Max))
	case v.Max != nil:
		return c.T("figures.most", unit(*v.Max))
	}
	return c.T("figures.unbounded")
}

// wholeNumbers tells whether a figure counts in whole numbers, of which "more
// than 40" are at least 41.
func wholeNumbers(what string) bool {
	switch what {
	case "money", "percent", "distance", "area", "weight", "duration":
		return false
	}
	return true
}

// decimal writes a number with the signs of the interface's language.
func (c *call) decimal(f float64) string {
	whole, part := math.Modf(f)
	if math.Abs(whole) >= 1e15 {
		return strconv.FormatFloat(f, 'g', 6, 64)
	}
	s := c.Number(int(whole))
	if part == 0 {
		return s
	}
	if whole == 0 && f < 0 {
		s = "-" + s
	}
	_, digits, _ := strings.Cut(strconv.FormatFloat(math.Abs(f), 'f', -1, 64), ".")
	return s + c.T("number.decimal") + digits
}

// Parts are the sentence before the mark, the mark, and what is after it.
func (l figureLine) Parts() [3]string { return sentenceParts(&l.Statement) }

func sentenceParts(st *store.Statement) [3]string {
	s, m := st.Sentence, &st.Mark
	from := runeOffset(s, m.Start-m.Sentence[0])
	to := runeOffset(s, m.End-m.Sentence[0])
	before, after := []rune(s[:from]), []rune(s[to:])
	if len(before) > sentenceSide {
		before = append([]rune("… "), before[len(before)-sentenceSide:]...)
	}
	if len(after) > sentenceSide {
		after = append(after[:sentenceSide:sentenceSide], []rune(" …")...)
	}
	return [3]string{string(before), s[from:to], string(after)}
}

// sentenceSide is how many code points are shown of a sentence on each side of
// a mark.
const sentenceSide = 140

// runeOffset is where the nth code point of a text begins; its end where it
// has fewer.
func runeOffset(s string, n int) int {
	at := 0
	for ; n > 0 && at < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return at
}

// Cite is the address of a statement's sentence in the version it stands in.
func (c *call) Cite(st store.Statement) string {
	u := c.URL("/article/", st.Hit.Page.ID) + "?version=" + strconv.Itoa(st.Hit.Number)
	if st.Mark.In == dateline.InText {
		u += "&s=" + strconv.Itoa(st.Mark.Sentence[0]) + "-" + strconv.Itoa(st.Mark.Sentence[1]) + "#cited"
	}
	return u
}
