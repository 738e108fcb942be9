package web

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dateline"
	"dateline/internal/access"
)

// Route is an address of the pages, and who may use it.
type Route struct {
	Method string // GET, POST
	Path   string // as http.ServeMux has it, from the base on: "/article/{id}"
	Page   string // the name by which public reading is allowed; "" where it cannot be
	Need   access.Need
	Handle func(c *call) error
	Plain  bool          // says who may use it otherwise, as what is not found
	Wait   time.Duration // how long it may take; patience where it is 0
	Body   int64         // how many bytes are taken; maxForm where it is 0
}

// Pattern is what the multiplexer is given.
func (r Route) Pattern(base string) string {
	path := r.Path
	if strings.HasSuffix(path, "/") {
		path += "{$}"
	}
	return r.Method + " " + base + path
}

// What most routes need.
var (
	looking   = access.Need{Role: access.Reader, Scope: access.Look}
	shelving  = access.Need{Role: access.Reader, Scope: access.Desk}
	reviewing = access.Need{Role: access.Editor, Scope: access.Desk}
	following = access.Need{Role: access.Admin, Scope: access.Follow}
	managing  = access.Need{Role: access.Admin, Scope: access.Manage}
	anyone    = access.Need{}
)

// allRoutes are those of all pages, by the files that have them.
func (s *Server) allRoutes() []Route {
	var all []Route
	for _, some := range [][]Route{
		s.todayRoutes(),
		s.articleRoutes(),
		s.figuresRoutes(),
		s.namesRoutes(),
		s.outletRoutes(),
		s.outletsRoutes(),
		s.collectionsRoutes(),
		s.searchesRoutes(),
		s.mailRoutes(),
		s.settingsRoutes(),
		s.loginRoutes(),
		s.healthRoutes(),
		s.helpRoutes(),
	} {
		all = append(all, some...)
	}
	return all
}

// call is one request to a page.
type call struct {
	s   *Server
	w   http.ResponseWriter
	r   *http.Request
	id  access.Identity
	set settings
	ctx context.Context
}

// patience is how long a page may take to be made. Searches have the same.
const patience = 3 * time.Second

// maxForm is the largest form that is taken, but for uploads. It stays in memory:
// what is larger and has files in it would go to the disk of the machine.
const maxForm = 1 << 20

// strangersForm is the largest of who has not logged in, each of whose
// connections can hold one: a name and a password.
const strangersForm = 16 << 10

func (s *Server) serve(r Route) http.Handler {
	return s.Guard.Handler(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		ctx, cancel := context.WithTimeout(req.Context(), cmp.Or(r.Wait, patience))
		defer cancel()
		c := &call{s: s, w: w, r: req, id: access.From(req.Context()), ctx: ctx}
		c.set = s.settingsOf(c.id, req)
		if req.Body != nil && req.Body != http.NoBody {
			req.Body = http.MaxBytesReader(w, req.Body, cmp.Or(r.Body, maxForm))
		}
		err := s.Guard.Allow(c.id, r.Need, r.Page)
		if err == nil || r.Plain {
			if err = c.readForm(); err == nil {
				err = r.Handle(c)
			}
		}
		if err != nil {
			c.fail(err)
		}
	}))
}

// fail answers with a page that says what went wrong and what to try. Who may
// not see a page and has not said who they are is asked to.
func (c *call) fail(err error) {
	if errors.Is(err, dateline.ErrRefused) && c.id.Role == access.Anyone && c.r.Method == http.MethodGet {
		c.redirect("/login?to=" + escapeQuery(c.Here()))
		return
	}
	var own *mistake
	errors.As(err, &own)
	status, key := http.StatusInternalServerError, "internal"
	var wait access.Wait
	switch {
	case errors.Is(err, context.Canceled) && c.r.Context().Err() != nil:
		return // nobody waits for it
	case errors.Is(err, context.DeadlineExceeded):
		status, key = http.StatusServiceUnavailable, "slow"
	case errors.Is(err, dateline.ErrNotFound), errors.Is(err, dateline.ErrGone):
		status, key = http.StatusNotFound, "notfound"
	case errors.Is(err, dateline.ErrRefused):
		status, key = http.StatusForbidden, "refused"
	case errors.Is(err, dateline.ErrInvalid):
		status, key = http.StatusBadRequest, "invalid"
	case errors.Is(err, dateline.ErrTooLarge):
		status, key = http.StatusRequestEntityTooLarge, "large"
	case errors.As(err, &wait):
		status, key = http.StatusTooManyRequests, "often"
		c.w.Header().Set("Retry-After", strconv.Itoa(int(wait.For/time.Second)+1))
	case errors.Is(err, dateline.ErrLater):
		status, key = http.StatusServiceUnavailable, "later"
	case errors.Is(err, dateline.ErrUnsupported):
		status, key = http.StatusNotImplemented, "unsupported"
	case errors.Is(err, dateline.ErrCorrupt):
		key = "damaged"
	}
	if status == http.StatusInternalServerError {
		// Not its path, for those of feeds are secret.
		c.s.Log.Error("make a page", "route", c.r.Pattern, "err", err)
	}
	var why reason
	if status < 500 && status != http.StatusNotFound || own != nil {
		why = c.why(err)
	}
	if e := c.page(status, "error", view{Title: c.T("error." + key)}, map[string]any{"Key": key, "Why": why}); e != nil {
		http.Error(c.w, http.StatusText(status), status)
	}
}

// page answers with a page: the template of that name, with the data.
func (c *call) page(status int, name string, v view, data any) error {
	var b bytes.Buffer
	v.call, v.Name, v.Data = c, name, data
	t, ok := c.s.templates[name]
	if !ok {
		return fmt.Errorf("there is no template %s", name)
	}
	if err := t.ExecuteTemplate(&b, "layout", &v); err != nil {
		return fmt.Errorf("make page %s: %w", name, err)
	}
	h := c.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	c.w.WriteHeader(status)
	c.w.Write(b.Bytes())
	return nil
}

// redirect sends the reader to another page of this server, by a path from the
// base on.
func (c *call) redirect(path string) error {
	// Browsers leave out tabs and line breaks, and take \ for /, before they look
	// whether an address has a host.
	elsewhere := func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7F }
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsFunc(path, elsewhere) {
		path = "/"
	}
	http.Redirect(c.w, c.r, c.s.Base+path, http.StatusSeeOther)
	return nil
}

// back sends the reader to where a form says it came from, or else there.
func (c *call) back(otherwise string) error {
	if to := c.r.PostFormValue("back"); to != "" {
		return c.redirect(to)
	}
	return c.redirect(otherwise)
}
