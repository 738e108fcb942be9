package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/lang"
)

// admin is the role of which one user is always left.
const admin = "admin"

const userColumns = "u.n, u.name, u.role, u.password, u.epoch, u.created, u.seen, u.settings"

// intoUser gives where the columns of a user go.
func intoUser(u *store.User) list {
	return list{&u.N, &u.Name, &u.Role, &u.Password, &u.Epoch, toTime(&u.Created), toTime(&u.Seen), toJSON(&u.Settings)}
}

// toJSON reads a value that may be none.
func toJSON(v *json.RawMessage) scanner[string] {
	return func(s string) {
		*v = nil
		if s != "" {
			*v = json.RawMessage(s)
		}
	}
}

// PutUser implements [store.Users].
func (s *Store) PutUser(ctx context.Context, u store.User) (int64, error) {
	n := u.N
	err := s.write(ctx, func(t *tx) error {
		n = u.N
		folded := lang.Fold(u.Name)
		if folded == "" {
			return fmt.Errorf("%w: a user needs a name", dateline.ErrInvalid)
		}
		var other int64
		if t.row("SELECT n FROM user WHERE folded = ? AND n <> ?", list{folded, n}, &other) {
			return fmt.Errorf("%w: another user has that name", dateline.ErrInvalid)
		}
		if n == 0 {
			created := u.Created
			if created.IsZero() {
				created = s.now()
			}
			n = t.insert("INSERT INTO user (name, folded, role, password, epoch, created, seen, settings) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
				u.Name, folded, u.Role, u.Password, u.Epoch, ms(created), ms(u.Seen), string(u.Settings))
			t.inherit(n, u.Role)
			return nil
		}
		had := t.user(n)
		switch {
		case t.err != nil:
			return nil
		case u.Epoch < had.Epoch:
			return fmt.Errorf("%w: the user was changed meanwhile", dateline.ErrRefused)
		case u.Role != admin:
			t.keepAdmin(had)
		}
		t.exec("UPDATE user SET name = ?, folded = ?, role = ?, password = ?, epoch = ?, seen = ?, settings = ? WHERE n = ?",
			u.Name, folded, u.Role, u.Password, u.Epoch, ms(u.Seen), string(u.Settings), n)
		t.inherit(n, u.Role)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("keep user %.80q: %w", u.Name, err)
	}
	return n, nil
}

// inherit gives an administrator what user 0 has: from the first one on nobody
// comes without a login, and nobody else could read or remove it.
func (t *tx) inherit(n int64, role string) {
	if role == admin {
		t.exec("UPDATE saved SET user = ? WHERE user = 0", n)
		t.exec("UPDATE OR REPLACE reading SET user = ? WHERE user = 0", n)
	}
}

// user reads a user; that it is missing is an error.
func (t *tx) user(n int64) store.User {
	var u store.User
	if !t.row("SELECT "+userColumns+" FROM user u WHERE u.n = ?", list{n}, intoUser(&u)...) {
		t.fail(dateline.ErrNotFound)
	}
	return u
}

// keepAdmin refuses to lose the last administrator.
func (t *tx) keepAdmin(u store.User) {
	var other int64
	if t.err == nil && u.Role == admin && !t.row("SELECT n FROM user WHERE role = ? AND n <> ?", list{admin, u.N}, &other) {
		t.fail(fmt.Errorf("%w: no administrator would be left", dateline.ErrRefused))
	}
}

// User implements [store.Users].
func (s *Store) User(ctx context.Context, n int64) (store.User, error) {
	var u store.User
	err := s.read(ctx, func(t *tx) error {
		u = t.user(n)
		return nil
	})
	if err != nil {
		return store.User{}, fmt.Errorf("read user %d: %w", n, err)
	}
	return u, nil
}

// UserNamed implements [store.Users].
func (s *Store) UserNamed(ctx context.Context, name string) (store.User, error) {
	var u store.User
	err := s.read(ctx, func(t *tx) error {
		if !t.row("SELECT "+userColumns+" FROM user u WHERE u.folded = ?", list{lang.Fold(name)}, intoUser(&u)...) && t.err == nil {
			return dateline.ErrNotFound
		}
		return nil
	})
	if err != nil {
		return store.User{}, fmt.Errorf("find user %.80q: %w", name, err)
	}
	return u, nil
}

// ListUsers implements [store.Users].
func (s *Store) ListUsers(ctx context.Context) ([]store.User, error) {
	var out []store.User
	err := s.read(ctx, func(t *tx) error {
		t.each("SELECT "+userColumns+" FROM user u ORDER BY u.folded", nil, func(scan func(...any)) bool {
			var u store.User
			scan(intoUser(&u)...)
			out = append(out, u)
			return true
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return out, nil
}

// DropUser implements [store.Users].
func (s *Store) DropUser(ctx context.Context, n int64) error {
	err := s.write(ctx, func(t *tx) error {
		t.keepAdmin(t.user(n))
		t.exec("DELETE FROM reading WHERE user = ?", n)
		t.exec("DELETE FROM saved WHERE user = ?", n)
		t.exec("DELETE FROM user WHERE n = ?", n) // with tokens
		return nil
	})
	if err != nil {
		return fmt.Errorf("remove user %d: %w", n, err)
	}
	return nil
}

// Session implements [store.Users].
func (s *Store) Session(ctx context.Context, hash string, now time.Time) (data []byte, until time.Time, err error) {
	err = s.read(ctx, func(t *tx) error {
		if !t.row("SELECT data, until FROM session WHERE hash = ? AND until > ?", list{hash, ms(now)}, &data, toTime(&until)) && t.err == nil {
			return dateline.ErrNotFound
		}
		return nil
	})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("read session: %w", err)
	}
	return data, until, nil
}

// PutSession implements [store.Users].
func (s *Store) PutSession(ctx context.Context, hash string, data []byte, until time.Time) error {
	err := s.write(ctx, func(t *tx) error {
		t.exec("INSERT INTO session (hash, data, until) VALUES (?, ?, ?) ON CONFLICT (hash) DO UPDATE SET data = excluded.data, until = excluded.until", hash, blob(data), ms(until))
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep session: %w", err)
	}
	return nil
}

// EndSession implements [store.Users].
func (s *Store) EndSession(ctx context.Context, hash string) error {
	return s.endSessions(ctx, "DELETE FROM session WHERE hash = ?", hash)
}

// EndSessions implements [store.Users].
func (s *Store) EndSessions(ctx context.Context, now time.Time) error {
	return s.endSessions(ctx, "DELETE FROM session WHERE until <= ?", ms(now))
}

func (s *Store) endSessions(ctx context.Context, query string, arg any) error {
	err := s.write(ctx, func(t *tx) error {
		t.exec(query, arg)
		return nil
	})
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}

const tokenColumns = "k.n, k.user, k.name, k.hash, k.scopes, k.created, k.used, k.until"

func intoToken(k *store.Token) list {
	return list{&k.N, &k.User, &k.Name, &k.Hash, scanner[string](func(s string) { k.Scopes = strings.Fields(s) }), toTime(&k.Created), toTime(&k.Used), toTime(&k.Until)}
}

// PutToken implements [store.Users].
func (s *Store) PutToken(ctx context.Context, k store.Token) (int64, error) {
	var n int64
	err := s.write(ctx, func(t *tx) error {
		t.user(k.User)
		var other int64
		switch {
		case t.err != nil:
		case k.Hash == "" || t.row("SELECT n FROM token WHERE hash = ? AND n <> ?", list{k.Hash, k.N}, &other):
			return fmt.Errorf("%w: it has no hash, or that of another", dateline.ErrInvalid)
		}
		scopes := strings.Join(k.Scopes, " ")
		if n = k.N; n != 0 {
			if t.exec("UPDATE token SET user = ?, name = ?, hash = ?, scopes = ?, until = ? WHERE n = ?", k.User, k.Name, k.Hash, scopes, ms(k.Until), n) == 0 && t.err == nil {
				return dateline.ErrNotFound
			}
			return nil
		}
		created := k.Created
		if created.IsZero() {
			created = s.now()
		}
		n = t.insert("INSERT INTO token (user, name, hash, scopes, created, used, until) VALUES (?, ?, ?, ?, ?, ?, ?)",
			k.User, k.Name, k.Hash, scopes, ms(created), ms(k.Used), ms(k.Until))
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("keep token %.80q: %w", k.Name, err)
	}
	return n, nil
}

// usedWithin is how exactly the last use of a token is kept: each costs a write.
const usedWithin = time.Minute

// TokenHashed implements [store.Users].
func (s *Store) TokenHashed(ctx context.Context, hash string, now time.Time) (store.Token, store.User, error) {
	var k store.Token
	var u store.User
	err := s.read(ctx, func(t *tx) error {
		if !t.row("SELECT "+tokenColumns+", "+userColumns+" FROM token k JOIN user u ON u.n = k.user WHERE k.hash = ? AND (k.until = 0 OR k.until > ?)",
			list{hash, ms(now)}, append(intoToken(&k), intoUser(&u)...)...) && t.err == nil {
			return dateline.ErrNotFound
		}
		return nil
	})
	if err == nil && now.Sub(k.Used) >= usedWithin {
		before := ms(k.Used)
		k.Used = at(ms(now))
		err = s.write(ctx, func(t *tx) error {
			t.exec("UPDATE token SET used = ? WHERE n = ? AND used = ?", ms(now), k.N, before)
			return nil
		})
		if errors.Is(err, dateline.ErrLater) {
			err = nil // a full disk keeps nobody from reading
		}
	}
	if err != nil {
		return store.Token{}, store.User{}, fmt.Errorf("find token: %w", err)
	}
	return k, u, nil
}

// ListTokens implements [store.Users].
func (s *Store) ListTokens(ctx context.Context, user int64) ([]store.Token, error) {
	var out []store.Token
	err := s.read(ctx, func(t *tx) error {
		t.each("SELECT "+tokenColumns+" FROM token k WHERE k.user = ?1 OR ?1 = 0 ORDER BY k.user, k.n", list{user}, func(scan func(...any)) bool {
			var k store.Token
			scan(intoToken(&k)...)
			out = append(out, k)
			return true
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	return out, nil
}

// DropToken implements [store.Users].
func (s *Store) DropToken(ctx context.Context, n int64) error {
	err := s.write(ctx, func(t *tx) error {
		if t.exec("DELETE FROM token WHERE n = ?", n) == 0 && t.err == nil {
			return dateline.ErrNotFound
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("remove token %d: %w", n, err)
	}
	return nil
}
