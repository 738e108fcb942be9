package greader

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"dateline"
	"dateline/internal/store"
)

// category is a state, a folder or a label.
type category struct {
	ID    string `json:"id"`
	Label string `json:"label,omitempty"`
	Type  string `json:"type,omitempty"`
}

func folderCategory() category {
	return category{tag(labels + folder), folder, "folder"}
}

// subscription is an outlet.
type subscription struct {
	ID         string     `json:"id"`
	Title      string     `json:"title"`
	Categories []category `json:"categories"`
	URL        string     `json:"url"`
	HTMLURL    string     `json:"htmlUrl"`
	IconURL    string     `json:"iconUrl"`
	First      string     `json:"firstitemmsec,omitempty"`
}

func subscriptionOf(o *store.OutletState) subscription {
	s := subscription{ID: feeds + o.ID, Title: cmp.Or(o.Name, o.Home, o.ID), Categories: []category{folderCategory()}, URL: o.Home, HTMLURL: o.Home}
	for _, src := range o.States {
		if src.Kind == dateline.SourceFeed {
			s.URL = src.URL
			break
		}
	}
	if !o.Added.IsZero() {
		s.First = strconv.FormatInt(o.Added.UnixMilli(), 10)
	}
	return s
}

func (c *call) subscriptions() error {
	list, err := c.Store.ListOutlets(c.ctx)
	if err != nil {
		return err
	}
	out := []subscription{}
	for i := range list {
		out = append(out, subscriptionOf(&list[i]))
	}
	return c.answer(map[string]any{"subscriptions": out})
}

func (c *call) tags() error {
	list, err := c.searches()
	if err != nil {
		return err
	}
	out := []category{{ID: tag(starry)}, folderCategory()}
	for _, s := range list {
		if s.Name != folder {
			out = append(out, category{tag(labels + s.Name), s.Name, "tag"})
		}
	}
	return c.answer(map[string]any{"tags": out})
}

var (
	errNotFollowed = fmt.Errorf("outlets are followed by another program, so ask that: %w", dateline.ErrUnsupported)
	errNoAddress   = fmt.Errorf("quickadd is the address of an outlet or a feed, of 4,000 bytes at most: %w", dateline.ErrInvalid)
)

// quickAdd follows an outlet.
func (c *call) quickAdd() error {
	if c.Follow == nil {
		return errNotFollowed
	}
	address := strings.TrimPrefix(c.r.Form.Get("quickadd"), feeds)
	if address == "" || len(address) > 4000 {
		return errNoAddress
	}
	o, err := c.Follow(c.ctx, address)
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"numResults": 1, "query": address, "streamId": feeds + o.ID, "streamName": cmp.Or(o.Name, o.Home, o.ID)})
}

const (
	// most is how many unread items of a feed are counted.
	most = 1000
	// among is how many unread items are counted in all, the newest.
	among = 20_000
)

// count is how many items of a stream are unread.
type count struct {
	ID     string `json:"id"`
	Count  int    `json:"count"`
	Newest string `json:"newestItemTimestampUsec"`

	newest int64
}

// unread counts what is unread among what can be looked at in a moment.
func (c *call) unread() error {
	counts := map[string]*count{}
	add := func(id string, i *item) {
		n := counts[id]
		if n == nil {
			n = &count{ID: id}
			counts[id] = n
		}
		n.Count = min(n.Count+1, most)
		n.newest = max(n.newest, i.page.Found.UnixMicro())
	}
	items, _, err := c.walk(stream{state: all}, filter{without: []string{read}}, among)
	if err != nil {
		return err
	}
	for i := range items {
		for _, id := range []string{tag(all), tag(labels + folder), feeds + items[i].page.Outlet} {
			add(id, &items[i])
		}
	}
	out := []*count{}
	for _, id := range slices.Sorted(maps.Keys(counts)) {
		n := counts[id]
		n.Newest = strconv.FormatInt(n.newest, 10)
		out = append(out, n)
	}
	return c.answer(map[string]any{"max": most, "unreadcounts": out})
}
