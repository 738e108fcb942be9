package api

import (
	"context"
	"time"

	"dateline"
	"dateline/internal/greader"
)

// readers is where reading apps find what they know. The name is that of the
// program whose address they fill in by themselves.
const readers = root + "/greader.php"

// readerRoutes serve reading apps.
func (a *API) readerRoutes() {
	o := greader.Options{
		Store: a.o.Store, Guard: a.o.Guard, Analyzer: a.o.Analyzer, Packs: a.o.Packs, Now: a.o.Now, Log: a.o.Log,
		Link: func(path string) string { return a.link(path, nil) }, Base: a.o.Base + readers,
	}
	if a.o.Newsroom != nil {
		o.Follow = func(ctx context.Context, address string) (dateline.Outlet, error) {
			return a.o.Newsroom.Follow(ctx, address, time.Time{})
		}
	}
	a.reader = greader.New(o)
	for _, r := range a.reader.Routes() {
		a.routes = append(a.routes, Route{Method: r.Method, Path: readers + r.Path, Need: r.Need})
	}
	a.mux.Handle(a.o.Base+readers+"/", a.reader.Handler())
}
