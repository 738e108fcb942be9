// Package access says who may do what.
//
// Its words: a role is what a user is trusted with, a scope what a token is.
// Each route of the pages and of the API states what it needs; nothing is
// allowed that is not stated. Where the record is served on this machine alone
// and has no users, whoever asks is trusted as an administrator.
//
// A [Guard] stands before all handlers: it finds who makes a request by a
// session's cookie or a token, and hands it on with the request. Passwords are
// kept as argon2id hashes, the ids of sessions and tokens as SHA-256. It does
// not tell requests of other sites from those of its own pages: package web
// does, by http.CrossOriginProtection.
package access

import (
	"context"
	"fmt"
	"slices"

	"dateline"
	"dateline/internal/store"
)

// Role is what a user is trusted with. Each may do what those before it may.
type Role string

// The roles. Anyone is who has not said who they are.
const (
	Anyone Role = ""
	Reader Role = "reader" // looks, keeps a reading state and searches of their own
	Editor Role = "editor" // reviews marks, makes collections
	Admin  Role = "admin"  // adds and erases outlets, manages users
)

// Roles are those that a user can have, the least first.
var Roles = []Role{Reader, Editor, Admin}

// Least tells whether the role may do what the other may.
func (r Role) Least(other Role) bool {
	return other == Anyone || slices.Index(Roles, r) >= slices.Index(Roles, other) && slices.Contains(Roles, r)
}

// Scope is what a token is trusted with, besides the role of its user.
type Scope string

// The scopes.
const (
	Look   Scope = "look"   // everything that only looks
	Desk   Scope = "desk"   // reviews, reading state, collections, saved searches
	Follow Scope = "follow" // outlets
	Manage Scope = "manage" // users, tokens, health
)

// Scopes are all there are.
var Scopes = []Scope{Look, Desk, Follow, Manage}

// Need is what a route asks of who comes to it.
type Need struct {
	Role  Role
	Scope Scope
}

// Identity is who makes a request. The zero value is anyone.
type Identity struct {
	User   store.User
	Role   Role
	Scopes []Scope // of a token; nil for who came by session or needs no login
	Token  string  // its name
	Local  bool    // needs no login; User is the zero one
}

// localName is how who needs no login signs what they add.
const localName = "local"

// Name is how the identity signs what it adds.
func (id Identity) Name() string {
	if id.Local {
		return localName
	}
	return id.User.Name
}

// May is nil where the identity has what is needed, and an error that wraps
// [dateline.ErrRefused] where not.
func (id Identity) May(n Need) error {
	if !id.Role.Least(n.Role) {
		return fmt.Errorf("this needs the role %s: %w", n.Role, dateline.ErrRefused)
	}
	if id.Scopes != nil && n.Role != Anyone && !slices.Contains(id.Scopes, n.Scope) {
		return fmt.Errorf("this needs a token with the scope %s: %w", n.Scope, dateline.ErrRefused)
	}
	return nil
}

type key struct{}

// With gives a context in which From finds the identity.
func With(ctx context.Context, id Identity) context.Context {
	return context.WithValue(ctx, key{}, id)
}

// From is who makes the request of this context.
func From(ctx context.Context) Identity {
	id, _ := ctx.Value(key{}).(Identity)
	return id
}
