package main

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"dateline/internal/web"
)

// TestPublicPages holds the names in the settings to those of the pages.
func TestPublicPages(t *testing.T) {
	s, err := web.New(web.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range publicPages {
		if !slices.ContainsFunc(s.Routes(), func(r web.Route) bool { return r.Page == p }) {
			t.Errorf("%s may be public, and is the name of no page", p)
		}
	}
}

// TestCaught has a page fail: the log says so, and the server goes on.
func TestCaught(t *testing.T) {
	var log bytes.Buffer
	mux := http.NewServeMux()
	mux.HandleFunc("/bad/{secret}", func(http.ResponseWriter, *http.Request) { panic("a nil map") })
	mux.HandleFunc("/left", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	h := caught(slog.New(slog.NewTextHandler(&log, nil)), mux)
	for _, path := range []string{"/left", "/bad/hidden"} {
		func() {
			defer func() {
				if x := recover(); x != http.ErrAbortHandler {
					t.Errorf("%s: panics with %v", path, x)
				}
			}()
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
		}()
		if got := log.String(); strings.Contains(got, "hidden") || strings.Contains(got, "a nil map") != (path != "/left") {
			t.Errorf("%s: the log says %q", path, got)
		}
	}
}
