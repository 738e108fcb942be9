package dateline

import "time"

// Outlet is a publisher of news that is followed.
type Outlet struct {
	ID       string    `json:"id"` // of its home address; see [OutletID]
	Name     string    `json:"name,omitempty"`
	Home     string    `json:"home,omitempty"`     // address of its home page
	Language string    `json:"language,omitempty"` // BCP 47, as it says of itself
	Sources  []Source  `json:"sources,omitempty"`
	Added    time.Time `json:"added,omitzero"`
	Since    time.Time `json:"since,omitzero"` // pages dated before are left alone; zero for none
	Paused   bool      `json:"paused,omitempty"`
}

// Source is an address at which an outlet lists its pages.
type Source struct {
	URL      string     `json:"url"`
	Kind     SourceKind `json:"kind"`
	Title    string     `json:"title,omitempty"`
	Language string     `json:"language,omitempty"` // BCP 47
}

// SourceKind says what a source is.
type SourceKind string

// The kinds of source. A feed is RSS, Atom or JSON Feed, a sitemap any form of
// it, an index a front or section page whose links are looked at.
const (
	SourceFeed    SourceKind = "feed"
	SourceSitemap SourceKind = "sitemap"
	SourceIndex   SourceKind = "index"
)

// Entry is what a source says of one page. Times are written as the record has
// them; what the source does not say is empty.
type Entry struct {
	URL       string // absolute
	Title     string // text, not HTML
	Summary   string // text, not HTML
	Content   string // HTML of the whole article, where the feed carries it
	Authors   []string
	Published string
	Modified  string
	Language  string // BCP 47
	Credit    string // the publisher it names as its source
	Tags      []string
}

// Capture is one answer of a server as it is kept in the archive.
type Capture struct {
	URL     string    `json:"url,omitempty"`
	Status  int       `json:"status,omitempty"`
	Digest  string    `json:"digest"` // of the payload: "sha256:" and lower-case hexadecimal
	Fetched time.Time `json:"fetched"`
	WARC    string    `json:"warc,omitempty"` // name of the file in the archive
	Offset  int64     `json:"offset"`         // where in that file the record begins
}
