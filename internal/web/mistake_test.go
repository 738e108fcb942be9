package web

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"dateline/search"
)

// TestMistakesSaid goes through all that a reader can get wrong, and sees that
// each language of the interface has a text of its own for it.
func TestMistakesSaid(t *testing.T) {
	s := worded(t)
	keys := map[string]int{} // and how many arguments they are given
	for _, code := range search.Codes() {
		keys["query."+code] = -1
	}
	made := regexp.MustCompile(`mistaken\([\w.]+, "([a-z.]+)"(.*)`)
	said := regexp.MustCompile(`fmt\.Errorf\(.*dateline\.Err(Invalid|Refused|TooLarge|Unsupported|Later)\)`)
	for _, file := range goFiles(t, ".") {
		for i, line := range strings.Split(readFile(t, file), "\n") {
			for _, m := range made.FindAllStringSubmatch(line, -1) {
				keys["wrong."+m[1]] = strings.Count(strings.TrimSuffix(m[2], "\n"), ", ")
			}
			if m := said.FindString(line); m != "" && filepath.Base(file) != "replay.go" {
				c := &call{s: s, set: settings{Language: "id"}}
				if text := sample(m); c.Reason(text) == withoutClass(text) {
					t.Errorf("%s:%d: %q has no words: make a mistake of it", file, i+1, text)
				}
			}
		}
	}
	for _, r := range reasons {
		keys[r.key] = strings.Count(r.said, "{")
	}
	if len(keys) < 100 {
		t.Errorf("only %d keys were found", len(keys))
	}
	place := regexp.MustCompile(`\{\d\}`)
	for key, n := range keys {
		for _, language := range s.languages() {
			text := s.texts[language][key]
			switch {
			case text == "":
				t.Errorf("%s has no text for %s", language, key)
			case language != fallback && text == s.texts[fallback][key] && strings.Contains(text, " ") && key != "reason.about":
				t.Errorf("%s has the English text for %s", language, key)
			case n >= 0 && len(place.FindAllString(text, -1)) != n && strings.HasPrefix(key, "reason"):
				t.Errorf("%s %s: %q fills in other than %d", language, key, text, n)
			}
		}
	}
}

// TestQueryNotes holds the English of notes to that of package search, and has
// every one in Indonesian with its arguments.
func TestQueryNotes(t *testing.T) {
	s := worded(t)
	in := func(language string, n search.Note) string {
		text := (&call{s: s, set: settings{Language: language}}).QueryNote(n)
		return strings.NewReplacer("\u2068", "", "\u2069", "").Replace(text)
	}
	for _, query := range []string{
		"(a", "a)", "OR a", "a OR", `"a`, `"!" a`, "x covid:deaths", "figure:killed=20..10",
		strings.Repeat("x", 5000), "a\xff", strings.Repeat("a ", 33), `"` + strings.Repeat("a ", 65) + `"`, strings.Repeat("(", 33) + "x", "fl*", "outlt:x",
		"title:", "person:...", "has:chagne", "has:nothing", "(scope:sentence a)", "lang:ру", "after:soon", "figure:wolves", "figure:killed>ten", "figure:killed=5..",
	} {
		var n search.Note
		q, err := search.Parse(query)
		if err == nil {
			n = q.Notes[0]
		} else {
			n = search.Note(*err.(*search.Mistake))
		}
		if got := in("en", n); !strings.EqualFold(strings.TrimSuffix(got, "."), n.Text) {
			t.Errorf("%.40q: %q, want %q", query, got, n.Text)
		}
		id := in("id", n)
		if strings.EqualFold(strings.TrimSuffix(id, "."), n.Text) || strings.Contains(id, "{") {
			t.Errorf("%.40q: %q", query, id)
		}
		for _, a := range n.Args {
			if !strings.Contains(id, a) {
				t.Errorf("%.40q: %q lacks %q", query, id, a)
			}
		}
	}
}

// TestReasonsAreSaid sees that other packages still say what is looked for in
// what they say, and that all they refuse of a form has words.
func TestReasonsAreSaid(t *testing.T) {
	var all strings.Builder
	for _, dir := range []string{"../access", "../pipeline", "../notify", "../export", "../store/sqlite", "../../fetch", "../../feed", "../../cmd/dateline", "."} {
		for _, file := range goFiles(t, dir) {
			if filepath.Base(file) != "reasons.go" {
				all.WriteString(readFile(t, file))
			}
		}
	}
	// Of the standard library, and those that are put together of two parts.
	outside := []string{"dial tcp {1}: connect: connection refused", "get {1}: {2}", "no connection within {1}", "no response headers within {1}",
		"no answer from the name server within {1}", "no end within {1}", "no more of the body within {1}", "unexpected EOF", "dial tcp {1}: connect: no route to host",
		"dial tcp {1}: connect: network is unreachable", "read tcp {1}: read: connection reset by peer", "server gave HTTP response to HTTPS client", "remote error: tls: {1}",
		"tls: first record does not look like a TLS handshake", "x509: certificate signed by unknown authority", "x509: certificate signed by unknown authority ({1})",
		"x509: certificate has expired or is not yet valid: {1}", "current time {1} is after {2}", "current time {1} is before {2}", "x509: certificate is valid for {1}, not {2}",
		"x509: certificate is not valid for any names, but wanted to match {1}", "x509: cannot validate certificate for {1} because it doesn't contain any IP SANs",
		"{1}: the list names no feed of it; add it by its address"}
	for _, r := range reasons {
		longest := ""
		for _, part := range regexp.MustCompile(`\{\d\}`).Split(r.said, -1) {
			if len(part) > len(longest) {
				longest = part
			}
		}
		if !strings.Contains(all.String(), strings.Trim(longest, "()")) && !strings.Contains(strings.Join(outside, "\n"), r.said) {
			t.Errorf("nobody says %q", r.said)
		}
	}
	c := &call{s: worded(t), set: settings{Language: "id"}}
	said := regexp.MustCompile(`fmt\.Errorf\(.*dateline\.Err(Invalid|Refused|TooLarge|Later)\)`)
	for _, file := range []string{"../access/password.go", "../access/users.go", "../access/session.go", "../access/access.go", "../pipeline/discover.go"} {
		for _, m := range said.FindAllString(readFile(t, file), -1) {
			if text := sample(m); c.Reason(text) == withoutClass(text) {
				t.Errorf("%s: %q has no words", file, text)
			}
		}
	}
}

// sample is what a line of Go that makes an error would say.
func sample(line string) string {
	text := regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`).FindStringSubmatch(line)[1]
	class := regexp.MustCompile(`dateline\.Err(\w+)`).FindStringSubmatch(line)[1]
	text = strings.TrimSuffix(text, "%w") + map[string]string{"Invalid": "invalid", "Refused": "refused", "TooLarge": "too large", "Later": "not now", "Unsupported": "unsupported"}[class]
	return regexp.MustCompile(`%[.\d]*[a-z]`).ReplaceAllString(text, "12")
}

func withoutClass(s string) string { return s[:strings.LastIndex(s, ": ")] }

func goFiles(t *testing.T, dir string) []string {
	t.Helper()
	all, err := filepath.Glob(dir + "/*.go")
	if err != nil || len(all) == 0 {
		t.Fatal(dir, err)
	}
	var out []string
	for _, f := range all {
		if !strings.HasSuffix(f, "_test.go") {
			out = append(out, f)
		}
	}
	return out
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestMistakesOnPages makes mistakes in both languages.
func TestMistakesOnPages(t *testing.T) {
	srv, _ := site(t)
	for _, tt := range []struct {
		method, path string
		form         []string
		status       int
		en, id       string
	}{
		{"GET", "/?q=after:soon", nil, 400, "is no date; write it as", "bukan tanggal; tulis seperti"},
		{"GET", "/figures?q=after:soon", nil, 400, "is no date; write it as", "bukan tanggal; tulis seperti"},
		{"GET", "/?q=(flood", nil, 200, "The bracket is never closed; taken to close at the end.", "Kurungnya tidak pernah ditutup"},
		{"GET", "/places?cursor=x", nil, 400, "is no part of an address here", "bukan bagian alamat di sini"},
		{"GET", "/outlets/add", nil, 501, "follows no outlets", "tidak mengikuti media"},
		{"POST", "/searches", []string{"query", "x", "mail", "nobody"}, 400, "is no address of mail", "bukan alamat surel"},
		{"POST", "/searches", []string{"query", "x", "webhook", "ftp://x.example/"}, 400, "It begins with https://", "Alamatnya diawali https://"},
		{"POST", "/collections", []string{"name", ""}, 400, "has a name of 200 bytes", "punya nama, paling panjang 200 bita"},
		{"POST", "/settings", []string{"zone", "Nowhere/Else"}, 400, "There is no time zone", "Tidak ada zona waktu"},
		{"POST", "/searches", []string{"name", strings.Repeat("x", 2<<20)}, 413, "A form has 1.0 MB at most", "paling besar 1,0 MB"},
	} {
		for language, want := range map[string]string{"en": tt.en, "id": tt.id} {
			var body strings.Builder
			for i := 0; i < len(tt.form); i += 2 {
				fmt.Fprintf(&body, "%s=%s&", tt.form[i], tt.form[i+1])
			}
			req, err := http.NewRequest(tt.method, srv.URL+tt.path, strings.NewReader(body.String()))
			if err == nil {
				req.Header.Set("Accept-Language", language)
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			resp, page := ask(t, req, err)
			if resp.StatusCode != tt.status || !strings.Contains(page, want) {
				t.Errorf("%s %s %s: %d, want %d with %q\n%s", language, tt.method, tt.path, resp.StatusCode, tt.status, want, page)
			}
		}
	}
}

// TestFit takes texts apart.
func TestFit(t *testing.T) {
	for _, tt := range []struct{ pattern, text, want string }{
		{"moved to {1}", "moved to x", "x"},
		{"moved to {1}", "moved to ", ""},
		{"get {1}: {2}", "get https://a.example/: b: c", "https://a.example/|b: c"},
		{"{1}: robots.txt forbids it", "https://a.example/: robots.txt forbids it", "https://a.example/"},
		{"{1} is {2}", "a is b is c", "a|b is c"},
		{"plain", "plain", ""},
		{"plain", "plainer", ""},
	} {
		got, _ := fit(tt.pattern, tt.text)
		if s := strings.Join(got, "|"); s != tt.want && !strings.HasPrefix(s, tt.want+"|") {
			t.Errorf("%q in %q: %q", tt.pattern, tt.text, got)
		}
	}
}
