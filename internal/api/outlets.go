package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"dateline"
	"dateline/internal/store"
)

// Outlet is a publisher that is followed, and how it does.
type Outlet struct {
	ID       string     `json:"id"`
	Name     string     `json:"name,omitempty"`
	Home     string     `json:"home,omitempty"`
	Language string     `json:"language,omitempty"`
	Added    *time.Time `json:"added,omitempty"`
	Since    *time.Time `json:"since,omitempty" doc:"Pages dated before are left alone."`
	Paused   bool       `json:"paused"`
	Pages    int        `json:"pages"`
	Articles int        `json:"articles"`
	Waiting  int        `json:"waiting" doc:"Pages that are still to be fetched."`
	Dead     int        `json:"dead" doc:"What was given up."`
	Gone     int        `json:"gone" doc:"Pages that the server says are gone."`
	LastPage *time.Time `json:"last_page,omitempty" doc:"When a page was last kept."`
	Next     *time.Time `json:"next,omitempty" doc:"When something is next asked of it."`
	Sources  []Source   `json:"sources" nullable:"false"`
	Link     string     `json:"link"`
}

// Source is an address at which an outlet lists its pages, and what came of
// following it.
type Source struct {
	URL       string     `json:"url"`
	Kind      string     `json:"kind" enum:"feed,sitemap,index"`
	Title     string     `json:"title,omitempty"`
	Checked   *time.Time `json:"checked,omitempty" doc:"When it was last asked."`
	Succeeded *time.Time `json:"succeeded,omitempty" doc:"When it last answered with entries, or that they are the same."`
	Changed   *time.Time `json:"changed,omitempty" doc:"When it last brought a page."`
	Failures  int        `json:"failures" doc:"Since it last brought entries."`
	Status    int        `json:"status,omitempty"`
	Error     string     `json:"error,omitempty"`
}

type outletInput struct {
	ID string `path:"id" maxLength:"400" doc:"The outlet's id."`
}

type outletsInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"1000" doc:"How many items at most."`
	Cursor string `query:"cursor" maxLength:"400" doc:"The next of the page before."`
}

type followInput struct {
	Body struct {
		Address string     `json:"address" minLength:"1" maxLength:"4000" doc:"Of its home page or of a feed." example:"https://outlet.example/"`
		Since   *time.Time `json:"since,omitempty" doc:"Pages dated before are left alone."`
	}
}

type pauseInput struct {
	ID   string `path:"id" maxLength:"400" doc:"The outlet's id."`
	Body struct {
		Paused bool `json:"paused" example:"true"`
	}
}

// Erased is what became of erasing an outlet.
type Erased struct {
	Captures int `json:"captures" doc:"How many were erased."`
}

// errand is how long it may take to look at an outlet, which is asked at the
// pace of following, or to erase one.
const errand = 5 * time.Minute

// cannotFollow are what may become of looking at an outlet's address.
var cannotFollow = []int{http.StatusNotFound, http.StatusGone, http.StatusNotImplemented}

func (a *API) outletOperations() {
	add(a, about{id: "listOutlets", tag: "Outlets", path: "/v1/outlets", need: looking, page: "outlets", summary: "List the outlets", more: "By name, with how each does."},
		func(ctx context.Context, in *outletsInput) (*answer[List[Outlet]], error) {
			list, err := a.o.Store.ListOutlets(ctx)
			if err != nil {
				return nil, err
			}
			list, next, err := pageOf(list, in.Cursor, in.Limit, func(o *store.OutletState) string { return o.ID })
			if err != nil {
				return nil, err
			}
			out := &answer[List[Outlet]]{List[Outlet]{Items: []Outlet{}, Next: next}}
			for i := range list {
				out.Body.Items = append(out.Body.Items, a.outletOf(&list[i]))
			}
			return out, nil
		})
	add(a, about{id: "showOutlet", tag: "Outlets", path: "/v1/outlets/{id}", need: looking, page: "outlets", summary: "Show an outlet"},
		func(ctx context.Context, in *outletInput) (*answer[Outlet], error) {
			return a.outlet(ctx, in.ID)
		})
	add(a, about{id: "followOutlet", tag: "Outlets", method: http.MethodPost, path: "/v1/outlets", need: following, wait: errand, errors: cannotFollow,
		summary: "Follow an outlet", more: "Looks at the address and follows the feeds and sitemaps that are found there, which may take minutes."},
		func(ctx context.Context, in *followInput) (*answer[Outlet], error) {
			if a.o.Newsroom == nil {
				return nil, errNoNewsroom
			}
			var since time.Time
			if in.Body.Since != nil {
				since = *in.Body.Since
			}
			o, err := a.o.Newsroom.Follow(ctx, in.Body.Address, since)
			if err != nil {
				return nil, err
			}
			return a.outlet(ctx, o.ID)
		})
	add(a, about{id: "pauseOutlet", tag: "Outlets", method: http.MethodPatch, path: "/v1/outlets/{id}", need: following, summary: "Pause an outlet, or let it go on"},
		func(ctx context.Context, in *pauseInput) (*answer[Outlet], error) {
			if _, err := a.outlet(ctx, in.ID); err != nil {
				return nil, err
			}
			if err := a.o.Store.Pause(ctx, in.ID, in.Body.Paused); err != nil {
				return nil, err
			}
			return a.outlet(ctx, in.ID)
		})
	add(a, about{id: "eraseOutlet", tag: "Outlets", method: http.MethodDelete, path: "/v1/outlets/{id}", need: following, wait: errand, errors: []int{http.StatusNotImplemented},
		summary: "Erase an outlet", more: "Removes the outlet and all that is kept of it, everywhere and for good. To stop following it alone, pause it."},
		func(ctx context.Context, in *outletInput) (*answer[Erased], error) {
			if _, err := a.outlet(ctx, in.ID); err != nil {
				return nil, err
			}
			if a.o.Newsroom == nil {
				return nil, errNoNewsroom
			}
			n, err := a.o.Newsroom.Erase(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			return &answer[Erased]{Erased{n}}, nil
		})
}

var errNoNewsroom = fmt.Errorf("outlets are followed by another program, so ask that: %w", dateline.ErrUnsupported)

func (a *API) outlet(ctx context.Context, id string) (*answer[Outlet], error) {
	o, err := a.o.Store.Outlet(ctx, id)
	if err != nil {
		return nil, err
	}
	return &answer[Outlet]{a.outletOf(&o)}, nil
}

func (a *API) outletOf(o *store.OutletState) Outlet {
	out := Outlet{
		ID: o.ID, Name: o.Name, Home: o.Home, Language: o.Language, Added: known(o.Added), Since: known(o.Since), Paused: o.Paused,
		Pages: o.Pages, Articles: o.Articles, Waiting: o.Waiting, Dead: o.Dead, Gone: o.Gone, LastPage: known(o.LastPage), Next: known(o.Next),
		Sources: []Source{}, Link: a.link("/outlet/"+o.ID, nil),
	}
	for _, s := range o.States {
		out.Sources = append(out.Sources, Source{s.URL, string(s.Kind), s.Title, known(s.Checked), known(s.Succeeded), known(s.Changed), s.Failures, s.Status, s.Error})
	}
	return out
}
