package web

import (
	"slices"
	"strings"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/lang"
	"dateline/search"
)

func (s *Server) namesRoutes() []Route {
	return []Route{
		{Method: "GET", Path: "/person/{name}", Page: "names", Need: looking, Handle: func(c *call) error { return c.name(dateline.KindPerson) }},
		{Method: "GET", Path: "/organization/{name}", Page: "names", Need: looking, Handle: func(c *call) error { return c.name(dateline.KindOrganization) }},
		{Method: "GET", Path: "/place/{name}", Page: "names", Need: looking, Handle: func(c *call) error { return c.name(dateline.KindPlace) }},
		{Method: "GET", Path: "/places", Page: "names", Need: looking, Handle: (*call).places},
	}
}

// namePage is what is known of a name.
type namePage struct {
	store.Name
	Shows  []string // the lists there are: mentions, quotes, figures
	Show   string
	Lines  []nameLine
	Rows   []figureLine // of figures
	Next   string       // cursor
	Spread spread
	First  *nameLine
	Last   *nameLine
	Map    *worldMap
}

// nameLine is a sentence with a name.
type nameLine struct {
	store.Statement
	Outlet string
}

// Parts are the sentence before the mark, the mark, and what is after it.
func (l nameLine) Parts() [3]string { return sentenceParts(&l.Statement) }

// name shows what is known of a name.
func (c *call) name(kind dateline.AnnotationKind) error {
	n, err := c.s.Store.Name(c.ctx, kind, c.r.PathValue("name"))
	if err != nil {
		return err
	}
	p := namePage{Name: n, Shows: []string{"mentions", "quotes"}, Show: c.Query("show"), Spread: c.spreadOf(n.Days)}
	if kind == dateline.KindPlace {
		p.Shows = []string{"mentions", "figures"}
		if n.Place != nil {
			p.Map = c.newMap([]store.NamedPlace{*n.Place}, 320, 200, false)
		}
	}
	if p.Show == "" {
		p.Show = p.Shows[0]
	}
	if !slices.Contains(p.Shows, p.Show) {
		return mistaken(dateline.ErrInvalid, "address.part", clipped(p.Show))
	}
	names, err := c.outletNames()
	if err != nil {
		return err
	}
	// The name in whatever form the address has it; statements are found by that.
	asked := c.r.PathValue("name")
	mentions := store.StatementOptions{Kind: kind, Name: asked}
	for _, end := range []struct {
		order store.Order
		to    **nameLine
	}{{store.Oldest, &p.First}, {store.Newest, &p.Last}} {
		o := mentions
		o.Order, o.Limit = end.order, 1
		some, _, err := c.nameLines(o, names)
		if err != nil {
			return err
		}
		if len(some) > 0 {
			*end.to = &some[0]
		}
	}
	o := mentions
	o.Cursor, o.Limit = c.Query("cursor"), figuresAtOnce
	switch p.Show {
	case "figures":
		p.Rows, p.Next, err = c.figuresAt(asked, names)
	case "quotes":
		o.Kind, o.Name, o.Speaker = dateline.KindQuote, "", asked
		p.Lines, p.Next, err = c.nameLines(o, names)
	default:
		p.Lines, p.Next, err = c.nameLines(o, names)
	}
	if err != nil {
		return err
	}
	return c.page(200, "name", view{Title: p.Name.Name}, p)
}

// nameLines are statements, and the cursor to go on with.
func (c *call) nameLines(o store.StatementOptions, names map[string]string) (lines []nameLine, next string, err error) {
	limit := o.Limit
	o.Limit++
	for st, err := range c.s.Store.Statements(c.ctx, nil, c.s.Analyzer, o) {
		if err != nil {
			return nil, "", err
		}
		if len(lines) == limit {
			return lines, lines[limit-1].Cursor, nil
		}
		lines = append(lines, nameLine{st, outletName(names, st.Hit.Page)})
	}
	return lines, "", nil
}

// figuresAt are the figures that are said of a place.
func (c *call) figuresAt(name string, names map[string]string) (rows []figureLine, next string, err error) {
	folded := foldedName(name)
	q := &search.Query{Root: search.Is{Field: search.FieldPlace, Value: name}}
	n, last := 0, ""
	for st, err := range c.s.Store.Statements(c.ctx, q, c.s.Analyzer, store.StatementOptions{Kind: dateline.KindFigure, Cursor: c.Query("cursor"), Limit: scanned}) {
		if err != nil {
			return nil, "", err
		}
		if foldedName(st.Place) == folded {
			if len(rows) == figuresAtOnce {
				return rows, last, nil
			}
			rows = append(rows, c.figureLine(st, figureOf(st.Mark.Value), names))
		}
		n++
		last = st.Cursor
	}
	if n == scanned {
		next = last
	}
	return rows, next, nil
}

func foldedName(s string) string { return strings.Join(strings.Fields(lang.Fold(s)), " ") }

// spread is how articles are spread over time: bars of days, or of weeks or
// months where there are many.
type spread struct {
	bars
	Unit string // day, week, month
}

// spreadMost is how many bars a spread has at most, and spreadLeast how many at
// least: a single day is to look like one.
const (
	spreadMost  = 92
	spreadLeast = 30
)

// spreadOf fills in the days that have none.
func (c *call) spreadOf(days []store.Tally) spread {
	if len(days) == 0 {
		return spread{Unit: "day"}
	}
	first, err1 := time.Parse(time.DateOnly, days[0].Value)
	last, err2 := time.Parse(time.DateOnly, days[len(days)-1].Value)
	if err1 != nil || err2 != nil || last.Before(first) {
		return spread{Unit: "day"}
	}
	n := int(last.Sub(first)/(24*time.Hour)) + 1
	unit := "day"
	begin := func(t time.Time) time.Time { return t }
	next := func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }
	back := func(t time.Time) time.Time { return t.AddDate(0, 0, -1) }
	switch {
	case n > 7*spreadMost:
		unit = "month"
		begin = func(t time.Time) time.Time { return t.AddDate(0, 0, 1-t.Day()) }
		next = func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }
		back = func(t time.Time) time.Time { return t.AddDate(0, -1, 0) }
		// A date that is far off is an outlet's mistake; the newest are shown.
		if oldest := begin(last).AddDate(0, 1-spreadMost, 0); first.Before(oldest) {
			first = oldest
		}
	case n > spreadMost:
		unit = "week"
		begin = func(t time.Time) time.Time { return t.AddDate(0, 0, -(int(t.Weekday())+6)%7) }
		next = func(t time.Time) time.Time { return t.AddDate(0, 0, 7) }
		back = func(t time.Time) time.Time { return t.AddDate(0, 0, -7) }
	}
	count := map[string]int{}
	for _, d := range days {
		if t, err := time.Parse(time.DateOnly, d.Value); err == nil {
			count[begin(t).Format(time.DateOnly)] += d.N
		}
	}
	var all []store.Tally
	for t := begin(first); !t.After(last); t = next(t) {
		day := t.Format(time.DateOnly)
		all = append(all, store.Tally{Value: day, N: count[day]})
	}
	for t := begin(first); len(all) < spreadLeast; {
		t = back(t)
		all = slices.Insert(all, 0, store.Tally{Value: t.Format(time.DateOnly)})
	}
	return spread{c.barsOf(all), unit}
}
