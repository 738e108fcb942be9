package web

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dateline"
	"dateline/internal/store"
)

func (s *Server) articleRoutes() []Route {
	return []Route{
		{Method: "GET", Path: "/article/{id}", Page: "article", Need: looking, Handle: (*call).article},
		{Method: "GET", Path: "/article/{id}/versions", Page: "article", Need: looking, Handle: (*call).versions},
		{Method: "GET", Path: "/article/{id}/warc", Need: looking, Handle: (*call).warcOf, Wait: 30 * time.Second},
		{Method: "POST", Path: "/article/{id}/state", Need: shelving, Handle: (*call).putState},
	}
}

// articlePage is one version of an article with all that is known of it.
type articlePage struct {
	Page     store.Page
	Article  *dateline.Article // nil where none was read of the page
	Outlet   string            // its name
	Version  store.Version
	Versions []store.Version
	Before   int // numbers of the versions before and after this one; 0 for none
	After    int
	State    readingState

	Title    []piece
	Blocks   []proseBlock
	Kinds    []kindCount
	LeftOut  int  // marks that are not shown
	Uncited  bool // sentences far down have no link to cite them
	Known    known
	Line     timeLine
	Map      *worldMap // nil where no place is known
	Cited    *citation
	Captures []store.Kept // newest first
	Earlier  int          // captures that are not shown
	Events   []store.Event
	OwnTime  string // when it was published, as the outlet's zone has it

	Chosen     *dateline.DateEvidence // the date of publication
	TurnedDown []dateline.DateEvidence
}

// maxCaptures is how many captures and events an article's page lists.
const maxCaptures = 20

// article shows a version of an article.
func (c *call) article() error {
	p, err := c.articlePage()
	if err != nil {
		return err
	}
	if p.Page.ID != c.r.PathValue("id") { // another name of it
		to := "/article/" + p.Page.ID
		if c.r.URL.RawQuery != "" {
			to += "?" + c.r.URL.RawQuery
		}
		return c.redirect(to)
	}
	title := p.Page.Title
	if p.Article != nil {
		title = p.Article.Title
	}
	if title == "" {
		title = p.Page.URL
	}
	return c.page(http.StatusOK, "article", view{Title: title}, p)
}

func (c *call) articlePage() (*articlePage, error) {
	page, err := c.s.Store.PageOf(c.ctx, c.r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p := &articlePage{Page: page}
	names, err := c.outletNames()
	if err != nil {
		return nil, err
	}
	p.Outlet = outletName(names, page)
	if p.Versions, err = c.s.Store.Versions(c.ctx, page.N); err != nil {
		return nil, err
	}
	if p.Events, err = c.s.Store.Events(c.ctx, page.N); err != nil {
		return nil, err
	}
	p.Events = p.Events[max(0, len(p.Events)-maxCaptures):]
	if p.Captures, err = c.s.Store.Captures(c.ctx, page.N); err != nil {
		return nil, err
	}
	slices.Reverse(p.Captures)
	if p.Earlier = max(0, len(p.Captures)-maxCaptures); p.Earlier > 0 {
		p.Captures = p.Captures[:maxCaptures]
	}
	at, err := c.versionAsked(page, p.Versions)
	if err != nil || at < 0 {
		return p, err
	}
	p.Version = p.Versions[at]
	if at > 0 {
		p.Before = p.Versions[at-1].Number
	}
	if at+1 < len(p.Versions) {
		p.After = p.Versions[at+1].Number
	}
	if p.Article, err = c.s.Store.Article(c.ctx, p.Version.N); err != nil {
		return nil, err
	}
	if p.State, err = c.readingState(page.N); err != nil {
		return nil, err
	}
	if t, err := time.Parse(time.RFC3339, p.Article.Published); err == nil {
		if _, own := t.Zone(); own != offsetAt(t, c.set.zone) {
			p.OwnTime = t.Format("2006-01-02 15:04 -07:00")
		}
	}
	for i, d := range p.Article.Dates {
		if d.Chosen {
			p.Chosen = &p.Article.Dates[i]
		} else if len(p.TurnedDown) < maxCaptures && !slices.Contains(p.TurnedDown, d) {
			p.TurnedDown = append(p.TurnedDown, d)
		}
	}
	return p, c.prose(p)
}

// Captioned tells whether the picture's caption is one of the text's blocks.
func (p *articlePage) Captioned() bool {
	return slices.ContainsFunc(p.Article.Blocks, func(b dateline.Block) bool {
		return b.Kind == dateline.Caption && strings.HasPrefix(b.Text, p.Article.Image.Caption)
	})
}

func offsetAt(t time.Time, zone *time.Location) int {
	_, offset := t.In(zone).Zone()
	return offset
}

// versionAsked is the index of the version that the page's address names, of
// the current one where it names none; -1 where there is no version.
func (c *call) versionAsked(page store.Page, list []store.Version) (int, error) {
	if !c.r.URL.Query().Has("version") {
		at := slices.IndexFunc(list, func(v store.Version) bool { return v.N == page.Version })
		if at < 0 {
			at = len(list) - 1
		}
		return at, nil
	}
	return versionNumbered(list, c.Query("version"))
}

// versionNumbered is the index of a version by its number as written.
func versionNumbered(list []store.Version, number string) (int, error) {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 {
		return 0, mistaken(dateline.ErrInvalid, "number", clipped(number))
	}
	at := slices.IndexFunc(list, func(v store.Version) bool { return v.Number == n })
	if at < 0 {
		return 0, fmt.Errorf("version %d: %w", n, dateline.ErrNotFound)
	}
	return at, nil
}

// readingState is what the reader keeps of an article; May is whether he may
// keep anything.
type readingState struct {
	May bool
	store.ReadingState
}

func (c *call) readingStates(pages []int64) (map[int64]store.ReadingState, bool, error) {
	if len(pages) == 0 || c.id.May(shelving) != nil {
		return nil, false, nil
	}
	m, err := c.s.Store.ReadingStates(c.ctx, c.id.User.N, pages)
	return m, true, err
}

func (c *call) readingState(page int64) (readingState, error) {
	m, may, err := c.readingStates([]int64{page})
	return readingState{may, m[page]}, err
}

// maxNote is how many characters a note may have.
const maxNote = 10_000

// putState changes what the reader keeps of an article.
func (c *call) putState() error {
	page, err := c.s.Store.PageOf(c.ctx, c.r.PathValue("id"))
	if err != nil {
		return err
	}
	st, err := c.readingState(page.N)
	if err != nil {
		return err
	}
	r := st.ReadingState
	r.User, r.Page = c.id.User.N, page.N
	now := c.s.Now()
	switch c.r.PostFormValue("do") {
	case "read":
		if page.Version == 0 {
			return mistaken(dateline.ErrInvalid, "article.none")
		}
		r.SetRead(page.Version, now)
	case "unread":
		r.SetRead(0, now)
	case "star":
		r.Starred = now
	case "unstar":
		r.Starred = time.Time{}
	case "note":
		r.Note = strings.TrimSpace(c.r.PostFormValue("note"))
		if n := utf8.RuneCountInString(r.Note); n > maxNote || !utf8.ValidString(r.Note) {
			return mistaken(dateline.ErrInvalid, "note.long", c.Number(maxNote))
		}
	default:
		return mistaken(dateline.ErrInvalid, "form")
	}
	if err := c.s.Store.PutReading(c.ctx, r); err != nil {
		return err
	}
	if c.r.Header.Get("Dateline-Quiet") != "" { // a script, which shows the new state by itself
		c.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return c.back("/article/" + page.ID)
}

// warcOf gives the WARC record of a version's first capture, or of the capture
// that is asked for.
func (c *call) warcOf() error {
	page, err := c.s.Store.PageOf(c.ctx, c.r.PathValue("id"))
	if err != nil {
		return err
	}
	number, err := c.captureAsked(page)
	if err != nil {
		return err
	}
	k, err := c.s.Store.Capture(c.ctx, number)
	if err != nil {
		return err
	}
	if k.Page != page.N {
		return fmt.Errorf("capture %d of this page: %w", number, dateline.ErrNotFound)
	}
	var b bytes.Buffer
	e, err := c.s.Archive.Export(&b, "Dateline/"+c.s.Options.Version, c.s.Now())
	if err == nil {
		err = e.Add(c.ctx, k.WARC, k.Offset)
	}
	if err != nil {
		return err
	}
	name := page.ID + "-" + k.Fetched.UTC().Format("20060102150405") + ".warc.gz"
	h := c.w.Header()
	h.Set("Content-Type", "application/warc")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	_, err = c.w.Write(b.Bytes())
	if err != nil {
		c.s.Log.Debug("send a capture", "err", err)
	}
	return nil
}

// captureAsked is the number of the capture that an address names.
func (c *call) captureAsked(page store.Page) (int64, error) {
	if c.r.URL.Query().Has("capture") {
		n, err := strconv.ParseInt(c.Query("capture"), 10, 64)
		if err != nil || n < 1 {
			return 0, mistaken(dateline.ErrInvalid, "number", clipped(c.Query("capture")))
		}
		return n, nil
	}
	list, err := c.s.Store.Versions(c.ctx, page.N)
	if err != nil {
		return 0, err
	}
	at, err := c.versionAsked(page, list)
	switch {
	case err != nil:
		return 0, err
	case at >= 0:
		return list[at].Capture, nil
	case page.Capture > 0:
		return page.Capture, nil
	}
	return 0, dateline.ErrNotFound
}

// Warning is a warning of a record in words.
func (c *call) Warning(s string) string {
	code, rest, _ := strings.Cut(s, ":")
	if text := c.s.texts.find(c.set.Language, "warning."+code); text != "" {
		return strings.TrimSpace(text + " " + strings.TrimSpace(rest))
	}
	return s
}

// Whatever is what a figure is of, where its number and the words that are
// counted do not say so.
func (c *call) Whatever(v figureValue) string {
	switch {
	case v.Of != "" && (v.What == "count" || v.What == "other"), v.Unit != "", v.What == "percent":
		return ""
	}
	return c.T("what." + v.What)
}

// Limits are the bounds of a figure as they are kept, in words.
func (c *call) Limits(v figureValue) string {
	side := func(f *float64) string {
		if f == nil {
			return c.T("article.unbounded")
		}
		return c.decimal(*f)
	}
	return c.T("article.limits", side(v.Min), side(v.Max))
}

// DayKind says how a date is known beside its value.
func (d *knownDate) DayKind() string {
	parts := []string{d.Value.Type}
	for _, s := range []string{d.Value.Mod, d.Value.Quant, d.Value.Freq} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " ")
}

// Spot says where a place is, as far as that is known.
func (c *call) Spot(p *dateline.Place) string {
	var parts []string
	if p.Located {
		parts = append(parts, fmt.Sprintf("%.2f, %.2f", p.Lat, p.Lon))
	}
	if p.Geonames != 0 {
		parts = append(parts, "GeoNames "+strconv.Itoa(p.Geonames))
	}
	if len(parts) == 0 {
		return c.T("article.unplaced")
	}
	return strings.Join(parts, " · ")
}

// Shortened is a reader's comment as far as it is shown.
func (c *call) Shortened(s string) string { return shortened(s, maxComment) }

// refusals are the reasons for which package read turns dates down, with their
// texts.
var refusals = map[string]string{
	"of a comment or another article":               "aside",
	"no date of a web page":                         "impossible",
	"before there were news pages":                  "early",
	"after the page was fetched":                    "future",
	"there is no such day":                          "noday",
	"the other reading of day and month":            "swapped",
	"stands in a sentence, which tells of that day": "sentence",
	"stands too far from the article":               "far",
	"of the last change":                            "change",
	"same day, says less or weighs less":            "same",
	"less precise":                                  "vague",
	"another has more behind it":                    "weight",
	"the page is a notice":                          "notice",
}

// Refused says why a date was turned down.
func (c *call) Refused(why string) string {
	if key := refusals[why]; key != "" {
		return c.T("refused." + key)
	}
	return why
}
