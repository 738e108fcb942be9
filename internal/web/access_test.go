package web

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"dateline/internal/access"
	"dateline/internal/web/webtest"
)

// guarded serves a record to users.
func guarded(t *testing.T) (*Server, http.Handler, *webtest.Record) {
	t.Helper()
	r := webtest.New(t)
	s, err := New(Options{
		Store: r.Store, Archive: r.Archive, Analyzer: r.Analyzer, Packs: r.Packs, Now: time.Now, Log: slog.New(slog.DiscardHandler), Version: "test",
		Guard: &access.Guard{Users: r.Store, Open: true, Now: time.Now},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, s.Handler(), r
}

var wildcard = regexp.MustCompile(`\{[a-z]+(\.\.\.)?\}`)

// TestMatrix asks for every route as anyone and by tokens of every role and
// scope. What the route does not state that it needs is not given.
func TestMatrix(t *testing.T) {
	s, h, _ := guarded(t)
	type asker struct {
		role  access.Role
		scope access.Scope
		token string
	}
	askers := []asker{{}}
	users := map[access.Role]int64{}
	for _, role := range []access.Role{access.Admin, access.Editor, access.Reader} {
		u, err := s.Guard.AddUser(t.Context(), "the-"+string(role), role, "a ferry at the quay")
		if err != nil {
			t.Fatal(err)
		}
		users[role] = u.N
		for _, scope := range access.Scopes {
			text, _, err := s.Guard.AddToken(t.Context(), u.N, "test", []access.Scope{scope}, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			askers = append(askers, asker{role, scope, text})
		}
	}
	// Without a login one logs in, sees what is said by itself to be public, and
	// says how pages are to look.
	open := map[string]bool{"GET /login": true, "POST /login": true, "POST /logout": true, "GET /settings": true, "POST /settings": true, "GET /healthz": true, "GET /help/query": true,
		"GET /collections/{id}": true, "GET /collections/{id}/editions/{number}": true, // which may be public, each by itself
		"GET /feeds/{name}": true,                        // whose name is a secret
		"GET /confirm":      true, "POST /confirm": true, // which wants a secret
	}
	for _, r := range s.Routes() {
		name := r.Method + " " + r.Path
		if r.Need == anyone && !open[name] {
			t.Errorf("anyone may %s: say what it needs, or here that this is so", name)
		}
		if r.Need.Role != access.Anyone && r.Need.Scope == "" || r.Need.Role == access.Anyone && r.Need.Scope != "" {
			t.Errorf("%s needs %+v: half of it", name, r.Need)
		}
		if r.Method != http.MethodGet && r.Method != http.MethodPost {
			t.Errorf("%s: only GET and POST are of pages", name)
		}
		if r.Method == http.MethodPost && r.Page != "" {
			t.Errorf("%s changes something and could be public", name)
		}
		path := wildcard.ReplaceAllString(r.Path, "999999")
		for _, a := range askers {
			may := r.Need == anyone || a.role != "" && a.role.Least(r.Need.Role) && a.scope == r.Need.Scope
			if may {
				continue // it does what it does; other tests ask for that
			}
			req := httptest.NewRequest(r.Method, path, strings.NewReader(""))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if a.token != "" {
				req.Header.Set("Authorization", "Bearer "+a.token)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, req)
			toLogin := w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), "/login?to=")
			if want := a.role == "" && r.Method == http.MethodGet; toLogin != want || !want && w.Code != http.StatusForbidden {
				t.Errorf("%s as %q with scope %q: status %d, %s", name, a.role, a.scope, w.Code, w.Header().Get("Location"))
			}
		}
	}
	if len(users) != 3 {
		t.Error("a role is missing")
	}
}

// TestPublic has each page be public in turn: who has no login sees that one and
// no other, and changes nothing.
func TestPublic(t *testing.T) {
	s, h, _ := guarded(t)
	if _, err := s.Guard.AddUser(t.Context(), "ada", access.Admin, "a ferry at the quay"); err != nil {
		t.Fatal(err)
	}
	pages := map[string]bool{"": true, "nothing": true}
	for _, r := range s.Routes() {
		pages[r.Page] = true
	}
	for public := range pages {
		s.Guard.Public = []string{public}
		for _, r := range s.Routes() {
			if r.Need == anyone {
				continue
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(r.Method, wildcard.ReplaceAllString(r.Path, "999999"), strings.NewReader("")))
			refused := w.Code == http.StatusForbidden || strings.HasPrefix(w.Header().Get("Location"), "/login")
			if may := public != "" && r.Page == public; may == refused {
				t.Errorf("with %q public, anyone is answered %d at %s %s", public, w.Code, r.Method, r.Path)
			}
		}
	}
}

// TestCrossSite: nothing is changed for a page of another site.
func TestCrossSite(t *testing.T) {
	s, h, _ := guarded(t)
	for _, route := range s.Routes() {
		if route.Method == http.MethodGet {
			continue
		}
		for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
			req := httptest.NewRequest(route.Method, wildcard.ReplaceAllString(route.Path, "1"), strings.NewReader(""))
			req.Host = "127.0.0.1:8080"
			req.Header.Set(header, value)
			w := httptest.NewRecorder()
			if h.ServeHTTP(w, req); w.Code != http.StatusForbidden {
				t.Errorf("%s %s with %s: %s: status %d", route.Method, route.Path, header, value, w.Code)
			}
		}
	}
}

// TestAccountPages goes through what users do: the first one is made, logs in,
// makes a token and another user, whose password is made.
func TestAccountPages(t *testing.T) {
	s, h, r := guarded(t)
	var log bytes.Buffer
	s.Log = slog.New(slog.NewTextHandler(&log, nil))
	cookie := ""
	do := func(method, path, form string) (int, string) {
		req := httptest.NewRequest(method, path, strings.NewReader(form))
		req.Host = "127.0.0.1:8080"
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Cookie", cookie)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		for _, k := range w.Result().Cookies() {
			cookie = k.Name + "=" + k.Value
		}
		return w.Code, w.Body.String() + w.Header().Get("Location")
	}
	for _, step := range []struct {
		method, path, form string
		status             int
		want               string
	}{
		{"GET", "/users", "", 200, "There are no users"},
		{"POST", "/users", "name=ada&role=reader&password=a+ferry+at+the+quay", 400, "the first user has the role admin"},
		{"POST", "/users", "name=ada&role=admin&password=a+ferry+at+the+quay", 303, "/users"},
		{"GET", "/users", "", 303, "/login?to=%2Fusers"},
		{"GET", "/login?to=%2Fusers", "", 200, `value="/users"`},
		{"POST", "/login", "user=ada&password=wrong", 403, "No user has that name and password"},
		{"POST", "/login", "user=ada&password=a+ferry+at+the+quay&to=https://evil.example/", 303, "/"},
		{"POST", "/users", "name=%3Cscript%3E&role=reader", 400, "&lt;script&gt;"},
		{"POST", "/users", "name=bo&role=reader", 200, "shown this once"},
		{"POST", "/users/2/role", "role=editor", 303, "/users"},
		{"POST", "/users/1/role", "role=reader", 400, "no administrator would be left"},
		{"POST", "/users/2/password", "", 200, "shown this once"},
		{"POST", "/users/2/password", "password=short", 400, "10 letters or more"},
		{"POST", "/account/tokens", "name=wire&scope=look&days=30", 200, "dl_"},
		{"POST", "/account/tokens", "name=wire&days=30", 400, "a scope at least"},
		{"POST", "/account/password", "was=wrong&password=another+ferry", 400, "not the password so far"},
		{"POST", "/account/password", "was=a+ferry+at+the+quay&password=another+ferry", 303, "/account?saved=1"},
		{"GET", "/account?saved=1", "", 200, "wire"},
		{"POST", "/account/signout", "", 303, "/login"},
		{"GET", "/account", "", 303, "/login"},
		{"POST", "/login", "user=ada&password=another+ferry&to=/account", 303, "/account"},
		{"GET", "/account", "", 200, "A token lets a program in"},
		{"POST", "/account/tokens", "name=wire&scope=look&days=30", 200, "dl_"},
		{"POST", "/account/tokens/1/remove", "", 404, ""},
		{"POST", "/account/tokens/2/remove", "", 303, "/account"},
		{"POST", "/account/tokens/2/remove", "", 404, ""},
		{"POST", "/users/2/remove", "", 303, "/users"},
		{"POST", "/users/x/remove", "", 404, ""},
		{"POST", "/logout", "", 303, "/login"},
		{"GET", "/account", "", 303, "/login"},
	} {
		if status, body := do(step.method, step.path, step.form); status != step.status || !strings.Contains(body, step.want) {
			t.Errorf("%s %s %s: %d, want %d with %q: %s", step.method, step.path, step.form, status, step.status, step.want, excerpt(body))
		}
	}
	if users, err := r.Store.ListUsers(t.Context()); err != nil || len(users) != 1 {
		t.Errorf("%v, %v", users, err)
	}
	// Who guesses is seen, by the address and without what was typed.
	if strings.Count(log.String(), `msg="login refused" address=192.0.2.1:1234`) != 1 || strings.Contains(log.String(), "ada") {
		t.Errorf("the log says %s", &log)
	}
}

// excerpt is the part of a page that says what it is about.
func excerpt(page string) string {
	_, s, _ := strings.Cut(page, "<main")
	return fmt.Sprintf("%.600s", s)
}
