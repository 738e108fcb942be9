package export

import (
	"bufio"
	"cmp"
	"fmt"
	"mime"
	"net/http"
	"sync/atomic"
	"time"

	"dateline"
)

const (
	// Patience is how long an export may take to be sent.
	Patience = 30 * time.Minute
	// wait is how long who reads it may keep a piece of it waiting.
	wait  = 30 * time.Second
	piece = 32 << 10

	atOnce = 4
	retry  = "10" // seconds
)

// Gate lets four exports be made at once: each reads all that fits, and may take
// half an hour of who is slow. The zero value is an open one.
type Gate struct{ inside atomic.Int32 }

// Enter lets one in until leave is called. ErrLater is one too many, whose
// answer then says when to come again.
func (g *Gate) Enter(h http.Header) (leave func(), err error) {
	if g.inside.Add(1) > atOnce {
		g.inside.Add(-1)
		h.Set("Retry-After", retry)
		return nil, fmt.Errorf("%d exports are under way: %w", atOnce, dateline.ErrLater)
	}
	return func() { g.inside.Add(-1) }, nil
}

// MediaTypes are those of the formats.
var MediaTypes = map[string]string{
	"jsonl":   "application/jsonl",
	"csv":     "text/csv; charset=utf-8; header=present",
	"parquet": "application/vnd.apache.parquet",
	"warc":    "application/warc",
}

// Send begins an answer with a file, which is to be flushed. It is not to be
// taken for whole when it breaks off, so what goes wrong then has to end the
// connection.
func Send(w http.ResponseWriter, format, table string) *bufio.Writer {
	name := cmp.Or(table, "articles") + "." + format
	if format == "warc" {
		name = "pages.warc.gz"
	}
	h := w.Header()
	h.Set("Content-Type", MediaTypes[format])
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Cache-Control", "no-store")
	return bufio.NewWriterSize(&sender{w, http.NewResponseController(w)}, piece)
}

// sender gives who reads an answer so long again for each piece.
type sender struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (s *sender) Write(b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		// A server without deadlines has none to put off.
		_ = s.control.SetWriteDeadline(time.Now().Add(wait))
		var m int
		m, err = s.w.Write(b[n:min(n+piece, len(b))])
		n += m
	}
	return n, err
}
