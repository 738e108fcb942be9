package browsertest

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"

	"dateline/internal/store"
)

// documentation is the API's, which is no page of the server's own.
const documentation = "/api/"

// samples are addresses to begin with, for what no link leads to.
var samples = []string{
	"/", "/?q=flood", "/?q=nothingofthekind", "/?q=%28", "/?q=figure%3Akilled%3E%3D1", "/?q=%E0%A4%AA%E0%A4%BE%E0%A4%A8%E0%A5%80", "/nowhere",
	"/figures", "/figures?q=flood&order=greatest", "/places", "/outlets", "/outlets/add", "/collections", "/searches", "/starred", "/settings",
	"/settings/health", "/help/query", "/about", "/login", "/confirm", "/account", "/new?since=1", "/healthz", documentation, documentation + "schemas",
}

// each is how many pages of a route are looked at; those of samples besides.
const each = 2

// visited is a page that is there.
type visited struct {
	path, route string
	html        string // in English
}

// walk finds pages of all routes, by the samples and by links.
func (s *site) walk(t *testing.T) []visited {
	t.Helper()
	routes := http.NewServeMux()
	found := map[string]int{}
	for _, r := range s.server.Routes() {
		if r.Method == http.MethodGet {
			routes.HandleFunc(r.Pattern(""), func(http.ResponseWriter, *http.Request) {})
			found[r.Pattern("")] = 0
		}
	}
	var all []visited
	seen, limit := map[string]bool{}, map[string]bool{}
	first := slices.Concat(samples, s.furnish(t), slices.Sorted(maps.Values(s.articles(t))))
	for _, p := range first {
		limit[p] = true
	}
	for queue := first; len(queue) > 0; queue = queue[1:] {
		path := queue[0]
		u, err := url.Parse(path)
		if err != nil || seen[path] {
			continue
		}
		seen[path] = true
		_, route := routes.Handler(&http.Request{Method: http.MethodGet, URL: u, Host: "x"})
		if found[route] >= each && !limit[path] || route == "" && !limit[path] {
			continue
		}
		resp, body := s.open(t, path, "en")
		if resp.StatusCode >= 500 {
			t.Errorf("%s: %s", path, resp.Status)
			continue
		}
		if resp.StatusCode >= 400 && !limit[path] {
			t.Errorf("a link leads to %s: %s", path, resp.Status)
		}
		found[route]++
		if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") || resp.StatusCode/100 == 3 || !strings.Contains(body, "<!doctype html>") {
			continue
		}
		all = append(all, visited{path, route, body})
		for _, l := range links(t, body) {
			if at, err := u.Parse(l); err == nil && at.Host == "" {
				at.Fragment = ""
				queue = append(queue, at.String())
			}
		}
	}
	for _, r := range slices.Sorted(maps.Keys(found)) {
		if found[r] == 0 {
			t.Errorf("there is no page of %s: add one to the samples, or a link to one", r)
		}
	}
	if !slices.ContainsFunc(all, func(p visited) bool { return p.path == documentation }) {
		t.Error("there is no documentation of the API")
	}
	return all
}

// links are those of a page that change nothing.
func links(t *testing.T, body string) (all []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "a" {
			continue
		}
		for _, a := range n.Attr {
			if a.Key == "href" && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, "/api") {
				all = append(all, a.Val)
			}
		}
	}
	return all
}

// articles are paths of an article in each language.
func (s *site) articles(t testing.TB) map[string]string {
	t.Helper()
	all := map[string]string{}
	for h, err := range s.Store.List(t.Context(), store.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if all[h.Language] == "" {
			all[h.Language] = "/article/" + h.Page.ID
		}
	}
	return all
}

// looks are those at which every page is looked at.
var looks = []look{{1440, "light", "en"}, {390, "dark", "en"}, {390, "light", "id"}, {1440, "dark", "id"}}

func TestPages(t *testing.T) {
	s := newSite(t)
	b := newBrowser(t, s)
	pages := s.walk(t)
	axe := axeSource(t)
	shots := shotFolder(t)
	t.Run("looks", func(t *testing.T) {
		for _, l := range looks {
			t.Run(l.String(), func(t *testing.T) {
				t.Parallel()
				w := b.newTab(t)
				w.as(t, l)
				for _, p := range pages {
					if strings.HasPrefix(p.path, documentation) && l.language != "en" {
						continue // it is in one language
					}
					w.open(t, p.path)
					w.examine(t, p.path, l, axe, shots)
				}
			})
		}
	})
	b.askedNobody(t)
	t.Logf("%d pages, in %d looks", len(pages), len(looks))
}

// examine looks for all that is wrong with the page that is open.
func (w *tab) examine(t *testing.T, path string, l look, axe, shots string) {
	t.Helper()
	for _, f := range w.faults(t, axe) {
		t.Errorf("%s: %s", path, f)
	}
	if shots != "" {
		w.shoot(t, filepath.Join(shots, fileName(path)+"-"+l.String()+".png"))
	}
}

// faults are all that is wrong with the page that is open, by the browser and
// by axe-core. [TestControl] sees that none of it would be passed over.
func (w *tab) faults(t *testing.T, axe string) (all []string) {
	t.Helper()
	for _, c := range w.complained() {
		if !strings.Contains(c, "Failed to load resource: the server responded with a status of 40") {
			all = append(all, c)
		}
	}
	if wide := eval[string](t, w, tooWide); wide != "" {
		all = append(all, "it is wider than the window: "+wide)
	}
	if axe != "" {
		all = append(all, w.barriers(t, axe)...)
	}
	return all
}

// tooWide names what sticks out of the window, if the page scrolls sideways.
const tooWide = `(() => {
	const width = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= width) return "";
	const held = (x) => { for (let p = x.parentElement; p && p !== document.body; p = p.parentElement) if (getComputedStyle(p).overflowX !== "visible") return true; };
	const out = [...document.body.querySelectorAll("*")].filter((x) => x.getBoundingClientRect().right > width + 1 && !held(x));
	return document.documentElement.scrollWidth + " in " + width + ": " + out.slice(-3).map((x) => x.outerHTML.slice(0, 120)).join(" | ");
})()`

// barriers are what axe-core finds in a page.
func (w *tab) barriers(t *testing.T, axe string) []string {
	t.Helper()
	return eval[[]string](t, w, axe+`;
axe.run({exclude: []}, {iframes: false, resultTypes: ["violations"]}).then(r => r.violations.map(v =>
	v.id + ": " + v.help + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + " " + [...n.any, ...n.all, ...n.none].map(c => c.message)[0]).join(" | ")))`)
}

func axeSource(t *testing.T) string {
	t.Helper()
	dir, err := installed()
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Error(err)
		}
		t.Logf("no test for barriers: %v", err)
		return ""
	}
	b, err := os.ReadFile(filepath.Join(dir, "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// shotFolder is where pictures of pages go: DATELINE_SHOTS; none are made where
// that is empty.
func shotFolder(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("DATELINE_SHOTS")
	if dir == "" {
		return ""
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// shoot makes a picture of the whole page.
func (w *tab) shoot(t *testing.T, name string) {
	t.Helper()
	shot, err := chromedp.Run(w.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(name, shot, 0o644)
	}
	if err != nil {
		t.Error(err)
	}
}

var unsafeName = regexp.MustCompile(`[^a-zA-Z0-9]+`)

// fileName is a path as a file's name.
func fileName(path string) string {
	name := strings.Trim(unsafeName.ReplaceAllString(path, "-"), "-")
	if name == "" {
		return "today"
	}
	return fmt.Sprintf("%.60s", name)
}

// furnish puts by what people put by: a collection with an edition, a saved
// search, stars and notes, errands. It returns addresses of what it made.
func (s *site) furnish(t *testing.T) (made []string) {
	t.Helper()
	at := s.send(t, "/collections", "name", "Floods", "note", "What the desk keeps of the floods.", "query", "has:figure").Header.Get("Location")
	s.send(t, at+"/editions")
	s.send(t, "/searches", "name", "Floods", "query", "flood", "q", "flood")
	starred := 0
	for _, path := range s.articles(t) {
		if starred++; starred > 3 {
			break
		}
		s.send(t, path+"/state", "do", "star")
		s.send(t, path+"/state", "do", "note", "note", "Ask the desk again.")
	}
	return append(made, at,
		s.send(t, "/outlets/preview", "address", "https://observer.example/").Header.Get("Location"),
		s.send(t, "/outlets/preview", "address", "https://observer.example/tarn-bridge").Header.Get("Location"),
		s.send(t, "/outlets/try", "address", "https://observer.example/1").Header.Get("Location"))
}
