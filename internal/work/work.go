// Package work says what a unit of work is.
//
// A unit is a row of the store: a [Stage], the key of what it is to be done
// to, and a version. There is one row for each of those three, so asking for
// the same work twice asks for it once. A worker takes a unit under a lease,
// does it, and the store ends the unit in the same transaction that keeps its
// result; a worker that dies leaves the unit to be taken again when its lease
// is over. So work is done at least once, and every stage is idempotent.
//
// Units of one lane are done one at a time, and not before the lane is ready:
// a lane is a registrable domain, and its time is what politeness asks for.
// Units that fail are tried again after [Backoff]; after so many tries they
// are dead letters, which keep their reason and wait for somebody to look.
package work

import "time"

// Stage is a step of the way from an outlet's address to an annotated article.
type Stage string

// The stages, in the order of the data's flow. The key of follow is the number
// of a source, that of fetch of a page, that of read of a capture, that of
// annotate of a version.
const (
	Follow   Stage = "follow"
	Fetch    Stage = "fetch"
	Read     Stage = "read"
	Annotate Stage = "annotate"
)

// Stages lists them in order.
var Stages = []Stage{Follow, Fetch, Read, Annotate}

// Priority orders the units of a lane: lower first.
type Priority int

// The priorities.
const (
	Listing Priority = iota // a source: news are found first
	News                    // a page not seen before
	Again                   // a page looked at again
	Backlog                 // an old page not seen before
)

// Item is a unit of work.
type Item struct {
	ID       int64
	Stage    Stage
	Key      int64
	Version  string // of the code that is to do it, for work done again; usually empty
	Lane     string // empty for work that asks nothing of a server
	Priority Priority
	Due      time.Time // not before
	Tries    int       // how often it was taken, this time included
}

// Dead is a unit that was given up.
type Dead struct {
	Item
	Reason  string
	At      time.Time
	Subject string // the address or title of what it was about
}

// MaxTries is after how many failures a unit is dead.
const MaxTries = 5

// Doubted is after how many tries a page is read, or a version annotated, with
// nothing beside it. Up to then each end of the program counts for all that
// was under way; one of them may have been its cause. From then on only what
// was begun alone is held to have been.
const Doubted = 2

// Backoff is how long to wait after the nth failure, n from 1: 1 min, 4 min,
// 16 min, 64 min, then as long as the last.
func Backoff(n int) time.Duration {
	n = min(max(n, 1), 4)
	return time.Minute << (2 * (n - 1))
}
