package api

import (
	"context"
	"time"

	"dateline/internal/work"
)

// Health is how the program does.
type Health struct {
	Version  string           `json:"version" doc:"Of the program."`
	Outlets  int              `json:"outlets"`
	Pages    int              `json:"pages"`
	Articles int              `json:"articles"`
	Versions int              `json:"versions"`
	Captures int              `json:"captures"`
	Marks    int              `json:"marks"`
	Free     *int64           `json:"free,omitempty" doc:"Bytes that the disk still takes."`
	Work     map[string]Count `json:"work" doc:"By stage: follow, fetch, read, annotate."`
}

// Count is how much work is in which state.
type Count struct {
	Due   int `json:"due"`
	Later int `json:"later"`
	Taken int `json:"taken"`
	Dead  int `json:"dead"`
}

// Dead is work that was given up.
type Dead struct {
	ID      int64     `json:"id"`
	Stage   string    `json:"stage"`
	Subject string    `json:"subject" doc:"The address or title of what it was about."`
	Reason  string    `json:"reason"`
	Tries   int       `json:"tries"`
	At      time.Time `json:"at"`
}

type deadInput struct {
	Limit int `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

func (a *API) healthOperations() {
	add(a, about{id: "showHealth", tag: "Health", path: "/v1/health", need: managing, summary: "Show how the program does"},
		func(ctx context.Context, _ *nothing) (*answer[Health], error) {
			t, err := a.o.Store.Totals(ctx)
			if err != nil {
				return nil, err
			}
			counts, err := a.o.Store.Backlog(ctx)
			if err != nil {
				return nil, err
			}
			out := Health{Version: a.o.Version, Outlets: t.Outlets, Pages: t.Pages, Articles: t.Articles, Versions: t.Versions, Captures: t.Captures, Marks: t.Marks, Work: map[string]Count{}}
			for _, stage := range work.Stages {
				out.Work[string(stage)] = Count(counts[stage])
			}
			if a.o.Newsroom != nil {
				free, err := a.o.Newsroom.Free(ctx)
				if err != nil {
					return nil, err
				}
				if free >= 0 {
					out.Free = &free
				}
			}
			return &answer[Health]{out}, nil
		})
	add(a, about{id: "listDead", tag: "Health", path: "/v1/dead", need: managing, summary: "List what was given up", more: "Newest first. `dateline dead --retry` tries it again."},
		func(ctx context.Context, in *deadInput) (*answer[List[Dead]], error) {
			list, err := a.o.Store.Dead(ctx, in.Limit)
			if err != nil {
				return nil, err
			}
			out := &answer[List[Dead]]{List[Dead]{Items: []Dead{}}}
			for _, d := range list {
				out.Body.Items = append(out.Body.Items, Dead{d.ID, string(d.Stage), d.Subject, d.Reason, d.Tries, d.At.UTC()})
			}
			return out, nil
		})
}
