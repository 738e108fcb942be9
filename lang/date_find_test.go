package lang

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

var updateDates = flag.Bool("update-dates", false, "rewrite testdata/dates.tsv with what is found")

// describe prints matches as testdata/dates.tsv has them.
func describe(text string, list []DateMatch) string {
	if len(list) == 0 {
		return "-"
	}
	var out []string
	for _, m := range list {
		s := fmt.Sprintf("[%s] %v", text[m.Start:m.End], m.Date)
		if m.Calendar != Gregorian {
			s += " " + m.Calendar.String()
		}
		if m.Ambiguous {
			s += " ambiguous"
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func tagsOf(column string) []string {
	if column == "-" {
		return nil
	}
	return strings.Split(column, ",")
}

// TestFindDates runs testdata/dates.tsv: tags, text, what is found.
func TestFindDates(t *testing.T) {
	const file = "testdata/dates.tsv"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	languages := make(map[string]bool)
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			out.WriteString(line + "\n")
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) < 2 {
			t.Fatalf("%s: %q: want tags, text, matches", file, line)
		}
		tags := tagsOf(f[0])
		if tags != nil {
			l, _, _ := strings.Cut(tags[0], "-")
			languages[l] = true
		}
		got := describe(f[1], FindDates(f[1], tags...))
		fmt.Fprintf(&out, "%s\t%s\t%s\n", f[0], f[1], got)
		if !*updateDates && (len(f) != 3 || f[2] != got) {
			t.Errorf("FindDates(%q, %q)\n got %s\nwant %s", f[1], tags, got, f[len(f)-1])
		}
	}
	if len(languages) < 40 {
		t.Errorf("%s has cases in %d languages, want 40", file, len(languages))
	}
	if *updateDates {
		if err := os.WriteFile(file, []byte(out.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// TestFindDatesAllNames finds a date with every name of a month that the
// generated table has, in every language it has. Some languages have a name
// twice.
func TestFindDatesAllNames(t *testing.T) {
	zr, err := gzip.NewReader(bytes.NewReader(calendarNamesData))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(zr)
	if err != nil {
		t.Fatal(err)
	}
	tag := ""
	languages, names := 0, 0
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch f[0] {
		case "lang":
			tag = f[1]
			languages++
			continue
		case "month":
		default:
			continue
		}
		calendar, _ := calendarByName(f[1])
		month, _ := strconv.Atoi(f[2])
		year := map[Calendar]int{Gregorian: 2024, Persian: 1402, Islamic: 1445}[calendar]
		want, _, _ := inCalendar(calendar, year, month, 24)
		for name := range strings.SplitSeq(f[3]+"|"+f[4], "|") {
			if name == "" {
				continue
			}
			names++
			text := fmt.Sprintf("24 %s %d", name, year)
			m := FindDates(text, tag)
			if len(m) != 1 || m[0].Date != want && !m[0].Ambiguous {
				t.Errorf("FindDates(%q, %q) = %s, want %v", text, tag, describe(text, m), want)
			}
		}
	}
	t.Logf("%d names in %d languages", names, languages)
}

func TestFindDatesTags(t *testing.T) {
	const text = "01/02/2024"
	for _, c := range []struct {
		tags string
		want string
	}{
		{"en-US", "[01/02/2024] 2024-01-02"},
		{"EN_us", "[01/02/2024] 2024-01-02"},
		{"es-US", "[01/02/2024] 2024-02-01"},
		{"en-NZ", "[01/02/2024] 2024-02-01"},
		{"fr", "[01/02/2024] 2024-02-01"},
		{"und-US", "[01/02/2024] 2024-01-02"},
		{"zz", "[01/02/2024] 2024-02-01 ambiguous"},
		{"not a tag,en-US", "[01/02/2024] 2024-01-02"},
		{"ja", "[01/02/2024] 2024-02-01 ambiguous"},
		{"zh-Hant-TW-x-private", "[01/02/2024] 2024-02-01 ambiguous"},
		{"fil", "[01/02/2024] 2024-01-02"},
		{"tl-PH", "[01/02/2024] 2024-01-02"},
	} {
		if got := describe(text, FindDates(text, tagsOf(c.tags)...)); got != c.want {
			t.Errorf("FindDates(%q, %q) = %s, want %s", text, c.tags, got, c.want)
		}
	}
}

// TestFindDatesLinear asks for texts that tempt a search to look far back or
// ahead, ten times as long each; their time must not grow much faster.
func TestFindDatesLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	for _, unit := range []string{
		"24 ", "de ", "24 de ", "january ", "a", "มกราคม", "二", "1.", "1-", "ـ", "24 Januar", "9:30 ", "(", "\u200d",
	} {
		short := strings.Repeat(unit, 4000/len(unit))
		long := strings.Repeat(unit, 40000/len(unit))
		measure := func(text string) float64 {
			best := 1e18
			for range 5 {
				r := timeOf(func() { FindDates(text) })
				best = min(best, r)
			}
			return best
		}
		if a, b := measure(short), measure(long); b > 40*a && b > 5e6 {
			t.Errorf("%q: 4 KB takes %.0f ns, 40 KB takes %.0f ns", unit, a, b)
		}
	}
}

func TestFindDatesAllocates(t *testing.T) {
	text := bodyText()
	buf := make([]DateMatch, 0, 64)
	tags := []string{"en-US"}
	if n := testing.AllocsPerRun(10, func() { buf = AppendDates(buf[:0], text, tags...) }); n > 0 {
		t.Errorf("AppendDates with a buffer allocates %v times", n)
	}
}

// FuzzFindDates asks that matches lie in order on rune boundaries, hold valid
// dates, and are the same the second time.
func FuzzFindDates(f *testing.F) {
	data, err := os.ReadFile("testdata/dates.tsv")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if c := strings.Split(line, "\t"); len(c) == 3 {
			f.Add(c[1], c[0])
		}
	}
	f.Fuzz(func(t *testing.T, text, tag string) {
		list := FindDates(text, tag)
		end := 0
		for _, m := range list {
			if m.Start < end || m.End <= m.Start || m.End > len(text) {
				t.Fatalf("%q: match %d:%d after %d", text, m.Start, m.End, end)
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[m.Start:m.End]) {
				t.Fatalf("%q: match %d:%d splits a rune", text, m.Start, m.End)
			}
			if !m.Date.Valid() || m.Date.Month == 0 {
				t.Fatalf("%q: date %+v", text, m.Date)
			}
			end = m.End
		}
		if again := FindDates(text, tag); !slices.Equal(list, again) {
			t.Fatalf("%q: first %v, then %v", text, list, again)
		}
	})
}
