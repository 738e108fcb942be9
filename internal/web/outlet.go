package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
)

func (s *Server) outletRoutes() []Route {
	return []Route{
		{Method: "GET", Path: "/outlet/{id}", Page: "outlets", Need: looking, Handle: (*call).outlet},
		{Method: "POST", Path: "/outlet/{id}/pause", Need: following, Handle: (*call).pauseOutlet},
		{Method: "POST", Path: "/outlet/{id}/resume", Need: following, Handle: (*call).resumeOutlet},
		{Method: "POST", Path: "/outlet/{id}/ask", Need: following, Handle: (*call).askOutlet},
		{Method: "POST", Path: "/outlet/{id}/drop", Need: following, Handle: (*call).dropSource},
		{Method: "POST", Path: "/outlet/{id}/remove", Need: following, Handle: (*call).removeOutlet},
		{Method: "POST", Path: "/outlet/{id}/erase", Need: following, Handle: (*call).eraseOutlet},
		{Method: "POST", Path: "/dead/{n}/retry", Need: following, Handle: (*call).retryDead},
	}
}

// volumeDays is how many days the volume of an outlet is drawn for.
const volumeDays = 60

// outletPage is what is known of an outlet.
type outletPage struct {
	outletRow
	Indexes []indexed // its sources, those of an index with it
	Hosts   []HostState
	Dead    []work.Dead
	Only    string // "trouble": pages that brought no article
	List    []store.Page
	Next    string
	Volume  bars
	Days    int
	Control bool // whether the reader may change something
}

// indexed is a source with those that it names as an index.
type indexed struct {
	store.SourceState
	Named   int
	Failing []store.SourceState
}

// findOutlet gives the outlet of the address.
func (c *call) findOutlet() (store.OutletState, error) {
	return c.s.Store.Outlet(c.ctx, c.r.PathValue("id"))
}

func (c *call) outlet() error {
	o, err := c.findOutlet()
	if err != nil {
		return err
	}
	p := outletPage{outletRow: rowOf(o, c.s.Now()), Only: c.Query("only"), Days: volumeDays}
	p.Control = c.id.May(following) == nil && c.s.Newsroom != nil
	p.Indexes = indexes(o.States)
	if c.s.Newsroom != nil {
		if p.Hosts, err = c.s.Newsroom.Hosts(c.ctx, o.Outlet); err != nil {
			return err
		}
		p.Mute = mute(p.Hosts)
	}
	if o.Dead > 0 {
		if p.Dead, err = c.deadOf(o.ID); err != nil {
			return err
		}
	}
	volume, err := c.s.Store.Volume(c.ctx, o.ID, volumeDays)
	if err != nil {
		return err
	}
	p.Volume = c.barsOf(volume)
	if err := c.outletPages(&p); err != nil {
		return err
	}
	return c.page(http.StatusOK, "outlet", view{Title: o.Name}, &p)
}

func indexes(states []store.SourceState) []indexed {
	var out []indexed
	for _, s := range states {
		if s.Of != 0 {
			continue
		}
		i := indexed{SourceState: s}
		for _, k := range states {
			if k.Of == s.N {
				i.Named++
				if k.Failures > 0 && len(i.Failing) < 20 {
					i.Failing = append(i.Failing, k)
				}
			}
		}
		out = append(out, i)
	}
	return out
}

// pagesLooked is how many pages are looked at for those that brought no article.
const pagesLooked = 2000

// outletPages gives the page's list of pages, newest first.
func (c *call) outletPages(p *outletPage) error {
	cursor, err := number(c.Query("cursor"))
	if err != nil {
		return err
	}
	for looked := 0; ; {
		list, err := c.s.Store.ListPages(c.ctx, p.ID, cursor, pageSize)
		if err != nil {
			return err
		}
		looked += len(list)
		for _, page := range list {
			cursor = page.N
			if p.Only == "trouble" && !troubled(&page) {
				continue
			}
			if p.List = append(p.List, page); len(p.List) == pageSize {
				break
			}
		}
		if len(list) < pageSize {
			return nil
		}
		if len(p.List) == pageSize || looked >= pagesLooked || p.Only != "trouble" {
			p.Next = fmt.Sprint(cursor)
			return nil
		}
	}
}

// troubled tells whether a page should have brought an article and did not, or
// can be had no more.
func troubled(p *store.Page) bool {
	switch p.Outcome {
	case "article", "ok", "unchanged", "index", "":
		return false
	}
	return true
}

// Troubled is for templates.
func (p *outletPage) Troubled(page store.Page) bool { return troubled(&page) }

// deadOf are the dead letters of an outlet.
func (c *call) deadOf(outlet string) ([]work.Dead, error) {
	all, err := c.s.Store.Dead(c.ctx, 500)
	if err != nil {
		return nil, err
	}
	var out []work.Dead
	for _, d := range all {
		of, err := c.outletOf(d)
		if err != nil && !errors.Is(err, dateline.ErrNotFound) {
			return nil, err
		}
		if err == nil && of == outlet {
			out = append(out, d)
		}
	}
	return out, nil
}

// outletOf is the outlet that a dead letter is of; of a version that is not
// known.
func (c *call) outletOf(d work.Dead) (string, error) {
	page := d.Key
	switch d.Stage {
	case work.Follow:
		s, err := c.s.Store.Source(c.ctx, d.Key)
		return s.Outlet, err
	case work.Read:
		k, err := c.s.Store.Capture(c.ctx, d.Key)
		if err != nil {
			return "", err
		}
		page = k.Page
	case work.Annotate:
		return "", nil
	}
	p, err := c.s.Store.Page(c.ctx, page)
	return p.Outlet, err
}

func (c *call) retryDead() error {
	n, err := number(c.r.PathValue("n"))
	if err != nil || n == 0 {
		return dateline.ErrNotFound
	}
	tried, err := c.s.Store.Retry(c.ctx, n, c.s.Now())
	if err != nil {
		return err
	}
	if tried == 0 {
		return fmt.Errorf("number %d was not given up: %w", n, dateline.ErrNotFound)
	}
	return c.back("/settings/health")
}

// toOutlet sends the reader back to the outlet's page.
func (c *call) toOutlet() error { return c.back("/outlet/" + c.r.PathValue("id")) }

func (c *call) pauseOutlet() error {
	if err := c.s.Store.Pause(c.ctx, c.r.PathValue("id"), true); err != nil {
		return err
	}
	return c.toOutlet()
}

func (c *call) resumeOutlet() error {
	if err := c.s.Store.Pause(c.ctx, c.r.PathValue("id"), false); err != nil {
		return err
	}
	return c.toOutlet()
}

func (c *call) askOutlet() error {
	if c.s.Newsroom == nil {
		return notFollowed()
	}
	if err := c.s.Newsroom.Ask(c.ctx, c.r.PathValue("id")); err != nil {
		return err
	}
	return c.toOutlet()
}

func (c *call) dropSource() error {
	if err := c.s.Store.DropSource(c.ctx, c.r.PathValue("id"), c.r.PostFormValue("source")); err != nil {
		return err
	}
	return c.toOutlet()
}

// removeOutlet follows an outlet no more. What is kept of it stays, and its
// pages are not looked at again.
func (c *call) removeOutlet() error {
	o, err := c.findOutlet()
	if err != nil {
		return err
	}
	if err := c.s.Store.Pause(c.ctx, o.ID, true); err != nil {
		return err
	}
	for _, s := range o.States {
		if s.Of != 0 {
			continue // goes with its index
		}
		if err := c.s.Store.DropSource(c.ctx, o.ID, s.URL); err != nil && !errors.Is(err, dateline.ErrNotFound) {
			return err
		}
	}
	return c.redirect("/outlet/" + o.ID)
}

// eraseOutlet erases all of an outlet, when its name was typed.
func (c *call) eraseOutlet() error {
	o, err := c.findOutlet()
	if err != nil {
		return err
	}
	typed := strings.TrimSpace(c.r.PostFormValue("confirm"))
	if typed == "" || typed != strings.TrimSpace(o.Name) && typed != o.ID {
		return mistaken(dateline.ErrInvalid, "erase.name")
	}
	return c.toErrand("erase", o.Name, func(ctx context.Context, e *errand) (any, error) {
		n, err := c.s.Newsroom.Erase(ctx, nil, o.ID)
		return n, err
	})
}

// bars are days with how many there were of each, for a chart.
type bars struct {
	Bars          []bar
	Width, Height int
	Most, Sum     int
	First, Last   string
}

type bar struct {
	X, Y, Width, Height int
	Day                 string
	N                   int
}

// Sizes of a bar's chart, in its own units.
const (
	barWidth  = 10
	barGap    = 2
	barHeight = 60
)

// barsOf draws days. One that has any has at least a line, so that little is
// told from nothing.
func (c *call) barsOf(days []store.Tally) bars {
	b := bars{Width: len(days)*barWidth + barGap, Height: barHeight}
	for _, d := range days {
		b.Most, b.Sum = max(b.Most, d.N), b.Sum+d.N
	}
	for i, d := range days {
		h := 0
		if d.N > 0 {
			h = max(d.N*barHeight/b.Most, 2)
		}
		b.Bars = append(b.Bars, bar{i*barWidth + barGap, barHeight - h, barWidth - barGap, h, d.Value, d.N})
	}
	if len(days) > 0 {
		b.First, b.Last = days[0].Value, days[len(days)-1].Value
	}
	return b
}

// Known tells whether there is such a time.
func (c *call) Known(t time.Time) bool { return !t.IsZero() }

// Row is the outlet as the table has it.
func (p *outletPage) Row() outletRow { return p.outletRow }
