package pipeline_test

import (
	"strings"
	"testing"
	"time"
)

// TestRevisits: a page is looked at again 1 h, 6 h, 24 h and 7 days after it was
// found, and then left alone. What changed is a version, what did not a revisit
// in the archive, and that it is gone an event; what was kept stays.
func TestRevisits(t *testing.T) {
	s := newSite(t, "127.0.0.1")
	s.serve("/robots.txt", "")
	s.story("/a")
	inSites(t, func(t *testing.T, b *bubble) {
		p := keepSites(t, b.look, nil, s)
		p.Options.Revisits = nil // the default
		found := b.look()
		addPage(t, p, s.base+"/a")
		b.leap(t, p, 2*time.Hour)
		s.serve("/a", "<!doctype html><html lang=en><title>A story</title><article><h1>A story</h1><p>"+strings.Repeat("The council of the valley met again on Tuesday, and spoke of nothing else. ", 9)+"</article></html>")
		b.leap(t, p, 2*day)
		s.code("/a", 404)
		b.leap(t, p, 40*day)
		at := s.askedAt("/a")
		want := []time.Duration{0, time.Hour, 6 * time.Hour, day, 7 * day}
		if len(at) != len(want) {
			t.Fatalf("asked for at %v", at)
		}
		for i, after := range want {
			if late := at[i].Sub(found) - after; late < 0 || late > time.Minute+after/20 {
				t.Errorf("visit %d came %v after it was found, not %v", i+1, at[i].Sub(found), after)
			}
		}
		page := pageOf(t, p, s.base+"/a")
		captures, err := p.Store.Captures(t.Context(), page.N)
		if err != nil {
			t.Fatal(err)
		}
		var shown []int64
		for _, k := range captures {
			shown = append(shown, k.Version)
		}
		if len(shown) != 5 || shown[0] == 0 || shown[1] != shown[0] || shown[2] <= shown[0] || shown[3] != shown[2] || shown[4] != 0 {
			t.Errorf("the visits showed the versions %v", shown)
		}
		events, err := p.Store.Events(t.Context(), page.N)
		if err != nil {
			t.Fatal(err)
		}
		var what []string
		for _, e := range events {
			what = append(what, e.What)
		}
		if got := strings.Join(what, " "); got != "found kept unchanged changed unchanged gone" {
			t.Errorf("what happened: %s", got)
		}
		if a, err := p.Store.Article(t.Context(), page.Version); err != nil || !strings.Contains(a.Text, "on Tuesday") || page.Gone.IsZero() {
			t.Errorf("gone %v; %v", page.Gone, err)
		}
		sound(t, p)
	}, s)
}
