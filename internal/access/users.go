package access

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"dateline"
	"dateline/internal/store"
)

// maxName is the longest name of a user or token, in bytes.
const maxName = 64

// checkName wraps [dateline.ErrInvalid] for what cannot be a user's name.
func checkName(name string) error {
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-@+", r)
	}
	switch {
	case name == "" || len(name) > maxName || strings.ContainsFunc(name, odd) || !unicode.IsLetter([]rune(name)[0]):
		return fmt.Errorf("a user's name is a letter and up to %d letters, digits and . _ - @ +: %w", maxName-1, dateline.ErrInvalid)
	case strings.EqualFold(name, localName):
		return fmt.Errorf("%s is who needs no login; choose another name: %w", localName, dateline.ErrInvalid)
	}
	return nil
}

func checkRole(r Role) error {
	if !slices.Contains(Roles, r) {
		return fmt.Errorf("%.40q is no role; they are %s, %s and %s: %w", r, Reader, Editor, Admin, dateline.ErrInvalid)
	}
	return nil
}

// AddUser adds a user. The first has to be an administrator: from then on a
// login is needed. The error wraps [dateline.ErrInvalid] where something of it
// cannot be.
func (g *Guard) AddUser(ctx context.Context, name string, role Role, password string) (store.User, error) {
	if err := errors.Join(checkName(name), checkRole(role), checkPassword(name, password)); err != nil {
		return store.User{}, err
	}
	all, err := g.Users.ListUsers(ctx)
	if err != nil {
		return store.User{}, err
	}
	if len(all) == 0 && role != Admin {
		return store.User{}, fmt.Errorf("the first user has the role %s, as a login is needed from then on: %w", Admin, dateline.ErrInvalid)
	}
	u := store.User{Name: name, Role: string(role), Epoch: 1, Created: g.Now()}
	if u.Password, err = g.hash(ctx, password); err != nil {
		return store.User{}, err
	}
	u.N, err = g.Users.PutUser(ctx, u)
	return u, err
}

// SetPassword gives a user another password, as where the old one is forgotten
// or somebody else knows it, and ends their sessions and tokens. It says how
// many tokens those were.
func (g *Guard) SetPassword(ctx context.Context, n int64, password string) (tokens int, err error) {
	if err := g.setPassword(ctx, n, password); err != nil {
		return 0, err
	}
	return g.endTokens(ctx, n)
}

// setPassword ends the sessions that began with the old password.
func (g *Guard) setPassword(ctx context.Context, n int64, password string) error {
	u, err := g.Users.User(ctx, n)
	if err != nil {
		return err
	}
	if err := checkPassword(u.Name, password); err != nil {
		return err
	}
	if u.Password, err = g.hash(ctx, password); err != nil {
		return err
	}
	u.Epoch++
	_, err = g.Users.PutUser(ctx, u)
	return err
}

// SignOut ends all sessions and tokens of who makes the request.
func (g *Guard) SignOut(ctx context.Context) error {
	n := From(ctx).User.N
	if n == 0 {
		return fmt.Errorf("sign out without a user: %w", dateline.ErrRefused)
	}
	u, err := g.Users.User(ctx, n)
	if err != nil {
		return err
	}
	u.Epoch++
	if _, err := g.Users.PutUser(ctx, u); err != nil {
		return err
	}
	_, err = g.endTokens(ctx, n)
	return err
}

// endTokens removes all tokens of a user. Sessions are to be over before: then
// none is added that is not found here, see AddToken.
func (g *Guard) endTokens(ctx context.Context, n int64) (ended int, err error) {
	tokens, err := g.Users.ListTokens(ctx, n)
	if err != nil {
		return 0, err
	}
	for _, t := range tokens {
		if err := g.Users.DropToken(ctx, t.N); err != nil && !errors.Is(err, dateline.ErrNotFound) {
			return ended, err
		}
		ended++
	}
	return ended, nil
}

// ChangePassword gives who makes the request and knows the password so far
// another one. Their session goes on, with another id, and others end; tokens do
// where they are to.
func (g *Guard) ChangePassword(ctx context.Context, was, password, address string, tokens bool) error {
	id, s := From(ctx), g.made()
	m := manager(ctx)
	if m == nil || id.User.N == 0 {
		return fmt.Errorf("change a password without a session: %w", dateline.ErrRefused)
	}
	from := Network(address)
	if wait := s.addresses.Take(from, g.Now()); wait > 0 {
		return Wait{wait}
	}
	ok, err := g.matches(ctx, id.User.Password, was)
	switch {
	case err != nil:
		return err
	case !ok:
		return fmt.Errorf("that is not the password so far: %w", dateline.ErrRefused)
	}
	s.addresses.back(from)
	if err := g.setPassword(ctx, id.User.N, password); err != nil {
		return err
	}
	if tokens {
		if _, err := g.endTokens(ctx, id.User.N); err != nil {
			return err
		}
	}
	u, err := g.Users.User(ctx, id.User.N)
	if err != nil {
		return err
	}
	return begin(ctx, m, u)
}

// SetRole gives a user another role. They have to log in again, as what was
// read of them before is not to bring the old one back.
func (g *Guard) SetRole(ctx context.Context, n int64, role Role) error {
	if err := checkRole(role); err != nil {
		return err
	}
	u, err := g.Users.User(ctx, n)
	if err != nil || u.Role == string(role) {
		return err
	}
	u.Role = string(role)
	u.Epoch++
	_, err = g.Users.PutUser(ctx, u)
	return err
}

// tokenPrefix tells people and scanners for secrets what a token is for.
const tokenPrefix = "dl_"

// AddToken gives a user a token. Its text is given this once: only a hash is
// kept. Until zero is for one without end.
func (g *Guard) AddToken(ctx context.Context, user int64, name string, scopes []Scope, until time.Time) (text string, t store.Token, err error) {
	t = store.Token{User: user, Name: strings.TrimSpace(name), Created: g.Now(), Until: until}
	switch {
	case t.Name == "" || len(t.Name) > maxName || strings.ContainsFunc(t.Name, unicode.IsControl):
		err = fmt.Errorf("a token has a name, of %d letters at most: %w", maxName, dateline.ErrInvalid)
	case len(scopes) == 0:
		err = fmt.Errorf("a token has a scope at least: %w", dateline.ErrInvalid)
	case !until.IsZero() && !until.After(g.Now()):
		err = fmt.Errorf("a token ends later than now: %w", dateline.ErrInvalid)
	}
	for _, s := range scopes {
		if !slices.Contains(Scopes, s) {
			err = cmp.Or(err, fmt.Errorf("%.40q is no scope; they are %s, %s, %s and %s: %w", s, Look, Desk, Follow, Manage, dateline.ErrInvalid))
		} else if !slices.Contains(t.Scopes, string(s)) {
			t.Scopes = append(t.Scopes, string(s))
		}
	}
	if err != nil {
		return "", store.Token{}, err
	}
	b := make([]byte, 32)
	rand.Read(b)
	text = tokenPrefix + base64.RawURLEncoding.EncodeToString(b)
	t.Hash = hashToken(text)
	if t.N, err = g.Users.PutToken(ctx, t); err != nil {
		return "", store.Token{}, err
	}
	// A session that has ended since the request was let in leaves no token.
	if who := From(ctx).User; who.N == user {
		u, err := g.Users.User(ctx, user)
		if err == nil && u.Epoch != who.Epoch {
			err = fmt.Errorf("the session is over; log in: %w", dateline.ErrRefused)
		}
		if err != nil {
			return "", store.Token{}, errors.Join(err, g.Users.DropToken(ctx, t.N))
		}
	}
	return text, t, nil
}

// hashToken is a token as it is kept. It is random, so a plain hash does.
func hashToken(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// byToken is who a token stands for. The error wraps [dateline.ErrNotFound]
// for none.
func (g *Guard) byToken(ctx context.Context, text string) (Identity, error) {
	if !strings.HasPrefix(text, tokenPrefix) || len(text) != len(tokenPrefix)+43 {
		return Identity{}, fmt.Errorf("find token: %w", dateline.ErrNotFound)
	}
	t, u, err := g.Users.TokenHashed(ctx, hashToken(text), g.Now())
	if err != nil {
		return Identity{}, err
	}
	id := Identity{User: u, Role: Role(u.Role), Scopes: []Scope{}, Token: t.Name}
	for _, s := range t.Scopes {
		id.Scopes = append(id.Scopes, Scope(s))
	}
	return id, nil
}
