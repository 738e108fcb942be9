package greader

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dateline"
	"dateline/internal/store"
)

const (
	// mostIDs and mostItems are how many a page of a stream has at most.
	mostIDs   = 10_000
	mostItems = 1000
	fewItems  = 20 // where nothing is said
	// atOnce is how many articles are in memory.
	atOnce = 20
)

type itemRef struct {
	ID        string   `json:"id"`
	Streams   []string `json:"directStreamIds"`
	Timestamp string   `json:"timestampUsec"`
}

// ids lists the ids of a stream's items.
func (c *call) ids() error {
	s, f, n, err := c.asked(mostIDs)
	if err != nil {
		return err
	}
	items, next, err := c.walk(s, f, n)
	if err != nil {
		return err
	}
	out := struct {
		Refs []itemRef `json:"itemRefs"`
		Next string    `json:"continuation,omitempty"`
	}{[]itemRef{}, next}
	for i := range items {
		p := &items[i].page
		out.Refs = append(out.Refs, itemRef{strconv.FormatInt(p.N, 10), []string{feeds + p.Outlet}, micros(p.Found)})
	}
	return c.answer(out)
}

// asked is the stream that is asked for, and how much of it.
func (c *call) asked(most int) (s stream, f filter, n int, err error) {
	id := cmp.Or(c.r.PathValue("stream"), c.r.Form.Get("s"))
	if s, err = parseStream(id); err != nil {
		return
	}
	if f, err = c.filterOf(); err != nil {
		return
	}
	n = fewItems
	if text := c.r.Form.Get("n"); text != "" {
		if n, err = strconv.Atoi(text); err != nil || n < 1 {
			err = fmt.Errorf("n=%.40q is no number of items: %w", text, dateline.ErrInvalid)
		}
	}
	return s, f, min(n, most), err
}

// contents gives a stream's items whole.
func (c *call) contents() error {
	s, f, n, err := c.asked(mostItems)
	if err != nil {
		return err
	}
	id := cmp.Or(c.r.PathValue("stream"), c.r.Form.Get("s"), tag(all))
	items, next, err := c.walk(s, f, n)
	if err != nil {
		return err
	}
	return c.send(id, s.label, items, next)
}

// items gives those items whole that are asked for by their ids.
func (c *call) items() error {
	items, err := c.named()
	if err != nil {
		return err
	}
	return c.send(tag(all), "", items, "")
}

// named are the items of a form. Those that are not there are left out: they
// may have been erased since an app heard of them.
func (c *call) named() ([]item, error) {
	ids := c.r.Form["i"]
	if len(ids) > mostItems {
		return nil, fmt.Errorf("%d items; %d are taken at once: %w", len(ids), mostItems, dateline.ErrTooLarge)
	}
	var items []item
	for _, id := range ids {
		n, err := parseItem(id)
		if err != nil {
			return nil, err
		}
		p, err := c.Store.Page(c.ctx, n)
		switch {
		case isMissing(err):
			continue
		case err != nil:
			return nil, err
		case p.Version != 0:
			items = append(items, item{page: p})
		}
	}
	return items, c.know(items)
}

type link struct {
	HREF string `json:"href"`
	Type string `json:"type,omitempty"`
}

type text struct {
	Direction string `json:"direction"`
	Content   string `json:"content"`
}

type origin struct {
	ID      string `json:"streamId"`
	Title   string `json:"title"`
	HTMLURL string `json:"htmlUrl"`
}

type content struct {
	ID         string   `json:"id"`
	CrawlTime  string   `json:"crawlTimeMsec"`
	Timestamp  string   `json:"timestampUsec"`
	Published  int64    `json:"published"`
	Updated    int64    `json:"updated"`
	Title      string   `json:"title"`
	Author     string   `json:"author,omitempty"`
	Categories []string `json:"categories"`
	Canonical  []link   `json:"canonical"`
	Alternate  []link   `json:"alternate"`
	Origin     origin   `json:"origin"`
	Summary    text     `json:"summary"`
}

// send answers with items, a few of them in memory at a time, each time with
// patience of its own: who is slow to take them has them all the same. What goes
// wrong once it has begun breaks it off.
func (c *call) send(id, label string, items []item, next string) error {
	names, err := c.Store.OutletNames(c.ctx)
	if err != nil {
		return err
	}
	between := ""
	for begun := false; !begun || len(items) > 0; {
		some := items[:min(len(items), atOnce)]
		items = items[len(some):]
		texts, err := c.texts(some, begun)
		if err != nil && !begun {
			return err
		}
		if err != nil {
			c.Log.Warn("send articles to a reading app", "err", err)
			panic(http.ErrAbortHandler)
		}
		if !begun {
			begun = true
			c.w.Header().Set("Content-Type", "application/json; charset=utf-8")
			head, _ := json.Marshal(map[string]any{"id": strings.ToValidUTF8(id, "\uFFFD"), "title": "Dateline", "direction": "ltr", "updated": c.Now().Unix()})
			_, _ = fmt.Fprintf(c.w, `%s,"items":[`, strings.TrimSuffix(string(head), "}"))
		}
		for i := range some {
			a := texts[some[i].page.Version]
			if a == nil {
				continue // it is damaged, or was erased meanwhile
			}
			b, err := json.Marshal(c.content(&some[i], a, names, label))
			if err != nil {
				panic(err) // it is of plain fields
			}
			_, _ = io.WriteString(c.w, between)
			_, _ = c.w.Write(b)
			between = ","
		}
	}
	tail := "]}\n"
	if next != "" {
		b, _ := json.Marshal(next)
		tail = `],"continuation":` + string(b) + "}\n"
	}
	_, _ = io.WriteString(c.w, tail)
	return nil
}

func (c *call) texts(items []item, begun bool) (map[int64]*dateline.Article, error) {
	ctx := c.ctx
	if begun {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(c.r.Context(), patience)
		defer cancel()
	}
	versions := make([]int64, len(items))
	for i := range items {
		versions[i] = items[i].page.Version
	}
	return c.Store.Texts(ctx, versions)
}

// content is an article as an app shows it.
func (c *call) content(i *item, a *dateline.Article, names map[string]string, label string) content {
	p := &i.page
	address := cmp.Or(a.URL, p.URL)
	title := strings.Join(strings.Fields(a.Title), " ")
	out := content{
		ID: itemID(p.N), CrawlTime: strconv.FormatInt(p.Found.UnixMilli(), 10), Timestamp: micros(p.Found),
		Published: published(a, p).Unix(), Title: cmp.Or(title, address), Author: strings.Join(a.Authors, ", "),
		Categories: []string{tag(all), tag(labels + folder)},
		Canonical:  []link{{HREF: address}}, Alternate: []link{{HREF: address, Type: "text/html"}},
		Origin:  origin{feeds + p.Outlet, cmp.Or(names[p.Outlet], p.Outlet), c.Link("/outlet/" + url.PathEscape(p.Outlet))},
		Summary: text{c.direction(a.Language), c.html(a, p)},
	}
	out.Updated = out.Published
	if i.state.IsRead() {
		out.Categories = append(out.Categories, tag(read))
	}
	if i.state.IsStarred() {
		out.Categories = append(out.Categories, tag(starry))
	}
	if label != "" {
		out.Categories = append(out.Categories, tag(labels+label))
	}
	return out
}

func (c *call) direction(language string) string {
	if p := c.Packs.Pack(language); p != nil && p.Direction != "" {
		return p.Direction
	}
	return "ltr"
}

// published is when an article says that it was published, as far as it says
// so and not after it was fetched; else when it was found.
func published(a *dateline.Article, p *store.Page) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
		t, err := time.Parse(layout, a.Published)
		if err == nil && t.Unix() > 0 && !t.After(p.Found) {
			return t
		}
	}
	return p.Found
}

func micros(t time.Time) string { return strconv.FormatInt(t.UnixMicro(), 10) }

// html is an article's text for an app, and where the record has it. All of it
// is escaped, and nothing in it is loaded from elsewhere.
func (c *call) html(a *dateline.Article, p *store.Page) string {
	var b strings.Builder
	open := "" // the list or table that goes on
	group := func(element string) {
		if open == element {
			return
		}
		if open != "" {
			b.WriteString("</" + open + ">\n")
		}
		if open = element; open != "" {
			b.WriteString("<" + open + ">\n")
		}
	}
	element := func(name string, block *dateline.Block) {
		fmt.Fprintf(&b, "<%s>%s</%[1]s>\n", name, linked(block))
	}
	for i := range a.Blocks {
		block := &a.Blocks[i]
		switch block.Kind {
		case dateline.Caption:
			continue // its picture is not shown
		case dateline.ListItem:
			group("ul")
			element("li", block)
		case dateline.TableRow:
			group("table")
			b.WriteString("<tr>")
			for _, cell := range strings.Split(block.Text, "\t") {
				b.WriteString("<td>" + html.EscapeString(cell) + "</td>")
			}
			b.WriteString("</tr>\n")
		case dateline.Heading:
			group("")
			element("h"+strconv.Itoa(min(max(block.Level, 2), 6)), block)
		case dateline.Quote:
			group("")
			element("blockquote", block)
		case dateline.Preformatted:
			group("")
			element("pre", block)
		default:
			group("")
			element("p", block)
		}
	}
	group("")
	fmt.Fprintf(&b, `<p><a href="%s">Dateline</a>`, html.EscapeString(c.Link("/article/"+url.PathEscape(p.ID))))
	if p.Capture != 0 {
		fmt.Fprintf(&b, ` · <a href="%s">%s</a>`, html.EscapeString(c.Link("/kept/"+strconv.FormatInt(p.Capture, 10))), p.Visited.UTC().Format("2006-01-02 15:04 MST"))
	}
	b.WriteString("</p>")
	return b.String()
}

// linked is a block's text with its links.
func linked(block *dateline.Block) string {
	var b strings.Builder
	at := 0
	for _, l := range block.Links {
		u, err := url.Parse(l.Href)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || l.Start < at || l.End < l.Start || l.End > len(block.Text) {
			continue
		}
		b.WriteString(html.EscapeString(block.Text[at:l.Start]))
		fmt.Fprintf(&b, `<a href="%s">%s</a>`, html.EscapeString(u.String()), html.EscapeString(block.Text[l.Start:l.End]))
		at = l.End
	}
	b.WriteString(html.EscapeString(block.Text[at:]))
	return b.String()
}
