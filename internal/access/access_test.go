package access

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"runtime/metrics"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dateline"
	"dateline/internal/store/sqlite"
)

const good = "a ferry at the quay"

// clock is a time that tests move.
type clock struct{ off atomic.Int64 }

func (c *clock) now() time.Time       { return time.Now().Add(time.Duration(c.off.Load())) }
func (c *clock) jump(d time.Duration) { c.off.Add(int64(d)) }

// door is a guard before a site that has a login and says who asks.
type door struct {
	*Guard
	*clock
	srv *httptest.Server
}

func newDoor(t testing.TB, open bool) *door {
	t.Helper()
	c := &clock{}
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), sqlite.Options{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	d := &door{Guard: &Guard{Users: s, Open: open, Now: c.now}, clock: c}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		_, err := d.Login(r.Context(), r.PostFormValue("user"), r.PostFormValue("password"), r.Header.Get("Test-From")+":1")
		answer(w, err)
	})
	mux.HandleFunc("POST /logout", func(w http.ResponseWriter, r *http.Request) { answer(w, d.Logout(r.Context())) })
	mux.HandleFunc("POST /password", func(w http.ResponseWriter, r *http.Request) {
		answer(w, d.ChangePassword(r.Context(), r.PostFormValue("was"), r.PostFormValue("password"), r.RemoteAddr, r.PostFormValue("tokens") != ""))
	})
	mux.HandleFunc("POST /signout", func(w http.ResponseWriter, r *http.Request) { answer(w, d.SignOut(r.Context())) })
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		id := From(r.Context())
		fmt.Fprintf(w, "%s/%s/%v/%s", id.Name(), id.Role, id.Scopes, r.RemoteAddr)
	})
	d.srv = httptest.NewServer(Proxied([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, d.Handler(mux)))
	t.Cleanup(d.srv.Close)
	return d
}

func answer(w http.ResponseWriter, err error) {
	var wait Wait
	switch {
	case err == nil:
	case errors.As(err, &wait):
		http.Error(w, err.Error(), http.StatusTooManyRequests)
	case errors.Is(err, dateline.ErrRefused), errors.Is(err, dateline.ErrInvalid):
		http.Error(w, err.Error(), http.StatusForbidden)
	default:
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
}

// browser keeps cookies.
func (d *door) browser() *http.Client {
	jar, _ := cookiejar.New(nil)
	return &http.Client{Jar: jar, Transport: d.srv.Client().Transport}
}

func (d *door) post(t testing.TB, c *http.Client, path string, kv ...string) int {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(kv); i += 2 {
		form.Set(kv[i], kv[i+1])
	}
	resp, err := c.PostForm(d.srv.URL+path, form)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// who is who the site says that asks, or the status.
func (d *door) who(t testing.TB, c *http.Client, set ...string) string {
	t.Helper()
	req, _ := http.NewRequestWithContext(t.Context(), "GET", d.srv.URL+"/", nil)
	for i := 0; i < len(set); i += 2 {
		if set[i] == "Host" {
			req.Host = set[i+1]
		} else {
			req.Header.Add(set[i], set[i+1])
		}
	}
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK {
		return fmt.Sprint(resp.StatusCode)
	}
	parts := strings.Split(string(b), "/")
	return strings.Join(parts[:3], "/")
}

func (d *door) add(t testing.TB, name string, role Role) int64 {
	t.Helper()
	u, err := d.AddUser(t.Context(), name, role, good)
	if err != nil {
		t.Fatal(err)
	}
	return u.N
}

const nobody = "//[]"

func TestSessions(t *testing.T) {
	d := newDoor(t, false)
	ada := d.add(t, "ada", Admin)
	bo := d.add(t, "bo", Reader)
	c, other := d.browser(), d.browser()
	if got := d.who(t, c); got != nobody {
		t.Errorf("before: %s", got)
	}
	for _, kv := range [][]string{{"user", "bo"}, {"user", "bo", "password", good + "x"}, {"user", "nobody", "password", good}, {"password", good}, {"user", strings.Repeat("b", 1<<16), "password", good}} {
		if got := d.post(t, c, "/login", kv...); got != 403 {
			t.Errorf("%.60q: %d", kv, got)
		}
	}
	for _, b := range []*http.Client{c, other} {
		if got := d.post(t, b, "/login", "user", "BO", "password", good); got != 200 || d.who(t, b) != "bo/reader/[]" {
			t.Fatalf("login: %d, %s", got, d.who(t, b))
		}
	}
	// The session of the browser that changes the password goes on; others end.
	if got := d.post(t, c, "/password", "was", "wrong one!", "password", good+"2"); got != 403 {
		t.Errorf("with another's password: %d", got)
	}
	if got := d.post(t, c, "/password", "was", good, "password", good+"2"); got != 200 {
		t.Errorf("change: %d", got)
	}
	if d.who(t, c) != "bo/reader/[]" || d.who(t, other) != nobody {
		t.Errorf("after the change %s and %s", d.who(t, c), d.who(t, other))
	}
	// So does a new role, and removal.
	if err := d.SetRole(t.Context(), bo, Editor); err != nil || d.who(t, c) != nobody {
		t.Errorf("after a new role %s, %v", d.who(t, c), err)
	}
	d.post(t, c, "/login", "user", "bo", "password", good+"2")
	if got := d.who(t, c); got != "bo/editor/[]" {
		t.Errorf("logged in again: %s", got)
	}
	if err := d.Users.DropUser(t.Context(), bo); err != nil || d.who(t, c) != nobody {
		t.Errorf("after removal %s, %v", d.who(t, c), err)
	}
	// A logout ends it on the server, too.
	d.post(t, other, "/login", "user", "ada", "password", good)
	u, _ := url.Parse(d.srv.URL)
	kept := other.Jar.Cookies(u)
	d.post(t, other, "/logout")
	thief := d.browser()
	thief.Jar.SetCookies(u, kept)
	if len(kept) != 1 || d.who(t, thief) != nobody {
		t.Errorf("after the logout %s", d.who(t, thief))
	}
	// It ends unused, and after its lifetime though used.
	d.post(t, other, "/login", "user", "ada", "password", good)
	d.jump(defaultIdle - time.Hour)
	if got := d.who(t, other); got != "ada/admin/[]" {
		t.Errorf("within the idle time: %s", got)
	}
	d.jump(2 * time.Hour)
	if got := d.who(t, other); got != nobody {
		t.Errorf("after the idle time: %s", got)
	}
	_ = ada
}

// TestFixation: a session's id of before the login is worth nothing after it,
// and one that a stranger has made up is not taken.
func TestFixation(t *testing.T) {
	d := newDoor(t, false)
	d.add(t, "ada", Admin)
	c := d.browser()
	u, _ := url.Parse(d.srv.URL)
	forged := &http.Cookie{Name: cookieName, Value: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
	c.Jar.SetCookies(u, []*http.Cookie{forged})
	d.post(t, c, "/login", "user", "ada", "password", good)
	first := c.Jar.Cookies(u)[0].Value
	d.post(t, c, "/login", "user", "ada", "password", good)
	second := c.Jar.Cookies(u)[0].Value
	if first == forged.Value || second == first || d.who(t, c) != "ada/admin/[]" {
		t.Fatalf("ids %q, %q, %q", forged.Value, first, second)
	}
	for _, old := range []string{forged.Value, first} {
		thief := d.browser()
		if got := d.who(t, thief, "Cookie", cookieName+"="+old); got != nobody {
			t.Errorf("an id of before gives %s", got)
		}
	}
	// Of the id the store has a hash alone.
	if _, _, err := d.Users.Session(t.Context(), second, d.now()); !errors.Is(err, dateline.ErrNotFound) {
		t.Errorf("the id is in the store: %v", err)
	}
}

func TestCookie(t *testing.T) {
	d := newDoor(t, false)
	d.add(t, "ada", Admin)
	for proto, secure := range map[string]bool{"": false, "https": true} {
		req, _ := http.NewRequest("POST", d.srv.URL+"/login", strings.NewReader(url.Values{"user": {"ada"}, "password": {good}}.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("X-Forwarded-Proto", proto)
		resp, err := d.srv.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if k := resp.Cookies(); len(k) != 1 || k[0].Secure != secure || !k[0].HttpOnly || k[0].SameSite != http.SameSiteLaxMode || k[0].Path != "/" {
			t.Errorf("%q: %v", proto, k)
		}
	}
}

func TestTokens(t *testing.T) {
	d := newDoor(t, true)
	n := d.add(t, "ada", Admin)
	text, _, err := d.AddToken(t.Context(), n, "wire", []Scope{Look, Desk}, d.now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	c := d.browser()
	if got := d.who(t, c, "Authorization", "Bearer "+text); got != "ada/admin/[look desk]" {
		t.Errorf("a token is %s", got)
	}
	req, _ := http.NewRequest("GET", "/", nil)
	req.SetBasicAuth("ada", text)
	if got := d.who(t, c, "Authorization", req.Header.Get("Authorization")); got != "ada/admin/[look desk]" {
		t.Errorf("as a password it is %s", got)
	}
	for _, bad := range []string{"Bearer", "Bearer ", "Bearer " + text + "A", "Bearer " + text[:len(text)-1] + "!", "Bearer dl_" + strings.Repeat("A", 43), "Token " + text, "Basic !!", "Bearer " + hashToken(text)} {
		if got := d.who(t, c, "Authorization", bad); got != "401" {
			t.Errorf("%q: %s", bad, got)
		}
	}
	d.jump(time.Hour)
	if got := d.who(t, c, "Authorization", "Bearer "+text); got != "401" {
		t.Errorf("a token that is over: %s", got)
	}
}

// TestNobodyTakesAsLong: a login hashes once, whether there is such a user or
// not, and whatever was sent as a password, so that its time tells nothing.
func TestNobodyTakesAsLong(t *testing.T) {
	d := newDoor(t, false)
	d.add(t, "ada", Admin)
	for _, kv := range [][]string{{"user", "ada", "password", good + "x"}, {"user", "nobody", "password", good}, {"user", "", "password", ""}, {"user", "ada", "password", ""}, {"user", "ada", "password", strings.Repeat("x", 10_000)}, {"user", strings.Repeat("a", 10_000), "password", "x"}} {
		before := d.state.hashed
		if got := d.post(t, d.browser(), "/login", kv...); got != 403 || d.state.hashed != before+1 {
			t.Errorf("%.60q: %d, %d hashes", kv, got, d.state.hashed-before)
		}
	}
}

// TestTokensEnd: a token outlives a change of password that says nothing of it,
// and neither one that does, nor a reset, nor its user.
func TestTokensEnd(t *testing.T) {
	d := newDoor(t, false)
	d.add(t, "ada", Admin)
	bo := d.add(t, "bo", Reader)
	other := d.add(t, "cy", Reader)
	kept, _, err := d.AddToken(t.Context(), other, "another's", []Scope{Look}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	password := good
	for _, x := range []struct {
		what    string
		do      func(c *http.Client) error
		session string // that did it, or looked on
		token   string
	}{
		{"change", func(c *http.Client) error {
			d.post(t, c, "/password", "was", good, "password", good+"2")
			password = good + "2"
			return nil
		}, "bo/reader/[]", "bo/reader/[look]"},
		{"change with tokens", func(c *http.Client) error {
			d.post(t, c, "/password", "was", good+"2", "password", good+"3", "tokens", "1")
			password = good + "3"
			return nil
		}, "bo/reader/[]", "401"},
		{"reset", func(*http.Client) error {
			password = good + "4"
			n, err := d.SetPassword(t.Context(), bo, password)
			if n != 2 {
				t.Errorf("a reset ends %d tokens", n)
			}
			return err
		}, nobody, "401"},
		{"sign out everywhere", func(c *http.Client) error { d.post(t, c, "/signout"); return nil }, nobody, "401"},
		{"removal", func(*http.Client) error { return d.Users.DropUser(t.Context(), bo) }, nobody, "401"},
	} {
		c, elsewhere := d.browser(), d.browser()
		for _, b := range []*http.Client{c, elsewhere} {
			if got := d.post(t, b, "/login", "user", "bo", "password", password); got != 200 {
				t.Fatalf("%s: login %d", x.what, got)
			}
		}
		text, _, err := d.AddToken(t.Context(), bo, "wire", []Scope{Look}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if x.what == "reset" {
			if _, _, err := d.AddToken(t.Context(), bo, "second", []Scope{Look}, time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
		if err := x.do(c); err != nil {
			t.Errorf("%s: %v", x.what, err)
		}
		if got := d.who(t, c); got != x.session {
			t.Errorf("after %s the session is %s", x.what, got)
		}
		if got := d.who(t, elsewhere); got != nobody {
			t.Errorf("after %s another session is %s", x.what, got)
		}
		if got := d.who(t, d.browser(), "Authorization", "Bearer "+text); got != x.token {
			t.Errorf("after %s the token is %s", x.what, got)
		}
	}
	if got := d.who(t, d.browser(), "Authorization", "Bearer "+kept); got != "cy/reader/[look]" {
		t.Errorf("another's token is %s", got)
	}
	// A request that was let in before its session ended makes no token after.
	u, err := d.Users.User(t.Context(), other)
	if err != nil {
		t.Fatal(err)
	}
	late := With(t.Context(), Identity{User: u, Role: Reader})
	if _, err := d.SetPassword(t.Context(), other, good+"5"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.AddToken(late, other, "late", []Scope{Look}, time.Time{}); !errors.Is(err, dateline.ErrRefused) {
		t.Errorf("a token of a session that is over: %v", err)
	}
	if left, err := d.Users.ListTokens(t.Context(), other); err != nil || len(left) != 0 {
		t.Errorf("%d tokens are left, %v", len(left), err)
	}
}

// TestOpen: without users whoever asks this machine by its own name may do all;
// by another name, or through a proxy, nobody may; and with a user nobody may.
func TestOpen(t *testing.T) {
	d := newDoor(t, true)
	d.Hosts = []string{"record.example"}
	c := d.browser()
	for _, x := range []struct{ header, value, want string }{
		{"Host", "127.0.0.1:8080", "local/admin/[]"},
		{"Host", "LOCALHOST:8080", "local/admin/[]"},
		{"Host", "[::1]:8080", "local/admin/[]"},
		{"Host", "record.example", "local/admin/[]"},
		{"Host", "evil.example", "421"},
		{"Host", "localhost.evil.example", "421"},
		{"Host", "127.0.0.1.evil.example", "421"},
		{"Host", "192.0.2.1", "421"},
		{"Host", "0.0.0.0:8080", "421"},
		{"X-Forwarded-For", "192.0.2.1", "421"},
		{"Forwarded", "for=192.0.2.1", "421"},
		{"Authorization", "Bearer dl_x", "401"},
	} {
		if got := d.who(t, c, x.header, x.value); got != x.want {
			t.Errorf("%s: %s: %s, want %s", x.header, x.value, got, x.want)
		}
	}
	if _, err := d.AddUser(t.Context(), "bo", Reader, good); !errors.Is(err, dateline.ErrInvalid) {
		t.Errorf("a first user who cannot manage: %v", err)
	}
	d.add(t, "ada", Admin)
	if got := d.who(t, c); got != nobody {
		t.Errorf("with a user %s", got)
	}
}

func TestThrottle(t *testing.T) {
	d := newDoor(t, false)
	d.add(t, "ada", Admin)
	try := func(user, password, from string) int {
		req, _ := http.NewRequest("POST", d.srv.URL+"/login", strings.NewReader(url.Values{"user": {user}, "password": {password}}.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Test-From", from)
		resp, err := d.srv.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	for i := range userTries {
		if got := try("ada", "wrong wrong", fmt.Sprint("192.0.2.", i)); got != 403 {
			t.Fatalf("try %d of a user: %d", i, got)
		}
	}
	if got := try("ada", good, "192.0.2.99"); got != 429 {
		t.Errorf("one more: %d", got)
	}
	d.jump(userAgain)
	if got := try("ada", good, "192.0.2.99"); got != 200 {
		t.Errorf("after a while: %d", got)
	}
	for i := range addressTries {
		if got := try(fmt.Sprint("user", i), "wrong wrong", "198.51.100.7"); got != 403 {
			t.Fatalf("try %d of an address: %d", i, got)
		}
	}
	if got := try("another", "wrong wrong", "198.51.100.7"); got != 429 {
		t.Errorf("one more of an address: %d", got)
	}
	if a, b := Network("[2001:db8::1]:5"), Network("[2001:db8::2:3]:6"); a != b {
		t.Errorf("one network is %s and %s", a, b)
	}
}

// TestManyLogins: a thousand at once take little memory, and each gets an
// answer.
func TestManyLogins(t *testing.T) {
	d := newDoor(t, false)
	d.add(t, "ada", Admin)
	d.srv.Client().Transport.(*http.Transport).MaxConnsPerHost = 0
	var peak uint64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			metrics.Read(s)
			peak = max(peak, s[0].Value.Uint64()-s[1].Value.Uint64())
			select {
			case <-stop:
				return
			case <-tick.C:
			}
		}
	}()
	var wg sync.WaitGroup
	var mu sync.Mutex
	answers := map[int]int{}
	client := &http.Client{Transport: d.srv.Client().Transport, Timeout: 5 * time.Second}
	for i := range 1000 {
		wg.Go(func() {
			req, _ := http.NewRequest("POST", d.srv.URL+"/login", strings.NewReader(url.Values{"user": {fmt.Sprint("user", i)}, "password": {good}}.Encode()))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Test-From", fmt.Sprintf("10.0.%d.%d", i/250, i%250))
			resp, err := client.Do(req)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				answers[0]++ // it gave up waiting
				return
			}
			resp.Body.Close()
			answers[resp.StatusCode]++
		})
	}
	wg.Wait()
	close(stop)
	<-done
	t.Logf("answers %v, at most %d MB", answers, peak>>20)
	if peak > 200<<20 {
		t.Errorf("a thousand logins take %d MB", peak>>20)
	}
	if answers[200] > 0 || answers[403] == 0 {
		t.Errorf("answers %v", answers)
	}
}

func TestPasswords(t *testing.T) {
	g := &Guard{Now: time.Now}
	h, err := g.hash(t.Context(), good)
	if err != nil || !strings.HasPrefix(h, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%s, %v", h, err)
	}
	for password, want := range map[string]bool{good: true, good + " ": false, "": false} {
		if ok, err := g.matches(t.Context(), h, password); ok != want || err != nil {
			t.Errorf("%q: %v, %v", password, ok, err)
		}
	}
	if ok, err := g.matches(t.Context(), noHash, good); ok || err != nil {
		t.Errorf("nobody's: %v, %v", ok, err)
	}
	for _, bad := range []string{"", "plain", "$argon2id$v=19$m=99999999,t=2,p=1$AAAA$AAAA", strings.Replace(h, "v=19", "v=18", 1)} {
		if ok, err := g.matches(t.Context(), bad, good); ok || !errors.Is(err, dateline.ErrCorrupt) {
			t.Errorf("%q: %v, %v", bad, ok, err)
		}
	}
	for _, bad := range []string{"", "short", "aaaaaaaaaaaaaaa", "adalovelace123!", "two lines\nof text", strings.Repeat("ab", 300), "bad \xff\xfe\xfd\xfc bytes"} {
		if err := checkPassword("adalovelace", bad); !errors.Is(err, dateline.ErrInvalid) {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
	if a, b := Generate(), Generate(); a == b || checkPassword("x", a) != nil {
		t.Errorf("%s, %s", a, b)
	}
}

func TestProxied(t *testing.T) {
	var got string
	h := Proxied([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.RemoteAddr + " " + r.Host + " " + r.URL.Scheme
	}))
	for _, c := range []struct{ peer, chain, want string }{
		{"10.0.0.1:5", "192.0.2.7", "192.0.2.7:5 record.example https"},
		{"10.0.0.1:5", "203.0.113.9, 192.0.2.7, 10.2.0.1", "192.0.2.7:5 record.example https"}, // what a client claims is left
		{"10.0.0.1:5", "junk", "10.0.0.1:5 record.example https"},
		{"10.0.0.1:5", "", "10.0.0.1:5 record.example https"},
		{"192.0.2.7:5", "203.0.113.9", "192.0.2.7:5 inner:8080 "}, // no proxy of ours
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr, r.Host = c.peer, "inner:8080"
		r.Header.Set("X-Forwarded-For", c.chain)
		r.Header.Set("X-Forwarded-Host", "record.example")
		r.Header.Set("X-Forwarded-Proto", "https")
		if h.ServeHTTP(httptest.NewRecorder(), r); got != c.want {
			t.Errorf("%s, %q: %s, want %s", c.peer, c.chain, got, c.want)
		}
	}
}
