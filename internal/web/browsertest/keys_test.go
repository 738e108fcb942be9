package browsertest

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// press presses keys, as a keyboard does: a script that takes a key for itself
// keeps its letter from a field, which it cannot where the letter is an event of
// its own, as chromedp sends it.
func (w *tab) press(t *testing.T, keys string) {
	t.Helper()
	w.until(t, "a page that is whole", `document.readyState === "complete" && !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling")`)
	for _, r := range keys {
		events := kb.Encode(r)
		down, up := *events[0], *events[len(events)-1]
		if len(events) == 3 {
			down.Type, down.Text, down.UnmodifiedText = input.DispatchKeyEventTypeKeyDown, events[1].Text, events[1].UnmodifiedText
		}
		w.do(t, call(input.DispatchKeyEvent, down), call(input.DispatchKeyEvent, up))
	}
}

// point moves the pointer to the middle of the first line of what a selector
// finds.
func (w *tab) point(t *testing.T, selector string, then ...chromedp.MouseOption) {
	t.Helper()
	at := eval[[]float64](t, w, `(() => { const x = document.querySelector(`+quoted(selector)+`); x.scrollIntoView({block: "center"}); const r = x.getClientRects()[0]; return [r.x + r.width / 2, r.y + r.height / 2]; })()`)
	w.do(t, chromedp.MouseEvent(chromedp.MouseMoved, at[0], at[1], chromedp.ButtonNone))
	if len(then) > 0 {
		w.do(t, chromedp.MouseClickXY(at[0], at[1], then...))
	}
}

func (w *tab) click(t *testing.T, selector string) {
	t.Helper()
	w.point(t, selector, chromedp.ButtonLeft)
}

func quoted(s string) string { return "`" + s + "`" }

// at waits until the path and the query are these.
func (w *tab) at(t *testing.T, what, path string) {
	t.Helper()
	w.until(t, what, `location.pathname + location.search === `+quoted(path)+` && document.readyState === "complete"`)
}

// changed is an article that has versions and marks.
func (s *site) changed(t *testing.T) string {
	t.Helper()
	_, body := s.open(t, "/?q="+url.QueryEscape("has:change has:figure"), "en")
	for _, l := range links(t, body) {
		if path, _, _ := strings.Cut(l, "?"); strings.HasPrefix(path, "/article/") {
			return strings.TrimSuffix(path, "/versions")
		}
	}
	t.Fatal("no article has changed")
	return ""
}

func TestKeyboard(t *testing.T) {
	s := newSite(t)
	b := newBrowser(t, s)
	w := b.newTab(t)
	w.as(t, look{1440, "light", "en"})
	const here = `[...document.querySelectorAll("[data-item]")].findIndex((x) => x.hasAttribute("data-here"))`

	w.open(t, "/")
	for i, keys := range []string{"j", "j", "j", "k"} {
		w.press(t, keys)
		w.until(t, keys, here+" === "+[]string{"0", "1", "2", "1"}[i]+` && document.activeElement.closest("[data-here]")`)
	}
	first := eval[string](t, w, `document.querySelector("[data-here] a").getAttribute("href")`)
	w.press(t, "o")
	w.at(t, "o opens the article", first)
	w.do(t, chromedp.NavigateBack())
	w.at(t, "back", "/")
	w.press(t, "j")
	w.until(t, "j after going back", here+" >= 0")
	w.press(t, kb.Enter)
	w.until(t, "Enter opens the article", `location.pathname.startsWith("/article/")`)

	w.open(t, "/")
	w.press(t, "s")
	w.press(t, "j")
	w.press(t, "s")
	w.until(t, "s gives a star", `document.querySelector('[data-here] [data-key="s"][aria-pressed="true"]')`)
	w.press(t, "s")
	w.until(t, "s takes it", `document.querySelector('[data-here] [data-key="s"][aria-pressed="false"]')`)

	w.press(t, "/")
	w.until(t, "/ goes to the search", `document.activeElement.id === "q"`)
	w.press(t, "flood j/?")
	w.until(t, "keys are letters in a field", `document.activeElement.value === "flood j/?"`)
	w.press(t, kb.Escape)
	w.until(t, "Esc leaves it", `document.activeElement.id !== "q"`)
	w.press(t, "?")
	w.until(t, "? shows the keys", `document.getElementById("help").open`)
	w.press(t, "j")
	w.press(t, kb.Escape)
	w.until(t, "Esc closes them", `!document.getElementById("help").open`)
	for keys, path := range map[string]string{"gf": "/figures", "gb": "/places", "gh": "/outlets", "gc": "/collections", "gs": "/searches", "gu": "/"} {
		w.press(t, keys)
		w.at(t, keys, path)
	}
	w.open(t, "/") // figures and places search themselves
	w.press(t, "/")
	w.press(t, "flood"+kb.Enter)
	w.at(t, "a search", "/?q=flood")
	w.until(t, "its words are marked", `document.querySelector("main .headline mark, main .passage mark")`)
	w.press(t, "j")
	w.until(t, "j after a search", here+" === 0")

	path := s.changed(t)
	w.open(t, path)
	w.until(t, "marks are on", `document.getElementById("k-all").checked`)
	const height = `document.querySelector(".text").getBoundingClientRect().height + " " + [...document.querySelectorAll(".text .m")].map((x) => x.getClientRects()[0].left).join()`
	was := eval[string](t, w, height)
	w.press(t, "e")
	w.until(t, "e switches marks off", `!document.getElementById("k-all").checked && getComputedStyle(document.querySelector(".text .m")).backgroundColor === "rgba(0, 0, 0, 0)"`)
	if is := eval[string](t, w, height); is != was {
		t.Errorf("the text moves when marks are switched off: %s, was %s", is, was)
	}
	w.press(t, "e")
	w.until(t, "e switches them on", `document.getElementById("k-all").checked && getComputedStyle(document.querySelector(".text .m")).backgroundColor !== "rgba(0, 0, 0, 0)"`)
	w.press(t, "[")
	w.until(t, "[ goes to the version before", `location.search === "?version=1"`)
	w.press(t, "]")
	w.until(t, "] goes to the next", `location.search === "?version=2"`)
	w.press(t, "m")
	w.press(t, kb.Tab)
	w.until(t, "Tab goes to something that shows it", `document.activeElement !== document.body && getComputedStyle(document.activeElement).outlineStyle !== "none"`)
	for _, c := range w.complained() {
		t.Error(c)
	}
	b.askedNobody(t)
}

func TestPointer(t *testing.T) {
	s := newSite(t)
	b := newBrowser(t, s)
	w := b.newTab(t)
	w.as(t, look{1440, "light", "en"})
	w.open(t, s.changed(t))
	const colour = `getComputedStyle(document.querySelector(".text .m.figure")).backgroundColor`
	w.until(t, "figures are marked", colour+` !== "rgba(0, 0, 0, 0)"`)
	w.point(t, ".text .m.figure")
	w.until(t, "a mark shows its value", `document.querySelector(".mark-card b")?.textContent.match(/[0-9]/)`)
	w.until(t, "and its sentence", `document.querySelector(".mark-card .sentence")?.textContent.includes(document.querySelector(".text .m.figure").textContent)`)
	w.press(t, kb.Escape)
	w.until(t, "Esc hides it", `!document.querySelector(".mark-card")`)
	w.do(t, chromedp.Focus(chromedp.CSS(".text .m.figure")))
	w.until(t, "so does the keyboard's focus", `document.querySelector(".mark-card b")`)
	w.click(t, `label:has(#k-figure)`)
	w.until(t, "a kind is switched off", colour+` === "rgba(0, 0, 0, 0)"`)
	w.open(t, s.changed(t))
	w.until(t, "and stays so", `!document.getElementById("k-figure").checked`)
	w.click(t, `label:has(#k-figure)`)
	w.until(t, "and on", colour+` !== "rgba(0, 0, 0, 0)"`)
	w.click(t, `.foot [data-help]`)
	w.until(t, "the keys are shown", `document.getElementById("help").open`)
	w.click(t, `#help button`)
	w.until(t, "and hidden", `!document.getElementById("help").open`)
	w.click(t, `nav.menu a[href="/figures"]`)
	w.at(t, "the menu", "/figures")
	w.until(t, "the title goes along", `document.title.startsWith("Figures")`)
	for _, c := range w.complained() {
		t.Error(c)
	}
	b.askedNobody(t)
}

// TestKeysOfLists moves through every kind of list by its keys.
func TestKeysOfLists(t *testing.T) {
	s := newSite(t)
	made := s.furnish(t)
	b := newBrowser(t, s)
	w := b.newTab(t)
	w.as(t, look{1440, "light", "en"})
	const here = `[...document.querySelectorAll("[data-item]")].findIndex((x) => x.hasAttribute("data-here"))`
	for _, tt := range []struct{ path, to string }{
		{"/", "/article/"}, {"/?q=flood", "/article/"}, {"/figures", ""}, {"/places", "/place/"}, {"/outlets", "/outlet/"},
		{"/collections", "/collections/"}, {made[0], "/article/"}, {"/starred", "/article/"}, {"/searches", "/"},
	} {
		w.open(t, tt.path)
		n := eval[int](t, w, `document.querySelectorAll("[data-item]").length`)
		if n == 0 {
			t.Errorf("%s has nothing to move through", tt.path)
			continue
		}
		w.press(t, "?")
		w.until(t, tt.path+": ? shows the keys", `document.getElementById("help").open`)
		w.press(t, kb.Escape)
		w.until(t, tt.path+": Esc closes them", `!document.getElementById("help").open`)
		w.press(t, "/")
		w.until(t, tt.path+": / goes to the search", `document.activeElement.id === "q"`)
		w.press(t, kb.Escape)
		w.until(t, tt.path+": Esc leaves it", `document.activeElement.id !== "q"`)
		w.press(t, "j")
		w.until(t, tt.path+": j", here+" === 0")
		if n > 1 {
			w.press(t, "j")
			w.until(t, tt.path+": j again", here+" === 1")
		}
		w.press(t, "k")
		w.until(t, tt.path+": k", here+` === 0 && document.activeElement.closest("[data-here]")`)
		for _, open := range []string{"o", kb.Enter} {
			to := eval[string](t, w, `new URL(document.querySelector("[data-here] a").href).pathname`)
			if !strings.HasPrefix(to, tt.to) {
				t.Errorf("%s opens %s", tt.path, to)
			}
			if tt.path == "/searches" {
				to = "/" // where it finds
			}
			w.press(t, open)
			w.until(t, tt.path+": "+open+" opens "+to, `location.pathname === `+quoted(to)+` && document.readyState === "complete"`)
			w.open(t, tt.path)
			w.press(t, "j")
			w.until(t, tt.path+": j", here+" === 0")
		}
	}
	// What is read and what has a star, and the outlet's page, from a list and from an article.
	const original = `addEventListener("click", (e) => { const a = e.target.closest("a"); if (a && a.host !== location.host) { e.preventDefault(); window.led = a.href; } }, true)`
	for _, path := range []string{"/", s.changed(t)} {
		w.open(t, path)
		in := ""
		if path == "/" {
			w.press(t, "jj")
			in = "[data-here] "
		}
		was := eval[string](t, w, `document.querySelector('`+in+`[data-key="m"]').value`)
		if path != "/" {
			w.until(t, "an article that is opened is read", `document.querySelector('[data-key="m"]').getAttribute("aria-pressed") === "true"`)
			was = "unread"
		}
		w.press(t, "m")
		w.until(t, path+": m changes what is read", `document.querySelector('`+in+`[data-key="m"]').value !== `+quoted(was))
		w.press(t, "m")
		w.until(t, path+": m changes it back", `document.querySelector('`+in+`[data-key="m"]').value === `+quoted(was))
		w.press(t, "s")
		w.until(t, path+": s", `document.querySelector('`+in+`[data-key="s"]').getAttribute("aria-pressed") === "true"`)
		w.press(t, "s")
		eval[any](t, w, `(`+`() => { `+original+`; })()`)
		w.press(t, "v")
		w.until(t, path+": v goes to the outlet's page", `window.led`)
	}
	for _, c := range w.complained() {
		t.Error(c)
	}
	b.askedNobody(t)
}

// TestTouch opens the panel of a mark with a finger, and closes it.
func TestTouch(t *testing.T) {
	s := newSite(t)
	b := newBrowser(t, s)
	w := b.newTab(t)
	w.as(t, look{390, "light", "en"})
	w.do(t, call(emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true, MaxTouchPoints: 1}))
	path := s.changed(t)
	w.open(t, path)
	touch := func(selector string) {
		t.Helper()
		at := eval[[]float64](t, w, `(() => { const x = document.querySelector(`+quoted(selector)+`); x.scrollIntoView({block: "center"}); const r = x.getClientRects()[0]; return [r.x + r.width / 2, r.y + r.height / 2]; })()`)
		w.do(t,
			call(input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: []*input.TouchPoint{{X: at[0], Y: at[1]}}}),
			call(input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}}))
	}
	const card = `document.querySelector(".mark-card")`
	const inside = `(() => { const r = ` + card + `.getBoundingClientRect(); return r.left >= 0 && r.right <= innerWidth && r.top >= 0 && r.bottom <= innerHeight; })()`
	for _, close := range []string{"Esc", "elsewhere"} {
		touch(".text .m.figure")
		w.until(t, "a touch opens the panel", card+` && `+card+`.querySelector("b")`)
		w.until(t, "which lies in the window", inside)
		w.until(t, "and stays on the page", `location.hash === ""`)
		// A panel that closed by itself would do so by now.
		if !eval[bool](t, w, `new Promise((r) => setTimeout(() => r(!!`+card+`), 400))`) {
			t.Error("the panel closes by itself")
		}
		if close == "Esc" {
			w.press(t, kb.Escape)
		} else {
			touch(".versions-bar b")
		}
		w.until(t, close+" closes it", `!`+card)
	}
	touch(".text .m.figure")
	w.until(t, "a touch opens the panel again", card)
	touch(".text > p:nth-last-of-type(2) .m")
	w.until(t, "a touch of another opens that of it", card+` && document.querySelector(".text > p:nth-last-of-type(2) .m").hasAttribute("aria-describedby")`)
	for _, c := range w.complained() {
		t.Error(c)
	}
	b.askedNobody(t)
}

// TestWithoutScript does what matters most without JavaScript.
func TestWithoutScript(t *testing.T) {
	s := newSite(t)
	b := newBrowser(t, s)
	w := b.newTab(t)
	w.as(t, look{1440, "light", "en"})
	w.do(t, call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
	w.open(t, "/")
	w.until(t, "no script runs", `!window.htmx`)
	w.click(t, "#q")
	w.press(t, "flood"+kb.Enter)
	w.at(t, "a search", "/?q=flood")
	w.until(t, "it finds", `document.querySelectorAll("[data-item]").length > 0`)

	w.open(t, "/")
	w.click(t, ".filters h2 ~ ul ~ ul a")
	w.until(t, "a filter", `location.search.startsWith("?q=") && document.querySelectorAll("[data-item]").length > 0 && document.querySelector(".parts")`)
	w.click(t, ".parts a")
	w.until(t, "is taken back", `!document.querySelector(".parts")`)

	w.open(t, "/")
	w.click(t, `a[rel="next"]`)
	w.until(t, "older ones", `location.search.includes("cursor=") && document.querySelectorAll("[data-item]").length > 0`)
	w.click(t, "[data-item] .headline")
	w.until(t, "an article", `location.pathname.startsWith("/article/") && document.querySelector(".text p")`)
	w.click(t, `.deeds [data-key="s"]`)
	w.until(t, "a star", `location.pathname.startsWith("/article/") && document.querySelector('.deeds [data-key="s"][aria-pressed="true"]')`)
	w.open(t, s.changed(t))
	w.click(t, `label:has(#k-figure)`)
	w.until(t, "a kind of marks is switched off", `getComputedStyle(document.querySelector(".text .m.figure")).backgroundColor === "rgba(0, 0, 0, 0)"`)
	for _, c := range w.complained() {
		t.Error(c)
	}
	b.askedNobody(t)
}
