package main

import (
	"testing"

	"dateline/internal/store"
	"dateline/internal/work"
)

func TestWaiting(t *testing.T) {
	counts := map[work.Stage]store.Count{
		work.Fetch: {Due: 3, Later: 100}, work.Read: {Due: 4, Taken: 1}, work.Annotate: {Due: 2, Dead: 9},
	}
	for _, c := range []struct {
		stages []work.Stage
		line   string
		left   int
	}{
		{nil, " · 3 to fetch · 5 to read · 2 to annotate", 3*3 + 5*2 + 2},
		{[]work.Stage{work.Read, work.Annotate}, " · 5 to read · 2 to annotate", 5*2 + 2},
		{[]work.Stage{work.Annotate}, " · 2 to annotate", 2},
		{[]work.Stage{work.Follow}, "", 0},
	} {
		if line, left := waiting(counts, c.stages); line != c.line || left != c.left {
			t.Errorf("%v: %q, %d left, want %q, %d", c.stages, line, left, c.line, c.left)
		}
	}
}
