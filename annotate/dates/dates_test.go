package dates_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"dateline"
	"dateline/annotate"
	"dateline/annotate/dates"
	"dateline/internal/cputime"
	"dateline/lang"
)

// article is a text of news of about 4,000 characters.
const paragraph = `The council of Marlow Bay said on Tuesday that repairs to the harbour wall, which collapsed on 3 March, will begin next week and last at least three months. ` +
	`"We had hoped to finish by the end of 2023," said Ruth Ellery, the mayor, who was elected two years ago. Last year the town spent 4.2 million pounds on the wall, up from 3.1 million in 2021. ` +
	`Some 120 people live near the water and none was hurt, the fire service said at 9:30 a.m. Wednesday. The work was first planned in the 1990s, then put off every year until the storm of January 2022. `

func article() string { return strings.Repeat(paragraph, 7) }

func runner() *annotate.Runner { return annotate.New(lang.Builtin(), dates.New()) }

func marks(t testing.TB, r *annotate.Runner, in annotate.Input) []string {
	t.Helper()
	list, _, err := r.Annotate(in)
	if err != nil {
		t.Error(err)
	}
	return annotate.Describe(in.Title, in.Text, list)
}

// pack is the pack of the language that has the name in English.
func pack(t testing.TB, name string) *lang.Pack {
	for _, tag := range lang.Builtin().Tags() {
		if p := lang.Builtin().Pack(tag); p.Name == name {
			return p
		}
	}
	t.Fatalf("no pack for %s", name)
	return nil
}

func BenchmarkAnnotate(b *testing.B) {
	text := article()
	for _, name := range []string{"English", "Indonesian"} {
		p := pack(b, name)
		a := dates.New()
		part := &annotate.Part{Text: text, Tokens: p.Tokens(text)}
		part.Sentences = p.Sentences(text, part.Tokens)
		b.Run(p.Name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				d := &annotate.Document{Pack: p, Parts: []*annotate.Part{part}}
				d.Day, _ = lang.ParseDate("2024-01-24")
				a.Annotate(d)
			}
		})
	}
}

// TestOtherLanguages checks that full dates are marked where there is no pack.
func TestOtherLanguages(t *testing.T) {
	got := marks(t, runner(), annotate.Input{Text: "Nemzeti ünnep: 2023. október 23. és 2024-01-24.", Language: "hu"})
	if len(got) != 2 || !strings.Contains(got[0], "value=2023-10-23") || !strings.Contains(got[1], "value=2024-01-24") {
		t.Errorf("got %q", got)
	}
}

// TestBadTables checks that lines that cannot be used are named, and that the
// others work.
func TestBadTables(t *testing.T) {
	packs, err := lang.LoadPacks(fstest.MapFS{
		"xx/pack.tsv":     {Data: []byte("tag\txx\nname\tTest\n")},
		"xx/months.tsv":   {Data: []byte("1\tUno\n13\tTredici\n")},
		"xx/weekdays.tsv": {Data: []byte("8\tOtto\n1\tLuna\n")},
		"xx/relative.tsv": {Data: []byte("unit\tQQ\tlustrum\nunit\tD\tdies\nholiday\t13-1\tnone\n")},
		"xx/dates.tsv": {Data: []byte("{day} {month} [{year}]\tdate\n{day} [{month}\tdate\n{nothing}\tdate\n{n} {unit}\tduration\n" +
			"{n} {unit}\tdurations\n{year}\tshift 1\n{weekday}\tref SOME_REF\n<\tdate\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	a := dates.New()
	err = a.Check(packs.Pack("xx"))
	if err == nil {
		t.Fatal("no problems found")
	}
	for _, where := range []string{"months.tsv:2", "weekdays.tsv:1", "relative.tsv:1", "relative.tsv:3", "dates.tsv:2", "dates.tsv:3", "dates.tsv:5", "dates.tsv:6", "dates.tsv:7", "dates.tsv:8"} {
		if !strings.Contains(err.Error(), where) {
			t.Errorf("%s is not named in:\n%v", where, err)
		}
	}
	got := marks(t, annotate.New(packs, a), annotate.Input{Text: "On 3 Uno 2024, for 3 dies.", Language: "xx"})
	if len(got) != 2 || !strings.Contains(got[0], "value=2024-01-03") || !strings.Contains(got[1], "value=P3D") {
		t.Errorf("got %q", got)
	}
}

// TestLinear checks that texts that are long or odd take time in proportion.
func TestLinear(t *testing.T) {
	r := runner()
	for name, unit := range map[string]string{
		"numbers":      "1998 3 12 ",
		"no sentences": "on Tuesday the 3rd of March in the year and ",
		"one word":     "may",
		"signs":        "3-5/7.9:11,",
		"nested":       "(\"[the first of the second of ",
	} {
		for _, l := range []string{pack(t, "English").Tag, "zxx"} {
			took := func(n int) time.Duration {
				text := strings.Repeat(unit, n/len(unit))
				best := time.Hour
				for range 3 {
					start := cputime.Used()
					if _, _, err := r.Annotate(annotate.Input{Text: text, Language: l, Published: "2024-01-24"}); err != nil {
						t.Error(err)
					}
					best = min(best, cputime.Used()-start)
				}
				return best
			}
			small, large := took(20_000), took(160_000)
			if large > 30*small+50*time.Millisecond {
				t.Errorf("%s (%s): 20 kB take %v, 160 kB %v", name, l, small, large)
			}
		}
	}
}

// FuzzAnnotate states that any text in any language gets marks that pass the
// runner's checks, in order, that do not overlap, with values, and the same
// ones again.
func FuzzAnnotate(f *testing.F) {
	tags := lang.Builtin().Tags()
	for i := range tags {
		f.Add(article()[:400], "2024-01-24", uint8(i))
	}
	f.Add("3-5 Maret; \"12/31/1999 24:00 '98 1990s 499-493 BC \x00\xff", "", uint8(8))
	f.Add("۳ دی ۱۴۰۲ ساعت ۹:۳۰", "2024-01", uint8(12))
	f.Add("الأحد 3 كانون الثاني/يناير ٢٠٢٤", "x", uint8(0))
	r := runner()
	f.Fuzz(func(t *testing.T, text, day string, n uint8) {
		text = strings.ToValidUTF8(text, "?")
		in := annotate.Input{Text: text, Published: day, Language: tags[int(n)%len(tags)]}
		list, _, err := r.Annotate(in)
		if err != nil {
			t.Fatal(err)
		}
		end := 0
		for _, m := range list {
			v := m.Value.(*dateline.Timex)
			if m.Start < end {
				t.Errorf("mark %q overlaps the one before it", text[m.Start:m.End])
			}
			if end = m.End; v.Value == "" || v.Type == "" {
				t.Errorf("mark %q has no value", text[m.Start:m.End])
			}
		}
		again, _, _ := r.Annotate(in)
		a, _ := json.Marshal(dateline.Annotations{Text: text, List: list})
		b, _ := json.Marshal(dateline.Annotations{Text: text, List: again})
		if string(a) != string(b) {
			t.Errorf("twice is not the same:\n%s\n%s", a, b)
		}
	})
}

func ExampleNew() {
	r := annotate.New(lang.Builtin(), dates.New())
	text := "The ferry sank on 3 March, two days after the storm."
	list, _, _ := r.Annotate(annotate.Input{Text: text, Language: "", Published: "2024-03-05"})
	for _, line := range annotate.Describe("", text, list) {
		fmt.Println(line)
	}
	// Output:
	// date "3 March" relative_to=2024-03-05 type=DATE value=2024-03-03
	// date "two days" type=DURATION value=P2D
}
