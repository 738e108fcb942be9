package demo

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"dateline"
)

// hostile is an outlet that only does harm. Its front page and feed lead to
// all it has: pages that drip, say nothing or never stop, redirects and a
// calendar without end, a
// circle of folders, and the files it was given, each as its manifest says.
type hostile struct {
	n     int
	dir   string
	bombs []bomb
}

// bomb is a line of a manifest.
type bomb struct {
	File     string `json:"file"`
	Encoding string `json:"content_encoding"`
	Type     string `json:"content_type"`
}

func newHostile(o Options, n int) (*hostile, error) {
	h := &hostile{n: n}
	if o.Bombs == "" {
		return h, nil
	}
	h.dir = o.Bombs
	manifest, err := os.ReadFile(filepath.Join(h.dir, "manifest.jsonl"))
	if err != nil {
		return nil, fmt.Errorf("open bombs: %w", err)
	}
	for d := json.NewDecoder(strings.NewReader(string(manifest))); ; {
		var b bomb
		if err := d.Decode(&b); err == io.EOF {
			return h, nil
		} else if err != nil {
			return nil, fmt.Errorf("read manifest of bombs: %w: %w", err, dateline.ErrInvalid)
		}
		if b.File != "" {
			h.bombs = append(h.bombs, b)
		}
	}
}

func (h *hostile) info() Info {
	return Info{Name: fmt.Sprintf("Hostile %d", h.n), Language: "en", Shows: "only does harm"}
}

func (h *hostile) forbidden(string) bool { return false }

func (h *hostile) answer(now time.Time, r request) *answer {
	u, err := url.Parse(r.path)
	if err != nil {
		return status(http.StatusBadRequest)
	}
	folder, rest, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	switch folder {
	case "":
		return page("text/html", []byte(h.list(now, r)), time.Time{})
	case "feed.xml":
		c := channel{name: h.info().Name, home: r.base + "/", self: r.base + "/feed.xml", lang: "en", modified: now}
		var items []item
		for _, p := range h.paths(now) {
			items = append(items, item{address: r.base + p, id: p, title: "Story at " + p, published: now.Add(-time.Hour), modified: now})
		}
		return page("application/rss+xml", rss(c, items, "utf-8"), time.Time{})
	case "drip":
		return &answer{header: http.Header{"Content-Type": {"text/html"}}, ending: Drip, pause: time.Second}
	case "silent":
		return &answer{ending: Silent}
	case "endless":
		return &answer{header: http.Header{"Content-Type": {"text/html"}}, body: []byte(strings.Repeat("<p>And so on and so on.</p>\n", 1000)), ending: Endless, plain: true}
	case "redirect":
		n, _ := strconv.Atoi(rest)
		return redirect(http.StatusFound, r.base+"/redirect/"+strconv.Itoa(n+1))
	case "calendar":
		day, err := time.Parse("2006/01/02", rest)
		if err != nil {
			return nil
		}
		return h.calendar(day, r)
	case "maze":
		return page("text/html", fmt.Appendf(nil, "<html><body><h1>Archive of news</h1><a href=%q>An older story from the same archive</a> <a href=%q>Another of the same</a></body></html>",
			u.Path+"/old/news", u.Path+"/news/old?back="+url.QueryEscape(r.path)), time.Time{})
	case "bomb":
		return h.bomb(rest)
	}
	return nil
}

// paths are where the harm is.
func (h *hostile) paths(now time.Time) []string {
	out := []string{"/drip/story", "/silent/story", "/endless/story", "/redirect/0", now.UTC().Format("/calendar/2006/01/02"), "/maze"}
	for _, b := range h.bombs {
		out = append(out, "/bomb/"+b.File)
	}
	return out
}

func (h *hostile) list(now time.Time, r request) string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html><html lang=en><head><title>" + h.info().Name + "</title><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed.xml\"></head><body>\n")
	for _, p := range h.paths(now) {
		fmt.Fprintf(&b, "<h2><a href=%q>What came to light at %s this week</a></h2>\n", r.base+p, p)
	}
	b.WriteString("</body></html>\n")
	return b.String()
}

func (h *hostile) calendar(day time.Time, r request) *answer {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html><html lang=en><head><title>Events on " + day.Format("2 January 2006") + "</title></head><body><h1>Events on " + day.Format("2 January 2006") + "</h1>\n")
	for n := range 31 {
		next := day.AddDate(0, 0, n+1)
		fmt.Fprintf(&b, "<a href=\"%s%s\">All events and stories on %s</a>\n", r.base, next.Format("/calendar/2006/01/02"), next.Format("2 January 2006"))
	}
	b.WriteString("</body></html>\n")
	return page("text/html", []byte(b.String()), time.Time{})
}

func (h *hostile) bomb(name string) *answer {
	for _, b := range h.bombs {
		if b.File != name {
			continue
		}
		file, err := os.OpenInRoot(h.dir, name)
		if err != nil {
			return status(http.StatusInternalServerError)
		}
		defer file.Close()
		body, err := io.ReadAll(file)
		if err != nil {
			return status(http.StatusInternalServerError)
		}
		a := page(b.Type, body, time.Time{})
		a.plain = true
		if b.Encoding != "" {
			a.header.Set("Content-Encoding", b.Encoding)
		}
		if b.Type == "" {
			a.header.Set("Content-Type", "text/html")
		}
		return a
	}
	return nil
}
