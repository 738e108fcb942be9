package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/export"
	"dateline/internal/store"
)

// Collection is a named list of versions of articles.
type Collection struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Note    string    `json:"note,omitempty"`
	Query   string    `json:"query,omitempty" doc:"That it was made by."`
	Public  bool      `json:"public" doc:"Whether its page needs no login."`
	By      string    `json:"by,omitempty"`
	Created time.Time `json:"created"`
	Changed time.Time `json:"changed"`
	Items   int       `json:"items" doc:"How many it has."`
	Link    string    `json:"link"`
}

// Item is a version in a collection.
type Item struct {
	N       int64     `json:"n" doc:"The number of the version in the record, by which it is taken out."`
	Article Hit       `json:"article"`
	Note    string    `json:"note,omitempty"`
	By      string    `json:"by,omitempty"`
	Added   time.Time `json:"added"`
}

// Edition is a collection as it was, to be cited.
type Edition struct {
	Number int       `json:"number"`
	At     time.Time `json:"at"`
	By     string    `json:"by,omitempty"`
	Digest string    `json:"digest" doc:"Of its data."`
	Link   string    `json:"link"`
}

type collectionInput struct {
	ID string `path:"id" maxLength:"100" doc:"The collection's id."`
}

type itemsInput struct {
	ID     string `path:"id" maxLength:"100" doc:"The collection's id."`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"200" doc:"How many items at most."`
	Cursor string `query:"cursor" maxLength:"100" doc:"The next of the page before."`
}

type editionInput struct {
	ID     string `path:"id" maxLength:"100" doc:"The collection's id."`
	Number int    `path:"number" minimum:"1" maximum:"1000000"`
}

// mostNote is how many bytes the note of a collection or an item has at most.
const mostNote = 20_000

type createInput struct {
	Body struct {
		Name   string `json:"name" minLength:"1" maxLength:"200" example:"Floods"`
		Note   string `json:"note,omitempty" maxLength:"20000"`
		Query  string `json:"query,omitempty" maxLength:"2000" example:"flood OR banjir" doc:"The newest 1,000 articles that it finds are put into the collection."`
		Public bool   `json:"public,omitempty" doc:"Whether its page is to need no login."`
	}
}

type changeInput struct {
	ID   string `path:"id" maxLength:"100" doc:"The collection's id."`
	Body struct {
		Name   *string `json:"name,omitempty" minLength:"1" maxLength:"200" example:"Floods and quakes"`
		Note   *string `json:"note,omitempty" maxLength:"20000"`
		Public *bool   `json:"public,omitempty" doc:"Whether its page is to need no login."`
	}
}

type putItemInput struct {
	ID   string `path:"id" maxLength:"100" doc:"The collection's id."`
	Body struct {
		Article string `json:"article" minLength:"1" maxLength:"4000" example:"ID" doc:"The article's id, or an address of its page."`
		Version int    `json:"version,omitempty" minimum:"0" maximum:"1000000" doc:"A version's number, from 1; the current one where it is left out."`
		Note    string `json:"note,omitempty" maxLength:"20000" example:"the first report"`
	}
}

type dropItemInput struct {
	ID string `path:"id" maxLength:"100" doc:"The collection's id."`
	N  int64  `path:"n" minimum:"1" doc:"The number of the version in the record: n of an item."`
}

func (a *API) collectionOperations() {
	add(a, about{id: "listCollections", tag: "Collections", path: "/v1/collections", need: looking, page: "collections", summary: "List the collections"},
		func(ctx context.Context, _ *nothing) (*answer[List[Collection]], error) {
			list, err := a.o.Store.ListCollections(ctx)
			if err != nil {
				return nil, err
			}
			out := &answer[List[Collection]]{List[Collection]{Items: []Collection{}}}
			for _, k := range list {
				out.Body.Items = append(out.Body.Items, a.collectionOf(k))
			}
			return out, nil
		})
	add(a, about{id: "showCollection", tag: "Collections", path: "/v1/collections/{id}", need: looking, page: "collections", summary: "Show a collection"},
		func(ctx context.Context, in *collectionInput) (*answer[Collection], error) {
			return a.showCollection(ctx, in.ID)
		})
	add(a, about{id: "listItems", tag: "Collections", path: "/v1/collections/{id}/items", need: looking, page: "collections",
		summary: "List what is in a collection", more: "In the order in which it was added."},
		func(ctx context.Context, in *itemsInput) (*answer[List[Item]], error) {
			if _, err := a.collection(ctx, in.ID); err != nil {
				return nil, err
			}
			list, err := a.o.Store.Items(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			list, next, err := pageOf(list, in.Cursor, in.Limit, func(it *store.Item) string { return strconv.FormatInt(it.Version, 10) })
			if err != nil {
				return nil, err
			}
			out := &answer[List[Item]]{List[Item]{Items: []Item{}, Next: next}}
			for i := range list {
				out.Body.Items = append(out.Body.Items, a.itemOf(&list[i]))
			}
			return out, nil
		})
	add(a, about{id: "listEditions", tag: "Collections", path: "/v1/collections/{id}/editions", need: looking, page: "collections", summary: "List a collection's editions"},
		func(ctx context.Context, in *collectionInput) (*answer[List[Edition]], error) {
			if _, err := a.collection(ctx, in.ID); err != nil {
				return nil, err
			}
			list, err := a.o.Store.Editions(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			out := &answer[List[Edition]]{List[Edition]{Items: []Edition{}}}
			for i := range list {
				out.Body.Items = append(out.Body.Items, a.editionOf(in.ID, &list[i]))
			}
			return out, nil
		})
	add(a, about{id: "showEdition", tag: "Collections", path: "/v1/collections/{id}/editions/{number}", need: looking, page: "collections",
		summary: "Read an edition", more: "Its data as they were published, byte for byte; their digest is that of the edition.",
		set: func(op *huma.Operation) {
			op.Responses = map[string]*huma.Response{"200": {Description: "The data.", Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Type: huma.TypeObject}}}}}
		}},
		func(ctx context.Context, in *editionInput) (*editionOutput, error) {
			e, err := a.o.Store.Edition(ctx, in.ID, in.Number)
			if err != nil {
				return nil, fmt.Errorf("edition %d of collection %.60q: %w", in.Number, in.ID, err)
			}
			return &editionOutput{"application/json", `"` + e.Digest + `"`, e.Data}, nil
		})
	add(a, about{id: "createCollection", tag: "Collections", method: http.MethodPost, path: "/v1/collections", need: reviewing, wait: errand,
		summary: "Make a collection", more: "Empty, or with what a query finds."}, a.createCollection)
	add(a, about{id: "changeCollection", tag: "Collections", method: http.MethodPatch, path: "/v1/collections/{id}", need: reviewing,
		summary: "Rename a collection, or change its note or who may read it", more: "What is left out stays."}, a.changeCollection)
	add(a, about{id: "dropCollection", tag: "Collections", method: http.MethodDelete, path: "/v1/collections/{id}", need: reviewing,
		summary: "Remove a collection", more: "One that has editions stays, for others may cite them."},
		func(ctx context.Context, in *collectionInput) (*struct{}, error) {
			if _, err := a.collection(ctx, in.ID); err != nil {
				return nil, err
			}
			return nil, a.o.Store.DropCollection(ctx, in.ID)
		})
	add(a, about{id: "putItem", tag: "Collections", method: http.MethodPost, path: "/v1/collections/{id}/items", need: reviewing,
		summary: "Put a version of an article into a collection", more: "One that is there gets the note in place of the one it has."}, a.putItem)
	add(a, about{id: "dropItem", tag: "Collections", method: http.MethodDelete, path: "/v1/collections/{id}/items/{n}", need: reviewing,
		summary: "Take a version out of a collection"},
		func(ctx context.Context, in *dropItemInput) (*struct{}, error) {
			return nil, a.o.Store.DropItem(ctx, in.ID, in.N)
		})
	add(a, about{id: "publishEdition", tag: "Collections", method: http.MethodPost, path: "/v1/collections/{id}/editions", need: reviewing, wait: 30 * time.Second,
		summary: "Publish an edition of a collection", more: "The collection as it is now, as docs/formats/collection.md describes it. It never changes and is never removed."},
		func(ctx context.Context, in *collectionInput) (*answer[Edition], error) {
			e, err := export.Publish(ctx, a.o.Store, in.ID, access.From(ctx).Name(), a.o.Version, a.o.Now())
			if err != nil {
				return nil, fmt.Errorf("publish collection %.60q: %w", in.ID, err)
			}
			return &answer[Edition]{a.editionOf(in.ID, &e)}, nil
		})
}

// checkCollection finds what cannot be said of a collection.
func checkCollection(k *store.Collection) error {
	k.Name, k.Note = strings.TrimSpace(k.Name), strings.TrimSpace(k.Note)
	if k.Name == "" || len(k.Name) > 200 || len(k.Note) > mostNote || !utf8.ValidString(k.Name+k.Note+k.Query) {
		return fmt.Errorf("a collection has a name of 200 bytes at most and a note of 20,000, all of it text: %w", dateline.ErrInvalid)
	}
	return nil
}

func (a *API) createCollection(ctx context.Context, in *createInput) (*answer[Collection], error) {
	k := store.Collection{Name: in.Body.Name, Note: in.Body.Note, Query: strings.TrimSpace(in.Body.Query), Public: in.Body.Public, By: access.From(ctx).Name()}
	if err := checkCollection(&k); err != nil {
		return nil, err
	}
	k, err := store.Collect(ctx, a.o.Store, k, a.o.Analyzer)
	if err != nil {
		return nil, err
	}
	return a.showCollection(ctx, k.ID)
}

func (a *API) changeCollection(ctx context.Context, in *changeInput) (*answer[Collection], error) {
	k, err := a.collection(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	b := &in.Body
	if b.Name != nil {
		k.Name = *b.Name
	}
	if b.Note != nil {
		k.Note = *b.Note
	}
	if b.Public != nil {
		k.Public = *b.Public
	}
	if err := checkCollection(&k); err != nil {
		return nil, err
	}
	if _, err := a.o.Store.PutCollection(ctx, k); err != nil {
		return nil, err
	}
	return a.showCollection(ctx, k.ID)
}

func (a *API) putItem(ctx context.Context, in *putItemInput) (*answer[Item], error) {
	if _, err := a.collection(ctx, in.ID); err != nil {
		return nil, err
	}
	p, err := a.page(ctx, in.Body.Article)
	if err != nil {
		return nil, err
	}
	v, err := a.version(ctx, p, in.Body.Version)
	if err != nil {
		return nil, err
	}
	note := strings.TrimSpace(in.Body.Note)
	if len(note) > mostNote || !utf8.ValidString(note) {
		return nil, fmt.Errorf("a note is text of 20,000 bytes at most: %w", dateline.ErrInvalid)
	}
	if err := a.o.Store.PutItem(ctx, in.ID, store.Item{Version: v.N, Note: note, By: access.From(ctx).Name()}); err != nil {
		return nil, err
	}
	list, err := a.o.Store.Items(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(it store.Item) bool { return it.Version == v.N })
	if i < 0 {
		return nil, fmt.Errorf("version %d of %s was erased meanwhile: %w", v.Number, p.ID, dateline.ErrNotFound)
	}
	return &answer[Item]{a.itemOf(&list[i])}, nil
}

type editionOutput struct {
	ContentType string `header:"Content-Type"`
	ETag        string `header:"ETag"`
	Body        []byte
}

func (a *API) collection(ctx context.Context, id string) (store.Collection, error) {
	k, err := a.o.Store.Collection(ctx, id)
	if err != nil {
		return k, fmt.Errorf("collection %.60q: %w", id, absent(err))
	}
	return k, nil
}

func (a *API) collectionOf(k store.Collection) Collection {
	return Collection{k.ID, k.Name, k.Note, k.Query, k.Public, k.By, k.Created.UTC(), k.Changed.UTC(), k.Items, a.link("/collections/"+k.ID, nil)}
}

func (a *API) showCollection(ctx context.Context, id string) (*answer[Collection], error) {
	k, err := a.collection(ctx, id)
	if err != nil {
		return nil, err
	}
	return &answer[Collection]{a.collectionOf(k)}, nil
}

func (a *API) itemOf(it *store.Item) Item {
	return Item{it.Version, a.hit(&it.Hit), it.Note, it.By, it.Added.UTC()}
}

func (a *API) editionOf(collection string, e *store.Edition) Edition {
	return Edition{e.Number, e.At.UTC(), e.By, e.Digest, a.link(fmt.Sprintf("/api/v1/collections/%s/editions/%d", collection, e.Number), nil)}
}
