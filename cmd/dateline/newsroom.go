package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dateline"
	"dateline/annotate"
	"dateline/feed"
	"dateline/fetch"
	"dateline/internal/store"
	"dateline/internal/web"
	"dateline/read"
)

// newsroom does for the pages what the commands do for who types them.
type newsroom struct {
	r       *record
	started time.Time
}

// newNewsroom makes the newsroom of a record that is served. What needs the
// record's archive, where another program is at work on it, is put off.
func newNewsroom(r *record) web.Newsroom { return &newsroom{r, time.Now()} }

// worded is an error in the words that people read, and of its own class.
type worded struct{ err error }

func (e worded) Error() string {
	s := said(e.err)
	if ownNetwork(s) {
		s += "; to ask addresses of your own network set fetch.allow_private in the settings"
	}
	return s
}

func (e worded) Unwrap() error { return e.err }

// asking is nil where outlets may be asked.
func (n *newsroom) asking() error {
	if n.r.pipeline == nil {
		return fmt.Errorf("outlets are asked by another program: %w", dateline.ErrUnsupported)
	}
	if err := needContact(n.r.settings); err != nil {
		return fmt.Errorf("%v: %w", err, dateline.ErrRefused)
	}
	return nil
}

// whole is an address as it is asked for, where a user may have left out the
// scheme.
func whole(address string) (string, error) {
	if address = strings.TrimSpace(address); !strings.Contains(address, "://") {
		address = "https://" + address
	}
	_, err := dateline.PageKey(address)
	return address, err
}

func (n *newsroom) Discover(ctx context.Context, address string, since time.Time, step func(string)) (web.Preview, error) {
	if err := n.asking(); err != nil {
		return web.Preview{}, err
	}
	address, err := whole(address)
	if err != nil {
		return web.Preview{}, worded{err}
	}
	d, err := n.r.pipeline.Discover(ctx, address, since, step)
	if err != nil {
		err = worded{err}
	}
	if d == nil {
		return web.Preview{}, err
	}
	p := web.Preview{Outlet: d.Outlet, Pages: d.Listed, PerDay: d.PerDay, PageBytes: bytesPage, Article: d.Article, Page: d.Page}
	for _, t := range d.Tried {
		if !t.Chosen && usual(t.URL, d.Outlet.Home) {
			p.Absent++
			continue
		}
		p.Sources = append(p.Sources, web.PreviewSource{Source: t.Source, Entries: t.Entries, Oldest: t.Oldest, Newest: t.Newest, Chosen: t.Chosen, Why: plainWords(t.Why)})
	}
	list, lerr := n.r.store.ListOutlets(ctx)
	p.Followed = slices.ContainsFunc(list, func(o store.OutletState) bool { return o.ID == d.Outlet.ID })
	return p, cmp.Or(err, lerr)
}

func (n *newsroom) Add(ctx context.Context, o dateline.Outlet) (int, error) {
	list, err := n.r.store.ListOutlets(ctx)
	if err != nil {
		return 0, err
	}
	i := slices.IndexFunc(list, func(s store.OutletState) bool { return s.ID == o.ID })
	added := len(o.Sources)
	if i >= 0 {
		have := list[i]
		name, since := o.Name, o.Since
		fresh := freshSources(have, o.Sources)
		o, added = have.Outlet, len(fresh)
		o.Name, o.Since, o.Sources = cmp.Or(name, o.Name), since, fresh
	}
	if err := n.r.store.PutOutlet(ctx, o, fetch.Domain); err != nil {
		return 0, err
	}
	if i >= 0 && list[i].Paused {
		return added, n.r.store.Pause(ctx, o.ID, false)
	}
	return added, nil
}

func (n *newsroom) Keep(ctx context.Context, address string) (string, error) {
	found, err := onePage(address)
	if err != nil {
		return "", worded{err}
	}
	p, err := n.r.keepPage(ctx, found)
	if err != nil {
		return "", worded{err}
	}
	return p.ID, nil
}

// freshSources are those that an outlet does not have.
func freshSources(have store.OutletState, sources []dateline.Source) []dateline.Source {
	return slices.DeleteFunc(slices.Clone(sources), func(s dateline.Source) bool {
		return slices.ContainsFunc(have.States, func(h store.SourceState) bool { return h.URL == s.URL })
	})
}

func (n *newsroom) Try(ctx context.Context, address string) (*dateline.Article, error) {
	if err := n.asking(); err != nil {
		return nil, err
	}
	address, err := whole(address)
	if err != nil {
		return nil, worded{err}
	}
	x, err := n.r.pipeline.Client.Get(ctx, address)
	if err != nil && (x == nil || len(x.Body) == 0) {
		return nil, worded{err}
	}
	a, err := read.Page(read.Source{Name: address, URL: x.FinalURL, Body: x.Body, ContentType: x.Header.Get("Content-Type"), Coding: x.Header.Get("Content-Encoding"),
		Fetched: x.Fetched.UTC().Format(time.RFC3339), Truncated: x.Truncated, Status: x.Status}, nil)
	if err != nil {
		return nil, worded{err}
	}
	if (a.Text != "" || a.Title != "") && a.Kind != dateline.KindNotice {
		a.Annotations, _, err = n.r.pipeline.Annotator.Annotate(annotate.InputOf(a, x.Fetched.UTC().Format(time.RFC3339)))
		if err != nil {
			n.r.log.Warn("a mark was left out, a fault of the program", "url", address, "err", err)
		}
	}
	return a, nil
}

// mostOutlets is how many outlets a list that is uploaded may have, and
// mostWrong how many of what is wrong in it are told one by one.
const (
	mostOutlets = 100_000
	mostWrong   = 20
)

func (n *newsroom) Import(ctx context.Context, in io.Reader, since time.Time, step func(done, all int)) (web.Imported, error) {
	var sum web.Imported
	outlets, err := feed.ReadOPML(in)
	if err != nil {
		return sum, worded{err}
	}
	if len(outlets) > mostOutlets {
		return sum, fmt.Errorf("the list has %d outlets, and %d are the most: %w", len(outlets), mostOutlets, dateline.ErrTooLarge)
	}
	list, err := n.r.store.ListOutlets(ctx)
	if err != nil {
		return sum, err
	}
	have := make(map[string]store.OutletState, len(list))
	for _, o := range list {
		have[o.ID] = o
	}
	wrong := func(o *dateline.Outlet, why string) {
		if sum.Left++; len(sum.Wrong) < mostWrong {
			sum.Wrong = append(sum.Wrong, cmp.Or(o.Name, o.Home)+": "+why)
		}
	}
	for i := range outlets {
		step(i, len(outlets))
		o := &outlets[i]
		if len(o.Sources) == 0 {
			wrong(o, "the list names no feed of it; add it by its address")
			continue
		}
		known, there := have[o.ID]
		if there {
			fresh := freshSources(known, o.Sources)
			if len(fresh) == 0 {
				sum.Already++
				continue
			}
			*o = known.Outlet
			o.Sources = fresh
		} else {
			o.Added, o.Since = time.Now(), since
		}
		switch err := n.r.store.PutOutlet(ctx, *o, fetch.Domain); {
		case errors.Is(err, dateline.ErrRefused), errors.Is(err, dateline.ErrInvalid):
			wrong(o, said(err))
		case err != nil:
			return sum, err
		case there:
			sum.Already++
		default:
			sum.Added++
		}
	}
	return sum, nil
}

func (n *newsroom) Export(ctx context.Context, w io.Writer) error {
	list, err := n.r.store.ListOutlets(ctx)
	if err != nil {
		return err
	}
	outlets := make([]dateline.Outlet, len(list))
	for i := range list {
		outlets[i] = list[i].Outlet
		outlets[i].Sources = own(list[i])
	}
	return feed.WriteOPML(w, outlets)
}

func (n *newsroom) Ask(ctx context.Context, outlet string) error {
	return n.r.store.AskSources(ctx, outlet, time.Now())
}

func (n *newsroom) Erase(ctx context.Context, pages []int64, outlet string) (int, error) {
	if n.r.archive == nil {
		return 0, busy{n.r.dir, fmt.Errorf("the archive is written to by another program: %w", dateline.ErrLater)}
	}
	captures, _, err := n.r.pipeline.Erase(ctx, pages, outlet)
	return captures, err
}

func (n *newsroom) Hosts(ctx context.Context, o dateline.Outlet) ([]web.HostState, error) {
	list := addresses(o)
	hosts, err := n.r.hosts(ctx, list)
	if err != nil {
		return nil, err
	}
	var out []web.HostState
	for _, h := range hosts[:min(len(hosts), 10)] {
		out = append(out, n.host(h, list))
	}
	return out, nil
}

// host says how a host is asked, and which of the addresses it forbids.
func (n *newsroom) host(h store.Host, addresses []string) web.HostState {
	s := web.HostState{Name: h.Name, Next: h.Next, Pause: n.r.settings.Fetch.Delay, Budget: n.r.settings.Fetch.Budget}
	if h.Day == time.Now().UTC().Format(time.DateOnly) {
		s.Today = h.Count
	}
	var pace fetch.Host
	if len(h.Pace) > 0 && json.Unmarshal(h.Pace, &pace) == nil {
		s.Failures, s.Pause = pace.Failures, max(s.Pause, pace.CrawlDelay, pace.Backoff)
	}
	for site, kept := range h.Robots {
		var rules fetch.Robots
		if kept.Until.IsZero() || rules.UnmarshalText(kept.Rules) != nil {
			continue
		}
		r := web.RobotsState{Site: site, Until: kept.Until, Delay: rules.CrawlDelay(product), Rules: string(kept.Rules), Missing: rules.Missing, Why: plainWords(rules.Why)}
		for _, a := range addresses {
			if strings.HasPrefix(a, site+"/") && !rules.Allowed(product, a) {
				r.Denied = append(r.Denied, a)
			}
		}
		s.Robots = append(s.Robots, r)
	}
	slices.SortFunc(s.Robots, func(a, b web.RobotsState) int { return cmp.Compare(a.Site, b.Site) })
	return s
}

// product is the token by which robots.txt names this program.
const product = "Dateline"

func (n *newsroom) State(context.Context) (web.State, error) {
	s := web.State{Since: n.r.settings.Follow.Since, Free: -1, LowWater: n.r.settings.Disk.LowWater, Started: n.started}
	s.Backup = web.Backup(lastBackup(n.r.dir))
	for _, name := range []string{databaseName, databaseName + "-wal"} {
		if info, err := os.Stat(filepath.Join(n.r.dir, name)); err == nil {
			s.Database += info.Size()
		}
	}
	if n.r.archive == nil {
		s.Why = "elsewhere"
		s.Archive = folderSize(n.r.archiveDir())
		return s, nil
	}
	s.Archive = n.r.archive.Size()
	free, err := n.r.archive.Free()
	if err == nil {
		s.Free = free
	}
	switch {
	case n.r.settings.Contact == "":
		s.Why = "contact"
	case err == nil && free < s.LowWater:
		s.Why = "disk"
	case !n.r.pipeline.Running():
		s.Why = "idle"
	}
	return s, nil
}

// folderSize is how many bytes the files of a folder have.
func folderSize(dir string) (n int64) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode()&fs.ModeType == 0 {
			n += info.Size()
		}
	}
	return n
}
