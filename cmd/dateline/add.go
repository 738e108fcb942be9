package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"dateline"
	"dateline/feed"
	"dateline/fetch"
	"dateline/internal/config"
	"dateline/internal/pipeline"
	"dateline/internal/store"
	"dateline/internal/work"
)

type addCmd struct {
	recordFlags
	URL     []string `arg:"" name:"url" help:"An outlet's home page or feed, or an article of it."`
	Since   string   `help:"How far back to go: a day, as 2026-01-24, or all. The default is follow.since of the settings." placeholder:"DAY"`
	Name    string   `help:"What to call it, in place of what it calls itself."`
	Contact string   `help:"An address at which an outlet finds you, a web page or an e-mail." placeholder:"ADDRESS"`
	Page    bool     `help:"Keep the page at the address alone, and follow nothing of its outlet."`
	DryRun  bool     `help:"Say what would be followed, and follow nothing." short:"n"`
	Private bool     `name:"allow-private" help:"Let addresses lead into one's own network."`
}

// Help is shown under the command's usage.
func (c *addCmd) Help() string {
	return `The outlet's feeds, sitemaps and name are looked for, at the pace at which outlets
are followed, so it takes a while. The address of an article leads to the outlet whose
article it is; with --page the article alone is kept, with what becomes of it. dateline
follow then brings what is listed; one that is at work takes it up by itself.`
}

func (c *addCmd) Run(ctx context.Context, con console) error {
	if c.Name != "" && len(c.URL) > 1 {
		return usage("add: --name goes with one outlet")
	}
	if c.Page && (c.Name != "" || c.Since != "") {
		return usage("add: --page keeps one page; --name and --since are for outlets")
	}
	s, err := c.load(contactFlags(c.Contact))
	if err != nil {
		return err
	}
	if err := needContact(s); err != nil {
		return err
	}
	since, err := sinceDay(c.Since, time.Now(), s.Follow.Since)
	if err != nil {
		return err
	}
	// What is found comes first: where nothing is, and in a dry run, no record is
	// begun that would have nothing in it.
	try := *s
	if there(s.Data.Dir) != nil {
		if readOnly(s.Data.Dir) && !c.DryRun {
			return advised(s.Data.Dir, fmt.Errorf("add: nothing can be written in %s", s.Data.Dir))
		}
		if try.Data.Dir, err = os.MkdirTemp("", "dateline-"); err != nil {
			return err
		}
		defer os.RemoveAll(try.Data.Dir)
	}
	r, err := openRecord(ctx, &try, con, fetch.Guard{AllowPrivate: c.Private}, adding)
	if err != nil {
		return err
	}
	defer r.close()
	bad := 0
	for i, address := range c.URL {
		if i > 0 {
			fmt.Fprintln(con.out)
		}
		if err := c.add(ctx, con, r, s.Data.Dir, address, since); err != nil {
			if ctx.Err() != nil {
				return err
			}
			bad++
			fmt.Fprintln(con.err, "dateline:", plainLine(said(advise(err))))
		}
	}
	if bad > 0 {
		return errSome
	}
	return nil
}

// sinceDay is the day that --since names, or the usual one.
func sinceDay(s string, now time.Time, usual time.Duration) (time.Time, error) {
	switch s {
	case "":
		if usual == 0 {
			return time.Time{}, nil
		}
		return now.Add(-usual).UTC().Truncate(24 * time.Hour), nil
	case "all":
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return t, usage("--since %q: write a day as 2026-01-24, or all", s)
	}
	return t, nil
}

func contactFlags(contact string) map[string]string {
	if contact == "" {
		return nil
	}
	return map[string]string{"contact": contact}
}

// needContact refuses to ask outlets for anything without saying who asks.
func needContact(s *config.Settings) error {
	if s.Contact != "" {
		return nil
	}
	return usage(`outlets are asked only by who says who he is: set contact to a web page or e-mail address at which their
operators find you, in ~/.config/dateline/config.toml (contact = "news@example.org"),
as DATELINE_CONTACT in the environment, or with --contact`)
}

// add finds what is at an address and adds it to the record in dir, which r is
// of, unless there is none yet.
func (c *addCmd) add(ctx context.Context, con console, r *record, dir, address string, since time.Time) error {
	typed := address
	bare := !strings.Contains(address, "://")
	if bare {
		address = "https://" + address
	}
	if _, err := dateline.PageKey(address); err != nil {
		return fmt.Errorf("%q: %w; write an address as https://outlet.example/", typed, err)
	}
	if c.Page {
		return c.page(ctx, con, r, dir, address)
	}
	step := func(url string) { status(con, "looking at "+plainLine(shorten(url, 60))) }
	d, err := r.pipeline.Discover(ctx, address, since, step)
	status(con, "")
	if d != nil {
		if c.Name != "" {
			d.Outlet.Name = c.Name
		}
		fmt.Fprint(con.out, r.card(con).discovery(d, since))
	}
	if err != nil {
		if bare && errors.Is(err, dateline.ErrCorrupt) { // no TLS
			err = fmt.Errorf("%w; if it is served without https, write http://%s", err, strings.TrimPrefix(address, "https://"))
		}
		return astray(err, d, address)
	}
	if c.DryRun {
		fmt.Fprintln(con.out, "Nothing was added; leave out --dry-run to follow it.")
		return nil
	}
	to := r
	if dir != r.dir {
		if to, err = begin(ctx, r, dir, fetch.Domain(address), fetch.Domain(d.Outlet.Home)); err != nil {
			return advised(dir, err)
		}
		defer to.close()
	}
	line, err := c.put(ctx, to, d.Outlet)
	if errors.Is(err, dateline.ErrRefused) {
		return fmt.Errorf("%s was erased, and does not come back: %w", d.Outlet.Name, dateline.ErrRefused)
	}
	if err == nil {
		fmt.Fprintln(con.out, line)
	}
	return err
}

// astray adds to why an address led to no outlet what to try.
func astray(err error, d *pipeline.Discovery, address string) error {
	u, perr := url.Parse(address)
	switch {
	case perr != nil:
	case d != nil && d.Article != "":
		return fmt.Errorf("%w; dateline add --page %s keeps the article alone", err, address)
	case d != nil:
	case errors.Is(err, dateline.ErrLater) && fetch.Unreached(err):
		return fmt.Errorf("%w; see whether a browser opens that address", err)
	case errors.Is(err, dateline.ErrLater):
	case u.Path != "" && u.Path != "/":
		return fmt.Errorf("%w; try the outlet's front page: dateline add %s://%s/", err, u.Scheme, u.Host)
	}
	return err
}

// page has one page kept in the record in dir.
func (c *addCmd) page(ctx context.Context, con console, r *record, dir, address string) (err error) {
	found, err := onePage(address)
	if err != nil {
		return err
	}
	if c.DryRun {
		fmt.Fprintf(con.out, "The page at %s would be kept, and nothing followed. Nothing was added; leave out --dry-run to keep it.\n", plainLine(address))
		return nil
	}
	if dir != r.dir {
		if r, err = begin(ctx, r, dir); err != nil {
			return advised(dir, err)
		}
		defer r.close()
	}
	p, err := r.keepPage(ctx, found)
	switch {
	case err != nil:
		return err
	case p.Visits > 0:
		fmt.Fprintf(con.out, "It is kept already: dateline show %s\n", p.ID)
	default:
		fmt.Fprintln(con.out, "Added. `dateline follow` brings the page, and looks at it again.")
	}
	return nil
}

// onePage is the page at an address, to be fetched next.
func onePage(address string) (store.Found, error) {
	sent, err := fetch.Address(address)
	if err != nil {
		return store.Found{}, err
	}
	k, err := dateline.PageKey(address)
	return store.Found{Entry: dateline.Entry{URL: address}, Key: k, Lane: fetch.Domain(sent), Priority: work.News, Due: time.Now()}, err
}

// keepPage has a page kept without a source, and gives what there is of it.
func (r *record) keepPage(ctx context.Context, f store.Found) (store.Page, error) {
	outletOf, err := r.outletOf(ctx)
	if err != nil {
		return store.Page{}, err
	}
	p, err := r.store.AddPage(ctx, f, outletOf(f.Entry.URL))
	if errors.Is(err, dateline.ErrRefused) {
		err = fmt.Errorf("%s was erased, and does not come back: %w", f.Entry.URL, dateline.ErrRefused)
	}
	return p, err
}

// begin opens the record in dir, or makes it, and has it know of hosts when
// they may be asked again.
func begin(ctx context.Context, from *record, dir string, hosts ...string) (*record, error) {
	to := &record{settings: from.settings, dir: dir, log: from.log}
	if err := os.MkdirAll(to.archiveDir(), 0o777); err != nil {
		return nil, err
	}
	if err := to.openStore(ctx, false); err != nil {
		return nil, err
	}
	for _, name := range hosts {
		h, err := from.store.Host(ctx, name)
		if err == nil {
			err = to.store.PutHost(ctx, h)
		}
		if err != nil {
			return nil, errors.Join(err, to.close())
		}
	}
	return to, nil
}

// put keeps an outlet. Of one that is followed already nothing is changed but
// what the flags say; sources that are new are added.
func (c *addCmd) put(ctx context.Context, r *record, o dateline.Outlet) (line string, err error) {
	list, err := r.store.ListOutlets(ctx)
	if err != nil {
		return "", err
	}
	line = "Added. `dateline follow` brings its pages."
	if i := slices.IndexFunc(list, func(s store.OutletState) bool { return s.ID == o.ID }); i >= 0 {
		have, since := list[i], o.Since
		fresh := slices.DeleteFunc(slices.Clone(o.Sources), func(s dateline.Source) bool {
			return slices.ContainsFunc(have.States, func(h store.SourceState) bool { return h.URL == s.URL })
		})
		o = have.Outlet
		o.Sources = fresh
		line = "It is followed already, and nothing was added."
		if len(fresh) > 0 {
			line = fmt.Sprintf("It is followed already; %s added.", count(len(fresh), "source"))
		}
		if c.Name != "" {
			o.Name = c.Name
		}
		if c.Since != "" {
			o.Since = since
		}
	}
	return line, r.store.PutOutlet(ctx, o, fetch.Domain)
}

// bytesPage is what a page takes on disk, archive and database together, by
// the figures of docs/decisions/20261129-database.md and of news pages of
// 150 KB, which compress to a fifth.
const bytesPage = 55_000

// discovery draws what an address led to.
func (c *recordCard) discovery(d *pipeline.Discovery, since time.Time) string {
	var b strings.Builder
	o := d.Outlet
	name := o.Name
	if name == "" {
		name = "(an outlet that does not say its name)"
	}
	b.WriteString(c.paint(bold, plainLine(name)))
	if o.Language != "" {
		b.WriteString(c.paint(dim, " · "+plainLine(o.Language)))
	}
	b.WriteString("\n")
	if o.Home != "" {
		fmt.Fprintf(&b, "  %s\n", plainLine(o.Home))
	}
	if d.Article != "" {
		fmt.Fprintf(&b, "  The address is that of an article, “%s”; this is its outlet.\n", plainLine(d.Article))
	}
	var absent []string
	for _, t := range d.Tried {
		if !t.Chosen && usual(t.URL, o.Home) {
			absent = append(absent, t.Why)
			continue
		}
		what, style := "not followed", dim
		if t.Chosen {
			what, style = "follows", ""
		}
		line := fmt.Sprintf("  %-12s %-7s %s", what, t.Kind, plainLine(t.URL))
		detail := t.Why
		if t.Chosen || detail == "" {
			detail = listing(t)
		}
		b.WriteString(c.paint(style, line) + "\n" + c.paint(dim, "               "+plainLine(detail)) + "\n")
	}
	if n := len(absent); n > 0 {
		why := "none is there"
		if slices.ContainsFunc(absent, func(s string) bool { return !notThere(s) }) {
			why = "none can be followed"
		}
		b.WriteString(c.paint(dim, fmt.Sprintf("  %s of feeds and sitemaps tried besides: %s", count(n, "usual address"), why)) + "\n")
	}
	if len(o.Sources) == 0 {
		b.WriteString("  Nothing here can be followed: no feed, no sitemap, no list of articles was found.\n")
		return b.String()
	}
	back := "from the beginning"
	if !since.IsZero() {
		back = "back to " + since.Format(time.DateOnly)
	}
	fmt.Fprintf(&b, "  goes %s: %s listed, about %s\n", back, count(d.Listed, "page"), size(int64(d.Listed)*bytesPage))
	if d.PerDay > 0 {
		fmt.Fprintf(&b, "  then about %.0f pages a day, %s a year; with the times a page is looked at again up to twice that\n", max(d.PerDay, 1), size(int64(d.PerDay*365*bytesPage)))
	}
	return b.String()
}

// usual tells whether an address is one that is tried of every outlet that
// declares nothing.
func usual(address, home string) bool {
	return slices.ContainsFunc(feed.Guess(home), func(s dateline.Source) bool { return s.URL == address })
}

// notThere tells whether a source was turned down because nothing is there.
func notThere(why string) bool {
	return strings.HasSuffix(why, "answered 404") || strings.HasSuffix(why, "answered 410")
}

func listing(t pipeline.Tried) string {
	s := count(t.Entries, "entry")
	if t.Oldest != "" {
		s += ", " + t.Oldest + " to " + t.Newest
	}
	return s
}

// size is a number of bytes, for people.
func size(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.0f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.0f KB", math.Ceil(float64(n)/1e3))
}

// shorten cuts a long line in its middle.
func shorten(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most/2]) + "…" + string(r[len(r)-most/2+1:])
}
