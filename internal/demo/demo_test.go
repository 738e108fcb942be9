package demo

import (
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dateline"
)

// begin is when the tests' clocks start.
var begin = time.Date(2026, 3, 12, 9, 30, 0, 0, time.UTC)

// hands is a clock that is moved by hand.
type hands struct{ passed atomic.Int64 }

func (h *hands) now() time.Time            { return begin.Add(time.Duration(h.passed.Load())) }
func (h *hands) set(d time.Duration)       { h.passed.Store(int64(d)) }
func (h *hands) options(o Options) Options { o.Now = h.now; return o }

func start(t testing.TB, o Options) *Farm {
	t.Helper()
	f, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// client follows no redirects and keeps no connections.
var client = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

type got struct {
	status int
	header http.Header
	body   string
	err    error
}

func get(t testing.TB, address string, headers ...string) got {
	t.Helper()
	r, err := http.NewRequest("GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(headers); n += 2 {
		r.Header.Set(headers[n], headers[n+1])
	}
	resp, err := client.Do(r)
	if err != nil {
		return got{err: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return got{resp.StatusCode, resp.Header, string(body), err}
}

func outletNamed(t testing.TB, f *Farm, name string) Info {
	t.Helper()
	for _, o := range f.Outlets() {
		if o.Name == name {
			return o
		}
	}
	t.Fatalf("no outlet %q", name)
	return Info{}
}

func TestStartRefuses(t *testing.T) {
	for _, o := range []Options{{Speed: -1}, {Outlets: -1}, {Pages: -1}, {Hostile: 5000}} {
		if _, err := Start(o); !errors.Is(err, dateline.ErrInvalid) {
			t.Errorf("%+v: got %v, want invalid", o, err)
		}
	}
	if _, err := Start(Options{Hostile: 1, Bombs: "no-such-folder"}); err == nil {
		t.Error("a folder of bombs that is not there is no error")
	}
}

// Closing a farm cuts off what is under way, and frees its addresses.
func TestClose(t *testing.T) {
	f, err := Start(Options{Hostile: 1})
	if err != nil {
		t.Fatal(err)
	}
	all := f.Outlets()
	last := all[len(all)-1]
	resp, err := client.Get(last.Home + "endless/story")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	// With an error or without: the body has no length but the connection's.
	io.Copy(io.Discard, resp.Body)
	l, err := net.Listen("tcp4", last.Listener.String())
	if err != nil {
		t.Fatalf("the address is still in use: %v", err)
	}
	l.Close()
}

// Every address that any outlet of the newsroom lists answers as it should,
// whenever it is asked for.
func TestNewsroomWhole(t *testing.T) {
	var h hands
	f := start(t, h.options(Options{}))
	for _, second := range []int{0, 100, 1000} {
		h.set(time.Duration(second) * time.Second)
		for n, s := range f.sites {
			o := s.(*outlet)
			home := strings.TrimSuffix(f.infos[n].Home, "/")
			front := get(t, home+"/")
			if front.status != 200 {
				t.Fatalf("%s: front page: %d, %v", o.fields["name"], front.status, front.err)
			}
			for _, sec := range o.sections {
				if g := get(t, home+o.sectionPath(sec)); g.status != 200 {
					t.Errorf("%s: section %s: %d", o.fields["name"], sec.Slug, g.status)
				}
			}
			for _, s := range o.stories {
				address := home + o.now(s, h.now())
				g := get(t, address)
				x, there := s.at(h.now())
				want := http.StatusOK
				switch {
				case s.published.After(h.now()):
					want = http.StatusNotFound
				case !there:
					want = http.StatusGone
				}
				if g.status != want || g.err != nil {
					t.Errorf("%s at %d s: got %d, %v, want %d", address, second, g.status, g.err, want)
				}
				if want != 200 {
					continue
				}
				text := html.UnescapeString(g.body)
				if o.fields["design"] != "tables" && !strings.Contains(text, `href="`+address+`"`) {
					t.Errorf("%s does not name itself its canonical address", address)
				}
				if want := string(encode(x.paras[0], o.charset())); !strings.Contains(text, want) {
					t.Errorf("%s at %d s does not say %q", address, second, x.paras[0])
				}
			}
			for _, kind := range []string{"feed", "sitemap"} {
				if p := o.fields[kind]; p != "" && o.feedState(h.now()) == feedWhole {
					if g := get(t, home+p); g.status != 200 || len(g.body) < 200 {
						t.Errorf("%s: %s: %d", home, p, g.status)
					}
				}
			}
		}
	}
}

func TestEditsAndMoves(t *testing.T) {
	var h hands
	f := start(t, h.options(Options{Speed: 2}))
	o := outletNamed(t, f, "Warta Lembayung")
	toll := o.Home + "2026/03/12/korban-banjir-cikarumpang-bertambah/"
	bridge := o.Home + "2026/03/12/jembatan-darurat-cikarumpang/"
	moved := o.Home + "2026/03/12/jembatan-darurat-sungai-cirumpang/"

	before := get(t, toll)
	if before.status != 200 || !strings.Contains(before.body, "41 orang") || !strings.Contains(before.body, "menggali kubur") {
		t.Fatalf("before: %d", before.status)
	}
	if again := get(t, toll, "If-None-Match", before.header.Get("ETag")); again.status != 304 || again.body != "" {
		t.Errorf("asked again with the tag: %d, %q", again.status, again.body)
	}
	if again := get(t, toll, "If-Modified-Since", before.header.Get("Last-Modified")); again.status != 304 {
		t.Errorf("asked again with the time: %d", again.status)
	}
	if g := get(t, moved); g.status != 404 {
		t.Errorf("before it moves, the new address: %d", g.status)
	}
	h.set(30 * time.Second) // a minute of the schedule
	edited := get(t, toll, "If-None-Match", before.header.Get("ETag"), "If-Modified-Since", before.header.Get("Last-Modified"))
	if edited.status != 200 || !strings.Contains(edited.body, "52 orang") || strings.Contains(edited.body, "menjadi 41 orang") {
		t.Errorf("edited: %d", edited.status)
	}
	h.set(75 * time.Second)
	if last := get(t, toll); strings.Contains(last.body, "menggali kubur") || !strings.Contains(last.body, "Koreksi:") {
		t.Error("the quotation is still there, or no correction")
	}
	if g := get(t, bridge); g.status != 301 || g.header.Get("Location") != moved {
		t.Errorf("moved: %d to %q", g.status, g.header.Get("Location"))
	}
	if g := get(t, moved); g.status != 200 || !strings.Contains(g.body, fmt.Sprintf("canonical\" href=%q", moved)) {
		t.Errorf("new address: %d", g.status)
	}
}
