package warc

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"dateline"

	"github.com/google/go-cmp/cmp"
)

func TestSURT(t *testing.T) {
	session := strings.Repeat("0a", 16)
	for _, c := range []struct{ in, want string }{
		{"https://www.News.example:443/A/./b/?z=1&y=2#top", "example,news)/a/b?y=2&z=1"},
		{"http://news.example", "example,news)/"},
		{"http://news.example/", "example,news)/"},
		{"http://news.example:80/", "example,news)/"},
		{"http://news.example:8080/", "example,news:8080)/"},
		{"https://user:word@news.example/a", "example,news)/a"},
		{"http://www2.news.example/a", "example,news)/a"},
		{"http://wwwnews.example/a", "example,wwwnews)/a"},
		{"http://www.example/", "example)/"},
		{"http://192.0.2.7/a", "7,2,0,192)/a"},
		{"http://[2001:db8::1]:81/a", "[2001:db8::1]:81)/a"},
		{"http://news.example/a//b/../c", "example,news)/a/c"},
		{"http://news.example/../../a", "example,news)/a"},
		{"http://news.example/%7Ea/%2541", "example,news)/~a/a"},
		{"http://news.example/é b", "example,news)/%c3%a9%20b"},
		{"http://news.example/?", "example,news)/"},
		{"http://news.example/?b&a=", "example,news)/?a=&b"},
		{"http://news.example/?a=%3D%26", "example,news)/?&a=="},
		{"http://news.example/a;jsessionid=" + session, "example,news)/a"},
		{"http://news.example/a?PHPSESSID=" + session + "&b=1", "example,news)/a?b=1"},
		{"http://news.example/a?sid=7", "example,news)/a?sid=7"},
		{"urn:x:a b", "urn:x:a%20b"},
		{"", ""},
	} {
		if got := SURT(c.in); got != c.want {
			t.Errorf("%s: %s, want %s", c.in, got, c.want)
		}
	}
}

func TestLine(t *testing.T) {
	l := Line{
		Key: "example,news)/a?b=c&d", Timestamp: "20260102120000", URL: "https://news.example/a?b=c&d", Mime: "text/html", Status: 200,
		Digest: "abc", Length: 402, Offset: 0, Filename: "x.warc.gz",
	}
	b, err := l.Append([]byte("before"))
	if err != nil {
		t.Fatal(err)
	}
	want := `beforeexample,news)/a?b=c&d 20260102120000 {"url":"https://news.example/a?b=c&d","mime":"text/html","status":"200","digest":"abc","length":"402","offset":"0","filename":"x.warc.gz"}` + "\n"
	if diff := cmp.Diff(want, string(b)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got, err := ParseLine(b[len("before"):])
	if diff := cmp.Diff(l, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	got, err = ParseLine([]byte(`k 2026 {"url":"u","offset":7,"length":"8","more":[{}]}`))
	if diff := cmp.Diff(Line{Key: "k", Timestamp: "2026", URL: "u", Offset: 7, Length: 8}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, in := range []string{"", "a", "a 2026", "a 2026 ", "a 2026 {", "a  {}", `a 2026 {"offset":"-1"}`, `a 2026 {"offset":"x"}`, `a 2026 []`, "a 2026 {\n}"} {
		if got, err := ParseLine([]byte(in)); !errors.Is(err, dateline.ErrInvalid) {
			t.Errorf("%q: %v, %v", in, got, err)
		}
	}
	for _, l := range []Line{{}, {Key: "a b", Timestamp: "1"}, {Key: "a\nb", Timestamp: "1"}} {
		if b, err := l.Append(nil); !errors.Is(err, dateline.ErrInvalid) {
			t.Errorf("%v: %q, %v", l, b, err)
		}
	}
}

// FuzzLine: what is read as a line is written and read again as the same, and
// any address makes a key that can stand in a line, no longer than its escapes.
func FuzzLine(f *testing.F) {
	f.Add(`example,news)/a 20260102120000 {"url":"https://news.example/a","mime":"text/html","status":"200","digest":"abc","length":"402","offset":"0"}`)
	f.Add(`http://[::1]:80/%2e%2e/%25%32%35?sid=1&&a#b`)
	f.Fuzz(func(t *testing.T, in string) {
		key := SURT(in)
		if len(key) > 3*len(in)+8 {
			t.Errorf("%q grew to %q", in, key)
		}
		l := Line{Key: key, Timestamp: "2026", URL: in}
		b, err := l.Append(nil)
		if err != nil {
			t.Fatalf("key %q of %q: %v", key, in, err)
		}
		got, err := ParseLine(b)
		if err != nil || utf8.ValidString(in) && got != l {
			t.Errorf("%q: read as %v, %v", b, got, err)
		}
		if again, err := got.Append(nil); err != nil || string(again) != string(b) {
			t.Errorf("%q: written again as %q, %v", b, again, err)
		}
		l, err = ParseLine([]byte(in))
		if err != nil {
			return
		}
		if b, err = l.Append(nil); err != nil {
			t.Fatalf("write %v: %v", l, err)
		}
		if got, err := ParseLine(b); err != nil || got != l {
			t.Errorf("%v: read as %v, %v", l, got, err)
		}
	})
}
