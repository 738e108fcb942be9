package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dateline"
	"dateline/internal/store"
	"dateline/search"
)

func (s *Server) todayRoutes() []Route {
	return []Route{
		{Method: "GET", Path: "/", Page: "today", Need: looking, Handle: (*call).today},
		{Method: "GET", Path: "/new", Page: "today", Need: looking, Handle: (*call).newArticles},
	}
}

// pageSize is how many articles a list shows at once.
const pageSize = 50

// listRoom is how many bytes of a list's page articles may take; a page with
// long headlines has fewer of them.
const listRoom = 35_000

// Each way to narrow a query has all of it in its address. Those of a short
// one take about as much as usualAddresses; one that is longer, as an address
// has it, than fewWays is offered fewer ways, than noWay none.
const (
	usualAddresses = 6_000
	fewWays        = 150
	noWay          = 600
	leastItems     = 10
)

// todayPage is what came in.
type todayPage struct {
	Text     string // of the query
	Mistake  *search.Mistake
	Wrong    [3]string // the query before the mistake, the mistake, behind it
	Notes    []search.Note
	Parts    []queryPart
	Best     bool
	Sentence bool
	Scopes   [2]string // addresses of the query in each scope
	Items    []item
	Next     string // cursor
	First    bool   // nothing is before this page
	Since    int64  // the last version there was, to ask for newer ones
	Facets   []facet
	Periods  []facetValue
	Total    int
	More     bool
	Strip    strip
	Outlets  int // that are followed; counted where there is no article
	May      bool
}

// addresses is how many bytes the page's addresses take that have the query in
// them.
func (p *todayPage) addresses() (n int) {
	for _, v := range p.Parts {
		n += len(v.Without)
	}
	for _, f := range p.Facets {
		for _, v := range f.Values {
			n += len(v.Add) + len(v.Not)
		}
	}
	for _, b := range p.Strip.Bars {
		n += len(b.Address)
	}
	return n + 12*len(url.QueryEscape(p.Text)) // and the page itself in other orders
}

// item is an article of a list.
type item struct {
	store.Hit
	Outlet   string // its name
	Headline []stretch
	Passages [][]stretch
	Place    string // of the dateline
	Glance   []string
	State    readingState
	Changed  bool // since it was read
}

// stretch is a part of a text; Hit is that it is what was searched for.
type stretch struct {
	Text string
	Hit  bool
}

// queryPart is a part of the query that can be taken out.
type queryPart struct {
	Text     string
	Without  string // address
	Excluded bool
}

// facet is what a list can be narrowed by.
type facet struct {
	Name   string // key of its text
	Values []facetValue
}

type facetValue struct {
	Label   string
	N       int
	Add     string // address with it, or without where it is asked for
	Not     string // address with it excluded; empty where it is asked for
	Current bool
}

// today shows what came in, or what a query finds of it.
func (c *call) today() error {
	p := todayPage{Text: c.Query("q"), Best: c.Query("order") == "best", First: c.Query("cursor") == ""}
	title := c.T("today")
	if p.Text != "" {
		title = p.Text
	}
	q, err := search.Parse(p.Text)
	if errors.As(err, &p.Mistake) {
		p.Wrong = around3(p.Text, p.Mistake.Start, p.Mistake.End)
		return c.page(http.StatusBadRequest, "today", view{Title: title}, p)
	}
	if err != nil {
		return err
	}
	p.Sentence = q.Sentence
	p.Parts = c.queryParts(q)
	if p.Notes, err = c.notes(q); err != nil {
		return err
	}
	if p.Since, err = c.s.Store.LastVersion(c.ctx); err != nil {
		return err
	}
	if err := c.narrow(&p, q); err != nil {
		return err
	}
	if err := c.list(&p, q); err != nil {
		return err
	}
	if len(p.Items) == 0 && p.Text == "" {
		t, err := c.s.Store.Totals(c.ctx)
		if err != nil {
			return err
		}
		p.Outlets = t.Outlets
	}
	for i, sentence := range []bool{false, true} {
		p.Scopes[i] = c.With("q", (&search.Query{Root: q.Root, Sentence: sentence}).String())
	}
	return c.page(http.StatusOK, "today", view{Title: title, Feed: "/feed/atom?q=" + url.QueryEscape(p.Text)}, p)
}

// notes are what was put right in a query, and what no article has of it.
func (c *call) notes(q *search.Query) ([]search.Note, error) {
	absent, err := c.s.Store.Absent(c.ctx, q)
	return slices.Concat(q.Notes, absent), err
}

// around3 parts a text at two places.
func around3(s string, from, to int) [3]string {
	from = min(max(from, 0), len(s))
	to = min(max(to, from), len(s))
	return [3]string{s[:from], s[from:to], s[to:]}
}

// list finds the articles of a page.
func (c *call) list(p *todayPage, q *search.Query) error {
	names, err := c.outletNames()
	if err != nil {
		return err
	}
	o := store.Options{Limit: pageSize + 1, Cursor: c.Query("cursor"), Best: p.Best}
	var hits []store.Hit
	for h, err := range c.s.Store.Search(c.ctx, q, c.s.Analyzer, o) {
		if err != nil {
			return err
		}
		hits = append(hits, h)
	}
	var pages []int64
	for i := range hits {
		pages = append(pages, hits[i].Page.N)
	}
	states, may, err := c.readingStates(pages)
	if err != nil {
		return err
	}
	p.May = may
	versions := make([]int64, len(hits))
	for i := range hits {
		versions[i] = hits[i].Version
	}
	texts, err := c.s.Store.Texts(c.ctx, versions)
	if err != nil {
		return err
	}
	m := search.NewMatcher(q, c.s.Analyzer)
	left := listRoom - max(0, p.addresses()-usualAddresses)
	for i, h := range hits {
		if i == pageSize || left < 0 && i >= leastItems {
			p.Next = hits[i-1].Cursor
			break
		}
		v := item{Hit: h, Outlet: outletName(names, h.Page), State: readingState{may, states[h.Page.N]}}
		v.Changed = v.State.IsRead() && v.State.Version != h.Version
		v.Headline = stretches(h.Title, 0, len(h.Title), m.HighlightTitle(h.Title, h.Language))
		for _, g := range h.Figures {
			v.Glance = append(v.Glance, c.glance(g))
		}
		if a := texts[h.Version]; a != nil {
			if a.Dateline != nil {
				v.Place = a.Dateline.Place
			}
			for _, s := range m.Snippets(a.Text, a.Language) {
				v.Passages = append(v.Passages, stretches(a.Text, s.Start, s.End, s.Words))
				left -= s.End - s.Start + 17*len(s.Words)
			}
		}
		left -= 690 + len(h.Page.URL) + len(h.Title) + 17*len(v.Headline)/2 + 45*len(v.Glance)
		p.Items = append(p.Items, v)
	}
	return nil
}

// stretches parts a range of a text by what was found in it.
func stretches(text string, from, to int, found []search.Range) []stretch {
	var out []stretch
	add := func(end int, hit bool) {
		if end > from {
			out = append(out, stretch{text[from:end], hit})
			from = end
		}
	}
	for _, r := range found {
		add(min(r.Start, to), false)
		add(min(r.End, to), true)
	}
	add(to, false)
	return out
}

// glance writes a figure at a glance, "killed at least 41", in the interface's
// language.
func (c *call) glance(s string) string {
	what, n, ok := strings.Cut(s, " ")
	if !ok || !slices.Contains(figureWhats, what) {
		return s
	}
	for prefix, key := range map[string]string{"at least ": "figures.least", "at most ": "figures.most", "about ": "figures.about", "nearly ": "figures.nearly"} {
		if rest, ok := strings.CutPrefix(n, prefix); ok {
			n = c.T(key, c.grouped(rest))
		}
	}
	return c.grouped(n) + " " + c.T("what."+what)
}

func (c *call) grouped(s string) string {
	if n, err := strconv.Atoi(s); err == nil {
		return c.Number(n)
	}
	return s
}

// parts are what a query asks for, all of it at once.
func parts(n search.Node) []search.Node {
	switch n := n.(type) {
	case nil:
		return nil
	case search.And:
		return n
	}
	return []search.Node{n}
}

// together is a query that asks for all of the nodes.
func together(nodes []search.Node, sentence bool) string {
	q := search.Query{Sentence: sentence}
	switch len(nodes) {
	case 0:
	case 1:
		q.Root = nodes[0]
	default:
		q.Root = search.And(nodes)
	}
	return q.String()
}

func nodeText(n search.Node) string { return (&search.Query{Root: n}).String() }

// queryParts are the parts of a query, each with the address without it where
// that is not too long.
func (c *call) queryParts(q *search.Query) []queryPart {
	all := parts(q.Root)
	var out []queryPart
	for i, n := range all {
		rest := slices.Concat(all[:i], all[i+1:])
		_, not := n.(search.Not)
		p := queryPart{Text: nodeText(n), Excluded: not}
		if len(url.QueryEscape(c.Query("q"))) < noWay {
			p.Without = c.With("q", together(rest, q.Sentence))
		}
		out = append(out, p)
	}
	return out
}

// newMost is up to which number what is new is counted.
const newMost = 99

// newArticles says how many articles have come in since a page was made.
func (c *call) newArticles() error {
	since, err := strconv.ParseInt(c.Query("since"), 10, 64)
	if err != nil || since < 0 {
		return mistaken(dateline.ErrInvalid, "number", clipped(c.Query("since")))
	}
	q, err := search.Parse(c.Query("q"))
	if err != nil {
		return err
	}
	n := 0
	for _, err := range c.s.Store.Search(c.ctx, q, c.s.Analyzer, store.Options{Limit: newMost + 1, Above: since}) {
		if err != nil {
			return err
		}
		n++
	}
	return c.part("today", "news", map[string]any{"N": min(n, newMost), "More": n > newMost, "Text": c.Query("q")})
}

// part answers with a part of a page: a template that the page's file defines.
func (c *call) part(page, name string, data any) error {
	var b strings.Builder
	if err := c.s.templates[page].ExecuteTemplate(&b, name, &view{call: c, Name: page, Data: data}); err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	_, err := c.w.Write([]byte(b.String()))
	if err != nil {
		c.s.Log.Debug("send a part of a page", "err", err)
	}
	return nil
}
