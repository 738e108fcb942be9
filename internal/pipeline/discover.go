package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"dateline"
	"dateline/feed"
	"dateline/fetch"
	"dateline/lang"
	"dateline/read"
)

// Discovery is what an address leads to.
type Discovery struct {
	Outlet dateline.Outlet // with the sources that are to be followed
	Tried  []Tried
	PerDay float64 // pages a day, by the dates of the feeds; 0 where they do not tell
	Listed int     // pages that the chosen sources list and that are to be fetched

	// Article is the title of the article that is at the address, and Page where
	// it is; empty where the address is an outlet's. Outlet is then the one whose
	// article it is.
	Article, Page string
}

// Tried is a source that was looked at.
type Tried struct {
	dateline.Source
	Entries        int
	Oldest, Newest string // days, where entries have them
	Chosen         bool
	Why            string // why it is not followed
}

// mostTried is how many sources of an outlet are looked at. Outlets declare
// more where every section has its feed.
const mostTried = 20

// Discover looks at what is at an address, a home page, a feed or an article,
// and says what of it would be followed: of an article its outlet, whose feeds
// the article's page and the home page of its site name. It asks at the pace of
// following, so it takes some seconds a request; step is told of each.
//
// An error that wraps [dateline.ErrNotFound] says that nothing was found that
// could be followed; the Discovery says what was tried, and whether there is an
// article.
func (p *Pipeline) Discover(ctx context.Context, address string, since time.Time, step func(url string)) (*Discovery, error) {
	d := &discoverer{p: p, since: since, step: step, seen: map[string]bool{}}
	ex, body, err := d.get(ctx, address)
	if err != nil {
		return nil, err
	}
	now := p.Now()
	d.seen[address], d.seen[ex.FinalURL] = true, true
	doc, perr := feed.Parse(body, ex.Header.Get("Content-Type"), ex.FinalURL, now)
	if perr == nil && doc.Kind != dateline.SourceIndex {
		d.out.Outlet.Name, d.out.Outlet.Home, d.out.Outlet.Language = doc.Title, homeOf(doc, ex.FinalURL), doc.Language
		d.take(dateline.Source{URL: ex.FinalURL, Kind: doc.Kind, Title: doc.Title, Language: doc.Language}, doc)
		return d.done()
	}
	found := feed.Find(body, ex.Header.Get("Content-Type"), ex.FinalURL)
	if a := article(ex, body); a != nil {
		d.out.Article, d.out.Page = cmp.Or(a.Title, ex.FinalURL), ex.FinalURL
		found.Name = a.Site.Name // its own heading is none
		if ex, body, found, err = d.front(ctx, ex, found); err != nil {
			return nil, err
		}
	}
	d.out.Outlet.Name, d.out.Outlet.Language = found.Name, found.Language
	d.out.Outlet.Home = cmp.Or(found.Home, ex.FinalURL)
	// Feeds tell most, then sitemaps; section pages are for outlets that have
	// neither.
	sections := slices.DeleteFunc(slices.Clone(found.Sources), func(s dateline.Source) bool { return s.Kind != dateline.SourceIndex })
	feeds := slices.DeleteFunc(slices.Clone(found.Sources), func(s dateline.Source) bool { return s.Kind == dateline.SourceIndex })
	steps := []func() []dateline.Source{
		func() []dateline.Source { return feeds },
		func() []dateline.Source { return d.declared(ctx, ex.FinalURL) },
		func() []dateline.Source { return d.unless(feed.Guess(ex.FinalURL)) },
		func() []dateline.Source { return d.unless(sections) },
	}
	for _, sources := range steps {
		if err := d.all(ctx, sources()); err != nil {
			return nil, err
		}
	}
	if !slices.ContainsFunc(d.out.Outlet.Sources, func(s dateline.Source) bool { return s.Kind == dateline.SourceFeed }) {
		// Without a feed the front page tells soonest what is new.
		if index := feed.Index(body, ex.Header.Get("Content-Type"), ex.FinalURL); len(index.Entries) > 0 {
			d.take(dateline.Source{URL: ex.FinalURL, Kind: dateline.SourceIndex, Title: index.Title, Language: found.Language}, index)
		}
	}
	return d.done()
}

// article is that of a page that has one, and no list of them; else nil.
func article(ex *fetch.Exchange, body []byte) *dateline.Article {
	if !strings.ContainsAny(key(ex.FinalURL), "/?") {
		return nil // a front page
	}
	a, err := read.Page(read.Source{Name: ex.FinalURL, URL: ex.FinalURL, Body: body, ContentType: ex.Header.Get("Content-Type"), Status: ex.Status}, nil)
	if err != nil || a.Text == "" || a.Kind == dateline.KindIndex || a.Kind == dateline.KindNotice || a.Kind == dateline.KindOther {
		return nil
	}
	return a
}

// front asks for the front page of the site that an article is on, and adds to
// what that says of the outlet the feeds that the article names. Where it cannot
// be had, what the article says has to do.
func (d *discoverer) front(ctx context.Context, of *fetch.Exchange, said *feed.Found) (*fetch.Exchange, []byte, *feed.Found, error) {
	said.Sources = slices.DeleteFunc(said.Sources, func(s dateline.Source) bool { return s.Kind != dateline.SourceFeed })
	home := cmp.Or(said.Home, siteOf(of.FinalURL)+"/")
	ex, body, err := d.get(ctx, home)
	if ctx.Err() != nil {
		return nil, nil, nil, ctx.Err()
	}
	if err == nil && fetch.Domain(ex.FinalURL) != fetch.Domain(home) {
		err = errors.New("it leads to another site, " + show(ex.FinalURL))
	}
	if err != nil {
		d.out.Tried = append(d.out.Tried, Tried{Source: dateline.Source{URL: home, Kind: dateline.SourceIndex}, Why: reason(err)})
		at := *of
		at.FinalURL = home
		return &at, nil, said, nil
	}
	d.seen[home], d.seen[ex.FinalURL] = true, true
	found := feed.Find(body, ex.Header.Get("Content-Type"), ex.FinalURL)
	found.Name, found.Language = cmp.Or(found.Name, said.Name), cmp.Or(found.Language, said.Language)
	found.Sources = append(found.Sources, said.Sources...)
	return ex, body, found, nil
}

// homeOf is the home page of the outlet whose feed that is: what the feed names,
// if its pages are there, else the root of where most of its pages are. A feed
// may stand on a service that is nobody's home.
func homeOf(doc *feed.Document, address string) string {
	pages, most := map[string]int{}, address
	for _, e := range doc.Entries {
		d := fetch.Domain(e.URL)
		if pages[d]++; pages[d] > pages[fetch.Domain(most)] {
			most = e.URL
		}
	}
	if doc.Home != "" && fetch.Domain(doc.Home) == fetch.Domain(most) {
		return doc.Home
	}
	return siteOf(most) + "/"
}

type discoverer struct {
	p     *Pipeline
	since time.Time
	step  func(string)
	seen  map[string]bool
	pages map[string]bool // keys
	out   Discovery
}

func (d *discoverer) done() (*Discovery, error) {
	o := &d.out.Outlet
	k, err := dateline.PageKey(o.Home)
	if err != nil {
		return nil, err
	}
	o.ID = dateline.OutletID(k)
	o.Added, o.Since = d.p.Now(), d.since
	for _, s := range o.Sources {
		o.Language = cmp.Or(o.Language, s.Language)
	}
	if o.Name == "" {
		o.Name, _, _ = strings.Cut(k, "/")
	}
	d.out.Listed = len(d.pages)
	if len(o.Sources) == 0 {
		return &d.out, fmt.Errorf("no feed, sitemap or list of articles: %w", dateline.ErrNotFound)
	}
	return &d.out, nil
}

// unless is the sources, where none was found so far.
func (d *discoverer) unless(sources []dateline.Source) []dateline.Source {
	if len(d.out.Outlet.Sources) > 0 {
		return nil
	}
	return sources
}

// all looks at sources, one after the other.
func (d *discoverer) all(ctx context.Context, sources []dateline.Source) error {
	var lists []dateline.Source
	for _, s := range sources {
		if d.seen[s.URL] || len(d.out.Tried) == mostTried {
			continue
		}
		d.seen[s.URL] = true
		var ex *fetch.Exchange
		var body []byte
		var doc *feed.Document
		var err error
		if s.Kind == dateline.SourceSitemap {
			doc, err = d.sitemap(ctx, s.URL)
		} else if ex, body, err = d.get(ctx, s.URL); err == nil {
			doc, err = parsed(ex, body, s.Kind, d.p.Now())
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if ex != nil && errors.Is(err, dateline.ErrUnsupported) && s.Kind == dateline.SourceFeed {
			// A page that lists feeds, as those behind a link "RSS" are.
			lists = append(lists, feed.Find(body, ex.Header.Get("Content-Type"), ex.FinalURL).Sources...)
		}
		if err != nil {
			d.out.Tried = append(d.out.Tried, Tried{Source: s, Why: reason(err)})
			continue
		}
		s.Kind = doc.Kind
		s.Title, s.Language = cmp.Or(s.Title, doc.Title), cmp.Or(s.Language, doc.Language)
		d.take(s, doc)
	}
	lists = slices.DeleteFunc(lists, func(s dateline.Source) bool { return s.Kind != dateline.SourceFeed || d.seen[s.URL] })
	if len(lists) > 0 {
		return d.all(ctx, lists)
	}
	return nil
}

// parsed is the document of an answer, whose body is decoded.
func parsed(ex *fetch.Exchange, body []byte, kind dateline.SourceKind, now time.Time) (*feed.Document, error) {
	if kind == dateline.SourceIndex {
		doc := feed.Index(body, ex.Header.Get("Content-Type"), ex.FinalURL)
		if len(doc.Entries) == 0 {
			return nil, errors.New("no links to articles")
		}
		return doc, nil
	}
	return feed.Parse(body, ex.Header.Get("Content-Type"), ex.FinalURL, now)
}

// take adds a source that has something, unless all its pages are known from
// one taken before.
func (d *discoverer) take(s dateline.Source, doc *feed.Document) {
	t := Tried{Source: s, Entries: len(doc.Entries) + len(doc.Sitemaps)}
	fresh, dated := 0, 0
	var oldest, newest lang.Date
	if d.pages == nil {
		d.pages = map[string]bool{}
	}
	for _, e := range doc.Entries {
		if at := fetch.Domain(e.URL); at != fetch.Domain(d.out.Outlet.Home) && at != fetch.Domain(s.URL) {
			continue // such are not followed
		}
		day := entryDay(e)
		if day.Year != 0 {
			dated++
			if oldest.Year == 0 || day.Before(oldest) {
				oldest = day
			}
			if newest.Year == 0 || newest.Before(day) {
				newest = day
			}
		}
		if !d.since.IsZero() && day.Year != 0 && day.Time(time.UTC).Before(d.since.Truncate(24*time.Hour)) {
			continue
		}
		if k := key(e.URL); k != "" && !d.pages[k] {
			fresh++
			d.pages[k] = true
		}
	}
	if oldest.Year != 0 {
		t.Oldest, t.Newest = oldest.String(), newest.String()
	}
	switch {
	case t.Entries == 0:
		t.Why = "it lists nothing"
	case fresh == 0 && len(doc.Sitemaps) == 0 && len(d.out.Outlet.Sources) > 0:
		t.Why = "all it lists is in another source, or is older than what is wanted"
	default:
		t.Chosen = true
		d.out.Outlet.Sources = append(d.out.Outlet.Sources, s)
		if dated > 1 && s.Kind == dateline.SourceFeed {
			span := newest.Time(time.UTC).Sub(oldest.Time(time.UTC)).Hours()/24 + 1
			d.out.PerDay += float64(fresh) / span
		}
	}
	d.out.Tried = append(d.out.Tried, t)
}

// declared are the sitemaps that robots.txt names.
func (d *discoverer) declared(ctx context.Context, address string) []dateline.Source {
	h, err := d.p.Store.Host(ctx, fetch.Domain(address))
	if err != nil {
		return nil
	}
	var out []dateline.Source
	for _, kept := range h.Robots {
		var r fetch.Robots
		if r.UnmarshalText(kept.Rules) != nil {
			continue
		}
		for _, s := range r.Sitemaps() {
			if fetch.Domain(s) == fetch.Domain(address) && len(out) < 10 {
				out = append(out, dateline.Source{URL: s, Kind: dateline.SourceSitemap})
			}
		}
	}
	slices.SortFunc(out, func(a, b dateline.Source) int { return cmp.Compare(a.URL, b.URL) })
	return out
}

// longest is how long discovery waits for a host's turn.
const longest = time.Minute

// get asks for an address and gives what is there, decoded.
func (d *discoverer) get(ctx context.Context, address string) (*fetch.Exchange, []byte, error) {
	ex, err := d.reach(ctx, address, nil)
	if err != nil {
		return nil, nil, err
	}
	body, _, err := fetch.Decode(ex.Body, ex.Header, int(d.p.Options.withDefaults().MaxSitemap))
	return ex, body, err
}

// sitemap asks for a sitemap and keeps of its entries no more than is looked at,
// for it may be long.
func (d *discoverer) sitemap(ctx context.Context, address string) (doc *feed.Document, err error) {
	var bad error
	_, err = d.reach(ctx, address, func(h *fetch.Hop, body io.Reader) error {
		var entries []dateline.Entry
		doc, bad = d.p.pour(h, body, func(e dateline.Entry) bool {
			entries = append(entries, dateline.Entry{URL: e.URL, Published: e.Published, Modified: e.Modified})
			return true
		})
		if doc != nil {
			doc.Entries = entries
		}
		return nil
	})
	return doc, cmp.Or(err, bad)
}

// reach asks for an address in turns of its host, waiting for them, and goes
// where it leads, to another site too. pour is as of [fetch.Request].
func (d *discoverer) reach(ctx context.Context, address string, pour func(*fetch.Hop, io.Reader) error) (*fetch.Exchange, error) {
	for hops := 0; ; hops++ {
		ex, err := d.turns(ctx, address, pour)
		if err != nil {
			return nil, err
		}
		if to := ex.Hops[len(ex.Hops)-1].Location; ex.Status/100 == 3 && to != "" && hops < 5 {
			address = to
			continue
		}
		if ex.Status/100 != 2 {
			return nil, fmt.Errorf("%s: the server answered %d", ex.FinalURL, ex.Status)
		}
		return ex, nil
	}
}

// turns takes as many turns as an address needs with its robots.txt.
func (d *discoverer) turns(ctx context.Context, address string, pour func(*fetch.Hop, io.Reader) error) (*fetch.Exchange, error) {
	d.step(address)
	lane := fetch.Domain(address)
	if lane == "" {
		return nil, fmt.Errorf("%s: not an address of the public web: %w", address, dateline.ErrRefused)
	}
	for range 6 {
		t, err := d.p.turn(ctx, lane)
		if err != nil {
			return nil, err
		}
		t.anew = true // somebody waits for it, who may have mended it
		pause := t.host.Next.Sub(d.p.Now())
		if pause > longest {
			return nil, fmt.Errorf("%s: this host is not to be asked before %s: %w", address, t.host.Next.Format(time.RFC3339), dateline.ErrLater)
		}
		if err := wait(ctx, pause); err != nil {
			return nil, err
		}
		v, err := t.admit(ctx, address)
		if err != nil {
			return nil, err
		}
		var ex *fetch.Exchange
		var answered error
		if v == allowed {
			ex, answered = t.ask(ctx, fetch.Request{URL: address, MaxBody: d.p.Options.withDefaults().MaxSitemap, Follow: t.leads(address), Pour: pour})
		}
		if err := d.p.Store.PutHost(context.WithoutCancel(ctx), *t.kept()); err != nil {
			return nil, err
		}
		switch {
		case v == forbidden:
			return nil, fmt.Errorf("%s: robots.txt forbids it: %w", address, dateline.ErrRefused)
		case v == unanswered || v == hopeless:
			return nil, &unhad{address, t.why, t.err}
		case v == allowed && !t.want:
			return ex, answered
		}
	}
	return nil, fmt.Errorf("%s: its host takes no more requests now: %w", address, dateline.ErrLater)
}

// unhad says that an address may not be asked for now. It is an ErrLater, and
// whatever kept robots.txt from being had, if not its server's answer.
type unhad struct {
	address, why string
	err          error
}

func (e *unhad) Error() string {
	return fmt.Sprintf("%s: its robots.txt cannot be had (%s), so nothing may be asked for: %v", e.address, e.why, dateline.ErrLater)
}

func (e *unhad) Unwrap() []error { return []error{dateline.ErrLater, e.err} }

func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
