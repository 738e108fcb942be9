package web

import (
	"cmp"
	"crypto/rand"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/archive"
	"dateline/internal/export"
	"dateline/internal/notify"
	"dateline/internal/store"
	"dateline/lang"
	"dateline/search"
)

// Options are what a server shows and asks.
type Options struct {
	Store    store.Store
	Archive  *archive.Reader
	Newsroom Newsroom // nil where nothing is followed
	Guard    *access.Guard
	Analyzer *search.Analyzer
	Packs    *lang.Packs
	Notify   *notify.Notifier // one that sends nothing where nil
	Exports  *export.Gate     // of all servers of the record; one of its own where nil
	API      http.Handler     // what is served under /api; nil for nothing
	Now      func() time.Time
	Log      *slog.Logger
	Base     string // path under which all is served behind a proxy: "/news"; "" for the root
	Public   string // the origin that others know the pages by: "https://record.example"; "" where only requests say
	Replay   string // origin of kept pages: "http://127.0.0.1:8081"; that of localhost has the host it is asked by
	Version  string // of the program
}

// Server serves the pages.
type Server struct {
	Options
	routes    []Route
	templates templates
	texts     texts
	assets    *assets
	errands   errands
	questions questions
	outlines  map[string]bool  // ids of countries in the drawing of the world
	pressed   *access.Throttle // what users have sent by a button, by user
	addressed *access.Throttle // and by where it goes
	seal      [32]byte         // with which tickets to kept pages are signed
}

// New makes a server. It reads its templates and texts, so an error is one of
// the program itself.
func New(o Options) (*Server, error) {
	s := &Server{Options: o, pressed: access.NewThrottle(pressed, pressedAgain), addressed: access.NewThrottle(addressed, addressedAgain)}
	rand.Read(s.seal[:])
	s.Base = strings.TrimSuffix(s.Base, "/")
	if s.Exports == nil {
		s.Exports = new(export.Gate)
	}
	if s.Notify == nil {
		s.Notify = &notify.Notifier{Store: s.Store, Analyzer: s.Analyzer, Now: s.Now, Log: s.Log,
			Link: func(path string) string { return s.Public + s.Base + path }}
	}
	var err error
	if s.texts, err = loadTexts(); err != nil {
		return nil, err
	}
	if s.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	s.outlines = map[string]bool{}
	for _, id := range outlines.FindAllSubmatch(s.assets.files["world.svg"].plain, -1) {
		s.outlines[string(id[1])] = true
	}
	if s.templates, err = s.loadTemplates(); err != nil {
		return nil, err
	}
	s.routes = s.allRoutes()
	return s, nil
}

// Routes are all there are, without those of the API.
func (s *Server) Routes() []Route { return s.routes }

// Handler serves the pages, and the API where there is one.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range s.routes {
		mux.Handle(r.Pattern(s.Base), s.serve(r))
	}
	if s.API != nil {
		mux.Handle(s.Base+"/api/", s.Guard.Handler(s.API))
	}
	mux.Handle("GET "+s.Base+"/static/", http.StripPrefix(s.Base+"/static/", s.assets))
	mux.Handle("/", s.serve(Route{Handle: func(c *call) error { return dateline.ErrNotFound }, Plain: true}))
	cross := http.NewCrossOriginProtection()
	if s.Public != "" {
		cross.AddTrustedOrigin(s.Public) // whatever a proxy makes of the host
	}
	return secure(s.policy, cross.Handler(mux))
}

// policy is the Content-Security-Policy of the pages.
func (s *Server) policy(r *http.Request) string {
	frame := cmp.Or(s.frames(r), "'none'")
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'none'; frame-src " + frame +
		"; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
}

// secure sets the headers that every answer has.
func secure(policy func(*http.Request) string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy(r))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}
