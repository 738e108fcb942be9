package web

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"dateline/search"
)

// TestHelpQuery holds the page about queries to what the documentation of them
// says: it has every field and every value, and each example runs.
func TestHelpQuery(t *testing.T) {
	srv, _ := site(t)
	status, body := get(t, srv.URL+"/help/query")
	if status != 200 {
		t.Fatal(status)
	}
	text := html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, " "))
	doc := readFile(t, "../../docs/formats/query.md")
	fields, _, _ := strings.Cut(doc[strings.Index(doc, "## Fields"):], "## Mistakes")
	n := 0
	for _, m := range regexp.MustCompile("`([a-z]+:|[a-z]+)`").FindAllStringSubmatch(fields, -1) {
		if n++; !strings.Contains(text, m[1]) {
			t.Errorf("%s is not explained", m[1])
		}
	}
	if n < 40 {
		t.Errorf("only %d fields and values were looked for", n)
	}
	for _, sign := range []string{`"…"`, "*", "OR |", "- NOT", "( )", ">=", "<=", "..", "北京市"} {
		if !strings.Contains(text, sign) {
			t.Errorf("%s is not explained", sign)
		}
	}
	for _, part := range helpTopics {
		for _, topic := range part.Topics {
			for _, q := range topic.Examples {
				got, err := search.Parse(q)
				if err != nil || len(got.Notes) > 0 {
					t.Errorf("%s: %v", q, err)
				}
				if status, _ := get(t, srv.URL+"/?q="+escapeQuery(q)); status != 200 {
					t.Errorf("%s is answered %d", q, status)
				}
			}
		}
	}
	for _, code := range search.Codes() {
		address := (&call{s: &Server{}}).QueryHelp(code)
		if _, at, _ := strings.Cut(address, "#"); at == "" || !strings.Contains(body, `id="`+at+`"`) {
			t.Errorf("a mistake is explained at %s, which is nowhere", address)
		}
	}
	for _, path := range []string{"/", "/?q=after:soon", "/?q=(x", "/figures?q=after:soon", "/places?q=a)"} {
		if _, body := get(t, srv.URL+path); strings.Count(body, "/help/query") < 2 {
			t.Errorf("%s does not lead to the help", path)
		}
	}
}
