package demo

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// FuzzAnswer: whatever is asked for, every kind of outlet answers with a
// status that is one, leads only to itself, and answers the same again.
func FuzzAnswer(f *testing.F) {
	c := clock{begin, 1}
	room, err := newsroom(c)
	if err != nil {
		f.Fatal(err)
	}
	harm, err := newHostile(Options{}, 0)
	if err != nil {
		f.Fatal(err)
	}
	generated := newSeeded(Options{Pages: 40, Faults: everything}, 1, c, tongues())
	sites := append(room, harm, generated)
	for n := range 40 {
		f.Add(generated.path(n))
		f.Add(generated.moved(n))
	}
	for _, p := range append(harm.paths(begin), "/", "/robots.txt", "/news.php?id=4107", "/hop1/3-x", "/news/-1-x", "/%zz", "//", "/calendar/9999/12/31", "/maze/a?b=%") {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, path string) {
		if !strings.HasPrefix(path, "/") || len(path) > 2000 {
			return
		}
		if _, err := url.ParseRequestURI(path); err != nil {
			return
		}
		for _, s := range sites {
			r := request{base: "http://127.0.0.1:1", path: path, try: 9, nth: 99}
			a := s.answer(begin.Add(time.Hour), r)
			if a == nil {
				continue
			}
			again := s.answer(begin.Add(time.Hour), r)
			if again == nil || again.status != a.status || string(again.body) != string(a.body) {
				t.Errorf("%s: two answers to %q", s.info().Name, path)
			}
			a.settle(httptest.NewRequest("GET", "/", nil))
			if a.status < 200 || a.status > 599 {
				t.Errorf("%s: status %d for %q", s.info().Name, a.status, path)
			}
			if to := a.header.Get("Location"); to != "" && !strings.HasPrefix(to, r.base+"/") {
				t.Errorf("%s: %q leads to %s", s.info().Name, path, to)
			}
			s.forbidden(path)
		}
	})
}
