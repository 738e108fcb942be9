package feed

import (
	"fmt"
	"strings"
	"testing"

	"dateline/internal/golden"
)

func TestFind(t *testing.T) {
	golden.Run(t, "testdata/find", "want", func(t *testing.T, c *golden.Case) string {
		text, _ := c.File("page")
		f := Find([]byte(text), "", addressOf(c, "https://www.outlet.example/"))
		var b strings.Builder
		fmt.Fprintf(&b, "name: %s\nlanguage: %s\nhome: %s\n", f.Name, f.Language, f.Home)
		for _, s := range f.Sources {
			fmt.Fprintf(&b, "%s\n", strings.TrimSpace(fmt.Sprint(s.Kind, " ", s.URL, " ", s.Language, " ", s.Title)))
		}
		return b.String()
	})
}

func TestGuess(t *testing.T) {
	for _, c := range []struct {
		home, first string
		n           int
	}{
		{"https://outlet.example", "https://outlet.example/feed/", 11},
		{"https://host.example/paper?x=1", "https://host.example/paper/feed/", 18},
		{"ftp://outlet.example", "", 0},
	} {
		got := Guess(c.home)
		if len(got) != c.n || c.n > 0 && got[0].URL != c.first {
			t.Errorf("Guess(%q) = %v", c.home, got)
		}
	}
}
