package pipeline

import (
	"fmt"
	"strings"
	"testing"

	"dateline/feed"
)

func TestWindow(t *testing.T) {
	many := func(form string, n int) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprintf(form, i+1))
		}
		return list
	}
	for _, c := range []struct {
		name string
		list []string // address, and date if there is one
		want string
	}{
		{"dates, zones and precisions mixed", []string{"/a 2026-11-01", "/b 2026-11-28T01:00:00+09:00", "/c 2026-11-27T20:00:00Z", "/d 2026-11", "/e 2025", "/f 2026-11-28T00:30:00Z"}, "/f /c /b /a"},
		{"numbers", many("/map-%d.xml", 12), "/map-12.xml /map-11.xml /map-1.xml /map-10.xml"},
		{"years", []string{"/2019-01.xml", "/2026-02.xml", "/2025-11.xml", "/2026-11.xml", "/2018-12.xml"}, "/2026-11.xml /2026-02.xml /2025-11.xml /2019-01.xml"},
		{"several series", append(many("/post-%d.xml", 50), "/tag.xml", "/page.xml"), "/post-50.xml /page.xml /tag.xml /post-49.xml"},
		{"names", []string{"/a", "/b", "/c", "/d", "/e", "/f"}, "/a /f /b /e"},
		{"some with dates", []string{"/a", "/b 2026-11-01", "/c 2026-11-02", "/d 2026-11-03", "/e 2026-11-04"}, "/e /d /c /a"},
	} {
		var list []feed.Sitemap
		for _, s := range c.list {
			path, date, _ := strings.Cut(s, " ")
			list = append(list, feed.Sitemap{URL: "https://outlet7.example:8080" + path, Modified: date})
		}
		var got []string
		for _, s := range window(list, 4) {
			got = append(got, strings.TrimPrefix(s.URL, "https://outlet7.example:8080"))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: got %s, want %s", c.name, s, c.want)
		}
	}
}

func TestLargest(t *testing.T) {
	var l largest
	if l.knows(1) {
		t.Error("it knows what it was not told")
	}
	l.note(1)
	if !l.knows(1) || l.knows(2) {
		t.Error("it does not know what it was told")
	}
	if !l.enter() || l.enter() {
		t.Error("not one at a time")
	}
	if l.leave(); !l.enter() {
		t.Error("no place though it was left")
	}
}
