package store

import (
	"context"
	"encoding/json"
	"time"

	"dateline"
)

// Desk is what people add to the record. It never changes what the program
// found: a review stands beside the mark it is of.
type Desk interface {
	Users
	Reviews
	Shelves
	Searches
}

// Users are who may look at the record and work on it. Passwords, sessions and
// tokens come here hashed.
type Users interface {
	// PutUser adds a user (N is 0) or replaces one, but for Created, and returns
	// the number. Names are compared as package lang folds them; ErrInvalid is
	// one that another has. ErrRefused is an epoch older than what is kept, so
	// that who has read the user before a password was changed does not undo
	// that, and taking the role from the last administrator. The first who is one
	// gets what user 0 has put by.
	PutUser(ctx context.Context, u User) (int64, error)
	User(ctx context.Context, n int64) (User, error)
	// UserNamed finds a user by name, folded.
	UserNamed(ctx context.Context, name string) (User, error)
	ListUsers(ctx context.Context) ([]User, error)
	// DropUser removes a user with tokens, reading state and saved searches;
	// reviews and collections keep the name. Sessions are of a user who is not
	// found then: numbers are not given again. ErrRefused where no administrator
	// would be left.
	DropUser(ctx context.Context, n int64) error

	// Session gives what a session keeps; ErrNotFound where there is none or it is over.
	Session(ctx context.Context, hash string, now time.Time) (data []byte, until time.Time, err error)
	PutSession(ctx context.Context, hash string, data []byte, until time.Time) error
	EndSession(ctx context.Context, hash string) error
	// EndSessions removes those that are over.
	EndSessions(ctx context.Context, now time.Time) error

	// PutToken adds a token (N is 0) or replaces one, but for Created and Used,
	// and returns the number. ErrNotFound where its user is missing.
	PutToken(ctx context.Context, t Token) (int64, error)
	// TokenHashed finds a token that is not over, with its user, and keeps that
	// it was used, once a minute at most.
	TokenHashed(ctx context.Context, hash string, now time.Time) (Token, User, error)
	// ListTokens are a user's; of all where user is 0.
	ListTokens(ctx context.Context, user int64) ([]Token, error)
	DropToken(ctx context.Context, n int64) error
}

// User is somebody with a name and a password.
type User struct {
	N        int64
	Name     string
	Role     string          // reader, editor, admin; package access says what they may
	Password string          // hashed, with its parameters
	Epoch    int64           // sessions of an older one are over
	Created  time.Time       //
	Seen     time.Time       // last login
	Settings json.RawMessage // language, zone, theme, as package web has them
}

// Token is what a program shows in place of a password.
type Token struct {
	N                    int64
	User                 int64
	Name                 string
	Hash                 string
	Scopes               []string
	Created, Used, Until time.Time // Until zero for without end
}

// Reviews are what editors say of marks.
type Reviews interface {
	// PutReview keeps what an editor says of a mark: the newest review of a
	// mark (version, kind, field, start and end) counts, the older ones stay. It
	// returns the review with its number and, if it has none, its time.
	// ErrInvalid is one without a verdict, or a correction without a value.
	PutReview(ctx context.Context, r Review) (Review, error)
	// ReviewsOf are those of a version's marks, oldest first. When other code
	// reads the version's captures otherwise, they go with the words they are of
	// to the version that takes its place; where the words are not there, Start
	// and End are 0.
	ReviewsOf(ctx context.Context, version int64) ([]Review, error)
}

// Verdict is what an editor says of a mark.
type Verdict string

// The verdicts. Withdrawn takes an earlier one back.
const (
	Confirmed Verdict = "confirmed"
	Corrected Verdict = "corrected"
	Rejected  Verdict = "rejected"
	Withdrawn Verdict = "withdrawn"
)

// Review is what an editor says of a mark. It is tied to what stands in the
// version's text, not to the mark's number, so that it outlives marking again.
type Review struct {
	N          int64
	Version    int64
	Kind       dateline.AnnotationKind
	In         dateline.Field
	Start, End int // code points
	Text       string
	Was        json.RawMessage // the value the program gave
	Verdict    Verdict
	Value      json.RawMessage // the right value, where it is corrected
	Reason     string
	By         string // the user's name
	At         time.Time
}

// Shelves are what readers put by. User 0 is who needs no login.
type Shelves interface {
	// PutReading replaces a user's state of a page. ErrInvalid is a version of
	// another page.
	PutReading(ctx context.Context, r ReadingState) error
	// ReadingStates are a user's of those pages, by page. Of pages that became
	// one, what was kept of each is put together.
	ReadingStates(ctx context.Context, user int64, pages []int64) (map[int64]ReadingState, error)
	// Starred are a user's pages with a star or a note, those put by last first;
	// cursor is the page to go on after, 0 for the first. It may have lost its
	// star meanwhile; ErrNotFound where it is erased. Limit 0 is all.
	Starred(ctx context.Context, user int64, cursor int64, limit int) ([]ReadingState, error)

	// PutCollection adds (ID is empty) or replaces a collection's name, note,
	// query and whether it is public, and returns it with its id.
	PutCollection(ctx context.Context, c Collection) (Collection, error)
	Collection(ctx context.Context, id string) (Collection, error)
	ListCollections(ctx context.Context) ([]Collection, error)
	// DropCollection removes a collection. ErrRefused is one that has editions:
	// others may cite them.
	DropCollection(ctx context.Context, id string) error
	// PutItem adds a version to a collection, or replaces its note.
	PutItem(ctx context.Context, collection string, i Item) error
	DropItem(ctx context.Context, collection string, version int64) error
	// Items are in the order in which they were added. What is erased is gone
	// from them; a version whose captures are read otherwise is replaced.
	Items(ctx context.Context, collection string) ([]Item, error)
	// PutEdition keeps a state of a collection for good, and numbers it from 1.
	// Its digest is that of the data, "sha256:" and hexadecimal; one that comes
	// without gets it, and ErrInvalid is another one. Erasing a page does not look
	// into editions: their data are to name versions by ids and digests, and have
	// no words of articles.
	PutEdition(ctx context.Context, collection string, e Edition) (Edition, error)
	Edition(ctx context.Context, collection string, number int) (Edition, error)
	// Editions are without their data.
	Editions(ctx context.Context, collection string) ([]Edition, error)
}

// ReadingState is what a user keeps of a page.
type ReadingState struct {
	User, Page int64
	Version    int64 // the one that was read; 0 for unread
	Read       time.Time
	Starred    time.Time
	Note       string
}

// IsRead and IsStarred tell the state.
func (r ReadingState) IsRead() bool    { return r.Version != 0 }
func (r ReadingState) IsStarred() bool { return !r.Starred.IsZero() }

// SetRead says that a version is read now; 0 is that none is.
func (r *ReadingState) SetRead(version int64, now time.Time) {
	if r.Version, r.Read = version, now; version == 0 {
		r.Read = time.Time{}
	}
}

// SetStarred gives it a star, or takes that away. One that has it keeps it since
// then.
func (r *ReadingState) SetStarred(to bool, now time.Time) {
	switch {
	case !to:
		r.Starred = time.Time{}
	case !r.IsStarred():
		r.Starred = now
	}
}

// Collection is a named list of versions of articles.
type Collection struct {
	ID      string // random; for addresses
	Name    string
	Note    string
	Query   string // that it was made by, if it was
	Public  bool   // whether it and its editions need no login
	By      string
	Created time.Time
	Changed time.Time
	Items   int // how many it has
}

// Item is a version in a collection.
type Item struct {
	Version int64
	Note    string
	By      string
	Added   time.Time
	Hit     Hit // filled in by Items
}

// Edition is a collection as it was, to be cited. Its data never change.
type Edition struct {
	Number int
	At     time.Time
	By     string
	Digest string // of the data
	Data   []byte
}

// MostSearches is how many saved searches a user has at most: all are asked
// again in turn, so one who has very many would keep others from their news.
const MostSearches = 200

// Searches are queries that are asked again for what is new.
type Searches interface {
	// PutSearch adds (ID is empty) or replaces a saved search, and returns it as
	// it is then, with its id. Of one that is there Created stays, Seen and Sent
	// never go back, and the rest of what [Searches.SearchSent] keeps stays, or
	// is forgotten where Mail or Webhook is another. One more than MostSearches is
	// ErrInvalid.
	PutSearch(ctx context.Context, s SavedSearch) (SavedSearch, error)
	SavedSearch(ctx context.Context, id string) (SavedSearch, error)
	// SearchSent keeps what became of sending: Sent, SentAt, Failures, Error and
	// Retry, and nothing else, so that it undoes no change that was made
	// meanwhile.
	SearchSent(ctx context.Context, s SavedSearch) error
	// ListSearches are a user's, by name; of all where user is negative.
	ListSearches(ctx context.Context, user int64) ([]SavedSearch, error)
	DropSearch(ctx context.Context, id string) error
	// LastVersion is the greatest number of a version up to which all are
	// annotated, or given up: what comes to be found later is greater. A search
	// above an older number may find greater ones already; who keeps this as
	// seen or sent leaves them for the next time.
	LastVersion(ctx context.Context) (int64, error)
}

// SavedSearch is a query somebody wants to hear of. What is new are versions
// with greater numbers than those seen or sent; see [Options.Above].
type SavedSearch struct {
	ID       string // random and secret: who has it may read its feeds
	User     int64
	Name     string
	Query    string
	Created  time.Time
	Seen     int64         // the last version the user has looked at
	Mail     string        // address that news are sent to; empty for none
	Webhook  string        // address that they are posted to
	Secret   string        // with which posts are signed
	Every    time.Duration // between messages; 0 is at once
	Sent     int64         // the last version that was sent
	SentAt   time.Time
	Failures int // since the last that succeeded
	Error    string
	Retry    time.Time // not before
}
