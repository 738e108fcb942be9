package greader

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	login = "/accounts/ClientLogin"
	api   = "/reader/api/0/"

	// tokenPrefix is how tokens begin, which tells them from passwords.
	tokenPrefix = "dl_"
	// noLogin is what an app has for a token where no login is needed.
	noLogin = "local"
	// maxLogin is the largest form of a login.
	maxLogin = 64 << 10
)

// Login stands before the guard, which knows tokens by another name: it hands
// on, as the guard has it, what apps send as a password or as a token of the
// old API. What is no token is left out, so that who sends it is nobody, or who
// needs no login.
func (r *Reader) Login(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		path, ok := strings.CutPrefix(req.URL.Path, r.Base)
		if !ok || !strings.HasPrefix(path, "/") {
			next.ServeHTTP(w, req)
			return
		}
		token, sent := "", false
		scheme, text, _ := strings.Cut(req.Header.Get("Authorization"), " ")
		if strings.EqualFold(scheme, "GoogleLogin") {
			token, sent = strings.TrimPrefix(strings.TrimSpace(text), "auth="), true
		}
		var form []byte
		if path == login && req.Method == http.MethodPost {
			var err error
			if form, err = io.ReadAll(http.MaxBytesReader(w, req.Body, maxLogin)); err != nil {
				say(w, http.StatusBadRequest, "The form of the login is too large, or broke off.")
				return
			}
			if values, err := url.ParseQuery(string(form)); err == nil {
				token, sent = values.Get("Passwd"), true
			}
		}
		if sent || form != nil {
			req = req.Clone(req.Context())
			if form != nil {
				req.Body = io.NopCloser(bytes.NewReader(form))
			}
			req.Header.Del("Authorization")
			if strings.HasPrefix(token, tokenPrefix) {
				req.Header.Set("Authorization", "Bearer "+token)
			}
		}
		next.ServeHTTP(w, req)
	})
}

// login gives an app what it is to send from now on, which is the token itself.
func (c *call) login() error {
	auth := c.r.PostForm.Get("Passwd")
	if !strings.HasPrefix(auth, tokenPrefix) {
		auth = noLogin
	}
	if c.r.Form.Get("output") == "json" {
		return c.answer(map[string]string{"SID": auth, "LSID": auth, "Auth": auth})
	}
	c.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = fmt.Fprintf(c.w, "SID=%s\nLSID=%[1]s\nAuth=%[1]s\n", auth)
	return nil
}

// token is what an app sends with a change. Here it means nothing: no other
// site can make an app's requests, and package web refuses a browser's.
func (c *call) token() error {
	c.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(c.w, "token")
	return nil
}

func (c *call) userInfo() error {
	n := strconv.FormatInt(c.id.User.N, 10)
	return c.answer(map[string]string{"userId": n, "userProfileId": n, "userName": c.id.Name(), "userEmail": c.id.Name()})
}
