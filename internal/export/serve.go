package export

import (
	"bufio"
	"cmp"
	"fmt"
	"mime"
	"net/http"
	"sync"
	"time"

	"dateline"
)

const (
	// Patience is how long an export may take to be sent.
	Patience = 30 * time.Minute
	piece    = 32 << 10 // that is sent at once

	atOnce      = 4
	ofStrangers = 2
	retry       = "10" // seconds
)

// Gate lets four exports be made at once: each reads all that fits, and may take
// half an hour of who is slow. Those of strangers, who can ask as often as they
// like where pages are public, are two of the four at most. The zero value is an
// open one.
type Gate struct {
	mu                sync.Mutex
	inside, strangers int
}

// Enter lets one in until leave is called. ErrLater is one too many, whose
// answer then says when to come again.
func (g *Gate) Enter(h http.Header, stranger bool) (leave func(), err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inside == atOnce || stranger && g.strangers == ofStrangers {
		h.Set("Retry-After", retry)
		return nil, fmt.Errorf("%d exports are under way: %w", g.inside, dateline.ErrLater)
	}
	count := func(n int) {
		if g.inside += n; stranger {
			g.strangers += n
		}
	}
	count(1)
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		count(-1)
	}, nil
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
// connection. How slowly it may be read is for the server to say.
func Send(w http.ResponseWriter, format, table string) *bufio.Writer {
	name := cmp.Or(table, "articles") + "." + format
	if format == "warc" {
		name = "pages.warc.gz"
	}
	h := w.Header()
	h.Set("Content-Type", MediaTypes[format])
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Cache-Control", "no-store")
	return bufio.NewWriterSize(w, piece)
}
