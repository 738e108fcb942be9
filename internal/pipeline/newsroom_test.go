package pipeline_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dateline"
	"dateline/diff"
	"dateline/fetch"
	"dateline/internal/demo"
	"dateline/internal/pipeline"
	"dateline/internal/store"
	"dateline/lang"
	"dateline/search"
)

// TestNewsroom follows the invented outlets of the demo for a day, from their
// home pages on: each shows what it is there to show.
func TestNewsroom(t *testing.T) {
	// What takes ten minutes in the demo takes most of the day at this speed.
	b, farm := newBubble(t, demo.Options{Speed: .01})
	synctest.Test(t, func(t *testing.T) {
		p := keep(t, t.TempDir(), farm, 0)
		p.Now = b.look
		for h := range 20 {
			p.Options.Revisits = append(p.Options.Revisits, time.Duration(h+1)*time.Hour)
		}
		n := newsroom{t, p, farm, map[string]string{}}
		for _, o := range farm.Outlets() {
			d, err := p.Discover(t.Context(), o.Home, time.Time{}, func(string) {})
			if err != nil {
				t.Fatalf("%s: %v", o.Name, err)
			}
			if d.Outlet.Name != o.Name {
				t.Errorf("%s calls itself %s", o.Name, d.Outlet.Name)
			}
			if err := p.Store.PutOutlet(t.Context(), d.Outlet, fetch.Domain); err != nil {
				t.Fatal(err)
			}
			n.ids[o.Name] = d.Outlet.ID
		}
		runFor(t, p, 24*time.Hour)
		n.editing()
		n.moving()
		n.gone()
		n.forbidden()
		n.twins()
		n.recovered()
		sound(t, p)
	})
	for _, line := range demo.Judge(farm.Log(), demo.Rules{Delay: 5 * time.Second, Contact: "(+desk@newsroom.example)"}) {
		// Discovery keeps nothing, so following asks for the whole; so it does after failures.
		if !strings.Contains(line, "without the validator") {
			t.Error(line)
		}
	}
}

type newsroom struct {
	*testing.T
	p    *pipeline.Pipeline
	farm *demo.Farm
	ids  map[string]string // of outlets, by name
}

// hits are what a query finds at an outlet.
func (n *newsroom) hits(outlet, query string) []store.Hit {
	n.Helper()
	q, err := search.Parse(query)
	if err != nil {
		n.Fatal(err)
	}
	var out []store.Hit
	for h, err := range n.p.Store.Search(n.Context(), q, n.p.Analyzer, store.Options{}) {
		if err != nil {
			n.Fatal(err)
		}
		if h.Page.Outlet == n.ids[outlet] {
			out = append(out, h)
		}
	}
	return out
}

// one is the only article that a query finds at an outlet.
func (n *newsroom) one(outlet, query string) store.Hit {
	n.Helper()
	list := n.hits(outlet, query)
	if len(list) != 1 {
		for _, h := range list {
			n.Logf("%s %s", h.Title, h.Page.URL)
		}
		n.Fatalf("%s has %d articles for %s, want one", outlet, len(list), query)
	}
	return list[0]
}

// editing: a toll rises and a quotation goes, and the record says so.
func (n *newsroom) editing() {
	h := n.one("Warta Lembayung", `title:"Korban Tewas Banjir Cikarumpang"`)
	versions, err := n.p.Store.Versions(n.Context(), h.Page.N)
	if err != nil {
		n.Fatal(err)
	}
	var told []string
	for i := 1; i < len(versions); i++ {
		a, err := n.p.Store.Article(n.Context(), versions[i-1].N)
		if err != nil {
			n.Fatal(err)
		}
		b, err := n.p.Store.Article(n.Context(), versions[i].N)
		if err != nil {
			n.Fatal(err)
		}
		told = append(told, diff.Versions(a, b, lang.Builtin()).Summary()...)
	}
	for _, want := range []string{"killed 41 to 52", "headline changed", "correction added", "a quotation of Neneng Sulastri removed"} {
		if !slices.Contains(told, want) {
			n.Errorf("what changed lacks %q: %q", want, told)
		}
	}
}

// moving: a page under a new address is the article that it was.
func (n *newsroom) moving() {
	h := n.one("Warta Lembayung", `"Jembatan Darurat Cikarumpang"`)
	var moved string
	for _, hit := range n.farm.Log() {
		if hit.Status == 301 && strings.Contains(hit.Path, "jembatan") {
			moved = hit.Path
		}
	}
	if moved == "" || !strings.HasSuffix(h.Page.URL, moved) {
		n.Errorf("the article is that of %s, and %q has moved", h.Page.URL, moved)
	}
}

// gone: what an outlet took away stays as it was, and the record says when.
func (n *newsroom) gone() {
	for _, h := range n.hits("Diario del Altozano", "lang:es") {
		events, err := n.p.Store.Events(n.Context(), h.Page.N)
		if err != nil {
			n.Fatal(err)
		}
		for _, e := range events {
			if e.What != "gone" || e.Status != 410 {
				continue
			}
			if a, err := n.p.Store.Article(n.Context(), h.Version); err != nil || a.Text == "" {
				n.Errorf("the text that is gone is not kept: %v", err)
			}
			return
		}
	}
	n.Error("no article of Diario del Altozano is gone")
}

// forbidden: what robots.txt forbids is not asked for, and what the feed says
// of it is kept, marked so.
func (n *newsroom) forbidden() {
	for _, h := range n.farm.Log() {
		if strings.HasPrefix(h.Path, "/insiders/") {
			n.Errorf("%s was asked for", h.Path)
		}
	}
	list := n.hits("Northgate Ledger", "title:insiders")
	if len(list) == 0 {
		n.Error("nothing is kept of what the feed says of the forbidden section")
	}
	for _, h := range list {
		a, err := n.p.Store.Article(n.Context(), h.Version)
		if err != nil || !slices.Contains(a.Warnings, "feed-text") || a.Text == "" {
			n.Errorf("%s: %v, %v", h.Page.URL, a, err)
		}
	}
}

// twins: parameters and AMP make no second article.
func (n *newsroom) twins() {
	seen := map[string]string{}
	for _, h := range n.hits("Calder Bay Courier", "lang:en") {
		if other, ok := seen[h.Title]; ok {
			n.Errorf("%q is there twice: %s, %s", h.Title, other, h.Page.URL)
		}
		seen[h.Title] = h.Page.URL
	}
	if len(seen) < 8 {
		n.Errorf("%d articles of Calder Bay Courier", len(seen))
	}
}

// recovered: a feed that failed is well again, and all it had came in.
func (n *newsroom) recovered() {
	list, err := n.p.Store.ListOutlets(n.Context())
	if err != nil {
		n.Fatal(err)
	}
	failed := slices.ContainsFunc(n.farm.Log(), func(h demo.Hit) bool { return h.Status == 500 })
	if !failed {
		n.Error("no feed has failed")
	}
	for _, o := range list {
		for _, s := range o.States {
			if s.Failures > 0 || s.Kind == dateline.SourceFeed && s.Entries == 0 {
				n.Errorf("%s: %+v", o.Name, s)
			}
		}
		if o.Articles < 8 || o.Waiting > 0 || o.Dead > 0 {
			n.Errorf("%s has %d articles, %d waiting, %d dead", o.Name, o.Articles, o.Waiting, o.Dead)
		}
	}
}
