package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/store"
	"dateline/internal/work"
)

// fetch brings a page. It is done when the answer is synced to the archive and
// the store knows where.
func (p *Pipeline) fetch(ctx context.Context, it work.Item) error {
	page, err := p.Store.Page(ctx, it.Key)
	if errors.Is(err, dateline.ErrNotFound) {
		return p.Store.Finish(ctx, it) // erased while it waited
	}
	if err != nil {
		return err
	}
	t, err := p.turn(ctx, it.Lane)
	if err != nil {
		return err
	}
	f := store.Fetched{Page: page.N, At: p.Now(), ETag: page.ETag, LastModified: page.LastModified}
	switch verdict, err := t.admit(ctx, page.URL); {
	case err != nil:
		return err
	case verdict == later:
		return t.giveBack(ctx, it)
	case verdict == unanswered:
		// A state of the site, for which its pages wait, and not for long in a
		// round. That ends when nothing is due, so its whole domain waits there.
		now := p.Now()
		switch {
		case p.round.Load() == nil:
			it.Due = t.again
		case now.Sub(t.since) >= 6*cmp.Or(p.Pace.Delay, 5*time.Second):
			it.Due = now.Add(max(t.again.Sub(now), 2*soon))
		case t.again.After(t.host.Next):
			t.host.Next = t.again
		}
		return t.giveBack(ctx, it)
	case verdict == hopeless:
		return p.fail(ctx, it, "robots.txt cannot be had: "+t.why, 1, t.kept())
	case verdict == forbidden:
		f.Outcome = "refused: robots.txt forbids this address"
		return p.fetched(ctx, it, t, page, f)
	}
	req := fetch.Request{URL: page.URL, Follow: t.onward(page.URL)}
	var before *store.Kept
	if page.Capture != 0 {
		k, err := p.Store.Capture(ctx, page.Capture)
		if err != nil {
			return err
		}
		before = &k
		if key(k.URL) == key(page.URL) {
			req.ETag, req.LastModified = page.ETag, page.LastModified
		} // those of where a redirect leads are not for this address
	}
	ex, err := t.ask(ctx, req)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case t.fault != nil:
		return t.fault
	case t.want:
		return t.giveBack(ctx, it)
	}
	if err == nil && damaged(ex) {
		err = fmt.Errorf("get %s: the content coding is damaged: %w", ex.URL, dateline.ErrCorrupt)
	}
	broken := err != nil
	if ex == nil || broken && it.Tries < work.MaxTries {
		return p.fail(ctx, it, reason(err), tries(err), t.kept())
	}
	if !broken && waits(ex.Status) && it.Tries < patient {
		return p.fail(ctx, it, fmt.Sprintf("the server answered %d", ex.Status), patient, t.kept())
	}
	kept, err := p.archived(ctx, ex, before)
	if err != nil {
		return err
	}
	f.Captures, f.Status = kept, ex.Status
	p.judge(&f, ex, page, before)
	if err := p.meet(ctx, &f, page); err != nil {
		return err
	}
	if err := p.fetched(ctx, it, t, page, f); err != nil {
		return err
	}
	// Where it always led elsewhere that is no news.
	if p.Tell != nil && before != nil && len(f.Moved) > 0 && key(before.URL) != f.Moved[0] {
		p.Tell(News{Page: page.N, Outcome: "moved to " + ex.FinalURL})
	}
	return nil
}

// patient is how often a page is asked for where its server says that it is
// not to be had now: with the host's own waiting, over more than a day.
const patient = 20

// tries is how often a request is made that ends in an error: of the network's
// many are our own, but what may not or cannot be asked will not be otherwise.
func tries(err error) int {
	if ae := (*fetch.AddressError)(nil); errors.As(err, &ae) || errors.Is(err, dateline.ErrInvalid) {
		return 1
	}
	return patient
}

// waits tells answers that say to come again later.
func waits(status int) bool {
	return status == 429 || status/100 == 5 && status != 501 && status != 505
}

// damaged tells whether a page's content coding breaks off within what an
// article is long, though the connection held.
func damaged(ex *fetch.Exchange) bool {
	const enough = 1 << 20
	if ex.Status/100 != 2 || ex.Truncated || ex.Header.Get("Content-Encoding") == "" {
		return false
	}
	plain, cut, err := fetch.Decode(ex.Body, ex.Header, enough)
	return errors.Is(err, dateline.ErrCorrupt) || cut && len(plain) < enough
}

// judge says what an answer means for the page.
func (p *Pipeline) judge(f *store.Fetched, ex *fetch.Exchange, page store.Page, before *store.Kept) {
	switch s := ex.Status; {
	case s == 304:
		p.unchanged(f, before)
		return
	case s/100 == 3:
		f.Outcome = "moved to " + ex.Hops[len(ex.Hops)-1].Location
		return
	case s == 404 || s == 410:
		f.Outcome, f.Gone = "gone", true
		return
	case s == 401 || s == 402 || s == 403 || s == 407 || s == 451:
		f.Outcome = fmt.Sprintf("refused: the server answered %d", s)
		return
	case s/100 != 2:
		f.Outcome = fmt.Sprintf("the server answered %d", s)
		return
	}
	if end := key(ex.FinalURL); end != key(page.URL) {
		if !strings.Contains(end, "/") && !strings.Contains(end, "?") {
			f.Outcome, f.Gone = "gone: it leads to the front page", true
			return
		}
		if end != "" && fetch.Domain(ex.FinalURL) == fetch.Domain(page.URL) {
			f.Moved = append(f.Moved, end) // for good: see onward
		}
	}
	f.ETag, f.LastModified = ex.Header.Get("ETag"), ex.Header.Get("Last-Modified")
	last := f.Captures[len(f.Captures)-1]
	if before != nil && before.Digest == last.Digest && before.Version != 0 && before.Truncated == "" {
		p.unchanged(f, before)
		return
	}
	f.Outcome, f.Read = "ok", true
	if last.Truncated != "" {
		f.Outcome = "cut: " + last.Truncated
	}
}

// fetched ends the unit. Where the page was refused, the text that the feed
// has of it is read instead.
func (p *Pipeline) fetched(ctx context.Context, it work.Item, t *turn, page store.Page, f store.Fetched) error {
	f.Next = p.revisit(page, f)
	f.Host = t.kept()
	if strings.HasPrefix(f.Outcome, "refused") && page.Listed != 0 && page.Version == 0 {
		k, err := p.Store.Capture(ctx, page.Listed)
		if err != nil && !errors.Is(err, dateline.ErrNotFound) {
			return err
		}
		if err == nil {
			f.Captures = append(f.Captures, store.Kept{Page: page.N, Capture: k.Capture, Feed: true})
			f.Read = true
		}
	}
	if to, ok := strings.CutPrefix(f.Outcome, "moved to "); ok && f.Status/100 == 3 {
		// Another site has its own robots.txt and pace, and a redirect for the
		// moment its own reasons: what it leads to is a page of its own.
		if err := p.moved(ctx, page, to); err != nil {
			return err
		}
	}
	if err := p.Store.SaveFetch(ctx, it, f); err != nil {
		return err
	}
	p.Log.Debug("fetch", "url", page.URL, "outcome", f.Outcome)
	if what := became(page, f); what != "" && p.Tell != nil {
		p.Tell(News{Page: page.N, Outcome: what})
	}
	return nil
}

// became is what a visit shows to have become of a page since the last, empty
// where that is nothing or a version tells of it.
func became(page store.Page, f store.Fetched) string {
	had := page.Status/100 == 2 || page.Status == 304
	switch {
	case f.Gone && page.Gone.IsZero():
		return f.Outcome
	case strings.HasPrefix(f.Outcome, "refused") && !f.Read && (had || page.Visits == 0):
		return f.Outcome
	case strings.HasPrefix(f.Outcome, "moved to ") && had:
		return f.Outcome
	case !page.Gone.IsZero() && (f.Status/100 == 2 && !f.Gone || f.Status == 304):
		return "back"
	}
	return ""
}

// meet has a page read again that answers where another page is known: reading
// tells whether the two are one.
func (p *Pipeline) meet(ctx context.Context, f *store.Fetched, page store.Page) error {
	for _, k := range f.Moved {
		other, err := p.Store.PageOf(ctx, k)
		if errors.Is(err, dateline.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if other.N != page.N {
			f.Read = true
		}
	}
	return nil
}

// unchanged marks an answer that shows what the one before showed.
func (p *Pipeline) unchanged(f *store.Fetched, before *store.Kept) {
	f.Outcome = "unchanged"
	if before != nil {
		f.Captures[len(f.Captures)-1].Version = before.Version
	}
}

// mostHops is how many redirects for the moment are gone after from a page that
// was listed: as many as browsers follow is more than honest sites need.
const mostHops = 10

// moved adds the page that a redirect leads to, unless robots.txt is why it was
// not followed.
func (p *Pipeline) moved(ctx context.Context, page store.Page, to string) error {
	k := key(to)
	if k == "" || k == key(page.URL) || !strings.ContainsAny(k, "/?") || page.Hops == mostHops {
		return nil
	}
	_, err := p.Store.AddPage(ctx, store.Found{Entry: dateline.Entry{URL: to, Title: page.Title, Published: page.Published},
		Key: k, Lane: fetch.Domain(to), Priority: work.News, Due: p.Now(), Hops: page.Hops + 1}, page.Outlet)
	if errors.Is(err, dateline.ErrRefused) {
		return nil
	}
	return err
}

// revisit is when a page is looked at again, zero for never: at the times of
// Options.Revisits after it was found. What was old when it was found has
// settled; what is gone may come back, unless the server says that it is for
// good.
func (p *Pipeline) revisit(page store.Page, f store.Fetched) time.Time {
	if f.Status == 410 {
		return time.Time{}
	}
	now := p.Now()
	times := p.Options.withDefaults().Revisits
	if strings.HasPrefix(f.Outcome, "refused: robots") {
		// It may be a mistake of the moment, so it is no end.
		times = []time.Duration{24 * time.Hour, 3 * 24 * time.Hour, 10 * 24 * time.Hour, 20 * 24 * time.Hour}
	}
	if d := entryDay(dateline.Entry{Published: page.Published}); d.Year != 0 && page.Found.Sub(d.Time(time.UTC)) > 8*24*time.Hour {
		return time.Time{}
	}
	for _, after := range times {
		// A visit that came a little early stands for the one that was due.
		if at := page.Found.Add(after); at.Sub(now) > after/10 {
			return at
		}
	}
	return time.Time{}
}
