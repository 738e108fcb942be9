package lang

import (
	"os"
	"strings"
	"testing"
	"time"

	"dateline/internal/cputime"
)

// TestParseDate runs testdata/dates_parse.tsv: a string and the date, or "-".
func TestParseDate(t *testing.T) {
	data, err := os.ReadFile("testdata/dates_parse.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		in, want, _ := strings.Cut(line, "\t")
		d, ok := ParseDate(in)
		got := d.String()
		if !ok {
			got = "-"
		}
		if got != want {
			t.Errorf("ParseDate(%q) = %s, want %s", in, got, want)
		}
	}
}

// FuzzParseDate asks that what is read is valid and written so that it is read
// as the same.
func FuzzParseDate(f *testing.F) {
	data, err := os.ReadFile("testdata/dates_parse.tsv")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		in, _, _ := strings.Cut(line, "\t")
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, ok := ParseDate(s)
		if !ok {
			return
		}
		if !d.Valid() {
			t.Fatalf("ParseDate(%q) = %+v", s, d)
		}
		if again, ok := ParseDate(d.String()); !ok || again != d {
			t.Fatalf("ParseDate(%q) = %v, which is read as %v, %v", s, d, again, ok)
		}
	})
}

// FuzzURLDate asks for valid dates and no panic.
func FuzzURLDate(f *testing.F) {
	for _, c := range urlDates {
		f.Add(c.path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		if d, ok := URLDate(path); ok && (!d.Valid() || d.Month == 0) {
			t.Fatalf("URLDate(%q) = %+v", path, d)
		}
	})
}

var urlDates = []struct{ path, want string }{
	{"/news/2024/01/24/title", "2024-01-24"},
	{"/2024/jan/24/title", "2024-01-24"},
	{"/2024/January/24/", "2024-01-24"},
	{"/2024/1/4/title", "2024-01-04"},
	{"/20240124/title", "2024-01-24"},
	{"/title-20240124.html", "2024-01-24"},
	{"/news-2024-01-24-title.html", "2024-01-24"},
	{"/d/2024-01/24/content_123.htm", "2024-01-24"},
	{"/n1/2024/0124/c1002-1.html", "2024-01-24"},
	{"/202401/24/x", "2024-01-24"},
	{"/read/2024/01/24/123456/x?y=2023/05/06", "2024-01-24"},
	{"/2023/05/x/2024/01/24/", "2024-01-24"},
	{"/2024/01/", "2024-01"},
	{"/2024/01/24-killed-in-flood", "2024-01"},
	{"/2024/01/title", "2024-01"},
	{"2024/01/24", "2024-01-24"},
	{"/1985/03/02/archives/x", "1985-03-02"},
	{"", ""},
	{"/2024/", ""},
	{"/a/123456789", ""},
	{"/20241399/", ""},
	{"/world-12345678", ""},
	{"/x20240124/", ""},
	{"/2024/13/24", ""},
	{"/technology/2024/24/foo", ""},
	{"/2024/02/31/", "2024-02"},
	{"/3024/01/24/", ""},
	{"/2024-25/fixtures", ""},
	{"/id/2024-0124", ""},
	{"/section/1024/0101/", ""},
	{"/2024/março/24/", "2024-03-24"},
}

func TestURLDate(t *testing.T) {
	for _, c := range urlDates {
		if d, _ := URLDate(c.path); d.String() != c.want {
			t.Errorf("URLDate(%q) = %v, want %q", c.path, d, c.want)
		}
	}
}

func TestDateOrder(t *testing.T) {
	// From the earliest to the latest.
	list := []Date{
		{Year: 2023, Month: 12, Day: 31},
		{Year: 2024},
		{Year: 2024, Month: 1},
		{Year: 2024, Month: 1, Day: 1},
		{Year: 2024, Month: 1, Day: 1, HasTime: true},
		{Year: 2024, Month: 1, Day: 1, HasTime: true, Zone: ZoneUTC},
		{Year: 2024, Month: 1, Day: 1, HasTime: true, Hour: 9, Zone: ZoneOffset, Offset: 7 * 60},
		{Year: 2024, Month: 1, Day: 1, HasTime: true, Hour: 9, Nanosecond: 5},
	}
	for i, d := range list {
		if !d.Valid() {
			t.Errorf("%+v is not valid", d)
		}
		for j, e := range list {
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			if got := d.Compare(e); got != want || d.Before(e) != (want < 0) {
				t.Errorf("%v.Compare(%v) = %d, want %d", d, e, got, want)
			}
		}
	}
}

func TestDateValid(t *testing.T) {
	for _, d := range []Date{
		{},
		{Year: 999},
		{Year: 3000},
		{Year: 2024, Day: 1},
		{Year: 2024, Month: 13},
		{Year: 2024, Month: 2, Day: 30},
		{Year: 2023, Month: 2, Day: 29},
		{Year: 2024, Month: 1, HasTime: true},
		{Year: 2024, Month: 1, Day: 1, Hour: 9},
		{Year: 2024, Month: 1, Day: 1, Zone: ZoneUTC},
		{Year: 2024, Month: 1, Day: 1, HasTime: true, Hour: 24},
		{Year: 2024, Month: 1, Day: 1, HasTime: true, Zone: ZoneUTC, Offset: 60},
		{Year: 2024, Month: 1, Day: 1, HasTime: true, Zone: ZoneOffset, Offset: 2000},
	} {
		if d.Valid() {
			t.Errorf("%+v is valid", d)
		}
	}
}

func TestDateTime(t *testing.T) {
	jakarta := time.FixedZone("WIB", 7*3600)
	for _, c := range []struct{ in, want string }{
		{"2024", "2024-01-01T00:00:00+07:00"},
		{"2024-01-24", "2024-01-24T00:00:00+07:00"},
		{"2024-01-24T09:30:00", "2024-01-24T09:30:00+07:00"},
		{"2024-01-24T09:30:00Z", "2024-01-24T09:30:00Z"},
		{"2024-01-24T09:30:00-05:00", "2024-01-24T09:30:00-05:00"},
	} {
		d, ok := ParseDate(c.in)
		if got := d.Time(jakarta).Format(time.RFC3339); !ok || got != c.want {
			t.Errorf("%s: Time = %s, want %s", c.in, got, c.want)
		}
	}
}

func timeOf(f func()) float64 {
	start := cputime.Used()
	f()
	return float64(cputime.Used() - start)
}
