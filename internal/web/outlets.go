package web

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline"
	"dateline/internal/store"
)

func (s *Server) outletsRoutes() []Route {
	return []Route{
		{Method: "GET", Path: "/outlets", Page: "outlets", Need: looking, Handle: (*call).outlets},
		{Method: "GET", Path: "/outlets.opml", Page: "outlets", Need: looking, Handle: (*call).outletsList, Wait: 30 * time.Second},
		{Method: "GET", Path: "/outlets/add", Need: following, Handle: (*call).addOutlet},
		{Method: "POST", Path: "/outlets/preview", Need: following, Handle: (*call).previewOutlet},
		{Method: "POST", Path: "/outlets/try", Need: following, Handle: (*call).tryArticle},
		{Method: "POST", Path: "/outlets/import", Need: following, Handle: (*call).importOutlets, Wait: time.Minute, Body: maxList + maxForm},
		{Method: "GET", Path: "/outlets/errands/{id}", Need: following, Handle: (*call).errand},
		{Method: "POST", Path: "/outlets/errands/{id}/stop", Need: following, Handle: (*call).stopErrand},
		{Method: "POST", Path: "/outlets/errands/{id}/follow", Need: following, Handle: (*call).followOutlet},
		{Method: "POST", Path: "/outlets/errands/{id}/page", Need: following, Handle: (*call).keepArticle},
	}
}

// outletRow is an outlet in the table.
type outletRow struct {
	store.OutletState
	Silent  store.Silence
	Failing []store.SourceState // that fail now
	Success time.Time           // the last of any source
	Mute    []RobotsState       // sites of which nothing is asked, as their robots.txt cannot be had
}

// muteShown is how many sites of an outlet are told that cannot be asked.
const muteShown = 3

// mute are those of an outlet's hosts' sites that cannot be asked.
func mute(hosts []HostState) (out []RobotsState) {
	for _, h := range hosts {
		for _, r := range h.Robots {
			if !r.Missing.IsZero() && len(out) < muteShown {
				out = append(out, r)
			}
		}
	}
	return out
}

// Reason is why the first source fails, unless Mute says so.
func (o outletRow) Reason() string {
	for _, s := range o.Failing {
		if len(o.Mute) == 0 || !strings.HasPrefix(s.Error, "robots.txt cannot be had") {
			return s.Error
		}
	}
	return ""
}

// trouble orders outlets: those that bring nothing first, what is as it was
// meant last.
func (o *outletRow) trouble() int {
	switch {
	case o.Silent == store.Dropped || o.Paused:
		return 4
	case o.Silent != store.Heard && o.Silent != store.Unasked:
		return 0
	case len(o.Failing) > 0:
		return 1
	case o.Dead > 0:
		return 2
	}
	return 3
}

// Rows of the table at once.
const outletsShown = 50

// outletsPage is the table.
type outletsPage struct {
	Rows            []outletRow
	All, Trouble    int    // how many there are, and how many have some
	Order, Find     string // what was asked for
	Next            string
	State           State
	Known           bool // whether State is
	Pages, Articles int
}

func rowOf(o store.OutletState, now time.Time) outletRow {
	row := outletRow{OutletState: o, Silent: o.Silence(now)}
	for _, s := range o.States {
		if s.Failures > 0 {
			row.Failing = append(row.Failing, s)
		}
		if s.Succeeded.After(row.Success) {
			row.Success = s.Succeeded
		}
	}
	return row
}

func (c *call) outlets() error {
	p := outletsPage{Order: c.Query("order"), Find: strings.TrimSpace(c.Query("find"))}
	list, err := c.s.Store.ListOutlets(c.ctx)
	if err != nil {
		return err
	}
	p.All = len(list)
	rows := make([]outletRow, 0, len(list))
	find := strings.ToLower(p.Find)
	for _, o := range list {
		row := rowOf(o, c.s.Now())
		if row.trouble() < 3 {
			p.Trouble++
		}
		p.Pages, p.Articles = p.Pages+o.Pages, p.Articles+o.Articles
		if find == "" || strings.Contains(strings.ToLower(o.Name+" "+o.Home), find) {
			rows = append(rows, row)
		}
	}
	if p.Order == "trouble" {
		slices.SortStableFunc(rows, func(a, b outletRow) int { return cmp.Compare(a.trouble(), b.trouble()) })
	}
	from, err := number(c.Query("cursor"))
	if err != nil {
		return err
	}
	rows = rows[min(int(from), len(rows)):]
	if len(rows) > outletsShown {
		rows, p.Next = rows[:outletsShown], strconv.Itoa(int(from)+outletsShown)
	}
	p.Rows = rows
	if c.s.Newsroom != nil {
		if p.State, err = c.s.Newsroom.State(c.ctx); err != nil {
			return err
		}
		p.Known = true
		for i := range rows {
			hosts, err := c.s.Newsroom.Hosts(c.ctx, rows[i].Outlet)
			if err != nil {
				return err
			}
			rows[i].Mute = mute(hosts)
		}
	}
	return c.page(http.StatusOK, "outlets", view{Title: c.T("outlets")}, p)
}

// number reads a number of a query; none is 0.
func number(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0, mistaken(dateline.ErrInvalid, "number", clipped(s))
	}
	return n, nil
}

// outletsList gives the outlets as OPML.
func (c *call) outletsList() error {
	if c.s.Newsroom == nil {
		return notFollowed()
	}
	var b bytes.Buffer // so that an error is no half a list
	if err := c.s.Newsroom.Export(c.ctx, &b); err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Content-Type", "text/x-opml; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="outlets.opml"`)
	c.w.Write(b.Bytes())
	return nil
}

// addPage are the forms that ask the newsroom for something.
type addPage struct {
	Address string
	State   State
	Usual   int   // days to go back; 0 for all
	Days    []int // that are offered
}

func (c *call) addOutlet() error {
	p := addPage{Address: c.Query("address")}
	if c.s.Newsroom == nil {
		return notFollowed()
	}
	var err error
	if p.State, err = c.s.Newsroom.State(c.ctx); err != nil {
		return err
	}
	p.Usual, p.Days = int(p.State.Since/(24*time.Hour)), []int{7, 30, 90, 365}
	if p.Usual > 0 && !slices.Contains(p.Days, p.Usual) {
		p.Days = append(p.Days, p.Usual)
		slices.Sort(p.Days)
	}
	return c.page(http.StatusOK, "add", view{Title: c.T("outlets.add")}, p)
}

// since is how far back a form asks to go: a number of days, a day, or all.
func (c *call) since() (time.Time, error) {
	day := c.s.Now().UTC().Truncate(24 * time.Hour)
	s := c.r.PostFormValue("since")
	switch {
	case s == "all":
		return time.Time{}, nil
	case s == "day":
		t, err := time.Parse(time.DateOnly, c.r.PostFormValue("day"))
		if err != nil {
			return t, mistaken(dateline.ErrInvalid, "day", clipped(c.r.PostFormValue("day")))
		}
		return t, nil
	case s == "":
		s = "30"
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 36500 {
		return time.Time{}, mistaken(dateline.ErrInvalid, "days", clipped(s))
	}
	return day.AddDate(0, 0, -n), nil
}

// maxAddress is the most bytes of an address.
const maxAddress = 4096

// address is that of a form, as far as it can be one.
func (c *call) address() (string, error) {
	a := strings.TrimSpace(c.r.PostFormValue("address"))
	switch {
	case a == "":
		return "", mistaken(dateline.ErrInvalid, "address.none")
	case len(a) > maxAddress:
		return "", mistaken(dateline.ErrTooLarge, "address.long", c.Number(maxAddress))
	}
	return a, nil
}

func (c *call) previewOutlet() error {
	address, err := c.address()
	if err != nil {
		return err
	}
	since, err := c.since()
	if err != nil {
		return err
	}
	return c.toErrand("preview", address, func(ctx context.Context, e *errand) (any, error) {
		return c.s.Newsroom.Discover(ctx, address, since, e.step)
	})
}

func (c *call) tryArticle() error {
	address, err := c.address()
	if err != nil {
		return err
	}
	return c.toErrand("try", address, func(ctx context.Context, e *errand) (any, error) {
		e.step(address)
		return c.s.Newsroom.Try(ctx, address)
	})
}

// maxList is the largest list of outlets that is taken.
const maxList = 20 << 20

func (c *call) importOutlets() error {
	if err := c.r.ParseMultipartForm(maxForm); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return mistaken(dateline.ErrTooLarge, "list.large", maxList>>20)
		}
		return mistaken(dateline.ErrInvalid, "list.none")
	}
	defer c.r.MultipartForm.RemoveAll()
	since, err := c.since()
	if err != nil {
		return err
	}
	f, header, err := c.r.FormFile("list")
	if err != nil {
		return mistaken(dateline.ErrInvalid, "list.none")
	}
	defer f.Close()
	list, err := io.ReadAll(io.LimitReader(f, maxList+1))
	switch {
	case err != nil:
		return err
	case len(list) > maxList:
		return mistaken(dateline.ErrTooLarge, "list.large", maxList>>20)
	}
	return c.toErrand("import", header.Filename, func(ctx context.Context, e *errand) (any, error) {
		return c.s.Newsroom.Import(ctx, bytes.NewReader(list), since, e.count)
	})
}

// followOutlet adds what a preview showed, with the sources that were chosen.
func (c *call) followOutlet() error {
	e, err := c.s.errands.find(c.r.PathValue("id"))
	if err != nil {
		return err
	}
	st := e.state()
	p, ok := st.Result.(Preview)
	if !ok || st.Ended.IsZero() || p.Outlet.ID == "" {
		return mistaken(dateline.ErrInvalid, "outlet.none")
	}
	o := p.Outlet
	if name := strings.TrimSpace(c.r.PostFormValue("name")); name != "" && len(name) <= 300 {
		o.Name = name
	}
	o.Sources = nil
	for _, s := range c.r.PostForm["source"] {
		i, err := strconv.Atoi(s)
		if err != nil || i < 0 || i >= len(p.Sources) {
			return mistaken(dateline.ErrInvalid, "form")
		}
		o.Sources = append(o.Sources, p.Sources[i].Source)
	}
	if len(o.Sources) == 0 && !p.Followed {
		return mistaken(dateline.ErrInvalid, "source.none")
	}
	if _, err := c.s.Newsroom.Add(c.ctx, o); err != nil {
		return err
	}
	return c.redirect("/outlet/" + o.ID)
}

// keepArticle keeps the article that a preview found at the address, alone.
func (c *call) keepArticle() error {
	e, err := c.s.errands.find(c.r.PathValue("id"))
	if err != nil {
		return err
	}
	p, ok := e.state().Result.(Preview)
	if !ok || p.Page == "" {
		return mistaken(dateline.ErrInvalid, "page.none")
	}
	id, err := c.s.Newsroom.Keep(c.ctx, p.Page)
	if err != nil {
		return err
	}
	return c.redirect("/article/" + id)
}

// Times is a size on disk of so many pages.
func (c *call) Times(size int64, pages int) int64 { return size * int64(pages) }

// Yearly is a size on disk of what so many pages a day come to in a year.
func (c *call) Yearly(size int64, perDay float64) int64 { return int64(float64(size) * perDay * 365) }

// Rounded is a number of pages a day, at least one.
func (c *call) Rounded(perDay float64) string { return c.Number(max(int(math.Round(perDay)), 1)) }

// Paragraphs are the first of an article's text.
func (c *call) Paragraphs(a *dateline.Article) []string {
	all := strings.FieldsFunc(a.Text, func(r rune) bool { return r == '\n' })
	return all[:min(len(all), 40)]
}

// MarkCounts says how many marks of each kind an article has.
func (c *call) MarkCounts(a *dateline.Article) []string {
	var out []string
	for _, k := range []dateline.AnnotationKind{dateline.KindPerson, dateline.KindOrganization, dateline.KindPlace, dateline.KindDate, dateline.KindFigure, dateline.KindQuote} {
		n := 0
		for _, m := range a.Annotations {
			if m.Kind == k {
				n++
			}
		}
		if n > 0 {
			out = append(out, c.Count("marks."+string(k), n))
		}
	}
	return out
}
