package web

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"dateline/internal/access"
)

//go:embed all:templates text static
var files embed.FS

// templates are the pages by name.
type templates map[string]*template.Template

// view is what a template sees. Data is the page's own.
type view struct {
	*call
	Name  string
	Title string
	Feed  string // address of the page's news as a feed, from the base on
	Data  any
}

// loadTemplates reads layout.html, the parts (_*.html) and the pages.
func (s *Server) loadTemplates() (templates, error) {
	base := template.New("layout").Funcs(template.FuncMap{
		"css":  func() string { return s.Base + "/static/" + s.assets.css },
		"js":   func() string { return s.Base + "/static/" + s.assets.js },
		"htmx": func() string { return s.Base + "/static/" + s.assets.htmx },
		"list": func(v ...any) []any { return v },
		"dict": dict,
		"add":  func(a, b int) int { return a + b },
	})
	base, err := base.ParseFS(files, "templates/layout.html", "templates/_*.html")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	all := templates{}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name == "layout" || strings.HasPrefix(name, "_") {
			continue
		}
		t, err := base.Clone()
		if err == nil {
			t, err = t.ParseFS(files, file)
		}
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
		all[name] = t
	}
	return all, nil
}

// dict is a map of its arguments, for templates that take several.
func dict(kv ...any) (map[string]any, error) {
	if len(kv)%2 != 0 {
		return nil, fmt.Errorf("dict: %d arguments", len(kv))
	}
	m := map[string]any{}
	for i := 0; i < len(kv); i += 2 {
		k, ok := kv[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no name", kv[i])
		}
		m[k] = kv[i+1]
	}
	return m, nil
}

// T is a text of the interface, with {1}, {2} ... filled in.
func (c *call) T(key string, args ...any) string { return c.s.texts.text(c.set.Language, key, args) }

// Count is a text for a number of things: of key.one where there is one and the
// language tells that apart, else of key.many. {1} is the number.
func (c *call) Count(key string, n int, args ...any) string {
	form := ".many"
	if n == 1 {
		form = ".one"
	}
	return c.T(key+form, append([]any{c.Number(n)}, args...)...)
}

// Number writes a number with the separators of the interface's language.
func (c *call) Number(n int) string {
	s := strconv.Itoa(n)
	sep := c.T("number.group")
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + sep + s[i:]
	}
	return s
}

// URL is the address of a path of this server: "/article/", "x" is
// /base/article/x, with what is added escaped.
func (c *call) URL(path string, parts ...string) string {
	var b strings.Builder
	b.WriteString(c.s.Base + path)
	for _, p := range parts {
		b.WriteString(url.PathEscape(p))
	}
	return b.String()
}

// With is this page's address with some values of its query set, or removed
// where they are empty. The cursor goes with every change.
func (c *call) With(kv ...string) string {
	q := c.r.URL.Query()
	q.Del("cursor")
	for i := 0; i+1 < len(kv); i += 2 {
		if kv[i+1] == "" {
			q.Del(kv[i])
		} else {
			q.Set(kv[i], kv[i+1])
		}
	}
	here := c.r.URL.EscapedPath()
	if len(q) == 0 {
		return here
	}
	return here + "?" + q.Encode()
}

// Here is the page's own path and query from the base on, for forms that come
// back to it.
func (c *call) Here() string { return strings.TrimPrefix(c.r.URL.RequestURI(), c.s.Base) }

// Address is the page's own in full, for paper.
func (c *call) Address() string { return c.absolute(c.Here()) }

// Now is the time at which the page is made.
func (c *call) Now() time.Time { return c.s.Now() }

// Query is a value of the page's query.
func (c *call) Query(name string) string { return c.r.URL.Query().Get(name) }

// May tells whether the reader has a role.
func (c *call) May(role string) bool { return c.id.Role.Least(access.Role(role)) }

// Identity is who looks at the page.
func (c *call) Identity() access.Identity { return c.id }

// Version is the program's.
func (c *call) Version() string { return c.s.Version }

// Settings are the reader's.
func (c *call) Settings() settings { return c.set }

// Section is the entry of the menu that the page belongs to.
func (v *view) Section() string {
	rest := strings.TrimPrefix(strings.TrimPrefix(v.r.URL.Path, v.s.Base), "/")
	first, _, _ := strings.Cut(rest, "/")
	return first
}

// FindPath is where the box at the top searches: the page at hand, where it is
// one of what a search finds, else all articles.
func (v *view) FindPath() string {
	switch s := v.Section(); s {
	case "figures", "places":
		return "/" + s
	}
	return "/"
}

// Moment is a time as the reader's zone has it.
type Moment struct {
	ISO   string // for programs
	Short string // 14:05 for today, 28 Nov for this year, 2025-11-28
	Full  string // 2026-11-29 14:05 UTC+7
}

// Moment writes a time in the reader's zone.
func (c *call) Moment(t time.Time) Moment {
	if t.IsZero() {
		return Moment{}
	}
	l, now := t.In(c.set.zone), c.s.Now().In(c.set.zone)
	m := Moment{ISO: t.UTC().Format(time.RFC3339), Full: l.Format("2006-01-02 15:04 MST")}
	switch {
	case l.Format(time.DateOnly) == now.Format(time.DateOnly):
		m.Short = l.Format("15:04")
	case l.Year() == now.Year():
		m.Short = strconv.Itoa(l.Day()) + " " + c.T("month."+strconv.Itoa(int(l.Month())))
	default:
		m.Short = l.Format(time.DateOnly)
	}
	return m
}

// Stated is a time as an outlet states it (see the record): in the reader's
// zone where it has one of its own, else as it stands; Full says that it has none.
func (c *call) Stated(s string) Moment {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return c.Moment(t)
	}
	for _, layout := range [...]string{"2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			short := t.Format("2006-01-02 15:04")
			return Moment{ISO: s, Short: short, Full: c.T("when.nozone", short)}
		}
	}
	return Moment{ISO: s, Short: s, Full: s}
}

// LanguageName is a language's name in the interface's language, or its tag.
func (c *call) LanguageName(tag string) string {
	if tag == "" {
		return c.T("language.unknown")
	}
	if t, err := language.Parse(tag); err == nil {
		if name := display.Languages(language.Make(c.set.Language)).Name(t); name != "" {
			return name
		}
	}
	return tag
}

// Dir is the direction of a language's script, for the dir attribute.
func (c *call) Dir(tag string) string {
	if p := c.s.Packs.Pack(tag); p != nil {
		return p.Direction
	}
	return "auto"
}

func escapeQuery(s string) string { return url.QueryEscape(s) }
