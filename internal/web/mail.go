package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
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
		// Who reads the mail has no login. What it says is signed.
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
		c.w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
		return mistaken(dateline.ErrLater, "pressed", c.Number(int(wait/time.Minute)+1))
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
	until := c.s.Now().Add(askLasts)
	link := c.s.Notify.Link("/confirm?t=" + c.s.sealed(until, s.ID, address))
	if err := c.s.Notify.Mail.Ask(c.ctx, address, c.id.Name(), link, c.s.Now()); err != nil {
		return mistaken(dateline.ErrInvalid, "sample", c.Why(err.Error()).Text)
	}
	return nil
}

// sealed is what a link in a mail says: until when, and which search is to be
// sent to which address.
func (s *Server) sealed(until time.Time, search, address string) string {
	says := strconv.FormatInt(until.Unix(), 36) + " " + search + " " + address
	b64 := base64.RawURLEncoding
	return b64.EncodeToString([]byte(says)) + "." + b64.EncodeToString(s.mailMAC(says))
}

func (s *Server) mailMAC(says string) []byte {
	h := hmac.New(sha256.New, s.seal[:])
	fmt.Fprintf(h, "mail %s", says)
	return h.Sum(nil)
}

// asked is what a link says; not found where it is none of ours, or over.
func (c *call) asked(t string) (search store.SavedSearch, address string, err error) {
	over := mistaken(dateline.ErrInvalid, "confirm")
	says, sum, _ := strings.Cut(t, ".")
	text, err1 := base64.RawURLEncoding.DecodeString(says)
	mac, err2 := base64.RawURLEncoding.DecodeString(sum)
	parts := strings.SplitN(string(text), " ", 3)
	if err1 != nil || err2 != nil || len(parts) != 3 || !hmac.Equal(mac, c.s.mailMAC(string(text))) {
		return search, "", over
	}
	until, err := strconv.ParseInt(parts[0], 36, 64)
	if err != nil || c.s.Now().Unix() >= until {
		return search, "", over
	}
	if search, err = c.s.Store.SavedSearch(c.ctx, parts[1]); err != nil {
		return search, "", over
	}
	return search, parts[2], nil
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
	s, address, err := c.asked(t)
	if err != nil {
		return err
	}
	p := confirmData{Address: address, Ticket: t, Done: done, User: access.Identity{Local: s.User == 0}.Name()}
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
	s, address, err := c.asked(t)
	if err != nil {
		return err
	}
	s.Mail = address
	if _, err := c.s.Store.PutSearch(c.ctx, s); err != nil {
		return err
	}
	return c.showConfirm(t, true)
}
