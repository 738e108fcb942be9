package main

import "testing"

func TestPlainWords(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"get https://vale.example/: connection closed without a response: corrupt", "get https://vale.example/: connection closed without a response"},
		{"no feed, sitemap or list of articles: not found; check the spelling", "no feed, sitemap or list of articles; check the spelling"},
		{"settings: invalid: fetch.dealy is no setting\nsettings: invalid: contact: what?", "settings: fetch.dealy is no setting\nsettings: contact: what?"},
		{"not now: the disk is full: write: no space left on device", "the disk is full: write: no space left on device"},
		{"article of https://vale.example/: not found: it has not been fetched yet", "article of https://vale.example/: it has not been fetched yet"},
		{"https://vale.example/: its host takes no more requests now: not now", "https://vale.example/: its host takes no more requests now"},
		// What says nothing without the word keeps it.
		{"outlet \"The Hill Post\": not found; `dateline outlets` lists them", "outlet \"The Hill Post\": not found; `dateline outlets` lists them"},
		{"cursor \"x\": invalid", "cursor \"x\": invalid"},
		{"refused: robots.txt forbids it", "refused: robots.txt forbids it"},
		{"corrupt", "corrupt"},
		{"", ""},
	} {
		if got := plainWords(c.in); got != c.want {
			t.Errorf("plainWords(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestOwnNetwork(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{"its robots.txt cannot be had (get http://127.0.0.1/robots.txt: address 127.0.0.1 is loopback: refused), so nothing", true},
		{"address 192.168.1.2 is private: refused", true},
		{"address 169.254.169.254 is link-local: refused", false}, // stays refused
		{"refused: robots.txt forbids this address", false},
	} {
		if got := ownNetwork(c.text); got != c.want {
			t.Errorf("ownNetwork(%q) = %v", c.text, got)
		}
	}
}
