package api

import (
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"dateline"
	"dateline/internal/store"
	"dateline/search"
)

// Hit is an article in a list.
type Hit struct {
	ID        string        `json:"id"`
	Version   int           `json:"version" doc:"The number of the current version."`
	Outlet    string        `json:"outlet,omitempty" doc:"The outlet's id."`
	URL       string        `json:"url"`
	Title     string        `json:"title,omitempty"`
	Language  string        `json:"language,omitempty" doc:"BCP 47."`
	Kind      dateline.Kind `json:"kind,omitempty"`
	Time      time.Time     `json:"time" doc:"When it was published, where that is known and not after it was fetched; else when it was fetched."`
	Published string        `json:"published,omitempty" doc:"As far as the page says it: 2024-01-24T09:30:00+07:00, 2024-01-24T09:30:00, 2024-01-24."`
	Figures   []string      `json:"figures,omitempty" doc:"At a glance." example:"killed 41" nullable:"false"`
	Gone      *time.Time    `json:"gone,omitempty" doc:"Since when the server says that the page is gone."`
	Link      string        `json:"link" doc:"Where a person sees it."`
	Snippets  []Snippet     `json:"snippets,omitempty" nullable:"false" doc:"Of a search: the passages that the query's words stand in."`
}

// Snippet is a passage of an article's text. Offsets are code points.
type Snippet struct {
	Start int      `json:"start"`
	End   int      `json:"end"`
	Text  string   `json:"text"`
	Words [][2]int `json:"words" nullable:"false" doc:"Where the query's words stand in text, [start, end] each, from its own beginning."`
}

type articlesInput struct {
	Query  string `query:"q" maxLength:"4000" doc:"A query, as docs/formats/query.md describes it; all articles where it is empty." example:"banjir OR flood after:2024-01 -figure:killed>100"`
	Order  string `query:"order" enum:"newest,oldest,best" default:"newest" doc:"best is by relevance, of the newest 10,000."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many items at most."`
	Cursor string `query:"cursor" maxLength:"500" doc:"The next of the page before, of the same query and order."`

	above int64 // as of [store.Options]
}

// Hits is a page of a list of articles.
type Hits struct {
	Items []Hit        `json:"items" nullable:"false"`
	Next  string       `json:"next,omitempty" doc:"The cursor of the next page; left out on the last."`
	Notes []SearchNote `json:"notes,omitempty" nullable:"false" doc:"Slips in the query that were put right."`
}

// SearchNote says what was put right in a query.
type SearchNote struct {
	Text string `json:"text"`
}

type articleInput struct {
	ID      string `path:"id" maxLength:"4000" doc:"The article's id, or an address of its page, escaped."`
	Version int    `query:"version" minimum:"0" maximum:"1000000" doc:"A version's number, from 1; the current one where it is left out."`
}

func (a *API) articleOperations() {
	add(a, about{id: "listArticles", tag: "Articles", path: "/v1/articles", need: looking, page: "today",
		summary: "List articles", more: "The current versions that a query finds, newest first unless asked otherwise."},
		func(ctx context.Context, in *articlesInput) (*answer[Hits], error) {
			return a.find(ctx, in, false)
		})
	add(a, about{id: "search", tag: "Articles", path: "/v1/search", need: looking, page: "today",
		summary: "Search with snippets", more: "As listArticles, each with the passages that the query's words stand in."},
		func(ctx context.Context, in *articlesInput) (*answer[Hits], error) {
			in.Limit = min(in.Limit, 50)
			return a.find(ctx, in, true)
		})
	add(a, about{id: "showArticle", tag: "Articles", path: "/v1/articles/{id}", need: looking, page: "article",
		summary: "Read an article", more: "The record of a version, as docs/formats/record.md describes it. Offsets are Unicode code points."},
		func(ctx context.Context, in *articleInput) (*answer[Article], error) {
			article, _, _, err := a.article(ctx, in)
			if err != nil {
				return nil, err
			}
			return &answer[Article]{Article{article}}, nil
		})
}

// find lists what a query finds, with the passages of each where they are asked
// for.
func (a *API) find(ctx context.Context, in *articlesInput, passages bool) (*answer[Hits], error) {
	q, err := search.Parse(in.Query)
	if err != nil {
		return nil, err
	}
	out := &answer[Hits]{Hits{Items: []Hit{}}}
	absent, err := a.o.Store.Absent(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, n := range slices.Concat(q.Notes, absent) {
		out.Body.Notes = append(out.Body.Notes, SearchNote{n.Text})
	}
	o := store.Options{Limit: in.Limit + 1, Cursor: in.Cursor, Oldest: in.Order == "oldest", Best: in.Order == "best", Above: in.above}
	var versions []int64
	last := ""
	for h, err := range a.o.Store.Search(ctx, q, a.o.Analyzer, o) {
		if err != nil {
			return nil, err
		}
		if len(out.Body.Items) == in.Limit {
			out.Body.Next = last
			break
		}
		out.Body.Items, versions, last = append(out.Body.Items, a.hit(&h)), append(versions, h.Version), h.Cursor
	}
	if !passages {
		return out, nil
	}
	texts, err := a.o.Store.Texts(ctx, versions)
	if err != nil {
		return nil, err
	}
	m := search.NewMatcher(q, a.o.Analyzer)
	for i, v := range versions {
		if article := texts[v]; article != nil {
			out.Body.Items[i].Snippets = snippets(m, article)
		}
	}
	return out, nil
}

func (a *API) hit(h *store.Hit) Hit {
	return Hit{
		ID: h.Page.ID, Version: h.Number, Outlet: h.Page.Outlet, URL: h.Page.URL, Title: h.Title, Language: h.Language, Kind: h.Kind, Time: h.Time.UTC(),
		Published: h.Published, Figures: h.Figures, Gone: known(h.Page.Gone), Link: a.articleLink(h.Page.ID, h.Number, nil),
	}
}

// snippets are the passages of an article that a query's words stand in.
func snippets(m *search.Matcher, article *dateline.Article) []Snippet {
	var out []Snippet
	for _, s := range m.Snippets(article.Text, article.Language) {
		text := article.Text[s.Start:s.End]
		start := utf8.RuneCountInString(article.Text[:s.Start])
		item := Snippet{Start: start, End: start + utf8.RuneCountInString(text), Text: text, Words: [][2]int{}}
		for _, w := range s.Words {
			from := utf8.RuneCountInString(article.Text[s.Start:w.Start])
			item.Words = append(item.Words, [2]int{from, from + utf8.RuneCountInString(article.Text[w.Start:w.End])})
		}
		out = append(out, item)
	}
	return out
}

// page finds a page by its id or an address of it.
func (a *API) page(ctx context.Context, id string) (store.Page, error) {
	if !utf8.ValidString(id) {
		return store.Page{}, fmt.Errorf("the id is not text: %w", dateline.ErrInvalid)
	}
	key := id
	if k, err := dateline.PageKey(id); err == nil {
		key = k
	}
	p, err := a.o.Store.PageOf(ctx, key)
	if err != nil {
		return p, fmt.Errorf("article %.60q: %w", id, absent(err))
	}
	return p, nil
}

// version finds a version of a page by its number, the current one where that
// is 0.
func (a *API) version(ctx context.Context, p store.Page, number int) (store.Version, error) {
	list, err := a.o.Store.Versions(ctx, p.N)
	if err != nil {
		return store.Version{}, err
	}
	i := slices.IndexFunc(list, func(v store.Version) bool {
		return v.Number == number || number == 0 && v.N == p.Version
	})
	switch {
	case i >= 0:
		return list[i], nil
	case number == 0:
		return store.Version{}, fmt.Errorf("the page %s has no article, its outcome is %q: %w", p.ID, p.Outcome, dateline.ErrNotFound)
	}
	return store.Version{}, fmt.Errorf("version %d of %s, which has %d: %w", number, p.ID, len(list), dateline.ErrNotFound)
}

// article gives the version of an article that is asked for.
func (a *API) article(ctx context.Context, in *articleInput) (*dateline.Article, store.Page, store.Version, error) {
	p, err := a.page(ctx, in.ID)
	if err != nil {
		return nil, p, store.Version{}, err
	}
	v, err := a.version(ctx, p, in.Version)
	if err != nil {
		return nil, p, v, err
	}
	article, err := a.o.Store.Article(ctx, v.N)
	return article, p, v, err
}
