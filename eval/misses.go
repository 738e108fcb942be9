package main

import (
	"encoding/json"
	"io"

	"dateline"
)

// report writes one page's faults as a line of JSON.
func report(w io.Writer, corpus string, g *Gold, a *dateline.Article, m miss) {
	json.NewEncoder(w).Encode(map[string]any{
		"corpus": corpus, "id": g.ID, "p": m.precision, "r": m.recall, "missing": m.missing, "superfluous": m.superfluous,
		"bad_title": m.badTitle, "title": a.Title, "gold_title": g.Title, "bad_authors": m.badAuthors, "authors": a.Authors, "gold_authors": g.Authors,
		"bad_date": m.badDate, "date": a.Published, "gold_date": g.Date,
	})
}
