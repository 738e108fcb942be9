// Package store says which durable operations the pipeline and the commands
// are built on. Package sqlite below it is the engine; storetest is the
// specification that every engine passes.
//
// Its words: a page is one address of an outlet, and has one article. A
// capture is an answer to a request for it, kept in the archive. A version is
// a text that captures showed; captures that show the same text share it. A
// host is a registrable domain whose pace is kept.
//
// Each method is one transaction: when it returns nil all of it is durable,
// and when it returns an error none of it is, but for an error of the commit
// itself, after which either may be so. Methods are therefore written to be
// called again. All are safe for concurrent use. Times are kept to the
// millisecond, UTC.
//
// Errors wrap [dateline.ErrNotFound] for what does not exist,
// [dateline.ErrInvalid] for what cannot be kept, [dateline.ErrCorrupt] for a
// damaged store, [dateline.ErrLater] while the disk is full.
package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"iter"
	"time"

	"dateline"
	"dateline/internal/work"
	"dateline/search"
)

// Store keeps the record. Numbers of sources, pages, captures and versions
// are the store's own; ids are for users.
type Store interface {
	Outlets
	Pages
	Queue
	Hosts
	Records
	Finder
	Desk
	io.Closer
}

// Outlets are what is followed.
type Outlets interface {
	// PutOutlet adds an outlet or replaces what is known of it by its ID, but
	// for whether it is paused. Its sources are added to those it has, each
	// with a follow unit due at once in the lane given by laneOf; none is
	// removed. A source that is erased or that another outlet has is left out;
	// one that was dropped is taken again. Pages of no outlet that are in the
	// lane of its home are its own from then on.
	PutOutlet(ctx context.Context, o dateline.Outlet, laneOf func(address string) string) error
	// SetChildren makes those the children of a source, a sitemap index: new
	// ones are added as PutOutlet does, and those that it has besides are
	// followed no more, with their own children. What the user dropped, what
	// is erased, and what is a source already but not its child is left out.
	SetChildren(ctx context.Context, parent int64, children []dateline.Source, laneOf func(address string) string) error
	// DropSource stops following a source and its children; its pages stay. It
	// does not come back until PutOutlet names it.
	DropSource(ctx context.Context, outlet, url string) error
	// Pause stops the follow and fetch units of an outlet, or lets them go on.
	Pause(ctx context.Context, outlet string, paused bool) error
	// AskSources has an outlet's sources looked at now, however long they would
	// wait, once their hosts may be asked. A paused one still waits.
	AskSources(ctx context.Context, outlet string, now time.Time) error
	// ListOutlets gives all outlets with their state, by name. What is counted of
	// a thousand pages or more may be some seconds old.
	ListOutlets(ctx context.Context) ([]OutletState, error)
	// Outlet gives one of them, for as much as its own pages take to be counted.
	Outlet(ctx context.Context, id string) (OutletState, error)
	// OutletNames gives the outlets' names by their ids, and costs little.
	OutletNames(ctx context.Context) (map[string]string, error)
	// Source gives a source by its number.
	Source(ctx context.Context, n int64) (SourceState, error)
}

// OutletState is an outlet and how it does.
type OutletState struct {
	dateline.Outlet
	States   []SourceState // of its sources, in their order
	Pages    int           // known
	Articles int           // with at least one version
	Waiting  int           // fetch units not done for the first time
	Dead     int           // dead letters
	Gone     int
	LastPage time.Time // when a page was last kept
	Next     time.Time // when something is next asked of it; zero for never
}

// SourceState is a source and what came of following it.
type SourceState struct {
	N      int64
	Outlet string
	dateline.Source
	ETag, LastModified string
	Checked            time.Time // last asked
	Succeeded          time.Time // last answered with entries, or that they are the same
	Changed            time.Time // last brought a page
	Failures           int       // since it last brought entries; an answer "not modified" does not reset it
	Status             int       // of the last answer
	Error              string    // why the last visit failed
	Entries            int       // in the last document
	Foreign            int       // those of them that lead to other sites
	Of                 int64     // the sitemap index that names it, 0 for none
	Every              time.Duration
	Next               time.Time
	Since              time.Time // the outlet's
	Paused             bool      // the outlet's
	Home               string    // the outlet's
}

// Visit is what became of following a source.
type Visit struct {
	Source  SourceState // ETag ... Every as they are now; Next is when to come again
	Entries []Found     // of the document, none where nothing was new
	Capture *Kept       // the archived document, where it was archived
	Host    *Host       // as it is now; nil leaves it
}

// Found is an entry with the keys and the lane of its page.
type Found struct {
	dateline.Entry
	Key      string // [dateline.PageKey]
	Lane     string
	Priority work.Priority
	Due      time.Time
	Hops     int // redirects that led here from a page that was listed
}

// Pages are what outlets have published.
type Pages interface {
	// SaveVisit ends a follow unit: the source's state is kept, pages not
	// known are added with a fetch unit each, and the unit comes again at
	// Source.Next. A known page that was never asked for, as an import or an
	// undated sitemap leaves it, counts as new where the entry is due. A page
	// whose entry has another title or time of change than it had is looked at
	// again: an hour after it was last seen at the earliest, and twice as long
	// after each such look that found no new text, up to a day. What is erased
	// is left out. It returns how many pages were new. A visit without entries
	// writes the state of the source and of the host alone; one to a source
	// that is followed no more, that of the host.
	SaveVisit(ctx context.Context, it work.Item, v Visit) (added int, err error)
	// Known tells which of the keys have a page or are erased, with the mark
	// of the entry it was last found by ([EntryMark]) in that source; "" for
	// what was found in another or in none, or is erased. A page that was
	// never asked for is known to sitemaps alone.
	Known(ctx context.Context, source int64, keys []string) (map[string]string, error)
	// AddEntries adds some entries of a visit before SaveVisit, in a transaction
	// of their own, as SaveVisit does: so a long list does not keep others from
	// writing. Up to 1,000 take tens of milliseconds. c is the archived
	// document, nil for none.
	AddEntries(ctx context.Context, source int64, entries []Found, c *Kept) (added int, err error)
	// AddPage adds a page by its address, without a source, as imports and
	// lists of addresses do, with a fetch unit if due is not zero. It returns
	// the page there is, where there is one, with such a unit if it was never
	// asked for, and ErrRefused for what is erased.
	AddPage(ctx context.Context, f Found, outlet string) (Page, error)
	// Ask has a page fetched at that time, though it was fetched before. ok is
	// false where a unit waits or is out; one that is dead is due again.
	Ask(ctx context.Context, page int64, due time.Time) (ok bool, err error)
	Page(ctx context.Context, n int64) (Page, error)
	// PageOf finds a page by its id, its key or another key it has, or else
	// one that claims it.
	PageOf(ctx context.Context, idOrKey string) (Page, error)

	// SaveFetch ends a fetch unit with what was kept: captures in the order of
	// their hops, the last of them the answer, which gets a read unit if
	// f.Read. Captures of the page that are dated ahead count as seen before
	// these. The unit comes again at f.Next, or not at all where that is
	// zero. Called again with the same captures it changes nothing. Where the
	// page was erased meanwhile, the captures are to be erased as well.
	SaveFetch(ctx context.Context, it work.Item, f Fetched) error
	// Import keeps a capture of another archive and its read unit. ok is
	// false where a capture of that page, time and digest is there already. One
	// that is dated ahead counts as seen now.
	Import(ctx context.Context, page int64, k Kept) (ok bool, err error)
	Capture(ctx context.Context, n int64) (Kept, error)
	// Captures are all of a page, in the order in which they were seen, oldest
	// first.
	Captures(ctx context.Context, page int64) ([]Kept, error)
	// EachCapture gives all captures in the order of their place in the archive.
	EachCapture(ctx context.Context) iter.Seq2[Kept, error]

	// SaveReading ends a read unit. An article whose text the page's current
	// version does not have becomes a version, with its search terms and an
	// annotate unit; otherwise the capture joins the version that has it. A
	// unit that was read again hands its version on to that of annotate.
	// Without an article only the outcome is kept, and the version that the
	// capture showed, if it did. Called again with the same reading it changes
	// nothing.
	//
	// Pages with the same text, one of which claims a key of the other or one
	// that the other claims, become one: that which was found first.
	SaveReading(ctx context.Context, it work.Item, r Reading) (Saved, error)
	// SaveMarks ends an annotate unit: the version's marks are those. Where by
	// is empty they are not all there might be, and Redo takes the version.
	SaveMarks(ctx context.Context, it work.Item, version int64, by string, marks []dateline.Mark) error
}

// Page is a page and what is known of it.
type Page struct {
	N            int64
	ID           string
	Outlet       string // empty where no outlet is known
	URL          string // the first address
	Lane         string
	Found        time.Time
	Title        string // of the entry that led to it
	Published    string // of that entry
	Source       int64  // where it was found
	Listed       int64  // the capture of the document it was found in
	ETag         string // validators of the last answer with a page
	LastModified string
	Visited      time.Time
	Visits       int
	Status       int
	Outcome      string    // of the last visit: see [Reading]
	Gone         time.Time // since when the server says it is gone
	Hops         int       // as of [Found]
	Version      int64     // the current one; 0 for none
	Capture      int64     // the last one with a payload; 0 for none
}

// Kept is a capture with the store's numbers.
type Kept struct {
	N    int64
	Page int64 // 0 for what is no page: robots.txt, a source
	dateline.Capture
	Version   int64  // 0 where no article was read from it
	Truncated string // as WARC-Truncated has it
	Rights    string // what the server reserves: "noarchive; tdm-reservation=1"
	Feed      bool   // the payload is that of a source, and the article the feed's own text
}

// Fetched is what became of fetching a page.
type Fetched struct {
	Page         int64
	At           time.Time
	Captures     []Kept
	Read         bool
	Status       int
	Outcome      string // "ok", "unchanged", "gone", "refused", or why there was no answer
	ETag         string
	LastModified string
	Gone         bool
	Moved        []string // keys of where it was sent for good: its own if no other page was read there, else claims
	Next         time.Time
	Host         *Host
}

// Reading is what became of reading a capture.
type Reading struct {
	Page, Capture int64
	Article       *dateline.Article // nil where there is none to keep
	Digest        string            // of headline and text; see [TextDigest]
	Terms         Terms
	Reader        string   // version of the code
	Unread        bool     // it could not be read: what other code read of it stays, and is read again by Redo
	Outcome       string   // "article", "notice", "index", "empty", "not-a-page", "quarantined: ..."
	Keys          []string // keys that the page claims to be its own
}

// Terms are what a version is found by, each list in the order of the text:
// words as they are written, and stems where those differ.
type Terms struct{ Title, TitleStems, Text, TextStems []string }

// Saved is what a reading changed.
type Saved struct {
	Page    Page
	Version int64
	New     bool  // the version is new
	Before  int64 // the version that was current before, 0 for none
}

// Queue is the work.
type Queue interface {
	// Take leases up to n due units of a stage until the lease ends, in the
	// order of priority and time. Of a lane at most one unit is out at a time,
	// and none before the lane is ready.
	Take(ctx context.Context, stages []work.Stage, n int, now, until time.Time) ([]work.Item, error)
	// Wake is when the next unit of these stages is due; zero for never.
	Wake(ctx context.Context, stages []work.Stage) (time.Time, error)
	// Begin keeps that a unit that is out is now done, and nothing beside it: if
	// the program ends before the unit does, it was the cause.
	Begin(ctx context.Context, it work.Item) error
	// GiveBack returns units that were not done; the try does not count. One that
	// has a later Due than it was taken with comes again then.
	GiveBack(ctx context.Context, items []work.Item) error
	// Finish ends a unit that left nothing to keep.
	Finish(ctx context.Context, it work.Item) error
	// Fail ends a try; the unit comes again at the time, or is dead where that is zero.
	Fail(ctx context.Context, it work.Item, reason string, again time.Time, host *Host) error
	// Free ends all leases: for the start, when the folder has one owner. The
	// try counts, as what was under way may have ended the program, but not for
	// fetch, whose tries are of servers, nor beyond [work.Doubted] for what is
	// read or annotated and was not begun alone. What was comes again after
	// [work.Backoff]: at once, it would be what is under way at the next end
	// too, whoever causes that. What waits for a time so far off that only a
	// clock which was ahead can have meant it comes at once.
	Free(ctx context.Context) error
	// Dead lists what was given up, newest first.
	Dead(ctx context.Context, limit int) ([]work.Dead, error)
	// Retry makes dead units due again: that one, or all where id is 0. It
	// returns how many.
	Retry(ctx context.Context, id int64, now time.Time) (int, error)
	// Redo adds units of the stage for all captures or versions that older
	// code than the version made. It returns how many.
	Redo(ctx context.Context, stage work.Stage, version string, now time.Time) (int, error)
	// Backlog counts units by stage: waiting, taken, dead.
	Backlog(ctx context.Context) (map[work.Stage]Count, error)
}

// Count is how many units are in which state.
type Count struct{ Due, Later, Taken, Dead int }

// Hosts are the state of politeness.
type Hosts interface {
	// Host gives a host's state; a zero one with the name where none is kept.
	Host(ctx context.Context, name string) (Host, error)
	PutHost(ctx context.Context, h Host) error
}

// Host is the state of politeness towards a registrable domain.
type Host struct {
	Name   string
	Next   time.Time         // no request before
	Pace   json.RawMessage   // of fetch
	Robots map[string]Robots // by scheme and authority
	Day    string            // the day that Count counts, UTC
	Count  int               // requests on that day

	// Answers are captures of robots.txt that are to be kept with the host, as
	// those of no page. They are in EachCapture, not in what Host gives.
	Answers []Kept
}

// Robots is a robots.txt as it is kept.
type Robots struct {
	Rules []byte
	Until time.Time
}

// Records are what users ask for.
type Records interface {
	// Article gives a version's article with its marks, id, outlet, version
	// number and capture.
	Article(ctx context.Context, version int64) (*dateline.Article, error)
	// Texts gives the articles of versions as they were read, by version:
	// without marks and what the store knows of them, which for a list cost more
	// than the texts. Those that are not there or damaged are left out.
	Texts(ctx context.Context, versions []int64) (map[int64]*dateline.Article, error)
	// Versions are a page's, in the order in which they were first seen.
	Versions(ctx context.Context, page int64) ([]Version, error)
	// Events are what happened to a page, oldest first: found, kept, changed,
	// unchanged, gone, back. Its own first text is no change of the feed's.
	Events(ctx context.Context, page int64) ([]Event, error)
	// List gives the current versions, newest first, from the cursor on.
	List(ctx context.Context, o Options) iter.Seq2[Hit, error]
	// Search gives the current versions that a query finds, as List does; the
	// analyzer says what its words are looked up by. A search that takes too
	// long is ended by its context, and its error is that of the context
	// ([context.DeadlineExceeded]).
	Search(ctx context.Context, q *search.Query, a *search.Analyzer, o Options) iter.Seq2[Hit, error]
	// Erase removes pages, or all of an outlet and the outlet itself, with
	// everything that came of them, and keeps their keys so that they do not
	// come back. It returns what is then to be erased in the archive by the
	// caller; EraseDone forgets that. What was begun and not ended is returned
	// by Erasing.
	Erase(ctx context.Context, pages []int64, outlet string, at time.Time) (Erased, error)
	Erasing(ctx context.Context) ([]Kept, error)
	EraseDone(ctx context.Context, captures []int64) error
	// Unnamed gives those of the captures, known by their places in the
	// archive, that the store does not know.
	Unnamed(ctx context.Context, captures []dateline.Capture) ([]dateline.Capture, error)
	// Backup writes a consistent copy of the store into a new file while it is used.
	Backup(ctx context.Context, path string) error
	// Check looks for damage; it names each.
	Check(ctx context.Context) ([]string, error)
	// Damaged gives the ids of the articles of which a version is not what its
	// digest says; Redo makes them again from their captures.
	Damaged(ctx context.Context) iter.Seq2[string, error]
	Totals(ctx context.Context) (Totals, error)
}

// Erased is what an erasure leaves to do in the archive.
type Erased struct {
	// Captures are the pages' own, and the documents of sources that listed
	// them last, or whose text was theirs. One without a place is an address
	// of which there is no capture: the archive may have one all the same,
	// where the program was killed in between.
	Captures []Kept
	// Stay are such documents that are not erased, because texts of other
	// pages are of them too.
	Stay []Kept
}

// Version is a text that a page had.
type Version struct {
	N         int64
	Page      int64
	Number    int // from 1
	Digest    string
	Title     string
	First     time.Time // the first capture that showed it
	Last      time.Time // the last one
	Captures  int
	Capture   int64 // the first
	Reader    string
	Annotator string
	Feed      bool // only the feed's own text showed it, not the page
}

// Event is something that happened to a page.
type Event struct {
	At      time.Time
	What    string // found, kept, changed, unchanged, gone, back, refused, moved
	Status  int
	Version int // its number, where one was shown
	Capture int64
}

// Options bound a search.
type Options struct {
	Limit  int    // 0 for all
	Cursor string // of a hit; those after it
	Oldest bool   // oldest first
	// Best gives those first that a search's words fit best, of the newest 10,000;
	// without words the newest. A cursor is of one order: what comes in meanwhile
	// is not in the pages behind it.
	Best bool
	// Above leaves current versions with a greater number: what is new since
	// that was the last. One that only came of reading a capture again, by other
	// code, is as new as what was read of it before.
	Above int64
}

// Hit is an article found.
type Hit struct {
	Page      Page
	Version   int64
	Number    int
	Title     string
	Language  string
	Kind      dateline.Kind
	Time      time.Time // published where known and not after it was fetched, else when fetched
	Published string
	Figures   []string // at a glance: "killed 41"
	Cursor    string
}

// Totals count what is kept.
type Totals struct{ Outlets, Pages, Articles, Versions, Captures, Marks int }

// EntryMark is what changes of an entry when its page has changed.
func EntryMark(e dateline.Entry) string {
	sum := sha256.Sum256([]byte(e.Title + "\x00" + e.Modified))
	return string(sum[:8])
}

// TextDigest is the digest of an article's words, by which versions are told
// apart: "sha256:" and hexadecimal, of the headline, a line feed and the text.
func TextDigest(a *dateline.Article) string {
	h := sha256.New()
	io.WriteString(h, a.Title+"\n"+a.Text)
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
