package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
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
	unanswered         // robots.txt could not be had, so nothing may be asked for
)

// admit tells whether the address may be asked for in this turn. Where
// robots.txt is not known, the turn is used to ask for it.
func (t *turn) admit(ctx context.Context, address string) (verdict, error) {
	now := t.p.Now()
	if t.host.Count >= t.p.Options.withDefaults().Budget {
		t.host.Next = now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
		return later, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return forbidden, nil
	}
	site := u.Scheme + "://" + u.Host
	if kept, ok := t.host.Robots[site]; ok && now.Before(kept.Until) {
		var r fetch.Robots
		if err := r.UnmarshalText(kept.Rules); err == nil {
			t.pace.CrawlDelay = r.CrawlDelay(agent)
			if r.Allowed(agent, address) {
				return allowed, nil
			}
			return forbidden, nil
		}
	}
	switch known, err := t.robots(ctx, site, address); {
	case err != nil:
		return later, err
	case !known:
		return unanswered, nil
	}
	return later, nil
}

// agent is the product token that robots.txt files name.
const agent = "Dateline"

// robots asks for the robots.txt that goes for an address and keeps what it
// says; known is false where the server cannot say now.
func (t *turn) robots(ctx context.Context, site, address string) (known bool, err error) {
	var r *fetch.Robots
	ex, failed := t.request(func() (ex *fetch.Exchange, err error) {
		r, ex, err = t.p.Client.Robots(ctx, address)
		return ex, err
	})
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if failed != nil {
		t.why = reason(failed)
		return false, nil
	}
	if waits(ex.Status) {
		t.why = fmt.Sprintf("the server answered %d", ex.Status)
		return false, nil
	}
	rules, err := r.For(agent).MarshalText()
	if err != nil {
		return false, fmt.Errorf("keep robots.txt of %s: %w", site, err)
	}
	if t.host.Robots == nil {
		t.host.Robots = map[string]store.Robots{}
	}
	t.host.Robots[site] = store.Robots{Rules: rules, Until: r.Expires}
	// A host with many names keeps the newest few.
	for len(t.host.Robots) > 50 {
		oldest := ""
		for s, r := range t.host.Robots {
			if oldest == "" || r.Until.Before(t.host.Robots[oldest].Until) {
				oldest = s
			}
		}
		delete(t.host.Robots, oldest)
	}
	return true, nil
}

// ask makes the turn's request.
func (t *turn) ask(ctx context.Context, r fetch.Request) (*fetch.Exchange, error) {
	return t.request(func() (*fetch.Exchange, error) { return t.p.Client.Do(ctx, r) })
}

// request keeps the pace around a request.
func (t *turn) request(do func() (*fetch.Exchange, error)) (*fetch.Exchange, error) {
	t.p.Pace.Begin(&t.pace, t.p.Now(), rand.Float64())
	t.host.Count++
	ex, err := do()
	t.p.Pace.End(&t.pace, t.p.Now(), ex, err, rand.Float64())
	if t.pace.Next.After(t.host.Next) {
		t.host.Next = t.pace.Next
	}
	return ex, err
}

// kept is the host's state as the store is to have it.
func (t *turn) kept() *store.Host {
	if b, err := json.Marshal(t.pace); err == nil {
		t.host.Pace = b
	}
	return &t.host
}

// giveBack ends the turn without an end of the unit: it comes again when the
// host is ready.
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
// domain, where robots.txt, as far as it is known, allows it.
func (t *turn) leads(from string) func(address string) bool {
	return func(address string) bool {
		if fetch.Domain(address) != fetch.Domain(from) {
			return false
		}
		u, err := url.Parse(address)
		if err != nil {
			return false
		}
		kept, ok := t.host.Robots[u.Scheme+"://"+u.Host]
		if !ok {
			return true
		}
		var r fetch.Robots
		return r.UnmarshalText(kept.Rules) != nil || r.Allowed(agent, address)
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
	k, err := dateline.PageKey(address)
	if err != nil {
		return ""
	}
	return k
}
