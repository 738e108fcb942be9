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

	atOnce = 4
	ofOne  = 2
	retry  = "10" // seconds
)

// Gate lets four exports be made at once: each reads all that fits, and may take
// half an hour of who is slow. Two of the four at most are one user's; all
// strangers, who can ask as often as they like where pages are public, are one.
// The zero value is an open one.
type Gate struct {
	mu     sync.Mutex
	inside int
	of     map[string]int // those inside, by name
}

// Enter lets who has that name in until leave is called; strangers have none.
// ErrLater is one too many, whose answer then says when to come again.
func (g *Gate) Enter(h http.Header, name string) (leave func(), err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inside == atOnce || g.of[name] == ofOne {
		h.Set("Retry-After", retry)
		if g.inside < atOnce && name != "" {
			return nil, fmt.Errorf("%d exports of yours are under way: %w", ofOne, dateline.ErrLater)
		}
		return nil, fmt.Errorf("%d exports are under way: %w", g.inside, dateline.ErrLater)
	}
	if g.of == nil {
		g.of = map[string]int{}
	}
	g.inside++
	g.of[name]++
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.inside--
		if g.of[name]--; g.of[name] == 0 {
			delete(g.of, name)
		}
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
