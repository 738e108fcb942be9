package read

import (
	"fmt"
	"strings"
	"testing"
)

// TestTame keeps formatting as it is where it is alike or little, and makes it
// plain where the parser would open too much of it again.
func TestTame(t *testing.T) {
	alikes := strings.Repeat(`<b class=x>word</b> `, 1000)
	var others, endless strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&others, "<b id=%d>word</b> ", i)
		fmt.Fprintf(&endless, "<b %s", strings.Repeat("x", longFormat))
	}
	for _, c := range []struct {
		name, page string
		plain      bool
	}{
		{"alike", alikes, false},
		{"without attributes", strings.Repeat("<b>word</b> ", 1000), false},
		{"all different", others.String(), true},
		{"without an end", endless.String(), true},
		{"many tags", strings.Repeat("<b>", manyTags+1), true},
	} {
		out, cut, flat := tame([]byte(c.page))
		if plain := string(out) != c.page; plain != c.plain || cut || flat {
			t.Errorf("%s: plain %v, cut %v, flat %v; want plain %v", c.name, plain, cut, flat, c.plain)
		}
	}
	if _, cut, flat := tame([]byte(strings.Repeat("<body x>", maxMarkup+1))); !cut || !flat {
		t.Errorf("too many tags: cut %v, flat %v", cut, flat)
	}
}
