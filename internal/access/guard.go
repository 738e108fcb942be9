package access

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"dateline"
	"dateline/internal/store"
)

// Guard finds out who makes a request, and keeps users, sessions and tokens.
// What is not set has a default but for Users and Now. Its fields are not
// changed once it is used.
type Guard struct {
	Users store.Users
	// Open is whether whoever asks is an administrator while there are no
	// users: on this machine alone.
	Open bool
	// Public are the pages that anyone may look at, by their names in routes.
	Public []string
	// Hosts are those that may be asked for while it is open, besides those of
	// this machine: a page elsewhere could have its own name lead here.
	Hosts []string
	// Base is the path under which all is served, "" for the root.
	Base string
	// Secure is whether browsers always come by TLS.
	Secure bool
	// Idle and Lifetime are how long a session lasts unused, and at most.
	Idle, Lifetime time.Duration
	Now            func() time.Time
	Log            *slog.Logger // none where nil

	once  sync.Once
	state *state
}

// Allow is nil where who asks has what a route needs, or where its page is
// public. page is empty for a route that never is.
func (g *Guard) Allow(id Identity, n Need, page string) error {
	if page != "" && n.Role == Reader && slices.Contains(g.Public, page) {
		return nil
	}
	return id.May(n)
}

// Handler has every request carry who makes it; see [From]. A token that is
// none is answered with 401, and what came by another name to where no login
// is needed with 421.
func (g *Guard) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		open, err := g.open(ctx)
		switch {
		case err != nil:
			g.fail(w, r, err)
		case open && r.Header.Get("Authorization") == "":
			if why := g.strange(r); why != "" {
				http.Error(w, why, http.StatusMisdirectedRequest)
				return
			}
			next.ServeHTTP(w, r.WithContext(With(ctx, Identity{Role: Admin, Local: true})))
		case r.Header.Get("Authorization") != "":
			id, err := g.byToken(ctx, bearer(r))
			switch {
			case errors.Is(err, dateline.ErrNotFound):
				w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
				http.Error(w, "the token is none, or is over; make another with dateline user token add", http.StatusUnauthorized)
			case err != nil:
				g.fail(w, r, err)
			default:
				next.ServeHTTP(w, r.WithContext(With(ctx, id)))
			}
		default:
			g.bySession(w, r, next)
		}
	})
}

func (g *Guard) bySession(w http.ResponseWriter, r *http.Request, next http.Handler) {
	s := g.made()
	m := s.plain
	if g.Secure || r.TLS != nil || r.URL.Scheme == "https" {
		m = s.secure
	}
	m.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, err := g.userOf(r.Context(), m)
		if err != nil {
			g.fail(w, r, err)
			return
		}
		ctx := context.WithValue(r.Context(), managerKey{}, m)
		next.ServeHTTP(w, r.WithContext(With(ctx, Identity{User: u, Role: Role(u.Role)})))
	})).ServeHTTP(w, r)
}

// open tells whether no login is needed. It is so until there is a user, and
// never again: the last administrator cannot be removed.
func (g *Guard) open(ctx context.Context) (bool, error) {
	if !g.Open {
		return false, nil
	}
	s := g.made()
	if s.closed.Load() {
		return false, nil
	}
	all, err := g.Users.ListUsers(ctx)
	if len(all) > 0 {
		s.closed.Store(true)
	}
	return len(all) == 0 && err == nil, err
}

// strange says why a request is none of this machine's, where no login is
// needed; empty where it may be one.
func (g *Guard) strange(r *http.Request) string {
	for _, h := range []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip"} {
		if r.Header.Get(h) != "" {
			return "This came through a proxy, and who uses it has to log in. Make an administrator first:\n\n  dateline user add NAME --role admin\n"
		}
	}
	if isLocalHost(r.Host) || slices.ContainsFunc(g.Hosts, func(h string) bool { return strings.EqualFold(h, r.Host) }) {
		return ""
	}
	return fmt.Sprintf("Nothing is served here by the name %.80q. Ask for the address that dateline serve has printed.\n"+
		"For others to ask by a name, set serve.public and make an administrator: dateline user add NAME --role admin\n", r.Host)
}

// bearer is the token of a request: as Bearer, or as the password of programs
// that know no other way.
func bearer(r *http.Request) string {
	if _, password, ok := r.BasicAuth(); ok {
		return password
	}
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(text)
}

// fail answers where users cannot be looked up.
func (g *Guard) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return
	}
	if g.Log != nil {
		g.Log.Error("find out who asks", "route", r.Pattern, "err", err)
	}
	http.Error(w, "who asks cannot be looked up; try again in a moment", http.StatusServiceUnavailable)
}
