package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/export"
	"dateline/internal/store"
)

func (s *Server) collectionsRoutes() []Route {
	return []Route{
		{Method: "GET", Path: "/collections", Page: "collections", Need: looking, Handle: (*call).collections},
		{Method: "POST", Path: "/collections", Need: reviewing, Handle: (*call).saveCollection},
		// A collection says itself whether anyone may read it; see mayRead.
		{Method: "GET", Path: "/collections/{id}", Need: anyone, Handle: (*call).collection},
		{Method: "GET", Path: "/collections/{id}/editions/{number}", Need: anyone, Handle: (*call).edition},
		{Method: "POST", Path: "/collections/{id}", Need: reviewing, Handle: (*call).saveCollection},
		{Method: "POST", Path: "/collections/{id}/items", Need: reviewing, Handle: (*call).putItem},
		{Method: "POST", Path: "/collections/{id}/items/{version}/remove", Need: reviewing, Handle: (*call).dropItem},
		{Method: "POST", Path: "/collections/{id}/editions", Need: reviewing, Handle: (*call).publish, Wait: 30 * time.Second},
		{Method: "POST", Path: "/collections/{id}/remove", Need: reviewing, Handle: (*call).dropCollection},
		{Method: "GET", Path: "/starred", Need: shelving, Handle: (*call).starred},
	}
}

// How many bytes the name of a collection or a search, and a note of a collection, may have.
const (
	maxName      = 200
	maxShelfNote = 20_000
)

type collectionsPage struct {
	List  []store.Collection
	Query string
	Count int // articles the query finds, up to store.MostCollected
}

func (c *call) collections() error {
	var p collectionsPage
	var err error
	if p.List, err = c.s.Store.ListCollections(c.ctx); err != nil {
		return err
	}
	if p.Query = c.Query("q"); p.Query != "" {
		versions, err := store.ToCollect(c.ctx, c.s.Store, p.Query, c.s.Analyzer)
		if err != nil {
			return err
		}
		p.Count = len(versions)
	}
	return c.page(http.StatusOK, "collections", view{Title: c.T("collections")}, p)
}

// saveCollection adds a collection, with what a query finds where the form has
// one, or replaces what is said of it.
func (c *call) saveCollection() error {
	form := func(name string) string { return strings.TrimSpace(c.r.PostFormValue(name)) }
	k := store.Collection{By: c.id.Name(), Query: form("query")}
	if id := c.r.PathValue("id"); id != "" {
		var err error
		if k, err = c.s.Store.Collection(c.ctx, id); err != nil {
			return err
		}
	}
	k.Name, k.Note, k.Public = form("name"), form("note"), form("public") != ""
	if k.Name == "" || len(k.Name) > maxName || len(k.Note) > maxShelfNote {
		return mistaken(dateline.ErrInvalid, "collection", c.Number(maxName), c.Number(maxShelfNote))
	}
	var err error
	if k.ID == "" {
		k, err = store.Collect(c.ctx, c.s.Store, k, c.s.Analyzer)
	} else {
		k, err = c.s.Store.PutCollection(c.ctx, k)
	}
	if err != nil {
		return err
	}
	return c.redirect("/collections/" + k.ID)
}

// readable is the collection of the address, for who may read it.
func (c *call) readable() (store.Collection, error) {
	k, err := c.s.Store.Collection(c.ctx, c.r.PathValue("id"))
	if err == nil && !k.Public {
		if e := c.s.Guard.Allow(c.id, looking, "collections"); e != nil {
			return k, e
		}
	}
	return k, err
}

type collectionPage struct {
	store.Collection
	Items    []store.Item
	Editions []store.Edition
	Outlets  map[string]string
	Next     int // the item to go on after
}

func (c *call) collection() error {
	k, err := c.readable()
	if err != nil {
		return err
	}
	p := collectionPage{Collection: k}
	all, err := c.s.Store.Items(c.ctx, k.ID)
	if err != nil {
		return err
	}
	from, _ := strconv.Atoi(c.Query("cursor"))
	from = min(max(from, 0), len(all))
	if p.Items = all[from:]; len(p.Items) > pageSize {
		p.Items, p.Next = p.Items[:pageSize], from+pageSize
	}
	if p.Editions, err = c.s.Store.Editions(c.ctx, k.ID); err != nil {
		return err
	}
	if p.Outlets, err = c.outletNames(); err != nil {
		return err
	}
	return c.page(http.StatusOK, "collection", view{Title: k.Name}, p)
}

func (c *call) putItem() error {
	n, err := strconv.ParseInt(c.r.PostFormValue("version"), 10, 64)
	if err != nil {
		return mistaken(dateline.ErrInvalid, "number", clipped(c.r.PostFormValue("version")))
	}
	note := strings.TrimSpace(c.r.PostFormValue("note"))
	if len(note) > maxShelfNote {
		return mistaken(dateline.ErrInvalid, "note.long", c.Number(maxShelfNote))
	}
	id := c.r.PathValue("id")
	if id == "-" { // the article's form chooses among several
		id = c.r.PostFormValue("collection")
	}
	if err := c.s.Store.PutItem(c.ctx, id, store.Item{Version: n, Note: note, By: c.id.Name()}); err != nil {
		return err
	}
	return c.back("/collections/" + id)
}

func (c *call) dropItem() error {
	n, err := strconv.ParseInt(c.r.PathValue("version"), 10, 64)
	if err != nil {
		return dateline.ErrNotFound
	}
	id := c.r.PathValue("id")
	if err := c.s.Store.DropItem(c.ctx, id, n); err != nil {
		return err
	}
	return c.redirect("/collections/" + id)
}

func (c *call) dropCollection() error {
	if err := c.s.Store.DropCollection(c.ctx, c.r.PathValue("id")); err != nil {
		return err
	}
	return c.redirect("/collections")
}

// publish keeps the collection as it is for good.
func (c *call) publish() error {
	if _, err := export.Publish(c.ctx, c.s.Store, c.r.PathValue("id"), c.id.Name(), c.s.Version, c.s.Now()); err != nil {
		return err
	}
	return c.redirect("/collections/" + c.r.PathValue("id"))
}

func (c *call) edition() error {
	k, err := c.readable()
	if err != nil {
		return err
	}
	number, ok := strings.CutSuffix(c.r.PathValue("number"), ".json")
	n, err := strconv.Atoi(number)
	if err != nil || !ok {
		return dateline.ErrNotFound
	}
	e, err := c.s.Store.Edition(c.ctx, k.ID, n)
	if err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%d.json"`, k.ID, n))
	h.Set("ETag", `"`+e.Digest+`"`)
	c.w.Write(e.Data)
	return nil
}

type starredPage struct {
	Rows []starredRow
	Next int64
}

type starredRow struct {
	store.ReadingState
	Page store.Page
	Head string // its headline, or what its entry is called
	Lang string
}

func (c *call) starred() error {
	cursor, _ := strconv.ParseInt(c.Query("cursor"), 10, 64)
	list, err := c.s.Store.Starred(c.ctx, c.id.User.N, cursor, pageSize)
	if err != nil {
		return err
	}
	var p starredPage
	var versions []int64
	for _, r := range list {
		row := starredRow{ReadingState: r}
		if row.Page, err = c.s.Store.Page(c.ctx, r.Page); err != nil {
			return err
		}
		row.Head = row.Page.Title
		versions = append(versions, row.Page.Version)
		p.Rows = append(p.Rows, row)
	}
	texts, err := c.s.Store.Texts(c.ctx, versions)
	if err != nil {
		return err
	}
	for i, v := range versions {
		if a := texts[v]; a != nil {
			p.Rows[i].Head, p.Rows[i].Lang = a.Title, a.Language
		}
	}
	if len(list) == pageSize {
		p.Next = list[pageSize-1].Page
	}
	return c.page(http.StatusOK, "starred", view{Title: c.T("starred")}, p)
}

// Collections are those that an article can be put into, for its page.
func (c *call) Collections() ([]store.Collection, error) {
	if !c.id.Role.Least(access.Editor) {
		return nil, nil
	}
	return c.s.Store.ListCollections(c.ctx)
}
