// Package demo is a world of news on loopback: invented outlets that publish,
// edit, move and remove pages while one watches, and generated ones that
// misbehave by a plan.
//
// Its words: the newsroom is the seven outlets whose text is written by hand
// in outlets/; generated outlets have as many pages as are asked for; the
// schedule says what is there at which second after the start; a fault is an
// answer that goes wrong on purpose; a hit is a request as the server saw it,
// and the hits are the judge of a client's politeness.
//
//	farm, err := demo.Start(demo.Options{Speed: 10})
//	for _, o := range farm.Outlets() { fmt.Println(o.Name, o.Home) }
//	defer farm.Close()
//
// What an outlet answers depends on the options, the clock and how often the
// address was asked for, and on nothing else: there is no goroutine that moves
// the schedule on, and the same seed gives the same pages and faults in
// whatever order they are asked for.
//
// It serves HTTP/1.1 without TLS on addresses of this machine only, and it is
// no client: who may connect where is for others to guard.
package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"dateline"
)

// Options say what a farm serves. The zero value is the newsroom in real time.
type Options struct {
	// Now is the clock: of the schedule, of the dates on pages, of the log.
	// Default [time.Now].
	Now func() time.Time

	// Seed chooses the generated text and the faults.
	Seed uint64

	// Speed is how many seconds of the schedule pass in one second of the
	// clock. Default 1.
	Speed float64

	// Outlets is how many outlets are generated, in place of the newsroom,
	// and Pages how many pages each has. Default none: the newsroom.
	Outlets, Pages int

	// Faults are what goes wrong at generated outlets. Default nothing.
	Faults Faults

	// Hostile is how many outlets that only do harm stand beside the others.
	Hostile int

	// Bombs is a folder of hostile files with a manifest.jsonl, which the
	// hostile outlets serve beside what they make themselves. Default none.
	Bombs string
}

// Info is what one should know of an outlet of a farm.
type Info struct {
	Name     string
	Home     string         // address of its front page
	Language string         // BCP 47
	Listener netip.AddrPort // where it listens: a client's guard must admit this
	Shows    string         // what is to be seen there, in a few words
}

// Farm is a running world of outlets. Its methods may be used from many
// goroutines.
type Farm struct {
	o      Options
	start  time.Time
	sites  []site
	infos  []Info
	server *http.Server
	cancel context.CancelFunc
	byAddr map[netip.AddrPort]int
	served sync.WaitGroup

	mu    sync.Mutex
	hits  []Hit
	tries map[tried]int // requests for an address
	pages map[int]int   // requests of an outlet but for robots.txt
}

// site is what an outlet is to the server.
type site interface {
	info() Info                              // without Home and Listener
	answer(now time.Time, r request) *answer // nil: there is no such page
	forbidden(path string) bool              // by its robots.txt
}

// request is what sites look at of a request. Try counts from 0 how often this
// address was asked for, and Nth how many requests for pages the outlet had.
type request struct {
	base       string // "http://127.1.0.1:4711"
	path       string // path and query
	agent      string
	try, nth   int
	conditions http.Header
}

// Start opens the listeners of a farm, each outlet's on a loopback address of
// its own where the system has them, else on a port of 127.0.0.1, and serves
// until [Farm.Close].
func Start(o Options) (*Farm, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Speed == 0 {
		o.Speed = 1
	}
	if o.Speed < 0 || o.Outlets < 0 || o.Outlets > 60_000 || o.Pages < 0 || o.Hostile < 0 || o.Hostile > 1000 {
		return nil, fmt.Errorf("start farm: options out of range: %w", dateline.ErrInvalid)
	}
	f := &Farm{o: o, start: o.Now().Truncate(time.Second), byAddr: map[netip.AddrPort]int{}, tries: map[tried]int{}, pages: map[int]int{}}
	clock := clock{f.start, o.Speed}
	if o.Outlets == 0 {
		room, err := newsroom(clock)
		if err != nil {
			return nil, err
		}
		f.sites = append(f.sites, room...)
	}
	all := tongues()
	for n := range o.Outlets {
		f.sites = append(f.sites, newSeeded(o, n, clock, all))
	}
	for n := range o.Hostile {
		h, err := newHostile(o, n)
		if err != nil {
			return nil, err
		}
		f.sites = append(f.sites, h)
	}
	var ctx context.Context
	ctx, f.cancel = context.WithCancel(context.Background())
	f.server = &http.Server{
		Handler:           f,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: time.Minute,
		IdleTimeout:       time.Minute,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo),
	}
	var listeners []net.Listener
	for i, s := range f.sites {
		l, err := listen(i)
		if err != nil {
			f.cancel()
			for _, l := range listeners {
				l.Close()
			}
			return nil, fmt.Errorf("start farm: outlet %d: %w", i, err)
		}
		listeners = append(listeners, l)
		at := l.Addr().(*net.TCPAddr).AddrPort()
		info := s.info()
		info.Listener, info.Home = at, "http://"+at.String()+"/"
		f.infos = append(f.infos, info)
		f.byAddr[at] = i
	}
	for _, l := range listeners {
		f.served.Go(func() { f.server.Serve(l) })
	}
	return f, nil
}

// listen opens outlet n's listener. The whole of 127/8 is loopback on Linux;
// elsewhere only its first address is.
func listen(n int) (net.Listener, error) {
	own := netip.AddrFrom4([4]byte{127, byte(1 + n/62_500), byte(n / 250 % 250), byte(1 + n%250)})
	l, err := net.Listen("tcp4", netip.AddrPortFrom(own, 0).String())
	if err != nil {
		l, err = net.Listen("tcp4", "127.0.0.1:0")
	}
	return l, err
}

// Outlets are the farm's outlets, the newsroom or generated ones first, the
// hostile last.
func (f *Farm) Outlets() []Info { return append([]Info(nil), f.infos...) }

// Log is every request so far, in the order in which they came. One that is
// still being answered has no End.
func (f *Farm) Log() []Hit {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Hit(nil), f.hits...)
}

// Close ends the farm: listeners and connections are closed, answers under way
// cut off.
func (f *Farm) Close() error {
	f.cancel()
	err := f.server.Close()
	f.served.Wait()
	if errors.Is(err, context.Canceled) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// clock turns seconds of the schedule into moments.
type clock struct {
	start time.Time
	speed float64
}

// at is the moment of the schedule's d: what lies before the start did so in
// real time, what comes after it comes at the farm's speed.
func (c clock) at(d time.Duration) time.Time {
	if d > 0 {
		d = time.Duration(float64(d) / c.speed)
	}
	return c.start.Add(d)
}
