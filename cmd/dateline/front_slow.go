package main

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"dateline/internal/access"
)

// What a client may take its time for. A page takes milliseconds, so this is
// for lines that are slow, and ends those who only hold a connection. An answer
// may take as long as it does, if it is read at a rate that any line has.
const (
	headerTime = 10 * time.Second
	bodyTime   = time.Minute      // a list of outlets of 20 MB at 3 Mbit/s
	writeTime  = 30 * time.Second // that a client may be behind with reading
	leastRate  = 16 << 10         // bytes a second that it reads, over all
	idleTime   = 2 * time.Minute
	maxHeader  = 32 << 10
	maxStreams = 100 // requests at once on a connection
)

// limited is a server with the limits that strangers make needed. It serves
// connections of a [patient] listener.
func limited(h http.Handler, log slog.Handler) *http.Server {
	return &http.Server{
		Handler: inTime(h), ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: maxHeader,
		HTTP2:    &http.HTTP2Config{MaxConcurrentStreams: maxStreams},
		ErrorLog: slog.NewLogLogger(quiet{log}, slog.LevelDebug),
	}
}

// inTime bounds how long a request's body takes to come, and by HTTP/2 how
// slowly an answer is read. A server's ReadTimeout is of no use: it goes on after
// the body, and breaks off answers that take longer.
func inTime(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := http.NewResponseController(w)
		if r.Body != nil && r.Body != http.NoBody {
			c.SetReadDeadline(time.Now().Add(bodyTime))
			r.Body = &timedBody{r.Body, c}
		}
		if r.ProtoMajor < 2 {
			next.ServeHTTP(w, r)
			return
		}
		// A connection has many answers, each of which is written only as the
		// client asks for it, so that none of them holds up the connection.
		p := &pacedWriter{ResponseWriter: w, to: c}
		defer func() { c.SetWriteDeadline(time.Now().Add(writeTime)) }() // for what is left of it
		next.ServeHTTP(p, r)
	})
}

// timedBody is a body whose deadline ends with it.
type timedBody struct {
	io.ReadCloser
	of *http.ResponseController
}

func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		b.of.SetReadDeadline(time.Time{})
	}
	return n, err
}

// pacedWriter is an answer by HTTP/2 that is written in time. There a deadline
// ends the answer when it comes, whether something is written or not, so there is
// none between writes.
type pacedWriter struct {
	http.ResponseWriter
	pace pace
	to   *http.ResponseController
}

func (w *pacedWriter) Write(b []byte) (int, error) {
	defer w.deadline(time.Time{})
	return w.pace.write(b, w.deadline, w.ResponseWriter.Write)
}

func (w *pacedWriter) Flush() {
	defer w.deadline(time.Time{})
	w.pace.write(nil, w.deadline, func([]byte) (int, error) { return 0, w.to.Flush() })
}

func (w *pacedWriter) deadline(t time.Time) { w.to.SetWriteDeadline(t) }

func (w *pacedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// pace is how far who reads is behind.
type pace struct{ late time.Duration }

// write writes until the reader is too late.
func (p *pace) write(b []byte, deadline func(time.Time), write func([]byte) (int, error)) (int, error) {
	begun, may := time.Now(), time.Duration(len(b))*time.Second/leastRate
	deadline(begun.Add(writeTime - p.late + may))
	n, err := write(b)
	p.late = min(writeTime, max(0, p.late+time.Since(begun)-may))
	return n, err
}

// patient is a listener whose connections end where a client does not take
// what it asked for.
type patient struct{ net.Listener }

func (l *patient) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &patientConn{Conn: c}, nil
}

type patientConn struct {
	net.Conn
	pace pace
	set  atomic.Pointer[time.Time] // deadline of who writes; nil for none
}

func (c *patientConn) Write(b []byte) (int, error) {
	return c.pace.write(b, func(t time.Time) {
		if set := c.set.Load(); set != nil && set.Before(t) {
			t = *set
		}
		c.Conn.SetWriteDeadline(t)
	}, c.Conn.Write)
}

func (c *patientConn) SetWriteDeadline(t time.Time) error {
	if t.IsZero() {
		c.set.Store(nil)
	} else {
		c.set.Store(&t)
	}
	return c.Conn.SetWriteDeadline(t)
}

// shared is a listener of which no address has more than its share of
// connections; one more is closed. Addresses that are exempt speak for many, or
// are this machine.
type shared struct {
	net.Listener
	most   int
	exempt func(netip.Addr) bool

	mu   sync.Mutex
	open map[string]int // by who has the address
}

func (l *shared) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		who := c.RemoteAddr().String()
		if a, err := netip.ParseAddrPort(who); err == nil && l.exempt(a.Addr().Unmap().WithZone("")) {
			return c, nil
		}
		if who = access.Network(who); l.take(who) {
			return &sharedConn{Conn: c, leave: sync.OnceFunc(func() { l.leave(who) })}, nil
		}
		c.Close()
	}
}

func (l *shared) take(who string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == nil {
		l.open = map[string]int{}
	}
	if l.open[who] >= l.most {
		return false
	}
	l.open[who]++
	return true
}

func (l *shared) leave(who string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[who]--; l.open[who] == 0 {
		delete(l.open, who)
	}
}

type sharedConn struct {
	net.Conn
	leave func()
}

func (c *sharedConn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}
