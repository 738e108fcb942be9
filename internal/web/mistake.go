package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline"
	"dateline/search"
)

// mistake is an error that a reader can put right: a text of the interface, by
// its key behind "wrong.", and what is filled in.
type mistake struct {
	class error // of the root package
	key   string
	args  []any
}

func mistaken(class error, key string, args ...any) error { return &mistake{class, key, args} }

func (e *mistake) Error() string {
	return strings.TrimSpace(e.key+" "+strings.Trim(fmt.Sprint(e.args), "[]")) + ": " + e.class.Error()
}

func (e *mistake) Unwrap() error { return e.class }

// notFollowed is that there is nobody to ask outlets.
func notFollowed() error { return mistaken(dateline.ErrUnsupported, "followed") }

// reason is why something was not done. Foreign is that it is in English,
// whatever the interface's language.
type reason struct {
	Text    string
	Foreign bool
	Help    string // where it is said how a query is written
}

// why says what is wrong, as far as there are words for it: those of this
// package and of queries always have some.
func (c *call) why(err error) reason {
	var m *mistake
	var q *search.Mistake
	switch {
	case errors.As(err, &m):
		return reason{Text: c.T("wrong."+m.key, m.args...)}
	case errors.As(err, &q):
		return reason{Text: c.QueryNote(search.Note(*q)), Help: c.QueryHelp(q.Code)}
	}
	return c.Why(err.Error())
}

// Why says an error of another package.
func (c *call) Why(s string) reason {
	text, known := c.reasoned(s)
	return reason{Text: text, Foreign: !known && c.set.Language != fallback}
}

// Failed says what is wrong with what an errand did.
func (c *call) Failed(err error) reason { return c.why(err) }

// MistakeText says what is wrong with a query.
func (c *call) MistakeText(m *search.Mistake) string { return c.QueryNote(search.Note(*m)) }

// QueryNote says what is to be said of a query.
func (c *call) QueryNote(n search.Note) string {
	args := make([]any, len(n.Args))
	for i, a := range n.Args {
		args[i] = isolated(a)
	}
	return sentence(c.T("query."+n.Code, args...))
}

// sentence is a text as it stands alone: with a capital and a full stop, where it
// begins and ends with words of its own.
func sentence(s string) string {
	if r, n := utf8.DecodeRuneInString(s); unicode.IsLower(r) {
		s = string(unicode.ToUpper(r)) + s[n:]
	}
	if !strings.HasSuffix(s, "?") && !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "\u2069") {
		s += "."
	}
	return s
}

// readForm reads a form of an address's letters, so that one that is too large
// says so, and not that its fields are empty. Those with files are read where
// they are taken.
func (c *call) readForm() error {
	if c.r.Method != http.MethodPost || strings.HasPrefix(c.r.Header.Get("Content-Type"), "multipart/") {
		return nil
	}
	err := c.r.ParseForm()
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return mistaken(dateline.ErrTooLarge, "form.large", c.Bytes(large.Limit))
	case err != nil:
		return mistaken(dateline.ErrInvalid, "form")
	}
	return nil
}

// clipped is the beginning of what somebody sent, kept apart from the text
// around it.
func clipped(s string) string { return isolated(shortened(strings.ToValidUTF8(s, "\uFFFD"), 80)) }
