package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/store"
)

// State is what a user keeps of an article.
type State struct {
	Article string     `json:"article" doc:"The article's id."`
	Read    *time.Time `json:"read,omitempty" doc:"When it was read; left out for unread."`
	Starred *time.Time `json:"starred,omitempty" doc:"Since when it has a star."`
	Note    string     `json:"note,omitempty"`
	Link    string     `json:"link"`
}

type stateInput struct {
	ID string `path:"id" maxLength:"4000" doc:"The article's id, or an address of its page, escaped."`
}

type changeStateInput struct {
	ID   string `path:"id" maxLength:"4000" doc:"The article's id, or an address of its page, escaped."`
	Body struct {
		Read    *bool   `json:"read,omitempty" example:"true"`
		Starred *bool   `json:"starred,omitempty" example:"true"`
		Note    *string `json:"note,omitempty" maxLength:"10000" example:"ask the village head"`
	}
}

type starredInput struct {
	Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many items at most."`
	Cursor int64 `query:"cursor" minimum:"0" doc:"The next of the page before."`
}

func (a *API) stateOperations() {
	add(a, about{id: "showState", tag: "Reading", path: "/v1/articles/{id}/state", need: own, summary: "Show what one keeps of an article", more: "Whether it is read or has a star, and one's note."},
		func(ctx context.Context, in *stateInput) (*answer[State], error) {
			p, r, err := a.state(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			return &answer[State]{a.stateOf(&p, &r)}, nil
		})
	add(a, about{id: "changeState", tag: "Reading", method: http.MethodPatch, path: "/v1/articles/{id}/state", need: own,
		summary: "Mark an article as read, star it, or write a note", more: "What is left out stays. An empty note is none."}, a.changeState)
	add(a, about{id: "listStarred", tag: "Reading", path: "/v1/starred", need: own, summary: "List what one has starred or noted", more: "What was put by last comes first."},
		func(ctx context.Context, in *starredInput) (*answer[List[State]], error) {
			list, err := a.o.Store.Starred(ctx, access.From(ctx).User.N, in.Cursor, in.Limit+1)
			if err != nil {
				return nil, err
			}
			out := &answer[List[State]]{List[State]{Items: []State{}}}
			if len(list) > in.Limit {
				list = list[:in.Limit]
				out.Body.Next = strconv.FormatInt(list[in.Limit-1].Page, 10)
			}
			for i := range list {
				p, err := a.o.Store.Page(ctx, list[i].Page)
				if err != nil {
					return nil, err
				}
				out.Body.Items = append(out.Body.Items, a.stateOf(&p, &list[i]))
			}
			return out, nil
		})
}

// state is what who asks keeps of a page.
func (a *API) state(ctx context.Context, id string) (store.Page, store.ReadingState, error) {
	p, err := a.page(ctx, id)
	if err != nil {
		return p, store.ReadingState{}, err
	}
	user := access.From(ctx).User.N
	m, err := a.o.Store.ReadingStates(ctx, user, []int64{p.N})
	r := m[p.N]
	r.User, r.Page = user, p.N
	return p, r, err
}

func (a *API) stateOf(p *store.Page, r *store.ReadingState) State {
	s := State{Article: p.ID, Starred: known(r.Starred), Note: r.Note, Link: a.articleLink(p.ID, 0, nil)}
	if r.IsRead() {
		s.Read = known(r.Read)
	}
	return s
}

func (a *API) changeState(ctx context.Context, in *changeStateInput) (*answer[State], error) {
	p, r, err := a.state(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	b, now := &in.Body, a.o.Now()
	if b.Read != nil {
		if *b.Read && p.Version == 0 {
			return nil, fmt.Errorf("the page %s has no article to read: %w", p.ID, dateline.ErrInvalid)
		}
		version := p.Version
		if !*b.Read {
			version = 0
		}
		r.SetRead(version, now)
	}
	if b.Starred != nil {
		r.SetStarred(*b.Starred, now)
	}
	if b.Note != nil {
		if r.Note = strings.TrimSpace(*b.Note); !utf8.ValidString(r.Note) {
			return nil, fmt.Errorf("the note is not text: %w", dateline.ErrInvalid)
		}
	}
	if err := a.o.Store.PutReading(ctx, r); err != nil {
		return nil, err
	}
	return &answer[State]{a.stateOf(&p, &r)}, nil
}
