package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/store"
	"dateline/search"
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

// SavedSearch is a query that its user wants to hear of.
type SavedSearch struct {
	ID      string    `json:"id" doc:"Secret: who has it may read its feeds."`
	Name    string    `json:"name"`
	Query   string    `json:"query"`
	Created time.Time `json:"created"`
	Mail    string    `json:"mail,omitempty"`
	Webhook string    `json:"webhook,omitempty"`
	Every   int       `json:"every" doc:"Seconds between messages; 0 is at once."`
	Error   string    `json:"error,omitempty" doc:"Why the last message could not be sent."`
}

type collectionInput struct {
	ID string `path:"id" maxLength:"100" doc:"The collection's id."`
}

type editionInput struct {
	ID     string `path:"id" maxLength:"100" doc:"The collection's id."`
	Number int    `path:"number" minimum:"1" maximum:"1000000"`
}

type saveInput struct {
	Body struct {
		Name  string `json:"name" minLength:"1" maxLength:"200"`
		Query string `json:"query" maxLength:"4000" doc:"A query, as docs/formats/query.md describes it."`
	}
}

type searchInput struct {
	ID string `path:"id" maxLength:"100" doc:"The search's id."`
}

func (a *API) deskOperations() {
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
			k, err := a.collection(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			return &answer[Collection]{a.collectionOf(k)}, nil
		})
	add(a, about{id: "listItems", tag: "Collections", path: "/v1/collections/{id}/items", need: looking, page: "collections",
		summary: "List what is in a collection", more: "In the order in which it was added."},
		func(ctx context.Context, in *collectionInput) (*answer[List[Item]], error) {
			if _, err := a.collection(ctx, in.ID); err != nil {
				return nil, err
			}
			list, err := a.o.Store.Items(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			out := &answer[List[Item]]{List[Item]{Items: []Item{}}}
			for i := range list {
				out.Body.Items = append(out.Body.Items, Item{a.hit(&list[i].Hit), list[i].Note, list[i].By, list[i].Added.UTC()})
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
			for _, e := range list {
				out.Body.Items = append(out.Body.Items, Edition{e.Number, e.At.UTC(), e.By, e.Digest, a.link(fmt.Sprintf("/api/v1/collections/%s/editions/%d", in.ID, e.Number), nil)})
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
	add(a, about{id: "listSearches", tag: "Searches", path: "/v1/searches", need: own, summary: "List one's saved searches"},
		func(ctx context.Context, _ *nothing) (*answer[List[SavedSearch]], error) {
			list, err := a.o.Store.ListSearches(ctx, access.From(ctx).User.N)
			if err != nil {
				return nil, err
			}
			out := &answer[List[SavedSearch]]{List[SavedSearch]{Items: []SavedSearch{}}}
			for _, s := range list {
				out.Body.Items = append(out.Body.Items, savedOf(s))
			}
			return out, nil
		})
	add(a, about{id: "saveSearch", tag: "Searches", method: http.MethodPost, path: "/v1/searches", need: own, summary: "Save a search"},
		func(ctx context.Context, in *saveInput) (*answer[SavedSearch], error) {
			if !utf8.ValidString(in.Body.Name+in.Body.Query) || strings.TrimSpace(in.Body.Name) == "" {
				return nil, fmt.Errorf("a search needs a name, and both are text: %w", dateline.ErrInvalid)
			}
			if _, err := search.Parse(in.Body.Query); err != nil {
				return nil, err
			}
			last, err := a.o.Store.LastVersion(ctx)
			if err != nil {
				return nil, err
			}
			s, err := a.o.Store.PutSearch(ctx, store.SavedSearch{User: access.From(ctx).User.N, Name: strings.TrimSpace(in.Body.Name), Query: in.Body.Query, Seen: last, Sent: last})
			if err != nil {
				return nil, err
			}
			return &answer[SavedSearch]{savedOf(s)}, nil
		})
	add(a, about{id: "dropSearch", tag: "Searches", method: http.MethodDelete, path: "/v1/searches/{id}", need: own, summary: "Remove one's saved search"},
		func(ctx context.Context, in *searchInput) (*struct{}, error) {
			s, err := a.o.Store.SavedSearch(ctx, in.ID)
			if err == nil && s.User != access.From(ctx).User.N {
				err = dateline.ErrNotFound // of others it is not told whether they have it
			}
			if err != nil {
				return nil, fmt.Errorf("saved search %.60q: %w", in.ID, err)
			}
			return nil, a.o.Store.DropSearch(ctx, s.ID)
		})
}

type editionOutput struct {
	ContentType string `header:"Content-Type"`
	ETag        string `header:"ETag"`
	Body        []byte
}

func (a *API) collection(ctx context.Context, id string) (store.Collection, error) {
	k, err := a.o.Store.Collection(ctx, id)
	if err != nil {
		return k, fmt.Errorf("collection %.60q: %w", id, err)
	}
	return k, nil
}

func (a *API) collectionOf(k store.Collection) Collection {
	return Collection{k.ID, k.Name, k.Note, k.Query, k.Public, k.By, k.Created.UTC(), k.Changed.UTC(), k.Items, a.link("/collections/"+k.ID, nil)}
}

func savedOf(s store.SavedSearch) SavedSearch {
	return SavedSearch{s.ID, s.Name, s.Query, s.Created.UTC(), s.Mail, s.Webhook, int(s.Every.Seconds()), s.Error}
}
