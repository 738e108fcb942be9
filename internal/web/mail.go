package web

import (
	"crypto/rand"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/store"
)

// Mail is sent to who wants it. An address that a user has not shown to be read
// by somebody who does is asked first, by a mail with a link; only who opens it
// has the address kept. What is sent because somebody pressed a button is
// bounded, of a user and to an address.

// How many of those a user, and an address, has at first, and when one more.
const (
	pressed, pressedAgain     = 10, 6 * time.Minute
	addressed, addressedAgain = 5, time.Hour
)

// askLasts is how long an address has to answer. What is asked is forgotten
// when the program ends.
const askLasts = 24 * time.Hour

// mailWait is how long what sends a mail may take.
const mailWait = 45 * time.Second

func (s *Server) mailRoutes() []Route {
	return []Route{
		// Who reads the mail has no login. What its link says is a secret.
		{Method: "GET", Path: "/confirm", Need: anyone, Handle: (*call).confirmPage},
		{Method: "POST", Path: "/confirm", Need: anyone, Handle: (*call).confirm, Body: strangersForm},
	}
}

// press counts a mail or post to an address, as somebody pressed a button.
func (c *call) press(addresses ...string) error {
	now := c.s.Now()
	wait := c.s.pressed.Take(strconv.FormatInt(c.id.User.N, 10), now)
	for _, a := range addresses {
		if a != "" && wait == 0 {
			wait = c.s.addressed.Take(strings.ToLower(a), now)
		}
	}
	if wait > 0 {
		return mistaken(access.Wait{For: wait}, "pressed", c.Number(int(wait/time.Minute)+1))
	}
	return nil
}

// known tells whether an address of mail is known to be read by who wants what
// is sent: of the user's searches another has it. Where no login is needed, who
// asks runs the mail server, too.
func (c *call) knownMail(address string) (bool, error) {
	if c.id.Local {
		return true, nil
	}
	list, err := c.s.Store.ListSearches(c.ctx, c.id.User.N)
	for _, s := range list {
		if strings.EqualFold(s.Mail, address) {
			return true, err
		}
	}
	return false, err
}

// askMail asks at an address whether what a search finds may be sent there.
func (c *call) askMail(s store.SavedSearch, address string) error {
	t, err := c.s.questions.put(question{s.ID, address, c.s.Now().Add(askLasts)}, c.s.Now())
	if err != nil {
		return err
	}
	link := c.s.Notify.Link("/confirm?t=" + t)
	if err := c.s.Notify.Mail.Ask(c.ctx, address, c.id.Name(), link, c.s.Now()); err != nil {
		return mistaken(dateline.ErrInvalid, "sample", c.Why(err.Error()).Text)
	}
	return nil
}

// question is one that an address was asked: whether what a search finds may be
// sent there.
type question struct {
	search, address string
	until           time.Time
}

// questions are those that were asked, by what their links say, which tells
// nothing of the search.
type questions struct {
	mu  sync.Mutex
	all map[string]question
}

// mostAsked is how many there may be, of all users.
const mostAsked = 10_000

// put keeps one, and gives what its link says.
func (l *questions) put(q question, now time.Time) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.DeleteFunc(l.all, func(_ string, q question) bool { return !now.Before(q.until) })
	if len(l.all) >= mostAsked {
		return "", mistaken(dateline.ErrLater, "pressed", int(askLasts.Minutes()))
	}
	if l.all == nil {
		l.all = map[string]question{}
	}
	t := rand.Text()
	l.all[t] = q
	return t, nil
}

// asked is what a link asks, with its search.
func (c *call) asked(t string) (store.SavedSearch, question, error) {
	l := &c.s.questions
	l.mu.Lock()
	q, ok := l.all[t]
	l.mu.Unlock()
	if ok && c.s.Now().Before(q.until) {
		if s, err := c.s.Store.SavedSearch(c.ctx, q.search); err == nil {
			return s, q, nil
		}
	}
	return store.SavedSearch{}, question{}, mistaken(dateline.ErrInvalid, "confirm")
}

// confirmData is what the page of a link in a mail shows.
type confirmData struct {
	Address, User, Ticket string
	Done                  bool
}

func (c *call) confirmPage() error {
	return c.showConfirm(c.Query("t"), false)
}

func (c *call) showConfirm(t string, done bool) error {
	s, q, err := c.asked(t)
	if err != nil {
		return err
	}
	p := confirmData{Address: q.address, Ticket: t, Done: done, User: access.Identity{Local: s.User == 0}.Name()}
	if s.User != 0 {
		u, err := c.s.Store.User(c.ctx, s.User)
		if err != nil {
			return err
		}
		p.User = u.Name
	}
	return c.page(http.StatusOK, "confirm", view{Title: c.T("confirm")}, p)
}

func (c *call) confirm() error {
	t := c.r.PostFormValue("t")
	s, q, err := c.asked(t)
	if err != nil {
		return err
	}
	s.Mail = q.address
	if _, err := c.s.Store.PutSearch(c.ctx, s); err != nil {
		return err
	}
	return c.showConfirm(t, true)
}
