package sqlite

import (
	"encoding/json"
	"testing"

	"dateline"
)

// TestGlance holds that figures at a glance keep what bounds them and what makes
// them rough.
func TestGlance(t *testing.T) {
	for value, want := range map[string]string{
		`{"what":"killed","min":41,"max":41,"modifier":"exact"}`:                 "killed 41",
		`{"what":"killed","min":40,"modifier":"at-least"}`:                       "killed at least 40",
		`{"what":"missing","max":40,"modifier":"at-most"}`:                       "missing at most 40",
		`{"what":"missing","max":40,"modifier":"nearly"}`:                        "missing nearly 40",
		`{"what":"displaced","min":1900,"max":1900,"modifier":"about"}`:          "displaced about 1900",
		`{"what":"injured","min":50,"max":60,"modifier":"exact"}`:                "injured 50–60",
		`{"what":"killed","min":9,"max":9,"modifier":"exact","modal":true}`:      "",
		`{"what":"money","min":1900,"max":1900,"modifier":"about","unit":"EUR"}`: "",
	} {
		var m marked
		if err := m.prepare([]dateline.Mark{{Kind: dateline.KindFigure, Value: json.RawMessage(value)}}); err != nil {
			t.Fatal(err)
		}
		if m.glance != want {
			t.Errorf("%s at a glance is %q, want %q", value, m.glance, want)
		}
	}
}

// TestGlanceOfWhole shows the whole where a part stands before it in one
// sentence, the headline before the text, and no history.
func TestGlanceOfWhole(t *testing.T) {
	figure := func(in dateline.Field, sentence int, low string) dateline.Mark {
		return dateline.Mark{Kind: dateline.KindFigure, In: in, Sentence: [2]int{sentence, sentence + 50}, Value: json.RawMessage(`{"what":"killed","min":` + low + `,"max":` + low + `}`)}
	}
	for _, tt := range []struct {
		marks []dateline.Mark
		want  string
	}{
		{[]dateline.Mark{figure(dateline.InText, 0, "4"), figure(dateline.InText, 0, "23"), figure(dateline.InText, 0, "1")}, "killed 23"},
		{[]dateline.Mark{figure(dateline.InText, 0, "4"), figure(dateline.InText, 60, "230000")}, "killed 4"},
		{[]dateline.Mark{figure(dateline.InTitle, 0, "4"), figure(dateline.InText, 0, "23")}, "killed 4"},
	} {
		var m marked
		if err := m.prepare(tt.marks); err != nil {
			t.Fatal(err)
		}
		if m.glance != tt.want {
			t.Errorf("%q, want %q", m.glance, tt.want)
		}
	}
}
