package annotate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dateline/annotate"
	"dateline/read"
)

// TestSeed reads the page that the requirements start from, and looks for each
// thing that must come out of it.
func TestSeed(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join("..", "..", "shared", "seed", "*.txt"))
	if len(files) == 0 {
		t.Skip("the page is not beside the checkout")
	}
	body, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	a, err := read.Page(read.Source{Name: "seed.txt", Body: body, Fetched: "2024-01-24"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.Dateline == nil || a.Dateline.Place != "Teheran" {
		t.Errorf("dateline %+v", a.Dateline)
	}
	marks, _, err := runner().Annotate(annotate.InputOf(a, "2024-01-24"))
	if err != nil {
		t.Fatal(err)
	}
	got := annotate.Describe(a.Title, a.Text, marks)
	all := strings.Join(got, "\n")
	for _, want := range []string{
		`person "Ali Akbar Ahmadian" name="Ali Akbar Ahmadian" organization="Dewan Keamanan Nasional Tertinggi Iran" role=Sekretaris`,
		`organization "Dewan Keamanan Nasional Tertinggi Iran" acronym=SNSC`,
		`person "Nikolai Patrushev"`,
		`person "Patrushev" name="Nikolai Patrushev" same_as="Nikolai Patrushev"`,
		`person "Ahmadian" name="Ali Akbar Ahmadian" same_as="Ali Akbar Ahmadian"`,
		`place "Moskow" country=RU geonames=524901`, `place "Kerman" country=IR geonames=128234`, `place "Iran" country=IR`,
		`place "Rusia" country=RU`, `place "Suriah" country=SY`, `place "Jalur Gaza" country=PS`, `place "Gaza" country=PS`,
		`date "3 Januari" relative_to=2024-01-24 type=DATE value=2024-01-03`,
		`date "7 Oktober" relative_to=2024-01-24 type=DATE value=2023-10-07`,
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no %s", want)
		}
	}
	for _, want := range [][]string{
		{`figure "95 orang"`, "what=killed", "min=95", "max=95", "modifier=exact", "place=Kerman", `date="3 Januari"`},
		{`figure "ratusan lainnya"`, "what=injured", "min=100", "max=999", "vague=true", "place=Kerman", `date="3 Januari"`},
		{`figure "25.490 warga Palestina"`, "what=killed", "min=25490", "modifier=at-least", "place=Gaza"},
		{`figure "63.354 lainnya"`, "what=injured", "min=63354", "modifier=at-least", "place=Gaza"},
		{`figure "Ribuan lainnya"`, "what=missing", "min=1000", "max=9999", "vague=true", "place=Gaza"},
		{`quote "“Saat ini`, "type=direct", `who="Nikolai Patrushev"`, "verb=tambahnya"},
		{"quote", "verb=mengutuk", "speaker=Patrushev"}, {"quote", "verb=menyampaikan", `who="Nikolai Patrushev"`},
		{"quote", "verb=mengatakan", `speaker="Kepala keamanan Rusia"`, `who="Nikolai Patrushev"`},
		{"quote", "verb=mengapresiasi", "speaker=Ahmadian"}, {"quote", "verb=menggarisbawahi", `who="Ali Akbar Ahmadian"`},
		{"quote", "verb=tegasnya", `who="Ali Akbar Ahmadian"`},
	} {
		found := false
		for _, line := range got {
			ok := strings.HasPrefix(line, want[0])
			for _, part := range want[1:] {
				ok = ok && strings.Contains(line, part)
			}
			found = found || ok
		}
		if !found {
			t.Errorf("no mark with %s", strings.Join(want, " "))
		}
	}
	if strings.Contains(all, `place "Turki"`) {
		t.Error("a place of a related link is marked")
	}
}
