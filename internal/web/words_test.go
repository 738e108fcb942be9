package web

import (
	"testing"
	"time"

	"dateline/diff"
)

// TestDay writes values of dates.
func TestDay(t *testing.T) {
	s := worded(t)
	for _, tt := range []struct{ language, value, want string }{
		{"en", "P2M", "2 months"},
		{"en", "P1Y", "1 year"},
		{"en", "P10Y", "10 years"},
		{"en", "PT48H", "48 h"},
		{"en", "PT1M", "1 min"},
		{"en", "P3W", "3 weeks"},
		{"id", "P3D", "3 hari"},
		{"en", "2024-01-24TMO", "2024-01-24, morning"},
		{"id", "2024-01-24TEV", "2024-01-24, petang"},
		{"en", "PXW", "some weeks"},
		{"id", "PXD", "beberapa hari"},
		{"en", "PRESENT_REF", "now"},
		{"id", "PAST_REF", "beberapa waktu lalu"},
		{"en", "FUTURE_REF", "some time ahead"},
		{"en", "XXXX-WXX-1", "every Monday"},
		{"id", "XXXX-WXX-7", "setiap Minggu"},
		{"en", "XXXX-01-03", "01-03, of a year not said"},
		{"en", "2024-SU", "summer 2024"},
		{"id", "2024-Q3", "triwulan ketiga 2024"},
		{"en", "2024-W03-WE", "weekend of 2024-W03"},
		{"en", "199", "the 1990s"},
		{"en", "18", "the 1800s"},
		{"id", "20", "tahun 2000-an"},
		// As they stand.
		{"en", "2024", "2024"},
		{"en", "2024-01", "2024-01"},
		{"en", "2024-01-24", "2024-01-24"},
		{"en", "XXXX-W10", "XXXX-W10"},
		{"en", "XXXX-WXX-9", "XXXX-WXX-9"},
		{"en", "FY1989", "FY1989"},
		{"en", "2024-01-23T09:30", "2024-01-23T09:30"},
		{"en", "2024-W10", "2024-W10"},
		{"en", "P", "P"},
		{"en", "PT", "PT"},
		{"en", "P1DT2H", "P1DT2H"},
		{"en", "P-2D", "P-2D"},
		{"en", "P2", "P2"},
		{"en", "", ""},
	} {
		c := &call{s: s, set: settings{Language: tt.language}}
		if got := c.Day(tt.value); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.value, got, tt.want)
		}
	}
}

// TestStated writes times as outlets state them.
func TestStated(t *testing.T) {
	s := worded(t)
	s.Now = func() time.Time { return time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC) }
	c := &call{s: s, set: settings{Language: "en", zone: time.UTC}}
	for _, tt := range []struct{ stated, short, full string }{
		{"2026-03-10T13:05:30+07:00", "06:05", "2026-03-10 06:05 UTC"},
		{"2026-03-10T09:09:00", "2026-03-10 09:09", "2026-03-10 09:09 (zone not stated)"},
		{"2026-03-10T09:09", "2026-03-10 09:09", "2026-03-10 09:09 (zone not stated)"},
		{"2026-03-10", "2026-03-10", "2026-03-10"},
		{"2026", "2026", "2026"},
	} {
		if m := c.Stated(tt.stated); m.Short != tt.short || m.Full != tt.full {
			t.Errorf("%s: %+v", tt.stated, m)
		}
	}
}

// TestChangesApart keeps a word that is gone and the one that has come in its
// place apart.
func TestChangesApart(t *testing.T) {
	old, new := "killed 12, said he", "killed 14, she said"
	got := ""
	for _, c := range changesOf(old, new, []diff.Edit{
		{Op: diff.Same, Old: [2]int{0, 7}, New: [2]int{0, 7}},
		{Op: diff.Removed, Old: [2]int{7, 9}, New: [2]int{7, 7}},
		{Op: diff.Added, Old: [2]int{9, 9}, New: [2]int{7, 9}},
		{Op: diff.Same, Old: [2]int{9, 11}, New: [2]int{9, 11}},
		{Op: diff.Removed, Old: [2]int{11, 18}, New: [2]int{11, 11}},
		{Op: diff.Added, Old: [2]int{18, 18}, New: [2]int{11, 19}},
	}) {
		got += c.Op + ":" + c.Text + "|"
	}
	if want := "same:killed |del:12|same: |ins:14|same:, |del:said he|same: |ins:she said|"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
