// Package api serves the record to programs: as OpenAPI, to language models by
// MCP, to reading apps by package greader, and its own state to Prometheus.
//
// Its words: an operation is a method and a path with what it needs of who asks
// (see package access), what it takes and what it answers. Lists are pages of
// items with a cursor to go on after. A link is the address at which a person
// sees the same.
//
//	a := api.New(api.Options{Store: ..., Guard: guard, ...})
//	pages, err := web.New(web.Options{API: a.Handler(), ...})
//	http.Serve(l, a.Front(pages.Handler()))
//
// The operations describe themselves: /api/openapi.json is made of the types
// that are sent, and the page at /api/ of that. The package finds out nothing
// about who asks; package access has done so before.
package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/archive"
	"dateline/internal/export"
	"dateline/internal/greader"
	"dateline/internal/store"
	"dateline/lang"
	"dateline/search"
)

// Options are what is served.
type Options struct {
	Store    store.Store
	Archive  *archive.Reader
	Newsroom Newsroom     // nil where nothing is followed
	Exports  *export.Gate // of all servers of the record; one of its own where nil
	Guard    *access.Guard
	Analyzer *search.Analyzer
	Packs    *lang.Packs
	Now      func() time.Time
	Log      *slog.Logger
	Base     string // path under which all is served: "/news"; "" for the root
	Public   string // the origin that others know it by; "" for addresses without one
	Version  string // of the program
}

// Newsroom is the program that follows the outlets, as far as this package asks
// something of it.
type Newsroom interface {
	// Follow looks at an outlet's address and follows what is found there. Pages
	// dated before since are left alone.
	Follow(ctx context.Context, address string, since time.Time) (dateline.Outlet, error)
	// Erase removes all of an outlet everywhere, and says how many captures that
	// were.
	Erase(ctx context.Context, outlet string) (captures int, err error)
	// Free is how many bytes the disk still takes.
	Free(ctx context.Context) (int64, error)
}

// API serves the operations.
type API struct {
	o       Options
	mux     *http.ServeMux
	huma    huma.API
	routes  []Route
	metrics *metrics
	reader  *greader.Reader
}

// Route is an operation, and who may use it.
type Route struct {
	Method, Path string // as http.ServeMux has it, from the base on
	Page         string // the name by which public reading is allowed; "" where it cannot be
	Need         access.Need
}

// What operations need.
var (
	anyone    = access.Need{}
	looking   = access.Need{Role: access.Reader, Scope: access.Look}
	own       = access.Need{Role: access.Reader, Scope: access.Desk}
	reviewing = access.Need{Role: access.Editor, Scope: access.Desk}
	following = access.Need{Role: access.Admin, Scope: access.Follow}
	managing  = access.Need{Role: access.Admin, Scope: access.Manage}
)

// patience is how long an operation may take, unless it says otherwise.
const patience = 3 * time.Second

// root is where all is, from the base on.
const root = "/api"

// New makes the API.
func New(o Options) *API {
	o.Base = strings.TrimSuffix(o.Base, "/")
	if o.Exports == nil {
		o.Exports = new(export.Gate)
	}
	a := &API{o: o, mux: http.NewServeMux()}
	c := huma.DefaultConfig("Dateline", o.Version)
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks = "", "", "", nil // served by this package, behind its guard
	c.Transformers = append(c.Transformers, misfit)
	c.Info.Description = "A record of the news: articles in all their versions, what they say, and the kept pages behind it."
	c.Servers = []*huma.Server{{URL: o.Base + root}}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "A token made in the settings or with `dateline user token add`, with the scope that the operation names."},
	}
	a.huma = humago.NewWithPrefix(a.mux, o.Base+root, c)
	a.metrics = newMetrics(a)
	a.articleOperations()
	a.changeOperations()
	a.captureOperations()
	a.figureOperations()
	a.nameOperations()
	a.outletOperations()
	a.collectionOperations()
	a.searchOperations()
	a.stateOperations()
	a.exportOperations()
	a.healthOperations()
	a.mcpRoutes()
	a.readerRoutes()
	a.documentRoutes()
	a.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		problem(w, http.StatusNotFound, "There is nothing at this address; "+a.link("/api/", nil)+" lists the operations.")
	})
	return a
}

// Handler serves everything under /api/. Requests carry who makes them: see
// [access.Guard.Handler].
func (a *API) Handler() http.Handler { return a.metrics.measure(a.mux) }

// Routes are all there are, of operations and of documents.
func (a *API) Routes() []Route { return slices.Clone(a.routes) }

// about is what an operation says of itself.
type about struct {
	id      string
	tag     string
	method  string // GET where empty
	path    string // from /api on
	summary string
	more    string
	need    access.Need
	page    string        // as of [Route]
	wait    time.Duration // patience where it is 0
	errors  []int         // statuses that few operations answer
	set     func(*huma.Operation)
}

// failures are the statuses that an operation may answer besides its own, of
// the program's mistakes and of what does not fit its schema apart.
func (d *about) failures() []int {
	all := append([]int{http.StatusBadRequest, http.StatusMisdirectedRequest, http.StatusServiceUnavailable}, d.errors...)
	if d.need.Role != access.Anyone {
		all = append(all, http.StatusUnauthorized, http.StatusForbidden)
	}
	if strings.Contains(d.path, "{") {
		all = append(all, http.StatusNotFound)
	}
	switch d.method {
	case http.MethodPost, http.MethodPatch, http.MethodPut:
		all = append(all, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// add adds an operation. There is no other way to have one, so each is behind
// its need.
func add[In, Out any](a *API, d about, do func(context.Context, *In) (*Out, error)) {
	if d.method == "" {
		d.method = http.MethodGet
	}
	if d.wait == 0 {
		d.wait = patience
	}
	op := huma.Operation{
		OperationID: d.id, Method: d.method, Path: d.path, Summary: d.summary, Description: d.more, Tags: []string{d.tag},
		Errors:      d.failures(),
		Middlewares: huma.Middlewares{a.guarded(d.need, d.page)},
	}
	if d.need.Role != access.Anyone {
		op.Security = []map[string][]string{{"token": {}}}
		op.Extensions = map[string]any{"x-role": string(d.need.Role), "x-scope": string(d.need.Scope)}
	}
	if d.set != nil {
		d.set(&op)
	}
	a.routes = append(a.routes, Route{d.method, root + d.path, d.page, d.need})
	huma.Register(a.huma, op, func(ctx context.Context, in *In) (*Out, error) {
		ctx, cancel := context.WithTimeout(ctx, d.wait)
		defer cancel()
		out, err := do(ctx, in)
		if err != nil {
			return nil, a.failed(d.path, err)
		}
		return out, nil
	})
}

func (a *API) guarded(n access.Need, page string) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		id := access.From(c.Context())
		if err := a.o.Guard.Allow(id, n, page); err != nil {
			status, why := refused(id, n, err)
			if status == http.StatusUnauthorized {
				c.SetHeader("WWW-Authenticate", "Bearer")
			}
			_ = huma.WriteErr(a.huma, c, status, why) // who does not take it is gone
			return
		}
		next(c)
	}
}

// refused says what who asks has to bring.
func refused(id access.Identity, n access.Need, err error) (int, string) {
	if id.Role == access.Anyone {
		return http.StatusUnauthorized, fmt.Sprintf("Send a token with the scope %s: Authorization: Bearer TOKEN. Tokens are made in the settings.", n.Scope)
	}
	return http.StatusForbidden, sentence(err)
}

// guardedHTTP guards what is no operation.
func (a *API) guardedHTTP(n access.Need, page string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := access.From(r.Context())
		if err := a.o.Guard.Allow(id, n, page); err != nil {
			status, why := refused(id, n, err)
			if status == http.StatusUnauthorized {
				w.Header().Set("WWW-Authenticate", "Bearer")
			}
			problem(w, status, why)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// failed is an error as it is answered, by RFC 9457.
func (a *API) failed(path string, err error) error {
	var status huma.StatusError
	if errors.As(err, &status) {
		return err
	}
	var mistake *search.Mistake
	switch {
	case errors.As(err, &mistake):
		return huma.NewError(http.StatusBadRequest, "The query cannot be understood: "+sentence(err), &huma.ErrorDetail{Message: err.Error(), Location: "query.q"})
	case errors.Is(err, context.DeadlineExceeded):
		return later("This takes too long. Narrow the query, by a period (after: before:) or an outlet, or ask for less at once.")
	case errors.Is(err, context.Canceled):
		return later("The request ended before its answer.")
	case errors.Is(err, dateline.ErrNotFound):
		return huma.NewError(http.StatusNotFound, sentence(err))
	case errors.Is(err, dateline.ErrGone):
		return huma.NewError(http.StatusGone, "This was erased from the record.")
	case errors.Is(err, dateline.ErrRefused):
		return huma.NewError(http.StatusForbidden, sentence(err))
	case errors.Is(err, dateline.ErrInvalid):
		return huma.NewError(http.StatusBadRequest, sentence(err))
	case errors.Is(err, dateline.ErrTooLarge):
		return huma.NewError(http.StatusRequestEntityTooLarge, sentence(err))
	case errors.Is(err, dateline.ErrUnsupported):
		return huma.NewError(http.StatusNotImplemented, sentence(err))
	case errors.Is(err, dateline.ErrLater):
		return later(sentence(err) + " Try again in a while.")
	}
	a.o.Log.Error("answer a program", "path", path, "err", err)
	return huma.NewError(http.StatusInternalServerError, "Something went wrong in the program; its log says what.")
}

// absent is an error without what the store was looking for, where that is said
// already.
func absent(err error) error {
	if errors.Is(err, dateline.ErrNotFound) {
		return dateline.ErrNotFound
	}
	return err
}

// misfit has an answer about what does not fit its schema say where and how.
func misfit(_ huma.Context, _ string, body any) (any, error) {
	m, ok := body.(*huma.ErrorModel)
	if !ok || m.Status != http.StatusUnprocessableEntity || len(m.Errors) == 0 {
		return body, nil
	}
	const most = 5
	var all []string
	for _, e := range m.Errors[:min(len(m.Errors), most)] {
		all = append(all, strings.TrimPrefix(e.Location+": "+e.Message, ": "))
	}
	if len(m.Errors) > most {
		all = append(all, fmt.Sprintf("%d more", len(m.Errors)-most))
	}
	m.Detail = "What was sent does not fit: " + strings.Join(all, "; ") + "."
	return m, nil
}

// later is an answer that says to come again, and when.
func later(why string) error {
	return huma.ErrorWithHeaders(huma.NewError(http.StatusServiceUnavailable, why), http.Header{"Retry-After": {"10"}})
}

// sentence is an error for people: a sentence of one line.
func sentence(err error) string {
	s := strings.ToValidUTF8(err.Error(), "\uFFFD")
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// link is an address of this server.
func (a *API) link(path string, q url.Values) string {
	s := a.o.Public + a.o.Base + path
	if len(q) > 0 {
		s += "?" + q.Encode()
	}
	return s
}

// articleLink is where a person sees a version of an article, and in it the
// sentence if one is given.
func (a *API) articleLink(id string, version int, sentence *[2]int) string {
	q := url.Values{}
	if version > 0 {
		q.Set("version", strconv.Itoa(version))
	}
	if sentence == nil {
		return a.link("/article/"+url.PathEscape(id), q)
	}
	q.Set("s", strconv.Itoa(sentence[0])+"-"+strconv.Itoa(sentence[1]))
	return a.link("/article/"+url.PathEscape(id), q) + "#cited"
}

// keptLink is where a person sees a kept page.
func (a *API) keptLink(capture int64) string {
	if capture == 0 {
		return ""
	}
	return a.link("/kept/"+strconv.FormatInt(capture, 10), nil)
}

// List is a page of a list.
type List[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next,omitempty" doc:"The cursor of the next page; left out on the last."`
}

// pageOf is the part of a whole list that comes after a cursor, which is the key
// of an item, and the cursor of the next part.
func pageOf[T any](all []T, cursor string, limit int, key func(*T) string) (part []T, next string, err error) {
	if cursor != "" {
		i := slices.IndexFunc(all, func(v T) bool { return key(&v) == cursor })
		if i < 0 {
			return nil, "", fmt.Errorf("cursor %.40q: what it stood for is gone; begin again: %w", cursor, dateline.ErrInvalid)
		}
		all = all[i+1:]
	}
	if len(all) > limit {
		return all[:limit], key(&all[limit-1]), nil
	}
	return all, "", nil
}

// answer is an answer in JSON.
type answer[T any] struct{ Body T }

// nothing is what an operation without parameters takes.
type nothing struct{}

// known is a time that may not be known.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
