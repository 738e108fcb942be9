package read

import (
	"net/url"
	"testing"
)

func TestPageAddress(t *testing.T) {
	for _, tt := range []struct {
		base, other string
		n           int
		want        bool
	}{
		{"/news/ferry-sinks", "/news/ferry-sinks/2", 2, true},
		{"/news/ferry-sinks", "/news/ferry-sinks/page/2", 2, true},
		{"/news/ferry-sinks", "/news/ferry-sinks-2", 2, true},
		{"/news/ferry-sinks.html", "/news/ferry-sinks-2.html", 2, true},
		{"/news/ferry-sinks.html", "/news/ferry-sinks,seite-2.html", 2, true},
		{"/n/river", "/n/river/2", 2, true}, // the word is the article's
		{"/n/river/2", "/n/river/3", 3, true},
		{"/n/river/2", "/n/river", 1, true},
		{"/news/ferry/page/3", "/news/ferry", 1, true},
		{"/news/ferry/page/3", "/news/ferry/page/2", anyPage, true},
		{"/news/ferry", "/news/ferry?page=2", 2, true},
		{"/news/ferry?page=2", "/news/ferry", 1, true},
		{"/news/ferry?id=7&page=2", "/news/ferry?id=7", 1, true},
		{"/news/ferry", "/news/ferry?start=10", 3, true},

		{"/news/ferry", "/news/ferry?page=3", 2, false},
		{"/news/ferry", "/news/bridge/2", 2, false},
		{"/news/ferry", "/news/2", 2, false},
		{"/news/ferry-2", "/news/bridge-3", 3, false},
		{"/news/ferry", "/news", 1, false},
		{"/822", "/811", anyPage, false}, // the article before
		{"/news/822", "/news/823", anyPage, false},
		{"/article.php?id=812", "/article.php?id=811", anyPage, false},
		{"/article.php?id=812", "/article.php?id=640", 2, false},
		{"/?p=119", "/?p=123", anyPage, false},
		{"/article.php?id=812&cat=3", "/article.php?id=640&cat=9", 2, false},
		{"/article.php?id=812&page=2", "/article.php?id=812&page=3", 3, true},
		{"/article.php?id=812", "/article.php?id=812&page=2", anyPage, true},
		{"/news/ferry/3?from=x", "/news/ferry/2?from=x", anyPage, true},
		{"/", "/2", 2, false},
	} {
		base, err := url.Parse("https://outlet.example" + tt.base)
		if err != nil {
			t.Fatal(err)
		}
		if got := pageAddress(base, "https://outlet.example"+tt.other, tt.n); got != tt.want {
			t.Errorf("pageAddress(%s, %s, %d) = %v, want %v", tt.base, tt.other, tt.n, got, tt.want)
		}
	}
}

func TestPageLink(t *testing.T) {
	for _, tt := range []struct {
		text string
		n    int
		ok   bool
	}{
		{"2", 2, true}, {"Page 2", 2, true}, {"Seite 3", 3, true}, {"٢", 2, true}, {"२", 2, true}, {"Next page »", anyPage, true}, {"Laman berikutnya", anyPage, true},
		{"", 0, false}, {"In May 1998 2", 0, false}, {"1998", 0, false}, {"Harbour", 0, false},
	} {
		if n, ok := pageLink([]byte(tt.text)); n != tt.n && tt.ok || ok != tt.ok {
			t.Errorf("pageLink(%q) = %d, %v, want %d, %v", tt.text, n, ok, tt.n, tt.ok)
		}
	}
}
