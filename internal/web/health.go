package web

import (
	"context"
	"net/http"
	"time"

	"dateline/internal/store"
	"dateline/internal/work"
)

func (s *Server) healthRoutes() []Route {
	routes := []Route{
		{Method: "GET", Path: "/settings/health", Need: managing, Handle: (*call).health},
		{Method: "POST", Path: "/settings/health/retry", Need: managing, Handle: (*call).retryAll},
		{Method: "GET", Path: "/healthz", Need: anyone, Handle: (*call).healthz},
	}
	return append(routes, s.keptRoutes()...)
}

// healthPage says how the program does.
type healthPage struct {
	State   State
	Known   bool // whether State is
	Totals  store.Totals
	Queues  []queue
	Dead    []work.Dead
	AllDead int
}

// queue is the work that waits in a stage.
type queue struct {
	Stage work.Stage
	store.Count
}

// backupOld is when a backup is old: a daily one was missed a few times, or a
// weekly one.
const backupOld = 8 * 24 * time.Hour

// BackupState is the key of what there is to say of a backup: none, old or good.
func (c *call) BackupState(b Backup) string {
	switch {
	case b.At.IsZero():
		return "none"
	case c.s.Now().Sub(b.At) > backupOld:
		return "old"
	}
	return "good"
}

// DiskState is the key of what there is to say of the disk: full, low or good,
// or nothing where that is not known.
func (c *call) DiskState(s State) string {
	switch {
	case s.Free < 0:
		return ""
	case s.Free < s.LowWater:
		return "full"
	case s.Free < 2*s.LowWater:
		return "low"
	}
	return "good"
}

// lettersShown is how many dead letters are shown.
const lettersShown = 100

func (c *call) health() error {
	var p healthPage
	var err error
	if c.s.Newsroom != nil {
		if p.State, err = c.s.Newsroom.State(c.ctx); err != nil {
			return err
		}
		p.Known = true
	}
	if p.Totals, err = c.s.Store.Totals(c.ctx); err != nil {
		return err
	}
	counts, err := c.s.Store.Backlog(c.ctx)
	if err != nil {
		return err
	}
	for _, stage := range work.Stages {
		p.Queues = append(p.Queues, queue{stage, counts[stage]})
		p.AllDead += counts[stage].Dead
	}
	if p.AllDead > 0 {
		if p.Dead, err = c.s.Store.Dead(c.ctx, lettersShown); err != nil {
			return err
		}
	}
	return c.page(http.StatusOK, "health", view{Title: c.T("health")}, p)
}

func (c *call) retryAll() error {
	if _, err := c.s.Store.Retry(c.ctx, 0, c.s.Now()); err != nil {
		return err
	}
	return c.redirect("/settings/health")
}

// healthz answers whether the store does. It says no more: anyone may ask.
func (c *call) healthz() error {
	ctx, cancel := context.WithTimeout(c.ctx, 2*time.Second)
	defer cancel()
	status, line := http.StatusOK, "ok\n"
	if _, err := c.s.Store.Host(ctx, ""); err != nil {
		c.s.Log.Error("the store does not answer", "err", err)
		status, line = http.StatusServiceUnavailable, "the store does not answer\n"
	}
	h := c.w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	c.w.WriteHeader(status)
	c.w.Write([]byte(line))
	return nil
}

// Size is a number of bytes as Bytes takes it.
func (c *call) Size(n int) int64 { return int64(n) }
