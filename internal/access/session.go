package access

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"

	"dateline"
	"dateline/internal/store"
	"dateline/lang"
)

// How long a login lasts where the guard does not say.
const (
	defaultIdle     = 3 * 24 * time.Hour
	defaultLifetime = 30 * 24 * time.Hour
)

// How often a login may fail before it has to wait: of one user, whoever tries,
// and of one address, whomever it tries. At most 2,880 passwords of a user are
// tried a day.
const (
	userTries, userAgain       = 10, 30 * time.Second
	addressTries, addressAgain = 20, 10 * time.Second
)

// state is what a guard makes when it is first used.
type state struct {
	hashing          chan struct{}
	hashed           int // held by who hashes
	users, addresses *Throttle
	plain, secure    *scs.SessionManager // by whether the cookie is for TLS alone
	closed           atomic.Bool         // there are users
	swept            sync.Mutex
	sweep            time.Time // when sessions that are over were last removed
}

// made is the guard's state.
func (g *Guard) made() *state {
	g.once.Do(func() {
		g.state = &state{
			hashing: make(chan struct{}, hashesAtOnce),
			users:   NewThrottle(userTries, userAgain), addresses: NewThrottle(addressTries, addressAgain),
			plain: g.sessions(false), secure: g.sessions(true),
		}
	})
	return g.state
}

// The names of what a session keeps.
const (
	sessionUser  = "user"
	sessionEpoch = "epoch"
)

// cookieName is that of the session's cookie.
const cookieName = "dateline"

func (g *Guard) sessions(secure bool) *scs.SessionManager {
	m := scs.New()
	m.IdleTimeout, m.Lifetime = orElse(g.Idle, defaultIdle), orElse(g.Lifetime, defaultLifetime)
	m.Store = &sessionStore{g.Users, g.Now, m.IdleTimeout / 50}
	m.HashTokenInStore = true
	m.Cookie.Name, m.Cookie.Path, m.Cookie.Secure = cookieName, g.Base+"/", secure
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		if g.Log != nil && r.Context().Err() == nil {
			g.Log.Error("keep or find a session", "err", err)
		}
		http.Error(w, "the session cannot be kept or found; try again in a moment", http.StatusServiceUnavailable)
	}
	return m
}

func orElse(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

type managerKey struct{}

// manager is the one that has the request's session; nil where it came with a
// token or needs no login.
func manager(ctx context.Context) *scs.SessionManager {
	m, _ := ctx.Value(managerKey{}).(*scs.SessionManager)
	return m
}

// Wait is an error that says how long it is until one may try again. It wraps
// [dateline.ErrLater].
type Wait struct{ For time.Duration }

func (w Wait) Error() string {
	return fmt.Sprintf("too many tries; wait %s", w.For.Round(time.Second)+time.Second)
}

// Unwrap is dateline.ErrLater.
func (Wait) Unwrap() error { return dateline.ErrLater }

// Login begins a session of the user with that name and password, in a request
// that came through [Guard.Handler] from that address. The error wraps
// [dateline.ErrRefused] where there is no such user or it is another password,
// and takes the same time for both; a [Wait] where it was tried too often.
func (g *Guard) Login(ctx context.Context, name, password, address string) (store.User, error) {
	m, s := manager(ctx), g.made()
	if m == nil {
		return store.User{}, fmt.Errorf("a session cannot begin here: %w", dateline.ErrUnsupported)
	}
	who, from := lang.Fold(name), Network(address)
	if len(who) > maxName || len(password) > maxPassword {
		who, password = "", ""
	}
	if wait := s.addresses.Take(from, g.Now()); wait > 0 {
		return store.User{}, Wait{wait}
	}
	if wait := s.users.Take(who, g.Now()); wait > 0 {
		return store.User{}, Wait{wait}
	}
	u, err := g.verify(ctx, name, password)
	switch {
	case err == nil || errors.Is(err, dateline.ErrLater):
		s.addresses.back(from)
		s.users.back(who)
		if err != nil {
			return store.User{}, err
		}
	default:
		return store.User{}, err
	}
	if u, err = g.Users.User(ctx, u.N); err == nil { // it was a while
		u.Seen = g.Now()
		_, err = g.Users.PutUser(ctx, u)
	}
	if err != nil {
		return store.User{}, err
	}
	g.sweepSessions(ctx)
	return u, begin(ctx, m, u)
}

// verify finds the user with that name and password.
func (g *Guard) verify(ctx context.Context, name, password string) (store.User, error) {
	u, err := g.Users.UserNamed(ctx, name)
	hashed := u.Password
	if errors.Is(err, dateline.ErrNotFound) {
		hashed, err = noHash, nil
	}
	if err != nil {
		return store.User{}, err
	}
	ok, err := g.matches(ctx, hashed, password)
	if err != nil {
		return store.User{}, err
	}
	if !ok || u.N == 0 {
		return store.User{}, fmt.Errorf("no user has that name and password: %w", dateline.ErrRefused)
	}
	return u, nil
}

// begin gives the session a new id, so that nobody knows it who knew the old
// one, and a user.
func begin(ctx context.Context, m *scs.SessionManager, u store.User) error {
	if err := m.Clear(ctx); err != nil {
		return err
	}
	if err := m.RenewToken(ctx); err != nil {
		return fmt.Errorf("begin a session: %w", err)
	}
	m.Put(ctx, sessionUser, u.N)
	m.Put(ctx, sessionEpoch, u.Epoch)
	return nil
}

// Logout ends the request's session.
func (g *Guard) Logout(ctx context.Context) error {
	m := manager(ctx)
	if m == nil {
		return nil
	}
	if err := m.Destroy(ctx); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// userOf is the user of the request's session; the zero one where there is
// none.
func (g *Guard) userOf(ctx context.Context, m *scs.SessionManager) (store.User, error) {
	n := m.GetInt64(ctx, sessionUser)
	if n == 0 {
		return store.User{}, nil
	}
	u, err := g.Users.User(ctx, n)
	if errors.Is(err, dateline.ErrNotFound) || err == nil && u.Epoch != m.GetInt64(ctx, sessionEpoch) {
		return store.User{}, m.Destroy(ctx)
	}
	return u, err
}

// sweepSessions removes, once an hour, those that are over.
func (g *Guard) sweepSessions(ctx context.Context) {
	s, now := g.made(), g.Now()
	s.swept.Lock()
	due := now.Sub(s.sweep) >= time.Hour
	if due {
		s.sweep = now
	}
	s.swept.Unlock()
	if !due {
		return
	}
	if err := g.Users.EndSessions(ctx, now); err != nil && g.Log != nil {
		g.Log.Warn("sessions that are over are not removed", "err", err)
	}
}

// sessionStore keeps sessions for package scs, which asks for them by hashes.
type sessionStore struct {
	users store.Users
	now   func() time.Time
	grain time.Duration // how exactly the end of a session is kept: each costs a write
}

func (s *sessionStore) FindCtx(ctx context.Context, hash string) ([]byte, bool, error) {
	data, _, err := s.users.Session(ctx, hash, s.now())
	if errors.Is(err, dateline.ErrNotFound) {
		return nil, false, nil
	}
	return data, err == nil, err
}

func (s *sessionStore) CommitCtx(ctx context.Context, hash string, data []byte, until time.Time) error {
	had, before, err := s.users.Session(ctx, hash, s.now())
	if err == nil && bytes.Equal(had, data) && until.Sub(before) < s.grain && !until.Before(before) {
		return nil
	}
	return s.users.PutSession(ctx, hash, data, until)
}

func (s *sessionStore) DeleteCtx(ctx context.Context, hash string) error {
	return s.users.EndSession(ctx, hash)
}

// Without a context they are not asked.
func (s *sessionStore) Find(hash string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), hash)
}
func (s *sessionStore) Commit(hash string, data []byte, until time.Time) error {
	return s.CommitCtx(context.Background(), hash, data, until)
}
func (s *sessionStore) Delete(hash string) error { return s.DeleteCtx(context.Background(), hash) }
