package greader

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"dateline"
	"dateline/internal/store"
)

func isMissing(err error) bool {
	return errors.Is(err, dateline.ErrNotFound) || errors.Is(err, dateline.ErrGone)
}

// change is what is done to an item's state.
type change struct{ read, starred *bool }

func (ch *change) set(state string, to bool) error {
	switch state {
	case read:
		ch.read = &to
	case unread: // not to be kept unread is not to be read
		if no := false; to {
			ch.read = &no
		}
	case starry:
		ch.starred = &to
	default:
		return fmt.Errorf("an item can be read, kept-unread or starred; what else it is the record says: %w", dateline.ErrInvalid)
	}
	return nil
}

// changeOf is what a form asks for.
func (c *call) changeOf() (ch change, err error) {
	for name, to := range map[string]bool{"a": true, "r": false} {
		for _, id := range c.r.Form[name] {
			s, err := parseStream(id)
			if err == nil {
				err = ch.set(s.state, to)
			}
			if err != nil {
				return ch, err
			}
		}
	}
	return ch, nil
}

// apply tells whether it changes anything.
func (ch *change) apply(i *item, now time.Time) bool {
	changed := false
	if ch.read != nil && *ch.read != i.state.IsRead() {
		changed = true
		version := i.page.Version
		if !*ch.read {
			version = 0
		}
		i.state.SetRead(version, now)
	}
	if ch.starred != nil && *ch.starred != i.state.IsStarred() {
		changed = true
		i.state.SetStarred(*ch.starred, now)
	}
	return changed
}

// editTag marks items as read or unread, or stars them.
func (c *call) editTag() error {
	ch, err := c.changeOf()
	if err != nil {
		return err
	}
	items, err := c.named()
	if err != nil {
		return err
	}
	if err := c.put(items, ch); err != nil {
		return err
	}
	return c.done()
}

// together is how many states are written beside each other: the store commits
// them in one.
const together = 64

// put keeps the changed states of items.
func (c *call) put(items []item, ch change) error {
	now := c.Now()
	changed := make([]store.ReadingState, 0, len(items))
	for i := range items {
		if it := &items[i]; ch.apply(it, now) {
			it.state.User, it.state.Page = c.id.User.N, it.page.N
			changed = append(changed, it.state)
		}
	}
	for len(changed) > 0 {
		some := changed[:min(len(changed), together)]
		changed = changed[len(some):]
		errs := make([]error, len(some))
		var wg sync.WaitGroup
		for i := range some {
			wg.Go(func() { errs[i] = c.Store.PutReading(c.ctx, some[i]) })
		}
		wg.Wait()
		for _, err := range errs {
			if err != nil && !isMissing(err) {
				return err
			}
		}
	}
	return nil
}

// markAll marks all of a stream as read that was there at a time.
func (c *call) markAll() error {
	s, err := parseStream(c.r.Form.Get("s"))
	if err != nil {
		return err
	}
	until := c.Now()
	if text := c.r.Form.Get("ts"); text != "" {
		if until, err = parseStamp(text); err != nil {
			return err
		}
	}
	yes := true
	f := filter{until: until, without: []string{read}}
	for {
		items, next, err := c.walk(s, f, mostItems)
		if err != nil {
			return err
		}
		seen := items[:0]
		for _, i := range items {
			if i.page.Version, err = c.versionAt(&i.page, until); err != nil {
				return err
			}
			if i.page.Version != 0 {
				seen = append(seen, i)
			}
		}
		if err := c.put(seen, change{read: &yes}); err != nil {
			return err
		}
		if f.cursor = next; next == "" {
			return c.done()
		}
		if c.ctx.Err() != nil {
			return context.DeadlineExceeded
		}
	}
}

// versionAt is the version that a page had at a time, 0 for none. A page is found
// before it is fetched, so one that was visited since may have come in since.
func (c *call) versionAt(p *store.Page, at time.Time) (int64, error) {
	if !p.Visited.IsZero() && !p.Visited.After(at) {
		return p.Version, nil
	}
	list, err := c.Store.Versions(c.ctx, p.N)
	if err != nil && !isMissing(err) {
		return 0, err
	}
	var version int64
	for _, v := range list {
		if !v.First.After(at) {
			version = v.N
		}
	}
	return version, nil
}

// parseStamp reads a time in microseconds since 1970; some apps send seconds.
func parseStamp(text string) (time.Time, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return time.Time{}, fmt.Errorf("ts=%.40q is no time in microseconds since 1970: %w", text, dateline.ErrInvalid)
	}
	if n < 1e12 {
		n *= 1e6
	}
	return time.UnixMicro(n), nil
}
