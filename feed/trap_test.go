package feed

import (
	"net/url"
	"strings"
	"testing"
)

func TestTrap(t *testing.T) {
	for _, c := range []struct {
		address string
		want    bool
	}{
		{"https://outlet.example/2024/01/24/ministers-talk", false},
		{"https://outlet.example/2024/01/01/01", false},
		{"https://outlet.example/news/news/a-story", false},
		{"https://outlet.example/read/20240124/1234567/a-story", false},
		{"https://outlet.example/a?id=2024", false},
		{"https://outlet.example/index.php?year=2024&month=1&id=33456", false},
		{"https://outlet.example/the-story-of-the-day?date=2024-01-24", false},
		{"https://outlet.example/berita/12/34/12/34", false},
		{"https://outlet.example/", false},
		{"https://outlet.example/blog/why-the-river-keeps-rising/2024/01", false},
		{"https://outlet.example/a/b/a/b/a/b", true},
		{"https://outlet.example/a/a/a", true},
		{"https://outlet.example/x/a/b/c/a/b/c/a/b/c/y", true},
		{"https://outlet.example/a/x/a/y/a/z/a", true},
		{"https://outlet.example/?a=1&a=2&a=3", true},
		{"https://outlet.example/?a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8&i=9&j=10&k=11", true},
		{"https://outlet.example/calendar/2031-05", true},
		{"https://outlet.example/2031/05/", true},
		{"https://outlet.example/events/2031/5/17", true},
		{"https://outlet.example/events/20310517", true},
		{"https://outlet.example/calendar?date=2031-05-17", true},
		{"https://outlet.example/calendar?y=2093&m=5", true},
	} {
		u, err := url.Parse(c.address)
		if err != nil {
			t.Fatal(err)
		}
		if got := trap(u); got != c.want {
			t.Errorf("trap(%q) = %v, want %v", c.address, got, c.want)
		}
	}
}

func TestEndless(t *testing.T) {
	for _, c := range []struct {
		address string
		want    bool
	}{
		{"https://outlet.example/news/news/a-story", false},
		{"https://outlet.example/briefing/2026/11/29", false},
		{"https://outlet.example/podcast/2026-11-29", false},
		{"https://outlet.example/cartoon/20261129", false},
		{"https://outlet.example/show.php?date=2026-11-29", false},
		{"https://outlet.example/?a=1&a=2&a=3", false},
		{"https://outlet.example/a/b/a/b/a/b", true},
		{"https://outlet.example/a/x/a/y/a/z/a", true},
		{"https://outlet.example/" + strings.Repeat("a", maxAddress), true},
		{"mailto:desk@outlet.example", true},
		{"https://outlet.example/%zz", true},
	} {
		if got := Endless(c.address); got != c.want {
			t.Errorf("Endless(%.100q) = %v, want %v", c.address, got, c.want)
		}
	}
}
