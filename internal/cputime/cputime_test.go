package cputime

import "testing"

// TestUsed works until time has been used, and sees that it never goes back.
func TestUsed(t *testing.T) {
	first := Used()
	for last := first; last == first; {
		now := Used()
		if now < last {
			t.Fatalf("%v after %v", now, last)
		}
		last = now
	}
}
