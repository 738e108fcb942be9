// Package notify tells people of what is new: the articles that a saved search
// finds, as feeds, by mail and to webhooks.
//
// Its words: an item is an article found; a message is what is sent of a
// search at once; a digest is a message an hour or a day.
//
// A message is sent until it is taken, with longer and longer waits, and what
// was taken is kept after that: so a receiver may get a message twice, and
// misses none. What is new are versions with their marks, so a search that asks
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
	most     = 100              // items of a message
	interval = 20 * time.Second // between looks at what is new
	slowest  = 3 * time.Second  // a search, as everywhere
)

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
	for _, s := range searches {
		now := n.Now()
		if s.Mail == "" && s.Webhook == "" || s.Sent >= last || now.Before(s.Retry) || s.Every > 0 && now.Before(s.SentAt.Add(s.Every)) {
			continue
		}
		if err := n.send(ctx, s, last); err != nil {
			if ctx.Err() != nil {
				return err
			}
			n.Log.Warn("send what is new", "search", s.Name, "err", err)
		}
	}
	return nil
}

// send sends what a search finds up to a version, if it finds something.
func (n *Notifier) send(ctx context.Context, s store.SavedSearch, last int64) error {
	m := Message{ID: messageID(s.ID, last), Search: s.Name, Query: s.Query, Link: n.Link("/searches"), At: n.Now()}
	q, err := search.Parse(s.Query)
	if err != nil {
		return n.failed(ctx, s, err)
	}
	if m.Items, m.More, err = n.Items(ctx, q, s.Sent, last, most); err != nil {
		return n.failed(ctx, s, err)
	}
	if len(m.Items) > 0 {
		if err := n.deliver(ctx, s, m); err != nil {
			return n.failed(ctx, s, err)
		}
	}
	s.Sent, s.SentAt, s.Failures, s.Error, s.Retry = last, m.At, 0, "", time.Time{}
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
	return n.deliver(ctx, s, m)
}

// deliver sends a message every way the search names.
func (n *Notifier) deliver(ctx context.Context, s store.SavedSearch, m Message) error {
	var errs []error
	switch {
	case s.Webhook == "":
	case n.Webhooks == nil:
		errs = append(errs, errors.New("this program posts to no webhooks"))
	default:
		errs = append(errs, n.Webhooks.Post(ctx, s.Webhook, s.Secret, m))
	}
	if s.Mail != "" {
		if n.Mail == nil {
			errs = append(errs, errors.New("no mail can be sent: set mail.host in the settings"))
		} else {
			errs = append(errs, n.Mail.Send(ctx, s.Mail, m))
		}
	}
	return errors.Join(errs...)
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
