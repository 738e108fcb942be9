package dateline

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

func TestPageKey(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"https://www.outlet.example/a/?utm_source=x&id=7#top", "outlet.example/a?id=7"},
		{"http://m.outlet.example/a/amp/?id=7", "outlet.example/a?id=7"},
		{"http://OUTLET.example.:80/a", "outlet.example/a"},
		{"https://outlet.example:8443/a", "outlet.example:8443/a"},
		{"https://outlet.example", "outlet.example"},
		{"https://outlet.example/", "outlet.example"},
		{"https://www.example/", "www.example"},
		{"https://amp.outlet.example/a.amp.html?b=2&a=1", "outlet.example/a.html?a=1&b=2"},
		{"https://outlet.example/amp/a", "outlet.example/a"},
		{"https://outlet.example/a?outputType=amp", "outlet.example/a"},
		{"https://outlet.example/?p=12&fbclid=z", "outlet.example?p=12"},
		{"https://outlet.example/A%2Fb", "outlet.example/A%2Fb"},
		{"https://outlet.example/example", "outlet.example/example"},
		{"https://outlet.example/a//", "outlet.example/a"},
		{"http://[2001:db8::1]/a", "2001:db8::1/a"},
		{"https://outlet.example/%d8%a7/%7ejo%2d?q=%d8%a7", "outlet.example/%D8%A7/~jo-?q=%D8%A7"},
		{"https://outlet.example/ا?q=ا", "outlet.example/%D8%A7?q=%D8%A7"},
		{"https://outlet.example/a/./b/../c", "outlet.example/a/c"},
		{"https://m.co.uk/a", "m.co.uk/a"},
		{"https://m.outlet.co.uk/a", "outlet.co.uk/a"},
		{"https://m.outlet.id/a", "outlet.id/a"},
		{"https://outlet.example/#!/story/7", "outlet.example#!/story/7"},
		{"https://outlet.example/a#!", "outlet.example/a"},
		{"https://outlet.example/50%", "-"},
		{"https://outlet.example/a?rate=50%", "outlet.example/a?rate=50%"},
	} {
		got, err := PageKey(c.in)
		if c.want == "-" && errors.Is(err, ErrInvalid) {
			continue // no address
		}
		if err != nil || got != c.want {
			t.Errorf("%s: got %q, %v, want %q", c.in, got, err, c.want)
		}
	}
	for _, in := range []string{"", "a/b", "/a", "ftp://a.example/", "javascript:alert(1)", "http://", "http://a\x00b/", "http://%zz/"} {
		if got, err := PageKey(in); !errors.Is(err, ErrInvalid) {
			t.Errorf("%q: got %q, %v, want invalid", in, got, err)
		}
	}
}

// Ids are part of what users cite: they may never change.
func TestIDs(t *testing.T) {
	if got, want := PageID("outlet.example/a?id=7"), "enhvvccsu1hnjuqnmfmr6ocp6s"; got != want {
		t.Errorf("page id %q, want %q", got, want)
	}
	if got, want := OutletID("outlet.example"), "jp7q0qurm89ge"; got != want {
		t.Errorf("outlet id %q, want %q", got, want)
	}
}

// FuzzPageKey: what has a key keeps it when it gets a fragment and a tracking
// parameter, and keys do not grow.
func FuzzPageKey(f *testing.F) {
	f.Add("https://www.outlet.example/a/?utm_source=x&id=7#top")
	f.Add("http://m.outlet.example/amp/amp/a.amp/")
	f.Fuzz(func(t *testing.T, in string) {
		key, err := PageKey(in)
		if err != nil {
			return
		}
		if len(key) > 3*len(in) {
			t.Errorf("%q grew to %q", in, key)
		}
		u, err := url.Parse(strings.TrimSpace(in))
		if err != nil {
			t.Fatalf("%q has a key and is no address: %v", in, err)
		}
		u.Fragment, u.RawFragment = "part", ""
		u.RawQuery = "utm_medium=feed&" + u.RawQuery
		if again, err := PageKey(u.String()); err != nil || again != key {
			t.Errorf("%q: key %q, and of %q %q, %v", in, key, u, again, err)
		}
	})
}
