package main

import (
	"strings"
	"testing"

	"dateline"
	"dateline/diff"
	"dateline/lang"
)

// TestDrawnEdits draws changed words that are near each other in one piece, in
// lines of the card's width.
func TestDrawnEdits(t *testing.T) {
	end := strings.Repeat(" Nothing else was known of it on Monday evening.", 3)
	old := &dateline.Article{Language: "en", Text: "The blast killed 12 miners and injured 7 others." + end + " It is 41 years old."}
	new := &dateline.Article{Language: "en", Text: "The blast killed 14 miners and injured 9 others." + end + " It is 42 years old."}
	for _, tt := range []struct {
		colour bool
		want   string
	}{
		{false, `
           The blast killed [-12-] {+14+} miners and injured [-7-] {+9+}
             others. Nothing else was known of it …
           … known of it on Monday evening. It is [-41-] {+42+} years old.
`},
		{true, `
           The blast killed <r>[-12-]</> <g>{+14+}</> miners and injured <r>[-7-]</> <g>{+9+}</>
             others. Nothing else was known of it …
           … known of it on Monday evening. It is <r>[-41-]</> <g>{+42+}</> years old.
`},
	} {
		c := &recordCard{card{width: 78, colour: tt.colour}}
		var b strings.Builder
		c.edits(&b, old.Text, new.Text, diff.Versions(old, new, lang.Builtin()).Text)
		got := "\n" + strings.NewReplacer("\x1b[31m", "<r>", "\x1b[32m", "<g>", reset, "</>").Replace(b.String())
		if got != tt.want {
			t.Errorf("colour %t:%s\nwant%s", tt.colour, got, tt.want)
		}
	}
}

func TestDayText(t *testing.T) {
	for value, want := range map[string]string{
		"P8Y": "8 years", "P1D": "1 day", "PT45M": "45 minutes", "P2M": "2 months", "2026-04-18TEV": "2026-04-18 evening",
		"2026-04": "2026-04", "2024-01-23T09:30": "2024-01-23T09:30", "PXW": "some weeks", "PRESENT_REF": "now", "XXXX-WXX-1": "every Monday", "XXXX-WXX-9": "XXXX-WXX-9",
		"2024-SU": "summer of 2024", "XXXX-01-03": "01-03 of a year not said", "2024-Q3": "2024-Q3", "199": "the 1990s", "18": "the 1800s", "P1DT2H": "P1DT2H", "PT3Y": "PT3Y", "": "",
	} {
		if got := dayText(value); got != want {
			t.Errorf("%s: %q, want %q", value, got, want)
		}
	}
}
