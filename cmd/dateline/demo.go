package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"dateline"
	"dateline/diff"
	"dateline/fetch"
	"dateline/internal/config"
	"dateline/internal/demo"
	"dateline/internal/pipeline"
	"dateline/internal/store"
	"dateline/lang"
)

type demoCmd struct {
	Data  string        `help:"Keep the record in this folder, and not in one that is removed at the end." placeholder:"DIR"`
	For   time.Duration `help:"How long to go on; 0 until stopped." default:"30s"`
	Speed float64       `help:"How much faster than life the invented outlets live." default:"8"`
}

// Help is shown under the command's usage.
func (c *demoCmd) Help() string {
	return `Starts invented outlets on this machine, in several languages, and follows them: two
reprint an agency, one edits its articles, a page moves, a feed breaks and recovers,
a robots.txt forbids a section. Nothing is asked of the network.`
}

func (c *demoCmd) Run(ctx context.Context, con console) error {
	if c.For < 0 || c.Speed <= 0 {
		return usage("demo: --for and --speed are more than nothing")
	}
	// Where nobody reads on, the folder is to be removed all the same.
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGPIPE)
	defer stop()
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
	settings, err := config.Load(config.Sources{Flags: map[string]string{
		"data.dir": dir, "contact": "demo@dateline.example", "fetch.delay": "150ms", "fetch.max_backoff": "2s",
		"follow.interval": "3s", "follow.min_interval": "2s", "follow.max_interval": "6s", "follow.revisit": "4s, 9s, 15s, 25s",
	}})
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
	t := r.card(con)
	names, err := c.begin(ctx, con, t, r, farm)
	if err != nil {
		return err
	}
	show := &demoShow{con: con, card: t, store: r.store, names: names}
	r.pipeline.Tell = show.tell
	running := ctx
	if c.For > 0 {
		var cancel context.CancelFunc
		running, cancel = context.WithTimeout(ctx, c.For)
		defer cancel()
	}
	if err := r.pipeline.Run(running); err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return c.end(context.WithoutCancel(ctx), con, t, r, dir)
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
		head := fmt.Sprintf("  %-22s %-3s ", o.Name, o.Language)
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

// demoShow tells of what is kept, a line each.
type demoShow struct {
	con   console
	card  *recordCard
	store store.Store
	names map[string]string
	mu    sync.Mutex
}

func (s *demoShow) tell(k pipeline.News) {
	ctx := context.Background()
	a, err := s.store.Article(ctx, k.Version)
	if err != nil {
		return
	}
	var what []string
	if k.Before != 0 {
		if before, err := s.store.Article(ctx, k.Before); err == nil {
			what = told(diff.Versions(before, a, lang.Builtin()).Summary())
		}
	} else {
		what = glance(a)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	mark := " "
	style := ""
	if k.Before != 0 {
		mark, style = "≠", amber
	}
	fmt.Fprintf(s.con.out, "%s %s  %s\n", s.card.paint(style, mark), s.card.paint(dim, fmt.Sprintf("%-22s", s.names[a.Outlet])), s.card.paint(bold, plainLine(a.Title)))
	if len(what) > 0 {
		fmt.Fprintf(s.con.out, "  %-22s  %s\n", "", s.card.paint(style, plainLine(shorten(strings.Join(what, " · "), 100))))
	}
}

// told is what of a summary is worth a line: what the article says now, before
// how its page has changed.
func told(summary []string) []string {
	about := func(s string) bool {
		return strings.HasPrefix(s, "headline ") || strings.HasPrefix(s, "modified ") || strings.Contains(s, "sentence")
	}
	says := slices.DeleteFunc(slices.Clone(summary), about)
	if len(says) == 0 {
		return summary
	}
	return says
}

// glance is an article's casualties, of each kind the first, which is the
// headline's where that has one.
func glance(a *dateline.Article) []string {
	var out []string
	seen := map[string]bool{}
	for _, m := range a.Annotations {
		f, ok := m.Value.(*dateline.Figure)
		if !ok || len(out) == 3 || seen[f.What] {
			continue
		}
		switch f.What {
		case "killed", "injured", "missing", "displaced", "detained":
			seen[f.What] = true
			out = append(out, f.What+" "+bounds(f))
		}
	}
	return out
}

// end says what is kept.
func (c *demoCmd) end(ctx context.Context, con console, t *recordCard, r *record, dir string) error {
	totals, err := r.store.Totals(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(con.out, "\n%s\n", t.paint(bold, "What is kept:"))
	fmt.Fprintf(con.out, "  %s of %s, %s, %s, %s in the archive, %s\n", count(totals.Articles, "article"), count(totals.Outlets, "outlet"),
		count(totals.Versions, "version"), count(totals.Captures, "capture"), size(r.archive.Size()), count(totals.Marks, "mark"))
	list, err := r.store.ListOutlets(ctx)
	if err != nil {
		return err
	}
	for _, o := range list {
		fmt.Fprintf(con.out, "  %-22s %s", plainLine(o.Name), count(o.Articles, "article"))
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
	if c.Data != "" {
		fmt.Fprintf(con.out, "\nLook at it with\n  dateline list --data %[1]s\n  dateline outlets --data %[1]s\n  dateline verify --data %[1]s\n", dir)
	} else {
		fmt.Fprintf(con.out, "\nAll of it is removed now; dateline demo --data DIR keeps it, for dateline list, show, versions, export and verify.\n")
	}
	return nil
}
