package figures

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"dateline"
	"dateline/annotate"
	"dateline/annotate/dates"
	"dateline/internal/cputime"
	"dateline/lang"
)

// article is about 4,000 letters of what figures are found in.
var article = strings.Repeat(`Sedikitnya 31 orang tewas dan belasan lainnya luka-luka dalam longsor di Kabupaten Garut, Jawa Barat, kata badan penanggulangan bencana setempat. Sebanyak 1.240 warga mengungsi ke tiga posko, sedangkan 85 rumah rusak berat dan kerugian ditaksir mencapai Rp2,5 miliar.

Kepala desa mengatakan tim gabungan masih mencari 12 orang yang hilang sejak hujan deras mengguyur lereng itu. Menurut dia, seorang petugas terluka ketika membuka jalan sepanjang 3 kilometer, dan tidak ada korban jiwa dari tim penolong. Pemerintah akan memindahkan 200 keluarga.

`, 7)

func document(p *lang.Pack, text string) *annotate.Document {
	part := &annotate.Part{Text: text, Tokens: p.Tokens(text)}
	part.Sentences = p.Sentences(text, part.Tokens)
	return &annotate.Document{Input: annotate.Input{Text: text}, Pack: p, Parts: []*annotate.Part{part}}
}

func BenchmarkAnnotate(b *testing.B) {
	for _, c := range []struct{ tag, text string }{
		{"id", article},
		{"en", strings.Repeat("At least 31 people were killed and dozens of others injured when a bus plunged into a ravine in northern Peru, officials said. The company had paid $2.5 million for twelve vehicles, and police detained three men. ", 19)},
		{"ar", strings.Repeat("قتل ما لا يقل عن 31 شخصا وأصيب عشرات آخرون في حادث حافلة شمالي البلاد، وقال مسؤولون إن الشركة دفعت 2.5 مليون دولار. ", 34)},
	} {
		b.Run(c.tag, func(b *testing.B) {
			p := lang.Builtin().Pack(c.tag)
			a := New()
			a.Annotate(document(p, c.text))
			d := document(p, c.text)
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				d.Marks = d.Marks[:0]
				a.Annotate(d)
			}
			b.ReportMetric(float64(len(d.Marks)), "figures")
		})
	}
}

// FuzzAnnotate states: the runner finds no fault with any mark, and the same
// text gets the same marks.
func FuzzAnnotate(f *testing.F) {
	for _, s := range []string{
		"Sedikitnya 25.490 orang tewas, serta melukai 63.354 lainnya.", "Between 50 and 60 people, 5 of them children, died.",
		"5'i çocuk 12 sivil öldü, yüzde 5,5", "قتل 25 ألفا و490 شخصا، بينهم طفلان", "«12» (3-1) \"1.2.3\" 021-555-1234 12:30 1/2 24+800",
		"three of the 12 of the 15 of 3", "ein ein ein zwei und drei und", "$ $5 5$ US$ Rp1,5 Rp €", "no no no one a a an 1 one", "1 2 3 4 5 6 7 8 9 hundred thousand million", "— “12 killed", "دست\u200cکم ۱۲ نفر",
	} {
		f.Add(s, "en")
		f.Add(s, "id")
	}
	r := annotate.New(lang.Builtin(), dates.New(), New())
	f.Fuzz(func(t *testing.T, text, tag string) {
		in := annotate.Input{Title: text[:min(len(text), len(text)/2)], Text: text, Language: tag, Published: "2024-01-24"}
		if tag == "" {
			in.Language = "en"
		}
		in.Title = strings.ToValidUTF8(in.Title, "")
		in.Text = strings.ToValidUTF8(in.Text, "")
		one, _, err := r.Annotate(in)
		if err != nil {
			t.Fatal(err)
		}
		two, _, _ := r.Annotate(in)
		a, b := annotate.Describe(in.Title, in.Text, one), annotate.Describe(in.Title, in.Text, two)
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("twice:\n%s\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
		}
		for _, m := range one {
			if v, ok := m.Value.(*dateline.Figure); ok {
				if v.Min != nil && v.Max != nil && *v.Min > *v.Max {
					t.Fatalf("%s: min %v, max %v", in.Text[m.Start:m.End], *v.Min, *v.Max)
				}
				if v.Min == nil && v.Max == nil || v.What == "" || v.Modifier == "" {
					t.Fatalf("figure says nothing: %+v", v)
				}
			}
		}
	})
}

// TestLinear states that the time grows with the text: ten thousand numbers in
// one sentence, and a text without sentence ends.
func TestLinear(t *testing.T) {
	for _, c := range []struct{ name, tag, text string }{
		{"numbers", "en", strings.Repeat("12 people and ", 10000)},
		{"triggers", "en", strings.Repeat("killed 12, ", 10000)},
		{"parts", "id", strings.Repeat("12 orang, termasuk 3 anak, ", 10000)},
		{"lists", "en", strings.Repeat("12 people, ", 10000) + "and 3 were killed"},
		{"words", "de", strings.Repeat("zweihundertfünfzig und ", 10000)},
		{"digits", "fr", strings.Repeat("12 345 ", 10000)},
		{"no ends", "en", strings.Repeat("the killed of a man in dozens of places ", 25000)},
		{"scales", "es", strings.Repeat("mil millones y ", 10000)},
	} {
		p := lang.Builtin().Pack(c.tag)
		a := New()
		a.Annotate(document(p, "1"))
		d := document(p, c.text)
		half := document(p, c.text[:strings.LastIndexByte(c.text[:len(c.text)/2], ' ')])
		took := func(d *annotate.Document) time.Duration {
			best := time.Hour
			for range 3 {
				d.Marks = d.Marks[:0]
				from := cputime.Used()
				a.Annotate(d)
				best = min(best, cputime.Used()-from)
			}
			return best
		}
		x, y := took(half), took(d)
		t.Logf("%s: %v, twice as much %v", c.name, x, y)
		if y > 4*x+20*time.Millisecond {
			t.Errorf("%s: %v for half the text, %v for all of it", c.name, x, y)
		}
	}
}

// TestProblems states that a bad line is named and the others work.
func TestProblems(t *testing.T) {
	files := lang.PackFiles()
	packs, err := lang.LoadPacks(files, layer(map[string]string{
		"en/quantity.tsv": "at-least\tbefore\tat least\nnonsense\t-\tx\nvague\t9-3\tfew\nperson\t-\tpeople\n",
		"en/casualty.tsv": "killed\tsideways\tkilled\nkilled\tbefore\tdied\nslain\tbefore\tslain\n",
		"en/units.tsv":    "money\tDOLLAR\tbehind\tdollars\npercent\t%\tbehind\t\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	a := New()
	err = a.Check(packs.Pack("en"))
	for _, want := range []string{"en/quantity.tsv:2", "en/quantity.tsv:3", "en/casualty.tsv:1", "en/casualty.tsv:3", "en/units.tsv:1", "en/units.tsv:2"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no problem at %s: %v", want, err)
		}
	}
	marks, _, err := annotate.New(packs, a).Annotate(annotate.Input{Text: "At least 12 people died.", Language: "en"})
	if err != nil || len(marks) != 1 || marks[0].Value.(*dateline.Figure).What != "killed" {
		t.Errorf("marks %v, %v", annotate.Describe("", "At least 12 people died.", marks), err)
	}
}
