package web

import (
	"dateline/internal/store"
	"dateline/search"
)

func (s *Server) todayRoutes() []Route {
	return []Route{{Method: "GET", Path: "/", Page: "today", Need: looking, Handle: (*call).today}}
}

// pageSize is how many articles a list shows at once.
const pageSize = 50

// todayPage is what came in.
type todayPage struct {
	Text  string // of the query
	Notes []search.Note
	Hits  []store.Hit
	Next  string // cursor
}

func (c *call) today() error {
	p := todayPage{Text: c.Query("q")}
	q, err := search.Parse(p.Text)
	if err != nil {
		return err
	}
	p.Notes = q.Notes
	for h, err := range c.s.Store.Search(c.ctx, q, c.s.Analyzer, store.Options{Limit: pageSize, Cursor: c.Query("cursor")}) {
		if err != nil {
			return err
		}
		p.Hits = append(p.Hits, h)
	}
	if len(p.Hits) == pageSize {
		p.Next = p.Hits[pageSize-1].Cursor
	}
	return c.page(200, "today", view{Title: c.T("today")}, p)
}
