package web

import (
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
	"dateline/diff"
	"dateline/internal/store"
)

// versionsPage is the versions of an article, and what differs between two.
type versionsPage struct {
	Page     store.Page
	Outlet   string
	Versions []store.Version // newest first
	Old, New store.Version   // those compared; zero where there is one alone
	Language string
	Summary  []string
	Title    []change
	Text     []change
	Earlier  int // numbers of the versions before Old and behind New
	Later    int
}

// change is a stretch of text that is the same, removed or added; Left is how
// many characters of the same were left out in place of it.
type change struct {
	Op   string // same, del, ins
	Text string
	Left int
}

// versions shows what an article's versions have changed.
func (c *call) versions() error {
	page, err := c.s.Store.PageOf(c.ctx, c.r.PathValue("id"))
	if err != nil {
		return err
	}
	list, err := c.s.Store.Versions(c.ctx, page.N)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return dateline.ErrNotFound
	}
	names, err := c.outletNames()
	if err != nil {
		return err
	}
	p := versionsPage{Page: page, Outlet: outletName(names, page)}
	for i := range list {
		p.Versions = append(p.Versions, list[len(list)-1-i])
	}
	old, new := max(0, len(list)-2), len(list)-1
	if c.Query("b") != "" {
		if new, err = versionNumbered(list, c.Query("b")); err != nil {
			return err
		}
		old = max(0, new-1)
	}
	if c.Query("a") != "" {
		if old, err = versionNumbered(list, c.Query("a")); err != nil {
			return err
		}
	}
	title := list[len(list)-1].Title
	if old != new {
		if err := c.compare(&p, list, old, new); err != nil {
			return err
		}
	}
	return c.page(http.StatusOK, "versions", view{Title: c.T("versions.title", title)}, p)
}

func (c *call) compare(p *versionsPage, list []store.Version, old, new int) error {
	p.Old, p.New = list[old], list[new]
	if step := min(old, new); step > 0 {
		p.Earlier = list[step-1].Number
	}
	if step := max(old, new); step+1 < len(list) {
		p.Later = list[step+1].Number
	}
	a, err := c.s.Store.Article(c.ctx, p.Old.N)
	if err != nil {
		return err
	}
	b, err := c.s.Store.Article(c.ctx, p.New.N)
	if err != nil {
		return err
	}
	d := diff.Versions(a, b, c.s.Packs)
	p.Language, p.Summary = b.Language, c.told(d, a, b)
	p.Title = changesOf(a.Title, b.Title, d.Title)
	p.Text = changesOf(a.Text, b.Text, d.Text)
	return nil
}

// Around a change, so much of what is the same is shown: in bytes, about.
const (
	around    = 300
	leastLeft = 200 // less is not left out
)

// changesOf is the two texts in one. Where nothing changed it is nil.
func changesOf(old, new string, edits []diff.Edit) []change {
	var out []change
	for i, e := range edits {
		switch e.Op {
		case diff.Removed:
			out = append(out, change{Op: "del", Text: old[e.Old[0]:e.Old[1]]})
		case diff.Added:
			text := new[e.New[0]:e.New[1]]
			if i > 0 && edits[i-1].Op == diff.Removed && !spaceBetween(out[len(out)-1].Text, text) {
				out = append(out, change{Op: "same", Text: " "})
			}
			out = append(out, change{Op: "ins", Text: text})
		default:
			text := new[e.New[0]:e.New[1]]
			head, tail := around, around
			if i == 0 {
				head = 0
			}
			if i == len(edits)-1 {
				tail = 0
			}
			if len(text) < head+tail+leastLeft {
				out = append(out, change{Op: "same", Text: text})
				continue
			}
			from, to := wordStart(text, head), wordStart(text, len(text)-tail)
			if from > 0 {
				out = append(out, change{Op: "same", Text: text[:from]})
			}
			out = append(out, change{Op: "left", Left: len([]rune(text[from:to]))})
			if to < len(text) {
				out = append(out, change{Op: "same", Text: text[to:]})
			}
		}
	}
	return out
}

// spaceBetween tells whether a text that follows another is apart from it.
func spaceBetween(s, next string) bool {
	last, _ := utf8.DecodeLastRuneInString(s)
	first, _ := utf8.DecodeRuneInString(next)
	return unicode.IsSpace(last) || unicode.IsSpace(first)
}

// wordStart is the place at or not far behind another where a word begins, or
// else a character.
func wordStart(s string, at int) int {
	if at <= 0 || at >= len(s) {
		return min(max(at, 0), len(s))
	}
	if n := strings.IndexAny(s[at:], " \n"); n >= 0 && n < 50 {
		return at + n + 1
	}
	for at < len(s) && s[at]&0xC0 == 0x80 {
		at++
	}
	return at
}
