// Package dateline holds the nouns of the news record: what a page of news
// becomes once it has been read.
//
// The packages beside it do the work and share these types: read makes an
// [Article] of the bytes of a page, fetch and warc bring the bytes. Nothing
// here depends on them.
//
// Offsets inside the program are bytes. The article record (see
// docs/formats/record.md) counts Unicode code points; [Article.MarshalJSON]
// is the one place where they are converted.
package dateline

import "errors"

// Errors that callers decide on. They are wrapped with the operation and its
// object, so test for them with errors.Is.
var (
	ErrNotFound    = errors.New("not found")
	ErrInvalid     = errors.New("invalid")
	ErrRefused     = errors.New("refused")
	ErrTooLarge    = errors.New("too large")
	ErrUnsupported = errors.New("unsupported")
	ErrCorrupt     = errors.New("corrupt")
	ErrGone        = errors.New("gone")
	ErrLater       = errors.New("not now")
)

// Kind says what sort of page an article was read from.
type Kind string

// The kinds of page. A Notice is a consent, challenge, error or login page;
// an Index is a list of articles.
const (
	KindArticle   Kind = "article"
	KindLive      Kind = "live"
	KindOpinion   Kind = "opinion"
	KindInterview Kind = "interview"
	KindReview    Kind = "review"
	KindVideo     Kind = "video"
	KindGallery   Kind = "gallery"
	KindIndex     Kind = "index"
	KindNotice    Kind = "notice"
	KindOther     Kind = "other"
)

// Access is what the page itself declares about who may read it.
type Access string

// The forms of access.
const (
	AccessFree    Access = "free"
	AccessMetered Access = "metered"
	AccessPaid    Access = "paid"
)

// Article is one page of news as read. A field that is not known is empty and
// left out of the record. Times are written as the record has them: RFC 3339,
// without a zone where the page states none, and only as far as known.
type Article struct {
	Source    string // the input as given: path, URL, or WARC path#offset
	ID        string // of the page, where the article is kept; see [PageID]
	Outlet    string // the outlet's id, where the article is kept
	Version   int    // from 1, in the order in which the versions were first seen; 0 where not kept
	Capture   *Capture
	URL       string // the page's address
	Canonical string // what the page says its address is
	Site      Site
	Kind      Kind
	Language  string // BCP 47, of the body
	Title     string
	Kicker    string
	Subtitle  string
	Authors   []string
	Published string
	Modified  string
	Dates     []DateEvidence
	Access    Access

	Corrections []string
	Dateline    *Dateline
	Section     string
	Tags        []string
	Image       *Image

	Blocks   []Block
	Text     string // the body: blocks but captions, joined by a blank line
	Related  []Link
	Comments []Comment

	Annotations []*Annotation // sorted as [SortAnnotations] does

	Warnings []string
}

// Site is the outlet a page belongs to, as far as the page tells.
type Site struct {
	Name   string `json:"name,omitempty"`
	Domain string `json:"domain,omitempty"`
}

// DateEvidence is one candidate for the date of publication: its value, where
// it stood (json-ld, meta, time, url, text ...), and whether it was chosen or
// why it was turned down.
type DateEvidence struct {
	Value   string `json:"value"`
	From    string `json:"from"`
	Chosen  bool   `json:"chosen,omitempty"`
	Refused string `json:"refused,omitempty"`
}

// Dateline is what stands before the first sentence of a report: the place it
// was filed from, the agency, the date.
type Dateline struct {
	Text   string `json:"text"`
	Place  string `json:"place,omitempty"`
	Agency string `json:"agency,omitempty"`
	Date   string `json:"date,omitempty"`
}

// Image is the picture a page gives for its article.
type Image struct {
	URL     string `json:"url,omitempty"`
	Caption string `json:"caption,omitempty"`
	Credit  string `json:"credit,omitempty"`
}

// BlockKind is the role of a block of text.
type BlockKind string

// The kinds of block. A TableRow has its cells joined by tabs.
const (
	Standfirst   BlockKind = "standfirst"
	Paragraph    BlockKind = "paragraph"
	Heading      BlockKind = "heading"
	ListItem     BlockKind = "list-item"
	Quote        BlockKind = "quote"
	Preformatted BlockKind = "preformatted"
	TableRow     BlockKind = "table-row"
	Caption      BlockKind = "caption"
)

// Block is one block of an article's text. Start is where it begins in
// [Article.Text], in bytes; a Caption is not part of the text and has Start -1.
type Block struct {
	Kind  BlockKind
	Text  string
	Start int
	Level int // of a heading, 1 to 6; of a nested list item, its depth from 1
	Links []BlockLink
}

// BlockLink is a link within a block; Start and End are byte offsets in the
// block's text.
type BlockLink struct {
	Start, End int
	Href       string
}

// Link is a title and an address, either of which may be unknown.
type Link struct {
	Title string `json:"title,omitempty"`
	URL   string `json:"url,omitempty"`
}

// Comment is a reader's comment.
type Comment struct {
	Author    string `json:"author,omitempty"`
	Published string `json:"published,omitempty"`
	Text      string `json:"text"`
}
