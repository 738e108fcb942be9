package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dateline"
)

// citation is the words of a version that an address names, so that others can
// find and check them.
type citation struct {
	Start, End int    // code points
	Text       string // the words
	Address    string // of this page, as others know it
	Plain      string // all of it, to be copied
}

// cited finds what an address cites, and gives its bytes.
func (c *call) cited(p *articlePage) ([2]int, error) {
	if !c.r.URL.Query().Has("s") {
		return [2]int{}, nil
	}
	from, to, ok := strings.Cut(c.Query("s"), "-")
	start, err1 := strconv.Atoi(from)
	end, err2 := strconv.Atoi(to)
	if !ok || err1 != nil || err2 != nil || start < 0 || end <= start {
		return [2]int{}, mistaken(dateline.ErrInvalid, "cite", clipped(c.Query("s")))
	}
	a := p.Article
	b := [2]int{bytesOf(a.Text, start), bytesOf(a.Text, end)}
	if b[0] < 0 || b[1] < 0 {
		return b, mistaken(dateline.ErrInvalid, "cite.beyond", clipped(c.Query("s")), c.Number(utf8.RuneCountInString(a.Text)))
	}
	address := c.absolute("/article/"+p.Page.ID) + "?version=" + strconv.Itoa(p.Version.Number) + "&s=" + strconv.Itoa(start) + "-" + strconv.Itoa(end)
	v := &citation{Start: start, End: end, Text: a.Text[b[0]:b[1]], Address: address}
	var w strings.Builder
	fmt.Fprintf(&w, "“%s”\n%s, “%s”", v.Text, p.Outlet, a.Title)
	if a.Published != "" {
		fmt.Fprintf(&w, ", %s", a.Published)
	}
	fmt.Fprintf(&w, "\n%s\n", a.URL)
	fmt.Fprintf(&w, "%s, %s", c.T("article.version", p.Version.Number), p.Version.Digest)
	if a.Capture != nil {
		fmt.Fprintf(&w, "\n%s", c.T("article.fetchedat", a.Capture.Fetched.UTC().Format(time.RFC3339)))
	}
	fmt.Fprintf(&w, "\n%s", address)
	v.Plain = w.String()
	p.Cited = v
	return b, nil
}

// bytesOf is where the nth code point of a text begins, its length for one
// behind the last, and -1 for one it does not have.
func bytesOf(s string, n int) int {
	if n > len(s) {
		return -1
	}
	for at := range s {
		if n == 0 {
			return at
		}
		n--
	}
	if n == 0 {
		return len(s)
	}
	return -1
}

// absolute is the address of a path of this server as others know it.
func (c *call) absolute(path string) string {
	origin := c.s.Public
	if origin == "" {
		origin = "http://" + c.r.Host
		if c.r.TLS != nil {
			origin = "https://" + c.r.Host
		}
	}
	return strings.TrimSuffix(origin, "/") + c.s.Base + path
}
