package web

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/mail"
	"strings"
	"time"

	"dateline"
	"dateline/internal/notify"
	"dateline/internal/store"
	"dateline/search"
)

func (s *Server) searchesRoutes() []Route {
	return []Route{
		{Method: "GET", Path: "/searches", Need: shelving, Handle: (*call).searches},
		{Method: "POST", Path: "/searches", Need: shelving, Handle: (*call).saveSearch, Wait: mailWait},
		{Method: "POST", Path: "/searches/{id}", Need: shelving, Handle: (*call).saveSearch, Wait: mailWait},
		{Method: "GET", Path: "/searches/{id}", Need: shelving, Handle: (*call).openSearch},
		{Method: "POST", Path: "/searches/{id}/seen", Need: shelving, Handle: (*call).seenSearch},
		{Method: "POST", Path: "/searches/{id}/sample", Need: shelving, Handle: (*call).sampleSearch, Wait: mailWait},
		{Method: "POST", Path: "/searches/{id}/again", Need: shelving, Handle: (*call).againSearch},
		{Method: "POST", Path: "/searches/{id}/remove", Need: shelving, Handle: (*call).dropSearch},
		// The name of a feed has a secret in it, which is all that is asked for.
		{Method: "GET", Path: "/feeds/{name}", Need: anyone, Handle: (*call).savedFeed},
		{Method: "GET", Path: "/feed/{form}", Page: "today", Need: looking, Handle: (*call).queryFeed},
	}
}

// manyNew is up to which number what is new is counted.
const manyNew = 100

// savedRow is a saved search as its page shows it.
type savedRow struct {
	store.SavedSearch
	New   int
	More  bool // there are more new ones than were counted
	Slow  bool // they could not be counted in time
	Wrong reason
}

// GivenUp tells whether it is sent no more.
func (r savedRow) GivenUp() bool { return notify.GivenUp(r.SavedSearch) }

// Often tells how often messages are sent, for the form.
func (r savedRow) Often() string {
	switch {
	case r.Every == 0:
		return "now"
	case r.Every <= time.Hour:
		return "hour"
	}
	return "day"
}

type searchesPage struct {
	Rows    []savedRow
	Query   string // to begin one with
	CanMail bool
	Asked   string // address that was asked whether it wants what is sent
}

// Row is a search to begin with.
func (p searchesPage) Row() savedRow {
	return savedRow{SavedSearch: store.SavedSearch{Name: p.Query, Query: p.Query}}
}

func (c *call) searches() error {
	list, err := c.s.Store.ListSearches(c.ctx, c.id.User.N)
	if err != nil {
		return err
	}
	p := searchesPage{Query: c.Query("q"), CanMail: c.s.Notify.Mail != nil}
	if a, err := mail.ParseAddress(c.Query("asked")); err == nil {
		p.Asked = a.Address
	}
	for _, s := range list {
		r := savedRow{SavedSearch: s}
		q, err := search.Parse(s.Query)
		if err != nil {
			r.Wrong = c.why(err)
		} else {
			for _, err := range c.s.Store.Search(c.ctx, q, c.s.Analyzer, store.Options{Above: s.Seen, Limit: manyNew + 1}) {
				if err != nil {
					r.Slow = true
					break
				}
				r.New++
			}
		}
		if r.More = r.New > manyNew; r.More {
			r.New = manyNew
		}
		p.Rows = append(p.Rows, r)
	}
	return c.page(http.StatusOK, "searches", view{Title: c.T("searches")}, p)
}

// mine is a saved search of the reader's.
func (c *call) mine() (store.SavedSearch, error) {
	s, err := c.s.Store.SavedSearch(c.ctx, c.r.PathValue("id"))
	if err == nil && s.User != c.id.User.N {
		err = fmt.Errorf("saved search: %w", dateline.ErrNotFound)
	}
	return s, err
}

// maxSaved is the most bytes of a saved query.
const maxSaved = 2000

func (c *call) saveSearch() error {
	last, err := c.s.Store.LastVersion(c.ctx)
	if err != nil {
		return err
	}
	s := store.SavedSearch{User: c.id.User.N, Seen: last, Sent: last, Secret: rand.Text()}
	if c.r.PathValue("id") != "" {
		if s, err = c.mine(); err != nil {
			return err
		}
	}
	form := func(name string) string { return strings.TrimSpace(c.r.PostFormValue(name)) }
	s.Query, s.Name = form("query"), form("name")
	q, err := search.Parse(s.Query)
	if err != nil {
		return err
	}
	if s.Name == "" {
		s.Name = q.String()
	}
	if s.Name == "" {
		s.Name = c.T("searches.all")
	}
	if len(s.Name) > maxName || len(s.Query) > maxSaved {
		return mistaken(dateline.ErrInvalid, "search.long", c.Number(maxName), c.Number(maxSaved))
	}
	ask := "" // which address of mail is to be asked first
	if to := form("mail"); to == "" {
		s.Mail = ""
	} else {
		a, err := mail.ParseAddress(to)
		if err != nil {
			return mistaken(dateline.ErrInvalid, "mail", clipped(to))
		}
		known, err := c.knownMail(a.Address)
		switch {
		case err != nil:
			return err
		case known:
			s.Mail = a.Address
		case c.s.Notify.Mail == nil:
			return mistaken(dateline.ErrInvalid, "nomail")
		default:
			ask = a.Address
			if err := c.press(ask); err != nil {
				return err
			}
		}
	}
	hook := form("webhook")
	if hook != "" {
		if err := notify.CheckAddress(hook); err != nil {
			return mistaken(dateline.ErrInvalid, "webhook", clipped(hook))
		}
	}
	if hook != s.Webhook {
		s.Secret = rand.Text() // who got the one before does not learn this one
	}
	s.Webhook = hook
	s.Every = map[string]time.Duration{"hour": time.Hour, "day": 24 * time.Hour}[form("every")]
	s, err = c.s.Store.PutSearch(c.ctx, s)
	if errors.Is(err, dateline.ErrInvalid) {
		return mistaken(dateline.ErrInvalid, "search.many", store.MostSearches)
	}
	if err != nil {
		return err
	}
	if ask == "" {
		return c.redirect("/searches")
	}
	if err := c.askMail(s, ask); err != nil {
		return err
	}
	return c.redirect("/searches?asked=" + escapeQuery(ask))
}

// openSearch shows what a saved search finds. Looking at it changes nothing:
// what is new stays new until it is marked as seen.
func (c *call) openSearch() error {
	s, err := c.mine()
	if err != nil {
		return err
	}
	return c.redirect("/?q=" + escapeQuery(s.Query))
}

func (c *call) seenSearch() error {
	s, err := c.mine()
	if err != nil {
		return err
	}
	if s.Seen, err = c.s.Store.LastVersion(c.ctx); err != nil {
		return err
	}
	if _, err := c.s.Store.PutSearch(c.ctx, s); err != nil {
		return err
	}
	return c.back("/searches")
}

// sampleSearch sends a sample, so that who set up a webhook sees it work.
func (c *call) sampleSearch() error {
	s, err := c.mine()
	if err != nil {
		return err
	}
	if err := c.press(s.Mail, s.Webhook); err != nil {
		return err
	}
	if err := c.s.Notify.Sample(c.ctx, s); err != nil {
		return mistaken(dateline.ErrInvalid, "sample", c.Why(err.Error()).Text)
	}
	return c.redirect("/searches")
}

// againSearch has one sent again that was given up.
func (c *call) againSearch() error {
	s, err := c.mine()
	if err != nil {
		return err
	}
	if err := c.s.Notify.Again(c.ctx, s); err != nil {
		return err
	}
	return c.redirect("/searches")
}

func (c *call) dropSearch() error {
	s, err := c.mine()
	if err != nil {
		return err
	}
	if err := c.s.Store.DropSearch(c.ctx, s.ID); err != nil {
		return err
	}
	return c.redirect("/searches")
}

// feedSize is how many articles a feed has.
const feedSize = 50

func (c *call) savedFeed() error {
	id, form, ok := strings.Cut(c.r.PathValue("name"), ".")
	if !ok {
		return dateline.ErrNotFound
	}
	s, err := c.s.Store.SavedSearch(c.ctx, id)
	if err != nil {
		return err
	}
	return c.feed(s.Name, s.Query, form, "/feeds/"+c.r.PathValue("name"))
}

// queryFeed is the feed of any search, for who may search.
func (c *call) queryFeed() error {
	return c.feed(c.T("today"), c.Query("q"), c.r.PathValue("form"), c.Here())
}

func (c *call) feed(title, query, form, self string) error {
	types := map[string]string{"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}
	if types[form] == "" {
		return dateline.ErrNotFound
	}
	q, err := search.Parse(query)
	if err != nil {
		return err
	}
	n := c.s.Notify
	f := notify.Feed{Title: "Dateline: " + title, Link: n.Link("/?q=" + escapeQuery(query)), Self: n.Link(self), ID: "urn:dateline:search:" + digest(query)}
	if f.Items, _, err = n.Items(c.ctx, q, 0, 0, feedSize); err != nil {
		return err
	}
	for _, it := range f.Items {
		if it.Time.After(f.Updated) {
			f.Updated = it.Time
		}
	}
	var b bytes.Buffer
	switch form {
	case "atom":
		err = f.Atom(&b)
	case "rss":
		err = f.RSS(&b)
	default:
		err = f.JSON(&b)
	}
	if err != nil {
		return err
	}
	tag := `"` + digest(b.String()) + `"`
	h := c.w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, max-age=60")
	if c.r.Header.Get("If-None-Match") == tag {
		c.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", types[form]+"; charset=utf-8")
	c.w.Write(b.Bytes())
	return nil
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}
