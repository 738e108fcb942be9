package browsertest

import (
	"net/http"
	"strings"
	"testing"
)

// wrongPage is wrong in every way that pages are looked at for.
const wrongPage = `<!doctype html>
<html>
<head><meta charset="utf-8"><title>Wrong</title><link rel="stylesheet" href="/static/wrong.css"></head>
<body>
<img src="/static/icon.svg">
<p id="twice" class="pale">This cannot be read.</p>
<p id="twice"><div>A block in a paragraph.</div></p>
<form><input name="nameless"></form>
<script>window.inline = true;</script>
<script src="/static/wrong.js"></script>
<p style="color:red">An inline style.</p>
<img alt="" src="https://elsewhere.example/pixel.png">
<div class="wide">Wider than any window.</div>
<pre hidden>`

// later comes true when what the page does of itself is done.
const later = `new Promise((r) => setTimeout(() => r(true), 300))`

// TestControl has all the checks look at a page that is wrong. Where one of them
// says nothing of it, it does not look, and what it says of other pages is worth
// nothing.
func TestControl(t *testing.T) {
	s := newSite(t)
	resp, _ := s.open(t, "/", "en")
	headers := resp.Header.Clone()
	headers.Del("Content-Length")
	page := wrongPage + strings.Repeat("too much of it ", 5000) + "</pre></body></html>"
	own := s.pages.Config.Handler
	s.pages.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/wrong":
			for k, v := range headers { // the policy of the pages above all
				w.Header()[k] = v
			}
			w.Write([]byte(page))
		case "/static/wrong.css":
			w.Header().Set("Content-Type", "text/css")
			w.Write([]byte(".pale { color: #ddd; background: #eee; } .wide { width: 9999px; }"))
		case "/static/wrong.js":
			w.Header().Set("Content-Type", "text/javascript")
			w.Write([]byte(`console.error("a word on the console"); setTimeout(() => fetch("https://elsewhere.example/beacon").catch(() => {})); setTimeout(() => alert("a dialog"), 10); nowhere();`))
		default:
			own.ServeHTTP(w, r)
		}
	})
	b := newBrowser(t, s)
	w := b.newTab(t)
	w.as(t, look{1440, "light", "en"})
	w.open(t, "/wrong")
	eval[bool](t, w, later)
	axe := axeSource(t)
	found := strings.Join(w.faults(t, axe), "\n")
	wants := map[string]string{
		"a script that stands in the page": "inline script",
		"a style that does":                "inline style",
		"a picture of another site":        "https://elsewhere.example/pixel.png",
		"a request to another site":        "https://elsewhere.example/beacon",
		"what a script says":               "a word on the console",
		"what a script throws":             "nowhere is not defined",
		"a dialog":                         "a dialog",
		"a page that is too wide":          "wider than the window",
	}
	if axe != "" {
		for what, rule := range map[string]string{"a page of no language": "html-has-lang", "a picture without words": "image-alt", "pale letters": "color-contrast", "a field without a name": "label: "} {
			wants[what] = rule
		}
	}
	for what, want := range wants {
		if !strings.Contains(found, want) {
			t.Errorf("%s is passed over: no %q in\n%s", what, want, found)
		}
	}
	if heavy(page) == "" {
		t.Error("a page that is too heavy is passed over")
	}
	said := strings.Join(invalid(t, map[string]string{"wrong": page}), "\n")
	for what, want := range map[string]string{"an id that is there twice": "Duplicate ID", "a picture without words": "must have an", "an end without a beginning": "No “p” element in scope"} {
		if !strings.Contains(said, want) {
			t.Errorf("the validator passes over %s: no %q in\n%s", what, want, said)
		}
	}
	// The policy stops requests before they leave. A page without one would not.
	headers.Del("Content-Security-Policy")
	w.open(t, "/wrong")
	eval[bool](t, w, later)
	asked := map[string]bool{}
	for _, a := range b.others() {
		asked[a.host] = true
	}
	if !asked["elsewhere.example"] {
		t.Errorf("who is asked without a policy is passed over: %v", asked)
	}
}
