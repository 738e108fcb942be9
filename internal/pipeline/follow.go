package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"dateline"
	"dateline/feed"
	"dateline/fetch"
	"dateline/internal/store"
	"dateline/internal/work"
	"dateline/lang"
)

// follow asks a source for its pages. A source that has nothing new costs one
// request and a write of its own state.
func (p *Pipeline) follow(ctx context.Context, it work.Item) error {
	src, err := p.Store.Source(ctx, it.Key)
	if errors.Is(err, dateline.ErrNotFound) {
		return p.Store.Finish(ctx, it) // dropped while it waited
	}
	if err != nil {
		return err
	}
	t, err := p.turn(ctx, it.Lane)
	if err != nil {
		return err
	}
	v := store.Visit{Source: src}
	if it.Tries > suspect {
		p.failed(&v, "taking its entries did not end")
		return p.visited(ctx, it, t, v)
	}
	switch verdict, err := t.admit(ctx, src.URL); {
	case err != nil:
		return err
	case verdict == later:
		return t.giveBack(ctx, it)
	case verdict == unanswered:
		p.failed(&v, "robots.txt cannot be had: "+t.why)
		return p.visited(ctx, it, t, v)
	case verdict == forbidden:
		p.failed(&v, "robots.txt forbids this address")
		v.Source.Next = p.Now().Add(24 * time.Hour)
		return p.visited(ctx, it, t, v)
	}
	o := p.Options.withDefaults()
	max := o.MaxFeed
	if src.Kind == dateline.SourceSitemap {
		max = o.MaxSitemap
	}
	req := fetch.Request{URL: src.URL, MaxBody: max, Accept: accepts(src.Kind), Follow: t.leads(src.URL)}
	if src.Failures == 0 {
		// After failures the whole is asked for: an answer that nothing has
		// changed would not tell whether it is well again.
		req.ETag, req.LastModified = src.ETag, src.LastModified
	}
	ex, err := t.ask(ctx, req)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case t.want:
		return t.giveBack(ctx, it)
	}
	v.Source.Checked = p.Now()
	if ex != nil {
		v.Source.Status = ex.Status
	}
	switch {
	case err != nil:
		p.failed(&v, reason(err))
	case ex.Status == 304:
		v.Source.Succeeded = p.Now()
		p.quiet(&v)
	case ex.Status/100 != 2:
		p.failed(&v, fmt.Sprintf("the server answered %d", ex.Status))
	default:
		if err := p.listed(ctx, t, &v, ex, int(max)); err != nil {
			return err
		}
	}
	return p.visited(ctx, it, t, v)
}

func accepts(k dateline.SourceKind) string {
	if k == dateline.SourceIndex {
		return "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
	}
	return "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
}

// visited ends the unit.
func (p *Pipeline) visited(ctx context.Context, it work.Item, t *turn, v store.Visit) error {
	v.Host = t.kept()
	if v.Source.Next.Before(t.host.Next) {
		v.Source.Next = t.host.Next
	}
	added, err := p.Store.SaveVisit(ctx, it, v)
	if err != nil {
		return err
	}
	if v.Source.Error != "" {
		p.Log.Warn("follow", "source", v.Source.URL, "err", v.Source.Error)
	} else if added > 0 {
		p.Log.Info("follow", "source", v.Source.URL, "new", added)
	}
	return nil
}

// failed marks a visit that brought nothing; the next is the later the more
// of them there were.
func (p *Pipeline) failed(v *store.Visit, why string) {
	o := p.Options.withDefaults()
	v.Source.Checked = p.Now()
	v.Source.Error = why
	v.Source.Failures++
	wait := o.MinInterval << min(v.Source.Failures, 10)
	v.Source.Next = p.Now().Add(min(wait, o.MaxInterval))
}

// quiet marks a visit that found nothing new: the next may wait a little longer.
func (p *Pipeline) quiet(v *store.Visit) { p.next(v, 3, 2) }

// lively marks a visit that found something: the next comes a little sooner.
func (p *Pipeline) lively(v *store.Visit) { p.next(v, 1, 2) }

func (p *Pipeline) next(v *store.Visit, times, by time.Duration) {
	o := p.Options.withDefaults()
	every := cmp.Or(v.Source.Every, o.Interval) * times / by
	v.Source.Every = min(max(every, o.MinInterval), o.MaxInterval)
	v.Source.Next = p.Now().Add(v.Source.Every)
}

// listed takes the entries of a document.
func (p *Pipeline) listed(ctx context.Context, t *turn, v *store.Visit, ex *fetch.Exchange, limit int) error {
	body, _, err := fetch.Decode(ex.Body, ex.Header, limit)
	var doc *feed.Document
	if err == nil {
		doc, err = parsed(ex, body, v.Source.Kind, p.Now())
	}
	if err != nil {
		p.failed(v, reason(err))
		return nil
	}
	v.Source.ETag, v.Source.LastModified = ex.Header.Get("ETag"), ex.Header.Get("Last-Modified")
	v.Source.Succeeded, v.Source.Failures, v.Source.Error = p.Now(), 0, ""
	v.Source.Entries = len(doc.Entries) + len(doc.Sitemaps)
	if err := p.sitemaps(ctx, v.Source, doc); err != nil {
		return err
	}
	first := v.Source.Changed.IsZero()
	found, err := p.unknown(ctx, v, doc, first)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		p.quiet(v)
		return nil
	}
	kept, err := p.archived(ctx, ex, nil)
	if err != nil {
		return err
	}
	v.Entries = found
	v.Capture = &kept[len(kept)-1]
	v.Source.Changed = p.Now()
	p.lively(v)
	return nil
}

// unknown are the entries whose pages are not known, or have changed by what
// the entry says.
func (p *Pipeline) unknown(ctx context.Context, v *store.Visit, doc *feed.Document, first bool) ([]store.Found, error) {
	now := p.Now()
	keys := make([]string, 0, len(doc.Entries))
	entries := make([]store.Found, 0, len(doc.Entries))
	for _, e := range doc.Entries {
		k := key(e.URL)
		if k == "" || feed.Endless(e.URL) {
			continue
		}
		keys = append(keys, k)
		entries = append(entries, store.Found{Entry: e, Key: k, Lane: fetch.Domain(e.URL), Due: now})
	}
	known, err := p.Store.Known(ctx, v.Source.N, keys)
	if err != nil {
		return nil, err
	}
	var out []store.Found
	for _, f := range entries {
		mark, ok := known[f.Key]
		if ok && (mark == "" || mark == store.EntryMark(f.Entry) || doc.Kind != dateline.SourceFeed) {
			continue
		}
		day := entryDay(f.Entry)
		switch {
		case !v.Source.Since.IsZero() && day != (lang.Date{}) && day.Time(time.UTC).Before(v.Source.Since.Truncate(24*time.Hour)):
			continue // older than what is followed
		case day == (lang.Date{}) && first && doc.Kind == dateline.SourceSitemap:
			// A sitemap that gives no dates lists all there ever was: what it
			// has at the first visit is known, and what comes later is news.
			f.Due = time.Time{}
		}
		f.Priority = work.News
		if day != (lang.Date{}) && now.Sub(day.Time(time.UTC)) > 8*24*time.Hour {
			f.Priority = work.Backlog
		}
		out = append(out, f)
	}
	return out, nil
}

// entryDay is when an entry's page was published or, failing that, changed, or
// what its address says.
func entryDay(e dateline.Entry) lang.Date {
	for _, s := range []string{e.Published, e.Modified} {
		if d, ok := lang.ParseDate(s); ok {
			return d
		}
	}
	d, _ := lang.URLDate(e.URL)
	return d
}

// maxSitemaps is how many sitemaps of an index are followed: the newest. A
// sitemap has up to 50,000 addresses, so this is more than a year of any outlet.
const maxSitemaps = 24

// sitemaps follows the sitemaps that an index names and that may have pages
// new enough.
func (p *Pipeline) sitemaps(ctx context.Context, src store.SourceState, doc *feed.Document) error {
	if len(doc.Sitemaps) == 0 {
		return nil
	}
	list := slices.Clone(doc.Sitemaps)
	slices.SortStableFunc(list, func(a, b feed.Sitemap) int { return cmp.Compare(b.Modified, a.Modified) })
	var sources []dateline.Source
	for _, s := range list {
		if d, ok := lang.ParseDate(s.Modified); ok && !src.Since.IsZero() && d.Time(time.UTC).Before(src.Since.Truncate(24*time.Hour)) {
			continue
		}
		if len(sources) == maxSitemaps {
			break
		}
		if s.URL != src.URL && fetch.Domain(s.URL) == fetch.Domain(src.URL) {
			sources = append(sources, dateline.Source{URL: s.URL, Kind: dateline.SourceSitemap})
		}
	}
	return p.Store.AddSources(ctx, src.Outlet, sources, fetch.Domain)
}
