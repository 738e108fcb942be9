package lang

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// shown writes tokens in one line: "·" where white space was, "¶" at a
// paragraph, a letter for the kind of those that are no words.
func shown(text string, tokens []Token) string {
	var b strings.Builder
	for i, t := range tokens {
		switch {
		case i == 0:
		case t.Paragraph:
			b.WriteString("¶")
		case t.Space:
			b.WriteString("·")
		default:
			b.WriteString("|")
		}
		b.WriteString(text[t.Start:t.End])
	}
	return b.String()
}

func TestTokens(t *testing.T) {
	for _, c := range []struct{ tag, text, want string }{
		{"en", "The U.S. said 3,400 people left St. Louis.", "The·U.S.·said·3,400·people·left·St.·Louis|."},
		{"en", "Rano's dog isn't here; they've gone.", "Rano|'s·dog·isn't·here|;·they|'ve·gone|."},
		{"en", "In the 1990s, 5km at 9:30p.m., a $2.5bn deal", "In·the·1990|s|,·5|km·at·9|:|30|p.m.|,·a·$|2.5|bn·deal"},
		{"en", "It ended.He left for example.com at 10.", "It·ended|.|He·left·for·example.com·at·10|."},
		{"en", "J. R. Field and A320 jets", "J.·R.·Field·and·A320·jets"},
		{"en", "one\n\ntwo\nthree", "one¶two·three"},
		{"en", "one\r\n\r\ntwo\n\u00a0\nthree\r\nfour", "one¶two¶three·four"},
		{"en", "a_:b x:_", "a|_|:|b·x|:|_"},
		{"id", "Senin (22/1), Rp1,5 miliar", "Senin·(|22|/|1|)|,·Rp1,5·miliar"},
		{"id", "anak-anak Al-Quds", "anak|-|anak·Al|-|Quds"},
		{"fr", "L’Iran n'a pas répondu aujourd'hui", "L’|Iran·n'|a·pas·répondu·aujourd'hui"},
		{"tr", "Kerman'ın kuzeyinde", "Kerman|'ın·kuzeyinde"},
		{"fa", "می\u200cشود گفت", "می|شود·گفت"},
		{"ar", "وقال إن ٢٥٫٥ كم", "وقال·إن·٢٥٫٥·كم"},
		{"zh", "警方说有3人", "警|方|说|有|3|人"},
		{"en", "", ""},
		{"en", " \n\n ", ""},
		{"en", "\u200b_x_ \ufeffa", "_|x|_·a"},
	} {
		got := shown(c.text, Builtin().Pack(c.tag).Tokens(c.text))
		if got != c.want {
			t.Errorf("%s %q:\n got %s\nwant %s", c.tag, c.text, got, c.want)
		}
	}
	if got := shown("Rano's", (*Pack)(nil).Tokens("Rano's")); got != "Rano|'s" {
		t.Errorf("without a pack: %s", got)
	}
}

func TestTokenCase(t *testing.T) {
	text := "the Suri NATO McKay A 12 “ 警 Éva ÉVA"
	want := []Case{Lower, Capital, Upper, Mixed, Capital, NoCase, NoCase, NoCase, Capital, Upper}
	var got []Case
	for _, tok := range (*Pack)(nil).Tokens(text) {
		got = append(got, tok.Case)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestSentences(t *testing.T) {
	for _, c := range []struct {
		tag  string
		want []string
	}{
		{"en", []string{"Dr. Field met Mr. Lake on Jan. 5 in St. Louis.", "They left at 9 a.m.", "He stayed."}},
		{"en", []string{"The U.S. Army said so.", "It was in the U.S.", "The war went on."}},
		{"en", []string{"“We came. We saw. We left,” he said.", "Nobody asked."}},
		{"en", []string{"\"We came. We saw.\"", "She smiled."}},
		{"en", []string{"\"Why did it sink?\" asked the judge.", "(It was old. It was late.)", "Then silence."}},
		{"en", []string{"It rose 3.5 percent to 1.2 million.", "Really?!", "Yes ...", "No"}},
		{"en", []string{"One said: “Never closed.", "Another sentence.", "And more."}},
		{"en", []string{"J. R. Field and W. Lake spoke.", "Nothing else."}},
		{"id", []string{"Korban dirawat di Jl. Melati No. 5, kata dr. Rano Wirya, S.H., M.H.", "Ia selamat."}},
		{"id", []string{"\"Kami masih mencari 12 orang. Mereka hilang,\" kata Rano.", "Hujan turun."}},
		{"id", []string{"Harganya Rp. 2.000 per kilogram.", "Murah!", "Tegasnya begitu."}},
		{"de", []string{"Am 3. Oktober 2024 kam er.", "Der 5. Mann ging.", "„Wir kamen. Wir gingen“, sagte er."}},
		{"fa", []string{"او گفت.", "آیا رفت؟", "نه."}},
		{"hi", []string{"वह गया।", "वह आया।"}},
		{"zh", []string{"他来了。", "“他走了。再见。”她说。"}},
		{"fr", []string{"Ils partent. »", "Le ministre a ajouté une phrase.", "Il part demain.", "« Bonjour », dit-il."}},
		{"ru", []string{"В 2024 г. погибли 5 тыс. человек.", "Он уехал."}},
	} {
		p := Builtin().Pack(c.tag)
		sep := " "
		if p.Script == "Hani" {
			sep = ""
		}
		text := strings.Join(c.want, sep)
		var got []string
		for _, s := range p.Sentences(text, p.Tokens(text)) {
			got = append(got, text[s.Start:s.End])
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: -want +got\n%s", c.tag, d)
		}
	}
}

func TestLexicon(t *testing.T) {
	p := Builtin().Pack("id")
	l := NewLexicon[int](p)
	l.Add("juru bicara", 1)
	l.Add("juru", 2)
	l.Add("luka-luka", 3)
	l.Add("tewas*", 4)
	l.Add("kata", 5)
	tokens := p.Tokens("Juru bicara luka-luka tewaskan katanya juru")
	var got []int
	for i := 0; i < len(tokens); i++ {
		v, n := l.Longest(tokens, i)
		if n > 0 {
			got = append(got, v[0]*10+n)
			i += n - 1
		}
	}
	if d := cmp.Diff([]int{12, 33, 41, 51, 21}, got); d != "" {
		t.Error(d)
	}
	ar := Builtin().Pack("ar")
	l = NewLexicon[int](ar)
	l.Add("قتل", 1)
	if v, n := l.Longest(ar.Tokens("وقتل"), 0); n != 1 || v[0] != 1 {
		t.Error("an attached word hides the word behind it")
	}
}

// FuzzTokens: tokens cover every letter and digit, in order and without
// overlap, on boundaries of code points; sentences cover every token once.
func FuzzTokens(f *testing.F) {
	for _, s := range []string{"The U.S. said 3,400.", "Rano's \"dog\" (isn't. Here)", "می\u200cشود", "1990s_x:y", "“a. b", "他来了。", "\xff'\xff", "a\n\n\nb", "5'x'y.Z"} {
		f.Add(s, uint8(0))
	}
	tags := Builtin().Tags()
	f.Fuzz(func(t *testing.T, text string, k uint8) {
		p := Builtin().Pack(tags[int(k)%len(tags)])
		tokens := p.Tokens(text)
		at := 0
		for i, tok := range tokens {
			if tok.Start < at || tok.End <= tok.Start || tok.End > len(text) {
				t.Fatalf("token %d is %d-%d behind %d", i, tok.Start, tok.End, at)
			}
			if utf8.ValidString(text) && (!utf8.RuneStart(text[tok.Start]) || tok.End < len(text) && !utf8.RuneStart(text[tok.End])) {
				t.Fatalf("token %d splits a code point", i)
			}
			for _, c := range []byte(text[at:tok.Start]) {
				if isAlnum(c) {
					t.Fatalf("%q is in no token", text[at:tok.Start])
				}
			}
			at = tok.End
		}
		next := 0
		for _, s := range p.Sentences(text, tokens) {
			if s.First != next || s.Last <= s.First {
				t.Fatalf("sentence %v begins at token %d, want %d", s, s.First, next)
			}
			next = s.Last
			if s.Start != tokens[s.First].Start || s.End != tokens[s.Last-1].End {
				t.Fatalf("sentence %v does not end where its tokens do", s)
			}
		}
		if next != len(tokens) {
			t.Fatalf("%d of %d tokens are in sentences", next, len(tokens))
		}
	})
}

func BenchmarkTokens(b *testing.B) {
	p := Builtin().Pack("en")
	text := strings.Repeat("At least 40 people were killed on Monday, officials in the city of Kerman said; \"We came,\" he added. ", 40)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var tokens []Token
	for b.Loop() {
		tokens = p.AppendTokens(tokens[:0], text)
		p.Sentences(text, tokens)
	}
}
