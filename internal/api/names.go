package api

import (
	"context"
	"fmt"
	"net/url"

	"dateline"
	"dateline/internal/store"
	"dateline/search"
)

// Tally is how many articles there are of a value.
type Tally struct {
	Value string `json:"value" doc:"As a query takes it."`
	Label string `json:"label,omitempty" doc:"How it is shown, where that is not the value."`
	N     int    `json:"n"`
}

// Name is what is known of a name.
type Name struct {
	Kind          string  `json:"kind" enum:"person,organization,place"`
	Name          string  `json:"name" doc:"In the form that most articles have."`
	Articles      int     `json:"articles"`
	Forms         []Tally `json:"forms" nullable:"false"`
	Roles         []Tally `json:"roles" nullable:"false" doc:"Of a person."`
	Organizations []Tally `json:"organizations" nullable:"false" doc:"That a person is said to be of."`
	Days          []Tally `json:"days" nullable:"false" doc:"UTC."`
	With          []Tally `json:"with" nullable:"false" doc:"Persons of the same articles."`
	Places        []Tally `json:"places" nullable:"false" doc:"Places of the same articles."`
	Outlets       []Tally `json:"outlets" nullable:"false"`
	Place         *Place  `json:"place,omitempty" doc:"Of a place."`
	Link          string  `json:"link"`
}

// Place is a place as articles name it.
type Place struct {
	Name     string   `json:"name"`
	Kind     string   `json:"kind,omitempty" doc:"country, region, city, area"`
	Country  string   `json:"country,omitempty" doc:"ISO 3166-1 alpha-2."`
	Geonames int64    `json:"geonames,omitempty"`
	Lat      *float64 `json:"lat,omitempty"`
	Lon      *float64 `json:"lon,omitempty"`
	Articles int      `json:"articles"`
}

// Facets are counts of the articles that a query finds.
type Facets struct {
	Total     int     `json:"total" doc:"Articles counted: all, or the newest 2,000 at first where there are more; ask again a second later."`
	More      bool    `json:"more" doc:"There are older ones, which are not counted."`
	Outlets   []Tally `json:"outlets" nullable:"false"`
	Languages []Tally `json:"languages" nullable:"false"`
	Places    []Tally `json:"places" nullable:"false"`
	Persons   []Tally `json:"persons" nullable:"false"`
	Days      []Tally `json:"days" nullable:"false" doc:"UTC."`
}

type nameInput struct {
	Kind string `path:"kind" enum:"person,organization,place"`
	Name string `path:"name" maxLength:"400" doc:"The name, whole."`
}

type queryInput struct {
	Query string `query:"q" maxLength:"4000" example:"flood after:2024" doc:"A query, as docs/formats/query.md describes it."`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

func (a *API) nameOperations() {
	add(a, about{id: "showName", tag: "Names", path: "/v1/names/{kind}/{name}", need: looking, page: "names",
		summary: "Show what is known of a person, an organization or a place", more: "What the newest 5,000 articles with the name say."},
		func(ctx context.Context, in *nameInput) (*answer[Name], error) {
			n, err := a.name(ctx, dateline.AnnotationKind(in.Kind), in.Name)
			if err != nil {
				return nil, err
			}
			return &answer[Name]{n}, nil
		})
	add(a, about{id: "listPlaces", tag: "Names", path: "/v1/places", need: looking, page: "names",
		summary: "List the places of articles", more: "Those that the newest 5,000 articles a query finds name, those in most articles first."},
		func(ctx context.Context, in *queryInput) (*answer[List[Place]], error) {
			q, err := search.Parse(in.Query)
			if err != nil {
				return nil, err
			}
			list, err := a.o.Store.Places(ctx, q, a.o.Analyzer, in.Limit)
			if err != nil {
				return nil, err
			}
			out := &answer[List[Place]]{List[Place]{Items: []Place{}}}
			for i := range list {
				out.Body.Items = append(out.Body.Items, placeOf(&list[i]))
			}
			return out, nil
		})
	add(a, about{id: "countFacets", tag: "Articles", path: "/v1/facets", need: looking, page: "today",
		summary: "Count articles by outlet, language, place, person and day"},
		func(ctx context.Context, in *queryInput) (*answer[Facets], error) {
			q, err := search.Parse(in.Query)
			if err != nil {
				return nil, err
			}
			f, err := a.o.Store.Facets(ctx, q, a.o.Analyzer, store.FacetOptions{Each: in.Limit})
			if err != nil {
				return nil, err
			}
			return &answer[Facets]{Facets{f.Total, f.More, tallies(f.Outlets), tallies(f.Languages), tallies(f.Places), tallies(f.Persons), tallies(f.Days)}}, nil
		})
}

func (a *API) name(ctx context.Context, kind dateline.AnnotationKind, name string) (Name, error) {
	n, err := a.o.Store.Name(ctx, kind, name)
	if err != nil {
		return Name{}, fmt.Errorf("%s %.60q: %w", kind, name, err)
	}
	out := Name{
		Kind: string(n.Kind), Name: n.Name, Articles: n.Articles, Forms: tallies(n.Forms), Roles: tallies(n.Roles), Organizations: tallies(n.Organizations),
		Days: tallies(n.Days), With: tallies(n.With), Places: tallies(n.Places), Outlets: tallies(n.Outlets),
		Link: a.nameLink(string(n.Kind), n.Name),
	}
	if n.Place != nil {
		p := placeOf(n.Place)
		out.Place = &p
	}
	return out, nil
}

func placeOf(p *store.NamedPlace) Place {
	out := Place{Name: p.Name, Kind: p.Kind, Country: p.Country, Geonames: p.Geonames, Articles: p.Articles}
	if p.Known {
		out.Lat, out.Lon = &p.Lat, &p.Lon
	}
	return out
}

func tallies(list []store.Tally) []Tally {
	out := make([]Tally, len(list))
	for i, t := range list {
		out[i] = Tally(t)
	}
	return out
}

// nameLink is where a person sees what is known of a name.
func (a *API) nameLink(kind, name string) string {
	return a.link("/"+kind+"/"+url.PathEscape(name), nil)
}
