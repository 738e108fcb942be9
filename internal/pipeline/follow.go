package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/store"
	"dateline/internal/work"
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
	if began := p.round.Load(); began != nil && !src.Checked.Before(*began) {
		v.Source.Next = p.Now().Add(soon) // for the next round
		return p.visited(ctx, it, t, src, v)
	}
	if it.Tries > suspect {
		p.failed(&v, "taking its entries did not end")
		return p.visited(ctx, it, t, src, v)
	}
	sitemap := src.Kind == dateline.SourceSitemap // never in memory as a whole
	limit := min(large, p.longest(src.Kind))
	if sitemap {
		limit = p.longest(src.Kind)
	} else if p.large.knows(src.N) {
		if !p.large.enter() {
			v.Source.Next = p.Now().Add(time.Minute)
			return p.visited(ctx, it, t, src, v)
		}
		defer p.large.leave()
		limit = p.longest(src.Kind)
	}
	switch verdict, err := t.admit(ctx, src.URL); {
	case err != nil:
		return err
	case verdict == later:
		return t.giveBack(ctx, it)
	case verdict == unanswered || verdict == hopeless:
		p.failed(&v, "robots.txt cannot be had: "+t.why)
		return p.visited(ctx, it, t, src, v)
	case verdict == forbidden:
		p.failed(&v, "robots.txt forbids this address")
		v.Source.Next = p.Now().Add(24 * time.Hour)
		return p.visited(ctx, it, t, src, v)
	}
	req := fetch.Request{URL: src.URL, MaxBody: limit, Accept: accepts(src.Kind), Follow: t.leads(src.URL)}
	if src.Failures == 0 {
		// After failures the whole is asked for: an answer that nothing has
		// changed would not tell whether it is well again.
		req.ETag, req.LastModified = src.ETag, src.LastModified
	}
	var l *lister
	if sitemap {
		l = p.lister(ctx, &v)
		req.Pour = l.poured
	}
	ex, err := t.ask(ctx, req)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case t.fault != nil:
		return t.fault
	case l != nil && l.err != nil:
		return l.err
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
		p.quiet(&v, 0)
	case ex.Status/100 != 2:
		p.failed(&v, refusal(ex))
	case l != nil:
		if err := l.list(l.doc, l.docErr, ex); err != nil {
			return err
		}
	default:
		err := p.listed(ctx, &v, ex, limit)
		if errors.Is(err, errLarge) {
			p.large.note(src.N)
			return t.giveBack(ctx, it)
		}
		if err != nil {
			return err
		}
	}
	return p.visited(ctx, it, t, src, v)
}

// refusal says of an answer that is no list what a user can do about it.
func refusal(ex *fetch.Exchange) string {
	to := ex.Hops[len(ex.Hops)-1].Location
	switch {
	case to == "":
		return fmt.Sprintf("the server answered %d", ex.Status)
	case fetch.Domain(to) == fetch.Domain(ex.FinalURL):
		return "it leads to " + show(to) + ", which robots.txt forbids"
	case ex.Status == 301 || ex.Status == 308:
		return "moved to " + show(to) + ": add that address"
	}
	return "it leads to another site for now, " + show(to)
}

func show(address string) string { return fmt.Sprintf("%.300s", address) }

func accepts(k dateline.SourceKind) string {
	if k == dateline.SourceIndex {
		return "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
	}
	return "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
}

// visited ends the unit; was is how the source did before.
func (p *Pipeline) visited(ctx context.Context, it work.Item, t *turn, was store.SourceState, v store.Visit) error {
	v.Host = t.kept()
	if v.Source.Next.Before(t.host.Next) {
		v.Source.Next = t.host.Next
	}
	added, err := p.Store.SaveVisit(ctx, it, v)
	if err != nil {
		return err
	}
	if v.Source.Error != "" {
		p.Log.Warn("source fails", "source", v.Source.URL, "err", v.Source.Error)
	} else if added > 0 {
		p.Log.Info("source has news", "source", v.Source.URL, "new", added)
	}
	if p.Tell != nil && v.Source.Error != was.Error {
		p.Tell(News{Source: was.N, Outcome: v.Source.Error})
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
func (p *Pipeline) quiet(v *store.Visit, least time.Duration) { p.next(v, 3, 2, least) }

// lively marks a visit that found something: the next comes a little sooner.
func (p *Pipeline) lively(v *store.Visit, least time.Duration) { p.next(v, 1, 2, least) }

// next is when to come again. least is what the publisher asks for.
func (p *Pipeline) next(v *store.Visit, times, by, least time.Duration) {
	o := p.Options.withDefaults()
	every := cmp.Or(v.Source.Every, o.Interval) * times / by
	v.Source.Every = min(max(every, o.MinInterval, least), o.MaxInterval)
	v.Source.Next = p.Now().Add(v.Source.Every)
}

// large is how long a source's document may be to be worked on beside any
// number of others, on the wire and, where that is told beforehand, decoded.
// Sitemaps are never in memory as a whole.
const large = 4 << 20

// errLarge says that a document is longer.
var errLarge = errors.New("a large document")

// longest is how long a source's document may be at all.
func (p *Pipeline) longest(k dateline.SourceKind) int64 {
	o := p.Options.withDefaults()
	if k == dateline.SourceSitemap {
		return o.MaxSitemap
	}
	return o.MaxFeed
}

// largest keeps memory flat however many sources have large documents: one is
// worked on at a time. Which are large is found by asking for them; it is not
// kept, as that costs one request a start.
type largest struct {
	mu      sync.Mutex
	busy    bool
	sources map[int64]bool
}

func (l *largest) knows(source int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sources[source]
}

func (l *largest) note(source int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sources == nil {
		l.sources = map[int64]bool{}
	}
	l.sources[source] = true
}

// enter takes the place; it is false where it is taken.
func (l *largest) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	free := !l.busy
	l.busy = true
	return free
}

func (l *largest) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy = false
}
