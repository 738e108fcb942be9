package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/netutil"

	"dateline/internal/access"
	"dateline/internal/api"
	"dateline/internal/archive"
	"dateline/internal/export"
	"dateline/internal/notify"
	"dateline/internal/store"
	"dateline/internal/web"
)

// leaveTime is for what is under way when it is stopped.
const leaveTime = 5 * time.Second

// front serves a record's pages, and on another port the kept ones.
type front struct {
	record  *record
	archive *archive.Reader
	lines   [2]net.Listener // of pages, of kept pages
	servers [2]*http.Server
	cert    *certificate // nil without TLS
	notify  *notify.Notifier
	pages   *web.Server
	address string // of the first page, as a browser has it
}

// openFront listens and makes the pages. Where anyPort is set and the port is
// taken, it takes a free one.
func openFront(r *record, guard *access.Guard, anyPort bool) (f *front, err error) {
	v := &r.settings.Serve
	f = &front{record: r}
	defer func() {
		if err != nil {
			f.close()
		}
	}()
	if v.TLSCert != "" {
		f.cert = &certificate{cert: v.TLSCert, key: v.TLSKey, log: r.log}
		if err := f.cert.load(); err != nil {
			return f, err
		}
	}
	if f.lines[0], err = listen(v.Listen, anyPort); err != nil {
		return f, err
	}
	if f.lines[1], err = listen(cmp.Or(v.Replay, nextPort(f.lines[0].Addr())), v.Replay == ""); err != nil {
		return f, err
	}
	if f.archive, err = archive.OpenRead(r.archiveDir()); err != nil {
		return f, err
	}
	packs, err := loadPacks(r.settings.Packs.Dir, discard{})
	if err != nil {
		return f, err
	}
	f.address = f.origin(f.lines[0], v.Public, "") + v.Base + "/"
	public := cmp.Or(v.Public, strings.TrimSuffix(f.address, v.Base+"/"))
	if f.notify, err = newNotifier(r, public+v.Base); err != nil {
		return f, err
	}
	room := newNewsroom(r)
	exports := new(export.Gate)
	programs := api.New(api.Options{
		Store: r.store, Archive: f.archive, Newsroom: programs{room}, Exports: exports, Guard: guard, Analyzer: r.pipeline.Analyzer, Packs: packs, Now: time.Now, Log: r.log,
		Base: v.Base, Public: public, Version: version(),
	})
	pages, err := web.New(web.Options{
		Store: r.store, Archive: f.archive, Notify: f.notify, Newsroom: room, Exports: exports, API: programs.Handler(), Guard: guard, Analyzer: r.pipeline.Analyzer, Packs: packs, Now: time.Now, Log: r.log,
		Base: v.Base, Public: public, Replay: f.origin(f.lines[1], v.ReplayPublic, v.Public), Version: version(),
	})
	if err != nil {
		return f, err
	}
	f.pages = pages
	f.servers[0] = f.server(under(v.Base, programs.Front(pages.Handler())))
	f.servers[1] = f.server(pages.Replay())
	return f, nil
}

// discard takes what has been said already.
type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

func listen(address string, anyPort bool) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil && anyPort {
		if host, _, serr := net.SplitHostPort(address); serr == nil {
			l, err = net.Listen("tcp", net.JoinHostPort(host, "0"))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("serve at %s: %w; name another address with --listen", address, err)
	}
	return l, nil
}

// nextPort is the address with the next port.
func nextPort(a net.Addr) string {
	host, port, _ := net.SplitHostPort(a.String())
	n, _ := strconv.Atoi(port)
	return net.JoinHostPort(host, strconv.Itoa((n+1)%(1<<16)))
}

// origin is that of a listener: as it is set, else by the host of another
// origin, else by its own address; empty where it listens everywhere.
func (f *front) origin(l net.Listener, set, by string) string {
	if set != "" {
		return set
	}
	scheme := "http"
	if f.cert != nil {
		scheme = "https"
	}
	host, port, _ := net.SplitHostPort(l.Addr().String())
	if u, err := url.Parse(by); err == nil && u.Host != "" {
		host = u.Hostname()
	} else if a, err := netip.ParseAddr(host); err == nil && a.IsUnspecified() {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// server serves one of the listeners.
func (f *front) server(h http.Handler) *http.Server {
	h = access.Proxied(proxies(f.record.settings.Serve.TrustedProxies), caught(f.record.log, h))
	if f.cert == nil {
		return limited(h, f.record.log.Handler())
	}
	s := limited(strict(h), f.record.log.Handler())
	s.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: f.cert.current}
	return s
}

// under serves what a proxy asks for without the path it has the pages under as
// though it were there: some take it off.
func under(base string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rest, ok := strings.CutPrefix(r.URL.Path, base); !ok || rest != "" && rest[0] != '/' {
			u := *r.URL
			u.Path = base + u.Path
			if u.RawPath != "" {
				u.RawPath = base + u.RawPath
			}
			again := *r
			again.URL = &u
			r = &again
		}
		next.ServeHTTP(w, r)
	})
}

// caught logs faults of the program in what serves a request, and breaks the
// answer off.
func caught(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			x := recover()
			if x == nil {
				return
			}
			if x != http.ErrAbortHandler {
				log.Error("fault of the program", "route", r.Pattern, "panic", x, "stack", string(debug.Stack()))
			}
			panic(http.ErrAbortHandler)
		}()
		next.ServeHTTP(w, r)
	})
}

// quiet leaves what strangers do to a server out of a log: what goes wrong in
// pages is logged by them, and by caught.
type quiet struct{ slog.Handler }

func (quiet) Enabled(context.Context, slog.Level) bool { return false }

// serve serves until the context ends, or a listener fails.
func (f *front) serve(ctx context.Context) error {
	failed := make(chan error, len(f.servers))
	for i, s := range f.servers {
		l := f.bounded(f.lines[i], i)
		go func() {
			if f.cert != nil {
				failed <- s.ServeTLS(l, "", "")
			} else {
				failed <- s.Serve(l)
			}
		}()
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	leave, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveTime)
	defer cancel()
	stopped := make(chan error, 1)
	go func() { stopped <- f.pages.Stop(leave) }()
	for _, s := range f.servers {
		if s.Shutdown(leave) != nil {
			s.Close()
		}
	}
	if serr := <-stopped; serr != nil {
		f.record.log.Warn("what took long goes on at the next start", "err", serr)
	}
	return err
}

// close gives back what is open; serve has ended.
func (f *front) close() {
	for _, l := range f.lines {
		if l != nil {
			l.Close()
		}
	}
	if f.archive != nil {
		f.archive.Close()
	}
}

// bounded is a listener with as many connections as the settings let it have: of
// kept pages a quarter, as of each address.
func (f *front) bounded(l net.Listener, i int) net.Listener {
	most, known := f.record.settings.Serve.Connections, proxies(f.record.settings.Serve.TrustedProxies)
	quarter := max(1, most/4)
	if i == 0 {
		most = max(1, most-quarter)
	} else {
		most = quarter
	}
	exempt := func(a netip.Addr) bool {
		return a.IsLoopback() || slices.ContainsFunc(known, func(p netip.Prefix) bool { return p.Contains(a) })
	}
	return netutil.LimitListener(&patient{&shared{Listener: l, most: max(1, most/4), exempt: exempt}}, most)
}

// isLoopback tells whether only this machine reaches an address.
func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback() || host == "localhost"
}

// newGuard says who may do what on the pages. It refuses to serve others than
// this machine where nobody could log in.
func newGuard(ctx context.Context, r *record) (*access.Guard, error) {
	v := &r.settings.Serve
	for _, p := range v.PublicPages {
		if !slices.Contains(publicPages, p) {
			return nil, fmt.Errorf("serve.public_pages: %q is no page that can be public; they are %s", p, strings.Join(publicPages, ", "))
		}
	}
	g := &access.Guard{Users: r.store, Public: v.PublicPages, Base: v.Base, Secure: strings.HasPrefix(v.Public, "https:"), Idle: v.Idle, Lifetime: v.Lifetime, Now: time.Now, Log: r.log}
	public, _ := url.Parse(v.Public)
	where := ""
	switch {
	case !isLoopback(v.Listen):
		where = v.Listen
	case v.Public != "" && !isLoopback(net.JoinHostPort(public.Hostname(), "0")):
		where = v.Public
	default:
		g.Open = true
		if v.Public != "" {
			g.Hosts = []string{public.Host}
		}
		return g, nil
	}
	users, err := r.store.ListUsers(ctx)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(users, func(u store.User) bool { return u.Role == string(access.Admin) }) {
		return nil, fmt.Errorf("others than this machine reach %s, and nobody could log in; make an administrator first: dateline user add NAME --role admin", where)
	}
	return g, nil
}

// publicPages are those that may be looked at without a login, where the
// settings say so.
var publicPages = []string{"today", "article", "figures", "names", "outlets", "collections"}

// proxies are the networks of proxies that are believed.
func proxies(list []string) []netip.Prefix {
	var all []netip.Prefix
	for _, s := range list {
		if a, err := netip.ParseAddr(s); err == nil {
			all = append(all, netip.PrefixFrom(a, a.BitLen()))
		} else if p, err := netip.ParsePrefix(s); err == nil {
			all = append(all, p.Masked())
		}
	}
	return all
}
