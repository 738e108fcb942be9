package web

import (
	"strconv"

	"dateline"
	"dateline/internal/store"
	"dateline/search"
)

// placesPage is the places that the articles of a search name.
type placesPage struct {
	Text   string // of the query
	Notes  []search.Note
	Places []store.NamedPlace
	First  int // number of the first that is shown
	N      int
	Map    *worldMap
	Next   string // cursor
}

// places shows them on a map and in a table.
func (c *call) places() error {
	p := placesPage{Text: c.Query("q")}
	q, err := search.Parse(p.Text)
	if err != nil {
		return err
	}
	if p.Notes, err = c.notes(q); err != nil {
		return err
	}
	all, err := c.s.Store.Places(c.ctx, q, c.s.Analyzer, 0)
	if err != nil {
		return err
	}
	p.N = len(all)
	if at := c.Query("cursor"); at != "" {
		if p.First, err = strconv.Atoi(at); err != nil || p.First < 0 {
			return mistaken(dateline.ErrInvalid, "address.part", clipped(at))
		}
	}
	p.First = min(p.First, len(all))
	rest := all[p.First:]
	p.Places = rest[:min(pageSize, len(rest))]
	if len(rest) > pageSize {
		p.Next = strconv.Itoa(p.First + pageSize)
	}
	p.Map = c.newMap(all, 1000, 403, true)
	return c.page(200, "places", view{Title: c.T("places")}, p)
}

// Finding is the address of the articles that a name is in, among those of a
// query.
func (c *call) Finding(kind, name, text string) string {
	field := map[string]search.Field{"person": search.FieldPerson, "organization": search.FieldOrg, "place": search.FieldPlace}[kind]
	q := (&search.Query{Root: search.Is{Field: field, Value: withoutQuotes(name)}}).String()
	if text != "" {
		q = "(" + text + ") " + q
	}
	return c.URL("/") + "?q=" + escapeQuery(q)
}

// withoutQuotes is a name as a query can quote it.
func withoutQuotes(name string) string {
	b := []rune(name)
	for i, r := range b {
		if r == '"' {
			b[i] = ' '
		}
	}
	return string(b)
}
