package fetch

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRights(t *testing.T) {
	h := http.Header{
		"X-Robots-Tag": {"NoArchive, noindex", "otherbot: nosnippet", "dateline: nofollow , noarchive",
			"unavailable_after: 25 Jun 2030 15:00:00 PST", "max-snippet: 20, noimageindex", "Unavailable_After: Fri, 1 Mar 2030"},
		"Tdm-Reservation": {"1"},
		"Tdm-Policy":      {"https://outlet.example/policy.json"},
		"Content-Usage":   {"train-ai=n,\tsearch=y\x1b", " "},
	}
	want := []string{"noarchive", "noindex", "nofollow", "unavailable_after: 25 jun 2030 15:00:00 pst", "max-snippet: 20", "noimageindex",
		"unavailable_after: fri, 1 mar 2030", "tdm-reservation=1", "tdm-policy=https://outlet.example/policy.json", "content-usage=train-ai=n, search=y"}
	if d := cmp.Diff(want, Rights(h)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got := Rights(http.Header{"X-Robots-Tag": {strings.Repeat("x", 1000) + strings.Repeat(",y,z", 100)}}); len(got) != 3 || len(got[0]) != maxRight {
		t.Errorf("got %d, of %d bytes", len(got), len(got[0]))
	}
	if got := Rights(nil); got != nil {
		t.Errorf("of nothing: %q", got)
	}
}

// FuzzRights: a short list of short, printable, different strings.
func FuzzRights(f *testing.F) {
	f.Add("noarchive, bot: x", "1")
	f.Fuzz(func(t *testing.T, tag, usage string) {
		list := Rights(http.Header{"X-Robots-Tag": {tag, tag}, "Content-Usage": {usage}})
		seen := map[string]bool{}
		for _, s := range list {
			if seen[s] || s == "" || len(s) > maxRight+20 || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f }) {
				t.Errorf("%q, %q: got %q", tag, usage, list)
			}
			seen[s] = true
		}
		if len(list) > maxRights {
			t.Errorf("%d entries", len(list))
		}
	})
}
