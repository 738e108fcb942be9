package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dateline"
	"dateline/internal/access"
	"dateline/internal/store"
)

// loginWait is how long a login may wait for others'.
const loginWait = 15 * time.Second

func (s *Server) loginRoutes() []Route {
	own := access.Need{Role: access.Reader, Scope: access.Manage}
	return []Route{
		{Method: "GET", Path: "/login", Need: anyone, Handle: (*call).loginPage},
		{Method: "POST", Path: "/login", Need: anyone, Handle: (*call).login, Wait: loginWait, Body: strangersForm},
		{Method: "POST", Path: "/logout", Need: anyone, Handle: (*call).logout, Body: strangersForm},
		{Method: "GET", Path: "/account", Need: own, Handle: (*call).account},
		{Method: "POST", Path: "/account/password", Need: own, Handle: (*call).changePassword, Wait: loginWait},
		{Method: "POST", Path: "/account/signout", Need: own, Handle: (*call).signOut},
		{Method: "POST", Path: "/account/tokens", Need: own, Handle: (*call).addToken},
		{Method: "POST", Path: "/account/tokens/{n}/remove", Need: own, Handle: (*call).dropToken},
		{Method: "GET", Path: "/users", Need: managing, Handle: (*call).users},
		{Method: "POST", Path: "/users", Need: managing, Handle: (*call).addUser, Wait: loginWait},
		{Method: "POST", Path: "/users/{n}/role", Need: managing, Handle: (*call).setRole},
		{Method: "POST", Path: "/users/{n}/password", Need: managing, Handle: (*call).resetPassword, Wait: loginWait},
		{Method: "POST", Path: "/users/{n}/remove", Need: managing, Handle: (*call).dropUser},
	}
}

// loginForm is what the page of the login shows.
type loginForm struct {
	To, User string
	Wrong    string // key of a text
	Wait     int    // seconds
}

func (c *call) loginPage() error {
	if c.id.User.N != 0 || c.id.Local {
		return c.redirect(c.Query("to"))
	}
	return c.page(http.StatusOK, "login", view{Title: c.T("login")}, loginForm{To: c.Query("to")})
}

func (c *call) login() error {
	f := loginForm{To: c.r.PostFormValue("to"), User: c.r.PostFormValue("user")}
	if c.id.Local {
		return c.redirect(f.To)
	}
	_, err := c.s.Guard.Login(c.ctx, f.User, c.r.PostFormValue("password"), c.r.RemoteAddr)
	var wait access.Wait
	status := http.StatusForbidden
	switch {
	case err == nil:
		return c.redirect(f.To)
	case errors.As(err, &wait):
		status, f.Wrong, f.Wait = http.StatusTooManyRequests, "login.wait", int(wait.For/time.Second)+1
		c.w.Header().Set("Retry-After", strconv.Itoa(f.Wait))
	case errors.Is(err, dateline.ErrRefused):
		f.Wrong = "login.wrong"
	default:
		return err
	}
	// Without the name, for which people type their password now and then.
	c.s.Log.Warn("login refused", "address", c.r.RemoteAddr, "wait", wait.For)
	return c.page(status, "login", view{Title: c.T("login")}, f)
}

func (c *call) logout() error {
	if err := c.s.Guard.Logout(c.ctx); err != nil {
		return err
	}
	return c.redirect("/login")
}

// tokenScope is a scope to be chosen, with whether its user's role is enough
// for anything of it.
type tokenScope struct {
	Scope access.Scope
	Text  string
}

// accountPage is what a user may change of themselves.
type accountPage struct {
	Tokens []store.Token
	Scopes []tokenScope
	Made   string // the text of a token that was made just now
	Wrong  string // what is wrong with what was sent
	Saved  bool
}

func (c *call) account() error {
	return c.showAccount(http.StatusOK, accountPage{Saved: c.Query("saved") != ""})
}

func (c *call) showAccount(status int, p accountPage) error {
	if c.id.User.N == 0 {
		return fmt.Errorf("who needs no login has no account: %w", dateline.ErrNotFound)
	}
	var err error
	if p.Tokens, err = c.s.Store.ListTokens(c.ctx, c.id.User.N); err != nil {
		return err
	}
	for _, s := range access.Scopes {
		p.Scopes = append(p.Scopes, tokenScope{s, c.T("scope." + string(s))})
	}
	return c.page(status, "account", view{Title: c.T("account")}, p)
}

// wrong is what an error says to who made it, without its class; it is empty
// for one that is no mistake of theirs.
func wrong(err error) string {
	var wait access.Wait
	if errors.As(err, &wait) {
		return err.Error()
	}
	for _, class := range []error{dateline.ErrInvalid, dateline.ErrRefused} {
		if errors.Is(err, class) {
			return strings.ReplaceAll(err.Error(), ": "+class.Error(), "")
		}
	}
	return ""
}

func (c *call) changePassword() error {
	err := c.s.Guard.ChangePassword(c.ctx, c.r.PostFormValue("was"), c.r.PostFormValue("password"), c.r.RemoteAddr, c.r.PostFormValue("tokens") != "")
	if why := wrong(err); why != "" {
		return c.showAccount(http.StatusBadRequest, accountPage{Wrong: why})
	}
	if err != nil {
		return err
	}
	return c.redirect("/account?saved=1")
}

// signOut ends all that lets anybody in by the reader's name.
func (c *call) signOut() error {
	if err := c.s.Guard.SignOut(c.ctx); err != nil {
		return err
	}
	return c.redirect("/login")
}

func (c *call) addToken() error {
	var until time.Time
	days, err := strconv.ParseUint(c.r.PostFormValue("days"), 10, 12)
	if err != nil {
		return fmt.Errorf("a token is good for a number of days: %w", dateline.ErrInvalid)
	}
	if days > 0 {
		until = c.s.Now().AddDate(0, 0, int(days))
	}
	var scopes []access.Scope
	for _, s := range c.r.PostForm["scope"] {
		scopes = append(scopes, access.Scope(s))
	}
	if c.id.Scopes != nil { // or a token could make one that may more
		return fmt.Errorf("a token makes no tokens; log in: %w", dateline.ErrRefused)
	}
	text, _, err := c.s.Guard.AddToken(c.ctx, c.id.User.N, c.r.PostFormValue("name"), scopes, until)
	if why := wrong(err); why != "" {
		return c.showAccount(http.StatusBadRequest, accountPage{Wrong: why})
	}
	if err != nil {
		return err
	}
	return c.showAccount(http.StatusOK, accountPage{Made: text})
}

// number is the {n} of the path.
func (c *call) number() (int64, error) {
	n, err := strconv.ParseInt(c.r.PathValue("n"), 10, 64)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("%.20q: %w", c.r.PathValue("n"), dateline.ErrNotFound)
	}
	return n, nil
}

func (c *call) dropToken() error {
	n, err := c.number()
	if err != nil {
		return err
	}
	own, err := c.s.Store.ListTokens(c.ctx, c.id.User.N)
	if err != nil {
		return err
	}
	for _, t := range own {
		if t.N == n && t.User == c.id.User.N {
			if err := c.s.Store.DropToken(c.ctx, n); err != nil {
				return err
			}
			return c.redirect("/account")
		}
	}
	return fmt.Errorf("token %d: %w", n, dateline.ErrNotFound)
}

// usersPage is what an administrator sees of users.
type usersPage struct {
	Users    []store.User
	Roles    []access.Role
	Made     string // a password that was made just now
	For      string // its user
	Wrong    string
	New      string // name of a user that could not be added
	NewRole  access.Role
	Fallback access.Role // the role that is chosen for a new user
}

func (c *call) users() error { return c.showUsers(http.StatusOK, usersPage{}) }

func (c *call) showUsers(status int, p usersPage) error {
	var err error
	if p.Users, err = c.s.Store.ListUsers(c.ctx); err != nil {
		return err
	}
	p.Roles, p.Fallback = access.Roles, access.Reader
	if len(p.Users) == 0 {
		p.Roles, p.Fallback = []access.Role{access.Admin}, access.Admin
	}
	if p.NewRole != "" {
		p.Fallback = p.NewRole
	}
	return c.page(status, "users", view{Title: c.T("users")}, p)
}

// usersOr shows what was wrong, or the error.
func (c *call) usersOr(err error, p usersPage) error {
	if p.Wrong = wrong(err); p.Wrong != "" {
		return c.showUsers(http.StatusBadRequest, p)
	}
	return err
}

// givenPassword is the one of the form, or one that is made.
func (c *call) givenPassword() (password string, made bool) {
	if password = c.r.PostFormValue("password"); password != "" {
		return password, false
	}
	return access.Generate(), true
}

func (c *call) addUser() error {
	name, role := strings.TrimSpace(c.r.PostFormValue("name")), access.Role(c.r.PostFormValue("role"))
	password, made := c.givenPassword()
	u, err := c.s.Guard.AddUser(c.ctx, name, role, password)
	if err != nil {
		return c.usersOr(err, usersPage{New: name, NewRole: role})
	}
	if made {
		return c.showUsers(http.StatusOK, usersPage{Made: password, For: u.Name})
	}
	return c.redirect("/users")
}

func (c *call) setRole() error {
	n, err := c.number()
	if err != nil {
		return err
	}
	if err := c.s.Guard.SetRole(c.ctx, n, access.Role(c.r.PostFormValue("role"))); err != nil {
		return c.usersOr(err, usersPage{})
	}
	return c.redirect("/users")
}

func (c *call) resetPassword() error {
	n, err := c.number()
	if err != nil {
		return err
	}
	password, made := c.givenPassword()
	if _, err := c.s.Guard.SetPassword(c.ctx, n, password); err != nil {
		return c.usersOr(err, usersPage{})
	}
	u, err := c.s.Store.User(c.ctx, n)
	if err != nil {
		return err
	}
	if made {
		return c.showUsers(http.StatusOK, usersPage{Made: password, For: u.Name})
	}
	return c.redirect("/users")
}

func (c *call) dropUser() error {
	n, err := c.number()
	if err != nil {
		return err
	}
	if err := c.s.Store.DropUser(c.ctx, n); err != nil {
		return c.usersOr(err, usersPage{})
	}
	return c.redirect("/users")
}
