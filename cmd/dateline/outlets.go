package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/store"
)

type outletsCmd struct {
	recordFlags
	Format string   `help:"text or jsonl. The default is text on a terminal and jsonl elsewhere." short:"f" placeholder:"FORMAT"`
	Pause  []string `help:"Ask nothing more of this outlet: its id, name or address." sep:"none" placeholder:"OUTLET"`
	Resume []string `help:"Go on with this outlet." sep:"none" placeholder:"OUTLET"`
	Drop   []string `help:"No longer follow this source, a feed's or sitemap's address. Its pages stay." sep:"none" placeholder:"URL"`
}

// Help is shown under the command's usage.
func (c *outletsCmd) Help() string {
	return `Each outlet with what is followed of it: when it last answered, what it last did
wrong, how many pages it has brought, when it is asked next, and, where nothing
comes, why.`
}

func (c *outletsCmd) Run(ctx context.Context, con console) error {
	format, err := tableFormat("outlets", c.Format, con)
	if err != nil {
		return err
	}
	r, err := c.look(ctx, con)
	if err != nil {
		return err
	}
	defer r.close()
	list, err := r.store.ListOutlets(ctx)
	if err != nil {
		return err
	}
	if len(c.Pause)+len(c.Resume)+len(c.Drop) > 0 {
		if err := c.change(ctx, r, list); err != nil {
			return err
		}
		if list, err = r.store.ListOutlets(ctx); err != nil {
			return err
		}
	}
	if format == "jsonl" {
		for _, o := range list {
			blocked, err := r.blocked(ctx, o)
			if err == nil {
				err = printJSON(con.out, outletRecord(o, blocked))
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	if len(list) == 0 {
		fmt.Fprintln(con.out, "No outlet is followed yet. Add one by its address:\n\n  dateline add https://outlet.example/")
		return nil
	}
	t := r.card(con)
	for i, o := range list {
		if i > 0 {
			fmt.Fprintln(con.out)
		}
		blocked, err := r.blocked(ctx, o)
		if err != nil {
			return err
		}
		fmt.Fprint(con.out, t.outlet(o, blocked, time.Now()))
	}
	return nil
}

// blocked says of which hosts of an outlet nothing may be asked, since their
// robots.txt cannot be had; empty for none.
func (r *record) blocked(ctx context.Context, o store.OutletState) (string, error) {
	hosts, err := r.hosts(ctx, addresses(o.Outlet))
	if err != nil {
		return "", err
	}
	var said []string
	for _, h := range hosts {
		for _, site := range slices.Sorted(maps.Keys(h.Robots)) {
			var rules fetch.Robots
			if rules.UnmarshalText(h.Robots[site].Rules) != nil || rules.Missing.IsZero() || len(said) == 3 {
				continue
			}
			said = append(said, fmt.Sprintf("Nothing is asked of %s: its robots.txt cannot be had since %s (%s). It is asked for again, at least every hour, and pages wait meanwhile.",
				plainLine(site), clock(rules.Missing), plainLine(keptReason(rules.Why))))
		}
	}
	return strings.Join(said, "\n"), nil
}

// addresses are those of an outlet: of its home page, and of what is followed.
func addresses(o dateline.Outlet) []string {
	out := []string{o.Home}
	for _, s := range o.Sources {
		out = append(out, s.URL)
	}
	return out
}

// hosts are those of addresses, each once.
func (r *record) hosts(ctx context.Context, addresses []string) (all []store.Host, err error) {
	seen := map[string]bool{"": true}
	for _, address := range addresses {
		name := fetch.Domain(address)
		if seen[name] {
			continue
		}
		seen[name] = true
		h, err := r.store.Host(ctx, name)
		if err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	return all, nil
}

// change pauses, resumes and drops.
func (c *outletsCmd) change(ctx context.Context, r *record, list []store.OutletState) error {
	for _, name := range c.Pause {
		o, err := findOutlet(list, name)
		if err == nil {
			err = r.store.Pause(ctx, o.ID, true)
		}
		if err != nil {
			return err
		}
	}
	for _, name := range c.Resume {
		o, err := findOutlet(list, name)
		if err == nil {
			err = r.store.Pause(ctx, o.ID, false)
		}
		if err != nil {
			return err
		}
	}
	for _, address := range c.Drop {
		found := false
		for _, o := range list {
			for _, s := range o.Sources {
				if s.URL == address {
					found = true
					if err := r.store.DropSource(ctx, o.ID, s.URL); err != nil {
						return err
					}
				}
			}
		}
		if !found {
			return fmt.Errorf("source %s: %w; `dateline outlets` lists them", plainLine(address), dateline.ErrNotFound)
		}
	}
	return nil
}

// findOutlet finds an outlet by its id, its name, or an address on it.
func findOutlet(list []store.OutletState, name string) (store.OutletState, error) {
	var found []store.OutletState
	k := ""
	if key, err := dateline.PageKey(name); err == nil {
		k = key
	} else if key, err := dateline.PageKey("https://" + name); err == nil {
		k = key
	}
	for _, o := range list {
		home, _ := dateline.PageKey(o.Home)
		if o.ID == name || strings.EqualFold(o.Name, name) || k != "" && k == home {
			found = append(found, o)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return store.OutletState{}, fmt.Errorf("outlet %q: %w; `dateline outlets` lists them", name, dateline.ErrNotFound)
	}
	return store.OutletState{}, fmt.Errorf("outlet %q: %w: %d are called so; give the id", name, dateline.ErrInvalid, len(found))
}

// outlet draws an outlet and what is followed of it.
// What blocked says of it is shown, too.
func (c *recordCard) outlet(o store.OutletState, blocked string, now time.Time) string {
	var b strings.Builder
	b.WriteString(c.paint(bold, plainLine(o.Name)))
	if o.Language != "" {
		b.WriteString(c.paint(dim, " · "+plainLine(o.Language)))
	}
	b.WriteString(c.paint(dim, " · "+o.ID) + "\n")
	fmt.Fprintf(&b, "  %s\n", plainLine(o.Home))
	counts := fmt.Sprintf("  %s, %s", count(o.Pages, "page"), count(o.Articles, "article"))
	if o.Waiting > 0 {
		counts += fmt.Sprintf(", %d to fetch", o.Waiting)
	}
	if o.Gone > 0 {
		counts += fmt.Sprintf(", %d gone", o.Gone)
	}
	if o.Dead > 0 {
		counts += fmt.Sprintf(", %d given up (dateline dead)", o.Dead)
	}
	b.WriteString(counts + "\n")
	line := "  last page " + ago(o.LastPage, now)
	switch {
	case o.Paused:
		line += " · paused; go on with --resume " + o.ID
	case !o.Next.IsZero():
		line += " · next visit " + until(o.Next, now)
	}
	b.WriteString(line + "\n")
	for _, s := range o.States {
		if s.Of == 0 {
			c.source(&b, s, o.States, now)
		}
	}
	for line := range strings.SplitSeq(blocked+"\n"+silence(o, now), "\n") {
		if line != "" {
			b.WriteString("  " + c.paint(amber, line) + "\n")
		}
	}
	return b.String()
}

// source draws a source, and of those that it names as an index what they come
// to: they may be hundreds. One that fails is drawn itself.
func (c *recordCard) source(b *strings.Builder, s store.SourceState, all []store.SourceState, now time.Time) {
	const in = "          "
	fmt.Fprintf(b, "  %-7s %s\n", s.Kind, plainLine(s.URL))
	line, style := sourceState(s, now)
	b.WriteString(in + c.paint(style, plainLine(line)) + "\n")
	if s.Foreign > 0 {
		b.WriteString(in + c.paint(dim, foreign(s.Foreign)) + "\n")
	}
	named := 0
	var failing []store.SourceState
	for _, k := range all {
		if k.Of != s.N {
			continue
		}
		named++
		if k.Failures > 0 {
			failing = append(failing, k)
		}
	}
	if named == 0 {
		return
	}
	line = count(named, "sitemap") + " of it followed"
	if len(failing) > 0 {
		line += fmt.Sprintf(", %d failing", len(failing))
	}
	b.WriteString(in + c.paint(dim, line) + "\n")
	for _, k := range failing {
		c.source(b, k, nil, now)
	}
}

// own are the sources that were added or found, without those that an index
// names and that come and go with it.
func own(o store.OutletState) []dateline.Source {
	var out []dateline.Source
	for _, s := range o.States {
		if s.Of == 0 {
			out = append(out, s.Source)
		}
	}
	return out
}

// sourceState says how a source does.
func sourceState(s store.SourceState, now time.Time) (line, style string) {
	switch {
	case s.Checked.IsZero():
		return "not asked yet", dim
	case s.Failures > 0:
		return fmt.Sprintf("has failed %s, asked %s; last good %s: %s", count(s.Failures, "time"), ago(s.Checked, now), ago(s.Succeeded, now), keptReason(s.Error)), amber
	}
	return fmt.Sprintf("%s, asked %s, something new %s", count(s.Entries, "entry"), ago(s.Checked, now), ago(s.Changed, now)), dim
}

// foreign says what a source lists and is not brought.
func foreign(n int) string {
	if n == 1 {
		return "1 entry leads to another site and is not followed"
	}
	return fmt.Sprintf("%d entries lead to other sites and are not followed", n)
}

// silence says why nothing comes of an outlet, if nothing does.
func silence(o store.OutletState, now time.Time) string {
	switch o.Silence(now) {
	case store.Dropped:
		return "Nothing of it is followed: all its sources were dropped."
	case store.Unasked:
		return "It has not been asked yet: `dateline follow` does that."
	case store.Failing:
		return "Nothing comes: every source fails. Open one in a browser; if the outlet has moved, add its new address."
	case store.Elsewhere:
		return "Nothing comes: all that its sources list leads to other sites. Add those with dateline add."
	case store.Empty:
		return "Nothing comes: its sources are empty."
	case store.Unhad:
		return "Its pages could not be had: `dateline dead` says why."
	case store.Quiet:
		return "It answers, and has had nothing new for two weeks."
	}
	return ""
}

func outletRecord(o store.OutletState, blocked string) any {
	type source struct {
		dateline.Source
		Checked   *time.Time `json:"checked,omitempty"`
		Succeeded *time.Time `json:"succeeded,omitempty"`
		Changed   *time.Time `json:"changed,omitempty"`
		Next      *time.Time `json:"next,omitempty"`
		Failures  int        `json:"failures,omitempty"`
		Status    int        `json:"status,omitempty"`
		Error     string     `json:"error,omitempty"`
		Entries   int        `json:"entries,omitempty"`
		Foreign   int        `json:"foreign,omitempty"`
		Of        string     `json:"of,omitempty"` // the index that names it
	}
	urls := map[int64]string{}
	for _, s := range o.States {
		urls[s.N] = s.URL
	}
	sources := []source{}
	for _, s := range o.States {
		sources = append(sources, source{s.Source, moment(s.Checked), moment(s.Succeeded), moment(s.Changed), moment(s.Next), s.Failures, s.Status, s.Error, s.Entries, s.Foreign, urls[s.Of]})
	}
	outlet := o.Outlet
	outlet.Sources = nil
	return struct {
		dateline.Outlet
		Sources  []source   `json:"sources"`
		Pages    int        `json:"pages"`
		Articles int        `json:"articles"`
		Waiting  int        `json:"waiting,omitempty"`
		Dead     int        `json:"dead,omitempty"`
		Gone     int        `json:"gone,omitempty"`
		LastPage *time.Time `json:"last_page,omitempty"`
		Next     *time.Time `json:"next,omitempty"`
		Why      string     `json:"why_silent,omitempty"`
	}{outlet, sources, o.Pages, o.Articles, o.Waiting, o.Dead, o.Gone, moment(o.LastPage), moment(o.Next), strings.TrimSpace(blocked + "\n" + silence(o, time.Now()))}
}

// moment is a time for JSON; nil where there is none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
