package browsertest

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestLogin logs in, and looks at the pages of users, which there are none of
// where no login is needed.
func TestLogin(t *testing.T) {
	s := newSite(t)
	const name, password = "Ratna", "correct horse battery staple"
	s.send(t, "/users", "name", name, "role", "admin", "password", password)
	b := newBrowser(t, s)
	axe, shots := axeSource(t), shotFolder(t)
	bodies := map[string]string{}
	for _, l := range []look{{1440, "light", "en"}, {390, "dark", "id"}} {
		t.Run(l.String(), func(t *testing.T) {
			w := b.newTab(t)
			w.as(t, l)
			w.open(t, "/login?to=%2Faccount")
			w.examine(t, "/login", l, axe, shots)
			bodies["/login "+l.language] = eval[string](t, w, `fetch(location.href).then((r) => r.text())`)
			w.click(t, `main [name="user"]`)
			w.press(t, name)
			w.click(t, `main [name="password"]`)
			w.press(t, "something else"+kb.Enter)
			w.until(t, "a wrong password", `document.querySelector("main [role=alert]")`)
			w.complained() // that it was refused
			w.examine(t, "/login/wrong", l, axe, shots)
			w.click(t, `main [name="password"]`)
			w.press(t, password+kb.Enter)
			w.at(t, "a login leads on", "/account")
			w.complained()
			for _, path := range []string{"/account", "/users"} {
				w.open(t, path)
				w.examine(t, path, l, axe, shots)
				bodies[path+" "+l.language] = eval[string](t, w, `fetch(location.href).then((r) => r.text())`)
			}
			w.click(t, `.foot form button`)
			w.until(t, "a logout", `!document.querySelector(".foot form")`)
			w.open(t, "/")
			w.at(t, "who is out must log in", "/login?to=%2F")
		})
	}
	for _, f := range invalid(t, bodies) {
		t.Error(f)
	}
	b.askedNobody(t)
}
