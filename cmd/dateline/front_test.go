package main

import (
	"slices"
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
