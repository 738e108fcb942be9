package sqlite

import (
	"fmt"
	"strings"
	"testing"

	"dateline/internal/store"
)

// TestTally counts names that are written in several ways, and finds those in
// most articles among more than it keeps at once.
func TestTally(t *testing.T) {
	for _, tt := range []struct{ names, want string }{
		{"", ""},
		{"Rano", "Rano 1"},
		{"Rano RANO", "RANO 2"},
		{"RANO Rano", "RANO 2"},
		{"Rano RANO Rano", "Rano 3"},
		{"RANO Ráno Rano Rano Rano", "Rano 5"},
		{"Sari Rano Sari Tini Budi", "Sari 2, Budi 1, Rano 1"},
	} {
		c := newTally()
		for _, name := range strings.Fields(tt.names) {
			c.add(c.key(name), name)
		}
		if got := tallied(c.top(3)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.names, got, tt.want)
		}
	}
	c := newTally()
	for i := range 1000 {
		for range 1 + i*i%997 {
			name := fmt.Sprint("n", i)
			c.add(c.key(name), name)
		}
	}
	all := c.top(1000)
	if len(all) != 1000 || tallied(c.top(5)) != tallied(all[:5]) || all[0].N < all[999].N {
		t.Errorf("of 1000, %d: %s, want %s", len(all), tallied(c.top(5)), tallied(all[:5]))
	}
}

func tallied(list []store.Tally) string {
	var out []string
	for _, v := range list {
		out = append(out, fmt.Sprint(v.Value, " ", v.N))
	}
	return strings.Join(out, ", ")
}
