package export

import (
	"cmp"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
)

// Losses are the articles that a file sent over HTTP leaves out, since they are
// damaged in the record. The zero value is none; Add is a [Damaged].
type Losses struct {
	n   int
	ids []string
	err error // of the first
}

// trailer says behind a file what is not in it.
const trailer = "Dateline-Damaged"

// mostNamed is how many damaged articles are named.
const mostNamed = 100

// Add counts an article.
func (l *Losses) Add(id, _ string, err error) {
	if l.n++; l.n <= mostNamed {
		l.ids = append(l.ids, id)
	}
	l.err = cmp.Or(l.err, err)
}

// Announce says before a file that losses may be told behind it.
func (l *Losses) Announce(h http.Header) { h.Set("Trailer", trailer) }

// Tell says behind a file how many losses there are and the ids of the first
// 100, in the trailer Dateline-Damaged and the log.
func (l *Losses) Tell(h http.Header, log *slog.Logger) {
	if l.n == 0 {
		return
	}
	log.Error("export damaged articles", "articles", l.n, "ids", l.ids, "err", l.err)
	h.Set(trailer, strconv.Itoa(l.n)+" "+strings.Join(l.ids, " "))
}
