// Package storetest is the specification of a store as tests: [Run] holds an
// engine to what package store promises. What only one engine can do, such as
// living through a kill, is for that engine's own tests.
package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"dateline"
	"dateline/internal/store"
	"dateline/internal/work"
)

// Open opens an empty store whose clock is now.
type Open func(t testing.TB, now func() time.Time) store.Store

// Run runs all tests, each in a store of its own.
func Run(t *testing.T, open Open) {
	tests := []struct {
		name string
		f    func(*env)
	}{
		{"outlets", outlets},
		{"outlet again", outletAgain},
		{"outlet after its pages", outletAfterPages},
		{"pause", pause},
		{"visit", visit},
		{"children", children},
		{"dropped sources", dropped},
		{"entries in parts", entriesInParts},
		{"visit again", visitAgain},
		{"pages never asked for", neverAsked},
		{"pages", pages},
		{"fetch", fetch},
		{"fetch again", fetchAgain},
		{"moved", moved},
		{"import", importing},
		{"captures in order", captureOrder},
		{"reading", reading},
		{"reading again", readingAgain},
		{"texts that come back", comeBack},
		{"older captures later", lateImport},
		{"captures dated ahead", datedAhead},
		{"a clock that was ahead", clockAhead},
		{"same bytes", sameBytes},
		{"merge", merge},
		{"merge of pages with one text", mergeSame},
		{"no merge of other texts", noMerge},
		{"claims", claims},
		{"marks", marks},
		{"redo", redo},
		{"redo of what did not change", redoUnchanged},
		{"redo is no news", redoTold},
		{"take in order", takeInOrder},
		{"take one of a lane", takeLane},
		{"take at once", takeTogether},
		{"leases", leases},
		{"starts", starts},
		{"out and gone", outAndGone},
		{"clock that was ahead", clockBack},
		{"fail and retry", failing},
		{"wake", wake},
		{"hosts", hosts},
		{"events", events},
		{"events of feeds", feedEvents},
		{"list", listing},
		{"times", times},
		{"list while written", listMoving},
		{"search", searching},
		{"best first", best},
		{"facets", facets},
		{"statements", statements},
		{"names", namesKnown},
		{"places under many names", placesCalled},
		{"countries under many names", countriesCalled},
		{"names that nothing has", absent},
		{"find what was merged", findMerged},
		{"pages of an outlet", pagesAndVolume},
		{"find in ended contexts", findEnded},
		{"erase page", erasePage},
		{"erase documents", eraseDocuments},
		{"erase outlet", eraseOutlet},
		{"users", users},
		{"the last administrator", lastAdmin},
		{"sessions", sessions},
		{"tokens", tokens},
		{"reviews", reviews},
		{"reviews of what is read again", succession},
		{"reading states", readingStates},
		{"shelves of merged pages", deskMerge},
		{"shelves of pages with one text", deskMergeSame},
		{"shelves of erased pages", deskErase},
		{"collections", collections},
		{"editions", editions},
		{"saved searches", savedSearches},
		{"what is inherited", inherited},
		{"above", above},
		{"last version", lastVersion},
		{"not found", notFound},
		{"invalid", invalid},
		{"ended contexts", ended},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := newEnv(t, open)
			tt.f(e)
			e.sound()
		})
	}
}

// env is a store and what tests do with it.
type env struct {
	*testing.T
	ctx  context.Context
	s    store.Store
	time time.Time
	at   int64 // where the next record stands in the archive
}

// start is a time in milliseconds, as stores keep it.
var start = time.Date(2031, 5, 4, 8, 0, 0, int(250*time.Millisecond), time.UTC)

func newEnv(t *testing.T, open Open) *env {
	e := &env{T: t, ctx: context.Background(), time: start}
	e.s = open(t, func() time.Time { return e.time })
	t.Cleanup(func() {
		if err := e.s.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// sound has the store look for damage.
func (e *env) sound() {
	e.Helper()
	bad, err := e.s.Check(e.ctx)
	e.ok(err)
	for _, b := range bad {
		e.Errorf("check: %s", b)
	}
}

func (e *env) ok(err error) {
	e.Helper()
	if err != nil {
		e.Fatal(err)
	}
}

func (e *env) is(err, want error) {
	e.Helper()
	if !errors.Is(err, want) {
		e.Errorf("error is %v, want %v", err, want)
	}
}

// pass lets time pass.
func (e *env) pass(d time.Duration) { e.time = e.time.Add(d) }

func lane(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	return host
}

// outlet adds an outlet of one feed and gives that.
func (e *env) outlet(host string) store.SourceState {
	e.Helper()
	o := dateline.Outlet{ID: dateline.OutletID(host), Name: "The " + host, Home: "https://" + host + "/",
		Sources: []dateline.Source{{URL: "https://" + host + "/feed", Kind: dateline.SourceFeed}}}
	e.ok(e.s.PutOutlet(e.ctx, o, lane))
	list, err := e.s.ListOutlets(e.ctx)
	e.ok(err)
	for _, o := range list {
		if o.Home == "https://"+host+"/" {
			return o.States[0]
		}
	}
	e.Fatalf("outlet %s is not listed", host)
	panic("unreachable")
}

// found is an entry at an address, due now.
func (e *env) found(address string) store.Found {
	e.Helper()
	k, err := dateline.PageKey(address)
	e.ok(err)
	return store.Found{Entry: dateline.Entry{URL: address, Title: "On " + address}, Key: k, Lane: lane(address), Priority: work.News, Due: e.time}
}

// page adds a page with a unit that is due.
func (e *env) page(address string) store.Page {
	e.Helper()
	p, err := e.s.AddPage(e.ctx, e.found(address), "")
	e.ok(err)
	return p
}

// take takes all units of the stages that are due.
func (e *env) take(stages ...work.Stage) []work.Item {
	e.Helper()
	items, err := e.s.Take(e.ctx, stages, 1000, e.time, e.time.Add(time.Minute))
	e.ok(err)
	return items
}

// one takes the one unit of a stage that there must be.
func (e *env) one(stage work.Stage) work.Item {
	e.Helper()
	items := e.take(stage)
	if len(items) != 1 {
		e.Fatalf("%d units of %s are due, want 1: %v", len(items), stage, items)
	}
	return items[0]
}

// unit takes the unit of a stage with the key, and gives the others back.
func (e *env) unit(stage work.Stage, key int64) work.Item {
	e.Helper()
	var it work.Item
	var others []work.Item
	for _, i := range e.take(stage) {
		if i.Key == key {
			it = i
		} else {
			others = append(others, i)
		}
	}
	if it.ID == 0 {
		e.Fatalf("no unit of %s for %d is due", stage, key)
	}
	e.ok(e.s.GiveBack(e.ctx, others))
	return it
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// kept is a capture of a payload, now, at the next place in the archive.
func (e *env) kept(url, payload string) store.Kept {
	e.at += 1000
	return store.Kept{Capture: dateline.Capture{URL: url, Status: 200, Digest: digest(payload), Fetched: e.time, WARC: "a.warc.gz", Offset: e.at}}
}

// fetch ends the page's fetch unit, which must be due, with a payload; the
// page comes again in an hour. It gives the capture.
func (e *env) fetch(p store.Page, payload string) store.Kept {
	e.Helper()
	it := e.unit(work.Fetch, p.N)
	k := e.kept(p.URL, payload)
	e.ok(e.s.SaveFetch(e.ctx, it, store.Fetched{Page: p.N, At: e.time, Captures: []store.Kept{k}, Read: true, Status: 200, Outcome: "ok", Next: e.time.Add(time.Hour)}))
	list, err := e.s.Captures(e.ctx, p.N)
	e.ok(err)
	for _, c := range list {
		if c.Offset == k.Offset {
			return c
		}
	}
	e.Fatalf("page %d has no capture at %d", p.N, k.Offset)
	panic("unreachable")
}

// text is what a reader makes of a text.
func text(k store.Kept, reader, title, body string) store.Reading {
	a := &dateline.Article{URL: k.URL, Kind: "article", Language: "xx", Title: title, Text: body, Published: "2031-05-04T07:00:00Z",
		Blocks: []dateline.Block{{Kind: "paragraph", Text: body}}}
	return store.Reading{Page: k.Page, Capture: k.N, Article: a, Digest: store.TextDigest(a), Reader: reader, Outcome: "article",
		Terms: store.Terms{Title: strings.Fields(strings.ToLower(title)), Text: strings.Fields(strings.ToLower(body))}}
}

// read ends the capture's read unit with a text.
func (e *env) read(k store.Kept, body string) store.Saved {
	e.Helper()
	saved, err := e.s.SaveReading(e.ctx, e.unit(work.Read, k.N), text(k, "read/1", "Flood in Lembah", body))
	e.ok(err)
	return saved
}

// publish fetches and reads a page.
func (e *env) publish(p store.Page, body string) store.Saved {
	e.Helper()
	return e.read(e.fetch(p, "<p>"+body), body)
}

func (e *env) current(n int64) store.Page {
	e.Helper()
	p, err := e.s.Page(e.ctx, n)
	e.ok(err)
	return p
}

func (e *env) versions(page int64) []store.Version {
	e.Helper()
	list, err := e.s.Versions(e.ctx, page)
	e.ok(err)
	return list
}

// list gives all hits.
func (e *env) list(o store.Options) []store.Hit {
	e.Helper()
	var out []store.Hit
	for h, err := range e.s.List(e.ctx, o) {
		e.ok(err)
		out = append(out, h)
	}
	return out
}

// each is an address for a number.
func each(n int) string { return fmt.Sprintf("https://kabar.example/%d", n) }
