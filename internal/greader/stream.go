package greader

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/search"
)

// What streams are called.
const (
	states = "state/com.google/"
	all    = states + "reading-list"
	read   = states + "read"
	unread = states + "kept-unread"
	starry = states + "starred"
	labels = "label/"
	feeds  = "feed/"

	// folder is the label that all outlets have.
	folder = "Outlets"
)

// tag is the id of a state or a label.
func tag(name string) string { return "user/-/" + name }

// stream is a list of items.
type stream struct {
	state  string // all, read, starry; "" for the others
	outlet string // its id
	label  string
}

// parseStream reads a stream's id. Whose it is said to be is not looked at: it
// is of who asks.
func parseStream(id string) (stream, error) {
	if outlet, ok := strings.CutPrefix(id, feeds); ok && outlet != "" {
		return stream{outlet: outlet}, nil
	}
	name := id
	if rest, ok := strings.CutPrefix(id, "user/"); ok {
		_, name, _ = strings.Cut(rest, "/")
	}
	switch name {
	case "", "reading-list", all, labels + folder:
		return stream{state: all}, nil
	case read, starry, unread:
		return stream{state: name}, nil
	}
	if label, ok := strings.CutPrefix(name, labels); ok && label != "" {
		return stream{label: label}, nil
	}
	return stream{}, fmt.Errorf("stream %.80q: %w", id, dateline.ErrNotFound)
}

// itemPrefix is how the long form of an item's id begins.
const itemPrefix = "tag:google.com,2005:reader/item/"

// itemID is the long form of the id of a page.
func itemID(page int64) string { return fmt.Sprintf("%s%016x", itemPrefix, page) }

// parseItem reads an item's id in any of the forms that apps send: long, its 16
// hexadecimal digits alone, or decimal.
func parseItem(id string) (int64, error) {
	text, base := id, 10
	if hex, ok := strings.CutPrefix(id, itemPrefix); ok {
		text, base = hex, 16
	} else if len(id) == 16 {
		base = 16
	}
	n, err := strconv.ParseInt(text, base, 64)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("item %.80q: %w", id, dateline.ErrInvalid)
	}
	return n, nil
}

// item is an article, and what its reader keeps of it.
type item struct {
	page   store.Page
	state  store.ReadingState
	cursor string
}

// filter says which of a stream's items are meant.
type filter struct {
	oldest        bool
	cursor        string
	since, until  time.Time // of when the record had them
	with, without []string  // states: read, starry
}

func (f *filter) takes(i *item) bool {
	if !f.since.IsZero() && i.page.Found.Before(f.since) && !i.page.Visited.IsZero() && i.page.Visited.Before(f.since) {
		return false // it was there already
	}
	if !f.until.IsZero() && i.page.Found.After(f.until) {
		return false
	}
	is := map[string]bool{all: true, read: i.state.IsRead(), unread: !i.state.IsRead(), starry: i.state.IsStarred()}
	return !slices.ContainsFunc(f.with, func(s string) bool { return !is[s] }) && !slices.ContainsFunc(f.without, func(s string) bool { return is[s] })
}

// filterOf reads what an app asks of a stream.
func (c *call) filterOf() (f filter, err error) {
	form := c.r.Form
	f.oldest, f.cursor = form.Get("r") == "o", form.Get("c")
	for name, to := range map[string]*time.Time{"ot": &f.since, "nt": &f.until} {
		if text := form.Get(name); text != "" {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil || n < 0 || n > 1<<40 {
				return f, fmt.Errorf("%s=%.40q is no time in seconds since 1970: %w", name, text, dateline.ErrInvalid)
			}
			*to = time.Unix(n, 0)
		}
	}
	for name, to := range map[string]*[]string{"it": &f.with, "xt": &f.without} {
		for _, id := range form[name] {
			s, err := parseStream(id)
			switch {
			case err != nil:
				return f, err
			case s.state == "":
				return f, fmt.Errorf("%s=%.80q: only states can be asked for so: %w", name, id, dateline.ErrInvalid)
			}
			*to = append(*to, s.state)
		}
	}
	return f, nil
}

const (
	// some is how many items are looked at at once.
	some = 200
	// enough is how long items are looked for: an app goes on from there.
	enough = 1500 * time.Millisecond
)

// walk gives up to n items of a stream, and where to go on for more. A
// stream of which few fit may give fewer, and have more all the same.
func (c *call) walk(s stream, f filter, n int) (out []item, next string, err error) {
	begun := time.Now()
	batch := make([]item, 0, some)
	last := ""
	for i, err := range c.of(s, &f) {
		if err != nil {
			return nil, "", err
		}
		batch, last = append(batch, i), i.cursor
		if len(batch) < some {
			continue
		}
		if out, err = c.take(out, batch, &f, n+1); err != nil {
			return nil, "", err
		}
		batch = batch[:0]
		if len(out) > n || time.Since(begun) > enough {
			next = last
			break
		}
	}
	if out, err = c.take(out, batch, &f, n+1); err != nil {
		return nil, "", err
	}
	if len(out) > n {
		out, next = out[:n], out[n-1].cursor
	}
	return out, next, nil
}

// take adds those of a batch that fit, up to n in all.
func (c *call) take(out, batch []item, f *filter, n int) ([]item, error) {
	if err := c.know(batch); err != nil {
		return nil, err
	}
	for i := range batch {
		if len(out) < n && f.takes(&batch[i]) {
			out = append(out, batch[i])
		}
	}
	return out, nil
}

// know fills in what the reader keeps of items.
func (c *call) know(items []item) error {
	if !c.own || len(items) == 0 {
		return nil
	}
	pages := make([]int64, len(items))
	for i := range items {
		pages[i] = items[i].page.N
	}
	m, err := c.Store.ReadingStates(c.ctx, c.id.User.N, pages)
	for i := range items {
		items[i].state = m[items[i].page.N]
	}
	return err
}

// of gives all items of a stream, but for their states.
func (c *call) of(s stream, f *filter) iter.Seq2[item, error] {
	if s.state == starry {
		return c.starred(f)
	}
	return func(yield func(item, error) bool) {
		if s.state == read || s.state == unread {
			f.with = append(f.with, s.state)
		}
		q, err := c.query(s)
		if err != nil {
			yield(item{}, err)
			return
		}
		o := store.Options{Cursor: f.cursor, Oldest: f.oldest}
		found := c.Store.List(c.ctx, o)
		if q != nil {
			found = c.Store.Search(c.ctx, q, c.Analyzer, o)
		}
		for h, err := range found {
			if err != nil {
				yield(item{}, err)
				return
			}
			// What belongs to no outlet belongs to no feed, and apps have no place
			// for it; an outlet's name may be that of another.
			if h.Page.Outlet == "" || s.outlet != "" && h.Page.Outlet != s.outlet {
				continue
			}
			if !yield(item{page: h.Page, cursor: h.Cursor}, nil) {
				return
			}
		}
	}
}

// starred gives the items that the reader put by, the last first.
func (c *call) starred(f *filter) iter.Seq2[item, error] {
	return func(yield func(item, error) bool) {
		if !c.own {
			return
		}
		f.with = append(f.with, starry)
		var after int64
		if f.cursor != "" {
			var err error
			if after, err = strconv.ParseInt(f.cursor, 10, 64); err != nil || after <= 0 {
				yield(item{}, fmt.Errorf("continuation %.40q: %w", f.cursor, dateline.ErrInvalid))
				return
			}
		}
		for {
			list, err := c.Store.Starred(c.ctx, c.id.User.N, after, some)
			if err != nil {
				yield(item{}, err)
				return
			}
			for _, r := range list {
				p, err := c.Store.Page(c.ctx, r.Page)
				if err != nil {
					yield(item{}, err)
					return
				}
				after = r.Page
				if p.Version != 0 && p.Outlet != "" && !yield(item{page: p, cursor: strconv.FormatInt(after, 10)}, nil) {
					return
				}
			}
			if len(list) < some {
				return
			}
		}
	}
}

// query finds a stream's items; nil is all of them.
func (c *call) query(s stream) (*search.Query, error) {
	switch {
	case s.outlet != "":
		if _, err := c.Store.Outlet(c.ctx, s.outlet); err != nil {
			return nil, err
		}
		return &search.Query{Root: search.Is{Field: search.FieldOutlet, Value: s.outlet}}, nil
	case s.label != "":
		list, err := c.searches()
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(list, func(x store.SavedSearch) bool { return x.Name == s.label })
		if i < 0 {
			return nil, fmt.Errorf("label %.80q: %w", s.label, dateline.ErrNotFound)
		}
		return search.Parse(list[i].Query)
	}
	return nil, nil
}

// searches are the reader's own.
func (c *call) searches() ([]store.SavedSearch, error) {
	if !c.own {
		return nil, nil
	}
	return c.Store.ListSearches(c.ctx, c.id.User.N)
}
