package store

import (
	"testing"

	"dateline"
)

// TestDigests: what tells texts and entries apart is what they say, and no
// border between their parts can move.
func TestDigests(t *testing.T) {
	a := &dateline.Article{Title: "Six dead", Text: "Six died."}
	// As sha256sum has it.
	if got, want := TextDigest(a), "sha256:c72faf36384317519080478dd4ec45d6320cc6322ae4efc88dffbb2b218a9cb4"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, other := range []*dateline.Article{{Title: "Six dead", Text: "Six died"}, {Title: "Six", Text: "dead\nSix died."}, {Text: "Six dead\nSix died."}} {
		if TextDigest(other) == TextDigest(a) {
			t.Errorf("%q, %q has the same digest", other.Title, other.Text)
		}
	}
	if again := (&dateline.Article{Title: a.Title, Text: a.Text, Language: "xx"}); TextDigest(again) != TextDigest(a) {
		t.Error("the language is in the digest of the text")
	}
	e := dateline.Entry{URL: "https://outlet.example/1", Title: "Six dead", Modified: "2026-01-02"}
	for _, other := range []dateline.Entry{{Title: "Six dead2", Modified: "026-01-02"}, {Title: "Six dead"}, {Modified: "2026-01-02"}} {
		if EntryMark(other) == EntryMark(e) {
			t.Errorf("%+v has the mark of %+v", other, e)
		}
	}
	e.URL, e.Summary = "https://outlet.example/2", "more"
	if EntryMark(e) != EntryMark(dateline.Entry{Title: "Six dead", Modified: "2026-01-02"}) {
		t.Error("more than title and time of change is in the mark")
	}
}
