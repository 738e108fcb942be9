package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"dateline/fetch"
	"dateline/internal/config"
	"dateline/internal/demo"
)

type demoCmd struct {
	Data   string        `help:"Keep the record in this folder, and not in one that is removed at the end." placeholder:"DIR"`
	For    time.Duration `help:"How long to go on; without it, until stopped."`
	Speed  float64       `help:"How much faster than life the invented outlets live." default:"8"`
	Listen string        `help:"Where to serve; the default is 127.0.0.1:8080, or a free port where that is taken." placeholder:"ADDRESS:PORT"`
}

// Help is shown under the command's usage.
func (c *demoCmd) Help() string {
	return `Starts invented outlets on this machine, in several languages, follows them and shows
in a browser what comes in: two reprint an agency, one edits its articles, a page
moves, a feed breaks and recovers, a robots.txt forbids a section. Nothing is asked
of the network.`
}

func (c *demoCmd) Run(ctx context.Context, con console) error {
	if c.For < 0 || c.Speed <= 0 {
		return usage("demo: --for and --speed are more than nothing")
	}
	// Where nobody reads on, the folder is to be removed all the same.
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGPIPE)
	defer stop()
	ctx, stop = hangUp(ctx)
	defer stop()
	if c.Data != "" && there(c.Data) == nil {
		return fmt.Errorf("there is a record in %s already; look at it with dateline list --data %[1]s, or name a new folder", c.Data)
	}
	farm, err := demo.Start(demo.Options{Speed: c.Speed})
	if err != nil {
		return err
	}
	defer farm.Close()
	dir := c.Data
	if dir == "" {
		if dir, err = os.MkdirTemp("", "dateline-demo-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	flags := map[string]string{
		"data.dir": dir, "contact": "demo@dateline.example", "fetch.delay": "150ms", "fetch.max_backoff": "2s",
		"follow.interval": "3s", "follow.min_interval": "2s", "follow.max_interval": "6s", "follow.revisit": "4s, 9s, 15s, 25s",
	}
	if c.Listen != "" {
		flags["serve.listen"] = c.Listen
	}
	settings, err := config.Load(config.Sources{Flags: flags})
	if err != nil {
		return err
	}
	var guard fetch.Guard
	for _, o := range farm.Outlets() {
		guard.Allow = append(guard.Allow, o.Listener)
	}
	r, err := ownRecord(ctx, settings, con, guard)
	if err != nil {
		return err
	}
	defer r.close()
	r.pipeline.Log = slog.New(slog.DiscardHandler)
	sharers, err := newGuard(ctx, r)
	if err != nil {
		return err
	}
	front, err := openFront(r, sharers, c.Listen == "")
	if err != nil {
		return err
	}
	defer front.close()
	fmt.Fprintf(con.out, "Look at it in a browser: %s\n", front.address)
	if c.For == 0 {
		fmt.Fprintln(con.out, "It goes on until Ctrl-C.")
	}
	fmt.Fprintln(con.out)
	t := r.card(con)
	names, err := c.begin(ctx, con, t, r, farm)
	if err != nil {
		return err
	}
	desk := &newsDesk{store: r.store, print: func(lines string) { io.WriteString(con.out, lines) }, card: t, names: names}
	r.pipeline.Tell = desk.tell
	running := ctx
	if c.For > 0 {
		var cancel context.CancelFunc
		running, cancel = context.WithTimeout(ctx, c.For)
		defer cancel()
	}
	if err := front.run(running, true); err != nil {
		return err
	}
	return c.end(context.WithoutCancel(ctx), con, t, r, desk.changed)
}

// begin adds the farm's outlets and says what each shows.
func (c *demoCmd) begin(ctx context.Context, con console, t *recordCard, r *record, farm *demo.Farm) (map[string]string, error) {
	fmt.Fprintln(con.out, t.paint(bold, "Invented outlets on this machine:"))
	names := map[string]string{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	infos := farm.Outlets()
	errs := make([]error, len(infos))
	for i, o := range infos {
		head := fmt.Sprintf("  %s %-3s ", fit(o.Name, column), o.Language)
		for _, line := range t.lines(o.Shows, max(t.width-29, 30)) {
			fmt.Fprintln(con.out, head+line)
			head = strings.Repeat(" ", 29)
		}
		wg.Go(func() {
			d, err := r.pipeline.Discover(ctx, o.Home, time.Time{}, func(string) {})
			if err == nil {
				err = r.store.PutOutlet(ctx, d.Outlet, fetch.Domain)
			}
			if err != nil {
				errs[i] = err
				return
			}
			mu.Lock()
			defer mu.Unlock()
			names[d.Outlet.ID] = o.Name
		})
	}
	wg.Wait()
	fmt.Fprintln(con.out, "\n"+t.paint(bold, "What comes in:"))
	return names, errors.Join(errs...)
}

// end says what is kept, and where to go on; changed is the id of an article
// that has changed, if one has.
func (c *demoCmd) end(ctx context.Context, con console, t *recordCard, r *record, changed string) error {
	totals, err := r.store.Totals(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(con.out, "\n%s\n", t.paint(bold, "What is kept:"))
	sum := fmt.Sprintf("%s of %s, %s, %s, %s in the archive, %s", count(totals.Articles, "article"), count(totals.Outlets, "outlet"),
		count(totals.Versions, "version"), count(totals.Captures, "capture"), size(r.archive.Size()), count(totals.Marks, "mark"))
	for _, line := range t.lines(sum, t.width-2) {
		fmt.Fprintln(con.out, "  "+line)
	}
	list, err := r.store.ListOutlets(ctx)
	if err != nil {
		return err
	}
	for _, o := range list {
		fmt.Fprintf(con.out, "  %s %s", fit(plainLine(o.Name), column), count(o.Articles, "article"))
		if o.Gone > 0 {
			fmt.Fprintf(con.out, ", %d gone", o.Gone)
		}
		for _, s := range o.States {
			if s.Failures > 0 {
				fmt.Fprintf(con.out, "; its %s fails: %s", s.Kind, plainLine(s.Error))
			}
		}
		fmt.Fprintln(con.out)
	}
	c.onward(con, t, changed)
	return nil
}

// onward says what to type next.
func (c *demoCmd) onward(con console, t *recordCard, changed string) {
	dir := cmp.Or(c.Data, "demo-record")
	if c.Data == "" {
		fmt.Fprintf(con.out, "\n%s\n  dateline demo --data %s\n", t.paint(bold, "All of it is removed now. To keep it and look at it:"), dir)
	} else {
		fmt.Fprintf(con.out, "\n%s\n", t.paint(bold, "Look at it with:"))
	}
	fmt.Fprintf(con.out, "  dateline list --data %s 'figure:killed>=10'\n", dir)
	if c.Data != "" && changed != "" {
		fmt.Fprintf(con.out, "  dateline versions --data %s --diff %s\n", dir, changed)
	}
	fmt.Fprintf(con.out, "  dateline export --data %[1]s --format csv --table figures\n  dateline verify --data %[1]s\n", dir)
	fmt.Fprintf(con.out, "\n%s\n  dateline add --contact YOU@YOUR.SITE ADDRESS\n  dateline follow --contact YOU@YOUR.SITE\n", t.paint(bold, "Follow outlets of your own:"))
	if _, err := exec.LookPath("dateline"); err != nil {
		fmt.Fprintf(con.out, "\n`go install ./cmd/dateline` puts dateline in Go's bin folder, which is to be on\nthe path; without it, type `go run ./cmd/dateline` for dateline.\n")
	}
}
