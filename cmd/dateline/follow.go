package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/signal"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/pipeline"
	"dateline/internal/store"
	"dateline/internal/work"
)

type followCmd struct {
	recordFlags
	Once    bool   `help:"One round: what is due now and what comes of it, then end."`
	Contact string `help:"An address at which an outlet finds you, a web page or an e-mail." placeholder:"ADDRESS"`
	Private bool   `name:"allow-private" help:"Let addresses lead into one's own network."`
}

// Help is shown under the command's usage.
func (c *followCmd) Help() string {
	return `Asks the outlets' feeds and sitemaps for what is new, fetches the pages, keeps
their bytes, reads and annotates them, and looks at them again after an hour, six
hours, a day and a week. It runs until it is stopped with Ctrl-C or SIGTERM, and
goes on where it was when it is started again.

On a terminal it shows what comes in and what has changed; elsewhere standard error
is a log of JSON lines, with one for each article, change and page that is gone.`
}

func (c *followCmd) Run(ctx context.Context, con console) error {
	ctx, stop := hangUp(ctx)
	defer stop()
	r, err := c.ownThere(ctx, con, contactFlags(c.Contact), fetch.Guard{AllowPrivate: c.Private})
	if err != nil {
		return err
	}
	defer r.close()
	if err := needContact(r.settings); err != nil {
		return err
	}
	outlets, err := r.store.ListOutlets(ctx)
	if err != nil {
		return err
	}
	counts, err := r.store.Backlog(ctx)
	if err != nil {
		return err
	}
	if len(outlets) == 0 && counts[work.Fetch].Due+counts[work.Fetch].Later == 0 {
		return errors.New("no outlet is followed yet; add one first: dateline add https://outlet.example/")
	}
	before, err := r.store.Totals(ctx)
	if err != nil {
		return err
	}
	say := r.sayer(con)
	began := time.Now().Truncate(time.Millisecond) // as the store keeps times
	r.pipeline.Tell = r.newsDesk(con, outlets).tell
	watch := r.watch(ctx, con)
	if c.Once {
		err = r.pipeline.Drain(ctx)
	} else {
		say(fmt.Sprintf("following %s; stop with Ctrl-C", count(len(outlets), "outlet")))
		told := context.AfterFunc(ctx, func() { say("stopping; Ctrl-C again ends at once") })
		err = r.pipeline.Run(ctx)
		told()
	}
	watch()
	after, terr := r.store.Totals(context.WithoutCancel(ctx))
	if terr == nil {
		say(fmt.Sprintf("%s, %s, %s new", count(after.Pages-before.Pages, "page"),
			count(after.Articles-before.Articles, "article"), count(after.Versions-before.Versions, "version")))
	}
	switch {
	case errors.Is(err, context.Canceled) && !c.Once:
		return nil // that is how it ends
	case errors.Is(err, dateline.ErrLater):
		return fmt.Errorf("%w; what is left is done by the next dateline follow", err)
	case err != nil || !c.Once:
		return err
	}
	if outlets, err = r.store.ListOutlets(ctx); err != nil {
		return err
	}
	if n := allFailed(outlets, began); n > 0 {
		say(fmt.Sprintf("nothing could be had: %s asked, all failed; `dateline outlets` says why", count(n, "source")))
		return errSome
	}
	if next := nextVisit(outlets); terr == nil && after == before && noneAsked(outlets, began) && !next.IsZero() {
		say("no outlet was to be asked now; the next visit is " + until(next, time.Now()))
	}
	return nil
}

func noneAsked(outlets []store.OutletState, since time.Time) bool {
	return !slices.ContainsFunc(outlets, func(o store.OutletState) bool {
		return slices.ContainsFunc(o.States, func(s store.SourceState) bool { return !s.Checked.Before(since) })
	})
}

// nextVisit is when something is next asked of an outlet, zero for never.
func nextVisit(outlets []store.OutletState) (next time.Time) {
	for _, o := range outlets {
		if !o.Paused && !o.Next.IsZero() && (next.IsZero() || o.Next.Before(next)) {
			next = o.Next
		}
	}
	return next
}

// allFailed is how many sources were asked since then, if all of them failed,
// and else 0.
func allFailed(outlets []store.OutletState, since time.Time) int {
	asked := 0
	for _, o := range outlets {
		for _, s := range o.States {
			if s.Checked.Before(since) {
				continue
			}
			if s.Error == "" {
				return 0
			}
			asked++
		}
	}
	return asked
}

// hangUp ends the context also when the terminal is closed, unless that is not
// to matter, as under nohup.
func hangUp(ctx context.Context) (context.Context, context.CancelFunc) {
	if signal.Ignored(syscall.SIGHUP) {
		return ctx, func() {}
	}
	return signal.NotifyContext(ctx, syscall.SIGHUP)
}

// sayer gives what says how the command does: a line on a terminal, and one of
// the log elsewhere, so that all of the log is of one form.
func (r *record) sayer(con console) func(string) {
	if !isTerminal(con.err) {
		return func(s string) { r.log.Info(s) }
	}
	return func(s string) {
		status(con, "")
		fmt.Fprintln(con.err, s)
	}
}

// newsDesk gives what tells of news on a terminal, or in the log elsewhere.
func (r *record) newsDesk(con console, outlets []store.OutletState) *newsDesk {
	d := &newsDesk{store: r.store, log: r.log}
	d.know(outlets)
	if h, ok := r.log.Handler().(*lineHandler); ok {
		d.log, d.clock = nil, true
		d.card = &recordCard{newCard(con.err, true)}
		d.print = h.over
		r.pipeline.Log = slog.New(h.without("source fails", "source has news"))
	}
	return d
}

// lookEvery is how often what waits is counted for the eye. The queue is long
// at times, so it is done seldomer where that takes long: a fiftieth of the
// time goes into it at most.
const lookEvery = 5 * time.Second

// watch shows on a terminal what has come in and what waits, until the returned
// function is called. Where stages are given they alone are done, and how much
// of that is shown.
func (r *record) watch(ctx context.Context, con console, stages ...work.Stage) (stop func()) {
	if !isTerminal(con.err) {
		return func() {}
	}
	var kept, changed atomic.Int64
	tell := r.pipeline.Tell
	r.pipeline.Tell = func(n pipeline.News) {
		switch {
		case n.Version == 0:
		case n.Before == 0:
			kept.Add(1)
		default:
			changed.Add(1)
		}
		if tell != nil {
			tell(n)
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		all := 0
		next := time.NewTimer(time.Second)
		defer next.Stop()
		for {
			select {
			case <-ctx.Done():
				status(con, "")
				return
			case <-next.C:
			}
			began := time.Now()
			if counts, err := r.store.Backlog(ctx); err == nil {
				line, left := waiting(counts, stages)
				all = max(all, left)
				if len(stages) > 0 && all > 0 {
					line += fmt.Sprintf(" · %d%% done", 100*(all-left)/all)
				}
				status(con, fmt.Sprintf("%s new, %d changed%s", count(int(kept.Load()), "article"), changed.Load(), line))
			}
			next.Reset(max(lookEvery, 50*time.Since(began)))
		}
	}()
	return func() {
		cancel()
		<-done
		r.pipeline.Tell = tell
	}
}

// waiting says what waits in the stages, or in all where none is given. left
// measures it: a unit counts for the stages that it has before it, too.
func waiting(counts map[work.Stage]store.Count, stages []work.Stage) (line string, left int) {
	if len(stages) == 0 {
		stages = work.Stages
	}
	for i, s := range stages {
		if n := counts[s].Due + counts[s].Taken; n > 0 {
			line += fmt.Sprintf(" · %d to %s", n, s)
			left += n * (len(stages) - i)
		}
	}
	return line, left
}
