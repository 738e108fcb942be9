package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dateline/fetch"
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
goes on where it was when it is started again.`
}

func (c *followCmd) Run(ctx context.Context, con console) error {
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
	watch := r.watch(ctx, con)
	if c.Once {
		err = r.pipeline.Drain(ctx)
	} else {
		fmt.Fprintf(con.err, "following %s; stop with Ctrl-C\n", count(len(outlets), "outlet"))
		err = r.pipeline.Run(ctx)
	}
	watch()
	after, terr := r.store.Totals(context.WithoutCancel(ctx))
	if terr == nil {
		fmt.Fprintf(con.err, "%s, %s, %s new\n", count(after.Pages-before.Pages, "page"),
			count(after.Articles-before.Articles, "article"), count(after.Versions-before.Versions, "version"))
	}
	if errors.Is(err, context.Canceled) && !c.Once {
		return nil // that is how it ends
	}
	return err
}

// watch shows on a terminal how much is kept and waits, until the returned
// function is called.
func (r *record) watch(ctx context.Context, con console) (stop func()) {
	if !isTerminal(con.err) {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				fmt.Fprint(con.err, "\r\x1b[K")
				return
			case <-tick.C:
				if line, err := r.progress(ctx); err == nil {
					fmt.Fprint(con.err, "\r\x1b[K", line)
				}
			}
		}
	}()
	return func() { cancel(); <-done }
}

// progress is one line on what is kept and what waits.
func (r *record) progress(ctx context.Context) (string, error) {
	t, err := r.store.Totals(ctx)
	if err != nil {
		return "", err
	}
	counts, err := r.store.Backlog(ctx)
	if err != nil {
		return "", err
	}
	line := fmt.Sprintf("%s, %s", count(t.Pages, "page"), count(t.Articles, "article"))
	for _, s := range work.Stages {
		if n := counts[s]; n.Due+n.Taken > 0 {
			line += fmt.Sprintf(" · %d to %s", n.Due+n.Taken, s)
		}
	}
	return line, nil
}
