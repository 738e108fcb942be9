package access

import (
	"net/http"
	"slices"
	"time"

	"dateline/internal/store"
)

// Guard finds out who makes a request.
type Guard struct {
	Users store.Users
	// Open is whether whoever asks is an administrator while there are no
	// users: on this machine alone.
	Open bool
	// Public are the pages that anyone may look at, by their names in routes.
	Public []string
	Now    func() time.Time
}

// Allow is nil where who asks has what a route needs, or where its page is
// public. page is empty for a route that never is.
func (g *Guard) Allow(id Identity, n Need, page string) error {
	if page != "" && n.Role == Reader && slices.Contains(g.Public, page) {
		return nil
	}
	return id.May(n)
}

// Handler has every request carry who makes it; see [From].
func (g *Guard) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := Identity{}
		if g.Open {
			id = Identity{Role: Admin, Local: true}
		}
		next.ServeHTTP(w, r.WithContext(With(r.Context(), id)))
	})
}
