package storetest

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline"
	"dateline/internal/store"
)

// user adds a user.
func (e *env) user(name, role string) store.User {
	e.Helper()
	n, err := e.s.PutUser(e.ctx, store.User{Name: name, Role: role, Password: "hash of " + name})
	e.ok(err)
	u, err := e.s.User(e.ctx, n)
	e.ok(err)
	return u
}

func (e *env) same(want, got any) {
	e.Helper()
	if d := cmp.Diff(want, got); d != "" {
		e.Error(d)
	}
}

func users(e *env) {
	ani := e.user("Áni Sutisna", "admin")
	e.same(store.User{N: ani.N, Name: "Áni Sutisna", Role: "admin", Password: "hash of Áni Sutisna", Created: start}, ani)
	e.pass(time.Hour)
	budi := e.user("budi", "reader")
	for _, name := range []string{"Áni Sutisna", "ani  SUTISNA", " ani sutisna"} {
		u, err := e.s.UserNamed(e.ctx, name)
		e.ok(err)
		e.same(ani, u)
		_, err = e.s.PutUser(e.ctx, store.User{Name: name, Role: "reader"})
		e.is(err, dateline.ErrInvalid)
	}
	_, err := e.s.PutUser(e.ctx, store.User{Name: " ", Role: "reader"})
	e.is(err, dateline.ErrInvalid)
	// Replaced, under the same name in other letters, but for when it was added.
	ani.Name, ani.Seen, ani.Epoch, ani.Settings = "ANI sutisna", e.time, 3, json.RawMessage(`{"zone":"Asia/Jakarta"}`)
	again := ani
	again.Created = e.time
	n, err := e.s.PutUser(e.ctx, again)
	e.ok(err)
	if n != ani.N {
		e.Errorf("user %d became %d", ani.N, n)
	}
	list, err := e.s.ListUsers(e.ctx)
	e.ok(err)
	e.same([]store.User{ani, budi}, list)
	// Another's name, and what was read before the password was changed.
	taken := budi
	taken.Name = "Ani Sutisna"
	_, err = e.s.PutUser(e.ctx, taken)
	e.is(err, dateline.ErrInvalid)
	stale := ani
	stale.Epoch, stale.Password = 2, "the one before"
	_, err = e.s.PutUser(e.ctx, stale)
	e.is(err, dateline.ErrRefused)
	if u, err := e.s.User(e.ctx, ani.N); err != nil || u.Password != ani.Password {
		e.Errorf("%+v, %v", u, err)
	}
	// A number is not given twice.
	e.ok(e.s.DropUser(e.ctx, budi.N))
	if u := e.user("citra", "reader"); u.N == budi.N {
		e.Errorf("the number %d was given again", u.N)
	}
	_, err = e.s.UserNamed(e.ctx, "budi")
	e.is(err, dateline.ErrNotFound)
	_, err = e.s.User(e.ctx, budi.N)
	e.is(err, dateline.ErrNotFound)
	_, err = e.s.PutUser(e.ctx, budi)
	e.is(err, dateline.ErrNotFound)
	e.is(e.s.DropUser(e.ctx, budi.N), dateline.ErrNotFound)
	e.is(e.s.DropUser(e.ctx, 0), dateline.ErrNotFound)
}

// lastAdmin: the last administrator neither goes nor becomes less.
func lastAdmin(e *env) {
	ani, budi := e.user("ani", "admin"), e.user("budi", "editor")
	less := ani
	less.Role = "reader"
	_, err := e.s.PutUser(e.ctx, less)
	e.is(err, dateline.ErrRefused)
	e.is(e.s.DropUser(e.ctx, ani.N), dateline.ErrRefused)
	budi.Role = "admin"
	_, err = e.s.PutUser(e.ctx, budi)
	e.ok(err)
	_, err = e.s.PutUser(e.ctx, less)
	e.ok(err)
	e.is(e.s.DropUser(e.ctx, budi.N), dateline.ErrRefused)
	e.ok(e.s.DropUser(e.ctx, ani.N))
	// Two at once that each would leave the other.
	citra := e.user("citra", "admin")
	done := make(chan error, 2)
	for _, n := range []int64{budi.N, citra.N} {
		go func() { done <- e.s.DropUser(e.ctx, n) }()
	}
	a, b := <-done, <-done
	if (a == nil) == (b == nil) || !errors.Is(errors.Join(a, b), dateline.ErrRefused) {
		e.Errorf("removed both or none: %v, %v", a, b)
	}
}

func sessions(e *env) {
	until := e.time.Add(time.Hour)
	e.ok(e.s.PutSession(e.ctx, "a", []byte("one"), until))
	e.ok(e.s.PutSession(e.ctx, "b", nil, until.Add(time.Hour)))
	e.ok(e.s.PutSession(e.ctx, "a", []byte("two"), until))
	data, end, err := e.s.Session(e.ctx, "a", e.time)
	if err != nil || string(data) != "two" || !end.Equal(until) {
		e.Errorf("%q until %v, %v", data, end, err)
	}
	_, _, err = e.s.Session(e.ctx, "a", until)
	e.is(err, dateline.ErrNotFound)
	_, _, err = e.s.Session(e.ctx, "c", e.time)
	e.is(err, dateline.ErrNotFound)
	e.ok(e.s.EndSessions(e.ctx, until))
	_, _, err = e.s.Session(e.ctx, "a", e.time)
	e.is(err, dateline.ErrNotFound)
	if data, _, err := e.s.Session(e.ctx, "b", until); err != nil || len(data) != 0 {
		e.Errorf("%q, %v", data, err)
	}
	e.ok(e.s.EndSession(e.ctx, "b"))
	e.ok(e.s.EndSession(e.ctx, "b")) // whoever logs out twice is out
	_, _, err = e.s.Session(e.ctx, "b", e.time)
	e.is(err, dateline.ErrNotFound)
}

func tokens(e *env) {
	ani, budi := e.user("ani", "admin"), e.user("budi", "reader")
	put := func(k store.Token) store.Token {
		e.Helper()
		var err error
		k.N, err = e.s.PutToken(e.ctx, k)
		e.ok(err)
		return k
	}
	k := put(store.Token{User: budi.N, Name: "export", Hash: "h1", Scopes: []string{"look", "desk"}, Created: start, Until: e.time.Add(24 * time.Hour)})
	other := put(store.Token{User: ani.N, Name: "mcp", Hash: "h2"})
	other.Created, other.Scopes = start, []string{}
	find := func(hash string) store.Token {
		e.Helper()
		got, u, err := e.s.TokenHashed(e.ctx, hash, e.time)
		e.ok(err)
		if got.User != u.N {
			e.Errorf("token %+v with user %+v", got, u)
		}
		return got
	}
	list := func(user int64, want ...store.Token) {
		e.Helper()
		got, err := e.s.ListTokens(e.ctx, user)
		e.ok(err)
		e.same(want, got)
	}
	list(0, other, k)
	k.Used = e.time
	e.same(k, find("h1"))
	list(budi.N, k)
	e.pass(59 * time.Second)
	e.same(k, find("h1")) // a minute is as exact as it is kept
	e.pass(time.Second)
	k.Used = e.time
	e.same(k, find("h1"))
	list(budi.N, k)
	other.Used = e.time
	e.same(other, find("h2"))
	// One that is over, and one that never was.
	e.pass(23*time.Hour + 59*time.Minute)
	for _, hash := range []string{"h1", "h3", ""} {
		_, _, err := e.s.TokenHashed(e.ctx, hash, e.time)
		e.is(err, dateline.ErrNotFound)
	}
	k.Until = e.time.Add(time.Hour)
	put(k)
	k.Used = e.time
	e.same(k, find("h1"))
	for _, bad := range []store.Token{{User: budi.N, Hash: "h2"}, {User: budi.N}} {
		_, err := e.s.PutToken(e.ctx, bad)
		e.is(err, dateline.ErrInvalid)
	}
	for _, bad := range []store.Token{{User: 0, Hash: "h4"}, {User: 99, Hash: "h4"}, {N: 99, User: budi.N, Hash: "h4"}} {
		_, err := e.s.PutToken(e.ctx, bad)
		e.is(err, dateline.ErrNotFound)
	}
	e.ok(e.s.DropToken(e.ctx, other.N))
	e.is(e.s.DropToken(e.ctx, other.N), dateline.ErrNotFound)
	// With the user all of theirs go.
	e.ok(e.s.DropUser(e.ctx, budi.N))
	_, _, err := e.s.TokenHashed(e.ctx, "h1", e.time)
	e.is(err, dateline.ErrNotFound)
	list(0)
}
