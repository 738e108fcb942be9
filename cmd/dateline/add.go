package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/config"
	"dateline/internal/pipeline"
)

type addCmd struct {
	recordFlags
	URL     []string `arg:"" name:"url" help:"An outlet's home page or feed."`
	Since   string   `help:"How far back to go: a day, as 2026-01-24, or all. The default is follow.since of the settings." placeholder:"DAY"`
	Name    string   `help:"What to call it, in place of what it calls itself."`
	Contact string   `help:"An address at which an outlet finds you, a web page or an e-mail." placeholder:"ADDRESS"`
	DryRun  bool     `help:"Say what would be followed, and follow nothing." short:"n"`
	Private bool     `name:"allow-private" help:"Let addresses lead into one's own network."`
}

// Help is shown under the command's usage.
func (c *addCmd) Help() string {
	return `The outlet's feeds, sitemaps and name are looked for, at the pace at which outlets
are followed, so it takes a while. dateline follow then brings what they list; one that
is at work takes the outlet up by itself.`
}

func (c *addCmd) Run(ctx context.Context, con console) error {
	if c.Name != "" && len(c.URL) > 1 {
		return usage("add: --name goes with one outlet")
	}
	r, err := c.beside(ctx, con, contactFlags(c.Contact), fetch.Guard{AllowPrivate: c.Private})
	if err != nil {
		return err
	}
	defer r.close()
	if err := needContact(r.settings); err != nil {
		return err
	}
	since, err := sinceDay(c.Since, time.Now(), r.settings.Follow.Since)
	if err != nil {
		return err
	}
	bad := 0
	for i, address := range c.URL {
		if i > 0 {
			fmt.Fprintln(con.out)
		}
		if err := c.add(ctx, con, r, address, since); err != nil {
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

func (c *addCmd) add(ctx context.Context, con console, r *record, address string, since time.Time) error {
	bare := !strings.Contains(address, "://")
	if bare {
		address = "https://" + address
	}
	if _, err := dateline.PageKey(address); err != nil {
		return err
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
		return err
	}
	if c.DryRun {
		fmt.Fprintln(con.out, "Nothing was added; leave out --dry-run to follow it.")
		return nil
	}
	if err := r.store.PutOutlet(ctx, d.Outlet, fetch.Domain); err != nil {
		return err
	}
	fmt.Fprintln(con.out, "Added. `dateline follow` brings its pages.")
	return nil
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
	for _, t := range d.Tried {
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
