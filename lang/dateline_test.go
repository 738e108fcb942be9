package lang

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"dateline"

	"github.com/google/go-cmp/cmp"
)

type datelineCase struct {
	line  int
	tag   string
	hints DatelineHints
	want  dateline.Dateline
	block string
	at    int
}

// readCases calls f for each row of a table of cases.
func readCases(t testing.TB, name string, columns int, f func(line int, fields []string)) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range strings.Split(string(text), "\n") {
		if row == "" || row[0] == '#' {
			continue
		}
		fields := strings.Split(row, "\t")
		if len(fields) != columns {
			t.Fatalf("%s:%d: %d columns, want %d", name, i+1, len(fields), columns)
		}
		for k, v := range fields {
			if v == "-" {
				fields[k] = ""
			}
		}
		f(i+1, fields)
	}
}

func datelineCases(t testing.TB) []datelineCase {
	var cases []datelineCase
	readCases(t, "testdata/datelines.tsv", 6, func(line int, f []string) {
		c := datelineCase{line: line, tag: f[0]}
		if f[1] != "" {
			c.hints.Names = []string{f[1]}
		}
		head, rest, found := strings.Cut(f[5], "‖")
		c.block = head + rest
		if found {
			c.at = len(head)
			c.want = dateline.Dateline{Place: f[2], Agency: f[3], Date: f[4]}
		}
		cases = append(cases, c)
	})
	return cases
}

func TestFindDateline(t *testing.T) {
	with, without := map[string]int{}, map[string]int{}
	for _, c := range datelineCases(t) {
		got, at := FindDateline(c.block, c.tag, c.hints)
		if at != c.at {
			t.Errorf("line %d: %q: sentence begins at %d (%q), want %d; got %+v", c.line, c.block, at, c.block[at:], c.at, got)
			continue
		}
		if at > 0 && !strings.HasPrefix(c.block, got.Text) {
			t.Errorf("line %d: text %q is not what the block begins with", c.line, got.Text)
		}
		if at > 0 && strings.ContainsAny(strings.TrimSpace(c.block[len(got.Text):at]), "()（）【】[]") {
			t.Errorf("line %d: text %q leaves out %q", c.line, got.Text, c.block[len(got.Text):at])
		}
		got.Text = ""
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("line %d: %q (-want +got):\n%s", c.line, c.block, d)
		}
		if at > 0 {
			with[c.tag]++
		} else {
			without[c.tag]++
		}
	}
	for _, tag := range Builtin().Tags() {
		if Builtin().byTag[tag].dateline != nil && (with[tag] < 2 || without[tag] < 2) {
			t.Errorf("%s: %d cases with a dateline and %d without, want two of each", tag, with[tag], without[tag])
		}
	}
}

func TestFindDatelineText(t *testing.T) {
	for _, c := range []struct{ block, text string }{
		{"WASHINGTON (AP) — The house voted.", "WASHINGTON (AP)"},
		{"(Reuters) - The house voted.", "(Reuters)"},
		{"（Reuters） - The house voted.", "（Reuters）"},
		{" PARIS, Jan 24 (AFP) -- The house voted.", "PARIS, Jan 24 (AFP)"},
	} {
		if d, at := FindDateline(c.block, "", DatelineHints{}); d.Text != c.text || c.block[at:] != "The house voted." {
			t.Errorf("%q: text %q, sentence %q", c.block, d.Text, c.block[at:])
		}
	}
}

// A gazetteer turns down a word in capitals that it does not know, and knows
// places the packs do not.
func TestFindDatelinePlace(t *testing.T) {
	only := func(name string) DatelineHints {
		return DatelineHints{Place: func(s string) bool { return strings.EqualFold(s, name) }}
	}
	const caps = "OBERTAL — The bridge over the creek will stay closed until the spring, the town said."
	for text, want := range map[string]bool{
		"":                                      false,
		caps + " In Obertal there is no other.": true,
		caps + " Obertal has but one bridge.":   false,
		caps + " They live in Obertaler Au.":    false,
		caps + " OBERTAL has but one bridge.":   false,
		caps + " The obertal is a dance too.":   false,
		caps + " In Obertal, obertal is eaten":  false,
	} {
		if _, at := FindDateline(caps, "en", DatelineHints{Text: text}); at > 0 != want {
			t.Errorf("capitals with the text %q: taken %v, want %v", text, at > 0, want)
		}
	}
	const dash = "Caleta Serena.- Al menos cinco personas murieron por un sismo, informó la gobernadora."
	for text, want := range map[string]bool{
		"": false,
		dash + " El hospital de Caleta Serena atendió a los heridos.": true,
		dash + " En esa caleta serena vive poca gente.":               false,
	} {
		if _, at := FindDateline(dash, "es", DatelineHints{Text: text}); at > 0 != want {
			t.Errorf("a stop and a dash with the text %q: taken %v, want %v", text, at > 0, want)
		}
	}
	// A paper at the address of its town.
	if d, _ := FindDateline("NORRICK (Reuters) - The ferry sailed again on Tuesday.", "", DatelineHints{Names: []string{"norrick.example"}}); d.Place != "NORRICK" || d.Agency != "Reuters" {
		t.Errorf("the town's name is its paper's address: %+v", d)
	}
	if d, _ := FindDateline("Suri, Kabar Senja - Enam orang tewas dalam longsor.", "", DatelineHints{Names: []string{"kabarsenja.example"}}); d.Place != "Suri" || d.Agency != "Kabar Senja" {
		t.Errorf("the outlet's address gives its name: %+v", d)
	}
	if _, at := FindDateline(caps, "", only("Suri")); at != 0 {
		t.Error("the gazetteer does not know the place, but it was taken")
	}
	const title = "Obertal - The bridge over the creek will stay closed until the spring, the town said."
	if _, at := FindDateline(title, "", DatelineHints{}); at != 0 {
		t.Error("an unknown name without capitals was taken")
	}
	if d, at := FindDateline(title, "", only("Obertal")); at == 0 || d.Place != "Obertal" {
		t.Error("a place the gazetteer knows was not taken")
	}
}

func FuzzFindDateline(f *testing.F) {
	for _, c := range datelineCases(f) {
		f.Add(c.block, c.tag, strings.Join(c.hints.Names, ""))
	}
	f.Fuzz(func(t *testing.T, block, tag, name string) {
		h := DatelineHints{Names: []string{name}}
		d, at := FindDateline(block, tag, h)
		if at < 0 || at >= len(block) && at != 0 {
			t.Fatalf("offset %d in %d bytes", at, len(block))
		}
		if at == 0 {
			if d != (dateline.Dateline{}) {
				t.Fatalf("no offset, but %+v", d)
			}
			return
		}
		if utf8.ValidString(block) && !utf8.ValidString(block[:at]) {
			t.Fatalf("offset %d is inside a rune of %q", at, block)
		}
		if utf8.ValidString(block) && !utf8.ValidString(d.Text+"|"+d.Place+"|"+d.Agency+"|"+d.Date) {
			t.Fatalf("a field of %+v cuts a rune", d)
		}
		if d.Text == "" || !strings.Contains(block[:at], d.Text) {
			t.Fatalf("text %q is not before the sentence of %q", d.Text, block)
		}
		for _, s := range []string{d.Place, d.Agency, d.Date} {
			if !strings.Contains(d.Text, s) {
				t.Fatalf("%q is not in text %q", s, d.Text)
			}
		}
		if d2, at2 := FindDateline(block, tag, h); d2 != d || at2 != at {
			t.Fatalf("twice: %+v %d, %+v %d", d, at, d2, at2)
		}
	})
}

func BenchmarkFindDateline(b *testing.B) {
	cases := datelineCases(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c := &cases[i%len(cases)]
		FindDateline(c.block, c.tag, c.hints)
	}
}
