package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rivo/uniseg"

	"dateline"
	"dateline/diff"
	"dateline/internal/pipeline"
	"dateline/internal/store"
	"dateline/lang"
)

// newsDesk tells of what comes in: to people a headline and what is said, to a
// log a line of fields each.
type newsDesk struct {
	store   store.Store
	log     *slog.Logger      // where it is set, it is told
	print   func(string)      // else this is, whole lines
	card    *recordCard       // which it is drawn by
	clock   bool              // with the time
	mu      sync.Mutex        // held for what follows
	names   map[string]string // of outlets
	changed string            // the id of an article that has changed last
}

// piece is one thing to be told.
type piece struct {
	kind, mark string // "article", "changed", ...; the mark it has on a terminal
	outlet     string // its id
	title      string
	id, url    string
	what       []string // what it says, or what changed, the weightiest first
	why        string   // what became of the page or the source
}

// tell tells of n. What cannot be looked up, as it was erased meanwhile, is
// left out.
func (d *newsDesk) tell(n pipeline.News) {
	ctx := context.Background()
	var p piece
	var err error
	switch {
	case n.Source != 0:
		p, err = d.ofSource(ctx, n)
	case n.Version != 0:
		p, err = d.ofVersion(ctx, n)
	default:
		p, err = d.ofPage(ctx, n)
	}
	if err != nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if p.kind == "changed" {
		d.changed = p.id
	}
	if d.log != nil {
		d.write(ctx, p)
		return
	}
	d.print(d.card.piece(p, d.name(ctx, p.outlet), d.clock))
}

func (d *newsDesk) ofVersion(ctx context.Context, n pipeline.News) (piece, error) {
	a, err := d.store.Article(ctx, n.Version)
	if err != nil {
		return piece{}, err
	}
	p := piece{kind: "article", outlet: a.Outlet, title: a.Title, id: a.ID, url: address(a)}
	if n.Before != 0 {
		before, err := d.store.Article(ctx, n.Before)
		if err != nil {
			return piece{}, err
		}
		p.kind, p.mark = "changed", "≠"
		p.what = told(diff.Versions(before, a, lang.Builtin()).Summary())
		return p, nil
	}
	p.what = glance(a)
	if n.Feed {
		page, err := d.store.Page(ctx, n.Page)
		if err != nil {
			return piece{}, err
		}
		p.why = "the page is refused; what its feed says of it is kept"
		if page.Status == 0 {
			p.why = "robots.txt forbids the page; what its feed says of it is kept"
		}
	}
	return p, nil
}

func (d *newsDesk) ofPage(ctx context.Context, n pipeline.News) (piece, error) {
	page, err := d.store.Page(ctx, n.Page)
	if err != nil {
		return piece{}, err
	}
	p := piece{outlet: page.Outlet, title: cmp.Or(page.Title, page.URL), id: page.ID, url: page.URL, why: n.Outcome}
	if page.Version != 0 {
		if a, err := d.store.Article(ctx, page.Version); err == nil {
			p.title = cmp.Or(a.Title, p.title)
		}
	}
	switch kind, _, _ := strings.Cut(n.Outcome, " "); kind {
	case "moved":
		to := strings.TrimPrefix(n.Outcome, "moved to ")
		if i := strings.Index(to, "//"); i >= 0 && hostOf(to) == hostOf(page.URL) {
			_, path, _ := strings.Cut(to[i+2:], "/")
			to = "/" + path
		}
		p.kind, p.mark, p.why = "moved", "→", "the page has moved to "+to
	case "back":
		p.kind, p.mark, p.why = "back", "✓", "the page is there again"
	case "refused:":
		p.kind, p.mark = "refused", "!"
	default:
		p.kind, p.mark = "gone", "×"
		if n.Outcome == "gone" {
			p.why = fmt.Sprintf("the page is gone: the server answered %d", page.Status)
		}
		if page.Version != 0 {
			p.why += "; what was kept of it stays"
		}
	}
	return p, nil
}

func (d *newsDesk) ofSource(ctx context.Context, n pipeline.News) (piece, error) {
	s, err := d.store.Source(ctx, n.Source)
	if err != nil {
		return piece{}, err
	}
	why := strings.TrimPrefix(plainWords(n.Outcome), fmt.Sprintf("read %s %s: ", s.Kind, s.URL))
	p := piece{kind: "source fails", mark: "!", outlet: s.Outlet, url: s.URL, why: why, title: fmt.Sprintf("its %s fails", s.Kind)}
	if n.Outcome == "" {
		p.kind, p.mark, p.title = "source is well", "✓", fmt.Sprintf("its %s is well again", s.Kind)
	}
	return p, nil
}

// name is an outlet's; where it is not known, it was added meanwhile.
func (d *newsDesk) name(ctx context.Context, id string) string {
	if _, ok := d.names[id]; !ok && id != "" {
		if list, err := d.store.ListOutlets(ctx); err == nil {
			d.know(list)
		}
	}
	return d.names[id]
}

func (d *newsDesk) know(list []store.OutletState) {
	d.names = map[string]string{}
	for _, o := range list {
		d.names[o.ID] = cmp.Or(o.Name, hostOf(o.Home))
	}
}

// write logs a piece. Of sources that fail the pipeline itself logs more.
func (d *newsDesk) write(ctx context.Context, p piece) {
	var attrs []slog.Attr
	for _, f := range [][2]string{{"id", p.id}, {"url", p.url}, {"title", p.title}, {"what", strings.Join(p.what, " · ")}, {"why", p.why}} {
		if f[1] != "" {
			attrs = append(attrs, slog.String(f[0], f[1]))
		}
	}
	switch p.kind {
	case "source fails":
	case "source is well":
		d.log.LogAttrs(ctx, slog.LevelInfo, p.kind, slog.String("source", p.url))
	default:
		d.log.LogAttrs(ctx, slog.LevelInfo, p.kind, attrs...)
	}
}

// column is how wide names of outlets are drawn.
const column = 22

// piece draws what has come in: mark, outlet and headline, and below it what
// it says.
func (c *recordCard) piece(p piece, outlet string, clock bool) string {
	style := ""
	if p.mark != "" {
		style = amber
	}
	head := c.paint(style, cmp.Or(p.mark, " ")) + " "
	in := 2 + column + 2
	if clock {
		at := time.Now().Format("15:04") + "  "
		head += c.paint(dim, at)
		in += len(at)
	}
	head += c.paint(dim, fit(plainLine(outlet), column)) + "  "
	width := max(c.width-in, narrowest)
	var b strings.Builder
	line := func(style, s string) {
		b.WriteString(head + c.paint(style, s) + "\n")
		head = strings.Repeat(" ", in)
	}
	for _, s := range c.lines(cmp.Or(p.title, "(no headline found)"), width) {
		line(bold, s)
	}
	for _, s := range c.parts(p.what, width) {
		line(style, s)
	}
	for _, s := range c.lines(p.why, width) {
		line(amber, s)
	}
	return b.String()
}

// parts lays out what is told, apart from each other by dots, and breaks lines
// between two of them where it can.
func (c *card) parts(what []string, width int) []string {
	var out []string
	last := ""
	for _, s := range what {
		s = plainLine(s)
		switch joined := last + " · " + s; {
		case last == "":
			last = s
		case uniseg.StringWidth(joined) <= width:
			last = joined
		default:
			out, last = append(out, c.lines(last, width)...), s
		}
	}
	return append(out, c.lines(last, width)...)
}

// fit is s in a column of that width, cut where it is longer.
func fit(s string, width int) string {
	if w := uniseg.StringWidth(s); w <= width {
		return s + strings.Repeat(" ", width-w)
	}
	var b strings.Builder
	used := 1
	for g := uniseg.NewGraphemes(s); g.Next() && used+g.Width() <= width; {
		b.WriteString(g.Str())
		used += g.Width()
	}
	return b.String() + "…" + strings.Repeat(" ", width-used)
}

// casualties are the kinds of figures that lead, as they lead.
var casualties = []string{"killed", "injured", "missing", "rescued", "displaced", "detained"}

// lone is a change of one figure that came or went: "9 missing added".
var lone = regexp.MustCompile(`^\S.* (\S+) (?:added|removed)$`)

// mostChanges is how many changes are told on a line; versions shows all.
const mostChanges = 4

// told is what of a summary is worth telling: who was killed and hurt first,
// then what else the article says now, and how its page has changed only where
// it says nothing else. A figure that came or went beside a change of the same
// kind is the same news told twice, as headlines and bodies put it differently.
func told(summary []string) []string {
	about := func(s string) bool {
		return strings.HasPrefix(s, "headline ") || strings.HasPrefix(s, "time of ") || strings.Contains(s, "sentence")
	}
	rank := func(s string) int {
		kind, _, _ := strings.Cut(s, " ")
		if m := lone.FindStringSubmatch(s); m != nil && !slices.Contains(casualties, kind) {
			kind = m[1]
		}
		if i := slices.Index(casualties, kind); i >= 0 {
			return i
		}
		return len(casualties)
	}
	says := slices.DeleteFunc(slices.Clone(summary), func(s string) bool {
		m := lone.FindStringSubmatch(s)
		return about(s) || m != nil && slices.Contains(casualties, m[1]) &&
			slices.ContainsFunc(summary, func(o string) bool { return strings.HasPrefix(o, m[1]+" ") })
	})
	if len(says) == 0 {
		says = slices.Clone(summary)
	}
	slices.SortStableFunc(says, func(a, b string) int { return rank(a) - rank(b) })
	if len(says) > mostChanges {
		more := len(says) - mostChanges + 1
		says = append(says[:mostChanges-1], fmt.Sprintf("%d more", more))
	}
	return says
}

// glance is an article's casualties, of each kind the first, which is the
// headline's where that has one.
func glance(a *dateline.Article) []string {
	var out []string
	seen := map[string]bool{}
	for _, m := range a.Annotations {
		f, ok := m.Value.(*dateline.Figure)
		if !ok || len(out) == 3 || seen[f.What] {
			continue
		}
		switch f.What {
		case "killed", "injured", "missing", "displaced", "detained":
			seen[f.What] = true
			out = append(out, f.What+" "+bounds(f))
		}
	}
	return out
}
