package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rivo/uniseg"
)

func TestTold(t *testing.T) {
	for _, c := range []struct{ summary, want []string }{
		{nil, nil},
		{[]string{"headline changed", "2 sentences changed"}, []string{"headline changed", "2 sentences changed"}},
		// A figure that a headline adds beside a change of the same kind.
		{[]string{"headline changed", "9 missing added", "killed 41 to 52", "missing 20 to 9"}, []string{"killed 41 to 52", "missing 20 to 9"}},
		{[]string{"killed 41 to 52", "1 sentence changed", "time of change 2026-03-10T13:01:20+07:00 to 2026-03-10T13:04:00+07:00"}, []string{"killed 41 to 52"}},
		// Who was killed leads.
		{[]string{"3 rescued added", "a quotation of Ana Ruiz removed", "14 killed added", "person Ana Ruiz removed"},
			[]string{"14 killed added", "3 rescued added", "a quotation of Ana Ruiz removed", "person Ana Ruiz removed"}},
		{[]string{"missing 4 to 2", "injured 3 to 4", "killed 1 to 2", "person A added", "person B added", "person C added"},
			[]string{"killed 1 to 2", "injured 3 to 4", "missing 4 to 2", "3 more"}},
	} {
		if d := cmp.Diff(c.want, told(c.summary)); d != "" {
			t.Errorf("%q: %s", c.summary, d)
		}
	}
}

func TestParts(t *testing.T) {
	c := &card{}
	what := []string{"killed 41 to 52", "missing 20 to 9", "a quotation of Neneng Sulastri removed"}
	for _, x := range []struct {
		width int
		want  []string
	}{
		{80, []string{"killed 41 to 52 · missing 20 to 9 · a quotation of Neneng Sulastri removed"}},
		{54, []string{"killed 41 to 52 · missing 20 to 9", "a quotation of Neneng Sulastri removed"}},
		{20, []string{"killed 41 to 52", "missing 20 to 9", "a quotation of", "Neneng Sulastri", "removed"}},
	} {
		if d := cmp.Diff(x.want, c.parts(what, x.width)); d != "" {
			t.Errorf("%d: %s", x.width, d)
		}
	}
	if got := c.parts(nil, 20); len(got) != 0 {
		t.Errorf("of nothing %q is told", got)
	}
}

func TestFit(t *testing.T) {
	for _, s := range []string{"", "Warta Lembayung", "La Dépêche de Valcombe et de la Vallée", "تيار المرفأ الجديد للأخبار اليومية", "新しい港の新聞社と谷の日報"} {
		if got := uniseg.StringWidth(fit(s, column)); got != column {
			t.Errorf("%q is %d wide", s, got)
		}
	}
}
