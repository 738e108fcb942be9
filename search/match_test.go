package search

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/google/go-cmp/cmp"

	"dateline/lang"
)

// tag is the language of a pack with endings, by one of its stems.
func tagWith(t testing.TB, a *Analyzer, word, form string) string {
	t.Helper()
	for _, p := range a.stemmed {
		if w, f := p.AppendStem(nil, word), p.AppendStem(nil, form); len(w) > 0 && string(w) == string(f) {
			return p.Tag
		}
	}
	t.Fatalf("no language has %s as a form of %s", form, word)
	return ""
}

func bracketed(text string, ranges []Range) string {
	var b strings.Builder
	from := 0
	for _, r := range ranges {
		b.WriteString(text[from:r.Start] + "[" + text[r.Start:r.End] + "]")
		from = r.End
	}
	return b.String() + text[from:]
}

func matcher(t testing.TB, a *Analyzer, query string) *Matcher {
	t.Helper()
	q, err := Parse(query)
	if err != nil {
		t.Fatal(err)
	}
	return NewMatcher(q, a)
}

func TestHighlight(t *testing.T) {
	a := NewAnalyzer(lang.Builtin())
	tag := tagWith(t, a, "kebijakan", "kebijakannya")
	for _, tt := range []struct{ query, text, want string }{
		{"", "nothing asked", "nothing asked"},
		{"flood", "FLOOD, flood and Flöod", "[FLOOD], [flood] and [Flöod]"},
		{"kebijakan", "Kebijakannya baik", "[Kebijakannya] baik"},
		{`"kebijakan"`, "Kebijakannya kebijakan", "Kebijakannya [kebijakan]"},
		{`"prime minister"`, "prime minister, prime; minister prime", "[prime minister], [prime; minister] prime"},
		{"flo*", "floods flow, lo", "[floods] [flow], lo"},
		{"flood -water", "flood water", "[flood] water"},
		{"flood -(water -rain)", "flood water rain", "[flood] water [rain]"},
		{"title:flood rain", "flood rain", "flood [rain]"},
		{`person:"Rano Wirya" lang:xx`, "Kata Rano Wirya, Rano.", "Kata [Rano Wirya], Rano."},
		{"北京", "在北京市，北 京", "在[北京]市，北 京"},
		{"京", "在北京市京", "在北[京]市[京]"},
		{"洪水灾", "大洪水灾害", "大[洪水灾]害"},
		{"北京 OR 京市", "北京市", "[北京市]"},
		{"covid19", "COVID-19 covid", "[COVID-19] covid"},
		{"a.b", "A.B. is", "[A.B]. is"},
	} {
		if got := bracketed(tt.text, matcher(t, a, tt.query).Highlight(tt.text, tag)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.query, got, tt.want)
		}
	}
	if got := matcher(t, a, "title:flood").HighlightTitle("A flood", ""); !cmp.Equal(got, []Range{{2, 7}}) {
		t.Errorf("headline: %v", got)
	}
	if got := NewMatcher(nil, a).Highlight("text", ""); got != nil {
		t.Errorf("no query: %v", got)
	}
}

func TestSnippets(t *testing.T) {
	a := NewAnalyzer(lang.Builtin())
	fill := strings.Repeat("Some other words go here. ", 40)
	long := "Begin. " + fill + "The flood came at night. " + fill + "Then rain and a flood again. " + fill + "\nNo storm was seen."
	show := func(query, text string) (out []string) {
		for _, s := range matcher(t, a, query).Snippets(text, "") {
			ranges := make([]Range, len(s.Words))
			for i, w := range s.Words {
				ranges[i] = Range{w.Start - s.Start, w.End - s.Start}
			}
			out = append(out, bracketed(text[s.Start:s.End], ranges))
		}
		return out
	}
	has := func(query, text string, want ...string) {
		t.Helper()
		got := show(query, text)
		if len(got) != len(want) {
			t.Errorf("%s: %q, want %q", query, got, want)
			return
		}
		for i, w := range want {
			if !strings.Contains(got[i], w) || utf8.RuneCountInString(got[i]) > passage+20 {
				t.Errorf("%s: passage %d is %q, want %q in it", query, i, got[i], w)
			}
		}
	}
	has("flood", long, "[flood] came")
	has("flood rain", long, "Then [rain] and a [flood]")
	has("storm rain", long, "[rain] and", "No [storm] was seen.")
	has("nothere", long, "Begin. Some other")
	has("flood", "A flood.", "A [flood].")
	has("flood", "")
	has("flood", " \n ")
	has("洪水", strings.Repeat("他们说话", 300)+"洪水"+strings.Repeat("他们说话", 300), "[洪水]")
	if got := show("came", long)[0]; !strings.HasPrefix(got, "Some other") && !strings.HasPrefix(got, "The flood") {
		t.Errorf("%q begins inside a sentence", got)
	}
}

// FuzzMatch holds what is found to the text: ranges in order and apart, on
// boundaries of code points, passages on those of graphemes.
func FuzzMatch(f *testing.F) {
	for _, s := range [][2]string{
		{"flood rain", "A flood came. Rain too."}, {"洪水 京", "北京洪水洪水"}, {`"a b" flo*`, "a b flood"}, {"น้ำ", "น้ำท่วมหนัก"},
		{"x", "x" + strings.Repeat("\u0301", 600)}, {"क", "क्षत्रिय क"}, {"👩", "👩‍👩‍👧 x"}, {"x", "\xffx\xfe"},
	} {
		f.Add(s[0], s[1])
	}
	a := NewAnalyzer(lang.Builtin())
	tag := tagWith(f, a, "kebijakan", "kebijakannya")
	f.Fuzz(func(t *testing.T, query, text string) {
		q, err := Parse(query)
		if err != nil || !utf8.ValidString(text) {
			return
		}
		m := NewMatcher(q, a)
		check := func(ranges []Range, from, to int) {
			for _, r := range ranges {
				if r.Start < from || r.End > to || r.Start >= r.End || !starts(text, r.Start) || !starts(text, r.End) {
					t.Fatalf("%q in %q: %v is no range from %d to %d", query, text, r, from, to)
				}
				from = r.End
			}
		}
		all := m.Highlight(text, tag)
		check(all, 0, len(text))
		snippets := m.Snippets(text, tag)
		at := 0
		for _, s := range snippets {
			check([]Range{s.Range}, at, len(text))
			check(s.Words, s.Start, s.End)
			at = s.End
			if len(s.Words) == 0 && len(all) > 0 {
				t.Errorf("%q in %q: no words in %v", query, text, s)
			}
		}
		if len(text) < farthest {
			edges := map[int]bool{0: true}
			for g := graphemes.FromString(text); g.Next(); {
				edges[g.End()] = true
			}
			for _, s := range snippets {
				if !edges[s.Start] || !edges[s.End] {
					t.Errorf("%q in %q: %v breaks a grapheme", query, text, s.Range)
				}
			}
		}
		if len(snippets) == 0 && strings.TrimSpace(text) != "" {
			t.Errorf("%q in %q: no passage", query, text)
		}
	})
}

func starts(s string, i int) bool { return i == len(s) || utf8.RuneStart(s[i]) }

func BenchmarkSnippets(b *testing.B) {
	a := NewAnalyzer(lang.Builtin())
	text := strings.Repeat("The governor of the northern province said on Monday that voters had stopped waiting. ", 50) + "Flood and rain came."
	m := matcher(b, a, "flood rain voters")
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		m.Snippets(text, "")
	}
}
