package web

import (
	"context"
	"io"
	"time"

	"dateline"
)

// Newsroom is the program that follows the outlets, as far as pages ask
// something of it. What asks outlets goes at the pace of following, so it takes
// longer than a page may; see [errand]. Errors are in words for people.
type Newsroom interface {
	// Discover looks at an outlet's address and says what would be followed;
	// step is told of each address that is looked at. With an error the preview
	// has what was tried.
	Discover(ctx context.Context, address string, since time.Time, step func(address string)) (Preview, error)
	// Add follows an outlet with those of its sources, and goes on with it where
	// it was paused. Of one that is followed already only the sources that are
	// new are added; it says how many were.
	Add(ctx context.Context, o dateline.Outlet) (sources int, err error)
	// Keep has one page fetched and looked at again, without following its
	// outlet; it gives the page's id. ErrRefused is that it was erased.
	Keep(ctx context.Context, address string) (id string, err error)
	// Try reads one page, and keeps nothing.
	Try(ctx context.Context, address string) (*dateline.Article, error)
	// Import follows the outlets of a list (OPML); step is told how many of how
	// many are done.
	Import(ctx context.Context, list io.Reader, since time.Time, step func(done, all int)) (Imported, error)
	// Export writes the outlets as such a list.
	Export(ctx context.Context, w io.Writer) error
	// Ask has an outlet's sources looked at now, as far as its pace allows.
	Ask(ctx context.Context, outlet string) error
	// Erase removes pages, or all of an outlet, everywhere, and says how many
	// captures that were.
	Erase(ctx context.Context, pages []int64, outlet string) (captures int, err error)
	// Hosts are how an outlet's hosts are asked.
	Hosts(ctx context.Context, o dateline.Outlet) ([]HostState, error)
	// State is how the following does.
	State(ctx context.Context) (State, error)
}

// Preview is what an outlet's address led to.
type Preview struct {
	Outlet    dateline.Outlet
	Followed  bool // it is followed already
	Sources   []PreviewSource
	Absent    int     // usual addresses that were tried besides, where nothing is
	Pages     int     // that would be fetched at first
	PerDay    float64 // pages that then come a day; 0 where that is not known
	PageBytes int64   // what a page takes on disk, about

	// Article is the title of the article that is at the address, and Page where
	// it is; empty where the address is an outlet's. Outlet is then its outlet.
	Article, Page string
}

// PreviewSource is a source and what it has now.
type PreviewSource struct {
	dateline.Source
	Entries        int
	Oldest, Newest string // days, where entries have them
	Chosen         bool   // it is followed unless somebody decides otherwise
	Why            string // it is not
}

// Imported is what became of a list of outlets.
type Imported struct {
	Added, Already int
	Wrong          []string // what was left out, with why; the first of them
	Left           int      // how many those are
}

// HostState is how a host is asked.
type HostState struct {
	Name     string // a registrable domain
	Next     time.Time
	Pause    time.Duration // between two requests, as things stand
	Failures int           // in a row
	Today    int           // requests
	Budget   int           // of a day
	Robots   []RobotsState
}

// RobotsState is what is kept of a site's robots.txt.
type RobotsState struct {
	Site   string // scheme and authority
	Until  time.Time
	Delay  time.Duration // that it asks for
	Denied []string      // those of the outlet's sources that it forbids
	Rules  string        // those that go for this program

	// Missing is since when it cannot be had, so that nothing is asked of the
	// site, and Why; zero where it can.
	Missing time.Time
	Why     string
}

// State is how the following does.
type State struct {
	Why      string // nothing is followed: contact, disk, elsewhere or idle; empty where all is well
	Since    time.Duration
	Free     int64 // bytes on the disk; negative where that is not known
	LowWater int64
	Database int64 // bytes
	Archive  int64 // bytes
	Started  time.Time
	Backup   Backup
}

// Backup is when the record was last backed up, and to where; it is empty where
// that is not known.
type Backup struct {
	At time.Time
	To string
}
