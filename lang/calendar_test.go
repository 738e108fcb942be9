package lang

import (
	"testing"
	"time"
)

func TestCalendars(t *testing.T) {
	for _, c := range []struct {
		calendar Calendar
		y, m, d  int
		want     string
	}{
		// Norouz, the leap days of both calendars, and a birthday.
		{Persian, 1402, 1, 1, "2023-03-21"},
		{Persian, 1402, 11, 4, "2024-01-24"},
		{Persian, 1403, 1, 1, "2024-03-20"},
		{Persian, 1403, 12, 30, "2025-03-20"},
		{Persian, 1404, 1, 1, "2025-03-21"},
		{Persian, 1357, 11, 22, "1979-02-11"},
		{Persian, 1399, 12, 30, "2021-03-20"},
		{Persian, 1300, 1, 1, "1921-03-21"},
		{Persian, 1402, 12, 30, ""},
		{Persian, 1402, 7, 31, ""},
		{Islamic, 1445, 1, 1, "2023-07-19"},
		{Islamic, 1445, 9, 1, "2024-03-11"},
		{Islamic, 1446, 1, 1, "2024-07-08"},
		{Islamic, 1400, 1, 1, "1979-11-21"},
		{Islamic, 1390, 1, 1, "1970-03-09"},
		{Islamic, 1445, 9, 31, ""},
		{Buddhist, 2567, 1, 24, "2024-01-24"},
		{ROC, 113, 1, 24, "2024-01-24"},
		{ROC, 113, 2, 29, "2024-02-29"},
		{ROC, 112, 2, 29, ""},
		{Gregorian, 2024, 1, 0, "2024-01"},
		{Persian, 1402, 1, 0, "2023-03"},
		{Gregorian, 0, 1, 1, ""},
		{Islamic, 1, 1, 1, ""},
	} {
		d, _, ok := inCalendar(c.calendar, c.y, c.m, c.d)
		got := d.String()
		if !ok {
			got = ""
		}
		if got != c.want {
			t.Errorf("%v %d-%d-%d is %q, want %q", c.calendar, c.y, c.m, c.d, got, c.want)
		}
	}
}

// TestGregorianDays goes through every day of the years that are read and
// compares it with package time.
func TestGregorianDays(t *testing.T) {
	at := time.Date(minYear, 1, 1, 0, 0, 0, 0, time.UTC)
	for day := gregorianDay(minYear, 1, 1); at.Year() <= maxYear; day++ {
		y, m, d := gregorianFromDay(day)
		if y != at.Year() || m != int(at.Month()) || d != at.Day() || gregorianDay(y, m, d) != day || weekday(day) != int(at.Weekday()) {
			t.Fatalf("day %d is %d-%d-%d, weekday %d; want %v", day, y, m, d, weekday(day), at)
		}
		at = at.AddDate(0, 0, 1)
	}
}

// TestPersianYears asks that years follow each other without gap or overlap.
func TestPersianYears(t *testing.T) {
	for y := 1200; y < 1600; y++ {
		length := 0
		for m := 1; m <= 12; m++ {
			if persianDay(y, m, 1)+persianMonthDays(y, m) != persianDay(y, m+1, 1) && m < 12 {
				t.Fatalf("%d-%d: the next month does not follow", y, m)
			}
			length += persianMonthDays(y, m)
		}
		if next := persianDay(y, 1, 1) + length; next != persianDay(y+1, 1, 1) {
			t.Fatalf("%d has %d days, but the next year begins %d later", y, length, persianDay(y+1, 1, 1)-persianDay(y, 1, 1))
		}
	}
}

// TestDateTables asks that the tables load and have what the searches rely on.
func TestDateTables(t *testing.T) {
	tables := loadDates()
	always, common := 0, 0
	for _, l := range tables.langs {
		if l.always {
			always++
		}
		if !l.rare {
			common++
		}
	}
	if always != 2 || common < 90 || len(tables.langs) < 250 {
		t.Errorf("%d languages, %d of them common, %d always; want at least 250, 90, 2", len(tables.langs), common, always)
	}
	if tables.nodes > len(tables.keys)*2/3 {
		t.Errorf("the tree has %d nodes in %d places", tables.nodes, len(tables.keys))
	}
	if size := len(calendarNamesData); size > 300<<10 {
		t.Errorf("calendar_names.tsv.gz has %d bytes", size)
	}
	t.Logf("%d languages, %d words, %d nodes", len(tables.langs), len(tables.words), tables.nodes)
}
