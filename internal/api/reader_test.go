package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dateline/internal/access"
)

// TestReadingApps: apps log in through all that stands before them, and no page
// of another site does in their name.
func TestReadingApps(t *testing.T) {
	s := serve(t)
	const form = "application/x-www-form-urlencoded"
	// Without a login, a browser of this machine could be made to.
	for header, value := range map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"} {
		if w := s.ask("POST", "/greader.php/reader/api/0/mark-all-as-read", "s=user/-/state/com.google/reading-list", "Content-Type", form, header, value); w.Code != 403 {
			t.Errorf("%s: %s: %d %s", header, value, w.Code, w.Body)
		}
	}
	u, err := s.api.o.Guard.AddUser(t.Context(), "ada", access.Admin, "a ferry at the quay")
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := s.api.o.Guard.AddToken(t.Context(), u.N, "phone", []access.Scope{access.Look, access.Desk}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for password, want := range map[string]int{token: 200, "a ferry at the quay": 401, "dl_" + strings.Repeat("A", 43): 401, "": 401} {
		w := s.ask("POST", "/greader.php/accounts/ClientLogin", "Email=ada&Passwd="+strings.ReplaceAll(password, " ", "+"), "Content-Type", form)
		if w.Code != want || (want == 200) != strings.Contains(w.Body.String(), "Auth="+token) {
			t.Errorf("login with %q: %d %s", password, w.Code, w.Body)
		}
	}
	for scheme, want := range map[string]int{"GoogleLogin auth=": 200, "googlelogin auth=": 200, "Bearer ": 200, "GoogleLogin ": 200, "Token ": 401} {
		if w := s.ask("GET", "/greader.php/reader/api/0/subscription/list?output=json", "", "Authorization", scheme+token); w.Code != want {
			t.Errorf("%s: %d %s", scheme, w.Code, w.Body)
		}
	}
	// What apps send is taken for theirs nowhere else.
	if w := s.ask("GET", "/v1/articles", "", "Authorization", "GoogleLogin auth="+token); w.Code != 401 {
		t.Errorf("an operation: %d", w.Code)
	}
	// Each is measured by its route, without what apps send.
	r := httptest.NewRequest("GET", origin+"/news/metrics", nil)
	w := httptest.NewRecorder()
	s.api.metrics.measure(http.NotFoundHandler()).ServeHTTP(w, r)
	families, err := s.api.metrics.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, f := range families {
		text.WriteString(f.String())
	}
	if !strings.Contains(text.String(), "GET /api/greader.php/reader/api/0/subscription/list") || strings.Contains(text.String(), token) {
		t.Error("the requests of apps are not measured by their routes")
	}
}
