package fetch

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"dateline"
)

func TestParseURL(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"http://example.org", "http://example.org/"},
		{" https://Example.ORG:8443/a b?q=x y#part ", "https://example.org:8443/a%20b?q=x%20y"},
		{"http://example.org?q", "http://example.org/?q"},
		{"http://example.org:/", "http://example.org/"},
		{"http://user:secret@example.org/", "http://example.org/"},
		{"HTTP://example.org/", "http://example.org/"},
		{"http://bücher.example/é?é=\"<>", "http://xn--bcher-kva.example/%C3%A9?%C3%A9=%22%3C%3E"},
		{"http://example.org/a%2Fb/../c", "http://example.org/c"},
		{"http://a_b.example/", "http://a_b.example/"},
		{"http://[2001:DB8::0:1]:80/", "http://[2001:db8::1]:80/"},
		{"http://[::ffff:127.0.0.1]/", "http://[::ffff:127.0.0.1]/"},
		{"http://127.0.0.1/", "http://127.0.0.1/"},
		{"http://１２７.０.０.１/", "http://127.0.0.1/"},
		{"http://1.example/", "http://1.example/"},
		{"http://0xyz/", "http://0xyz/"},
	} {
		u, err := parseURL(nil, c.in)
		if err != nil || u.String() != c.want {
			t.Errorf("%s: got %v, %v, want %s", c.in, u, err, c.want)
		}
	}
}

func TestParseURLErrors(t *testing.T) {
	for _, c := range []struct {
		in   string
		want error
	}{
		{"", dateline.ErrInvalid},
		{"example.org/story", dateline.ErrInvalid},
		{"//example.org/story", dateline.ErrInvalid},
		{"/story", dateline.ErrInvalid},
		{"http:story", dateline.ErrInvalid},
		{"http://example.org/" + strings.Repeat("x", 8<<10), dateline.ErrInvalid},
		{"http://example.org/?" + strings.Repeat("<", 4<<10), dateline.ErrInvalid},
		{"http:///story", dateline.ErrInvalid},
		{"http://:80/", dateline.ErrInvalid},
		{"http://./", dateline.ErrInvalid},
		{"http://example.org:0/", dateline.ErrInvalid},
		{"http://example.org:65536/", dateline.ErrInvalid},
		{"http://example.org:80x/", dateline.ErrInvalid},
		{"http://example.org/\r\nX: y", dateline.ErrInvalid},
		{"http://example.org/\x00", dateline.ErrInvalid},
		{"http://exa\tmple.org/", dateline.ErrInvalid},
		{"http://example.org\\@10.0.0.1/", dateline.ErrInvalid},
		{"http://exa mple.org/", dateline.ErrInvalid},
		{"http://127%2e0.0.1/", dateline.ErrInvalid},
		{"http://a*b/", dateline.ErrInvalid},
		{"http://[::1/", dateline.ErrInvalid},
		{"http://[fe80::1%25eth0]/", dateline.ErrRefused},
		{"file:///etc/passwd", dateline.ErrRefused},
		{"gopher://example.org/_x", dateline.ErrRefused},
		{"javascript:alert(1)", dateline.ErrRefused},
		{"data:text/html,x", dateline.ErrRefused},
		{"ftp://example.org/", dateline.ErrRefused},
		{"http://2130706433/", dateline.ErrRefused},
		{"http://0x7f.1/", dateline.ErrRefused},
		{"http://0x7f000001/", dateline.ErrRefused},
		{"http://0x/", dateline.ErrRefused},
		{"http://017700000001/", dateline.ErrRefused},
		{"http://0177.0.0.1/", dateline.ErrRefused},
		{"http://127.1/", dateline.ErrRefused},
		{"http://127.0.0.1./", dateline.ErrRefused},
		{"http://0/", dateline.ErrRefused},
		{"http://example.0XfF/", dateline.ErrRefused},
		{"http://134744072/", dateline.ErrRefused},
		{"http://２１３０７０６４３３/", dateline.ErrRefused},
	} {
		if u, err := parseURL(nil, c.in); !errors.Is(err, c.want) {
			t.Errorf("%q: got %v, %v, want %v", c.in, u, err, c.want)
		}
	}
}

func TestParseURLRelative(t *testing.T) {
	base, err := url.Parse("https://example.org/a/b?c")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ in, want string }{
		{"d", "https://example.org/a/d"},
		{"/d", "https://example.org/d"},
		{"../../d#e", "https://example.org/d"},
		{"?d", "https://example.org/a/b?d"},
		{"//Other.example", "https://other.example/"},
		{"http://user@other.example/", "http://other.example/"},
	} {
		u, err := parseURL(base, c.in)
		if err != nil || u.String() != c.want {
			t.Errorf("%s: got %v, %v, want %s", c.in, u, err, c.want)
		}
	}
}

// FuzzParseURL: what is accepted is http or https with a host, holds nothing
// that could break a request line, carries no user information, and is
// accepted again unchanged; a host that ends in a number is an address.
func FuzzParseURL(f *testing.F) {
	for _, s := range []string{"http://example.org/a?b#c", "https://u:p@[::1]:80/", "http://0x7f.1/", "http://bücher.example", "//x", "javascript:x", "http://a/%2f?\xff "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		u, err := parseURL(nil, in)
		if err != nil {
			if !errors.Is(err, dateline.ErrInvalid) && !errors.Is(err, dateline.ErrRefused) {
				t.Errorf("%q: error %v", in, err)
			}
			return
		}
		s := u.String()
		if !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") || u.Hostname() == "" || u.User != nil {
			t.Errorf("%q became %q", in, s)
		}
		if strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
			t.Errorf("%q became %q, which is not printable ASCII", in, s)
		}
		again, err := parseURL(nil, s)
		if err != nil || again.String() != s {
			t.Errorf("%q became %q and then %v, %v", in, s, again, err)
		}
	})
}

func TestShow(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                  "plain",
		`"quoted" \path`:         `"quoted" \path`,
		"a\x1b[2Jb":              `"a\x1b[2Jb"`,
		"\xff":                   `"\xff"`,
		strings.Repeat("x", 300): strings.Repeat("x", 200) + "...",
	} {
		if got := show(in); got != want {
			t.Errorf("show(%q) = %q, want %q", in, got, want)
		}
	}
}
