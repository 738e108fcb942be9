package demo

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Hit is a request as the server saw it.
type Hit struct {
	Start, End time.Time // on the farm's clock: head read, answer sent
	Outlet     int       // as in [Farm.Outlets]
	Host       string    // the listener's address and port
	Path       string    // path and query as asked for
	Agent      string    // User-Agent

	// IfNoneMatch and IfModifiedSince are what the client sent; ETag and
	// Modified what it was given with the answer.
	IfNoneMatch, IfModifiedSince string
	ETag, Modified               string

	Status     int    // 0 where the connection was reset before one was sent
	RetryAfter string // as sent
	Location   string // as sent
	Ending     Ending
	Forbidden  bool // the outlet's robots.txt forbids the path
}

// Ending says how an answer goes out.
type Ending string

// The endings. All but Whole and Slow are faults that a client should take for
// a failure of the exchange.
const (
	Whole       Ending = ""             // as HTTP has it
	ResetBefore Ending = "reset-before" // the connection is reset, nothing sent
	ResetHead   Ending = "reset-head"   // within the head
	ResetBody   Ending = "reset-body"   // half way in the body
	CutBody     Ending = "cut-body"     // closed half way, Content-Length says more
	CutChunks   Ending = "cut-chunks"   // closed half way, the last chunk never comes
	TwoLengths  Ending = "two-lengths"  // two Content-Lengths that differ
	BadGzip     Ending = "bad-gzip"     // says gzip and breaks off in damaged data
	Slow        Ending = "slow"         // in pieces, with pauses, but whole
	Drip        Ending = "drip"         // a byte a second, as long as the client holds
	Silent      Ending = "silent"       // nothing, as long as the client holds
	Endless     Ending = "endless"      // the body again and again, as long as the client holds
)

// answer is what a site sends. Its maker leaves coding, validators and lengths
// to the server.
type answer struct {
	status   int // 0: 200
	header   http.Header
	body     []byte
	modified time.Time // of the content; zero: no validators
	plain    bool      // send without content coding, as it is
	ending   Ending
	pause    time.Duration // between the pieces of a slow answer
}

func page(kind string, body []byte, modified time.Time) *answer {
	return &answer{header: http.Header{"Content-Type": {kind}}, body: body, modified: modified}
}

func redirect(status int, location string) *answer {
	return &answer{status: status, header: http.Header{"Location": {location}, "Content-Type": {"text/html"}}, body: []byte("<html><head><title>Moved</title></head><body><a href=\"" + location + "\">Moved</a></body></html>\n")}
}

func status(code int) *answer {
	text := fmt.Sprintf("%d %s", code, http.StatusText(code))
	return &answer{status: code, header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, body: []byte("<!DOCTYPE html><html><head><title>" + text + "</title></head><body><h1>" + text + "</h1></body></html>\n")}
}

// ServeHTTP answers for the outlet whose listener took the connection.
func (f *Farm) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	local := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr).AddrPort()
	local = netip.AddrPortFrom(local.Addr().Unmap(), local.Port())
	n := f.byAddr[local]
	s := f.sites[n]
	path := r.URL.RequestURI()
	now := f.o.Now()
	hit := Hit{
		Start: now, Outlet: n, Host: local.String(), Path: path, Agent: r.UserAgent(),
		IfNoneMatch: r.Header.Get("If-None-Match"), IfModifiedSince: r.Header.Get("If-Modified-Since"),
		Forbidden: s.forbidden(path),
	}
	index, try, nth := f.begin(hit)
	var a *answer
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		a = status(http.StatusMethodNotAllowed)
	} else {
		a = s.answer(now, request{base: "http://" + local.String(), path: path, agent: r.UserAgent(), try: try, nth: nth, conditions: r.Header})
	}
	if a == nil {
		a = status(http.StatusNotFound)
	}
	a.settle(r)
	f.mu.Lock()
	h := &f.hits[index]
	h.Status, h.Ending = a.status, a.ending
	h.ETag, h.Modified = a.header.Get("ETag"), a.header.Get("Last-Modified")
	h.RetryAfter, h.Location = a.header.Get("Retry-After"), a.header.Get("Location")
	if a.ending == ResetBefore || a.ending == ResetHead {
		h.Status, h.ETag, h.Modified = 0, "", ""
	}
	f.mu.Unlock()
	// The end is written down before the last byte goes out: a client that
	// asks again as soon as it has the whole answer is not two at once.
	a.send(w, r, func() {
		end := f.o.Now()
		f.mu.Lock()
		f.hits[index].End = end
		f.mu.Unlock()
	})
}

// begin writes a hit down, and counts it.
func (f *Farm) begin(h Hit) (index, try, nth int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	path, _, _ := strings.Cut(h.Path, "?")
	key := tried{h.Outlet, path}
	try, nth = f.tries[key], f.pages[h.Outlet]
	f.tries[key]++
	if h.Path != "/robots.txt" {
		f.pages[h.Outlet]++
	}
	f.hits = append(f.hits, h)
	return len(f.hits) - 1, try, nth
}

// tried is an address of an outlet, without what is asked for: a page that is
// linked in two ways fails as often as if it were linked in one.
type tried struct {
	outlet int
	path   string
}

// settle makes of an answer what goes over the wire: not modified where the
// client knows it already, gzip where it takes that.
func (a *answer) settle(r *http.Request) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.header == nil {
		a.header = http.Header{}
	}
	if a.status == http.StatusOK && !a.modified.IsZero() {
		// Validators are of the content, without what changes by itself.
		etag := fmt.Sprintf("%q", strconv.FormatUint(hash(0, string(a.body)), 36))
		a.header.Set("ETag", etag)
		a.header.Set("Last-Modified", a.modified.UTC().Format(http.TimeFormat))
		match := r.Header.Get("If-None-Match")
		since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
		if match == etag || match == "" && err == nil && !a.modified.Truncate(time.Second).After(since) {
			a.status, a.body, a.ending = http.StatusNotModified, nil, Whole
			a.header.Del("Content-Type")
			return
		}
	}
	switch {
	case a.plain:
	case a.ending == BadGzip:
		a.header.Set("Content-Encoding", "gzip")
		a.body = damage(pack(a.body))
	case strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && len(a.body) > 1000:
		a.header.Set("Content-Encoding", "gzip")
		a.header.Add("Vary", "Accept-Encoding")
		a.body = pack(a.body)
	}
}

// packers are kept, as each has a megabyte of tables.
var packers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	return z
}}

func pack(b []byte) []byte {
	var out bytes.Buffer
	z := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	z.Reset(&out)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

// damage overwrites the middle of a gzip stream with what no deflate block
// begins with, and leaves the rest off.
func damage(b []byte) []byte {
	half := len(b) / 2
	return append(bytes.Clone(b[:half]), bytes.Repeat([]byte{0xff}, 64)...)
}

// send writes the answer. done is called before its last bytes.
func (a *answer) send(w http.ResponseWriter, r *http.Request, done func()) {
	if a.ending == Whole || a.ending == BadGzip {
		for name, values := range a.header {
			w.Header()[name] = values
		}
		if a.status != http.StatusNotModified {
			w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
		}
		done()
		w.WriteHeader(a.status)
		w.Write(a.body)
		return
	}
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		done()
		return
	}
	// What a client hangs up on is over, whatever was planned.
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer conn.Close()
	go func() {
		defer cancel()
		var b [1]byte
		conn.Read(b[:])
	}()
	conn.SetDeadline(time.Time{})
	a.sendRaw(ctx, conn, rw.Writer, done)
}

// sendRaw writes an answer that net/http would not.
func (a *answer) sendRaw(ctx context.Context, conn net.Conn, w *bufio.Writer, done func()) {
	reset := func() {
		w.Flush()
		if tcp, ok := conn.(*net.TCPConn); ok {
			tcp.SetLinger(0)
		}
		done()
	}
	var head strings.Builder
	fmt.Fprintf(&head, "HTTP/1.1 %d %s\r\nConnection: close\r\n", a.status, http.StatusText(a.status))
	a.header.Write(&head)
	length := fmt.Sprintf("Content-Length: %d\r\n", len(a.body))
	half := a.body[:len(a.body)/2]
	switch a.ending {
	case ResetBefore:
		reset()
		return
	case ResetHead:
		w.WriteString(head.String()[:len(head.String())/2])
		reset()
		return
	case CutChunks:
		fmt.Fprintf(w, "%sTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", head.String(), len(half), half)
	case TwoLengths:
		fmt.Fprintf(w, "%sContent-Length: %d\r\n%s\r\n%s", head.String(), len(half), length, a.body)
	case ResetBody:
		fmt.Fprintf(w, "%s%s\r\n%s", head.String(), length, half)
		reset()
		return
	case Slow:
		fmt.Fprintf(w, "%s%s\r\n", head.String(), length)
		pieces := 4
		for n := range pieces {
			w.Write(a.body[len(a.body)*n/pieces : len(a.body)*(n+1)/pieces])
			if n == pieces-1 {
				break
			}
			w.Flush()
			if !wait(ctx, a.pause) {
				break
			}
		}
	case Drip:
		fmt.Fprintf(w, "%s\r\n", head.String())
		for w.Flush() == nil && wait(ctx, a.pause) {
			w.WriteByte(' ')
		}
	case Silent:
		<-ctx.Done()
	case Endless:
		fmt.Fprintf(w, "%s\r\n", head.String())
		for ctx.Err() == nil {
			if _, err := w.Write(a.body); err != nil {
				break
			}
		}
	default: // CutBody
		fmt.Fprintf(w, "%s%s\r\n%s", head.String(), length, half)
	}
	done()
	w.Flush()
}

// wait lets real time pass, and reports whether it did.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
