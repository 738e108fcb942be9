package main

import "dateline"

// fault is one page's line of the -misses file.
type fault struct {
	Corpus      string   `json:"corpus"`
	ID          string   `json:"id"`
	Precision   float64  `json:"p"`
	Recall      float64  `json:"r"`
	Missing     []string `json:"missing,omitempty"`
	Superfluous []string `json:"superfluous,omitempty"`
	BadTitle    bool     `json:"bad_title,omitempty"`
	Title       string   `json:"title"`
	GoldTitle   string   `json:"gold_title"`
	BadAuthors  bool     `json:"bad_authors,omitempty"`
	Authors     []string `json:"authors"`
	GoldAuthors []string `json:"gold_authors"`
	BadDate     bool     `json:"bad_date,omitempty"`
	Date        string   `json:"date"`
	GoldDate    string   `json:"gold_date"`
	Kind        string   `json:"kind"`
	Warnings    []string `json:"warnings,omitempty"`
}

func (m *miss) report(corpus string, g *Gold, a *dateline.Article) fault {
	return fault{corpus, g.ID, m.precision, m.recall, m.missing, m.superfluous, m.badTitle, a.Title, g.Title,
		m.badAuthors, a.Authors, g.Authors, m.badDate, a.Published, g.Date, string(a.Kind), a.Warnings}
}
