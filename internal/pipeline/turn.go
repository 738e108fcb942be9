package pipeline

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dateline"
	"dateline/fetch"
	"dateline/internal/archive"
	"dateline/internal/store"
	"dateline/internal/work"
)

// turn is a unit's turn with its host: the one request it may make, and the
// state of politeness that goes with it. The lane sees to it that a host has
// one turn at a time.
type turn struct {
	p    *Pipeline
	host store.Host
	pace fetch.Host
	why  string // robots.txt cannot be had
	err  error  // nor was it answered at all

	since, again time.Time // since when, and when it is asked for again
	anew         bool      // it is, though that is not yet
	want         bool      // a redirect leads where a robots.txt has to be asked for first

	held  time.Time // on the disk: nobody asks before
	fault error     // that could not be kept, so no request was made
}

func (p *Pipeline) turn(ctx context.Context, lane string) (*turn, error) {
	h, err := p.Store.Host(ctx, lane)
	if err != nil {
		return nil, err
	}
	t := &turn{p: p, host: h}
	if len(h.Pace) > 0 {
		// What cannot be read is of another version: the host begins anew.
		if err := json.Unmarshal(h.Pace, &t.pace); err != nil {
			t.pace = fetch.Host{}
		}
	}
	if h.Next.After(t.pace.Next) {
		t.pace.Next = h.Next
	}
	if day := p.Now().UTC().Format(time.DateOnly); t.host.Day != day {
		t.host.Day, t.host.Count = day, 0
	}
	return t, nil
}

// A verdict says whether an address may be asked for now.
type verdict int

const (
	allowed    verdict = iota
	forbidden          // robots.txt says no
	later              // the turn was used up for robots.txt, or the day's requests are
	unanswered         // robots.txt could not be had, now or not long ago, so nothing may be asked for
	hopeless           // nor ever will be: its address is none, or leads within
)

// admit tells whether the address may be asked for in this turn, and keeps that
// the turn is used before it is. Where a robots.txt is not known, the turn is
// used to ask for it.
func (t *turn) admit(ctx context.Context, address string) (verdict, error) {
	now := t.p.Now()
	if t.host.Count >= t.p.Options.withDefaults().Budget {
		t.host.Next = now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
		return later, nil
	}
	for site, kept := range t.host.Robots {
		if kept.Until.IsZero() { // a redirect leads there
			_, err := t.robots(ctx, site)
			return later, err
		}
	}
	address, err := fetch.Address(address)
	if err != nil {
		return forbidden, nil
	}
	site := siteOf(address)
	r := t.known(site)
	if r != nil && !r.Missing.IsZero() {
		if !t.anew {
			t.why, t.since, t.again = r.Why, r.Missing, t.host.Robots[site].Until
			return unanswered, nil
		}
		r = nil
	}
	if r != nil {
		t.pace.CrawlDelay = r.CrawlDelay(agent)
		if !r.Allowed(agent, address) {
			return forbidden, nil
		}
		return allowed, t.begin(ctx)
	}
	switch answered, err := t.robots(ctx, site); {
	case err != nil:
		return later, err
	case !answered && tries(t.err) == 1:
		return hopeless, nil
	case !answered:
		return unanswered, nil
	}
	return later, nil
}

// known is what is known of a site's robots.txt, be it that it cannot be had;
// nil where it has to be asked for.
func (t *turn) known(site string) *fetch.Robots {
	kept, ok := t.host.Robots[site]
	if !ok || !t.p.Now().Before(kept.Until) {
		return nil
	}
	r := new(fetch.Robots)
	if r.UnmarshalText(kept.Rules) != nil {
		return nil // of another version of the program
	}
	return r
}

// siteOf is what a robots.txt goes for: scheme, host and port of an address as
// it is sent.
func siteOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// begin keeps that a request is made now. However it ends, the next one keeps
// its distance.
func (t *turn) begin(ctx context.Context) error {
	t.host.Count++
	return t.hold(ctx)
}

// hold keeps until when nobody may ask the host again, reckoned from now: a
// request is made only when that is on the disk, and nobody may be left to say
// how long it took. So it is the longest pause that chance can give, and what
// keeping it may take besides; where that took longer, it is kept anew.
func (t *turn) hold(ctx context.Context) error {
	for {
		least, now := t.pace, t.p.Now()
		least.Next = time.Time{}
		t.p.Pace.Begin(&least, now, 0)
		if !t.held.Before(least.Next) {
			return nil
		}
		t.p.Pace.Begin(&t.pace, now.Add(time.Duration(t.p.keeping.Load())), 1)
		t.host.Next = t.pace.Next
		if err := t.p.Store.PutHost(ctx, *t.kept()); err != nil {
			return err
		}
		t.host.Answers = nil
		t.held = t.host.Next.Truncate(time.Millisecond) // as the store keeps times
		t.p.keeping.Store(int64(2 * t.p.Now().Sub(now)))
	}
}

// ready is what a request waits for when its connection stands: to connect may
// have taken long.
func (t *turn) ready(ctx context.Context) func() error {
	return func() error {
		t.fault = t.hold(ctx)
		return t.fault
	}
}

// agent is the product token that robots.txt files name.
const agent = "Dateline"

// robots asks for a site's robots.txt and keeps what it says; answered is
// false where the server cannot say now. Then nothing may be asked for, and
// the file itself is waited for longer each time.
func (t *turn) robots(ctx context.Context, site string) (answered bool, err error) {
	if err := t.begin(ctx); err != nil {
		return false, err
	}
	r, ex, failed := t.p.Client.Robots(ctx, site+"/", t.ready(ctx))
	if err := cmp.Or(ctx.Err(), t.fault); err != nil {
		return false, err
	}
	switch {
	case failed != nil:
		t.why, t.err = reason(failed), failed
	case waits(ex.Status):
		t.why = fmt.Sprintf("the server answered %d", ex.Status)
		if ex.Status != 503 && ex.Status != 429 {
			// A page that fails so says nothing of its host. This closes it.
			busy := *ex
			busy.Status, ex = 503, &busy
		}
	default:
		answered = true
	}
	t.end(ex, failed)
	if !answered {
		// Since when and why is a state of the site, for people to see. Others of
		// its domain do not wait for it: it is asked for again after as long as it
		// has been missing, and not in the next turn. The rules that were known are
		// kept, and say nothing meanwhile.
		r = t.last(site)
		now := t.p.Now()
		if r.Missing.IsZero() {
			r.Missing = now
		}
		r.Why = t.why
		r.Expires = now.Add(min(max(now.Sub(r.Missing), 2*t.host.Next.Sub(now)), cmp.Or(t.p.Pace.MaxBackoff, time.Hour)))
		t.since, t.again = r.Missing, r.Expires
	} else if err := t.keepAnswer(ctx, site, r, ex); err != nil {
		return false, err
	}
	rules, err := r.For(agent).MarshalText()
	if err != nil {
		return false, fmt.Errorf("keep robots.txt of %s: %w", site, err)
	}
	t.keepRobots(site, store.Robots{Rules: rules, Until: r.Expires})
	return answered, nil
}

// keepAnswer archives what was answered for a site's robots.txt, so that what
// was allowed when can be shown later: what has not changed as a revisit.
func (t *turn) keepAnswer(ctx context.Context, site string, r *fetch.Robots, ex *fetch.Exchange) error {
	if t.p.Archive == nil {
		// It was asked for beside the program whose archive it is, which is to
		// have it soon.
		if soon := t.p.Now().Add(time.Hour); soon.Before(r.Expires) {
			r.Expires = soon
		}
		return nil
	}
	var before *store.Kept
	if name, offset, ok := strings.Cut(t.last(site).Kept, " "); ok {
		if n, err := strconv.ParseInt(offset, 10, 64); err == nil {
			before = &store.Kept{Capture: dateline.Capture{WARC: name, Offset: n}}
		}
	}
	kept, err := t.p.archived(ctx, ex, before)
	if errors.Is(err, dateline.ErrInvalid) {
		t.p.Log.Debug("robots.txt cannot be archived as it is", "site", site, "err", err)
		return nil
	}
	if err != nil {
		return err
	}
	last := kept[len(kept)-1]
	r.Kept = last.WARC + " " + strconv.FormatInt(last.Offset, 10)
	t.host.Answers = append(t.host.Answers, kept...)
	return nil
}

// last is what was last known of a site's robots.txt.
func (t *turn) last(site string) *fetch.Robots {
	r := new(fetch.Robots)
	if kept, ok := t.host.Robots[site]; !ok || r.UnmarshalText(kept.Rules) != nil {
		return new(fetch.Robots)
	}
	return r
}

// maxSites is how many robots.txt are kept of a domain: the newest. A host
// with a name for each of its readers has them without end.
const maxSites = 50

func (t *turn) keepRobots(site string, r store.Robots) {
	if t.host.Robots == nil {
		t.host.Robots = map[string]store.Robots{}
	}
	t.host.Robots[site] = r
	for len(t.host.Robots) > maxSites {
		oldest := ""
		for s, r := range t.host.Robots {
			if s != site && (oldest == "" || r.Until.Before(t.host.Robots[oldest].Until)) {
				oldest = s
			}
		}
		delete(t.host.Robots, oldest)
	}
}

// ask makes the request that admit allowed. Whether fault is set is to be looked
// at first.
func (t *turn) ask(ctx context.Context, r fetch.Request) (*fetch.Exchange, error) {
	r.Ready = t.ready(ctx)
	ex, err := t.p.Client.Do(ctx, r)
	if t.fault != nil {
		return nil, t.fault
	}
	if ex != nil {
		t.host.Count += max(len(ex.Hops)-1, 0)
	}
	t.end(ex, err)
	if err != nil && fetch.Unreached(err) {
		// Its robots.txt is asked for next: what cannot be had either is no fault
		// of the page's, and costs it no more tries.
		site := siteOf(r.URL)
		if kept, ok := t.host.Robots[site]; ok && kept.Until.After(t.p.Now()) {
			kept.Until = t.p.Now()
			t.host.Robots[site] = kept
		}
	}
	return ex, err
}

func (t *turn) end(ex *fetch.Exchange, err error) {
	t.p.Pace.End(&t.pace, t.p.Now(), ex, err, rand.Float64())
	t.host.Next = t.pace.Next
}

// kept is the host's state as the store is to have it.
func (t *turn) kept() *store.Host {
	if b, err := json.Marshal(t.pace); err == nil {
		t.host.Pace = b
	}
	return &t.host
}

// giveBack ends the turn without an end of the unit: it comes again when it is
// due and the host is ready.
func (t *turn) giveBack(ctx context.Context, it work.Item) error {
	if err := t.p.Store.PutHost(ctx, *t.kept()); err != nil {
		return err
	}
	return t.p.Store.GiveBack(ctx, []work.Item{it})
}

// archived writes an exchange's hops to the archive. before is the capture of
// the page that was kept last, if there is one.
func (p *Pipeline) archived(ctx context.Context, ex *fetch.Exchange, before *store.Kept) ([]store.Kept, error) {
	list := make([]archive.Exchange, len(ex.Hops))
	for i := range ex.Hops {
		h := &ex.Hops[i]
		list[i] = archive.Exchange{URL: h.URL, Fetched: h.Fetched, Protocol: h.Protocol, Request: h.Request, Response: h.Response, Truncated: h.Truncated}
		if h.IP.IsValid() {
			list[i].IP = h.IP.String()
		}
	}
	if before != nil && before.Truncated == "" {
		list[len(list)-1].Same = &before.Capture
	}
	captures, err := p.Archive.Write(ctx, list...)
	if err == nil || own(err) && ctx.Err() == nil {
		p.unkept.Store(err != nil)
	}
	if err != nil {
		return nil, err
	}
	kept := make([]store.Kept, len(captures))
	for i, c := range captures {
		kept[i] = store.Kept{Capture: c, Truncated: ex.Hops[i].Truncated, Rights: strings.Join(fetch.Rights(ex.Hops[i].Header), "; ")}
	}
	return kept, nil
}

// leads tells whether a redirect may be followed in this turn: to the same
// domain, where robots.txt allows it. Where that is not known it is wanted: the
// unit is to be given back, and a later turn asks for it.
func (t *turn) leads(from string) func(status int, address string) bool {
	return func(_ int, address string) bool {
		if fetch.Domain(address) != fetch.Domain(from) {
			return false
		}
		site := siteOf(address)
		r := t.known(site)
		if r == nil {
			t.want = true
			t.keepRobots(site, store.Robots{Rules: []byte{}})
			return false
		}
		return r.Missing.IsZero() && r.Allowed(agent, address)
	}
}

// onward is what leads is, for pages: a redirect for the moment to another
// page is no part of this one.
func (t *turn) onward(from string) func(status int, address string) bool {
	leads := t.leads(from)
	return func(status int, address string) bool {
		return (status == 301 || status == 308 || key(address) == key(from)) && leads(status, address)
	}
}

// reason is an error as it is kept with what it happened to.
func reason(err error) string {
	s := err.Error()
	if len(s) > 500 {
		s = s[:500]
	}
	return s
}

// key is the key of an address; empty where it has none.
func key(address string) string {
	sent, err := fetch.Address(address)
	if err != nil {
		return ""
	}
	// What fetch leaves out may tell pages apart: "#!/story/7".
	if _, fragment, ok := strings.Cut(address, "#"); ok && strings.HasPrefix(fragment, "!") {
		sent += "#" + fragment
	}
	k, err := dateline.PageKey(sent)
	if err != nil {
		return ""
	}
	return k
}
