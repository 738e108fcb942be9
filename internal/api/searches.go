package api

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/store"
	"dateline/search"
)

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

// searchBody is what a user says of a search. Mail and webhooks are set on its
// page alone, where their addresses are confirmed.
type searchBody struct {
	Name  string `json:"name" minLength:"1" maxLength:"200" example:"Floods"`
	Query string `json:"query" maxLength:"2000" example:"flood OR banjir" doc:"A query, as docs/formats/query.md describes it."`
}

type saveInput struct{ Body searchBody }

type changeSearchInput struct {
	ID   string `path:"id" maxLength:"100" doc:"The search's id."`
	Body struct {
		Name  *string `json:"name,omitempty" minLength:"1" maxLength:"200" example:"All floods"`
		Query *string `json:"query,omitempty" maxLength:"2000" doc:"A query, as docs/formats/query.md describes it."`
	}
}

type newsInput struct {
	ID     string `path:"id" maxLength:"100" doc:"The search's id."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many items at most."`
	Cursor string `query:"cursor" maxLength:"500" doc:"The next of the page before."`
}

type searchInput struct {
	ID string `path:"id" maxLength:"100" doc:"The search's id."`
}

func (a *API) searchOperations() {
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
			s := store.SavedSearch{User: access.From(ctx).User.N, Name: in.Body.Name, Query: in.Body.Query, Secret: rand.Text()}
			if err := checkSearch(&s); err != nil {
				return nil, err
			}
			last, err := a.o.Store.LastVersion(ctx)
			if err != nil {
				return nil, err
			}
			s.Seen, s.Sent = last, last
			if s, err = a.o.Store.PutSearch(ctx, s); err != nil {
				return nil, err
			}
			return &answer[SavedSearch]{savedOf(s)}, nil
		})
	add(a, about{id: "showSearch", tag: "Searches", path: "/v1/searches/{id}", need: own, summary: "Show one's saved search"},
		func(ctx context.Context, in *searchInput) (*answer[SavedSearch], error) {
			s, err := a.saved(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			return &answer[SavedSearch]{savedOf(s)}, nil
		})
	add(a, about{id: "changeSearch", tag: "Searches", method: http.MethodPatch, path: "/v1/searches/{id}", need: own,
		summary: "Rename one's saved search, or change its query", more: "What is left out stays."},
		func(ctx context.Context, in *changeSearchInput) (*answer[SavedSearch], error) {
			s, err := a.saved(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			if in.Body.Name != nil {
				s.Name = *in.Body.Name
			}
			if in.Body.Query != nil {
				s.Query = *in.Body.Query
			}
			if err := checkSearch(&s); err != nil {
				return nil, err
			}
			if s, err = a.o.Store.PutSearch(ctx, s); err != nil {
				return nil, err
			}
			return &answer[SavedSearch]{savedOf(s)}, nil
		})
	add(a, about{id: "listNews", tag: "Searches", path: "/v1/searches/{id}/new", need: own,
		summary: "List what is new of one's saved search", more: "What came in since it was last marked as seen, newest first. Asking for it marks nothing."},
		func(ctx context.Context, in *newsInput) (*answer[Hits], error) {
			s, err := a.saved(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			return a.find(ctx, &articlesInput{Query: s.Query, Limit: in.Limit, Cursor: in.Cursor, above: s.Seen}, false)
		})
	add(a, about{id: "markSeen", tag: "Searches", method: http.MethodPost, path: "/v1/searches/{id}/seen", need: own,
		summary: "Mark what one's saved search finds as seen"},
		func(ctx context.Context, in *searchInput) (*struct{}, error) {
			s, err := a.saved(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			if s.Seen, err = a.o.Store.LastVersion(ctx); err != nil {
				return nil, err
			}
			_, err = a.o.Store.PutSearch(ctx, s)
			return nil, err
		})
	add(a, about{id: "dropSearch", tag: "Searches", method: http.MethodDelete, path: "/v1/searches/{id}", need: own, summary: "Remove one's saved search"},
		func(ctx context.Context, in *searchInput) (*struct{}, error) {
			s, err := a.saved(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			return nil, a.o.Store.DropSearch(ctx, s.ID)
		})
}

// saved is a saved search of who asks. Of others it is not told whether they
// have it.
func (a *API) saved(ctx context.Context, id string) (store.SavedSearch, error) {
	s, err := a.o.Store.SavedSearch(ctx, id)
	if err == nil && s.User != access.From(ctx).User.N {
		err = dateline.ErrNotFound
	}
	if err != nil {
		return store.SavedSearch{}, fmt.Errorf("saved search %.60q: %w", id, absent(err))
	}
	return s, nil
}

// checkSearch finds what cannot be said of a search.
func checkSearch(s *store.SavedSearch) error {
	if s.Name = strings.TrimSpace(s.Name); s.Name == "" || len(s.Name) > 200 || !utf8.ValidString(s.Name+s.Query) {
		return fmt.Errorf("a search has a name of 200 bytes at most, and both are text: %w", dateline.ErrInvalid)
	}
	_, err := search.Parse(s.Query)
	return err
}

func savedOf(s store.SavedSearch) SavedSearch {
	return SavedSearch{s.ID, s.Name, s.Query, s.Created.UTC(), s.Mail, s.Webhook, int(s.Every.Seconds()), s.Error}
}
