package sqlite

import (
	"context"
	"fmt"

	"dateline/internal/store"
)

// numbered is a version as its page's captures tell of it.
type numbered struct {
	store.Version
	first store.Kept
}

// versionsOf numbers the versions that captures show, which come oldest first.
// Numbers are reckoned when they are asked for, so that an older capture
// that is imported later finds its place.
func versionsOf(captures []store.Kept) []numbered {
	var out []numbered
	at := map[int64]int{}
	for _, k := range captures {
		if k.Version == 0 {
			continue
		}
		i, ok := at[k.Version]
		if !ok {
			i = len(out)
			at[k.Version] = i
			out = append(out, numbered{store.Version{N: k.Version, Page: k.Page, Number: i + 1, First: k.Fetched, Capture: k.N, Feed: true}, k})
		}
		out[i].Feed = out[i].Feed && k.Feed
		out[i].Last = k.Fetched
		out[i].Captures++
	}
	return out
}

// Versions implements [store.Records].
func (s *Store) Versions(ctx context.Context, page int64) ([]store.Version, error) {
	var out []store.Version
	err := s.read(ctx, func(t *tx) error {
		p := t.page(page)
		for _, v := range versionsOf(t.captures(p.N)) {
			t.row(`SELECT v.digest, v.title, coalesce(r.name, ''), coalesce(a.name, '') FROM version v
				LEFT JOIN code r ON r.n = v.reader LEFT JOIN code a ON a.n = v.annotator WHERE v.n = ?`, list{v.N}, toDigest(&v.Digest), &v.Title, &v.Reader, &v.Annotator)
			out = append(out, v.Version)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read versions of page %d: %w", page, err)
	}
	return out, nil
}

// Events implements [store.Records]. They are what the captures tell, read
// again each time, so nothing has to be kept in step with them.
func (s *Store) Events(ctx context.Context, page int64) ([]store.Event, error) {
	var out []store.Event
	err := s.read(ctx, func(t *tx) error {
		p := t.page(page)
		out = append(out, store.Event{At: p.Found, What: "found"})
		out = append(out, eventsOf(t.captures(p.N))...)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read events of page %d: %w", page, err)
	}
	return out, nil
}

func eventsOf(captures []store.Kept) []store.Event {
	numbers := map[int64]int{}
	for _, v := range versionsOf(captures) {
		numbers[v.N] = v.Number
	}
	var out []store.Event
	var shown int64
	gone, own := false, false // own: the page itself has shown a text
	for _, k := range captures {
		e := store.Event{At: k.Fetched, Status: k.Status, Capture: k.N, Version: numbers[k.Version]}
		switch {
		case k.Status == 404 || k.Status == 410:
			if gone {
				continue
			}
			e.What, gone = "gone", true
		case k.Status >= 300 && k.Status < 400 && k.Status != 304:
			e.What = "moved"
		case k.Status == 401 || k.Status == 402 || k.Status == 403 || k.Status == 451:
			e.What = "refused"
		case k.Status == 304 || k.Version != 0:
			switch {
			case gone:
				e.What = "back"
			case k.Status == 304 && k.Version == 0 || k.Version == shown:
				e.What = "unchanged"
			case shown == 0 || !own && !k.Feed:
				e.What = "kept"
			default:
				e.What = "changed"
			}
			gone = false
			if k.Version != 0 {
				shown = k.Version
				own = own || !k.Feed
			}
		default:
			continue
		}
		out = append(out, e)
	}
	return out
}
