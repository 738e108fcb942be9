package annotate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"dateline"
	"dateline/annotate"
	"dateline/internal/cputime"
	"dateline/lang"
	"dateline/read"
)

// bundled reads the pages that come with the project.
func bundled(tb testing.TB) []*dateline.Article {
	tb.Helper()
	dir := filepath.Join("..", "testdata", "pages")
	files, err := os.ReadDir(dir)
	if err != nil {
		tb.Fatal(err)
	}
	var out []*dateline.Article
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".html") {
			continue
		}
		body, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			tb.Fatal(err)
		}
		a, err := read.Page(read.Source{Name: f.Name(), Body: body}, nil)
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, a)
	}
	if len(out) < 10 {
		tb.Fatalf("only %d bundled pages", len(out))
	}
	return out
}

// TestSameTwice annotates every bundled page with two runners, in different
// order: the marks depend on the article alone, and pass every check.
func TestSameTwice(t *testing.T) {
	pages := bundled(t)
	first, second := runner(), runner()
	want := make([][]string, len(pages))
	marks := 0
	for i, a := range pages {
		m, _, err := first.Annotate(annotate.InputOf(a, ""))
		if err != nil {
			t.Errorf("%s: %v", a.Source, err)
		}
		marks += len(m)
		want[i] = annotate.Describe(a.Title, a.Text, m)
	}
	if marks < 10*len(pages) {
		t.Errorf("only %d marks on %d pages", marks, len(pages))
	}
	for i := len(pages) - 1; i >= 0; i-- {
		a := pages[i]
		m, _, err := second.Annotate(annotate.InputOf(a, ""))
		if err != nil {
			t.Errorf("%s: %v", a.Source, err)
		}
		if d := cmp.Diff(want[i], annotate.Describe(a.Title, a.Text, m)); d != "" {
			t.Errorf("%s: the second time it differs:\n%s", a.Source, d)
		}
	}
}

// TestHugeTexts annotates texts made to take long: time grows with their
// length and no faster, and the marks are good.
func TestHugeTexts(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	r := runner()
	const size = 1 << 20
	for name, unit := range map[string]string{
		"no sentence ends":  "orang tewas dan dua luka di Kerman pada Senin kata Rano Wirya ",
		"numbers":           "12 3.500 ",
		"numbers in words":  "dua ratus lima puluh ribu ",
		"open quotes":       "“kata dia \"dan «lalu ",
		"brackets":          "((([[[",
		"capitals":          "RANO WIRYA DI KOTA SURI ",
		"names":             "Rano Wirya Suri Kerman ",
		"mixed scripts":     "Rano قال إن 5 человек 警方说 ",
		"one word":          "a",
		"full stops":        ". ",
		"paragraphs":        "Kata.\n\n",
		"dates":             "Senin 3 Januari 2024 pukul 09.30 WIB kemarin ",
		"reporting":         "kata dia mengatakan bahwa menurut ",
		"unspaced":          "北京上海",
		"apostrophes":       "l'd'",
		"underscores":       "a_",
		"colons":            "a:",
		"joiners":           "a\u200c",
		"hyphens":           "anak-",
		"quoted and closed": "\"a\" kata b. ",
	} {
		t.Run(name, func(t *testing.T) {
			took := func(n int) time.Duration {
				start := cputime.Used()
				text := strings.Repeat(unit, n/len(unit))
				tag := "id"
				if name == "apostrophes" {
					tag = "fr" // whose pack parts words there
				}
				marks, _, err := r.Annotate(annotate.Input{Text: text, Language: tag, Published: "2024-01-24"})
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range marks {
					if m.End > len(text) || !utf8.RuneStart(text[m.Start]) {
						t.Fatalf("mark %d-%d of %d", m.Start, m.End, len(text))
					}
				}
				return cputime.Used() - start
			}
			took(size / 64)
			small, large := took(size/8), took(size)
			if large > 20*time.Second || large > 4*time.Second && large > 24*small {
				t.Errorf("%d KB took %v, %d KB %v", size/8>>10, small, size>>10, large)
			}
		})
	}
}

// FuzzAnnotate: whatever the text, every mark passes the checks, and annotating
// again gives the same.
func FuzzAnnotate(f *testing.F) {
	for _, s := range []string{
		"Sedikitnya enam orang tewas dalam longsor di Lembah Suri pada Senin (10/3). \"Kami masih mencari 12 orang,\" kata Kepala Desa Rano Wirya.",
		"At least 40 people were killed in Kerman on 3 January, “we mourn”, he said.",
		"В Москве погибли 5 человек, сообщил Иван Полев.",
		"قال رئيس الوزراء إن 12 شخصا قتلوا في كرمان",
		"警方说北京有3人死亡", "“”\"«»", "1-2-3/4/5 12.5.2024", "\xff\xfe",
	} {
		f.Add(s, "2024-01-24", uint8(0))
	}
	r := runner()
	tags := lang.Builtin().Tags()
	f.Fuzz(func(t *testing.T, text, day string, k uint8) {
		in := annotate.Input{Text: text, Title: text[:len(text)/3], Published: day, Language: tags[int(k)%len(tags)]}
		if !utf8.ValidString(in.Title) || !utf8.ValidString(text) {
			return // Articles are valid UTF-8.
		}
		first, _, err := r.Annotate(in)
		if err != nil {
			t.Fatal(err)
		}
		second, _, _ := r.Annotate(in)
		if d := cmp.Diff(annotate.Describe(in.Title, text, first), annotate.Describe(in.Title, text, second)); d != "" {
			t.Fatal(d)
		}
	})
}

// BenchmarkAnnotate annotates the bundled pages of a language, 4,000
// characters at a time; ns/op is for one such article.
func BenchmarkAnnotate(b *testing.B) {
	byLang := map[string]string{}
	for _, a := range bundled(b) {
		byLang[a.Language] += a.Text + "\n\n"
	}
	r := runner()
	for _, tag := range lang.Builtin().Tags() {
		text := byLang[tag]
		if len(text) < 1000 {
			continue
		}
		for utf8.RuneCountInString(text) < 4000 {
			text += text
		}
		text = string([]rune(text)[:4000])
		b.Run(tag, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := r.Annotate(annotate.Input{Text: text, Language: tag, Published: "2025-03-11"}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
