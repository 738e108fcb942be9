// Package greader serves the record to reading apps, by the API of the late
// Google Reader that they have in common.
//
// Its words are that API's: a stream is a list of items, newest first. An item is
// an article, told by the number of its page; it is read or starred for the user
// whose app it is, as on the article's page. A feed is an outlet, and a label is
// a saved search of the user's. All outlets are in one folder, since some apps
// cannot do without.
//
//	r := greader.New(greader.Options{Store: ..., Guard: guard, Base: "/api/greader.php"})
//	mux.Handle("/api/greader.php/", guard.Handler(r.Handler()))
//	http.Serve(l, r.Login(mux))
//
// An app logs in with a name and a password, and the password is a token: no
// other is taken, so none is kept in an app, and each app is shut out by itself.
// What the token lacks the scope for stays empty, and is not written.
//
// It answers in JSON alone. It neither renames nor sorts what it serves: outlets
// and searches are kept on the pages.
package greader

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/store"
	"dateline/lang"
	"dateline/search"
)

// Options are what is served.
type Options struct {
	Store    store.Store
	Guard    *access.Guard
	Analyzer *search.Analyzer
	Packs    *lang.Packs
	// Follow follows what is found at an address; nil where nothing is followed.
	Follow func(ctx context.Context, address string) (dateline.Outlet, error)
	Link   func(path string) string // the address at which a person sees it
	Now    func() time.Time
	Log    *slog.Logger
	Base   string // the path of all routes, which apps have as the address
}

// Reader serves reading apps.
type Reader struct {
	Options
	routes []Route
	mux    *http.ServeMux
}

// Route is an address, and what it needs of who asks.
type Route struct {
	Method, Path string // as http.ServeMux has it, from the base on
	Need         access.Need
	Wait         time.Duration // how long it may take; patience where it is 0

	handle func(*call) error
}

var (
	looking   = access.Need{Role: access.Reader, Scope: access.Look}
	own       = access.Need{Role: access.Reader, Scope: access.Desk}
	following = access.Need{Role: access.Admin, Scope: access.Follow}
)

const (
	// patience is how long an answer may take, unless a route says otherwise.
	patience = 5 * time.Second
	// errand is how long it may take to look at an outlet's page.
	errand = 5 * time.Minute
	// maxForm is the largest form: a thousand long ids take 70 kB.
	maxForm = 1 << 20
)

// New makes a server.
func New(o Options) *Reader {
	r := &Reader{Options: o, mux: http.NewServeMux()}
	for _, route := range []Route{
		{Method: "POST", Path: login, Need: looking, handle: (*call).login},
		{Method: "GET", Path: api + "token", Need: looking, handle: (*call).token},
		{Method: "GET", Path: api + "user-info", Need: looking, handle: (*call).userInfo},
		{Method: "GET", Path: api + "subscription/list", Need: looking, handle: (*call).subscriptions},
		{Method: "POST", Path: api + "subscription/quickadd", Need: following, Wait: errand, handle: (*call).quickAdd},
		{Method: "GET", Path: api + "tag/list", Need: looking, handle: (*call).tags},
		{Method: "GET", Path: api + "unread-count", Need: looking, handle: (*call).unread},
		{Method: "GET", Path: api + "stream/contents", Need: looking, handle: (*call).contents},
		{Method: "GET", Path: api + "stream/contents/{stream...}", Need: looking, handle: (*call).contents},
		{Method: "GET", Path: api + "stream/items/ids", Need: looking, handle: (*call).ids},
		{Method: "GET", Path: api + "stream/items/contents", Need: looking, handle: (*call).items},
		{Method: "POST", Path: api + "stream/items/contents", Need: looking, handle: (*call).items},
		{Method: "POST", Path: api + "edit-tag", Need: own, Wait: time.Minute, handle: (*call).editTag},
		{Method: "POST", Path: api + "mark-all-as-read", Need: own, Wait: time.Minute, handle: (*call).markAll},
	} {
		if route.Wait == 0 {
			route.Wait = patience
		}
		r.routes = append(r.routes, route)
		r.mux.Handle(route.Method+" "+o.Base+route.Path, r.serve(route))
	}
	r.mux.HandleFunc("/", func(w http.ResponseWriter, req *http.Request) {
		say(w, http.StatusNotFound, "There is nothing at this address. The address that reading apps want ends in "+r.Base+".")
	})
	return r
}

// Routes are all there are.
func (r *Reader) Routes() []Route { return slices.Clone(r.routes) }

// Handler serves everything under the base. Requests carry who makes them: see
// [access.Guard.Handler].
func (r *Reader) Handler() http.Handler { return r.mux }

// call is one request.
type call struct {
	*Reader
	w   http.ResponseWriter
	r   *http.Request
	ctx context.Context
	id  access.Identity
	own bool // whether who asks may keep states and searches
}

func (r *Reader) serve(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		ctx, cancel := context.WithTimeout(req.Context(), route.Wait)
		defer cancel()
		c := &call{Reader: r, w: w, r: req, ctx: ctx, id: access.From(req.Context())}
		c.own = c.id.May(own) == nil
		w.Header().Set("Cache-Control", "no-store")
		err := r.Guard.Allow(c.id, route.Need, "")
		if err == nil {
			req.Body = http.MaxBytesReader(w, req.Body, maxForm)
			err = c.form()
		}
		if err == nil {
			err = route.handle(c)
		}
		if err != nil {
			c.fail(err)
		}
	})
}

// form reads what a request has, in its address or as a form.
func (c *call) form() error {
	var large *http.MaxBytesError
	switch err := c.r.ParseForm(); {
	case errors.As(err, &large):
		return fmt.Errorf("a form has %d bytes at most: %w", large.Limit, dateline.ErrTooLarge)
	case err != nil:
		return fmt.Errorf("read the form: %w", dateline.ErrInvalid)
	}
	// Some apps say json where they mean nothing, so what is missing is json.
	if f := c.r.Form.Get("output"); f != "" && f != "json" {
		return fmt.Errorf("output=%.20q is not served, only output=json: %w", f, dateline.ErrInvalid)
	}
	return nil
}

// fail says in a line of text what went wrong, as these apps are used to.
func (c *call) fail(err error) {
	status := http.StatusInternalServerError
	switch {
	case errors.Is(err, dateline.ErrRefused) && c.id.Role == access.Anyone:
		c.w.Header().Set("WWW-Authenticate", "Bearer")
		say(c.w, http.StatusUnauthorized, "Error=BadAuthentication\nThe password is an API token with the scopes look and desk. Tokens are made in the settings.")
		return
	case errors.Is(err, dateline.ErrRefused):
		status = http.StatusForbidden
	case errors.Is(err, context.Canceled) && c.r.Context().Err() != nil:
		return // nobody waits for it
	case errors.Is(err, context.DeadlineExceeded):
		c.w.Header().Set("Retry-After", "10")
		say(c.w, http.StatusServiceUnavailable, "This takes too long. Ask for less at once, or again in a while.")
		return
	case errors.Is(err, dateline.ErrNotFound), errors.Is(err, dateline.ErrGone):
		status = http.StatusNotFound
	case errors.Is(err, dateline.ErrInvalid):
		status = http.StatusBadRequest
	case errors.Is(err, dateline.ErrTooLarge):
		status = http.StatusRequestEntityTooLarge
	case errors.Is(err, dateline.ErrUnsupported):
		status = http.StatusNotImplemented
	case errors.Is(err, dateline.ErrLater):
		c.w.Header().Set("Retry-After", "10")
		status = http.StatusServiceUnavailable
	default:
		c.Log.Error("answer a reading app", "route", c.r.Pattern, "err", err)
		say(c.w, status, "Something went wrong in the program; its log says what.")
		return
	}
	say(c.w, status, err.Error())
}

// say answers with text.
func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, strings.ToValidUTF8(text, "\uFFFD")) // who does not take it is gone
}

// answer answers with JSON.
func (c *call) answer(v any) error {
	c.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(c.w).Encode(v) // who does not take it is gone
	return nil
}

// done answers that something was done.
func (c *call) done() error {
	c.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = c.w.Write([]byte("OK"))
	return nil
}
