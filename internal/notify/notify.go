// Package notify tells people of what is new: the articles that a saved search
// finds, as feeds, by mail and to webhooks.
//
// Its words: an item is an article found; a message is what is sent of a
// search at once; a digest is a message an hour or a day.
//
// A message is sent until it is taken, with longer and longer waits, and what
// was taken is kept after that: so a receiver may get a message twice, as where
// the program ends between, and misses none. Where it is not taken for three days
// it is given up, until somebody says that it is to be tried again. What is new are versions with their marks, so a search that asks
// for figures is told of a version only once they are there.
//
// Requests go through the guard they are given, which is looked at for each
// address after its name was resolved: a webhook cannot reach the machine's own
// network.
package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"time"

	"dateline/internal/store"
	"dateline/search"
)

// Notifier sends what is new of saved searches. Fields that may be nil say so.
type Notifier struct {
	Store    store.Store
	Analyzer *search.Analyzer
	Mail     *Mail                    // nil where none can be sent
	Webhooks *Webhooks                // nil where none may be posted to
	Link     func(path string) string // the address of a page of the record, by its path
	Now      func() time.Time
	Log      *slog.Logger

	mu    sync.Mutex
	ahead map[string]int64 // last version that a way has had, where another has failed
}

// Item is an article that a search found.
type Item struct {
	ID       string    `json:"id"` // of the page
	Number   int       `json:"version"`
	Title    string    `json:"title,omitempty"`
	Language string    `json:"language,omitempty"`
	Outlet   string    `json:"outlet,omitempty"`
	URL      string    `json:"url"`  // the outlet's page
	Link     string    `json:"link"` // in the record
	Time     time.Time `json:"time"`
	Figures  []string  `json:"figures,omitempty"` // at a glance
}

// Message is what is sent of a search.
type Message struct {
	ID     string    `json:"id"` // of the message: the same when it is sent again
	Search string    `json:"search"`
	Query  string    `json:"query"`
	Link   string    `json:"link"` // of the search in the record
	At     time.Time `json:"at"`
	Items  []Item    `json:"items"`          // newest first, 100 at most
	More   bool      `json:"more,omitempty"` // there are more than those
	Sample bool      `json:"sample,omitempty"`
}

const (
	most      = 100              // items of a message
	interval  = 20 * time.Second // between looks at what is new
	slowest   = 3 * time.Second  // a search, as everywhere
	mostTries = 20               // some three days

	usersAtOnce = 8 // to whom messages are sent: each waits for their own receivers alone
)

// GivenUp tells whether what a search finds is sent no more, as it was not taken
// again and again.
func GivenUp(s store.SavedSearch) bool { return s.Failures >= mostTries }

// Run sends what is new until the context ends.
func (n *Notifier) Run(ctx context.Context) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		if err := n.Round(ctx); err != nil && ctx.Err() == nil {
			n.Log.Error("look for what is new", "err", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Round sends what is new and due now. That a message is not taken is kept
// with its search and is no error.
func (n *Notifier) Round(ctx context.Context) error {
	searches, err := n.Store.ListSearches(ctx, -1)
	if err != nil || len(searches) == 0 {
		return err
	}
	last, err := n.Store.LastVersion(ctx)
	if err != nil {
		return err
	}
	now, due, failing := n.Now(), map[int64][]store.SavedSearch{}, map[string]bool{}
	for _, s := range searches {
		failing[s.ID] = s.Failures > 0
		if s.Mail == "" && s.Webhook == "" || s.Sent >= last || GivenUp(s) || now.Before(s.Retry) || s.Every > 0 && now.Before(s.SentAt.Add(s.Every)) {
			continue
		}
		failing[s.ID] = true // until it is sent
		due[s.User] = append(due[s.User], s)
	}
	n.mu.Lock()
	maps.DeleteFunc(n.ahead, func(k string, _ int64) bool {
		id, _, _ := strings.Cut(k, " ")
		return !failing[id]
	})
	n.mu.Unlock()
	var all sync.WaitGroup
	places := make(chan struct{}, usersAtOnce)
	for _, own := range due {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			n.turn(ctx, own, last)
		})
	}
	all.Wait()
	return ctx.Err()
}

// turn sends what is due of a user, one search after another. What is left when
// the turn is over, as where receivers take long, has the next.
func (n *Notifier) turn(ctx context.Context, due []store.SavedSearch, last int64) {
	begun := time.Now()
	for _, s := range due {
		if ctx.Err() != nil || time.Since(begun) > interval {
			return
		}
		if err := n.send(ctx, s, last); err != nil && ctx.Err() == nil {
			n.Log.Warn("send what is new", "search", s.Name, "err", err)
		}
	}
}

// way is how messages of a search are sent.
type way struct {
	key  string // of the search and this way
	send func(context.Context, Message) error
}

func (n *Notifier) ways(s store.SavedSearch) (all []way) {
	if s.Webhook != "" {
		all = append(all, way{s.ID + " " + s.Webhook, func(ctx context.Context, m Message) error {
			if n.Webhooks == nil {
				return errors.New("this program posts to no webhooks")
			}
			return n.Webhooks.Post(ctx, s.Webhook, s.Secret, m)
		}})
	}
	if s.Mail != "" {
		all = append(all, way{s.ID + " " + s.Mail, func(ctx context.Context, m Message) error {
			if n.Mail == nil {
				return errors.New("no mail can be sent: set mail.host in the settings")
			}
			return n.Mail.Send(ctx, s.Mail, m)
		}})
	}
	return all
}

// send sends what a search finds up to a version, if it finds something, every
// way that the search names. A way that has taken it is not tried again for
// another that has not.
func (n *Notifier) send(ctx context.Context, s store.SavedSearch, last int64) error {
	q, err := search.Parse(s.Query)
	if err != nil {
		return n.failed(ctx, s, err)
	}
	at := n.Now()
	for _, w := range n.ways(s) {
		from := max(s.Sent, n.had(w.key))
		m := Message{ID: messageID(s.ID, last), Search: s.Name, Query: s.Query, Link: n.Link("/searches"), At: at}
		var werr error
		if m.Items, m.More, werr = n.Items(ctx, q, from, last, most); werr == nil && len(m.Items) > 0 {
			werr = w.send(ctx, m)
		}
		if werr == nil {
			n.took(w.key, last)
		}
		err = errors.Join(err, werr)
	}
	if err != nil {
		return n.failed(ctx, s, err)
	}
	s.Sent, s.SentAt, s.Failures, s.Error, s.Retry = last, at, 0, "", time.Time{}
	return n.Store.SearchSent(ctx, s)
}

// had is the last version that a way has had.
func (n *Notifier) had(way string) int64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.ahead[way]
}

func (n *Notifier) took(way string, last int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ahead == nil {
		n.ahead = map[string]int64{}
	}
	n.ahead[way] = last
}

// Again has what a search finds sent again that was given up, or that waits.
func (n *Notifier) Again(ctx context.Context, s store.SavedSearch) error {
	s.Failures, s.Error, s.Retry = 0, "", time.Time{}
	return n.Store.SearchSent(ctx, s)
}

// messageID is the same for the same news of a search, and tells nothing of the
// search's own id, which is a secret.
func messageID(search string, last int64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", search, last))
	return hex.EncodeToString(sum[:12])
}

// Items are the newest articles that a query finds among the versions after one
// up to another; more tells whether there are others. last 0 is without end.
func (n *Notifier) Items(ctx context.Context, q *search.Query, after, last int64, limit int) (items []Item, more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, slowest)
	defer cancel()
	names, err := n.Store.OutletNames(ctx)
	if err != nil {
		return nil, false, err
	}
	for h, err := range n.Store.Search(ctx, q, n.Analyzer, store.Options{Above: after}) {
		if err != nil {
			return nil, false, err
		}
		if last > 0 && h.Version > last {
			continue
		}
		if len(items) == limit {
			return items, true, nil
		}
		items = append(items, n.item(h, names))
	}
	return items, false, nil
}

func (n *Notifier) item(h store.Hit, names map[string]string) Item {
	return Item{
		ID: h.Page.ID, Number: h.Number, Title: h.Title, Language: h.Language, Outlet: names[h.Page.Outlet], URL: h.Page.URL,
		Link: n.Link(fmt.Sprintf("/article/%s?version=%d", h.Page.ID, h.Number)), Time: h.Time, Figures: h.Figures,
	}
}

// Sample sends a search's newest five articles, marked as a sample, and keeps
// nothing.
func (n *Notifier) Sample(ctx context.Context, s store.SavedSearch) error {
	q, err := search.Parse(s.Query)
	if err != nil {
		return err
	}
	m := Message{ID: fmt.Sprintf("sample-%d", n.Now().Unix()), Search: s.Name, Query: s.Query, Link: n.Link("/searches"), At: n.Now(), Sample: true}
	if m.Items, m.More, err = n.Items(ctx, q, 0, 0, 5); err != nil {
		return err
	}
	for _, w := range n.ways(s) {
		err = errors.Join(err, w.send(ctx, m))
	}
	return err
}

// failed keeps that a message was not taken, and when it is sent again: after a
// minute, then twice as long each time, up to six hours.
func (n *Notifier) failed(ctx context.Context, s store.SavedSearch, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.Failures++
	s.Error = err.Error()
	s.Retry = n.Now().Add(min(time.Minute<<min(s.Failures-1, 20), 6*time.Hour))
	return errors.Join(err, n.Store.SearchSent(ctx, s))
}
