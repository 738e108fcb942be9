package web

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
)

// reader is a browser with cookies.
func reader(t *testing.T) *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

func TestSettings(t *testing.T) {
	s := newStage(t)
	c := reader(t)
	save := func(kv ...string) (int, string) {
		v := url.Values{}
		for i := 0; i < len(kv); i += 2 {
			v.Set(kv[i], kv[i+1])
		}
		res, err := c.PostForm(s.pages.URL+"/settings", v)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, read(t, res)
	}
	// In cookies, for who has no user.
	status, page := save("language", "id", "zone", "Asia/Jakarta", "theme", "dark")
	for _, want := range []string{`<html lang="id" dir="ltr" data-theme="dark"`, "Tersimpan", `value="Asia/Jakarta"`, "WIB"} {
		if status != 200 || !strings.Contains(page, want) {
			t.Errorf("%d: the page lacks %s", status, want)
		}
	}
	if status, page = save("language", "", "zone", "", "theme", ""); !strings.Contains(page, `<html lang="en" dir="ltr">`) {
		t.Errorf("%d: nothing is forgotten", status)
	}
	for _, bad := range [][]string{{"language", "xx"}, {"zone", "Mars/Base"}, {"zone", "Local"}, {"zone", "../../etc/passwd"}, {"theme", `"><script>`}} {
		if status, page := save(bad...); status != 400 || strings.Contains(page, "<script>") {
			t.Errorf("%v: %d", bad, status)
		}
	}
	// What a cookie says is not believed.
	req, _ := http.NewRequest("GET", s.pages.URL+"/settings", nil)
	for name, value := range map[string]string{"language": "x><script>", "tz": "../../etc/passwd", "theme": "x onload=alert(1)"} {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if page := read(t, res); res.StatusCode != 200 || strings.Contains(page, "<script>") || strings.Contains(page, "data-theme") {
		t.Errorf("cookies: %d %s", res.StatusCode, page)
	}
}

func TestHealth(t *testing.T) {
	s := newStage(t)
	status, page := get(t, s.pages.URL+"/healthz")
	if status != 200 || page != "ok\n" {
		t.Errorf("healthz: %d %q", status, page)
	}
	for path, want := range map[string]string{"/settings/health": "Nothing was given up.", "/about": "GeoNames", "/outlets/errands/x": ""} {
		status, page := get(t, s.pages.URL+path)
		if want == "" && status != 404 || want != "" && (status != 200 || !strings.Contains(page, want)) {
			t.Errorf("%s: %d", path, status)
		}
	}
	for _, path := range []string{"/dead/0/retry", "/dead/x/retry", "/dead/99999/retry"} {
		res, err := http.Post(s.pages.URL+path, "", nil)
		if err != nil || res.StatusCode != 404 {
			t.Errorf("%s: %v %v", path, res.Status, err)
		}
	}
	s.Store.Close()
	if status, page := get(t, s.pages.URL+"/healthz"); status != 503 || page == "ok\n" {
		t.Errorf("healthz without a store: %d %q", status, page)
	}
}
