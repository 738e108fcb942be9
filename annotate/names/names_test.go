package names_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dateline/annotate"
	"dateline/annotate/names"
	"dateline/internal/cputime"
	"dateline/lang"
)

func article(lead string, n int) string {
	var b strings.Builder
	for b.Len() < n {
		b.WriteString(lead)
		b.WriteString("\n\n")
	}
	return b.String()[:n]
}

const englishLead = `Iranian Foreign Minister Hadi Farzan met Maria Castellano, a spokeswoman for the Department of Fisheries, in Oslo on Monday. "We are close," Farzan said after the talks, which had begun a week before. Norvane Systems Inc said it would buy Telbrook Ltd for $20 million, and its shares rose by three percent in London. The World Meteorological Organization (WMO) warned of more rain in the south of the country, where at least twelve people have died since the beginning of the month. The WMO said that rivers would go on rising.`

const indonesianLead = `Sekretaris Dewan Pertahanan Nasional Tertinggi Iran (DPNT) Reza Mohamadi dan mitranya dari Rusia, Viktor Sorokin, membahas kerja sama keamanan di Moskow pada Senin. Sorokin mengutuk serangan bom yang menewaskan sedikitnya 40 orang dan melukai ratusan lainnya. Kepala BPBD Cianjur, Asep Sukmana, mengatakan bahwa data masih bisa berubah karena petugas belum mencapai semua desa. "Kami masih mencari," kata Sukmana kepada wartawan di lokasi, seraya meminta warga untuk tetap tenang dan tidak kembali ke rumah.`

// BenchmarkArticle is an article of 4,000 characters, the annotator alone.
func BenchmarkArticle(b *testing.B) {
	for name, lead := range map[string]string{"en": englishLead, "id": indonesianLead} {
		b.Run(name, func(b *testing.B) {
			p := lang.Builtin().Pack(name)
			text := article(lead, 4000)
			part := &annotate.Part{Text: text, Tokens: p.Tokens(text)}
			part.Sentences = p.Sentences(text, part.Tokens)
			a := names.New()
			b.ReportAllocs()
			for b.Loop() {
				d := &annotate.Document{Input: annotate.Input{Text: text}, Pack: p, Parts: []*annotate.Part{part}}
				a.Annotate(d)
			}
		})
	}
}

// BenchmarkLoad is the first use: the tables of all packs are read.
func BenchmarkLoad(b *testing.B) {
	p := lang.Builtin().Pack("en")
	b.ReportAllocs()
	for b.Loop() {
		d := &annotate.Document{Pack: p}
		names.New().Annotate(d)
	}
}

func runner() *annotate.Runner { return annotate.New(lang.Builtin(), names.New()) }

// TestHostile annotates texts that articles are not, in time that grows with
// their length.
func TestHostile(t *testing.T) {
	texts := map[string]string{
		"no end":         strings.Repeat("Hadi Farzan said Norvane Systems Inc and ", 1<<18/41),
		"capitals":       strings.Repeat("HADI FARZAN ", 10000),
		"all names":      strings.Repeat("Hadi ", 25000),
		"brackets":       strings.Repeat("Badan Usaha (BU ", 8000),
		"open quotes":    strings.Repeat("\"Hadi \u201cFarzan ", 8000),
		"titles":         strings.Repeat("President Minister General ", 5000),
		"dashes":         strings.Repeat("A-B-", 12000),
		"mixed":          strings.Repeat("Hadi Фарзан محمد 山田 ", 5000),
		"different":      different(8000),
		"honorifics":     strings.Repeat("Dr. ", 12000) + "Farzan",
		"commas":         strings.Repeat("Hadi Farzan, minister of ", 5000),
		"caseless title": strings.Repeat("رئيس ", 12000),
	}
	r := runner()
	for name, text := range texts {
		for _, tag := range []string{"en", "de", "ar"} {
			start := cputime.Used()
			if _, _, err := r.Annotate(annotate.Input{Text: text, Language: tag}); err != nil {
				t.Errorf("%s in %s: %v", name, tag, err)
			}
			d := cputime.Used() - start
			t.Logf("%s in %s: %v", name, tag, d)
			if d > 10*time.Second {
				t.Errorf("%s in %s: %d bytes took %v", name, tag, len(text), d)
			}
		}
	}
}

// different is names that are all different and share words.
func different(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "Maria K%x said. ", i)
	}
	return b.String()
}

// FuzzAnnotate states that every mark is valid, as the runner checks, and that
// the same text gives the same marks.
func FuzzAnnotate(f *testing.F) {
	tags := []string{"en", "id", "ms", "ar", "fa", "ru", "tr", "es", "fr", "de", "pt", "xx"}
	for i, s := range []string{englishLead, indonesianLead, "Ketua (A) B. C-D \"E", "قال الدكتور نبيل شكري", "Слова Сорокина (ООН)", "a\n\nB\u2019s (CD), Dr. E", "HADI-FARZAN (AB"} {
		f.Add(s, "Title "+s, uint8(i))
	}
	r := runner()
	f.Fuzz(func(t *testing.T, text, title string, k uint8) {
		if !utf8.ValidString(text) || !utf8.ValidString(title) {
			return
		}
		in := annotate.Input{Title: title, Text: text, Language: tags[int(k)%len(tags)]}
		first, _, err := r.Annotate(in)
		if err != nil {
			t.Fatal(err)
		}
		again, _, _ := r.Annotate(in)
		a, b := annotate.Describe(title, text, first), annotate.Describe(title, text, again)
		if strings.Join(a, "\n") != strings.Join(b, "\n") {
			t.Fatalf("not the same twice:\n%s\n%s", a, b)
		}
	})
}

func TestCheck(t *testing.T) {
	for _, tag := range lang.Builtin().Tags() {
		if err := names.New().Check(lang.Builtin().Pack(tag)); err != nil {
			t.Error(err)
		}
	}
}
